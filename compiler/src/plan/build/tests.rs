//! Plans of small trees made by hand, and of large ones.

use super::{PlanOptions, build};
use crate::hir::{
    Body, Callee, Entrypoint, Expr, ExprKind, ExprOrigin, Local, LocalId, LocalOrigin, NOWHERE, Name, Node, NodeId,
    Program, Ref, RefBase, Rule, RuleKind, RuleSet, RuleSetId, Term, TermKind, Tree, With, WithTarget, WithValue,
};
use crate::index::IndexVec;
use crate::plan::ir::{self, StmtKind};
use crate::plan::validate::validate;
use crate::plan::visit::for_each_stmt;
use crate::source::FileId;

fn term(kind: TermKind) -> Term {
    Term { kind, span: NOWHERE }
}

fn string(text: &str) -> Term {
    term(TermKind::String(text.into()))
}

fn number(value: usize) -> Term {
    term(TermKind::Number(value.to_string().into()))
}

fn variable(id: u32) -> Term {
    term(TermKind::Local(LocalId(id)))
}

fn reference(base: RefBase, path: Vec<Term>) -> Term {
    term(TermKind::Ref(Box::new(Ref { base, path })))
}

fn statement(kind: ExprKind) -> Expr {
    Expr { kind, with: Vec::new(), span: NOWHERE, origin: ExprOrigin::Written }
}

fn equal(a: Term, b: Term) -> Expr {
    statement(ExprKind::Unify(a, b))
}

fn body(exprs: Vec<Expr>) -> Body {
    Body { exprs, ..Body::default() }
}

/// Adds an empty rule set at a path.
fn set(program: &mut Program, path: &[&str], kind: RuleKind) -> RuleSetId {
    let mut node = Tree::ROOT;
    for step in path {
        node = match program.tree.child(node, *step) {
            Some(child) => child,
            None => child(program, node, step),
        };
    }
    let set = program.sets.push(RuleSet { node, kind, rules: Vec::new(), default: None });
    program.tree.nodes[node].set = Some(set);
    set
}

fn child(program: &mut Program, parent: NodeId, name: &str) -> NodeId {
    let node = Node { parent: Some(parent), key: name.into(), ..Node::default() };
    let child = program.tree.nodes.push(node);
    program.tree.nodes[parent].children.insert(name.into(), child);
    child
}

/// Adds a rule that `change` fills in; as it comes it is `true` without a body.
fn rule(program: &mut Program, set: RuleSetId, locals: usize, change: impl FnOnce(&mut Rule)) {
    let local = |_| Local { name: None, span: NOWHERE, origin: LocalOrigin::Implicit };
    let mut rule = Rule {
        set,
        file: FileId(0),
        package: 1,
        default: false,
        span: NOWHERE,
        params: Vec::new(),
        suffix: Vec::new(),
        element: None,
        value: term(TermKind::Boolean(true)),
        body: Body::default(),
        branches: Vec::new(),
        locals: (0..locals).map(local).collect::<IndexVec<_, _>>(),
        forgotten: Vec::new(),
        refers: true,
    };
    change(&mut rule);
    let id = program.rules.push(rule);
    program.sets[set].rules.push(id);
}

fn entrypoint(program: &mut Program, path: &[&str]) {
    let path: Vec<Name> = path.iter().map(|step| Name::from(*step)).collect();
    program.entrypoints.push(Entrypoint { name: path.join("/"), path, annotations: Vec::new() });
}

/// Plans, and checks the plan.
fn plan(program: &Program) -> Result<ir::Program, String> {
    let plan = build(program, &PlanOptions::default()).map_err(|errors| format!("{errors:?}"))?;
    validate(&plan).map_err(|violations| format!("{violations:?}"))?;
    Ok(plan)
}

fn count(plan: &ir::Program, is: impl Fn(&StmtKind) -> bool) -> usize {
    let mut count = 0;
    for function in &plan.functions {
        for_each_stmt(&function.body, &mut |stmt| count += usize::from(is(&stmt.kind)));
    }
    count
}

fn depth(block: &ir::Block) -> usize {
    let inner = block.stmts.iter().flat_map(|stmt| crate::plan::visit::blocks(&stmt.kind)).map(depth);
    inner.max().unwrap_or(0) + 1
}

#[test]
fn independent_iterations_are_not_nested() -> Result<(), String> {
    let mut program = Program::default();
    let p = set(&mut program, &["a", "p"], RuleKind::PartialSet);
    rule(&mut program, p, 40, |rule| {
        let scan = |id: u32| equal(reference(RefBase::Input, vec![string("xs"), variable(id)]), number(1));
        rule.body = body((0..40).map(scan).collect());
        rule.element = Some(string("found"));
    });
    entrypoint(&mut program, &["a", "p"]);
    let plan = plan(&program)?;
    assert_eq!(count(&plan, |stmt| matches!(stmt, StmtKind::Scan { .. })), 40);
    assert!(plan.functions.iter().all(|function| depth(&function.body) < 8));
    Ok(())
}

#[test]
fn too_many_nested_iterations_are_an_error() {
    let mut program = Program::default();
    let p = set(&mut program, &["a", "p"], RuleKind::PartialSet);
    rule(&mut program, p, 1_000, |rule| {
        let scan = |id: u32| equal(reference(RefBase::Input, vec![string("xs"), variable(id)]), number(1));
        rule.body = body((0..1_000).map(scan).collect());
        rule.element = Some(term(TermKind::Array((0..1_000).map(variable).collect())));
    });
    entrypoint(&mut program, &["a", "p"]);
    let errors = build(&program, &PlanOptions::default()).err().unwrap_or_default();
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(messages, ["too many nested iterations in one rule"]);
}

#[test]
fn long_bodies_are_flat() -> Result<(), String> {
    let mut program = Program::default();
    let p = set(&mut program, &["a", "p"], RuleKind::Complete);
    rule(&mut program, p, 0, |rule| {
        let test = |_| equal(reference(RefBase::Input, vec![string("x")]), number(1));
        rule.body = body((0..5_000).map(test).collect());
    });
    entrypoint(&mut program, &["a", "p"]);
    assert!(plan(&program)?.functions.iter().all(|function| depth(&function.body) < 5));
    Ok(())
}

#[test]
fn large_rule_sets_have_plans_of_linear_size() -> Result<(), String> {
    for kind in [RuleKind::Complete, RuleKind::PartialSet, RuleKind::PartialObject, RuleKind::Function(1)] {
        let mut program = Program::default();
        let p = set(&mut program, &["a", "p"], kind);
        for index in 0..10_000 {
            rule(&mut program, p, 1, |rule| {
                rule.body = body(vec![equal(reference(RefBase::Input, vec![string("x")]), number(index))]);
                match kind {
                    RuleKind::Complete => rule.value = number(index),
                    RuleKind::PartialSet => rule.element = Some(number(index)),
                    RuleKind::PartialObject => rule.suffix = vec![number(index)],
                    RuleKind::Function(_) => rule.params = vec![variable(0)],
                }
            });
        }
        entrypoint(&mut program, &["a"]);
        if let RuleKind::Function(_) = kind {
            let q = set(&mut program, &["a", "q"], RuleKind::Complete);
            rule(&mut program, q, 0, |rule| {
                let callee = Callee::Function(p);
                rule.body = body(vec![statement(ExprKind::Call { callee, args: vec![number(1)], output: None })]);
            });
        }
        let plan = plan(&program)?;
        assert!(count(&plan, |_| true) < 10_000 * 10, "{kind:?}");
    }
    Ok(())
}

#[test]
fn replacements_make_copies_of_what_they_reach_only() -> Result<(), String> {
    let mut program = Program::default();
    let f = set(&mut program, &["a", "f"], RuleKind::Function(1));
    rule(&mut program, f, 1, |rule| rule.params = vec![variable(0)]);
    let other = set(&mut program, &["a", "other"], RuleKind::Complete);
    rule(&mut program, other, 0, |_| {});
    let calls = set(&mut program, &["a", "calls"], RuleKind::Complete);
    rule(&mut program, calls, 0, |rule| {
        let call = ExprKind::Call { callee: Callee::Function(f), args: vec![number(1)], output: None };
        let other = reference(RefBase::Data, vec![string("a"), string("other")]);
        rule.body = body(vec![statement(call), statement(ExprKind::Term(other))]);
    });
    let p = set(&mut program, &["a", "p"], RuleKind::Complete);
    rule(&mut program, p, 0, |rule| {
        let calls = || statement(ExprKind::Term(reference(RefBase::Data, vec![string("a"), string("calls")])));
        let target = WithTarget::Callee(Callee::Function(f));
        let replaced = |value| With { target: target.clone(), value: WithValue::Term(value), span: NOWHERE };
        let mut constant = calls();
        constant.with = vec![replaced(number(2))];
        let mut dynamic = calls();
        dynamic.with = vec![replaced(reference(RefBase::Input, vec![string("x")]))];
        rule.body = body(vec![calls(), constant, dynamic]);
    });
    entrypoint(&mut program, &["a", "p"]);
    let plan = plan(&program)?;
    let named = |name: &str| plan.functions.iter().filter(|function| function.name == name).collect::<Vec<_>>();
    // One as it stands, one for the constant, one that gets the value as a parameter.
    assert_eq!(named("data.a.calls").iter().map(|function| function.params).collect::<Vec<_>>(), [0, 0, 1]);
    assert_eq!(named("data.a.f").len(), 1);
    assert_eq!(named("data.a.other").len(), 1);
    assert!(named("data.a.other").iter().all(|function| function.memoize));
    Ok(())
}
