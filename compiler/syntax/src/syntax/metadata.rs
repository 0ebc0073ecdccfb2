//! Metadata blocks: which comments they are, and what they stand before. The YAML in them is not read here.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, Span};
use crate::syntax::ast::{Annotation, AnnotationTarget, Comment, Module};
use alloc::string::String;
use alloc::vec::Vec;

/// Finds the metadata blocks among a module's comments and attaches them. A block without text is an error.
pub(super) fn attach(source: &Source, module: &mut Module) -> Vec<Diagnostic> {
    let blocks = blocks(source, &module.comments);
    if blocks.is_empty() {
        return Vec::new();
    }
    let row = |span: Span| source.position(span.start).row;
    let mut targets: Vec<(u32, AnnotationTarget)> =
        core::iter::once((row(module.package.span), AnnotationTarget::Package))
            .chain(
                module.imports.iter().enumerate().map(|(at, import)| (row(import.span), AnnotationTarget::Import(at))),
            )
            .chain(module.rules.iter().enumerate().map(|(at, rule)| (row(rule.span), AnnotationTarget::Rule(at))))
            .collect();
    targets.sort_by_key(|(row, _)| *row);
    let mut errors = Vec::new();
    for block in blocks {
        if block.yaml.trim().is_empty() {
            errors.push(Diagnostic::new(Code::Parse, block.first, "expected METADATA block, found whitespace"));
            continue;
        }
        let below = targets.partition_point(|(target, _)| *target <= row(block.span));
        let target = targets.get(below).map_or(AnnotationTarget::Nothing, |(_, target)| *target);
        module.annotations.push(Annotation { yaml: block.yaml, span: block.span, target });
    }
    errors
}

struct Block {
    yaml: String,
    span: Span,
    /// The comment `# METADATA`.
    first: Span,
}

/// Comments from one that begins with `METADATA`, in the first column and without a line between them.
fn blocks(source: &Source, comments: &[Comment]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut last_row = None;
    for comment in comments {
        // Most comments are not in the first column, and need no place.
        let start = comment.span.start as usize;
        let in_first_column = start == 0 || source.text.as_bytes().get(start - 1) == Some(&b'\n');
        if !in_first_column {
            last_row = None;
            continue;
        }
        let begins = comment.text.trim().starts_with("METADATA");
        if !begins && last_row.is_none() {
            continue;
        }
        let row = source.position(comment.span.start).row;
        if begins {
            blocks.push(Block { yaml: String::new(), span: comment.span, first: comment.span });
            last_row = Some(row);
        } else if last_row == Some(row - 1)
            && let Some(block) = blocks.last_mut()
        {
            block.yaml.push_str(comment.text.strip_prefix(' ').unwrap_or(&comment.text));
            block.yaml.push('\n');
            block.span = block.span.to(comment.span);
            last_row = Some(row);
        } else {
            last_row = None;
        }
    }
    blocks
}
