//! Whether the numbers of an RSA private key belong together, as Go's `crypto/rsa` checks it when it reads one: that the primes are primes
//! is not looked at. Numbers are as long as their keys; nothing here hides them from who measures time.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::natural;
use crate::number::Natural;

/// The longest modulus in bytes: what is longer would take seconds.
const MAX_MODULUS: usize = 1 << 13;

/// The longest modulus in bytes of a key whose numbers for the remainder theorem must be computed.
const MAX_COMPUTED_MODULUS: usize = 1 << 9;

/// The numbers of a private key, big-endian, all above zero.
pub(super) struct Numbers<'a> {
    pub(super) modulus: &'a [u8],
    pub(super) public_exponent: i64,
    pub(super) exponent: &'a [u8],
    pub(super) primes: [&'a [u8]; 2],
    /// The exponent modulo each prime less one, and the inverse of the second prime.
    pub(super) remainders: Option<[&'a [u8]; 3]>,
}

/// Checks the numbers. Returns those for the remainder theorem, given or computed, without leading zeros.
pub(super) fn check(numbers: &Numbers<'_>) -> Result<[Vec<u8>; 3], &'static str> {
    let [first, second] = numbers.primes;
    let is_long = |bytes: &&[u8]| bytes.len() > MAX_MODULUS;
    if [numbers.modulus, first, second].iter().any(is_long) {
        return Err("x509: RSA private key is too long");
    }
    let (n, p, q) = (natural(numbers.modulus), natural(first), natural(second));
    if [&n, &p, &q].into_iter().any(|number| number.bits() < 2) {
        return Err("modulus must be > 1");
    }
    let d = below(numbers.exponent, &n)?;
    let [dp, dq, inverse] = match numbers.remainders {
        Some([dp, dq, inverse]) => [natural(dp), natural(dq), below(inverse, &p)?],
        None if numbers.modulus.len() > MAX_COMPUTED_MODULUS => return Err("x509: RSA private key is too long"),
        None => compute(&d, &p, &q)?,
    };
    let e = check_public(&n, numbers.public_exponent)?;
    if p >= n || q >= n {
        return Err("crypto/rsa: invalid prime");
    }
    if !p.multiply(&q).divide(&n).1.is_zero() {
        return Err("crypto/rsa: p * q != n");
    }
    let one = Natural::new(1);
    let (p_less, q_less) = (p.subtract(&one), q.subtract(&one));
    for (less, remainder) in [(&p_less, &dp), (&q_less, &dq)] {
        if *less <= one {
            return Err("crypto/rsa: invalid prime");
        }
        if remainder >= less || remainder.multiply(&e).divide(less).1 != one {
            return Err("crypto/rsa: invalid CRT exponent");
        }
    }
    if q.multiply(&inverse).divide(&p).1 != one {
        return Err("crypto/rsa: invalid CRT coefficient");
    }
    if d.divide(&p_less).1 != dp {
        return Err("crypto/rsa: d does not match dP");
    }
    if d.divide(&q_less).1 != dq {
        return Err("crypto/rsa: d does not match dQ");
    }
    let distance = match p.cmp(&q) {
        Ordering::Equal => return Err("crypto/rsa: p == q"),
        Ordering::Less => q.subtract(&p),
        Ordering::Greater => p.subtract(&q),
    };
    let half = n.bits() / 2;
    if distance.bits() + 100 <= half {
        return Err("crypto/rsa: |p - q| too small");
    }
    if d.bits() <= half {
        return Err("crypto/rsa: d too small");
    }
    Ok([bytes(&dp), bytes(&dq), bytes(&inverse)])
}

/// The public exponent, checked with the modulus.
fn check_public(n: &Natural, e: i64) -> Result<Natural, &'static str> {
    const MAX: i64 = (1 << 31) - 1;
    match e {
        _ if !n.bit(0) => Err("crypto/rsa: public modulus is even"),
        ..2 => Err("crypto/rsa: public exponent too small or negative"),
        _ if e % 2 == 0 => Err("crypto/rsa: public exponent is even"),
        2..=MAX => Ok(Natural::new(e.unsigned_abs())),
        _ => Err("crypto/rsa: public exponent too large"),
    }
}

/// The number of bytes, if it is below a modulus; else Go's words, which depend on how many of its words it takes.
fn below(bytes: &[u8], modulus: &Natural) -> Result<Natural, &'static str> {
    const OVERFLOW: &str = "input overflows the modulus size";
    if bytes.len() > MAX_MODULUS {
        return Err(OVERFLOW);
    }
    let number = natural(bytes);
    match number.bits() > modulus.bits().next_multiple_of(64) {
        true => Err(OVERFLOW),
        false if number >= *modulus => Err("input overflows the modulus"),
        false => Ok(number),
    }
}

/// The numbers for the remainder theorem. The inverse is right if the first prime is one.
fn compute(d: &Natural, p: &Natural, q: &Natural) -> Result<[Natural; 3], &'static str> {
    let one = Natural::new(1);
    let (p_less, q_less) = (p.subtract(&one), q.subtract(&one));
    if p_less <= one || q_less <= one {
        return Err("modulus must be > 1");
    }
    if !p.bit(0) {
        return Err("crypto/rsa: p is even");
    }
    let exponent = p_less.subtract(&one);
    let rest = |number: &Natural| number.divide(p).1;
    let base = rest(q);
    let mut inverse = one;
    for bit in (0..exponent.bits()).rev() {
        inverse = rest(&inverse.multiply(&inverse));
        if exponent.bit(bit) {
            inverse = rest(&inverse.multiply(&base));
        }
    }
    Ok([d.divide(&p_less).1, d.divide(&q_less).1, inverse])
}

/// The big-endian bytes of a number, without leading zeros.
fn bytes(number: &Natural) -> Vec<u8> {
    let bytes = (0..number.limbs()).rev().flat_map(|index| number.limb(index).to_be_bytes());
    bytes.skip_while(|byte| *byte == 0).collect()
}
