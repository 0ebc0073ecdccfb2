//! HOSTS.md: what each host answers, how its memory stays, and how long decisions take beside OPA's own module in the same host.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::Value;

use super::check::{self, Memory, Verdict};
use super::registry::Host;

/// What became of one host.
#[derive(Clone, Debug)]
pub struct Row {
    /// The name in the registry.
    pub name: String,
    /// The loader and the engine with their versions, or why the host was not asked.
    pub host: Result<String, String>,
    /// The cases, then the scripts or questions.
    pub verdicts: Vec<Verdict>,
    /// How often data was replaced, and the memory.
    pub data: Option<(u64, Memory)>,
    /// How many decisions were made, and the memory.
    pub soak: Option<(u64, Memory)>,
    /// The report of the mode `speed`.
    pub speed: Option<Value>,
    /// What went wrong.
    pub problems: Vec<String>,
}

impl Row {
    /// Asks a host everything.
    #[must_use]
    pub fn ask(host: &Host, folder: &std::path::Path, asked: &Value) -> Self {
        let mut row = Self {
            name: host.name.to_owned(),
            host: host.command().map(|_| host.name.to_owned()),
            verdicts: Vec::new(),
            data: None,
            soak: None,
            speed: None,
            problems: Vec::new(),
        };
        if row.host.is_err() {
            return row;
        }
        for mode in ["cases"].into_iter().chain(host.misuse()).chain(["data", "soak", "speed"]) {
            let count = if mode == "soak" { host.evaluations } else { None };
            let kept = host.ask(folder, mode, count).and_then(|report| row.keep(mode, asked, report));
            if let Err(error) = kept {
                row.problems.push(format!("{mode}: {error:#}"));
            }
        }
        row
    }

    fn keep(&mut self, mode: &str, asked: &Value, report: Value) -> Result<()> {
        let text = |field: &str| report.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        self.host = Ok(format!("{} in {}", text("host"), text("engine")));
        let count = |field: &str| {
            report.pointer(&format!("/{mode}/{field}")).and_then(Value::as_u64).with_context(|| format!("no {field}"))
        };
        match mode {
            "cases" => self.judged(check::cases(asked, &report)?),
            "data" => self.data = Some((count("replacements")?, check::memory(asked, mode, &report)?)),
            "soak" => self.soak = Some((count("evaluations")?, check::memory(asked, mode, &report)?)),
            "speed" => self.speed = Some(report),
            _ => self.judged(check::misuse(asked, mode, &report)?),
        }
        Ok(())
    }

    fn judged(&mut self, verdict: Verdict) {
        self.problems.extend(verdict.problems.iter().cloned());
        self.verdicts.push(verdict);
    }
}

/// The page.
#[must_use]
pub fn page(rows: &[Row]) -> String {
    let mut page = String::from(HEAD);
    for row in rows {
        let Ok(host) = &row.host else { continue };
        let [cases, misuse @ ..] = row.verdicts.as_slice() else { continue };
        let asked = |verdict: &Verdict| verdict.passed + verdict.problems.len();
        let rest: usize = misuse.iter().map(|verdict| verdict.passed).sum();
        let of: usize = misuse.iter().map(asked).sum();
        let skipped = if cases.skipped > 0 { format!(" ({} skipped)", cases.skipped) } else { String::new() };
        let traps = if misuse.is_empty() { "own loader".to_owned() } else { format!("{rest} of {of}") };
        // Writing into a string cannot fail.
        let _ = writeln!(
            page,
            "| {} | {host} | {} of {}{skipped} | {traps} | {} | {} |",
            row.name,
            cases.passed,
            asked(cases),
            kept(row.data),
            kept(row.soak),
        );
    }
    page.push_str(SPEED);
    for row in rows {
        speed(&mut page, row);
    }
    let missing: Vec<&String> = rows.iter().filter_map(|row| row.host.as_ref().err()).collect();
    if !missing.is_empty() {
        page.push_str("\n## Not asked\n\n");
        for why in missing {
            let _ = writeln!(page, "- {why}");
        }
    }
    let problems: Vec<&Row> = rows.iter().filter(|row| !row.problems.is_empty()).collect();
    if !problems.is_empty() {
        page.push_str("\n## What is wrong\n\n");
        for row in problems {
            for problem in &row.problems {
                let _ = writeln!(page, "- {}: {}", row.name, problem.lines().next().unwrap_or_default());
            }
        }
    }
    page
}

const HEAD: &str = "# Hosts

`spec-tests/hosts/install.sh` installs every host on this page; `make hosts` asks them and writes it. All hosts are asked the same: at least \
150 of OPA's cases out of every category, and every row of the workloads. `spec-tests/hosts/README.md` says what they are, and what \
`spec-tests/src/hosts` checks.

*Traps* are scripts of the ABI's calls where the loader is our own, and comparisons with what the loader does with OPA's module where it is one of others. \
*Skipped* are cases whose builtins the loader cannot answer. *Data* is how often a document of 1 MB was replaced, with the memory after the tenth time \
and the last; *decisions* how often a question was asked, with the memory after the thousandth and the last. Memory is the instance's, with OPA the \
process's.

| host | loader and engine | cases | traps | data | decisions |
|---|---|--:|--:|--:|--:|
";

const SPEED: &str = "
## Beside OPA's own module

In the same process, in turns; medians, ours then OPA's. A decision is from the text of an input to its answer: OPA's SDK for JavaScript is given the
input as text, too (its `evaluate` takes an `ArrayBuffer` of JSON), because making text of an object first takes the same time whichever module is
asked; its answers are objects, which it reads of the module's text. *Load* is from the module's bytes to an instance that can be asked, *instance* from the compiled
module (workers get theirs compiled). In Chromium, *first* is from the request for `servers` to its first answer.

| host | row | decision, µs | | times | load, µs | | instance, µs | | times | first, ms |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

fn kept(counted: Option<(u64, Memory)>) -> String {
    let kib = |bytes: u64| bytes / 1024;
    counted.map_or_else(
        || "wrong".to_owned(),
        |(count, memory)| format!("{count}: {} → {} KiB", kib(memory.before), kib(memory.after)),
    )
}

/// The figures of a host.
fn speed(page: &mut String, host: &Row) {
    let Some(report) = &host.speed else { return };
    let first = report.get("first").and_then(Value::as_f64).map(|time| format!("{time:.1}")).unwrap_or_default();
    for (place, row) in report.get("speed").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let pair = |field: &str| {
            let times = row.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_f64);
            let times: Vec<f64> = times.map(|time| time / 1_000.0).collect();
            if let [ours, opas] = times[..] { (ours, opas) } else { (0.0, 0.0) }
        };
        let (decision, load, instance) = (pair("decision"), pair("load"), pair("instantiate"));
        let times = |(ours, opas): (f64, f64)| if ours > 0.0 { format!("{:.1}", opas / ours) } else { String::new() };
        let id = row.get("id").and_then(Value::as_str).unwrap_or_default();
        // Writing into a string cannot fail.
        let _ = writeln!(
            page,
            "| {} | {id} | {:.1} | {:.1} | {} | {:.0} | {:.0} | {:.1} | {:.1} | {} | {} |",
            host.name,
            decision.0,
            decision.1,
            times(decision),
            load.0,
            load.1,
            instance.0,
            instance.1,
            times(instance),
            if place == 0 { first.as_str() } else { "" },
        );
    }
}
