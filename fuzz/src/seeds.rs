//! Writes the first inputs of every target into `corpus/`: `seeds CASES CORPUS`, where CASES is a folder of OPA's cases as the
//! conformance suite reads them. Without them the fuzzer starts from nothing, which works but takes longer.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::{Options, compile};
use regoc_fuzz::{BETWEEN_MODULES, BETWEEN_OPERANDS, STRING, family};
use serde_json::Value;

/// Where inputs go, and how many each target has.
struct Corpus {
    folder: PathBuf,
    count: usize,
}

impl Corpus {
    fn add(&mut self, target: &str, input: &[u8]) -> Result<(), Box<dyn Error>> {
        let folder = self.folder.join(target);
        fs::create_dir_all(&folder)?;
        self.count += 1;
        Ok(fs::write(folder.join(format!("seed-{}", self.count)), input)?)
    }
}

/// All files below a folder with that ending, in order.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, ending)?);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The modules of a case, its documents, and every fourth case's built module.
fn add_case(corpus: &mut Corpus, case: &Value, version: u8) -> Result<(), Box<dyn Error>> {
    let modules: Vec<&str> = case["modules"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for module in &modules {
        corpus.add("syntax", &[&[version], module.as_bytes()].concat())?;
    }
    let all = modules.join(BETWEEN_MODULES);
    corpus.add("compile", &[&[version], all.as_bytes()].concat())?;
    for document in [&case["data"], &case["input"]].into_iter().filter(|document| !document.is_null()) {
        corpus.add("values", &[&[0], document.to_string().as_bytes()].concat())?;
    }
    if let Some(term) = case["input_term"].as_str() {
        corpus.add("values", &[&[1], term.as_bytes()].concat())?;
    }
    if corpus.count % 32 == 0 {
        let mut sources = SourceSet::new();
        let rego = if version == 0 { RegoVersion::V0 } else { RegoVersion::V1 };
        modules.iter().for_each(|module| drop(sources.add("seed.rego", *module, rego)));
        if let Ok(compiled) = compile(&sources, &Options::default()) {
            corpus.add("module", &compiled.module.wasm)?;
        }
    }
    Ok(())
}

/// A single call of a builtin: the operands are elements of the input.
fn add_call(corpus: &mut Corpus, case: &Value, name: &str) -> Result<(), Box<dyn Error>> {
    let Some(category) = family(None).iter().find(|builtin| builtin.name == name).map(|builtin| builtin.category) else {
        return Ok(());
    };
    let number = family(Some(category)).iter().position(|builtin| builtin.name == name).unwrap_or_default() as u8;
    let Some(Ok(Value::Array(operands))) = case["input_term"].as_str().map(serde_json::from_str) else { return Ok(()) };
    let operands: Vec<Vec<u8>> = operands
        .iter()
        .map(|operand| match operand {
            Value::String(text) => [&[STRING], text.as_bytes()].concat(),
            other => other.to_string().into_bytes(),
        })
        .collect();
    let input = [vec![number], operands.join(&BETWEEN_OPERANDS)].concat();
    corpus.add(&format!("builtins-{}", category.replace('/', "-")), &input)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, cases, folder] = &arguments[..] else { return Err("seeds CASES CORPUS".into()) };
    let (cases, mut corpus) = (Path::new(cases), Corpus { folder: folder.into(), count: 0 });
    for (suite, version) in [("v0", 0), ("v1", 1), ("wasm", 1), ("errors", 1)] {
        for path in files(&cases.join(suite), ".json")? {
            let file: Value = serde_json::from_slice(&fs::read(path)?)?;
            for case in file["cases"].as_array().into_iter().flatten() {
                add_case(&mut corpus, case, version)?;
            }
        }
    }
    for path in files(&cases.join("made/builtins"), ".json")? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let file: Value = serde_json::from_slice(&fs::read(&path)?)?;
        for case in file["cases"].as_array().into_iter().flatten() {
            add_call(&mut corpus, case, &name)?;
        }
    }
    for path in files(&cases.join("bundles"), ".tar.gz")? {
        corpus.add("bundle", &fs::read(path)?)?;
    }
    println!("{} inputs", corpus.count);
    Ok(())
}
