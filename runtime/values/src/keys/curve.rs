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

/// The primes, the constants `b` and the orders, lowest limb first.
const P224: [[u32; 7]; 3] = [
    [1, 0, 0, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff],
    [0x2355_ffb4, 0x270b_3943, 0xd7bf_d8ba, 0x5044_b0b7, 0xf541_3256, 0x0c04_b3ab, 0xb405_0a85],
    [0x5c5c_2a3d, 0x13dd_2945, 0xe0b8_f03e, 0xffff_16a2, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff],
];
const P256: [[u32; 8]; 3] = [
    [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0, 0, 0, 1, 0xffff_ffff],
    [0x27d2_604b, 0x3bce_3c3e, 0xcc53_b0f6, 0x651d_06b0, 0x7698_86bc, 0xb3eb_bd55, 0xaa3a_93e7, 0x5ac6_35d8],
    [0xfc63_2551, 0xf3b9_cac2, 0xa717_9e84, 0xbce6_faad, 0xffff_ffff, 0xffff_ffff, 0, 0xffff_ffff],
];
const P384: [[u32; 12]; 3] = [
    [
        0xffff_ffff,
        0,
        0,
        0xffff_ffff,
        0xffff_fffe,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
    ],
    [
        0xd3ec_2aef,
        0x2a85_c8ed,
        0x8a2e_d19d,
        0xc656_398d,
        0x5013_875a,
        0x0314_088f,
        0xfe81_4112,
        0x181d_9c6e,
        0xe3f8_2d19,
        0x988e_056b,
        0xe23e_e7e4,
        0xb331_2fa7,
    ],
    [
        0xccc5_2973,
        0xecec_196a,
        0x48b0_a77a,
        0x581a_0db2,
        0xf437_2ddf,
        0xc763_4d81,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
    ],
];
const P521: [[u32; 17]; 3] = [
    [
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0x1ff,
    ],
    [
        0x6b50_3f00,
        0xef45_1fd4,
        0x3d2c_34f1,
        0x3573_df88,
        0x3bb1_bf07,
        0x1652_c0bd,
        0xec7e_937b,
        0x5619_3951,
        0x8ef1_09e1,
        0xb8b4_8991,
        0x99b3_15f3,
        0xa2da_725b,
        0xb685_40ee,
        0x929a_21a0,
        0x8e1c_9a1f,
        0x953e_b961,
        0x51,
    ],
    [
        0x9138_6409,
        0xbb6f_b71e,
        0x899c_47ae,
        0x3bb5_c9b8,
        0xf709_a5d0,
        0x7fcc_0148,
        0xbf2f_966b,
        0x5186_8783,
        0xffff_fffa,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0x1ff,
    ],
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

    /// Whether two coordinates, one behind the other and each of the curve's size, are a point of the curve.
    pub(crate) fn contains(self, point: &[u8]) -> bool {
        self.check(point).is_ok()
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
