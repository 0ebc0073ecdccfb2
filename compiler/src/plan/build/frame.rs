//! The function being planned: its open blocks, its locals, and what its variables are bound to.
//!
//! Planning writes behind a cursor: a statement goes to the innermost open block, and a scan opens a block in which everything
//! that follows is planned, until whoever began the body closes it. So the depth of a plan is the number of its scans, and
//! nothing here recurses on the length of a body. Knows nothing of rules.

use std::collections::BTreeMap;

use super::candidates::Origin;
use super::context::ContextId;
use crate::hir::{Callee, LocalId};
use crate::index::Id as _;
use crate::plan::ir::{Block, ConstId, Label, Local, Operand, Stmt, StmtKind};
use crate::plan::visit;
use crate::source::Span;

/// What an open block will become.
enum Open {
    /// A block that may be left by its label, which is the same as a statement of it being undefined.
    Plain,
    /// A body whose end matters (`not`, `with`, an operand that may be merged into its surroundings): only undefined statements leave it.
    Guard,
    /// The body of a scan, with the place of the scan: it is written when what follows it has been planned.
    Scan { source: Operand, key: Local, value: Local, span: Option<Span> },
}

/// The block of a function's body, which is opened first.
pub(super) const BODY: Label = Label(0);

struct OpenBlock {
    label: Label,
    stmts: Vec<Stmt>,
    open: Open,
}

/// The function being planned.
pub(super) struct Frame {
    /// The replacements under which it is planned.
    pub(super) context: ContextId,
    /// The values of the replacements that are values known only at run time.
    pub(super) mocks: BTreeMap<Callee, Operand>,
    /// The place that statements get.
    pub(super) span: Option<Span>,
    /// Whether the function may run more than once in a decision.
    pub(super) repeated: bool,
    open: Vec<OpenBlock>,
    /// Lists for the statements of blocks to come: they have grown already.
    spare: Vec<Vec<Stmt>>,
    bindings: Vec<Option<Operand>>,
    /// What is known of locals that go back to constants.
    origins: BTreeMap<Local, Origin>,
    trail: Vec<LocalId>,
    params: u32,
    locals: u32,
    labels: u32,
    scans: usize,
}

impl Frame {
    /// A function with parameters: the values of `mocks` first, then the arguments.
    pub(super) fn new(context: ContextId, mocked: &[Callee], arguments: u32, spare: Vec<Vec<Stmt>>) -> Self {
        let mut frame = Self {
            context,
            mocks: BTreeMap::new(),
            span: None,
            repeated: false,
            open: Vec::new(),
            spare,
            bindings: Vec::new(),
            origins: BTreeMap::new(),
            trail: Vec::new(),
            params: 0,
            locals: Local::DATA.0 + 1,
            labels: 0,
            scans: 0,
        };
        for callee in mocked {
            let local = frame.new_local();
            frame.mocks.insert(*callee, local.into());
        }
        frame.locals += arguments;
        frame.params = frame.locals - (Local::DATA.0 + 1);
        frame.repeated = frame.params > 0;
        frame.open_block();
        frame
    }

    /// The number of parameters behind input and data.
    pub(super) fn params(&self) -> u32 {
        self.params
    }

    /// The locals of the arguments, which are the last parameters.
    pub(super) fn argument(&self, arguments: u32, index: u32) -> Local {
        Local(Local::DATA.0 + 1 + self.params - arguments + index)
    }

    /// The number of locals so far.
    pub(super) fn locals(&self) -> u32 {
        self.locals
    }

    /// Whether what is planned now may run more than once for each call of the function.
    pub(super) fn in_scan(&self) -> bool {
        self.scans > 0
    }

    /// A new local.
    pub(super) fn new_local(&mut self) -> Local {
        let local = Local(self.locals);
        self.locals += 1;
        local
    }

    /// A new label.
    pub(super) fn new_label(&mut self) -> Label {
        let label = Label(self.labels);
        self.labels += 1;
        label
    }

    /// Adds a statement.
    pub(super) fn push(&mut self, kind: StmtKind) {
        let span = self.span;
        self.push_at(kind, span);
    }

    /// Adds a statement with a place of its own.
    pub(super) fn push_at(&mut self, kind: StmtKind, span: Option<Span>) {
        if let Some(block) = self.open.last_mut() {
            block.stmts.push(Stmt { kind, span });
        }
    }

    /// How many blocks are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Opens a block that may be left by its label.
    pub(super) fn open_block(&mut self) -> Label {
        self.open_as(Open::Plain)
    }

    /// Opens a block that only undefined statements leave.
    pub(super) fn open_guard(&mut self) -> Label {
        self.open_as(Open::Guard)
    }

    fn open_as(&mut self, open: Open) -> Label {
        let label = self.new_label();
        let stmts = self.spare.pop().unwrap_or_default();
        self.open.push(OpenBlock { label, stmts, open });
        label
    }

    /// The statements of a closed block, in a list without spare room; the list in which they grew serves another block.
    fn close(&mut self, block: &mut OpenBlock) -> Block {
        let mut stmts = Vec::with_capacity(block.stmts.len());
        stmts.append(&mut block.stmts);
        self.spare.push(std::mem::take(&mut block.stmts));
        Block { label: block.label, stmts }
    }

    /// Hands over the lists that have grown to the frame of another function.
    pub(super) fn take_spare(&mut self) -> Vec<Vec<Stmt>> {
        std::mem::take(&mut self.spare)
    }

    /// Closes the innermost block, with all scans open in it.
    pub(super) fn close_block(&mut self) -> Block {
        while self.open.last().is_some_and(|block| matches!(block.open, Open::Scan { .. })) {
            self.close_scans(self.open.len() - 1);
        }
        match self.open.pop() {
            Some(mut block) => self.close(&mut block),
            None => Block { label: self.new_label(), stmts: Vec::new() },
        }
    }

    /// Opens a scan: what follows is done for each element. Returns the locals of key and value.
    pub(super) fn open_scan(&mut self, source: Operand) -> (Local, Local) {
        let (key, value) = (self.new_local(), self.new_local());
        self.open_as(Open::Scan { source, key, value, span: self.span });
        self.scans += 1;
        (key, value)
    }

    /// Closes the scans opened since so many blocks were open.
    pub(super) fn close_scans(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(mut block) = self.open.pop() else { return };
            let Open::Scan { source, key, value, span } = block.open else {
                self.open.push(block);
                return;
            };
            self.scans -= 1;
            let body = self.close(&mut block);
            self.push_at(StmtKind::Scan { source, key, value, body }, span);
        }
    }

    /// Turns the scans opened since so many blocks were open into a test that some element passes: the first that does ends them,
    /// and what follows runs once. Where functions are called all elements are tested: OPA does so, and a rule may have two values.
    /// `truth` is any constant.
    pub(super) fn close_scans_at_first(&mut self, depth: usize, truth: ConstId) {
        let Some(around) = depth.checked_sub(1).and_then(|index| self.open.get(index)) else { return };
        let outside = around.label;
        let tests_all = self.open.get(depth..).unwrap_or_default().iter().any(|block| calls(&block.stmts));
        let flag = (tests_all || matches!(around.open, Open::Guard)).then(|| self.new_local());
        let found = self.new_label();
        if let Some(target) = flag {
            self.push(StmtKind::Assign { target, source: truth.into() });
        }
        if !tests_all {
            self.push(StmtKind::Break(found));
        }
        self.close_scans(depth);
        let scan = self.open.last_mut().and_then(|block| block.stmts.pop());
        let mut block = Block { label: found, stmts: scan.into_iter().collect() };
        match flag {
            // The label of a guard must not be left, so a flag says whether the scan was left early.
            Some(target) => {
                self.push(StmtKind::Reset { target });
                self.push(StmtKind::Block(block));
                self.push(StmtKind::IsDefined(target));
            }
            None => {
                block.stmts.push(Stmt { kind: StmtKind::Break(outside), span: self.span });
                self.push(StmtKind::Block(block));
            }
        }
    }

    /// The number of statements in the innermost block.
    pub(super) fn position(&self) -> usize {
        self.open.last().map_or(0, |block| block.stmts.len())
    }

    /// Puts a statement before others of the innermost block.
    pub(super) fn insert(&mut self, position: usize, kind: StmtKind) {
        let span = self.span;
        if let Some(block) = self.open.last_mut() {
            block.stmts.insert(position, Stmt { kind, span });
        }
    }

    /// Adds the statements of a guard that turned out to need no block of its own.
    pub(super) fn splice(&mut self, guard: Block) {
        if let Some(block) = self.open.last_mut() {
            block.stmts.extend(guard.stmts);
        }
    }

    /// Forgets all variables and makes room for those of another rule.
    pub(super) fn enter_rule(&mut self, variables: usize) {
        self.trail.clear();
        self.bindings.clear();
        self.bindings.resize(variables, None);
    }

    /// Notes that a local holds a member of a value, if that goes back to a constant.
    pub(super) fn note_member(&mut self, local: Local, source: Operand, key: Option<ConstId>) {
        let goes_back = match source {
            Operand::Const(_) => true,
            Operand::Local(source) => self.origins.contains_key(&source),
        };
        if goes_back {
            self.note_origin(local, Origin::Member(source, key));
        }
    }

    /// Notes what is known of a local.
    pub(super) fn note_origin(&mut self, local: Local, origin: Origin) {
        self.origins.insert(local, origin);
    }

    /// What is known of a local that goes back to constants.
    pub(super) fn origin(&self, local: Local) -> Option<&Origin> {
        self.origins.get(&local)
    }

    /// What a variable is bound to.
    pub(super) fn binding(&self, variable: LocalId) -> Option<Operand> {
        self.bindings.get(variable.index()).copied().flatten()
    }

    /// Binds a variable.
    pub(super) fn bind(&mut self, variable: LocalId, operand: Operand) {
        if let Some(binding) = self.bindings.get_mut(variable.index()) {
            *binding = Some(operand);
            self.trail.push(variable);
        }
    }

    /// How many variables are bound: a mark for [`Frame::bound_since`] and [`Frame::unbind`].
    pub(super) fn bound(&self) -> usize {
        self.trail.len()
    }

    /// The variables bound since a mark.
    pub(super) fn bound_since(&self, mark: usize) -> &[LocalId] {
        self.trail.get(mark..).unwrap_or_default()
    }

    /// Unbinds the variables bound since a mark.
    pub(super) fn unbind(&mut self, mark: usize) {
        for variable in self.trail.drain(mark.min(self.trail.len())..) {
            if let Some(binding) = self.bindings.get_mut(variable.index()) {
                *binding = None;
            }
        }
    }
}

/// Whether any of the statements, or of those inside of them, calls a function.
fn calls(stmts: &[Stmt]) -> bool {
    stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Call { .. } | StmtKind::CallDynamic { .. } => true,
        kind => visit::blocks(kind).any(|block| calls(&block.stmts)),
    })
}
