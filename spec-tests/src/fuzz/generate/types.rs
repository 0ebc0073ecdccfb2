//! Types of made documents, and values of a type.

use crate::fuzz::random::Random;

/// What a document or a variable holds, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    /// Nothing is known.
    Any,
    Null,
    Boolean,
    Number,
    String,
    Array(Box<Type>),
    Set(Box<Type>),
    /// An object with these keys.
    Record(Vec<(&'static str, Type)>),
    /// An object with any keys that are strings.
    Map(Box<Type>),
}

/// Names of keys: few, so that they meet.
pub(super) const KEYS: &[&str] = &["a", "b", "c", "id", "1"];

const STRINGS: &[&str] =
    &["\"a\"", "\"b\"", "\"c\"", "\"ab\"", "\"\"", "\"1\"", "\"a/b\"", "\"ä€\"", "\"A b\"", "\"id\"", "\"x.y\""];

/// Strings with characters that JSON or Rego write in another way.
const ODD_STRINGS: &[&str] = &[
    "\"\\n\\t\"",
    "\"\\u00e9\"",
    "\"e\\u0301\"",
    "\"😀\"",
    "\"\\ud83d\\ude00\"",
    "\"\\\"\\\\\"",
    "\"\\u0000\"",
    "\"ǅ\"",
    "\"\u{2028}<&>\"",
    "\"{x}\"",
    "\"%v\"",
];

const NUMBERS: &[&str] = &["0", "1", "2", "3", "10", "-1", "1", "2", "0", "5"];

/// Numbers where representations meet their limits.
const EDGES: &[&str] = &[
    "1.0",
    "1.5",
    "0.1",
    "-0.5",
    "1e3",
    "9007199254740993",
    "18446744073709551616",
    "9223372036854775807",
    "-9223372036854775808",
    "1e20",
    "0.30000000000000004",
    "123456789012345678901234567890",
    "2.50",
    "1e-7",
    "100000000000000000000000",
    "3.0",
    "-0",
    "-0.0",
    "1E2",
    "100e-2",
    "4294967296",
    "1e22",
    "0.1e1",
];

impl Type {
    /// Whether a value of the other type is one of this.
    pub(super) fn takes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::Array(a), Self::Array(b)) | (Self::Set(a), Self::Set(b)) | (Self::Map(a), Self::Map(b)) => {
                a.takes(b)
            }
            (Self::Map(any), Self::Record(fields)) => fields.iter().all(|(_, field)| any.takes(field)),
            (Self::Record(a), Self::Record(b)) => {
                a.iter().all(|(name, field)| b.iter().any(|(other, it)| name == other && field.takes(it)))
            }
            _ => self == other,
        }
    }

    /// What the elements of a collection are; none for what is none.
    pub(super) fn element(&self) -> Option<Self> {
        match self {
            Self::Array(it) | Self::Set(it) | Self::Map(it) => Some((**it).clone()),
            Self::Record(fields) => match fields.first() {
                Some((_, first)) if fields.iter().all(|(_, it)| it == first) => Some(first.clone()),
                _ => Some(Self::Any),
            },
            _ => None,
        }
    }

    /// What the keys of a collection are.
    pub(super) fn key(&self) -> Self {
        match self {
            Self::Array(_) => Self::Number,
            Self::Set(it) => (**it).clone(),
            Self::Map(_) | Self::Record(_) => Self::String,
            _ => Self::Any,
        }
    }
}

/// A type of some depth, scalars often.
pub(super) fn any_type(random: &mut Random, depth: usize) -> Type {
    if depth == 0 || random.chance(50) {
        return match random.below(12) {
            0 => Type::Boolean,
            1 => Type::Null,
            2..=6 => Type::Number,
            _ => Type::String,
        };
    }
    match random.below(4) {
        0 => Type::Array(Box::new(any_type(random, depth - 1))),
        1 => Type::Set(Box::new(any_type(random, depth - 1))),
        2 => Type::Map(Box::new(any_type(random, depth - 1))),
        _ => record(random, depth - 1, false),
    }
}

fn record(random: &mut Random, depth: usize, json: bool) -> Type {
    let mut keys = KEYS.to_vec();
    random.shuffle(&mut keys);
    let count = 1 + random.below(3);
    let fields = keys.into_iter().take(count);
    Type::Record(
        fields.map(|key| (key, if json { json_type(random, depth) } else { any_type(random, depth) })).collect(),
    )
}

fn json_type(random: &mut Random, depth: usize) -> Type {
    match any_type(random, depth) {
        Type::Set(it) => Type::Array(Box::new(without_sets(*it))),
        other => without_sets(other),
    }
}

/// The type with arrays in the place of sets, as JSON has them.
pub(super) fn without_sets(of: Type) -> Type {
    match of {
        Type::Set(it) | Type::Array(it) => Type::Array(Box::new(without_sets(*it))),
        Type::Map(it) => Type::Map(Box::new(without_sets(*it))),
        Type::Record(fields) => Type::Record(fields.into_iter().map(|(name, it)| (name, without_sets(it))).collect()),
        other => other,
    }
}

/// The type of a document that JSON can hold: a record with some fields. A large one begins with a collection to go through.
pub(super) fn document(random: &mut Random, count: usize, large: bool) -> Type {
    let fields = KEYS.iter().take(count).enumerate().map(|(at, key)| {
        let field = match random.below(4) {
            _ if large && at == 0 => table(random),
            0 => Type::Array(Box::new(json_type(random, 1))),
            1 => Type::Map(Box::new(json_type(random, 1))),
            _ => json_type(random, 2),
        };
        (*key, field)
    });
    Type::Record(fields.collect())
}

/// The type of a collection whose elements are asked for what they hold: mostly records.
fn table(random: &mut Random) -> Type {
    let row = match random.below(5) {
        0 => any_type(random, 0),
        1 => Type::Record(vec![("id", Type::Number), ("a", Type::Array(Box::new(any_type(random, 0))))]),
        2 => Type::Record(vec![("id", Type::String), ("b", json_type(random, 1))]),
        _ => Type::Record(vec![("id", any_type(random, 0)), ("a", any_type(random, 0)), ("c", any_type(random, 0))]),
    };
    if random.chance(60) { Type::Array(Box::new(row)) } else { Type::Map(Box::new(row)) }
}

/// A document of which the first field is a collection of so many elements that an index of it pays.
pub(super) fn large_document(random: &mut Random, of: &Type, wrong: usize) -> String {
    let Type::Record(fields) = of else { return value(random, of, wrong) };
    let entries = fields.iter().enumerate().map(|(at, (key, field))| match at {
        0 => format!("{key:?}: {}", large_value(random, field, wrong)),
        _ => format!("{key:?}: {}", value(random, field, wrong)),
    });
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

/// A collection of 16 elements and more as text, some of which are like their keys; any other value is as [`value`] makes it.
pub(super) fn large_value(random: &mut Random, of: &Type, wrong: usize) -> String {
    let (Type::Array(it) | Type::Set(it) | Type::Map(it)) = of else { return value(random, of, wrong) };
    let count = 16 + random.below(6);
    let elements: Vec<String> = (0..count).map(|at| like_its_key(random, it, at, of, wrong)).collect();
    match of {
        Type::Array(_) => format!("[{}]", elements.join(", ")),
        Type::Set(_) => format!("{{{}}}", elements.join(", ")),
        _ => {
            let entries = elements.iter().enumerate().map(|(at, element)| format!("{:?}: {element}", key_at(at)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The key at a place of a large object.
fn key_at(at: usize) -> String {
    KEYS.get(at).map_or_else(|| format!("k{at}"), |key| (*key).to_owned())
}

/// An element of a large collection: each scalar in it is at times the element's key.
fn like_its_key(random: &mut Random, of: &Type, at: usize, collection: &Type, wrong: usize) -> String {
    match of {
        Type::Number if random.chance(40) => at.to_string(),
        Type::String if random.chance(40) => match collection {
            Type::Map(_) => format!("{:?}", key_at(at)),
            _ => format!("\"{at}\""),
        },
        Type::Record(fields) if !random.chance(wrong / 2) => {
            let entries = fields.iter().filter_map(|(key, field)| {
                let missing = random.chance(wrong);
                (!missing).then(|| format!("{key:?}: {}", like_its_key(random, field, at, collection, wrong)))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        _ => value(random, of, wrong),
    }
}

/// A value of a type as text; of a hundred parts, so many are missing or of another type.
pub(super) fn value(random: &mut Random, of: &Type, wrong: usize) -> String {
    if random.chance(wrong / 2) {
        let other = json_type(random, 1);
        return value(random, &other, 0);
    }
    let count = if random.chance(8) { 0 } else { 1 + random.below(3) };
    match of {
        Type::Any => {
            let other = json_type(random, 1);
            value(random, &other, wrong)
        }
        Type::Null => "null".to_owned(),
        Type::Boolean => random.pick(&["true", "false"]).to_owned(),
        Type::Number if random.chance(12) => random.pick(EDGES).to_owned(),
        Type::Number => random.pick(NUMBERS).to_owned(),
        Type::String if random.chance(6) => random.pick(ODD_STRINGS).to_owned(),
        Type::String => random.pick(STRINGS).to_owned(),
        Type::Array(it) => format!("[{}]", values(random, it, count, wrong)),
        Type::Set(_) if count == 0 => "set()".to_owned(),
        Type::Set(it) => format!("{{{}}}", values(random, it, count, wrong)),
        Type::Map(it) => {
            let start = random.below(KEYS.len());
            let keys: Vec<&str> = KEYS.iter().cycle().skip(start).take(count).copied().collect();
            let entries = keys.iter().map(|key| format!("{key:?}: {}", value(random, it, wrong)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Type::Record(fields) => {
            let entries = fields.iter().filter_map(|(key, field)| {
                let missing = random.chance(wrong);
                (!missing).then(|| format!("{key:?}: {}", value(random, field, wrong)))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn values(random: &mut Random, of: &Type, count: usize, wrong: usize) -> String {
    (0..count).map(|_| value(random, of, wrong)).collect::<Vec<_>>().join(", ")
}
