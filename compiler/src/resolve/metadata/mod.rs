//! What the metadata blocks of all files say about rules and packages: constants for `rego.metadata` calls, and the documents
//! marked as entrypoints.
//!
//! OPA reads blocks while it parses; their faults are parse errors here, too. Schemas in them are kept as values, not compiled.

mod block;
mod json;

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Key, Name, RuleId, SchemaUse, Term, TermKind};
use crate::index::IndexVec;
use crate::resolve::head::Part;
use crate::resolve::stage::{Reports, Stage};
use crate::resolve::tree::RuleSource;
use crate::source::{FileId, SourceSet, Span};
use crate::syntax::ast::{self, AnnotationTarget};

use block::Block;
use json::Json;

/// A path of scalars below `data`.
type KeyPath = Vec<Key>;

/// A block with the path of what it stands before.
#[derive(Debug)]
struct Placed {
    block: Block,
    path: KeyPath,
    span: Span,
}

/// What a block is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Rule,
    Document,
    Package,
    Subpackages,
}

impl Scope {
    fn named(name: &str) -> Option<Self> {
        match name {
            "rule" => Some(Self::Rule),
            "document" => Some(Self::Document),
            "package" => Some(Self::Package),
            "subpackages" => Some(Self::Subpackages),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Document => "document",
            Self::Package => "package",
            Self::Subpackages => "subpackages",
        }
    }
}

/// The metadata of all files.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    placed: Vec<Placed>,
    /// The blocks of each rule, in the order of the text; by module and place in it.
    of_rules: BTreeMap<(usize, usize), Vec<usize>>,
    /// The block of each package.
    of_packages: BTreeMap<KeyPath, usize>,
    /// The blocks of documents, and of packages with all below them.
    of_paths: BTreeMap<KeyPath, usize>,
    /// The paths marked as entrypoints, in the order of files and lines.
    entrypoints: Vec<Vec<Name>>,
}

/// The scalar beginning of a rule's path.
fn rule_path(source: &RuleSource<'_>) -> KeyPath {
    let package = source.package.iter().cloned().map(Key::String);
    package.chain(source.shape.parts.iter().map_while(Part::key)).collect()
}

/// The faults of the metadata blocks of a module that is not resolved, because something else is wrong with it.
#[must_use]
pub fn metadata_faults(sources: &SourceSet, module: &ast::Module) -> Vec<Diagnostic> {
    module.annotations.iter().filter_map(|block| block::read(sources, block).err()).map(|fault| *fault).collect()
}

impl Metadata {
    /// Reads all blocks. Reports those that are faulty, stand in the wrong place, or come twice.
    pub(super) fn read(
        sources: &SourceSet,
        modules: &[(FileId, &ast::Module)],
        rules: &IndexVec<RuleId, RuleSource<'_>>,
        reports: &mut Reports,
    ) -> Self {
        let mut metadata = Self::default();
        if modules.iter().all(|(_, module)| module.annotations.is_empty()) {
            return metadata;
        }
        let first_bodies: BTreeMap<(usize, usize), &RuleSource<'_>> = rules
            .iter()
            .filter(|source| source.chained.is_none())
            .map(|source| ((source.module, source.index), source))
            .collect();
        for (module_index, (_, module)) in modules.iter().enumerate() {
            for annotation in &module.annotations {
                match block::read(sources, annotation) {
                    Ok(block) => {
                        let rule = match annotation.target {
                            AnnotationTarget::Rule(at) => first_bodies.get(&(module_index, at)).copied(),
                            _ => None,
                        };
                        metadata.place(sources, module, annotation, block, rule, reports);
                    }
                    Err(error) => reports.fatal(Stage::Metadata, *error),
                }
            }
        }
        metadata
    }

    fn place(
        &mut self,
        sources: &SourceSet,
        module: &ast::Module,
        annotation: &ast::Annotation,
        mut block: Block,
        rule: Option<&RuleSource<'_>>,
        reports: &mut Reports,
    ) {
        let span = annotation.span;
        let (word, default) = match annotation.target {
            AnnotationTarget::Rule(_) if block.entrypoint => ("rule", "document"),
            AnnotationTarget::Rule(_) => ("rule", "rule"),
            AnnotationTarget::Package => ("package", "package"),
            AnnotationTarget::Import(_) => ("import", "import"),
            AnnotationTarget::Nothing => ("", ""),
        };
        let name = block.scope.get_or_insert_with(|| Name::from(default)).clone();
        let mut refuse = |message: String| {
            reports.fatal(Stage::Metadata, Diagnostic::new(Code::Parse, span, message));
        };
        let Some(scope) = Scope::named(&name) else {
            refuse(format!(
                "invalid annotation scope '{name}'. Use one of 'rule', 'document', 'package', or 'subpackages'"
            ));
            return;
        };
        let wanted = if matches!(scope, Scope::Rule | Scope::Document) { "rule" } else { "package" };
        if word != wanted {
            let have = if word.is_empty() { String::new() } else { format!(" (have {word})") };
            refuse(format!("annotation scope '{name}' must be applied to {wanted}{have}"));
        }
        if block.entrypoint && !matches!(scope, Scope::Document | Scope::Package) {
            refuse(format!("annotation entrypoint applied to non-document or package scope '{name}'"));
        }
        let path = match rule {
            Some(rule) => rule_path(rule),
            None => module.package.path.iter().map(|(name, _)| Key::String(name.clone())).collect(),
        };
        self.add(sources, scope, Placed { block, path, span }, rule, reports);
    }

    fn add(
        &mut self,
        sources: &SourceSet,
        scope: Scope,
        placed: Placed,
        rule: Option<&RuleSource<'_>>,
        reports: &mut Reports,
    ) {
        if placed.block.entrypoint {
            let names = placed.path.iter().map_while(|key| match key {
                Key::String(name) => Some(name.clone()),
                _ => None,
            });
            self.entrypoints.push(names.collect());
        }
        let at = self.placed.len();
        let path = placed.path.clone();
        let span = placed.span;
        self.placed.push(placed);
        let taken = match scope {
            Scope::Rule => {
                if let Some(rule) = rule {
                    self.of_rules.entry((rule.module, rule.index)).or_default().push(at);
                }
                None
            }
            Scope::Package => self.of_packages.insert(path, at),
            Scope::Document | Scope::Subpackages => self.of_paths.insert(path, at),
        };
        if let Some(earlier) = taken {
            let earlier = self.placed[earlier].span;
            let place = format!("{}:{}", sources.get(earlier.file).name, sources.position(earlier).row);
            let message = format!("{} annotation redeclared: {place}", scope.name());
            reports.fatal(Stage::Annotations, Diagnostic::new(Code::Type, span, message));
        }
    }

    /// The paths marked as entrypoints.
    pub(super) fn entrypoints(&self) -> &[Vec<Name>] {
        &self.entrypoints
    }

    /// The blocks of the rules at each path, and of their document, in the order of files and lines, each as a text of JSON.
    pub(super) fn of_documents(&self) -> BTreeMap<Vec<Name>, Vec<String>> {
        let mut documents: BTreeMap<Vec<Name>, Vec<String>> = BTreeMap::new();
        for Placed { block, path, .. } in &self.placed {
            let names = path.iter().map(|key| if let Key::String(name) = key { Some(name.clone()) } else { None });
            if let Some(path) = names.collect::<Option<_>>() {
                documents.entry(path).or_default().push(block.json().to_text());
            }
        }
        documents
    }

    /// What `rego.metadata.rule()` gives in a rule.
    pub(super) fn of_rule(&self, source: &RuleSource<'_>, is_branch: bool, span: Span) -> Term {
        match self.blocks_of(source, is_branch).first() {
            Some(at) => self.placed[*at].block.json().to_term(span),
            None => Term { kind: TermKind::Object(Vec::new()), span },
        }
    }

    /// What `rego.metadata.chain()` gives in a rule: the rule with its blocks, nearest first, then those of its document, of its
    /// package and of the packages around that.
    pub(super) fn chain(&self, source: &RuleSource<'_>, is_branch: bool, span: Span) -> Term {
        let path = rule_path(source);
        let own = self.blocks_of(source, is_branch);
        let mut links: Vec<Term> =
            own.iter().rev().map(|at| link(&path, Some(&self.placed[*at].block), span)).collect();
        if links.is_empty() {
            links.push(link(&path, None, span));
        }
        let package: KeyPath = source.package.iter().cloned().map(Key::String).collect();
        let around = (0..=package.len()).rev().filter_map(|length| self.of_paths.get(&package[..length]));
        let further = self.of_paths.get(&path).into_iter().chain(self.of_packages.get(&package)).chain(around);
        links.extend(further.map(|at| link(&self.placed[*at].path, Some(&self.placed[*at].block), span)));
        Term { kind: TermKind::Array(links), span }
    }

    /// The schemas that count while a rule is checked: those of the packages around it, of its package, of its document, its own.
    pub(super) fn schemas(&self, source: &RuleSource<'_>) -> Vec<SchemaUse> {
        let path = rule_path(source);
        let package: KeyPath = source.package.iter().cloned().map(Key::String).collect();
        let around = (0..=package.len()).filter_map(|length| self.of_paths.get(&package[..length]));
        let further = around.chain(self.of_packages.get(&package)).chain(self.of_paths.get(&path));
        let own = self.blocks_of(source, false);
        let blocks = further.map(|at| (*at, false)).chain(own.iter().map(|at| (*at, true)));
        let schemas = blocks.flat_map(|(at, only_first)| {
            let schemas = self.placed[at].block.schemas().into_iter();
            schemas.map(move |(path, schema)| SchemaUse { path, schema, only_first })
        });
        schemas.collect()
    }

    /// Whether there is any block.
    pub(super) fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }

    /// The blocks of a rule. An `else` branch and a chained body have none.
    fn blocks_of(&self, source: &RuleSource<'_>, is_branch: bool) -> &[usize] {
        if is_branch || source.chained.is_some() {
            return &[];
        }
        self.of_rules.get(&(source.module, source.index)).map_or(&[], Vec::as_slice)
    }
}

fn link(path: &[Key], block: Option<&Block>, span: Span) -> Term {
    let string = |text: &str| Term { kind: TermKind::String(Name::from(text)), span };
    let path = Term { kind: TermKind::Array(path.iter().map(|key| key.clone().term(span)).collect()), span };
    let mut items = vec![(string("path"), path)];
    items.extend(block.map(|block| (string("annotations"), block.json().to_term(span))));
    Term { kind: TermKind::Object(items), span }
}

/// Terms of JSON values.
impl Json {
    fn to_term(&self, span: Span) -> Term {
        let kind = match self {
            Self::Null => TermKind::Null,
            Self::Boolean(value) => TermKind::Boolean(*value),
            Self::Number(number) => TermKind::Number(number.clone()),
            Self::String(text) => TermKind::String(text.clone()),
            Self::Array(items) => TermKind::Array(items.iter().map(|item| item.to_term(span)).collect()),
            Self::Object(items) => TermKind::Object(
                items
                    .iter()
                    .map(|(key, value)| (Term { kind: TermKind::String(key.clone()), span }, value.to_term(span)))
                    .collect(),
            ),
        };
        Term { kind, span }
    }
}
