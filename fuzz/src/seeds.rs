//! Writes the first inputs of every target into `corpus/`: `seeds CASES CORPUS`, where CASES is a folder of OPA's cases as the
//! conformance suite reads them. Without them the fuzzer starts from nothing, which works but takes longer.

use std::error::Error;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use regoc_abi::builtins::Builtin;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::{Options, compile};
use regoc_fuzz::archive::{BETWEEN_FILES, TAR};
use regoc_fuzz::small_modules::small_modules;
use regoc_fuzz::{BETWEEN_MODULES, BETWEEN_OPERANDS, STRING, family};
use serde_json::Value;

/// Bundles: names and contents of their files.
const BUNDLES: &[&[&str]] = &[
    &[
        ".manifest",
        r#"{"revision": "1", "roots": ["a", "b/c"], "rego_version": 1, "metadata": {"x": 1}}"#,
        "a/data.json",
        r#"{"x": 1}"#,
        "b/c/data.yaml",
        "x: [1, 2]\n",
    ],
    &[
        "p.rego",
        "package p\n\nq := data.a.x\n",
        "data.json",
        r#"{"a": {"x": 1}}"#,
        "a/b/data.yml",
        "- 1\n- a: {b: c}\n",
    ],
    &["patch.json", r#"{"data": [{"op": "upsert", "path": "/a/b", "value": [1]}, {"op": "remove", "path": "a"}]}"#],
    &[
        ".manifest",
        r#"{"file_rego_versions": {"*/p.rego": 0}, "wasm": [{"entrypoint": "p/q", "module": "policy.wasm"}]}"#,
        "x/p.rego",
        "package p\nq { true }\n",
    ],
    &[
        "plan.json",
        r#"{"static": {"strings": [{"value": "result"}]}, "plans": {"plans": [{"name": "p/q", "blocks": []}]}, "funcs": {"funcs": []}}"#,
    ],
    &[".signatures.json", r#"{"signatures": ["a.b.c"]}"#, "data.json", "{}"],
];

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
        add_written_calls(corpus, module)?;
    }
    let all = modules.join(BETWEEN_MODULES);
    corpus.add("compile", &[&[version], all.as_bytes()].concat())?;
    for document in [&case["data"], &case["input"]].into_iter().filter(|document| !document.is_null()) {
        corpus.add("values", &[&[0], document.to_string().as_bytes()].concat())?;
        corpus.add("values", &[&[2], document.to_string().as_bytes()].concat())?;
    }
    if let Some(term) = case["input_term"].as_str() {
        corpus.add("values", &[&[1], term.as_bytes()].concat())?;
    }
    if corpus.count % 32 == 0 {
        let mut sources = SourceSet::new();
        let rego = if version == 0 { RegoVersion::V0 } else { RegoVersion::V1 };
        for module in &modules {
            sources.add("seed.rego", *module, rego);
        }
        if let Ok(compiled) = compile(&sources, &Options::default()) {
            corpus.add("module", &compiled.module.wasm)?;
        }
    }
    Ok(())
}

/// A single call of a builtin: the operands are elements of the input.
fn add_made_call(corpus: &mut Corpus, case: &Value, name: &str) -> Result<(), Box<dyn Error>> {
    let Some(Ok(Value::Array(operands))) = case["input_term"].as_str().map(serde_json::from_str) else { return Ok(()) };
    if let Some(text) = operands.first().and_then(Value::as_str) {
        corpus.add("values", &[&[u8::from(name.starts_with("yaml.")) * 2], text.as_bytes()].concat())?;
    }
    match family(None).iter().find(|builtin| builtin.name == name) {
        Some(builtin) => add_call(corpus, builtin, &operands),
        None => Ok(()),
    }
}

/// The calls in the text of a policy, as far as their operands are constants or named ones.
fn add_written_calls(corpus: &mut Corpus, module: &str) -> Result<(), Box<dyn Error>> {
    for builtin in family(None).iter().filter(|builtin| builtin.infix.is_none()) {
        for (at, called) in module.match_indices(&format!("{}(", builtin.name)) {
            let part_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
            if module[..at].as_bytes().last().is_some_and(part_of_name) {
                continue;
            }
            let mut rest = &module[at + called.len()..];
            let mut operands = Vec::new();
            while operands.len() < builtin.params.len() {
                let (operand, length) = constant(rest, module, 2).unwrap_or((Value::Null, 0));
                operands.push(operand);
                rest = rest[length..].split_once(',').map_or("", |(_, rest)| rest);
            }
            if operands.iter().any(|operand| !operand.is_null()) {
                add_call(corpus, builtin, &operands)?;
            }
        }
    }
    Ok(())
}

/// The constant at the beginning of a text and its length; that of a name is what the module assigns to it.
fn constant(text: &str, module: &str, steps: u8) -> Option<(Value, usize)> {
    let blanks = text.len() - text.trim_start().len();
    let text = text.trim_start();
    if let Some(raw) = text.strip_prefix('`') {
        let (raw, _) = raw.split_once('`')?;
        return Some((raw.into(), blanks + raw.len() + 2));
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    if let Some(Ok(value)) = values.next() {
        return Some((value, blanks + values.byte_offset()));
    }
    let name = text.split(|character: char| !character.is_alphanumeric() && character != '_').next()?;
    let definition = [":=", "="].into_iter().find_map(|sign| Some(module.split_once(&format!("{name} {sign} "))?.1));
    let (value, _) = constant(definition.filter(|_| !name.is_empty() && steps > 0)?, module, steps - 1)?;
    Some((value, blanks + name.len()))
}

fn add_call(corpus: &mut Corpus, builtin: &Builtin, operands: &[Value]) -> Result<(), Box<dyn Error>> {
    let category = builtin.category;
    let number = family(Some(category)).iter().position(|other| other.name == builtin.name).unwrap_or_default() as u8;
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
            add_made_call(&mut corpus, case, &name)?;
        }
    }
    for path in files(&cases.join("bundles"), ".tar.gz")? {
        let packed = fs::read(path)?;
        corpus.add("bundle", &packed)?;
        let mut archive = vec![TAR];
        if GzDecoder::new(&packed[..]).read_to_end(&mut archive).is_ok() {
            corpus.add("bundle", &archive)?;
        }
    }
    for files in BUNDLES {
        corpus.add("bundle", &files.iter().map(|text| text.as_bytes()).collect::<Vec<_>>().join(&BETWEEN_FILES))?;
    }
    for module in small_modules() {
        corpus.add("module", &module)?;
    }
    println!("{} inputs", corpus.count);
    Ok(())
}
