//! What a template is after it was read: lists of nodes, pipelines and operands, each with its place in the text. Lists and pipelines
//! refer to others by number, so that nothing here is nested however deep the template is.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::constant::Constant;
use super::function::Function;
use crate::Value;
use crate::format::quote;

/// A list of nodes by its place in [`Tree::lists`].
#[derive(Clone, Copy, Debug)]
pub(super) struct ListId(pub(super) usize);

/// A pipeline by its place in [`Tree::pipelines`].
#[derive(Clone, Copy, Debug)]
pub(super) struct PipelineId(pub(super) usize);

/// All templates of a text.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) lists: Vec<Vec<Node>>,
    pub(super) pipelines: Vec<Pipeline>,
    pub(super) text: &'static [u8],
    /// The templates by name, sorted. That of the text itself is called `template`.
    pub(super) templates: alloc::collections::BTreeMap<&'static [u8], ListId>,
}

/// A text or an action.
pub(super) enum Node {
    Text(&'static [u8]),
    /// A pipeline whose value is printed.
    Print(PipelineId),
    Branch(Branch),
    Call(Call),
    Break,
    Continue,
}

/// `if`, `with` and `range`.
#[derive(Clone, Copy)]
pub(super) struct Branch {
    pub(super) kind: BranchKind,
    pub(super) pipeline: PipelineId,
    pub(super) list: ListId,
    pub(super) otherwise: Option<ListId>,
}

/// Which kind of branch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BranchKind {
    If,
    With,
    Range,
}

/// `template` and `block`.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) position: usize,
    pub(super) name: &'static [u8],
    pub(super) pipeline: Option<PipelineId>,
}

/// `$x := a | b`
#[derive(Default)]
pub(super) struct Pipeline {
    pub(super) position: usize,
    /// Whether the variables are assigned to, not declared.
    pub(super) assigns: bool,
    pub(super) variables: Vec<&'static [u8]>,
    pub(super) commands: Vec<Command>,
}

/// An operand, or a function with its operands. Holds at least one.
#[derive(Default)]
pub(super) struct Command {
    pub(super) position: usize,
    pub(super) operands: Vec<Operand>,
}

/// A part of a command.
pub(super) struct Operand {
    pub(super) position: usize,
    pub(super) kind: OperandKind,
}

/// What an operand is. The names of fields are strings, to be looked up as they are.
pub(super) enum OperandKind {
    Boolean(bool),
    Dot,
    Nil,
    Number { text: &'static [u8], constant: Constant },
    Text { quoted: &'static [u8], text: &'static [u8] },
    Function(Function),
    Field(Vec<Value>),
    Variable { name: &'static [u8], fields: Vec<Value> },
    Chain { of: Box<Operand>, fields: Vec<Value> },
    Pipeline(PipelineId),
}

impl OperandKind {
    /// Whether a later stage of a pipeline can begin with it.
    pub(super) fn is_executable(&self) -> bool {
        !matches!(self, Self::Boolean(_) | Self::Dot | Self::Nil | Self::Number { .. } | Self::Text { .. })
    }
}

/// Something to be written or noted.
enum Part<'t> {
    Words(&'static [u8]),
    Operand(&'t Operand),
    Pipeline(PipelineId),
}

impl Tree {
    pub(super) fn list(&self, list: ListId) -> &[Node] {
        self.lists.get(list.0).map(Vec::as_slice).unwrap_or_default()
    }

    /// The pipeline of a number; none for a number of another tree.
    pub(super) fn pipeline(&self, pipeline: PipelineId) -> Option<&Pipeline> {
        self.pipelines.get(pipeline.0)
    }

    /// The line of a position, from 1, and the byte in it, from 0.
    pub(super) fn place(&self, position: usize) -> (usize, usize) {
        let before = self.text.get(..position).unwrap_or_default();
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        (1 + before.iter().filter(|byte| **byte == b'\n').count(), column)
    }

    /// A pipeline as messages show it.
    pub(super) fn show_pipeline(&self, pipeline: PipelineId) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out, Vec::from([Part::Pipeline(pipeline)]));
        out
    }

    pub(super) fn show_command(&self, command: &Command) -> Vec<u8> {
        let (mut out, mut parts) = (Vec::new(), Vec::new());
        command_parts(&mut parts, command);
        parts.reverse();
        self.write(&mut out, parts);
        out
    }

    pub(super) fn show_operand(&self, operand: &Operand) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out, Vec::from([Part::Operand(operand)]));
        out
    }

    pub(super) fn show_call(&self, call: Call) -> Vec<u8> {
        let mut out = [b"{{template ", quote(call.name).as_slice()].concat();
        if let Some(pipeline) = call.pipeline {
            out.push(b' ');
            out.extend_from_slice(&self.show_pipeline(pipeline));
        }
        out.extend_from_slice(b"}}");
        out
    }

    /// Writes parts, the last one first. What a part consists of is put in its place, so that depth costs no stack.
    fn write<'t>(&'t self, out: &mut Vec<u8>, mut parts: Vec<Part<'t>>) {
        while let Some(part) = parts.pop() {
            let first = parts.len();
            match part {
                Part::Words(words) => out.extend_from_slice(words),
                Part::Operand(operand) => operand_parts(&mut parts, operand),
                Part::Pipeline(id) => {
                    if let Some(pipeline) = self.pipeline(id) {
                        pipeline_parts(&mut parts, pipeline);
                    }
                }
            }
            if let Some(added) = parts.get_mut(first..) {
                added.reverse();
            }
        }
    }
}

fn pipeline_parts<'t>(parts: &mut Vec<Part<'t>>, pipeline: &'t Pipeline) {
    for (index, variable) in pipeline.variables.iter().enumerate() {
        if index > 0 {
            parts.push(Part::Words(b", "));
        }
        parts.push(Part::Words(variable));
    }
    if !pipeline.variables.is_empty() {
        parts.push(Part::Words(if pipeline.assigns { b" = " } else { b" := " }));
    }
    for (index, command) in pipeline.commands.iter().enumerate() {
        if index > 0 {
            parts.push(Part::Words(b" | "));
        }
        command_parts(parts, command);
    }
}

fn command_parts<'t>(parts: &mut Vec<Part<'t>>, command: &'t Command) {
    for (index, operand) in command.operands.iter().enumerate() {
        if index > 0 {
            parts.push(Part::Words(b" "));
        }
        in_parentheses(parts, operand);
    }
}

/// An operand, in parentheses if it is a pipeline.
fn in_parentheses<'t>(parts: &mut Vec<Part<'t>>, operand: &'t Operand) {
    if matches!(operand.kind, OperandKind::Pipeline(_)) {
        parts.extend([Part::Words(b"("), Part::Operand(operand), Part::Words(b")")]);
    } else {
        parts.push(Part::Operand(operand));
    }
}

fn operand_parts<'t>(parts: &mut Vec<Part<'t>>, operand: &'t Operand) {
    let words: &'static [u8] = match &operand.kind {
        OperandKind::Boolean(true) => b"true",
        OperandKind::Boolean(false) => b"false",
        OperandKind::Dot => b".",
        OperandKind::Nil => b"nil",
        OperandKind::Number { text, .. } => text,
        OperandKind::Text { quoted, .. } => quoted,
        OperandKind::Function(function) => function.name(),
        OperandKind::Variable { name, .. } => name,
        OperandKind::Field(_) => b"",
        OperandKind::Chain { of, .. } => {
            in_parentheses(parts, of);
            b""
        }
        OperandKind::Pipeline(pipeline) => {
            parts.push(Part::Pipeline(*pipeline));
            b""
        }
    };
    parts.push(Part::Words(words));
    if let OperandKind::Field(fields) | OperandKind::Variable { fields, .. } | OperandKind::Chain { fields, .. } =
        &operand.kind
    {
        for field in fields {
            parts.extend([Part::Words(b"."), Part::Words(field.as_str().unwrap_or_default())]);
        }
    }
}
