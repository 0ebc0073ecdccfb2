//! Checks what every plan must keep, whoever made it: the planner, a pass of the optimizer, or OPA.
//!
//! Changes nothing and knows nothing of Rego. Code generation and the interpreter may rely on all that is checked here: ids point
//! somewhere, labels are unique and left from inside, arities fit, a local that is read as defined is assigned on some way before.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use super::ir::{
    Block, BuiltinId, ConstId, Constant, FuncId, Function, FunctionKind, Label, Local, Operand, Program, Stmt,
    StmtKind, TableId,
};
use super::order::compare;
use super::visit::target;
use crate::index::Id as _;

/// The most arguments that a host builtin can take: the ABI has dispatchers for 0 to 4.
const MAX_HOST_ARGUMENTS: usize = 4;

/// What a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The function it is in; none for the program as a whole.
    pub function: Option<FuncId>,
    /// The innermost block it is in.
    pub block: Option<Label>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(function) = self.function {
            write!(f, "{function}")?;
        }
        if let Some(block) = self.block {
            write!(f, " {block}")?;
        }
        if self.function.is_some() {
            f.write_str(": ")?;
        }
        f.write_str(&self.message)
    }
}

/// Checks a whole plan.
///
/// # Errors
/// All that it breaks, in the order of its functions.
pub fn validate(program: &Program) -> Result<(), Vec<Violation>> {
    let mut checker = Checker { program, violations: Vec::new() };
    checker.constants();
    checker.builtins();
    checker.tables();
    checker.entrypoints();
    for (id, function) in program.functions.enumerate() {
        let mut body = FunctionChecker::new(program, id, function);
        body.check();
        checker.violations.append(&mut body.violations);
    }
    if checker.violations.is_empty() { Ok(()) } else { Err(checker.violations) }
}

struct Checker<'p> {
    program: &'p Program,
    violations: Vec<Violation>,
}

impl Checker<'_> {
    fn violation(&mut self, message: impl Into<String>) {
        self.violations.push(Violation { function: None, block: None, message: message.into() });
    }

    fn constants(&mut self) {
        let mut seen = BTreeSet::new();
        for (id, constant) in self.program.constants.enumerate() {
            if !seen.insert(constant) {
                self.violation(format!("{id} is there twice"));
            }
            if !is_sorted(constant) {
                self.violation(format!("{id} holds an object or a set that is not in order"));
            }
        }
    }

    fn builtins(&mut self) {
        for (id, builtin) in self.program.builtins.enumerate() {
            if builtin.host && builtin.arity > MAX_HOST_ARGUMENTS {
                self.violation(format!("{id} has more arguments than a host can be given"));
            }
        }
    }

    fn tables(&mut self) {
        for (id, table) in self.program.tables.enumerate() {
            let mut params = BTreeSet::new();
            let mut paths = BTreeSet::new();
            for (path, function) in &table.rows {
                match self.program.functions.get(*function) {
                    Some(function) => drop(params.insert(function.params)),
                    None => self.violation(format!("{id} has no function {function}")),
                }
                match path.iter().find(|step| self.program.constants.get(**step).is_none()) {
                    Some(step) => self.violation(format!("{id} has no constant {step}")),
                    None if !paths.insert(path) => self.violation(format!("{id} has a path twice")),
                    None => {}
                }
            }
            if params.len() > 1 {
                self.violation(format!("the functions of {id} differ in their number of parameters"));
            }
        }
    }

    fn entrypoints(&mut self) {
        let mut names = BTreeSet::new();
        for entrypoint in &self.program.entrypoints {
            let name = &entrypoint.name;
            if !names.insert(name) {
                self.violation(format!("the entrypoint `{name}` is there twice"));
            }
            match self.program.functions.get(entrypoint.function) {
                None => self.violation(format!("the entrypoint `{name}` has no function {}", entrypoint.function)),
                Some(function) if function.params != 0 || function.kind != FunctionKind::Entrypoint => {
                    self.violation(format!(
                        "{} of the entrypoint `{name}` is no entrypoint function",
                        entrypoint.function
                    ));
                }
                Some(_) => {}
            }
        }
    }
}

/// A read of a local that nothing has assigned so far.
struct EarlyRead {
    local: Local,
    block: Option<Label>,
}

struct FunctionChecker<'p> {
    program: &'p Program,
    id: FuncId,
    function: &'p Function,
    violations: Vec<Violation>,
    labels: BTreeSet<Label>,
    enclosing: Vec<Label>,
    /// By local: whether any statement so far assigns it.
    assigned: Vec<bool>,
    /// Reads before any assignment. Inside of a scan a later statement of the body can still make one good, for the next element.
    early: Vec<EarlyRead>,
}

impl<'p> FunctionChecker<'p> {
    fn new(program: &'p Program, id: FuncId, function: &'p Function) -> Self {
        Self {
            program,
            id,
            function,
            violations: Vec::new(),
            labels: BTreeSet::new(),
            enclosing: Vec::new(),
            assigned: vec![false; function.locals as usize],
            early: Vec::new(),
        }
    }

    fn violation(&mut self, message: impl Into<String>) {
        let block = self.enclosing.last().copied();
        self.violations.push(Violation { function: Some(self.id), block, message: message.into() });
    }

    fn check(&mut self) {
        let function = self.function;
        let given = function.params.saturating_add(2);
        if function.locals < given {
            self.violation("there are fewer locals than parameters");
        }
        if function.memoize && function.params != 0 {
            self.violation("a function with parameters is memoized");
        }
        for assigned in self.assigned.iter_mut().take(given as usize) {
            *assigned = true;
        }
        self.block(&function.body);
        self.local(function.result);
        for EarlyRead { local, block } in std::mem::take(&mut self.early) {
            let message = format!("{local} is read before it is assigned");
            self.violations.push(Violation { function: Some(self.id), block, message });
        }
    }

    fn block(&mut self, block: &'p Block) {
        if !self.labels.insert(block.label) {
            self.violation(format!("{} is there twice", block.label));
        }
        self.enclosing.push(block.label);
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
        self.enclosing.pop();
    }

    fn stmt(&mut self, stmt: &'p Stmt) {
        self.reads(&stmt.kind);
        self.ids(&stmt.kind);
        match &stmt.kind {
            StmtKind::Break(label) => self.leaves(*label),
            StmtKind::CallDynamic { if_undefined, .. } => self.leaves(*if_undefined),
            StmtKind::Block(body) | StmtKind::Not(body) | StmtKind::Rule { body, .. } | StmtKind::With { body, .. } => {
                self.block(body);
            }
            StmtKind::Scan { key, value, body, .. } => {
                self.assign(*key);
                self.assign(*value);
                let before = self.early.len();
                self.block(body);
                let made_good =
                    |read: &EarlyRead| self.assigned.get(read.local.index()).is_some_and(|assigned| *assigned);
                let late: Vec<EarlyRead> = self.early.drain(before..).collect();
                self.early.extend(late.into_iter().filter(|read| !made_good(read)));
            }
            StmtKind::Switch { cases, default, .. } => {
                self.cases(cases);
                cases.iter().map(|(_, block)| block).chain(default).for_each(|block| self.block(block));
            }
            _ => {}
        }
        if let Some(target) = target(&stmt.kind) {
            self.assign(target);
        }
    }

    fn leaves(&mut self, label: Label) {
        if !self.enclosing.contains(&label) {
            self.violation(format!("{label} is left from outside"));
        }
    }

    fn cases(&mut self, cases: &[(ConstId, Block)]) {
        let constants: Vec<&Constant> = cases.iter().filter_map(|(id, _)| self.program.constants.get(*id)).collect();
        if constants.len() != cases.len() {
            self.violation("a case has no constant");
        }
        if !constants.is_sorted_by(|a, b| in_order(a, b)) {
            self.violation("the cases of a switch are not in order");
        }
    }

    fn local(&mut self, local: Local) {
        if local.index() >= self.assigned.len() {
            self.violation(format!("there is no local {local}"));
        }
    }

    fn assign(&mut self, local: Local) {
        self.local(local);
        if local == Local::INPUT || local == Local::DATA {
            self.violation(format!("{local} is assigned"));
        }
        if let Some(assigned) = self.assigned.get_mut(local.index()) {
            *assigned = true;
        }
    }

    /// A read that must find a value. Input and data count as assigned, although they may be undefined.
    fn defined(&mut self, operand: Operand) {
        self.maybe_undefined(operand);
        if let Operand::Local(local) = operand
            && self.assigned.get(local.index()) == Some(&false)
        {
            self.early.push(EarlyRead { local, block: self.enclosing.last().copied() });
        }
    }

    fn maybe_undefined(&mut self, operand: Operand) {
        match operand {
            Operand::Local(local) => self.local(local),
            Operand::Const(id) => self.constant(id),
        }
    }

    fn constant(&mut self, id: ConstId) {
        if self.program.constants.get(id).is_none() {
            self.violation(format!("there is no constant {id}"));
        }
    }

    fn reads(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Assign { source, .. } | StmtKind::Scan { source, .. } | StmtKind::IsType { source, .. } => {
                self.maybe_undefined(*source);
            }
            StmtKind::Len { source, .. } | StmtKind::Switch { on: source, .. } => self.maybe_undefined(*source),
            StmtKind::Select { source, keys, .. } => {
                self.maybe_undefined(*source);
                keys.iter().for_each(|key| self.maybe_undefined(*key));
            }
            StmtKind::AssignOnce { source, target } => {
                self.defined(*source);
                self.local(*target);
            }
            StmtKind::Dot { source, key, .. } => {
                self.maybe_undefined(*source);
                self.defined(*key);
            }
            StmtKind::Equal(a, b) | StmtKind::NotEqual(a, b) => {
                self.defined(*a);
                self.defined(*b);
            }
            StmtKind::IsDefined(local) | StmtKind::IsUndefined(local) => self.local(*local),
            StmtKind::ArrayAppend { array: collection, value } | StmtKind::SetAdd { set: collection, value } => {
                self.defined((*collection).into());
                self.defined(*value);
            }
            StmtKind::ObjectInsert { object, key, value } | StmtKind::ObjectInsertOnce { object, key, value } => {
                self.defined((*object).into());
                self.defined(*key);
                self.defined(*value);
            }
            StmtKind::ObjectMerge { a, b, .. } => {
                self.local(*a);
                self.local(*b);
            }
            StmtKind::ObjectDefault { object, key, value, .. } => {
                self.defined((*object).into());
                self.defined(*key);
                self.defined(*value);
            }
            StmtKind::ResultSet { key, value, .. } => {
                self.defined(*key);
                self.local(*value);
            }
            StmtKind::Call { function, args, .. } => self.arguments(*function, args),
            StmtKind::CallBuiltin { args, .. } => args.iter().for_each(|arg| self.defined(*arg)),
            StmtKind::CallDynamic { path, args, .. } => path.iter().chain(args).for_each(|arg| self.defined(*arg)),
            StmtKind::With { path, value, .. } if path.is_empty() => self.maybe_undefined(*value),
            StmtKind::With { value, .. } => self.defined(*value),
            StmtKind::Reset { .. }
            | StmtKind::MakeArray { .. }
            | StmtKind::MakeObject { .. }
            | StmtKind::MakeSet { .. } => {}
            StmtKind::Block(_) | StmtKind::Rule { .. } | StmtKind::Break(_) | StmtKind::Not(_) => {}
        }
    }

    fn arguments(&mut self, function: FuncId, args: &[Operand]) {
        // The accumulators that a part gets from the whole may be undefined so far.
        let may_be_undefined =
            self.program.functions.get(function).is_some_and(|function| function.kind == FunctionKind::Part);
        for arg in args {
            if may_be_undefined { self.maybe_undefined(*arg) } else { self.defined(*arg) }
        }
    }

    fn ids(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Call { function, args, .. } => match self.program.functions.get(*function) {
                None => self.violation(format!("there is no function {function}")),
                Some(called) => self.arity(&called.name, called.params as usize, args.len()),
            },
            StmtKind::CallBuiltin { builtin, args, .. } => self.builtin(*builtin, args.len()),
            StmtKind::CallDynamic { table, args, .. } => self.table(*table, args.len()),
            StmtKind::Rule { rule, .. } if self.program.rules.get(*rule).is_none() => {
                self.violation(format!("there is no rule {rule}"));
            }
            StmtKind::With { document, path, .. } => {
                if *document != Local::INPUT && *document != Local::DATA {
                    self.violation(format!("{document} is replaced, but only input and data can be"));
                }
                path.iter().for_each(|step| self.constant(*step));
            }
            StmtKind::Select { index, .. } => self.constant(*index),
            _ => {}
        }
    }

    fn builtin(&mut self, builtin: BuiltinId, args: usize) {
        match self.program.builtins.get(builtin) {
            None => self.violation(format!("there is no builtin {builtin}")),
            Some(called) => self.arity(&called.name, called.arity, args),
        }
    }

    fn table(&mut self, table: TableId, args: usize) {
        let Some(called) = self.program.tables.get(table) else {
            self.violation(format!("there is no table {table}"));
            return;
        };
        if let Some(function) = called.rows.first().and_then(|(_, function)| self.program.functions.get(*function)) {
            self.arity("a function called by path", function.params as usize, args);
        }
    }

    fn arity(&mut self, name: &str, want: usize, have: usize) {
        if want != have {
            self.violation(format!("{name} takes {want} arguments and is given {have}"));
        }
    }
}

/// Whether every object and set in a constant is in order and without repetition.
fn is_sorted(constant: &Constant) -> bool {
    match constant {
        Constant::Array(items) => items.iter().all(is_sorted),
        Constant::Set(items) => items.iter().all(is_sorted) && items.is_sorted_by(in_order),
        Constant::Object(items) => {
            items.iter().all(|(key, value)| is_sorted(key) && is_sorted(value))
                && items.is_sorted_by(|(a, _), (b, _)| in_order(a, b))
        }
        Constant::Null | Constant::Boolean(_) | Constant::Number(_) | Constant::String(_) => true,
    }
}

/// Whether the first constant comes before the second in OPA's order.
fn in_order(a: &Constant, b: &Constant) -> bool {
    compare(a, b) == Ordering::Less
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::ir::{Builtin, Entrypoint};

    fn function(params: u32, locals: u32, kinds: Vec<StmtKind>) -> Function {
        let stmts = kinds.into_iter().map(|kind| Stmt { kind, span: None }).collect();
        let body = Block { label: Label(0), stmts };
        let kind = FunctionKind::Entrypoint;
        Function { name: "f".to_owned(), kind, params, locals, memoize: false, body, result: Local(2) }
    }

    fn messages(function: Function) -> Vec<String> {
        let program = Program {
            constants: [Constant::Number("1".into()), Constant::Number("0".into())].into_iter().collect(),
            builtins: std::iter::once(Builtin { name: "plus".into(), arity: 2, has_result: true, host: false })
                .collect(),
            functions: std::iter::once(function).collect(),
            entrypoints: vec![Entrypoint { name: "e".to_owned(), function: FuncId(0) }],
            ..Program::default()
        };
        let violations = validate(&program).err().unwrap_or_default();
        violations.iter().map(|violation| violation.message.clone()).collect()
    }

    fn assign(target: u32, source: u32) -> StmtKind {
        StmtKind::AssignOnce { target: Local(target), source: Local(source).into() }
    }

    #[test]
    fn locals_are_assigned_before_they_are_read() {
        assert_eq!(messages(function(0, 4, vec![assign(2, 3)])), ["$3 is read before it is assigned"]);
        assert_eq!(messages(function(0, 3, vec![assign(2, 0)])), Vec::<String>::new());
    }

    #[test]
    fn a_scan_can_read_what_an_earlier_element_left() {
        let body = Block {
            label: Label(1),
            stmts: vec![Stmt { kind: assign(2, 5), span: None }, Stmt { kind: assign(5, 4), span: None }],
        };
        let scan = StmtKind::Scan { source: Local::INPUT.into(), key: Local(3), value: Local(4), body };
        assert_eq!(messages(function(0, 6, vec![scan])), Vec::<String>::new());
    }

    #[test]
    fn ids_are_in_range() {
        let constant = StmtKind::Assign { target: Local(2), source: ConstId(7).into() };
        assert_eq!(messages(function(0, 3, vec![constant])), ["there is no constant c7"]);
        let call = StmtKind::Call { function: FuncId(7), args: Vec::new(), target: Local(9) };
        assert_eq!(messages(function(0, 3, vec![call])), ["there is no function f7", "there is no local $9"]);
    }

    #[test]
    fn arities_fit() {
        let call = StmtKind::CallBuiltin { builtin: BuiltinId(0), args: vec![ConstId(0).into()], target: Local(2) };
        assert_eq!(messages(function(0, 3, vec![call])), ["plus takes 2 arguments and is given 1"]);
    }

    #[test]
    fn labels_are_unique_and_left_from_inside() {
        let inner = StmtKind::Block(Block { label: Label(0), stmts: Vec::new() });
        assert_eq!(messages(function(0, 3, vec![inner])), ["L0 is there twice"]);
        assert_eq!(messages(function(0, 3, vec![StmtKind::Break(Label(4))])), ["L4 is left from outside"]);
    }

    #[test]
    fn cases_are_in_order() {
        let block = |label| Block { label: Label(label), stmts: Vec::new() };
        let cases = vec![(ConstId(0), block(1)), (ConstId(1), block(2))];
        let switch = StmtKind::Switch { on: Local::INPUT.into(), cases, default: None };
        assert_eq!(messages(function(0, 3, vec![switch])), ["the cases of a switch are not in order"]);
    }

    #[test]
    fn only_functions_without_parameters_keep_values() {
        let memoized = Function { memoize: true, kind: FunctionKind::Entrypoint, ..function(1, 3, Vec::new()) };
        let messages = messages(memoized);
        assert!(messages.contains(&"a function with parameters is memoized".to_owned()), "{messages:?}");
        assert!(messages.contains(&"f0 of the entrypoint `e` is no entrypoint function".to_owned()), "{messages:?}");
    }
}
