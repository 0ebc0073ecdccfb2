//! Finds files of cases and says what kind of case each file holds. The shape of each kind is described in the README of the
//! conformance data.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::errors::ErrorCase;
use crate::evaluation::EvaluationCase;

/// The folders at the top of the conformance data; the name of a case begins with one of them.
const TOP_FOLDERS: &[&str] =
    &["v0", "v1", "wasm", "made", "plans", "plans-1.10", "errors", "fmt", "bundles", "cli", "schemas"];

/// What kind of case a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Policies with a query and its answer, compiled by regoc.
    Evaluation,
    /// The same, but the plan is OPA's.
    Plans,
    /// Texts that OPA refuses.
    Errors,
    /// Texts and what OPA's formatter makes of them.
    Formatter,
    /// Bundles and what OPA says of them.
    Bundles,
    /// Command-line scripts.
    Scripts,
    /// Schemas of OPA's file formats.
    Schemas,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Evaluation => "evaluation",
            Self::Plans => "plans",
            Self::Errors => "errors",
            Self::Formatter => "formatter",
            Self::Bundles => "bundles",
            Self::Scripts => "scripts",
            Self::Schemas => "schemas",
        })
    }
}

/// A file of cases.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its path below the top of the conformance data, such as `v1/every/every.json`.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

impl CaseFile {
    /// The folder of the file, by which results are grouped: `v1/every`.
    #[must_use]
    pub fn category(&self) -> &str {
        match self.name.rsplit_once('/') {
            // The files of these folders are categories themselves.
            Some(("wasm" | "plans/wasm" | "made/builtins" | "fmt", _)) => self.name.trim_end_matches(".json"),
            Some((folder, _)) => folder,
            None => &self.name,
        }
    }
}

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file it is from.
    pub file: Arc<CaseFile>,
    /// The place in the file, from 0.
    pub position: usize,
    /// The name that OPA gives it.
    pub note: String,
    /// What to do.
    pub body: Body,
}

impl Case {
    /// The identity of the case: the name of the file and the place in it.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}:{}", self.file.name, self.position)
    }
}

/// What to do in a case.
#[derive(Clone, Debug)]
pub enum Body {
    /// Compile, ask, compare. With a plan of OPA's, that is what is compiled.
    Evaluation(Box<EvaluationCase>, Option<Box<Value>>),
    /// Compile and compare the errors.
    Errors(Box<ErrorCase>),
}

/// All files of cases in a folder (or the file itself), in order of their names. Files that hold no cases are left out.
///
/// # Errors
/// When the folder or one of its files cannot be read.
pub fn find_files(root: &Path) -> Result<Vec<Arc<CaseFile>>> {
    let root = root.canonicalize().with_context(|| format!("cannot read {}", root.display()))?;
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files.into_iter().map(Arc::new).collect())
}

fn collect(path: &Path, files: &mut Vec<CaseFile>) -> Result<()> {
    if path.is_dir() {
        for entry in path.read_dir().with_context(|| format!("cannot read {}", path.display()))? {
            collect(&entry?.path(), files)?;
        }
        return Ok(());
    }
    let name = name_below_top(path);
    if let Some(kind) = kind_of(path, &name)? {
        files.push(CaseFile { path: path.to_path_buf(), name, kind });
    }
    Ok(())
}

/// The part of a path that begins with the folders at the top of the conformance data; else the name of the file.
fn name_below_top(path: &Path) -> String {
    let steps: Vec<&str> = path.iter().filter_map(|step| step.to_str()).collect();
    let folders = steps.len().saturating_sub(1);
    let is_top = |at: usize| steps.get(at).is_some_and(|step| TOP_FOLDERS.contains(step));
    let Some(last) = (0..folders).rev().find(|at| is_top(*at)) else {
        return steps.last().copied().unwrap_or_default().to_owned();
    };
    let first = (0..=last).rev().take_while(|at| is_top(*at)).last().unwrap_or(last);
    steps.get(first..).unwrap_or_default().join("/")
}

/// What a file holds, by its place and its first fields.
fn kind_of(path: &Path, name: &str) -> Result<Option<Kind>> {
    if name.ends_with(".txtar") {
        return Ok(Some(Kind::Scripts));
    }
    if name.starts_with("schemas/") {
        return Ok(Some(Kind::Schemas));
    }
    if !name.ends_with(".json") {
        return Ok(None);
    }
    let json = read_json(path)?;
    let first = json.get("cases").and_then(|cases| cases.get(0));
    let has = |name: &str| first.is_some_and(|case| case.get(name).is_some());
    Ok(if json.get("plans").is_some() {
        Some(Kind::Plans)
    } else if json.get("bundles").is_some() {
        Some(Kind::Bundles)
    } else if has("want_errors") {
        Some(Kind::Errors)
    } else if has("from") {
        Some(Kind::Formatter)
    } else if has("query") {
        Some(Kind::Evaluation)
    } else {
        None
    })
}

/// Reads a JSON document of any depth.
///
/// # Errors
/// When the file cannot be read or is not JSON.
pub fn read_json(path: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

/// The count of cases in a file of a kind that nothing runs yet.
///
/// # Errors
/// When the file cannot be read.
pub fn count(file: &CaseFile) -> Result<usize> {
    let list = match file.kind {
        Kind::Scripts | Kind::Schemas => return Ok(1),
        Kind::Bundles => "bundles",
        Kind::Plans => "plans",
        Kind::Evaluation | Kind::Errors | Kind::Formatter => "cases",
    };
    Ok(read_json(&file.path)?.get(list).and_then(Value::as_array).map_or(0, Vec::len))
}

/// The cases of a file. Formatter cases, bundles, scripts and schemas have none here.
///
/// # Errors
/// When the file cannot be read or has not the shape that the README describes.
pub fn load(file: &Arc<CaseFile>) -> Result<Vec<Case>> {
    let json = read_json(&file.path)?;
    let read = || match file.kind {
        Kind::Evaluation => evaluations(file, &json),
        Kind::Plans => plans(file, json.clone()),
        Kind::Errors => error_cases(file, &json),
        Kind::Formatter | Kind::Bundles | Kind::Scripts | Kind::Schemas => Ok(Vec::new()),
    };
    read().with_context(|| format!("in {}", file.path.display()))
}

fn evaluations(file: &Arc<CaseFile>, json: &Value) -> Result<Vec<Case>> {
    let in_wasm = file.name.starts_with("wasm/");
    let version = text(json, "rego_version")?;
    let cases = list(json, "cases")?.iter().enumerate();
    cases
        .map(|(position, case)| {
            let body = EvaluationCase::read(case, version, in_wasm).with_context(|| format!("case {position}"))?;
            Ok(Case {
                file: file.clone(),
                position,
                note: text(case, "note")?.to_owned(),
                body: Body::Evaluation(Box::new(body), None),
            })
        })
        .collect()
}

/// The plans of a file with the cases they belong to, which lie under the same name outside of the folder of plans.
fn plans(file: &Arc<CaseFile>, mut json: Value) -> Result<Vec<Case>> {
    let Some((_, source)) = file.name.split_once('/') else { bail!("a file of plans is not in a folder of plans") };
    let root = file.path.ancestors().nth(file.name.split('/').count()).context("no folder around the plans")?;
    let source_path = root.join(source);
    let sources = CaseFile { path: source_path.clone(), name: source.to_owned(), kind: Kind::Evaluation };
    let cases = evaluations(&Arc::new(sources), &read_json(&source_path)?)?;
    let Some(Value::Array(plans)) = json.get_mut("plans").map(Value::take) else { bail!("no list of plans") };
    let mut found = Vec::new();
    for mut plan in plans {
        let position = plan.get("case").and_then(Value::as_u64).context("a plan does not say its case")?;
        let position = usize::try_from(position)?;
        let case = cases.get(position).with_context(|| format!("{source} has no case {position}"))?;
        let Body::Evaluation(body, _) = case.body.clone() else { bail!("{source}:{position} is not an evaluation") };
        let plan = plan.get_mut("plan").map(Value::take).context("a plan is missing")?;
        found.push(Case {
            file: file.clone(),
            position,
            note: case.note.clone(),
            body: Body::Evaluation(body, Some(Box::new(plan))),
        });
    }
    Ok(found)
}

fn error_cases(file: &Arc<CaseFile>, json: &Value) -> Result<Vec<Case>> {
    let cases = list(json, "cases")?.iter().enumerate();
    cases
        .map(|(position, case)| {
            let body = ErrorCase::read(case).with_context(|| format!("case {position}"))?;
            Ok(Case {
                file: file.clone(),
                position,
                note: text(case, "note")?.to_owned(),
                body: Body::Errors(Box::new(body)),
            })
        })
        .collect()
}

/// A field that must be there and be a string.
pub(crate) fn text<'a>(json: &'a Value, name: &str) -> Result<&'a str> {
    json.get(name).and_then(Value::as_str).with_context(|| format!("the field `{name}` is not a string"))
}

/// A field that must be a list if it is there.
pub(crate) fn list<'a>(json: &'a Value, name: &str) -> Result<&'a [Value]> {
    match json.get(name) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => bail!("the field `{name}` is not a list"),
    }
}

/// A field that is a list of strings if it is there.
pub(crate) fn texts(json: &Value, name: &str) -> Result<Vec<String>> {
    let items = list(json, name)?.iter();
    items
        .map(|item| item.as_str().map(str::to_owned).with_context(|| format!("`{name}` is not a list of strings")))
        .collect()
}

/// A field that is `true`; false when it is missing.
pub(crate) fn flag(json: &Value, name: &str) -> bool {
    json.get(name).and_then(Value::as_bool).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_below_the_top_of_the_data() {
        let name = |path: &str| name_below_top(Path::new(path));
        assert_eq!(name("/v1/data/plans/v1/every/every.json"), "plans/v1/every/every.json");
        assert_eq!(name("/data/v1/every/every.json"), "v1/every/every.json");
        assert_eq!(name("/data/every.json"), "every.json");
    }
}
