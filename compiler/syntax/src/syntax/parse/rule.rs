//! Rules: heads, bodies, `else`, defaults.

use crate::source::Span;
use crate::syntax::ast::{
    AssignOperator, Body, Else, Head, Literal, LiteralKind, Ref, RefOperand, Rule, TemplatePart, Term, TermKind,
};
use crate::syntax::parse::cursor::{Parsed, Parser, Stop};
use crate::syntax::parse::hint::is_name;
use crate::syntax::parse::module::Statement;
use crate::syntax::parse::query::is_call;
use crate::syntax::print::{self, kind_name};
use crate::syntax::token::TokenKind;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

impl Parser<'_, '_, '_> {
    /// A rule; or a statement such as `p := 1`, which OPA reads as an expression first. Where there is neither and no
    /// error was reported, the text must be read as a query.
    pub(super) fn rule(&mut self) -> Parsed<Statement> {
        let start = self.start();
        self.keyword_may_begin_ref();
        let default = self.take(TokenKind::Default);
        if default {
            self.keyword_may_begin_ref();
        }
        if self.kind() != TokenKind::Identifier {
            if default {
                self.refuse_keyword_as_name(true);
            }
            return Err(Stop);
        }
        let (mut head, name) = self.head(default)?;
        if default {
            // OPA takes `default p` for `default p = true`.
            if head.value.is_none()
                && head.contains.is_none()
                && (head.reference.operands.len() != 1 || head.params.is_some())
            {
                let term = Term { kind: TermKind::Boolean(true), span: head.span };
                head.value = Some((AssignOperator::Unify, term));
            }
            return self.default_rule(head, start).map(|rule| Statement::Rule(Box::new(rule)));
        }
        let has_if = self.kind() == TokenKind::If;
        let bodiless = !has_if && self.kind() != TokenKind::LeftBrace;
        if bodiless && head.contains.is_none() {
            return self.constant(head, name);
        }
        self.check_head_name(&head, has_if)?;
        if bodiless {
            return Ok(Statement::Rule(Box::new(rule_of(head, self.span_from(start)))));
        }
        let body = if has_if { self.if_body()? } else { self.braced_body()? };
        let mut rule = Rule { has_if, body: Some(body), ..rule_of(head, self.span_from(start)) };
        if self.kind() == TokenKind::Else && !self.keyword_may_begin_ref() {
            self.check_else(&rule)?;
            self.else_branches(&mut rule)?;
        }
        rule.span = self.span_from(start);
        self.chained_bodies(&mut rule)?;
        Ok(Statement::Rule(Box::new(rule)))
    }

    /// `{ … }`
    fn braced_body(&mut self) -> Parsed<Body> {
        self.advance();
        let body = self.body(TokenKind::RightBrace)?;
        self.advance();
        Ok(body)
    }

    /// What follows `if`: a literal, or a body in braces. A literal that begins with a brace is a body all the same if it
    /// is only a set: a set is never false.
    fn if_body(&mut self) -> Parsed<Body> {
        self.advance();
        if self.kind() != TokenKind::LeftBrace {
            let literal = self.statement()?;
            return Ok(body_of(*literal));
        }
        let literal = self.attempt(|p| {
            let literal = p.statement()?;
            let is_set = matches!(&literal.kind, LiteralKind::Expr(Term { kind: TermKind::Set(_), .. }));
            if is_set { Err(Stop) } else { Ok(literal) }
        });
        match literal {
            Some(literal) => Ok(body_of(*literal)),
            None => self.braced_body(),
        }
    }

    fn chained_bodies(&mut self, rule: &mut Rule) -> Parsed<()> {
        while self.kind() == TokenKind::LeftBrace {
            if !rule.branches.is_empty() {
                let span = self.token_span();
                return self.fail(span, "expected else keyword");
            }
            let start = self.start();
            let body = self.braced_body()?;
            rule.chained.push(body);
            rule.chained_spans.push(self.span_from(start));
        }
        Ok(())
    }

    fn check_else(&mut self, rule: &Rule) -> Parsed<()> {
        let span = self.token_span();
        let operands = &rule.head.reference.operands;
        let in_brackets = operands.len() == 1 && rule.head.params.is_none() && !rule.has_if;
        // `p[x] { … }` is an element of the set `p`: the brackets are not part of the name.
        let is_element = in_brackets && rule.head.value.is_none() && rule.head.contains.is_none();
        if !is_element && !operands.iter().all(is_ground_operand) {
            return self.fail(span, "else keyword cannot be used on rules with variables in head");
        }
        let multi = match operands.as_slice() {
            _ if rule.head.contains.is_some() => true,
            // `p[x] { … }` without `if` is an element of a set or an entry of an object.
            [operand] if rule.head.params.is_none() => {
                !rule.has_if || matches!(operand, RefOperand::Index(Term { kind: TermKind::Ref(_), .. }))
            }
            _ => false,
        };
        if multi {
            return self.fail(span, "else keyword cannot be used on multi-value rules");
        }
        Ok(())
    }

    fn else_branches(&mut self, rule: &mut Rule) -> Parsed<()> {
        while self.kind() == TokenKind::Else {
            let start = self.start();
            self.advance();
            let value = match self.kind() {
                TokenKind::LeftBrace | TokenKind::If => None,
                TokenKind::Assign | TokenKind::Unify => {
                    let operator = self.assign_operator();
                    Some((operator, self.expression()?))
                }
                _ => return self.fail_unexpected("expected else value term or rule body"),
            };
            let has_if = self.take(TokenKind::If);
            let body = match self.kind() {
                TokenKind::LeftBrace => Some(self.braced_body()?),
                TokenKind::End if has_if => return self.fail_unexpected("rule body expected"),
                _ if has_if => Some(body_of(*self.statement()?)),
                _ => None,
            };
            let last = body.is_none();
            rule.branches.push(Else { value, has_if, body, span: self.span_from(start) });
            if last {
                break;
            }
        }
        Ok(())
    }

    /// Takes `:=` or `=`.
    fn assign_operator(&mut self) -> AssignOperator {
        let operator = if self.kind() == TokenKind::Assign { AssignOperator::Assign } else { AssignOperator::Unify };
        self.advance();
        operator
    }

    /// A head, and the term that its name was read as.
    fn head(&mut self, default: bool) -> Parsed<(Head, HeadName)> {
        let start = self.start();
        let name = self.variable();
        if !self.token().after_gap && is_operator(self.kind()) {
            self.unexpected("");
        }
        let spaced = self.token().after_gap
            && matches!(self.kind(), TokenKind::LeftParen | TokenKind::Dot | TokenKind::LeftBracket);
        let Ok(term) = self.head_operands(name) else {
            return self.fail_unexpected("expected rule head name");
        };
        let (reference, params) = match term.kind {
            TermKind::Ref(reference) => (*reference, None),
            TermKind::Call(call) => {
                if !matches!(call.operator.head.kind, TermKind::Var(_)) {
                    let name = print::reference(&call.operator);
                    return self.fail_unexpected(&format!("rule head ref {name} invalid"));
                }
                (call.operator, Some(call.args))
            }
            // `set()` is no call.
            TermKind::Set(_) => return Err(Stop),
            _ => (Ref { span: term.span, head: term, operands: Vec::new() }, None),
        };
        let mut head = Head { reference, params, contains: None, value: None, span: self.span_from(start) };
        self.head_value(&mut head, default);
        head.span = self.span_from(start);
        Ok((head, HeadName { spaced, start }))
    }

    /// `contains x`, `:= x`, `= x`. Where the term is missing, the head is read all the same, without one.
    fn head_value(&mut self, head: &mut Head, default: bool) {
        let name = |head: &Head| print::reference(&head.reference);
        match self.kind() {
            TokenKind::Contains => {
                if head.params.is_some() {
                    let name = name(head);
                    self.unexpected(&format!("the contains keyword can only be used with multi-value rule definitions (e.g., {name} contains <VALUE> {{ ... }})"));
                }
                self.advance();
                let span = self.token_span();
                head.contains = Some(match self.expression() {
                    Ok(element) => element,
                    Err(Stop) => {
                        let name = name(head);
                        self.unexpected(&format!("expected rule key term (e.g., {name} contains <VALUE> {{ ... }})"));
                        Term { kind: TermKind::Null, span }
                    }
                });
            }
            TokenKind::Unify | TokenKind::Assign => {
                let operator = self.assign_operator();
                match self.expression() {
                    Ok(value) => head.value = Some((operator, value)),
                    Err(Stop) => {
                        let note = expected_value(head, operator, default);
                        self.unexpected(&note);
                    }
                }
            }
            _ => {}
        }
    }

    /// A head without a body, not a default: the same text is an expression.
    fn constant(&mut self, head: Head, name: HeadName) -> Parsed<Statement> {
        let continues = matches!(
            self.kind(),
            TokenKind::With | TokenKind::LogicalAnd | TokenKind::LogicalOr | TokenKind::Semicolon
        );
        // What cannot be taken over as it is, is read again.
        if name.spaced || continues || self.has_errors() {
            return Err(Stop);
        }
        let Some((operator, value)) = head.value else { return Err(Stop) };
        let reference = head.reference;
        let left_span = reference.span;
        let left = match head.params {
            Some(args) => {
                let span = self.span(left_span.start, left_span.end);
                Term { kind: TermKind::Call(Box::new(crate::syntax::ast::Call { operator: reference, args })), span }
            }
            None if reference.operands.is_empty() => reference.head,
            None => Term { kind: TermKind::Ref(Box::new(reference)), span: left_span },
        };
        let operator = operator.infix();
        let span = self.span_from(name.start);
        let kind = LiteralKind::Expr(Term { kind: TermKind::Infix(operator, Box::new(left), Box::new(value)), span });
        Ok(Statement::Body(Body { literals: vec![Literal { kind, with: Vec::new(), span }], span }))
    }

    /// A head of two parts must begin with a name; else the text is no rule.
    fn check_head_name(&mut self, head: &Head, has_if: bool) -> Parsed<()> {
        let two_parts = head.reference.operands.len() == 1;
        let needs_name = head.contains.is_none()
            && two_parts
            && (head.params.is_none() || has_if)
            && (!has_if || head.value.is_some());
        if needs_name && !matches!(head.reference.head.kind, TermKind::Var(_)) { Err(Stop) } else { Ok(()) }
    }

    fn default_rule(&mut self, head: Head, start: u32) -> Parsed<Rule> {
        let span = self.span_from(start);
        let Some((_, value)) = &head.value else {
            return self.fail(span, "illegal default rule (must have a value)");
        };
        let mut found = Vec::new();
        variable_parts(value, &mut found);
        for what in &found {
            self.error(span, format!("illegal default rule (value cannot contain {what})"));
        }
        if !found.is_empty() {
            return Err(Stop);
        }
        let mut valid = true;
        let mut seen: Vec<&str> = Vec::new();
        for param in head.params.iter().flatten() {
            let fault = match &param.kind {
                TermKind::Var(name) if !is_root(name) => {
                    let repeated = seen.contains(&&**name) && **name != *"_";
                    seen.push(name);
                    repeated.then(|| format!("arguments cannot be repeated {name}"))
                }
                _ => Some(format!("arguments cannot contain {}", kind_name(param))),
            };
            if let Some(fault) = fault {
                self.error(span, format!("illegal default rule ({fault})"));
                valid = false;
            }
        }
        if valid { Ok(Rule { default: true, ..rule_of(head, span) }) } else { Err(Stop) }
    }
}

/// How the name of a head was written.
struct HeadName {
    /// Whether a space stands before its first operand.
    spaced: bool,
    /// Where it begins.
    start: u32,
}

fn rule_of(head: Head, span: Span) -> Rule {
    Rule {
        default: false,
        head,
        has_if: false,
        body: None,
        chained: Vec::new(),
        chained_spans: Vec::new(),
        branches: Vec::new(),
        span,
    }
}

fn body_of(literal: Literal) -> Body {
    Body { span: literal.span, literals: vec![literal] }
}

fn is_operator(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Star
            | TokenKind::Slash
            | TokenKind::Percent
            | TokenKind::Ampersand
            | TokenKind::Bar
            | TokenKind::Equal
            | TokenKind::NotEqual
            | TokenKind::Less
            | TokenKind::LessEqual
            | TokenKind::Greater
            | TokenKind::GreaterEqual
    )
}

/// What OPA expects behind the operator of a head.
fn expected_value(head: &Head, operator: AssignOperator, default: bool) -> String {
    let name = print::reference(&head.reference);
    match operator {
        AssignOperator::Unify => format!("expected rule value term (e.g., {name}[<nil>] = <VALUE> {{ ... }})"),
        AssignOperator::Assign if head.params.as_ref().is_some_and(|params| !params.is_empty()) => {
            format!("expected function value term (e.g., {name}(...) := <VALUE> {{ ... }})")
        }
        AssignOperator::Assign if default => {
            format!("expected default rule value term (e.g., default {name} := <VALUE>)")
        }
        AssignOperator::Assign => format!("expected rule value term (e.g., {name} := <VALUE> {{ ... }})"),
    }
}

fn is_ground_operand(operand: &RefOperand) -> bool {
    match operand {
        RefOperand::Field(..) => true,
        RefOperand::Index(term) => is_ground(term),
    }
}

/// Whether a term holds no variable. The documents `input` and `data` are none.
fn is_ground(term: &Term) -> bool {
    match &term.kind {
        TermKind::Var(name) => is_root(name),
        TermKind::Ref(reference) => reference.operands.iter().all(is_ground_operand),
        TermKind::Array(terms) | TermKind::Set(terms) => terms.iter().all(is_ground),
        TermKind::Object(pairs) => pairs.iter().all(|(key, value)| is_ground(key) && is_ground(value)),
        TermKind::Call(call) => call.args.iter().all(is_ground),
        TermKind::Infix(_, left, right) => is_ground(left) && is_ground(right),
        TermKind::In { key, value, collection } => {
            key.as_ref().is_none_or(|key| is_ground(key)) && is_ground(value) && is_ground(collection)
        }
        TermKind::Negate(term) => is_ground(term),
        TermKind::ArrayComprehension(..) | TermKind::SetComprehension(..) | TermKind::ObjectComprehension(..) => false,
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Template(_) => {
            true
        }
    }
}

pub(super) fn is_root(name: &str) -> bool {
    name == "input" || name == "data"
}

/// The parts of the value of a default rule that make it depend on something; comprehensions may.
fn variable_parts(term: &Term, found: &mut Vec<&'static str>) {
    match &term.kind {
        _ if is_call(term) => found.push("call"),
        TermKind::Ref(_) => found.push("ref"),
        TermKind::Var(_) if is_name(term, "input") || is_name(term, "data") => found.push("ref"),
        TermKind::Var(_) => found.push("var"),
        TermKind::Array(terms) | TermKind::Set(terms) => terms.iter().for_each(|term| variable_parts(term, found)),
        TermKind::Object(pairs) => pairs.iter().for_each(|(key, value)| {
            variable_parts(key, found);
            variable_parts(value, found);
        }),
        TermKind::Template(parts) => {
            for part in parts {
                if let TemplatePart::Expr(Literal { kind: LiteralKind::Expr(term), .. }) = part {
                    variable_parts(term, found);
                }
            }
        }
        _ => {}
    }
}
