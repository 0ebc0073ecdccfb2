//! What a host in Rust is asked (`spec-tests/hosts/README.md`), for any loader: reads the folder, runs a mode, prints the report. Programs
//! with engines of their own include these files by their path, so they use nothing but `anyhow` and `serde_json`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

pub mod plain;

/// How a builtin of the host answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Always this JSON text.
    pub text: Option<String>,
    /// The list of its arguments.
    pub arguments: bool,
    /// An error.
    pub throws: Option<String>,
}

impl Answer {
    fn read(json: &Value) -> Self {
        let text = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
        Self { text: text("answer"), arguments: json.get("arguments").is_some(), throws: text("throws") }
    }

    /// Takes and gives JSON texts; none is no answer.
    ///
    /// # Errors
    /// When it is one that fails.
    pub fn call(&self, arguments: &[String]) -> Result<Option<String>> {
        match &self.throws {
            Some(message) => bail!("host: {message}"),
            None if self.arguments => Ok(Some(format!("[{}]", arguments.join(",")))),
            None => Ok(self.text.clone()),
        }
    }
}

/// The builtins of a host by their names.
pub type Builtins = BTreeMap<String, Answer>;

/// The builtins of a field of the folder's JSON.
#[must_use]
pub fn builtins(table: &Value) -> Builtins {
    let entries = table.as_object().into_iter().flatten();
    entries.map(|(name, answer)| (name.clone(), Answer::read(answer))).collect()
}

/// A loader of policies.
pub trait Loader {
    /// A module that is compiled.
    type Module;
    /// An instance.
    type Policy: Policy;

    /// What the loader is called, and its engine.
    fn names(&self) -> (String, String);

    /// Compiles a module.
    ///
    /// # Errors
    /// When the engine refuses it.
    fn compile(&self, bytes: &[u8]) -> Result<Self::Module>;

    /// Makes an instance.
    ///
    /// # Errors
    /// When it cannot be made.
    fn instantiate(&self, module: &Self::Module, builtins: Builtins) -> Result<Self::Policy>;

    /// Whether the loader cannot answer that builtin, and takes no other's answer.
    fn lacks(&self, _builtin: &str) -> bool {
        false
    }

    /// Runs a script, if it is a loader of the ABI's calls.
    fn script(&self, _bytes: &[u8], _script: &Value) -> Option<Result<Vec<String>>> {
        None
    }
}

/// A policy that answers.
pub trait Policy {
    /// Sets the base document.
    ///
    /// # Errors
    /// When that fails.
    fn set_data(&mut self, json: &str) -> Result<()>;

    /// Answers with the result set as JSON text.
    ///
    /// # Errors
    /// When that fails.
    fn evaluate(&mut self, input: Option<&str>, entrypoint: &str) -> Result<String>;

    /// How many bytes of memory the instance has.
    fn memory(&self) -> usize;
}

/// The folder that a host is asked from.
pub struct Folder {
    path: PathBuf,
    asked: Value,
}

impl Folder {
    fn open(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path.join("cases.json")).context("reading cases.json")?;
        Ok(Self { path: path.to_path_buf(), asked: serde_json::from_str(&text).context("cases.json")? })
    }

    fn module(&self, row: &Value, field: &str) -> Result<Vec<u8>> {
        let name = text(row, field)?;
        std::fs::read(self.path.join(name)).with_context(|| format!("reading {name}"))
    }
}

fn text<'a>(row: &'a Value, field: &str) -> Result<&'a str> {
    row.get(field).and_then(Value::as_str).with_context(|| format!("no `{field}`"))
}

fn rows<'a>(json: &'a Value, path: &str) -> impl Iterator<Item = &'a Value> {
    json.pointer(path).and_then(Value::as_array).into_iter().flatten()
}

/// Runs a mode of a folder, as the arguments of the program say: `FOLDER MODE [COUNT]`. Answers the report.
///
/// # Errors
/// When the folder cannot be read, a mode is unknown, or what must not fail does.
pub fn run<L: Loader>(loader: &L, arguments: &[String]) -> Result<Value> {
    let [folder, mode, rest @ ..] = arguments else { bail!("arguments: FOLDER MODE [COUNT]") };
    let folder = Folder::open(Path::new(folder))?;
    let count = rest.first().map(|count| count.parse()).transpose()?;
    let (name, report) = match mode.as_str() {
        "cases" => ("cases", cases(loader, &folder)?),
        "data" => ("data", data(loader, &folder, count)?),
        "soak" => ("soak", soak(loader, &folder, count)?),
        "speed" => ("speed", speed(loader, &folder)?),
        "traps" | "bad" | "limits" => misuse(loader, &folder, mode)?,
        other => bail!("unknown mode {other}"),
    };
    let (host, engine) = loader.names();
    Ok(json!({"host": host, "engine": engine, name: report}))
}

fn cases<L: Loader>(loader: &L, folder: &Folder) -> Result<Value> {
    let all = folder.asked.get("builtins").map(builtins).unwrap_or_default();
    let mut report = Vec::new();
    for row in rows(&folder.asked, "/cases") {
        let names: Vec<&str> = rows(row, "/builtins").filter_map(Value::as_str).collect();
        let mut asked = all.clone();
        asked.retain(|name, _| names.contains(&name.as_str()));
        let id = text(row, "id")?;
        if names.iter().any(|name| loader.lacks(name)) {
            report.push(json!({"id": id, "skipped": "the loader lacks a builtin"}));
            continue;
        }
        report.push(match answer(loader, folder, row, asked) {
            Ok(answer) => json!({"id": id, "answer": answer}),
            Err(error) => json!({"id": id, "error": format!("{error:#}")}),
        });
    }
    Ok(report.into())
}

fn answer<L: Loader>(loader: &L, folder: &Folder, row: &Value, builtins: Builtins) -> Result<String> {
    let mut policy = loader.instantiate(&loader.compile(&folder.module(row, "module")?)?, builtins)?;
    policy.set_data(text(row, "data")?)?;
    policy.evaluate(row.get("input").and_then(Value::as_str), text(row, "entrypoint")?)
}

fn data<L: Loader>(loader: &L, folder: &Folder, count: Option<u64>) -> Result<Value> {
    let row = folder.asked.get("data").context("no data")?;
    let mut policy = loader.instantiate(&loader.compile(&folder.module(row, "module")?)?, Builtins::new())?;
    let documents: Vec<&str> = rows(row, "/documents").filter_map(Value::as_str).collect();
    let count = count.or_else(|| row.get("replacements").and_then(Value::as_u64)).context("no replacements")?;
    let (mut answers, mut tenth) = (Vec::new(), 0);
    for (number, document) in (1..=count).zip(documents.iter().cycle()) {
        policy.set_data(document)?;
        let answer = policy.evaluate(Some(text(row, "input")?), text(row, "entrypoint")?)?;
        if answers.len() < documents.len() {
            answers.push(answer);
        }
        if number == 10 {
            tenth = policy.memory();
        }
    }
    Ok(json!({"answers": answers, "replacements": count, "memory": [tenth, policy.memory()]}))
}

fn soak<L: Loader>(loader: &L, folder: &Folder, count: Option<u64>) -> Result<Value> {
    let row = folder.asked.get("soak").context("no soak")?;
    let count = count.or_else(|| row.get("evaluations").and_then(Value::as_u64)).context("no evaluations")?;
    let mut policy = loader.instantiate(&loader.compile(&folder.module(row, "module")?)?, Builtins::new())?;
    policy.set_data(text(row, "data")?)?;
    let (input, entrypoint) = (text(row, "input")?, text(row, "entrypoint")?);
    let (mut before, mut answer) = (0, String::new());
    for number in 1..=count {
        answer = policy.evaluate(Some(input), entrypoint)?;
        if number == 1_000 {
            before = policy.memory();
        }
    }
    Ok(json!({"answers": [answer], "evaluations": count, "memory": [before, policy.memory()]}))
}

/// The median of what two works take in nanoseconds; they take turns, each so often in a turn that the clock shows it.
fn medians(works: &mut [Box<dyn FnMut() -> Result<()> + '_>], turns: usize) -> Result<Vec<u64>> {
    let mut counts = Vec::new();
    for work in works.iter_mut() {
        let start = Instant::now();
        let mut count: u32 = 0;
        while start.elapsed().as_millis() < 20 {
            work()?;
            count += 1;
        }
        counts.push(count);
    }
    let mut times = vec![Vec::new(); works.len()];
    for _ in 0..turns {
        for ((work, count), times) in works.iter_mut().zip(&counts).zip(&mut times) {
            let start = Instant::now();
            for _ in 0..*count {
                work()?;
            }
            times.push(u64::try_from(start.elapsed().as_nanos() / u128::from(*count))?);
        }
    }
    Ok(times
        .into_iter()
        .map(|mut times| {
            times.sort_unstable();
            times.get(turns / 2).copied().unwrap_or(0)
        })
        .collect())
}

fn speed<L: Loader>(loader: &L, folder: &Folder) -> Result<Value> {
    let mut report = Vec::new();
    for row in rows(&folder.asked, "/figures") {
        let bytes = [folder.module(row, "module")?, folder.module(row, "opas")?];
        let (entrypoint, input, data) = (text(row, "entrypoint")?, text(row, "input")?, text(row, "data")?);
        let (mut decide, mut load, mut instantiate) = (works(), works(), works());
        for bytes in &bytes {
            let module = loader.compile(bytes)?;
            let mut policy = loader.instantiate(&module, Builtins::new())?;
            policy.set_data(data)?;
            decide.push(Box::new(move || policy.evaluate(Some(input), entrypoint).map(drop)));
            instantiate.push(Box::new(move || loader.instantiate(&module, Builtins::new()).map(drop)));
            load.push(Box::new(|| loader.instantiate(&loader.compile(bytes)?, Builtins::new()).map(drop)));
        }
        report.push(json!({
            "id": text(row, "id")?,
            "decision": medians(&mut decide, 15)?,
            "load": medians(&mut load, 5)?,
            "instantiate": medians(&mut instantiate, 9)?,
        }));
    }
    Ok(report.into())
}

fn works<'a>() -> Vec<Box<dyn FnMut() -> Result<()> + 'a>> {
    Vec::new()
}

fn misuse<L: Loader>(loader: &L, folder: &Folder, mode: &str) -> Result<(&'static str, Value)> {
    let mut scripts = Vec::new();
    for script in rows(&folder.asked, &format!("/scripts/{mode}")) {
        match loader.script(&folder.module(script, "module")?, script) {
            Some(outcomes) => scripts.push(json!({"id": text(script, "id")?, "outcomes": outcomes?})),
            None => return Ok(("questions", questions(loader, folder, mode)?)),
        }
    }
    Ok(("scripts", scripts.into()))
}

fn questions<L: Loader>(loader: &L, folder: &Folder, mode: &str) -> Result<Value> {
    let mut report = Vec::new();
    for question in rows(&folder.asked, &format!("/questions/{mode}")) {
        let ask = |field: &str| Ok::<_, anyhow::Error>(outcomes(loader, &folder.module(question, field)?, question));
        report.push(json!({"id": text(question, "id")?, "ours": ask("module")?, "opas": ask("opas")?}));
    }
    Ok(report.into())
}

fn outcomes<L: Loader>(loader: &L, bytes: &[u8], question: &Value) -> Vec<String> {
    let table = question.get("builtins").map(builtins).unwrap_or_default();
    let mut policy = match loader.compile(bytes).and_then(|module| loader.instantiate(&module, table)) {
        Ok(policy) => policy,
        Err(error) => return vec![format!("not loaded: {error:#}")],
    };
    let outcome = |step| outcome(&mut policy, step).unwrap_or_else(|error| format!("error: {error:#}"));
    rows(question, "/steps").map(outcome).collect()
}

fn outcome<P: Policy>(policy: &mut P, step: &Value) -> Result<String> {
    if let Some(data) = step.get("data").and_then(Value::as_str) {
        return policy.set_data(data).map(|()| "data".to_owned());
    }
    // By number or by default: loaders that only know names ask for the first.
    let entrypoint = step.get("entrypoint").and_then(Value::as_str).unwrap_or("example/allow");
    policy.evaluate(step.get("input").and_then(Value::as_str), entrypoint)
}
