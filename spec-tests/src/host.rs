//! The host of the harness: a clock that stands still, addresses that are always the same, and the builtins that OPA's cases
//! expect their harness to supply. No case reaches a network.

use regoc_compiler::capabilities::BuiltinType;
use regoc_runtime::{BuiltinError, Call, Effects, FixedEffects, HttpClient, Reach, SystemEffects, Value};

/// What the clock shows: 2026-01-01T00:00:00Z, in nanoseconds since 1970-01-01 UTC.
pub const NOW_NS: i64 = 1_767_225_600_000_000_000;

/// A builtin that OPA's cases call and that OPA itself does not have.
pub struct CustomBuiltin {
    /// The name in Rego.
    pub name: &'static str,
    /// The types of the parameters.
    pub params: &'static [BuiltinType],
    /// The type of the result.
    pub result: BuiltinType,
    /// Whether two calls with the same arguments may differ.
    pub nondeterministic: bool,
}

/// The builtins that the harness supplies.
pub const CUSTOM_BUILTINS: &[CustomBuiltin] = &[
    CustomBuiltin {
        name: "test.sleep",
        params: &[BuiltinType::String],
        result: BuiltinType::Null,
        nondeterministic: false,
    },
    CustomBuiltin {
        name: "custom_builtin_test",
        params: &[BuiltinType::Number],
        result: BuiltinType::Number,
        nondeterministic: false,
    },
    CustomBuiltin {
        name: "custom_builtin_test_impure",
        params: &[],
        result: BuiltinType::String,
        nondeterministic: true,
    },
    CustomBuiltin {
        name: "custom_builtin_test_memoization",
        params: &[],
        result: BuiltinType::Number,
        nondeterministic: true,
    },
];

/// The effects of the harness.
pub struct HarnessEffects {
    fixed: FixedEffects,
    /// Answers `http.send`: what the cases ask fails before it reaches a network.
    world: SystemEffects,
}

impl Default for HarnessEffects {
    fn default() -> Self {
        Self { fixed: FixedEffects::at(NOW_NS), world: SystemEffects::new().with_http(HttpClient::new()) }
    }
}

impl Effects for HarnessEffects {
    fn now_ns(&mut self) -> i64 {
        self.fixed.now_ns()
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        self.fixed.fill_random(bytes);
    }

    fn runtime_info(&mut self) -> Value {
        self.fixed.runtime_info()
    }

    fn print(&mut self, line: &str) {
        self.fixed.print(line);
    }

    fn lookup_ip_addr(&mut self, name: &str, _call: &Call<'_>) -> Result<Vec<String>, BuiltinError> {
        match name {
            "localhost" => Ok(vec!["127.0.0.1".to_owned()]),
            address if address.parse::<std::net::IpAddr>().is_ok() => Ok(vec![address.to_owned()]),
            other => Err(BuiltinError::failed(format!("lookup {other}: no such host"))),
        }
    }

    fn begin_decision(&mut self) {
        self.world.begin_decision();
    }

    fn http_send(&mut self, request: &Value, call: &Call<'_>) -> Result<Value, BuiltinError> {
        self.world.http_send(request, call)
    }

    fn allows(&self, _reach: Reach) -> bool {
        true
    }
}

/// Answers one of [`CUSTOM_BUILTINS`].
///
/// # Errors
/// When there is no such builtin or the arguments do not fit.
pub fn custom_builtin(name: &str, args: &[Value]) -> Result<Option<Value>, String> {
    match (name, args) {
        // Nothing waits: what the cases ask is that the clock stands still meanwhile.
        ("test.sleep", [Value::String(_)]) => Ok(Some(Value::Null)),
        ("custom_builtin_test", [Value::Number(text)]) => {
            let number: i64 = text.parse().map_err(|_| format!("{text} is not an integer"))?;
            Ok(Some(Value::Number((number + 1).to_string())))
        }
        ("custom_builtin_test_impure", []) => Ok(Some(Value::String("foo".to_owned()))),
        ("custom_builtin_test_memoization", []) => Ok(Some(Value::Number("100".to_owned()))),
        _ => Err(format!("{name} with these arguments is not a builtin of the harness")),
    }
}
