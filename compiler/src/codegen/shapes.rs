//! What of the input a policy can look at: the shapes by which the module reads it, and the locals that hold what was read so.
//!
//! Locals that may hold the same part of the input are of one class; what is asked of any of them is asked of the class. A class of which only
//! values under constant keys are asked for is read as records; whatever happens to a value that needs more than that (it is compared,
//! collected, given to a builtin, answered) makes its class one that is read whole. Values that were read or made whole may be in locals of
//! every class. Changes no plan.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::index::{Id, IndexVec};
use crate::plan::ir::{Block, ConstId, Constant, FuncId, Function, Local, Operand, Program, Stmt, StmtKind};
use crate::plan::visit;

/// The builtin that looks at no element of its argument.
const COUNT: &str = "count";

/// Of objects of which more keys are asked for, all are read: each key of a shape costs a look at each key of an object.
const MOST_KEYS: usize = 32;

/// So many keys of which the values are looked at are worth the code that tells them from others, if nothing in the input is run through.
const ENOUGH_KEYS: usize = 6;

/// A class of locals.
type Class = usize;

/// The class of the input.
const INPUT: Class = 0;

/// By what a value is read; numbers are those of other shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    Whole,
    Scalar,
    Elements(usize),
    Record(Vec<(ConstId, usize)>),
}

/// The shapes of a module's input.
#[derive(Debug)]
pub(super) struct Shapes {
    /// By number; the first is that of the input.
    shapes: Vec<Shape>,
    /// The shape of each local of each function, if it holds a part of the input.
    of_locals: IndexVec<FuncId, FxHashMap<Local, usize>>,
}

impl Shapes {
    /// The shapes of a plan's input. None if all of it may be looked at, or so little happens that reading it by shapes is not worth the code.
    pub(super) fn of(program: &Program) -> Option<Self> {
        let mut classes = Classes::of(program);
        classes.settle();
        let (shapes, numbers) = classes.shapes();
        let keys: usize = shapes.iter().map(Shape::keys).sum();
        let is_run_through = shapes.iter().any(|shape| matches!(shape, Shape::Elements(_)));
        if keys == 0 || keys < ENOUGH_KEYS && !is_run_through {
            return None;
        }
        let of_locals = program.functions.enumerate().map(|(id, function)| {
            let shape = |local| Some((local, *numbers.get(&classes.find(classes.local(id, local)))?));
            (0..function.locals).map(Local).filter_map(shape).collect()
        });
        let of_locals = of_locals.collect();
        Some(Self { shapes, of_locals })
    }

    /// The slot of a key in the records that a local may hold.
    pub(super) fn slot(&self, function: FuncId, local: Local, key: ConstId) -> Option<usize> {
        let number = self.of_locals.get(function)?.get(&local)?;
        match self.shapes.get(*number)? {
            Shape::Record(keys) => keys.iter().position(|(name, _)| *name == key),
            _ => None,
        }
    }

    /// Adds the slot of each key to a column of an index over what a local holds, where elements may be records; a step of a column is a key, or
    /// null for each element.
    pub(super) fn add_slots(
        &self,
        constants: &IndexVec<ConstId, Constant>,
        function: FuncId,
        local: Local,
        column: &mut [Constant],
    ) {
        let inside = |number: usize| match self.shapes.get(number)? {
            Shape::Elements(shape) => Some(*shape),
            _ => None,
        };
        let shape = self.of_locals.get(function).and_then(|shapes| shapes.get(&local));
        let mut shape = shape.and_then(|shape| inside(*shape));
        for step in column {
            let Some(number) = shape else { return };
            shape = inside(number);
            if let Some(Shape::Record(keys)) = self.shapes.get(number)
                && let Some(slot) = keys.iter().position(|(name, _)| constants.get(*name) == Some(&*step))
            {
                shape = keys.get(slot).map(|(_, shape)| *shape);
                *step = Constant::Array(vec![step.clone(), Constant::Number(slot.to_string().as_str().into())]);
            }
        }
    }

    /// As the reader takes them ([`regoc_abi::runtime::SHAPES`]).
    pub(super) fn constant(&self, constants: &IndexVec<ConstId, Constant>) -> Constant {
        let number = |number: &usize| Constant::Number(number.to_string().as_str().into());
        let text = |id: &ConstId| constants.get(*id).cloned().unwrap_or(Constant::Null);
        let shape = |shape: &Shape| match shape {
            Shape::Whole => Constant::Boolean(true),
            Shape::Scalar => Constant::Null,
            Shape::Elements(shape) => number(shape),
            Shape::Record(keys) => {
                Constant::Array(keys.iter().flat_map(|(key, shape)| [text(key), number(shape)]).collect())
            }
        };
        Constant::Array(self.shapes.iter().map(shape).collect())
    }
}

impl Shape {
    fn keys(&self) -> usize {
        if let Self::Record(keys) = self { keys.len() } else { 0 }
    }
}

/// What is asked of the values of a class.
#[derive(Clone, Debug, Default)]
struct Asked {
    whole: bool,
    /// The class of every element, if more than constant keys is asked for.
    elements: Option<Class>,
    /// The classes of values under constant keys.
    keys: BTreeMap<ConstId, Class>,
}

struct Classes<'p> {
    program: &'p Program,
    /// The class of each function's first local.
    first: IndexVec<FuncId, Class>,
    /// For each class the one that it has become a part of, or itself.
    joined: Vec<Class>,
    asked: Vec<Asked>,
}

impl<'p> Classes<'p> {
    fn of(program: &'p Program) -> Self {
        let mut count = 1;
        let first = program.functions.iter().map(|function| {
            let first = count;
            count += function.locals as usize;
            first
        });
        let first: IndexVec<FuncId, Class> = first.collect();
        let mut classes = Self { program, first, joined: (0..count).collect(), asked: vec![Asked::default(); count] };
        for (id, function) in program.functions.enumerate() {
            classes.join(INPUT, classes.local(id, Local::INPUT));
            let often = assigned_often(function);
            classes.block(id, &function.body, &often);
        }
        classes
    }

    fn local(&self, function: FuncId, local: Local) -> Class {
        self.first.get(function).map_or(INPUT, |first| first + local.index())
    }

    /// The class that a class is a part of.
    fn find(&mut self, mut class: Class) -> Class {
        while let Some(&next) = self.joined.get(class)
            && next != class
        {
            let beyond = self.joined.get(next).copied().unwrap_or(next);
            if let Some(joined) = self.joined.get_mut(class) {
                *joined = beyond;
            }
            class = beyond;
        }
        class
    }

    fn asked(&mut self, class: Class) -> &mut Asked {
        let class = self.find(class);
        &mut self.asked[class]
    }

    /// Makes one class of two, and of the classes of what is in them.
    fn join(&mut self, a: Class, b: Class) {
        let mut pairs = vec![(a, b)];
        while let Some((a, b)) = pairs.pop() {
            let (a, b) = (self.find(a), self.find(b));
            if a == b {
                continue;
            }
            let (to, from) = if self.asked[a].keys.len() < self.asked[b].keys.len() { (b, a) } else { (a, b) };
            self.joined[from] = to;
            let Asked { whole, elements, keys } = std::mem::take(&mut self.asked[from]);
            let asked = &mut self.asked[to];
            asked.whole |= whole;
            match (asked.elements, elements) {
                (Some(a), Some(b)) => pairs.push((a, b)),
                (None, elements) => asked.elements = elements,
                (_, None) => {}
            }
            for (key, class) in keys {
                pairs.extend(asked.keys.insert(key, class).map(|other| (other, class)));
            }
        }
    }

    fn new_class(&mut self) -> Class {
        self.joined.push(self.joined.len());
        self.asked.push(Asked::default());
        self.asked.len() - 1
    }

    /// The class of all elements of a class.
    fn elements(&mut self, class: Class) -> Class {
        if let Some(elements) = self.asked(class).elements {
            return elements;
        }
        let elements = self.new_class();
        *self.asked(class).elements.insert(elements)
    }

    /// The class of the values under a key.
    fn under(&mut self, class: Class, key: ConstId) -> Class {
        if let Some(value) = self.asked(class).keys.get(&key) {
            return *value;
        }
        let value = self.new_class();
        self.asked(class).keys.insert(key, value);
        value
    }

    fn block(&mut self, id: FuncId, block: &Block, often: &BTreeSet<Local>) {
        for stmt in &block.stmts {
            self.stmt(id, stmt, often);
            visit::blocks(&stmt.kind).for_each(|inner| self.block(id, inner, often));
        }
    }

    /// Notes what a statement asks of the values of its locals.
    fn stmt(&mut self, id: FuncId, stmt: &Stmt, often: &BTreeSet<Local>) {
        match &stmt.kind {
            StmtKind::Assign { target, source } => self.same(id, *target, *source),
            StmtKind::AssignOnce { target, source } => {
                self.same(id, *target, *source);
                if often.contains(target) {
                    self.whole(id, (*target).into());
                }
            }
            StmtKind::Dot { source: Operand::Local(source), key, target } => {
                let source = self.local(id, *source);
                let value = match key {
                    Operand::Const(key) if self.is_plain(*key) => self.under(source, *key),
                    _ => self.elements(source),
                };
                self.join(value, self.local(id, *target));
                self.whole(id, *key);
            }
            StmtKind::Equal(a, b) | StmtKind::NotEqual(a, b) => {
                if !self.is_scalar(*a) && !self.is_scalar(*b) {
                    self.whole(id, *a);
                    self.whole(id, *b);
                }
            }
            StmtKind::Len { source: Operand::Local(source), .. } => {
                self.elements(self.local(id, *source));
            }
            StmtKind::Scan { source: Operand::Local(source), value, .. } => {
                let elements = self.elements(self.local(id, *source));
                self.join(elements, self.local(id, *value));
            }
            StmtKind::Select { source, keys, target, .. } => {
                self.same(id, *target, *source);
                keys.iter().for_each(|key| self.whole(id, *key));
            }
            StmtKind::Call { function, args, target } => self.call(id, *function, args, *target),
            StmtKind::CallDynamic { table, path, args, target, .. } => {
                path.iter().for_each(|key| self.whole(id, *key));
                let rows = self.program.tables.get(*table).map_or(&[][..], |table| &table.rows);
                rows.iter().for_each(|(_, function)| self.call(id, *function, args, *target));
            }
            StmtKind::CallBuiltin { builtin, args, .. } => {
                let is_count = self.program.builtins.get(*builtin).is_some_and(|builtin| &*builtin.name == COUNT);
                match args.as_slice() {
                    [Operand::Local(collection)] if is_count => {
                        self.elements(self.local(id, *collection));
                    }
                    _ => args.iter().for_each(|arg| self.whole(id, *arg)),
                }
            }
            StmtKind::With { document, path, value, .. } => {
                self.whole(id, *value);
                if *document == Local::INPUT && !path.is_empty() {
                    self.whole(id, Local::INPUT.into());
                }
            }
            StmtKind::Switch { on, cases, .. } => {
                if !cases.iter().all(|(case, _)| self.is_scalar((*case).into())) {
                    self.whole(id, *on);
                }
            }
            StmtKind::IsType { .. } | StmtKind::IsDefined(_) | StmtKind::IsUndefined(_) => {}
            kind => visit::for_each_read(kind, |local| {
                if visit::grown(kind) != Some(local) {
                    self.whole(id, local.into());
                }
            }),
        }
    }

    /// Two locals hold the same, if the source is one.
    fn same(&mut self, id: FuncId, target: Local, source: Operand) {
        if let Operand::Local(source) = source {
            self.join(self.local(id, target), self.local(id, source));
        }
    }

    fn call(&mut self, id: FuncId, callee: FuncId, args: &[Operand], target: Local) {
        let program = self.program;
        let Some(function) = program.functions.get(callee) else { return };
        for (param, arg) in (Local::DATA.0 + 1..).map(Local).zip(args) {
            if let Operand::Local(arg) = arg {
                self.join(self.local(callee, param), self.local(id, *arg));
            }
        }
        self.join(self.local(callee, function.result), self.local(id, target));
    }

    /// Everything may be looked at.
    fn whole(&mut self, id: FuncId, operand: Operand) {
        if let Operand::Local(local) = operand {
            let class = self.local(id, local);
            self.asked(class).whole = true;
        }
    }

    /// Whether an operand is a constant that no collection is equal to.
    fn is_scalar(&self, operand: Operand) -> bool {
        let Operand::Const(id) = operand else { return false };
        !matches!(
            self.program.constants.get(id),
            None | Some(Constant::Array(_) | Constant::Object(_) | Constant::Set(_))
        )
    }

    /// Whether a constant is a string that stands in JSON as it is.
    fn is_plain(&self, id: ConstId) -> bool {
        let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
        matches!(self.program.constants.get(id), Some(Constant::String(text)) if text.bytes().all(is_plain))
    }

    /// Lets each class be read in one way: as records, by elements of one class, or whole.
    fn settle(&mut self) {
        // To join two classes may join what is in them, which was looked at before.
        while self.widen() {}
        let mut left: Vec<Class> = (0..self.asked.len()).filter(|class| self.asked[*class].whole).collect();
        while let Some(class) = left.pop() {
            let asked = self.asked(class).clone();
            for inside in asked.elements.into_iter().chain(asked.keys.into_values()) {
                if !std::mem::replace(&mut self.asked(inside).whole, true) {
                    left.push(inside);
                }
            }
        }
    }

    /// Lets all values in a class be of one class where more than some constant keys is asked for. Whether there was such a class.
    fn widen(&mut self) -> bool {
        let mut is_changed = false;
        for class in 0..self.asked.len() {
            let asked = self.asked(class);
            if asked.elements.is_some() && !asked.keys.is_empty() || asked.keys.len() > MOST_KEYS {
                let values = std::mem::take(&mut asked.keys);
                let elements = self.elements(class);
                values.into_values().for_each(|value| self.join(elements, value));
                is_changed = true;
            }
        }
        is_changed
    }

    /// The shapes of all classes that the input consists of, and the number of each class's shape.
    fn shapes(&mut self) -> (Vec<Shape>, FxHashMap<Class, usize>) {
        let input = self.find(INPUT);
        let mut numbers = FxHashMap::from_iter([(input, 0)]);
        let mut order = vec![input];
        let mut shapes = Vec::new();
        while let Some(class) = order.get(shapes.len()).copied() {
            let asked = self.asked(class).clone();
            let mut number = |class: Class| {
                *numbers.entry(self.find(class)).or_insert_with_key(|class| {
                    order.push(*class);
                    order.len() - 1
                })
            };
            shapes.push(match asked {
                Asked { whole: true, .. } => Shape::Whole,
                Asked { elements: Some(class), .. } => Shape::Elements(number(class)),
                Asked { keys, .. } if keys.is_empty() => Shape::Scalar,
                Asked { keys, .. } => {
                    Shape::Record(keys.into_iter().map(|(key, class)| (key, number(class))).collect())
                }
            });
        }
        (shapes, numbers)
    }
}

/// The locals that [`StmtKind::AssignOnce`] may find assigned: then it compares.
fn assigned_often(function: &Function) -> BTreeSet<Local> {
    let mut once = BTreeSet::new();
    let mut often = BTreeSet::new();
    collect_assigned(&function.body, false, &mut once, &mut often);
    often
}

fn collect_assigned(block: &Block, in_loop: bool, once: &mut BTreeSet<Local>, often: &mut BTreeSet<Local>) {
    for stmt in &block.stmts {
        if let StmtKind::AssignOnce { target, .. } = &stmt.kind
            && (in_loop || !once.insert(*target))
        {
            often.insert(*target);
        }
        let in_loop = in_loop || matches!(stmt.kind, StmtKind::Scan { .. });
        visit::blocks(&stmt.kind).for_each(|inner| collect_assigned(inner, in_loop, once, often));
    }
}

#[cfg(test)]
mod tests {
    use super::Shapes;
    use crate::plan::print::print_constant;
    use crate::source::{RegoVersion, SourceSet};
    use crate::{Options, compile_to_plan};

    /// The shapes of what the document `p` of a package is asked for.
    fn shapes(rules: &str) -> Option<String> {
        let mut sources = SourceSet::new();
        sources.add("policy.rego", format!("package p\n{rules}"), RegoVersion::V1);
        let mut options = Options::default();
        options.entrypoints.names.push("p".to_owned());
        let program = compile_to_plan(&sources, &options).expect("it compiles");
        Shapes::of(&program).map(|shapes| print_constant(&shapes.constant(&program.constants)))
    }

    #[test]
    fn elements_of_which_some_keys_are_asked_for_are_records() {
        let rules = "q contains x.id if {\n\tsome x in input.items\n\tx.kind == \"a\"\n\tx.meta.ok\n}\n";
        let found = shapes(rules);
        assert_eq!(
            found.as_deref(),
            Some(r#"[["items", 1], 2, ["kind", 3, "meta", 4, "id", 5], null, ["ok", 6], true, null]"#)
        );
    }

    #[test]
    fn what_is_collected_or_given_away_is_whole() {
        for rule in
            ["q contains x if some x in input.items", "q := upper(input.items[_])", "q := [x | x := input.items[_]]"]
        {
            assert_eq!(shapes(rule).as_deref(), Some(r#"[["items", 1], 2, true]"#), "{rule}");
        }
        assert_eq!(shapes("q contains input"), None);
        // No object would become a record.
        assert_eq!(shapes("q contains x if some x in input"), None);
    }

    #[test]
    fn little_that_is_asked_for_without_loops_is_not_worth_shapes() {
        assert_eq!(shapes("q if input.a.b == 1"), None);
        let many = ["a", "b", "c", "d", "e", "f"].map(|key| format!("input.{key} == 1")).join("\n");
        assert!(shapes(&format!("q if {{\n{many}\n}}")).is_some());
    }
}
