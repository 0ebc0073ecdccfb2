//! Says what a possible cycle hangs on: the reference that closes it, and the values that its operands would need.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::capabilities::BuiltinType;
use crate::hir::dependencies::{Clause, Dependencies, Use, bound_before, head, in_text_order, members};
use crate::hir::text::{self, Writer};
use crate::hir::visit::is_constant;
use crate::hir::{BuiltinId, Callee, ExprKind, LocalId, Program, Ref, RefBase, Rule, Term, TermKind};

/// More conditions than this are not spelled out.
const MAX_CONDITIONS: usize = 2;
/// More members of a collection than this are not listed.
const MAX_MEMBERS: usize = 5;

/// The first step of a path that a value decides, in brackets.
pub(super) fn describe(program: &Program, graph: &Dependencies<'_>, clauses: &[Clause], path: &[usize]) -> String {
    let vertices: Vec<usize> = path.iter().copied().filter(|vertex| graph.clauses().get(*vertex).is_some()).collect();
    for (step, (from, to)) in vertices.iter().zip(vertices.iter().skip(1)).enumerate() {
        let Some(used) = dynamic_use(graph, *from, *to) else { continue };
        let (Some(from), Some(to)) = (clauses.get(step), clauses.get(step + 1)) else { continue };
        return Cause::new(program, used, *from, *to).text(step > 0);
    }
    String::new()
}

/// The reference by which a clause may reach another; none if another reference reaches it whatever the values are.
fn dynamic_use<'g, 'p>(graph: &'g Dependencies<'p>, from: usize, to: usize) -> Option<&'g Use<'p>> {
    let reaches = |start: usize, over_dynamic: bool| {
        let mut work = vec![start];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(vertex) = work.pop() {
            if vertex == to {
                return true;
            }
            // The way from clause to clause leads over no other clause.
            if graph.clauses().get(vertex).is_some() || !seen.insert(vertex) {
                continue;
            }
            work.extend(graph.edges(vertex).iter().filter(|edge| over_dynamic || !edge.dynamic).map(|edge| edge.to));
        }
        false
    };
    let edges = graph.edges(from);
    if edges.iter().any(|edge| reaches(edge.to, false)) {
        return None;
    }
    let edge = edges.iter().find(|edge| edge.reference.is_some() && reaches(edge.to, true))?;
    graph.uses().get(edge.reference?)
}

/// A reference that may select a rule.
struct Cause<'a> {
    program: &'a Program,
    used: &'a Use<'a>,
    from: Clause,
    to: Clause,
}

/// An operand with the value that it needs to select the rule.
struct Condition<'a> {
    operand: &'a Term,
    text: String,
    value: String,
    constant: &'a Term,
}

/// Where a variable gets its value.
enum Origin<'a> {
    Input(&'a Ref),
    Rule(&'a Ref),
    Collection(&'a Term),
    Builtin(BuiltinId),
    HeadKey,
    HeadArg,
}

impl<'a> Cause<'a> {
    fn new(program: &'a Program, used: &'a Use<'a>, from: Clause, to: Clause) -> Self {
        Self { program, used, from, to }
    }

    fn rule(&self) -> &'a Rule {
        &self.program.rules[self.from.rule]
    }

    fn target(&self) -> &'a Rule {
        &self.program.rules[self.to.rule]
    }

    fn text(&self, name_rule: bool) -> String {
        let target = text::rule_reference(self.program, self.target(), &self.target().suffix);
        let rule = text::rule_reference(self.program, self.rule(), &self.rule().suffix);
        let names = self.program.tree.path(self.program.sets[self.target().set].node);
        // Past the path of the rule, the reference only reads from its value.
        let mut written = Writer::new(&self.rule().locals);
        written.reference(self.used.reference, names.len() + self.target().suffix.len());
        let mut message = format!(" ({}", written.text);
        if name_rule {
            let _ = write!(message, " in {rule}");
        }
        let names: Vec<Term> = names.into_iter().map(|key| key.term(self.target().span)).collect();
        let path: Vec<&Term> = names.iter().chain(&self.target().suffix).collect();
        let conditions = self.conditions(&path);
        match conditions {
            Some(conditions) if self.can_be_told(&conditions) => {
                let _ = write!(message, " refers to {target}");
                for (index, condition) in conditions.iter().enumerate() {
                    let word = if index == 0 { "if" } else { "and" };
                    let _ = write!(message, " {word} {} is {}", condition.text, condition.value);
                    let note = self.note(condition, &rule);
                    if !note.is_empty() {
                        let _ = write!(message, " ({note})");
                    }
                }
            }
            _ => {
                let _ = write!(message, " could refer to {target}");
            }
        }
        message.push(')');
        message
    }

    /// The operands that must have the values of the rule's path, each once; none if one would need two values.
    fn conditions<'b>(&'b self, path: &[&'b Term]) -> Option<Vec<Condition<'b>>> {
        let bound = bound_before(self.from, self.rule(), self.used.at);
        let mut conditions: Vec<Condition<'b>> = Vec::new();
        for ((operand, selected), part) in self.used.reference.path.iter().zip(&self.used.selected).zip(path) {
            if !is_constant(part) || is_constant(selected) {
                continue;
            }
            if let TermKind::Local(local) = selected.kind
                && !bound.contains(&local)
                && self.used.selected.iter().filter(|other| is_local(other, local)).count() == 1
            {
                continue;
            }
            let mut writer = Writer::new(&self.rule().locals);
            writer.term(operand);
            let value = text::constant(part);
            match conditions.iter().find(|condition| condition.text == writer.text) {
                Some(condition) if condition.value != value => return None,
                Some(_) => {}
                None => conditions.push(Condition { operand, text: writer.text, value, constant: part }),
            }
        }
        Some(conditions)
    }

    /// Whether the conditions are few, and none of them is known not to hold.
    fn can_be_told(&self, conditions: &[Condition<'_>]) -> bool {
        let holds = |condition: &Condition<'_>| match self.origin(condition.operand) {
            Some(Origin::Collection(collection)) => members(collection)
                .is_some_and(|members| members.into_iter().any(|it| text::constant(it) == condition.value)),
            Some(Origin::Builtin(builtin)) => {
                self.program.builtins[builtin].result.as_ref().is_none_or(|result| admits(result, condition.constant))
            }
            _ => true,
        };
        !conditions.is_empty() && conditions.len() <= MAX_CONDITIONS && conditions.iter().all(holds)
    }

    /// Where the value of a condition comes from.
    fn note(&self, condition: &Condition<'_>, rule: &str) -> String {
        let name = &condition.text;
        if let TermKind::Ref(reference) = &condition.operand.kind {
            let is_rule = reference.base == RefBase::Data;
            return if is_rule { "rule values aren't known at compile time".to_owned() } else { String::new() };
        }
        match self.origin(condition.operand) {
            None => String::new(),
            Some(Origin::Input(reference)) => format!("{name} comes from {}", self.constant_prefix(reference)),
            Some(Origin::Rule(reference)) => format!(
                "{name} comes from rule {}, whose value isn't known at compile time",
                self.constant_prefix(reference)
            ),
            Some(Origin::Collection(collection)) => match members(collection) {
                Some(members) if members.len() > MAX_MEMBERS => format!("{name} is one of {} values", members.len()),
                _ => format!("{name} is one of {}", text::constant(collection)),
            },
            Some(Origin::Builtin(builtin)) => format!("{name} is computed by {}", self.program.builtins[builtin].name),
            Some(Origin::HeadKey) => format!("{name} is a key of {rule}"),
            Some(Origin::HeadArg) => format!("{name} is an argument of {rule}"),
        }
    }

    fn constant_prefix(&self, reference: &Ref) -> String {
        let mut writer = Writer::new(&self.rule().locals);
        writer.reference(reference, reference.path.iter().take_while(|operand| is_constant(operand)).count());
        writer.text
    }

    fn origin(&self, operand: &Term) -> Option<Origin<'a>> {
        let TermKind::Local(mut local) = operand.kind else { return None };
        let rule = self.rule();
        let (exprs, _) = in_text_order(self.from, rule);
        let mut bindings: BTreeMap<LocalId, &'a Term> = BTreeMap::new();
        let mut outputs: BTreeMap<LocalId, BuiltinId> = BTreeMap::new();
        for expr in exprs.into_iter().take(self.used.at).filter(|expr| expr.with.is_empty()) {
            match &expr.kind {
                ExprKind::Unify(left, right) => {
                    for (side, other) in [(left, right), (right, left)] {
                        if let TermKind::Local(local) = side.kind {
                            bindings.entry(local).or_insert(other);
                        }
                    }
                }
                ExprKind::Call { callee: Callee::Builtin(builtin), output: Some(output), .. } => {
                    if let TermKind::Local(local) = output.kind {
                        outputs.insert(local, *builtin);
                    }
                }
                _ => {}
            }
        }
        // A longer chain than there are bindings is a circle.
        for _ in 0..=bindings.len() {
            if let Some(builtin) = outputs.get(&local) {
                return Some(Origin::Builtin(*builtin));
            }
            match bindings.get(&local).map(|term| &term.kind) {
                Some(TermKind::Local(next)) => local = *next,
                Some(TermKind::Ref(reference)) => match reference.base {
                    RefBase::Input => return Some(Origin::Input(reference)),
                    RefBase::Data => return Some(Origin::Rule(reference)),
                    RefBase::Local(base) => {
                        return collection(base, reference, &bindings)
                            .map(Origin::Collection)
                            .or_else(|| self.head_origin(local));
                    }
                },
                _ => return self.head_origin(local),
            }
        }
        None
    }

    fn head_origin(&self, local: LocalId) -> Option<Origin<'a>> {
        let rule = self.rule();
        if rule.params.iter().any(|param| is_local(param, local)) {
            return Some(Origin::HeadArg);
        }
        let keys = head(self.from, rule).into_iter().skip(rule.params.len()).take(rule.suffix.len());
        keys.chain(&rule.element).any(|key| is_local(key, local)).then_some(Origin::HeadKey)
    }
}

fn is_local(term: &Term, local: LocalId) -> bool {
    matches!(term.kind, TermKind::Local(other) if other == local)
}

/// The constant collection that a reference with one variable operand takes a member of.
fn collection<'a>(mut base: LocalId, reference: &Ref, bindings: &BTreeMap<LocalId, &'a Term>) -> Option<&'a Term> {
    let [operand] = reference.path.as_slice() else { return None };
    if is_constant(operand) {
        return None;
    }
    for _ in 0..=bindings.len() {
        let term = *bindings.get(&base)?;
        match &term.kind {
            TermKind::Local(next) => base = *next,
            TermKind::Array(_) | TermKind::Set(_) | TermKind::Object(_) => return is_constant(term).then_some(term),
            _ => return None,
        }
    }
    None
}

/// Whether a result of the type can be that constant.
fn admits(result: &BuiltinType, constant: &Term) -> bool {
    let of_kind = match constant.kind {
        TermKind::Null => BuiltinType::Null,
        TermKind::Boolean(_) => BuiltinType::Boolean,
        TermKind::Number(_) => BuiltinType::Number,
        TermKind::String(_) => BuiltinType::String,
        _ => return true,
    };
    match result {
        BuiltinType::Any => true,
        BuiltinType::Union(of) => of.contains(&of_kind),
        other => *other == of_kind,
    }
}
