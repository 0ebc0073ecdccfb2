//! Chooses among rules by what they compare: rules one behind the other that ask for constants at the same place of a document become the
//! cases of one switch over what is there, and the rules of a case are chosen among again by what else they compare.
//!
//! Needs nothing. Keeps every answer and every error: a rule is passed over only for a comparison that it makes before anything that may
//! fail or that can be seen, and the rules of a case stay in their order. Rules are neither copied nor moved over others, so what the pass
//! does not see ends the rules that it chooses among. OPA's rule index does the same to any comparison of a rule's body
//! (<https://www.openpolicyagent.org/docs/policy-performance#use-indexed-statements>).

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::index::{Id as _, IndexVec};
use crate::optimize::fold::Known;
use crate::optimize::fresh::Fresh;
use crate::optimize::notes::{Notes, Unchosen};
use crate::plan::ir::{Block, ConstId, Constant, FuncId, Function, Label, Local, Operand, Program, Stmt, StmtKind};
use crate::plan::{order, visit};
use crate::source::Span;

/// So many rules are worth a choice.
pub const FEW: usize = 3;

/// How often rules are chosen among again, those of a case and those that a choice leaves over; each time takes a walk over all that they
/// compare.
const DEEPEST: u32 = 12;

/// Runs the pass.
pub(super) fn run(program: &mut Program, id: FuncId, _: &mut Known) {
    run_with(program, id, None);
}

/// Runs the pass and notes why rules are not chosen among those around them.
pub(super) fn explain(program: &mut Program, id: FuncId, notes: &mut Notes) {
    run_with(program, id, Some(notes));
}

fn run_with(program: &mut Program, id: FuncId, notes: Option<&mut Notes>) {
    let function = &mut program.functions[id];
    if !has_many_rules(&function.body) {
        return;
    }
    let label = function.body.label;
    let mut body = std::mem::replace(&mut function.body, Block { label, stmts: Vec::new() });
    let (reads, free_label) = reads(&body, function);
    let mut index = Index {
        constants: &program.constants,
        reads,
        assigned: vec![false; function.locals as usize],
        inside: vec![0; function.locals as usize],
        places: vec![None; function.locals as usize],
        fresh: Fresh::behind(function.locals, free_label),
        paths: Paths::default(),
        notes,
    };
    index.block(&mut body);
    function.locals = index.fresh.locals();
    function.body = body;
}

/// Whether there is anything to choose among anywhere.
fn has_many_rules(block: &Block) -> bool {
    let rules = block.stmts.iter().filter(|stmt| rule_body(&stmt.kind).is_some()).count();
    rules >= FEW || block.stmts.iter().any(|stmt| visit::blocks(&stmt.kind).any(has_many_rules))
}

/// The body of what can be passed over: a statement that always goes on behind itself.
fn rule_body(kind: &StmtKind) -> Option<&Block> {
    match kind {
        StmtKind::Rule { body, .. } | StmtKind::Block(body) => Some(body),
        _ => None,
    }
}

/// By local: how often a function reads it; and the first label that is free.
fn reads(body: &Block, function: &Function) -> (Vec<u32>, Label) {
    let mut reads = vec![0; function.locals as usize];
    let label = visit::free_label_while(body, |stmt| {
        visit::for_each_read(&stmt.kind, |local| count(&mut reads, local));
    });
    count(&mut reads, function.result);
    (reads, label)
}

fn count(counts: &mut [u32], local: Local) {
    if let Some(count) = counts.get_mut(local.index()) {
        *count = count.saturating_add(1);
    }
}

/// Notes of the locals that a rule assigns that something assigns them, or that nothing does.
fn note_assigned(rule: &Stmt, assigned: &mut [bool], is_assigned: bool) {
    let Some(body) = rule_body(&rule.kind) else { return };
    visit::for_each_stmt(body, &mut |stmt| {
        visit::for_each_assigned(&stmt.kind, |local| {
            assigned.get_mut(local.index()).into_iter().for_each(|it| *it = is_assigned);
        });
    });
}

/// The number of a place in [`Paths`].
type Path = usize;

/// A place of a document.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    /// The whole document, which a local holds.
    Document(Local),
    /// What another place has under a key.
    Key(Path, ConstId),
}

/// The places that rules look at, each once.
#[derive(Default)]
struct Paths {
    numbers: FxHashMap<Step, Path>,
    steps: Vec<Step>,
}

impl Paths {
    fn number(&mut self, step: Step) -> Path {
        let next = self.steps.len();
        let number = *self.numbers.entry(step).or_insert(next);
        if number == next {
            self.steps.push(step);
        }
        number
    }

    /// That rules around one do not compare what it compares.
    fn alone(&self, mut path: Path) -> Unchosen {
        let mut keys = Vec::new();
        let document = loop {
            match self.steps.get(path) {
                Some(Step::Key(parent, key)) => {
                    keys.push(*key);
                    path = *parent;
                }
                Some(Step::Document(local)) => break *local,
                None => break Local::INPUT,
            }
        };
        keys.reverse();
        Unchosen::Alone { document, keys }
    }
}

/// A comparison of a rule, by the index of its statement.
#[derive(Clone, Copy)]
struct Test {
    path: Path,
    constant: ConstId,
    index: usize,
}

/// A rule with what it compares before anything else.
struct Rule {
    stmt: Stmt,
    tests: Vec<Test>,
    /// The places that it looks at there, by the index of the statement.
    looks: Vec<(usize, Path)>,
    /// The comparisons that are known to hold where the rule stands now.
    holds: Vec<usize>,
    /// The index of the statement that does more.
    ends: Option<usize>,
}

struct Index<'p> {
    constants: &'p IndexVec<ConstId, Constant>,
    reads: Vec<u32>,
    /// By local: whether one of the rules at hand assigns it; not between them.
    assigned: Vec<bool>,
    /// By local: how often the rule at hand reads it; zeros between rules.
    inside: Vec<u32>,
    /// By local: the place that it holds in the rule at hand; none between rules.
    places: Vec<Option<Path>>,
    fresh: Fresh,
    paths: Paths,
    notes: Option<&'p mut Notes>,
}

impl Index<'_> {
    /// Looks at all blocks of a block, the inner ones first.
    fn block(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            visit::blocks_mut(&mut stmt.kind).for_each(|inner| self.block(inner));
        }
        if block.stmts.iter().filter(|stmt| rule_body(&stmt.kind).is_some()).count() < FEW {
            return;
        }
        let mut stmts = Vec::with_capacity(block.stmts.len());
        let mut run = Vec::new();
        for stmt in std::mem::take(&mut block.stmts) {
            if rule_body(&stmt.kind).is_some() {
                run.push(stmt);
            } else {
                self.rules(std::mem::take(&mut run), &mut stmts);
                stmts.push(stmt);
            }
        }
        self.rules(run, &mut stmts);
        block.stmts = stmts;
    }

    /// Chooses among statements that follow each other.
    fn rules(&mut self, run: Vec<Stmt>, into: &mut Vec<Stmt>) {
        if run.len() < FEW {
            into.extend(run);
            return;
        }
        let mut assigned = std::mem::take(&mut self.assigned);
        run.iter().for_each(|stmt| note_assigned(stmt, &mut assigned, true));
        let rules: Vec<Rule> = run.into_iter().map(|stmt| self.rule(stmt, &assigned)).collect();
        rules.iter().for_each(|rule| note_assigned(&rule.stmt, &mut assigned, false));
        self.assigned = assigned;
        self.choose(rules, &BTreeMap::new(), DEEPEST, into);
    }

    /// What a rule compares before anything that can be seen outside of it. `assigned` are the locals that rules beside it assign: what is
    /// there is known to none of them.
    fn rule(&mut self, stmt: Stmt, assigned: &[bool]) -> Rule {
        let mut rule = Rule { stmt, tests: Vec::new(), looks: Vec::new(), holds: Vec::new(), ends: None };
        let Some(body) = rule_body(&rule.stmt.kind) else { return rule };
        let (reads, inside, places) = (&self.reads, &mut self.inside, &mut self.places);
        visit::for_each_stmt(body, &mut |stmt| visit::for_each_read(&stmt.kind, |local| count(inside, local)));
        let is_private =
            |local: Local| reads.get(local.index()).is_some_and(|all| inside.get(local.index()) == Some(all));
        let is_assigned = |local: Local| assigned.get(local.index()) != Some(&false);
        for (index, stmt) in body.stmts.iter().enumerate() {
            let place = |paths: &mut Paths, places: &[Option<Path>], operand| match operand {
                Operand::Local(local) if !is_assigned(local) => Some(paths.number(Step::Document(local))),
                Operand::Local(local) => places.get(local.index()).copied().flatten(),
                Operand::Const(_) => None,
            };
            match &stmt.kind {
                StmtKind::Dot { source, key, target } if is_private(*target) => {
                    let path = match (place(&mut self.paths, places, *source), key) {
                        (Some(path), Operand::Const(key)) => Some(self.paths.number(Step::Key(path, *key))),
                        _ => None,
                    };
                    places.get_mut(target.index()).into_iter().for_each(|it| *it = path);
                    rule.looks.extend(path.map(|path| (index, path)));
                }
                StmtKind::Equal(Operand::Const(constant), local) | StmtKind::Equal(local, Operand::Const(constant)) => {
                    if let Some(path) = place(&mut self.paths, places, *local) {
                        rule.tests.push(Test { path, constant: *constant, index });
                    }
                }
                StmtKind::Len { target, .. } if is_private(*target) => {
                    places.get_mut(target.index()).into_iter().for_each(|it| *it = None);
                }
                StmtKind::Equal(..) | StmtKind::NotEqual(..) | StmtKind::IsType { .. } => {}
                StmtKind::IsDefined(_) | StmtKind::IsUndefined(_) => {}
                _ => {
                    rule.ends = Some(index);
                    break;
                }
            }
        }
        visit::for_each_stmt(body, &mut |stmt| {
            visit::for_each_read(&stmt.kind, |local| inside.get_mut(local.index()).into_iter().for_each(|it| *it = 0));
            visit::for_each_assigned(&stmt.kind, |local| {
                places.get_mut(local.index()).into_iter().for_each(|it| *it = None);
            });
        });
        rule
    }

    /// Writes rules, chosen among by the place where they differ most. `known` are the locals that hold what is at a place.
    fn choose(&mut self, rules: Vec<Rule>, known: &BTreeMap<Path, Local>, depth: u32, into: &mut Vec<Stmt>) {
        let Some(path) = self.best(&rules).filter(|_| depth > 0) else {
            self.note(&rules, depth);
            into.extend(rules.into_iter().map(|rule| self.written(rule, known)));
            return;
        };
        let mut run = Vec::new();
        let mut others = Vec::new();
        for rule in rules {
            // Only one of the two is not empty.
            if rule.tests.iter().any(|test| test.path == path) {
                self.choose(std::mem::take(&mut others), known, depth - 1, into);
                run.push(rule);
            } else {
                self.switch(std::mem::take(&mut run), path, known, depth, into);
                others.push(rule);
            }
        }
        self.choose(others, known, depth - 1, into);
        self.switch(run, path, known, depth, into);
    }

    /// The place where most rules differ, if there are enough rules one behind the other that look there.
    fn best(&self, rules: &[Rule]) -> Option<Path> {
        if rules.len() < FEW {
            return None;
        }
        let mut constants: FxHashMap<Path, FxHashSet<ConstId>> = FxHashMap::default();
        // By place: the rule seen last, how many it ends that follow each other, the most so far.
        let mut runs: FxHashMap<Path, (usize, usize, usize)> = FxHashMap::default();
        for (number, rule) in rules.iter().enumerate() {
            for test in &rule.tests {
                constants.entry(test.path).or_default().insert(test.constant);
                let (last, len, most) = runs.entry(test.path).or_insert((usize::MAX, 0, 0));
                if *last != number {
                    *len = if last.wrapping_add(1) == number { *len + 1 } else { 1 };
                    (*last, *most) = (number, (*len).max(*most));
                }
            }
        }
        let is_worth = |path: &Path| runs.get(path).is_some_and(|(.., most)| *most >= FEW);
        let many = constants.iter().filter(|(path, constants)| constants.len() > 1 && is_worth(path));
        // The smaller number where two are as good, so that the answer does not hang on the order of a map.
        many.max_by_key(|(path, constants)| (constants.len(), usize::MAX - **path)).map(|(path, _)| *path)
    }

    /// Writes rules, all of which compare what is at a place.
    fn switch(
        &mut self,
        rules: Vec<Rule>,
        path: Path,
        known: &BTreeMap<Path, Local>,
        depth: u32,
        into: &mut Vec<Stmt>,
    ) {
        if rules.len() < FEW {
            self.note(&rules, depth);
            into.extend(rules.into_iter().map(|rule| self.written(rule, known)));
            return;
        }
        let span = rules.first().and_then(|rule| rule.stmt.span);
        let cases = self.cases(rules, path);
        let mut known = known.clone();
        let on = self.look(path, &mut known, span, into);
        let mut written = Vec::with_capacity(cases.len());
        for (constant, rules) in cases {
            let label = self.fresh.label();
            let mut stmts = Vec::new();
            self.choose(rules, &known, depth - 1, &mut stmts);
            written.push((constant, Block { label, stmts }));
        }
        into.push(Stmt { kind: StmtKind::Switch { on: on.into(), cases: written, default: None }, span });
    }

    /// Notes why rules are chosen no further. It tells nothing of rules that were chosen before.
    fn note(&mut self, rules: &[Rule], depth: u32) {
        let Some(notes) = &mut self.notes else { return };
        for Rule { stmt, tests, holds, ends, .. } in rules {
            let StmtKind::Rule { rule, body } = &stmt.kind else { continue };
            if !holds.is_empty() {
                continue;
            }
            let unchosen = match tests.first() {
                Some(_) if depth == 0 => Unchosen::Deep,
                Some(test) => self.paths.alone(test.path),
                None => {
                    let end = ends.and_then(|index| body.stmts.get(index));
                    // What gives the value is no test that could have come later.
                    let has_test = |kind| visit::may_fail(kind) || visit::blocks(kind).next().is_some();
                    let end = end.filter(|stmt| has_test(&stmt.kind));
                    let builtin = end.and_then(|stmt| match &stmt.kind {
                        StmtKind::CallBuiltin { builtin, .. } => Some(*builtin),
                        _ => None,
                    });
                    Unchosen::Untested { builtin, span: end.and_then(|stmt| stmt.span) }
                }
            };
            notes.rules.insert(*rule, unchosen);
        }
    }

    /// The rules of each constant that is compared with a place, in OPA's order of the constants. Constants of one value, such as `1` and
    /// `1.0`, are one case, in which the rules keep their order.
    fn cases(&self, rules: Vec<Rule>, path: Path) -> Vec<(ConstId, Vec<Rule>)> {
        let mut sorted: Vec<(ConstId, Rule)> = Vec::with_capacity(rules.len());
        for mut rule in rules {
            let Some(test) = rule.tests.iter().find(|test| test.path == path).copied() else { continue };
            rule.tests.retain(|other| other.path != path);
            rule.holds.push(test.index);
            sorted.push((test.constant, rule));
        }
        let compare = |a: ConstId, b: ConstId| order::compare(&self.constants[a], &self.constants[b]);
        sorted.sort_by(|(a, _), (b, _)| compare(*a, *b));
        let mut cases: Vec<(ConstId, Vec<Rule>)> = Vec::new();
        for (constant, rule) in sorted {
            match cases.last_mut() {
                Some((last, rules)) if compare(*last, constant).is_eq() => rules.push(rule),
                _ => cases.push((constant, vec![rule])),
            }
        }
        cases
    }

    /// Looks a place up; the local that holds what is there, or is undefined. What is on the way is known from there on, too.
    fn look(
        &mut self,
        path: Path,
        known: &mut BTreeMap<Path, Local>,
        span: Option<Span>,
        into: &mut Vec<Stmt>,
    ) -> Local {
        let mut steps = Vec::new();
        let mut at = path;
        let mut from = loop {
            if let Some(local) = known.get(&at) {
                break *local;
            }
            match self.paths.steps.get(at) {
                Some(Step::Key(parent, key)) => {
                    steps.push((at, *key));
                    at = *parent;
                }
                Some(Step::Document(local)) => break *local,
                None => break Local::INPUT,
            }
        };
        if steps.is_empty() {
            return from;
        }
        let mut stmts = Vec::with_capacity(steps.len());
        for (path, key) in steps.into_iter().rev() {
            let target = self.fresh.local();
            let (source, key) = (Operand::Local(from), Operand::Const(key));
            stmts.push(Stmt { kind: StmtKind::Dot { source, key, target }, span });
            known.insert(path, target);
            from = target;
        }
        self.fresh.try_all(stmts, from, span, into);
        from
    }

    /// A rule without the comparisons that hold, and without looking up what is known.
    fn written(&self, rule: Rule, known: &BTreeMap<Path, Local>) -> Stmt {
        let Rule { mut stmt, looks, holds, .. } = rule;
        if let StmtKind::Rule { body, .. } | StmtKind::Block(body) = &mut stmt.kind {
            for (index, path) in looks {
                if let (Some(local), Some(Stmt { kind, .. })) = (known.get(&path), body.stmts.get_mut(index))
                    && let StmtKind::Dot { target, .. } = *kind
                {
                    *kind = StmtKind::Assign { target, source: Operand::Local(*local) };
                }
            }
            let mut index = 0;
            body.stmts.retain(|_| {
                index += 1;
                !holds.contains(&(index - 1))
            });
        }
        stmt
    }
}
