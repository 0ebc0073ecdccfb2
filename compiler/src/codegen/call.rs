//! Calls: of functions of the plan, of builtins in the guest library and at the host, and of functions chosen at run time.

use regoc_abi::{imports, runtime};
use regoc_values::builtins::sprintf;

use super::CodegenError;
use super::func::FunctionBuilder;
use super::module::words_to_word;
use crate::index::Id;
use crate::plan::ir::{BuiltinId, Constant, FuncId, Label, Local, Operand, TableId};
use crate::source::Span;

/// The builtins that only tell whether a pattern, the first argument, occurs in a text.
const REGEX_MATCH: [&str; 2] = ["regex.match", "re_match"];

const SPRINTF: &str = "sprintf";
const COUNT: &str = "count";

impl FunctionBuilder<'_, '_> {
    /// `target = function(input, data, args)`
    pub(super) fn call(&mut self, function: FuncId, args: &[Operand], target: Local) -> Result<(), CodegenError> {
        let callee = self.module.functions.get(function).copied();
        let params = self.module.program.functions.get(function).map(|callee| callee.params as usize);
        let callee = callee
            .filter(|_| params == Some(args.len()))
            .ok_or_else(|| CodegenError::Plan(format!("{}: a call of {function}", self.function.name)))?;
        self.documents_and(args)?;
        self.code.call(callee);
        self.set_defined(target);
        Ok(())
    }

    /// Pushes input, data and the arguments.
    fn documents_and(&mut self, args: &[Operand]) -> Result<(), CodegenError> {
        self.get(Local::INPUT);
        self.get(Local::DATA);
        args.iter().try_for_each(|arg| self.operand(*arg))
    }

    /// `target = builtin(args)`
    pub(super) fn call_builtin(
        &mut self,
        builtin: BuiltinId,
        args: &[Operand],
        target: Local,
        span: Option<Span>,
    ) -> Result<(), CodegenError> {
        let program = self.module.program;
        let callee = program
            .builtins
            .get(builtin)
            .ok_or_else(|| CodegenError::Plan(format!("{}: no builtin {builtin}", self.function.name)))?;
        if callee.host {
            let dispatcher = imports::BUILTINS.get(args.len()).ok_or_else(|| CodegenError::TooManyArguments {
                builtin: callee.name.to_string(),
                count: args.len(),
            })?;
            let dispatcher = self.module.host_function(dispatcher);
            // The number of the builtin, and the context: where the call is, if the host may have to tell.
            let number = i32::try_from(builtin.index()).unwrap_or(i32::MAX);
            self.code.op().i32_const(number);
            if self.module.options.strict_builtin_errors || &*callee.name == imports::TELLS_PLACE {
                let site = self.module.call_site(&callee.name, span);
                let site = self.module.text(site);
                self.code.address(site);
            } else {
                self.code.op().i32_const(0);
            }
            args.iter().try_for_each(|arg| self.operand(*arg))?;
            self.code.call(dispatcher);
        } else {
            if self.module.options.strict_builtin_errors {
                let site = self.module.place(span) + &callee.name;
                let site = self.module.text(site);
                self.code.address(site);
                self.runtime(&runtime::CALL_SITE)?;
            }
            self.call_guest(&callee.name, args)?;
        }
        if callee.has_result {
            self.set_defined(target);
        } else {
            self.code.op().drop();
        }
        Ok(())
    }

    /// Calls a builtin in the guest library.
    fn call_guest(&mut self, name: &str, args: &[Operand]) -> Result<(), CodegenError> {
        if REGEX_MATCH.contains(&name)
            && let [Operand::Const(pattern), text] = args
            && let Some(table) = self.module.pattern(*pattern)
        {
            self.code.address(table);
            self.operand(*text)?;
            return self.runtime(&runtime::REGEX_MATCH);
        }
        args.iter().try_for_each(|arg| self.operand(*arg))?;
        if name == SPRINTF && self.has_plain_format(args) {
            return self.runtime(&runtime::SPRINTF_PLAIN);
        }
        if name == COUNT && self.is_set(args.first()) {
            return self.runtime(&runtime::LEN);
        }
        let name = self.for_sets(name, args).unwrap_or(name);
        let name = format!("{}{name}", runtime::BUILTIN_PREFIX);
        let function = self.module.guest_function(&name, &words_to_word(args.len()))?;
        self.code.call(function);
        Ok(())
    }

    /// The builtin that does the same where arguments are sets, without what it takes besides.
    fn for_sets(&mut self, name: &str, args: &[Operand]) -> Option<&'static str> {
        match name {
            "sort" if self.is_set(args.first()) => Some("cast_array"),
            // With strict errors, what is wrong with another argument would be said in other words.
            "minus" if !self.module.options.strict_builtin_errors => {
                args.iter().any(|arg| self.is_set(Some(arg))).then_some("set_diff")
            }
            _ => None,
        }
    }

    /// Whether there is an operand and it is a set, whatever the documents are.
    fn is_set(&mut self, operand: Option<&Operand>) -> bool {
        let (program, id) = (self.module.program, self.id);
        operand.is_some_and(|operand| self.module.sets.is_set(program, id, *operand))
    }

    /// Whether the first of two arguments is a constant format that needs only a small part of `sprintf`.
    fn has_plain_format(&self, args: &[Operand]) -> bool {
        let [Operand::Const(format), _] = args else { return false };
        match self.module.program.constants.get(*format) {
            Some(Constant::String(format)) => sprintf::is_plain(format.as_bytes()),
            _ => false,
        }
    }

    /// Calls the function that a table has under a path.
    pub(super) fn call_dynamic(
        &mut self,
        table: TableId,
        path: &[Operand],
        args: &[Operand],
        target: Local,
        if_undefined: Label,
    ) -> Result<(), CodegenError> {
        let table = self.module.table(table)?;
        let row = self.take_local();
        // row = paths[key][key]…: a small integer where a function is, undefined or an object elsewhere.
        self.word(table.paths);
        for key in path {
            self.operand(*key)?;
            self.runtime(&runtime::DOT)?;
        }
        self.code.op().local_tee(row).i32_const(1).i32_and();
        self.undefined_unless();
        self.documents_and(args)?;
        self.code.op().local_get(row).i32_const(1).i32_shr_u().i32_const(table.first_row.cast_signed()).i32_add();
        self.code.call_indirect(table.signature);
        self.give_back(row);
        let slot = self.slot(target);
        self.code.op().local_tee(slot).i32_eqz();
        self.open_if();
        self.leave(if_undefined)?;
        self.close();
        Ok(())
    }
}
