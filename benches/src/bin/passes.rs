//! `passes [--write FILE]`: what each pass of the optimiser is worth: the fuel of a decision and the bytes of a module with that pass alone
//! off, over those with all on. No clock is asked, so each run says the same. `make passes` runs it.
#![expect(clippy::print_stdout, reason = "a command that reports")]

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use regoc_benches::fuel::{self, Loaded};
use regoc_benches::question::{Question, scale};
use regoc_benches::relations;
use regoc_compiler::optimize::PASSES;
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::workload::{Generator, read};

/// Policies that show what a pass is for, each named as the pass, with what they are asked; of a plan, the policy stands beside it.
const SHOWS: &[(&str, &str, &str)] = &[
    ("case-tables.rego", include_str!("../../passes/case-tables.rego"), r#"{"country": "NO"}"#),
    ("dead.rego", include_str!("../../passes/dead.rego"), r#"{"user": "ann"}"#),
    ("early-exit.json", include_str!("../../passes/early-exit.json"), ROLES),
    ("fold.rego", include_str!("../../passes/fold.rego"), r#"{"path": "/api/v1/orders", "role": "OPS"}"#),
    ("key-lookup.rego", include_str!("../../passes/key-lookup.rego"), USERS),
    ("memoize.rego", include_str!("../../passes/memoize.rego"), r#"{"age": 30, "name": "ann", "kind": "b"}"#),
    ("single-value.rego", include_str!("../../passes/single-value.rego"), r#"{"kind": "parcel", "weight": 3}"#),
    ("unused.rego", include_str!("../../passes/unused.rego"), r#"{"kind": "known"}"#),
];

/// The first of them is the one that is asked for.
const ROLES: &str = r#"{"roles": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"]}"#;

/// The last of them is the one that is asked for.
const USERS: &str = r#"{"user": "t", "names": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"]}"#;

/// Of relation policies the middle size is asked.
const RELATION_SIZE: u32 = 50;

/// A ratio that is nearer to 1 is no change.
const CHANGE: f64 = 0.002;

/// So many rows of each line are named, from the one that changes most.
const MOST_ROWS: usize = 8;

/// Measures what passes are worth.
#[derive(Parser)]
struct Arguments {
    /// Write the table to this file
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// What a row takes.
struct Cost {
    fuel: f64,
    bytes: f64,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = TemporaryFolder::new()?;
    let mut questions = relations::questions(1, &folder)?;
    questions.retain(|question| scale(&question.name) == Some(RELATION_SIZE));
    let workloads = Generator::find(None).map_err(anyhow::Error::msg)?.run(1)?;
    questions.extend(workloads.rows()?.iter().map(Question::of_row).collect::<Result<Vec<_>>>()?);
    questions
        .extend(SHOWS.iter().map(|(file, text, input)| show(file, text, input, &folder)).collect::<Result<Vec<_>>>()?);
    let names: Vec<&str> = PASSES.iter().map(|pass| pass.name).collect();
    let with_all = costs(&questions, &[])?;
    let mut text = HEAD.to_owned();
    for name in &names {
        writeln!(text, "{}", line(&format!("`{name}`"), &questions, &with_all, &costs(&questions, &[name])?))?;
    }
    writeln!(text, "{}", line("all", &questions, &with_all, &costs(&questions, &names)?))?;
    print!("{text}");
    if let Some(path) = arguments.write {
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The question of a policy that shows something.
fn show(file: &str, text: &str, input: &str, folder: &TemporaryFolder) -> Result<Question> {
    let (name, _) = file.rsplit_once('.').context("a file has an extension")?;
    Ok(Question {
        name: format!("show-{name}"),
        entrypoint: if name == "memoize" { "show/answer show/other" } else { "show/answer" }.to_owned(),
        policy: folder.write(file, text.as_bytes())?,
        data: folder.write("no-data.json", b"{}")?,
        inputs: vec![input.to_owned()],
        timed: 1,
        cedar: None,
    })
}

const HEAD: &str = "# What each pass is worth

Written by `make passes`: fuel of a decision (about the number of wasm instructions) and bytes of the module with the pass alone off,
times those with all passes on. Above 1 the pass pays. Rows of the workloads, relation policies of the middle size, and the policies of
`benches/passes` (`show-…`); the eight that change most; what is not named changes by less than 0.2 %. What a call costs beside its
instructions is not in the fuel, so what `inline-library` saves is not.

| pass | fuel without it | bytes without it |
| :-- | :-- | :-- |
";

fn costs(questions: &[Question], without: &[&str]) -> Result<Vec<Cost>> {
    let engine = fuel::engine()?;
    let cost = |question: &Question| -> Result<Cost> {
        let module = question.module_without(without)?;
        let input = question.inputs.first().context("a question has an input")?;
        let fuel = Loaded::new(&engine, &module, &read(&question.data)?)?.fuel(input)?;
        Ok(Cost { fuel: fuel as f64, bytes: module.len() as f64 })
    };
    questions.iter().map(|question| cost(question).with_context(|| question.name.clone())).collect()
}

/// A line of the table.
fn line(name: &str, questions: &[Question], with: &[Cost], without: &[Cost]) -> String {
    let ratios = |part: fn(&Cost) -> f64| {
        let rows = questions.iter().zip(with.iter().zip(without));
        let mut rows: Vec<(&str, f64)> =
            rows.map(|(question, (with, without))| (&*question.name, part(without) / part(with))).collect();
        rows.retain(|(_, ratio)| (ratio - 1.0).abs() >= CHANGE);
        rows.sort_by(|(_, a), (_, b)| b.ln().abs().total_cmp(&a.ln().abs()));
        let mut shown: Vec<String> =
            rows.iter().take(MOST_ROWS).map(|(row, ratio)| format!("{row} {}", number(*ratio))).collect();
        if rows.len() > MOST_ROWS {
            let more = rows.split_off(MOST_ROWS).into_iter().map(|(_, ratio)| ratio);
            let (least, most) = more.fold((f64::MAX, 0.0_f64), |(least, most), it| (least.min(it), most.max(it)));
            shown.push(format!("others {} to {}", number(least), number(most)));
        }
        if shown.is_empty() { "–".to_owned() } else { shown.join(", ") }
    };
    format!("| {name} | {} | {} |", ratios(|cost| cost.fuel), ratios(|cost| cost.bytes))
}

/// A ratio with four digits that count, or all before the point.
fn number(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.3}") } else { format!("{ratio:.0}") }
}
