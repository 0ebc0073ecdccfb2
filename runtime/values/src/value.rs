//! The word that is a value.
#![expect(unsafe_code, reason = "a word that is an address can only be taken on trust")]

use core::cmp::Ordering;
use core::fmt;
use core::marker::PhantomData;

use regoc_abi::layout::{self, SMALL_INT_MAX, SMALL_INT_MIN};

use crate::{Array, Object, Set, Tag, compare, equal, number, raw, syntax};

/// A value of Rego, or undefined: a small integer, an immediate, or the address of an object in the arena.
///
/// A word and not a reference: 32 bits in wasm, the machine's width natively.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Value {
    word: usize,
    not_send: PhantomData<*mut u8>,
}

impl Value {
    /// No value.
    pub const UNDEFINED: Self = Self::immediate(layout::UNDEFINED);
    /// `null`.
    pub const NULL: Self = Self::immediate(layout::NULL);
    /// `true`.
    pub const TRUE: Self = Self::immediate(layout::TRUE);
    /// `false`.
    pub const FALSE: Self = Self::immediate(layout::FALSE);

    const fn immediate(word: u32) -> Self {
        Self { word: word as usize, not_send: PhantomData }
    }

    const fn small(value: i64) -> Self {
        Self { word: ((value << 1) | 1) as usize, not_send: PhantomData }
    }

    /// `true` or `false`.
    #[must_use]
    pub const fn boolean(value: bool) -> Self {
        if value { Self::TRUE } else { Self::FALSE }
    }

    /// An integer.
    #[must_use]
    pub fn integer(value: i64) -> Self {
        if (SMALL_INT_MIN..=SMALL_INT_MAX).contains(&value) { Self::small(value) } else { raw::new_integer(value) }
    }

    /// A length or an index as a value.
    #[must_use]
    pub fn count(count: usize) -> Self {
        Self::integer(count as i64)
    }

    /// A number by its text, which must be a number of JSON.
    #[must_use]
    pub fn number(text: &[u8]) -> Self {
        match number::canonical_integer(text) {
            Some(value) => Self::integer(value),
            None => raw::new_text(Tag::Number as u32, text),
        }
    }

    /// A string of these bytes.
    #[must_use]
    pub fn string(bytes: &[u8]) -> Self {
        raw::new_text(Tag::String as u32, bytes)
    }

    /// Whether there is no value.
    #[must_use]
    pub const fn is_undefined(self) -> bool {
        self.word == 0
    }

    /// Whether the value is an address.
    pub(crate) const fn is_address(self) -> bool {
        self.word & 3 == 0 && self.word != 0
    }

    /// The type of the value; that of undefined is `Null`.
    #[must_use]
    #[inline(never)]
    pub fn tag(self) -> Tag {
        if self.is_small() {
            Tag::Integer
        } else if self.is_address() {
            raw::tag(self)
        } else if self.word & 0b1100 == 0 {
            Tag::Null
        } else {
            Tag::Boolean
        }
    }

    fn has_tag(self, tag: Tag) -> bool {
        // Undefined has the tag of `null`, for which nobody asks here.
        self.tag() as u32 == tag as u32
    }

    /// Whether the value is an integer inside the word.
    pub(crate) const fn is_small(self) -> bool {
        self.word & 1 != 0
    }

    /// The integer inside the word.
    pub(crate) const fn small_value(self) -> i64 {
        ((self.word as isize) >> 1) as i64
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn as_boolean(self) -> Option<bool> {
        if self.word == Self::TRUE.word {
            Some(true)
        } else if self.word == Self::FALSE.word {
            Some(false)
        } else {
            None
        }
    }

    /// The integer, if the value is a canonical integer of 64 bits. [`number::to_i64`] also takes `1.0`.
    #[must_use]
    pub fn as_integer(self) -> Option<i64> {
        if self.is_small() {
            Some(self.small_value())
        } else if self.has_tag(Tag::Integer) {
            Some(raw::integer(self))
        } else {
            None
        }
    }

    /// Whether the value is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.word == layout::NULL as usize
    }

    /// Whether the value is a number.
    #[must_use]
    pub fn is_number(self) -> bool {
        self.is_small() || self.has_tag(Tag::Integer) || self.has_tag(Tag::Number)
    }

    /// Whether the value is a string.
    #[must_use]
    pub fn is_string(self) -> bool {
        self.has_tag(Tag::String)
    }

    /// The bytes of a string.
    #[must_use]
    pub fn as_str(self) -> Option<&'static [u8]> {
        if self.has_tag(Tag::String) { Some(raw::text(self)) } else { None }
    }

    /// The text of a number that is not a canonical 64-bit integer; [`number::text`] gives that of any number.
    #[must_use]
    pub fn as_number_text(self) -> Option<&'static [u8]> {
        if self.has_tag(Tag::Number) { Some(raw::text(self)) } else { None }
    }

    /// The value as an array.
    #[must_use]
    pub fn as_array(self) -> Option<Array> {
        if self.has_tag(Tag::Array) { Some(Array(self)) } else { None }
    }

    /// The value as an object.
    #[must_use]
    pub fn as_object(self) -> Option<Object> {
        if self.has_tag(Tag::Object) { Some(Object(self)) } else { None }
    }

    /// The value as a set.
    #[must_use]
    pub fn as_set(self) -> Option<Set> {
        if self.has_tag(Tag::Set) { Some(Set(self)) } else { None }
    }

    /// The value itself, unless it is undefined.
    #[must_use]
    pub fn defined(self) -> Option<Self> {
        if self.is_undefined() { None } else { Some(self) }
    }

    /// The word.
    #[must_use]
    pub const fn to_word(self) -> usize {
        self.word
    }

    /// The value of a word.
    ///
    /// # Safety
    /// The word comes from [`Value::to_word`] of the same thread and its object was not freed since, or it is an immediate, a small
    /// integer or the address of an object that lies as [`regoc_abi::layout`] says.
    #[must_use]
    pub const unsafe fn from_word(word: usize) -> Self {
        Self { word, not_send: PhantomData }
    }

    /// The address of the object.
    pub(crate) fn address(self) -> *mut u8 {
        core::ptr::with_exposed_provenance_mut(self.word)
    }

    /// The value of an object.
    ///
    /// # Safety
    /// A valid object lies there.
    pub(crate) unsafe fn from_address(address: *mut u8) -> Self {
        // SAFETY: the caller's.
        unsafe { Self::from_word(address.expose_provenance()) }
    }
}

/// Equality by value, as [`equal`]; undefined equals undefined only.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        equal(*self, *other)
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// OPA's order, as [`compare`].
impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(*self, *other)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_undefined() {
            return formatter.write_str("undefined");
        }
        for chunk in syntax::write(*self).utf8_chunks() {
            formatter.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                formatter.write_str("\u{fffd}")?;
            }
        }
        Ok(())
    }
}
