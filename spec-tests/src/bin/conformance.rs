//! Runs OPA's cases: `conformance DIR…` takes any folder of any kind of case. The last line is `N passed, N failed`.
#![expect(clippy::print_stdout, reason = "a command that reports on standard output")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use regoc_runtime::Compilation;
use regoc_spec_tests::case::{CaseFile, Kind, count, find_files};
use regoc_spec_tests::engine::{Interpreter, Module, Optimizer};
use regoc_spec_tests::expected::ExpectedFailures;
use regoc_spec_tests::runner::{Engine, Settings, run};
use regoc_spec_tests::scoreboard::scoreboard;
use regoc_spec_tests::{SKIPPED, expected, report, shared};

/// Runs OPA's conformance cases.
#[derive(Parser)]
struct Arguments {
    /// Folders or files of cases; by default all of OPA's.
    paths: Vec<PathBuf>,
    /// What answers.
    #[arg(long, value_enum, default_value_t = EngineName::Module)]
    engine: EngineName,
    /// Whose plans: regoc's of the evaluation cases, or OPA's; both by default.
    #[arg(long, value_enum)]
    plans: Option<Plans>,
    /// Only one case: `FILE:POSITION`, as failures are listed.
    #[arg(long)]
    only: Option<String>,
    /// Only cases whose file or name contains this.
    #[arg(long)]
    filter: Option<String>,
    /// Print each failure, with the command that runs it again.
    #[arg(long)]
    list_failures: bool,
    /// Print a table of the categories.
    #[arg(long)]
    by_category: bool,
    /// Print the slowest cases, this many.
    #[arg(long)]
    slowest: Option<usize>,
    /// Do not optimize plans.
    #[arg(long)]
    no_optimizer: bool,
    /// Split all functions wherever that is possible.
    #[arg(long, conflicts_with = "no_optimizer")]
    small_functions: bool,
    /// Write plans as OPA writes them, and run what is read of that.
    #[arg(long, conflicts_with_all = ["no_optimizer", "small_functions"])]
    written_plans: bool,
    /// Write the scoreboard to this file.
    #[arg(long, value_name = "FILE")]
    scoreboard: Option<PathBuf>,
    /// How many threads; by default as many as there are cores.
    #[arg(long)]
    threads: Option<usize>,
}

#[derive(Clone, Copy, ValueEnum)]
enum EngineName {
    /// The module that regoc builds, in its runtime.
    Module,
    /// The interpreter of plans.
    Interpreter,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Plans {
    /// The plans that OPA made.
    Opa,
    /// The plans that regoc makes.
    Own,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let Some(mut files) = case_files(&arguments)? else {
        println!("{SKIPPED}");
        return Ok(ExitCode::SUCCESS);
    };
    let position = match &arguments.only {
        Some(only) => Some(retain_only(&mut files, only)?),
        None => None,
    };
    skip(&mut files, arguments.plans)?;
    let engine: Arc<dyn Engine> = match arguments.engine {
        EngineName::Module => Arc::new(Module::new(Compilation::Baseline)?),
        EngineName::Interpreter => Arc::new(Interpreter),
    };
    let command = command(&arguments);
    let expected = ExpectedFailures::read(&expected::path())?;
    let optimizer = match arguments {
        Arguments { no_optimizer: true, .. } => Optimizer::Off,
        Arguments { small_functions: true, .. } => Optimizer::SmallFunctions,
        Arguments { written_plans: true, .. } => Optimizer::Written,
        _ => Optimizer::On,
    };
    let settings = Settings { engine, optimizer, position, filter: arguments.filter, threads: arguments.threads };
    let unoptimized = match &arguments.scoreboard {
        Some(_) => run(&files, Settings { optimizer: Optimizer::Off, ..settings.clone() }),
        None => Vec::new(),
    };
    let outcomes = run(&files, settings);
    if arguments.list_failures || arguments.only.is_some() {
        print!("{}", report::failures(&outcomes, &expected, &command));
    }
    if arguments.by_category {
        println!("{}", report::categories(&outcomes));
    }
    if let Some(count) = arguments.slowest {
        println!("{}", report::slowest(&outcomes, count));
    }
    if let Some(suites) = report::suites(&outcomes) {
        println!("{suites}");
    }
    if let Some(agreement) = report::agreement(&outcomes) {
        println!("{agreement}");
    }
    if let Some(path) = &arguments.scoreboard {
        let text = scoreboard(&outcomes, &unoptimized, &expected)?;
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    println!("{}", report::summary(&outcomes));
    let failed = outcomes
        .iter()
        .chain(&unoptimized)
        .any(|outcome| outcome.failure.is_some() && expected.reason(&outcome.id).is_none());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// All files of cases in the folders; none when no folder was named and OPA's cases are not here.
fn case_files(arguments: &Arguments) -> Result<Option<Vec<Arc<CaseFile>>>> {
    let mut paths = arguments.paths.clone();
    if paths.is_empty() {
        let Some(path) = shared("conformance") else { return Ok(None) };
        paths.push(path);
    }
    let mut files = Vec::new();
    for path in &paths {
        files.extend(find_files(path)?);
    }
    Ok(Some(files))
}

/// Takes out all files but that of the case; the place of the case in it.
fn retain_only(files: &mut Vec<Arc<CaseFile>>, only: &str) -> Result<usize> {
    let (name, position) = only.rsplit_once(':').context("a case is FILE:POSITION")?;
    files.retain(|file| file.name == name || file.path == Path::new(name));
    if files.is_empty() {
        bail!("there is no file {name} of cases");
    }
    position.parse().context("a case is FILE:POSITION")
}

/// Takes out what nothing here runs, and says how much that is.
fn skip(files: &mut Vec<Arc<CaseFile>>, plans: Option<Plans>) -> Result<()> {
    let mut skipped: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for file in std::mem::take(files) {
        let wanted = match file.kind {
            Kind::Evaluation => plans != Some(Plans::Opa),
            Kind::Plans => plans != Some(Plans::Own),
            Kind::Errors => plans.is_none(),
            Kind::Formatter | Kind::Bundles | Kind::Scripts | Kind::Schemas => false,
        };
        if wanted {
            kept.push(file);
        } else {
            *skipped.entry(file.kind).or_default() += count(&file)?;
        }
    }
    *files = kept;
    for (kind, count) in skipped {
        println!("skipped: {kind} ({count} cases)");
    }
    Ok(())
}

/// The command that runs the same again, without what chooses cases.
fn command(arguments: &Arguments) -> String {
    let mut command = "cargo run --release -p regoc-spec-tests --bin conformance --".to_owned();
    for path in &arguments.paths {
        command.push_str(&format!(" {}", path.display()));
    }
    if matches!(arguments.engine, EngineName::Interpreter) {
        command.push_str(" --engine interpreter");
    }
    if arguments.no_optimizer {
        command.push_str(" --no-optimizer");
    }
    if arguments.small_functions {
        command.push_str(" --small-functions");
    }
    command
}
