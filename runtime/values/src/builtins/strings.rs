//! Strings: search, case, trimming, splitting, joining. Characters are counted as Go counts them: an invalid byte is one.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::operand::{integer, pair, string, strings};
use crate::arena::TextBuilder;
use crate::error::{self, Part};
use crate::number::{Float, Integer};
use crate::{Array, Value, display, unicode, utf8};

/// `concat(delimiter, collection)`
#[must_use]
pub fn concat(delimiter: Value, collection: Value) -> Value {
    let Some(separator) = string(1, delimiter) else { return Value::UNDEFINED };
    let Some(parts) = strings(2, collection, "one of {set, array}") else { return Value::UNDEFINED };
    let mut text = TextBuilder::new();
    for (index, part) in parts.enumerate() {
        if index > 0 {
            text.extend(separator);
        }
        text.extend(part);
    }
    text.finish()
}

/// `contains(text, part)`
#[must_use]
pub fn contains(text: Value, part: Value) -> Value {
    pair(string, text, part).map_or(Value::UNDEFINED, |(text, part)| Value::boolean(find(text, part).is_some()))
}

/// `startswith(text, prefix)`
#[must_use]
pub fn starts_with(text: Value, prefix: Value) -> Value {
    pair(string, text, prefix).map_or(Value::UNDEFINED, |(text, prefix)| Value::boolean(text.starts_with(prefix)))
}

/// `endswith(text, suffix)`
#[must_use]
pub fn ends_with(text: Value, suffix: Value) -> Value {
    pair(string, text, suffix).map_or(Value::UNDEFINED, |(text, suffix)| Value::boolean(text.ends_with(suffix)))
}

/// `strings.count(text, part)`: how often the part occurs without overlap; the empty part once more than there are characters.
#[must_use]
pub fn count(text: Value, part: Value) -> Value {
    let Some((text, part)) = pair(string, text, part) else { return Value::UNDEFINED };
    if part.is_empty() {
        return Value::count(utf8::count(text) + 1);
    }
    let (mut rest, mut count) = (text, 0);
    while let Some(at) = find(rest, part) {
        rest = rest.get(at + part.len()..).unwrap_or_default();
        count += 1;
    }
    Value::count(count)
}

/// `indexof(text, part)`: the place of the first occurrence in characters, or -1.
#[must_use]
pub fn index_of(text: Value, part: Value) -> Value {
    let mut first = Value::integer(-1);
    match occurrences(text, part, |place| {
        first = Value::count(place);
        false
    }) {
        Some(()) => first,
        None => Value::UNDEFINED,
    }
}

/// `indexof_n(text, part)`: the places of all occurrences, overlapping ones too.
#[must_use]
pub fn index_of_n(text: Value, part: Value) -> Value {
    let places = Array::new(0);
    match occurrences(text, part, |place| {
        places.push(Value::count(place));
        true
    }) {
        Some(()) => places.into(),
        None => Value::UNDEFINED,
    }
}

/// Calls `found` with the place of each occurrence until it says no. Characters are compared, so that U+FFFD and an invalid byte are
/// equal where one of the texts is not ASCII, as in OPA.
fn occurrences(text: Value, part: Value, mut found: impl FnMut(usize) -> bool) -> Option<()> {
    let (text, part) = pair(string, text, part)?;
    if part.is_empty() {
        error::fail("empty search character");
        return None;
    }
    let mut rest = text;
    let mut place = 0;
    while let Some((_, width)) = unicode::decode(rest) {
        let mut ahead = unicode::chars(rest).map(|(c, _)| c);
        if unicode::chars(part).all(|(c, _)| ahead.next() == Some(c)) && !found(place) {
            break;
        }
        rest = rest.get(width..).unwrap_or_default();
        place += 1;
    }
    Some(())
}

/// `substring(text, offset, length)`, both in characters; a negative length means all that is left.
#[must_use]
pub fn substring(text: Value, offset: Value, length: Value) -> Value {
    let Some(bytes) = string(1, text) else { return Value::UNDEFINED };
    let Some(offset) = integer(2, offset) else { return Value::UNDEFINED };
    let Some(length) = integer(3, length) else { return Value::UNDEFINED };
    if offset < 0 {
        return error::fail("negative offset");
    }
    // In wasm a length has 32 bits; what does not fit is beyond any text.
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if bytes.is_ascii() {
        let rest = bytes.get(offset..).unwrap_or_default();
        return Value::string(rest.get(..length).unwrap_or(rest));
    }
    if offset == 0 && length < usize::MAX && length >= utf8::count(bytes) {
        // Nothing is cut off, and then OPA replaces no invalid bytes.
        return text;
    }
    let mut part = TextBuilder::new();
    for (c, _) in unicode::chars(bytes).skip(offset).take(length) {
        part.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    part.finish()
}

/// `lower(text)`
#[must_use]
pub fn lower(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    Value::string(&if text.is_ascii() { text.to_ascii_lowercase() } else { unicode::map(text, unicode::to_lower) })
}

/// `upper(text)`
#[must_use]
pub fn upper(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    Value::string(&if text.is_ascii() { text.to_ascii_uppercase() } else { unicode::map(text, unicode::to_upper) })
}

/// `strings.reverse(text)`
#[must_use]
pub fn reverse(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    let mut reversed = Vec::with_capacity(text.len());
    for (_, bytes) in utf8::chars(text) {
        reversed.extend(bytes.iter().rev());
    }
    reversed.reverse();
    Value::string(&reversed)
}

/// `split(text, delimiter)`; an empty delimiter splits into characters.
#[must_use]
pub fn split(text: Value, delimiter: Value) -> Value {
    let Some((text, delimiter)) = pair(string, text, delimiter) else { return Value::UNDEFINED };
    let parts = Array::new(0);
    pieces(text, delimiter, usize::MAX, |piece| parts.push(Value::string(piece)));
    parts.into()
}

/// `strings.split_n(text, delimiter, n)`: the first n pieces, or for a negative n the last ones.
#[must_use]
pub fn split_n(text: Value, delimiter: Value, n: Value) -> Value {
    let Some((text, delimiter)) = pair(string, text, delimiter) else { return Value::UNDEFINED };
    let Some(n) = integer(3, n) else { return Value::UNDEFINED };
    let parts = Array::new(0);
    let wanted = usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX);
    if n >= 0 {
        let mut taken = 0;
        pieces(text, delimiter, wanted.saturating_add(1), |piece| {
            if taken < wanted {
                parts.push(Value::string(piece));
            }
            taken += 1;
        });
        return parts.into();
    }
    let mut all = Vec::new();
    pieces(text, delimiter, usize::MAX, |piece| all.push(piece));
    for piece in all.iter().skip(all.len().saturating_sub(wanted)) {
        parts.push(Value::string(piece));
    }
    parts.into()
}

/// The pieces of a text, at most so many; the last one takes the rest (Go's `SplitN`).
fn pieces<'t>(text: &'t [u8], delimiter: &[u8], limit: usize, mut piece: impl FnMut(&'t [u8])) {
    let (mut rest, mut count) = (text, 1);
    if delimiter.is_empty() {
        while let Some((_, width)) = unicode::decode(rest).filter(|_| count <= limit) {
            let (first, after) = rest.split_at(if count == limit { rest.len() } else { width });
            piece(first);
            rest = after;
            count += 1;
        }
        return;
    }
    while let Some(at) = find(rest, delimiter).filter(|_| count < limit) {
        piece(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + delimiter.len()..).unwrap_or_default();
        count += 1;
    }
    if limit > 0 {
        piece(rest);
    }
}

/// The place in bytes where a part begins.
pub(super) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    match part {
        [] => Some(0),
        [byte] => text.iter().position(|other| other == byte),
        [first, ..] => {
            let mut at = 0;
            loop {
                at += text.get(at..)?.iter().position(|byte| byte == first)?;
                if text.get(at..)?.starts_with(part) {
                    return Some(at);
                }
                at += 1;
            }
        }
    }
}

/// `trim(text, characters)`
#[must_use]
pub fn trim(text: Value, characters: Value) -> Value {
    trimmed(text, characters, |text, set| trim_end(trim_start(text, set), set))
}

/// `trim_left(text, characters)`
#[must_use]
pub fn trim_left(text: Value, characters: Value) -> Value {
    trimmed(text, characters, trim_start)
}

/// `trim_right(text, characters)`
#[must_use]
pub fn trim_right(text: Value, characters: Value) -> Value {
    trimmed(text, characters, trim_end)
}

fn trimmed(text: Value, characters: Value, trim: fn(&'static [u8], &[u8]) -> &'static [u8]) -> Value {
    pair(string, text, characters).map_or(Value::UNDEFINED, |(text, set)| Value::string(trim(text, set)))
}

fn trim_start(text: &'static [u8], set: &[u8]) -> &'static [u8] {
    let cut: usize = unicode::chars(text).take_while(|(c, _)| has(set, *c)).map(|(_, width)| width).sum();
    text.get(cut..).unwrap_or_default()
}

fn trim_end(text: &'static [u8], set: &[u8]) -> &'static [u8] {
    let (mut at, mut keep) = (0, 0);
    for (c, width) in unicode::chars(text) {
        at += width;
        if !has(set, c) {
            keep = at;
        }
    }
    text.get(..keep).unwrap_or_default()
}

fn has(set: &[u8], c: char) -> bool {
    unicode::chars(set).any(|(other, _)| other == c)
}

/// `trim_prefix(text, prefix)`
#[must_use]
pub fn trim_prefix(text: Value, prefix: Value) -> Value {
    trimmed(text, prefix, |text, prefix| text.strip_prefix(prefix).unwrap_or(text))
}

/// `trim_suffix(text, suffix)`
#[must_use]
pub fn trim_suffix(text: Value, suffix: Value) -> Value {
    trimmed(text, suffix, |text, suffix| text.strip_suffix(suffix).unwrap_or(text))
}

/// `trim_space(text)`: white space of Unicode.
#[must_use]
pub fn trim_space(text: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    let (mut at, mut start, mut end) = (0, None, 0);
    for (c, width) in unicode::chars(text) {
        if !c.is_whitespace() {
            start = start.or(Some(at));
            end = at + width;
        }
        at += width;
    }
    Value::string(text.get(start.unwrap_or(0)..end).unwrap_or_default())
}

/// `strings.any_prefix_match(texts, prefixes)`: whether a text begins with a prefix; both may be a string or a collection of them.
#[must_use]
pub fn any_prefix_match(texts: Value, prefixes: Value) -> Value {
    any_affix_match(texts, prefixes, <[u8]>::to_vec)
}

/// `strings.any_suffix_match(texts, suffixes)`: the same for the ends.
#[must_use]
pub fn any_suffix_match(texts: Value, suffixes: Value) -> Value {
    any_affix_match(texts, suffixes, |text| text.iter().rev().copied().collect())
}

/// Texts that share a prefix stand together when sorted, directly behind the prefix, so one look a prefix is enough.
fn any_affix_match(texts: Value, affixes: Value, turn: fn(&[u8]) -> Vec<u8>) -> Value {
    let Some(mut texts) = one_or_more(1, texts, turn) else { return Value::UNDEFINED };
    let Some(affixes) = one_or_more(2, affixes, turn) else { return Value::UNDEFINED };
    texts.sort_unstable();
    Value::boolean(affixes.iter().any(|affix| {
        let at = texts.partition_point(|text| text < affix);
        texts.get(at).is_some_and(|text| text.starts_with(affix))
    }))
}

fn one_or_more(position: i64, value: Value, turn: fn(&[u8]) -> Vec<u8>) -> Option<Vec<Vec<u8>>> {
    match value.as_str() {
        Some(text) => Some(Vec::from([turn(text)])),
        None => Some(strings(position, value, "one of {string, set, array}")?.map(turn).collect()),
    }
}

/// `replace(text, old, new)`
#[must_use]
pub fn replace(text: Value, old: Value, new: Value) -> Value {
    let Some(text) = string(1, text) else { return Value::UNDEFINED };
    let Some(old) = string(2, old) else { return Value::UNDEFINED };
    let Some(new) = string(3, new) else { return Value::UNDEFINED };
    replace_each(text, &[(old, new)])
}

/// `strings.replace_n(patterns, text)`: at each place the least key that fits is replaced.
#[must_use]
pub fn replace_n(patterns: Value, text: Value) -> Value {
    let Some(object) = super::operand::object(1, patterns) else { return Value::UNDEFINED };
    let Some(text) = string(2, text) else { return Value::UNDEFINED };
    let mut pairs = Vec::with_capacity(object.len());
    for (key, value) in object.entries() {
        let Some(key) = key.as_str() else {
            return error::operand(1, &[Part::Text("non-string key found in pattern object")]);
        };
        let Some(value) = value.as_str() else {
            return error::operand(1, &[Part::Text("non-string value found in pattern object")]);
        };
        pairs.push((key, value));
    }
    replace_each(text, &pairs)
}

/// Go's `strings.Replacer`: from left to right, at each place the first pair whose old text is there; an empty old text fits before
/// every byte and at the end, but not twice in a row.
fn replace_each(text: &[u8], pairs: &[(&[u8], &[u8])]) -> Value {
    // Which pairs may fit before a byte, in order.
    let mut by_byte: Vec<Vec<usize>> = alloc::vec![Vec::new(); 256];
    let mut empty = None;
    for (index, (old, _)) in pairs.iter().enumerate() {
        match old.first() {
            Some(byte) => by_byte.get_mut(usize::from(*byte)).into_iter().for_each(|list| list.push(index)),
            None => empty = empty.or(Some(index)),
        }
    }
    let mut replaced = TextBuilder::new();
    let (mut at, mut after_empty) = (0, false);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let candidates = rest.first().and_then(|byte| by_byte.get(usize::from(*byte)));
        let mut fits = candidates
            .into_iter()
            .flatten()
            .copied()
            .find(|index| pairs.get(*index).is_some_and(|(old, _)| rest.starts_with(old)));
        if let Some(empty) = empty.filter(|empty| !after_empty && fits.is_none_or(|fits| *empty < fits)) {
            fits = Some(empty);
        }
        after_empty = false;
        match fits.and_then(|index| pairs.get(index)) {
            Some((old, new)) => {
                replaced.extend(new);
                at += old.len();
                after_empty = old.is_empty();
            }
            None => match rest.first() {
                Some(byte) => {
                    replaced.push(*byte);
                    at += 1;
                }
                None => return replaced.finish(),
            },
        }
    }
}

/// `format_int(number, base)`: the integer, or what is before the point of any other number, in base 2, 8, 10 or 16.
#[must_use]
pub fn format_int(number: Value, base: Value) -> Value {
    let Some(number) = super::operand::number(1, number) else { return Value::UNDEFINED };
    let Some(base) = super::operand::number(2, base) else { return Value::UNDEFINED };
    let Some(base @ (2 | 8 | 10 | 16)) = base.as_integer() else {
        return error::operand(2, &[Part::Text("must be one of {2, 8, 10, 16}")]);
    };
    let whole = match number.as_number_text() {
        Some(text) if !text.iter().skip(1).all(u8::is_ascii_digit) => {
            Float::of(number).map_or(Value::UNDEFINED, |float| float.truncate().to_value())
        }
        _ => number,
    };
    let Some(integer) = Integer::of(whole) else { return Value::UNDEFINED };
    let mut text = integer.magnitude.digits_in(base as u32);
    if text.is_empty() {
        text.push(b'0');
    }
    if integer.negative {
        text.insert(0, b'-');
    }
    Value::string(&text)
}

/// `internal.template_string(parts)`: joins the parts of a template string; an expression is a set with its value, or without one when
/// it is undefined.
#[must_use]
pub fn template(parts: Value) -> Value {
    let Some(parts) = super::operand::array(1, parts) else { return Value::UNDEFINED };
    // Values are written before the text is begun: nothing else may be made meanwhile.
    let written: Vec<Cow<'static, [u8]>> = parts
        .iter()
        .map(|part| match part.as_set() {
            Some(set) => set.elements().next().map_or(Cow::Borrowed(&b"<undefined>"[..]), plain),
            None => plain(part),
        })
        .collect();
    let mut text = TextBuilder::new();
    written.iter().for_each(|part| text.extend(part));
    text.finish()
}

/// A value inside of a text: a string as it is, anything else as OPA displays it.
pub(super) fn plain(value: Value) -> Cow<'static, [u8]> {
    value.as_str().map_or_else(|| Cow::Owned(display(value)), Cow::Borrowed)
}
