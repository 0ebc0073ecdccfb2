//! The statements of a file: package, imports, rules, and what OPA reads as a query first.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use chumsky::input::InputRef;
use chumsky::primitive::{any, custom};
use chumsky::recovery::via_parser;
use chumsky::{IterParser as _, Parser as _};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{RegoVersion, Span};
use crate::syntax::ast::{Body, Import, Name, Package, Ref, RefOperand, Rule, Term, TermKind};
use crate::syntax::parse::cursor::{Parsed, Parser, Stop};
use crate::syntax::parse::rule::is_root;
use crate::syntax::parse::state::{Extra, Failure, State, Tokens};
use crate::syntax::print::{self, kind_name};
use crate::syntax::token::{SoftKeywords, TokenKind};

/// A statement of a file.
#[derive(Debug)]
pub(in crate::syntax) enum Statement {
    Package(Package),
    Import(Box<Import>),
    Rule(Box<Rule>),
    /// An expression, which may yet be a rule such as `p := 1`.
    Body(Body),
}

/// All statements of a text. Behind one that cannot be read, goes on where the next plausibly begins.
pub(super) fn statements<'t>() -> impl chumsky::Parser<'t, Tokens<'t>, Vec<Option<Statement>>, Extra<'t>> {
    custom(read_statement)
        .map(Some)
        .recover_with(via_parser(custom(skip_statement).map(|()| None)))
        .repeated()
        .collect()
        .then_ignore(any())
}

fn read_statement<'t>(input: &mut InputRef<'t, '_, Tokens<'t>, Extra<'t>>) -> Result<Statement, Failure> {
    let mut parser = Parser::new(input);
    if parser.kind() == TokenKind::End {
        return Err(Failure::default());
    }
    let after_blank_line = parser.is_after_blank_line() && parser.may_begin_statement();
    parser.state().in_step |= after_blank_line;
    let statement = parser.outermost();
    let resume_at = parser.start();
    let state = parser.state();
    let too_deep = state.too_deep.take();
    statement.map_err(|Stop| {
        state.resume_at = resume_at;
        let mut errors = core::mem::take(&mut state.pending);
        if let Some(span) = too_deep {
            errors = vec![Diagnostic::new(Code::Parse, span, "max parsing recursion depth exceeded")];
        }
        // Behind an error, text that does not read as a statement may be the rest of a body: it is passed over.
        let in_step = core::mem::take(&mut state.in_step);
        if in_step { Failure(errors) } else { Failure::default() }
    })
}

/// Skips to where a statement plausibly begins: at the start of a line, behind the place of the error.
fn skip_statement<'t>(input: &mut InputRef<'t, '_, Tokens<'t>, Extra<'t>>) -> Result<(), Failure> {
    let mut parser = Parser::new(input);
    if parser.kind() == TokenKind::End {
        return Err(Failure::default());
    }
    let State { resume_at, import_failed, .. } = *parser.state();
    parser.advance();
    while parser.kind() != TokenKind::End
        && (import_failed || parser.start() < resume_at || !parser.may_begin_statement())
    {
        parser.advance();
    }
    // The tokens that were skipped are not complained about.
    parser.state().pending.clear();
    Ok(())
}

impl Parser<'_, '_, '_> {
    /// Whether a blank line stands before the current token.
    fn is_after_blank_line(&mut self) -> bool {
        let start = self.start();
        self.token().after_newline && self.text(0, start).ends_with("\n\n")
    }

    /// Whether a statement plausibly begins here: a line that reads like the start of an import or a rule.
    fn may_begin_statement(&mut self) -> bool {
        let start = self.start();
        if !self.token().after_newline || self.text(start.saturating_sub(1), start) != "\n" {
            return false;
        }
        let next = self.peek_second().kind;
        match self.kind() {
            TokenKind::Default | TokenKind::Import => next == TokenKind::Identifier,
            TokenKind::Identifier => matches!(
                next,
                TokenKind::Assign
                    | TokenKind::Unify
                    | TokenKind::If
                    | TokenKind::Contains
                    | TokenKind::LeftBrace
                    | TokenKind::LeftParen
                    | TokenKind::LeftBracket
                    | TokenKind::Dot
            ),
            _ => false,
        }
    }

    fn outermost(&mut self) -> Parsed<Statement> {
        let skip_rules = self.state().skip_rules;
        if !skip_rules && self.refuse_keyword_as_name(false) {
            return Err(Stop);
        }
        if matches!(self.kind(), TokenKind::Package | TokenKind::Import) && !self.next_is_operand() {
            if self.kind() == TokenKind::Package {
                let package = self.package()?;
                self.refuse_minus()?;
                return Ok(Statement::Package(package));
            }
            let import = self.import();
            self.state().import_failed |= self.has_errors();
            return Ok(Statement::Import(Box::new(import?)));
        }
        if !skip_rules {
            let before = self.mark();
            match self.rule() {
                Ok(statement) => return Ok(statement),
                Err(Stop) if self.has_errors() => return Err(Stop),
                Err(Stop) => self.rewind(before),
            }
        }
        self.query().map(Statement::Body)
    }

    fn next_is_operand(&mut self) -> bool {
        let next = self.peek_second();
        !next.after_gap && matches!(next.kind, TokenKind::Dot | TokenKind::LeftBracket)
    }

    /// Refuses a keyword as the name of a rule where the token behind it shows that one is meant; behind `default`,
    /// nothing else can be. Says whether it did.
    pub(super) fn refuse_keyword_as_name(&mut self, behind_default: bool) -> bool {
        if !self.kind().is_keyword() {
            return false;
        }
        let next = self.peek_second().kind;
        let assigns = matches!(next, TokenKind::Assign | TokenKind::Unify);
        let declares = matches!(next, TokenKind::If | TokenKind::Contains);
        let follows = match self.kind() {
            TokenKind::Every | TokenKind::If | TokenKind::In | TokenKind::Some | TokenKind::As => {
                assigns || declares || next == TokenKind::LeftParen
            }
            TokenKind::Package | TokenKind::Import => assigns || next == TokenKind::LeftParen,
            TokenKind::Not | TokenKind::LogicalAnd | TokenKind::LogicalOr => assigns || declares,
            TokenKind::Contains => declares,
            _ => return false,
        };
        if !follows && !behind_default {
            return false;
        }
        let (span, keyword) = (self.token_span(), self.kind().name());
        self.error(span, format!("{keyword} keyword cannot be used for rule name"));
        true
    }

    /// The name that a path begins with; keywords will do.
    fn path_start(&mut self) -> Parsed<()> {
        if self.kind() == TokenKind::Identifier {
            return Ok(());
        }
        if self.at_keyword_for_ref() {
            self.take_as_identifier();
            return Ok(());
        }
        self.fail_unexpected("")
    }

    fn package(&mut self) -> Parsed<Package> {
        let start = self.start();
        self.advance();
        self.path_start()?;
        let Ok(term) = self.term() else {
            if !self.has_errors() {
                let span = self.token_span();
                self.error(span, "expected path");
            }
            return Err(Stop);
        };
        let reference = match term.kind {
            TermKind::Ref(reference) => *reference,
            TermKind::Var(_) => Ref { span: term.span, head: term, operands: Vec::new() },
            _ => return self.fail_unexpected(""),
        };
        let TermKind::Var(first) = &reference.head.kind else {
            let what = kind_name(&reference.head);
            return self.fail(reference.head.span, format!("unexpected {what} token: expecting var"));
        };
        let mut path = vec![(first.clone(), reference.head.span)];
        for operand in &reference.operands {
            path.push(self.path_part(operand)?);
        }
        Ok(Package { path, span: self.span_from(start) })
    }

    /// A part of a path: it must be a string.
    fn path_part(&mut self, operand: &RefOperand) -> Parsed<(Name, Span)> {
        match operand {
            RefOperand::Field(name, span) => Ok((name.clone(), *span)),
            RefOperand::Index(Term { kind: TermKind::String(name), span }) => Ok((name.clone(), *span)),
            RefOperand::Index(term) => {
                self.fail(term.span, format!("unexpected {} token: expecting string", kind_name(term)))
            }
        }
    }

    /// Fails at a minus behind the path of a package or an import, before OPA looks at what is imported.
    fn refuse_minus(&mut self) -> Parsed<()> {
        if self.kind() == TokenKind::Minus { self.fail_unexpected("") } else { Ok(()) }
    }

    fn import(&mut self) -> Parsed<Import> {
        let start = self.start();
        self.advance();
        self.path_start()?;
        let path = self.import_path()?;
        let parts =
            path.operands.iter().map(|operand| self.path_part(operand)).collect::<Parsed<Vec<(Name, Span)>>>()?;
        let root = match &path.head.kind {
            TermKind::Var(name) => name.clone(),
            _ => Name::from(""),
        };
        if !is_root(&root) && *root != *"future" && *root != *"rego" {
            let got = print::term(&path.head);
            self.hint("if this is unexpected, try updating OPA");
            return self.fail(
                path.span,
                format!("unexpected import path, must begin with one of: {{data, future, input, rego}}, got: {got}"),
            );
        }
        let alias = if self.take(TokenKind::As) { Some(self.import_alias()?) } else { None };
        if alias.is_none() && *root != *"future" {
            let (last, span) = parts.last().cloned().unwrap_or((root.clone(), path.head.span));
            if self.is_keyword_of_version(&last) {
                self.hint("import a different path or use an alias");
                self.error(span, format!("unexpected import path, must not end with a keyword, got: {last}"));
            }
        }
        let import = Import { path, alias, span: self.span_from(start) };
        self.refuse_minus()?;
        match &*root {
            "rego" => self.rego_import(&import, &parts),
            "future" => self.future_import(&import, &parts),
            _ if import.alias.is_none() => {
                let next = self.start();
                self.state().unclassified = Some(next);
            }
            _ => {}
        }
        self.reclassify();
        Ok(import)
    }

    /// The path of an import, where the keywords that can be imported are names.
    fn import_path(&mut self) -> Parsed<Ref> {
        let known = core::mem::take(&mut self.state().keywords);
        let term = self.term();
        self.state().keywords = known;
        match term.map(|term| (term.span, term)) {
            Ok((_, Term { kind: TermKind::Ref(reference), .. })) => Ok(*reference),
            Ok((span, term @ Term { kind: TermKind::Var(_), .. })) => {
                Ok(Ref { span, head: term, operands: Vec::new() })
            }
            _ => {
                let span = self.token_span();
                self.fail(span, "expected path")
            }
        }
    }

    fn import_alias(&mut self) -> Parsed<(Name, Span)> {
        self.reclassify();
        if self.kind() != TokenKind::Identifier {
            return self.fail_unexpected("expected var");
        }
        match self.term() {
            Ok(Term { kind: TermKind::Var(name), span }) if is_root(&name) => {
                self.fail(span, format!("unexpected import alias, must not be a reserved name, got: {name}"))
            }
            Ok(Term { kind: TermKind::Var(name), span }) => Ok((name, span)),
            _ => self.fail_unexpected("expected var"),
        }
    }

    fn is_keyword_of_version(&mut self, name: &str) -> bool {
        let kind = TokenKind::of_word(name);
        let since_v2 = matches!(kind, TokenKind::LogicalAnd | TokenKind::LogicalOr);
        let since_v1 = SoftKeywords::V0.contains(&name);
        kind.is_keyword() && !since_v2 && (!since_v1 || self.state().version != RegoVersion::V0)
    }

    fn rego_import(&mut self, import: &Import, parts: &[(Name, Span)]) {
        let version = match parts {
            [(version, _)] if matches!(&**version, "v1" | "v2") => version.clone(),
            _ => {
                let path = print::reference(&import.path);
                return self
                    .error(import.path.span, format!("invalid import `{path}`, must be one of: `rego.v1`, `rego.v2`"));
            }
        };
        let is_v2 = *version == *"v2";
        let enabling: &[&str] =
            if is_v2 { &["rego_v2_import", "rego_v2"] } else { &["rego_v1_import", "rego_v1", "rego_v2"] };
        let features = &self.state().capabilities.features;
        if !enabling.iter().any(|feature| features.contains(*feature)) {
            return self.error(
                import.path.span,
                format!("invalid import, `rego.{version}` is not supported by current capabilities"),
            );
        }
        if let Some((_, span)) = import.alias {
            return self.error(span, "`rego` imports cannot be aliased");
        }
        let state = self.state();
        state.raised = true;
        state.know_v1();
        if is_v2 {
            state.know_v2();
        }
    }

    fn future_import(&mut self, import: &Import, parts: &[(Name, Span)]) {
        if parts.first().is_none_or(|(name, _)| **name != *"keywords") {
            return self.error(import.path.span, "invalid import, must be `future.keywords`");
        }
        if let Some((_, span)) = import.alias {
            return self.error(span, "`future` imports cannot be aliased");
        }
        let importable = self.state().importable_keywords();
        let names = match parts {
            [_, (name, _)] if importable.contains(&&**name) => vec![&**name],
            [_, _] => {
                let list = importable.join(" ");
                return self.error(import.path.span, format!("unexpected keyword, must be one of [{list}]"));
            }
            _ => importable,
        };
        let state = self.state();
        state.not_bodies |= names.contains(&"not");
        names.iter().for_each(|name| state.keywords.add(name));
    }
}
