//! Whether functions that keep something on the stack call themselves: such a module needs a stack for as many calls as its values
//! are deep, any other only one for its longest chain of calls.

use super::Linker;
use super::object::{Body, FunctionId, Relocations, Target};
use super::reach::Reached;
use crate::index::Id;

/// A function that is being looked at, and how many of its relocations were followed.
struct Frame<'a> {
    function: FunctionId,
    relocations: Relocations<'a>,
    next: usize,
}

/// Tarjan's strongly connected components ("Depth-first search and linear graph algorithms", 1972), without calling itself.
struct Search<'a> {
    linker: &'a Linker<'a>,
    /// When each function was found, from 1; 0 is not yet.
    found: Vec<u32>,
    /// The earliest function that each one leads back to.
    low: Vec<u32>,
    count: u32,
    /// The functions whose component is not complete.
    open: Vec<FunctionId>,
    is_open: Vec<bool>,
    frames: Vec<Frame<'a>>,
}

/// Whether a reached function uses the stack and can be called by itself, directly or through others.
pub(super) fn recurses_on_stack(linker: &Linker<'_>, reached: &Reached) -> bool {
    if !reached.stack {
        return false;
    }
    let count = linker.library.function_count() + linker.functions.len();
    let mut search = Search {
        linker,
        found: vec![0; count],
        low: vec![0; count],
        count: 0,
        open: Vec::new(),
        is_open: vec![false; count],
        frames: Vec::new(),
    };
    let mut reached = (0..count).map(FunctionId::from_usize).filter(|id| reached.has_function(*id));
    reached.any(|id| search.finds_recursion(id))
}

impl Search<'_> {
    /// Whether a component with a stack is reached from a function that was not found before.
    fn finds_recursion(&mut self, root: FunctionId) -> bool {
        self.enter(root);
        while let Some(frame) = self.frames.last_mut() {
            let function = frame.function;
            if let Some(relocation) = frame.relocations.get(frame.next) {
                frame.next += 1;
                // Who takes the address of a function is taken for one that calls it.
                if let Target::Function(callee) | Target::Slot(callee) = relocation.target {
                    self.follow(function, self.linker.bound(callee));
                }
            } else if self.leave(function) {
                return true;
            }
        }
        false
    }

    fn enter(&mut self, function: FunctionId) {
        let index = function.index();
        if self.found[index] != 0 {
            return;
        }
        self.count += 1;
        self.found[index] = self.count;
        self.low[index] = self.count;
        self.is_open[index] = true;
        self.open.push(function);
        let relocations = match self.linker.function_of(function).body {
            Body::Code { relocations, .. } => relocations,
            Body::Import { .. } | Body::Declared | Body::Inert => Vec::new().into(),
        };
        self.frames.push(Frame { function, relocations, next: 0 });
    }

    fn follow(&mut self, caller: FunctionId, callee: FunctionId) {
        if self.is_open[callee.index()] {
            self.low[caller.index()] = self.low[caller.index()].min(self.found[callee.index()]);
        }
        self.enter(callee);
    }

    /// Goes back to the caller; whether the component that ends with the function is recursive and has a stack.
    fn leave(&mut self, function: FunctionId) -> bool {
        let low = self.low[function.index()];
        self.frames.pop();
        if let Some(caller) = self.frames.last() {
            let caller = caller.function.index();
            self.low[caller] = self.low[caller].min(low);
        }
        if low != self.found[function.index()] {
            return false;
        }
        let first = self.open.iter().rposition(|open| *open == function).unwrap_or_default();
        let component = self.open.split_off(first);
        component.iter().for_each(|member| self.is_open[member.index()] = false);
        let is_recursive = component.len() > 1 || self.names(function, |target| self.is_call_of(target, function));
        is_recursive && component.iter().any(|member| self.names(*member, |target| target == Target::StackPointer))
    }

    /// Whether the code of a function names such a target.
    fn names(&self, function: FunctionId, is_such: impl Fn(Target) -> bool) -> bool {
        match &self.linker.function_of(function).body {
            Body::Code { relocations, .. } => relocations.iter().any(|relocation| is_such(relocation.target)),
            Body::Import { .. } | Body::Declared | Body::Inert => false,
        }
    }

    fn is_call_of(&self, target: Target, function: FunctionId) -> bool {
        matches!(target, Target::Function(id) | Target::Slot(id) if self.linker.bound(id) == function)
    }
}
