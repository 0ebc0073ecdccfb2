//! `bench [ROW…]`: decisions on the shared workloads and on relation policies, beside OPA, OPA's wasm module, regorus, Cedar and Rust written by
//! hand. Answers are compared before anything is timed. `make bench` and `make bench-quick` run it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command that reports")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use regoc_benches::beside::{Beside, Conditions};
use regoc_benches::contestant::{Contestant, Module, Who};
use regoc_benches::measure::{Effort, Outcome, judge};
use regoc_benches::opa;
use regoc_benches::peer::Programs;
use regoc_benches::question::Question;
use regoc_benches::relations;
use regoc_benches::report::{Report, Row, decisions, families, plot};
use regoc_runtime::Runtime;
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::workload::Generator;

/// Those who can be asked a workload, in processes.
const WORKLOADS: &[Who] =
    &[Who::OpaAst, Who::OpaRaw, Who::RegorusEngine, Who::RegorusMachine, Who::Native, Who::SerdeJson];

/// Those who can be asked about relations, in processes.
const RELATIONS: &[Who] = &[Who::OpaAst, Who::OpaRaw, Who::RegorusEngine, Who::RegorusMachine, Who::Cedar];

/// Measures decisions beside those of others.
#[derive(Parser)]
struct Arguments {
    /// Rows, such as rbac-1000 or documents-50; `all` for all of them
    #[arg(default_values = ["all"])]
    rows: Vec<String>,
    /// The folder of the workloads
    #[arg(long, value_name = "DIR")]
    workloads: Option<PathBuf>,
    /// What the data and the inputs are generated from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many passes
    #[arg(long, default_value_t = 15)]
    passes: usize,
    /// How many milliseconds each runs in a pass, at least
    #[arg(long, default_value_t = 30)]
    pass_ms: u64,
    /// Also measures what is beside decisions, and writes this page, and pictures into `docs/benchmarks` beside it
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// What rows are measured with.
struct Bench {
    runtime: Runtime,
    opa_runtime: Runtime,
    programs: Programs,
    folder: TemporaryFolder,
    effort: Effort,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = TemporaryFolder::new()?;
    let generator = Generator::find(arguments.workloads.as_deref()).map_err(anyhow::Error::msg)?;
    let workloads = generator.run(arguments.seed)?;
    let mut questions: Vec<Question> = workloads.rows()?.iter().map(Question::of_row).collect::<Result<_>>()?;
    questions.extend(relations::questions(arguments.seed, &folder)?);
    select(&mut questions, &arguments.rows)?;
    let conditions = Conditions::now();
    let programs = Programs::build(&folder, |text| eprintln!("{text}"));
    let effort = Effort { passes: arguments.passes.max(1), pass: Duration::from_millis(arguments.pass_ms) };
    let bench = Bench { runtime: Runtime::new()?, opa_runtime: opa::runtime()?, programs, folder, effort };
    let rows = bench.rows(&questions)?;
    if let Some(page) = &arguments.write {
        let beside = Beside::measure(&questions, effort, &bench.folder, |text| eprintln!("{text}"))?;
        write(&Report { seed: arguments.seed, effort, conditions, rows, beside }, page)?;
    }
    Ok(())
}

/// Keeps the questions that are asked for.
fn select(questions: &mut Vec<Question>, names: &[String]) -> Result<()> {
    let all = names.iter().any(|name| name == "all");
    for name in names.iter().filter(|_| !all) {
        let known: Vec<&str> = questions.iter().map(|question| question.name.as_str()).collect();
        ensure!(known.contains(&name.as_str()), "there is no row `{name}`; there are {}", known.join(", "));
    }
    questions.retain(|question| all || names.contains(&question.name));
    Ok(())
}

impl Bench {
    /// Measures all, and prints each row as soon as it is there.
    fn rows(&self, questions: &[Question]) -> Result<Vec<Row>> {
        let mut rows: Vec<Row> = Vec::new();
        for question in questions {
            let row = self.row(question).with_context(|| question.name.clone())?;
            let columns = if row.relation { decisions::RELATIONS } else { decisions::WORKLOADS };
            if rows.last().is_none_or(|last| last.relation != row.relation) {
                print!("{}", decisions::ratios(&[&row], columns));
            } else {
                println!("| {} |", decisions::cells(&row, columns).join(" | "));
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// Compares the answers of all that take part in a row, and measures them. Others may be missing; regoc may not.
    fn row(&self, question: &Question) -> Result<Row> {
        let ours = question.module()?;
        let mut contestants: Vec<Box<dyn Contestant>> = Vec::new();
        for who in [Who::Regoc, Who::RegocChecked, Who::RegocValue] {
            contestants.push(Box::new(Module::load(who, &self.runtime, &ours, question)?));
        }
        let theirs = self.built_by_opa(question).map_err(|error| eprintln!("    without OPA's wasm: {error:#}"));
        let opa_module = theirs.ok().map(|(bytes, module)| {
            contestants.push(Box::new(module));
            bytes
        });
        let all = if question.cedar.is_some() { RELATIONS } else { WORKLOADS };
        for peer in self.programs.start(all, question, &self.folder)? {
            contestants.push(Box::new(peer));
        }
        let outcomes = judge(question, contestants, self.effort)?;
        for (who, outcome) in &outcomes {
            if let Outcome::Wrong(why) | Outcome::Refused(why) = outcome {
                eprintln!("    {}: {why}", who.label());
            }
        }
        Ok(Row {
            name: question.name.clone(),
            relation: question.cedar.is_some(),
            input: question.inputs.first().map_or(0, String::len),
            module: ours.len(),
            opa_module,
            outcomes,
        })
    }

    /// OPA's module, and how many bytes it has.
    fn built_by_opa(&self, question: &Question) -> Result<(usize, Module)> {
        let bytes = opa::build_module(question, &self.folder)?;
        let module = Module::load(Who::OpaModule, &self.opa_runtime, &bytes, question)?;
        Ok((bytes.len(), module))
    }
}

/// Writes the page and the pictures.
fn write(report: &Report, page: &Path) -> Result<()> {
    let folder = page.parent().unwrap_or(Path::new("")).join("docs/benchmarks");
    std::fs::create_dir_all(&folder)?;
    for family in families(&report.rows) {
        std::fs::write(folder.join(format!("{family}.svg")), plot::svg(family, &report.rows))?;
    }
    std::fs::write(page, report.to_markdown()).with_context(|| format!("writing {}", page.display()))
}
