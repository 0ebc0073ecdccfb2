//! Numbers, strings and template strings.

use crate::syntax::ast::{InfixOperator, LiteralKind, Name, Operand, TemplatePart, Term, TermKind};
use crate::syntax::parse::cursor::{Parsed, Parser, Stop};
use crate::syntax::token::TokenKind;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// OPA's limit on the binary exponent of a number.
const MAX_BINARY_EXPONENT: f64 = 1e5;

impl Parser<'_, '_, '_> {
    /// A number with an optional sign; `.5` is one too, and becomes `0.5`, which is one in JSON.
    #[inline(never)]
    pub(super) fn number(&mut self) -> Parsed<Term> {
        let start = self.start();
        let mut text = String::new();
        if self.take(TokenKind::Minus) {
            text.push('-');
            if !matches!(self.kind(), TokenKind::Number | TokenKind::Dot) {
                return self.fail_unexpected("expected number");
            }
        }
        let fraction_only = self.take(TokenKind::Dot);
        if fraction_only {
            text.push_str("0.");
            if self.kind() != TokenKind::Number {
                return self.fail_unexpected("expected number");
            }
        }
        let digits = self.token_text();
        if fraction_only && digits.contains('.') {
            return self.fail_unexpected("invalid float");
        }
        let second = digits.strip_prefix('0').and_then(|rest| rest.bytes().next());
        // `0e` alone is refused by the scanner.
        if !fraction_only && second.is_some_and(|byte| !matches!(byte, b'.' | b'e' | b'E')) {
            return self.fail_unexpected("expected number without leading zero");
        }
        text.push_str(digits);
        match check_number(&text) {
            Ok(()) => {}
            Err(NumberFault::Invalid) => return self.fail_unexpected("invalid float"),
            Err(NumberFault::TooBig) => {
                let span = self.token_span();
                return self.fail(span, "number too big");
            }
        }
        self.advance();
        let number = self.state().names.name(&text);
        Ok(Term { kind: TermKind::Number(number), span: self.span_from(start) })
    }

    #[inline(never)]
    pub(super) fn string(&mut self) -> Parsed<Term> {
        let text = self.token_text();
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default();
        if !inner.contains('\\') {
            let value = self.state().names.name(inner);
            return Ok(self.scalar(TermKind::String(value)));
        }
        match unescape(inner) {
            Some(value) => Ok(self.scalar(TermKind::String(value))),
            None => {
                let span = self.token_span();
                self.fail(span, format!("illegal string literal: {text}"))
            }
        }
    }

    pub(super) fn raw_string(&mut self) -> Term {
        let inner = self.token_text().trim_matches('`');
        let value = self.state().names.name(inner);
        self.scalar(TermKind::String(value))
    }

    #[inline(never)]
    pub(super) fn template(&mut self, raw: bool) -> Parsed<Term> {
        let start = self.start();
        if !self.state().has_template_strings() {
            let span = self.token_span();
            return self.fail(span, "template strings are not supported by current capabilities");
        }
        let mut parts = Vec::new();
        loop {
            let text = self.template_text(raw)?;
            if !text.is_empty() {
                parts.push(TemplatePart::Text(text));
            }
            if matches!(self.kind(), TokenKind::TemplateEnd | TokenKind::RawTemplateEnd) {
                self.advance();
                return Ok(Term { kind: TermKind::Template(parts), span: self.span_from(start) });
            }
            self.advance();
            parts.push(self.template_expression()?);
        }
    }

    /// The text of the current part, unescaped.
    #[inline(never)]
    fn template_text(&mut self, raw: bool) -> Parsed<Name> {
        if !matches!(
            self.kind(),
            TokenKind::TemplatePart | TokenKind::TemplateEnd | TokenKind::RawTemplatePart | TokenKind::RawTemplateEnd
        ) {
            let span = self.token_span();
            return self.fail(span, "expected template-string part");
        }
        let text = self.token_text();
        let inner = text.strip_prefix("$\"").or_else(|| text.strip_prefix("$`")).unwrap_or(text);
        let inner = inner.get(..inner.len().saturating_sub(1)).unwrap_or_default();
        if !inner.contains('\\') {
            return Ok(Name::from(inner));
        }
        if raw {
            return Ok(Name::from(inner.replace("\\{", "{")));
        }
        match unescape(&unescape_braces(inner)) {
            Some(value) => Ok(value),
            None => {
                let span = self.token_span();
                self.fail(span, format!("illegal template-string part: {text}"))
            }
        }
    }

    /// An expression in the braces of a template string; the part behind it becomes the current token.
    #[inline(never)]
    fn template_expression(&mut self) -> Parsed<TemplatePart> {
        let Ok(literal) = self.statement() else {
            let span = self.token_span();
            return self.fail(span, "invalid template-string expression");
        };
        let refused = match &literal.kind {
            LiteralKind::Not(Operand::Bare(_)) if !self.state().not_bodies => Some("unexpected negation ('not')"),
            LiteralKind::Expr(Term { kind: TermKind::Infix(InfixOperator::Unify, ..), .. }) => {
                Some("unexpected unification ('=')")
            }
            LiteralKind::Expr(Term { kind: TermKind::Infix(InfixOperator::Assign, ..), .. }) => {
                Some("unexpected assignment (':=')")
            }
            LiteralKind::Every(_) => Some("unexpected 'every'"),
            LiteralKind::Some(_) | LiteralKind::SomeIn(_) => Some("unexpected 'some'"),
            _ => None,
        };
        if let Some(what) = refused {
            return self.fail(literal.span, format!("{what} in template-string expression"));
        }
        if !self.take(TokenKind::RightBrace) {
            let span = self.token_span();
            self.error(span, "expected } to end template string expression");
            return Err(Stop);
        }
        Ok(TemplatePart::Expr(*literal))
    }
}

/// Takes the backslash off `\{`, and leaves all other escape sequences alone.
fn unescape_braces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match characters.next() {
            Some('{') => out.push('{'),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// The value of a string literal without its quotes. As in OPA, a string with a backslash must be a JSON string, which
/// forbids control characters; one without may hold them.
fn unescape(text: &str) -> Option<Name> {
    if !text.contains('\\') {
        return Some(Name::from(text));
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..)?;
        if c < ' ' {
            return None;
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escape = rest.chars().next()?;
        rest = rest.get(escape.len_utf8()..)?;
        out.push(match escape {
            '"' | '\\' | '/' => escape,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (c, length) = code_unit_escape(rest)?;
                rest = rest.get(length..)?;
                c
            }
            _ => return None,
        });
    }
    Some(Name::from(out))
}

/// The character of the digits behind `\u`, and how many bytes it takes; half a surrogate pair becomes U+FFFD.
fn code_unit_escape(text: &str) -> Option<(char, usize)> {
    let unit = |text: &str| {
        let digits = text.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u32::from_str_radix(digits, 16).ok()
    };
    let first = unit(text)?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 4));
    }
    let second = text.get(4..).and_then(|text| text.strip_prefix("\\u")).and_then(unit);
    match second {
        Some(second @ 0xDC00..=0xDFFF) if first < 0xDC00 => {
            let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            Some((char::from_u32(code)?, 10))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, 4)),
    }
}

enum NumberFault {
    /// The exponent is no number that a machine holds.
    Invalid,
    /// The value is out of OPA's range.
    TooBig,
}

/// Whether a number is within OPA's range: its binary exponent has at most 100,000 in magnitude.
fn check_number(text: &str) -> Result<(), NumberFault> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().map_err(|_| NumberFault::Invalid)?;
    // A mantissa of few digits and a small exponent are the rule.
    if exponent.unsigned_abs() < 1000 && mantissa.len() < 1000 {
        return Ok(());
    }
    let (whole, fraction) = mantissa.trim_start_matches('-').split_once('.').unwrap_or((mantissa, ""));
    let digits = whole.chars().chain(fraction.chars()).filter(char::is_ascii_digit);
    // The place of the first digit that is not zero, counted from the decimal point, and the first digits as a fraction.
    let leading_zeros = digits.clone().take_while(|digit| *digit == '0').count();
    let significant: String = digits.skip(leading_zeros).take(17).collect();
    if significant.is_empty() {
        return Ok(());
    }
    let whole_digits = whole.bytes().filter(u8::is_ascii_digit).count();
    let decimal_exponent = whole_digits as f64 - leading_zeros as f64 + f64::from(exponent);
    let shown = significant.len() as f64;
    let leading: u64 = significant.parse().map_err(|_| NumberFault::Invalid)?;
    let logarithm = log2(leading as f64) + (decimal_exponent - shown) * core::f64::consts::LOG2_10;
    // The exponent is the whole number above the logarithm.
    let in_range = (-MAX_BINARY_EXPONENT - 1.0..MAX_BINARY_EXPONENT).contains(&logarithm);
    if in_range { Ok(()) } else { Err(NumberFault::TooBig) }
}

/// The logarithm to base 2 of a positive number; `core` has none.
fn log2(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1023;
    let mantissa = f64::from_bits(bits & ((1 << 52) - 1) | 1023 << 52);
    // ln m = 2 artanh((m - 1) / (m + 1)), whose argument is below a third here: 20 terms are more than a float holds.
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let (mut power, mut sum) = (ratio, 0.0);
    for term in 0..20 {
        sum += power / f64::from(2 * term + 1);
        power *= ratio * ratio;
    }
    f64::from(exponent) + 2.0 * sum * core::f64::consts::LOG2_E
}
