//! The order in which go-yaml writes keys: digits by the numbers that they make, letters behind other characters.

use alloc::vec::Vec;

use crate::regex::is_letter_or_digit;
use crate::{Array, Value, rt, utf8};

/// The keys and values of an object in turn, as an array.
#[inline(never)]
pub(super) fn sorted(object: Value) -> Value {
    let count = rt::scan(object);
    let keys = (0..count).map(|index| characters(rt::scan_key(object, index))).collect::<Vec<_>>();
    let mut order: Vec<usize> = (0..count).collect();
    sort(&mut order, &|a, b| keys.get(a).zip(keys.get(b)).is_some_and(|(a, b)| is_less(a, b)));
    let places = order.iter().flat_map(|at| [rt::scan_key(object, *at), rt::scan_value(object, *at)]);
    places.collect::<Array>().into()
}

fn characters(key: Value) -> Vec<char> {
    utf8::chars(key.as_str().unwrap_or_default()).map(|(character, _)| character).collect()
}

/// Sorts by merging. The order of keys is not always one (`is_less` may go in circles), which the library's sort does not forgive.
fn sort(order: &mut Vec<usize>, is_less: &dyn Fn(usize, usize) -> bool) {
    let mut width = 1;
    while width < order.len() {
        let mut merged = Vec::with_capacity(order.len());
        for pair in order.chunks(width * 2) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some((a, left_rest)), Some((b, right_rest))) = (left.split_first(), right.split_first()) {
                if is_less(*b, *a) {
                    merged.push(*b);
                    right = right_rest;
                } else {
                    merged.push(*a);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        *order = merged;
        width *= 2;
    }
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit() || !character.is_ascii() && character.is_numeric() && is_letter_or_digit(character)
}

fn is_letter(character: char) -> bool {
    is_letter_or_digit(character) && !is_digit(character)
}

/// Whether a key stands before another (`keyList.Less` of go-yaml).
fn is_less(a: &[char], b: &[char]) -> bool {
    let Some(at) = a.iter().zip(b).position(|(a, b)| a != b) else { return a.len() < b.len() };
    let (Some(x), Some(y)) = (a.get(at).copied(), b.get(at).copied()) else { return false };
    match (is_letter(x), is_letter(y)) {
        (true, true) => return x < y,
        (false, false) => {}
        (x_is_letter, y_is_letter) => {
            let behind_digit =
                at.checked_sub(1).and_then(|before| a.get(before)).is_some_and(|before| is_digit(*before));
            return if behind_digit { x_is_letter } else { y_is_letter };
        }
    }
    // Zeros count within a number.
    let before = a.get(..at).unwrap_or_default().iter().rev().take_while(|before| is_digit(**before));
    let seed = i64::from((x == '0' || y == '0') && before.into_iter().any(|before| *before != '0'));
    let ((x_number, x_length), (y_number, y_length)) = (number(a, at, seed), number(b, at, seed));
    if x_number != y_number {
        return x_number < y_number;
    }
    if x_length != y_length { x_length < y_length } else { x < y }
}

/// The number that digits make from a place on, behind a first digit, and how many they are.
fn number(key: &[char], at: usize, seed: i64) -> (i64, usize) {
    let digits = key.get(at..).unwrap_or_default().iter().take_while(|digit| is_digit(**digit));
    let value = |character: &char| i64::from(*character as u32) - i64::from(b'0');
    digits.fold((seed, 0), |(number, count), digit| (number.wrapping_mul(10).wrapping_add(value(digit)), count + 1))
}
