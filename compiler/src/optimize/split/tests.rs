//! Large functions of OPA's plans, and how large they are behind the pass; `tests/large_functions.rs` has those of policies. That splitting
//! keeps every answer is tested with all cases of `regoc-spec-tests`, which run with functions split wherever that is possible, too.

use serde_json::{Value, json};

use super::{Limits, weight};
use crate::optimize::{OptimizeOptions, optimize};
use crate::plan::opa::read_plan;
use crate::plan::validate::validate;

#[test]
fn opas_plans_have_no_large_functions_either() {
    // One function with a block for each body of a rule, as OPA plans it.
    let rule = |index: usize| {
        let dot = json!({"source": {"type": "local", "value": 0}, "key": {"type": "string_index", "value": 0}, "target": 10 + index});
        let equal = json!({"a": {"type": "local", "value": 10 + index}, "b": {"type": "bool", "value": true}});
        let once = json!({"source": {"type": "bool", "value": true}, "target": 2});
        json!({"stmts": [
            {"type": "DotStmt", "stmt": dot}, {"type": "EqualStmt", "stmt": equal}, {"type": "AssignVarOnceStmt", "stmt": once}
        ]})
    };
    let mut blocks: Vec<Value> = (0..10_000).map(rule).collect();
    blocks.push(json!({"stmts": [{"type": "ReturnLocalStmt", "stmt": {"source": 2}}]}));
    let document = |local: usize| json!({"type": "local", "value": local});
    let call = json!({"func": "f", "args": [document(0), document(1)], "result": 3});
    let result = json!({"stmts": [
        {"type": "CallStmt", "stmt": call}, {"type": "ResultSetAddStmt", "stmt": {"value": 3}}
    ]});
    let plan = json!({
        "static": {"strings": [{"value": "a"}]},
        "funcs": {"funcs": [{"name": "f", "params": [0, 1], "return": 2, "blocks": blocks, "path": ["g0", "p"]}]},
        "plans": {"plans": [{"name": "eval", "blocks": [result]}]},
    });
    let program = read_plan(&plan).expect("a plan");
    let program = optimize(program, &OptimizeOptions::default());
    assert_eq!(validate(&program), Ok(()));
    for function in &program.functions {
        let size = weight(&function.body);
        assert!(size <= Limits::USUAL.function, "{} weighs {size}", function.name);
    }
}
