//! `sprintf`: values of Rego as arguments of Go's `fmt.Sprintf`.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::operand;
use super::strings::plain;
use crate::format::{self, Argument};
use crate::number::{self, Expansion, Integer, Integer64, double};
use crate::{Tag, Value, display};

/// `sprintf(format, arguments)`
#[must_use]
pub fn sprintf(format: Value, arguments: Value) -> Value {
    let Some(format) = operand::string(1, format) else { return Value::UNDEFINED };
    let Some(arguments) = operand::array(2, arguments) else { return Value::UNDEFINED };
    let digits: Vec<_> = arguments.iter().map(|argument| move |base| big_digits(argument, base)).collect();
    let texts: Vec<Cow<'static, [u8]>> = arguments.iter().map(plain).collect();
    let arguments: Vec<_> = arguments
        .iter()
        .zip(digits.iter().zip(&texts))
        .map(|(argument, (digits, text))| match argument.tag() {
            Tag::Integer => Argument::Integer(argument.as_integer().unwrap_or_default()),
            Tag::Number => number_argument(argument, digits),
            // Everything but a number is printed as its text.
            _ => Argument::Text(text),
        })
        .collect();
    Value::string(&format::sprintf(format, &arguments))
}

/// A number that is no canonical integer of 64 bits: a float when its text has a fraction or an exponent.
fn number_argument<'a>(number: Value, digits: &'a dyn Fn(u32) -> Vec<u8>) -> Argument<'a> {
    let text = number.as_number_text().unwrap_or_default();
    if is_float(text) {
        let float = double::parse(text);
        return if float.is_finite() { Argument::Float(float) } else { Argument::Text(text) };
    }
    match number::to_i64(number) {
        Some(integer) => Argument::Integer(integer),
        None => Argument::Big { negative: text.starts_with(b"-"), digits },
    }
}

/// The digits of an integer of any size without its sign.
fn big_digits(number: Value, base: u32) -> Vec<u8> {
    Integer::of(number).map_or_else(Vec::new, |integer| integer.magnitude.digits_in(base))
}

/// Whether Go reads the text of a number as a float.
fn is_float(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
}

/// Whether a format has plain verbs only: `%v`, `%s`, `%d` and `%q`, without flags, width, precision or index.
#[must_use]
pub fn is_plain(mut format: &[u8]) -> bool {
    while let Some((_, behind)) = split_at_verb(format) {
        match behind {
            [b'%' | b'v' | b's' | b'd' | b'q', rest @ ..] => format = rest,
            _ => return false,
        }
    }
    true
}

/// What is before the next verb, and the verb with what is behind it.
fn split_at_verb(format: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = format.iter().position(|byte| *byte == b'%')?;
    Some((format.get(..at)?, format.get(at + 1..)?))
}

/// `sprintf` with a format that [is plain](is_plain): all that a module needs whose formats are constants that are.
#[must_use]
pub fn sprintf_plain(format: Value, arguments: Value) -> Value {
    let Some(arguments) = operand::array(2, arguments) else { return Value::UNDEFINED };
    let mut rest = format.as_str().unwrap_or_default();
    let mut out = Vec::with_capacity(2 * rest.len());
    let mut arguments = arguments.iter();
    while let Some((before, behind)) = split_at_verb(rest) {
        out.extend_from_slice(before);
        let Some((verb, behind)) = behind.split_first() else { break };
        rest = behind;
        if *verb == b'%' {
            out.push(b'%');
        } else if let Some(argument) = arguments.next() {
            PlainArgument::of(argument).print(&mut out, *verb);
        } else {
            out.extend_from_slice(&[b'%', b'!', *verb]);
            out.extend_from_slice(b"(MISSING)");
        }
    }
    out.extend_from_slice(rest);
    extra(&mut out, arguments);
    Value::string(&out)
}

/// Complains about arguments that no verb took.
fn extra(out: &mut Vec<u8>, arguments: impl Iterator<Item = Value>) {
    let mut between: &[u8] = b"%!(EXTRA ";
    for argument in arguments {
        out.extend_from_slice(between);
        between = b", ";
        let argument = PlainArgument::of(argument);
        out.extend_from_slice(argument.type_name());
        out.push(b'=');
        argument.append(out);
    }
    if between == b", " {
        out.push(b')');
    }
}

/// An argument of a plain verb.
enum PlainArgument {
    Integer(i64),
    /// The text of a larger integer.
    Big(&'static [u8]),
    /// Whether a float is negative, and its digits.
    Float(bool, Expansion),
    /// A string, what is printed as its text, and a number that is too large for a float.
    Text(Value),
}

impl PlainArgument {
    fn of(value: Value) -> Self {
        match value.as_number_text() {
            Some(text) if is_float(text) => {
                let digits = double::shortest_of(text);
                digits.map_or(Self::Text(value), |digits| Self::Float(text.starts_with(b"-"), digits))
            }
            text => match (number::to_i64(value), text) {
                (Some(integer), _) => Self::Integer(integer),
                (None, Some(text)) => Self::Big(text),
                (None, None) => Self::Text(value),
            },
        }
    }

    /// The name of its type in Go.
    fn type_name(&self) -> &'static [u8] {
        match self {
            Self::Integer(_) => b"int64",
            Self::Big(_) => b"*big.Int",
            Self::Float(..) => b"float64",
            Self::Text(_) => b"string",
        }
    }

    /// Writes it by a plain verb.
    fn print(&self, out: &mut Vec<u8>, verb: u8) {
        let (verbs, name): (&[u8], _) = match self {
            Self::Integer(number) if verb == b'q' => return format::append_quoted_char(out, *number),
            Self::Integer(_) => (b"vd", self.type_name()),
            // A `big.Int` complains itself.
            Self::Big(_) => (b"vds", &b"big.Int"[..]),
            Self::Float(..) => (b"v", self.type_name()),
            Self::Text(value) if verb == b'q' => return format::append_quoted(out, &plain(*value)),
            Self::Text(_) => (b"vs", self.type_name()),
        };
        if verbs.contains(&verb) {
            return self.append(out);
        }
        out.extend_from_slice(&[b'%', b'!', verb, b'(']);
        out.extend_from_slice(name);
        out.push(b'=');
        self.append(out);
        out.push(b')');
    }

    /// Writes it by the verb `%v`.
    fn append(&self, out: &mut Vec<u8>) {
        match self {
            Self::Integer(number) => out.extend_from_slice(Integer64::new(*number).bytes()),
            Self::Big(text) => out.extend_from_slice(text),
            Self::Float(negative, digits) => format::append_float(out, *negative, digits),
            Self::Text(value) => match value.as_str() {
                Some(text) => out.extend_from_slice(text),
                None => display::append(out, *value),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Array, syntax};

    #[test]
    fn only_verbs_without_more_are_plain() {
        for format in ["", "a", "%v", "%d%%%s: %q.", "é%vé"] {
            assert!(is_plain(format.as_bytes()), "{format}");
        }
        for format in ["%", "a%", "%%%", "%5d", "%-v", "%+v", "%[1]v", "%.2f", "%f", "%x", "% d", "%*d", "%é", "%!"] {
            assert!(!is_plain(format.as_bytes()), "{format}");
        }
    }

    #[test]
    fn plain_formats_give_what_they_give_with_everything() {
        let arguments = syntax::parse(
            br#"["a", "", "\u00e9\n\"\u0000", 0, -1, 65, 128512, 9223372036854775807, -9223372036854775808, 9223372036854775808,
            -123456789012345678901234567890, -0, 0.0, -0.0, 1.0, 1.50, 0.1, 100000.0, 1e5, 1e6, 1e21, 123456.789, 0.0001, 0.00001,
            3.14159265358979323846, 9007199254740993.0, 2.2250738585072014e-308, 5e-324, 1e-400, 1e400, -1e400, 1.7976931348623157e308,
            null, true, false, [], [1, "a", [2.50]], {}, {"a": {"b": null}}, set(), {1, "x"}, {[1]: 2}]"#,
        )
        .map_or(&[][..], |arguments| arguments.as_array().map_or(&[][..], Array::as_slice));
        assert_eq!(arguments.len(), 42);
        let same = |format: &str, arguments: &[Value]| {
            let (format, arguments) =
                (Value::string(format.as_bytes()), Value::from(arguments.iter().copied().collect::<Array>()));
            let [wanted, plain] = [sprintf(format, arguments), sprintf_plain(format, arguments)];
            assert_eq!(wanted, plain);
            assert_eq!(wanted.as_str(), plain.as_str());
        };
        for argument in arguments {
            for format in ["%v", "%s", "%d", "%q", "none", "%%|%v|%v", "a %s"] {
                same(format, &[*argument]);
            }
        }
        same("", &[]);
        same("%v %d%% of %q: %s, %v", arguments);
        same("%s%s%s", &arguments[..3]);
        same(&"%v".repeat(50), arguments);
        let invalid = Value::string(b"\xffa\xc3");
        same("%v%s%q%d", &[invalid, invalid, invalid, invalid]);
    }
}
