//! Scans that want the element under one key look it up: of `some name, user in data.users; name == input.user` the body runs once, for what
//! lies under `input.user`, or not at all.
//!
//! A scan is one if it leaves each element whose key is not equal to something that is known before it, and does nothing to an element until
//! then that could end in an error or be seen later: it looks things up, compares and copies. Inner scans without which nothing happens
//! to the element are read as well. Needs the keys in front of the scan, where `invariants` puts them. Keeps every answer: an object, an
//! array and a set have one element at most under keys that are equal. The key that a body shows is that of the collection, which may be
//! written in another way than what it was compared with (`1` and `1.0`): it is looked for where that can be.

use std::collections::{HashMap, HashSet};

use crate::index::IndexVec;
use crate::optimize::fresh::Fresh;
use crate::plan::ir::{
    Block, BuiltinId, ConstId, Constant, Function, Local, Operand, Program, Stmt, StmtKind, TypeTest,
};
use crate::plan::visit;
use crate::source::Span;

/// The builtin of `x in y`, which never fails.
const MEMBER: &str = "internal.member_2";

/// Only so many scans inside of each other are looked at, so that no statement is read more often.
const DEEPEST: usize = 8;

/// Runs the pass.
pub(super) fn run(program: &mut Program) {
    run_with(program, true);
}

/// Runs the pass for who is told of scans: without those that only find how a key is written.
pub(super) fn explain(program: &mut Program) {
    run_with(program, false);
}

fn run_with(program: &mut Program, finds_keys: bool) {
    let member = program.builtins.enumerate().find(|(_, builtin)| &*builtin.name == MEMBER).map(|(id, _)| id);
    for function in program.functions.iter_mut() {
        let mut is_scanned = false;
        visit::for_each_stmt(&function.body, &mut |stmt| is_scanned |= matches!(stmt.kind, StmtKind::Scan { .. }));
        if is_scanned {
            let read = reads_of(function);
            let fresh = Fresh::of(function);
            let mut pass = Pass { constants: &program.constants, member, read, fresh, finds_keys };
            pass.block(&mut function.body, DEEPEST);
            function.locals = pass.fresh.locals();
        }
    }
}

/// How often each local is read, the result once more.
fn reads_of(function: &Function) -> HashMap<Local, u32> {
    let mut read = reads(&function.body);
    *read.entry(function.result).or_default() += 1;
    read
}

fn reads(block: &Block) -> HashMap<Local, u32> {
    let mut read = HashMap::new();
    visit::for_each_stmt(block, &mut |stmt| {
        visit::for_each_read(&stmt.kind, |local| *read.entry(local).or_default() += 1);
    });
    read
}

struct Pass<'p> {
    constants: &'p IndexVec<ConstId, Constant>,
    member: Option<BuiltinId>,
    /// How often each local of the function is read.
    read: HashMap<Local, u32>,
    fresh: Fresh,
    /// Whether it is looked for how a key is written, where that may matter.
    finds_keys: bool,
}

/// A scan without its body.
struct Scan {
    source: Operand,
    key: Local,
    value: Local,
    span: Option<Span>,
}

impl Pass<'_> {
    /// Looks at so many scans inside of each other.
    fn block(&mut self, block: &mut Block, deepest: usize) {
        for stmt in &mut block.stmts {
            let span = stmt.span;
            let mut inside = deepest;
            if let StmtKind::Scan { source, key, value, body } = &mut stmt.kind
                && deepest > 0
            {
                inside -= 1;
                if let Some(found) = Found::of(self, *key, *value, body) {
                    let scan = Scan { source: *source, key: *key, value: *value, span };
                    let mut body = std::mem::replace(body, Block { label: body.label, stmts: Vec::new() });
                    take_out(&mut body, &found.path, found.wanted);
                    self.look_up(&scan, found.wanted, &mut body);
                    stmt.kind = StmtKind::Block(body);
                }
            }
            visit::blocks_mut(&mut stmt.kind).for_each(|inner| self.block(inner, inside));
        }
    }

    /// Puts the look-up in front of what a scan did with the element.
    fn look_up(&mut self, scan: &Scan, wanted: Operand, body: &mut Block) {
        let (key, value) = (Use::of(scan.key, body), Use::of(scan.value, body));
        let mut kinds = Vec::new();
        if let Operand::Local(wanted) = wanted {
            kinds.push(StmtKind::IsDefined(wanted));
        }
        kinds.push(StmtKind::Dot { source: scan.source, key: wanted, target: scan.value });
        if key != Use::None {
            kinds.push(StmtKind::Assign { target: scan.key, source: wanted });
        }
        if let Some(tests) = self.may_differ(scan, wanted, key, value) {
            kinds.push(self.find_key(scan, wanted, tests, key != Use::None));
        }
        body.stmts.splice(..0, stmts(kinds, scan.span));
    }

    /// What holds where the key, or the element of a set, may be shown and be written in another way than what is wanted.
    fn may_differ(&mut self, scan: &Scan, wanted: Operand, key: Use, value: Use) -> Option<Vec<StmtKind>> {
        if !self.finds_keys || key != Use::Shown && value != Use::Shown {
            return None;
        }
        let is_type = |source, test| StmtKind::IsType { source, test };
        let mut tests = Vec::new();
        if key != Use::Shown {
            // A set gives what it is asked for. Other collections give what lies in them.
            tests.push(is_type(scan.source, TypeTest::Set));
        }
        match wanted {
            Operand::Local(_) => tests.push(self.not(is_type(wanted, TypeTest::String))),
            Operand::Const(id) => match self.constants.get(id)? {
                Constant::Null | Constant::Boolean(_) | Constant::String(_) => return None,
                Constant::Number(text) if is_index(text) && tests.is_empty() => {
                    tests.push(self.not(is_type(scan.source, TypeTest::Array)));
                }
                _ => {}
            },
        }
        Some(tests)
    }

    fn not(&mut self, kind: StmtKind) -> StmtKind {
        StmtKind::Not(Block { label: self.fresh.label(), stmts: stmts(vec![kind], None) })
    }

    /// Looks for the key and the element as the collection has them, where the tests hold.
    fn find_key(&mut self, scan: &Scan, wanted: Operand, tests: Vec<StmtKind>, has_key: bool) -> StmtKind {
        let (key, value) = (self.fresh.local(), self.fresh.local());
        let (label, inner) = (self.fresh.label(), self.fresh.label());
        let mut kinds = vec![StmtKind::Equal(key.into(), wanted)];
        if has_key {
            kinds.push(StmtKind::Assign { target: scan.key, source: key.into() });
        }
        kinds.push(StmtKind::Assign { target: scan.value, source: value.into() });
        kinds.push(StmtKind::Break(label));
        let body = Block { label: inner, stmts: stmts(kinds, scan.span) };
        let mut kinds = tests;
        kinds.push(StmtKind::Scan { source: scan.source, key, value, body });
        StmtKind::Block(Block { label, stmts: stmts(kinds, scan.span) })
    }
}

fn stmts(kinds: Vec<StmtKind>, span: Option<Span>) -> Vec<Stmt> {
    kinds.into_iter().map(|kind| Stmt { kind, span }).collect()
}

/// Whether a number is written as the indexes of arrays are.
fn is_index(text: &str) -> bool {
    text == "0" || !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes a comparison out of a body, and tests in front of it that what it compares with is defined: the look-up tests that.
fn take_out(body: &mut Block, path: &[usize], wanted: Operand) {
    let Some((at, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        body.stmts.remove(*at);
    } else if let Some(stmt) = body.stmts.get_mut(*at) {
        visit::blocks_mut(&mut stmt.kind).for_each(|inner| take_out(inner, rest, wanted));
    }
    let mut index = 0;
    body.stmts.retain(|stmt| {
        index += 1;
        index > *at || !matches!(stmt.kind, StmtKind::IsDefined(tested) if wanted == tested.into())
    });
}

/// What a body does with a local.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Nothing.
    None,
    /// It compares it: it does not matter how it is written.
    Compared,
    /// Anything.
    Shown,
}

impl Use {
    fn of(local: Local, body: &Block) -> Self {
        let mut used = Self::None;
        visit::for_each_stmt(body, &mut |stmt| {
            let mut is_read = false;
            visit::for_each_read(&stmt.kind, |read| is_read |= read == local);
            used = match &stmt.kind {
                _ if !is_read || used == Self::Shown => used,
                StmtKind::Equal(..)
                | StmtKind::NotEqual(..)
                | StmtKind::IsDefined(_)
                | StmtKind::IsUndefined(_)
                | StmtKind::IsType { .. }
                | StmtKind::Len { .. }
                | StmtKind::Switch { .. } => Self::Compared,
                _ => Self::Shown,
            };
        });
        used
    }
}

/// The comparison that selects one element.
struct Found {
    /// What the key is compared with.
    wanted: Operand,
    /// The indexes of the statements that lead to it.
    path: Vec<usize>,
}

impl Found {
    fn of(pass: &Pass<'_>, key: Local, value: Local, body: &Block) -> Option<Self> {
        let mut search = Search {
            member: pass.member,
            changed: visit::changed(key, value, body),
            keys: HashSet::from([key]),
            own: HashSet::from([key, value]),
            given: vec![key, value],
            enclosed: Vec::new(),
            path: Vec::new(),
        };
        let wanted = search.body(body)?;
        // What an element leaves in locals must not be read later.
        let inside = reads(body);
        let is_private = |local: &Local| inside.get(local) == pass.read.get(local);
        let is_own = search.given.iter().all(is_private);
        let is_enclosed = search.enclosed.iter().all(|(local, read)| pass.read.get(local) == Some(read));
        (is_own && is_enclosed).then_some(Self { wanted, path: search.path })
    }
}

/// The reading of a body's beginning.
struct Search {
    member: Option<BuiltinId>,
    /// The locals that the body changes.
    changed: HashSet<Local>,
    /// The locals that hold the key.
    keys: HashSet<Local>,
    /// The locals that were given a value for this element.
    own: HashSet<Local>,
    /// The locals that may have been given a value.
    given: Vec<Local>,
    /// Those of them that need not have been: how often the block reads them in which they may be.
    enclosed: Vec<(Local, u32)>,
    path: Vec<usize>,
}

impl Search {
    /// Looks for a comparison of the key without which nothing happens to the element; what it is compared with.
    fn body(&mut self, body: &Block) -> Option<Operand> {
        for (index, stmt) in body.stmts.iter().enumerate() {
            match &stmt.kind {
                StmtKind::Equal(a, b) if let Some(wanted) = self.wanted(*a, *b).or_else(|| self.wanted(*b, *a)) => {
                    self.path.push(index);
                    return Some(wanted);
                }
                StmtKind::Scan { .. } if index + 1 == body.stmts.len() => {
                    self.path.push(index);
                    return self.inner(&stmt.kind);
                }
                StmtKind::Block(block) => {
                    if let [scan, Stmt { kind: StmtKind::Break(label), .. }] = block.stmts.as_slice()
                        && *label == body.label
                    {
                        self.path.extend([index, 0]);
                        return self.inner(&scan.kind);
                    }
                }
                _ => {}
            }
            if !self.passes(&stmt.kind) {
                return None;
            }
        }
        None
    }

    /// Looks into the body of a scan without which nothing happens to the element.
    fn inner(&mut self, kind: &StmtKind) -> Option<Operand> {
        let StmtKind::Scan { key, value, body, .. } = kind else { return None };
        if !self.reads_own(kind) {
            return None;
        }
        for local in [*key, *value] {
            self.give(local);
        }
        self.body(body)
    }

    /// The other side of a comparison of the key, if it is known before the scan.
    fn wanted(&self, key: Operand, other: Operand) -> Option<Operand> {
        let is_key = matches!(key, Operand::Local(local) if self.keys.contains(&local));
        let is_known = !matches!(other, Operand::Local(local) if self.changed.contains(&local));
        (is_key && is_known).then_some(other)
    }

    /// Reads a statement; false for one that does more than give this element's locals their values and leave it.
    fn passes(&mut self, kind: &StmtKind) -> bool {
        if !self.reads_own(kind) {
            return false;
        }
        match kind {
            StmtKind::Assign { target, source: Operand::Local(source) } if self.keys.contains(source) => {
                self.give(*target);
                self.keys.insert(*target);
                true
            }
            StmtKind::Assign { target, .. }
            | StmtKind::Reset { target }
            | StmtKind::Dot { target, .. }
            | StmtKind::Len { target, .. } => {
                self.give(*target);
                true
            }
            StmtKind::CallBuiltin { builtin, target, .. } if Some(*builtin) == self.member => {
                self.give(*target);
                true
            }
            StmtKind::Equal(..)
            | StmtKind::NotEqual(..)
            | StmtKind::IsType { .. }
            | StmtKind::IsDefined(_)
            | StmtKind::IsUndefined(_) => true,
            StmtKind::Block(body) | StmtKind::Not(body) => self.encloses(body),
            _ => false,
        }
    }

    /// Reads a block that may be left before its end: what is given a value only there may have none, or that of another element.
    fn encloses(&mut self, body: &Block) -> bool {
        let (own, given) = (self.own.clone(), self.given.len());
        if !body.stmts.iter().all(|stmt| self.passes(&stmt.kind)) {
            return false;
        }
        self.own = own;
        let read = reads(body);
        for local in &self.given[given..] {
            self.keys.remove(local);
            if !self.own.contains(local) {
                self.enclosed.push((*local, read.get(local).copied().unwrap_or(0)));
            }
        }
        true
    }

    fn give(&mut self, local: Local) {
        self.keys.remove(&local);
        self.own.insert(local);
        self.given.push(local);
    }

    /// Whether a statement reads nothing that another element left.
    fn reads_own(&self, kind: &StmtKind) -> bool {
        let mut is_own = true;
        visit::for_each_read(kind, |local| is_own &= self.own.contains(&local) || !self.changed.contains(&local));
        is_own
    }
}
