//! Does at build time what is the same every time: calls of pure builtins with constants, tests and look-ups of constants,
//! collections built of constants, copies of constants, and calls of rules that give nothing but a constant.
//!
//! Needs nothing. Keeps every answer, also those of strict builtin errors: a call that fails or is undefined stays a call. Only
//! builtins are called that take little time and give a small result, whatever their operands.

use std::collections::BTreeMap;

use regoc_abi::builtins::{Placement, find};
use regoc_values::{Tag, Value, builtins, equal, rt};

use crate::index::{Id as _, IndexVec};
use crate::plan::ir::{
    Block, Builtin, ConstId, Constant, FuncId, Function, FunctionKind, Label, Local, Operand, Program, Stmt, StmtKind,
    TypeTest,
};
use crate::plan::order::compare;
use crate::plan::value::{constant_of, value_of};
use crate::plan::visit;

/// OPA's categories of builtins that are pure and cheap.
const CATEGORIES: &[&str] = &[
    "aggregates",
    "array",
    "bits",
    "comparison",
    "conversions",
    "encoding",
    "numbers",
    "object",
    "regex",
    "semver",
    "sets",
    "strings",
    "types",
    "units",
];

/// Builtins of those categories whose result can be much larger than their operands.
const LARGE: &[&str] = &["bits.lsh", "numbers.range", "numbers.range_step", "sprintf", "strings.render_template"];

/// How often a function is looked at again: once for each level of a collection of collections.
const ROUNDS: usize = 8;

/// Runs the pass.
pub(super) fn run(program: &mut Program, id: FuncId, known: &mut Known) {
    let mut fold = Fold { program, known };
    for _ in 0..ROUNDS {
        if !fold.function(id) {
            break;
        }
    }
    if let (Some(value), Some(function)) = (known.values.get_mut(id.index()), program.functions.get(id)) {
        *value = only_value(function);
    }
}

/// What the function of a rule gives if that is a constant, whatever the documents are.
fn only_value(function: &Function) -> Option<ConstId> {
    if function.kind != FunctionKind::Rules || function.params > 0 {
        return None;
    }
    let mut block = &function.body;
    loop {
        match block.stmts.as_slice() {
            // Nothing is left that the end of a block could lead to.
            [Stmt { kind: StmtKind::Block(inner) | StmtKind::Rule { body: inner, .. }, .. }] => block = inner,
            [Stmt { kind, .. }] | [Stmt { kind, .. }, Stmt { kind: StmtKind::Break(_), .. }] => match kind {
                StmtKind::Assign { target, source: Operand::Const(value) }
                | StmtKind::AssignOnce { target, source: Operand::Const(value) }
                    if *target == function.result =>
                {
                    return Some(*value);
                }
                _ => return None,
            },
            _ => return None,
        }
    }
}

/// What passes over functions know of the whole plan as the planner made it.
#[derive(Debug)]
pub(super) struct Known {
    /// The constants by value, once a new one was made. No other pass makes constants while functions are folded.
    constants: Option<BTreeMap<Constant, ConstId>>,
    /// By function: whether a call may end the evaluation, because it, or a function that it calls, may find two values where there
    /// must be one.
    pub(super) failing: Vec<bool>,
    /// By function: whether its result is given more than one value somewhere, which constants may show never to happen.
    pub(super) several: Vec<bool>,
    /// By function: what it always gives, as far as it was looked at.
    values: Vec<Option<ConstId>>,
}

impl Known {
    /// Looks at all functions.
    pub(super) fn of(functions: &IndexVec<FuncId, Function>) -> Self {
        let count = functions.len();
        let (failing, several) = (vec![false; count], vec![false; count]);
        let mut known = Self { constants: None, failing, several, values: vec![None; count] };
        let mut callers: Vec<Vec<FuncId>> = vec![Vec::new(); functions.len()];
        let mut next = Vec::new();
        for (id, function) in functions.enumerate() {
            let (mut fails, mut several) = (false, false);
            visit::for_each_stmt(&function.body, &mut |stmt| match &stmt.kind {
                StmtKind::Call { function, .. } => {
                    callers.get_mut(function.index()).into_iter().for_each(|it| it.push(id));
                }
                StmtKind::AssignOnce { target, .. } => (fails, several) = (true, several || *target == function.result),
                StmtKind::ObjectInsertOnce { .. } | StmtKind::CallDynamic { .. } => fails = true,
                _ => {}
            });
            known.several.get_mut(id.index()).into_iter().for_each(|it| *it = several);
            next.extend(fails.then_some(id));
        }
        while let Some(id) = next.pop() {
            if let Some(fails) = known.failing.get_mut(id.index())
                && !std::mem::replace(fails, true)
            {
                next.extend(callers.get_mut(id.index()).map(std::mem::take).unwrap_or_default());
            }
        }
        known
    }
}

struct Fold<'p> {
    program: &'p mut Program,
    known: &'p mut Known,
}

impl Fold<'_> {
    /// Looks at a function once; whether anything changed.
    fn function(&mut self, id: FuncId) -> bool {
        let uses = Uses::of(&self.program.functions[id], self.program);
        let function = &mut self.program.functions[id];
        let label = function.body.label;
        let mut body = std::mem::replace(&mut function.body, Block { label, stmts: Vec::new() });
        let mut walk = Walk { fold: self, uses, values: BTreeMap::new(), changed: false };
        walk.block(&mut body);
        let changed = walk.changed;
        self.program.functions[id].body = body;
        changed
    }

    fn intern(&mut self, constant: Constant) -> ConstId {
        let constants = &mut self.program.constants;
        let known = self
            .known
            .constants
            .get_or_insert_with(|| constants.enumerate().map(|(id, constant)| (constant.clone(), id)).collect());
        if let Some(id) = known.get(&constant) {
            return *id;
        }
        let id = constants.push(constant.clone());
        known.insert(constant, id);
        id
    }

    fn value(&self, id: ConstId) -> Value {
        self.program.constants.get(id).map_or(Value::UNDEFINED, value_of)
    }
}

/// How often the locals of a function are assigned and grown.
struct Uses {
    assigned: Vec<u32>,
    grown: Vec<u32>,
    /// Whether a part of the function may grow it.
    shared: Vec<bool>,
}

impl Uses {
    fn of(function: &Function, program: &Program) -> Self {
        let locals = function.locals as usize;
        let mut uses = Self { assigned: vec![0; locals], grown: vec![0; locals], shared: vec![false; locals] };
        visit::for_each_stmt(&function.body, &mut |stmt| {
            visit::for_each_assigned(&stmt.kind, |local| increment(&mut uses.assigned, local));
            if let Some(local) = visit::grown(&stmt.kind) {
                increment(&mut uses.grown, local);
            }
            if let StmtKind::Call { function, args, .. } = &stmt.kind
                && program.functions.get(*function).is_some_and(|function| function.kind == FunctionKind::Part)
            {
                for arg in args {
                    if let Operand::Local(local) = arg
                        && let Some(shared) = uses.shared.get_mut(local.index())
                    {
                        *shared = true;
                    }
                }
            }
        });
        for documents_and_params in uses.assigned.iter_mut().take(function.params as usize + 2) {
            *documents_and_params += 1;
        }
        uses
    }

    /// Whether one statement gives the local its value for good.
    fn is_single(&self, local: Local) -> bool {
        self.assigned.get(local.index()) == Some(&1) && self.shared.get(local.index()) == Some(&false)
    }

    /// Whether no statement gives the local a value: what did was never reached.
    fn is_never_assigned(&self, local: Local) -> bool {
        self.assigned.get(local.index()) == Some(&0) && self.shared.get(local.index()) == Some(&false)
    }

    fn times_grown(&self, local: Local) -> u32 {
        self.grown.get(local.index()).copied().unwrap_or(0)
    }
}

fn increment(counts: &mut [u32], local: Local) {
    if let Some(count) = counts.get_mut(local.index()) {
        *count = count.saturating_add(1);
    }
}

/// What a statement turned out to be.
enum Outcome {
    /// Itself.
    Stays,
    /// The assignment of a constant.
    Is(Local, Constant),
    /// The assignment of a constant that the plan has.
    Gives(Local, ConstId),
    /// Nothing: it never fails.
    Holds,
    /// Always undefined.
    Fails,
}

struct Walk<'f, 'p> {
    fold: &'f mut Fold<'p>,
    uses: Uses,
    /// The locals that are this constant wherever the walk is now.
    values: BTreeMap<Local, ConstId>,
    changed: bool,
}

impl Walk<'_, '_> {
    fn block(&mut self, block: &mut Block) {
        let mut learned = Vec::new();
        let (label, mut failed) = (block.label, false);
        block.stmts.retain_mut(|stmt| !failed && self.stmt(stmt, label, &mut failed, &mut learned));
        self.collections(block);
        // What a block assigns is certain only inside of it.
        for local in learned {
            self.values.remove(&local);
        }
    }

    /// Folds a statement of the block of that label; whether it stays. Sets `failed` where nothing behind it is reached, and adds the
    /// locals that are constant from there on to `learned`.
    fn stmt(&mut self, stmt: &mut Stmt, label: Label, failed: &mut bool, learned: &mut Vec<Local>) -> bool {
        self.substitute(&mut stmt.kind);
        visit::blocks_mut(&mut stmt.kind).for_each(|inner| self.block(inner));
        match self.outcome(&stmt.kind) {
            Outcome::Stays => {}
            Outcome::Is(target, constant) => {
                let source = Operand::Const(self.fold.intern(constant));
                stmt.kind = StmtKind::Assign { target, source };
                self.changed = true;
            }
            Outcome::Gives(target, value) => {
                stmt.kind = StmtKind::Assign { target, source: value.into() };
                self.changed = true;
            }
            Outcome::Holds => {
                self.changed = true;
                return false;
            }
            Outcome::Fails => {
                stmt.kind = StmtKind::Break(label);
                self.changed = true;
                *failed = true;
                return true;
            }
        }
        // What follows may read what the body would have given.
        *failed = matches!(&stmt.kind, StmtKind::With { body, .. } if never_holds(body));
        if let StmtKind::Assign { target, source: Operand::Const(id) } = stmt.kind
            && self.uses.is_single(target)
            && self.values.insert(target, id).is_none()
        {
            learned.push(target);
        }
        true
    }

    fn substitute(&mut self, kind: &mut StmtKind) {
        let (values, changed) = (&self.values, &mut self.changed);
        visit::for_each_operand_mut(kind, |operand| {
            if let Operand::Local(local) = operand
                && let Some(id) = values.get(local)
            {
                *operand = Operand::Const(*id);
                *changed = true;
            }
        });
    }

    fn constant(&self, operand: &Operand) -> Option<Value> {
        match operand {
            Operand::Const(id) => self.fold.value(*id).defined(),
            Operand::Local(_) => None,
        }
    }

    fn outcome(&self, kind: &StmtKind) -> Outcome {
        self.known_outcome(kind).unwrap_or(Outcome::Stays)
    }

    fn known_outcome(&self, kind: &StmtKind) -> Option<Outcome> {
        let test = |holds: bool| Some(if holds { Outcome::Holds } else { Outcome::Fails });
        match kind {
            StmtKind::CallBuiltin { builtin, args, target } => {
                let args: Vec<Value> = args.iter().map(|arg| self.constant(arg)).collect::<Option<_>>()?;
                let constant = call(self.fold.program.builtins.get(*builtin)?, &args)?;
                Some(Outcome::Is(*target, constant))
            }
            StmtKind::Call { function, target, .. } => {
                let value = self.fold.known.values.get(function.index()).copied().flatten();
                value.map(|value| Outcome::Gives(*target, value))
            }
            StmtKind::Dot { source, key, target } => {
                let element = rt::dot(self.constant(source)?, self.constant(key)?);
                assign(*target, element)
            }
            StmtKind::Len { source, target } => assign(*target, rt::len(self.constant(source)?)),
            StmtKind::Equal(a, b) => test(equal(self.constant(a)?, self.constant(b)?)),
            StmtKind::NotEqual(a, b) => test(!equal(self.constant(a)?, self.constant(b)?)),
            StmtKind::IsType { source, test: TypeTest::Array } => test(self.constant(source)?.tag() == Tag::Array),
            StmtKind::IsType { source, test: TypeTest::Object } => test(self.constant(source)?.tag() == Tag::Object),
            StmtKind::IsType { source, test: TypeTest::Set } => test(self.constant(source)?.tag() == Tag::Set),
            StmtKind::IsType { source, test: TypeTest::String } => test(self.constant(source)?.tag() == Tag::String),
            StmtKind::IsDefined(local) if self.uses.is_never_assigned(*local) => Some(Outcome::Fails),
            StmtKind::IsUndefined(local) if self.uses.is_never_assigned(*local) => Some(Outcome::Holds),
            StmtKind::IsDefined(local) if self.values.contains_key(local) => Some(Outcome::Holds),
            StmtKind::IsUndefined(local) if self.values.contains_key(local) => Some(Outcome::Fails),
            _ => None,
        }
    }

    /// Makes constants of the collections that are built of constants in this block alone.
    fn collections(&mut self, block: &mut Block) {
        let mut at = 0;
        while at < block.stmts.len() {
            if let Some((constant, target, steps)) = self.collection(&block.stmts, at) {
                let source = Operand::Const(self.fold.intern(constant));
                let last = steps.last().copied().unwrap_or(at);
                if let Some(stmt) = block.stmts.get_mut(last) {
                    stmt.kind = StmtKind::Assign { target, source };
                }
                let mut index = 0;
                block.stmts.retain(|_| {
                    let goes = index != last && (index == at || steps.contains(&index));
                    index += 1;
                    !goes
                });
                self.changed = true;
            } else {
                at += 1;
            }
        }
    }

    /// The collection that the statement at an index makes, with the statements that fill it; none when it is not constant.
    fn collection(&self, stmts: &[Stmt], at: usize) -> Option<(Constant, Local, Vec<usize>)> {
        let (mut collection, target) = match stmts.get(at)?.kind {
            StmtKind::MakeArray { target, .. } => (Constant::Array(Vec::new()), target),
            StmtKind::MakeObject { target } => (Constant::Object(Vec::new()), target),
            StmtKind::MakeSet { target } => (Constant::Set(Vec::new()), target),
            _ => return None,
        };
        if !self.uses.is_single(target) {
            return None;
        }
        let mut steps = Vec::new();
        for (index, stmt) in stmts.iter().enumerate().skip(at + 1) {
            if steps.len() as u32 == self.uses.times_grown(target) {
                break;
            }
            if visit::grown(&stmt.kind) == Some(target) {
                self.grow(&mut collection, &stmt.kind)?;
                steps.push(index);
            } else if !passes(&stmt.kind, target) {
                return None;
            }
        }
        (steps.len() as u32 == self.uses.times_grown(target)).then_some((collection, target, steps))
    }

    fn grow(&self, collection: &mut Constant, kind: &StmtKind) -> Option<()> {
        let constant = |operand: &Operand| match operand {
            Operand::Const(id) => self.fold.program.constants.get(*id).cloned(),
            Operand::Local(_) => None,
        };
        match (collection, kind) {
            (Constant::Array(items), StmtKind::ArrayAppend { value, .. }) => items.push(constant(value)?),
            (Constant::Set(items), StmtKind::SetAdd { value, .. }) => {
                let value = constant(value)?;
                if let Err(at) = items.binary_search_by(|item| compare(item, &value)) {
                    items.insert(at, value);
                }
            }
            (Constant::Object(items), StmtKind::ObjectInsert { key, value, .. }) => {
                let (key, value) = (constant(key)?, constant(value)?);
                match items.binary_search_by(|(item, _)| compare(item, &key)) {
                    Ok(at) => items.get_mut(at)?.1 = value,
                    Err(at) => items.insert(at, (key, value)),
                }
            }
            _ => return None,
        }
        Some(())
    }
}

/// Whether a statement is never undefined and has nothing to do with a local, so that what fills the local can be put behind it.
fn passes(kind: &StmtKind, local: Local) -> bool {
    let mut reads = false;
    visit::for_each_read(kind, |read| reads |= read == local);
    let is_plain = visit::blocks(kind).next().is_none() && !matches!(kind, StmtKind::Break(_));
    is_plain && !visit::may_fail(kind) && !reads
}

/// Whether the body of a `with` is always undefined.
fn never_holds(body: &Block) -> bool {
    match body.stmts.last().map(|last| &last.kind) {
        Some(StmtKind::Break(left)) => *left == body.label,
        Some(StmtKind::With { body, .. }) => never_holds(body),
        _ => false,
    }
}

/// The assignment of a value that may be undefined.
fn assign(target: Local, value: Value) -> Option<Outcome> {
    match value.defined() {
        Some(value) => constant_of(value).map(|constant| Outcome::Is(target, constant)),
        None => Some(Outcome::Fails),
    }
}

/// The result of a builtin that is pure and cheap; none when it is not, or when the call fails or is undefined.
fn call(builtin: &Builtin, args: &[Value]) -> Option<Constant> {
    let row = find(&builtin.name)?;
    let pure = row.placement == Placement::Guest && !row.nondeterministic && !row.relation && builtin.has_result;
    if !pure || builtin.host || !CATEGORIES.contains(&row.category) || LARGE.contains(&row.name) {
        return None;
    }
    constant_of(builtins::call(&builtin.name, args)?)
}
