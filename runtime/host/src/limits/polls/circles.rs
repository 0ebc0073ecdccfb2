//! Where calls go round in circles, so that there must be polls. Knows nothing of instructions.

use super::outline::{Callee, Outline};

/// Something of each callee.
pub(super) struct ByCallee<T> {
    functions: Vec<T>,
    shapes: Vec<T>,
    host: T,
    nothing: T,
}

impl<T: Clone> ByCallee<T> {
    /// The same for all.
    pub(super) fn new(outline: &Outline<'_>, value: T) -> Self {
        Self {
            functions: vec![value.clone(); outline.bodies.len()],
            shapes: vec![value.clone(); outline.shapes()],
            host: value.clone(),
            nothing: value,
        }
    }

    pub(super) fn get(&self, callee: Callee) -> &T {
        match callee {
            Callee::Function(index) => self.functions.get(index),
            Callee::Shape(index) => self.shapes.get(index),
            Callee::Host => Some(&self.host),
            Callee::Nothing => None,
        }
        .unwrap_or(&self.nothing)
    }

    pub(super) fn set(&mut self, callee: Callee, value: T) {
        let place = match callee {
            Callee::Function(index) => self.functions.get_mut(index),
            Callee::Shape(index) => self.shapes.get_mut(index),
            Callee::Host => Some(&mut self.host),
            Callee::Nothing => None,
        };
        if let Some(place) = place {
            *place = value;
        }
    }
}

/// The callees of a module in an order, and where their circles begin.
pub(super) struct Circles {
    /// Callees before callers, but for calls that close a circle.
    pub(super) order: Vec<Callee>,
    /// What calls go back to: each circle has one of these.
    pub(super) heads: ByCallee<bool>,
}

/// Finds the circles of a module of which it is known what each callee calls.
pub(super) fn circles(outline: &Outline<'_>, calls: &ByCallee<Vec<Callee>>) -> Circles {
    /// How far a callee is.
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        /// On the way to where the search is.
        Open,
        Done,
    }

    let mut state = ByCallee::new(outline, State::New);
    let mut found = Circles { order: Vec::new(), heads: ByCallee::new(outline, false) };
    for root in all(outline) {
        // Not by recursion: chains of calls may be as long as a module likes.
        let mut path = vec![(root, 0)];
        while let Some((callee, next)) = path.last_mut() {
            let callee = *callee;
            if *state.get(callee) == State::Done {
                path.pop();
                continue;
            }
            state.set(callee, State::Open);
            let Some(called) = calls.get(callee).get(*next).copied() else {
                state.set(callee, State::Done);
                found.order.push(callee);
                path.pop();
                continue;
            };
            *next += 1;
            match state.get(called) {
                State::New => path.push((called, 0)),
                State::Open => found.heads.set(called, true),
                State::Done => {}
            }
        }
    }
    found
}

/// All callees of a module.
pub(super) fn all(outline: &Outline<'_>) -> impl Iterator<Item = Callee> {
    let functions = (0..outline.bodies.len()).map(Callee::Function);
    functions.chain((0..outline.shapes()).map(Callee::Shape)).chain([Callee::Host])
}
