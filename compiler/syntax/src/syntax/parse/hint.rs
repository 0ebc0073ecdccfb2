//! Hints: what a file without the import of a keyword probably meant.

use crate::syntax::ast::{Term, TermKind};
use crate::syntax::parse::cursor::{Parsed, Parser};
use crate::syntax::token::{SoftKeywords, TokenKind};
use alloc::format;
use alloc::string::String;

/// The hint to import a keyword that joins expressions.
fn infix_hint(keyword: &str) -> Option<String> {
    let example = match keyword {
        "in" => "x in xs",
        "and" => "x and y",
        "or" => "x or y",
        _ => return None,
    };
    Some(format!("`import future.keywords.{keyword}` for `{example}` expressions"))
}

impl Parser<'_, '_, '_> {
    /// Whether the file may lack the keywords of v1.
    fn may_lack_keywords(&mut self) -> bool {
        !self.state().version.knows_v1()
    }

    /// Whether a production would succeed if the file knew every keyword; reads nothing.
    fn succeeds_with_keywords(&mut self, production: impl FnOnce(&mut Self) -> Parsed<bool>) -> bool {
        let before = self.mark();
        let known = self.state().keywords;
        let mut all = known;
        SoftKeywords::V0.iter().chain(&SoftKeywords::V1).for_each(|name| all.add(name));
        self.state().keywords = all;
        let found = production(self).unwrap_or(false);
        self.state().keywords = known;
        self.rewind(before);
        found
    }

    /// Notes a hint where `in`, `and`, `or` stands behind an expression as a mere name.
    pub(super) fn hint_missing_keyword(&mut self) {
        if !self.state().hints.is_empty() {
            return;
        }
        let keyword = match self.kind() {
            TokenKind::Identifier => self.token_text(),
            TokenKind::Comma if self.member_follows() => "in",
            _ => return,
        };
        if let Some(hint) = infix_hint(keyword) {
            self.hint(hint);
        }
    }

    /// Whether `x in xs` follows the current token.
    fn member_follows(&mut self) -> bool {
        self.succeeds_with_keywords(|p| {
            p.advance();
            p.expression().map(|term| matches!(term.kind, TermKind::In { .. }))
        })
    }

    /// Notes a hint where `some` is followed by what would be `x in xs`.
    pub(super) fn hint_some_in(&mut self) {
        if self.may_lack_keywords() && self.member_follows() {
            self.hint("`import future.keywords.in` for `some x in xs` expressions");
        }
    }

    /// Whether a plain name `every` begins what would be an `every` statement.
    pub(super) fn is_plain_every(&mut self) -> bool {
        self.kind() == TokenKind::Identifier && self.token_text() == "every" && self.may_lack_keywords() && {
            let start = self.start();
            self.succeeds_with_keywords(|p| p.every(start).map(|_| true))
        }
    }
}

/// Whether a term is this name.
pub(super) fn is_name(term: &Term, name: &str) -> bool {
    matches!(&term.kind, TermKind::Var(found) if **found == *name)
}
