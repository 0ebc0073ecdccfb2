//! Divides switches of many cases into groups, so that each group can become a part: an object says in which group a case is.

use std::collections::BTreeSet;

use super::{labeled, own_weight, plain, weight};
use crate::index::IndexVec;
use crate::optimize::constants::Constants;
use crate::plan::ir::{Block, ConstId, Constant, Function, Label, Local, Operand, Stmt, StmtKind};
use crate::plan::visit;

/// What groups are made of.
pub(super) struct Grouping<'c> {
    /// The weight from which a switch is divided.
    pub(super) switch: usize,
    /// The weight that a group should have.
    pub(super) group: usize,
    pub(super) constants: &'c mut Constants,
    /// The constants of the plan; those of cases are among them.
    pub(super) known: &'c IndexVec<ConstId, Constant>,
    next_local: u32,
    next_label: Label,
    /// The blocks of the groups made so far.
    groups: BTreeSet<Label>,
}

impl<'c> Grouping<'c> {
    pub(super) fn new(
        switch: usize,
        group: usize,
        constants: &'c mut Constants,
        known: &'c IndexVec<ConstId, Constant>,
    ) -> Self {
        Self { switch, group, constants, known, next_local: 0, next_label: Label(0), groups: BTreeSet::new() }
    }

    /// Divides the large switches of a function. Returns the labels of the blocks that should become parts.
    pub(super) fn divide(mut self, function: &mut Function) -> BTreeSet<Label> {
        self.next_local = function.locals;
        self.next_label = visit::free_label(&function.body);
        self.block(&mut function.body);
        function.locals = self.next_local;
        self.groups
    }

    fn block(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            visit::blocks_mut(&mut stmt.kind).for_each(|inner| self.block(inner));
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &mut Stmt) {
        let StmtKind::Switch { cases, .. } = &stmt.kind else { return };
        let size = own_weight(&stmt.kind) + cases.iter().map(|(_, block)| weight(block)).sum::<usize>();
        if size <= self.switch {
            return;
        }
        let StmtKind::Switch { on, cases, default } = std::mem::replace(&mut stmt.kind, StmtKind::Break(Label(0)))
        else {
            return;
        };
        let groups = self.grouped(cases);
        stmt.kind = self.switch(on, groups, default);
    }

    /// The cases in groups.
    fn grouped(&self, cases: Vec<(ConstId, Block)>) -> Vec<Vec<(ConstId, Block)>> {
        let mut groups: Vec<Vec<(ConstId, Block)>> = Vec::new();
        let mut size = usize::MAX;
        for (case, block) in cases {
            let weight = 1 + weight(&block);
            match groups.last_mut().filter(|_| size.saturating_add(weight) <= self.group) {
                Some(group) => group.push((case, block)),
                None => {
                    groups.push(vec![(case, block)]);
                    size = 0;
                }
            }
            size += weight;
        }
        groups
    }

    /// `{ { group = groups[on]; switch group { number: switch on { … } … }; break outer } default }`
    fn switch(&mut self, on: Operand, groups: Vec<Vec<(ConstId, Block)>>, default: Option<Block>) -> StmtKind {
        let mut numbers = Vec::new();
        let mut cases = Vec::new();
        for (number, group) in groups.into_iter().enumerate() {
            let number = Constant::Number(number.to_string().as_str().into());
            let keys = group.iter().filter_map(|(case, _)| self.known.get(*case));
            numbers.extend(keys.map(|case| (case.clone(), number.clone())));
            let label = self.label();
            self.groups.insert(label);
            let inner = StmtKind::Switch { on, cases: group, default: None };
            cases.push((self.constants.id(number), Block { label, stmts: vec![plain(inner)] }));
        }
        let group = Local(self.next_local);
        self.next_local += 1;
        let outer = self.label();
        let mut found = Vec::new();
        if let Operand::Local(local) = on {
            found.push(plain(StmtKind::IsDefined(local)));
        }
        let numbers = self.constants.id(Constant::Object(numbers)).into();
        found.push(plain(StmtKind::Dot { source: numbers, key: on, target: group }));
        found.push(plain(StmtKind::Switch { on: group.into(), cases, default: None }));
        found.push(plain(StmtKind::Break(outer)));
        let mut stmts = vec![labeled(self.label(), found)];
        stmts.extend(default.map(|default| plain(StmtKind::Block(default))));
        StmtKind::Block(Block { label: outer, stmts })
    }

    fn label(&mut self) -> Label {
        let label = self.next_label;
        self.next_label = Label(label.0.saturating_add(1));
        label
    }
}
