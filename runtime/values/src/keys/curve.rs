//! The curves of ECDSA signatures (SEC 2), and whether a point lies on one. Keys are checked when they are read, also
//! by modules that hold no arithmetic of these curves; speed does not matter here.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::number::Natural;

/// A curve `y² = x³ - 3x + b` over a prime field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    /// NIST P-224, which no algorithm of tokens names, but whose keys verify them.
    P224,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
}

/// Why two coordinates are no point of a curve.
pub(crate) enum PointFault {
    /// They have not the curve's size.
    Length,
    /// One of them is not below the curve's prime.
    Coordinate,
    /// They are a point that lies elsewhere.
    Elsewhere,
}

/// The limbs of a number, lowest first, from its hexadecimal digits.
const fn limbs<const COUNT: usize>(digits: &str) -> [u32; COUNT] {
    let (digits, mut limbs, mut at) = (digits.as_bytes(), [0; COUNT], 0);
    while at < digits.len() {
        let digit = digits[digits.len() - 1 - at];
        let value = if digit >= b'a' { digit - b'a' + 10 } else { digit - b'0' };
        limbs[at / 8] |= (value as u32) << (at % 8 * 4);
        at += 1;
    }
    limbs
}

/// The primes, the constants `b` and the orders (SEC 2, section 2).
const P224: [[u32; 7]; 3] = [
    limbs("ffffffffffffffffffffffffffffffff000000000000000000000001"),
    limbs("b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4"),
    limbs("ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d"),
];
const P256: [[u32; 8]; 3] = [
    limbs("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
    limbs("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
    limbs("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
];
const P384: [[u32; 12]; 3] = [
    limbs("fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff"),
    limbs("b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef"),
    limbs("ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"),
];
const P521: [[u32; 17]; 3] = [
    limbs(
        "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
        fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ),
    limbs(
        "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1\
        56193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    ),
    limbs(
        "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
        a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    ),
];

impl Curve {
    /// The curve that a JSON Web Key names (`crv`): all but P-224.
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"P-256" => Some(Self::P256),
            b"P-384" => Some(Self::P384),
            b"P-521" => Some(Self::P521),
            _ => None,
        }
    }

    /// The name of the curve in a JSON Web Key.
    pub(crate) fn name(self) -> &'static [u8] {
        match self {
            Self::P224 => b"P-224",
            Self::P256 => b"P-256",
            Self::P384 => b"P-384",
            Self::P521 => b"P-521",
        }
    }

    /// The name of the curve in messages of Go.
    pub(super) fn go_name(self) -> &'static str {
        match self {
            Self::P224 => "P224",
            Self::P256 => "P256",
            Self::P384 => "P384",
            Self::P521 => "P521",
        }
    }

    /// The length of a coordinate in bytes.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::P224 => 28,
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// The prime, the constant `b` and the order.
    fn numbers(self) -> [Natural; 3] {
        let limbs = match self {
            Self::P224 => P224.map(Vec::from),
            Self::P256 => P256.map(Vec::from),
            Self::P384 => P384.map(Vec::from),
            Self::P521 => P521.map(Vec::from),
        };
        limbs.map(Natural::from_limbs)
    }

    /// Compares a private number, big-endian, with the order of the curve, below which it must be.
    pub(super) fn compare_order(self, number: &[u8]) -> Ordering {
        let [.., order] = self.numbers();
        natural(number).cmp(&order)
    }

    /// Checks that two coordinates, one behind the other, are a point of the curve.
    pub(super) fn check(self, point: &[u8]) -> Result<(), PointFault> {
        let [prime, constant, _] = self.numbers();
        let halves = point.split_at_checked(self.size()).filter(|(_, y)| y.len() == self.size());
        let (x, y) = halves.ok_or(PointFault::Length)?;
        let (x, y) = (natural(x), natural(y));
        if x >= prime || y >= prime {
            return Err(PointFault::Coordinate);
        }
        let rest = |number: &Natural| number.divide(&prime).1;
        // The term -3x stands on the other side: there are no negative numbers here.
        let left = y.multiply(&y).add(&x.multiply(&Natural::new(3)));
        let right = rest(&x.multiply(&x)).multiply(&x).add(&constant);
        if rest(&left) == rest(&right) { Ok(()) } else { Err(PointFault::Elsewhere) }
    }
}

/// The number of big-endian bytes.
pub(crate) fn natural(bytes: &[u8]) -> Natural {
    let limb = |bytes: &[u8]| bytes.iter().fold(0, |limb, byte| limb << 8 | u32::from(*byte));
    Natural::from_limbs(bytes.rchunks(4).map(limb).collect())
}
