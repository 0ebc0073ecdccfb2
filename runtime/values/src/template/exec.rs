//! Runs a template over data, as Go's `text/template` does, with its messages. What is being run waits on a stack of its own, so that
//! nested blocks and recursive templates cost no stack of the machine; only parentheses do, whose depth the parser limits.

use alloc::vec::Vec;

use super::print::{Printed, print_all};
use super::tree::{Branch, BranchKind, Call, Command, ListId, Node, Operand, PipelineId, Tree};
use super::value::{Datum, List, Value};
use crate::format::{Argument, quote, sprintf};
use crate::{Object, Value as Data, rt};

/// How deep templates may call one another, as in Go.
const MAX_DEPTH: usize = 100_000;

/// How many bytes may be made, where each node that is run counts as [`NODE_WORK`] of them. Go has no such limit: it would run until memory
/// or patience end.
const MAX_WORK: usize = 1 << 28;

/// What running a node counts, beside what it makes.
const NODE_WORK: usize = 8;

pub(super) type Result<T> = core::result::Result<T, Vec<u8>>;

/// The text that the templates make of the data.
///
/// # Errors
/// Go's message.
pub(super) fn execute(tree: &Tree, data: Object) -> Result<Vec<u8>> {
    let data = Value::Plain(Datum::Map(data));
    let mut machine = Machine {
        tree,
        out: Vec::new(),
        name: super::parser::ROOT,
        variables: Vec::from([(&b"$"[..], data)]),
        base: 0,
        depth: 0,
        work: 0,
        at: At::Nothing,
        frames: Vec::new(),
    };
    if let Some(root) = tree.templates.get(super::parser::ROOT) {
        machine.enter(*root, data);
    }
    machine.run()?;
    Ok(machine.out)
}

/// What is being evaluated, for messages.
#[derive(Clone, Copy)]
pub(super) enum At<'t> {
    Nothing,
    Call(Call),
    Pipeline(PipelineId),
    Command(&'t Command),
    Operand(&'t Operand),
}

/// What is to be done when what stands above it is done.
enum Frame<'t> {
    /// Run the rest of a list.
    List {
        nodes: core::slice::Iter<'t, Node>,
        dot: Value,
    },
    /// Forget the variables behind so many.
    Scope(usize),
    Range(Range),
    /// Go on in the template that called.
    Template {
        name: &'static [u8],
        base: usize,
    },
}

/// A loop.
struct Range {
    branch: Branch,
    items: Items,
    next: usize,
    /// How many variables there were before it, and before its body.
    outer: usize,
    inner: usize,
}

/// What a loop goes over.
#[derive(Clone, Copy)]
enum Items {
    List(List),
    Map(Object),
    /// So many integers from 0.
    Integers(i64),
    Bytes(u8),
}

impl Items {
    fn length(&self) -> usize {
        match self {
            Self::List(list) => list.length,
            Self::Map(map) => map.len(),
            Self::Integers(count) => usize::try_from((*count).max(0)).unwrap_or(usize::MAX),
            Self::Bytes(count) => usize::from(*count),
        }
    }

    /// The index or key, and the element.
    fn get(&self, index: usize) -> (Value, Value) {
        let integer = Value::Plain(Datum::Integer(index as i64));
        match self {
            Self::List(list) => (integer, list.get(index)),
            Self::Map(map) => {
                let map = Data::from(*map);
                let key = Datum::of(rt::scan_key(map, index)).map_or(Value::Invalid, Value::Plain);
                (key, Value::Interface(Datum::of(rt::scan_value(map, index))))
            }
            Self::Integers(_) => (Value::Invalid, integer),
            Self::Bytes(_) => (Value::Invalid, Value::Plain(Datum::Byte(index as u8))),
        }
    }
}

pub(super) struct Machine<'t> {
    pub(super) tree: &'t Tree,
    out: Vec<u8>,
    /// The template that is being run.
    name: &'static [u8],
    /// The variables of all templates that are being run, the youngest last.
    pub(super) variables: Vec<(&'static [u8], Value)>,
    /// Where those of this template begin.
    base: usize,
    depth: usize,
    work: usize,
    pub(super) at: At<'t>,
    frames: Vec<Frame<'t>>,
}

impl<'t> Machine<'t> {
    fn run(&mut self) -> Result<()> {
        while let Some(frame) = self.frames.last_mut() {
            match frame {
                Frame::List { nodes, dot } => {
                    let dot = *dot;
                    match nodes.next() {
                        Some(node) => self.node(node, dot)?,
                        None => _ = self.frames.pop(),
                    }
                }
                Frame::Range(range) if range.next < range.items.length() => {
                    let (branch, inner) = (range.branch, range.inner);
                    let (index, element) = range.items.get(range.next);
                    range.next += 1;
                    self.spend(NODE_WORK)?;
                    self.variables.truncate(inner);
                    self.iterate(branch, index, element)?;
                    self.enter(branch.list, element);
                }
                Frame::Range(Range { outer: mark, .. }) | Frame::Scope(mark) => {
                    self.variables.truncate(*mark);
                    self.frames.pop();
                }
                Frame::Template { name, base } => {
                    self.name = name;
                    self.variables.truncate(self.base);
                    self.base = *base;
                    self.depth -= 1;
                    self.frames.pop();
                }
            }
        }
        Ok(())
    }

    fn enter(&mut self, list: ListId, dot: Value) {
        self.frames.push(Frame::List { nodes: self.tree.list(list).iter(), dot });
    }

    /// Fails when too much was done.
    pub(super) fn spend(&mut self, work: usize) -> Result<()> {
        self.work = self.work.saturating_add(work);
        if self.work > MAX_WORK {
            return self.fail(&[b"exceeded maximum work (268435456)"]);
        }
        Ok(())
    }

    #[cold]
    pub(super) fn fail<T>(&self, parts: &[&[u8]]) -> Result<T> {
        let (position, context) = match self.at {
            At::Nothing => return Err([b"template: ", self.name, b": ", &parts.concat()].concat()),
            At::Call(call) => (call.position, self.tree.show_call(call)),
            At::Pipeline(id) => {
                let position = self.tree.pipeline(id).map_or(0, |pipeline| pipeline.position);
                (position, self.tree.show_pipeline(id))
            }
            At::Command(command) => (command.position, self.tree.show_command(command)),
            At::Operand(operand) => (operand.position, self.tree.show_operand(operand)),
        };
        let (line, column) = self.tree.place(position);
        let place =
            sprintf(b"template: template:%d:%d: executing ", &[line, column].map(|n| Argument::Integer(n as i64)));
        Err([&place, &quote(self.name), &b" at <"[..], &context, b">: ", &parts.concat()].concat())
    }

    fn node(&mut self, node: &'t Node, dot: Value) -> Result<()> {
        self.spend(NODE_WORK)?;
        match node {
            Node::Text(text) => self.write(text),
            Node::Print(id) => {
                let value = self.pipeline(*id, dot)?;
                if self.tree.pipeline(*id).is_some_and(|pipeline| !pipeline.variables.is_empty()) {
                    return Ok(());
                }
                match value.datum() {
                    None => self.write(super::NO_VALUE),
                    Some(Datum::Text(text)) => self.write(text),
                    datum => self.write(&print_all(&[Printed(datum)])),
                }
            }
            Node::Branch(branch) if branch.kind == BranchKind::Range => self.range(*branch, dot),
            Node::Branch(branch) => {
                self.frames.push(Frame::Scope(self.variables.len()));
                let value = self.pipeline(branch.pipeline, dot)?;
                if value.is_true() {
                    self.enter(branch.list, if branch.kind == BranchKind::With { value } else { dot });
                } else if let Some(otherwise) = branch.otherwise {
                    self.enter(otherwise, dot);
                }
                Ok(())
            }
            Node::Call(call) => self.template(*call, dot),
            Node::Break => {
                self.unwind();
                if let Some(Frame::Range(range)) = self.frames.pop() {
                    self.variables.truncate(range.outer);
                }
                Ok(())
            }
            Node::Continue => {
                self.unwind();
                Ok(())
            }
        }
    }

    fn write(&mut self, text: &[u8]) -> Result<()> {
        self.spend(text.len())?;
        self.out.extend_from_slice(text);
        Ok(())
    }

    /// Drops what is to be done before the next iteration of the innermost loop.
    fn unwind(&mut self) {
        while self.frames.last().is_some_and(|frame| !matches!(frame, Frame::Range(_))) {
            self.frames.pop();
        }
    }

    fn range(&mut self, branch: Branch, dot: Value) -> Result<()> {
        let outer = self.variables.len();
        let value = self.pipeline(branch.pipeline, dot)?;
        let items = match value.datum() {
            None => None,
            Some(Datum::List(list)) => Some(Items::List(list)),
            Some(Datum::Map(map)) => Some(Items::Map(map)),
            Some(datum @ (Datum::Integer(_) | Datum::Byte(_))) => {
                if self.tree.pipeline(branch.pipeline).is_some_and(|pipeline| pipeline.variables.len() > 1) {
                    let shown = print_all(&[Printed(Some(datum))]);
                    return self.fail(&[b"can't use ", &shown, b" to iterate over more than one variable"]);
                }
                match datum {
                    Datum::Byte(count) => Some(Items::Bytes(count)),
                    Datum::Integer(count) => Some(Items::Integers(count)),
                    _ => None,
                }
            }
            other => return self.fail(&[b"range can't iterate over ", &print_all(&[Printed(other)])]),
        };
        if let Some(items) = items.filter(|items| items.length() > 0) {
            let inner = self.variables.len();
            self.frames.push(Frame::Range(Range { branch, items, next: 0, outer, inner }));
        } else {
            self.frames.push(Frame::Scope(outer));
            if let Some(otherwise) = branch.otherwise {
                self.enter(otherwise, dot);
            }
        }
        Ok(())
    }

    /// Gives the variables of a loop their values for one iteration.
    fn iterate(&mut self, branch: Branch, index: Value, element: Value) -> Result<()> {
        let Some(pipeline) = self.tree.pipeline(branch.pipeline) else { return Ok(()) };
        let (first, second) = match pipeline.variables.as_slice() {
            [] => return Ok(()),
            [one] => ((*one, element), None),
            [one, two, ..] => ((*one, index), Some((*two, element))),
        };
        if pipeline.assigns {
            self.assign(first.0, first.1)?;
            return second.map_or(Ok(()), |(name, value)| self.assign(name, value));
        }
        let count = pipeline.variables.len();
        let top = self.variables.len().saturating_sub(count);
        for (variable, value) in self.variables.iter_mut().skip(top).zip([Some(first), second].into_iter().flatten()) {
            variable.1 = value.1;
        }
        Ok(())
    }

    fn template(&mut self, call: Call, dot: Value) -> Result<()> {
        self.at = At::Call(call);
        let Some(list) = self.tree.templates.get(call.name) else {
            return self.fail(&[b"template ", &quote(call.name), b" not defined"]);
        };
        if self.depth == MAX_DEPTH {
            return self.fail(&[b"exceeded maximum template depth (100000)"]);
        }
        let dot = call.pipeline.map_or(Ok(Value::Invalid), |pipeline| self.pipeline(pipeline, dot))?;
        self.frames.push(Frame::Template { name: self.name, base: self.base });
        self.depth += 1;
        self.name = call.name;
        self.base = self.variables.len();
        self.variables.push((b"$", dot));
        self.enter(*list, dot);
        Ok(())
    }

    pub(super) fn variable(&mut self, name: &[u8]) -> Option<&mut Value> {
        let own = self.variables.get_mut(self.base..).unwrap_or_default();
        own.iter_mut().rev().find(|variable| variable.0 == name).map(|variable| &mut variable.1)
    }

    pub(super) fn assign(&mut self, name: &[u8], value: Value) -> Result<()> {
        match self.variable(name) {
            Some(variable) => {
                *variable = value;
                Ok(())
            }
            None => self.fail(&[b"undefined variable: ", name]),
        }
    }
}
