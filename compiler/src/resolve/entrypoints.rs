//! Which documents the module answers for: those named, those that metadata marks, or every package and rule.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::dependencies::Dependencies;
use crate::hir::{Entrypoint, Key, Name, NodeId, Program, RuleKind, RuleSetId, Tree};
use crate::resolve::EntrypointSelection;
use crate::resolve::metadata::Metadata;

/// How many similar names an error lists.
const SIMILAR_NAMES: usize = 3;

/// What can be chosen from.
struct Documents {
    /// The paths of the documents that rules make, without functions, by package.
    rules: BTreeMap<Vec<Name>, Vec<Vec<Name>>>,
    /// The paths of the functions.
    functions: BTreeSet<Vec<Name>>,
    /// The packages.
    packages: BTreeSet<Vec<Name>>,
}

impl Documents {
    fn of(program: &Program, packages: BTreeSet<Vec<Name>>) -> Self {
        let mut rules: BTreeMap<Vec<Name>, Vec<Vec<Name>>> = BTreeMap::new();
        let mut functions = BTreeSet::new();
        for set in &program.sets {
            let path = program.tree.names(set.node);
            if matches!(set.kind, RuleKind::Function(_)) {
                functions.insert(path);
                continue;
            }
            let first = set.rules.first().or(set.default.as_ref()).map(|rule| &program.rules[*rule]);
            let package = first.map_or(0, |rule| rule.package).min(path.len());
            let package = path.get(..package).unwrap_or_default().to_vec();
            let documents = rules.entry(package).or_default();
            // Documents below a key that is no name are part of one that has a name.
            if documents.last() != Some(&path) {
                documents.push(path);
            }
        }
        Self { rules, functions, packages }
    }

    /// Every package, each followed by its rules. One without rules that lies in the document of a rule is none that can be asked for.
    fn all(&self, program: &Program) -> Vec<Vec<Name>> {
        let mut all = Vec::new();
        for package in &self.packages {
            let rules = self.rules_of(package);
            if !rules.is_empty() || !matches!(reached(program, package), Reached::Rules(_)) {
                all.push(package.clone());
            }
            all.extend(rules.iter().cloned());
        }
        all
    }

    fn rules_of(&self, package: &[Name]) -> &[Vec<Name>] {
        self.rules.get(package).map_or(&[], Vec::as_slice)
    }
}

/// A path as the name of an entrypoint. A slash in a name is escaped, as OPA does it (`Ref.Ptr`).
fn name_of(path: &[Name]) -> String {
    let names: Vec<String> = path.iter().map(|name| name.replace('/', SLASH)).collect();
    names.join("/")
}

/// A slash in a name.
const SLASH: &str = "%2F";

/// The path that a name stands for: `a/b` or `a.b`.
pub(super) fn path_of(name: &str) -> Vec<Name> {
    let separator = if name.contains('/') { '/' } else { '.' };
    let parts = name.split(separator).filter(|part| !part.is_empty());
    parts.map(|part| Name::from(part.replace(SLASH, "/").as_str())).collect()
}

/// Chooses the entrypoints. `packages` are the paths of all packages; metadata marks some documents.
pub(super) fn choose(
    program: &Program,
    packages: BTreeSet<Vec<Name>>,
    selection: &EntrypointSelection,
    metadata: &Metadata,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Entrypoint> {
    if let Some(tests) = &selection.tests {
        let entrypoint =
            |path: &Vec<Name>| Entrypoint { name: name_of(path), path: path.clone(), annotations: Vec::new() };
        return tests.iter().map(entrypoint).collect();
    }
    let documents = Documents::of(program, packages);
    let mut chosen: Vec<(String, Vec<Name>)> = Vec::new();
    for name in &selection.names {
        match select(program, &documents, selection, name) {
            Ok(mut paths) => chosen.append(&mut paths),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    if selection.annotated {
        chosen.extend(metadata.entrypoints().iter().map(|path| (name_of(path), path.clone())));
    }
    if chosen.is_empty() && selection.names.is_empty() {
        chosen.extend(documents.all(program).into_iter().map(|path| (name_of(&path), path)));
    }
    if selection.dependents {
        let needing = needing(program, chosen.iter().map(|(_, path)| path.as_slice()));
        chosen.extend(needing.into_iter().map(|path| (name_of(&path), path)));
    }
    let mut seen = BTreeSet::new();
    chosen.retain(|(_, path)| seen.insert(path.clone()));
    let mut annotations = metadata.of_documents();
    annotations.retain(|path, _| !documents.packages.contains(path));
    let mut of = |path: &Vec<Name>| annotations.remove(path).unwrap_or_default();
    chosen.into_iter().map(|(name, path)| Entrypoint { annotations: of(&path), name, path }).collect()
}

/// The documents whose rules need some of the given ones. Functions among them are no documents.
fn needing<'p>(program: &Program, paths: impl Iterator<Item = &'p [Name]>) -> BTreeSet<Vec<Name>> {
    let rules = Dependencies::of(program).needing(paths);
    let rules = rules.into_iter().map(|rule| &program.rules[rule]);
    rules
        .filter(|rule| !matches!(program.sets[rule.set].kind, RuleKind::Function(_)))
        .map(|rule| {
            let path = program.tree.path(program.sets[rule.set].node).into_iter().map(Some);
            path.chain(rule.suffix.iter().map(Key::of)).map_while(|key| key?.name().cloned()).collect()
        })
        .collect()
}

fn select(
    program: &Program,
    documents: &Documents,
    selection: &EntrypointSelection,
    name: &str,
) -> Result<Vec<(String, Vec<Name>)>, Box<Diagnostic>> {
    let mut path = path_of(name);
    if path.last().is_some_and(|last| &**last == "*") {
        path.pop();
        let rules: Vec<_> = documents.rules_of(&path).iter().map(|path| (name_of(path), path.clone())).collect();
        if rules.is_empty() {
            return Err(not_found(name, documents.packages.iter().map(|path| format!("{}/*", name_of(path)))));
        }
        return Ok(rules);
    }
    if documents.functions.contains(&path) {
        let message = format!("entrypoint \"{name}\" is a function");
        let diagnostic = Diagnostic::without_place(Code::Compile, message);
        return Err(Box::new(diagnostic.with_help("a function has no value of its own; name a rule that calls it")));
    }
    let known = reaches_document(program, &path)
        || documents.packages.contains(&path)
        || selection.base_documents.iter().any(|base| path.starts_with(base) || base.starts_with(&path));
    if known {
        // The name of an entrypoint is its path with slashes, however it was given.
        return Ok(vec![(name_of(&path), path)]);
    }
    let candidates = documents.packages.iter().chain(documents.rules.values().flatten()).map(|path| name_of(path));
    Err(not_found(name, candidates))
}

/// Where a path leads.
enum Reached {
    /// Into what these rules make.
    Rules(RuleSetId),
    /// To a node of the tree.
    Node,
    /// Nowhere.
    Nothing,
}

fn reached(program: &Program, path: &[Name]) -> Reached {
    let mut node: NodeId = Tree::ROOT;
    for name in path {
        if let Some(set) = program.tree.nodes[node].set {
            return Reached::Rules(set);
        }
        let Some(child) = program.tree.child(node, name) else { return Reached::Nothing };
        node = child;
    }
    Reached::Node
}

/// Whether a path leads to a node of the tree or into the document of a rule.
fn reaches_document(program: &Program, path: &[Name]) -> bool {
    match reached(program, path) {
        Reached::Rules(set) => !matches!(program.sets[set].kind, RuleKind::Function(_)),
        Reached::Node => true,
        Reached::Nothing => false,
    }
}

fn not_found(name: &str, candidates: impl Iterator<Item = String>) -> Box<Diagnostic> {
    let mut similar: Vec<(usize, String)> =
        candidates.map(|candidate| (distance(name, &candidate), candidate)).collect();
    similar.sort();
    similar.dedup();
    let names: Vec<String> = similar.into_iter().take(SIMILAR_NAMES).map(|(_, name)| name).collect();
    let mut diagnostic = Diagnostic::without_place(
        Code::Compile,
        format!("entrypoint \"{name}\" does not refer to a rule or policy decision"),
    );
    if !names.is_empty() {
        diagnostic = diagnostic.with_help(format!("similar names: {}", names.join(", ")));
    }
    Box::new(diagnostic)
}

/// The count of single-character changes that turn one text into the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, from_character) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, to_character) in to.iter().enumerate() {
            let substituted = diagonal + usize::from(from_character != *to_character);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
