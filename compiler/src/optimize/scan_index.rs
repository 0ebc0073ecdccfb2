//! Scans that look for keys become scans of what an index selects: `some row in data.rows; row.role == role` looks only at the rows of that
//! role. Base data are indexed when they are given; what else is scanned more than once in a decision (parts of the input inside of another
//! scan or a function with parameters, values of rules that are kept) is indexed in the decision.
//!
//! What a scan asks of each element before anything else is read from the beginning of its body: statements that do nothing but leave the
//! element where a key is not in a column. A column is a path of keys into the element, or of all elements of what lies there. The body asks
//! again, so an index may select too much. Needs the flags of `memoize`; keeps every answer, and the order of elements.

mod misses;

use misses::Misses;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::index::IndexVec;
use crate::optimize::fresh::Fresh;
use crate::optimize::member;
use crate::optimize::notes::{AskedFor, Miss, Notes, Refusal};
use crate::plan::attempts::{attempts, begins_with};
use crate::plan::ir::{Block, BuiltinId, ConstId, Constant, FuncId, Function, Local, Operand, Program, Stmt, StmtKind};
use crate::plan::visit;
use crate::source::Span;

/// So many columns of one key for each element are enough to find few elements.
const MOST_COLUMNS: usize = 4;

/// Only so many scans inside of each other are looked at, so that no statement is read more often.
const DEEPEST: usize = 8;

/// Runs the pass.
pub(super) fn run(program: &mut Program) {
    run_with(program, None);
}

/// Runs the pass and notes why scans look at each element.
pub(super) fn explain(program: &mut Program, notes: &mut Notes) {
    run_with(program, Some(notes));
}

fn run_with(program: &mut Program, mut notes: Option<&mut Notes>) {
    let member = member(program);
    let kept = program.functions.enumerate().filter(|(_, function)| function.memoize).map(|(id, _)| id).collect();
    let attempts = attempts(program, |_| true);
    let mut indexes = FxHashMap::default();
    for id in program.functions.ids() {
        let function = &mut program.functions[id];
        // What runs only where an attempt fails is not worth an index.
        if begins_with(function, &attempts) {
            continue;
        }
        let Some(assigned) = assigned(function) else { continue };
        let repeats = Repeats::of(function, &assigned, &kept);
        let constants = &mut program.constants;
        let data = FxHashMap::from_iter([(Local::DATA, Vec::new())]);
        let fresh = Fresh::of(function);
        let refusals = notes.is_some().then(Vec::new);
        let mut pass = Pass { constants, indexes: &mut indexes, member, assigned, data, repeats, fresh, refusals };
        pass.block(&mut function.body, DEEPEST);
        function.locals = pass.fresh.locals();
        if let (Some(notes), Some(refusals)) = (&mut notes, pass.refusals) {
            notes.scans.extend(refusals.into_iter().map(|(value, refusal)| ((id, value), refusal)));
        }
    }
}

/// How often each local is given a value. None if nothing is scanned.
fn assigned(function: &Function) -> Option<FxHashMap<Local, u32>> {
    let mut is_scanned = false;
    visit::for_each_stmt(&function.body, &mut |stmt| is_scanned |= matches!(stmt.kind, StmtKind::Scan { .. }));
    let mut assigned = FxHashMap::default();
    visit::for_each_stmt(&function.body, &mut |stmt| {
        // What is reset and then given one value has that value or none.
        if is_scanned && !matches!(stmt.kind, StmtKind::Reset { .. }) {
            visit::for_each_assigned(&stmt.kind, |local| *assigned.entry(local).or_default() += 1);
        }
    });
    is_scanned.then_some(assigned)
}

/// What is the same each time that something runs which runs more than once: the body of a scan, or the function.
struct Repeats<'p> {
    /// From the outside in: the locals that the body changes, without those that it always gives the same.
    varying: Vec<FxHashSet<Local>>,
    /// The locals that are given a value in one place.
    once: FxHashSet<Local>,
    /// The functions without parameters whose values are kept.
    kept: &'p FxHashSet<FuncId>,
}

impl<'p> Repeats<'p> {
    fn of(function: &Function, assigned: &FxHashMap<Local, u32>, kept: &'p FxHashSet<FuncId>) -> Self {
        let once = assigned.iter().filter(|(_, times)| **times == 1).map(|(local, _)| *local).collect();
        let mut this = Self { varying: Vec::new(), once, kept };
        // A function with parameters is asked for many things. Others are asked for once, or their values are kept.
        if function.params > 0 {
            let params = (0..function.params).map(|param| Local(Local::DATA.0 + 1 + param));
            this.varying.push(assigned.keys().copied().chain(params).collect());
        }
        this
    }

    /// Enters the body of a scan.
    fn enter(&mut self, key: Local, value: Local, body: &Block) {
        self.varying.push(visit::changed(key, value, body));
    }

    fn leave(&mut self) {
        self.varying.pop();
    }

    /// Whether what is looked at runs more than once.
    fn is_any(&self) -> bool {
        !self.varying.is_empty()
    }

    /// Whether a local has a value that it had before, or will have again, in something that runs more than once.
    fn has_same(&self, local: Local) -> bool {
        self.varying.iter().any(|varying| !varying.contains(&local))
    }

    /// Notes what a statement gives its locals. The key and the value of a scan come again whenever its collection does.
    fn note(&mut self, kind: &StmtKind) {
        let (sources, targets) = match kind {
            StmtKind::Dot { source, key, target } => ([Some(*source), Some(*key)], [Some(*target), None]),
            StmtKind::Scan { source, key, value, .. } => ([Some(*source), None], [Some(*key), Some(*value)]),
            StmtKind::Call { function, args, target } if args.is_empty() && self.kept.contains(function) => {
                ([None; 2], [Some(*target), None])
            }
            _ => return,
        };
        for varying in &mut self.varying {
            let is_same = |operand: &Operand| !matches!(operand, Operand::Local(local) if varying.contains(local));
            if sources.iter().flatten().all(is_same) {
                let targets = targets.iter().flatten().filter(|target| self.once.contains(target));
                targets.for_each(|target| {
                    varying.remove(target);
                });
            }
        }
    }
}

fn is_string(constants: &IndexVec<ConstId, Constant>, id: ConstId) -> bool {
    matches!(constants.get(id), Some(Constant::String(_)))
}

struct Pass<'p> {
    constants: &'p mut IndexVec<ConstId, Constant>,
    /// The constants of indexes that were made.
    indexes: &'p mut FxHashMap<Constant, ConstId>,
    member: Option<BuiltinId>,
    /// How often each local is given a value.
    assigned: FxHashMap<Local, u32>,
    /// Where in base data the collections lie that locals hold.
    data: FxHashMap<Local, Vec<ConstId>>,
    repeats: Repeats<'p>,
    fresh: Fresh,
    /// By the local of the value: why scans are not indexed, if that is to be noted.
    refusals: Option<Vec<(Local, Refusal)>>,
}

impl Pass<'_> {
    /// Looks at so many scans inside of each other.
    fn block(&mut self, block: &mut Block, deepest: usize) {
        let mut written = Vec::with_capacity(block.stmts.len());
        for mut stmt in std::mem::take(&mut block.stmts) {
            self.repeats.note(&stmt.kind);
            self.note_data(&stmt.kind);
            let span = stmt.span;
            if let StmtKind::Scan { source, key, value, body } = &mut stmt.kind
                && deepest > 0
            {
                if let Operand::Local(from) = *source
                    && let Some((path, asked)) = self.chosen(from, *key, *value, body)
                {
                    let target = self.fresh.local();
                    let keys = asked.iter().map(|asked| self.hoist(&asked.key, span, &mut written)).collect();
                    let index = self.index(path, &asked, is_read(body, *key));
                    *source = target.into();
                    written.push(Stmt { kind: StmtKind::Select { source: from.into(), index, keys, target }, span });
                }
                self.repeats.enter(*key, *value, body);
                self.block(body, deepest - 1);
                self.repeats.leave();
            } else {
                if let StmtKind::Scan { value, .. } = &stmt.kind {
                    self.refuse(*value, || Refusal::Deep);
                }
                visit::blocks_mut(&mut stmt.kind).for_each(|inner| self.block(inner, deepest));
            }
            written.push(stmt);
        }
        block.stmts = written;
    }

    /// The path and the columns of the index that a scan is served by.
    fn chosen(&mut self, from: Local, key: Local, value: Local, body: &Block) -> Option<(Constant, Vec<Column>)> {
        let path = self.indexed(from);
        if path.is_none() && self.refusals.is_none() {
            return None;
        }
        let (asked, misses) = Asked::of(self, key, value, body);
        match (path, asked) {
            (Some(path), Some(asked)) => return Some((path, asked)),
            (Some(_), None) => self.refuse(value, || Refusal::Unasked(misses)),
            (None, asked) => {
                let asked = asked.and_then(|columns| columns.first().and_then(Column::asked_for));
                let is_repeated = self.repeats.is_any();
                self.refuse(value, || if is_repeated { Refusal::Varies { asked } } else { Refusal::Once { asked } });
            }
        }
        None
    }

    fn refuse(&mut self, value: Local, why: impl FnOnce() -> Refusal) {
        if let Some(refusals) = &mut self.refusals {
            refusals.push((value, why()));
        }
    }

    /// Notes where in base data a local's value lies.
    fn note_data(&mut self, kind: &StmtKind) {
        if let StmtKind::Dot { source: Operand::Local(source), key: Operand::Const(key), target } = kind
            && self.assigned.get(target) == Some(&1)
            && is_string(self.constants, *key)
            && let Some(path) = self.data.get(source)
        {
            let path = path.iter().copied().chain([*key]).collect();
            self.data.insert(*target, path);
        }
    }

    /// The path of the index that a collection may have ([`regoc_abi::runtime::INDEXES`]): its own in base data, or null for what is made in the
    /// decision.
    fn indexed(&self, collection: Local) -> Option<Constant> {
        let text = |id: &ConstId| self.constants.get(*id).cloned().unwrap_or(Constant::Null);
        match self.data.get(&collection) {
            Some(path) => Some(Constant::Array(path.iter().map(text).collect())),
            None => self.repeats.has_same(collection).then_some(Constant::Null),
        }
    }

    /// The constant of an index, see [`StmtKind::Select`].
    fn index(&mut self, path: Constant, asked: &[Column], is_keyed: bool) -> ConstId {
        let text = |id: &ConstId| self.constants.get(*id).cloned().unwrap_or(Constant::Null);
        let column = |asked: &Column| {
            Constant::Array(asked.path.iter().map(|step| step.as_ref().map_or(Constant::Null, text)).collect())
        };
        let columns = Constant::Array(asked.iter().map(column).collect());
        let index = Constant::Array(vec![path, columns, Constant::Boolean(is_keyed)]);
        let constants = &mut self.constants;
        *self.indexes.entry(index.clone()).or_insert_with(|| constants.push(index))
    }

    /// Looks a key up in front of a scan; what holds it, or is undefined.
    fn hoist(&mut self, key: &Key, span: Option<Span>, into: &mut Vec<Stmt>) -> Operand {
        let Key { from, path } = key;
        let mut source = *from;
        let mut stmts = Vec::with_capacity(path.len());
        for key in path {
            let target = self.fresh.local();
            stmts.push(Stmt { kind: StmtKind::Dot { source, key: (*key).into(), target }, span });
            source = target.into();
        }
        if let Operand::Local(target) = source
            && !stmts.is_empty()
        {
            self.fresh.try_all(stmts, target, span, into);
        }
        source
    }
}

fn is_read(body: &Block, local: Local) -> bool {
    let mut found = false;
    visit::for_each_stmt(body, &mut |stmt| visit::for_each_read(&stmt.kind, |read| found |= read == local));
    found
}

/// Something that is known before a scan: what a constant or a local holds, or what lies there under keys.
#[derive(Clone)]
struct Key {
    from: Operand,
    path: Vec<ConstId>,
}

/// The steps into an element: a key, or none for every element.
type Steps = Vec<Option<ConstId>>;

/// What a scan asks: the key must be in the column.
struct Column {
    path: Steps,
    key: Key,
}

impl Column {
    /// The key, if there is one for each element.
    fn asked_for(&self) -> Option<AskedFor> {
        let part = self.path.iter().copied().collect::<Option<Vec<ConstId>>>()?;
        Some(AskedFor { part, from: self.key.from, keys: self.key.path.clone() })
    }
}

/// What the beginning of a scan's body says.
struct Asked<'p> {
    constants: &'p IndexVec<ConstId, Constant>,
    member: Option<BuiltinId>,
    /// The locals that the body changes.
    changed: FxHashSet<Local>,
    /// The locals that hold a part of the element.
    parts: FxHashMap<Local, Steps>,
    /// The locals of the body that hold what is known before the scan.
    known: FxHashMap<Local, Key>,
    /// The locals that hold whether a key is in a column.
    members: FxHashMap<Local, (Steps, Key)>,
    columns: Vec<Column>,
    /// The reading of the body to its end, if it is to be told what selects nothing.
    misses: Option<Misses>,
}

impl<'p> Asked<'p> {
    /// The columns by which elements can be selected; none if there is none. And what selects nothing, if that is to be noted.
    fn of(pass: &'p Pass<'_>, key: Local, value: Local, body: &Block) -> (Option<Vec<Column>>, Vec<Miss>) {
        let changed = visit::changed(key, value, body);
        let mut asked = Self {
            constants: pass.constants,
            member: pass.member,
            changed,
            parts: FxHashMap::from_iter([(value, Vec::new())]),
            known: FxHashMap::default(),
            members: FxHashMap::default(),
            columns: Vec::new(),
            misses: pass.refusals.is_some().then(|| Misses::of(key, body)),
        };
        asked.body(body);
        let misses = asked.misses.take().map_or_else(Vec::new, |misses| misses.found(&mut asked.columns));
        // One column of many keys: with two, an element would have each choice of both.
        let is_single = |column: &Column| column.path.iter().all(Option::is_some);
        let (mut columns, many): (Vec<_>, Vec<_>) = asked.columns.into_iter().partition(is_single);
        columns.truncate(MOST_COLUMNS);
        columns.extend(many.into_iter().next());
        ((!columns.is_empty()).then_some(columns), misses)
    }

    /// Reads the beginning of a body in which leaving it means that the element does not matter.
    fn body(&mut self, body: &Block) {
        for (index, stmt) in body.stmts.iter().enumerate() {
            match &stmt.kind {
                StmtKind::Scan { source, value, body: inner, .. } if index + 1 == body.stmts.len() => {
                    return self.inner(*source, *value, inner);
                }
                StmtKind::Block(block) => {
                    if let [
                        Stmt { kind: StmtKind::Scan { source, value, body: inner, .. }, .. },
                        Stmt { kind: StmtKind::Break(label), .. },
                    ] = block.stmts.as_slice()
                        && *label == body.label
                    {
                        self.inner(*source, *value, inner);
                    } else {
                        self.note_miss(stmt, self.columns.len());
                    }
                    if !self.reads_on() {
                        return;
                    }
                }
                kind => {
                    let columns = self.columns.len();
                    let goes_on = self.stmt(kind);
                    self.note_miss(stmt, columns);
                    if !goes_on && !self.reads_on() {
                        return;
                    }
                }
            }
        }
    }

    /// Reads the body of a scan without which nothing happens to the element.
    fn inner(&mut self, source: Operand, value: Local, body: &Block) {
        if let Operand::Local(source) = source
            && let Some(path) = self.parts.get(&source)
        {
            let path = path.iter().copied().chain([None]).collect();
            self.parts.insert(value, path);
            self.body(body);
        } else if self.reads_on() {
            self.note_inner(source, value);
            self.body(body);
        }
    }

    /// Reads a statement; false for one that does more than leave the element.
    fn stmt(&mut self, kind: &StmtKind) -> bool {
        let (mut part, mut known, mut member, mut only_leaves) = (None, None, None, true);
        match kind {
            StmtKind::Dot { source: Operand::Local(source), key: Operand::Const(key), .. }
                if is_string(self.constants, *key) =>
            {
                part = self.parts.get(source).map(|path| path.iter().copied().chain([Some(*key)]).collect());
                known = self.key((*source).into()).map(|Key { from, path }| {
                    let path = path.into_iter().chain([*key]).collect();
                    Key { from, path }
                });
            }
            StmtKind::Dot { .. } | StmtKind::IsType { .. } | StmtKind::IsDefined(_) => {}
            StmtKind::Equal(a, b) => {
                self.equal(*a, *b);
                self.equal(*b, *a);
            }
            StmtKind::NotEqual(Operand::Local(local), Operand::Const(constant)) => {
                if matches!(self.constants.get(*constant), Some(Constant::Boolean(false)))
                    && let Some((path, key)) = self.members.get(local).cloned()
                {
                    self.columns.push(Column { path, key });
                }
            }
            StmtKind::NotEqual(..) => {}
            StmtKind::CallBuiltin { builtin, args, .. } if Some(*builtin) == self.member => {
                if let [key, Operand::Local(collection)] = args.as_slice()
                    && let (Some(key), Some(path)) = (self.key(*key), self.parts.get(collection))
                {
                    member = Some((path.iter().copied().chain([None]).collect(), key));
                }
            }
            _ => only_leaves = false,
        }
        if let Some(target) = visit::target(kind) {
            set(&mut self.parts, target, part);
            set(&mut self.known, target, known);
            set(&mut self.members, target, member);
        }
        only_leaves
    }

    /// Notes a part of the element that is compared with what is known.
    fn equal(&mut self, part: Operand, key: Operand) {
        if let Operand::Local(part) = part
            && let Some(path) = self.parts.get(&part).cloned()
            && let Some(key) = self.key(key)
        {
            self.columns.push(Column { path, key });
        }
    }

    /// What an operand holds, if that is known before the scan.
    fn key(&self, operand: Operand) -> Option<Key> {
        match operand {
            Operand::Local(local) if self.changed.contains(&local) => self.known.get(&local).cloned(),
            from => Some(Key { from, path: Vec::new() }),
        }
    }
}

/// Sets or removes what is known of a local.
fn set<T>(map: &mut FxHashMap<Local, T>, local: Local, value: Option<T>) {
    match value {
        Some(value) => map.insert(local, value),
        None => map.remove(&local),
    };
}
