//! What the names of a file mean outside its rules: its imports and the rules of its package.
//!
//! Also the checks that look at imports alone: duplicates, and in strict mode imports that nothing uses.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Name, RuleId};
use crate::index::IndexVec;
use crate::resolve::stage::{Reports, Stage};
use crate::resolve::text;
use crate::resolve::tree::RuleSource;
use crate::source::FileId;
use crate::syntax::ast::{self, RefOperand, TermKind};

/// The names of the rules of each package.
pub(super) type Exports = BTreeMap<Vec<Name>, Rc<BTreeSet<Name>>>;

/// What a global name stands for: a path that begins with `input` or `data`.
#[derive(Clone, Debug)]
pub(super) struct GlobalPath {
    /// `input` or `data`.
    pub(super) root: Name,
    /// The keys behind it.
    pub(super) keys: Vec<Name>,
}

#[derive(Debug)]
struct Imported {
    path: GlobalPath,
    used: Cell<bool>,
}

/// The global names of a file.
#[derive(Debug)]
pub(super) struct Globals {
    imports: BTreeMap<Name, Imported>,
    package: Vec<Name>,
    rules: Rc<BTreeSet<Name>>,
}

/// The path of a package below `data`.
pub(super) fn package_path(package: &ast::Package) -> Vec<Name> {
    package.path.iter().map(|(name, _)| name.clone()).collect()
}

/// The names of the rules of each package.
pub(super) fn exports(modules: &[(FileId, &ast::Module)], rules: &IndexVec<RuleId, RuleSource<'_>>) -> Exports {
    let mut of_module: Vec<BTreeSet<Name>> = vec![BTreeSet::new(); modules.len()];
    for rule in rules {
        of_module[rule.module].extend(rule.shape.name().cloned());
    }
    let mut names: BTreeMap<Vec<Name>, BTreeSet<Name>> = BTreeMap::new();
    for ((_, module), found) in modules.iter().zip(of_module) {
        names.entry(package_path(&module.package)).or_default().extend(found);
    }
    names.into_iter().map(|(path, names)| (path, Rc::new(names))).collect()
}

fn first_name(path: &ast::Ref) -> Option<&Name> {
    match &path.head.kind {
        TermKind::Var(name) => Some(name),
        _ => None,
    }
}

fn operand_name(operand: &RefOperand) -> Option<&Name> {
    match operand {
        RefOperand::Field(name, _) => Some(name),
        RefOperand::Index(ast::Term { kind: TermKind::String(name), .. }) => Some(name),
        RefOperand::Index(_) => None,
    }
}

/// The name that an import gives to what it imports.
fn import_name(import: &ast::Import) -> Option<&Name> {
    match (&import.alias, import.path.operands.last()) {
        (Some((alias, _)), _) => Some(alias),
        (None, Some(operand)) => operand_name(operand),
        (None, None) => first_name(&import.path),
    }
}

/// Whether an import names a document; those of `future` and `rego` change how the file is read.
fn names_document(import: &ast::Import) -> bool {
    first_name(&import.path).is_some_and(|name| &**name != "future" && &**name != "rego")
}

/// Whether `not` takes a whole body: what `import future.keywords.not` and its like say.
pub(super) fn imports_new_not(imports: &[ast::Import]) -> bool {
    imports.iter().any(|import| {
        let keys: Vec<&str> = import.path.operands.iter().filter_map(operand_name).map(|name| &**name).collect();
        match first_name(&import.path).map(|name| &**name) {
            Some("future") => keys == ["keywords"] || keys == ["keywords", "not"],
            Some("rego") => keys == ["v2"],
            _ => false,
        }
    })
}

impl Globals {
    /// The global names of a file with these imports in this package; none for a query without one.
    pub(super) fn new(package: Option<Vec<Name>>, imports: &[ast::Import], exports: &Exports) -> Self {
        let rules = package.as_ref().and_then(|path| exports.get(path)).cloned().unwrap_or_default();
        let imports = imports
            .iter()
            .filter(|import| names_document(import))
            .filter_map(|import| {
                let path = GlobalPath {
                    root: first_name(&import.path)?.clone(),
                    keys: import.path.operands.iter().filter_map(operand_name).cloned().collect(),
                };
                Some((import_name(import)?.clone(), Imported { path, used: Cell::new(false) }))
            })
            .collect();
        Self { imports, package: package.unwrap_or_default(), rules }
    }

    /// What a name stands for, if it is global. Notes that it was used.
    pub(super) fn get(&self, name: &Name) -> Option<GlobalPath> {
        if let Some(imported) = self.imports.get(name) {
            imported.used.set(true);
            return Some(imported.path.clone());
        }
        if !self.rules.contains(name) {
            return None;
        }
        let keys = self.package.iter().chain(std::iter::once(name)).cloned().collect();
        Some(GlobalPath { root: Name::from("data"), keys })
    }

    /// Reports the imports that nothing used.
    pub(super) fn report_unused(&self, imports: &[ast::Import], reports: &mut Reports) {
        for import in imports.iter().filter(|import| names_document(import)) {
            let used = import_name(import).and_then(|name| self.imports.get(name)).map(|imported| imported.used.get());
            if used == Some(false) {
                reports.recoverable(
                    Stage::UnusedImports,
                    Diagnostic::new(Code::Compile, import.span, format!("{} unused", text::import(import))),
                );
            }
        }
    }
}

/// Reports the imports whose name another import of the file has already.
pub(super) fn check_duplicates(module: &ast::Module, reports: &mut Reports) {
    let mut seen: FxHashMap<&Name, &ast::Import> = FxHashMap::default();
    for import in &module.imports {
        let Some(name) = import_name(import) else { continue };
        if let Some(earlier) = seen.get(name) {
            let message = format!("import must not shadow {}", text::import(earlier));
            reports.recoverable(Stage::DuplicateImports, Diagnostic::new(Code::Compile, import.span, message));
        } else {
            seen.insert(name, import);
        }
    }
}
