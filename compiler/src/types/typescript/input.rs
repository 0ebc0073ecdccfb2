//! What of its input a policy looks at: members by constant names, elements, or whole values. Follows variables that stand for parts of the input within
//! a rule; what is passed to a function is taken for looked at as a whole.

use std::collections::{BTreeMap, BTreeSet};

use super::text::{Declared, Member};
use crate::hir::dependencies::Dependencies;
use crate::hir::visit::{Visitor, walk_expr, walk_term};
use crate::hir::{Body, Expr, ExprKind, LocalId, Name, Program, Ref, RefBase, RuleId, Term, TermKind, WithValue};

/// Deeper than this, values are taken for looked at as a whole.
const MAX_DEPTH: usize = 32;

/// The type of what the rules of an entrypoint, and those that they need, look at.
pub(super) fn looked_at(program: &Program, dependencies: &Dependencies<'_>, rules: &BTreeSet<RuleId>) -> Declared {
    let mut look = Look { parts: vec![Part::default()], aliases: BTreeMap::new(), seen: BTreeSet::new() };
    for clause in dependencies.reachable(rules.iter().copied()) {
        let rule = &program.rules[clause.rule];
        look.aliases.clear();
        look.seen.clear();
        rule.params.iter().for_each(|param| walk_term(&mut look, param));
        let (body, value) = clause.parts(rule);
        look.body(body);
        let own = (clause.branch == 0).then(|| rule.suffix.iter().chain(&rule.element));
        own.into_iter().flatten().chain([value]).for_each(|term| walk_term(&mut look, term));
    }
    look.declared(0, 0)
}

/// A part of the input.
#[derive(Default)]
struct Part {
    /// By constant name.
    members: BTreeMap<Name, usize>,
    /// What is found by variables and numbers.
    element: Option<usize>,
    /// Whether the value itself is looked at.
    is_whole: bool,
}

struct Look {
    /// The parts; the first is the input.
    parts: Vec<Part>,
    /// The parts that variables of the clause stand for.
    aliases: BTreeMap<LocalId, usize>,
    /// The variables that occurred before.
    seen: BTreeSet<LocalId>,
}

impl Look {
    fn body(&mut self, body: &Body) {
        for expr in &body.exprs {
            self.statement(expr);
        }
    }

    fn statement(&mut self, expr: &Expr) {
        let bound = match &expr.kind {
            ExprKind::Unify(left, right) => self.binds(left, right).or_else(|| self.binds(right, left)),
            _ => None,
        };
        match (&expr.kind, bound) {
            (_, Some((local, part))) => {
                self.aliases.insert(local, part);
                self.seen.insert(local);
                for with in &expr.with {
                    if let WithValue::Term(value) = &with.value {
                        walk_term(self, value);
                    }
                }
            }
            (ExprKind::Every { value, domain: Term { kind: TermKind::Local(domain), .. }, body, .. }, None)
                if self.aliases.contains_key(domain) =>
            {
                if let Some(part) = self.aliases.get(domain).copied() {
                    let element = self.below(part, None);
                    self.aliases.insert(*value, element);
                }
                self.body(body);
            }
            _ => walk_expr(self, expr),
        }
    }

    /// The variable that gets a part of the input as its value, if the first term is one that occurs here first.
    fn binds(&mut self, to: &Term, from: &Term) -> Option<(LocalId, usize)> {
        let TermKind::Local(local) = to.kind else { return None };
        let TermKind::Ref(reference) = &from.kind else { return None };
        if self.seen.contains(&local) {
            return None;
        }
        Some((local, self.part(reference)?))
    }

    /// The part that a reference leads to; none if it does not begin in the input.
    fn part(&mut self, reference: &Ref) -> Option<usize> {
        let begin = match reference.base {
            RefBase::Input => 0,
            RefBase::Local(local) => *self.aliases.get(&local)?,
            RefBase::Data => return None,
        };
        Some(reference.path.iter().fold(begin, |part, operand| match &operand.kind {
            TermKind::String(name) => self.below(part, Some(name)),
            _ => {
                walk_term(self, operand);
                self.below(part, None)
            }
        }))
    }

    fn below(&mut self, part: usize, name: Option<&Name>) -> usize {
        let next = self.parts.len();
        let Some(above) = self.parts.get_mut(part) else { return part };
        let below = match name {
            Some(name) => *above.members.entry(name.clone()).or_insert(next),
            None => *above.element.get_or_insert(next),
        };
        if below == next {
            self.parts.push(Part::default());
        }
        below
    }

    fn declared(&self, part: usize, depth: usize) -> Declared {
        let Some(part) = self.parts.get(part).filter(|part| depth < MAX_DEPTH && !part.is_whole) else {
            return Declared::Unknown;
        };
        let element = part.element.map(|element| self.declared(element, depth + 1));
        let members: Vec<Member> = part
            .members
            .iter()
            .map(|(name, below)| {
                let of = self.declared(*below, depth + 1);
                Member { name: name.to_string(), is_optional: true, of }
            })
            .collect();
        let is_input = depth == 0;
        let object = match (element, members.is_empty()) {
            // Nothing of it is looked at.
            (None, true) => return Declared::Unknown,
            (None, false) => Declared::Object(members, None),
            (Some(element), true) => Declared::Collection(Box::new(element)),
            (Some(element), false) => Declared::Object(members, Some(Box::new(element))),
        };
        // What is not there may be `null` as well, to a policy that looks into it.
        if is_input { object } else { Declared::Any(vec![object, Declared::Name("null")]) }
    }
}

impl Visitor<'_> for Look {
    fn expr(&mut self, expr: &Expr) -> bool {
        // Bodies in statements are walked as those of rules are.
        match &expr.kind {
            ExprKind::Not(body) => self.body(body),
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                self.body(left);
                self.body(right);
            }
            ExprKind::Every { domain, body, .. } => {
                walk_term(self, domain);
                self.body(body);
            }
            ExprKind::Term(_) | ExprKind::Unify(..) | ExprKind::Call { .. } => return true,
        }
        for with in &expr.with {
            if let WithValue::Term(value) = &with.value {
                walk_term(self, value);
            }
        }
        false
    }

    fn term(&mut self, term: &Term) -> bool {
        let whole = match &term.kind {
            TermKind::Local(local) => {
                self.seen.insert(*local);
                self.aliases.get(local).copied()
            }
            TermKind::Ref(reference) => {
                if let RefBase::Local(local) = reference.base {
                    self.seen.insert(local);
                }
                match self.part(reference) {
                    Some(part) => Some(part),
                    None => return true,
                }
            }
            TermKind::ArrayComprehension(head, body) | TermKind::SetComprehension(head, body) => {
                self.body(body);
                walk_term(self, head);
                return false;
            }
            TermKind::ObjectComprehension(key, value, body) => {
                self.body(body);
                walk_term(self, key);
                walk_term(self, value);
                return false;
            }
            _ => return true,
        };
        if let Some(part) = whole.and_then(|part| self.parts.get_mut(part)) {
            part.is_whole = true;
        }
        false
    }
}
