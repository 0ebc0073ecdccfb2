//! The resolved tree: every name is a typed id, every call is a statement of its own, every body is ordered for safety.
//!
//! Only `resolve` makes it. Its form follows what OPA's compiler leaves for its planner: nested calls are hoisted into statements
//! before the statement that used them, `some … in` and `in` are unifications and calls, heads hold no calls. Nothing here
//! knows of plans or wasm.

pub mod dependencies;
pub mod key;
pub mod number;
pub mod print;
pub mod text;
pub mod visit;

use std::collections::BTreeMap;

use crate::capabilities::Builtin;
use crate::index::{IndexVec, define_index};
pub use crate::source::Name;
use crate::source::{FileId, Span};
pub use key::Key;

/// The place of a term that stands in no text: nothing shows it.
pub(crate) const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

define_index! {
    /// A node of the [`Tree`].
    NodeId, "n"
}
define_index! {
    /// All rules that define one document or one function.
    RuleSetId, "s"
}
define_index! {
    /// One rule (with its `else` branches).
    RuleId, "r"
}
define_index! {
    /// A variable of one rule or query.
    LocalId, "v"
}
define_index! {
    /// A builtin that the program calls.
    BuiltinId, "b"
}

/// Everything that was compiled together.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The packages and rule sets by path.
    pub tree: Tree,
    /// The rule sets.
    pub sets: IndexVec<RuleSetId, RuleSet>,
    /// The rules, in the order of files and lines.
    pub rules: IndexVec<RuleId, Rule>,
    /// The builtins called or replaced by `with`.
    pub builtins: IndexVec<BuiltinId, Builtin>,
    /// The entrypoints asked for, in the order of their numbers.
    pub entrypoints: Vec<Entrypoint>,
    /// An ad hoc query, if one is compiled.
    pub query: Option<Query>,
    /// What the metadata of rules says of the types of documents.
    pub schemas: BTreeMap<RuleId, Vec<SchemaUse>>,
}

impl Program {
    /// The count of arguments that a function takes; a rule without parameters takes none.
    #[must_use]
    pub fn arity(&self, callee: Callee) -> usize {
        match callee {
            Callee::Builtin(builtin) => self.builtins[builtin].params.len(),
            Callee::Function(set) => match self.sets[set].kind {
                RuleKind::Function(arity) => arity,
                RuleKind::Complete | RuleKind::PartialSet | RuleKind::PartialObject => 0,
            },
        }
    }
}

/// A document and the schema that it has while a rule is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaUse {
    /// The path of the document, beginning with `input` or `data`.
    pub path: Vec<Name>,
    /// Its schema.
    pub schema: SchemaSource,
    /// Whether it does not count for `else` branches: it stands right before the rule.
    pub only_first: bool,
}

/// Where a schema is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaSource {
    /// Among those that the compiler is given, under a path that begins with `schema`.
    Named(Vec<Name>),
    /// Here: a JSON text.
    Inline(Name),
}

/// The tree of virtual documents below `data`. Node 0 is `data` itself.
///
/// A node either has children or a rule set, never both: rules with variables in their heads (`p[x].q := 1`) take in every rule
/// below the node of their scalar prefix (`p.a.q := 2`), whose remaining path becomes part of [`Rule::suffix`].
#[derive(Clone, Debug)]
pub struct Tree {
    /// The nodes.
    pub nodes: IndexVec<NodeId, Node>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: std::iter::once(Node::default()).collect() }
    }
}

impl Tree {
    /// The node of `data`.
    pub const ROOT: NodeId = NodeId(0);

    /// The child of a node.
    #[must_use]
    pub fn child(&self, node: NodeId, key: impl Into<Key>) -> Option<NodeId> {
        self.nodes[node].children.get(&key.into()).copied()
    }

    /// The path of a node from `data` (excluded).
    #[must_use]
    pub fn path(&self, mut node: NodeId) -> Vec<Key> {
        let mut path = Vec::new();
        while let Some(parent) = self.nodes[node].parent {
            path.push(self.nodes[node].key.clone());
            node = parent;
        }
        path.reverse();
        path
    }

    /// The names that the path of a node begins with: all of it but behind a key that is no string.
    #[must_use]
    pub fn names(&self, node: NodeId) -> Vec<Name> {
        self.path(node).iter().map_while(|key| key.name().cloned()).collect()
    }
}

/// A node of the [`Tree`].
#[derive(Clone, Debug)]
pub struct Node {
    /// The parent; none for `data`.
    pub parent: Option<NodeId>,
    /// The key in the parent.
    pub key: Key,
    /// The children, by key.
    pub children: BTreeMap<Key, NodeId>,
    /// The rules here.
    pub set: Option<RuleSetId>,
}

impl Default for Node {
    fn default() -> Self {
        Self { parent: None, key: Key::from("data"), children: BTreeMap::new(), set: None }
    }
}

/// What the rules of a set make together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// One value.
    Complete,
    /// A set of the values behind `contains`.
    PartialSet,
    /// An object whose keys are the rules' [`Rule::suffix`]; inner values may be sets (`p[x] contains y`).
    PartialObject,
    /// A function of so many arguments.
    Function(usize),
}

/// All rules that define one document or one function.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// Where it stands in the tree.
    pub node: NodeId,
    /// What the rules make together.
    pub kind: RuleKind,
    /// The rules but the default, in the order of files and lines.
    pub rules: Vec<RuleId>,
    /// The default rule.
    pub default: Option<RuleId>,
}

/// A rule with its `else` branches.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The set it belongs to.
    pub set: RuleSetId,
    /// The file it stands in.
    pub file: FileId,
    /// How many names of its path are its package's: messages show the rest.
    pub package: usize,
    /// Whether it is a default rule. One that a set with variables took in never applies, and is in no list of its set.
    pub default: bool,
    /// The rule as OPA locates it: where its head begins.
    pub span: Span,
    /// The parameters of a function: patterns that the arguments are unified with.
    pub params: Vec<Term>,
    /// The part of the head's path below the node of the set. Empty but for partial objects.
    pub suffix: Vec<Term>,
    /// The element behind `contains`.
    pub element: Option<Term>,
    /// The value; `true` when none is written. Meaningless when there is an `element`.
    pub value: Term,
    /// The body; empty when none is written.
    pub body: Body,
    /// The `else` branches, in order.
    pub branches: Vec<Branch>,
    /// The variables of the rule and its branches.
    pub locals: IndexVec<LocalId, Local>,
    /// Statements that are not evaluated although they are written: `true with data.a as 1` alone, in front of what is hoisted out of the
    /// head. To OPA the rule needs what they name.
    pub forgotten: Vec<Expr>,
    /// Whether it may need other rules: it refers to `data`, calls a function of the policy, or has a `with` clause.
    pub refers: bool,
}

/// An `else` branch.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The value.
    pub value: Term,
    /// The body; empty when none is written.
    pub body: Body,
    /// As [`Rule::forgotten`].
    pub forgotten: Vec<Expr>,
    /// The branch.
    pub span: Span,
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Local {
    /// The name as written; none for `_` and for variables that the compiler made.
    pub name: Option<Name>,
    /// Where it is first seen.
    pub span: Span,
    /// Where it comes from.
    pub origin: LocalOrigin,
}

/// Where a variable comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalOrigin {
    /// A parameter of the function, or a variable inside a parameter.
    Param,
    /// `:=`, `some`, `every`.
    Declared,
    /// Used without a declaration.
    Implicit,
    /// `_`
    Wildcard,
    /// Made by the compiler for a hoisted expression.
    Hoisted,
}

/// Statements that must all hold, in an order in which every variable is bound before it is needed.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The statements.
    pub exprs: Vec<Expr>,
    /// How the body came about, which decides what its variables may see.
    pub form: BodyForm,
}

/// How a [`Body`] came about. Only safety looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum BodyForm {
    /// Written as a body: of a rule, a query, a comprehension, `every`, or in braces behind `not`, `and`, `or`. Its variables may
    /// be its own.
    #[default]
    Written,
    /// The bare operand of `not` (`future.keywords.not`), `and`, `or` with all that was hoisted out of it: only hoisted variables
    /// are its own.
    Operand,
    /// The one statement behind a legacy `not`: every variable in it must be bound outside.
    Negated,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What must hold.
    pub kind: ExprKind,
    /// What is replaced while it is evaluated, in order.
    pub with: Vec<With>,
    /// The statement as written; for a hoisted call, the call.
    pub span: Span,
    /// Who wrote it.
    pub origin: ExprOrigin,
}

/// Where a statement comes from. Only checks and messages look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ExprOrigin {
    /// A statement of the text.
    #[default]
    Written,
    /// `:=`: its left side is bound by it and by nothing else.
    Assignment,
    /// Made by the compiler: an expression hoisted out of another statement.
    Hoisted,
}

/// What a statement says.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// The term is defined and not `false`.
    Term(Term),
    /// The two terms are equal; variables that are not yet bound are bound. `x := y` and `x = y`.
    Unify(Term, Term),
    /// The call is defined and, without an output, not `false`; with an output, the result unifies with it.
    Call {
        /// What is called.
        callee: Callee,
        /// The arguments, as many as the callee has parameters.
        args: Vec<Term>,
        /// What the result is unified with.
        output: Option<Term>,
    },
    /// The body has no solution. Variables inside do not leave it.
    Not(Body),
    /// The body holds for each element of the domain; also when there is none. Undefined when the domain is not a collection.
    Every {
        /// The key.
        key: Option<LocalId>,
        /// The value.
        value: LocalId,
        /// The domain; a variable or a constant.
        domain: Term,
        /// The body.
        body: Body,
    },
    /// Both bodies have a solution, the right one looked at only if the left one has. Binds nothing outside.
    And(Body, Body),
    /// One of the bodies has a solution, the right one looked at only if the left one has none. Binds nothing outside.
    Or(Body, Body),
}

/// What a call calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Callee {
    /// A builtin.
    Builtin(BuiltinId),
    /// A function of the policy.
    Function(RuleSetId),
}

/// `with target as value`
#[derive(Clone, Debug)]
pub struct With {
    /// What is replaced.
    pub target: WithTarget,
    /// By what.
    pub value: WithValue,
    /// The clause.
    pub span: Span,
}

/// What `with` replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WithTarget {
    /// `input` or a path below it.
    Input(Vec<Name>),
    /// `data` or a path below it: base documents, rules, or a whole subtree of both.
    Data(Vec<Name>),
    /// All calls of a builtin or function.
    Callee(Callee),
}

/// By what `with` replaces.
#[derive(Clone, Debug)]
pub enum WithValue {
    /// A value; for a function, the result of every call.
    Term(Term),
    /// Another function or builtin; called inside its own replacement, the original answers.
    Callee(Callee),
}

/// An expression without calls.
#[derive(Clone, Debug)]
pub struct Term {
    /// The expression.
    pub kind: TermKind,
    /// Where it is written; for a hoisted expression, where that was.
    pub span: Span,
}

/// The expression of a [`Term`].
#[derive(Clone, Debug)]
pub enum TermKind {
    /// `null`
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number, as written.
    Number(Name),
    /// A string.
    String(Name),
    /// A variable.
    Local(LocalId),
    /// A reference with at least one operand, or `input` or `data` alone.
    Ref(Box<Ref>),
    /// An array.
    Array(Vec<Term>),
    /// An object; keys may repeat and need not be constants.
    Object(Vec<(Term, Term)>),
    /// A set; elements may repeat and need not be constants.
    Set(Vec<Term>),
    /// `[term | body]`
    ArrayComprehension(Box<Term>, Box<Body>),
    /// `{term | body}`
    SetComprehension(Box<Term>, Box<Body>),
    /// `{key: value | body}`
    ObjectComprehension(Box<Term>, Box<Term>, Box<Body>),
}

/// A path into a document.
#[derive(Clone, Debug)]
pub struct Ref {
    /// Where the path begins.
    pub base: RefBase,
    /// The operands: constants, variables (bound, or bound by the reference), composite patterns, references.
    pub path: Vec<Term>,
}

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefBase {
    /// `input`
    Input,
    /// `data`: base and virtual documents; see [`Tree`].
    Data,
    /// A variable.
    Local(LocalId),
}

/// A document that the module answers for.
#[derive(Clone, Debug)]
pub struct Entrypoint {
    /// The name as given, such as `example/violation`.
    pub name: String,
    /// The path below `data`.
    pub path: Vec<Name>,
    /// The metadata of its rules and of it as a document, each as a text of JSON.
    pub annotations: Vec<String>,
}

impl Entrypoint {
    /// The reference that it stands for, which has no place. A name that consists of digits is a number there (OPA's `storage.Path.Ref`).
    #[must_use]
    pub fn reference(&self) -> Ref {
        let kind = |name: &Name| match name.parse::<u64>() {
            Ok(number) if name.bytes().all(|byte| byte.is_ascii_digit()) => TermKind::Number(number.to_string().into()),
            _ => TermKind::String(name.clone()),
        };
        Ref {
            base: RefBase::Data,
            path: self.path.iter().map(|name| Term { kind: kind(name), span: NOWHERE }).collect(),
        }
    }
}

/// An ad hoc query.
#[derive(Clone, Debug)]
pub struct Query {
    /// The body.
    pub body: Body,
    /// Its variables.
    pub locals: IndexVec<LocalId, Local>,
    /// The variables that a result shows, by name.
    pub bindings: Vec<(Name, LocalId)>,
    /// The statements as written with the value that a result shows for each: that of a term or call, `true` for others.
    pub values: Vec<Captured>,
}

/// A statement of a query with its value.
#[derive(Clone, Debug)]
pub struct Captured {
    /// The statement.
    pub span: Span,
    /// Its value.
    pub value: Term,
}
