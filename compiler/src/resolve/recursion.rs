//! Reports rules that reach themselves. Changes nothing.
//!
//! Rules that can reach themselves are the cycles of the graph of dependencies, found in one pass (Tarjan); only for
//! those is a path searched to show. A cycle that hangs on a value known only when the policy runs is called possible,
//! as OPA does.

mod cause;

use std::collections::VecDeque;

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::dependencies::{Clause, Dependencies, Edge};
use crate::hir::{Program, text};

/// The most text that is spent on paths; a large cycle would otherwise be written out once for each of its rules.
const MAX_TEXT: usize = 1 << 16;

/// Reports each rule that reaches itself.
pub(super) fn check(program: &Program, diagnostics: &mut Vec<Diagnostic>) {
    let graph = Dependencies::of(program);
    let components = components(&graph);
    let mut written = 0;
    for (vertex, clause) in graph.clauses().iter().enumerate() {
        if written > MAX_TEXT {
            break;
        }
        let is_inside = |other: usize| components.get(other) == components.get(vertex);
        if !graph.edges(vertex).iter().any(|edge| is_inside(edge.to)) {
            continue;
        }
        let diagnostic = report(program, &graph, vertex, *clause, &is_inside);
        written += diagnostic.as_ref().map_or(0, |diagnostic| diagnostic.message.len());
        diagnostics.extend(diagnostic);
    }
}

/// Reports a clause that lies on a cycle.
fn report(
    program: &Program,
    graph: &Dependencies<'_>,
    vertex: usize,
    clause: Clause,
    is_inside: &dyn Fn(usize) -> bool,
) -> Option<Diagnostic> {
    let of_static = path(graph, vertex, &|edge| !edge.dynamic && is_inside(edge.to));
    let is_static = of_static.is_some();
    let path = of_static.or_else(|| path(graph, vertex, &|edge| is_inside(edge.to)))?;
    let clauses: Vec<Clause> = path.iter().filter_map(|vertex| graph.clauses().get(*vertex).copied()).collect();
    let names: Vec<String> = clauses.iter().map(|clause| name(program, *clause)).collect();
    let rule = name(program, clause);
    let message = if is_static {
        format!("rule {rule} is recursive: {}", names.join(" -> "))
    } else {
        let cause = cause::describe(program, graph, &clauses, &path);
        format!("rule {rule} may be recursive: {}{cause}", names.join(" -> "))
    };
    let at = &program.rules[clause.rule];
    let span =
        clause.branch.checked_sub(1).and_then(|branch| at.branches.get(branch)).map_or(at.span, |branch| branch.span);
    Some(Diagnostic::new(Code::Recursion, span, message))
}

fn name(program: &Program, clause: Clause) -> String {
    let rule = &program.rules[clause.rule];
    text::rule_reference(program, rule, &rule.suffix)
}

/// A shortest path from a vertex back to itself over the edges that may be used. Begins and ends with the vertex.
fn path(graph: &Dependencies<'_>, start: usize, may_use: &dyn Fn(&Edge) -> bool) -> Option<Vec<usize>> {
    let mut from: Vec<Option<usize>> = vec![None; graph.len()];
    let mut work = VecDeque::from([start]);
    while let Some(vertex) = work.pop_front() {
        for edge in graph.edges(vertex).iter().filter(|edge| may_use(edge)) {
            match from.get_mut(edge.to) {
                Some(from @ None) => *from = Some(vertex),
                _ => continue,
            }
            if edge.to == start {
                return Some(back(&from, start));
            }
            work.push_back(edge.to);
        }
    }
    None
}

/// The path that ends at a vertex, read from where each of its vertices was found from.
fn back(from: &[Option<usize>], start: usize) -> Vec<usize> {
    let mut path = vec![start];
    let mut vertex = from.get(start).copied().flatten();
    while let Some(previous) = vertex {
        path.push(previous);
        if previous == start {
            break;
        }
        vertex = from.get(previous).copied().flatten();
    }
    path.reverse();
    path
}

/// The strongly connected component of each vertex (Tarjan's algorithm, without recursion).
fn components(graph: &Dependencies<'_>) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let count = graph.len();
    let mut index = vec![UNSEEN; count];
    let mut low = vec![UNSEEN; count];
    let mut component = vec![UNSEEN; count];
    let mut open: Vec<usize> = Vec::new();
    let (mut next_index, mut next_component) = (0, 0);
    let mut calls = Vec::new();
    for start in 0..count {
        if index[start] != UNSEEN {
            continue;
        }
        calls.push((start, 0));
        while let Some((vertex, next)) = calls.pop() {
            if next == 0 {
                index[vertex] = next_index;
                low[vertex] = next_index;
                next_index += 1;
                open.push(vertex);
            }
            if let Some(edge) = graph.edges(vertex).get(next) {
                calls.push((vertex, next + 1));
                if index[edge.to] == UNSEEN {
                    calls.push((edge.to, 0));
                } else if component[edge.to] == UNSEEN {
                    low[vertex] = low[vertex].min(index[edge.to]);
                }
                continue;
            }
            if low[vertex] == index[vertex] {
                while let Some(member) = open.pop() {
                    component[member] = next_component;
                    if member == vertex {
                        break;
                    }
                }
                next_component += 1;
            }
            if let Some((caller, _)) = calls.last() {
                low[*caller] = low[*caller].min(low[vertex]);
            }
        }
    }
    component
}
