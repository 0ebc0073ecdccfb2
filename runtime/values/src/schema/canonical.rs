//! Values as texts that are equal where `const`, `enum` and `uniqueItems` take the values for equal: Go's JSON with every number as the float
//! of 64 bits that is nearest.

use crate::builtins::json::marshal;
use crate::yaml::float_value;
use crate::{Array, Object, Tag, Value, number, rt};

/// The text of a value; undefined when a number in it is too large for a float.
#[inline(never)]
pub(super) fn text(value: Value) -> Value {
    let value = rounded(value);
    if value.is_undefined() { value } else { marshal(value) }
}

/// The value with its numbers as floats; undefined when one is too large. Values do not nest deeper than JSON may.
fn rounded(value: Value) -> Value {
    match value.tag() {
        Tag::Integer | Tag::Number => rounded_number(value),
        Tag::Array | Tag::Object => rounded_collection(value),
        _ => value,
    }
}

/// Up to here, all integers are floats.
const EXACT: i64 = 1 << 53;

// Kept out of what calls itself: its buffers would stand on the stack once for each level.
#[inline(never)]
fn rounded_number(value: Value) -> Value {
    if value.as_integer().is_some_and(|integer| (-EXACT..=EXACT).contains(&integer)) {
        return value;
    }
    let float = number::text(value).map(|text| number::double::parse(text.bytes()));
    float.filter(|float| float.is_finite()).map_or(Value::UNDEFINED, float_value)
}

fn rounded_collection(value: Value) -> Value {
    let is_object = value.tag() == Tag::Object;
    let count = rt::scan(value);
    let copy: Value = if is_object { Object::new(count).into() } else { Array::new(count).into() };
    for index in 0..count {
        let element = rounded(rt::scan_value(value, index));
        if element.is_undefined() {
            return element;
        }
        add(copy, rt::scan_key(value, index), element);
    }
    copy
}

#[inline(never)]
fn add(collection: Value, key: Value, element: Value) {
    if let Some(object) = collection.as_object() {
        object.insert(key, element);
    } else if let Some(array) = collection.as_array() {
        array.push(element);
    }
}
