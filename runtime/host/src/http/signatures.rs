//! Signatures that Go's TLS takes and ring does not: keys of RSA from 1,024 bits, the curve P-521, SHA-512 with smaller curves. They are the value
//! library's, which has them for certificates and tokens; ring is asked first where it may know.

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring};
use rustls::pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use webpki::ring as by_ring;

/// An algorithm as Go has it.
#[derive(Debug)]
struct Wide {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    /// Who is asked first, and for keys that are not short alone.
    first: Option<&'static dyn SignatureVerificationAlgorithm>,
}

/// How long the key of RSA is at least, in DER and in bytes, that ring takes: one of 2,048 bits.
const USUAL_KEY: usize = 265;

impl SignatureVerificationAlgorithm for Wide {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        if let Some(first) = self.first.filter(|_| key.len() >= USUAL_KEY) {
            return first.verify_signature(key, message, signature);
        }
        let (own, other) = (self.key.as_ref(), self.signature.as_ref());
        let verified = regoc_values::verify_signature(own, key, other, message, signature);
        if verified { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

const fn elliptic(key: AlgorithmIdentifier, signature: AlgorithmIdentifier) -> Wide {
    Wide { key, signature, first: None }
}

const fn rsa(signature: AlgorithmIdentifier, first: Algorithm) -> Wide {
    Wide { key: alg_id::RSA_ENCRYPTION, signature, first: Some(first) }
}

const P521_SHA512: Algorithm = &elliptic(alg_id::ECDSA_P521, alg_id::ECDSA_SHA512);
const P521_SHA384: Algorithm = &elliptic(alg_id::ECDSA_P521, alg_id::ECDSA_SHA384);
const P521_SHA256: Algorithm = &elliptic(alg_id::ECDSA_P521, alg_id::ECDSA_SHA256);
const P384_SHA512: Algorithm = &elliptic(alg_id::ECDSA_P384, alg_id::ECDSA_SHA512);
const P256_SHA512: Algorithm = &elliptic(alg_id::ECDSA_P256, alg_id::ECDSA_SHA512);
const PKCS1_SHA256: Algorithm = &rsa(alg_id::RSA_PKCS1_SHA256, by_ring::RSA_PKCS1_2048_8192_SHA256);
const PKCS1_SHA384: Algorithm = &rsa(alg_id::RSA_PKCS1_SHA384, by_ring::RSA_PKCS1_2048_8192_SHA384);
const PKCS1_SHA512: Algorithm = &rsa(alg_id::RSA_PKCS1_SHA512, by_ring::RSA_PKCS1_2048_8192_SHA512);
const PSS_SHA256: Algorithm = &rsa(alg_id::RSA_PSS_SHA256, by_ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY);
const PSS_SHA384: Algorithm = &rsa(alg_id::RSA_PSS_SHA384, by_ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY);
const PSS_SHA512: Algorithm = &rsa(alg_id::RSA_PSS_SHA512, by_ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY);

static ALGORITHMS: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[
        by_ring::ECDSA_P256_SHA256,
        by_ring::ECDSA_P256_SHA384,
        P256_SHA512,
        by_ring::ECDSA_P384_SHA256,
        by_ring::ECDSA_P384_SHA384,
        P384_SHA512,
        P521_SHA256,
        P521_SHA384,
        P521_SHA512,
        by_ring::ED25519,
        PSS_SHA256,
        PSS_SHA384,
        PSS_SHA512,
        PKCS1_SHA256,
        PKCS1_SHA384,
        PKCS1_SHA512,
        by_ring::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
        by_ring::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
        by_ring::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    ],
    // TLS 1.3 takes the first of each scheme only, TLS 1.2 any of them.
    mapping: &[
        (
            SignatureScheme::ECDSA_NISTP384_SHA384,
            &[by_ring::ECDSA_P384_SHA384, by_ring::ECDSA_P256_SHA384, P521_SHA384],
        ),
        (
            SignatureScheme::ECDSA_NISTP256_SHA256,
            &[by_ring::ECDSA_P256_SHA256, by_ring::ECDSA_P384_SHA256, P521_SHA256],
        ),
        (SignatureScheme::ECDSA_NISTP521_SHA512, &[P521_SHA512, P384_SHA512, P256_SHA512]),
        (SignatureScheme::ED25519, &[by_ring::ED25519]),
        (SignatureScheme::RSA_PSS_SHA256, &[PSS_SHA256]),
        (SignatureScheme::RSA_PSS_SHA384, &[PSS_SHA384]),
        (SignatureScheme::RSA_PSS_SHA512, &[PSS_SHA512]),
        (SignatureScheme::RSA_PKCS1_SHA256, &[PKCS1_SHA256]),
        (SignatureScheme::RSA_PKCS1_SHA384, &[PKCS1_SHA384]),
        (SignatureScheme::RSA_PKCS1_SHA512, &[PKCS1_SHA512]),
    ],
};

/// Verifies a signature of TLS with the key of a certificate of which nothing else is looked at.
///
/// # Errors
///
/// When it is not one of that key, or the certificate cannot be read.
pub(super) fn verify_by_key(
    message: &[u8],
    certificate: &[u8],
    signature: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let (kind, key) = key_of(certificate).ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))?;
    let known = algorithms.mapping.iter().filter(|(scheme, _)| *scheme == signature.scheme);
    let mut known =
        known.flat_map(|(_, algorithms)| *algorithms).filter(|known| known.public_key_alg_id().as_ref() == kind);
    if known.any(|algorithm| algorithm.verify_signature(key, message, signature.signature()).is_ok()) {
        Ok(HandshakeSignatureValid::assertion())
    } else {
        Err(Error::InvalidCertificate(CertificateError::BadSignature))
    }
}

/// The algorithm of a certificate's key and the key, both in DER without the header around them (RFC 5280, section 4.1).
fn key_of(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    const VERSION: u8 = 0xa0;
    let (_, inside, _) = element(certificate)?;
    let (_, mut fields, _) = element(inside)?;
    if fields.first() == Some(&VERSION) {
        fields = element(fields)?.2;
    }
    // The serial number, the algorithm of the signature, the issuer, the time, the subject.
    for _ in 0..5 {
        fields = element(fields)?.2;
    }
    let (_, information, _) = element(fields)?;
    let (_, kind, rest) = element(information)?;
    let (_, bits, _) = element(rest)?;
    // Behind the number of bits that do not count, which is zero for keys.
    Some((kind, bits.get(1..)?))
}

/// The tag and the contents of the first element in DER, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let count = usize::from(first & 0x7f);
    let (length, rest) = if *first < 0x80 {
        (count, rest)
    } else {
        let (digits, rest) = rest.split_at_checked(count).filter(|_| count <= 3)?;
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((*tag, contents, rest))
}

/// The cryptography of TLS: ring's, with more signatures.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider { signature_verification_algorithms: ALGORITHMS, ..ring::default_provider() }
}
