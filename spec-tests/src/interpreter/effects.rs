//! Builtins for the interpreter: the value library's, and the host's, which answer the same twice within a decision.

use regoc_compiler::plan::ir::Builtin;
use regoc_runtime::{Call, Effects as _, Value as HostValue};
use regoc_values::{Value, builtins, clock, syntax};

use crate::host::{HarnessEffects, custom_builtin};

/// The host of one decision.
#[derive(Default)]
pub(super) struct Host {
    effects: HarnessEffects,
    /// What nondeterministic builtins answered so far, by their call in value syntax.
    answers: Vec<(Vec<u8>, Value)>,
}

impl Host {
    /// The result of a builtin; undefined when it fails.
    pub(super) fn call(&mut self, builtin: &Builtin, args: &[Value]) -> Result<Value, String> {
        let name = &builtin.name;
        if !builtin.host {
            clock::set_now_ns(self.effects.now_ns());
            return builtins::call(name, args)
                .ok_or_else(|| format!("the value library has no builtin {name}/{}", args.len()));
        }
        let mut call = name.as_bytes().to_vec();
        args.iter().for_each(|arg| call.extend(syntax::write(*arg)));
        if let Some((_, answer)) = self.answers.iter().find(|(earlier, _)| *earlier == call) {
            return Ok(*answer);
        }
        let args = args.iter().map(|arg| to_host(*arg)).collect::<Result<Vec<_>, _>>()?;
        let answer = match self.answer(name, &args) {
            Some(answer) => syntax::parse(&answer.to_bytes()).map_err(|error| format!("{name}: {error:?}"))?,
            None => Value::UNDEFINED,
        };
        self.answers.push((call, answer));
        Ok(answer)
    }

    /// The answer of a host builtin; none when it fails or is undefined.
    fn answer(&mut self, name: &str, args: &[HostValue]) -> Option<HostValue> {
        match (name, args) {
            ("time.now_ns", []) => Some(HostValue::Number(self.effects.now_ns().to_string())),
            ("opa.runtime", []) => Some(self.effects.runtime_info()),
            ("trace", [_]) => Some(HostValue::Boolean(true)),
            ("internal.print", [_]) => None,
            ("http.send", [request]) => self.effects.http_send(request, &Call::default()).ok(),
            ("net.lookup_ip_addr", [HostValue::String(name)]) => {
                let addresses = self.effects.lookup_ip_addr(name, &Call::default()).ok()?;
                Some(HostValue::Set(addresses.into_iter().map(HostValue::String).collect()))
            }
            ("rand.intn", [_, HostValue::Number(limit)]) => {
                let limit = limit.parse::<i64>().ok()?.checked_abs()?;
                Some(HostValue::Number(if limit == 0 { 0 } else { self.random_word() % limit }.to_string()))
            }
            ("uuid.rfc4122", [_]) => {
                let word = self.random_word();
                Some(HostValue::String(format!("00000000-0000-4000-8000-{:012x}", word & 0xffff_ffff_ffff)))
            }
            _ => custom_builtin(name, args).ok().flatten(),
        }
    }

    /// A number that is not negative.
    fn random_word(&mut self) -> i64 {
        let mut bytes = [0; 8];
        self.effects.fill_random(&mut bytes);
        i64::from_le_bytes(bytes) & i64::MAX
    }
}

fn to_host(value: Value) -> Result<HostValue, String> {
    HostValue::parse_bytes(syntax::write(value))
}
