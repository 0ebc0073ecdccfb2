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

/// The type of a document that JSON can hold: a record with some fields.
pub(super) fn document(random: &mut Random, count: usize) -> Type {
    let fields = KEYS.iter().take(count).map(|key| {
        let field = match random.below(4) {
            0 => Type::Array(Box::new(json_type(random, 1))),
            1 => Type::Map(Box::new(json_type(random, 1))),
            _ => json_type(random, 2),
        };
        (*key, field)
    });
    Type::Record(fields.collect())
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
