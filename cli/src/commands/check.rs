//! `regoc check`: says what is wrong with policies, and nothing when nothing is.

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use regoc_compiler::source::RegoVersion;
use serde_json::Value;

use crate::args::{Ignore, Language, Schema};
use crate::compile::{self, Request};
use crate::explain;
use crate::failure::Failure;
use crate::files::{Loaded, Loading};
use crate::render;

/// Check Rego files for errors
///
/// Prints nothing and exits with 0 when there are none.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Files and folders with Rego
    #[arg(required_unless_present = "explain", value_name = "PATH")]
    paths: Vec<String>,

    /// Explain the code of an error, such as rego_unsafe_var_error, with examples
    #[arg(long, value_name = "CODE", value_parser = PossibleValuesParser::new(explain::codes()), hide_possible_values = true)]
    explain: Option<String>,

    /// Read the paths as bundles: archives, or folders in the layout of one
    #[arg(long, short)]
    bundle: bool,

    /// How to write errors
    #[arg(long, short, value_enum, default_value = "pretty")]
    format: Format,

    /// Stop after so many errors; 0 for no limit
    #[arg(long, short, value_name = "COUNT", default_value_t = 10)]
    max_errors: usize,

    /// Name the rules whose time grows with data or input, because no index serves their scans; these are warnings, and functions that
    /// no rule calls are not looked at
    #[arg(long)]
    warn_cost: bool,

    /// Check that policies are valid as Rego both before and since OPA 1.0
    #[arg(long)]
    v0_v1: bool,

    #[command(flatten)]
    language: Language,

    #[command(flatten)]
    schema: Schema,

    #[command(flatten)]
    ignore: Ignore,
}

/// How to write errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Pretty,
    /// As OPA's JSON
    Json,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    if let Some(code) = &arguments.explain {
        return super::print(explain::page(code));
    }
    let Err(mut failure) = check(arguments) else { return ExitCode::SUCCESS };
    failure.limit(arguments.max_errors);
    match arguments.format {
        Format::Pretty => render::show(&failure),
        // OPA writes errors to standard error in this format too.
        Format::Json => render::show_json(&failure),
    }
    ExitCode::FAILURE
}

fn check(arguments: &Arguments) -> Result<(), Failure> {
    let version = if arguments.v0_v1 { RegoVersion::V0CompatV1 } else { arguments.language.version() };
    let mut loaded = Loaded::default();
    for path in &arguments.paths {
        if arguments.bundle {
            loaded.load_bundle(path, &arguments.ignore.loading(version));
        } else {
            loaded.load(path, &Loading { only_rego: true, ..arguments.ignore.loading(version) });
        }
    }
    let mut loaded = loaded.finish()?;
    let mut request = arguments.schema.add_to(Request::new(&arguments.language)?)?;
    request.base_data = Some(compile::base_data(Value::Object(std::mem::take(&mut loaded.data))));
    compile::check(&loaded, &request)?;
    if arguments.warn_cost {
        let (report, sources) = compile::explain(&loaded, &request)?;
        match arguments.format {
            Format::Pretty => render::show_warnings(&report.warnings, &sources),
            Format::Json => render::show_warnings_json(&report.warnings, &sources),
        }
    }
    Ok(())
}
