//! Statements about whole bodies: `not`, `and`, `or`, `every`. None of them binds a variable outside.

use super::Planner;
use super::body::Solutions;
use crate::hir::{Body, LocalId, Term};
use crate::plan::ir::{Block, Label, Local, StmtKind};

impl<'p> Planner<'p> {
    /// The body has no solution. OPA looks at all of them, so what may fail is evaluated for each.
    pub(super) fn not(&mut self, body: &'p Body) {
        let solutions = if self.fails_again(body) { Solutions::Distinct } else { Solutions::First };
        self.none(body, solutions);
    }

    /// None of the solutions is there.
    fn none(&mut self, body: &'p Body, solutions: Solutions) {
        match self.guard(body, solutions) {
            Guard::Plain(block) => self.push(StmtKind::Not(block)),
            Guard::Flagged(flag) => self.push(StmtKind::IsUndefined(flag)),
        }
    }

    /// Both bodies have a solution.
    pub(super) fn and(&mut self, left: &'p Body, right: &'p Body) {
        for body in [left, right] {
            match self.guard(body, Solutions::First) {
                Guard::Plain(block) => self.frame.splice(block),
                Guard::Flagged(flag) => self.push(StmtKind::IsDefined(flag)),
            }
        }
    }

    /// One of the bodies has a solution.
    pub(super) fn or(&mut self, left: &'p Body, right: &'p Body) {
        let flag = self.frame.new_local();
        self.push(StmtKind::Reset { target: flag });
        self.block(|planner, done| {
            planner.block(|planner, _| planner.flag_first(left, flag, done));
            planner.flag_first(right, flag, done);
        });
        self.push(StmtKind::IsDefined(flag));
    }

    /// The body holds for each element of the domain, which is a collection.
    pub(super) fn every(&mut self, key: Option<LocalId>, value: LocalId, domain: &'p Term, body: &'p Body) {
        let domain = self.term(domain);
        let length = self.frame.new_local();
        self.push(StmtKind::Len { source: domain, target: length });
        let failed = self.frame.new_local();
        self.push(StmtKind::Reset { target: failed });
        let (bound, span) = (self.frame.bound(), self.frame.span);
        self.block(|planner, done| {
            let (element_key, element) = planner.frame.open_scan(domain);
            planner.frame.note_member(element, domain, None);
            if let Some(key) = key {
                planner.frame.bind(key, element_key.into());
            }
            planner.frame.bind(value, element.into());
            planner.enter_every();
            planner.none(body, Solutions::First);
            let yes = planner.constants.boolean(true);
            planner.push(StmtKind::Assign { target: failed, source: yes.into() });
            planner.push(StmtKind::Break(done));
        });
        self.frame.unbind(bound);
        self.frame.span = span;
        self.push(StmtKind::IsUndefined(failed));
    }

    /// Plans a body of which only it counts whether it has a solution; it is left behind the first one only if no other counts.
    fn guard(&mut self, body: &'p Body, solutions: Solutions) -> Guard {
        let (bound, span, flag) = (self.frame.bound(), self.frame.span, self.frame.new_local());
        let label = self.frame.open_guard();
        let depth = self.frame.depth();
        let around = self.enter_inner_body();
        self.body(body, solutions, &[]);
        self.leave_body(around);
        let scans = self.frame.depth() > depth;
        if scans {
            self.set_flag(flag);
            if solutions == Solutions::First {
                self.push(StmtKind::Break(label));
            }
        }
        let block = self.frame.close_block();
        self.frame.unbind(bound);
        self.frame.span = span;
        if !scans {
            return Guard::Plain(block);
        }
        self.push(StmtKind::Reset { target: flag });
        self.push(StmtKind::Block(block));
        Guard::Flagged(flag)
    }

    /// Plans a body whose first solution sets a flag and leaves a block.
    fn flag_first(&mut self, body: &'p Body, flag: Local, leave: Label) {
        let (bound, span) = (self.frame.bound(), self.frame.span);
        let depth = self.frame.depth();
        let around = self.enter_inner_body();
        self.body(body, Solutions::First, &[]);
        self.leave_body(around);
        self.set_flag(flag);
        self.push(StmtKind::Break(leave));
        self.frame.close_scans(depth);
        self.frame.unbind(bound);
        self.frame.span = span;
    }

    fn set_flag(&mut self, flag: Local) {
        let yes = self.constants.boolean(true);
        self.push(StmtKind::Assign { target: flag, source: yes.into() });
    }
}

/// A body of which only it counts whether it has a solution.
enum Guard {
    /// Statements that run to their end if it has. Nothing leaves the block by its label.
    Plain(Block),
    /// The statements are planned; the local is defined if it has.
    Flagged(Local),
}
