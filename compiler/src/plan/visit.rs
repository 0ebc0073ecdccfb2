//! What a statement reads, assigns, changes and holds, for whoever walks a plan: the validator and the optimizer.
//!
//! The one place beside code generation that knows the shape of every statement. Decides nothing.

use rustc_hash::FxHashSet;

use super::ir::{Block, ConstId, Label, Local, Operand, Stmt, StmtKind};

/// The local that a statement assigns, but for the key and value of a scan.
#[must_use]
pub fn target(kind: &StmtKind) -> Option<Local> {
    match kind {
        StmtKind::Assign { target, .. }
        | StmtKind::AssignOnce { target, .. }
        | StmtKind::Reset { target }
        | StmtKind::Dot { target, .. }
        | StmtKind::Len { target, .. }
        | StmtKind::Select { target, .. }
        | StmtKind::MakeArray { target, .. }
        | StmtKind::MakeObject { target }
        | StmtKind::MakeSet { target }
        | StmtKind::ObjectMerge { target, .. }
        | StmtKind::ObjectDefault { target, .. }
        | StmtKind::ResultSet { target, .. }
        | StmtKind::Call { target, .. }
        | StmtKind::CallBuiltin { target, .. }
        | StmtKind::CallDynamic { target, .. } => Some(*target),
        _ => None,
    }
}

/// Calls `f` with each local that a statement assigns.
pub fn for_each_assigned(kind: &StmtKind, mut f: impl FnMut(Local)) {
    if let StmtKind::Scan { key, value, .. } = kind {
        f(*key);
        f(*value);
    }
    if let Some(target) = target(kind) {
        f(target);
    }
}

/// The collection that a statement changes in place.
#[must_use]
pub fn grown(kind: &StmtKind) -> Option<Local> {
    match kind {
        StmtKind::ArrayAppend { array: collection, .. }
        | StmtKind::SetAdd { set: collection, .. }
        | StmtKind::ObjectInsert { object: collection, .. }
        | StmtKind::ObjectInsertOnce { object: collection, .. } => Some(*collection),
        _ => None,
    }
}

/// The locals that a scan changes: its key, its value, and those that are assigned or grow in its body.
#[must_use]
pub fn changed(key: Local, value: Local, body: &Block) -> FxHashSet<Local> {
    let mut changed = FxHashSet::from_iter([key, value]);
    for_each_stmt(body, &mut |stmt| {
        changed.extend(grown(&stmt.kind));
        for_each_assigned(&stmt.kind, |local| {
            changed.insert(local);
        });
    });
    changed
}

/// Calls `f` with each operand of a statement; operands of the statements inside of it are not its own. Locals that a statement
/// reads and that cannot be constants come from [`for_each_read`].
pub fn for_each_operand_mut(kind: &mut StmtKind, mut f: impl FnMut(&mut Operand)) {
    match kind {
        StmtKind::Assign { source, .. }
        | StmtKind::AssignOnce { source, .. }
        | StmtKind::IsType { source, .. }
        | StmtKind::Len { source, .. }
        | StmtKind::Scan { source, .. }
        | StmtKind::Switch { on: source, .. }
        | StmtKind::With { value: source, .. }
        | StmtKind::ArrayAppend { value: source, .. }
        | StmtKind::SetAdd { value: source, .. }
        | StmtKind::ResultSet { key: source, .. } => f(source),
        StmtKind::Dot { source: a, key: b, .. }
        | StmtKind::Equal(a, b)
        | StmtKind::NotEqual(a, b)
        | StmtKind::ObjectInsert { key: a, value: b, .. }
        | StmtKind::ObjectInsertOnce { key: a, value: b, .. }
        | StmtKind::ObjectDefault { key: a, value: b, .. } => {
            f(a);
            f(b);
        }
        StmtKind::Select { source, keys, .. } => {
            f(source);
            keys.iter_mut().for_each(f);
        }
        StmtKind::Call { args, .. } | StmtKind::CallBuiltin { args, .. } => args.iter_mut().for_each(f),
        StmtKind::CallDynamic { path, args, .. } => path.iter_mut().chain(args).for_each(f),
        StmtKind::Reset { .. } | StmtKind::IsDefined(_) | StmtKind::IsUndefined(_) | StmtKind::ObjectMerge { .. } => {}
        StmtKind::MakeArray { .. } | StmtKind::MakeObject { .. } | StmtKind::MakeSet { .. } => {}
        StmtKind::Block(_) | StmtKind::Rule { .. } | StmtKind::Break(_) | StmtKind::Not(_) => {}
    }
}

/// Calls `f` with each operand of a statement; see [`for_each_operand_mut`].
pub fn for_each_operand(kind: &StmtKind, mut f: impl FnMut(Operand)) {
    match kind {
        StmtKind::Assign { source, .. }
        | StmtKind::AssignOnce { source, .. }
        | StmtKind::IsType { source, .. }
        | StmtKind::Len { source, .. }
        | StmtKind::Scan { source, .. }
        | StmtKind::Switch { on: source, .. }
        | StmtKind::With { value: source, .. }
        | StmtKind::ArrayAppend { value: source, .. }
        | StmtKind::SetAdd { value: source, .. }
        | StmtKind::ResultSet { key: source, .. } => f(*source),
        StmtKind::Dot { source: a, key: b, .. }
        | StmtKind::Equal(a, b)
        | StmtKind::NotEqual(a, b)
        | StmtKind::ObjectInsert { key: a, value: b, .. }
        | StmtKind::ObjectInsertOnce { key: a, value: b, .. }
        | StmtKind::ObjectDefault { key: a, value: b, .. } => {
            f(*a);
            f(*b);
        }
        StmtKind::Select { source, keys, .. } => {
            f(*source);
            keys.iter().copied().for_each(f);
        }
        StmtKind::Call { args, .. } | StmtKind::CallBuiltin { args, .. } => args.iter().copied().for_each(f),
        StmtKind::CallDynamic { path, args, .. } => path.iter().chain(args).copied().for_each(f),
        StmtKind::Reset { .. } | StmtKind::IsDefined(_) | StmtKind::IsUndefined(_) | StmtKind::ObjectMerge { .. } => {}
        StmtKind::MakeArray { .. } | StmtKind::MakeObject { .. } | StmtKind::MakeSet { .. } => {}
        StmtKind::Block(_) | StmtKind::Rule { .. } | StmtKind::Break(_) | StmtKind::Not(_) => {}
    }
}

/// Calls `f` with each local that a statement reads: its operands, what it tests, what it merges, what it grows, and the target
/// that it compares with before it assigns it.
pub fn for_each_read(kind: &StmtKind, mut f: impl FnMut(Local)) {
    for_each_operand(kind, |operand| {
        if let Operand::Local(local) = operand {
            f(local);
        }
    });
    match kind {
        StmtKind::IsDefined(local)
        | StmtKind::IsUndefined(local)
        | StmtKind::AssignOnce { target: local, .. }
        | StmtKind::ObjectDefault { object: local, .. }
        | StmtKind::ResultSet { value: local, .. } => f(*local),
        StmtKind::ObjectMerge { a, b, .. } => {
            f(*a);
            f(*b);
        }
        _ => {}
    }
    if let Some(collection) = grown(kind) {
        f(collection);
    }
}

/// Calls `f` with each local that a statement reads, assigns, changes or replaces, to rename it.
pub fn for_each_local_mut(kind: &mut StmtKind, mut f: impl FnMut(&mut Local)) {
    for_each_operand_mut(kind, |operand| {
        if let Operand::Local(local) = operand {
            f(local);
        }
    });
    match kind {
        StmtKind::Assign { target: local, .. }
        | StmtKind::AssignOnce { target: local, .. }
        | StmtKind::Reset { target: local }
        | StmtKind::Dot { target: local, .. }
        | StmtKind::Len { target: local, .. }
        | StmtKind::Select { target: local, .. }
        | StmtKind::MakeArray { target: local, .. }
        | StmtKind::MakeObject { target: local }
        | StmtKind::MakeSet { target: local }
        | StmtKind::Call { target: local, .. }
        | StmtKind::CallBuiltin { target: local, .. }
        | StmtKind::CallDynamic { target: local, .. }
        | StmtKind::IsDefined(local)
        | StmtKind::IsUndefined(local)
        | StmtKind::ArrayAppend { array: local, .. }
        | StmtKind::SetAdd { set: local, .. }
        | StmtKind::ObjectInsert { object: local, .. }
        | StmtKind::ObjectInsertOnce { object: local, .. }
        | StmtKind::With { document: local, .. } => f(local),
        StmtKind::ObjectMerge { a, b, target } => [a, b, target].into_iter().for_each(f),
        StmtKind::ObjectDefault { object: a, target, .. } | StmtKind::ResultSet { value: a, target, .. } => {
            [a, target].into_iter().for_each(f)
        }
        StmtKind::Scan { key, value, .. } => [key, value].into_iter().for_each(f),
        StmtKind::Equal(..) | StmtKind::NotEqual(..) | StmtKind::IsType { .. } | StmtKind::Switch { .. } => {}
        StmtKind::Block(_) | StmtKind::Rule { .. } | StmtKind::Break(_) | StmtKind::Not(_) => {}
    }
}

/// Whether a statement can be undefined; leaving a block by its label is something else.
#[must_use]
pub fn may_fail(kind: &StmtKind) -> bool {
    !matches!(
        kind,
        StmtKind::Assign { .. }
            | StmtKind::AssignOnce { .. }
            | StmtKind::Reset { .. }
            | StmtKind::Select { .. }
            | StmtKind::MakeArray { .. }
            | StmtKind::MakeObject { .. }
            | StmtKind::MakeSet { .. }
            | StmtKind::ArrayAppend { .. }
            | StmtKind::SetAdd { .. }
            | StmtKind::ObjectInsert { .. }
            | StmtKind::ObjectInsertOnce { .. }
            | StmtKind::ObjectMerge { .. }
            | StmtKind::ObjectDefault { .. }
            | StmtKind::ResultSet { .. }
            | StmtKind::Block(_)
            | StmtKind::Rule { .. }
            | StmtKind::Break(_)
            | StmtKind::Scan { .. }
            | StmtKind::Switch { .. }
    )
}

/// Calls `f` with each constant of a statement, operand or not.
pub fn for_each_constant_mut(kind: &mut StmtKind, mut f: impl FnMut(&mut ConstId)) {
    for_each_operand_mut(kind, |operand| {
        if let Operand::Const(id) = operand {
            f(id);
        }
    });
    match kind {
        StmtKind::With { path, .. } => path.iter_mut().for_each(f),
        StmtKind::Select { index, .. } => f(index),
        StmtKind::Switch { cases, .. } => cases.iter_mut().for_each(|(id, _)| f(id)),
        _ => {}
    }
}

/// The blocks inside of a statement.
pub fn blocks(kind: &StmtKind) -> impl Iterator<Item = &Block> {
    let (one, cases, default): (Option<&Block>, &[(ConstId, Block)], Option<&Block>) = match kind {
        StmtKind::Block(body)
        | StmtKind::Rule { body, .. }
        | StmtKind::Not(body)
        | StmtKind::Scan { body, .. }
        | StmtKind::With { body, .. } => (Some(body), &[], None),
        StmtKind::Switch { cases, default, .. } => (None, cases, default.as_ref()),
        _ => (None, &[], None),
    };
    one.into_iter().chain(cases.iter().map(|(_, block)| block)).chain(default)
}

/// The blocks inside of a statement, to change them.
pub fn blocks_mut(kind: &mut StmtKind) -> impl Iterator<Item = &mut Block> {
    let (one, cases, default): (Option<&mut Block>, &mut [(ConstId, Block)], Option<&mut Block>) = match kind {
        StmtKind::Block(body)
        | StmtKind::Rule { body, .. }
        | StmtKind::Not(body)
        | StmtKind::Scan { body, .. }
        | StmtKind::With { body, .. } => (Some(body), &mut [], None),
        StmtKind::Switch { cases, default, .. } => (None, cases, default.as_mut()),
        _ => (None, &mut [], None),
    };
    one.into_iter().chain(cases.iter_mut().map(|(_, block)| block)).chain(default)
}

/// Calls `f` with every statement of a block, those inside of others too, each before what is inside of it.
pub fn for_each_stmt<'b>(block: &'b Block, f: &mut impl FnMut(&'b Stmt)) {
    for stmt in &block.stmts {
        f(stmt);
        blocks(&stmt.kind).for_each(|inner| for_each_stmt(inner, f));
    }
}

/// Calls `f` with every statement of a block, to change it; see [`for_each_stmt`].
pub fn for_each_stmt_mut(block: &mut Block, f: &mut impl FnMut(&mut Stmt)) {
    for stmt in &mut block.stmts {
        f(stmt);
        blocks_mut(&mut stmt.kind).for_each(|inner| for_each_stmt_mut(inner, f));
    }
}

/// A label that no block inside of this one has.
#[must_use]
pub fn free_label(block: &Block) -> Label {
    free_label_while(block, |_| {})
}

/// The same, calling `f` with every statement on the way.
pub fn free_label_while(block: &Block, mut f: impl FnMut(&Stmt)) -> Label {
    let mut next = block.label.0.saturating_add(1);
    for_each_stmt(block, &mut |stmt| {
        f(stmt);
        blocks(&stmt.kind).for_each(|inner| next = next.max(inner.label.0.saturating_add(1)));
    });
    Label(next)
}
