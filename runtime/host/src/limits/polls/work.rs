//! Where polls go: so that between two of them no more is done than [`MOST`], whatever way code takes.
//!
//! One instruction is one unit of work, and what calls take is added. Code is read once from its beginning to its end, with the most work that can
//! have been done since the last poll on any way to where it is: as each turn of a loop begins with a poll, ways only lead forward.

use std::ops::Range;

use wasmparser::{BinaryReaderError, FunctionBody, Operator};

use super::circles::{ByCallee, all, circles};
use super::outline::{Callee, Outline};

/// The most work between two polls: about a millisecond.
const MOST: u64 = 1 << 20;

/// The most work behind the last poll of a function that returns.
const MOST_BEHIND: u64 = 1 << 14;

/// What a function of a circle is taken to leave behind its last poll, while that is not known. What one adds to it when it returns is at most
/// the difference, and how many return one behind the other is limited by the stack.
const BEHIND: u64 = 1 << 13;

/// What an instruction counts that takes long: to copy memory, to let it grow, to ask the host.
const LONG: u64 = 1 << 10;

/// What a callee does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Work {
    /// The most between two polls, or its beginning or end.
    most: u64,
    /// The most behind its last poll, or its beginning if it has none.
    behind: u64,
    /// Whether it begins with a poll.
    polls: bool,
}

impl Work {
    fn of(units: u64) -> Self {
        Self { most: units, behind: units, polls: false }
    }
}

/// In front of which instructions of each function there are polls: where in the module those begin, in order.
pub(super) type Polls = Vec<Vec<usize>>;

/// Says where polls go.
pub(super) fn polls(outline: &Outline<'_>) -> Result<Polls, BinaryReaderError> {
    let circles = circles(outline, &calls(outline)?);
    let mut known = Known { outline, heads: circles.heads, work: ByCallee::new(outline, None) };
    let mut polls = vec![Vec::new(); outline.bodies.len()];
    for callee in circles.order {
        let work = match callee {
            Callee::Function(index) => {
                let Some(body) = outline.bodies.get(index) else { continue };
                let (places, work) = Scan::function(&known, callee, body)?;
                if let Some(place) = polls.get_mut(index) {
                    *place = places;
                }
                work
            }
            _ => known.any_of(callee),
        };
        known.work.set(callee, Some(work));
    }
    Ok(polls)
}

/// What each callee calls.
fn calls(outline: &Outline<'_>) -> Result<ByCallee<Vec<Callee>>, BinaryReaderError> {
    let mut calls = ByCallee::new(outline, Vec::new());
    for callee in all(outline) {
        let mut called = outline.candidates(callee);
        if let Callee::Function(index) = callee
            && let Some(body) = outline.bodies.get(index)
        {
            for operator in body.get_operators_reader()? {
                called.extend(outline.callee(&operator?));
            }
            called.sort_unstable();
            called.dedup();
        }
        calls.set(callee, called);
    }
    Ok(calls)
}

/// What is known of callees so far.
struct Known<'o, 'm> {
    outline: &'o Outline<'m>,
    heads: ByCallee<bool>,
    work: ByCallee<Option<Work>>,
}

impl Known<'_, '_> {
    /// What a call does.
    fn call(&self, callee: Callee) -> Work {
        let is_head = *self.heads.get(callee);
        match (callee, self.work.get(callee)) {
            (Callee::Nothing, _) => Work::of(LONG),
            (_, Some(work)) => *work,
            // A circle, which has a poll at its head or in front of the call.
            (Callee::Function(_), None) => Work { most: 0, behind: BEHIND, polls: is_head },
            (_, None) => Work { most: 0, behind: BEHIND, polls: false },
        }
    }

    /// What one of its candidates does.
    fn any_of(&self, callee: Callee) -> Work {
        let start = Work::of(if callee == Callee::Host { LONG } else { 0 });
        self.outline.candidates(callee).into_iter().fold(start, |work, candidate| {
            let other = self.call(candidate);
            Work { most: work.most.max(other.most), behind: work.behind.max(other.behind), polls: false }
        })
    }

    /// Whether there must be a poll in front of a call, because what is called has no beginning of its own to put it.
    fn polls_before(&self, callee: Callee) -> bool {
        !matches!(callee, Callee::Function(_)) && *self.heads.get(callee)
    }
}

/// A block that is open, and the work done since the last poll:
#[derive(Clone, Copy, Default)]
struct Block {
    /// - on ways that lead to its end,
    end: u64,
    /// - at its beginning, where that leads to its end or to `else` too.
    start: Option<u64>,
    /// Whether branches to it lead to its beginning, where a poll is.
    is_loop: bool,
}

/// Reads the code of a function.
struct Scan {
    blocks: Vec<Block>,
    /// Work since the last poll; none where nothing leads.
    done: u64,
    places: Vec<usize>,
    work: Work,
}

impl Scan {
    fn function(
        known: &Known<'_, '_>,
        callee: Callee,
        body: &FunctionBody<'_>,
    ) -> Result<(Vec<usize>, Work), BinaryReaderError> {
        let polls = *known.heads.get(callee);
        let mut scan =
            Self { blocks: vec![Block::default()], done: 0, places: Vec::new(), work: Work { polls, ..Work::of(0) } };
        let mut operators = body.get_operators_reader()?;
        if polls {
            scan.places.push(operators.original_position());
        }
        while !operators.eof() {
            let begin = operators.original_position();
            let operator = operators.read()?;
            scan.instruction(known, begin..operators.original_position(), &operator)?;
        }
        Ok((scan.places, scan.work))
    }

    fn instruction(
        &mut self,
        known: &Known<'_, '_>,
        place: Range<usize>,
        operator: &Operator<'_>,
    ) -> Result<(), BinaryReaderError> {
        let called = known.outline.callee(operator);
        let work = called.map_or_else(|| Work::of(units(operator)), |callee| known.call(callee));
        let leaves = self.leaves(operator);
        let behind = if work.polls { work.behind } else { self.done.saturating_add(work.behind) };
        let too_much = self.done.saturating_add(work.most) > MOST || leaves && behind > MOST_BEHIND;
        if too_much || called.is_some_and(|callee| known.polls_before(callee)) {
            self.poll(place.start);
        }
        self.work.most = self.work.most.max(self.done.saturating_add(work.most));
        self.done = if work.polls { work.behind } else { self.done.saturating_add(work.behind) };
        if leaves {
            self.work.behind = self.work.behind.max(self.done);
            self.work.most = self.work.most.max(self.done);
        }
        self.follow(place.end, operator)
    }

    fn poll(&mut self, place: usize) {
        self.work.most = self.work.most.max(self.done);
        self.places.push(place);
        self.done = 0;
    }

    /// Whether an instruction ends the function, or may.
    fn leaves(&self, operator: &Operator<'_>) -> bool {
        let body = self.blocks.len().saturating_sub(1);
        let is_body = |depth: u32| depth as usize == body;
        match operator {
            Operator::Br { relative_depth }
            | Operator::BrIf { relative_depth }
            | Operator::BrOnNull { relative_depth }
            | Operator::BrOnNonNull { relative_depth }
            | Operator::BrOnCast { relative_depth, .. }
            | Operator::BrOnCastFail { relative_depth, .. } => is_body(*relative_depth),
            Operator::BrTable { targets } => {
                is_body(targets.default()) || targets.targets().any(|target| target.is_ok_and(is_body))
            }
            Operator::Return
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. }
            | Operator::ReturnCallRef { .. } => true,
            Operator::End => self.blocks.len() == 1,
            _ => false,
        }
    }

    /// Goes where an instruction leads that ends at a place.
    fn follow(&mut self, end: usize, operator: &Operator<'_>) -> Result<(), BinaryReaderError> {
        match operator {
            Operator::Block { .. } => self.blocks.push(Block::default()),
            Operator::If { .. } => self.blocks.push(Block { start: Some(self.done), ..Block::default() }),
            Operator::Loop { .. } => {
                self.poll(end);
                self.blocks.push(Block { is_loop: true, ..Block::default() });
            }
            Operator::Else => {
                if let Some(block) = self.blocks.last_mut() {
                    block.end = block.end.max(self.done);
                    self.done = block.start.take().unwrap_or_default();
                }
            }
            Operator::End => self.end(),
            Operator::Br { relative_depth } => {
                self.branch(*relative_depth);
                self.done = 0;
            }
            Operator::BrIf { relative_depth }
            | Operator::BrOnNull { relative_depth }
            | Operator::BrOnNonNull { relative_depth }
            | Operator::BrOnCast { relative_depth, .. }
            | Operator::BrOnCastFail { relative_depth, .. } => self.branch(*relative_depth),
            Operator::BrTable { targets } => {
                for target in targets.targets() {
                    self.branch(target?);
                }
                self.branch(targets.default());
                self.done = 0;
            }
            Operator::Unreachable => self.done = 0,
            _ if self.leaves(operator) => self.done = 0,
            _ => {}
        }
        Ok(())
    }

    /// Notes the work on a way that leads to a block, `depth` further out.
    fn branch(&mut self, depth: u32) {
        let index = self.blocks.len().checked_sub(depth as usize + 1);
        if let Some(block) = index.and_then(|index| self.blocks.get_mut(index)) {
            block.end = block.end.max(self.done);
        }
    }

    /// The end of a block.
    fn end(&mut self) {
        let Some(block) = self.blocks.pop() else { return };
        if !block.is_loop {
            self.done = self.done.max(block.end).max(block.start.unwrap_or_default());
        }
    }
}

/// The work of an instruction that is no call.
fn units(operator: &Operator<'_>) -> u64 {
    match operator {
        Operator::MemoryCopy { .. }
        | Operator::MemoryFill { .. }
        | Operator::MemoryInit { .. }
        | Operator::MemoryGrow { .. }
        | Operator::TableCopy { .. }
        | Operator::TableFill { .. }
        | Operator::TableInit { .. }
        | Operator::TableGrow { .. } => LONG,
        _ => 1,
    }
}
