//! Scripts of the ABI's calls for hosts whose loader is our own: every export as loaders use it, the traps that loaders of others have
//! fallen into (`traps`), and what nobody should pass (`bad`). Each script says what it shows, so that hosts hold no expectation.
//!
//! A wanted text that ends in `…` is only the beginning.

use std::sync::Arc;

use anyhow::Result;
use regoc_abi::builtins::Placement;
use regoc_compiler::capabilities::{Builtin, BuiltinType, Capabilities};
use regoc_compiler::resolve::EntrypointSelection;
use regoc_compiler::source::{RegoVersion, SourceSet};
use regoc_compiler::{Options, compile};
use serde_json::{Value, json};

use super::folder::Folder;

/// What needs no host. The entrypoints are numbered as in [`PURE_ENTRYPOINTS`].
pub const PURE: &str = r#"package example

allow if input.x == 1

level := data.levels[input.name]

kind := type_name(input)

names contains name if some name in input.names

counts[count(name)] := name if some name in input.names

greeting := $"hello {input.name}"

conflict := input.x

conflict := input.y

missing if input.missing

pairs := count([1 | some a in input.numbers; some b in input.numbers; a + b == 0])

same := input.value

default fallback(_) := "nobody"

fallback(name) := data.levels[name]

who := fallback(input.name)

known if {
	every name, level in input.levels {
		name, level in data.levels
	}
	not input.name in input.strangers
}
"#;

/// The entrypoints of [`PURE`], in the order of their numbers.
pub const PURE_ENTRYPOINTS: &[&str] = &[
    "example/allow",
    "example/level",
    "example/kind",
    "example/names",
    "example/counts",
    "example/greeting",
    "example/conflict",
    "example/missing",
    "example/pairs",
    "example/same",
    "example/who",
    "example/known",
];

/// What looks for keys in base data that are enough for an index.
const INDEXED: &str = r#"package example

ids contains row.id if {
	some row in data.rows
	row.role == input.role
	row.level == input.level
}

places contains [place, row.id] if {
	some place, row in data.rows
	row.role == input.role
}

members contains name if {
	some name, user in data.users
	some group in user.groups
	group == input.role
}
"#;

/// What asks its host.
pub const EFFECTS: &str = r"package example

now := time.now_ns()

triple := custom.triple(input.x)

pair := custom.pair(input.x, input.y)

status := http.send(input.request).status_code

dice := rand.intn(input.name, 6)
";

/// The entrypoints of [`EFFECTS`], in the order of their numbers.
pub const EFFECTS_ENTRYPOINTS: &[&str] =
    &["example/now", "example/triple", "example/pair", "example/status", "example/dice"];

/// The builtins that [`EFFECTS`] has from a file of capabilities: name and count of parameters.
pub const CUSTOM: &[(&str, usize)] = &[("custom.triple", 1), ("custom.pair", 2)];

/// The builtins that the module of [`EFFECTS`] asks for, and no others.
pub const ASKED: &[&str] = &["custom.pair", "custom.triple", "http.send", "rand.intn", "time.now_ns"];

/// The module of [`EFFECTS`].
///
/// # Errors
/// When the compiler refuses it.
pub fn effects_module() -> Result<Vec<u8>> {
    let mut capabilities = Capabilities::default();
    for (name, count) in CUSTOM {
        let builtin = Builtin {
            name: (*name).into(),
            infix: None,
            params: vec![BuiltinType::Number; *count],
            variadic: None,
            result: Some(BuiltinType::Number),
            placement: Placement::Host,
            nondeterministic: false,
            relation: false,
            deprecated: false,
        };
        capabilities.builtins.insert(builtin.name.clone(), builtin);
    }
    build(EFFECTS, EFFECTS_ENTRYPOINTS, capabilities)
}

/// The module of [`PURE`].
///
/// # Errors
/// When the compiler refuses it.
pub fn pure_module() -> Result<Vec<u8>> {
    build(PURE, PURE_ENTRYPOINTS, Capabilities::default())
}

fn build(text: &str, entrypoints: &[&str], capabilities: Capabilities) -> Result<Vec<u8>> {
    let mut sources = SourceSet::new();
    sources.add("policy.rego", text, RegoVersion::V1);
    let names = entrypoints.iter().map(|name| (*name).to_owned()).collect();
    let entrypoints = EntrypointSelection { names, ..EntrypointSelection::default() };
    let options = Options { entrypoints, capabilities: Arc::new(capabilities), ..Options::default() };
    let lines = |diagnostics: Vec<regoc_compiler::diagnostic::Diagnostic>| {
        let lines: Vec<String> = diagnostics.iter().map(|diagnostic| diagnostic.to_line(&sources)).collect();
        anyhow::anyhow!("the compiler refuses it:\n{}", lines.join("\n"))
    };
    Ok(compile(&sources, &options).map_err(lines)?.module.wasm)
}

/// A script while it is written.
struct Script {
    id: &'static str,
    module: String,
    steps: Vec<Value>,
    want: Vec<String>,
}

/// The number of an entrypoint of [`PURE`].
fn pure(name: &str) -> usize {
    PURE_ENTRYPOINTS.iter().position(|entrypoint| entrypoint.ends_with(name)).unwrap_or(usize::MAX)
}

/// The number of an entrypoint of [`EFFECTS`].
fn effect(name: &str) -> usize {
    EFFECTS_ENTRYPOINTS.iter().position(|entrypoint| entrypoint.ends_with(name)).unwrap_or(usize::MAX)
}

impl Script {
    fn new(id: &'static str, module: &str) -> Self {
        Self { id, module: module.to_owned(), steps: Vec::new(), want: Vec::new() }
    }

    /// A step that shows nothing.
    fn step(mut self, step: Value) -> Self {
        self.steps.push(step);
        self
    }

    /// A step that shows a text.
    fn shows(mut self, step: Value, want: &str) -> Self {
        self.steps.push(step);
        self.want.push(want.to_owned());
        self
    }

    /// An instance with settings, and its data.
    fn instance(self, settings: Value, data: &str) -> Self {
        let mut step = json!({"instance": "one"});
        merge(&mut step, settings);
        self.step(step).data(data)
    }

    /// Data by value, as loaders that know nothing of paths set it.
    fn data(self, data: &str) -> Self {
        self.value("data", data).end()
    }

    /// Remembers where the data ends.
    fn end(self) -> Self {
        self.step(json!({"call": "opa_heap_ptr_get", "save": "end"}))
    }

    fn text(self, save: &str, text: &str) -> Self {
        self.step(json!({"text": [[text, 1]], "save": save}))
    }

    /// A value of a JSON text.
    fn value(self, save: &str, text: &str) -> Self {
        let length = format!("{save}.text.length");
        let place = format!("{save}.text");
        self.text(&place, text).step(json!({"call": "opa_json_parse", "arguments": [place, length], "save": save}))
    }

    /// A question by `opa_eval`, with an input made of pieces.
    fn ask_pieces(self, entrypoint: usize, input: Value, want: &str) -> Self {
        self.step(json!({"text": input, "save": "input", "at": "end"}))
            .step(json!({"add": ["end", "input.length"], "save": "heap"}))
            .shows(eval(entrypoint, ["input", "input.length", "heap"], 0), want)
    }

    /// A question by `opa_eval`.
    fn ask(self, entrypoint: usize, input: &str, want: &str) -> Self {
        self.ask_pieces(entrypoint, json!([[input, 1]]), want)
    }

    /// A question by the calls of ABI 1.0, with the heap set back before, or not.
    fn ask_by_context(self, entrypoint: usize, input: &str, sets_back: bool) -> Self {
        let script = if sets_back {
            self.step(json!({"call": "opa_heap_ptr_set", "arguments": ["end"], "save": "_"}))
        } else {
            self
        };
        script
            .value("input", input)
            .step(json!({"call": "opa_eval_ctx_new", "save": "context"}))
            .step(json!({"call": "opa_eval_ctx_set_input", "arguments": ["context", "input"], "save": "_"}))
            .step(json!({"call": "opa_eval_ctx_set_data", "arguments": ["context", "data"], "save": "_"}))
            .step(json!({"call": "opa_eval_ctx_set_entrypoint", "arguments": ["context", entrypoint], "save": "_"}))
            .step(json!({"call": "eval", "arguments": ["context"], "save": "_"}))
            .step(json!({"call": "opa_eval_ctx_get_result", "arguments": ["context"], "save": "result"}))
    }

    /// What is asked again and again, without the texts that it shows.
    fn repeat(mut self, times: u32, inner: Script) -> Self {
        self.steps.push(json!({"repeat": times, "steps": inner.steps}));
        self
    }

    fn finish(self) -> Value {
        json!({"id": self.id, "module": self.module, "steps": self.steps, "want": self.want})
    }
}

/// A call of `opa_eval` that shows its text.
fn eval(entrypoint: usize, [input, length, heap]: [&str; 3], format: u32) -> Value {
    // An input at 0 of length 0 is none.
    let place = |name: &str| if name.is_empty() { json!(0) } else { json!(name) };
    let arguments = json!([0, entrypoint, "data", place(input), place(length), heap, format]);
    json!({"call": "opa_eval", "arguments": arguments, "read": true})
}

fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}

/// How the builtins of [`EFFECTS`] are answered where nothing goes wrong.
fn answers() -> Value {
    json!({
        "custom.pair": {"arguments": true},
        "custom.triple": {"answer": "6"},
        "http.send": {"answer": r#"{"status_code": 200}"#},
        "rand.intn": {"answer": "4"},
        "time.now_ns": {"answer": "1700000000000000000"},
    })
}

/// What loaders do, and what has gone wrong in them.
///
/// # Errors
/// When a module cannot be built or written.
pub fn traps(folder: &mut Folder) -> Result<Vec<Value>> {
    let pure_wasm = folder.module(&pure_module()?)?;
    let one = build("package example\n\nallow if input.x == 1\n", &["example/allow"], Capabilities::default())?;
    let one = folder.module(&one)?;
    let effects = folder.module(&effects_module()?)?;
    let mut scripts = memory_scripts(&pure_wasm, &one);
    scripts.extend(data_scripts(&pure_wasm));
    let indexed = build(INDEXED, &["example/ids", "example/places", "example/members"], Capabilities::default())?;
    scripts.extend(index_scripts(&folder.module(&indexed)?));
    scripts.extend(question_scripts(&pure_wasm, &one));
    scripts.extend(effect_scripts(&effects));
    Ok(scripts.into_iter().map(Script::finish).collect())
}

fn memory_scripts(pure_wasm: &str, one: &str) -> Vec<Script> {
    let asks = |script: Script| script.ask(0, r#"{"x": 1}"#, r#"[{"result":true}]"#).ask(0, r#"{"x": 2}"#, "[]");
    let again = Script::new("", pure_wasm).ask_by_context(0, r#"{"x": 1}"#, false);
    let set_back = Script::new("", pure_wasm).ask_by_context(0, r#"{"x": 1}"#, true);
    vec![
        asks(Script::new("memory of 2 pages given by the host", one).instance(json!({"pages": 2}), "{}")),
        Script::new("a memory that has come to its maximum", one)
            .instance(json!({"pages": 2, "maximum": 3}), "{}")
            .step(json!({"text": [["[", 1], ["[1],", 20_000], ["0]", 1]], "save": "input"}))
            .shows(
                json!({"call": "opa_json_parse", "arguments": ["input", "input.length"]}),
                "abort: opa_malloc: failed",
            )
            .ask(0, r#"{"x": 1}"#, r#"[{"result":true}]"#),
        Script::new("a loader that only sets the heap back does not grow", pure_wasm)
            .instance(json!({"pages": 5}), r#"{"levels": {"bob": 3}}"#)
            .repeat(20_000, set_back)
            .shows(json!({"pages": true}), "5"),
        Script::new("a loader that never frees goes on working", pure_wasm)
            .instance(json!({}), r#"{"levels": {"bob": 3}}"#)
            .repeat(20_000, again)
            .ask_by_context(1, r#"{"name": "bob"}"#, false)
            .step(json!({"call": "opa_json_dump", "arguments": ["result"], "save": "text"}))
            .shows(json!({"read": "text"}), r#"[{"result":3}]"#),
        Script::new("what was allocated can be freed", pure_wasm)
            .instance(json!({}), "{}")
            .text("text", "[1, 2, 3]")
            .step(json!({"call": "opa_free", "arguments": ["text"], "save": "_"}))
            .value("value", "[1, 2, 3]")
            .step(json!({"call": "opa_value_free", "arguments": ["value"], "save": "_"}))
            .ask(0, r#"{"x": 1}"#, r#"[{"result":true}]"#),
    ]
}

fn data_scripts(pure_wasm: &str) -> Vec<Script> {
    let level = |script: Script, name: &str, want: &str| script.ask(1, &format!(r#"{{"name": "{name}"}}"#), want);
    let opened = |script: Script| {
        script
            .step(json!({"call": "opa_heap_ptr_set", "arguments": ["end"], "save": "_"}))
            .step(json!({"call": "opa_heap_blocks_restore", "save": "_"}))
    };
    let closed = |script: Script| {
        script
            .step(json!({"call": "opa_value_free", "arguments": ["path"], "save": "_"}))
            .step(json!({"call": "opa_heap_blocks_stash", "save": "_"}))
            .end()
    };
    let start = |id| Script::new(id, pure_wasm).instance(json!({}), r#"{"levels": {"ann": 1}}"#);
    let add = json!({"call": "opa_value_add_path", "arguments": ["data", "path", "value"]});
    let remove = json!({"call": "opa_value_remove_path", "arguments": ["data", "path"]});
    let by_path = |script: Script, path: &str, value: &str, code: &str| {
        closed(opened(script).value("value", value).value("path", path).shows(add.clone(), code))
    };
    let removed =
        |script: Script, path: &str, code: &str| closed(opened(script).value("path", path).shows(remove.clone(), code));
    let set = by_path(start("data by path"), r#"["levels", "bob"]"#, "7", "0");
    let set = level(level(set, "bob", r#"[{"result":7}]"#), "ann", r#"[{"result":1}]"#);
    let set = removed(set, r#"["levels", "ann"]"#, "0");
    let set = level(level(set, "ann", "[]"), "bob", r#"[{"result":7}]"#);
    let set = level(by_path(set, r#"["a", "b", "c"]"#, "{}", "0"), "bob", r#"[{"result":7}]"#);
    let wrong = by_path(start("data by a path that leads nowhere"), r#"["levels", "ann", "x"]"#, "7", "2");
    let wrong = by_path(by_path(wrong, "[]", "7", "3"), r#""levels""#, "7", "3");
    let wrong = level(removed(wrong, r#"["nothing", "here"]"#, "0"), "ann", r#"[{"result":1}]"#);
    let value = level(start("data by value, and by another value"), "ann", r#"[{"result":1}]"#)
        .step(json!({"call": "opa_heap_stash_clear", "save": "_"}))
        .step(json!({"call": "opa_heap_ptr_set", "arguments": ["data.text"], "save": "_"}))
        .data(r#"{"levels": {"bob": 2}}"#);
    vec![set, wrong, level(level(value, "ann", "[]"), "bob", r#"[{"result":2}]"#)]
}

/// Rows of base data whose roles and levels repeat, and users by name with such groups.
fn rows(count: usize, role: &str) -> String {
    let row = |id: usize| format!(r#"{{"id": {id}, "role": "{role}{}", "level": {}}}"#, id % 5, id % 2);
    let user = |id: usize| format!(r#""user{id:02}": {{"groups": ["all", "{role}{}", "all"]}}"#, id % 5);
    let all = |one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(", ");
    format!(r#"{{"rows": [{}], "users": {{{}}}}}"#, all(&row), all(&user))
}

fn index_scripts(indexed: &str) -> Vec<Script> {
    let start = |id| Script::new(id, indexed).instance(json!({}), &rows(20, "role"));
    let asked = start("keys in base data")
        .ask(0, r#"{"role": "role1", "level": 1}"#, r#"[{"result":[1,11]}]"#)
        .ask(0, r#"{"role": "role1", "level": 1.0}"#, r#"[{"result":[1,11]}]"#)
        .ask(0, r#"{"role": "role1", "level": "1"}"#, r#"[{"result":[]}]"#)
        .ask(0, r#"{"role": ["role1"], "level": 1}"#, r#"[{"result":[]}]"#)
        .ask(0, r#"{"role": "role1"}"#, r#"[{"result":[]}]"#)
        .ask(1, r#"{"role": "role2"}"#, r#"[{"result":[[2,2],[7,7],[12,12],[17,17]]}]"#)
        .ask(2, r#"{"role": "role3"}"#, r#"[{"result":["user03","user08","user13","user18"]}]"#)
        .ask(2, r#"{"role": "none"}"#, r#"[{"result":[]}]"#);
    let by_context = start("keys in base data, by the calls of ABI 1.0")
        .ask_by_context(0, r#"{"role": "role1", "level": 1}"#, true)
        .step(json!({"call": "opa_json_dump", "arguments": ["result"], "save": "text"}))
        .shows(json!({"read": "text"}), r#"[{"result":[1,11]}]"#);
    let changed = start("keys in base data that changes by path")
        .ask(2, r#"{"role": "role3"}"#, r#"[{"result":["user03","user08","user13","user18"]}]"#)
        .value("value", r#"["role3"]"#)
        .value("path", r#"["users", "user04", "groups"]"#)
        .shows(json!({"call": "opa_value_add_path", "arguments": ["data", "path", "value"]}), "0")
        .end()
        .ask(2, r#"{"role": "role3"}"#, r#"[{"result":["user03","user04","user08","user13","user18"]}]"#)
        .value("path", r#"["users", "user08"]"#)
        .shows(json!({"call": "opa_value_remove_path", "arguments": ["data", "path"]}), "0")
        .end()
        .ask(2, r#"{"role": "role3"}"#, r#"[{"result":["user03","user04","user13","user18"]}]"#);
    let other = start("keys in other base data at the same place")
        .ask(0, r#"{"role": "role1", "level": 1}"#, r#"[{"result":[1,11]}]"#)
        .step(json!({"call": "opa_heap_ptr_set", "arguments": ["data.text"], "save": "_"}))
        .data(&rows(30, "roll"))
        .ask(0, r#"{"role": "role1", "level": 1}"#, r#"[{"result":[]}]"#)
        .ask(0, r#"{"role": "roll1", "level": 1}"#, r#"[{"result":[1,11,21]}]"#)
        .step(json!({"call": "opa_heap_ptr_set", "arguments": ["data.text"], "save": "_"}))
        .data(&rows(3, "role"))
        .ask(0, r#"{"role": "role1", "level": 1}"#, r#"[{"result":[1]}]"#);
    let mixed = rows(20, "role").replacen("\"role1\"", "1.0", 1);
    let mixed = Script::new("keys in base data of which one has no hash", indexed)
        .instance(json!({}), &mixed)
        .ask(0, r#"{"role": 1, "level": 1}"#, r#"[{"result":[1]}]"#)
        .ask(0, r#"{"role": "role1", "level": 1}"#, r#"[{"result":[11]}]"#);
    vec![asked, by_context, changed, other, mixed, copied_script(indexed)]
}

/// OPA's own loader parses a document in one instance and copies the bytes to the others of its pool: a document lies alike in all of them.
fn copied_script(indexed: &str) -> Script {
    let clear = |script: Script| {
        script
            .step(json!({"call": "opa_heap_stash_clear", "save": "_"}))
            .step(json!({"call": "opa_heap_ptr_set", "arguments": ["base"], "save": "_"}))
    };
    let parsed = |script: Script, text: &str| {
        script
            .text("text", text)
            .step(json!({"call": "opa_value_parse", "arguments": ["text", "text.length"], "save": "data"}))
            .step(json!({"call": "opa_free", "arguments": ["text"], "save": "_"}))
            .step(json!({"call": "opa_heap_blocks_stash", "save": "_"}))
            .end()
    };
    let copied = |script: Script| {
        script
            .step(json!({"copy": "one", "from": "base", "to": "end"}))
            .step(json!({"call": "opa_heap_ptr_set", "arguments": ["end"], "save": "_"}))
            .step(json!({"call": "opa_heap_blocks_stash", "save": "_"}))
    };
    let started = |script: Script, name: &str| {
        script
            .step(json!({"instance": name}))
            .step(json!({"call": "opa_malloc", "arguments": [0], "save": "_"}))
            .step(json!({"call": "opa_heap_ptr_get", "save": "base"}))
    };
    // The input is in value syntax, as is the answer.
    let ask = |script: Script, input: &str, want: &str| {
        script
            .step(json!({"text": [[input, 1]], "save": "input", "at": "end"}))
            .step(json!({"add": ["end", "input.length"], "save": "heap"}))
            .shows(eval(0, ["input", "input.length", "heap"], 1), want)
    };
    let first = |script: Script| ask(script, r#"{"role": "role1", "level": 1}"#, r#"{{"result":{1,11}}}"#);
    let second = |script: Script| {
        let script = ask(script, r#"{"role": "roll1", "level": 1, "teams": {"a", 1}}"#, r#"{{"result":{1,11,21}}}"#);
        ask(script, r#"{"role": "role1", "level": 1}"#, r#"{{"result":set()}}"#)
    };
    let script = Script::new("a document that is copied from one instance to another", indexed);
    let script = first(parsed(started(script, "one"), &rows(20, "role")));
    let script = first(copied(started(script, "two")));
    let script = second(parsed(clear(script.step(json!({"use": "one"}))), &rows(30, "roll")));
    second(copied(clear(script.step(json!({"use": "two"})))))
}

fn question_scripts(pure_wasm: &str, one: &str) -> Vec<Script> {
    let start = |id| Script::new(id, pure_wasm).instance(json!({}), "{}");
    let kind = |script: Script, input: &str, want: &str| {
        script.ask(pure("/kind"), input, &format!(r#"[{{"result":"{want}"}}]"#))
    };
    let none = |script: Script| script.shows(eval(pure("/kind"), ["", "", "end"], 0), "[]");
    let kinds = [
        ("null", "null"),
        ("false", "boolean"),
        ("0", "number"),
        ("\"\"", "string"),
        ("{}", "object"),
        ("[]", "array"),
    ];
    let inputs = none(start("input that is undefined, false or empty"));
    let inputs = kinds.iter().fold(inputs, |script, (input, want)| kind(script, input, want));
    let named = r#"{"names": ["bob", "al", "bob"]}"#;
    let formats = start("both formats")
        .ask(pure("/names"), named, r#"[{"result":["al","bob"]}]"#)
        .shows(eval(pure("/names"), ["input", "input.length", "heap"], 1), r#"{{"result":{"al","bob"}}}"#)
        .ask(pure("/counts"), named, r#"[{"result":{"2":"al","3":"bob"}}]"#)
        .shows(eval(pure("/counts"), ["input", "input.length", "heap"], 1), r#"{{"result":{2:"al",3:"bob"}}}"#)
        .shows(eval(pure("/missing"), ["input", "input.length", "heap"], 1), "set()");
    let names: Vec<String> = PURE_ENTRYPOINTS.iter().enumerate().map(|(id, name)| format!("\"{name}\":{id}")).collect();
    let mut names = names;
    names.sort();
    let entrypoints = start("several entrypoints")
        .step(json!({"call": "entrypoints", "save": "names"}))
        .shows(
            json!({"call": "opa_json_dump", "arguments": ["names"], "read": true}),
            &format!("{{{}}}", names.join(",")),
        )
        .ask(pure("/greeting"), r#"{"name": "you"}"#, r#"[{"result":"hello you"}]"#)
        .ask(pure("/greeting"), "{}", r#"[{"result":"hello <undefined>"}]"#)
        .ask(pure("/who"), r#"{"name": "you"}"#, r#"[{"result":"nobody"}]"#)
        .ask_by_context(pure("/greeting"), r#"{"name": "you"}"#, true)
        .step(json!({"call": "opa_value_dump", "arguments": ["result"], "save": "text"}))
        .shows(json!({"read": "text"}), r#"{{"result":"hello you"}}"#);
    let newer = Script::new("words of newer Rego", pure_wasm)
        .instance(json!({}), r#"{"levels": {"ann": 1, "bob": 2}}"#)
        .ask(pure("/known"), r#"{"levels": {"ann": 1}, "name": "ann", "strangers": ["cid"]}"#, r#"[{"result":true}]"#)
        .ask(pure("/known"), r#"{"levels": {"ann": 2}, "name": "ann", "strangers": ["cid"]}"#, "[]")
        .ask(pure("/known"), r#"{"levels": {}, "name": "cid", "strangers": ["cid"]}"#, "[]");
    let ended = start("texts whose length counts a NUL byte at their end")
        .step(json!({"instance": "one"}))
        .data("{\"levels\": {\"ann\": 1}}\u{0}")
        .ask(pure("/level"), "{\"name\": \"ann\"}\u{0}", r#"[{"result":1}]"#);
    let values = start("values in value syntax")
        .text("text", r#"{1, {"a": set()}}"#)
        .step(json!({"call": "opa_value_parse", "arguments": ["text", "text.length"], "save": "value"}))
        .shows(json!({"call": "opa_value_dump", "arguments": ["value"], "read": true}), r#"{1,{"a":set()}}"#)
        .shows(json!({"call": "opa_json_dump", "arguments": ["value"], "read": true}), r#"[1,{"a":[]}]"#)
        .shows(json!({"call": "opa_json_parse", "arguments": ["text", "text.length"]}), "0");
    let two = Script::new("two instances over one module", pure_wasm)
        .instance(json!({}), r#"{"levels": {"ann": 1}}"#)
        .step(json!({"instance": "two"}))
        .data(r#"{"levels": {"ann": 2}}"#)
        .ask(1, r#"{"name": "ann"}"#, r#"[{"result":2}]"#)
        .step(json!({"use": "one"}))
        // Equal modules lay their data out alike, so that the same addresses hold.
        .ask(1, r#"{"name": "ann"}"#, r#"[{"result":1}]"#);
    let aborted = start("questions after an abort")
        .ask(
            pure("/conflict"),
            r#"{"x": 1, "y": 2}"#,
            "abort: policy.rego:17:1: eval_conflict_error: rule data.example.conflict produced conflicting values:…",
        )
        .ask(pure("/conflict"), r#"{"x": 1, "y": 1}"#, r#"[{"result":1}]"#);
    let returns = Script::new("a host that returns from an abort", pure_wasm)
        .instance(json!({"abortReturns": true}), "{}")
        .ask(pure("/conflict"), r#"{"x": 1, "y": 2}"#, "trap: …")
        .ask(0, r#"{"x": 1}"#, r#"[{"result":true}]"#);
    let imports = Script::new("imports only what it uses, asks for no builtin", one)
        .instance(json!({}), "{}")
        .shows(json!({"imports": true}), "memory opa_abort")
        .step(json!({"call": "builtins", "save": "names"}))
        .shows(json!({"call": "opa_json_dump", "arguments": ["names"], "read": true}), "{}")
        .shows(json!({"global": "opa_wasm_abi_version"}), "1")
        .shows(json!({"global": "opa_wasm_abi_minor_version"}), "3")
        .shows(json!({"exports": true}), EXPORTS);
    vec![inputs, formats, entrypoints, newer, ended, values, two, aborted, returns, imports]
}

/// Every export of the ABI's versions 1.0 to 1.3, in order.
const EXPORTS: &str = "builtins entrypoints eval memory opa_eval opa_eval_ctx_get_result opa_eval_ctx_new opa_eval_ctx_set_data \
    opa_eval_ctx_set_entrypoint opa_eval_ctx_set_input opa_free opa_heap_blocks_restore opa_heap_blocks_stash opa_heap_ptr_get \
    opa_heap_ptr_set opa_heap_stash_clear opa_json_dump opa_json_parse opa_malloc opa_value_add_path opa_value_dump opa_value_free \
    opa_value_parse opa_value_remove_path opa_wasm_abi_minor_version opa_wasm_abi_version";

fn effect_scripts(effects: &str) -> Vec<Script> {
    let asked: Vec<String> = ASKED.iter().map(|name| format!("\"{name}\"")).collect();
    let listed = Script::new("asks for effects and custom builtins, and nothing else", effects)
        .instance(json!({"builtins": answers()}), "{}")
        .shows(json!({"imports": true}), "memory opa_abort opa_builtin0 opa_builtin1 opa_builtin2")
        .step(json!({"call": "builtins", "save": "names"}))
        .shows(json!({"keys": "names"}), &asked.join(" ").replace('"', ""))
        .ask(effect("/now"), "{}", r#"[{"result":1700000000000000000}]"#)
        .ask(effect("/triple"), r#"{"x": 2}"#, r#"[{"result":6}]"#)
        .ask(effect("/pair"), r#"{"x": 2, "y": 3}"#, r#"[{"result":[2,3]}]"#)
        .ask(effect("/status"), r#"{"request": {"method": "get", "url": "http://example.com"}}"#, r#"[{"result":200}]"#)
        .ask(effect("/dice"), r#"{"name": "one"}"#, r#"[{"result":4}]"#);
    vec![listed]
}

/// What nobody should pass, and what hosts do when their builtins fail.
///
/// # Errors
/// When a module cannot be built or written.
pub fn bad(folder: &mut Folder) -> Result<Vec<Value>> {
    let pure_wasm = folder.module(&pure_module()?)?;
    let effects = folder.module(&effects_module()?)?;
    let start = |id| Script::new(id, &pure_wasm).instance(json!({}), "{}");
    let goes_on = |script: Script| script.ask(0, r#"{"x": 1}"#, r#"[{"result":true}]"#);
    let same = pure("/same");
    let malformed = "abort: opa_eval: malformed input";
    let texts = ["{", "{\"x\": 1", "[1,]", "nul", "1 2", "\"\\ud800", "\"\u{1}\"", "01", "{1: 2}}"];
    let no_json = texts.iter().fold(start("input that is no JSON"), |script, text| script.ask(0, text, malformed));
    let large = start("100 MB of input").ask_pieces(
        0,
        json!([["{\"x\": 1, \"list\": [", 1], ["\"0123456789abcdef\", ", 5_000_000], ["0]}", 1]]),
        r#"[{"result":true}]"#,
    );
    let deep = start("input nested 100,000 deep").ask_pieces(0, json!([["[", 100_000], ["]", 100_000]]), malformed);
    let lone = start("lone surrogates").ask(
        same,
        r#"{"value": "a\ud800b\udc00\ud83d\ude00"}"#,
        "[{\"result\":\"a\u{fffd}b\u{fffd}\u{1f600}\"}]",
    );
    let digits = "7".repeat(10_000);
    let long = start("numbers of 10,000 digits").ask(
        same,
        &format!(r#"{{"value": {digits}}}"#),
        &format!(r#"[{{"result":{digits}}}]"#),
    );
    let unknown =
        start("an entrypoint that is not there").ask(1_000, "{}", "abort: internal: illegal entrypoint id").shows(
            json!({"call": "opa_eval", "arguments": [1, 0, "data", 0, 0, "end", 0], "read": true}),
            "abort: invalid reserved argument",
        );
    let grow = Script::new("memory that cannot grow", &pure_wasm)
        .instance(json!({"pages": 5, "maximum": 5}), "{}")
        .ask_pieces(same, json!([["{\"value\": [", 1], ["[1],", 40_000], ["0]}", 1]]), "abort: opa_malloc: failed");
    let mut scripts: Vec<Value> =
        [no_json, large, deep, lone, long, unknown, grow].into_iter().map(|script| goes_on(script).finish()).collect();
    scripts.extend(failing_builtins(&effects).into_iter().map(Script::finish));
    Ok(scripts)
}

/// Decisions that are stopped in the middle, for hosts whose engines can stop calls. Where an engine gives up what it stopped, another instance
/// takes its place (`replaced`).
///
/// # Errors
/// When a module cannot be built or written.
pub fn limits(folder: &mut Folder) -> Result<Vec<Value>> {
    let pure_wasm = folder.module(&pure_module()?)?;
    let data = r#"{"levels": {"ann": 1}}"#;
    let settings = json!({"limited": true});
    let again = Script::new("", &pure_wasm).instance(settings.clone(), data);
    // All pairs of 100,000 numbers take minutes.
    let numbers = json!([[r#"{"numbers": ["#, 1], ["1, ", 100_000], ["1]}", 1]]);
    let stopped = |script: Script| {
        let mut call = eval(pure("/pairs"), ["input", "input.length", "heap"], 0);
        merge(&mut call, json!({"limit": 200}));
        script
            .step(json!({"text": numbers, "save": "input", "at": "end"}))
            .step(json!({"add": ["end", "input.length"], "save": "heap"}))
            .shows(call, "limit")
            .step(json!({"replaced": again.steps}))
    };
    let level = |script: Script| {
        script.ask(pure("/level"), r#"{"name": "ann"}"#, r#"[{"result":1}]"#).ask(
            pure("/pairs"),
            r#"{"numbers": [1, -1]}"#,
            r#"[{"result":2}]"#,
        )
    };
    let start = Script::new("a time limit in the middle of a decision, again and again", &pure_wasm);
    // The limit counts anew for each call.
    let script = level(stopped(level(stopped(start.instance(settings, data)))));
    Ok(vec![
        script
            .step(json!({"call": "opa_heap_ptr_set", "arguments": ["data.text"], "save": "_"}))
            .data("{}")
            .ask(pure("/level"), r#"{"name": "ann"}"#, "[]")
            .finish(),
    ])
}

fn failing_builtins(effects: &str) -> Vec<Script> {
    let start = |id, answer: Value| {
        let mut builtins = answers();
        merge(&mut builtins, json!({"custom.triple": answer}));
        Script::new(id, effects).instance(json!({"builtins": builtins}), "{}")
    };
    let goes_on = |script: Script| script.ask(effect("/dice"), r#"{"name": "one"}"#, r#"[{"result":4}]"#);
    let ask = |script: Script, want: &str| goes_on(script.ask(effect("/triple"), r#"{"x": 2}"#, want));
    let unknown = Script::new("a builtin that the host does not know", effects)
        .instance(json!({"builtins": {"rand.intn": {"answer": "4"}}}), "{}");
    vec![
        ask(start("a builtin that throws", json!({"throws": "the database is away"})), "host: the database is away"),
        ask(start("a builtin that answers nothing", json!({})), "[]"),
        ask(start("a builtin that answers what is no JSON", json!({"answer": "<html>"})), "[]"),
        ask(unknown, "host: no builtin custom.triple"),
    ]
}
