//! Rule sets: complete rules, functions, partial sets; what becomes of several definitions, `else` and `default`.
//!
//! A set of many rules is split into functions that pass on what the rules before them made, so that no function grows without bound.

use super::Planner;
use super::body::Solutions;
use super::constants::constant;
use super::context::ContextId;
use super::frame::BODY;
use super::parts::Part;
use crate::hir::{self, Body, RuleKind, RuleSetId, Term};
use crate::index::Id as _;
use crate::plan::ir::{ConstId, Constant, Function, FunctionKind, Label, Local, Rule, RuleId, StmtKind};
use crate::plan::order::compare;
use crate::source::Span;

/// What the rules of a complete document or function know of each other.
struct Complete {
    /// The value, if all rules have the same constant: then the first success decides.
    value: Option<ConstId>,
    arguments: u32,
    /// Whether another rule may give another value.
    contested: bool,
}

/// What the branches of one rule know of each other.
struct Branches {
    /// The block to leave once one gave a value.
    chain: Label,
    /// The local that is defined when a branch gave a value.
    given: Local,
    /// Whether an earlier branch may have given a value without leaving.
    stayed: bool,
}

/// One definition: a rule or a branch of one.
struct Definition<'p> {
    id: RuleId,
    value: &'p Term,
    body: &'p Body,
    rule: &'p hir::Rule,
    hir: hir::RuleId,
    /// Where the rule or the branch is.
    span: Span,
}

impl<'p> Planner<'p> {
    /// Plans a rule set.
    pub(super) fn rule_set(&mut self, set: RuleSetId, context: ContextId) -> Function {
        match self.hir.sets[set].kind {
            RuleKind::Complete => self.complete(set, context, 0),
            RuleKind::Function(arity) => self.complete(set, context, u32::try_from(arity).unwrap_or(u32::MAX)),
            RuleKind::PartialSet => self.partial_set(set, &self.hir.sets[set].rules, context, Part::WHOLE),
            RuleKind::PartialObject => self.partial_object(set, self.outside_in(set), context, Part::WHOLE),
        }
    }

    /// The rules of a partial object in OPA's order: those of a document come before those of documents inside of it. Of two values for
    /// a key, the second one's rule is the conflict.
    fn outside_in(&self, set: RuleSetId) -> Vec<hir::RuleId> {
        let mut rules = self.hir.sets[set].rules.clone();
        rules.sort_by_cached_key(|rule| {
            let fixed = self.hir.rules[*rule].suffix.iter().map_while(constant);
            fixed.collect::<Vec<Constant>>()
        });
        rules
    }

    fn complete(&mut self, set: RuleSetId, context: ContextId, arguments: u32) -> Function {
        let rules = &self.hir.sets[set].rules;
        let value = if self.exits_early() { self.common_value(rules) } else { None };
        let complete = Complete { value, arguments, contested: rules.len() > 1 };
        let name = self.node_name(self.hir.sets[set].node);
        self.begin(context, arguments);
        let result = self.frame.new_local();
        for rule in rules {
            self.complete_rule(*rule, &complete, result);
        }
        if complete.value.is_some() {
            // The first block of the function, which the first success leaves ([`Planner::definition`]).
            let items = self.frame.close_block();
            self.frame.open_block();
            self.push(StmtKind::Block(items));
        }
        if let Some(rule) = self.hir.sets[set].default {
            self.default_rule(rule, arguments, result);
        }
        let kind = if arguments == 0 { FunctionKind::Rules } else { FunctionKind::Function };
        self.end(name, kind, result)
    }

    /// The value of all rules and branches, if it is one constant.
    fn common_value(&mut self, rules: &[hir::RuleId]) -> Option<ConstId> {
        let mut common = None;
        for rule in rules {
            let rule = &self.hir.rules[*rule];
            for value in std::iter::once(&rule.value).chain(rule.branches.iter().map(|branch| &branch.value)) {
                let value = constant(value)?;
                match &common {
                    None => common = Some(value),
                    Some(common) if compare(common, &value).is_eq() => {}
                    Some(_) => return None,
                }
            }
        }
        common.map(|value| self.constants.add(value))
    }

    fn complete_rule(&mut self, id: hir::RuleId, complete: &Complete, result: Local) {
        let definitions = self.definitions(id);
        if definitions.len() == 1 || complete.value.is_some() {
            for definition in definitions {
                self.definition(&definition, complete, result, None);
            }
            return;
        }
        // The branches look at what the branches before them gave, not at other rules: they have a local of their own.
        let given = if complete.contested { self.frame.new_local() } else { result };
        self.block(|planner, chain| {
            let mut branches = Branches { chain, given, stayed: false };
            for definition in &definitions {
                planner.definition(definition, complete, result, Some(&mut branches));
            }
        });
    }

    /// Plans a definition, which may be one of several branches.
    ///
    /// Where another value is possible, each value is assigned once only, also the first: so it is known which rule gave it.
    fn definition(
        &mut self,
        definition: &Definition<'p>,
        complete: &Complete,
        result: Local,
        branches: Option<&mut Branches>,
    ) {
        let fixed = constant(definition.value).is_some() && self.exits_early();
        let fixed = fixed && (complete.value.is_some() || !self.fails_again(definition.body));
        let solutions = if fixed { Solutions::First } else { Solutions::Distinct };
        self.rule_block(definition, complete.arguments, |planner, label| {
            if let Some(branches) = branches.as_ref().filter(|branches| branches.stayed) {
                planner.push(StmtKind::IsUndefined(branches.given));
            }
            let tried = planner.try_indexed(definition.rule, definition.body);
            planner.cover_body(definition.span, definition.body);
            planner.body_but(definition.body, &tried, solutions, &[definition.value]);
            let source = planner.term(definition.value);
            planner.cover_head(definition.span);
            planner.frame.span = Some(definition.span);
            let single = !planner.frame.in_scan();
            let last = single || fixed && branches.is_some();
            if complete.value.is_some() || last && !complete.contested {
                planner.push(StmtKind::Assign { target: result, source });
            } else {
                planner.push(StmtKind::AssignOnce { target: result, source });
            }
            match branches {
                _ if complete.value.is_some() => planner.push(StmtKind::Break(BODY)),
                Some(branches) if last => planner.push(StmtKind::Break(branches.chain)),
                Some(branches) => {
                    if branches.given != result {
                        planner.push(StmtKind::Assign { target: branches.given, source });
                    }
                    branches.stayed = true;
                }
                None if fixed && !single => planner.push(StmtKind::Break(label)),
                None => {}
            }
        });
    }

    /// Plans a rule in its block: its parameters, then what `inner` says.
    fn rule_block(&mut self, definition: &Definition<'p>, arguments: u32, inner: impl FnOnce(&mut Self, Label)) {
        self.frame.enter_rule(definition.rule.locals.len());
        self.frame.span = Some(definition.span);
        self.traced_rule = Some(definition.hir);
        let around = self.enter_rule_body(definition.rule.set);
        let label = self.frame.open_block();
        for (index, param) in definition.rule.params.iter().enumerate() {
            let argument = self.frame.argument(arguments, u32::try_from(index).unwrap_or(u32::MAX));
            self.match_value(argument.into(), param);
        }
        inner(self, label);
        self.leave_body(around);
        let body = self.frame.close_block();
        self.frame.push_at(StmtKind::Rule { rule: definition.id, body }, Some(definition.span));
    }

    fn default_rule(&mut self, id: hir::RuleId, arguments: u32, result: Local) {
        for definition in self.definitions(id) {
            self.rule_block(&definition, arguments, |planner, _| {
                planner.push(StmtKind::IsUndefined(result));
                planner.cover_body(definition.span, definition.body);
                planner.body(definition.body, Solutions::First, &[definition.value]);
                let source = planner.term(definition.value);
                planner.cover_head(definition.span);
                planner.push(StmtKind::Assign { target: result, source });
            });
        }
    }

    /// Plans what rules of a partial set define together, under the keys of a part.
    pub(super) fn partial_set(
        &mut self,
        set: RuleSetId,
        rules: &[hir::RuleId],
        context: ContextId,
        part: Part,
    ) -> Function {
        let name = self.node_name(self.hir.sets[set].node);
        let target = self.begin_part(set, rules, context, part);
        self.push(StmtKind::MakeSet { target });
        for rule in rules {
            self.element_rule(*rule, target, part);
        }
        self.end(name, part.kind(), target)
    }

    /// Adds the elements of a rule to its set.
    fn element_rule(&mut self, id: hir::RuleId, set: Local, part: Part) {
        let rule = &self.hir.rules[id];
        let Some(element) = &rule.element else { return };
        let first = constant(element).is_some() && self.coverage.is_none() && !self.fails_again(&rule.body);
        let solutions = if first { Solutions::First } else { Solutions::Distinct };
        self.rule_body(id, solutions, &[element], part, |planner, label| {
            let value = planner.term(element);
            planner.push(StmtKind::SetAdd { set, value });
            if solutions == Solutions::First && planner.frame.in_scan() {
                planner.push(StmtKind::Break(label));
            }
        });
    }

    /// Plans a rule without branches or parameters.
    pub(super) fn rule_body(
        &mut self,
        id: hir::RuleId,
        solutions: Solutions,
        head: &[&Term],
        part: Part,
        inner: impl FnOnce(&mut Self, Label),
    ) {
        let Some(definition) = self.definitions(id).into_iter().next() else { return };
        self.rule_block(&definition, 0, |planner, label| {
            let unmatched = planner.match_keys(definition.rule, part);
            let tried = planner.try_indexed(definition.rule, definition.body);
            planner.cover_body(definition.span, definition.body);
            planner.body_but(definition.body, &tried, solutions, head);
            planner.compare_keys(unmatched);
            planner.cover_head(definition.span);
            planner.frame.span = Some(definition.span);
            inner(planner, label);
        });
    }

    /// The rule and its branches.
    fn definitions(&mut self, rule_id: hir::RuleId) -> Vec<Definition<'p>> {
        let rule = &self.hir.rules[rule_id];
        let first = self.first_id(rule_id).index();
        let branches = rule.branches.iter().map(|branch| (&branch.value, &branch.body, branch.span));
        std::iter::once((&rule.value, &rule.body, rule.span))
            .chain(branches)
            .enumerate()
            .map(|(branch, (value, body, span))| {
                let id = RuleId::from_usize(first + branch);
                Definition { id, value, body, rule, hir: rule_id, span }
            })
            .collect()
    }

    /// The path of the document that rules define.
    fn set_name(&mut self, set: hir::RuleSetId) -> String {
        if let Some(known) = self.set_names.get(&set) {
            return known.clone();
        }
        let name = self.node_name(self.hir.sets[set].node);
        self.set_names.insert(set, name.clone());
        name
    }

    /// The id of a rule; those of its branches follow.
    fn first_id(&mut self, id: hir::RuleId) -> RuleId {
        if let Some(known) = self.rule_ids.get(&id) {
            return *known;
        }
        let rule = &self.hir.rules[id];
        let path = self.set_name(rule.set);
        let branches = rule.branches.iter().map(|branch| Rule { path: path.clone(), span: Some(branch.span) });
        let branches: Vec<Rule> = branches.collect();
        let first = self.rules.push(Rule { path, span: Some(rule.span) });
        for branch in branches {
            self.rules.push(branch);
        }
        self.rule_ids.insert(id, first);
        first
    }
}
