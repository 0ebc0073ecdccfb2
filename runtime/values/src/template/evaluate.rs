//! Evaluates pipelines: commands, operands and fields, with Go's checks of types. Recurses into parentheses.

use alloc::vec::Vec;

use super::call::{call, shown_callee};
use super::constant::Constant;
use super::exec::{At, Machine, Result};
use super::function::Function;
use super::tree::{Command, Operand, OperandKind, PipelineId};
use super::value::{Datum, Value};
use crate::Value as Data;
use crate::format::{Argument, sprintf};

/// What a function takes at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    /// Anything.
    Any,
    /// A text and nothing else.
    Text,
}

impl<'t> Machine<'t> {
    /// Evaluates a pipeline and sets its variables.
    pub(super) fn pipeline(&mut self, id: PipelineId, dot: Value) -> Result<Value> {
        let Some(pipeline) = self.tree.pipeline(id) else { return Ok(Value::Invalid) };
        self.at = At::Pipeline(id);
        let mut value = None;
        for command in &pipeline.commands {
            value = Some(self.command(command, dot, value)?.taken_out());
        }
        let value = value.unwrap_or(Value::Invalid);
        for name in &pipeline.variables {
            if pipeline.assigns {
                self.assign(name, value)?;
            } else {
                self.variables.push((name, value));
            }
        }
        Ok(value)
    }

    /// Evaluates a command. `last` is the value before it in the pipeline, which is its last operand.
    fn command(&mut self, command: &'t Command, dot: Value, last: Option<Value>) -> Result<Value> {
        let Some((first, rest)) = command.operands.split_first() else { return Ok(Value::Invalid) };
        let has_operands = !rest.is_empty() || last.is_some();
        match &first.kind {
            OperandKind::Function(function) => self.function(*function, first, At::Command(command), rest, dot, last),
            OperandKind::Pipeline(id) => {
                self.refuse_operands(first, has_operands)?;
                self.pipeline(*id, dot)
            }
            OperandKind::Nil => {
                self.at = At::Operand(first);
                self.refuse_operands(first, has_operands)?;
                self.fail(&[b"nil is not a command"])
            }
            _ => self.operand(first, dot, has_operands),
        }
    }

    fn refuse_operands(&self, first: &Operand, has_operands: bool) -> Result<()> {
        if has_operands {
            return self.fail(&[b"can't give argument to non-function ", &self.tree.show_operand(first)]);
        }
        Ok(())
    }

    /// The value of an operand.
    fn operand(&mut self, operand: &'t Operand, dot: Value, has_operands: bool) -> Result<Value> {
        self.at = At::Operand(operand);
        let (receiver, fields) = match &operand.kind {
            OperandKind::Function(function) => {
                return self.function(*function, operand, self.at, &[], dot, None);
            }
            OperandKind::Pipeline(id) => return self.pipeline(*id, dot),
            OperandKind::Field(fields) => (dot, fields),
            OperandKind::Chain { of, fields } => (self.operand(of, dot, false)?, fields),
            OperandKind::Variable { name, fields } => {
                let Some(value) = self.variable(name).copied() else {
                    return self.fail(&[b"undefined variable: ", name]);
                };
                if fields.is_empty() {
                    self.refuse_operands(operand, has_operands)?;
                    return Ok(value);
                }
                (value, fields)
            }
            constant => {
                self.refuse_operands(operand, has_operands)?;
                return self.constant(constant, dot);
            }
        };
        let mut value = receiver;
        for (index, field) in fields.iter().enumerate() {
            value = self.field(value, *field, has_operands && index + 1 == fields.len())?;
        }
        Ok(value)
    }

    fn constant(&self, kind: &OperandKind, dot: Value) -> Result<Value> {
        Ok(Value::Plain(match kind {
            OperandKind::Dot => return Ok(dot),
            OperandKind::Boolean(value) => Datum::Boolean(*value),
            OperandKind::Text { text, .. } => Datum::Text(text),
            OperandKind::Number { text, constant } => match constant {
                Constant::Integer(number) => Datum::Integer(*number),
                Constant::Float(number) => Datum::Float(*number),
                Constant::Complex(real, imaginary) => Datum::Complex(*real, *imaginary),
                Constant::TooLarge => return self.fail(&[text, b" overflows int"]),
            },
            _ => return Ok(Value::Invalid),
        }))
    }

    fn field(&self, receiver: Value, name: Data, has_operands: bool) -> Result<Value> {
        let shown = name.as_str().unwrap_or_default();
        match receiver {
            Value::Invalid => Ok(Value::Invalid),
            Value::Interface(None) => self.fail(&[b"nil pointer evaluating interface {}.", shown]),
            Value::Interface(Some(Datum::Map(map))) | Value::Plain(Datum::Map(map)) => {
                if has_operands {
                    return self.fail(&[shown, b" is not a method but has arguments"]);
                }
                let value = map.get(name);
                Ok(if value.is_undefined() { Value::Invalid } else { Value::Interface(Datum::of(value)) })
            }
            other => self.fail(&[b"can't evaluate field ", shown, b" in type ", other.type_name()]),
        }
    }

    /// Calls a function. Where its operands are wrong, messages show the function itself; where it fails, `context`.
    fn function(
        &mut self,
        function: Function,
        operand: &'t Operand,
        context: At<'t>,
        operands: &'t [Operand],
        dot: Value,
        last: Option<Value>,
    ) -> Result<Value> {
        self.at = At::Operand(operand);
        self.check_count(function, operands.len(), last.is_some())?;
        if matches!(function, Function::And | Function::Or) {
            return self.logic(function == Function::Or, operands, dot, last);
        }
        let mut values = Vec::with_capacity(operands.len() + 1);
        for operand in operands {
            let value = self.argument(operand, dot, target(function, values.len()))?;
            values.push(value);
        }
        if let Some(last) = last {
            self.check(last, target(function, values.len()))?;
            values.push(last);
        }
        let callee = match (function, operands.first(), last) {
            (Function::Call, Some(operand), _) => self.tree.show_operand(operand),
            (Function::Call, None, Some(last)) => shown_callee(last),
            _ => Vec::new(),
        };
        match call(function, &values, &callee) {
            Ok(value) => {
                if let (false, Value::Plain(Datum::Text(text))) = (function == Function::Slice, value) {
                    self.spend(text.len())?;
                }
                Ok(value)
            }
            Err(message) => {
                self.at = context;
                self.fail(&[b"error calling ", function.name(), b": ", &message])
            }
        }
    }

    #[inline(never)]
    fn check_count(&self, function: Function, count: usize, piped: bool) -> Result<()> {
        let (wanted, more) = function.operands();
        let all = count + usize::from(piped);
        let (words, got): (&[u8], _) = match more {
            true if all < wanted => (b"wrong number of args for %s: want at least %d got %d", count),
            false if all != wanted => (b"wrong number of args for %s: want %d got %d", all),
            _ => return Ok(()),
        };
        let [wanted, got] = [wanted, got].map(|count| Argument::Integer(count as i64));
        self.fail(&[&sprintf(words, &[Argument::Text(function.name()), wanted, got])])
    }

    /// `and` and `or`: the first operand that decides, else the last one.
    #[inline(never)]
    fn logic(&mut self, or: bool, operands: &'t [Operand], dot: Value, last: Option<Value>) -> Result<Value> {
        let mut value = Value::Invalid;
        for operand in operands {
            value = self.argument(operand, dot, Target::Any)?;
            if value.is_true() == or {
                return Ok(value);
            }
        }
        Ok(last.unwrap_or(value))
    }

    /// The value of an operand of a function.
    fn argument(&mut self, operand: &'t Operand, dot: Value, target: Target) -> Result<Value> {
        if target == Target::Any {
            return self.operand(operand, dot, false);
        }
        self.at = At::Operand(operand);
        match operand.kind {
            OperandKind::Nil => self.fail(&[b"cannot assign nil to string"]),
            OperandKind::Boolean(_) | OperandKind::Number { .. } => {
                self.fail(&[b"expected string; found ", &self.tree.show_operand(operand)])
            }
            _ => {
                let value = self.operand(operand, dot, false)?;
                self.check(value, target)?;
                Ok(value)
            }
        }
    }

    /// That a function takes a value.
    fn check(&self, value: Value, target: Target) -> Result<()> {
        match value {
            _ if target == Target::Any => Ok(()),
            Value::Invalid => self.fail(&[b"invalid value; expected string"]),
            Value::Plain(Datum::Text(_)) | Value::Interface(Some(Datum::Text(_))) => Ok(()),
            other => {
                let name = other.datum().map_or(other.type_name(), |datum| datum.type_name());
                self.fail(&[b"wrong type for value; expected string; got ", name])
            }
        }
    }
}

/// What a function takes at a place, from 0.
fn target(function: Function, place: usize) -> Target {
    if function == Function::Printf && place == 0 { Target::Text } else { Target::Any }
}
