//! Doubles from decimal texts and as decimal digits, by exact decimal arithmetic: slower than the standard library's way, whose tables and
//! code take 25 KB.

use super::expansion::Expansion;
use super::text::{Decimal, split_sign};

/// The bits of a double's significand.
const BITS: i64 = 53;

/// What is added to the exponent of a double's highest bit where it is stored.
const BIAS: i64 = 1023;

/// The exponent of the lowest bit of the smallest doubles.
const LOWEST: i64 = -1074;

/// The exponent of the lowest bit of the largest doubles.
const HIGHEST: i64 = 971;

/// The same of floats of 32 bits.
const SINGLE_BITS: i64 = 24;
const SINGLE_LOWEST: i64 = -149;

/// So many digits tell every float of 32 bits from its neighbors.
const SINGLE_DIGITS: i64 = 9;

/// Every decimal number of so many digits is told from its neighbors by its nearest double, unless that is subnormal.
const SAFE_DIGITS: i64 = 15;

/// The greatest power of ten up to which all of them are doubles.
const EXACT_POWER: i64 = 22;

/// The digits that decide which double is the nearest one; of all further ones only whether they are zeros.
const DECISIVE_DIGITS: usize = 800;

/// The double nearest to the number of a text, infinite when it is too large.
pub(crate) fn parse(text: &[u8]) -> f64 {
    let magnitude = nearest(&Expansion::of(Decimal::new(text)));
    if split_sign(text).0 { -magnitude } else { magnitude }
}

/// The double nearest to a number, of two the even one; infinite when the number is too large.
pub(crate) fn nearest(number: &Expansion) -> f64 {
    let scale = number.point - number.digits.len() as i64;
    if number.digits.len() as i64 <= SAFE_DIGITS && scale.abs() <= EXACT_POWER {
        // Both are doubles, so that there is one rounding only.
        let power = (0..scale.abs()).fold(1.0, |power, _| power * 10.0);
        let digits = number.integer() as f64;
        return if scale < 0 { digits / power } else { digits * power };
    }
    if number.point < -400 {
        return 0.0;
    }
    let (significand, exponent) = if number.point > 400 { (0, i64::MAX) } else { significand(number, BITS, LOWEST) };
    if exponent > HIGHEST {
        return f64::INFINITY;
    }
    // The significand's highest bit counts as one in the exponent, and so does what it was rounded up to.
    f64::from_bits((((exponent - LOWEST) as u64) << (BITS - 1)) + significand)
}

/// An integer of so many bits (or one more, when it was rounded up to that), and the exponent of its lowest bit, which is not below the lowest
/// one: the nearest to a number that is not zero, of two the even one.
fn significand(number: &Expansion, bits: i64, lowest: i64) -> (u64, i64) {
    let mut number = number.clone();
    if number.digits.len() > DECISIVE_DIGITS {
        number.digits.truncate(DECISIVE_DIGITS);
        number.digits.push(b'1');
    }
    let exponent = normalize(&mut number);
    let bits = bits.min(exponent - lowest);
    // With one bit too few, everything is rounded to zero.
    number.scale(bits.max(-1));
    let mut rounded = number.rounded(number.point);
    rounded.digits.resize(rounded.point.max(0) as usize, b'0');
    (rounded.integer(), exponent - bits)
}

/// Brings a number between a half and one. Returns the exponent of the power of two by which it was divided.
fn normalize(number: &mut Expansion) -> i64 {
    let mut exponent = 0;
    loop {
        let bits = match number.point {
            point @ 1.. => 3 * point,
            0 if number.digits.first() >= Some(&b'5') => return exponent,
            point => (3 * point).min(-1),
        };
        number.scale(-bits);
        exponent += bits;
    }
}

/// The significand of a double's magnitude, an integer, and the exponent of its lowest bit.
pub(crate) fn parts(number: f64) -> (u64, i64) {
    let bits = number.to_bits();
    let (fraction, exponent) = (bits & ((1 << (BITS - 1)) - 1), (bits >> (BITS - 1) & 0x7ff) as i64);
    if exponent == 0 { (fraction, LOWEST) } else { (fraction | 1 << (BITS - 1), exponent - 1 + LOWEST) }
}

/// All digits of a double's magnitude.
pub(crate) fn exact(number: f64) -> Expansion {
    let (significand, exponent) = parts(number);
    let mut expansion = Expansion::of_integer(significand);
    expansion.scale(exponent);
    expansion
}

/// The fewest digits to which a double's magnitude is the nearest one; of those the ones nearest to it, of two the even ones.
pub(crate) fn shortest(number: f64) -> Expansion {
    let magnitude = number.abs();
    // Where the safe digits suffice, no others of them do, so that without their zeros they are the fewest.
    let first = if magnitude < f64::MIN_POSITIVE { 1 } else { SAFE_DIGITS };
    fewest(&exact(number), first, SAFE_DIGITS + 2, |digits| nearest(digits) == magnitude)
}

/// The same for a float of 32 bits.
pub(crate) fn shortest_single(number: f32) -> Expansion {
    let (mut exact, magnitude) = (exact(number.into()), f64::from(number.abs()));
    if number.to_bits() << (32 - SINGLE_BITS + 1) == 0 && !exact.is_zero() {
        // At a power of two, Go takes the larger one of two that are equally near: with a digit more it is the nearer one.
        exact.digits.push(b'1');
    }
    fewest(&exact, 1, SINGLE_DIGITS, |digits| {
        let (significand, exponent) =
            if digits.is_zero() { (0, 0) } else { significand(digits, SINGLE_BITS, SINGLE_LOWEST) };
        // Both are doubles, and so is their product.
        significand as f64 * f64::from_bits(((exponent + BIAS) as u64) << (BITS - 1)) == magnitude
    })
}

/// A number rounded to as few digits as are told from other numbers: to so many at least and at most.
fn fewest(exact: &Expansion, least: i64, most: i64, is_told: impl Fn(&Expansion) -> bool) -> Expansion {
    for len in least..most {
        let near = exact.rounded(len);
        if is_told(&near) {
            return near;
        }
        // At a power of two the floats above lie further apart than those below: there a number above may do where the nearest one below
        // does not.
        let above = exact.cut(len as usize, true);
        if is_told(&above) {
            return above;
        }
    }
    exact.rounded(most)
}

/// What [`shortest`] gives for the double nearest to the magnitude of a number's text. None when that is infinite.
pub(crate) fn shortest_of(text: &[u8]) -> Option<Expansion> {
    let number = Expansion::of(Decimal::new(text));
    if number.digits.len() as i64 <= SAFE_DIGITS && (-300..300).contains(&number.point) {
        return Some(number);
    }
    let double = nearest(&number);
    double.is_finite().then(|| shortest(double))
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    /// How many doubles are tried of a kind.
    const COUNT: u32 = 2_000;

    /// Bits that differ in each call.
    fn random(state: &mut u64) -> u64 {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state
    }

    /// Doubles of all sizes, and those at which something changes.
    fn doubles() -> impl Iterator<Item = f64> {
        let mut state = 0x9e37_79b9_7f4a_7c15;
        let around = |bits: u64| (bits.saturating_sub(2)..=bits + 2).map(f64::from_bits);
        let powers_of_two = (0..2047).flat_map(move |exponent| around(exponent << 52));
        let powers_of_ten =
            (-323..309).flat_map(move |power| around(format!("1e{power}").parse::<f64>().unwrap().to_bits()));
        let subnormal = (0..2000).chain((0..51).map(|bit| 1 << bit)).map(f64::from_bits);
        let any = (0..COUNT).map(move |_| f64::from_bits(random(&mut state) >> 1));
        let short = (0..COUNT).map(|number| f64::from(number) / 1000.0);
        let halves = (0..2000).map(|number| f64::from(number) + 0.5);
        let all = powers_of_two.chain(powers_of_ten).chain(subnormal).chain(any).chain(short).chain(halves);
        all.filter(|number| number.is_finite())
    }

    fn scientific(digits: &Expansion) -> String {
        let mut text = Vec::new();
        digits.write_scientific(&mut text, 0, b'e');
        String::from_utf8(text).unwrap()
    }

    /// As Go and this module write it.
    fn with_two_digits(text: &str) -> String {
        let (digits, exponent) = text.split_once('e').unwrap();
        let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
        let exponent: i32 = exponent.parse().unwrap();
        format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
    }

    #[test]
    fn all_digits_are_the_standard_librarys() {
        for number in doubles().step_by(7) {
            // The smallest doubles have 767 significant digits.
            assert_eq!(scientific(&exact(number)), with_two_digits(&format!("{number:.800e}")));
        }
    }

    #[test]
    fn the_shortest_digits_are_the_standard_librarys_but_for_halves() {
        for number in doubles() {
            let text = format!("{number:e}");
            let short = shortest(number);
            assert_eq!(nearest(&short), number, "{text}");
            // Of two texts that are equally near, the standard library takes the larger one: rounding gives the even one.
            let count = text.split('e').next().unwrap().len().saturating_sub(2);
            let rounded = format!("{number:.count$e}");
            // At a power of two it may lie too low to be read back.
            let wanted = if rounded.parse() == Ok(number) { rounded } else { text };
            assert_eq!(scientific(&short), with_two_digits(&wanted));
        }
    }

    #[test]
    fn the_shortest_digits_of_32_bits_are_the_standard_librarys_but_for_halves() {
        let mut state = 0x1234_5678_9abc_def1;
        let powers = (0..255_u32).flat_map(|exponent| (exponent << 23).saturating_sub(2)..=(exponent << 23) + 2);
        for bits in (0..COUNT).map(|_| (random(&mut state) >> 33) as u32).chain(powers) {
            let number = f32::from_bits(bits);
            if number.is_finite() {
                let text = format!("{number:e}");
                let count = text.split('e').next().unwrap().len().saturating_sub(2);
                let wanted = if bits & ((1 << 23) - 1) == 0 { text } else { format!("{number:.count$e}") };
                assert_eq!(scientific(&shortest_single(number)), with_two_digits(&wanted));
            }
        }
    }

    #[test]
    fn rounded_digits_are_the_standard_librarys() {
        for number in doubles() {
            for decimals in [0, 1, 2, 6, 14, 15, 16, 17, 30] {
                let (exact, mut text) = (exact(number), Vec::new());
                exact.rounded(exact.point + decimals as i64).write_plain(&mut text, decimals);
                assert_eq!(String::from_utf8(text).unwrap(), format!("{number:.decimals$}"));
            }
        }
    }

    #[test]
    fn texts_are_read_as_the_standard_library_reads_them() {
        let mut state = 0x2545_f491_4f6c_dd1d;
        for number in doubles().step_by(7) {
            let exact = format!("{number:.1080e}");
            let (digits, exponent) = exact.split_once('e').unwrap();
            let exponent: i32 = exponent.parse().unwrap();
            // The double itself, halfway to the next one, and right beside both.
            let half = halfway(number);
            let cut = |len: usize| format!("{}e{exponent}", &digits[..len]);
            let texts = [
                exact.clone(),
                cut(16),
                cut(17),
                cut(18),
                cut(25),
                half.clone(),
                beside(&half, '1'),
                beside(&half, '0'),
            ];
            for text in texts {
                let wanted: f64 = text.parse().unwrap();
                assert_eq!(parse(text.as_bytes()).to_bits(), wanted.to_bits(), "{text}");
                assert_eq!(parse(format!("-{text}").as_bytes()).to_bits(), (-wanted).to_bits(), "-{text}");
            }
            let random = format!(
                "{}.{}e{}",
                random(&mut state) >> 40,
                random(&mut state),
                (random(&mut state) % 700) as i64 - 360
            );
            assert_eq!(parse(random.as_bytes()), random.parse::<f64>().unwrap(), "{random}");
        }
        for text in
            ["0", "-0.0", "1e400", "-1e400", "1e-400", "1e-99999999999999999999", "17e99999999999999999999", "0e5"]
        {
            assert_eq!(parse(text.as_bytes()).to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
        }
    }

    /// What lies halfway to the next double.
    fn halfway(number: f64) -> String {
        let (significand, exponent) = parts(number);
        let mut half = Expansion::of_integer(2 * significand + 1);
        half.scale(exponent - 1);
        scientific(&half)
    }

    /// A text with further digits far behind its last one.
    fn beside(text: &str, digit: char) -> String {
        let (digits, exponent) = text.split_once('e').unwrap();
        let point = if digits.contains('.') { "" } else { "." };
        format!("{digits}{point}{}{digit}e{exponent}", "0".repeat(900))
    }

    #[test]
    fn short_texts_are_their_own_shortest_digits() {
        for text in
            ["0.1", "1.50", "123456789012345", "9.99999999999999e299", "0.000000123456789012345", "1e23", "8.41e21"]
        {
            let number: f64 = text.parse().unwrap();
            assert_eq!(shortest_of(text.as_bytes()), Some(shortest(number)), "{text}");
        }
        assert_eq!(shortest_of(b"1e400"), None);
        assert_eq!(shortest_of(b"-0.0"), Some(Expansion::default()));
    }
}
