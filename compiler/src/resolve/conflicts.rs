//! Rules that cannot stand together: different kinds under one path, rules below a document, packages below rules.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Key, RuleId};
use crate::index::IndexVec;
use crate::resolve::stage::{Reports, Stage};
use crate::resolve::text;
use crate::resolve::tree::{KeyId, KeyTree, RuleSource};
use crate::source::{FileId, Name, SourceSet, Span};
use crate::syntax::ast;

/// Whether there is a value at a path.
type Holds = dyn Fn(&[Name]) -> bool + Send + Sync;

/// The base data that rules must not define as well.
#[derive(Clone)]
pub struct BaseData(Arc<Holds>);

impl BaseData {
    /// `holds` says whether there is a value at a path, or one that is no object on the way there.
    pub fn new(holds: impl Fn(&[Name]) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(holds))
    }
}

impl fmt::Debug for BaseData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BaseData")
    }
}

/// What the check reads.
pub(super) struct Conflicts<'a> {
    /// The texts, for places in messages.
    pub(super) sources: &'a SourceSet,
    /// The modules, sorted.
    pub(super) modules: &'a [(FileId, &'a ast::Module)],
    /// The heads of all rules.
    pub(super) rules: &'a IndexVec<RuleId, RuleSource<'a>>,
    /// All rules by path.
    pub(super) tree: &'a KeyTree,
    /// The base data, if rules must not define what it has.
    pub(super) base_data: Option<&'a BaseData>,
}

impl Conflicts<'_> {
    /// Reports every conflict.
    pub(super) fn check(&self, reports: &mut Reports) {
        let mut pending = vec![KeyTree::ROOT];
        while let Some(node) = pending.pop() {
            let before = reports.mark();
            self.check_node(node, reports);
            // What is below a conflict is not looked at.
            if reports.mark() == before {
                pending.extend(self.tree.nodes[node].children.values().rev());
            }
        }
        self.check_packages(reports);
        if let Some(data) = self.base_data {
            self.check_base_data(KeyTree::ROOT, &mut Vec::new(), data, reports);
        }
    }

    /// Reports the rules below a node whose path base data has too; of a path, the first rule.
    fn check_base_data(&self, node: KeyId, path: &mut Vec<Name>, data: &BaseData, reports: &mut Reports) {
        for (key, child) in &self.tree.nodes[node].children {
            let Key::String(name) = key else { continue };
            path.push(name.clone());
            match self.tree.nodes[*child].rules.first() {
                _ if !(data.0)(path) => {}
                Some(rule) => {
                    let message = format!("conflicting rule for data path {} found", path.join("/"));
                    let span = self.rules[*rule].span;
                    reports.fatal(Stage::Conflicts, Diagnostic::new(Code::Compile, span, message));
                }
                None => self.check_base_data(*child, path, data, reports),
            }
            path.pop();
        }
    }

    fn place(&self, span: Span) -> String {
        format!("{}:{}", self.sources.get(span.file).name, self.sources.position(span).row)
    }

    fn check_node(&self, id: KeyId, reports: &mut Reports) {
        let node = &self.tree.nodes[id];
        let members: Vec<&RuleSource<'_>> = node.rules.iter().map(|rule| &self.rules[*rule]).collect();
        let (Some(first), Some(last)) = (members.first(), members.last()) else { return };
        let name = || last.path_text();
        let report = |reports: &mut Reports, span, message| {
            reports.fatal(Stage::Conflicts, Diagnostic::new(Code::Type, span, message));
        };
        let below = self.conflicting_below(id, &members);
        if !below.is_empty() {
            let list: String =
                below.iter().map(|(path, rule)| format!("\n  rule {path} at {}", self.place(rule.span))).collect();
            report(reports, first.span, format!("rule {} conflicts with:{list}", name()));
            return;
        }
        if kinds_differ(&members) {
            report(reports, first.span, format!("conflicting rules {} found", name()));
            return;
        }
        let defaults: Vec<&&RuleSource<'_>> = members.iter().filter(|rule| rule.rule.default).collect();
        if let [first_default, _, ..] = defaults.as_slice() {
            let places: Vec<String> = defaults.iter().map(|rule| self.place(rule.span)).collect();
            let package = self.modules[first_default.module].1.package.span;
            report(reports, package, format!("multiple default rules {} found at {}", name(), places.join(", ")));
        }
    }

    /// The rules below a document, or the functions below a rule with variables.
    fn conflicting_below<'r>(&'r self, id: KeyId, members: &[&RuleSource<'_>]) -> Vec<(String, &'r RuleSource<'r>)> {
        let node = &self.tree.nodes[id];
        if node.children.is_empty() {
            return Vec::new();
        }
        let any_ground = members.iter().any(|rule| rule.shape.is_ground());
        let mut found: Vec<(String, &RuleSource<'_>)> = Vec::new();
        let mut pending: Vec<KeyId> = node.children.values().rev().copied().collect();
        while let Some(below) = pending.pop() {
            let rules = self.tree.nodes[below].rules.iter().map(|rule| &self.rules[*rule]);
            let conflicting: Vec<_> = rules.filter(|rule| any_ground || !rule.shape.params.is_empty()).collect();
            found.extend(conflicting.iter().map(|rule| (rule.path_text(), *rule)));
            pending.extend(self.tree.nodes[below].children.values().rev());
        }
        // Of rules of one path the first is named; paths below a named one are not.
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let mut named: Option<String> = None;
        found.retain(|(path, _)| {
            let rest = named.as_ref().and_then(|name| path.strip_prefix(name.as_str()));
            let covered = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || rest.starts_with('['));
            if !covered {
                named = Some(path.clone());
            }
            !covered
        });
        found
    }

    /// Reports packages whose path is that of a rule of another file.
    fn check_packages(&self, reports: &mut Reports) {
        for (id, rule) in self.rules.enumerate() {
            let Some(node) = self.tree.place(id).filter(|_| rule.shape.is_ground()) else { continue };
            let (_, module) = self.modules[rule.module];
            for other in &self.tree.nodes[node].modules {
                let package = &self.modules[*other].1.package;
                let message = format!(
                    "package {} conflicts with rule {} defined at {}",
                    package_text(package),
                    rule.shape.text(String::new()),
                    self.place(rule.span)
                );
                reports.fatal(Stage::Conflicts, Diagnostic::new(Code::Type, module.package.span, message));
            }
        }
    }
}

/// The path of a package as its clause writes it.
fn package_text(package: &ast::Package) -> String {
    match super::imports::package_path(package).as_slice() {
        [first, rest @ ..] => text::path(first, rest),
        [] => String::new(),
    }
}

/// Whether rules of one path make different things: documents and functions, values and sets, other counts of parameters.
fn kinds_differ(members: &[&RuleSource<'_>]) -> bool {
    let kinds: BTreeSet<bool> = members.iter().map(|rule| rule.shape.element.is_some()).collect();
    let arities: BTreeSet<usize> = members.iter().map(|rule| rule.shape.params.len()).collect();
    let is_complete = |rule: &&&RuleSource<'_>| rule.shape.element.is_none() && rule.shape.is_ground();
    let complete = members.iter().filter(is_complete).count();
    let sets: BTreeSet<bool> =
        members.iter().filter(|rule| rule.shape.element.is_some()).map(|rule| rule.shape.is_ground()).collect();
    kinds.len() > 1 || arities.len() > 1 || (complete > 0 && complete < members.len()) || sets.len() > 1
}
