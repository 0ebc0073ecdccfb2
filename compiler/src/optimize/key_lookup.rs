//! Scans that want the element under one key look it up: of `some name, user in data.users; name == input.user` the body runs once, for what
//! lies under `input.user`, or not at all.
//!
//! A scan is one if it leaves each element whose key is not equal to something that is known before it, and does nothing to an element until
//! then that could end in an error or be seen later: it looks things up, compares and copies. Inner scans without which nothing happens
//! to the element are read as well. Needs the keys in front of the scan, where `invariants` puts them. Keeps every answer: an object, an
//! array and a set have one element at most under keys that are equal. Only strings, and constants, are looked up: numbers that are equal may be
//! written in several ways (`1`, `1.0`, `0.1e1`), a body shows that of the collection, and no look-up in an array finds all of them. A scan that does
//! nothing else searches for the others.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::index::IndexVec;
use crate::optimize::fresh::Fresh;
use crate::optimize::member;
use crate::plan::ir::{
    Block, BuiltinId, ConstId, Constant, Function, Label, Local, Operand, Program, Stmt, StmtKind, TypeTest,
};
use crate::plan::visit;
use crate::source::Span;

/// Only so many scans inside of each other are looked at, so that no statement is read more often.
const DEEPEST: usize = 8;

/// Runs the pass.
pub(super) fn run(program: &mut Program) {
    run_with(program, true);
}

/// Runs the pass for who is told of scans: without those that search for keys that are no strings.
pub(super) fn explain(program: &mut Program) {
    run_with(program, false);
}

fn run_with(program: &mut Program, searches: bool) {
    let member = member(program);
    for function in program.functions.iter_mut() {
        let mut is_scanned = false;
        visit::for_each_stmt(&function.body, &mut |stmt| is_scanned |= matches!(stmt.kind, StmtKind::Scan { .. }));
        if is_scanned {
            let read = reads_of(function);
            let fresh = Fresh::of(function);
            let mut pass = Pass { constants: &program.constants, member, read, fresh, searches };
            pass.block(&mut function.body, DEEPEST);
            function.locals = pass.fresh.locals();
        }
    }
}

/// How often each local is read, the result once more.
fn reads_of(function: &Function) -> FxHashMap<Local, u32> {
    let mut read = reads(&function.body);
    *read.entry(function.result).or_default() += 1;
    read
}

fn reads(block: &Block) -> FxHashMap<Local, u32> {
    let mut read = FxHashMap::default();
    visit::for_each_stmt(block, &mut |stmt| {
        visit::for_each_read(&stmt.kind, |local| *read.entry(local).or_default() += 1);
    });
    read
}

struct Pass<'p> {
    constants: &'p IndexVec<ConstId, Constant>,
    member: Option<BuiltinId>,
    /// How often each local of the function is read.
    read: FxHashMap<Local, u32>,
    fresh: Fresh,
    /// Whether keys are searched for that a look-up may not find.
    searches: bool,
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
                if let Some(found) = Found::of(self, *key, *value, body)
                    && let Some(wanted) = Wanted::of(self.constants, *source, found.wanted)
                {
                    let scan = Scan { source: *source, key: *key, value: *value, span };
                    let mut body = std::mem::replace(body, Block { label: body.label, stmts: Vec::new() });
                    take_out(&mut body, &found.path, found.wanted);
                    self.block(&mut body, inside);
                    self.look_up(&scan, wanted, &mut body);
                    stmt.kind = StmtKind::Block(body);
                    continue;
                }
            }
            visit::blocks_mut(&mut stmt.kind).for_each(|inner| self.block(inner, inside));
        }
    }

    /// Puts the look-up in front of what a scan did with the element.
    fn look_up(&mut self, scan: &Scan, wanted: Wanted, body: &mut Block) {
        let has_key = reads(body).contains_key(&scan.key);
        let Wanted { key, if_holds } = wanted;
        let dot = StmtKind::Dot { source: scan.source, key, target: scan.value };
        let mut found = Vec::from_iter(has_key.then_some(StmtKind::Assign { target: scan.key, source: key }));
        found.push(dot);
        let mut kinds = Vec::new();
        if let Operand::Local(key) = key {
            kinds.push(StmtKind::IsDefined(key));
        }
        if let Some(test) = if_holds {
            kinds.push(StmtKind::Reset { target: scan.value });
            kinds.push(self.block_of([test.clone()].into_iter().chain(found).collect(), scan.span));
            if self.searches {
                kinds.push(self.search(scan, key, test, has_key));
            }
            kinds.push(StmtKind::IsDefined(scan.value));
        } else {
            kinds.extend(found);
        }
        body.stmts.splice(..0, stmts(kinds, scan.span));
    }

    fn block_of(&mut self, kinds: Vec<StmtKind>, span: Option<Span>) -> StmtKind {
        StmtKind::Block(Block { label: self.fresh.label(), stmts: stmts(kinds, span) })
    }

    /// Compares one key after the other, where a test does not hold.
    fn search(&mut self, scan: &Scan, wanted: Operand, test: StmtKind, has_key: bool) -> StmtKind {
        let (key, value) = (self.fresh.local(), self.fresh.local());
        let [outer, inner, negated] = [(); 3].map(|()| self.fresh.label());
        let mut kinds = vec![StmtKind::Equal(key.into(), wanted)];
        if has_key {
            kinds.push(StmtKind::Assign { target: scan.key, source: key.into() });
        }
        kinds.push(StmtKind::Assign { target: scan.value, source: value.into() });
        kinds.push(StmtKind::Break(outer));
        let body = Block { label: inner, stmts: stmts(kinds, scan.span) };
        let test = StmtKind::Not(Block { label: negated, stmts: stmts(vec![test], scan.span) });
        let scan_keys = StmtKind::Scan { source: scan.source, key, value, body };
        StmtKind::Block(Block { label: outer, stmts: stmts(vec![test, scan_keys], scan.span) })
    }
}

/// A key that is looked up.
struct Wanted {
    key: Operand,
    /// What must hold for the look-up to find each key that is equal, written as the collection has it; none: it always does.
    if_holds: Option<StmtKind>,
}

impl Wanted {
    /// None for a key that had to be searched for whatever the collection is.
    fn of(constants: &IndexVec<ConstId, Constant>, source: Operand, key: Operand) -> Option<Self> {
        let if_holds = match key {
            Operand::Local(_) => Some(StmtKind::IsType { source: key, test: TypeTest::String }),
            Operand::Const(id) => match constants.get(id)? {
                Constant::Null | Constant::Boolean(_) | Constant::String(_) => None,
                Constant::Number(text) if is_index(text) => Some(StmtKind::IsType { source, test: TypeTest::Array }),
                _ => return None,
            },
        };
        Some(Self { key, if_holds })
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
            keys: FxHashSet::from_iter([key]),
            own: FxHashSet::from_iter([key, value]),
            new: Vec::new(),
            given: vec![key, value],
            enclosed: Vec::new(),
            labels: Vec::new(),
            path: Vec::new(),
        };
        let wanted = search.body(body)?;
        // What an element leaves in locals must not be read later.
        let inside = reads(body);
        let is_private = |local: &Local| inside.get(local) == pass.read.get(local);
        let is_own = search.given.iter().all(is_private);
        let is_enclosed =
            search.enclosed.iter().all(|(local, read)| pass.read.get(local).copied().unwrap_or(0) == *read);
        (is_own && is_enclosed).then_some(Self { wanted, path: search.path })
    }
}

/// The reading of a body's beginning.
struct Search {
    member: Option<BuiltinId>,
    /// The locals that the body changes.
    changed: FxHashSet<Local>,
    /// The locals that hold the key.
    keys: FxHashSet<Local>,
    /// The locals that were given a value for this element.
    own: FxHashSet<Local>,
    /// The same without the key and the value, in the order in which they were first given one.
    new: Vec<Local>,
    /// The locals that may have been given a value.
    given: Vec<Local>,
    /// Those of them that need not have been: how often the block reads them in which they may be.
    enclosed: Vec<(Local, u32)>,
    /// The blocks in the body that are read at the time.
    labels: Vec<Label>,
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
            StmtKind::Break(label) => self.labels.contains(label),
            _ => false,
        }
    }

    /// Reads a block that may be left before its end: what is given a value only there may have none, or that of another element.
    fn encloses(&mut self, body: &Block) -> bool {
        let (new, given) = (self.new.len(), self.given.len());
        self.labels.push(body.label);
        if !body.stmts.iter().all(|stmt| self.passes(&stmt.kind)) {
            return false;
        }
        self.labels.pop();
        for local in self.new.drain(new..) {
            self.own.remove(&local);
        }
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
        if self.own.insert(local) {
            self.new.push(local);
        }
        self.given.push(local);
    }

    /// Whether a statement reads nothing that another element left.
    fn reads_own(&self, kind: &StmtKind) -> bool {
        let mut is_own = true;
        visit::for_each_read(kind, |local| is_own &= self.own.contains(&local) || !self.changed.contains(&local));
        is_own
    }
}
