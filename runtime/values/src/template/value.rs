//! The values that templates compute with, as Go has them after OPA has decoded the data: numbers of the data are texts (`json.Number`),
//! numbers of the template are `int` and `float64`, and what lies in a collection is an `interface {}` until somebody takes it out.

use crate::{Array, Object, Tag, Value as Data, number};

/// A value (Go's `reflect.Value`).
#[derive(Clone, Copy)]
pub(super) enum Value {
    /// Nothing: a key that is not there, `nil`.
    Invalid,
    /// What a collection holds; none for a `null` in it.
    Interface(Option<Datum>),
    /// Anything else.
    Plain(Datum),
}

/// What a value is apart from where it comes from.
#[derive(Clone, Copy)]
pub(super) enum Datum {
    Boolean(bool),
    Integer(i64),
    /// A byte of a text (`uint8`).
    Byte(u8),
    Float(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
    Text(&'static [u8]),
    /// A number of the data.
    Number(Data),
    List(List),
    Map(Object),
}

/// A part of an array (`[]interface {}`).
#[derive(Clone, Copy)]
pub(super) struct List {
    array: Array,
    start: usize,
    /// How many elements it has.
    pub(super) length: usize,
    /// How many it can be sliced to; those behind the array's own are `nil`.
    pub(super) capacity: usize,
}

impl List {
    fn of(array: Array) -> Self {
        let length = array.len();
        Self { array, start: 0, length, capacity: capacity(length) }
    }

    /// An element.
    pub(super) fn get(&self, index: usize) -> Value {
        Value::Interface(Datum::of(self.array.get(self.start + index)))
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Value> {
        (0..self.length).map(move |index| self.get(index))
    }

    /// The elements from one index up to another and a third up to which it can be sliced further, all in order and within
    /// the capacity.
    pub(super) fn slice(&self, from: usize, to: usize, end: usize) -> Self {
        Self { array: self.array, start: self.start + from, length: to - from, capacity: end - from }
    }
}

/// How many elements Go makes room for while it decodes so many, one by one: twice as many each time, later by a quarter, as far as the
/// allocator's sizes reach.
fn capacity(length: usize) -> usize {
    const SMALL: [usize; 14] = [0, 1, 2, 4, 8, 16, 32, 71, 143, 303, 591, 1023, 1535, 2560];
    if let Some(capacity) = SMALL.iter().find(|capacity| **capacity >= length) {
        return *capacity;
    }
    let mut capacity = 2560;
    while capacity < length {
        capacity = (capacity + (capacity + 768) / 4).next_multiple_of(512);
    }
    capacity
}

impl Datum {
    /// The value of the data; none for `null`.
    pub(super) fn of(data: Data) -> Option<Self> {
        Some(match data.tag() {
            Tag::Null | Tag::Set => return None,
            Tag::Boolean => Self::Boolean(data.as_boolean() == Some(true)),
            Tag::Integer | Tag::Number => Self::Number(data),
            Tag::String => Self::Text(data.as_str().unwrap_or_default()),
            Tag::Array => Self::List(List::of(data.as_array()?)),
            Tag::Object => Self::Map(data.as_object()?),
        })
    }

    /// The bytes of a text, or of a number of the data.
    pub(super) fn as_text(self) -> Option<&'static [u8]> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(data) => match data.as_number_text() {
                Some(text) => Some(text),
                None => Data::string(number::text(data)?.bytes()).as_str(),
            },
            _ => None,
        }
    }

    /// The name of the type in Go.
    pub(super) const fn type_name(&self) -> &'static [u8] {
        match self {
            Self::Boolean(_) => b"bool",
            Self::Integer(_) => b"int",
            Self::Byte(_) => b"uint8",
            Self::Float(_) => b"float64",
            Self::Complex(..) => b"complex128",
            Self::Text(_) => b"string",
            Self::Number(_) => b"json.Number",
            Self::List(_) => b"[]interface {}",
            Self::Map(_) => b"map[string]interface {}",
        }
    }
}

impl Value {
    /// The value itself, out of its collection; none when there is none.
    pub(super) const fn datum(self) -> Option<Datum> {
        match self {
            Self::Invalid => None,
            Self::Interface(datum) => datum,
            Self::Plain(datum) => Some(datum),
        }
    }

    /// The value without the `interface {}` around it.
    pub(super) fn taken_out(self) -> Self {
        self.datum().map_or(Self::Invalid, Self::Plain)
    }

    /// The name of its type in Go; that of nothing is empty.
    pub(super) const fn type_name(&self) -> &'static [u8] {
        match self {
            Self::Invalid => b"",
            Self::Interface(_) => b"interface {}",
            Self::Plain(datum) => datum.type_name(),
        }
    }

    /// Whether `if` takes it as true.
    pub(super) fn is_true(self) -> bool {
        match self.datum() {
            None => false,
            Some(Datum::Boolean(value)) => value,
            Some(Datum::Integer(number)) => number != 0,
            Some(Datum::Byte(byte)) => byte != 0,
            Some(Datum::Float(number)) => number != 0.0,
            Some(Datum::Complex(real, imaginary)) => real != 0.0 || imaginary != 0.0,
            Some(Datum::Text(text)) => !text.is_empty(),
            Some(Datum::Number(_)) => true,
            Some(Datum::List(list)) => list.length > 0,
            Some(Datum::Map(map)) => !map.is_empty(),
        }
    }

    /// A text that was made.
    pub(super) fn text(bytes: &[u8]) -> Self {
        Self::Plain(Datum::Text(Data::string(bytes).as_str().unwrap_or_default()))
    }
}
