//! The order of a body with an `every`, as OPA comes to it: round by round over all statements that do not stand yet.
//!
//! What it has in its hands when it comes to an `every` it takes for variables that this binds, so there it matters what was tried
//! before, be it in vain. Bodies without one need no rounds. Reports nothing.

use super::{Need, Orderer, Ready, outputs};
use crate::hir::{Body, Expr, ExprKind};

/// The most statements that are ordered so: of many, each waiting for the next, rounds would take very long.
const MAX_STATEMENTS: usize = 1 << 9;

/// Whether the order of a body depends on the rounds.
pub(super) fn matter(body: &Body) -> bool {
    body.exprs.len() <= MAX_STATEMENTS && body.exprs.iter().any(is_every)
}

fn is_every(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Every { .. })
}

impl Orderer {
    /// The statements that become ready, in the order in which they do; their outputs are added to `safe`.
    pub(super) fn ready_in_rounds(&mut self, body: &Body, needs: &[Need]) -> Ready {
        let mut ready = Ready::default();
        let mut waiting: Vec<usize> = (0..body.exprs.len()).collect();
        let mut left = Vec::new();
        loop {
            let before = ready.order.len();
            waiting.retain(|index| {
                let (Some(expr), Some(need)) = (body.exprs.get(*index), needs.get(*index)) else { return false };
                let mut outputs = outputs::of(expr, &self.safe);
                outputs::leave(expr, &mut outputs, &self.safe, &mut left);
                if need.closes_over_itself(&outputs) {
                    return true;
                }
                if need.is_met(&self.safe, &outputs) {
                    ready.order.push(*index);
                    outputs.into_iter().for_each(|output| _ = self.safe.insert(output));
                    return false;
                }
                if is_every(expr) {
                    ready.lacking.insert(*index, need.missing(&self.safe, &outputs).collect());
                }
                true
            });
            if ready.order.len() == before {
                return ready;
            }
        }
    }
}
