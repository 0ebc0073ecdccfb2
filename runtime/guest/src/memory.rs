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

use regoc_values::{arena, module_words};

use crate::imports::{abort, forget_indexes};

/// How many decisions in a row may bring data of their own before data are taken to belong to one decision.
const FRESH_LIMIT: u32 = 64;

/// How many parsed values and contexts of a decision are remembered.
const REMEMBERED: usize = 8;

/// The low bits of a word that are zero in the address of an object.
const ADDRESS_MASK: usize = regoc_abi::layout::ALIGN as usize - 1;

/// Where a host of the third kind is.
mod phase {
    /// It prepares a decision, or one is being evaluated.
    pub(super) const PREPARING: u32 = 0;
    /// A decision was evaluated, its result was not dumped.
    pub(super) const EVALUATED: u32 = 1;
    /// The result was dumped.
    pub(super) const DUMPED: u32 = 2;
}

module_words! {
    /// One of [`phase`].
    phase: u32 = "phase.get", set_phase = "phase.set";
    /// Whether the host sets the heap pointer.
    managed: u32 = "managed.get", set_managed = "managed.set";
    /// Whether this decision brought data of its own.
    fresh: u32 = "fresh.get", set_fresh = "fresh.set";
    /// How many decisions in a row brought data of their own.
    fresh_streak: u32 = "fresh_streak.get", set_fresh_streak = "fresh_streak.set";
    /// What lies below stays. 0 before the first evaluation.
    floor: usize = "floor.get", set_floor = "floor.set";
    /// From where on a value must have been made by this decision: its floor when it began, once anything was taken back, else 0.
    reclaimed_from: usize = "reclaimed_from.get", set_reclaimed_from = "reclaimed_from.set";
    /// Where the heap ended when the last evaluation began.
    before_evaluation: usize = "before_evaluation.get", set_before_evaluation = "before_evaluation.set";
    /// How many values and contexts this decision has made.
    made: usize = "made.get", set_made = "made.set";
}

/// The first values and contexts that this decision has made.
static mut VALUES: [usize; REMEMBERED] = [0; REMEMBERED];

fn reset(address: usize) {
    // SAFETY: what lies above is no longer used, or is refused where the host passes it again.
    unsafe { arena::reset(address) }
    forget_indexes(address);
}

/// The host makes something: after a dump that is the beginning of the next decision.
pub(crate) fn host_allocates() {
    host_parses(0);
}

/// The host passes a text that ends there.
#[inline(never)]
pub(crate) fn host_parses(end: usize) {
    if phase() == phase::DUMPED {
        // A text above the floor lies in a buffer that the host keeps.
        set_floor(floor().max(end));
        set_reclaimed_from(floor());
        reset(floor());
        set_fresh_streak((fresh_streak() + 1) * fresh());
        set_fresh(0);
        set_made(0);
    }
    set_phase(phase::PREPARING);
}

/// Remembers what this decision has made: a value or a context.
#[inline(never)]
pub(crate) fn note_made(word: usize) {
    let place = made();
    if place < REMEMBERED {
        // SAFETY: there is such a place, and a module has one thread.
        unsafe { (&raw mut VALUES).cast::<usize>().add(place).write(word) };
        set_made(place + 1);
    }
}

/// Refuses a value or a context that was taken back. Of a decision that makes more than is remembered, everything passes.
#[inline(never)]
pub(crate) fn check_live(word: usize) {
    // Before anything was taken back, no address is above the largest word.
    let is_above = word & ADDRESS_MASK == 0 && word > reclaimed_from().wrapping_sub(1);
    let mut place = made();
    if !is_above || place == REMEMBERED {
        return;
    }
    loop {
        if place == 0 {
            abort(c"eval_internal_error: the value was reclaimed");
        }
        place -= 1;
        // SAFETY: as in `note_made`.
        if unsafe { (&raw const VALUES).cast::<usize>().add(place).read() } == word {
            return;
        }
    }
}

/// The host evaluates with that data document, which it may use again.
pub(crate) fn keep_data(word: usize) {
    check_live(word);
    if word & ADDRESS_MASK == 0 && word > floor().wrapping_sub(1) {
        set_fresh(1);
        if fresh_streak() < FRESH_LIMIT {
            keep_all();
        }
    }
}

/// Everything that exists stays.
#[inline(never)]
pub(crate) fn keep_all() {
    if floor() != 0 {
        set_floor(arena::mark());
    }
}

/// An evaluation begins, with the heap from that address on.
#[inline(never)]
fn begin(heap: usize) {
    reset(heap);
    if floor() == 0 {
        set_floor(heap);
    }
    set_phase(phase::PREPARING);
}

/// An evaluation by context begins.
pub(crate) fn begin_evaluation() {
    let again = before_evaluation();
    if phase() != phase::DUMPED || again == 0 {
        set_before_evaluation(arena::mark());
    }
    // The same context once more, with nothing made in between, begins where it began before.
    begin(before_evaluation());
}

/// An evaluation by context has ended.
pub(crate) fn end_evaluation() {
    set_phase(phase::EVALUATED);
}

/// The host reads a value: after an evaluation, its result. Where the host manages the heap, nothing follows from that.
#[inline(never)]
pub(crate) fn host_dumps() {
    if phase() == phase::EVALUATED && managed() == 0 {
        set_phase(phase::DUMPED);
    }
}

/// `opa_eval` begins, with the heap from that address on.
pub(crate) fn begin_call(heap: usize, data: usize) {
    begin(heap);
    keep_data(data);
}

/// `opa_eval` has ended, its result dumped.
pub(crate) fn end_call() {
    end_evaluation();
    host_dumps();
    // A context that is evaluated next finds its values where they were made.
    set_before_evaluation(0);
}

/// The host asks where the heap ends: what lies below stays until it says otherwise.
pub(crate) fn host_marks() -> usize {
    keep_all();
    arena::mark()
}

/// The host says where the heap ends, and so manages it.
pub(crate) fn host_resets(address: usize) {
    set_managed(1);
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
