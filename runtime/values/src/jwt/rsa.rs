//! RSA signatures: PKCS #1 v1.5 (RS256 and its kin) and PSS (PS256 and its kin), RFC 8017.

use alloc::vec::Vec;
use core::convert::Infallible;

use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BoxedUint, Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};

use super::hash::Hash;
use crate::keys::{Private, Public};

/// The lengths of a modulus in bits. Go takes nothing shorter. It takes longer ones: here the time of a call has an end.
const MODULUS_BITS: core::ops::RangeInclusive<usize> = 1024..=16384;

/// The largest public exponent that Go takes.
const MAX_EXPONENT: u64 = (1 << 31) - 1;

/// Whether a signature of PKCS #1 v1.5 is that of a message.
pub(crate) fn verify_pkcs1<H: Hash>(key: &Public, message: &[u8], signature: &[u8]) -> bool {
    let digest = H::digest(message);
    public(key).is_some_and(|key| key.verify(padding::<H>(), &digest, signature).is_ok())
}

/// Whether a PSS signature with a salt of any length is that of a message.
pub(crate) fn verify_pss<H: Hash>(key: &Public, message: &[u8], signature: &[u8]) -> bool {
    verify_salted::<H>(key, None, message, signature)
}

/// Whether a PSS signature with a salt as long as the hash is that of a message.
pub(crate) fn verify_pss_strictly<H: Hash>(key: &Public, message: &[u8], signature: &[u8]) -> bool {
    verify_salted::<H>(key, Some(H::LENGTH), message, signature)
}

fn verify_salted<H: Hash>(key: &Public, salt_length: Option<usize>, message: &[u8], signature: &[u8]) -> bool {
    let digest = H::digest(message);
    public(key).is_some_and(|key| H::verify_pss(key, salt_length, &digest, signature))
}

/// The signature of a message by PKCS #1 v1.5.
pub(super) fn sign_pkcs1<H: Hash>(key: (&Public, &Private), message: &[u8]) -> Option<Vec<u8>> {
    private(key)?.sign(padding::<H>(), &H::digest(message)).ok()
}

/// The PSS signature of a message. The salt, as long as the hash, comes from the private exponent and the message.
pub(super) fn sign_pss<H: Hash>(key: (&Public, &Private), message: &[u8]) -> Option<Vec<u8>> {
    let Private::Rsa { exponent, .. } = key.1 else { return None };
    H::sign_pss(&private(key)?, H::authenticate(exponent, message), &H::digest(message))
}

fn padding<H: Hash>() -> Pkcs1v15Sign {
    Pkcs1v15Sign { hash_len: Some(H::LENGTH), prefix: H::PKCS1_PREFIX.into() }
}

fn public(key: &Public) -> Option<RsaPublicKey> {
    let Public::Rsa { modulus, exponent } = key else { return None };
    if *exponent > MAX_EXPONENT || !is_fit(modulus) {
        return None;
    }
    let exponent = BoxedUint::from(*exponent);
    RsaPublicKey::new_with_size_limits(BoxedUint::from_be_slice_vartime(modulus), exponent, MODULUS_BITS).ok()
}

/// Whether a number is short enough for a modulus.
fn is_fit(number: &[u8]) -> bool {
    number.len() <= MODULUS_BITS.end() / 8
}

fn private((public_key, private): (&Public, &Private)) -> Option<RsaPrivateKey> {
    let Private::Rsa { exponent, primes, remainders } = private else { return None };
    let public = public(public_key)?;
    let is_prime_fit = |prime: &Vec<u8>| is_fit(prime) && prime.last().is_some_and(|last| last % 2 == 1);
    if !is_fit(exponent) || !primes.iter().all(is_prime_fit) {
        return None;
    }
    let primes = primes.iter().map(|prime| BoxedUint::from_be_slice_vartime(prime)).collect();
    let exponent = BoxedUint::from_be_slice_vartime(exponent);
    if exponent.bits_vartime() <= public.n().bits_vartime() / 2 {
        return None;
    }
    let key = RsaPrivateKey::from_components(public.n().as_ref().clone(), public.e().clone(), exponent, primes).ok()?;
    let is_consistent = remainders.as_ref().is_none_or(|remainders| has_remainders(&key, remainders));
    is_consistent.then_some(key)
}

/// Whether a key has these numbers for the remainder theorem: the exponent modulo each prime less one, the inverse of the second prime.
fn has_remainders(key: &RsaPrivateKey, remainders: &[Vec<u8>; 3]) -> bool {
    let is = |number: &BoxedUint, bytes: &[u8]| is_fit(bytes) && BoxedUint::from_be_slice_vartime(bytes) == *number;
    let [first, second, inverse] = remainders;
    key.dp().is_some_and(|number| is(number, first))
        && key.dq().is_some_and(|number| is(number, second))
        && key.crt_coefficient().is_some_and(|number| is(&number, inverse))
}

/// A salt in the guise of a source of randomness: the padding takes it as it is.
pub(super) struct Salt(pub(super) Vec<u8>);

impl TryRng for Salt {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for (byte, salt) in bytes.iter_mut().zip(self.0.iter().cycle()) {
            *byte = *salt;
        }
        Ok(())
    }
}

impl TryCryptoRng for Salt {}
