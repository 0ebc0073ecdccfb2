//! Makes a function of the statements of a chunk, and the statements that call it.

use rustc_hash::FxHashMap;

use super::{labeled, plain};
use crate::index::Id as _;
use crate::optimize::constants::Constants;
use crate::plan::ir::{Block, ConstId, Constant, FuncId, Function, FunctionKind, Label, Local, Stmt, StmtKind};
use crate::plan::visit;

/// The number in a frame under which a part says how it ended. What it keeps comes behind it.
const STATUS: usize = 0;
/// The part came to its end.
const DONE: usize = 0;
/// A statement of the part was undefined. Numbers behind this one stand for the labels that it left.
const FAILED: usize = 1;

/// A local in a frame.
#[derive(Clone, Copy)]
pub(super) struct Element {
    pub(super) local: Local,
    /// The number in the frame.
    key: ConstId,
    /// Whether the frame has it always: the local is defined wherever it may be asked for.
    sure: bool,
}

/// A local that a part takes from a frame: as late as it can, so that few values are there at the same time, which compilers like.
#[derive(Clone, Copy)]
pub(super) struct Load {
    /// The place of the statement that asks for it first.
    pub(super) before: usize,
    pub(super) frame: Local,
    pub(super) element: Element,
}

/// A local that a part puts into its frame, as early as it can.
#[derive(Clone, Copy)]
pub(super) struct Keep {
    /// The place of the statement that assigns it last.
    pub(super) behind: usize,
    pub(super) element: Element,
}

/// What goes into a part and comes out of it.
#[derive(Default)]
pub(super) struct Content {
    /// The locals that it is given.
    pub(super) params: Vec<Local>,
    /// What it takes from the frames that it is given.
    pub(super) loads: Vec<Load>,
    /// What its frame keeps for later parts.
    pub(super) keeps: Vec<Keep>,
    /// How many numbers of its frame are given away.
    pub(super) elements: usize,
    /// The locals that the function takes back at once, however the part ends.
    pub(super) returns: Vec<Local>,
    /// The blocks that it may leave.
    pub(super) labels: Vec<Label>,
    /// Whether a statement of it may be undefined.
    pub(super) fails: bool,
}

impl Content {
    /// The weight of the statements that call the part.
    pub(super) fn call_weight(&self) -> usize {
        2 + self.params.len() / 4 + 3 * self.returns.len() + 3 * self.labels.len()
    }

    /// Whether there is a frame even when the part did not come to its end.
    fn always_returns(&self) -> bool {
        !self.returns.is_empty() || !self.labels.is_empty()
    }

    fn has_status(&self) -> bool {
        self.always_returns() && (self.fails || !self.labels.is_empty())
    }
}

/// The parts that were made of a function so far.
pub(super) struct Parts<'c> {
    /// The name of each.
    pub(super) name: String,
    /// The id of the first one.
    pub(super) first: usize,
    pub(super) functions: Vec<Function>,
    pub(super) next_local: u32,
    pub(super) next_label: Label,
    pub(super) constants: &'c mut Constants,
}

impl Parts<'_> {
    /// A new local of the function.
    fn local(&mut self) -> Local {
        let local = Local(self.next_local);
        self.next_local += 1;
        local
    }

    /// A new label.
    fn label(&mut self) -> Label {
        let label = self.next_label;
        self.next_label = Label(label.0.saturating_add(1));
        label
    }

    /// The next element of the frame of a part.
    pub(super) fn element(&mut self, content: &mut Content, local: Local, sure: bool) -> Element {
        content.elements += 1;
        let key = self.constants.number(STATUS + content.elements);
        Element { local, key, sure }
    }

    /// Takes a local from a frame.
    pub(super) fn load(&mut self, frame: Local, element: Element) -> Vec<Stmt> {
        let Element { local: target, key, sure } = element;
        let dot = plain(StmtKind::Dot { source: frame.into(), key: key.into(), target });
        if sure {
            return vec![dot];
        }
        vec![plain(StmtKind::Reset { target }), labeled(self.label(), vec![dot])]
    }

    /// Puts a local into a frame.
    fn store(&mut self, frame: Local, element: Element) -> Stmt {
        let value = element.local.into();
        let insert = plain(StmtKind::ObjectInsert { object: frame, key: element.key.into(), value });
        if element.sure {
            return insert;
        }
        labeled(self.label(), vec![plain(StmtKind::IsDefined(element.local)), insert])
    }

    fn status(&mut self, frame: Local, status: usize) -> Stmt {
        let (key, value) = (self.constants.number(STATUS).into(), self.constants.number(status).into());
        plain(StmtKind::ObjectInsert { object: frame, key, value })
    }

    /// Makes a part of statements. Returns the local that holds its frame, and the statements that take the place of the chunk.
    pub(super) fn part(&mut self, mut content: Content, stmts: Vec<Stmt>) -> (Local, Vec<Stmt>) {
        let frame = self.local();
        let function = FuncId::from_usize(self.first + self.functions.len());
        let mut returned = Vec::new();
        for local in content.returns.clone() {
            returned.push(self.element(&mut content, local, false));
        }
        let body = self.body(&content, &returned, frame, stmts);
        let label = self.label();
        let part = self.function(&content.params, frame, Block { label, stmts: body });
        self.functions.push(part);

        let args = content.params.iter().map(|param| (*param).into()).collect();
        let mut call = vec![plain(StmtKind::Call { function, args, target: frame })];
        for element in returned {
            call.extend(self.load(frame, element));
        }
        if content.has_status() {
            self.go_on(&content, frame, &mut call);
        }
        (frame, call)
    }

    /// What the part does. Without anything to return, it is undefined when a statement of it is.
    fn body(&mut self, content: &Content, returned: &[Element], result: Local, stmts: Vec<Stmt>) -> Vec<Stmt> {
        let assign = |source| plain(StmtKind::Assign { target: result, source });
        if !content.always_returns() && content.keeps.is_empty() {
            let mut body = self.with_frames(content, result, stmts);
            body.push(assign(self.constants.id(Constant::Boolean(true)).into()));
            return body;
        }
        let frame = if content.always_returns() { result } else { self.local() };
        let mut body = vec![plain(StmtKind::MakeObject { target: frame })];
        let inner = self.with_frames(content, frame, stmts);
        if content.has_status() {
            body.push(self.with_status(content, frame, inner));
        } else {
            body.extend(inner);
        }
        if content.always_returns() {
            body.extend(returned.iter().map(|element| self.store(frame, *element)));
        } else {
            body.push(assign(frame.into()));
        }
        body
    }

    /// Statements between what takes their locals from frames and what puts them into one.
    fn with_frames(&mut self, content: &Content, frame: Local, stmts: Vec<Stmt>) -> Vec<Stmt> {
        let mut loads: Vec<&Load> = content.loads.iter().collect();
        let mut keeps: Vec<&Keep> = content.keeps.iter().collect();
        // The last one is the next one.
        loads.sort_by_key(|load| std::cmp::Reverse(load.before));
        keeps.sort_by_key(|keep| std::cmp::Reverse(keep.behind));
        let mut out = Vec::with_capacity(stmts.len());
        for (place, stmt) in stmts.into_iter().enumerate() {
            while let Some(load) = loads.pop_if(|load| load.before == place) {
                out.extend(self.load(load.frame, load.element));
            }
            out.push(stmt);
            while let Some(keep) = keeps.pop_if(|keep| keep.behind == place) {
                out.push(self.store(frame, keep.element));
            }
        }
        out
    }

    /// Runs statements and notes how they ended. The blocks that they leave have the labels that they know.
    fn with_status(&mut self, content: &Content, frame: Local, mut stmts: Vec<Stmt>) -> Stmt {
        let end = self.label();
        let leave = || plain(StmtKind::Break(end));
        stmts.extend([self.status(frame, DONE), leave()]);
        let mut stmts = vec![labeled(self.label(), stmts), self.status(frame, FAILED), leave()];
        for (status, label) in (FAILED + 1..).zip(&content.labels) {
            stmts = vec![labeled(*label, stmts), self.status(frame, status), leave()];
        }
        labeled(end, stmts)
    }

    /// Goes on behind a call as the part ended.
    fn go_on(&mut self, content: &Content, frame: Local, call: &mut Vec<Stmt>) {
        let status = self.local();
        let key = self.constants.number(STATUS).into();
        call.push(plain(StmtKind::Dot { source: frame.into(), key, target: status }));
        for (number, label) in (FAILED + 1..).zip(&content.labels) {
            let number = self.constants.number(number).into();
            let left = vec![plain(StmtKind::Equal(status.into(), number)), plain(StmtKind::Break(*label))];
            call.push(labeled(self.label(), left));
        }
        if content.fails {
            let failed = self.constants.number(FAILED).into();
            call.push(plain(StmtKind::NotEqual(status.into(), failed)));
        }
    }

    /// A function with these parameters; the locals get the numbers that they have in it.
    fn function(&self, params: &[Local], result: Local, body: Block) -> Function {
        let mut function = Function {
            name: self.name.clone(),
            kind: FunctionKind::Part,
            params: u32::try_from(params.len()).unwrap_or(u32::MAX),
            locals: 0,
            memoize: false,
            body,
            result,
        };
        let mut names: FxHashMap<Local, Local> = FxHashMap::default();
        let mut rename = |local: &mut Local| {
            let next = Local::from_usize(names.len());
            *local = *names.entry(*local).or_insert(next);
        };
        [Local::INPUT, Local::DATA].iter().chain(params).copied().for_each(|mut local| rename(&mut local));
        rename(&mut function.result);
        visit::for_each_stmt_mut(&mut function.body, &mut |stmt| {
            visit::for_each_local_mut(&mut stmt.kind, &mut rename);
        });
        function.locals = u32::try_from(names.len()).unwrap_or(u32::MAX);
        function
    }
}
