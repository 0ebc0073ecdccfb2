//! What tests of `http.send` share: decisions of a module that OPA built (`fixtures/http.rego`).

use regoc_runtime::{Compilation, HttpClient, Input, Policy, Runtime, SystemEffects};
use serde_json::Value;

pub(crate) const MODULE: &[u8] = include_bytes!("../fixtures/http.wasm");

/// The module with a client.
pub(crate) fn policy(client: HttpClient) -> Policy {
    let effects = move || SystemEffects::new().with_http(client.clone());
    Runtime::builder().compilation(Compilation::Baseline).effects(effects).build().unwrap().load(MODULE).unwrap()
}

/// One decision on an instance of its own: what is kept belongs to the client.
pub(crate) fn decide(policy: &Policy, request: &Value) -> Value {
    let mut instance = policy.instance().unwrap();
    let entrypoint = policy.entrypoint("http/send").unwrap();
    instance.evaluate(entrypoint, &Input::from(request)).unwrap().into_value().unwrap_or(Value::Null)
}
