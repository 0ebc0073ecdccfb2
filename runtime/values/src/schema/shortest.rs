//! The digits that Go prints of a fraction which it keeps as a `big.Float`: with as many bits as the larger of its two integers has, at least
//! 64, and then the fewest digits that read back. Fractions of few digits come out as they went in.

use alloc::vec::Vec;

use crate::number::Natural;

/// Up to so many digits, 64 bits give them back.
const EXACT: usize = 18;

/// Fractions with more digits or more places are left as they are.
const LONG: usize = 4096;

/// The digits of a fraction and the power of ten that its first one has, plus one, as they are printed. The given ones have zeros at neither end.
pub(super) fn printed(digits: Vec<u8>, exponent: i64) -> (Vec<u8>, i64) {
    let places = usize::try_from(digits.len() as i64 - exponent).unwrap_or(0);
    if digits.len() <= EXACT || places == 0 || digits.len() > LONG || places > LONG {
        return (digits, exponent);
    }
    let numerator = Natural::from_digits(digits.into_iter());
    let denominator = Natural::power(10, places);
    let common = numerator.trailing_zeros().min(places);
    let mut fives = 0;
    let mut rest = numerator.clone();
    while fives < places {
        let (quotient, remainder) = rest.divide(&Natural::new(5));
        if !remainder.is_zero() {
            break;
        }
        rest = quotient;
        fives += 1;
    }
    let reduced = |number: &Natural| number.divide(&Natural::power(5, fives)).0.shift_right(common).bits();
    let precision = reduced(&numerator).max(reduced(&denominator)).max(64);
    let (mantissa, shift) = rounded(&numerator, &denominator, precision);
    shortest(&mantissa, shift)
}

/// The quotient as a mantissa of so many bits and how far it is shifted to the left, rounded half to even.
fn rounded(numerator: &Natural, denominator: &Natural, precision: usize) -> (Natural, usize) {
    let mut shift = (precision + denominator.bits()).saturating_sub(numerator.bits());
    loop {
        let (mut quotient, remainder) = numerator.shift_left(shift).divide(denominator);
        if quotient.bits() > precision {
            shift = shift.saturating_sub(1);
            if shift == 0 {
                return (quotient, shift);
            }
            continue;
        }
        let half = remainder.shift_left(1).cmp(denominator);
        if half.is_gt() || half.is_eq() && quotient.bit(0) {
            quotient = quotient.add(&Natural::new(1));
        }
        return (quotient, shift);
    }
}

/// The fewest digits between the neighbors of a number of so many bits, and its exponent.
fn shortest(mantissa: &Natural, shift: usize) -> (Vec<u8>, i64) {
    // Half a unit of the last bit on either side.
    let twice = mantissa.shift_left(1);
    let fives = Natural::power(5, shift + 1);
    let decimal = |number: &Natural| number.multiply(&fives).digits();
    let middle = decimal(&twice);
    let exponent = middle.len() as i64 - shift as i64 - 1;
    let trimmed = |mut digits: Vec<u8>| {
        digits.truncate(digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1));
        digits
    };
    let one = Natural::new(1);
    let (middle, lower, upper) =
        (trimmed(middle), trimmed(decimal(&twice.subtract(&one))), trimmed(decimal(&twice.add(&one))));
    let inclusive = !mantissa.bit(0);
    let at = |digits: &[u8], index: usize| digits.get(index).copied().unwrap_or(b'0');
    for (index, digit) in middle.iter().copied().enumerate() {
        let (below, above) = (at(&lower, index), at(&upper, index));
        let may_go_down = below != digit || inclusive && index + 1 == lower.len();
        let may_go_up = digit != above && (inclusive || digit + 1 < above || index + 1 < upper.len());
        let up = match (may_go_down, may_go_up) {
            (false, false) => continue,
            (true, true) => rounds_up(&middle, index + 1),
            (_, up) => up,
        };
        let kept: Vec<u8> = middle.get(..=index).unwrap_or_default().into();
        return if up { raised(kept, exponent) } else { (trimmed(kept), exponent) };
    }
    (middle, exponent)
}

/// Whether what is cut off is above a half, or a half behind an odd digit.
fn rounds_up(digits: &[u8], keep: usize) -> bool {
    let next = digits.get(keep).copied().unwrap_or(b'0');
    if next == b'5' && keep + 1 == digits.len() {
        return digits.get(keep - 1).is_some_and(|digit| digit & 1 == 1);
    }
    next >= b'5'
}

/// One more in the last digit.
fn raised(mut digits: Vec<u8>, exponent: i64) -> (Vec<u8>, i64) {
    while digits.last() == Some(&b'9') {
        digits.pop();
    }
    match digits.last_mut() {
        Some(last) => {
            *last += 1;
            (digits, exponent)
        }
        None => (alloc::vec![b'1'], exponent + 1),
    }
}
