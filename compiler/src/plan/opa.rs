//! Reads OPA's own plans, the `plan.json` that `opa build -t plan` writes, into a [`Program`].
//!
//! OPA 0.40 to 1.22 are understood: `MakeNumberRefStmt` may have `index`, `Index` or both, end locations and unplanned rules may be
//! missing (<https://www.openpolicyagent.org/docs/ir>). Knows nothing of Rego's meaning beyond what that page says, and
//! repairs nothing: a plan that breaks OPA's rules is refused with the place in the document.
//!
//! What is said otherwise here than there:
//! * `BreakStmt` counts blocks; here it names the block it leaves.
//! * `CallDynamicStmt` leaves three blocks around its own when the function is there but undefined; here it names that block.
//! * `AssignIntStmt` changes a number in place; here it is an assignment, as no plan shares that number.
//! * `ResultSetAddStmt` adds to a result set that belongs to the evaluation; here an entrypoint is a function that returns its set.
//! * Constants that statements make (`MakeNullStmt`, `MakeNumberIntStmt`, `MakeNumberRefStmt`) are assignments of constants.
//!
//! Locations are rows and columns in files that are not here, so they are dropped.

use std::collections::BTreeMap;
use std::fmt;

use regoc_abi::builtins::{Placement, find};
use serde_json::Value;

use super::ir::{
    Block, Builtin, BuiltinId, ConstId, Constant, Entrypoint, FuncId, Function, FunctionKind, Label, Local, Operand,
    Program, Stmt, StmtKind, Table, TableId, TypeTest,
};
use crate::index::Id as _;
use crate::source::Name;

/// How deep blocks may nest. OPA's planner nests a few blocks for each expression of a body, all of which is bounded by how deep
/// its parser goes; the limit keeps a made-up plan from using up the stack.
const MAX_DEPTH: usize = 500;

/// The blocks that a dynamic call leaves beside its own when the function that it finds is undefined (OPA's `br 3`).
const DYNAMIC_CALL_LEAVES: usize = 3;

/// Why a document is not a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError {
    /// Where in the document, as a JSON pointer; empty for the whole.
    pub place: String,
    /// What is wrong there.
    pub message: String,
}

impl PlanError {
    fn new(message: impl Into<String>) -> Self {
        Self { place: String::new(), message: message.into() }
    }

    /// The same error, seen from the value that holds the one at `step`.
    fn within(mut self, step: impl fmt::Display) -> Self {
        self.place = format!("/{step}{}", self.place);
        self
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a plan: {}", self.message)?;
        if self.place.is_empty() { Ok(()) } else { write!(f, " (at {})", self.place) }
    }
}

impl std::error::Error for PlanError {}

type Result<T> = std::result::Result<T, PlanError>;

/// Reads a plan.
///
/// # Errors
/// When the document is not a plan: a field is missing or has another type, an index points nowhere, a name is unknown, blocks nest
/// too deep.
pub fn read_plan(json: &Value) -> Result<Program> {
    let mut reader = Reader::new(json)?;
    let functions = nested_list(json, "funcs", "funcs")?;
    for (index, function) in functions.iter().enumerate() {
        let function = reader.function(function).map_err(|error| error.within(index).within("funcs/funcs"))?;
        reader.program.functions.push(function);
    }
    for (index, plan) in nested_list(json, "plans", "plans")?.iter().enumerate() {
        reader.entrypoint(plan).map_err(|error| error.within(index).within("plans/plans"))?;
    }
    if reader.calls_by_path {
        let table = reader.table(functions)?;
        reader.program.tables.push(table);
    }
    Ok(reader.program)
}

/// The whole document while it is read.
struct Reader<'a> {
    strings: Vec<&'a str>,
    builtins: BTreeMap<&'a str, BuiltinId>,
    functions: BTreeMap<&'a str, (FuncId, usize)>,
    constants: BTreeMap<Constant, ConstId>,
    /// Whether any statement calls by path, so that the table of functions is needed.
    calls_by_path: bool,
    program: Program,
}

impl<'a> Reader<'a> {
    fn new(json: &'a Value) -> Result<Self> {
        let mut reader = Self {
            strings: Vec::new(),
            builtins: BTreeMap::new(),
            functions: BTreeMap::new(),
            constants: BTreeMap::new(),
            calls_by_path: false,
            program: Program::default(),
        };
        for (index, string) in nested_list(json, "static", "strings")?.iter().enumerate() {
            reader.strings.push(text(string, "value").map_err(|error| error.within(index).within("static/strings"))?);
        }
        for (index, builtin) in nested_list(json, "static", "builtin_funcs")?.iter().enumerate() {
            reader.builtin(builtin).map_err(|error| error.within(index).within("static/builtin_funcs"))?;
        }
        for (index, function) in nested_list(json, "funcs", "funcs")?.iter().enumerate() {
            let name = text(function, "name").map_err(|error| error.within(index).within("funcs/funcs"))?;
            let params = list(function, "params")?.len().saturating_sub(2);
            if reader.functions.insert(name, (FuncId::from_usize(index), params)).is_some() {
                return Err(PlanError::new(format!("two functions are named `{name}`")).within("funcs/funcs"));
            }
        }
        Ok(reader)
    }

    fn builtin(&mut self, json: &'a Value) -> Result<()> {
        let name = text(json, "name")?;
        let declaration = field(json, "decl")?;
        let id = self.program.builtins.push(Builtin {
            name: Name::from(name),
            arity: list(declaration, "args")?.len(),
            has_result: declaration.get("result").is_some_and(|result| !result.is_null()),
            host: find(name).is_none_or(|builtin| builtin.placement == Placement::Host),
        });
        self.builtins.insert(name, id);
        Ok(())
    }

    fn constant(&mut self, constant: Constant) -> ConstId {
        if let Some(id) = self.constants.get(&constant) {
            return *id;
        }
        let id = self.program.constants.push(constant.clone());
        self.constants.insert(constant, id);
        id
    }

    fn string(&mut self, index: i64) -> Result<ConstId> {
        let text = self.string_text(index)?;
        Ok(self.constant(Constant::String(Name::from(text))))
    }

    fn string_text(&self, index: i64) -> Result<&'a str> {
        let string = usize::try_from(index).ok().and_then(|index| self.strings.get(index));
        string.copied().ok_or_else(|| PlanError::new(format!("there is no string {index}")))
    }

    fn function(&mut self, json: &'a Value) -> Result<Function> {
        let name = text(json, "name")?;
        let params = list(json, "params")?;
        if params.len() < 2 {
            return Err(PlanError::new("a function has at least the parameters input and data").within("params"));
        }
        let mut body = BodyReader::new(self);
        for (index, param) in params.iter().enumerate() {
            body.parameter(param).map_err(|error| error.within(index).within("params"))?;
        }
        let result = body.local(integer(json, "return")?)?;
        let blocks = list(json, "blocks")?;
        let (block, result) = body.function_body(blocks, result)?;
        let locals = body.next_local;
        let params = u32::try_from(params.len() - 2).map_err(|_| PlanError::new("too many parameters"))?;
        Ok(Function {
            name: name.to_owned(),
            kind: if params == 0 { FunctionKind::Rules } else { FunctionKind::Function },
            params,
            locals,
            memoize: params == 0,
            body: block,
            result,
        })
    }

    fn entrypoint(&mut self, json: &'a Value) -> Result<()> {
        let name = text(json, "name")?;
        let mut body = BodyReader::new(self);
        body.reserve_documents();
        let result = body.fresh_local();
        body.result_set = Some(result);
        let label = body.enter()?;
        let mut stmts = vec![stmt(StmtKind::MakeSet { target: result })];
        stmts.extend(body.blocks(list(json, "blocks")?)?.into_iter().map(|block| stmt(StmtKind::Block(block))));
        let function = Function {
            name: name.to_owned(),
            kind: FunctionKind::Entrypoint,
            params: 0,
            locals: body.next_local,
            memoize: false,
            body: Block { label, stmts },
            result,
        };
        let function = self.program.functions.push(function);
        self.program.entrypoints.push(Entrypoint { name: name.to_owned(), function });
        Ok(())
    }

    /// All functions that can be called by path: those with a path and no parameters of their own.
    fn table(&mut self, functions: &'a [Value]) -> Result<Table> {
        let mut rows = BTreeMap::new();
        for (index, function) in functions.iter().enumerate() {
            let path = list(function, "path")?;
            if path.is_empty() || list(function, "params")?.len() != 2 {
                continue;
            }
            let path: Vec<&str> = path.iter().map(|step| step.as_str().unwrap_or_default()).collect();
            rows.insert(path, FuncId::from_usize(index));
        }
        let mut table = Table::default();
        for (path, function) in rows {
            let path = path.into_iter().map(|step| self.constant(Constant::String(Name::from(step)))).collect();
            table.rows.push((path, function));
        }
        Ok(table)
    }
}

/// One function while it is read.
struct BodyReader<'r, 'a> {
    reader: &'r mut Reader<'a>,
    /// The plan's locals in the order in which they were met; OPA numbers them across a whole policy.
    locals: BTreeMap<i64, Local>,
    next_local: u32,
    /// The blocks around the statement that is read, the outermost first.
    enclosing: Vec<Label>,
    next_label: u32,
    /// The result set, in an entrypoint.
    result_set: Option<Local>,
    /// Where `ReturnLocalStmt` puts its value, in a function.
    returns_to: Option<Local>,
}

impl<'r, 'a> BodyReader<'r, 'a> {
    fn new(reader: &'r mut Reader<'a>) -> Self {
        Self {
            reader,
            locals: BTreeMap::new(),
            next_local: 0,
            enclosing: Vec::new(),
            next_label: 0,
            result_set: None,
            returns_to: None,
        }
    }

    /// Gives input and data their places, as an entrypoint has no list of parameters.
    fn reserve_documents(&mut self) {
        for document in [0, 1] {
            let local = self.fresh_local();
            self.locals.insert(document, local);
        }
    }

    fn parameter(&mut self, json: &Value) -> Result<()> {
        let number = json.as_i64().ok_or_else(|| PlanError::new("not the number of a local"))?;
        let local = self.fresh_local();
        match self.locals.insert(number, local) {
            None => Ok(()),
            Some(_) => Err(PlanError::new(format!("two parameters are local {number}"))),
        }
    }

    fn local(&mut self, number: i64) -> Result<Local> {
        if number < 0 {
            return Err(PlanError::new(format!("{number} is not the number of a local")));
        }
        if let Some(local) = self.locals.get(&number) {
            return Ok(*local);
        }
        let local = self.fresh_local();
        self.locals.insert(number, local);
        Ok(local)
    }

    fn local_of(&mut self, stmt: &Value, name: &str) -> Result<Local> {
        integer(stmt, name).and_then(|number| self.local(number)).map_err(|error| error.within(name))
    }

    fn fresh_local(&mut self) -> Local {
        let local = Local(self.next_local);
        self.next_local += 1;
        local
    }

    /// Makes a label for a block and enters it; [`Self::leave`] is its end.
    fn enter(&mut self) -> Result<Label> {
        if self.enclosing.len() >= MAX_DEPTH {
            return Err(PlanError::new("blocks nest too deep"));
        }
        let label = Label(self.next_label);
        self.next_label += 1;
        self.enclosing.push(label);
        Ok(label)
    }

    fn leave(&mut self) {
        self.enclosing.pop();
    }

    /// The label of the block that leaving `blocks` blocks around the innermost one leaves. The outermost one stands for the
    /// function, which OPA cannot leave that way.
    fn enclosing(&self, blocks: usize) -> Result<Label> {
        let inside_function = self.enclosing.get(1..).unwrap_or_default();
        let label = inside_function.len().checked_sub(blocks.saturating_add(1)).and_then(|at| inside_function.get(at));
        label
            .copied()
            .ok_or_else(|| PlanError::new(format!("there are not {} blocks to leave", blocks.saturating_add(1))))
    }

    /// The body of a function, and the local that holds its result. OPA's functions end with a return of the local named in their
    /// head; then the body needs no jump.
    fn function_body(&mut self, blocks: &'a [Value], result: Local) -> Result<(Block, Local)> {
        let label = self.enter()?;
        let (last_return, blocks_before) = match blocks.split_last() {
            Some((last, before)) => (single_return(last)?, before),
            None => (None, blocks),
        };
        let ends_with_result = match last_return {
            Some(source) => self.local(source)? == result,
            None => false,
        };
        // Any other return is an assignment to a local of its own and a jump to the end of the body.
        let (returned, blocks) = if ends_with_result { (result, blocks_before) } else { (self.fresh_local(), blocks) };
        self.returns_to = Some(returned);
        let blocks = self.blocks(blocks).map_err(|error| error.within("blocks"))?;
        let stmts = blocks.into_iter().map(|block| stmt(StmtKind::Block(block))).collect();
        self.leave();
        Ok((Block { label, stmts }, returned))
    }

    fn blocks(&mut self, blocks: &'a [Value]) -> Result<Vec<Block>> {
        blocks.iter().enumerate().map(|(index, block)| self.block(block).map_err(|error| error.within(index))).collect()
    }

    fn block(&mut self, json: &'a Value) -> Result<Block> {
        let label = self.enter()?;
        let mut stmts = Vec::new();
        for (index, json) in list(json, "stmts")?.iter().enumerate() {
            self.stmt(json, &mut stmts).map_err(|error| error.within(index).within("stmts"))?;
        }
        self.leave();
        Ok(Block { label, stmts })
    }

    fn block_of(&mut self, stmt: &'a Value) -> Result<Block> {
        field(stmt, "block").and_then(|block| self.block(block)).map_err(|error| error.within("block"))
    }

    fn operand(&mut self, stmt: &Value, name: &str) -> Result<Operand> {
        field(stmt, name).and_then(|json| self.read_operand(json)).map_err(|error| error.within(name))
    }

    fn read_operand(&mut self, json: &Value) -> Result<Operand> {
        match text(json, "type")? {
            "local" => Ok(Operand::Local(self.local(integer(json, "value")?)?)),
            "string_index" => Ok(Operand::Const(self.reader.string(integer(json, "value")?)?)),
            "bool" => {
                let value =
                    field(json, "value")?.as_bool().ok_or_else(|| PlanError::new("not a boolean").within("value"))?;
                Ok(Operand::Const(self.reader.constant(Constant::Boolean(value))))
            }
            other => Err(PlanError::new(format!("unknown type of operand `{other}`"))),
        }
    }

    fn operands(&mut self, stmt: &'a Value, name: &str) -> Result<Vec<Operand>> {
        let list = list(stmt, name)?.iter().enumerate();
        list.map(|(index, json)| self.read_operand(json).map_err(|error| error.within(index).within(name))).collect()
    }

    fn stmt(&mut self, json: &'a Value, out: &mut Vec<Stmt>) -> Result<()> {
        let kind = text(json, "type")?;
        let body = field(json, "stmt")?;
        let within = |error: PlanError| error.within("stmt");
        match kind {
            "BlockStmt" => {
                let blocks = list(body, "blocks")
                    .and_then(|blocks| self.blocks(blocks))
                    .map_err(|e| e.within("blocks").within("stmt"))?;
                out.extend(blocks.into_iter().map(|block| stmt(StmtKind::Block(block))));
            }
            "ReturnLocalStmt" => self.return_local(body, out).map_err(within)?,
            "NopStmt" => {}
            _ => out.push(stmt(self.simple_stmt(kind, body).map_err(within)?)),
        }
        Ok(())
    }

    /// A statement that is one statement here too.
    fn simple_stmt(&mut self, kind: &str, body: &'a Value) -> Result<StmtKind> {
        match kind {
            "AssignIntStmt" | "MakeNullStmt" | "MakeNumberIntStmt" | "MakeNumberRefStmt" => {
                self.constant_stmt(kind, body)
            }
            "ArrayAppendStmt"
            | "ObjectInsertStmt"
            | "ObjectInsertOnceStmt"
            | "ObjectMergeStmt"
            | "SetAddStmt"
            | "ResultSetAddStmt" => self.collection_stmt(kind, body),
            "BreakStmt" | "CallStmt" | "CallDynamicStmt" | "NotStmt" | "ScanStmt" | "WithStmt" => {
                self.control_stmt(kind, body)
            }
            "AssignVarStmt" => {
                Ok(StmtKind::Assign { source: self.operand(body, "source")?, target: self.local_of(body, "target")? })
            }
            "AssignVarOnceStmt" => Ok(StmtKind::AssignOnce {
                source: self.operand(body, "source")?,
                target: self.local_of(body, "target")?,
            }),
            "DotStmt" => Ok(StmtKind::Dot {
                source: self.operand(body, "source")?,
                key: self.operand(body, "key")?,
                target: self.local_of(body, "target")?,
            }),
            "EqualStmt" => Ok(StmtKind::Equal(self.operand(body, "a")?, self.operand(body, "b")?)),
            "NotEqualStmt" => Ok(StmtKind::NotEqual(self.operand(body, "a")?, self.operand(body, "b")?)),
            "IsArrayStmt" => Ok(StmtKind::IsType { source: self.operand(body, "source")?, test: TypeTest::Array }),
            "IsObjectStmt" => Ok(StmtKind::IsType { source: self.operand(body, "source")?, test: TypeTest::Object }),
            "IsSetStmt" => Ok(StmtKind::IsType { source: self.operand(body, "source")?, test: TypeTest::Set }),
            "IsDefinedStmt" => Ok(StmtKind::IsDefined(self.local_of(body, "source")?)),
            "IsUndefinedStmt" => Ok(StmtKind::IsUndefined(self.local_of(body, "source")?)),
            "LenStmt" => {
                Ok(StmtKind::Len { source: self.operand(body, "source")?, target: self.local_of(body, "target")? })
            }
            "MakeArrayStmt" => {
                // The capacity is only a hint; OPA never writes a negative one.
                let capacity = u32::try_from(integer(body, "capacity")?).unwrap_or(0);
                Ok(StmtKind::MakeArray { target: self.local_of(body, "target")?, capacity })
            }
            "MakeObjectStmt" => Ok(StmtKind::MakeObject { target: self.local_of(body, "target")? }),
            "MakeSetStmt" => Ok(StmtKind::MakeSet { target: self.local_of(body, "target")? }),
            "ResetLocalStmt" => Ok(StmtKind::Reset { target: self.local_of(body, "target")? }),
            other => Err(PlanError::new(format!("unknown type of statement `{other}`"))),
        }
    }

    fn constant_stmt(&mut self, kind: &str, body: &Value) -> Result<StmtKind> {
        let constant = match kind {
            "MakeNullStmt" => Constant::Null,
            "MakeNumberRefStmt" => {
                let name = if body.get("index").is_some() { "index" } else { "Index" };
                let text =
                    integer(body, name).and_then(|index| self.reader.string_text(index)).map_err(|e| e.within(name))?;
                Constant::Number(Name::from(text))
            }
            _ => Constant::Number(Name::from(integer(body, "value")?.to_string().as_str())),
        };
        let source = Operand::Const(self.reader.constant(constant));
        Ok(StmtKind::Assign { target: self.local_of(body, "target")?, source })
    }

    fn collection_stmt(&mut self, kind: &str, body: &Value) -> Result<StmtKind> {
        match kind {
            "ArrayAppendStmt" => {
                Ok(StmtKind::ArrayAppend { array: self.local_of(body, "array")?, value: self.operand(body, "value")? })
            }
            "SetAddStmt" => {
                Ok(StmtKind::SetAdd { set: self.local_of(body, "set")?, value: self.operand(body, "value")? })
            }
            "ResultSetAddStmt" => match self.result_set {
                Some(set) => Ok(StmtKind::SetAdd { set, value: Operand::Local(self.local_of(body, "value")?) }),
                None => Err(PlanError::new("a function has no result set to add to")),
            },
            "ObjectMergeStmt" => Ok(StmtKind::ObjectMerge {
                a: self.local_of(body, "a")?,
                b: self.local_of(body, "b")?,
                target: self.local_of(body, "target")?,
            }),
            _ => {
                let object = self.local_of(body, "object")?;
                let (key, value) = (self.operand(body, "key")?, self.operand(body, "value")?);
                Ok(match kind {
                    "ObjectInsertOnceStmt" => StmtKind::ObjectInsertOnce { object, key, value },
                    _ => StmtKind::ObjectInsert { object, key, value },
                })
            }
        }
    }

    fn control_stmt(&mut self, kind: &str, body: &'a Value) -> Result<StmtKind> {
        match kind {
            "BreakStmt" => {
                let index = usize::try_from(integer(body, "index")?).unwrap_or(usize::MAX);
                Ok(StmtKind::Break(self.enclosing(index).map_err(|error| error.within("index"))?))
            }
            "CallStmt" => self.call(body),
            "CallDynamicStmt" => self.call_dynamic(body),
            "NotStmt" => Ok(StmtKind::Not(self.block_of(body)?)),
            "ScanStmt" => Ok(StmtKind::Scan {
                source: Operand::Local(self.local_of(body, "source")?),
                key: self.local_of(body, "key")?,
                value: self.local_of(body, "value")?,
                body: self.block_of(body)?,
            }),
            _ => self.with(body),
        }
    }

    fn call(&mut self, body: &'a Value) -> Result<StmtKind> {
        let name = text(body, "func")?;
        let mut args = self.operands(body, "args")?;
        let target = self.local_of(body, "result")?;
        if let Some((function, params)) = self.reader.functions.get(name).copied() {
            self.expect_documents(args.get(..2))?;
            args.drain(..2);
            expect_arguments(name, params, args.len())?;
            return Ok(StmtKind::Call { function, args, target });
        }
        let Some(builtin) = self.reader.builtins.get(name).copied() else {
            return Err(PlanError::new(format!("there is no function `{name}`")).within("func"));
        };
        expect_arguments(name, self.reader.program.builtins[builtin].arity, args.len())?;
        Ok(StmtKind::CallBuiltin { builtin, args, target })
    }

    fn call_dynamic(&mut self, body: &'a Value) -> Result<StmtKind> {
        let path = self.operands(body, "path")?;
        let mut args = Vec::new();
        for arg in list(body, "args")? {
            let number = arg.as_i64().ok_or_else(|| PlanError::new("not the number of a local").within("args"))?;
            args.push(Operand::Local(self.local(number)?));
        }
        self.expect_documents(args.get(..2))?;
        args.drain(..2);
        expect_arguments("a function called by path", 0, args.len())?;
        self.reader.calls_by_path = true;
        let if_undefined = self.enclosing(DYNAMIC_CALL_LEAVES)?;
        Ok(StmtKind::CallDynamic {
            table: TableId(0),
            path,
            args,
            target: self.local_of(body, "result")?,
            if_undefined,
        })
    }

    /// Here input and data go from caller to callee unsaid; OPA says them.
    fn expect_documents(&self, args: Option<&[Operand]>) -> Result<()> {
        match args {
            Some([Operand::Local(Local::INPUT), Operand::Local(Local::DATA)]) => Ok(()),
            _ => Err(PlanError::new("the first two arguments are not input and data").within("args")),
        }
    }

    fn with(&mut self, body: &'a Value) -> Result<StmtKind> {
        let document = self.local_of(body, "local")?;
        if document != Local::INPUT && document != Local::DATA {
            return Err(PlanError::new("only input and data can be replaced").within("local"));
        }
        let mut path = Vec::new();
        for step in list(body, "path")? {
            let index = step.as_i64().ok_or_else(|| PlanError::new("not the index of a string").within("path"))?;
            path.push(self.reader.string(index).map_err(|error| error.within("path"))?);
        }
        Ok(StmtKind::With { document, path, value: self.operand(body, "value")?, body: self.block_of(body)? })
    }

    fn return_local(&mut self, body: &Value, out: &mut Vec<Stmt>) -> Result<()> {
        let source = self.local_of(body, "source")?;
        let Some(target) = self.returns_to else {
            return Err(PlanError::new("a plan has nothing to return"));
        };
        let end = self.enclosing.first().copied().ok_or_else(|| PlanError::new("a return outside of a function"))?;
        if source != target {
            out.push(stmt(StmtKind::Assign { target, source: Operand::Local(source) }));
        }
        out.push(stmt(StmtKind::Break(end)));
        Ok(())
    }
}

fn stmt(kind: StmtKind) -> Stmt {
    Stmt { kind, span: None }
}

/// The local that a block returns if that is all it does.
fn single_return(block: &Value) -> Result<Option<i64>> {
    match list(block, "stmts")? {
        [only] if text(only, "type")? == "ReturnLocalStmt" => integer(field(only, "stmt")?, "source").map(Some),
        _ => Ok(None),
    }
}

fn expect_arguments(name: &str, want: usize, have: usize) -> Result<()> {
    if want == have {
        Ok(())
    } else {
        Err(PlanError::new(format!("`{name}` takes {want} arguments, not {have}")).within("args"))
    }
}

fn field<'a>(object: &'a Value, name: &str) -> Result<&'a Value> {
    object.get(name).ok_or_else(|| PlanError::new(format!("the field `{name}` is missing")))
}

fn text<'a>(object: &'a Value, name: &str) -> Result<&'a str> {
    field(object, name)?.as_str().ok_or_else(|| PlanError::new("not a string").within(name))
}

fn integer(object: &Value, name: &str) -> Result<i64> {
    field(object, name)?.as_i64().ok_or_else(|| PlanError::new("not an integer").within(name))
}

/// A field that is a list; Go writes an empty one as `null` or not at all.
fn list<'a>(object: &'a Value, name: &str) -> Result<&'a [Value]> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(PlanError::new("not a list").within(name)),
    }
}

/// A list inside of a section that may be missing.
fn nested_list<'a>(object: &'a Value, section: &str, name: &str) -> Result<&'a [Value]> {
    match object.get(section) {
        None | Some(Value::Null) => Ok(&[]),
        Some(section_value) => list(section_value, name).map_err(|error| error.within(section)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::plan::print::print;
    use crate::plan::validate::validate;

    fn plan(strings: &[&str], stmts: Value) -> Value {
        let strings: Vec<Value> = strings.iter().map(|text| json!({"value": text})).collect();
        json!({"static": {"strings": strings}, "plans": {"plans": [{"name": "eval", "blocks": [{"stmts": stmts}]}]}})
    }

    #[test]
    fn numbers_have_either_name_of_their_index() {
        for name in ["index", "Index"] {
            let number = json!([
                {"type": "MakeNumberRefStmt", "stmt": {name: 0, "target": 7}},
                {"type": "ResultSetAddStmt", "stmt": {"value": 7}},
            ]);
            let program = read_plan(&plan(&["1.50"], number)).expect("a plan");
            assert_eq!(validate(&program), Ok(()));
            let text = print(&program);
            assert!(text.contains("$3 = 1.50\n        add $2, $3"), "{text}");
        }
    }

    #[test]
    fn breaks_name_their_block() {
        let inner = json!({"stmts": [{"type": "BreakStmt", "stmt": {"index": 1}}]});
        let outer = json!([{"type": "BlockStmt", "stmt": {"blocks": [inner]}}]);
        let text = print(&read_plan(&plan(&[], outer)).expect("a plan"));
        assert!(text.contains("L2:\n            break L1"), "{text}");
        let outside = json!([{"type": "BreakStmt", "stmt": {"index": 1}}]);
        let error = read_plan(&plan(&[], outside)).expect_err("no block to leave");
        assert_eq!(error.place, "/plans/plans/0/0/stmts/0/stmt/index");
    }

    #[test]
    fn faults_have_a_place() {
        let unknown = json!([{"type": "JumpStmt", "stmt": {}}]);
        let error = read_plan(&plan(&[], unknown)).expect_err("an unknown statement");
        assert_eq!(
            error.to_string(),
            "not a plan: unknown type of statement `JumpStmt` (at /plans/plans/0/0/stmts/0/stmt)"
        );
        let far = json!([{"type": "MakeNumberRefStmt", "stmt": {"index": 3, "target": 2}}]);
        assert!(read_plan(&plan(&[], far)).is_err());
    }

    #[test]
    fn blocks_that_nest_too_deep_are_refused() {
        // Built inside out by moves: `json!` would serialize what is inside again at each step.
        let object = |name: &str, value: Value| Value::Object(std::iter::once((name.to_owned(), value)).collect());
        let mut blocks = Value::Array(Vec::new());
        for _ in 0..MAX_DEPTH + 1 {
            let mut stmt = object("type", "BlockStmt".into());
            stmt["stmt"] = object("blocks", blocks);
            blocks = Value::Array(vec![object("stmts", Value::Array(vec![stmt]))]);
        }
        let plan = object(
            "plans",
            object(
                "plans",
                Value::Array(vec![{
                    let mut plan = object("name", "eval".into());
                    plan["blocks"] = blocks;
                    plan
                }]),
            ),
        );
        let error = read_plan(&plan).expect_err("too deep");
        assert_eq!(error.message, "blocks nest too deep");
    }
}
