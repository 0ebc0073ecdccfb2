//! Finds the rules of a plan, with the switches around them, and the scans and calls inside.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::names::{MEMBER, Named, Names};
use super::words::Words;
use super::{Choice, Key, Lookup, Origin, Parameters, Reason, RuleCost, Scan, Switch};
use crate::optimize::notes::Notes;
use crate::plan::ir::{
    Block, BuiltinId, ConstId, Constant, FuncId, Function, FunctionKind, Local, Operand, Program, RuleId, Stmt,
    StmtKind,
};
use crate::plan::visit;
use crate::source::{SourceSet, Span};

/// A rule with what it calls.
pub(super) struct Found {
    pub(super) cost: RuleCost,
    /// The function that it is a part of.
    pub(super) function: FuncId,
    /// The names of its arguments.
    pub(super) arguments: Vec<String>,
    pub(super) calls: Vec<Call>,
}

/// A call of a function of the policy.
pub(super) struct Call {
    pub(super) span: Option<Span>,
    pub(super) function: FuncId,
    pub(super) args: Vec<Named>,
    /// The scan that it runs in for each element.
    pub(super) inside: Option<usize>,
}

/// The rules of a plan, each once, though it may be planned for several replacements of `with`.
pub(super) fn rules(program: &Program, notes: &Notes, parameters: &Parameters, sources: &SourceSet) -> Vec<Found> {
    let member = program.builtins.enumerate().find(|(_, builtin)| &*builtin.name == MEMBER).map(|(id, _)| id);
    let mut found = BTreeMap::new();
    for (id, function) in program.functions.enumerate() {
        if matches!(function.kind, FunctionKind::Rules | FunctionKind::Function) {
            let names = Names::of(program, id);
            let mut walk = Walk {
                program,
                notes,
                parameters,
                sources,
                member,
                function: id,
                names,
                switches: Vec::new(),
                selected: FxHashMap::default(),
                served: Vec::new(),
                open: Vec::new(),
                rule: None,
                found: &mut found,
            };
            walk.name_arguments(&function.body);
            walk.block(&function.body);
        }
    }
    found.into_values().collect()
}

struct Walk<'p> {
    program: &'p Program,
    notes: &'p Notes,
    parameters: &'p Parameters,
    sources: &'p SourceSet,
    member: Option<BuiltinId>,
    function: FuncId,
    names: Names<'p>,
    /// The switches around what is looked at.
    switches: Vec<Switch>,
    /// By the local that holds what is selected: by what.
    selected: FxHashMap<Local, Lookup>,
    /// The elements of scans that are looked up, each with the columns that are asked.
    served: Vec<(String, Vec<String>)>,
    /// The scans around what is looked at.
    open: Vec<usize>,
    rule: Option<Found>,
    found: &'p mut BTreeMap<RuleId, Found>,
}

impl Walk<'_> {
    /// Names the arguments as the first rule does, for the switches in front of rules.
    fn name_arguments(&mut self, body: &Block) {
        let mut first = None;
        visit::for_each_stmt(body, &mut |stmt| {
            if let StmtKind::Rule { rule, .. } = stmt.kind {
                first.get_or_insert(rule);
            }
        });
        let span = first.and_then(|rule| self.program.rules.get(rule)).and_then(|rule| rule.span);
        if let Some(parameters) = span.and_then(|span| self.parameters.get(&span)) {
            self.names.enter_rule(parameters);
        }
    }

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.names.define(&stmt.kind);
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Rule { rule, body } => self.rule(*rule, body),
            StmtKind::Switch { on, cases, default } if self.rule.is_none() => {
                self.switches.push(Switch { on: self.names.operand(*on).text, cases: cases.len() });
                cases.iter().for_each(|(_, case)| self.block(case));
                self.switches.pop();
                default.iter().for_each(|default| self.block(default));
            }
            StmtKind::Select { index, keys, target, .. } => {
                if let Some(lookup) = self.lookup(*index, keys) {
                    self.selected.insert(*target, lookup);
                }
            }
            StmtKind::Scan { source, value, body, .. } => self.scan(*source, *value, body, stmt.span),
            StmtKind::CallBuiltin { builtin, args, .. } if Some(*builtin) == self.member => {
                if let [_, collection] = args.as_slice() {
                    self.member(*collection, stmt.span);
                }
            }
            StmtKind::Call { function, args, .. } if !args.is_empty() => self.call(*function, args, stmt.span),
            StmtKind::With { document, path, value, body } if path.is_empty() => {
                let before = self.names.replace(*document, *value);
                self.block(body);
                self.names.put_back(*document, before);
            }
            kind => visit::blocks(kind).for_each(|inner| self.block(inner)),
        }
    }

    fn rule(&mut self, id: RuleId, body: &Block) {
        let Some(rule) = self.program.rules.get(id) else { return };
        if let Some(parameters) = rule.span.and_then(|span| self.parameters.get(&span)) {
            self.names.enter_rule(parameters);
        }
        let result = self.program.functions[self.function].result;
        let is_fallback =
            matches!(body.stmts.first().map(|stmt| &stmt.kind), Some(StmtKind::IsUndefined(local)) if *local == result);
        let choice = if !self.switches.is_empty() {
            Choice::Switches(self.switches.clone())
        } else if is_fallback {
            Choice::Fallback
        } else {
            Choice::None(self.words().unchosen(self.notes.rules.get(&id)))
        };
        let cost = RuleCost { path: rule.path.clone(), span: rule.span, choice, scans: Vec::new() };
        let arguments = self.names.arguments_of(self.program.functions[self.function].params);
        self.rule = Some(Found { cost, function: self.function, arguments, calls: Vec::new() });
        self.block(body);
        if let Some(found) = self.rule.take() {
            self.found.entry(id).or_insert(found);
        }
    }

    fn words(&self) -> Words<'_, '_> {
        let scans = self.rule.as_ref().map_or(&[][..], |rule| &rule.cost.scans);
        Words { names: &self.names, sources: self.sources, scans }
    }

    /// What an index is asked for, see `regoc_abi::runtime::INDEXES`.
    fn lookup(&self, index: ConstId, keys: &[Operand]) -> Option<Lookup> {
        let Some(Constant::Array(says)) = self.program.constants.get(index) else { return None };
        let [path, Constant::Array(columns), _] = says.as_slice() else { return None };
        let key = |(column, key): (&Constant, &Operand)| Key {
            part: Names::column(column),
            key: self.names.operand(*key).text,
        };
        let keys = columns.iter().zip(keys).map(key).collect();
        Some(if *path == Constant::Null { Lookup::Decision(keys) } else { Lookup::Data(keys) })
    }

    fn scan(&mut self, source: Operand, value: Local, body: &Block, span: Option<Span>) {
        let Named { text, origin } = self.names.operand(source);
        let selected = match source {
            Operand::Local(local) => self.selected.get(&local).cloned(),
            Operand::Const(_) => None,
        };
        // Why it is not looked up is said when what stands in it has names.
        let refusal = self.notes.scans.get(&(self.function, value));
        let is_refused = selected.is_none() && !self.is_served(&text);
        let lookup = selected.unwrap_or(Lookup::Outside);
        let outside = self.served.len();
        if let Lookup::Data(keys) | Lookup::Decision(keys) = &lookup {
            self.served.push((format!("{text}[_]"), keys.iter().map(|key| key.part.clone()).collect()));
        }
        let Some(number) = self.add(Scan { span, of: text.clone(), is_member: false, origin, lookup, inside: None })
        else {
            return;
        };
        self.open.push(number);
        self.block(body);
        self.open.pop();
        self.served.truncate(outside);
        if is_refused {
            let reason = self.words().refused(&text, refusal);
            let scans = self.rule.iter_mut().flat_map(|rule| rule.cost.scans.get_mut(number));
            scans.for_each(|scan| scan.lookup = Lookup::None(reason.clone()));
        }
    }

    /// Adds a scan to the rule at hand; its number.
    fn add(&mut self, scan: Scan) -> Option<usize> {
        let scans = &mut self.rule.as_mut()?.cost.scans;
        scans.push(Scan { inside: self.open.last().copied(), ..scan });
        Some(scans.len() - 1)
    }

    /// A question whether something is in a collection. Sets, which are no parts of documents, are not looked through for it.
    fn member(&mut self, collection: Operand, span: Option<Span>) {
        let Named { text, origin } = self.names.operand(collection);
        let is_selected = self.served.iter().any(|(element, _)| text.starts_with(element.as_str()));
        if matches!(origin, Origin::Input | Origin::Data) && !is_selected {
            let lookup = Lookup::None(Reason::of_member(&text));
            self.add(Scan { span, of: text, is_member: true, origin, lookup, inside: None });
        }
    }

    fn call(&mut self, function: FuncId, args: &[Operand], span: Option<Span>) {
        let is_function = |function: &Function| function.kind == FunctionKind::Function;
        let args = args.iter().map(|arg| self.names.operand(*arg)).collect();
        let inside = self.open.last().copied();
        if let Some(rule) = &mut self.rule
            && self.program.functions.get(function).is_some_and(is_function)
        {
            rule.calls.push(Call { span, function, args, inside });
        }
    }

    /// Whether a scan around already selects elements by what is in the collection.
    fn is_served(&self, collection: &str) -> bool {
        self.served.iter().any(|(element, columns)| {
            let inside = collection.strip_prefix(element.as_str()).map(|inside| format!("{inside}[_]"));
            inside.is_some_and(|inside| {
                let inside = inside.strip_prefix('.').unwrap_or(&inside);
                columns.iter().any(|column| column.starts_with(inside))
            })
        })
    }
}
