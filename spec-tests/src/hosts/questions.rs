//! Questions for hosts whose loader is an SDK of others: each is asked of our module and of the one that OPA builds of the same policy, and
//! the SDK must do the same with both.

use anyhow::Result;
use regoc_compiler::plan::order::compare;
use serde_json::{Value, json};

use super::folder::Folder;
use super::scripts::{CUSTOM, EFFECTS, EFFECTS_ENTRYPOINTS, PURE, PURE_ENTRYPOINTS, effects_module, pure_module};

/// Two modules of one policy: ours, and OPA's.
struct Modules {
    ours: String,
    opas: String,
}

impl Modules {
    /// A question: steps that set data or ask.
    fn question(&self, id: &str, builtins: Value, steps: Vec<Value>) -> Value {
        json!({"id": id, "module": self.ours, "opas": self.opas, "builtins": builtins, "steps": steps})
    }
}

fn pure(folder: &mut Folder) -> Result<Modules> {
    let ours = folder.module(&pure_module()?)?;
    Ok(Modules { ours, opas: folder.opas_module(PURE, PURE_ENTRYPOINTS, None)? })
}

fn effects(folder: &mut Folder) -> Result<Modules> {
    let mut capabilities = folder.opas_capabilities()?;
    if let Some(builtins) = capabilities.get_mut("builtins").and_then(Value::as_array_mut) {
        for (name, count) in CUSTOM {
            let number = json!({"type": "number"});
            let declaration = json!({"type": "function", "args": vec![&number; *count], "result": number});
            builtins.push(json!({"name": name, "decl": declaration}));
        }
    }
    let ours = folder.module(&effects_module()?)?;
    Ok(Modules { ours, opas: folder.opas_module(EFFECTS, EFFECTS_ENTRYPOINTS, Some(&capabilities))? })
}

fn ask(entrypoint: &str, input: &str) -> Value {
    json!({"entrypoint": entrypoint, "input": input})
}

/// How an SDK is used.
///
/// # Errors
/// When a module cannot be built or written.
pub fn traps(folder: &mut Folder) -> Result<Vec<Value>> {
    let (pure, effects) = (pure(folder)?, effects(folder)?);
    let kinds = ["null", "false", "0", "\"\"", "{}", "[]", "1", "\"text\""].map(|input| ask("example/kind", input));
    // One name: OPA's modules give the elements of sets in the order of their hashes.
    let names = r#"{"names": ["bob"]}"#;
    let answers = json!({
        "custom.pair": {"arguments": true},
        "custom.triple": {"answer": "6"},
        "http.send": {"answer": r#"{"status_code": 200}"#},
        "rand.intn": {"answer": "4"},
        "time.now_ns": {"answer": "1700000000000000000"},
    });
    Ok(vec![
        pure.question("input of each kind", json!({}), kinds.to_vec()),
        pure.question("input that is undefined", json!({}), vec![json!({"entrypoint": "example/kind"})]),
        pure.question(
            "shapes of answers",
            json!({}),
            vec![
                ask("example/names", names),
                ask("example/missing", "{}"),
                ask("example/greeting", r#"{"name": "you"}"#),
            ],
        ),
        pure.question(
            "the first entrypoint, by number and by default",
            json!({}),
            vec![json!({"input": r#"{"x": 1}"#}), json!({"input": r#"{"x": 1}"#, "entrypoint": 0})],
        ),
        pure.question(
            "data that is replaced",
            json!({}),
            vec![
                ask("example/level", r#"{"name": "ann"}"#),
                json!({"data": r#"{"levels": {"ann": 1}}"#}),
                ask("example/level", r#"{"name": "ann"}"#),
                json!({"data": r#"{"levels": {"ann": {"deep": [2]}}}"#}),
                ask("example/level", r#"{"name": "ann"}"#),
                json!({"data": "{}"}),
                ask("example/level", r#"{"name": "ann"}"#),
            ],
        ),
        effects.question(
            "effects and custom builtins are the host's",
            answers,
            vec![
                ask("example/now", "{}"),
                ask("example/triple", r#"{"x": 2}"#),
                ask("example/pair", r#"{"x": 2, "y": 3}"#),
                ask("example/status", r#"{"request": {"method": "get", "url": "http://example.com"}}"#),
                ask("example/dice", r#"{"name": "one"}"#),
            ],
        ),
    ])
}

/// What an SDK does when something is wrong.
///
/// # Errors
/// When a module cannot be built or written.
pub fn bad(folder: &mut Folder) -> Result<Vec<Value>> {
    let (pure, effects) = (pure(folder)?, effects(folder)?);
    let others = json!({"http.send": {}, "rand.intn": {"answer": "4"}, "time.now_ns": {}, "custom.pair": {}});
    let with = |answer: Value| {
        let mut builtins = others.clone();
        if let Some(builtins) = builtins.as_object_mut() {
            builtins.insert("custom.triple".to_owned(), answer);
        }
        builtins
    };
    let steps = || vec![ask("example/triple", r#"{"x": 2}"#), ask("example/dice", r#"{"name": "one"}"#)];
    Ok(vec![
        pure.question(
            "an unknown entrypoint",
            json!({}),
            vec![ask("example/nobody", "{}"), ask("example/allow", r#"{"x": 1}"#)],
        ),
        effects.question("a builtin that the host lacks", others.clone(), steps()),
        effects.question("a builtin that throws", with(json!({"throws": "the database is away"})), steps()),
        effects.question("a builtin that answers nothing", with(json!({})), steps()),
    ])
}

/// Whether what a host said of our module is what it said of OPA's: the same text, or JSON of the same value.
#[must_use]
pub fn same(ours: &str, opas: &str) -> bool {
    let json = |text: &str| serde_json::from_str::<Value>(text).ok().map(|value| crate::judge::constant(&value));
    ours == opas || json(ours).zip(json(opas)).is_some_and(|(ours, opas)| compare(&ours, &opas).is_eq())
}
