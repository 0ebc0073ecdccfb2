//! `regoc test`: runs the test rules of policies, as `opa test`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use regoc_compiler::plan::ir::Probe;
use regoc_compiler::resolve::{TestKind, TestSelection};
use regoc_compiler::source::{Name, SourceSet, Span};
use regoc_compiler::{Coverage, CoverageMode};
use regoc_runtime::Data;
use regoc_values::regex::Regex;
use serde_json::Value;

use crate::args::{self, Ignore, Language, Schema};
use crate::compile::{self, Compiled, QueryText, Request};
use crate::failure::{Failure, Problem};
use crate::files::Loaded;
use crate::testing::coverage::{Reason, Report as CoverageReport};
use crate::testing::failures::{self, Shows};
use crate::testing::report::{self, Pretty};
use crate::testing::result::{TestResult, Verdict};
use crate::testing::runner::{Conditions, Runner};
use crate::testing::watch::Watch;
use crate::{json, render};

/// The time for a test when nothing else is said.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Run the tests of policies: rules whose names begin with test_
///
/// The tests run in the module that would be built of them, each in a decision of its own. Rules whose names begin with todo_test_
/// are listed as skipped. Exits with 2 when a test failed or was skipped, and with 1 when the tests could not be run.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Files and folders with policies, tests and data
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,

    /// Read the paths as bundles: archives, or folders in the layout of one
    #[arg(long, short)]
    bundle: bool,

    /// Run only tests whose name (data.package.test_name) matches a regular expression
    #[arg(long, short, value_name = "PATTERN", default_value = "", hide_default_value = true)]
    run: String,

    /// List tests that pass, too
    #[arg(long, short)]
    verbose: bool,

    /// Show the statement that failed in each test, with the values in it
    #[arg(long)]
    var_values: bool,

    /// How to write the results
    #[arg(long, short, value_enum, default_value = "pretty")]
    format: Format,

    /// Report which lines of the policies the tests run, instead of their results
    #[arg(long, short)]
    coverage: bool,

    /// Fail if the tests run less than so many percent of the lines; reports coverage
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, hide_default_value = true)]
    threshold: f64,

    /// Which reasons for lines that did not run are looked for, each with a run of all tests: index_excluded, early_exit (both if
    /// nothing else is said), '' for none; reports coverage
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    coverage_runs: Option<Vec<String>>,

    /// The order of the results in JSON
    #[arg(long, value_enum, default_value = "none")]
    sort: Sort,

    /// Exit with 0 although tests were skipped
    #[arg(long, short = 'z')]
    exit_zero_on_skipped: bool,

    /// Exit with 1 if there was no test to run
    #[arg(long)]
    fail_on_empty: bool,

    /// How often to run the tests
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    count: usize,

    /// How many tests run at a time; 0 for as many as there are processors
    #[arg(long, short, value_name = "COUNT", default_value_t = 0, hide_default_value = true)]
    parallel: usize,

    /// Run the tests again whenever a file changes, until the command is stopped
    #[arg(long, short)]
    watch: bool,

    /// The time for each test, such as 500ms or 2s; 5s if nothing else is said
    #[arg(long, value_name = "DURATION", value_parser = args::duration)]
    timeout: Option<Duration>,

    /// Stop after so many errors in policies; 0 for no limit
    #[arg(long, short, value_name = "COUNT", default_value_t = 10)]
    max_errors: usize,

    #[command(flatten)]
    schema: Schema,

    #[command(flatten)]
    language: Language,

    #[command(flatten)]
    ignore: Ignore,
}

/// How to write results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Pretty,
    /// A JSON array of the results
    Json,
}

/// The order of results in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Sort {
    /// By file and line
    None,
    /// The slowest first
    Duration,
}

/// Why a run ends with another code than 0.
enum Stop {
    /// The tests could not be run.
    Failure(Failure),
    /// A message for standard error and the exit code.
    Message(String, u8),
    /// Everything was said already.
    Code(u8),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    if arguments.sort != Sort::None && arguments.format == Format::Pretty {
        complain("warning: --sort is only supported with JSON format");
    }
    let mut watch = Watch::new(&arguments.paths);
    let mut ran = false;
    loop {
        let code = test(arguments).err().map_or(0, |stop| explain(arguments, stop));
        // What cannot be run at first is not waited for.
        if !arguments.watch || (code == 1 && !ran) {
            return ExitCode::from(code);
        }
        ran = true;
        report::emit(&format!("{}\nWatching for changes ...\n", "*".repeat(80)));
        watch.wait();
    }
}

/// Says why a run stopped, and gives the exit code.
fn explain(arguments: &Arguments, stop: Stop) -> u8 {
    match stop {
        Stop::Code(code) => code,
        Stop::Message(message, code) => {
            complain(&message);
            code
        }
        Stop::Failure(mut failure) => {
            failure.limit(arguments.max_errors);
            render::show(&failure);
            1
        }
    }
}

#[expect(clippy::print_stderr, reason = "short messages for scripts, without decoration, as OPA writes them")]
fn complain(message: &str) {
    eprintln!("{message}");
}

fn test(arguments: &Arguments) -> Result<(), Stop> {
    if !(0.0..=100.0).contains(&arguments.threshold) {
        return Err(Stop::Message("Code coverage threshold must be between 0 and 100".to_owned(), 1));
    }
    let reasons = arguments.reasons()?;
    let policies = Policies::load(arguments)?;
    if arguments.coverage || arguments.threshold > 0.0 || arguments.coverage_runs.is_some() {
        return cover(arguments, policies, &reasons);
    }
    let (runner, _) = policies.compile(&policies.request)?;
    for _ in 0..arguments.count {
        run_once(arguments, &policies, &runner)?;
    }
    Ok(())
}

impl Arguments {
    /// The reasons that coverage looks for.
    fn reasons(&self) -> Result<Vec<Reason>, Stop> {
        let Some(words) = &self.coverage_runs else { return Ok(vec![Reason::IndexExcluded, Reason::EarlyExit]) };
        words
            .iter()
            .filter(|word| !word.is_empty())
            .map(|word| match word.as_str() {
                "index_excluded" => Ok(Reason::IndexExcluded),
                "early_exit" => Ok(Reason::EarlyExit),
                _ => {
                    let message = format!(
                        "invalid --coverage-runs value {word:?} (expected \"index_excluded\" or \"early_exit\")"
                    );
                    Err(Stop::Message(message, 1))
                }
            })
            .collect()
    }
}

/// What was loaded, ready to be compiled in several ways.
struct Policies {
    sources: SourceSet,
    data: Data,
    request: Request,
    conditions: Conditions,
}

impl Policies {
    fn load(arguments: &Arguments) -> Result<Self, Stop> {
        let mut loaded = Loaded::default();
        let loading = arguments.ignore.loading(arguments.language.version());
        for path in &arguments.paths {
            if arguments.bundle {
                loaded.load_bundle(path, &loading);
            } else {
                loaded.load(path, &loading);
            }
        }
        let mut loaded = loaded.finish()?;
        loaded.check_rego()?;
        let documents = Value::Object(std::mem::take(&mut loaded.data));
        let data = Data::from_json(&json::compact(&documents)).map_err(Failure::from)?;
        let request = Request {
            keep_print: true,
            base_data: Some(compile::base_data(documents)),
            tests: Some(selection(&arguments.run)?),
            ..arguments.schema.add_to(Request::new(&arguments.language)?)?
        };
        let conditions = Conditions {
            timeout: arguments.timeout.filter(|time| !time.is_zero()).unwrap_or(TIMEOUT),
            parallel: match arguments.parallel {
                0 => thread::available_parallelism().map_or(1, usize::from),
                count => count,
            },
            allow_net: request.capabilities.allow_net.clone(),
        };
        Ok(Self { sources: loaded.sources, data, request, conditions })
    }

    /// Compiles.
    fn compile(&self, request: &Request) -> Result<(Runner, Places), Stop> {
        let compiled = compile::compile(Loaded::again(self.sources.clone()), request)?;
        let functions = functions(&compiled, &self.request);
        let Compiled { wasm, tests, coverage, probes, sources, .. } = compiled;
        let info = super::eval::runtime_info();
        let runner = Runner::new(&wasm, self.data.clone(), tests, functions, &self.conditions, info)?;
        Ok((runner, Places { coverage, probes, sources }))
    }

    /// Compiles a module that tells what of it runs.
    fn compile_for_coverage(&self, mode: CoverageMode) -> Result<(Runner, Places), Stop> {
        self.compile(&Request { coverage: Some(mode), ..self.request.clone() })
    }

    /// Runs tests again in a module that tells of their statements, and shows which failed.
    fn explain(&self, failed: &BTreeSet<Vec<Name>>, shows: &Shows) -> Result<String, Stop> {
        let chosen = failed.clone();
        let tests = Some(TestSelection::new(move |test| chosen.contains(&test.path)));
        let (runner, places) = self.compile(&Request { trace: true, tests, ..self.request.clone() })?;
        let mut text = failures::head();
        runner.run(|result| {
            if let Some(test) = runner.tests().get(result.test) {
                text.push_str(&failures::failure(test, &result, &places.probes, &places.sources, shows));
            }
        })?;
        Ok(text)
    }
}

/// The places that a module tells of.
struct Places {
    coverage: Coverage,
    probes: Vec<Probe>,
    sources: SourceSet,
}

impl Places {
    /// The places that ran so far.
    fn ran(&self, runner: &Runner) -> Vec<Span> {
        runner.covered().into_iter().filter_map(|place| self.coverage.told.get(place).copied()).collect()
    }
}

/// Runs the tests and reports what ran.
fn cover(arguments: &Arguments, policies: Policies, reasons: &[Reason]) -> Result<(), Stop> {
    let (runner, covering) = policies.compile_for_coverage(CoverageMode::Plain)?;
    let mut others: Vec<(Reason, Runner, Places)> = Vec::new();
    for _ in 0..arguments.count {
        let skipped = run_for_coverage(arguments, &runner)?;
        for reason in reasons.iter().skip(others.len()) {
            let mode = match reason {
                Reason::IndexExcluded => CoverageMode::WithoutIndex,
                Reason::EarlyExit => CoverageMode::WithoutEarlyExit,
            };
            let (runner, covering) = policies.compile_for_coverage(mode)?;
            others.push((*reason, runner, covering));
        }
        for (_, runner, _) in &others {
            runner.run(|_| {})?;
        }
        let ran: Vec<(Reason, Vec<Span>)> =
            others.iter().map(|(reason, runner, covering)| (*reason, covering.ran(runner))).collect();
        let report = CoverageReport::new(&covering.coverage.countable, &covering.ran(&runner), &ran, &covering.sources);
        if report.percentage() < arguments.threshold {
            return Err(Stop::Message(report.below(arguments.threshold, arguments.verbose), 2));
        }
        report::emit(&report.to_json());
        check_empty(arguments, &runner)?;
        if skipped && !arguments.exit_zero_on_skipped {
            return Err(Stop::Code(2));
        }
    }
    Ok(())
}

/// Runs the tests once; those that fail end it. Returns whether some were skipped.
fn run_for_coverage(arguments: &Arguments, runner: &Runner) -> Result<bool, Stop> {
    let mut failed: Vec<TestResult> = Vec::new();
    let mut error = None;
    let mut skipped = false;
    runner.run(|result| match &result.verdict {
        Verdict::Pass => {}
        Verdict::Skipped => skipped = true,
        Verdict::Fail => failed.push(result),
        Verdict::Error(why) => {
            error.get_or_insert_with(|| report::error_text(why));
        }
    })?;
    if let Some(error) = error {
        return Err(Stop::Message(error, 1));
    }
    let mut pretty = Pretty::new(arguments.verbose);
    let mut text = String::new();
    for result in &failed {
        if let Some(test) = runner.tests().get(result.test) {
            text.push_str(&pretty.result(test, result));
        }
    }
    match failed.first().and_then(|result| Some((runner.tests().get(result.test)?, result))) {
        Some((test, result)) => {
            report::emit(&(text + &pretty.summary()));
            Err(Stop::Message(report::with_cases(test, result), 1))
        }
        None => Ok(skipped),
    }
}

/// The tests whose names match a pattern of Go's; all for the empty one.
fn selection(pattern: &str) -> Result<TestSelection, Stop> {
    if pattern.is_empty() {
        return Ok(TestSelection::default());
    }
    match Regex::new(pattern.as_bytes()) {
        Ok(regex) => {
            let regex = Mutex::new(regex);
            Ok(TestSelection::new(move |test| {
                regex.lock().is_ok_and(|mut regex| regex.is_match(test.reference.as_bytes()))
            }))
        }
        Err(error) => Err(Stop::Message(
            format!("error parsing regexp: {}: `{}`", error.kind.text(), String::from_utf8_lossy(&error.part)),
            1,
        )),
    }
}

/// What OPA says of tests that are functions: asking for them does not compile.
fn functions(compiled: &Compiled, request: &Request) -> BTreeMap<usize, String> {
    let functions = compiled.tests.iter().enumerate().filter(|(_, test)| test.rule.kind == TestKind::Function);
    functions
        .map(|(index, test)| {
            let query = QueryText {
                text: test.rule.reference.clone(),
                version: Default::default(),
                package: None,
                imports: Vec::new(),
            };
            let request = Request { query: Some(query), tests: None, ..request.clone() };
            let failure = compile::compile(Loaded::again(compiled.sources.clone()), &request).err();
            (index, failure.map(|failure| in_opa_s_words(&failure)).unwrap_or_default())
        })
        .collect()
}

/// Errors of a query as OPA writes them on several lines.
fn in_opa_s_words(failure: &Failure) -> String {
    let lines: Vec<String> = failure
        .problems
        .iter()
        .map(|problem| match problem {
            Problem::Diagnostic(diagnostic) => {
                let place = diagnostic.span.map(|span| failure.sources.position(span));
                let place = place.map(|place| format!("{}:{}: ", place.row, place.col)).unwrap_or_default();
                let details: String = diagnostic.details.iter().map(|line| format!("\n\t{line}")).collect();
                format!("{place}{}: {}{details}", diagnostic.code.as_str(), diagnostic.message)
            }
            Problem::Runtime(error) => error.to_string(),
            Problem::Message(message) => message.clone(),
        })
        .collect();
    match lines.as_slice() {
        [one] => format!("1 error occurred: {one}"),
        several => format!("{} errors occurred:\n{}", several.len(), several.join("\n")),
    }
}

/// Runs all tests once.
fn run_once(arguments: &Arguments, policies: &Policies, runner: &Runner) -> Result<(), Stop> {
    let mut code = 0;
    let mut judge = |result: &TestResult| match result.verdict {
        Verdict::Pass => {}
        Verdict::Skipped if arguments.exit_zero_on_skipped => {}
        _ => code = 2,
    };
    match arguments.format {
        Format::Pretty => {
            let mut pretty = Pretty::new(arguments.verbose);
            let mut failed = BTreeMap::new();
            runner.run(|result| {
                judge(&result);
                if let Some(test) = runner.tests().get(result.test) {
                    report::emit(&pretty.result(test, &result));
                    if matches!(result.verdict, Verdict::Fail) {
                        failed.insert(test.rule.path.clone(), result.duration);
                    }
                }
            })?;
            if (arguments.verbose || arguments.var_values) && !failed.is_empty() {
                let paths = failed.keys().cloned().collect();
                let shows = Shows { trace: arguments.verbose, values: arguments.var_values, durations: failed };
                report::emit(&policies.explain(&paths, &shows)?);
            }
            report::emit(&pretty.summary());
        }
        Format::Json => {
            let mut results = Vec::new();
            runner.run(|result| {
                judge(&result);
                results.push(result);
            })?;
            if arguments.sort == Sort::Duration {
                results.sort_by_key(|result| std::cmp::Reverse(result.duration));
            }
            report::emit(&report::to_json(runner.tests(), &results));
        }
    }
    check_empty(arguments, runner)?;
    if code == 0 { Ok(()) } else { Err(Stop::Code(code)) }
}

/// Complains if there was nothing to run.
fn check_empty(arguments: &Arguments, runner: &Runner) -> Result<(), Stop> {
    if runner.tests().is_empty() && arguments.fail_on_empty {
        return Err(Stop::Message("no tests were run".to_owned(), 1));
    }
    Ok(())
}
