//! Writes a [`Program`] as OPA's own plan, the `plan.json` that `opa build -t plan` writes
//! (<https://www.openpolicyagent.org/docs/ir>), for whoever runs plans: OPA's schema of it accepts what is written here.
//!
//! Takes the plan as the planner made it, with whole functions: parts of functions grow their caller's collections, which engines with
//! values of their own need not see. Decides nothing about meaning. What OPA has no statement for is said in several:
//! * Constants other than strings and booleans are made where they are used.
//! * A switch is a list of comparisons; each case leaves it at its end.
//! * A scan skips what is undefined, so it stands in a block behind a test.
//! * Nothing can be tried that may end the evaluation: what is looked up in rules that may fail is made for each look-up.
//! * A result set is not a value: an entrypoint adds to the one that belongs to the evaluation.

use std::borrow::Cow;

use regoc_abi::builtins::find;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use super::attempts::{attempts, drop_attempts};
use super::ir::{
    Block, Builtin, ConstId, Constant, FuncId, Function, FunctionKind, Label, Local, Operand, Program, Stmt, StmtKind,
    TypeTest,
};
use crate::capabilities::BuiltinType;
use crate::index::{Id as _, IndexVec};
use crate::source::{SourceSet, Span};

/// Writes a plan. `sources` are the texts that its spans point into.
///
/// # Errors
/// When a statement has no form in OPA's plans: a call through a table (only plans of OPA's hold such), a path of a `with` that is not of
/// strings, a test for a string (only passes make such).
pub fn write_plan(program: &Program, sources: &SourceSet) -> Result<Value, String> {
    let attempts = attempts(program, |_| true);
    let mut program = Cow::Borrowed(program);
    if !attempts.is_empty() {
        drop_attempts(program.to_mut(), &attempts);
    }
    let mut writer = Writer::new(&program, sources);
    let mut functions = Vec::new();
    for (id, function) in program.functions.enumerate() {
        if !matches!(function.kind, FunctionKind::Entrypoint | FunctionKind::Attempt) {
            functions.push(writer.function(id, function)?);
        }
    }
    let mut plans = Vec::new();
    for entrypoint in &program.entrypoints {
        let blocks = writer.body(&program.functions[entrypoint.function])?;
        plans.push(json!({"name": entrypoint.name, "blocks": blocks}));
    }
    let texts = |texts: Vec<String>| texts.into_iter().map(|text| json!({"value": text})).collect::<Vec<_>>();
    Ok(json!({
        "static": {
            "strings": texts(writer.strings),
            "builtin_funcs": program.builtins.iter().map(builtin).collect::<Vec<_>>(),
            "files": texts(sources.iter().map(|(_, source)| source.name.clone()).collect()),
        },
        "plans": {"plans": plans},
        "funcs": {"funcs": functions},
    }))
}

/// A builtin with its declaration, as in a capabilities file.
fn builtin(builtin: &Builtin) -> Value {
    let known = find(&builtin.name);
    let args: Vec<Value> = match known {
        Some(known) if known.params.len() == builtin.arity => {
            known.params.iter().map(|param| type_json(&param.into())).collect()
        }
        _ => vec![json!({"type": "any"}); builtin.arity],
    };
    let mut declaration = json!({"args": args, "type": "function"});
    if builtin.has_result {
        let result = known.and_then(|known| known.result.as_ref());
        declaration["result"] = result.map_or_else(|| json!({"type": "any"}), |result| type_json(&result.into()));
    }
    json!({"name": &*builtin.name, "decl": declaration})
}

/// A type as OPA's capabilities file writes it.
fn type_json(ty: &BuiltinType) -> Value {
    match ty {
        BuiltinType::Any => json!({"type": "any"}),
        BuiltinType::Null => json!({"type": "null"}),
        BuiltinType::Boolean => json!({"type": "boolean"}),
        BuiltinType::Number => json!({"type": "number"}),
        BuiltinType::String => json!({"type": "string"}),
        BuiltinType::Union(of) => json!({"type": "any", "of": of.iter().map(type_json).collect::<Vec<_>>()}),
        BuiltinType::Set(of) => json!({"type": "set", "of": type_json(of)}),
        BuiltinType::Array(fixed, rest) => {
            let mut array = json!({"type": "array"});
            if !fixed.is_empty() {
                array["static"] = fixed.iter().map(type_json).collect();
            }
            if let Some(rest) = rest {
                array["dynamic"] = type_json(rest);
            }
            array
        }
        BuiltinType::Object(fixed, rest) => {
            let mut object = json!({"type": "object"});
            if !fixed.is_empty() {
                object["static"] =
                    fixed.iter().map(|(key, ty)| json!({"key": &**key, "value": type_json(ty)})).collect();
            }
            if let Some(rest) = rest {
                object["dynamic"] = json!({"key": type_json(&rest.0), "value": type_json(&rest.1)});
            }
            object
        }
    }
}

/// The whole document while it is written.
struct Writer<'p> {
    program: &'p Program,
    sources: &'p SourceSet,
    /// The names of the functions, each once: OPA numbers functions of one name in front.
    names: IndexVec<FuncId, String>,
    strings: Vec<String>,
    string_ids: FxHashMap<String, usize>,
}

impl<'p> Writer<'p> {
    fn new(program: &'p Program, sources: &'p SourceSet) -> Self {
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        let names = program.functions.iter().map(|function| {
            let count = counts.entry(&function.name).or_default();
            *count += 1;
            format!("g{}.{}", *count - 1, function.name)
        });
        let names = names.collect();
        Self { program, sources, names, strings: Vec::new(), string_ids: FxHashMap::default() }
    }

    fn string(&mut self, text: &str) -> usize {
        if let Some(id) = self.string_ids.get(text) {
            return *id;
        }
        let id = self.strings.len();
        self.strings.push(text.to_owned());
        self.string_ids.insert(text.to_owned(), id);
        id
    }

    fn function(&mut self, id: FuncId, function: &'p Function) -> Result<Value, String> {
        let mut blocks = self.body(function)?;
        let last = with_place(json!({"source": function.result.index()}), None, self.sources);
        blocks.push(json!({"stmts": [{"type": "ReturnLocalStmt", "stmt": last}]}));
        let params: Vec<u32> = (0..function.params + 2).collect();
        let name = &self.names[id];
        Ok(json!({"name": name, "params": params, "return": function.result.index(), "blocks": blocks}))
    }

    fn body(&mut self, function: &'p Function) -> Result<Vec<Value>, String> {
        let result_set = (function.kind == FunctionKind::Entrypoint).then_some(function.result);
        let (next_local, enclosing) = (function.locals, Vec::new());
        let mut body = BodyWriter { writer: self, next_local, enclosing, result_set, span: None };
        Ok(vec![body.block(&function.body)?])
    }
}

/// Adds the place that every statement has.
fn with_place(mut fields: Value, span: Option<Span>, sources: &SourceSet) -> Value {
    let (mut file, mut row, mut col, mut end_row, mut end_col) = (0, 0, 0, 0, 0);
    if let Some(span) = span {
        let source = sources.get(span.file);
        let (start, last) = (source.position(span.start), source.position(span.end.saturating_sub(1).max(span.start)));
        (file, row, col, end_row, end_col) = (span.file.index(), start.row, start.col, last.row, last.col + 1);
    }
    fields["file"] = file.into();
    fields["row"] = row.into();
    fields["col"] = col.into();
    fields["end_row"] = end_row.into();
    fields["end_col"] = end_col.into();
    fields
}

/// One function while it is written.
struct BodyWriter<'w, 'p> {
    writer: &'w mut Writer<'p>,
    /// The next local that nothing uses.
    next_local: u32,
    /// The blocks around the statement that is written, the outermost first; those made here have no label.
    enclosing: Vec<Option<Label>>,
    /// In an entrypoint, the local that holds the result set.
    result_set: Option<Local>,
    /// The place of the statement that is written.
    span: Option<Span>,
}

/// The statements of a block.
type Stmts = Vec<Value>;

impl<'p> BodyWriter<'_, 'p> {
    fn block(&mut self, block: &'p Block) -> Result<Value, String> {
        self.nested(Some(block.label), |writer, out| block.stmts.iter().try_for_each(|stmt| writer.stmt(stmt, out)))
    }

    fn nested(
        &mut self,
        label: Option<Label>,
        write: impl FnOnce(&mut Self, &mut Stmts) -> Result<(), String>,
    ) -> Result<Value, String> {
        self.enclosing.push(label);
        let mut stmts = Vec::new();
        write(self, &mut stmts)?;
        self.enclosing.pop();
        Ok(json!({"stmts": stmts}))
    }

    /// A block without a label as a statement.
    fn nested_stmt(
        &mut self,
        out: &mut Stmts,
        write: impl FnOnce(&mut Self, &mut Stmts) -> Result<(), String>,
    ) -> Result<(), String> {
        let block = self.nested(None, write)?;
        self.push(out, "BlockStmt", json!({"blocks": [block]}));
        Ok(())
    }

    fn push(&self, out: &mut Stmts, kind: &str, fields: Value) {
        let fields = with_place(fields, self.span, self.writer.sources);
        out.push(json!({"type": kind, "stmt": fields}));
    }

    fn fresh(&mut self) -> u32 {
        self.next_local += 1;
        self.next_local - 1
    }

    /// An operand, with the statements in front that make its constant.
    fn operand(&mut self, operand: Operand, out: &mut Stmts) -> Value {
        match operand {
            Operand::Local(local) => local_operand(local.index()),
            Operand::Const(id) => self.constant(&self.writer.program.constants[id], out),
        }
    }

    /// The same in a local.
    fn in_local(&mut self, operand: Operand, out: &mut Stmts) -> Value {
        let operand = self.operand(operand, out);
        if operand["type"] == "local" {
            return operand["value"].clone();
        }
        let target = self.fresh();
        self.push(out, "AssignVarStmt", json!({"source": operand, "target": target}));
        target.into()
    }

    fn constant(&mut self, constant: &'p Constant, out: &mut Stmts) -> Value {
        let make = |writer: &mut Self, out: &mut Stmts, kind: &str, mut fields: Map<String, Value>| {
            let target = writer.fresh();
            fields.insert("target".to_owned(), target.into());
            writer.push(out, kind, Value::Object(fields));
            target
        };
        let target = match constant {
            Constant::String(text) => return json!({"type": "string_index", "value": self.writer.string(text)}),
            Constant::Boolean(value) => return json!({"type": "bool", "value": value}),
            Constant::Null => make(self, out, "MakeNullStmt", Map::new()),
            Constant::Number(text) => {
                let index = Value::from(self.writer.string(text));
                // OPA writes both names.
                let fields = [("Index".to_owned(), index.clone()), ("index".to_owned(), index)];
                make(self, out, "MakeNumberRefStmt", fields.into_iter().collect())
            }
            Constant::Array(elements) => {
                let capacity = [("capacity".to_owned(), elements.len().into())].into_iter().collect();
                let array = make(self, out, "MakeArrayStmt", capacity);
                for element in elements {
                    let value = self.constant(element, out);
                    self.push(out, "ArrayAppendStmt", json!({"array": array, "value": value}));
                }
                array
            }
            Constant::Set(elements) => {
                let set = make(self, out, "MakeSetStmt", Map::new());
                for element in elements {
                    let value = self.constant(element, out);
                    self.push(out, "SetAddStmt", json!({"set": set, "value": value}));
                }
                set
            }
            Constant::Object(entries) => {
                let object = make(self, out, "MakeObjectStmt", Map::new());
                for (key, value) in entries {
                    let (key, value) = (self.constant(key, out), self.constant(value, out));
                    self.push(out, "ObjectInsertStmt", json!({"object": object, "key": key, "value": value}));
                }
                object
            }
        };
        local_operand(target as usize)
    }

    fn stmt(&mut self, stmt: &'p Stmt, out: &mut Stmts) -> Result<(), String> {
        let outer = self.span;
        self.span = stmt.span.or(outer);
        match &stmt.kind {
            StmtKind::Block(_)
            | StmtKind::Rule { .. }
            | StmtKind::Break(_)
            | StmtKind::Not(_)
            | StmtKind::Scan { .. }
            | StmtKind::With { .. }
            | StmtKind::Switch { .. } => self.control(&stmt.kind, out)?,
            StmtKind::Call { .. } | StmtKind::CallBuiltin { .. } | StmtKind::CallDynamic { .. } => {
                self.call(&stmt.kind, out)?;
            }
            StmtKind::MakeArray { .. }
            | StmtKind::MakeObject { .. }
            | StmtKind::MakeSet { .. }
            | StmtKind::ArrayAppend { .. }
            | StmtKind::SetAdd { .. }
            | StmtKind::ObjectInsert { .. }
            | StmtKind::ObjectInsertOnce { .. }
            | StmtKind::ObjectMerge { .. }
            | StmtKind::ObjectDefault { .. }
            | StmtKind::ResultSet { .. } => self.collection(&stmt.kind, out)?,
            simple => self.simple(simple, out)?,
        }
        self.span = outer;
        Ok(())
    }

    fn simple(&mut self, kind: &'p StmtKind, out: &mut Stmts) -> Result<(), String> {
        let (name, fields) = match kind {
            StmtKind::Assign { target, source } => {
                ("AssignVarStmt", json!({"source": self.operand(*source, out), "target": target.index()}))
            }
            StmtKind::AssignOnce { target, source } => {
                ("AssignVarOnceStmt", json!({"source": self.operand(*source, out), "target": target.index()}))
            }
            StmtKind::Reset { target } => ("ResetLocalStmt", json!({"target": target.index()})),
            StmtKind::Dot { source, key, target } => {
                let (source, key) = (self.operand(*source, out), self.operand(*key, out));
                ("DotStmt", json!({"source": source, "key": key, "target": target.index()}))
            }
            StmtKind::Equal(a, b) | StmtKind::NotEqual(a, b) => {
                let name = if matches!(kind, StmtKind::Equal(..)) { "EqualStmt" } else { "NotEqualStmt" };
                (name, json!({"a": self.operand(*a, out), "b": self.operand(*b, out)}))
            }
            StmtKind::IsType { source, test } => {
                let name = match test {
                    TypeTest::Array => "IsArrayStmt",
                    TypeTest::Object => "IsObjectStmt",
                    TypeTest::Set => "IsSetStmt",
                    TypeTest::String => return Err("a test for a string".to_owned()),
                };
                (name, json!({"source": self.operand(*source, out)}))
            }
            StmtKind::IsDefined(local) => ("IsDefinedStmt", json!({"source": local.index()})),
            StmtKind::IsUndefined(local) => ("IsUndefinedStmt", json!({"source": local.index()})),
            StmtKind::Len { source, target } => {
                ("LenStmt", json!({"source": self.operand(*source, out), "target": target.index()}))
            }
            // What is left out is not looked for in OPA's plans.
            StmtKind::Select { source, target, .. } => {
                ("AssignVarStmt", json!({"source": self.operand(*source, out), "target": target.index()}))
            }
            other => return Err(format!("no statement of OPA's plans says {other:?}")),
        };
        self.push(out, name, fields);
        Ok(())
    }

    fn collection(&mut self, kind: &'p StmtKind, out: &mut Stmts) -> Result<(), String> {
        let (name, fields) = match kind {
            // The result set is there from the beginning.
            StmtKind::MakeArray { target, .. } | StmtKind::MakeSet { target } if Some(*target) == self.result_set => {
                return Ok(());
            }
            StmtKind::ArrayAppend { array: set, value } | StmtKind::SetAdd { set, value }
                if Some(*set) == self.result_set =>
            {
                ("ResultSetAddStmt", json!({"value": self.in_local(*value, out)}))
            }
            StmtKind::MakeArray { target, capacity } => {
                ("MakeArrayStmt", json!({"capacity": capacity, "target": target.index()}))
            }
            StmtKind::MakeObject { target } => ("MakeObjectStmt", json!({"target": target.index()})),
            StmtKind::MakeSet { target } => ("MakeSetStmt", json!({"target": target.index()})),
            StmtKind::ArrayAppend { array, value } => {
                ("ArrayAppendStmt", json!({"array": array.index(), "value": self.operand(*value, out)}))
            }
            StmtKind::SetAdd { set, value } => {
                ("SetAddStmt", json!({"set": set.index(), "value": self.operand(*value, out)}))
            }
            StmtKind::ObjectInsert { object, key, value } | StmtKind::ObjectInsertOnce { object, key, value } => {
                let once = matches!(kind, StmtKind::ObjectInsertOnce { .. });
                let (key, value) = (self.operand(*key, out), self.operand(*value, out));
                let name = if once { "ObjectInsertOnceStmt" } else { "ObjectInsertStmt" };
                (name, json!({"object": object.index(), "key": key, "value": value}))
            }
            StmtKind::ObjectMerge { a, b, target } => {
                ("ObjectMergeStmt", json!({"a": a.index(), "b": b.index(), "target": target.index()}))
            }
            StmtKind::ObjectDefault { object, key, value, target } => {
                // The value is no object, so that nothing is merged inside of it.
                let below = self.object_of(*key, *value, out);
                ("ObjectMergeStmt", json!({"a": object.index(), "b": below, "target": target.index()}))
            }
            StmtKind::ResultSet { key, value, .. } => {
                return self.nested_stmt(out, |writer, out| {
                    writer.push(out, "IsDefinedStmt", json!({"source": value.index()}));
                    let object = writer.object_of(*key, (*value).into(), out);
                    writer.push(out, "ResultSetAddStmt", json!({"value": object}));
                    Ok(())
                });
            }
            other => return Err(format!("no collection is made by {other:?}")),
        };
        self.push(out, name, fields);
        Ok(())
    }

    /// Makes an object of one key.
    fn object_of(&mut self, key: Operand, value: Operand, out: &mut Stmts) -> u32 {
        let object = self.fresh();
        self.push(out, "MakeObjectStmt", json!({"target": object}));
        let (key, value) = (self.operand(key, out), self.operand(value, out));
        self.push(out, "ObjectInsertStmt", json!({"object": object, "key": key, "value": value}));
        object
    }

    fn call(&mut self, kind: &'p StmtKind, out: &mut Stmts) -> Result<(), String> {
        let (name, args, target, documents) = match kind {
            StmtKind::Call { function, args, target } => (self.writer.names[*function].clone(), args, target, true),
            StmtKind::CallBuiltin { builtin, args, target } => {
                (self.writer.program.builtins[*builtin].name.to_string(), args, target, false)
            }
            other => return Err(format!("a plan of OPA's was to be written again: {other:?}")),
        };
        let mut operands = Vec::new();
        if documents {
            operands.extend([Local::INPUT, Local::DATA].map(|local| local_operand(local.index())));
        }
        for arg in args {
            operands.push(self.operand(*arg, out));
        }
        self.push(out, "CallStmt", json!({"func": name, "args": operands, "result": target.index()}));
        Ok(())
    }

    fn control(&mut self, kind: &'p StmtKind, out: &mut Stmts) -> Result<(), String> {
        match kind {
            StmtKind::Block(body) | StmtKind::Rule { body, .. } => {
                let block = self.block(body)?;
                self.push(out, "BlockStmt", json!({"blocks": [block]}));
            }
            StmtKind::Break(label) => self.leave(*label, out)?,
            StmtKind::Not(body) => {
                let block = self.block(body)?;
                self.push(out, "NotStmt", json!({"block": block}));
            }
            StmtKind::Scan { source, key, value, body } => self.scan(*source, *key, *value, body, out)?,
            StmtKind::With { document, path, value, body } => {
                let path = path.iter().map(|step| self.path_step(*step)).collect::<Result<Vec<_>, _>>()?;
                let value = self.operand(*value, out);
                let block = self.block(body)?;
                let fields = json!({"local": document.index(), "path": path, "value": value, "block": block});
                self.push(out, "WithStmt", fields);
            }
            StmtKind::Switch { on, cases, default } => self.switch(*on, cases, default.as_ref(), out)?,
            other => return Err(format!("{other:?} is no control statement")),
        }
        Ok(())
    }

    /// `br`: how many blocks around the innermost one are left with it.
    fn leave(&mut self, label: Label, out: &mut Stmts) -> Result<(), String> {
        let blocks = self.enclosing.iter().rev().position(|around| *around == Some(label));
        let blocks = blocks.ok_or_else(|| format!("no block {label} is around its break"))?;
        self.push(out, "BreakStmt", json!({"index": blocks}));
        Ok(())
    }

    fn path_step(&mut self, step: ConstId) -> Result<usize, String> {
        match &self.writer.program.constants[step] {
            Constant::String(text) => Ok(self.writer.string(text)),
            other => Err(format!("a path of `with` holds {}", super::print::print_constant(other))),
        }
    }

    fn scan(
        &mut self,
        source: Operand,
        key: Local,
        value: Local,
        body: &'p Block,
        out: &mut Stmts,
    ) -> Result<(), String> {
        self.nested_stmt(out, |writer, out| {
            let source = writer.in_local(source, out);
            writer.push(out, "IsDefinedStmt", json!({"source": source}));
            let block = writer.block(body)?;
            let fields = json!({"source": source, "key": key.index(), "value": value.index(), "block": block});
            writer.push(out, "ScanStmt", fields);
            Ok(())
        })
    }

    fn switch(
        &mut self,
        on: Operand,
        cases: &'p [(ConstId, Block)],
        default: Option<&'p Block>,
        out: &mut Stmts,
    ) -> Result<(), String> {
        self.nested_stmt(out, |writer, out| {
            for (constant, body) in cases {
                writer.nested_stmt(out, |writer, out| {
                    let on = writer.in_local(on, out);
                    writer.push(out, "IsDefinedStmt", json!({"source": on}));
                    let constant = writer.operand((*constant).into(), out);
                    writer.push(out, "EqualStmt", json!({"a": {"type": "local", "value": on}, "b": constant}));
                    let block = writer.block(body)?;
                    writer.push(out, "BlockStmt", json!({"blocks": [block]}));
                    writer.push(out, "BreakStmt", json!({"index": 1}));
                    Ok(())
                })?;
            }
            if let Some(default) = default {
                let block = writer.block(default)?;
                writer.push(out, "BlockStmt", json!({"blocks": [block]}));
            }
            Ok(())
        })
    }
}

fn local_operand(local: usize) -> Value {
    json!({"type": "local", "value": local})
}
