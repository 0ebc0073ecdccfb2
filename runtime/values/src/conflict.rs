//! The conflict that ends a decision: what OPA says of a complete rule or a function that was given several values.
//!
//! The first value that differs from the one before it is a conflict, and the decision has no result any more. As OPA does, the remaining
//! rules are evaluated all the same, to list every rule that gave another value than the first. Nothing here runs before there is a conflict.

use crate::arena::TextBuilder;
use crate::{Array, Value, syntax};

/// The most values that a message lists (OPA's `maxConflicts`).
const LISTED: usize = 10;

/// The most characters of a value that a message shows (OPA's `maxStackFrameTextLength`).
const SHOWN: usize = 80;

/// What is known of a conflict: the numbers of the places of the rules, each followed by the text of the value that the rule gave.
#[derive(Clone, Copy)]
pub struct Conflict(Array);

impl Conflict {
    /// The conflict of one value with another, each with the number of the place of its rule.
    #[must_use]
    pub fn new((first_place, first): (usize, Value), (place, value): (usize, Value)) -> Self {
        let conflict = Self(Array::new(4));
        conflict.push(first_place, first);
        conflict.push(place, value);
        conflict
    }

    /// The conflict that [`Self::to_value`] was called on.
    #[must_use]
    pub fn from_value(value: Value) -> Option<Self> {
        value.as_array().map(Self)
    }

    /// A value that stands for it.
    #[must_use]
    pub fn to_value(self) -> Value {
        self.0.into()
    }

    /// Adds a value that is not the first one; of each rule only the first such value counts. Returns false when there is no room for it.
    #[must_use]
    pub fn add(self, place: usize, value: Value) -> bool {
        if self.places().skip(1).any(|known| known == place) {
            return true;
        }
        let has_room = self.0.len() < 2 * LISTED;
        if has_room {
            self.push(place, value);
        }
        has_room
    }

    fn push(self, place: usize, value: Value) {
        let text = shown(value);
        self.0.push(Value::integer(place as i64));
        self.0.push(text);
    }

    /// The numbers of the places, in the order in which the values were found.
    fn places(self) -> impl Iterator<Item = usize> {
        (0..self.0.len()).step_by(2).map(move |index| self.0.get(index).small_value() as usize)
    }

    /// The whole message: `FILE:ROW:COL: CODE: WHAT:`, and below it a line for each value, in the order of the places.
    ///
    /// The lines of `about` are what is wrong, and the places (`FILE:ROW:COL`, empty where a place is not known) in order.
    #[must_use]
    pub fn message(self, about: &[u8], is_full: bool) -> Value {
        let mut lines = about.split(|byte| *byte == b'\n');
        let what = lines.next().unwrap_or_default();
        // The second value is the one that the conflict was found at.
        let found = self.places().nth(1).and_then(|place| lines.clone().nth(place)).unwrap_or_default();
        let mut text = TextBuilder::new();
        if !found.is_empty() {
            text.extend(found);
            text.extend(b": ");
        }
        text.extend(regoc_abi::errors::CONFLICT.as_bytes());
        text.extend(b": ");
        text.extend(what);
        text.push(b':');
        for (number, line) in lines.enumerate() {
            for (index, _) in self.places().enumerate().filter(|(_, place)| *place == number) {
                text.extend(b"\n  ");
                text.extend(self.0.get(2 * index + 1).as_str().unwrap_or_default());
                text.extend(b" at ");
                text.extend(row_of(line));
            }
        }
        if is_full {
            text.extend(b"\n  ...");
        }
        text.finish()
    }
}

/// A place without its column.
fn row_of(place: &[u8]) -> &[u8] {
    match place.iter().rposition(|byte| *byte == b':') {
        Some(colon) => place.get(..colon).unwrap_or_default(),
        None => b"<unknown>",
    }
}

/// The beginning of the text of a value, with single blanks.
///
/// Value syntax with a blank behind each comma and colon, which every module can write: `display` would be OPA's text for control
/// characters too, but it costs a module 5 KB.
fn shown(value: Value) -> Value {
    let value = syntax::write(value);
    let mut text = TextBuilder::new();
    let (mut characters, mut blank) = (0, false);
    let (mut in_string, mut escaped) = (false, false);
    for byte in value {
        if *byte == b' ' {
            blank = true;
            continue;
        }
        // A byte that goes on with a character begins none.
        if byte & 0xc0 != 0x80 {
            if blank && characters < SHOWN {
                text.push(b' ');
                characters += 1;
            }
            if characters == SHOWN {
                text.extend(b"...");
                break;
            }
            characters += 1;
            blank = !in_string && matches!(byte, b',' | b':');
        }
        text.push(*byte);
        in_string ^= *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
    }
    text.finish()
}

#[cfg(test)]
mod tests {
    use super::{Conflict, shown};
    use crate::{Array, Value, syntax};

    fn value(text: &str) -> Value {
        syntax::parse(text.as_bytes()).expect("a value")
    }

    fn text(value: Value) -> String {
        String::from_utf8(value.as_str().expect("a text").to_vec()).expect("UTF-8")
    }

    use std::string::{String, ToString};

    #[test]
    fn values_stand_in_the_order_of_their_places() {
        let conflict = Conflict::new((2, value("2")), (1, value("{\"a\":[1,\"b  c\"]}")));
        assert!(conflict.add(1, value("3")), "of each rule one value");
        assert!(conflict.add(2, value("1")), "but the first rule may give another one than the first");
        let conflict = Conflict::from_value(conflict.to_value()).expect("a conflict");
        let about = b"rule data.a.p produced conflicting values\na.rego:1:1\na.rego:3:1\n";
        let wanted = "a.rego:3:1: eval_conflict_error: rule data.a.p produced conflicting values:\n  \
            {\"a\": [1, \"b c\"]} at a.rego:3\n  2 at <unknown>\n  1 at <unknown>";
        assert_eq!(text(conflict.message(about, false)), wanted);
        assert!(text(conflict.message(about, true)).ends_with("\n  ..."));
    }

    #[test]
    fn ten_values_are_listed() {
        let conflict = Conflict::new((0, value("0")), (1, value("1")));
        for place in 2..10 {
            assert!(conflict.add(place, value("true")));
        }
        assert!(!conflict.add(10, value("true")));
        assert!(conflict.add(9, value("null")));
    }

    #[test]
    fn long_values_are_cut() {
        let array = Array::new(0);
        (0..100).for_each(|index| array.push(Value::integer(index)));
        let all = text(shown(array.into()));
        assert_eq!(all.len(), 83);
        assert!(all.ends_with("20, 21, 2..."), "{all}");
        assert_eq!(text(shown(value(&"ä".repeat(100).replace("ä", "1")))).len(), 83);
        let quoted = text(shown(value(&std::format!("\"{}\"", "ä".repeat(100)))));
        assert_eq!(quoted.chars().count(), 83, "{quoted}");
        assert_eq!(text(shown(value("12"))), "12".to_string());
        let quotes = text(shown(value(r#"{"a\"b,c:d":[{1,2},set()]}"#)));
        assert_eq!(quotes, r#"{"a\"b,c:d": [{1, 2}, set()]}"#);
    }
}
