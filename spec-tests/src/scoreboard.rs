//! CONFORMANCE.md: what became of OPA's cases, what is known to differ, and what builtins cost. Written by `make conformance`.
//!
//! Holds counts and sizes only, nothing that depends on the machine: the same commit writes the same text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use regoc_abi::builtins::{BUILTINS, Builtin, Placement};

use crate::build::module;
use crate::case::{list, read_json, text};
use crate::expected::ExpectedFailures;
use crate::fuzz::record::Record;
use crate::runner::Outcome;
use crate::{report, shared};

/// The version of OPA whose answers are compared with.
const OPA: &str = "1.22.0";

/// The text of the scoreboard: what became of the cases with the optimiser, and without it.
///
/// # Errors
/// When the list of what OPA's own wasm misses or the record of the fuzzer cannot be read, or a policy of one call does not compile.
pub fn scoreboard(outcomes: &[Outcome], unoptimized: &[Outcome], expected: &ExpectedFailures) -> Result<String> {
    let mut out = String::from(INTRODUCTION);
    let misses = opa_wasm_misses()?;
    suites(&mut out, outcomes, unoptimized, &misses)?;
    if let Some(agreement) = report::agreement(outcomes) {
        writeln!(out, "\n```text\n{}\n```", agreement.trim_end())?;
    }
    differences(&mut out, outcomes, expected)?;
    out.push_str(ELSEWHERE);
    fuzzing(&mut out)?;
    fuzz_targets(&mut out)?;
    families(&mut out)?;
    categories(&mut out, outcomes, &misses)?;
    Ok(out)
}

const INTRODUCTION: &str = "# Conformance

Written by `make conformance`: OPA's own cases, compiled by regoc and answered by the modules that it builds, compared with what OPA 1.22.0
answers. The cases are OPA's (`v1/test/cases`, `v1/test/wasm`), the plans that OPA makes of them, compile and parse errors, and calls of
single builtins with arguments drawn by their types. A quarter of OPA's cases is not among them: it checks the result from outside.
Cases that call effects are answered by the test's own clock, network and so on.

| suite | passed | failed | part | failed without the optimiser | OPA's own wasm |
|---|---:|---:|---:|---:|---:|
";

/// What is compared elsewhere, and how to see it.
const ELSEWHERE: &str = "
## What else is compared with OPA

| what | how to see it |
|---|---|
| `bundles`: what each bundle holds, or why it is refused (44 of them, signatures aside) | `cargo test --release -p regoc --test cli bundles` |
| `schemas`: OPA's schema of plans accepts what `-t plan` writes | `cargo test --release -p regoc-spec-tests --test plans` |
| the plan interpreter, with the optimiser and without | `cargo test --release -p regoc-spec-tests --test conformance` |
| OPA's introduction, all rows of the workloads | `cargo test --release -p regoc-spec-tests --test workloads`, `cargo test --release -p regoc --test cli` |
| `http.send` and other effects against local servers, with TLS | `cargo test --release -p regoc-runtime --features http`, `cargo test --release -p regoc --test cli http` |
| each code of errors, with its example | `cargo test --release -p regoc --test cli explain` |
| values that are made to be slow, large or deep | `cargo test --release -p regoc --test cli hostile_values` |
| tests of policy libraries of others, with `opa test`'s verdicts | `make libraries` |
| generated policies | `make fuzz` |
| readers, the compiler and every builtin family under AddressSanitizer | `make cargo-fuzz` |
| how the time of builtins grows, beside OPA | `make bench-builtins` |
";

/// Suites and what they hold, in the order in which they are shown.
const SUITES: &[(&str, &str)] = &[
    ("v1", "OPA's cases in Rego v1"),
    ("v0", "OPA's cases in Rego v0"),
    ("wasm", "the cases of OPA's wasm backend"),
    ("made/builtins", "single calls of builtins"),
    ("made/jsonschema", "the JSON Schema test suite"),
    ("plans", "plans of OPA 1.22"),
    ("plans-1.10", "plans of OPA 1.10"),
    ("errors", "texts that OPA refuses"),
];

/// By suite and category, how many cases OPA's own wasm module answers otherwise than OPA.
type Misses = BTreeMap<(&'static str, String), usize>;

/// The suite of a case, and the category in it.
fn place(id: &str) -> Option<(&'static str, String)> {
    let (suite, rest) =
        SUITES.iter().rev().find_map(|(suite, _)| Some((*suite, id.strip_prefix(suite)?.strip_prefix('/')?)))?;
    let file = rest.split_once(':').map_or(rest, |(file, _)| file);
    let folder = file.rsplit_once('/').map_or(file, |(folder, _)| folder);
    Some((suite, folder.trim_end_matches(".json").to_owned()))
}

fn opa_wasm_misses() -> Result<Misses> {
    let mut misses = Misses::new();
    let Some(path) = shared("conformance/opa-wasm.json") else { return Ok(misses) };
    let json = read_json(&path)?;
    for miss in list(&json, "misses")? {
        let (source, note) = (text(miss, "source")?, text(miss, "note")?);
        let id = match source.strip_prefix("v1/test/cases/testdata/") {
            Some(file) => file.to_owned(),
            // A note of a made case is `made/array.slice: 05`.
            None => note.replacen("made/", "made/builtins/", 1),
        };
        if let Some(place) = place(&id) {
            *misses.entry(place).or_default() += 1;
        }
    }
    Ok(misses)
}

fn suites(out: &mut String, outcomes: &[Outcome], unoptimized: &[Outcome], misses: &Misses) -> Result<()> {
    let (counts, unoptimized) = (counts(outcomes), counts(unoptimized));
    for (suite, what) in SUITES {
        let rows = || counts.iter().filter(|((name, _), _)| name == suite).map(|(_, counts)| counts);
        let (passed, failed) = rows().fold((0, 0), |(passed, failed), row| (passed + row.0, failed + row.1));
        if passed + failed == 0 {
            continue;
        }
        let missed: usize = misses.iter().filter(|((name, _), _)| name == suite).map(|(_, count)| count).sum();
        let own = match *suite {
            "v1" | "v0" | "wasm" | "made/builtins" => format!("{} of {}", passed + failed - missed, passed + failed),
            _ => "not tried".to_owned(),
        };
        let part = 100.0 * passed as f64 / (passed + failed) as f64;
        let without: usize = unoptimized.iter().filter(|((name, _), _)| name == suite).map(|(_, row)| row.1).sum();
        writeln!(out, "| `{suite}`: {what} | {passed} | {failed} | {part:.1} % | {without} | {own} |")?;
    }
    out.push_str(
        "\nOPA's own wasm module lacks many builtins; there OPA's host answered those, and the module the rest.\n",
    );
    Ok(())
}

/// By suite and category, how many cases passed and failed.
fn counts(outcomes: &[Outcome]) -> BTreeMap<(&'static str, String), (usize, usize)> {
    let mut counts = BTreeMap::new();
    for outcome in outcomes {
        let Some(place) = place(&outcome.id) else { continue };
        let row: &mut (usize, usize) = counts.entry(place).or_default();
        if outcome.failure.is_none() { row.0 += 1 } else { row.1 += 1 }
    }
    counts
}

fn differences(out: &mut String, outcomes: &[Outcome], expected: &ExpectedFailures) -> Result<()> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.failure.is_some()) {
        let reason = expected.reason(&outcome.id).unwrap_or("**not expected**");
        by_reason.entry(reason).or_default().push(&outcome.id);
    }
    writeln!(out, "\n## Known differences\n")?;
    if by_reason.is_empty() {
        writeln!(out, "None.")?;
    }
    for (reason, ids) in by_reason {
        let shown: Vec<String> = ids.iter().take(4).map(|id| format!("`{id}`")).collect();
        let more = if ids.len() > 4 { format!(" and {} more", ids.len() - 4) } else { String::new() };
        writeln!(out, "- {reason}: {}{more}", shown.join(", "))?;
    }
    Ok(())
}

/// What the fuzzer ran since the last difference that it found.
fn fuzzing(out: &mut String) -> Result<()> {
    let record = Record::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz-run.json"))?;
    if record.runs.is_empty() {
        return Ok(());
    }
    let sum = record.sum();
    let last: u64 = record.runs.iter().filter(|run| run.revision == sum.revision).map(|run| run.policies).sum();
    let seeds: BTreeSet<u64> = record.runs.iter().map(|run| run.seed).collect();
    let seeds = seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    writeln!(
        out,
        "
## Generated policies

Since the last difference that the fuzzer found: {} policies without one, {} decisions through every engine and OPA, in {} minutes; {last} of
the policies through the compiler and the runtime as commit {} left them. `make fuzz SEED=…` repeats them from the beginning of a seed ({seeds}),
and `fuzz --record` adds to them. In {} policies OPA contradicts itself: it answers otherwise without its rule index, about a document that it
has made before in the same query, when `f(1, 2)` is `f(1, x); x = 2`, when `with data.b.a as 1` is `with data.b as` all that `data.b` is then, or
without its index of comprehensions; and we answer as it does then. In {} policies the difference is a known one: OPA keeps rules by the texts of the numbers in their heads, so that
`data.p.r[1.0]` is nothing beside `r[1] := \"x\"`, and `r[1]` beside `r[1.0]` leaves nothing of `r`; here a number is its value. Or an object of more than
12 items has a key twice as written: which of its values counts, OPA leaves to a sort that does not keep the order; here it is the last.",
        sum.policies,
        sum.decisions,
        sum.seconds.div_ceil(60),
        sum.revision,
        sum.contradictions,
        sum.known,
    )?;
    Ok(())
}

/// How long each target of cargo-fuzz ran without a finding, as `fuzz/run.sh` recorded it.
fn fuzz_targets(out: &mut String) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/runs.json");
    if !path.is_file() {
        return Ok(());
    }
    writeln!(
        out,
        "
## Targets of cargo-fuzz

How long each target has run without a finding since its row was begun, in minutes of processor time, with AddressSanitizer and checks of
overflow (`make cargo-fuzz`).

| target | minutes | executions | last commit |
|---|---:|---:|---|"
    )?;
    for (target, run) in read_json(&path)?.as_object().into_iter().flatten() {
        let number = |name: &str| run.get(name).and_then(serde_json::Value::as_u64).unwrap_or_default();
        let (minutes, executions) = (number("seconds") as f64 / 60.0, number("executions"));
        writeln!(out, "| `{target}` | {minutes:.1} | {executions} | {} |", text(run, "commit")?)?;
    }
    Ok(())
}

fn families(out: &mut String) -> Result<()> {
    let base = module(&[("policy.rego", "package example\nallow if input.x == 1\n")], &["example/allow"])?.len();
    writeln!(
        out,
        "\n## What builtins cost

A module holds what its policy calls and nothing else. `allow if input.x == 1` is a module of {base} bytes; this is the size of a module
whose only rule calls a builtin with arguments from its input.

| family | builtins in the module | smallest call, bytes | largest call, bytes | all of them, bytes |
|---|---:|---:|---:|---:|"
    )?;
    let mut families: BTreeMap<&str, Vec<&Builtin>> = BTreeMap::new();
    let inside = |builtin: &&Builtin| builtin.placement == Placement::Guest && builtin.result.is_some();
    for builtin in BUILTINS.iter().filter(inside).filter(|builtin| !builtin.deprecated) {
        families.entry(builtin.category).or_default().push(builtin);
    }
    for (family, builtins) in families {
        let mut sizes = Vec::new();
        for builtin in &builtins {
            sizes.push((calling(&[*builtin])?, builtin.name));
        }
        let all = calling(&builtins)?;
        let (smallest, largest) = (sizes.iter().min(), sizes.iter().max());
        let (Some(smallest), Some(largest)) = (smallest, largest) else { continue };
        let (count, small) = (builtins.len(), format!("{} (`{}`)", smallest.0, smallest.1));
        writeln!(out, "| {family} | {count} | {small} | {} (`{}`) | {all} |", largest.0, largest.1)?;
    }
    let names = BUILTINS.iter().filter(|builtin| builtin.placement == Placement::Host);
    let names = names.map(|builtin| format!("`{}`", builtin.name)).collect::<Vec<_>>().join(", ");
    writeln!(out, "\nAsked of the host, because they touch the world: {names}.")?;
    Ok(())
}

/// The size of a module that calls some builtins, each in a rule.
fn calling(builtins: &[&Builtin]) -> Result<usize> {
    let mut policy = String::from("package example\n");
    for builtin in builtins {
        let arguments: Vec<String> = (0..builtin.params.len()).map(|index| format!("input[{index}]")).collect();
        writeln!(policy, "p contains x if x := {}({})", builtin.name, arguments.join(", "))?;
    }
    Ok(module(&[("policy.rego", &policy)], &["example/p"])?.len())
}

fn categories(out: &mut String, outcomes: &[Outcome], misses: &Misses) -> Result<()> {
    writeln!(
        out,
        "\n## By category\n\nFailed cases of regoc, and where they were tried, of OPA's own wasm module.\n
| suite | category | cases | failed | OPA {OPA}'s wasm failed |\n|---|---|---:|---:|---:|"
    )?;
    for (place, (passed, failed)) in counts(outcomes) {
        let (suite, category) = &place;
        let own = match *suite {
            "v1" | "v0" | "wasm" | "made/builtins" => misses.get(&place).copied().unwrap_or(0).to_string(),
            _ => String::new(),
        };
        writeln!(out, "| {suite} | {category} | {} | {failed} | {own} |", passed + failed)?;
    }
    Ok(())
}
