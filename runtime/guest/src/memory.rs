//! Gives memory back, whatever the host does.
//!
//! The arena only grows until it is set back. Three kinds of hosts exist:
//!
//! * Hosts that call `opa_eval` say with each call where the heap begins. Nothing is left to do.
//! * Hosts of the older convention call `opa_heap_ptr_set` before each decision. From the first such call on the host manages the
//!   heap, and this module does nothing but obey.
//! * Hosts that do neither allocate, parse, evaluate and dump, for ever. For them a decision ends when its result has been
//!   dumped; the next allocation then takes back everything above the *floor*.
//!
//! The floor is where the heap ended when the first evaluation began: all that a host prepares before (data, buffers,
//! contexts) stays. A document that was parsed later and is passed to `opa_eval_ctx_set_data` lifts the floor above itself, so that
//! it stays too. A host that parses its data anew for each decision would lift it for ever, so after [`FRESH_LIMIT`] decisions in a
//! row with fresh data the floor stays where it is. A value that was taken back and is passed again ends the call with
//! a message.

use regoc_values::arena;

use crate::imports::abort;

/// How many decisions in a row may bring data of their own before data are taken to belong to one decision.
const FRESH_LIMIT: u32 = 64;

/// How many parsed values and contexts of a decision are remembered.
const REMEMBERED: usize = 8;

/// The low bits of a word that are zero in the address of an object.
const ADDRESS_MASK: usize = regoc_abi::layout::ALIGN as usize - 1;

/// Where a host of the third kind is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It prepares a decision, or one is being evaluated.
    Preparing,
    /// A decision was evaluated, its result was not dumped.
    Evaluated,
    /// The result was dumped.
    Dumped,
}

struct State {
    phase: Phase,
    /// Whether the host sets the heap pointer.
    managed: bool,
    /// Whether this decision brought data of its own.
    fresh: bool,
    /// Whether anything was taken back yet.
    reclaimed: bool,
    /// How many decisions in a row brought data of their own.
    fresh_streak: u32,
    /// What lies below stays. 0 before the first evaluation.
    floor: usize,
    /// The floor when this decision began.
    first_floor: usize,
    /// Where the heap ended when the last evaluation began.
    before_evaluation: usize,
    /// How many values and contexts this decision has made.
    made: usize,
    /// The first of them.
    values: [usize; REMEMBERED],
}

static mut STATE: State = State {
    phase: Phase::Preparing,
    managed: false,
    fresh: false,
    reclaimed: false,
    fresh_streak: 0,
    floor: 0,
    first_floor: 0,
    before_evaluation: 0,
    made: 0,
    values: [0; REMEMBERED],
};

fn state() -> &'static mut State {
    // SAFETY: a module has one thread, and no reference is held across a call that takes another.
    unsafe { &mut *&raw mut STATE }
}

fn reset(address: usize) {
    // SAFETY: what lies above is no longer used, or is refused where the host passes it again.
    unsafe { arena::reset(address) }
}

/// The host makes something: after a dump that is the beginning of the next decision.
pub(crate) fn host_allocates() {
    host_parses(0);
}

/// The host passes a text that ends there.
#[inline(never)]
pub(crate) fn host_parses(end: usize) {
    let state = state();
    if state.phase == Phase::Dumped && !state.managed {
        // A text above the floor lies in a buffer that the host keeps.
        state.floor = state.floor.max(end);
        reset(state.floor);
        state.fresh_streak = if state.fresh { state.fresh_streak + 1 } else { 0 };
        state.fresh = false;
        state.reclaimed = true;
        state.first_floor = state.floor;
        state.made = 0;
    }
    state.phase = Phase::Preparing;
}

/// Remembers what this decision has made: a value or a context.
#[inline(never)]
pub(crate) fn note_made(word: usize) {
    let state = state();
    if let Some(slot) = state.values.get_mut(state.made) {
        *slot = word;
        state.made += 1;
    }
}

/// Refuses a value or a context that was taken back.
#[inline(never)]
pub(crate) fn check_live(word: usize) {
    let state = state();
    let above = word & ADDRESS_MASK == 0 && word >= state.first_floor;
    if above && state.reclaimed && state.phase == Phase::Preparing && state.made < REMEMBERED {
        let live = state.values.iter().take(state.made).any(|value| *value == word);
        if !live {
            abort(c"eval_internal_error: a value of an earlier decision was reclaimed");
        }
    }
}

/// The host evaluates with that data document, which it may use again.
pub(crate) fn keep_data(word: usize) {
    check_live(word);
    let state = state();
    if state.floor != 0 && word & ADDRESS_MASK == 0 && word >= state.first_floor {
        state.fresh = true;
        if state.fresh_streak < FRESH_LIMIT {
            keep_all();
        }
    }
}

/// Everything that exists stays.
#[inline(never)]
pub(crate) fn keep_all() {
    let state = state();
    if state.floor != 0 {
        state.floor = arena::mark();
    }
}

/// An evaluation by context begins.
pub(crate) fn begin_evaluation() {
    let state = state();
    if state.phase == Phase::Dumped && !state.managed && state.before_evaluation != 0 {
        // The same context once more, with nothing made in between.
        reset(state.before_evaluation);
    }
    state.before_evaluation = arena::mark();
    if state.floor == 0 {
        state.floor = state.before_evaluation;
        state.first_floor = state.floor;
    }
    state.phase = Phase::Preparing;
}

/// An evaluation by context has ended.
pub(crate) fn end_evaluation() {
    state().phase = Phase::Evaluated;
}

/// The host reads a value: after an evaluation, its result.
pub(crate) fn host_dumps() {
    let state = state();
    if state.phase == Phase::Evaluated {
        state.phase = Phase::Dumped;
    }
}

/// `opa_eval` begins, with the heap from that address on.
pub(crate) fn begin_call(heap: usize, data: usize) {
    let state = state();
    reset(heap);
    if state.floor == 0 {
        state.floor = heap;
        state.first_floor = heap;
    }
    state.phase = Phase::Preparing;
    keep_data(data);
}

/// `opa_eval` has ended, its result dumped.
pub(crate) fn end_call() {
    let state = state();
    state.phase = Phase::Dumped;
    // A context that is evaluated next finds its values where they were made.
    state.before_evaluation = 0;
}

/// The host asks where the heap ends: what lies below stays until it says otherwise.
pub(crate) fn host_marks() -> usize {
    keep_all();
    arena::mark()
}

/// The host says where the heap ends, and so manages it.
pub(crate) fn host_resets(address: usize) {
    state().managed = true;
    reset(address);
}

/// Lifts the heap above a text of the host's and makes the byte behind the text memory.
pub(crate) fn lift_above(end: usize) {
    let mark = arena::mark();
    if end >= mark {
        arena::reserve(end - mark + 1);
        reset(end + 1);
    }
}
