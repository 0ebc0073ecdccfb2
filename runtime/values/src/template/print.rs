//! Values of templates as Go's package `fmt` writes them, with every verb. Knows nothing of templates.

use alloc::vec::Vec;

use super::value::{Datum, List};
use crate::Object;
use crate::format::{self, Printable, Spec, float, integer};

/// An operand of `print` and its like: what an `any` holds, none for `nil`.
#[derive(Clone, Copy)]
pub(super) struct Printed(pub(super) Option<Datum>);

impl Printable for Printed {
    fn print(&self, out: &mut Vec<u8>, spec: Spec, verb: char) {
        let Some(datum) = self.0 else {
            return if matches!(verb, 'T' | 'v') {
                spec.pad(out, b"<nil>");
            } else {
                format::bad_verb(out, spec, verb, self);
            };
        };
        match verb {
            'T' => format::text(out, spec, datum.type_name()),
            // An address, of which only that it differs from run to run can be said.
            'p' if matches!(datum, Datum::List(_) | Datum::Map(_)) => out.extend_from_slice(b"0xc000000000"),
            'w' | 'p' => format::bad_verb(out, spec, verb, self),
            _ => print(out, spec, verb, datum),
        }
    }

    fn type_name(&self) -> Option<&'static [u8]> {
        self.0.map(|datum| datum.type_name())
    }

    fn integer(&self) -> Option<i64> {
        match self.0? {
            Datum::Integer(number) => Some(number),
            Datum::Byte(byte) => Some(i64::from(byte)),
            _ => None,
        }
    }
}

/// Writes a value by a verb that is not about the whole argument.
fn print(out: &mut Vec<u8>, spec: Spec, verb: char, datum: Datum) {
    let printed = match datum {
        Datum::List(list) => return print_list(out, spec, verb, list),
        Datum::Map(map) => return print_map(out, spec, verb, map),
        Datum::Boolean(value) => {
            let known = matches!(verb, 't' | 'v');
            if known {
                spec.pad(out, if value { b"true" } else { b"false" });
            }
            known
        }
        Datum::Integer(number) => integer::print(out, spec, verb, number),
        Datum::Byte(byte) if verb == 'v' && spec.sharp_v => {
            integer::print(out, spec.with_sharp(), 'x', i64::from(byte))
        }
        Datum::Byte(byte) => integer::print(out, spec, verb, i64::from(byte)),
        Datum::Float(number) => float::print(out, spec, verb, number),
        Datum::Complex(real, imaginary) => print_complex(out, spec, verb, real, imaginary),
        Datum::Text(_) | Datum::Number(_) => format::print_text(out, spec, verb, datum.as_text().unwrap_or_default()),
    };
    if !printed {
        format::bad_verb(out, spec, verb, &Printed(Some(datum)));
    }
}

fn print_complex(out: &mut Vec<u8>, spec: Spec, verb: char, real: f64, imaginary: f64) -> bool {
    let start = out.len();
    out.push(b'(');
    let printed = float::print(out, spec, verb, real) && float::print(out, spec.with_plus(), verb, imaginary);
    out.extend_from_slice(b"i)");
    if !printed {
        out.truncate(start);
    }
    printed
}

fn print_list(out: &mut Vec<u8>, spec: Spec, verb: char, list: List) {
    let (open, between, close) = brackets(spec, b"[]interface {}{", b"[");
    out.extend_from_slice(open);
    for (index, element) in list.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(between);
        }
        print_element(out, spec, verb, element.datum());
    }
    out.extend_from_slice(close);
}

fn print_map(out: &mut Vec<u8>, spec: Spec, verb: char, map: Object) {
    let (open, between, close) = brackets(spec, b"map[string]interface {}{", b"map[");
    out.extend_from_slice(open);
    for (index, (key, value)) in map.entries().enumerate() {
        if index > 0 {
            out.extend_from_slice(between);
        }
        print_element(out, spec, verb, Datum::of(key));
        out.push(b':');
        print_element(out, spec, verb, Datum::of(value));
    }
    out.extend_from_slice(close);
}

/// What stands before, between and behind elements: in Go's syntax, or else.
fn brackets(spec: Spec, syntax: &'static [u8], plain: &'static [u8]) -> (&'static [u8], &'static [u8], &'static [u8]) {
    if spec.sharp_v { (syntax, b", ", b"}") } else { (plain, b" ", b"]") }
}

fn print_element(out: &mut Vec<u8>, spec: Spec, verb: char, element: Option<Datum>) {
    match element {
        Some(datum) => print(out, spec, verb, datum),
        None if spec.sharp_v => out.extend_from_slice(b"interface {}(nil)"),
        None => out.extend_from_slice(b"<nil>"),
    }
}

/// The operands one behind the other, with a blank between two that are no texts (Go's `fmt.Sprint`).
pub(super) fn print_all(operands: &[Printed]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut after_text = true;
    for operand in operands {
        let is_text = matches!(operand.0, Some(Datum::Text(_) | Datum::Number(_)));
        if !after_text && !is_text {
            out.push(b' ');
        }
        operand.print(&mut out, Spec::default(), 'v');
        after_text = is_text;
    }
    out
}

/// The operands with a blank between each two, and a line break (Go's `fmt.Sprintln`).
pub(super) fn print_line(operands: &[Printed]) -> Vec<u8> {
    let mut out = Vec::new();
    for (index, operand) in operands.iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        operand.print(&mut out, Spec::default(), 'v');
    }
    out.push(b'\n');
    out
}

/// A value by a verb without flags.
pub(super) fn by_verb(verb: char, datum: Datum) -> Vec<u8> {
    let mut out = Vec::new();
    Printed(Some(datum)).print(&mut out, Spec::default(), verb);
    out
}
