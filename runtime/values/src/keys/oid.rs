//! Object identifiers. They are kept as the contents of their elements, which are unique; [`components`] and [`dotted`] show them.

use alloc::string::String;
use alloc::vec::Vec;

use super::der::{OBJECT_IDENTIFIER, Reader};
use crate::number::Natural;

/// The contents of the next element, an object identifier whose components have at most 31 bits.
pub(crate) fn read<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    reader.expect(OBJECT_IDENTIFIER).filter(|contents| is_small(contents))
}

/// Whether contents are an object identifier whose components have at most 31 bits.
pub(crate) fn is_small(contents: &[u8]) -> bool {
    is_whole(contents) && groups(contents).all(|group| group.len() < 5 || matches!(group, [0x80..=0x87, _, _, _, _]))
}

/// Whether contents are an object identifier: components of any size, each in its shortest form.
pub(crate) fn is_whole(contents: &[u8]) -> bool {
    contents.last().is_some_and(|last| last & 0x80 == 0) && groups(contents).all(|group| group.first() != Some(&0x80))
}

/// The bytes of each component, the first two of which are one.
fn groups(contents: &[u8]) -> impl Iterator<Item = &[u8]> {
    contents.split_inclusive(|byte| byte & 0x80 == 0)
}

/// The components of an object identifier that [`is_small`].
pub(crate) fn components(contents: &[u8]) -> Vec<u32> {
    let mut components = Vec::new();
    for group in groups(contents) {
        let number = group.iter().fold(0_u32, |number, byte| number << 7 | u32::from(byte & 0x7f));
        if components.is_empty() {
            let first = (number / 40).min(2);
            components.extend([first, number - first * 40]);
        } else {
            components.push(number);
        }
    }
    components
}

/// The components with dots between them. What is no whole component at the end is left out.
pub(crate) fn dotted(contents: &[u8]) -> String {
    let mut text = String::new();
    for group in groups(contents).filter(|group| group.last().is_some_and(|last| last & 0x80 == 0)) {
        let number = number(group);
        if text.is_empty() {
            let first = number.to_u64().map_or(2, |number| (number / 40).min(2));
            push(&mut text, &Natural::new(first));
            text.push('.');
            push(&mut text, &number.subtract(&Natural::new(first * 40)));
        } else {
            text.push('.');
            push(&mut text, &number);
        }
    }
    text
}

/// The number whose bits are the lower seven of each byte.
fn number(group: &[u8]) -> Natural {
    let mut limbs = Vec::with_capacity(group.len() / 4 + 1);
    let (mut limb, mut bits) = (0_u64, 0);
    for byte in group.iter().rev() {
        limb |= u64::from(byte & 0x7f) << bits;
        bits += 7;
        if bits >= 32 {
            limbs.push(limb as u32);
            limb >>= 32;
            bits -= 32;
        }
    }
    limbs.push(limb as u32);
    Natural::from_limbs(limbs)
}

fn push(text: &mut String, number: &Natural) {
    if number.is_zero() {
        text.push('0');
    }
    text.extend(number.digits().into_iter().map(char::from));
}
