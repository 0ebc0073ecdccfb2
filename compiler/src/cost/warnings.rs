//! The rules whose time grows with documents: scans that no index serves, and the product of those that run inside of each other, in
//! functions that are called there too.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::{Call, Found};
use super::{Lookup, Origin, Reason, Scan};
use crate::plan::ir::FuncId;
use crate::source::Span;

/// So deep are calls of functions by functions followed.
const DEEPEST: usize = 32;

/// So many factors of a product are told.
const MOST_FACTORS: usize = 8;

/// A rule whose time grows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What it says.
    pub message: String,
    /// Where the outermost scan begins.
    pub span: Option<Span>,
    /// Where the scans inside of it begin, each with a short text.
    pub labels: Vec<(Span, String)>,
    /// Why they are not indexed.
    pub details: Vec<String>,
    /// What to write instead, where there is something.
    pub helps: Vec<String>,
}

/// A scan of a product, in the rule itself or in a function that it calls.
#[derive(Clone)]
struct Factor {
    of: String,
    origin: Origin,
    span: Option<Span>,
    is_member: bool,
    reason: Reason,
    /// The call by which it is reached, with the path of the function.
    via: Option<(Option<Span>, String)>,
}

/// The warnings for rules, in the order of files and lines.
pub(super) fn of(rules: &[Found]) -> Vec<Warning> {
    let growing = growing(rules);
    let mut products = Products { functions: BTreeMap::new(), longest: BTreeMap::new() };
    for rule in rules {
        products.functions.entry(rule.function).or_default().push(rule);
    }
    let mut warnings: Vec<Warning> = Vec::new();
    for rule in rules {
        for product in products.of_rule(rule, DEEPEST) {
            if is_worth(&product, |argument| growing.contains(&(rule.function, argument))) {
                warnings.extend(warning(&rule.cost.path, &product));
            }
        }
    }
    warnings.sort_by(|a, b| (a.span, &a.labels, &a.message).cmp(&(b.span, &b.labels, &b.message)));
    warnings.dedup();
    warnings
}

/// The arguments of functions that somewhere are parts of documents.
fn growing(rules: &[Found]) -> BTreeSet<(FuncId, u32)> {
    let mut growing = BTreeSet::new();
    loop {
        let before = growing.len();
        for rule in rules {
            for call in &rule.calls {
                for (number, arg) in (0..).zip(&call.args) {
                    let grows = match arg.origin {
                        Origin::Input | Origin::Data => true,
                        Origin::Argument(own) => growing.contains(&(rule.function, own)),
                        Origin::Rule | Origin::Made | Origin::Constant => false,
                    };
                    if grows {
                        growing.insert((call.function, number));
                    }
                }
            }
        }
        if growing.len() == before {
            return growing;
        }
    }
}

struct Products<'r> {
    functions: BTreeMap<FuncId, Vec<&'r Found>>,
    /// By function: the longest of the products of its rules.
    longest: BTreeMap<FuncId, Vec<Factor>>,
}

impl Products<'_> {
    /// The products of a rule: one for each scan that has none inside, and for each call in a scan of a function that scans.
    fn of_rule(&mut self, rule: &Found, deepest: usize) -> Vec<Vec<Factor>> {
        let scans = &rule.cost.scans;
        let mut has_inner: BTreeSet<usize> = BTreeSet::new();
        for scan in scans.iter().filter(|scan| is_counted(scan)) {
            has_inner.extend(around(scans, scan.inside).last());
        }
        let mut products = Vec::new();
        for call in rule.calls.iter().filter(|_| deepest > 0) {
            let mut product = factors(scans, call.inside);
            let called = if product.is_empty() { Vec::new() } else { self.called(call, deepest - 1) };
            if !called.is_empty() {
                has_inner.extend(around(scans, call.inside).last());
                product.extend(called);
                product.truncate(MOST_FACTORS);
                products.push(product);
            }
        }
        let leaves = scans.iter().enumerate().filter(|(number, scan)| is_counted(scan) && !has_inner.contains(number));
        products.extend(leaves.map(|(number, _)| factors(scans, Some(number))));
        products
    }

    /// The longest product of a function, with what a call passes to it.
    fn called(&mut self, call: &Call, deepest: usize) -> Vec<Factor> {
        let rules = self.functions.get(&call.function).cloned().unwrap_or_default();
        if !self.longest.contains_key(&call.function) {
            let products = rules.iter().flat_map(|rule| self.of_rule(rule, deepest)).collect::<Vec<_>>();
            let longest = products.into_iter().rev().max_by_key(Vec::len).unwrap_or_default();
            self.longest.insert(call.function, longest);
        }
        let factors = self.longest.get(&call.function).into_iter().flatten().cloned();
        let passed = factors.map(|factor| match factor.origin {
            Origin::Argument(number) => {
                let Some(arg) = call.args.get(number as usize) else { return factor };
                // What the function calls by its own name, the caller knows as what it passes.
                let names = rules.iter().filter_map(|rule| rule.arguments.get(number as usize));
                let rest = names.filter_map(|name| factor.of.strip_prefix(name.as_str())).next();
                let of = rest.map_or_else(|| factor.of.clone(), |rest| format!("{}{rest}", arg.text));
                Factor { of, origin: arg.origin, ..factor }
            }
            _ => factor,
        });
        let mut passed: Vec<Factor> = passed.filter(|factor| factor.origin != Origin::Constant).collect();
        if let (Some(first), Some(rule)) = (passed.first_mut(), rules.first()) {
            first.via = Some((call.span, rule.cost.path.clone()));
        }
        passed
    }
}

/// Whether a product grows with documents: one scan of a part of one, or several of anything but what the rule makes itself. Which arguments
/// are parts of documents is asked.
fn is_worth(product: &[Factor], is_growing: impl Fn(u32) -> bool) -> bool {
    product.iter().any(|factor| match factor.origin {
        Origin::Input | Origin::Data => true,
        Origin::Argument(number) => is_growing(number),
        Origin::Rule => product.len() > 1,
        Origin::Made | Origin::Constant => false,
    })
}

/// Whether the time of a scan grows with its collection.
fn is_counted(scan: &Scan) -> bool {
    matches!(scan.lookup, Lookup::None(_)) && scan.origin != Origin::Constant
}

/// The numbers of the counted scans around a place, from the outside in.
fn around(scans: &[Scan], inside: Option<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut next = inside;
    while let Some(number) = next {
        let Some(scan) = scans.get(number) else { break };
        if is_counted(scan) {
            found.push(number);
        }
        next = scan.inside;
    }
    found.reverse();
    found
}

fn factors(scans: &[Scan], inside: Option<usize>) -> Vec<Factor> {
    let scans = around(scans, inside).into_iter().filter_map(|number| scans.get(number));
    let factor = |scan: &Scan| match &scan.lookup {
        Lookup::None(reason) => Some(Factor {
            of: scan.of.clone(),
            origin: scan.origin,
            span: scan.span,
            is_member: scan.is_member,
            reason: reason.clone(),
            via: None,
        }),
        _ => None,
    };
    scans.filter_map(factor).collect()
}

fn warning(path: &str, product: &[Factor]) -> Option<Warning> {
    let (first, inner) = product.split_first()?;
    let mut message = format!("the time of `{path}` grows with `{}`", first.of);
    for factor in inner {
        message += &format!(" times `{}`", factor.of);
    }
    let mut labels = Vec::new();
    for factor in inner {
        if let Some((Some(span), path)) = &factor.via {
            labels.push((*span, format!("for each of these, `{path}` is called")));
        }
        let what = if factor.is_member { "compared" } else { "looked at" };
        let label = format!("for each of these, each element of `{}` is {what}", factor.of);
        labels.extend(factor.span.map(|span| (span, label)));
    }
    let details = product.iter().map(|factor| format!("`{}` is not indexed: {}", factor.of, factor.reason.text));
    let mut helps: Vec<String> = product.iter().filter_map(|factor| factor.reason.help.clone()).collect();
    helps.dedup();
    Some(Warning { message, span: first.span, labels, details: details.collect(), helps })
}
