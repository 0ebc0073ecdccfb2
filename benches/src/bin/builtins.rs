//! `builtins [TEXT]`: how the time of builtins grows with their input, beside OPA: the calls of `builtins.txt`, those that contain the
//! text. Answers are compared before anything is timed. `make bench-builtins` runs it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command that reports")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use regoc_benches::contestant::{Contestant, InputText, Module};
use regoc_benches::growth;
use regoc_benches::measure::{Effort, Figures, agree, measure};
use regoc_benches::opa::{Interpreter, Store, build_peer};
use regoc_runtime::Runtime;
use regoc_spec_tests::build::module;
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::workload::Row;

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
    let peer = build_peer(&folder).map_err(|error| eprintln!("without OPA: {error:#}")).ok();
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
            let row = row(&folder, call, kind, size)?;
            sizes.push(figures(&row, &runtime, peer.as_deref(), effort).with_context(|| call.to_owned())?);
        }
        println!("{}", table_line(call, &sizes));
    }
    Ok(())
}

/// The files of a call with an input of that size.
fn row(folder: &TemporaryFolder, call: &str, kind: &str, size: usize) -> Result<Row> {
    let input = growth::input(kind, size).map_err(anyhow::Error::msg)?;
    Ok(Row {
        name: call.to_owned(),
        entrypoint: "growth/answer".to_owned(),
        policy: folder.write("growth.rego", format!("package growth\n\nanswer := {call}\n").as_bytes())?,
        data: folder.write("data.json", b"{}")?,
        inputs: vec![folder.write("input.json", input.to_string().as_bytes())?],
    })
}

/// What regoc takes, and OPA where it is there.
fn figures(row: &Row, runtime: &Runtime, peer: Option<&Path>, effort: Effort) -> Result<Vec<Figures>> {
    let bytes = module(&[("growth.rego", &row.policy_text()?)], &[&row.entrypoint])?;
    let ours = Module::load("regoc", runtime, &bytes, row, InputText::Trusted)?;
    let mut contestants: Vec<Box<dyn Contestant>> = vec![Box::new(ours)];
    if let Some(peer) = peer {
        contestants.push(Box::new(Interpreter::start(&PathBuf::from(peer), row, Store::Ast)?));
    }
    agree(&mut contestants)?;
    measure(&mut contestants, effort)
}

/// A line of the table: what was measured with the smaller and with the larger input.
fn table_line(call: &str, sizes: &[Vec<Figures>]) -> String {
    let cell = |column: usize, write: &dyn Fn(&Figures, &Figures) -> f64| match sizes {
        [small, large] => match (small.get(column), large.get(column)) {
            (Some(small), Some(large)) => format!("{:.1}", write(small, large)),
            _ => "–".to_owned(),
        },
        _ => "–".to_owned(),
    };
    let ratio = match sizes.last().map(Vec::as_slice) {
        Some([ours, theirs]) => format!("{:.1}", theirs.times(ours)),
        _ => "–".to_owned(),
    };
    let time = |column| cell(column, &|_, large| large.median() / 1000.0);
    let growth = |column| cell(column, &|small, large| large.median() / small.median());
    format!("| `{}` | {} | {} | {ratio} | {} | {} |", call.replace('|', "\\|"), time(0), time(1), growth(0), growth(1))
}
