//! The builtins that a host answers: those of OPA that touch the world, and those of the embedder.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use regoc_abi::builtins::Placement;

use crate::call::{BuiltinError, Call};
use crate::effects::{Effects, Reach};
use crate::runtime_info;
use crate::value::Value;

/// What a builtin of the embedder is: from arguments to a result, undefined (`None`) or an error.
type Function = dyn Fn(&[Value]) -> Result<Option<Value>, String> + Send + Sync;

/// The builtins of the embedder, by name.
#[derive(Clone, Default)]
pub(crate) struct Registry {
    functions: BTreeMap<String, Arc<Function>>,
    /// Whether builtins that are not there are taken for ones that always fail.
    pub(crate) accept_any: bool,
}

impl Registry {
    /// Adds a builtin, or replaces the one of that name.
    pub(crate) fn insert(
        &mut self,
        name: String,
        function: impl Fn(&[Value]) -> Result<Option<Value>, String> + Send + Sync + 'static,
    ) {
        self.functions.insert(name, Arc::new(function));
    }

    /// The builtin of a name, or why there is none.
    pub(crate) fn find(&self, name: &str, effects: &dyn Effects) -> Result<HostBuiltin, String> {
        match self.find_present(name, effects) {
            Err(why) if self.accept_any => {
                let function = Arc::new(move |_: &[Value]| Err(why.clone()));
                Ok(HostBuiltin { name: name.into(), answer: Answer::Embedder(function) })
            }
            found => found,
        }
    }

    fn find_present(&self, name: &str, effects: &dyn Effects) -> Result<HostBuiltin, String> {
        if let Some(function) = self.functions.get(name) {
            return Ok(HostBuiltin { name: name.into(), answer: Answer::Embedder(function.clone()) });
        }
        let effect = match name {
            "http.send" if effects.allows(Reach::Http) => Effect::HttpSend,
            "net.lookup_ip_addr" if effects.allows(Reach::Lookup) => Effect::LookupIpAddr,
            "http.send" | "net.lookup_ip_addr" => {
                return Err(format!("the policy calls `{name}`, which this host does not allow"));
            }
            "internal.print" => Effect::Print,
            "internal.test_case" => Effect::TestCase,
            "opa.runtime" => Effect::Runtime,
            "rand.intn" => Effect::RandIntn,
            "time.now_ns" => Effect::NowNs,
            "trace" => Effect::Trace,
            "uuid.rfc4122" => Effect::Uuid,
            _ => return Err(unknown(name)),
        };
        Ok(HostBuiltin { name: name.into(), answer: Answer::Effect(effect) })
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.functions.keys()).finish()
    }
}

/// Why a builtin is not there.
fn unknown(name: &str) -> String {
    match regoc_abi::builtins::find(name) {
        // regoc links these into the module; a module that asks its host for one was built by something else.
        Some(row) if row.placement != Placement::Host => {
            format!(
                "the module leaves the builtin `{name}` to its host, which does not have it: build the policy with regoc"
            )
        }
        _ => format!("the policy calls `{name}`, a builtin that this host does not have"),
    }
}

/// A builtin that a module calls by number.
#[derive(Clone)]
pub(crate) struct HostBuiltin {
    /// The name in Rego.
    pub(crate) name: Arc<str>,
    answer: Answer,
}

#[derive(Clone)]
enum Answer {
    Effect(Effect),
    Embedder(Arc<Function>),
}

/// The builtins of OPA that touch the world.
#[derive(Clone, Copy)]
enum Effect {
    HttpSend,
    LookupIpAddr,
    NowNs,
    Print,
    RandIntn,
    Runtime,
    TestCase,
    Trace,
    Uuid,
}

/// What must not change within one decision.
#[derive(Default)]
pub(crate) struct Constant {
    now_ns: Option<i64>,
    /// By the names and arguments of calls for which OPA gives the same result when they are the same.
    answers: BTreeMap<String, Value>,
}

impl Constant {
    /// Forgets everything: a new decision begins.
    pub(crate) fn reset(&mut self) {
        self.now_ns = None;
        self.answers.clear();
    }

    /// The time of the decision.
    pub(crate) fn now_ns(&mut self, effects: &mut dyn Effects) -> i64 {
        *self.now_ns.get_or_insert_with(|| effects.now_ns())
    }

    fn remembered(
        &mut self,
        key: String,
        make: impl FnOnce() -> Result<Value, BuiltinError>,
    ) -> Result<Option<Value>, BuiltinError> {
        if let Some(answer) = self.answers.get(&key) {
            return Ok(Some(answer.clone()));
        }
        let answer = make()?;
        self.answers.insert(key, answer.clone());
        Ok(Some(answer))
    }
}

impl HostBuiltin {
    /// Whether the answer depends on the place or the time of the call.
    pub(crate) fn wants_call(&self) -> bool {
        matches!(self.answer, Answer::Effect(Effect::HttpSend | Effect::LookupIpAddr))
    }

    /// Answers a call: a value, undefined, or why it failed.
    pub(crate) fn call(
        &self,
        arguments: &[Value],
        call: &Call<'_>,
        effects: &mut dyn Effects,
        constant: &mut Constant,
    ) -> Result<Option<Value>, BuiltinError> {
        let effect = match &self.answer {
            Answer::Effect(effect) => *effect,
            Answer::Embedder(function) => return function(arguments).map_err(BuiltinError::failed),
        };
        match (effect, arguments) {
            (Effect::NowNs, []) => Ok(Some(Value::from(constant.now_ns(effects)))),
            (Effect::Runtime, []) => runtime_info::redacted(effects.runtime_info()).map(Some),
            (Effect::TestCase, _) => Ok(Some(Value::from(true))),
            (Effect::Trace, [note]) => {
                effects.trace(string(note, 1)?);
                Ok(Some(Value::from(true)))
            }
            (Effect::Print, [Value::Array(operands)]) => {
                print(operands, effects);
                Ok(Some(Value::from(true)))
            }
            (Effect::LookupIpAddr, [name]) => {
                let name = string(name, 1)?;
                if call.allow_net.is_some_and(|allowed| !allowed.iter().any(|host| host == name)) {
                    return Err(BuiltinError::failed(format!("disallowed host: {name}")));
                }
                constant.remembered(format!("{} {name}", self.name), || {
                    let mut addresses = effects.lookup_ip_addr(name, call)?;
                    addresses.sort();
                    addresses.dedup();
                    Ok(Value::Set(addresses.into_iter().map(Value::from).collect()))
                })
            }
            (Effect::HttpSend, [request]) => effects.http_send(request, call).map(Some),
            (Effect::RandIntn, [seed, limit]) => {
                let (seed, limit) = (string(seed, 1)?, integer(limit, 2)?.unsigned_abs());
                let key = format!("{} {seed}-{limit}", self.name);
                constant.remembered(key, || Ok(Value::from(random_below(limit, effects))))
            }
            (Effect::Uuid, [seed]) => {
                constant.remembered(format!("{} {seed}", self.name), || Ok(Value::from(uuid(effects))))
            }
            _ => Err(BuiltinError::failed("wrong arguments")),
        }
    }
}

/// The operand at a position, from 1, as a string.
fn string(value: &Value, position: u32) -> Result<&str, BuiltinError> {
    let wrong = || BuiltinError::operand(format!("operand {position} must be string but got {}", value.type_name()));
    value.as_str().ok_or_else(wrong)
}

/// The operand at a position, from 1, as an integer.
fn integer(value: &Value, position: u32) -> Result<i64, BuiltinError> {
    let Value::Number(text) = value else {
        return Err(BuiltinError::operand(format!("operand {position} must be number but got {}", value.type_name())));
    };
    // OPA takes an integer with a fraction of zeros for one, but none with an exponent.
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
        _ => text,
    };
    let wrong = format!("operand {position} must be integer number but got floating-point number");
    whole.parse().map_err(|_| BuiltinError::operand(wrong))
}

/// A number from 0 to one below the limit, each equally likely; 0 for the limit 0, as OPA has it.
fn random_below(limit: u64, effects: &mut dyn Effects) -> i64 {
    let mut bytes = [0; 16];
    effects.fill_random(&mut bytes);
    // 128 random bits: the bias of the remainder is below one in 2^64.
    let below = u128::from_le_bytes(bytes).checked_rem(u128::from(limit)).unwrap_or_default();
    i64::try_from(below).unwrap_or_default()
}

/// A random UUID, version 4 (RFC 4122, section 4.4).
fn uuid(effects: &mut dyn Effects) -> String {
    let mut bytes = [0; 16];
    effects.fill_random(&mut bytes);
    let bits = u128::from_be_bytes(bytes) & !(0xf000 << 64) & !(0xc000 << 48) | 0x4000 << 64 | 0x8000 << 48;
    let digits = format!("{bits:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// Prints each combination of the operands on a line of its own. An operand is the set of its values: none is undefined, and several come
/// from an operand with free variables.
fn print(operands: &[Value], effects: &mut dyn Effects) {
    let undefined = [Value::Null];
    let choices: Vec<(&[Value], bool)> = operands
        .iter()
        .map(|operand| match operand {
            Value::Set(values) | Value::Array(values) if values.is_empty() => (undefined.as_slice(), true),
            Value::Set(values) | Value::Array(values) => (values.as_slice(), false),
            other => (std::slice::from_ref(other), false),
        })
        .collect();
    let mut at = vec![0; choices.len()];
    loop {
        let words: Vec<String> = choices
            .iter()
            .zip(&at)
            .map(|((values, is_undefined), index)| match values.get(*index) {
                _ if *is_undefined => "<undefined>".to_owned(),
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => String::new(),
            })
            .collect();
        effects.print(&words.join(" "));
        // The next combination: the last operand turns fastest.
        let Some(turn) = (0..at.len()).rev().find(|position| {
            at.get(*position).zip(choices.get(*position)).is_some_and(|(index, (values, _))| index + 1 < values.len())
        }) else {
            return;
        };
        for (position, index) in at.iter_mut().enumerate().skip(turn) {
            *index = if position == turn { *index + 1 } else { 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Constant, Registry};
    use crate::call::Call;
    use crate::effects::{FixedEffects, SystemEffects};
    use crate::value::Value;

    fn call(name: &str, arguments: &[&str], effects: &mut FixedEffects, constant: &mut Constant) -> Option<String> {
        let arguments: Option<Vec<Value>> = arguments.iter().map(|text| Value::parse(text).ok()).collect();
        let builtin = Registry::default().find(name, effects).ok()?;
        builtin.call(&arguments?, &Call::default(), effects, constant).ok()?.map(|value| value.to_text())
    }

    #[test]
    fn time_and_randomness_are_constant_within_a_decision() {
        let (mut effects, mut constant) = (FixedEffects::at(7), Constant::default());
        assert_eq!(call("time.now_ns", &[], &mut effects, &mut constant).as_deref(), Some("7"));
        effects.now_ns = 8;
        assert_eq!(call("time.now_ns", &[], &mut effects, &mut constant).as_deref(), Some("7"));
        let first = call("uuid.rfc4122", &["\"k\""], &mut effects, &mut constant);
        assert_eq!(first.as_deref(), Some("\"01020304-0506-4708-890a-0b0c0d0e0f10\""));
        assert_eq!(call("uuid.rfc4122", &["\"k\""], &mut effects, &mut constant), first);
        assert_ne!(call("uuid.rfc4122", &["\"l\""], &mut effects, &mut constant), first);
        constant.reset();
        assert_eq!(call("time.now_ns", &[], &mut effects, &mut constant).as_deref(), Some("8"));
    }

    #[test]
    fn random_numbers_stay_below_their_limit() {
        let (mut effects, mut constant) = (SystemEffects::new(), Constant::default());
        let Ok(builtin) = Registry::default().find("rand.intn", &effects) else { unreachable!() };
        for limit in [1, 2, 10, -10] {
            for seed in 0..50 {
                let arguments = [Value::from(seed.to_string()), Value::from(limit)];
                let number = builtin.call(&arguments, &Call::default(), &mut effects, &mut constant);
                let number = number.ok().flatten().and_then(|value| value.as_i64());
                assert!(number.is_some_and(|number| (0..limit.abs()).contains(&number)), "{number:?} of {limit}");
            }
        }
        let mut message = |seed: Value, limit: &str| {
            let arguments = [seed, Value::Number(limit.into())];
            builtin.call(&arguments, &Call::default(), &mut effects, &mut constant).err().map(|error| error.to_string())
        };
        let fraction = "operand 2 must be integer number but got floating-point number";
        assert_eq!(message(Value::from("a"), "1.5").as_deref(), Some(fraction));
        assert_eq!(message(Value::from("a"), "1e2").as_deref(), Some(fraction));
        assert_eq!(message(Value::from("a"), "5.0"), None);
        assert_eq!(message(Value::Null, "5").as_deref(), Some("operand 1 must be string but got null"));
    }

    #[test]
    fn print_shows_every_combination() {
        let (mut effects, mut constant) = (FixedEffects::default(), Constant::default());
        call("internal.print", &["[{\"x\"},{1,2},set(),{[\"a\",{3}]}]"], &mut effects, &mut constant);
        call("internal.print", &["[]"], &mut effects, &mut constant);
        let wanted = [r#"x 1 <undefined> ["a", {3}]"#, r#"x 2 <undefined> ["a", {3}]"#, ""];
        assert_eq!(effects.printed(), wanted);
    }

    #[test]
    fn a_builtin_that_is_not_there_is_named() {
        let reason = |name: &str| Registry::default().find(name, &FixedEffects::default()).err().unwrap_or_default();
        assert!(reason("http.send").contains("`http.send`, which this host does not allow"));
        assert!(reason("my.thing").contains("`my.thing`"));
        assert!(reason("units.parse").contains("build the policy with regoc"));
    }
}
