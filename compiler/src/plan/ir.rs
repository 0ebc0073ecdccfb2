//! The plan: what a policy does, step by step, without wasm.
//!
//! Everything that OPA's plan IR can say (<https://www.openpolicyagent.org/docs/ir>) can be said here, with typed ids in place
//! of strings and labels in place of counts of blocks; on top there are constants of any depth, rule boundaries and switches.
//!
//! **Failure.** A statement that is *undefined* ends the innermost enclosing block: what follows that block is next. For the
//! body of a [`StmtKind::Scan`] that is the next element; for the body of a [`StmtKind::Not`] or a [`StmtKind::With`] see there.
//!
//! **Locals.** A function has its own locals, undefined at first. Local 0 is the input document, local 1 the base document, the
//! parameters follow. A statement that reads an undefined local where it says *defined* must not be reached; the planner sees to
//! that, and [`super::validate`] checks that each local is assigned on some way before.

use crate::index::{IndexVec, define_index};
use crate::source::{Name, Span};

define_index! {
    /// A constant value.
    ConstId, "c"
}
define_index! {
    /// A function of the plan.
    FuncId, "f"
}
define_index! {
    /// A builtin that the plan calls.
    BuiltinId, "b"
}
define_index! {
    /// A variable of one function.
    Local, "$"
}
define_index! {
    /// A block of one function that can be left by [`StmtKind::Break`].
    Label, "L"
}
define_index! {
    /// A rule of the policy, for messages and maps.
    RuleId, "r"
}
define_index! {
    /// A table of functions by path.
    TableId, "t"
}

impl Local {
    /// The input document in every function.
    pub const INPUT: Self = Self(0);
    /// The base document in every function.
    pub const DATA: Self = Self(1);
}

/// A whole plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// The constants, each once.
    pub constants: IndexVec<ConstId, Constant>,
    /// The builtins called, in the order of their numbers in the ABI.
    pub builtins: IndexVec<BuiltinId, Builtin>,
    /// The rules that functions were made from.
    pub rules: IndexVec<RuleId, Rule>,
    /// The functions.
    pub functions: IndexVec<FuncId, Function>,
    /// Functions by path, for [`StmtKind::CallDynamic`].
    pub tables: IndexVec<TableId, Table>,
    /// The entrypoints, in the order of their numbers in the ABI.
    pub entrypoints: Vec<Entrypoint>,
    /// The places that [`super::build::COVERED`] is told of, by number; none in a plan without coverage.
    pub places: Vec<Span>,
    /// The statements that [`super::build::TRIED`] is told of, by number; none in a plan without a trace.
    pub probes: Vec<Probe>,
}

/// A statement of a test that the host is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The statement as written.
    pub span: Span,
    /// The terms whose values are told, each with whether the statement needs it: if it has no value it is undefined, else unknown.
    pub terms: Vec<(Span, bool)>,
}

/// A ground value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Constant {
    /// `null`
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number, as OPA would keep its text.
    Number(Name),
    /// A string.
    String(Name),
    /// An array.
    Array(Vec<Constant>),
    /// An object, in OPA's order of keys, without repetition.
    Object(Vec<(Constant, Constant)>),
    /// A set, in OPA's order, without repetition.
    Set(Vec<Constant>),
}

/// A builtin that the plan calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// The name in Rego.
    pub name: Name,
    /// The number of arguments.
    pub arity: usize,
    /// Whether it has a result; a call without one never fails.
    pub has_result: bool,
    /// Whether the host answers it.
    pub host: bool,
}

/// A rule, for messages and for the section that maps rules to places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The path, such as `data.example.violation`.
    pub path: String,
    /// Where it is defined.
    pub span: Option<Span>,
}

/// An entrypoint of the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrypoint {
    /// The name that hosts use.
    pub name: String,
    /// A function without parameters that returns the result set: a set (or, for a query, an array) of objects.
    pub function: FuncId,
}

/// A function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// The name that the name section shows, such as `data.example.violation`. Not an identity.
    pub name: String,
    /// What it is.
    pub kind: FunctionKind,
    /// The number of parameters behind input and data: locals 2, 3, ….
    pub params: u32,
    /// The number of all locals, with input, data and parameters.
    pub locals: u32,
    /// Whether its value is kept for the rest of the decision (only without parameters).
    pub memoize: bool,
    /// What it does.
    pub body: Block,
    /// The local that holds the result when the body has ended; undefined is a result too.
    pub result: Local,
}

/// What the name of a [part](FunctionKind::Part) adds to that of the function.
pub const PART_SUFFIX: &str = "{part}";

/// What a function is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// Builds the result set of an entrypoint.
    Entrypoint,
    /// The value of a rule set.
    Rules,
    /// A function of the policy.
    Function,
    /// A whole subtree of `data`, virtual documents laid over base documents.
    Extent,
    /// The element of a subtree of `data` under a key known at run time (parameter 2).
    Lookup,
    /// The element of a collection of base data (parameter 2) under a key (parameter 3) that is not in it as it is: OPA's storage finds a
    /// number in an object by its text, and a text in an array by its number. Its body says the same in statements.
    Storage,
    /// Part of another function, split off by the optimiser.
    Part,
    /// What another function gives, which it calls; undefined where that would end in an evaluation error.
    Attempt,
}

/// Functions by path, for calls chosen at run time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The paths, sorted, each with its function. All functions have the same number of parameters.
    pub rows: Vec<(Vec<ConstId>, FuncId)>,
}

/// Statements in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The name by which [`StmtKind::Break`] leaves it; unique in the function.
    pub label: Label,
    /// The statements.
    pub stmts: Vec<Stmt>,
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// The Rego it comes from.
    pub span: Option<Span>,
}

/// A value that a statement reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// A variable.
    Local(Local),
    /// A constant.
    Const(ConstId),
}

impl From<Local> for Operand {
    fn from(local: Local) -> Self {
        Self::Local(local)
    }
}

impl From<ConstId> for Operand {
    fn from(constant: ConstId) -> Self {
        Self::Const(constant)
    }
}

/// The type that [`StmtKind::IsType`] tests for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeTest {
    /// An array.
    Array,
    /// An object.
    Object,
    /// A set.
    Set,
    /// A string. Only passes ask for it.
    String,
}

/// What a statement does. *Undefined when* says when it fails; a statement without it never fails.
#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    /// `target = source`; the source may be undefined.
    Assign {
        /// Where to.
        target: Local,
        /// Where from.
        source: Operand,
    },
    /// `target = source`; an evaluation error if the target is defined and differs. The error may be raised as late as at the end of the
    /// function, so that it can name all rules that gave another value; until then the target keeps the first.
    AssignOnce {
        /// Where to.
        target: Local,
        /// Where from, defined.
        source: Operand,
    },
    /// `target` becomes undefined.
    Reset {
        /// The local.
        target: Local,
    },
    /// `target = source[key]`. Undefined when there is no such element, or the source is a scalar or undefined.
    Dot {
        /// The collection.
        source: Operand,
        /// The key, defined.
        key: Operand,
        /// Where to.
        target: Local,
    },
    /// Undefined when the two differ.
    Equal(Operand, Operand),
    /// Undefined when the two are equal. `NotEqual(x, false)` is the test of a statement's truth.
    NotEqual(Operand, Operand),
    /// Undefined when the source has another type (or is undefined).
    IsType {
        /// The value.
        source: Operand,
        /// The type.
        test: TypeTest,
    },
    /// Undefined when the local is undefined.
    IsDefined(Local),
    /// Undefined when the local is defined.
    IsUndefined(Local),
    /// `target = count of elements`. Undefined for scalars.
    Len {
        /// The collection.
        source: Operand,
        /// Where to.
        target: Local,
    },
    /// Sets the target to the source, or to a collection of its type that has some of its elements, in their order: each that is left out
    /// lacks one of the keys in the column of that number. Whoever scans the target must ask for the keys again.
    Select {
        /// The collection; may be undefined.
        source: Operand,
        /// Where the collection lies in base data, and its columns: an element of [`regoc_abi::runtime::INDEXES`].
        index: ConstId,
        /// One for each column; may be undefined.
        keys: Vec<Operand>,
        /// Where to.
        target: Local,
    },
    /// A new empty array; growing it changes it in place.
    MakeArray {
        /// Where to.
        target: Local,
        /// How many elements to make room for.
        capacity: u32,
    },
    /// A new empty object; see [`StmtKind::MakeArray`].
    MakeObject {
        /// Where to.
        target: Local,
    },
    /// A new empty set; see [`StmtKind::MakeArray`].
    MakeSet {
        /// Where to.
        target: Local,
    },
    /// Appends to an array made in this decision.
    ArrayAppend {
        /// The array.
        array: Local,
        /// The element, defined.
        value: Operand,
    },
    /// Adds or replaces a key of an object made in this decision.
    ObjectInsert {
        /// The object.
        object: Local,
        /// The key, defined.
        key: Operand,
        /// The value, defined.
        value: Operand,
    },
    /// The same; an evaluation error when the key has another value.
    ObjectInsertOnce {
        /// The object.
        object: Local,
        /// The key, defined.
        key: Operand,
        /// The value, defined.
        value: Operand,
    },
    /// `target = a` laid over `b`: recursive where both are objects, else `a`. Either may be undefined.
    ObjectMerge {
        /// What wins.
        a: Local,
        /// What is below.
        b: Local,
        /// Where to.
        target: Local,
    },
    /// `target = object` with a value under the key if it has none there. What is no object stays as it is.
    ObjectDefault {
        /// The object, defined.
        object: Local,
        /// The key, a string.
        key: Operand,
        /// The value, defined.
        value: Operand,
        /// Where to.
        target: Local,
    },
    /// `target = {{key: value}}`, or an empty set when the value is undefined: what an entrypoint answers.
    ResultSet {
        /// The key, a string.
        key: Operand,
        /// The value; may be undefined.
        value: Local,
        /// Where to.
        target: Local,
    },
    /// Adds to a set made in this decision.
    SetAdd {
        /// The set.
        set: Local,
        /// The element, defined.
        value: Operand,
    },
    /// `target = function(input, data, args)`. Undefined when the result is.
    Call {
        /// What is called.
        function: FuncId,
        /// The arguments behind input and data, defined (but see [`FunctionKind::Part`], whose accumulators may be undefined).
        args: Vec<Operand>,
        /// Where to.
        target: Local,
    },
    /// `target = builtin(args)`. Undefined when the result is; a builtin without a result leaves the target alone.
    CallBuiltin {
        /// What is called.
        builtin: BuiltinId,
        /// The arguments, defined.
        args: Vec<Operand>,
        /// Where to.
        target: Local,
    },
    /// Calls the function at a path. Undefined when the table has no such path; when the function's result is undefined, the block
    /// `if_undefined` is left instead.
    CallDynamic {
        /// The functions.
        table: TableId,
        /// The path, defined.
        path: Vec<Operand>,
        /// The arguments behind input and data, defined.
        args: Vec<Operand>,
        /// Where to.
        target: Local,
        /// The block to leave when the function is there but undefined.
        if_undefined: Label,
    },
    /// Runs the block; goes on after it however it ended.
    Block(Block),
    /// The same for the body of one rule, so that passes see where a rule begins and ends.
    Rule {
        /// The rule.
        rule: RuleId,
        /// Its body.
        body: Block,
    },
    /// Leaves the block of that label, from inside of it.
    Break(Label),
    /// Runs the block. Undefined when it ran to its end; goes on when a statement in it was undefined.
    Not(Block),
    /// Runs the body for each element, in OPA's order. None for scalars and undefined. Goes on after the last.
    Scan {
        /// The collection; may be undefined.
        source: Operand,
        /// Set to the key (index, key, element).
        key: Local,
        /// Set to the value.
        value: Local,
        /// What to do.
        body: Block,
    },
    /// Replaces the input or the base document, or a path inside of it, while the body runs; memoised values are set aside. Undefined
    /// when a statement of the body was undefined.
    With {
        /// [`Local::INPUT`] or [`Local::DATA`].
        document: Local,
        /// The path inside; empty for the whole.
        path: Vec<ConstId>,
        /// The new value, defined; for the whole document it may be undefined (OPA's plans put an undefined input back that way).
        value: Operand,
        /// What to do.
        body: Block,
    },
    /// Runs the case whose constant equals the operand, else the default. Goes on after it.
    Switch {
        /// What is looked at; may be undefined (then the default runs).
        on: Operand,
        /// The cases: constants that differ by value, in OPA's order.
        cases: Vec<(ConstId, Block)>,
        /// What to do when none fits.
        default: Option<Block>,
    },
}
