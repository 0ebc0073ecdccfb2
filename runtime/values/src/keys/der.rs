//! Reading DER (X.690): only what keys and certificates are made of.

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

    /// The contents of the next element, which must have a tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.element().filter(|(found, _)| *found == tag).map(|(_, contents)| contents)
    }

    /// The elements of the next one, which must be a `SEQUENCE`.
    pub(crate) fn sequence(&mut self) -> Option<Self> {
        self.expect(SEQUENCE).map(Self)
    }

    /// The contents of the next element if it has a tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let contents = ahead.expect(tag)?;
        *self = ahead;
        Some(contents)
    }

    /// The next element, an integer above zero, without leading zeros.
    pub(crate) fn positive(&mut self) -> Option<&'a [u8]> {
        let contents = self.integer()?;
        let bytes = contents.strip_prefix(&[0]).unwrap_or(contents);
        // The highest bit of the first byte is the sign.
        (contents.first().is_some_and(|first| first & 0x80 == 0) && !bytes.is_empty()).then_some(bytes)
    }

    /// The contents of the next element, an integer of the shortest form.
    pub(crate) fn integer(&mut self) -> Option<&'a [u8]> {
        let contents = self.expect(INTEGER)?;
        match contents {
            [] => None,
            [0, second, ..] if *second < 0x80 => None,
            [0xff, second, ..] if *second >= 0x80 => None,
            _ => Some(contents),
        }
    }

    /// The bytes of the next element, a `BIT STRING` of whole bytes.
    pub(crate) fn bits(&mut self) -> Option<&'a [u8]> {
        self.expect(BIT_STRING)?.strip_prefix(&[0])
    }

    /// Whether nothing is left.
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}
