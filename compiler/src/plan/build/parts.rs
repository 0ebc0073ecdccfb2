//! Parts of partial objects and sets: what is planned for a look-up of keys in them.
//!
//! OPA evaluates the rules of a partial object or set with the keys that are looked up: what they would do for other keys, failing too,
//! does not happen. Here the whole is made once, and all look-ups find their keys in it. Where that ends in an evaluation error, the rules
//! are evaluated for the keys alone, as OPA does it.

use super::constants::constant;
use super::context::ContextId;
use super::frame::BODY;
use super::{FunctionKey, Planner};
use crate::hir::{self, RuleId, RuleKind, RuleSetId, Term, TermKind};
use crate::plan::ir::{ConstId, Constant, Function, FunctionKind, Local, Operand, StmtKind};
use crate::plan::order::compare;

/// What of a partial object or set a function makes.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// How many keys are parameters: of what is under others, anything may be there or not.
    keys: u32,
}

impl Part {
    /// All of it.
    pub(super) const WHOLE: Self = Self { keys: 0 };

    /// What lies under so many keys.
    pub(super) const fn under(keys: u32) -> Self {
        Self { keys }
    }

    /// What the function that makes it is.
    pub(super) const fn kind(self) -> FunctionKind {
        if self.keys == 0 { FunctionKind::Rules } else { FunctionKind::Lookup }
    }
}

impl<'p> Planner<'p> {
    /// How many keys may matter in a look-up of what rules define: none if it does not matter which keys are looked up.
    pub(super) fn longest_key(&self, set: RuleSetId) -> usize {
        let is_partial = matches!(self.hir.sets[set].kind, RuleKind::PartialObject | RuleKind::PartialSet);
        if !is_partial || !self.failing.fails_in(self.hir, set) {
            return 0;
        }
        let rules = self.hir.sets[set].rules.iter();
        rules.map(|rule| head_keys(&self.hir.rules[*rule]).count()).max().unwrap_or(0)
    }

    /// The value of a set of rules, or a part of it with all that it has under the keys. Where rules of a partial object refer to other
    /// parts of the same object, or rules may fail, only those are called that may define what is asked for.
    pub(super) fn part_value(&mut self, set: RuleSetId, keys: &[Option<Operand>]) -> Operand {
        let longest = self.longest_key(set);
        let is_recursive = self.contexts.is_recursive(set);
        if longest == 0 && !is_recursive {
            return self.call_set(set, self.frame.context, &[]);
        }
        // Where a key is to be enumerated, OPA makes the whole, whatever is known of the keys behind it.
        let known = keys.iter().take_while(|key| key.is_some() || is_recursive).count();
        let keys = keys.get(..known).unwrap_or_default();
        let all = &self.hir.sets[set].rules;
        let some: Vec<RuleId> = all.iter().copied().filter(|rule| self.may_define(*rule, keys)).collect();
        let bound: Vec<Operand> = keys.iter().take(longest).map_while(|key| *key).collect();
        let is_exact = some.iter().all(|rule| self.defines_no_other(*rule, &bound));
        if bound.is_empty() || is_exact {
            return self.call_rules(set, some);
        }
        let context = self.contexts.restrict_to_set(self.frame.context, set);
        let count = u32::try_from(bound.len()).unwrap_or(u32::MAX);
        self.call_key(FunctionKey::Keyed(set, some, context, count), context, &bound)
    }

    /// Whether a rule may define something under keys.
    fn may_define(&self, rule: RuleId, keys: &[Option<Operand>]) -> bool {
        let differs = |(step, key): (&Term, &Option<Operand>)| match (constant(step), key) {
            (Some(step), Some(Operand::Const(key))) => !self.is_constant(*key, &step),
            _ => false,
        };
        !head_keys(&self.hir.rules[rule]).zip(keys).any(differs)
    }

    /// Whether a rule that may define something under keys defines nothing under others.
    fn defines_no_other(&self, rule: RuleId, keys: &[Operand]) -> bool {
        let is_same = |(step, key): (&Term, &Operand)| match (constant(step), key) {
            (Some(step), Operand::Const(key)) => self.is_constant(*key, &step),
            _ => false,
        };
        head_keys(&self.hir.rules[rule]).zip(keys).all(is_same)
    }

    fn is_constant(&self, id: ConstId, constant: &Constant) -> bool {
        compare(constant, self.constants.get(id)).is_eq()
    }

    /// Calls the function of some of the rules of a set.
    fn call_rules(&mut self, set: RuleSetId, rules: Vec<RuleId>) -> Operand {
        if rules.len() == self.hir.sets[set].rules.len() {
            return self.call_set(set, self.frame.context, &[]);
        }
        let context = self.contexts.restrict_to_set(self.frame.context, set);
        self.call_key(FunctionKey::Some(set, rules, context), context, &[])
    }

    /// Plans a [`FunctionKey::Some`] or a [`FunctionKey::Keyed`].
    pub(super) fn some_rules(
        &mut self,
        set: RuleSetId,
        rules: Vec<RuleId>,
        context: ContextId,
        part: Part,
    ) -> Function {
        match self.hir.sets[set].kind {
            RuleKind::PartialSet => self.partial_set(set, &rules, context, part),
            _ => self.partial_object(set, rules, context, part),
        }
    }

    /// Plans a [`FunctionKey::Attempt`].
    pub(super) fn attempt_function(&mut self, set: RuleSetId, rules: Vec<RuleId>, context: ContextId) -> Function {
        self.begin(context, 0);
        let target = self.frame.new_local();
        let source = self.call_rules(set, rules);
        self.push(StmtKind::Assign { target, source });
        self.end(self.node_name(self.hir.sets[set].node), FunctionKind::Attempt, target)
    }

    /// Begins the function of a part. Returns the local of its result.
    pub(super) fn begin_part(&mut self, set: RuleSetId, rules: &[RuleId], context: ContextId, part: Part) -> Local {
        self.begin(context, part.keys);
        let result = self.frame.new_local();
        if part.keys > 0 {
            self.block(|planner, _| {
                let whole = planner.call_key(FunctionKey::Attempt(set, rules.to_vec(), context), context, &[]);
                planner.push(StmtKind::Assign { target: result, source: whole });
                planner.push(StmtKind::Break(BODY));
            });
        }
        result
    }

    /// Binds the variables in the head of a rule to the keys of a part. What is left is to be compared behind the body.
    pub(super) fn match_keys(&mut self, rule: &'p hir::Rule, part: Part) -> Vec<(Local, &'p Term)> {
        let mut unmatched = Vec::new();
        for (index, step) in (0..part.keys).zip(head_keys(rule)) {
            let key = self.frame.argument(part.keys, index);
            if is_plain(step) {
                self.match_value(key.into(), step);
            } else {
                unmatched.push((key, step));
            }
        }
        unmatched
    }

    /// Leaves out what a rule gives to other keys.
    pub(super) fn compare_keys(&mut self, keys: Vec<(Local, &'p Term)>) {
        for (key, step) in keys {
            let value = self.term(step);
            self.push(StmtKind::Equal(value, key.into()));
        }
    }
}

/// The keys under which a rule of a partial object or set defines something, from the outside in.
fn head_keys(rule: &hir::Rule) -> impl Iterator<Item = &Term> {
    rule.suffix.iter().chain(&rule.element)
}

/// Whether a term is made of variables and constants alone.
fn is_plain(term: &Term) -> bool {
    match &term.kind {
        TermKind::Local(_) => true,
        TermKind::Array(elements) => elements.iter().all(is_plain),
        TermKind::Object(entries) => entries.iter().all(|(key, value)| constant(key).is_some() && is_plain(value)),
        _ => constant(term).is_some(),
    }
}
