//! Private keys in DER: PKCS #1 (RFC 8017), PKCS #8 (RFC 5208) and SEC 1 (RFC 5915), as Go's `crypto/x509` reads and checks them.
//! RSA keys of more than two primes are refused.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::asn1::{Asn1, Elements, Field};
use super::der::magnitude;
use super::public::{Algorithm, ED25519, ELLIPTIC, RSA, X25519, curve};
use super::rsa::{self, Numbers};
use super::{Curve, Fault, Private, Public, oid};

/// The numbers of a private key.
pub(crate) enum PrivateKey {
    /// An RSA key, both parts, with all numbers.
    Rsa(Public, Box<Private>),
    /// The private number of a curve, as long as the curve's size says.
    Elliptic(Curve, Vec<u8>),
    /// The seed of Ed25519.
    Edwards([u8; 32]),
    /// The private number of X25519, with which secrets are exchanged and nothing is signed.
    Exchange([u8; 32]),
}

/// The key of a PEM block, by the words after its `BEGIN`. None where a block of another kind is skipped.
pub(crate) fn of_block(label: &[u8], der: &[u8]) -> Option<Result<PrivateKey, Fault>> {
    match label {
        b"RSA PRIVATE KEY" => Some(pkcs1(der)),
        b"EC PRIVATE KEY" => Some(sec1(der, None)),
        b"PRIVATE KEY" => Some(pkcs8(der)),
        _ => None,
    }
}

/// A function that reads DER of one form.
type Form = fn(&[u8]) -> Result<PrivateKey, Fault>;

/// The keys as which DER can be read, in the order in which Go's `crypto/tls` tries the forms.
pub(crate) fn in_any_form(der: &[u8]) -> impl Iterator<Item = PrivateKey> {
    let forms: [Form; 3] = [pkcs1, pkcs8, |der| sec1(der, None)];
    forms.into_iter().filter_map(|read| read(der).ok())
}

/// The parts of a PKCS #8 wrapping.
struct Wrapped<'a> {
    algorithm: Algorithm<'a>,
    key: &'a [u8],
}

impl<'a> Wrapped<'a> {
    fn read(der: &'a [u8]) -> Result<Self, Fault> {
        let mut parts = Asn1::new(der).structure(Field::new("pkcs8"))?;
        parts.integer(Field::new(""))?;
        Ok(Self { algorithm: parts.algorithm(Field::new(""))?, key: parts.bytes()? })
    }
}

/// The parts of a SEC 1 key.
struct Elliptic<'a> {
    version: i64,
    number: &'a [u8],
    curve: Option<&'a [u8]>,
}

impl<'a> Elliptic<'a> {
    fn read(der: &'a [u8]) -> Result<Self, Fault> {
        let mut parts = Asn1::new(der).structure(Field::new("ecPrivateKey"))?;
        let (version, number) = (parts.integer(Field::new(""))?, parts.bytes()?);
        let curve = parts.optional_identifier(0)?;
        // The public point is not used, but must be bits.
        parts.optional_bits(1)?;
        Ok(Self { version, number, curve })
    }
}

/// The parts of a PKCS #1 key.
struct Rsa<'a> {
    version: i64,
    public_exponent: i64,
    /// Modulus, exponent, and the first two primes.
    numbers: [&'a [u8]; 4],
    remainders: [Option<&'a [u8]>; 3],
    other_primes: Vec<&'a [u8]>,
    is_followed: bool,
}

impl<'a> Rsa<'a> {
    fn read(der: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = Asn1::new(der);
        let mut parts = reader.structure(Field::new("pkcs1PrivateKey"))?;
        let version = parts.integer(Field::new(""))?;
        let modulus = parts.long_integer()?;
        let public_exponent = parts.integer(Field::new(""))?;
        let numbers = [modulus, parts.long_integer()?, parts.long_integer()?, parts.long_integer()?];
        let mut next = || parts.optional_long_integer();
        let remainders = [next()?, next()?, next()?];
        let mut other_primes = Vec::new();
        if let Some(list) = parts.optional_list()? {
            for element in Asn1::new(list.whole).list(Field::new(""), Elements::Sequences)? {
                let mut parts = element.parts();
                other_primes.push(parts.long_integer()?);
                // The rest is computed from the primes.
                parts.long_integer().and_then(|_| parts.long_integer())?;
            }
        }
        Ok(Self { version, public_exponent, numbers, remainders, other_primes, is_followed: !reader.is_empty() })
    }
}

/// What a key is instead, in the messages of who wanted another.
const NOT_PKCS1: &str = "x509: failed to parse private key (use ParsePKCS1PrivateKey instead for this key format)";
const NOT_PKCS8: &str = "x509: failed to parse private key (use ParsePKCS8PrivateKey instead for this key format)";
const NOT_SEC1: &str = "x509: failed to parse private key (use ParseECPrivateKey instead for this key format)";

fn pkcs8(der: &[u8]) -> Result<PrivateKey, Fault> {
    let parts = match Wrapped::read(der) {
        Ok(parts) => parts,
        Err(_) if Elliptic::read(der).is_ok() => return Err(NOT_SEC1.into()),
        Err(_) if Rsa::read(der).is_ok() => return Err(NOT_PKCS1.into()),
        Err(fault) => return Err(fault),
    };
    let Algorithm { name, parameters } = parts.algorithm;
    match name {
        RSA => pkcs1(parts.key)
            .map_err(|fault| format!("x509: failed to parse RSA private key embedded in PKCS#8: {fault}").into()),
        ELLIPTIC => sec1(parts.key, Asn1::new(parameters).identifier().ok())
            .map_err(|fault| format!("x509: failed to parse EC private key embedded in PKCS#8: {fault}").into()),
        ED25519 if !parameters.is_empty() => Err("x509: invalid Ed25519 private key parameters".into()),
        ED25519 => {
            let seed = octets("Ed25519", parts.key)?;
            let length = |_| format!("x509: invalid Ed25519 private key length: {}", seed.len());
            Ok(PrivateKey::Edwards(seed.try_into().map_err(length)?))
        }
        X25519 if !parameters.is_empty() => Err("x509: invalid X25519 private key parameters".into()),
        X25519 => {
            let number = octets("X25519", parts.key)?.try_into();
            Ok(PrivateKey::Exchange(number.map_err(|_| "crypto/ecdh: invalid private key size")?))
        }
        _ => {
            let components: Vec<String> = oid::components(name).iter().map(ToString::to_string).collect();
            let name = components.join(".");
            Err(format!("x509: PKCS#8 wrapping contained private key with unknown algorithm: {name}").into())
        }
    }
}

/// The bytes of a key of a curve that is named by its algorithm.
fn octets<'a>(name: &str, key: &'a [u8]) -> Result<&'a [u8], Fault> {
    Asn1::new(key).bytes().map_err(|fault| format!("x509: invalid {name} private key: {fault}").into())
}

/// A key of two primes.
fn pkcs1(der: &[u8]) -> Result<PrivateKey, Fault> {
    let parts = match Rsa::read(der) {
        Ok(parts) if parts.is_followed => return Err("asn1: syntax error: trailing data".into()),
        Ok(parts) => parts,
        Err(_) if Elliptic::read(der).is_ok() => return Err(NOT_SEC1.into()),
        Err(_) if Wrapped::read(der).is_ok() => return Err(NOT_PKCS8.into()),
        Err(fault) => return Err(fault),
    };
    if parts.version > 1 {
        return Err("x509: unsupported private key version".into());
    }
    let is_positive = |number: &&[u8]| magnitude(number).is_some();
    if !parts.numbers.iter().chain(parts.remainders.iter().flatten()).all(is_positive) {
        return Err("x509: private key contains zero or negative value".into());
    }
    if !parts.other_primes.iter().all(is_positive) {
        return Err("x509: private key contains zero or negative prime".into());
    }
    if !parts.other_primes.is_empty() {
        return Err("x509: RSA keys of more than two primes are not supported".into());
    }
    let [modulus, exponent, p, q] = parts.numbers.map(|number| magnitude(number).unwrap_or_default());
    let remainders = match parts.remainders.map(|number| number.and_then(magnitude)) {
        [Some(dp), Some(dq), Some(inverse)] => Some([dp, dq, inverse]),
        _ => None,
    };
    let public_exponent = parts.public_exponent;
    let numbers = Numbers { modulus, public_exponent, exponent, primes: [p, q], remainders };
    let remainders = Some(rsa::check(&numbers)?);
    let private = Private::Rsa { exponent: exponent.into(), primes: [p.into(), q.into()], remainders };
    let public = Public::Rsa { modulus: modulus.into(), exponent: public_exponent.unsigned_abs() };
    Ok(PrivateKey::Rsa(public, Box::new(private)))
}

/// A key of a curve, which the parameters around it name or else the key itself.
fn sec1(der: &[u8], named: Option<&[u8]>) -> Result<PrivateKey, Fault> {
    let parts = match Elliptic::read(der) {
        Ok(parts) => parts,
        Err(_) if Wrapped::read(der).is_ok() => return Err(NOT_PKCS8.into()),
        Err(_) if Rsa::read(der).is_ok() => return Err(NOT_PKCS1.into()),
        Err(fault) => return Err(format!("x509: failed to parse EC private key: {fault}").into()),
    };
    if parts.version != 1 {
        return Err(format!("x509: unknown EC private key version {}", parts.version).into());
    }
    let curve = named.or(parts.curve).and_then(curve).ok_or("x509: unknown elliptic curve")?;
    // Leading zeros may be too many or too few.
    let start = parts.number.len().saturating_sub(curve.size());
    let (zeros, number) = parts.number.split_at(start);
    if zeros.iter().any(|byte| *byte != 0) {
        return Err("x509: invalid private key length".into());
    }
    let mut padded = alloc::vec![0; curve.size() - number.len()];
    padded.extend_from_slice(number);
    match curve.compare_order(&padded) {
        Ordering::Less if padded.iter().any(|byte| *byte != 0) => Ok(PrivateKey::Elliptic(curve, padded)),
        Ordering::Greater => Err("input overflows the modulus".into()),
        _ => Err("ecdsa: invalid public key encoding".into()),
    }
}
