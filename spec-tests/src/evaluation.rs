//! Evaluation cases: policies, documents, a query, and the answer that OPA gives.

use anyhow::{Context, Result, bail};
use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::syntax::{ParseOptions, parse_query, print};
use serde_json::Value;

use crate::case::{flag, list, text, texts};

/// A policy with a question and its answer.
#[derive(Clone, Debug)]
pub struct EvaluationCase {
    /// How modules are read.
    pub version: RegoVersion,
    /// The modules, each with its name.
    pub modules: Vec<(String, String)>,
    /// The query; its variables are the names in the answer.
    pub query: String,
    /// The base document, as JSON text.
    pub data: String,
    /// The input document in value syntax (JSON, and sets and any keys); none when undefined.
    pub input: Option<String>,
    /// The answer.
    pub want: Want,
    /// Whether a bound value that is an array is sorted before it is compared.
    pub sort_bindings: bool,
    /// Whether bindings of variables that OPA made are dropped.
    pub ignore_generated_variables: bool,
    /// The whole error, if the case has one; it may be there only where builtin errors are strict.
    pub want_error: Option<WantedError>,
}

/// An error that ends a decision, as OPA prints it.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedError {
    /// `FILE:ROW: CODE: MESSAGE`
    pub text: String,
    /// Whether it is there only where builtin errors are strict.
    pub strict: bool,
}

/// The answer that a case wants when failing builtins are undefined.
#[derive(Clone, Debug, PartialEq)]
pub enum Want {
    /// The bindings, one object for each solution.
    Results(Vec<Value>),
    /// An evaluation error of that code.
    Error(String),
}

impl EvaluationCase {
    /// Reads a case of the conformance data.
    ///
    /// # Errors
    /// When a field is missing or has another type than the README says.
    pub fn read(json: &Value, version: &str, in_wasm: bool) -> Result<Self> {
        let prefix = if in_wasm { "module" } else { "test-" };
        let modules = texts(json, "modules")?.into_iter().enumerate();
        let want = match (json.get("want_plan_result"), json.get("want_plan_error_code")) {
            (Some(_), _) => Want::Results(list(json, "want_plan_result")?.to_vec()),
            (None, Some(code)) => {
                Want::Error(code.as_str().context("`want_plan_error_code` is not a string")?.to_owned())
            }
            (None, None) => bail!("neither `want_plan_result` nor `want_plan_error_code`"),
        };
        let input = match (json.get("input_term"), json.get("input")) {
            (Some(term), _) => Some(value_syntax(term.as_str().context("`input_term` is not a string")?)?),
            (None, Some(input)) => Some(input.to_string()),
            (None, None) => None,
        };
        Ok(Self {
            version: read_version(version)?,
            modules: modules.map(|(index, text)| (format!("{prefix}{index}.rego"), text)).collect(),
            query: text(json, "query")?.to_owned(),
            data: json.get("data").map_or_else(|| "{}".to_owned(), Value::to_string),
            input,
            want,
            sort_bindings: flag(json, "sort_bindings"),
            ignore_generated_variables: flag(json, "ignore_generated_vars"),
            want_error: json
                .get("want_error_text")
                .and_then(Value::as_str)
                .map(|text| WantedError { text: text.to_owned(), strict: flag(json, "strict_error") }),
        })
    }
}

/// A ground term of Rego in value syntax, which allows less: no commas at the end, no comments, no raw strings.
fn value_syntax(term: &str) -> Result<String> {
    let mut sources = SourceSet::new();
    let file = sources.add("input", term, RegoVersion::V1);
    let capabilities = Capabilities::default();
    let (body, diagnostics) =
        parse_query(&sources, file, RegoVersion::V1, &ParseOptions { capabilities: &capabilities });
    match (body, diagnostics.first()) {
        (Some(body), None) => Ok(print::body(&body)),
        (_, Some(diagnostic)) => bail!("the input term cannot be read: {}", diagnostic.message),
        (None, None) => bail!("the input term is empty"),
    }
}

/// A version of Rego as the cases name it.
///
/// # Errors
/// When the name is unknown.
pub fn read_version(name: &str) -> Result<RegoVersion> {
    match name {
        "v0" => Ok(RegoVersion::V0),
        "v1" => Ok(RegoVersion::V1),
        "v0-compat-v1" => Ok(RegoVersion::V0CompatV1),
        other => bail!("unknown version of Rego `{other}`"),
    }
}
