//! The plan as text, to read and to compare: the same plan gives the same text, one statement to a line.
//!
//! Small constants stand where they are used; ids stand for all else. The text is for people and snapshots; nothing reads it back.

use std::fmt::{self, Write as _};

use super::ir::{Block, ConstId, Constant, Function, FunctionKind, Local, Operand, Program, Stmt, StmtKind, TypeTest};

/// The longest text of a constant that is written where it is used.
const INLINE: usize = 40;

/// The text of a whole plan.
#[must_use]
pub fn print(program: &Program) -> String {
    let mut printer = Printer { program, out: String::new(), indent: 0 };
    // Writing to a string cannot fail.
    let _ = printer.program();
    printer.out
}

/// The text of a constant in Rego's notation.
#[must_use]
pub fn print_constant(constant: &Constant) -> String {
    let mut out = String::new();
    let _ = write_constant(&mut out, constant);
    out
}

struct Printer<'p> {
    program: &'p Program,
    out: String,
    indent: usize,
}

impl Printer<'_> {
    fn line(&mut self, text: fmt::Arguments<'_>) -> fmt::Result {
        for _ in 0..self.indent {
            self.out.push_str("  ");
        }
        self.out.write_fmt(text)?;
        self.out.push('\n');
        Ok(())
    }

    fn program(&mut self) -> fmt::Result {
        for (id, constant) in self.program.constants.enumerate() {
            let text = print_constant(constant);
            if text.len() > INLINE {
                self.line(format_args!("constant {id} = {text}"))?;
            }
        }
        for (id, builtin) in self.program.builtins.enumerate() {
            let host = if builtin.host { " host" } else { "" };
            let result = if builtin.has_result { "" } else { " no-result" };
            self.line(format_args!("builtin {id} = {}/{}{host}{result}", builtin.name, builtin.arity))?;
        }
        for (id, rule) in self.program.rules.enumerate() {
            match rule.span {
                Some(span) => self.line(format_args!("rule {id} = {} {span:?}", rule.path))?,
                None => self.line(format_args!("rule {id} = {}", rule.path))?,
            }
        }
        for (id, table) in self.program.tables.enumerate() {
            self.line(format_args!("table {id}"))?;
            for (path, function) in &table.rows {
                let path: Vec<String> = path.iter().map(|step| self.constant(*step)).collect();
                self.line(format_args!("  {} -> {function}", path.join(" ")))?;
            }
        }
        for entrypoint in &self.program.entrypoints {
            self.line(format_args!("entrypoint {:?} = {}", entrypoint.name, entrypoint.function))?;
        }
        for (id, function) in self.program.functions.enumerate() {
            self.out.push('\n');
            self.function(id, function)?;
        }
        Ok(())
    }

    fn function(&mut self, id: super::ir::FuncId, function: &Function) -> fmt::Result {
        let kind = match function.kind {
            FunctionKind::Entrypoint => "entrypoint",
            FunctionKind::Rules => "rules",
            FunctionKind::Function => "function",
            FunctionKind::Extent => "extent",
            FunctionKind::Lookup | FunctionKind::Storage => "lookup",
            FunctionKind::Part => "part",
            FunctionKind::Attempt => "attempt",
        };
        let params: Vec<String> =
            (2..function.params.saturating_add(2)).map(|param| Local(param).to_string()).collect();
        let memoize = if function.memoize { " memoized" } else { "" };
        self.line(format_args!(
            "{kind} {id} {}({}) -> {}{memoize}, {} locals",
            function.name,
            params.join(", "),
            function.result,
            function.locals
        ))?;
        self.block(&function.body)
    }

    fn block(&mut self, block: &Block) -> fmt::Result {
        self.indent += 1;
        let label = block.label;
        self.line(format_args!("{label}:"))?;
        self.indent += 1;
        for stmt in &block.stmts {
            self.stmt(stmt)?;
        }
        self.indent -= 2;
        Ok(())
    }

    fn constant(&self, id: ConstId) -> String {
        match self.program.constants.get(id).map(print_constant) {
            Some(text) if text.len() <= INLINE => text,
            _ => id.to_string(),
        }
    }

    fn operand(&self, operand: Operand) -> String {
        match operand {
            Operand::Local(local) => local.to_string(),
            Operand::Const(id) => self.constant(id),
        }
    }

    fn operands(&self, operands: &[Operand]) -> String {
        operands.iter().map(|operand| self.operand(*operand)).collect::<Vec<_>>().join(", ")
    }

    fn stmt(&mut self, stmt: &Stmt) -> fmt::Result {
        match &stmt.kind {
            StmtKind::Block(body) => {
                self.line(format_args!("block"))?;
                self.block(body)
            }
            StmtKind::Rule { rule, body } => {
                self.line(format_args!("rule {rule}"))?;
                self.block(body)
            }
            StmtKind::Not(body) => {
                self.line(format_args!("not"))?;
                self.block(body)
            }
            StmtKind::Scan { source, key, value, body } => {
                self.line(format_args!("scan {} as {key}, {value}", self.operand(*source)))?;
                self.block(body)
            }
            StmtKind::With { document, path, value, body } => {
                let path: String = path.iter().map(|step| format!("[{}]", self.constant(*step))).collect();
                self.line(format_args!("with {document}{path} = {}", self.operand(*value)))?;
                self.block(body)
            }
            StmtKind::Switch { on, cases, default } => {
                self.line(format_args!("switch {}", self.operand(*on)))?;
                for (constant, block) in cases {
                    self.line(format_args!("case {}", self.constant(*constant)))?;
                    self.block(block)?;
                }
                if let Some(block) = default {
                    self.line(format_args!("default"))?;
                    self.block(block)?;
                }
                Ok(())
            }
            simple => {
                let text = self.simple(simple);
                self.line(format_args!("{text}"))
            }
        }
    }

    /// A statement without a block.
    fn simple(&self, kind: &StmtKind) -> String {
        let operand = |operand: &Operand| self.operand(*operand);
        match kind {
            StmtKind::Assign { target, source } => format!("{target} = {}", operand(source)),
            StmtKind::AssignOnce { target, source } => format!("{target} = once {}", operand(source)),
            StmtKind::Reset { target } => format!("{target} = undefined"),
            StmtKind::Dot { source, key, target } => format!("{target} = {}[{}]", operand(source), operand(key)),
            StmtKind::Equal(a, b) => format!("equal {}, {}", operand(a), operand(b)),
            StmtKind::NotEqual(a, b) => format!("not-equal {}, {}", operand(a), operand(b)),
            StmtKind::IsType { source, test: TypeTest::Array } => format!("is-array {}", operand(source)),
            StmtKind::IsType { source, test: TypeTest::Object } => format!("is-object {}", operand(source)),
            StmtKind::IsType { source, test: TypeTest::Set } => format!("is-set {}", operand(source)),
            StmtKind::IsType { source, test: TypeTest::String } => format!("is-string {}", operand(source)),
            StmtKind::IsDefined(local) => format!("is-defined {local}"),
            StmtKind::IsUndefined(local) => format!("is-undefined {local}"),
            StmtKind::Len { source, target } => format!("{target} = len {}", operand(source)),
            StmtKind::Select { source, index, keys, target } => {
                let keys: Vec<String> = keys.iter().map(operand).collect();
                format!("{target} = select {} by {} of {}", operand(source), keys.join(", "), self.constant(*index))
            }
            StmtKind::MakeArray { target, capacity } => format!("{target} = array {capacity}"),
            StmtKind::MakeObject { target } => format!("{target} = object"),
            StmtKind::MakeSet { target } => format!("{target} = set"),
            StmtKind::ArrayAppend { array, value } => format!("append {array}, {}", operand(value)),
            StmtKind::ObjectInsert { object, key, value } => {
                format!("insert {object}[{}] = {}", operand(key), operand(value))
            }
            StmtKind::ObjectInsertOnce { object, key, value } => {
                format!("insert-once {object}[{}] = {}", operand(key), operand(value))
            }
            StmtKind::ObjectMerge { a, b, target } => format!("{target} = merge {a} over {b}"),
            StmtKind::ObjectDefault { object, key, value, target } => {
                format!("{target} = {object} with default {}: {}", operand(key), operand(value))
            }
            StmtKind::ResultSet { key, value, target } => format!("{target} = result {}: {value}", operand(key)),
            StmtKind::SetAdd { set, value } => format!("add {set}, {}", operand(value)),
            StmtKind::Call { function, args, target } => format!("{target} = {function}({})", self.operands(args)),
            StmtKind::CallBuiltin { builtin, args, target } => {
                let name = self.program.builtins.get(*builtin).map_or("?", |builtin| &builtin.name);
                format!("{target} = {name}({})", self.operands(args))
            }
            StmtKind::CallDynamic { table, path, args, target, if_undefined } => {
                let path = self.operands(path);
                format!("{target} = {table}[{path}]({}) else {if_undefined}", self.operands(args))
            }
            StmtKind::Break(label) => format!("break {label}"),
            StmtKind::Block(_) | StmtKind::Rule { .. } | StmtKind::Not(_) => String::new(),
            StmtKind::Scan { .. } | StmtKind::With { .. } | StmtKind::Switch { .. } => String::new(),
        }
    }
}

fn write_constant(out: &mut String, constant: &Constant) -> fmt::Result {
    match constant {
        Constant::Null => out.write_str("null"),
        Constant::Boolean(value) => write!(out, "{value}"),
        Constant::Number(text) => out.write_str(text),
        Constant::String(text) => write_string(out, text),
        Constant::Array(items) => write_list(out, '[', items, ']'),
        Constant::Set(items) if items.is_empty() => out.write_str("set()"),
        Constant::Set(items) => write_list(out, '{', items, '}'),
        Constant::Object(items) => {
            out.push('{');
            for (index, (key, value)) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                write_constant(out, key)?;
                out.push_str(": ");
                write_constant(out, value)?;
            }
            out.push('}');
            Ok(())
        }
    }
}

fn write_list(out: &mut String, open: char, items: &[Constant], close: char) -> fmt::Result {
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { ", " });
        write_constant(out, item)?;
    }
    out.push(close);
    Ok(())
}

/// A string as JSON writes it.
fn write_string(out: &mut String, text: &str) -> fmt::Result {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if u32::from(control) < 0x20 => write!(out, "\\u{:04x}", u32::from(control))?,
            other => out.push(other),
        }
    }
    out.push('"');
    Ok(())
}
