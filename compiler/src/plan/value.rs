//! Constants as values of the value library, and back: for folding, and for whoever interprets a plan.

use regoc_values::{Array, Object, Set, Tag, Value, number};

use super::ir::Constant;
use crate::source::Name;

/// A constant as a value, in the arena of this thread.
#[must_use]
pub fn value_of(constant: &Constant) -> Value {
    match constant {
        Constant::Null => Value::NULL,
        Constant::Boolean(value) => Value::boolean(*value),
        Constant::Number(text) => Value::number(text.as_bytes()),
        Constant::String(text) => Value::string(text.as_bytes()),
        Constant::Array(items) => {
            let array = Array::new(items.len());
            items.iter().for_each(|item| array.push(value_of(item)));
            array.into()
        }
        Constant::Object(items) => {
            let object = Object::new(items.len());
            items.iter().for_each(|(key, value)| object.insert(value_of(key), value_of(value)));
            object.into()
        }
        Constant::Set(items) => {
            let set = Set::new(items.len());
            for item in items {
                let _ = set.add(value_of(item));
            }
            set.into()
        }
    }
}

/// A value as a constant. None when it is undefined, or holds a string that is not UTF-8.
#[must_use]
pub fn constant_of(value: Value) -> Option<Constant> {
    if value.is_undefined() {
        return None;
    }
    match value.tag() {
        Tag::Null => Some(Constant::Null),
        Tag::Boolean => value.as_boolean().map(Constant::Boolean),
        Tag::String => std::str::from_utf8(value.as_str()?).ok().map(|text| Constant::String(Name::from(text))),
        Tag::Array => value.as_array()?.iter().map(constant_of).collect::<Option<_>>().map(Constant::Array),
        Tag::Set => value.as_set()?.elements().map(constant_of).collect::<Option<_>>().map(Constant::Set),
        Tag::Object => {
            let entries =
                value.as_object()?.entries().map(|(key, value)| Some((constant_of(key)?, constant_of(value)?)));
            entries.collect::<Option<_>>().map(Constant::Object)
        }
        _ if value.is_number() => {
            let text = number::text(value)?;
            std::str::from_utf8(text.bytes()).ok().map(|text| Constant::Number(Name::from(text)))
        }
        _ => None,
    }
}
