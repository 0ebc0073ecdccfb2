//! The test rules of a policy: the rules that `regoc test` runs, by the names that OPA gives them (`v1/tester/runner.go`).
//!
//! Works on the trees as written, before anything is resolved: each rule of a test is a test of its own, so those that share a name
//! get names of their own (`test_x#01`). Does not choose which of the tests run, and evaluates nothing.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::head::{Part, Shape};
use super::text;
use crate::hir::Name;
use crate::source::{FileId, SourceSet, Span};
use crate::syntax::ast::{self, RefOperand, TermKind};

/// What the name of a test begins with.
const TEST_PREFIX: &str = "test_";

/// What the name of a test begins with that is listed but not run.
const SKIPPED_PREFIX: &str = "todo_test_";

/// A rule that is a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestRule {
    /// The rule.
    pub span: Span,
    /// The package, such as `data.example_test`.
    pub package: String,
    /// The name below the package, such as `test_allow` or `inner.test_allow`.
    pub name: String,
    /// Package and name as one reference, which the filter of OPA's `--run` is matched with.
    pub reference: String,
    /// The path below `data`.
    pub path: Vec<Name>,
    /// What becomes of it.
    pub kind: TestKind,
}

impl TestRule {
    /// Whether there is something to ask.
    #[must_use]
    pub const fn runs(&self) -> bool {
        matches!(self.kind, TestKind::Single | TestKind::Cases)
    }
}

/// What becomes of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// It passes when its value is `true`.
    Single,
    /// Its value is an object with a result for each case (`test_x[name] if …`).
    Cases,
    /// It is listed but not run (`todo_test_…`).
    Skipped,
    /// It is a function, which OPA calls an error.
    Function,
}

/// Which tests of a policy run.
#[derive(Clone)]
pub struct TestSelection(Arc<Selects>);

/// Whether a test runs.
type Selects = dyn Fn(&TestRule) -> bool + Send + Sync;

impl TestSelection {
    /// The tests for which a function says so.
    pub fn new(selects: impl Fn(&TestRule) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(selects))
    }
}

impl Default for TestSelection {
    fn default() -> Self {
        Self::new(|_| true)
    }
}

impl fmt::Debug for TestSelection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TestSelection")
    }
}

/// Where the name of a test stands in a path below `data`: the first name of the rule that begins like one.
pub(super) fn name_in(path: &[Name], package: usize) -> Option<usize> {
    path.iter().enumerate().skip(package).find(|(_, name)| name.starts_with(TEST_PREFIX)).map(|(index, _)| index)
}

/// Finds the tests of all modules, in the order of files and lines, and gives rules that share a name names of their own.
pub(crate) fn find(
    sources: &SourceSet,
    modules: &mut [(FileId, ast::Module)],
    selection: &TestSelection,
) -> Vec<TestRule> {
    let mut order: Vec<&mut (FileId, ast::Module)> = modules.iter_mut().collect();
    order.sort_by(|(a, _), (b, _)| sources.get(*a).name.cmp(&sources.get(*b).name));
    let mut tests = Vec::new();
    let mut seen = FxHashMap::default();
    for (_, module) in order {
        let package: Vec<Name> = module.package.path.iter().map(|(name, _)| name.clone()).collect();
        let mut added = Vec::new();
        for rule in &mut module.rules {
            let Some(part) = test_part(rule) else { continue };
            // Each further body of a v0 rule is a rule.
            let bodies = rule.chained.drain(..).zip(rule.chained_spans.drain(..)).collect::<Vec<_>>();
            let whole = (!bodies.is_empty()).then(|| rule.clone());
            tests.extend(test_of(rule, part, &package, &mut seen));
            for (body, span) in bodies {
                let Some(mut chained) = whole.clone() else { continue };
                chained.body = Some(body);
                chained.span = span;
                chained.branches.clear();
                tests.extend(test_of(&mut chained, part, &package, &mut seen));
                added.push(chained);
            }
        }
        module.rules.append(&mut added);
    }
    tests.retain(|test| (selection.0)(test));
    tests
}

/// Which part of a rule's path makes it a test.
fn test_part(rule: &ast::Rule) -> Option<usize> {
    let shape = Shape::of(rule);
    shape.parts.iter().take(shape.ground).position(|part| {
        part_name(part).is_some_and(|name| name.starts_with(TEST_PREFIX) || name.starts_with(SKIPPED_PREFIX))
    })
}

fn part_name<'a>(part: &Part<'a>) -> Option<&'a Name> {
    match part {
        Part::Name(name) => Some(name),
        Part::Index(term) => match &term.kind {
            TermKind::String(name) => Some(name),
            _ => None,
        },
    }
}

fn test_of(
    rule: &mut ast::Rule,
    part: usize,
    package: &[Name],
    seen: &mut FxHashMap<Vec<Name>, usize>,
) -> Option<TestRule> {
    let shape = Shape::of(rule);
    let mut names: Vec<Name> = shape.parts.get(..=part)?.iter().filter_map(part_name).cloned().collect();
    if names.len() != part + 1 {
        // A key before the name is no text: no path leads there.
        return None;
    }
    let is_function = rule.head.params.is_some();
    let mut kind = if shape.is_ground() || shape.element.is_some() { TestKind::Single } else { TestKind::Cases };
    if is_function {
        kind = TestKind::Function;
    }
    let own = names.last()?.clone();
    if own.starts_with(SKIPPED_PREFIX) {
        kind = TestKind::Skipped;
    } else {
        let path: Vec<Name> = package.iter().chain(&names).cloned().collect();
        let count = seen.entry(path).or_insert(0);
        if *count > 0 {
            let name = Name::from(format!("{own}#{count:02}"));
            *names.last_mut()? = name.clone();
            rename(&mut rule.head.reference, part, name);
        }
        *count += 1;
    }
    let (first, rest) = names.split_first()?;
    let path: Vec<Name> = package.iter().chain(&names).cloned().collect();
    Some(TestRule {
        span: rule.span,
        package: text::path("data", package),
        name: text::path(first, rest),
        reference: text::path("data", &path),
        path,
        kind,
    })
}

/// Gives a part of a head's path another name.
fn rename(head: &mut ast::Ref, part: usize, name: Name) {
    match part.checked_sub(1) {
        None => head.head.kind = TermKind::Var(name),
        Some(operand) => match head.operands.get_mut(operand) {
            Some(RefOperand::Field(old, _)) => *old = name,
            Some(RefOperand::Index(term)) => term.kind = TermKind::String(name),
            None => {}
        },
    }
}
