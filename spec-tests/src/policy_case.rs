//! Our own cases: one file, one test, no code. A file is a text of sections:
//!
//! ```text
//! What this case is about.
//! -- policy.rego --
//! package example
//! allow if input.user == "alice"
//! -- input.json --
//! {"user": "alice"}
//! -- query --
//! data.example.allow = x
//! -- expected.json --
//! [{"x": true}]
//! ```
//!
//! Each section whose name ends in `.rego` is a module. `data.json`, `input.json` (value syntax: sets and any keys too) may be
//! missing; `query` and `expected.json` are the question and its solutions; `expected-error` is the code of an evaluation error instead.
//! The whole text of the error, as OPA prints it, is `expected-error-text`, or `strict-error-text` if it is there only with strict builtin
//! errors. A section `expected-errors` makes it a case of texts that are refused: a line `FILE:ROW: CODE` for each error, `:0: CODE` for
//! one without a place. `version` says how modules are read, `v1` if it is missing. A section `show` names what the snapshot holds beside
//! the source and the answer: `plan` (the default), `unoptimized`, `wasm`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use regoc_compiler::codegen::{CodegenOptions, generate};
use regoc_compiler::plan::print;
use regoc_compiler::source::RegoVersion;
use regoc_runtime::Compilation;
use serde_json::Value;

use crate::engine::{Interpreter, Module, Optimizer, Planned};
use crate::errors::ErrorCase;
use crate::evaluation::{EvaluationCase, Want, WantedError, read_version};
use crate::judge::{Answer, judge, judge_error};
use crate::pipeline;
use crate::runner::Engine;

/// A case of our own.
pub struct PolicyCase {
    text: String,
    show: Vec<String>,
    evaluation: EvaluationCase,
    /// The errors, if the texts are to be refused.
    errors: Option<BTreeSet<String>>,
}

impl PolicyCase {
    /// Reads a file.
    ///
    /// # Errors
    /// When a section is missing, unknown, or not what it should be.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut case = Self {
            text: text.clone(),
            show: vec!["plan".to_owned()],
            evaluation: EvaluationCase {
                version: RegoVersion::V1,
                modules: Vec::new(),
                query: String::new(),
                data: "{}".to_owned(),
                input: None,
                want: Want::Results(Vec::new()),
                sort_bindings: false,
                ignore_generated_variables: false,
                want_error: None,
            },
            errors: None,
        };
        let mut expects = false;
        for (name, body) in sections(&text) {
            match name {
                "data.json" => case.evaluation.data = body.to_owned(),
                "input.json" => case.evaluation.input = Some(body.to_owned()),
                "query" => case.evaluation.query = body.trim().to_owned(),
                "show" => case.show = body.split_whitespace().map(str::to_owned).collect(),
                "expected.json" => {
                    let results: Value = serde_json::from_str(body).context("expected.json is not JSON")?;
                    let Value::Array(results) = results else { bail!("expected.json is not an array of solutions") };
                    case.evaluation.want = Want::Results(results);
                    expects = true;
                }
                "version" => case.evaluation.version = read_version(body.trim())?,
                "expected-errors" => case.errors = Some(body.lines().map(|line| line.trim().to_owned()).collect()),
                "expected-error" => {
                    case.evaluation.want = Want::Error(body.trim().to_owned());
                    expects = true;
                }
                "expected-error-text" | "strict-error-text" => {
                    let (text, strict) = (body.trim_end().to_owned(), name == "strict-error-text");
                    case.evaluation.want_error = Some(WantedError { text, strict });
                }
                module if module.ends_with(".rego") => {
                    case.evaluation.modules.push((module.to_owned(), body.to_owned()));
                }
                other => bail!("unknown section `{other}`"),
            }
        }
        if case.errors.is_none() && (case.evaluation.query.is_empty() || !expects) {
            bail!("{} has no query, or no expected.json", path.display());
        }
        Ok(case)
    }

    /// Answers the case with every engine and compares; the text of the snapshot.
    ///
    /// # Errors
    /// What differs, and in which engine.
    pub fn run(&self) -> Result<String> {
        if let Some(errors) = &self.errors {
            return self.refused(errors);
        }
        let mut snapshot = format!("{}\n", self.text.trim_end());
        // The first answer is that of one compiler, those over images that of the other.
        let module = Module::new(Compilation::Tiered)?;
        let mut answers = Vec::new();
        for optimizer in Optimizer::ALL {
            let planned = pipeline::plan(&self.evaluation, optimizer).map_err(anyhow::Error::msg)?;
            for engine in [&module as &dyn Engine, &Interpreter] {
                let answer = engine.answer(&planned, &self.evaluation).map_err(anyhow::Error::msg);
                let answer = answer.with_context(|| format!("{} (optimizer: {optimizer:?})", engine.name()))?;
                if let Err(difference) = judge(&self.evaluation, &answer) {
                    bail!("{} (optimizer: {optimizer:?}): {difference}", engine.name());
                }
                answers.push(answer);
                if optimizer == Optimizer::Written {
                    // A plan of OPA's does not say where rules are.
                    continue;
                }
                self.judge_error(engine, &planned)
                    .map_err(|difference| anyhow::anyhow!("{} ({optimizer:?}): {difference}", engine.name()))?;
            }
            let shown = match optimizer {
                Optimizer::Off => "unoptimized",
                Optimizer::On => "plan",
                Optimizer::SmallFunctions | Optimizer::Written => continue,
            };
            if self.shows(shown) {
                write!(snapshot, "\n-- {shown} --\n{}", print::print(&planned.program))?;
            }
            if optimizer == Optimizer::On && self.shows("wasm") {
                let options = CodegenOptions { guest_names: true, ..CodegenOptions::default() };
                let wasm = generate(&planned.program, &planned.sources, &options)?;
                let names = planned.program.functions.iter().map(|function| function.name.as_str());
                write!(snapshot, "\n-- wasm --\n{}", functions(&wasmprinter::print_bytes(&wasm)?, names))?;
            }
        }
        write!(snapshot, "\n-- answer --\n{}", answer_text(answers.first()))?;
        Ok(snapshot)
    }

    fn judge_error(&self, engine: &dyn Engine, planned: &Planned) -> Result<(), String> {
        let Some(want) = &self.evaluation.want_error else { return Ok(()) };
        let have = engine.error(planned, &self.evaluation, want.strict)?;
        judge_error(want, have.as_deref())
    }

    /// Compares the errors of texts that are to be refused.
    fn refused(&self, want: &BTreeSet<String>) -> Result<String> {
        let found = pipeline::errors(&ErrorCase {
            version: self.evaluation.version,
            strict: false,
            keep_print: false,
            modules: self.evaluation.modules.clone(),
            want: BTreeSet::new(),
            exhaustive: true,
        });
        let have: BTreeSet<String> = found.iter().map(|it| format!("{}:{}: {}", it.file, it.row, it.code)).collect();
        if have != *want {
            bail!("want {want:#?}\nhave {have:#?}");
        }
        let lines = found.iter().map(|it| format!("{}:{}:{}: {}: {}\n", it.file, it.row, it.col, it.code, it.message));
        Ok(format!("{}\n\n-- errors --\n{}", self.text.trim_end(), lines.collect::<String>()))
    }

    fn shows(&self, what: &str) -> bool {
        self.show.iter().any(|shown| shown == what)
    }
}

/// The sections of a text, each with its name.
fn sections(text: &str) -> Vec<(&str, &str)> {
    let mut sections = Vec::new();
    let mut rest = text;
    let mut open: Option<(&str, &str)> = None;
    while let Some(line_end) = rest.find('\n').map(|at| at + 1).or((!rest.is_empty()).then_some(rest.len())) {
        let (line, after) = rest.split_at(line_end);
        if let Some(name) = line.trim_end().strip_prefix("-- ").and_then(|line| line.strip_suffix(" --")) {
            close(&mut sections, open.take(), rest);
            open = Some((name, after));
        }
        rest = after;
    }
    close(&mut sections, open, rest);
    sections
}

/// Ends a section that began with `start` where `end` begins.
fn close<'t>(sections: &mut Vec<(&'t str, &'t str)>, open: Option<(&'t str, &'t str)>, end: &str) {
    if let Some((name, start)) = open {
        sections.push((name, start.get(..start.len() - end.len()).unwrap_or_default()));
    }
}

/// The functions of these names in the text of a module. The rest is the guest library, which has tests of its own.
fn functions<'n>(text: &str, names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> =
        names.flat_map(|name| [format!("(func ${name} "), format!("(func $#func{name} ")]).collect();
    let mut shown = String::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("  (func ") {
            inside = names.iter().any(|name| line.trim_start().starts_with(name));
        } else if line.starts_with("  (") {
            inside = false;
        }
        if inside {
            shown.push_str(line);
            shown.push('\n');
        }
    }
    shown
}

fn answer_text(answer: Option<&Answer>) -> String {
    match answer {
        Some(Answer::Results(results)) => results.iter().map(|result| format!("{result}\n")).collect(),
        Some(Answer::Error { code, .. }) => format!("{code}\n"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_end_where_the_next_begins() {
        let text = "about\n-- a.rego --\npackage a\n\n-- query --\ntrue\n-- expected.json --\n[{}]";
        assert_eq!(sections(text), [("a.rego", "package a\n\n"), ("query", "true\n"), ("expected.json", "[{}]")]);
    }
}
