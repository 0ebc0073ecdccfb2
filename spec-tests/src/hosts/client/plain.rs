//! A loader of the ABI's calls, for any engine that can call exports and look into memory; and the interpreter of scripts of such calls.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{Builtins, Policy, builtins};

/// An instance of a module in an engine. Its imports do what [`Imports`] says.
pub trait Instance {
    /// Calls an export.
    ///
    /// # Errors
    /// What the module says when it aborts (`abort: …`), what a builtin of the host says (`host: …`), or that it trapped (`trap: …`).
    fn call(&mut self, name: &str, arguments: &[i32]) -> Result<Option<i32>>;

    /// The memory.
    fn memory(&mut self) -> &mut [u8];

    /// How many bytes the memory has.
    fn size(&self) -> usize;

    /// Makes the memory that many pages larger.
    ///
    /// # Errors
    /// When it cannot be.
    fn grow(&mut self, pages: usize) -> Result<()>;

    /// The value of a global.
    ///
    /// # Errors
    /// When there is none.
    fn global(&mut self, name: &str) -> Result<i32>;

    /// Lets the next call take so long at most; `limit` is what it then says.
    ///
    /// # Errors
    /// When the engine cannot be stopped.
    fn limit(&mut self, time: Duration) -> Result<()> {
        bail!("calls cannot be stopped after {time:?}")
    }
}

/// What an instance gets from its host.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    /// The pages of the memory at the start; none for as many as the module asks for.
    pub pages: Option<u32>,
    /// The most pages.
    pub maximum: Option<u32>,
    /// The builtins.
    pub builtins: Builtins,
    /// Whether `opa_abort` returns, which it must not.
    pub abort_returns: bool,
}

/// What the imports of an instance know.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// What the instance was given.
    pub imports: Imports,
    /// The numbers of the builtins that the module lists, by name.
    pub builtins: BTreeMap<String, i32>,
}

/// An instance as its imports see it, while they are called.
pub trait Inside {
    /// What the imports know.
    fn state(&self) -> &State;

    /// Calls an export that gives a number.
    ///
    /// # Errors
    /// As [`Instance::call`].
    fn call(&mut self, name: &str, arguments: &[i32]) -> Result<i32>;

    /// The memory.
    ///
    /// # Errors
    /// When there is none.
    fn memory(&mut self) -> Result<&mut [u8]>;
}

/// What an imported function does and gives; a number where it has none to give.
///
/// # Errors
/// `abort: MESSAGE` where the module aborts, `host: MESSAGE` where a builtin fails or is not there.
pub fn imported(instance: &mut impl Inside, name: &str, operands: &[i32]) -> Result<i32> {
    match (name, operands) {
        ("opa_println", _) => Ok(0),
        ("opa_abort", _) if instance.state().imports.abort_returns => Ok(0),
        ("opa_abort", [address]) => bail!("abort: {}", text(instance.memory()?, *address)?),
        (_, [id, _, operands @ ..]) => builtin(instance, *id, operands),
        _ => bail!("host: no import {name}"),
    }
}

fn builtin(instance: &mut impl Inside, id: i32, operands: &[i32]) -> Result<i32> {
    let state = instance.state();
    let name = state.builtins.iter().find(|(_, known)| **known == id).map(|(name, _)| name);
    let answer = name.and_then(|name| state.imports.builtins.get(name)).cloned();
    let answer = answer.with_context(|| format!("host: no builtin {}", name.unwrap_or(&id.to_string())))?;
    let mut texts = Vec::new();
    for operand in operands {
        let address = instance.call("opa_json_dump", &[*operand])?;
        texts.push(text(instance.memory()?, address)?);
    }
    let Some(json) = answer.call(&texts)? else { return Ok(0) };
    let length = i32::try_from(json.len())?;
    let address = instance.call("opa_malloc", &[length])?;
    let start = usize::try_from(address.cast_unsigned())?;
    let place = instance.memory()?.get_mut(start..start + json.len()).context("no room")?;
    place.copy_from_slice(json.as_bytes());
    instance.call("opa_json_parse", &[address, length])
}

/// Something that makes instances.
pub trait Engine {
    /// A module that is compiled.
    type Module;
    /// An instance.
    type Instance: Instance;

    /// Compiles a module.
    ///
    /// # Errors
    /// When the engine refuses it.
    fn compile(&self, bytes: &[u8]) -> Result<Self::Module>;

    /// Makes an instance.
    ///
    /// # Errors
    /// When it cannot be made.
    fn instance(&self, module: &Self::Module, imports: Imports) -> Result<Self::Instance>;

    /// The names of what a module imports, and of what it exports.
    fn names(&self, module: &Self::Module) -> (Vec<String>, Vec<String>);
}

/// The text at an address, which ends with a NUL byte.
///
/// # Errors
/// When it does not lie in memory.
pub fn text(memory: &[u8], address: i32) -> Result<String> {
    let rest = memory.get(usize::try_from(address.cast_unsigned())?..).context("the text does not lie in memory")?;
    let end = rest.iter().position(|byte| *byte == 0).context("the text has no end")?;
    Ok(String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned())
}

fn write<I: Instance>(instance: &mut I, bytes: &[u8], at: Option<i32>) -> Result<i32> {
    let address = match at {
        Some(address) => address,
        None => call(instance, "opa_malloc", &[i32::try_from(bytes.len())?])?,
    };
    let start = usize::try_from(address.cast_unsigned())?;
    let missing = (start + bytes.len()).saturating_sub(instance.memory().len());
    if missing > 0 {
        instance.grow(missing.div_ceil(65_536))?;
    }
    let place = instance.memory().get_mut(start..start + bytes.len()).context("no room")?;
    place.copy_from_slice(bytes);
    Ok(address)
}

fn call<I: Instance>(instance: &mut I, name: &str, arguments: &[i32]) -> Result<i32> {
    instance.call(name, arguments)?.with_context(|| format!("{name} gives nothing"))
}

/// The value of a JSON text; 0 if it is none.
fn value<I: Instance>(instance: &mut I, json: &str) -> Result<i32> {
    let address = write(instance, json.as_bytes(), None)?;
    call(instance, "opa_json_parse", &[address, i32::try_from(json.len())?])
}

/// The numbers of names: the module's `builtins` or `entrypoints`.
///
/// # Errors
/// When the module fails.
pub fn table<I: Instance>(instance: &mut I, name: &str) -> Result<BTreeMap<String, i32>> {
    let value = call(instance, name, &[])?;
    let address = call(instance, "opa_json_dump", &[value])?;
    Ok(serde_json::from_str(&text(instance.memory(), address)?)?)
}

/// A policy asked by the ABI's calls.
pub struct PlainPolicy<I> {
    instance: I,
    entrypoints: BTreeMap<String, i32>,
    base: i32,
    data: i32,
    end: i32,
}

impl<I: Instance> PlainPolicy<I> {
    /// The policy of an instance, with no data.
    ///
    /// # Errors
    /// When the module fails.
    pub fn new(mut instance: I) -> Result<Self> {
        let entrypoints = table(&mut instance, "entrypoints")?;
        let base = call(&mut instance, "opa_heap_ptr_get", &[])?;
        let mut policy = Self { instance, entrypoints, base, data: 0, end: 0 };
        policy.set_data("{}")?;
        Ok(policy)
    }
}

impl<I: Instance> Policy for PlainPolicy<I> {
    fn set_data(&mut self, json: &str) -> Result<()> {
        self.instance.call("opa_heap_ptr_set", &[self.base])?;
        self.data = value(&mut self.instance, json)?;
        ensure!(self.data != 0, "the data is no JSON");
        self.end = call(&mut self.instance, "opa_heap_ptr_get", &[])?;
        Ok(())
    }

    fn evaluate(&mut self, input: Option<&str>, entrypoint: &str) -> Result<String> {
        let id = self.entrypoints.get(entrypoint).copied().unwrap_or(-1);
        let length = i32::try_from(input.unwrap_or_default().len())?;
        let place = match input {
            Some(input) => write(&mut self.instance, input.as_bytes(), Some(self.end))?,
            None => 0,
        };
        let arguments = [0, id, self.data, place, length, self.end.wrapping_add(length), 0];
        let address = call(&mut self.instance, "opa_eval", &arguments)?;
        text(self.instance.memory(), address)
    }

    fn memory(&self) -> usize {
        self.instance.size()
    }
}

/// The steps of a script while they run.
struct Script<'a, E: Engine> {
    engine: &'a E,
    module: E::Module,
    instances: BTreeMap<String, E::Instance>,
    current: String,
    variables: BTreeMap<String, i32>,
}

/// Runs a script and answers what its steps show.
///
/// # Errors
/// When the module cannot be compiled.
pub fn script<E: Engine>(engine: &E, bytes: &[u8], script: &Value) -> Result<Vec<String>> {
    let module = engine.compile(bytes)?;
    let (instances, variables) = (BTreeMap::new(), BTreeMap::new());
    let mut run = Script { engine, module, instances, current: String::new(), variables };
    let mut shown = Vec::new();
    for step in steps(script) {
        match run.step(step) {
            Ok(None) => {}
            Ok(Some(text)) => shown.push(text),
            Err(error) => shown.push(format!("{error}")),
        }
    }
    Ok(shown)
}

fn steps(json: &Value) -> impl Iterator<Item = &Value> {
    json.get("steps").and_then(Value::as_array).into_iter().flatten()
}

impl<E: Engine> Script<'_, E> {
    fn instance(&mut self) -> Result<&mut E::Instance> {
        self.instances.get_mut(&self.current).context("no instance")
    }

    fn number(&self, json: &Value) -> Result<i32> {
        match json {
            Value::String(name) => self.variables.get(name).copied().with_context(|| format!("no variable {name}")),
            other => Ok(i32::try_from(other.as_i64().context("no number")?)?),
        }
    }

    fn save(&mut self, step: &Value, suffix: &str, value: i32) {
        let name = step.get("save").and_then(Value::as_str).unwrap_or_default();
        self.variables.insert(format!("{name}{suffix}"), value);
    }

    fn step(&mut self, step: &Value) -> Result<Option<String>> {
        let entries = step.as_object().context("a step is an object")?;
        let has = |name: &str| entries.get(name);
        if let Some(name) = has("instance").and_then(Value::as_str) {
            let imports = imports(step)?;
            let instance = self.engine.instance(&self.module, imports)?;
            self.instances.insert(name.to_owned(), instance);
            name.clone_into(&mut self.current);
            Ok(None)
        } else if let Some(name) = has("use").and_then(Value::as_str) {
            name.clone_into(&mut self.current);
            Ok(None)
        } else if let Some(pieces) = has("text") {
            self.text(step, pieces).map(|()| None)
        } else if let Some(name) = has("call").and_then(Value::as_str) {
            self.call(step, name)
        } else if let Some(name) = has("copy").and_then(Value::as_str) {
            self.copy(step, name).map(|()| None)
        } else if let Some(terms) = has("add").and_then(Value::as_array) {
            let terms = terms.iter().map(|term| self.number(term)).collect::<Result<Vec<_>>>()?;
            self.save(step, "", terms.into_iter().fold(0, i32::wrapping_add));
            Ok(None)
        } else if let Some(times) = has("repeat").and_then(Value::as_u64) {
            for _ in 0..times {
                for step in steps(step) {
                    self.step(step)?;
                }
            }
            Ok(None)
        } else if has("replaced").is_some() {
            // An instance that was stopped goes on.
            Ok(None)
        } else {
            self.look(step).map(Some)
        }
    }

    fn text(&mut self, step: &Value, pieces: &Value) -> Result<()> {
        let pieces: Vec<(String, usize)> = serde_json::from_value(pieces.clone())?;
        let text: String = pieces.iter().map(|(piece, times)| piece.repeat(*times)).collect();
        let at = step.get("at").map(|at| self.number(at)).transpose()?;
        let address = write(self.instance()?, text.as_bytes(), at)?;
        self.save(step, "", address);
        self.save(step, ".length", i32::try_from(text.len())?);
        Ok(())
    }

    fn copy(&mut self, step: &Value, name: &str) -> Result<()> {
        let from = self.number(step.get("from").context("no `from`")?)?;
        let to = self.number(step.get("to").context("no `to`")?)?;
        let range = usize::try_from(from)?..usize::try_from(to)?;
        let other = self.instances.get_mut(name).context("no such instance")?;
        let bytes = other.memory().get(range).context("the range does not lie in memory")?.to_vec();
        write(self.instance()?, &bytes, Some(from)).map(drop)
    }

    fn call(&mut self, step: &Value, name: &str) -> Result<Option<String>> {
        let arguments = step.get("arguments").and_then(Value::as_array).into_iter().flatten();
        let arguments = arguments.map(|argument| self.number(argument)).collect::<Result<Vec<_>>>()?;
        let instance = self.instance()?;
        if let Some(limit) = step.get("limit").and_then(Value::as_u64) {
            instance.limit(Duration::from_millis(limit))?;
        }
        let result = instance.call(name, &arguments)?;
        if step.get("read").is_some() {
            return text(instance.memory(), result.context("no text")?).map(Some);
        }
        if step.get("save").is_none() {
            return Ok(Some(result.map_or_else(|| "nothing".to_owned(), |result| result.to_string())));
        }
        self.save(step, "", result.unwrap_or_default());
        Ok(None)
    }

    /// What a step that changes nothing shows.
    fn look(&mut self, step: &Value) -> Result<String> {
        let joined = |mut names: Vec<String>| {
            names.sort();
            names.join(" ")
        };
        if let Some(address) = step.get("read") {
            let address = self.number(address)?;
            text(self.instance()?.memory(), address)
        } else if let Some(value) = step.get("keys") {
            let value = self.number(value)?;
            let instance = self.instance()?;
            let address = call(instance, "opa_json_dump", &[value])?;
            let json: BTreeMap<String, Value> = serde_json::from_str(&text(instance.memory(), address)?)?;
            Ok(joined(json.into_keys().collect()))
        } else if step.get("pages").is_some() {
            Ok((self.instance()?.memory().len() / 65_536).to_string())
        } else if let Some(name) = step.get("global").and_then(Value::as_str) {
            Ok(self.instance()?.global(name)?.to_string())
        } else if step.get("imports").is_some() {
            Ok(joined(self.engine.names(&self.module).0))
        } else {
            ensure!(step.get("exports").is_some(), "an unknown step: {step}");
            Ok(joined(self.engine.names(&self.module).1))
        }
    }
}

fn imports(step: &Value) -> Result<Imports> {
    let pages = |name: &str| step.get(name).and_then(Value::as_u64).map(u32::try_from).transpose();
    Ok(Imports {
        pages: pages("pages")?,
        maximum: pages("maximum")?,
        builtins: step.get("builtins").map(builtins).unwrap_or_default(),
        abort_returns: step.get("abortReturns").is_some(),
    })
}
