//! What a module says of a complete rule or a function that was given several values, and how its code comes to say it.
//!
//! A *document* is such a rule set together with the parts that were split off from it. In memory it is a word, the number of the place of
//! the rule that gave the first value, and a text (`regoc_abi::runtime::CONFLICT`). Only documents of which rules can disagree have one.

use std::collections::BTreeMap;

use regoc_abi::{errors, runtime};
use wasm_encoder::BlockType;

use super::CodegenError;
use super::func::FunctionBuilder;
use super::link::Linker;
use super::link::object::AtomId;
use super::sections::place;
use crate::plan::ir::{Function, FunctionKind, Local, Operand, PART_SUFFIX, Program, StmtKind};
use crate::plan::visit;
use crate::source::{SourceSet, Span};

/// The documents of a plan of which rules can disagree, by the name of their function.
#[derive(Debug, Default)]
pub(super) struct Conflicts(BTreeMap<String, Document>);

/// A document.
#[derive(Debug)]
pub(super) struct Document {
    /// The word and the text.
    atom: AtomId,
    /// The places of the rules, in OPA's order; none stands for all that are not known.
    places: Vec<Option<Span>>,
}

impl Document {
    /// The number of a place.
    fn number(&self, span: Option<Span>, sources: &SourceSet) -> i32 {
        let number = self.places.binary_search_by_key(&key(span, sources), |place| key(*place, sources));
        i32::try_from(number.unwrap_or(0)).unwrap_or(0)
    }
}

/// By what places are ordered: by file, then by row and column; those that are not known come last.
fn key(span: Option<Span>, sources: &SourceSet) -> (bool, &str, u32) {
    span.map_or((true, "", 0), |span| (false, &sources.get(span.file).name, span.start))
}

/// The name of the document that a function belongs to.
fn name(function: &Function) -> &str {
    function.name.strip_suffix(PART_SUFFIX).unwrap_or(&function.name)
}

impl Conflicts {
    /// Finds the documents and puts what is said of them into static data.
    pub(super) fn new(program: &Program, sources: &SourceSet, linker: &mut Linker<'_>) -> Self {
        let mut found: BTreeMap<&str, (bool, Vec<Option<Span>>)> = BTreeMap::new();
        for function in program.functions.iter() {
            visit::for_each_stmt(&function.body, &mut |stmt| {
                if matches!(stmt.kind, StmtKind::AssignOnce { .. }) {
                    found.entry(name(function)).or_default().1.push(stmt.span);
                }
            });
        }
        for function in program.functions.iter().filter(|function| function.kind == FunctionKind::Function) {
            if let Some((is_function, _)) = found.get_mut(name(function)) {
                *is_function = true;
            }
        }
        let document = |(name, (is_function, mut places)): (&str, (bool, Vec<Option<Span>>))| {
            places.sort_unstable_by_key(|place| key(*place, sources));
            places.dedup_by_key(|place| key(*place, sources));
            let atom = linker.atom(name, 4, about(name, is_function, &places, sources), Vec::new());
            (name.to_owned(), Document { atom, places })
        };
        Self(found.into_iter().map(document).collect())
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The word and the text of a document.
fn about(name: &str, is_function: bool, places: &[Option<Span>], sources: &SourceSet) -> Vec<u8> {
    let mut text = if is_function {
        format!("function {name} produced conflicting values for the same inputs")
    } else {
        format!("rule {name} produced conflicting values")
    };
    for span in places {
        text.push('\n');
        // A line is a place, whatever a file is called.
        text.push_str(&place(*span, sources).replace('\n', " "));
    }
    text.push('\0');
    let mut bytes = vec![0; 4];
    bytes.extend(text.into_bytes());
    bytes
}

impl FunctionBuilder<'_, '_> {
    /// `target = source`, unless the target has another value.
    pub(super) fn assign_once(
        &mut self,
        target: Local,
        source: Operand,
        span: Option<Span>,
    ) -> Result<(), CodegenError> {
        let module = &self.module;
        let document = module.conflicts.0.get(name(self.function));
        let document =
            document.ok_or_else(|| CodegenError::Plan(format!("{}: unknown document", self.function.name)))?;
        let (atom, number) = (document.atom, document.number(span, module.sources));
        let is_contested = document.places.len() > 1;
        // A value that is there stays: of two equal numbers, the first one's notation is what the result shows.
        self.get(target);
        self.code.op().if_(BlockType::Empty);
        self.equal(target.into(), source)?;
        self.code.op().i32_eqz().if_(BlockType::Empty);
        self.raised_or_noted(|builder| {
            builder.strict_check()?;
            builder.code.address(atom);
            builder.code.op().i32_const(number);
            builder.get(target);
            builder.operand(source)?;
            builder.runtime(&runtime::CONFLICT)
        })?;
        self.code.op().end().else_();
        self.operand(source)?;
        self.set(target);
        if is_contested {
            self.code.op().i32_const(0).i32_const(number);
            self.code.store(atom, 0);
        }
        self.code.op().end();
        Ok(())
    }

    /// Raises the conflict of the document that this function is, if there was one.
    pub(super) fn end_document(&mut self) -> Result<(), CodegenError> {
        if self.function.kind == FunctionKind::Part {
            return Ok(());
        }
        let Some(document) = self.module.conflicts.0.get(&self.function.name) else { return Ok(()) };
        let atom = document.atom;
        self.code.address(atom);
        self.runtime(&runtime::CONFLICT_END)
    }

    /// Aborts if the word on the stack is 0: a key was given two values.
    pub(super) fn unique_key(&mut self, span: Option<Span>) -> Result<(), CodegenError> {
        self.code.op().i32_eqz().if_(BlockType::Empty);
        self.raised_or_noted(|builder| {
            builder.strict_check()?;
            if !builder.module.conflicts.is_empty() {
                builder.runtime(&runtime::CONFLICT_FIRST)?;
            }
            let message = format!("{}{}: object keys must be unique", builder.module.place(span), errors::CONFLICT);
            let message = builder.module.text(message);
            builder.code.address(message);
            builder.runtime(&runtime::ABORT)?;
            // It does not return, but validation does not know.
            builder.code.op().unreachable();
            Ok(())
        })?;
        self.code.op().end();
        Ok(())
    }

    /// An error of a builtin before a conflict is what the decision ends with, if one is to end it.
    fn strict_check(&mut self) -> Result<(), CodegenError> {
        if self.module.options.strict_builtin_errors {
            self.runtime(&runtime::STRICT_CHECK)?;
        }
        Ok(())
    }
}
