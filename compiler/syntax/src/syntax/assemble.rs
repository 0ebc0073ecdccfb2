//! Statements to module: which statements may stand where, which expressions are rules, what v1 demands of a rule.
//!
//! These are still parse errors to OPA (`parseModule` in `v1/ast/parser_ext.go`, `v1/ast/rego_v1.go`), reported together,
//! but only where every statement could be read.

use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use regoc_abi::builtins::BUILTINS;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, RegoVersion, Source, Span};
use crate::syntax::ast::{
    AssignOperator, Body, Comment, Head, InfixOperator, Literal, LiteralKind, Module, Name, Operand, Package, Ref,
    RefOperand, Rule, Term, TermKind,
};
use crate::syntax::lexer::lex;
use crate::syntax::metadata;
use crate::syntax::parse::{Statement, Statements};
use crate::syntax::print::{self, kind_name};
use crate::syntax::token::TokenKind;

/// How many errors of one file are given. More help no one, and a large file that is not Rego has an error at every word.
const MAX_ERRORS: usize = 256;

/// Makes the module of a file's statements, and attaches its metadata blocks.
pub(super) fn module(
    file: FileId,
    source: &Source,
    mut parsed: Statements,
    comments: Vec<Comment>,
) -> (Option<Module>, Vec<Diagnostic>) {
    let errors = core::mem::take(&mut parsed.errors);
    if parsed.statements.is_empty() && errors.is_empty() {
        return without_statements(file, source, parsed, comments);
    }
    let complete = errors.is_empty();
    let Assembled { mut module, has_package, errors: assembly_errors } = plain(file, source, parsed, comments);
    let mut of_blocks = metadata::attach(source, &mut module);
    // OPA reads the blocks that it has come by, even if it could not read a statement behind.
    let read = errors.iter().filter_map(|error| error.span).map(|span| span.start).min().unwrap_or(u32::MAX);
    module.annotations.retain(|block| block.span.start < read);
    of_blocks.retain(|error| error.span.is_none_or(|span| span.start < read));
    module.is_complete = complete && of_blocks.is_empty();
    let mut errors = if module.is_complete { assembly_errors } else { errors };
    errors.append(&mut of_blocks);
    errors.truncate(MAX_ERRORS);
    let is_usable = has_package || !module.annotations.is_empty();
    (is_usable.then_some(module), errors)
}

/// What is wrong with a file that holds no statement. To OPA a metadata block is one.
fn without_statements(
    file: FileId,
    source: &Source,
    parsed: Statements,
    comments: Vec<Comment>,
) -> (Option<Module>, Vec<Diagnostic>) {
    let mut module = plain(file, source, parsed, comments).module;
    let mut errors = metadata::attach(source, &mut module);
    let has_metadata = !module.annotations.is_empty();
    module.is_complete = errors.is_empty();
    if errors.is_empty() {
        let message = if has_metadata { "package expected" } else { "empty module" };
        errors.push(Diagnostic::new(Code::Parse, Span { file, start: 0, end: 0 }, message));
    }
    (has_metadata.then_some(module), errors)
}

/// A module made of statements.
pub(super) struct Assembled {
    /// The module; its package is empty where the clause is missing.
    pub(super) module: Module,
    /// Whether there is a package clause.
    pub(super) has_package: bool,
    /// What is wrong with statements that could be read.
    pub(super) errors: Vec<Diagnostic>,
}

/// Makes the module of a file's statements, without looking for metadata.
pub(super) fn plain(file: FileId, source: &Source, parsed: Statements, comments: Vec<Comment>) -> Assembled {
    let Statements { statements, raised, not_bodies, .. } = parsed;
    let span = Span { file, start: 0, end: source.text.len() as u32 };
    let version = if raised && source.version == RegoVersion::V0 { RegoVersion::V0CompatV1 } else { source.version };
    let mut assembly = Assembly { version, not_bodies, errors: Vec::new() };
    let mut module = Module {
        package: Package { path: Vec::new(), span: Span { end: 0, ..span } },
        imports: Vec::new(),
        rules: Vec::new(),
        comments,
        annotations: Vec::new(),
        version,
        not_bodies,
        is_complete: true,
        span,
    };
    let has_package = assembly.statements(source, statements, &mut module);
    if version != RegoVersion::V0 {
        module.rules.iter().for_each(|rule| assembly.check_v1(rule));
    }
    number_wildcards(source, &mut module);
    Assembled { module, has_package, errors: assembly.errors }
}

/// Gives rules with the name `_` the names that OPA gives them: `$` and how many wildcards stand before them in the file.
fn number_wildcards(source: &Source, module: &mut Module) {
    let is_wildcard =
        |rule: &&mut Box<Rule>| matches!(&rule.head.reference.head.kind, TermKind::Var(name) if **name == *"_");
    let file = module.span.file;
    let mut wildcards: Option<Vec<u32>> = None;
    for rule in module.rules.iter_mut().filter(is_wildcard) {
        let wildcards = wildcards.get_or_insert_with(|| places_of_wildcards(file, source));
        let head = &mut rule.head.reference.head;
        let before = wildcards.partition_point(|start| *start < head.span.start);
        head.kind = TermKind::Var(Name::from(format!("${before}").as_str()));
    }
}

/// Where the wildcards of a text begin, in order.
fn places_of_wildcards(file: FileId, source: &Source) -> Vec<u32> {
    let mut places = Vec::new();
    let mut before = TokenKind::End;
    for token in lex(file, &source.text).tokens {
        let text = source.text.get(token.start as usize..token.end as usize);
        if token.kind == TokenKind::Identifier && text == Some("_") && before != TokenKind::Dot {
            places.push(token.start);
        }
        before = token.kind;
    }
    places
}

struct Assembly {
    version: RegoVersion,
    not_bodies: bool,
    errors: Vec<Diagnostic>,
}

impl Assembly {
    fn error(&mut self, span: Span, message: impl Into<String>) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(Diagnostic::new(Code::Parse, span, message));
        }
    }

    /// Sorts the statements into the module; says whether it has a package clause.
    fn statements(&mut self, source: &Source, statements: Vec<Statement>, module: &mut Module) -> bool {
        let hints: Vec<Option<&'static str>> = statements
            .iter()
            .enumerate()
            .map(|(at, statement)| match statement {
                Statement::Body(body) => missing_keyword(source, body, statements.get(at + 1)),
                _ => None,
            })
            .collect();
        let mut raised = source.version != RegoVersion::V0;
        let mut has_package = false;
        for (at, (statement, hint)) in statements.into_iter().zip(hints).enumerate() {
            if at == 0 {
                match statement {
                    Statement::Package(package) => {
                        module.package = package;
                        has_package = true;
                    }
                    other => self.error(span_of(&other), "package expected"),
                }
                continue;
            }
            match statement {
                Statement::Package(package) => self.error(package.span, "unexpected package"),
                Statement::Import(import) => {
                    raised |= matches!(&import.path.head.kind, TermKind::Var(name) if &**name == "rego");
                    module.imports.push(*import);
                }
                Statement::Rule(rule) => module.rules.push(rule),
                Statement::Body(body) => {
                    let span = body.literals.first().map_or(body.span, |literal| literal.span);
                    match self.rule_of_body(body) {
                        Ok(rule) => module.rules.push(Box::new(rule)),
                        Err(message) => {
                            let hint = hint.filter(|_| !raised).map(keyword_hint).unwrap_or_default();
                            self.error(span, message + &hint);
                        }
                    }
                }
            }
        }
        has_package
    }

    /// Reads an expression as a rule without a body.
    fn rule_of_body(&self, body: Body) -> Result<Rule, String> {
        let mut literals = body.literals.into_iter();
        let (Some(literal), None) = (literals.next(), literals.next()) else {
            return Err("multiple expressions cannot be used for rule head".to_owned());
        };
        if !literal.with.is_empty() {
            return Err("expressions using with keyword cannot be used for rule head".to_owned());
        }
        let term = match literal.kind {
            LiteralKind::Not(Operand::Bare(_)) if !self.not_bodies => {
                return Err("negated expressions cannot be used for rule head".to_owned());
            }
            LiteralKind::Some(_) | LiteralKind::SomeIn(_) => {
                return Err("'some' declarations cannot be used for rule head".to_owned());
            }
            LiteralKind::Expr(term) => term,
            _ => return Err("expression cannot be used for rule head".to_owned()),
        };
        let span = literal.span;
        let head = head_of_term(term, span)?;
        Ok(Rule {
            default: false,
            head,
            has_if: false,
            body: None,
            chained: Vec::new(),
            chained_spans: Vec::new(),
            branches: Vec::new(),
            span,
        })
    }

    /// What v1 demands: names that are no keywords, `if` before bodies, `contains` for sets.
    fn check_v1(&mut self, rule: &Rule) {
        debug_assert!(self.version != RegoVersion::V0, "v0 demands nothing");
        let what = if rule.head.params.as_ref().is_some_and(|params| !params.is_empty()) { "function" } else { "rule" };
        let operands = rule.head.reference.operands.as_slice();
        let is_function = rule.head.params.is_some();
        let has_nothing = rule.body.is_none() && rule.head.value.is_none() && rule.head.contains.is_none();
        let in_brackets = operands.len() == 1 && !is_function && rule.head.value.is_none();
        let is_set = in_brackets && rule.head.contains.is_none() && !rule.has_if && !rule.default;
        let keyword = match &rule.head.reference.head.kind {
            TermKind::Var(name) if (operands.is_empty() || is_set) && is_v1_keyword(name) => Some(name.clone()),
            _ => None,
        };
        let bodies = core::iter::once((rule.span, rule.body.is_some(), rule.has_if, is_set))
            .chain(rule.branches.iter().map(|branch| (branch.span, branch.body.is_some(), branch.has_if, false)))
            .chain(rule.chained_spans.iter().map(|span| (*span, true, rule.has_if, is_set)));
        for (span, has_body, has_if, is_set) in bodies {
            if let Some(keyword) = &keyword {
                self.error(span, format!("{keyword} keyword cannot be used for rule name"));
            }
            if has_nothing && operands.len() > 1 && !is_function {
                self.error(span, "rule must have value assignment and/or body declaration");
            }
            if has_body && !has_if && !rule.default {
                self.error(span, format!("`if` keyword is required before {what} body"));
            }
            if is_set {
                self.error(span, "`contains` keyword is required for partial set rules");
            }
        }
    }
}

fn span_of(statement: &Statement) -> Span {
    match statement {
        Statement::Package(package) => package.span,
        Statement::Import(import) => import.span,
        Statement::Rule(rule) => rule.span,
        Statement::Body(body) => body.literals.first().map_or(body.span, |literal| literal.span),
    }
}

fn is_v1_keyword(name: &str) -> bool {
    let kind = TokenKind::of_word(name);
    kind.is_keyword() && !matches!(kind, TokenKind::LogicalAnd | TokenKind::LogicalOr)
}

fn keyword_hint(keyword: &str) -> String {
    let example = if keyword == "if" { "p if { ... }" } else { "p contains x" };
    format!(" (hint: `import future.keywords.{keyword}` for `{example}` rules)")
}

/// The keyword around which a statement was misread: `p if { … }` without the import is the expression `p` before a rule
/// named `if`.
fn missing_keyword(source: &Source, body: &Body, next: Option<&Statement>) -> Option<&'static str> {
    let of_name = |term: &Term| match &term.kind {
        TermKind::Var(name) => ["if", "contains"].into_iter().find(|keyword| **keyword == **name),
        _ => None,
    };
    let of_body = |body: &Body| match body.literals.as_slice() {
        [Literal { kind: LiteralKind::Expr(term), .. }] => of_name(term),
        _ => None,
    };
    let row = |span: Span| source.position(span.start).row;
    let here = || body.literals.first().map_or(body.span, |literal| literal.span);
    of_body(body).or_else(|| {
        let keyword = match next? {
            Statement::Rule(rule) => of_name(&rule.head.reference.head),
            Statement::Body(body) => of_body(body),
            _ => None,
        }?;
        (row(span_of(next?)) == row(here())).then_some(keyword)
    })
}

/// Reads an expression as a head.
fn head_of_term(term: Term, span: Span) -> Result<Head, String> {
    let head = |reference, params, value| Head { reference, params, contains: None, value, span };
    match term.kind {
        TermKind::Infix(InfixOperator::Assign, left, right) => {
            head_of_equation(*left, AssignOperator::Assign, *right, span)
        }
        TermKind::Infix(InfixOperator::Unify, left, right) => {
            head_of_equation(*left, AssignOperator::Unify, *right, span)
        }
        TermKind::Call(call) => {
            let name = print::reference(&call.operator);
            if matches!(name.as_str(), "eq" | "assign") {
                let operator = if name == "eq" { AssignOperator::Unify } else { AssignOperator::Assign };
                let mut args = call.args.into_iter();
                let (Some(left), Some(right)) = (args.next(), args.next()) else {
                    return Err("assignment requires two operands".to_owned());
                };
                return head_of_equation(left, operator, right, span);
            }
            if is_builtin(&name) {
                return Err("rule name conflicts with built-in function".to_owned());
            }
            if call.args.is_empty() {
                return Err("rule argument list must take at least one argument".to_owned());
            }
            Ok(head(named(call.operator)?, Some(call.args), None))
        }
        TermKind::Infix(..) | TermKind::In { .. } | TermKind::Negate(_) => {
            Err("rule name conflicts with built-in function".to_owned())
        }
        TermKind::Ref(reference) => Ok(head(named(*reference)?, None, None)),
        _ if kind_name(&term) == "ref" => Err("refs cannot be used for rule head".to_owned()),
        _ => Err(format!("{} cannot be used for rule name", kind_name(&term))),
    }
}

/// Reads `left := right` or `left = right` as a head.
fn head_of_equation(left: Term, operator: AssignOperator, right: Term, span: Span) -> Result<Head, String> {
    let kind = kind_name(&left);
    let left_span = left.span;
    let builtin = |name: &str| {
        let mut parts = name.split('.').map(Name::from);
        let head = Term { kind: TermKind::Var(parts.next().unwrap_or_default()), span: left_span };
        Ref { head, operands: parts.map(|part| RefOperand::Field(part, left_span)).collect(), span: left_span }
    };
    let (reference, params) = match left.kind {
        // Operators are calls to OPA: `x + y := z` defines a function `plus`.
        TermKind::Infix(operator, x, y) => (builtin(print::operator_name(operator)), Some(vec![*x, *y])),
        TermKind::In { key: None, value, collection } => {
            (builtin("internal.member_2"), Some(vec![*value, *collection]))
        }
        TermKind::In { key: Some(key), value, collection } => {
            (builtin("internal.member_3"), Some(vec![*key, *value, *collection]))
        }
        TermKind::Negate(term) => {
            let zero = Term { kind: TermKind::Number(Name::from("0")), span: left_span };
            (builtin("minus"), Some(vec![zero, *term]))
        }
        TermKind::Var(_) => (Ref { span: left_span, head: left, operands: Vec::new() }, None),
        TermKind::Ref(reference) => (named(*reference)?, None),
        TermKind::Call(call) if matches!(call.operator.head.kind, TermKind::Var(_)) => (call.operator, Some(call.args)),
        _ => return Err(format!("{kind} cannot be used for rule name")),
    };
    Ok(Head { reference, params, contains: None, value: Some((operator, right)), span })
}

/// A reference that begins with a name.
fn named(reference: Ref) -> Result<Ref, String> {
    match reference.head.kind {
        TermKind::Var(_) => Ok(reference),
        _ => Err(format!("invalid rule head: {}", print::reference(&reference))),
    }
}

fn is_builtin(name: &str) -> bool {
    BUILTINS.iter().any(|builtin| builtin.name == name)
}
