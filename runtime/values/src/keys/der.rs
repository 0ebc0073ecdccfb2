//! Reading DER (X.690) as Go's `cryptobyte` does: only what keys and certificates are made of.

use alloc::borrow::Cow;

/// `BOOLEAN`
pub(crate) const BOOLEAN: u8 = 0x01;
/// `INTEGER`
pub(crate) const INTEGER: u8 = 0x02;
/// `BIT STRING`
pub(crate) const BIT_STRING: u8 = 0x03;
/// `OCTET STRING`
pub(crate) const OCTET_STRING: u8 = 0x04;
/// `OBJECT IDENTIFIER`
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
/// `SEQUENCE`
pub(crate) const SEQUENCE: u8 = 0x30;
/// `SET`
pub(crate) const SET: u8 = 0x31;

/// Elements that follow one another.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    /// The next element: its tag and its contents. None at the end, and where the bytes are no DER.
    pub(crate) fn element(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        // A tag of several bytes is used nowhere here.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let mut length = usize::from(first);
        if first >= 0x80 {
            let count = usize::from(first & 0x7f);
            if !(1..=4).contains(&count) {
                return None;
            }
            let (bytes, after) = rest.split_at_checked(count)?;
            rest = after;
            let long = bytes.iter().fold(0_u64, |length, byte| length << 8 | u64::from(*byte));
            // The shortest form is the only one.
            if long < 0x80 || bytes.first() == Some(&0) {
                return None;
            }
            length = usize::try_from(long).ok()?;
        }
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, contents))
    }

    /// The next element with its tag and length, and its contents.
    pub(crate) fn whole(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        let before = self.0;
        let (_, contents) = self.element()?;
        Some((before.get(..before.len() - self.0.len())?, contents))
    }

    /// The next element with its tag and length, and its elements; it must be a `SEQUENCE`.
    pub(crate) fn whole_sequence(&mut self) -> Option<(&'a [u8], Self)> {
        let is_sequence = self.is_next(SEQUENCE);
        self.whole().filter(|_| is_sequence).map(|(whole, contents)| (whole, Self(contents)))
    }

    /// Whether the next element has a tag.
    pub(crate) fn is_next(self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// The contents of the next element, which must have a tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.element().filter(|(found, _)| *found == tag).map(|(_, contents)| contents)
    }

    /// The elements of the next one, which must be a `SEQUENCE`.
    pub(crate) fn sequence(&mut self) -> Option<Self> {
        self.expect(SEQUENCE).map(Self)
    }

    /// The contents of the next element if it has a tag, the inner none if it has another. None where it has the tag and is no DER.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<Option<&'a [u8]>> {
        if self.is_next(tag) { self.expect(tag).map(Some) } else { Some(None) }
    }

    /// The next element, an integer above zero, without leading zeros.
    pub(crate) fn positive(&mut self) -> Option<&'a [u8]> {
        self.integer().and_then(magnitude)
    }

    /// The contents of the next element, an integer of the shortest form.
    pub(crate) fn integer(&mut self) -> Option<&'a [u8]> {
        self.expect(INTEGER).filter(|contents| is_integer(contents))
    }

    /// The next element, an integer of 64 bits.
    pub(crate) fn small_integer(&mut self) -> Option<i64> {
        self.integer().and_then(to_i64)
    }

    /// The next element, a `BOOLEAN`.
    pub(crate) fn boolean(&mut self) -> Option<bool> {
        match self.expect(BOOLEAN)? {
            [0] => Some(false),
            [0xff] => Some(true),
            _ => None,
        }
    }

    /// The next element, a `BIT STRING`.
    pub(crate) fn bits(&mut self) -> Option<Bits<'a>> {
        self.expect(BIT_STRING).and_then(Bits::new)
    }

    /// Whether nothing is left.
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// Whether the contents of an integer are of the shortest form.
pub(crate) fn is_integer(contents: &[u8]) -> bool {
    match contents {
        [] => false,
        [0, second, ..] => *second >= 0x80,
        [0xff, second, ..] => *second < 0x80,
        _ => true,
    }
}

/// The contents of an integer as a number of 64 bits, if it is one.
pub(crate) fn to_i64(contents: &[u8]) -> Option<i64> {
    let is_negative = contents.first()? & 0x80 != 0;
    let fill = if is_negative { -1 } else { 0 };
    (contents.len() <= 8).then(|| contents.iter().fold(fill, |number, byte| number << 8 | i64::from(*byte)))
}

/// The bytes of an integer above zero, without leading zeros.
pub(crate) fn magnitude(contents: &[u8]) -> Option<&[u8]> {
    let bytes = contents.strip_prefix(&[0]).unwrap_or(contents);
    // The highest bit of the first byte is the sign.
    (contents.first()? & 0x80 == 0 && !bytes.is_empty()).then_some(bytes)
}

/// A `BIT STRING`.
#[derive(Clone, Copy)]
pub(crate) struct Bits<'a> {
    /// The bits, from the highest of each byte to the lowest.
    pub(crate) bytes: &'a [u8],
    /// How many of the last byte's lowest bits are none; these are zero.
    unused: u8,
}

impl<'a> Bits<'a> {
    /// The bits of the contents of an element.
    pub(crate) fn new(contents: &'a [u8]) -> Option<Self> {
        let (&unused, bytes) = contents.split_first()?;
        let mask = 1_u8.checked_shl(u32::from(unused))? - 1;
        let is_right = bytes.last().map_or(unused == 0, |last| last & mask == 0);
        is_right.then_some(Self { bytes, unused })
    }

    /// How many bits there are.
    pub(crate) fn len(self) -> usize {
        self.bytes.len() * 8 - usize::from(self.unused)
    }

    /// Whether a bit is there and is set.
    pub(crate) fn has(self, index: usize) -> bool {
        self.bytes.get(index / 8).is_some_and(|byte| byte << (index % 8) & 0x80 != 0)
    }

    /// The bits as bytes whose highest bits are missing, where not all bits of the last are used.
    pub(crate) fn right_aligned(self) -> Cow<'a, [u8]> {
        if self.unused == 0 {
            return Cow::Borrowed(self.bytes);
        }
        let mut before = 0;
        let aligned = self.bytes.iter().map(|byte| {
            let pair = u16::from(before) << 8 | u16::from(*byte);
            before = *byte;
            (pair >> self.unused) as u8
        });
        Cow::Owned(aligned.collect())
    }
}
