//! Reads pipelines: variables, commands, operands, and pipelines in parentheses. Those that are open wait on a stack of their own.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem;

use super::constant::{self, Constant};
use super::function::Function;
use super::lexer::{Keyword, Kind, Token};
use super::parser::{Parser, Result};
use super::tree::{Command, Operand, OperandKind, Pipeline, PipelineId};
use crate::Value;
use crate::format::{Argument, sprintf};

/// The deepest nesting of parentheses, which evaluation recurses into. Go's limit is 10,000, and 1,000 where stacks are small; engines of
/// WebAssembly may have less: the 1 MB of regoc's runtime are used up at 950.
pub(super) const MAX_DEPTH: usize = 500;

/// A pipeline that is being read.
struct OpenPipeline {
    pipeline: Pipeline,
    command: Command,
}

impl Parser {
    /// Reads a pipeline up to `}}`, and the pipelines in parentheses inside of it.
    pub(super) fn pipeline(&mut self, context: &[u8]) -> Result<PipelineId> {
        let mut open = Vec::from([self.begin_pipeline(context)?]);
        while let Some(depth) = open.len().checked_sub(1) {
            let (context, end): (&[u8], _) = match depth {
                0 => (context, Kind::RightDelimiter),
                _ => (b"parenthesized pipeline", Kind::RightParenthesis),
            };
            let token = self.next_non_space();
            if token.kind == end {
                let Some(done) = open.pop() else { break };
                let position = done.pipeline.position;
                let id = self.end_pipeline(done.pipeline, context)?;
                let Some(around) = open.last_mut() else { return Ok(id) };
                let operand = Operand { position, kind: OperandKind::Pipeline(id) };
                if !self.after_term(around, Some(operand))? {
                    continue;
                }
            } else if begins_command(token.kind) {
                self.back();
                let Some(around) = open.last_mut() else { break };
                around.command.position = self.peek_non_space().position;
            } else {
                return self.unexpected(token, context);
            }
            if self.command(&mut open)? {
                if depth_of(&open) >= MAX_DEPTH {
                    return self.fail(&[b"max expression depth exceeded"]);
                }
                open.push(self.begin_pipeline(b"parenthesized pipeline")?);
            }
        }
        self.fail(&[b"unexpected EOF"])
    }

    /// Reads operands up to the end of the command, or up to a parenthesis that opens, for which it returns true.
    fn command(&mut self, open: &mut [OpenPipeline]) -> Result<bool> {
        let Some(around) = open.last_mut() else { return Ok(false) };
        loop {
            let token = self.next_non_space();
            if token.kind == Kind::LeftParenthesis {
                return Ok(true);
            }
            let term = self.term(token)?;
            if term.is_none() {
                self.back();
            }
            if !self.after_term(around, term)? {
                return Ok(false);
            }
        }
    }

    /// Takes a term with its fields into the command. False when the command has ended with it.
    fn after_term(&mut self, around: &mut OpenPipeline, term: Option<Operand>) -> Result<bool> {
        if let Some(term) = term {
            let operand = self.with_fields(term)?;
            around.command.operands.push(operand);
        }
        let token = self.next();
        match token.kind {
            Kind::Space => {
                // What Go's parser looks at here counts for the lines of messages.
                self.peek_non_space();
                return Ok(true);
            }
            Kind::RightDelimiter | Kind::RightParenthesis => self.back(),
            Kind::Pipe => {}
            _ => return self.unexpected(token, b"operand"),
        }
        if around.command.operands.is_empty() {
            return self.fail(&[b"empty command"]);
        }
        around.pipeline.commands.push(mem::take(&mut around.command));
        Ok(false)
    }

    /// Reads the variables that a pipeline declares or assigns to.
    fn begin_pipeline(&mut self, context: &[u8]) -> Result<OpenPipeline> {
        let mut pipeline = Pipeline { position: self.peek_non_space().position, ..Pipeline::default() };
        loop {
            let variable = self.peek_non_space();
            if variable.kind != Kind::Variable {
                break;
            }
            self.next();
            let after = self.peek();
            let next = self.peek_non_space();
            let separates = next.kind == Kind::Char && next.text == b",";
            if !separates && !matches!(next.kind, Kind::Assign | Kind::Declare) {
                if after.kind == Kind::Space {
                    self.back3(variable, after)
                } else {
                    self.back2(variable)
                }
                break;
            }
            pipeline.assigns |= next.kind == Kind::Assign;
            self.next_non_space();
            pipeline.variables.push(variable.text);
            self.state.variables.push(variable.text);
            if !separates {
                break;
            }
            if context != b"range" || pipeline.variables.len() >= 2 {
                return self.fail(&[b"too many declarations in ", context]);
            }
            let next = self.peek_non_space().kind;
            if !matches!(next, Kind::Variable | Kind::RightDelimiter | Kind::RightParenthesis) {
                return self.fail(&[b"range can only initialize variables"]);
            }
        }
        Ok(OpenPipeline { pipeline, command: Command::default() })
    }

    fn end_pipeline(&mut self, pipeline: Pipeline, context: &[u8]) -> Result<PipelineId> {
        if pipeline.commands.is_empty() {
            return self.fail(&[b"missing value for ", context]);
        }
        for (index, command) in pipeline.commands.iter().enumerate().skip(1) {
            if command.operands.first().is_some_and(|operand| !operand.kind.is_executable()) {
                let stage = Argument::Integer(index as i64 + 1);
                return self.fail(&[&sprintf(b"non executable command in pipeline stage %d", &[stage])]);
            }
        }
        self.tree.pipelines.push(pipeline);
        Ok(PipelineId(self.tree.pipelines.len() - 1))
    }

    /// The operand that a token is; none when it is no operand.
    fn term(&mut self, token: Token) -> Result<Option<Operand>> {
        let kind = match token.kind {
            Kind::Identifier => match Function::of(token.text) {
                Some(function) => OperandKind::Function(function),
                None => {
                    let name = sprintf(b"%q", &[Argument::Text(token.text)]);
                    return self.fail(&[b"function ", &name, b" not defined"]);
                }
            },
            Kind::Keyword(Keyword::Dot) => OperandKind::Dot,
            Kind::Keyword(Keyword::Nil) => OperandKind::Nil,
            Kind::Variable if self.state.variables.contains(&token.text) => {
                OperandKind::Variable { name: token.text, fields: Vec::new() }
            }
            Kind::Variable => {
                let name = sprintf(b"%q", &[Argument::Text(token.text)]);
                return self.fail(&[b"undefined variable ", &name]);
            }
            Kind::Field => OperandKind::Field(Vec::from([field_name(token)])),
            Kind::Boolean => OperandKind::Boolean(token.text == b"true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => self.number(token)?,
            Kind::Quoted => match constant::unquote(token.text) {
                Some(text) => OperandKind::Text { quoted: token.text, text },
                None => return self.fail(&[b"invalid syntax"]),
            },
            _ => return Ok(None),
        };
        Ok(Some(Operand { position: token.position, kind }))
    }

    fn number(&self, token: Token) -> Result<OperandKind> {
        let constant = match token.kind {
            Kind::CharConstant => Constant::of_character(token.text),
            Kind::Complex => Constant::of_complex(token.text),
            _ => Constant::of_number(token.text),
        };
        match constant {
            Ok(constant) => Ok(OperandKind::Number { text: token.text, constant }),
            Err(message) => self.fail(&[&message]),
        }
    }

    /// Takes the fields that stand directly behind a term.
    fn with_fields(&mut self, term: Operand) -> Result<Operand> {
        let position = self.peek().position;
        let mut more = Vec::new();
        while self.peek().kind == Kind::Field {
            more.push(field_name(self.next()));
        }
        if more.is_empty() {
            return Ok(term);
        }
        let kind = match term.kind {
            OperandKind::Field(mut fields) => {
                fields.append(&mut more);
                OperandKind::Field(fields)
            }
            OperandKind::Variable { name, .. } => OperandKind::Variable { name, fields: more },
            OperandKind::Function(_) | OperandKind::Pipeline(_) => {
                OperandKind::Chain { of: Box::new(term), fields: more }
            }
            _ => {
                let shown = self.tree.show_operand(&term);
                let shown = sprintf(b"%q", &[Argument::Text(&shown)]);
                return self.fail(&[b"unexpected . after term ", &shown]);
            }
        };
        Ok(Operand { position, kind })
    }
}

/// How many parentheses are open.
fn depth_of(open: &[OpenPipeline]) -> usize {
    open.len().saturating_sub(1)
}

/// The name of a field without its dot.
fn field_name(token: Token) -> Value {
    Value::string(token.text.get(1..).unwrap_or_default())
}

fn begins_command(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Boolean
            | Kind::CharConstant
            | Kind::Complex
            | Kind::Keyword(Keyword::Dot | Keyword::Nil)
            | Kind::Field
            | Kind::Identifier
            | Kind::Number
            | Kind::Quoted
            | Kind::Variable
            | Kind::LeftParenthesis
    )
}
