//! Plans made by hand, and what the passes make of them.

use crate::index::IndexVec;
use crate::optimize::{OptimizeOptions, PASSES, optimize};
use crate::plan::ir::{
    Block, Builtin, Constant, Entrypoint, FuncId, Function, FunctionKind, Label, Local, Operand, Program, Stmt,
    StmtKind,
};
use crate::plan::print::print;
use crate::plan::validate::validate;

const C0: Operand = Operand::Const(crate::plan::ir::ConstId(0));
const C1: Operand = Operand::Const(crate::plan::ir::ConstId(1));

fn block(label: u32, kinds: Vec<StmtKind>) -> Block {
    Block { label: Label(label), stmts: kinds.into_iter().map(|kind| Stmt { kind, span: None }).collect() }
}

fn function(kind: FunctionKind, memoize: bool, locals: u32, result: u32, body: Block) -> Function {
    Function { name: format!("{kind:?}"), kind, params: 0, locals, memoize, body, result: Local(result) }
}

/// A program whose function 0 is the entrypoint; the constants are 1 and 0.
fn program(functions: Vec<Function>) -> Program {
    let divide = Builtin { name: "div".into(), arity: 2, has_result: true, host: false };
    let plus = Builtin { name: "plus".into(), arity: 2, has_result: true, host: false };
    Program {
        constants: IndexVec::from_iter([Constant::Number("1".into()), Constant::Number("0".into())]),
        builtins: IndexVec::from_iter([divide, plus]),
        functions: functions.into_iter().collect(),
        entrypoints: vec![Entrypoint { name: "e".to_owned(), function: FuncId(0) }],
        ..Program::default()
    }
}

/// Runs one pass and returns the text of the plan.
fn run(program: Program, pass: &str) -> String {
    assert_eq!(validate(&program), Ok(()));
    let skip = PASSES.iter().map(|pass| pass.name.to_owned()).filter(|name| name != pass).collect();
    let program = optimize(program, &OptimizeOptions { skip });
    assert_eq!(validate(&program), Ok(()));
    print(&program)
}

fn call(function: u32, target: u32) -> StmtKind {
    StmtKind::Call { function: FuncId(function), args: Vec::new(), target: Local(target) }
}

fn scan(label: u32, key: u32, inside: Vec<StmtKind>) -> StmtKind {
    let (key, value) = (Local(key), Local(key + 1));
    StmtKind::Scan { source: Local::INPUT.into(), key, value, body: block(label, inside) }
}

fn once(target: u32, source: Operand) -> StmtKind {
    StmtKind::AssignOnce { target: Local(target), source }
}

fn entry(kinds: Vec<StmtKind>) -> Function {
    function(FunctionKind::Entrypoint, false, 8, 2, block(0, kinds))
}

#[test]
fn a_scan_ends_with_the_first_element_that_is_found() {
    let found = StmtKind::Equal(Local(4).into(), C0);
    let text = run(program(vec![entry(vec![scan(1, 3, vec![found, once(2, C0)])])]), "early-exit");
    assert!(text.contains("$2 = once 1\n        break L0"), "{text}");
}

#[test]
fn rules_of_the_same_value_end_with_the_first_that_holds_before_a_default() {
    let rule = |label, key| StmtKind::Block(block(label, vec![scan(label + 1, key, vec![once(2, C0)])]));
    let default = StmtKind::Block(block(9, vec![StmtKind::IsUndefined(Local(2)), once(2, C1)]));
    let text = run(program(vec![entry(vec![rule(1, 3), rule(3, 5), default])]), "early-exit");
    assert_eq!(text.matches("break L0").count(), 2, "{text}");
}

#[test]
fn rules_of_different_values_are_all_evaluated() {
    let rule = |label, value| StmtKind::Block(block(label, vec![once(2, value)]));
    let text = run(program(vec![entry(vec![rule(1, C0), rule(2, C1)])]), "early-exit");
    assert!(!text.contains("break"), "{text}");
}

#[test]
fn a_scan_that_also_collects_goes_on() {
    let collect = StmtKind::SetAdd { set: Local(5), value: Local(4).into() };
    let inside = vec![once(6, C0), collect];
    let kinds = vec![StmtKind::MakeSet { target: Local(5) }, scan(1, 3, inside), once(2, Local(5).into())];
    let text = run(program(vec![entry(kinds)]), "early-exit");
    assert!(!text.contains("break"), "{text}");
}

#[test]
fn what_follows_a_scan_still_runs() {
    let kinds = vec![scan(1, 3, vec![once(5, C0)]), StmtKind::IsDefined(Local(5)), once(2, C1)];
    let text = run(program(vec![entry(kinds)]), "early-exit");
    assert!(text.contains("break L2"), "{text}");
    assert!(text.contains("    is-defined $5\n    $2 = once 0"), "{text}");
}

#[test]
fn a_value_is_kept_only_if_it_is_asked_for_twice() {
    let rules = || function(FunctionKind::Rules, true, 3, 2, block(0, vec![once(2, C0)]));
    let functions = vec![entry(vec![call(1, 3), call(2, 4), call(2, 5)]), rules(), rules()];
    let text = run(program(functions), "memoize");
    assert_eq!(text.matches(" memoized").count(), 1, "{text}");
    let in_scan = vec![entry(vec![scan(1, 3, vec![call(1, 5)])]), rules()];
    assert_eq!(run(program(in_scan), "memoize").matches(" memoized").count(), 1);
}

#[test]
fn what_no_entrypoint_reaches_is_removed() {
    let rules = || function(FunctionKind::Rules, true, 3, 2, block(0, vec![once(2, C1)]));
    let text = run(program(vec![entry(vec![call(2, 3)]), rules(), rules()]), "unused");
    assert!(text.contains("$3 = f1()") && !text.contains("f2") && !text.contains("builtin"), "{text}");
    assert!(text.contains("$2 = once 0"), "{text}");
}

#[test]
fn calls_of_constants_are_made_unless_they_fail() {
    let builtin = |index, b, target| StmtKind::CallBuiltin {
        builtin: crate::plan::ir::BuiltinId(index),
        args: vec![C0, b],
        target: Local(target),
    };
    let text = run(program(vec![entry(vec![builtin(1, C0, 3), builtin(0, C1, 4), once(2, Local(3).into())])]), "fold");
    assert!(text.contains("$3 = 2\n    $4 = div(1, 0)\n    $2 = once 2"), "{text}");
}

#[test]
fn collections_of_constants_are_constants() {
    let kinds = vec![
        StmtKind::MakeArray { target: Local(3), capacity: 1 },
        StmtKind::MakeSet { target: Local(4) },
        StmtKind::SetAdd { set: Local(4), value: C0 },
        StmtKind::SetAdd { set: Local(4), value: C1 },
        StmtKind::ArrayAppend { array: Local(3), value: Local(4).into() },
        once(2, Local(3).into()),
    ];
    let text = run(program(vec![entry(kinds)]), "fold");
    assert!(text.contains("$2 = once [{0, 1}]"), "{text}");
}

#[test]
fn a_test_that_cannot_hold_ends_its_block() {
    let kinds = vec![StmtKind::Block(block(1, vec![StmtKind::Equal(C0, C1), once(2, C0)])), once(2, C1)];
    let text = run(program(vec![entry(kinds)]), "fold");
    assert!(text.contains("break L1\n    $2 = once 0"), "{text}");
}

/// A scan of the input under `$3`, `$4` with that body, and what gives the result its value before.
fn scanned(before: Vec<StmtKind>, inside: Vec<StmtKind>) -> String {
    let kinds = before.into_iter().chain([scan(1, 3, inside)]).collect();
    run(program(vec![entry(kinds)]), "key-lookup")
}

fn is_key(wanted: Operand) -> StmtKind {
    StmtKind::Equal(Local(3).into(), wanted)
}

fn field(source: u32, target: u32) -> StmtKind {
    StmtKind::Dot { source: Local(source).into(), key: C0, target: Local(target) }
}

#[test]
fn the_key_that_a_scan_compares_is_looked_up() {
    let text = scanned(Vec::new(), vec![field(4, 5), is_key(C0), once(2, Local(5).into())]);
    assert!(!text.contains("scan $0 as $3") && text.contains("$4 = $0[1]"), "{text}");
    // What is looked up must be there.
    let text = scanned(vec![field(0, 6)], vec![is_key(Local(6).into()), once(2, C0)]);
    assert!(text.contains("is-defined $6\n        $4 = undefined") && text.contains("$4 = $0[$6]"), "{text}");
}

#[test]
fn keys_that_may_be_written_in_another_way_are_searched_for() {
    let text = scanned(vec![field(0, 6)], vec![is_key(Local(6).into()), once(2, Local(3).into())]);
    assert!(text.contains("is-string $6\n            $3 = $6\n            $4 = $0[$6]"), "{text}");
    assert!(text.contains("equal $8, $6\n") && text.contains("$3 = $8\n"), "{text}");
    // The key of an array is written like the constant.
    let text = scanned(Vec::new(), vec![is_key(C0), once(2, Local(3).into())]);
    assert!(text.contains("is-array $0") && !text.contains("is-string"), "{text}");
}

#[test]
fn a_scan_does_what_is_seen_before_its_key_is_compared() {
    let divide = StmtKind::CallBuiltin {
        builtin: crate::plan::ir::BuiltinId(0),
        args: vec![C0, Local(4).into()],
        target: Local(5),
    };
    let copied = StmtKind::Assign { target: Local(2), source: Local(4).into() };
    let left = StmtKind::IsUndefined(Local(5));
    for first in [divide, copied, left] {
        let text = scanned(Vec::new(), vec![first, is_key(C0), once(5, C0)]);
        assert!(text.contains("scan $0 as $3, $4"), "{text}");
    }
    // What an element is compared with may be a part of it.
    let text = scanned(Vec::new(), vec![field(4, 5), is_key(Local(5).into()), once(2, C0)]);
    assert!(text.contains("scan $0 as $3, $4"), "{text}");
}

#[test]
fn the_key_of_an_outer_scan_is_looked_up_before_the_inner_one_runs() {
    let inner = StmtKind::Scan {
        source: Local(4).into(),
        key: Local(5),
        value: Local(6),
        body: block(2, vec![is_key(C0), once(2, C1)]),
    };
    let text = scanned(Vec::new(), vec![inner.clone()]);
    assert!(text.contains("$4 = $0[1]") && text.contains("scan $4 as $5, $6"), "{text}");
    let text = scanned(Vec::new(), vec![inner, once(2, C0)]);
    assert!(text.contains("scan $0 as $3, $4"), "{text}");
}
