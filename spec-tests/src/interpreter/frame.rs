//! The statements of a plan.

use std::collections::BTreeMap;

use regoc_compiler::index::Id as _;
use regoc_compiler::plan::ir::{
    Block, BuiltinId, ConstId, FuncId, FunctionKind, Label, Local, Operand, Program, Stmt, StmtKind, TableId, TypeTest,
};
use regoc_values::{Array, Object, Set, Tag, Value, equal, rt};

use super::effects::Host;
use super::{Failure, MAX_CALLS, constants};

/// How a statement or a block ended.
enum Flow {
    /// What follows is next.
    Next,
    /// A statement was undefined.
    Undefined,
    /// The block of that label is left.
    Leave(Label),
}

type Run = Result<Flow, Failure>;

/// What outlasts a call: constants, kept values, the host.
pub(super) struct Machine<'p> {
    program: &'p Program,
    constants: Vec<Value>,
    /// The values of memoized functions, undefined ones too.
    kept: BTreeMap<FuncId, Value>,
    host: Host,
    depth: usize,
}

impl<'p> Machine<'p> {
    pub(super) fn new(program: &'p Program, host: Host) -> Self {
        Self { program, constants: constants(program), kept: BTreeMap::new(), host, depth: 0 }
    }

    /// The result of a function.
    pub(super) fn call(&mut self, id: FuncId, input: Value, data: Value, args: &[Value]) -> Result<Value, Failure> {
        let program = self.program;
        let Some(function) = program.functions.get(id) else { return fault(format!("there is no function {id}")) };
        if let Some(value) = self.kept.get(&id).filter(|_| function.memoize) {
            return Ok(*value);
        }
        if self.depth >= MAX_CALLS {
            return fault(format!("{} calls itself", function.name));
        }
        self.depth += 1;
        let mut locals = vec![Value::UNDEFINED; function.locals as usize];
        for (local, value) in locals.iter_mut().zip([input, data].iter().chain(args)) {
            *local = *value;
        }
        let depth = self.depth;
        let mut frame = Frame { machine: self, locals };
        let result = match frame.block(&function.body) {
            Err(Failure::Conflict(_)) if function.kind == FunctionKind::Attempt => Value::UNDEFINED,
            ended => ended.and_then(|_| frame.local(function.result))?,
        };
        self.depth = depth - 1;
        if function.memoize {
            self.kept.insert(id, result);
        }
        Ok(result)
    }

    /// The function at a path in a table.
    fn find(&self, table: TableId, path: &[Value]) -> Option<FuncId> {
        let rows = self.program.tables.get(table).into_iter().flat_map(|table| &table.rows);
        let fits = |steps: &[ConstId]| {
            steps.len() == path.len()
                && steps
                    .iter()
                    .zip(path)
                    .all(|(step, key)| self.constants.get(step.index()).is_some_and(|it| equal(*it, *key)))
        };
        rows.into_iter().find(|(steps, _)| fits(steps)).map(|(_, function)| *function)
    }
}

fn fault<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Fault(message.into()))
}

/// A statement whose result may be undefined.
fn defined(value: Value) -> Flow {
    if value.is_undefined() { Flow::Undefined } else { Flow::Next }
}

fn when(holds: bool) -> Flow {
    if holds { Flow::Next } else { Flow::Undefined }
}

/// One call of a function.
struct Frame<'m, 'p> {
    machine: &'m mut Machine<'p>,
    locals: Vec<Value>,
}

impl<'p> Frame<'_, 'p> {
    /// Runs a block to its end. Only a jump to a block around this one is left over.
    fn block(&mut self, block: &'p Block) -> Run {
        match self.statements(block)? {
            Flow::Leave(label) if label != block.label => Ok(Flow::Leave(label)),
            Flow::Next | Flow::Undefined | Flow::Leave(_) => Ok(Flow::Next),
        }
    }

    /// Runs a block; whether it came to its end, and if not, how it ended. Leaving it by its own label is not coming to its end.
    fn guarded(&mut self, block: &'p Block) -> Run {
        match self.statements(block)? {
            Flow::Leave(label) if label == block.label => Ok(Flow::Undefined),
            flow => Ok(flow),
        }
    }

    fn statements(&mut self, block: &'p Block) -> Run {
        for stmt in &block.stmts {
            match self.stmt(stmt)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn local(&self, local: Local) -> Result<Value, Failure> {
        match self.locals.get(local.index()) {
            Some(value) => Ok(*value),
            None => fault(format!("there is no local {local}")),
        }
    }

    fn set(&mut self, local: Local, value: Value) -> Result<(), Failure> {
        match self.locals.get_mut(local.index()) {
            Some(slot) => {
                *slot = value;
                Ok(())
            }
            None => fault(format!("there is no local {local}")),
        }
    }

    /// Sets a local to what may be undefined.
    fn set_defined(&mut self, local: Local, value: Value) -> Run {
        self.set(local, value)?;
        Ok(defined(value))
    }

    /// An operand, undefined or not.
    fn operand(&self, operand: Operand) -> Result<Value, Failure> {
        match operand {
            Operand::Local(local) => self.local(local),
            Operand::Const(id) => match self.machine.constants.get(id.index()) {
                Some(value) => Ok(*value),
                None => fault(format!("there is no constant {id}")),
            },
        }
    }

    /// An operand that must be defined.
    fn read(&self, operand: Operand) -> Result<Value, Failure> {
        match self.operand(operand)?.defined() {
            Some(value) => Ok(value),
            None => fault(format!("{operand:?} is read and undefined")),
        }
    }

    fn read_all(&self, operands: &[Operand]) -> Result<Vec<Value>, Failure> {
        operands.iter().map(|operand| self.read(*operand)).collect()
    }

    fn stmt(&mut self, stmt: &'p Stmt) -> Run {
        match &stmt.kind {
            // There are no indexes here: everything is selected.
            StmtKind::Assign { target, source } | StmtKind::Select { target, source, .. } => {
                let value = self.operand(*source)?;
                self.set(*target, value)?;
                Ok(Flow::Next)
            }
            StmtKind::AssignOnce { target, source } => self.assign_once(*target, *source),
            StmtKind::Reset { target } => {
                self.set(*target, Value::UNDEFINED)?;
                Ok(Flow::Next)
            }
            StmtKind::Dot { source, key, target } => {
                let value = rt::dot(self.operand(*source)?, self.read(*key)?);
                self.set_defined(*target, value)
            }
            StmtKind::Equal(a, b) => Ok(when(equal(self.read(*a)?, self.read(*b)?))),
            StmtKind::NotEqual(a, b) => Ok(when(!equal(self.read(*a)?, self.read(*b)?))),
            StmtKind::IsType { source, test } => {
                let value = self.operand(*source)?;
                let tag = match test {
                    TypeTest::Array => Tag::Array,
                    TypeTest::Object => Tag::Object,
                    TypeTest::Set => Tag::Set,
                    TypeTest::String => Tag::String,
                };
                Ok(when(!value.is_undefined() && value.tag() == tag))
            }
            StmtKind::IsDefined(local) => Ok(defined(self.local(*local)?)),
            StmtKind::IsUndefined(local) => Ok(when(self.local(*local)?.is_undefined())),
            StmtKind::Len { source, target } => {
                let value = rt::len(self.operand(*source)?);
                self.set_defined(*target, value)
            }
            StmtKind::Break(label) => Ok(Flow::Leave(*label)),
            StmtKind::Block(body) | StmtKind::Rule { body, .. } => self.block(body),
            StmtKind::Not(body) => match self.guarded(body)? {
                Flow::Next => Ok(Flow::Undefined),
                Flow::Undefined => Ok(Flow::Next),
                leave @ Flow::Leave(_) => Ok(leave),
            },
            StmtKind::Scan { source, key, value, body } => self.scan(*source, *key, *value, body),
            StmtKind::With { document, path, value, body } => self.with(*document, path, *value, body),
            StmtKind::Switch { on, cases, default } => self.switch(*on, cases, default.as_ref()),
            StmtKind::Call { .. } | StmtKind::CallBuiltin { .. } | StmtKind::CallDynamic { .. } => {
                self.call(&stmt.kind)
            }
            collection => self.collection(collection),
        }
    }

    fn assign_once(&mut self, target: Local, source: Operand) -> Run {
        let (old, new) = (self.local(target)?, self.read(source)?);
        if !old.is_undefined() && !equal(old, new) {
            return Err(Failure::Conflict(format!("{target} is assigned two values")));
        }
        // Of two values that are equal, and may yet be written in two ways, the first stays.
        if old.is_undefined() {
            self.set(target, new)?;
        }
        Ok(Flow::Next)
    }

    /// A statement that makes a collection or changes one in place.
    fn collection(&mut self, kind: &'p StmtKind) -> Run {
        match kind {
            StmtKind::MakeArray { target, capacity } => self.set(*target, Array::new(*capacity as usize).into())?,
            StmtKind::MakeObject { target } => self.set(*target, Object::new(0).into())?,
            StmtKind::MakeSet { target } => self.set(*target, Set::new(0).into())?,
            StmtKind::ArrayAppend { array, value } => match self.local(*array)?.as_array() {
                Some(array) => array.push(self.read(*value)?),
                None => return fault(format!("{array} is no array")),
            },
            StmtKind::SetAdd { set, value } => match self.local(*set)?.as_set() {
                Some(set) => {
                    let _ = set.add(self.read(*value)?);
                }
                None => return fault(format!("{set} is no set")),
            },
            StmtKind::ObjectInsert { object, key, value } => {
                self.object(*object)?.insert(self.read(*key)?, self.read(*value)?);
            }
            StmtKind::ObjectInsertOnce { object, key, value } => {
                if !self.object(*object)?.insert_once(self.read(*key)?, self.read(*value)?) {
                    return Err(Failure::Conflict(format!("a key of {object} is given two values")));
                }
            }
            StmtKind::ObjectMerge { a, b, target } => {
                let merged = rt::object_merge(self.local(*a)?, self.local(*b)?);
                self.set(*target, merged)?;
            }
            StmtKind::ObjectDefault { object, key, value, target } => {
                let object = rt::object_default(self.local(*object)?, self.read(*key)?, self.read(*value)?);
                self.set(*target, object)?;
            }
            StmtKind::ResultSet { key, value, target } => {
                let set = rt::result_set(self.read(*key)?, self.local(*value)?);
                self.set(*target, set)?;
            }
            other => return fault(format!("no collection is made by {other:?}")),
        }
        Ok(Flow::Next)
    }

    fn object(&self, local: Local) -> Result<Object, Failure> {
        match self.local(local)?.as_object() {
            Some(object) => Ok(object),
            None => fault(format!("{local} is no object")),
        }
    }

    fn scan(&mut self, source: Operand, key: Local, value: Local, body: &'p Block) -> Run {
        let source = self.operand(source)?;
        for index in 0..rt::scan(source) {
            self.set(key, rt::scan_key(source, index))?;
            self.set(value, rt::scan_value(source, index))?;
            if let leave @ Flow::Leave(_) = self.block(body)? {
                return Ok(leave);
            }
        }
        Ok(Flow::Next)
    }

    fn with(&mut self, document: Local, path: &[ConstId], value: Operand, body: &'p Block) -> Run {
        let old = self.local(document)?;
        let value = if path.is_empty() { self.operand(value)? } else { self.read(value)? };
        let steps = Array::new(path.len());
        for step in path {
            steps.push(self.read(Operand::Const(*step))?);
        }
        let new = if path.is_empty() { value } else { rt::upsert(old, steps.into(), value) };
        let kept = std::mem::take(&mut self.machine.kept);
        self.set(document, new)?;
        let flow = self.guarded(body)?;
        self.set(document, old)?;
        self.machine.kept = kept;
        Ok(flow)
    }

    fn switch(&mut self, on: Operand, cases: &'p [(ConstId, Block)], default: Option<&'p Block>) -> Run {
        let on = self.operand(on)?;
        for (case, block) in cases {
            if !on.is_undefined() && equal(on, self.read(Operand::Const(*case))?) {
                return self.block(block);
            }
        }
        default.map_or(Ok(Flow::Next), |block| self.block(block))
    }

    fn call(&mut self, kind: &StmtKind) -> Run {
        let (input, data) = (self.local(Local::INPUT)?, self.local(Local::DATA)?);
        match kind {
            StmtKind::Call { function, args, target } => {
                // The accumulators of a part may be undefined; the validator has checked all others.
                let args = args.iter().map(|arg| self.operand(*arg)).collect::<Result<Vec<_>, _>>()?;
                let result = self.machine.call(*function, input, data, &args)?;
                self.set_defined(*target, result)
            }
            StmtKind::CallBuiltin { builtin, args, target } => self.call_builtin(*builtin, args, *target),
            StmtKind::CallDynamic { table, path, args, target, if_undefined } => {
                let (path, args) = (self.read_all(path)?, self.read_all(args)?);
                let Some(function) = self.machine.find(*table, &path) else { return Ok(Flow::Undefined) };
                let result = self.machine.call(function, input, data, &args)?;
                self.set(*target, result)?;
                Ok(if result.is_undefined() { Flow::Leave(*if_undefined) } else { Flow::Next })
            }
            other => fault(format!("no call: {other:?}")),
        }
    }

    fn call_builtin(&mut self, builtin: BuiltinId, args: &[Operand], target: Local) -> Run {
        let args = self.read_all(args)?;
        let Some(builtin) = self.machine.program.builtins.get(builtin) else {
            return fault(format!("there is no builtin {builtin}"));
        };
        let result = self.machine.host.call(builtin, &args).map_err(Failure::Fault)?;
        if builtin.has_result { self.set_defined(target, result) } else { Ok(Flow::Next) }
    }
}
