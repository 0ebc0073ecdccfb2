//! Policies without the rules that a module stands for: what OPA leaves of the texts in a bundle with a module. OPA asks a module only for
//! documents that no rule makes.

use std::collections::BTreeSet;

use crate::capabilities::Capabilities;
use crate::hir::{Key, Name};
use crate::resolve::entrypoints::path_of;
use crate::resolve::head::Shape;
use crate::resolve::imports::package_path;
use crate::source::{FileId, SourceSet, Span};
use crate::syntax::ast::{AnnotationTarget, Import, Module, Ref, RefOperand, Rule, Term, TermKind};
use crate::syntax::{ParseOptions, parse_module, print};

/// The texts of files without the rules of some documents, given as names of entrypoints; none for files that hold no such rule and lie in no
/// package of one. What is left still reads: it imports the documents that were rules of its package. Comments are lost, as in OPA, but for
/// metadata of what is left.
#[must_use]
pub fn prune(
    sources: &SourceSet,
    files: &[FileId],
    documents: &[String],
    capabilities: &Capabilities,
) -> Vec<Option<String>> {
    let documents: BTreeSet<Vec<Name>> = documents.iter().map(|name| path_of(name)).collect();
    let parse = ParseOptions { capabilities };
    let mut modules: Vec<Option<Module>> = files.iter().map(|file| parse_module(sources, *file, &parse).0).collect();
    let mut pruned = BTreeSet::new();
    for module in modules.iter_mut().flatten() {
        pruned.extend(take_rules(module, &documents));
    }
    let text = |mut module: Module| {
        let package = package_path(&module.package);
        let own: Vec<&Name> = pruned.iter().filter(|(of, _)| *of == package).map(|(_, name)| name).collect();
        own.iter().for_each(|name| add_import(&mut module, &package, name));
        (!own.is_empty()).then(|| print::module(&module))
    };
    modules.into_iter().map(|module| module.and_then(text)).collect()
}

/// The package of a file that can be read, and the documents that its rules make.
#[must_use]
pub fn documents(
    sources: &SourceSet,
    file: FileId,
    capabilities: &Capabilities,
) -> Option<(Vec<Name>, Vec<Vec<Name>>)> {
    let module = parse_module(sources, file, &ParseOptions { capabilities }).0?;
    let package = package_path(&module.package);
    let rules = module.rules.iter().filter_map(|rule| document(&package, rule)).collect();
    Some((package, rules))
}

/// The path that the beginning of a rule's head leads to; none when a number or the like is part of it.
fn document(package: &[Name], rule: &Rule) -> Option<Vec<Name>> {
    let shape = Shape::of(rule);
    let ground = shape.parts.iter().take(shape.ground).map(|part| match part.key() {
        Some(Key::String(name)) => Some(name),
        _ => None,
    });
    package.iter().cloned().map(Some).chain(ground).collect()
}

/// Takes the rules of some documents out of a module, with their metadata. Answers their package and first names.
fn take_rules(module: &mut Module, documents: &BTreeSet<Vec<Name>>) -> BTreeSet<(Vec<Name>, Name)> {
    let package = package_path(&module.package);
    let (mut pruned, mut places, mut rules) = (BTreeSet::new(), Vec::new(), Vec::new());
    for rule in std::mem::take(&mut module.rules) {
        let path = document(&package, &rule).filter(|path| documents.contains(path));
        places.push(path.is_none().then_some(rules.len()));
        match path.and_then(|path| path.get(package.len()).cloned()) {
            Some(name) => drop(pruned.insert((package.clone(), name))),
            None => rules.push(rule),
        }
    }
    module.rules = rules;
    module.annotations.retain_mut(|annotation| match annotation.target {
        AnnotationTarget::Rule(at) => {
            let place = places.get(at).copied().flatten();
            annotation.target = place.map_or(AnnotationTarget::Nothing, AnnotationTarget::Rule);
            place.is_some()
        }
        _ => true,
    });
    pruned
}

/// Imports a document of the module's own package, unless something else has its name.
fn add_import(module: &mut Module, package: &[Name], name: &Name) {
    let is_taken = |import: &Import| match (&import.alias, import.path.operands.last()) {
        (Some((alias, _)), _) => alias == name,
        (None, Some(RefOperand::Field(last, _))) => last == name,
        (None, Some(RefOperand::Index(term))) => matches!(&term.kind, TermKind::String(last) if last == name),
        (None, None) => false,
    };
    if module.imports.iter().any(is_taken) {
        return;
    }
    let span = Span { file: module.span.file, start: module.span.start, end: module.span.start };
    let head = Term { kind: TermKind::Var(Name::from("data")), span };
    let operands = package.iter().chain([name]).map(|name| RefOperand::Field(name.clone(), span)).collect();
    module.imports.push(Import { path: Ref { head, operands, span }, alias: None, span });
}
