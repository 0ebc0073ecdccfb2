//! A builtin of the embedder from end to end, as the README shows it: a capabilities file tells the compiler of it, a closure answers it.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use regoc_runtime::{Decision, Input, Runtime, Value};
use serde_json::json;

use crate::common::Folder;

const POLICY: &str = include_str!("../../../examples/custom-builtin/policy.rego");
const CAPABILITIES: &str = include_str!("../../../examples/custom-builtin/capabilities.json");

fn folder() -> Folder {
    Folder::new(&[
        ("policy.rego", POLICY),
        ("capabilities.json", CAPABILITIES),
        ("input.json", "{\"price\": 10, \"customer\": \"ann\"}"),
    ])
}

fn discount(arguments: &[Value]) -> Result<Option<Value>, String> {
    match arguments {
        [Value::String(name)] if name == "ann" => Ok(Some(Value::from(3))),
        [Value::String(name)] if name == "bob" => Ok(None),
        _ => Err("no such customer".to_owned()),
    }
}

#[test]
fn a_closure_answers_what_a_capabilities_file_declares() {
    let folder = folder();
    folder
        .run(&["build", "--capabilities", "capabilities.json", "-e", "shop/price", "-o", "policy.wasm", "policy.rego"])
        .ok();
    let runtime = Runtime::builder().builtin("customers.discount", discount).build().unwrap();
    let policy = runtime.load(&folder.read("policy.wasm")).unwrap();
    assert_eq!(policy.host_builtins().collect::<Vec<_>>(), ["customers.discount"]);
    let price = policy.entrypoint("shop/price").unwrap();
    let mut instance = policy.instance().unwrap();
    let mut ask =
        |customer: &str| instance.evaluate(price, &Input::from(&json!({"price": 10, "customer": customer}))).unwrap();
    assert_eq!(ask("ann"), Decision::Defined(json!(7)));
    assert_eq!(ask("bob"), Decision::Undefined);
    assert_eq!(ask("eve"), Decision::Undefined);
}

#[test]
fn its_failures_are_errors_where_builtin_errors_are_strict() {
    let folder = folder();
    let build =
        ["build", "--capabilities", "capabilities.json", "-e", "shop/price", "-o", "policy.wasm", "policy.rego"];
    folder.run(&build).ok();
    let runtime =
        Runtime::builder().builtin("customers.discount", discount).strict_builtin_errors(true).build().unwrap();
    let policy = runtime.load(&folder.read("policy.wasm")).unwrap();
    let price = policy.entrypoint("shop/price").unwrap();
    let mut instance = policy.instance().unwrap();
    let error = instance.evaluate(price, &Input::from(&json!({"price": 10, "customer": "eve"}))).unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("eval_builtin_error"), "customers.discount: no such customer"));
}

#[test]
fn the_compiler_knows_its_type_and_hosts_without_it_refuse_it() {
    let folder = folder();
    folder.write("wrong.rego", b"package shop\n\nprice := customers.discount(1)\n");
    let check = ["check", "--capabilities", "capabilities.json", "wrong.rego"];
    folder.run(&check).fails(1, &["rego_type_error", "customers.discount"]);
    folder.run(&["check", "policy.rego"]).fails(1, &["undefined function customers.discount"]);
    let eval =
        ["eval", "--capabilities", "capabilities.json", "-d", "policy.rego", "-i", "input.json", "data.shop.price"];
    folder.run(&eval).fails(2, &["the policy calls `customers.discount`, a builtin that this host does not have"]);
}
