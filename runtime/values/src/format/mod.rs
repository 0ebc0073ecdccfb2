//! Go's `fmt.Sprintf`, for what OPA hands to it: integers of 64 bits, larger integers, floats and texts. Every flag, width,
//! precision, argument index and error text of Go (<https://pkg.go.dev/fmt>) is here; values of Rego are not: `builtins` turns them
//! into arguments. Templates, whose arguments are of more types, bring their own ([`Printable`]).

pub(crate) mod float;
pub(crate) mod integer;
mod quote;

use alloc::vec::Vec;

use crate::number::Expansion;
use crate::unicode;

pub(crate) use quote::append_quoted;
pub use quote::quote;

/// An argument.
#[derive(Clone, Copy)]
pub enum Argument<'a> {
    /// An integer of 64 bits (`int64`).
    Integer(i64),
    /// A larger integer (`*big.Int`).
    Big {
        /// Whether it is below zero.
        negative: bool,
        /// Its digits without the sign in base 2, 8, 10 or 16, in lower case.
        digits: &'a dyn Fn(u32) -> Vec<u8>,
    },
    /// A float (`float64`).
    Float(f64),
    /// A text (`string`).
    Text(&'a [u8]),
}

/// What can be an argument: [`Argument`], and the values of templates. A trait, so that `sprintf` alone does not bring the printing of
/// the latter into a module.
pub(crate) trait Printable {
    /// Writes the argument by a verb.
    fn print(&self, out: &mut Vec<u8>, spec: Spec, verb: char);

    /// The name of its type in Go; none for the `nil` that has no type.
    fn type_name(&self) -> Option<&'static [u8]>;

    /// The integer that it is, as the number of a `*`.
    fn integer(&self) -> Option<i64>;
}

/// The widest field and the highest precision that Go takes.
const MAX_NUMBER: i64 = 1_000_000;

/// The flags, width and precision of one verb.
#[derive(Clone, Copy, Default)]
pub(crate) struct Spec {
    width: Option<usize>,
    precision: Option<usize>,
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    /// `%#v` and `%#w`.
    pub(crate) sharp_v: bool,
    /// `%+v` and `%+w`, which only large integers look at.
    plus_v: bool,
}

impl Spec {
    /// Writes a text in the field.
    pub(crate) fn pad(&self, out: &mut Vec<u8>, text: &[u8]) {
        let length = unicode::chars(text).count();
        let missing = self.width.unwrap_or(0).saturating_sub(length);
        if !self.minus {
            self.padding(out, missing);
        }
        out.extend_from_slice(text);
        if self.minus {
            self.padding(out, missing);
        }
    }

    fn padding(&self, out: &mut Vec<u8>, count: usize) {
        let byte = if self.zero && !self.minus { b'0' } else { b' ' };
        out.resize(out.len() + count, byte);
    }

    /// The same with the flag `+`.
    pub(crate) fn with_plus(self) -> Self {
        Self { plus: true, ..self }
    }

    /// The same with the flag `#`.
    pub(crate) fn with_sharp(self) -> Self {
        Self { sharp: true, ..self }
    }

    /// The same without the flag `0`.
    fn without_zero(self) -> Self {
        Self { zero: false, ..self }
    }
}

/// Writes a float of those digits as `%v` does.
pub(crate) fn append_float(out: &mut Vec<u8>, negative: bool, digits: &Expansion) {
    if negative {
        out.push(b'-');
    }
    float::general(out, digits, b'g', None);
}

/// Writes an integer as `%q` does: the character of that code point in quotes.
pub(crate) fn append_quoted_char(out: &mut Vec<u8>, number: i64) {
    quote::append_char(out, integer::character(number), false);
}

/// Formats the arguments by the format.
#[must_use]
pub fn sprintf(format: &[u8], arguments: &[Argument<'_>]) -> Vec<u8> {
    printf(format, arguments)
}

/// Formats arguments of any type by the format.
pub(crate) fn printf<A: Printable>(format: &[u8], arguments: &[A]) -> Vec<u8> {
    let mut printer = Printer {
        out: Vec::with_capacity(format.len()),
        format,
        at: 0,
        arguments,
        next: 0,
        reordered: false,
        good_index: true,
    };
    while printer.verb() {}
    printer.extra();
    printer.out
}

struct Printer<'a, A> {
    out: Vec<u8>,
    format: &'a [u8],
    at: usize,
    arguments: &'a [A],
    /// The argument that the next verb takes.
    next: usize,
    reordered: bool,
    good_index: bool,
}

impl<A: Printable> Printer<'_, A> {
    /// Writes the text up to a verb, and the verb. False when the format has ended.
    fn verb(&mut self) -> bool {
        let rest = self.format.get(self.at..).unwrap_or_default();
        let text = rest.iter().position(|byte| *byte == b'%').unwrap_or(rest.len());
        self.out.extend_from_slice(rest.get(..text).unwrap_or_default());
        self.at += text + 1;
        if text == rest.len() {
            return false;
        }
        self.good_index = true;
        let mut spec = Spec::default();
        self.flags(&mut spec);
        let simple = self.peek().is_some_and(|byte| byte.is_ascii_lowercase()) && self.next < self.arguments.len();
        if !simple {
            self.width_and_precision(&mut spec);
        }
        let Some((verb, width)) = self.format.get(self.at..).and_then(unicode::decode) else {
            self.out.extend_from_slice(b"%!(NOVERB)");
            return false;
        };
        self.at += width;
        match self.arguments.get(self.next) {
            _ if verb == '%' => self.out.push(b'%'),
            _ if !self.good_index => self.bad(verb, b"(BADINDEX)"),
            None => self.bad(verb, b"(MISSING)"),
            Some(argument) => {
                if matches!(verb, 'v' | 'w') {
                    spec.sharp_v = core::mem::take(&mut spec.sharp);
                    spec.plus_v = core::mem::take(&mut spec.plus);
                }
                argument.print(&mut self.out, spec, verb);
                self.next += 1;
            }
        }
        true
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    fn bad(&mut self, verb: char, why: &[u8]) {
        self.out.extend_from_slice(b"%!");
        push(&mut self.out, verb);
        self.out.extend_from_slice(why);
    }

    fn flags(&mut self, spec: &mut Spec) {
        while let Some(byte) = self.peek() {
            match byte {
                b'#' => spec.sharp = true,
                b'0' => spec.zero = true,
                b'+' => spec.plus = true,
                b'-' => spec.minus = true,
                b' ' => spec.space = true,
                _ => return,
            }
            self.at += 1;
        }
    }

    fn width_and_precision(&mut self, spec: &mut Spec) {
        let mut after_index = self.index();
        if self.peek() == Some(b'*') {
            self.at += 1;
            match self.integer_argument() {
                Some(width) => {
                    spec.width = usize::try_from(width.unsigned_abs()).ok();
                    if width < 0 {
                        spec.minus = true;
                        spec.zero = false;
                    }
                }
                None => self.out.extend_from_slice(b"%!(BADWIDTH)"),
            }
            after_index = false;
        } else {
            spec.width = self.number();
            if after_index && spec.width.is_some() {
                self.good_index = false;
            }
        }
        // A dot at the very end is no precision: Go then reads it as the verb.
        if self.peek() == Some(b'.') && self.at + 1 < self.format.len() {
            self.at += 1;
            if after_index {
                self.good_index = false;
            }
            after_index = self.index();
            if self.peek() == Some(b'*') {
                self.at += 1;
                match self.integer_argument() {
                    Some(precision) if precision >= 0 => spec.precision = usize::try_from(precision).ok(),
                    _ => self.out.extend_from_slice(b"%!(BADPREC)"),
                }
                after_index = false;
            } else {
                spec.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !after_index {
            self.index();
        }
    }

    /// Reads `[n]`, if it comes.
    fn index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = self.format.get(self.at..).unwrap_or_default();
        let Some(end) = rest.iter().position(|byte| *byte == b']').filter(|_| rest.len() >= 3) else {
            self.good_index = false;
            self.at += 1;
            return false;
        };
        let digits = rest.get(1..end).unwrap_or_default();
        self.at += end + 1;
        let number = (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then(|| number(digits)).flatten();
        match number {
            Some(number) if (1..=self.arguments.len()).contains(&number) => {
                self.next = number - 1;
                true
            }
            Some(_) => {
                self.good_index = false;
                true
            }
            None => {
                self.good_index = false;
                false
            }
        }
    }

    /// Reads digits. A number that is too large takes the rest of the format with it, as in Go.
    fn number(&mut self) -> Option<usize> {
        let rest = self.format.get(self.at..).unwrap_or_default();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let number = number(rest.get(..digits).unwrap_or_default());
        self.at = if number.is_some() { self.at + digits } else { self.format.len() };
        number
    }

    /// Takes an argument as the number of a `*`.
    fn integer_argument(&mut self) -> Option<i64> {
        let argument = self.arguments.get(self.next)?;
        self.next += 1;
        argument.integer().filter(|number| (-MAX_NUMBER..=MAX_NUMBER).contains(number))
    }

    /// Complains about arguments that no verb took.
    fn extra(&mut self) {
        let extra = self.arguments.get(self.next..).unwrap_or_default();
        if self.reordered || extra.is_empty() {
            return;
        }
        self.out.extend_from_slice(b"%!(EXTRA ");
        for (index, argument) in extra.iter().enumerate() {
            if index > 0 {
                self.out.extend_from_slice(b", ");
            }
            if let Some(name) = argument.type_name() {
                self.out.extend_from_slice(name);
                self.out.push(b'=');
            }
            argument.print(&mut self.out, Spec::default(), 'v');
        }
        self.out.push(b')');
    }
}

/// A number of digits, none when it is more than Go takes.
fn number(digits: &[u8]) -> Option<usize> {
    let mut number: i64 = 0;
    for digit in digits {
        if number > MAX_NUMBER {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
    }
    usize::try_from(number).ok()
}

fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

impl Printable for Argument<'_> {
    fn print(&self, out: &mut Vec<u8>, spec: Spec, verb: char) {
        let printed = match self {
            _ if verb == 'T' => return text(out, spec, self.type_name().unwrap_or_default()),
            Argument::Integer(number) => integer::print(out, spec, verb, *number),
            Argument::Big { negative, digits } => {
                integer::print_big(out, spec, verb, *negative, digits);
                true
            }
            Argument::Float(number) => float::print(out, spec, verb, *number),
            Argument::Text(bytes) => print_text(out, spec, verb, bytes),
        };
        if !printed {
            bad_verb(out, spec, verb, self);
        }
    }

    fn type_name(&self) -> Option<&'static [u8]> {
        Some(match self {
            Argument::Integer(_) => b"int64",
            Argument::Big { .. } => b"*big.Int",
            Argument::Float(_) => b"float64",
            Argument::Text(_) => b"string",
        })
    }

    fn integer(&self) -> Option<i64> {
        match self {
            Argument::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

/// Writes an argument that a verb is not for.
pub(crate) fn bad_verb(out: &mut Vec<u8>, spec: Spec, verb: char, argument: &impl Printable) {
    out.extend_from_slice(b"%!");
    push(out, verb);
    out.push(b'(');
    if let Some(name) = argument.type_name() {
        out.extend_from_slice(name);
        out.push(b'=');
        argument.print(out, spec, 'v');
    } else {
        out.extend_from_slice(b"<nil>");
    }
    out.push(b')');
}

/// Writes a text, cut to the precision.
pub(crate) fn text(out: &mut Vec<u8>, spec: Spec, text: &[u8]) {
    spec.pad(out, truncate(spec, text));
}

/// The first characters of a text, as many as the precision says.
fn truncate(spec: Spec, text: &[u8]) -> &[u8] {
    let Some(precision) = spec.precision else { return text };
    let length: usize = unicode::chars(text).take(precision).map(|(_, width)| width).sum();
    text.get(..length).unwrap_or(text)
}

/// Writes a text by a verb; false when the verb is not for texts.
pub(crate) fn print_text(out: &mut Vec<u8>, spec: Spec, verb: char, bytes: &[u8]) -> bool {
    match verb {
        'v' if !spec.sharp_v => text(out, spec, bytes),
        's' => text(out, spec, bytes),
        'v' | 'q' => {
            let bytes = truncate(spec, bytes);
            if spec.sharp && quote::can_backquote(bytes) {
                spec.pad(out, &[b"`", bytes, b"`"].concat());
            } else {
                spec.pad(out, &quote::quoted(bytes, '"', spec.plus));
            }
        }
        'x' => integer::hex(out, spec, bytes, false),
        'X' => integer::hex(out, spec, bytes, true),
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests;
