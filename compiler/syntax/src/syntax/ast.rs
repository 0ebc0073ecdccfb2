//! The tree as written: every node has a span, nothing is resolved, nothing is desugared.
//!
//! Both versions of Rego have this one tree. What a node means (`p[x]` in a head, a name that may be an import) is found out by
//! `resolve`, not here.

pub use crate::source::Name;
use crate::source::{RegoVersion, Span};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// The package clause.
    pub package: Package,
    /// The imports, in order.
    pub imports: Vec<Import>,
    /// The rules, in order.
    pub rules: Vec<Box<Rule>>,
    /// The comments, in order, metadata blocks included.
    pub comments: Vec<Comment>,
    /// The metadata blocks, in order: the YAML text behind `# METADATA`, and what it is attached to.
    pub annotations: Vec<Annotation>,
    /// How the file was read, after `import rego.v1` and its like were seen.
    pub version: RegoVersion,
    /// Whether `not` holds the temporary variables of its operand (`import future.keywords.not`, `import rego.v2`); else
    /// they are bound before the `not`.
    pub not_bodies: bool,
    /// Whether every statement and every metadata block could be read, be it that not all of them may stand where they do.
    pub is_complete: bool,
    /// The whole file.
    pub span: Span,
}

/// `package a.b["c"]`: names and strings only.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// The path without the leading `data`.
    pub path: Vec<(Name, Span)>,
    /// The clause.
    pub span: Span,
}

/// `import data.a.b as c`.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The path: `data`, `input`, `rego`, `future` first.
    pub path: Ref,
    /// The name after `as`.
    pub alias: Option<(Name, Span)>,
    /// The clause.
    pub span: Span,
}

/// A comment without its `#`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// The text behind the `#`.
    pub text: String,
    /// The comment with its `#`.
    pub span: Span,
}

/// A metadata block.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// The YAML text, with the `#` taken off each line.
    pub yaml: String,
    /// The block, from the line `# METADATA` on.
    pub span: Span,
    /// What follows the block.
    pub target: AnnotationTarget,
}

/// What a metadata block stands before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnnotationTarget {
    /// The package clause.
    Package,
    /// An import, by its place in [`Module::imports`].
    Import(usize),
    /// A rule, by its place in [`Module::rules`].
    Rule(usize),
    /// Nothing: the file ends.
    Nothing,
}

/// A rule as written, with chained bodies and `else` branches.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Whether it begins with `default`.
    pub default: bool,
    /// The head.
    pub head: Head,
    /// Whether the keyword `if` stands before the body.
    pub has_if: bool,
    /// The body; none for `p := 1`, `p contains 1` and defaults.
    pub body: Option<Body>,
    /// Further bodies of a v0 rule: `p { … } { … }`.
    pub chained: Vec<Body>,
    /// Where each chained body stands, braces included: OPA's place of the rule that it makes.
    pub chained_spans: Vec<Span>,
    /// The `else` branches, in order (a list, so that a long chain needs no stack).
    pub branches: Vec<Else>,
    /// The whole rule.
    pub span: Span,
}

/// The head of a rule: `a.b[x](y) := z`, `p contains x`.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The name with everything that follows it up to arguments, `contains` or the value. In v0, `p[x]` is here too.
    pub reference: Ref,
    /// The parameters of a function.
    pub params: Option<Vec<Term>>,
    /// The element behind `contains`.
    pub contains: Option<Term>,
    /// The value with its operator.
    pub value: Option<(AssignOperator, Term)>,
    /// The head.
    pub span: Span,
}

/// The operator before the value of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignOperator {
    /// `:=`
    Assign,
    /// `=`
    Unify,
}

impl AssignOperator {
    /// The same operator in an expression.
    #[must_use]
    pub const fn infix(self) -> InfixOperator {
        match self {
            Self::Assign => InfixOperator::Assign,
            Self::Unify => InfixOperator::Unify,
        }
    }
}

/// `else := value if { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Else {
    /// The value with its operator; `true` when there is none.
    pub value: Option<(AssignOperator, Term)>,
    /// Whether the keyword `if` stands before the body.
    pub has_if: bool,
    /// The body; none for `else := value`.
    pub body: Option<Body>,
    /// The branch.
    pub span: Span,
}

/// The literals of a body, at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// The literals, in order.
    pub literals: Vec<Literal>,
    /// The body without braces.
    pub span: Span,
}

/// One statement of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal {
    /// The statement.
    pub kind: LiteralKind,
    /// The `with` clauses, in order.
    pub with: Vec<With>,
    /// The statement with its clauses.
    pub span: Span,
}

/// The statement of a literal. Most are expressions: the others are boxed, so that a literal takes no more room than an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum LiteralKind {
    /// An expression: a term, a call, an infix operation (`=` and `:=` only here).
    Expr(Term),
    /// `some x, y`
    Some(Vec<(Name, Span)>),
    /// `some k, v in xs`
    SomeIn(Box<SomeIn>),
    /// `every k, v in xs { … }`
    Every(Box<Every>),
    /// `not …`
    Not(Operand),
    /// `… and …`, `… or …` (`future.keywords`)
    Logical(Box<Logical>),
}

/// `some k, v in xs`
#[derive(Clone, Debug, PartialEq)]
pub struct SomeIn {
    /// The key, if there is one.
    pub key: Option<Term>,
    /// The value.
    pub value: Term,
    /// The collection.
    pub collection: Term,
}

/// `every k, v in xs { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Every {
    /// The key, if there is one.
    pub key: Option<Term>,
    /// The value.
    pub value: Term,
    /// The domain.
    pub domain: Term,
    /// The body.
    pub body: Body,
}

/// `left and right`, `left or right`
#[derive(Clone, Debug, PartialEq)]
pub struct Logical {
    /// `and` or `or`.
    pub operator: LogicalOperator,
    /// The left operand.
    pub left: Operand,
    /// The right operand.
    pub right: Operand,
}

/// `and` or `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogicalOperator {
    /// `and`
    And,
    /// `or`
    Or,
}

/// The operand of `not`, `and`, `or`.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A single literal, written bare; it has no `with` of its own.
    Bare(Box<Literal>),
    /// A literal in parentheses; may have `with`.
    Group(Box<Literal>),
    /// A body in braces.
    Braces(Body),
}

/// `with target as value`
#[derive(Clone, Debug, PartialEq)]
pub struct With {
    /// What is replaced.
    pub target: Term,
    /// By what.
    pub value: Term,
    /// The clause.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The expression.
    pub kind: TermKind,
    /// The stretch of text, parentheses not included.
    pub span: Span,
}

/// The expression of a term.
#[derive(Clone, Debug, PartialEq)]
pub enum TermKind {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A number, as written.
    Number(Name),
    /// A string, unescaped.
    String(Name),
    /// `$"… {expr} …"`
    Template(Vec<TemplatePart>),
    /// A name; `_` is a wildcard.
    Var(Name),
    /// `a.b[c]`, at least one operand behind the head.
    Ref(Box<Ref>),
    /// `[a, b]`
    Array(Vec<Term>),
    /// `{a: b}`, in the order written
    Object(Vec<(Term, Term)>),
    /// `{a, b}`, `set()`
    Set(Vec<Term>),
    /// `[term | body]`
    ArrayComprehension(Box<Term>, Box<Body>),
    /// `{term | body}`
    SetComprehension(Box<Term>, Box<Body>),
    /// `{key: value | body}`
    ObjectComprehension(Box<Term>, Box<Term>, Box<Body>),
    /// `f(x)`, `a.b.f(x)`
    Call(Box<Call>),
    /// `a + b`; also `=` and `:=`, which only stand at the top of a literal
    Infix(InfixOperator, Box<Term>, Box<Term>),
    /// `k, v in xs`
    In {
        /// The key, if there is one.
        key: Option<Box<Term>>,
        /// The value.
        value: Box<Term>,
        /// The collection.
        collection: Box<Term>,
    },
    /// `-x` before anything but a number
    Negate(Box<Term>),
}

/// A part of a template string.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplatePart {
    /// Text, unescaped.
    Text(Name),
    /// An expression in braces; a literal because it may carry `with`.
    Expr(Literal),
}

/// A head and at least one operand, or a bare head where a reference is required (rule heads, imports).
#[derive(Clone, Debug, PartialEq)]
pub struct Ref {
    /// A name, or any term that can be looked into.
    pub head: Term,
    /// What follows the head, in order.
    pub operands: Vec<RefOperand>,
    /// The whole reference.
    pub span: Span,
}

/// `.name` or `[term]`.
#[derive(Clone, Debug, PartialEq)]
pub enum RefOperand {
    /// `.name`, keywords included
    Field(Name, Span),
    /// `[term]`
    Index(Term),
}

/// `operator(args)`
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The name of the function.
    pub operator: Ref,
    /// The arguments.
    pub args: Vec<Term>,
}

/// An infix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InfixOperator {
    /// `=`
    Unify,
    /// `:=`
    Assign,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `&`
    And,
    /// `|`
    Or,
}
