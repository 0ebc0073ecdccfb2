//! Makes messages of what is unsafe, as OPA words and places them.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::diagnostic::{Code, Diagnostic};
use crate::hir::text::rule_name;
use crate::hir::{Local, LocalId, LocalOrigin, Program, RuleId};
use crate::index::IndexVec;
use crate::source::{FileId, SourceSet, Span};

/// Names that are keywords only once they are imported.
const FUTURE_KEYWORDS: &[&str] = &["and", "contains", "every", "if", "in", "not", "or"];

/// Turns findings into diagnostics.
pub(super) struct Reporter<'a> {
    program: &'a Program,
    sources: &'a SourceSet,
    /// The rows that hold rules of more than one name; found when the first message needs them.
    shared_rows: Option<BTreeSet<(FileId, u32)>>,
}

impl<'a> Reporter<'a> {
    /// A reporter for one program.
    pub(super) fn new(program: &'a Program, sources: &'a SourceSet) -> Self {
        Self { program, sources, shared_rows: None }
    }

    /// Reports the variables of heads that nothing binds. Whether there was one: OPA then looks at no body.
    pub(super) fn report_heads(&mut self, finding: &Finding, diagnostics: &mut Vec<Diagnostic>) -> bool {
        let Some(locals) = self.locals(finding) else { return false };
        let scope = if finding.heads.is_empty() { String::new() } else { self.scope(finding) };
        let before = diagnostics.len();
        for (local, span) in &finding.heads {
            if let Some(name) = name(locals, *local) {
                diagnostics.push(unsafe_var(name, *span, &scope, ""));
            }
        }
        diagnostics.len() > before
    }

    /// Reports what is unsafe in the body of one rule, branch or query.
    pub(super) fn report_body(&mut self, finding: &Finding, diagnostics: &mut Vec<Diagnostic>) {
        if finding.exprs.is_empty() {
            return;
        }
        let Some(locals) = self.locals(finding) else { return };
        let scope = self.scope(finding);
        if !report_vars(finding, locals, &scope, diagnostics) {
            report_exprs(finding, locals, &scope, diagnostics);
        }
    }

    fn locals(&self, finding: &Finding) -> Option<&'a IndexVec<LocalId, Local>> {
        match finding.rule {
            Some(rule) => Some(&self.program.rules[rule].locals),
            None => self.program.query.as_ref().map(|query| &query.locals),
        }
    }

    /// What says which rule is meant where the row alone does not.
    fn scope(&mut self, finding: &Finding) -> String {
        let (Some(rule), Some(span)) = (finding.rule, finding.span) else { return String::new() };
        let row = (span.file, self.sources.position(span).row);
        let (program, sources) = (self.program, self.sources);
        let shared = self.shared_rows.get_or_insert_with(|| shared_rows(program, sources));
        if shared.contains(&row) { format!(" in rule {}", rule_name(program, rule)) } else { String::new() }
    }
}

/// The rows that hold rules of more than one name.
fn shared_rows(program: &Program, sources: &SourceSet) -> BTreeSet<(FileId, u32)> {
    let mut first: BTreeMap<(FileId, u32), RuleId> = BTreeMap::new();
    let mut shared = BTreeSet::new();
    for (id, rule) in program.rules.enumerate() {
        for span in std::iter::once(rule.span).chain(rule.branches.iter().map(|branch| branch.span)) {
            let row = (span.file, sources.position(span).row);
            let other = *first.entry(row).or_insert(id);
            if other != id && rule_name(program, other) != rule_name(program, id) {
                shared.insert(row);
            }
        }
    }
    shared
}

/// Reports each unsafe variable that has a name, at the first statement that lacks it. Whether there was one.
///
/// A variable that `:=` would bind is only named when there is nothing else to name: it is unsafe because the right
/// side is.
fn report_vars(
    finding: &Finding,
    locals: &IndexVec<LocalId, Local>,
    scope: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let mut places: BTreeMap<LocalId, Span> = BTreeMap::new();
    let mut assigned = BTreeSet::new();
    for expr in finding.exprs.iter().filter(|expr| !expr.is_placeless) {
        assigned.extend(expr.assigned.iter().copied());
        for local in &expr.vars {
            let place = places.entry(*local).or_insert(expr.span);
            *place = (*place).min(expr.span);
        }
    }
    let mut named: Vec<(Span, &str, LocalId)> =
        places.into_iter().filter_map(|(local, span)| Some((span, name(locals, local)?, local))).collect();
    // The hidden variable of a query's statement comes behind those that are written in it; in rules the text of the message decides.
    let is_hidden = |name: &str| finding.rule.is_none() && name == "_";
    named.sort_unstable_by_key(|(span, name, local)| (*span, is_hidden(name), *name, *local));
    // The same name may stand for two variables of different scopes: one message for a place.
    named.dedup_by(|a, b| (a.0, a.1) == (b.0, b.1));
    let others = named.iter().any(|(_, _, local)| !assigned.contains(local));
    for (span, name, local) in &named {
        if !(others && assigned.contains(local)) {
            diagnostics.push(unsafe_var(name, *span, scope, &hint(name)));
        }
    }
    !named.is_empty()
}

/// Reports the statements that lack variables without names, one for each variable.
fn report_exprs(finding: &Finding, locals: &IndexVec<LocalId, Local>, scope: &str, diagnostics: &mut Vec<Diagnostic>) {
    let mut exprs: Vec<_> = finding.exprs.iter().collect();
    exprs.sort_by_key(|expr| expr.span);
    let mut seen: BTreeSet<LocalId> = BTreeSet::new();
    for expr in exprs {
        let before = seen.len();
        seen.extend(expr.vars.iter().copied().filter(|local| is_renamed(locals, *local)));
        if seen.len() > before {
            let message = format!("expression is unsafe{scope}");
            diagnostics.push(match expr.is_placeless {
                true => Diagnostic::without_place(Code::UnsafeVar, message),
                false => Diagnostic::new(Code::UnsafeVar, expr.span, message),
            });
        }
    }
}

fn unsafe_var(name: &str, span: Span, scope: &str, hint: &str) -> Diagnostic {
    Diagnostic::new(Code::UnsafeVar, span, format!("var {name} is unsafe{scope}{hint}"))
}

/// What to do about a name that would be a keyword.
fn hint(name: &str) -> String {
    if FUTURE_KEYWORDS.contains(&name) {
        format!(" (hint: `import future.keywords.{name}` to import a future keyword)")
    } else {
        String::new()
    }
}

/// Whether OPA has given a variable a name of its own by then.
fn is_renamed(locals: &IndexVec<LocalId, Local>, local: LocalId) -> bool {
    let origin = locals.get(local).map(|local| local.origin);
    name(locals, local).is_none() || origin == Some(LocalOrigin::Declared)
}

/// The name that a message gives a variable; none for those that the compiler made.
fn name(locals: &IndexVec<LocalId, Local>, local: LocalId) -> Option<&str> {
    let local = locals.get(local)?;
    match local.origin {
        LocalOrigin::Wildcard => Some("_"),
        LocalOrigin::Hoisted => None,
        LocalOrigin::Param | LocalOrigin::Declared | LocalOrigin::Implicit => {
            // A policy may have been written by OPA, with the names that it makes up.
            local.name.as_deref().filter(|name| !name.starts_with("__local"))
        }
    }
}
