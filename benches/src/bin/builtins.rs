//! `builtins [TEXT]`: how the time of builtins grows with their input, beside OPA: the calls of `builtins.txt`, those that contain the
//! text. Answers are compared before anything is timed. `make bench-builtins` runs it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command that reports")]

use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use regoc_benches::contestant::{Contestant, Module, Who};
use regoc_benches::growth;
use regoc_benches::measure::{Effort, Figures, Outcome, Outcomes, judge};
use regoc_benches::peer::Programs;
use regoc_benches::question::Question;
use regoc_runtime::Runtime;
use regoc_spec_tests::folder::TemporaryFolder;

/// The calls, and what their inputs are made of.
const CALLS: &str = include_str!("../../builtins.txt");

/// How many parts the smaller and the larger input have.
const SIZES: [usize; 2] = [200, 20_000];

/// Measures how builtins grow.
#[derive(Parser)]
struct Arguments {
    /// Only calls that contain this
    text: Option<String>,
    /// How many passes
    #[arg(long, default_value_t = 5)]
    passes: usize,
    /// How many milliseconds each runs in a pass, at least
    #[arg(long, default_value_t = 20)]
    pass_ms: u64,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = TemporaryFolder::new()?;
    let opa = Programs::build_opa(&folder).map_err(|error| eprintln!("without OPA: {error:#}")).ok();
    let programs = Programs { opa, ..Programs::default() };
    let effort = Effort { passes: arguments.passes.max(1), pass: Duration::from_millis(arguments.pass_ms) };
    let runtime = Runtime::new()?;
    let [small, large] = SIZES;
    println!("medians of {} interleaved passes; the input is read in each decision", effort.passes);
    println!("growth is that of the time from {small} parts to {large}: {} would be linear\n", large / small);
    println!("| call | regoc, µs at {large} | OPA, µs at {large} | OPA ÷ regoc | regoc's growth | OPA's growth |");
    println!("| :-- | --: | --: | --: | --: | --: |");
    let lines = CALLS.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    for line in lines.filter(|line| arguments.text.as_ref().is_none_or(|text| line.contains(text))) {
        let (call, kind) = line.rsplit_once(" | ").with_context(|| format!("a call and a kind of input: {line}"))?;
        let mut sizes = Vec::new();
        for size in SIZES {
            let question = question(&folder, call, kind, size)?;
            sizes.push(outcomes(&question, &runtime, &programs, &folder, effort).with_context(|| call.to_owned())?);
        }
        println!("{}", table_line(call, &sizes));
    }
    Ok(())
}

/// The files of a call with an input of that size.
fn question(folder: &TemporaryFolder, call: &str, kind: &str, size: usize) -> Result<Question> {
    let input = growth::input(kind, size).map_err(anyhow::Error::msg)?;
    Ok(Question {
        name: "growth".to_owned(),
        entrypoint: "growth/answer".to_owned(),
        policy: folder.write("growth.rego", format!("package growth\n\nanswer := {call}\n").as_bytes())?,
        data: folder.write("data.json", b"{}")?,
        inputs: vec![input.to_string()],
        timed: 1,
        cedar: None,
    })
}

/// What regoc takes, and OPA where it is there.
fn outcomes(
    question: &Question,
    runtime: &Runtime,
    programs: &Programs,
    folder: &TemporaryFolder,
    effort: Effort,
) -> Result<Outcomes> {
    let ours = Module::load(Who::Regoc, runtime, &question.module()?, question)?;
    let mut contestants: Vec<Box<dyn Contestant>> = vec![Box::new(ours)];
    for peer in programs.start(&[Who::OpaAst], question, folder)? {
        contestants.push(Box::new(peer));
    }
    judge(question, contestants, effort)
}

/// A line of the table: what was measured with the smaller and with the larger input.
fn table_line(call: &str, sizes: &[Outcomes]) -> String {
    let none = || "–".to_owned();
    let figures = |size: usize, who| sizes.get(size)?.get(&who).and_then(Outcome::figures);
    let pair = |who: Who| -> Option<(&Figures, &Figures)> { figures(0, who).zip(figures(1, who)) };
    let time = |who| pair(who).map_or_else(none, |(_, large)| format!("{:.1}", large.median() / 1000.0));
    let growth = |who| pair(who).map_or_else(none, |(small, large)| format!("{:.1}", large.median() / small.median()));
    let both = figures(1, Who::OpaAst).zip(figures(1, Who::Regoc));
    let ratio = both.map_or_else(none, |(theirs, ours)| format!("{:.1}", theirs.times(ours)));
    let (ours, theirs) = (Who::Regoc, Who::OpaAst);
    let call = call.replace('|', "\\|");
    format!("| `{call}` | {} | {} | {ratio} | {} | {} |", time(ours), time(theirs), growth(ours), growth(theirs))
}
