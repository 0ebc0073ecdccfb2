//! Certificates as values: what Go's `encoding/json` makes of the structures of `crypto/x509`. Bytes are base64, absent lists `null`.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use data_encoding::BASE64;

use super::certificate::{Certificate, Extension};
use super::name::{AttributeValue, Name};
use super::signature;
use super::subtrees::Subtrees;
use super::time::Time;
use crate::keys::der::magnitude;
use crate::keys::{Fault, oid};
use crate::keys::{Public, natural, public};
use crate::uri::Uri;
use crate::{Array, Object, Value, utf8};

/// A certificate as Go marshals it; with the texts of its URIs where OPA adds them.
pub(crate) fn certificate(certificate: &Certificate<'_>, with_uri_texts: bool) -> Result<Value, Fault> {
    let object = Object::new(64);
    let add = |name: &str, value: Value| object.insert(Value::string(name.as_bytes()), value);
    add("Raw", bytes(certificate.raw));
    add("RawTBSCertificate", bytes(certificate.body));
    add("RawSubjectPublicKeyInfo", bytes(certificate.key_info));
    add("RawSubject", bytes(certificate.raw_subject));
    add("RawIssuer", bytes(certificate.raw_issuer));
    add("Signature", bytes(&certificate.signature));
    add("SignatureAlgorithm", Value::integer(signature::Algorithm::new(certificate.algorithm) as i64));
    add("PublicKeyAlgorithm", key_algorithm(certificate.key_algorithm));
    add("PublicKey", certificate.key.as_ref().map_or(Ok(Value::NULL), public_key)?);
    add("Version", Value::integer(certificate.version));
    add("SerialNumber", number(magnitude(certificate.serial).unwrap_or_default())?);
    add("Issuer", name(&certificate.issuer));
    add("Subject", name(&certificate.subject));
    let time = |time: Time| time.text().ok_or_else(|| ["ast: interface conversion: ", ZONE].concat());
    add("NotBefore", Value::string(&time(certificate.not_before)?));
    add("NotAfter", Value::string(&time(certificate.not_after)?));
    add("Extensions", list(&certificate.extensions, extension));
    add("ExtraExtensions", Value::NULL);
    details(certificate, &add);
    policies(certificate, &add)?;
    if with_uri_texts {
        let texts = |uri: &Uri| json_text(&uri.text());
        add("URIStrings", list(&certificate.details.names.uris, texts));
    }
    Ok(object.into())
}

/// Go's message for a time with an offset of a day.
pub(super) const ZONE: &str =
    "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: timezone hour outside of range [0,23]";

/// What the extensions of a certificate say, policies aside.
fn details(certificate: &Certificate<'_>, add: &impl Fn(&str, Value)) {
    let details = &certificate.details;
    add("KeyUsage", Value::integer(details.key_usage));
    add("UnhandledCriticalExtensions", list(&details.unhandled, |id| identifier(id)));
    add("ExtKeyUsage", list(&details.extended_usages, |usage| Value::integer(*usage)));
    add("UnknownExtKeyUsage", list(&details.unknown_usages, |id| identifier(id)));
    add("BasicConstraintsValid", Value::boolean(details.is_authority.is_some()));
    add("IsCA", Value::boolean(details.is_authority == Some(true)));
    add("MaxPathLen", Value::integer(details.max_path));
    add("MaxPathLenZero", Value::boolean(details.is_authority.is_some() && details.max_path == 0));
    add("SubjectKeyId", details.subject_key.map_or(Value::NULL, bytes));
    add("AuthorityKeyId", details.authority_key.map_or(Value::NULL, bytes));
    add("OCSPServer", texts(&details.ocsp));
    add("IssuingCertificateURL", texts(&details.issuers));
    let names = &details.names;
    add("DNSNames", texts(&names.domains));
    add("EmailAddresses", texts(&names.emails));
    add("IPAddresses", list(&names.addresses, |bytes| address(bytes)));
    add("URIs", list(&names.uris, uri));
    add("PermittedDNSDomainsCritical", Value::boolean(details.has_critical_constraints));
    subtrees("Permitted", &details.permitted, add);
    subtrees("Excluded", &details.excluded, add);
    add("CRLDistributionPoints", texts(&details.revocations));
}

fn subtrees(prefix: &str, subtrees: &Subtrees<'_>, add: &impl Fn(&str, Value)) {
    let add = |name: &str, value| add(&[prefix, name].concat(), value);
    let network = |(ip, mask): &(&[u8], &[u8])| object([("IP", address(ip)), ("Mask", bytes(mask))]);
    add("DNSDomains", texts(&subtrees.domains));
    add("IPRanges", list(&subtrees.networks, network));
    add("EmailAddresses", texts(&subtrees.emails));
    add("URIDomains", texts(&subtrees.uris));
}

fn policies(certificate: &Certificate<'_>, add: &impl Fn(&str, Value)) -> Result<(), Fault> {
    let details = &certificate.details;
    let policies = details.policies.as_deref();
    let small = policies.map(|policies| policies.iter().filter(|id| oid::is_small(id)).map(|id| identifier(id)));
    add("PolicyIdentifiers", small.map_or(Value::NULL, |small| small.collect::<Array>().into()));
    let texts: Vec<Value> = policies.unwrap_or_default().iter().map(|id| dotted(id)).collect::<Result<_, _>>()?;
    add("Policies", list(&texts, |text| *text));
    let limits = [
        ("InhibitAnyPolicy", details.inhibit_any),
        ("InhibitPolicyMapping", details.inhibit_mapping),
        ("RequireExplicitPolicy", details.explicit_policy),
    ];
    for (name, limit) in limits {
        add(name, Value::integer(limit.unwrap_or(0)));
        add(&[name, "Zero"].concat(), Value::boolean(limit == Some(0)));
    }
    let mapping = |[issuer, subject]: &[&[u8]; 2]| {
        Ok(object([("IssuerDomainPolicy", dotted(issuer)?), ("SubjectDomainPolicy", dotted(subject)?)]))
    };
    let mappings: Vec<Value> = details.mappings.iter().map(mapping).collect::<Result<_, Fault>>()?;
    add("PolicyMappings", list(&mappings, |mapping| *mapping));
    Ok(())
}

/// A key as Go marshals it.
pub(crate) fn public_key(key: &Public) -> Result<Value, Fault> {
    Ok(match key {
        Public::Rsa { modulus, exponent } => {
            let exponent = i64::try_from(*exponent).unwrap_or(i64::MAX);
            object([("E", Value::integer(exponent)), ("N", number(modulus)?)])
        }
        Public::Elliptic { curve, point } => {
            let (x, y) = point.split_at_checked(curve.size()).unwrap_or_default();
            object([("Curve", Object::new(0).into()), ("X", number(x)?), ("Y", number(y)?)])
        }
        Public::Edwards(key) => bytes(key),
        Public::Dsa([p, q, g, y]) => {
            object([("P", number(p)?), ("Q", number(q)?), ("G", number(g)?), ("Y", number(y)?)])
        }
        Public::Symmetric(_) | Public::Other => Value::NULL,
    })
}

/// Go's number of a key's algorithm, by the contents of its identifier.
pub(super) fn key_algorithm(id: &[u8]) -> Value {
    Value::integer(match id {
        public::RSA => 1,
        public::DSA => 2,
        public::ELLIPTIC => 3,
        public::ED25519 => 4,
        _ => 0,
    })
}

/// The longest number that is printed, in bytes: what prints many that are longer takes seconds.
const MAX_NUMBER: usize = 1 << 13;

/// A number of big-endian bytes.
fn number(bytes: &[u8]) -> Result<Value, Fault> {
    if bytes.len() > MAX_NUMBER {
        return Err("number too big".into());
    }
    let digits = natural(bytes).digits();
    Ok(if digits.is_empty() { Value::integer(0) } else { Value::number(&digits) })
}

/// A name: all its attributes, and those of well-known kinds by kind.
pub(super) fn name(attributes: &Name<'_>) -> Value {
    const LISTS: [(&str, u8); 7] = [
        ("Country", 6),
        ("Organization", 10),
        ("OrganizationalUnit", 11),
        ("Locality", 7),
        ("Province", 8),
        ("StreetAddress", 9),
        ("PostalCode", 17),
    ];
    let of_kind = |number: u8| {
        attributes.iter().filter_map(move |attribute| match &attribute.value {
            AttributeValue::Text(text) if attribute.kind == [0x55, 4, number] => Some(Value::string(text)),
            _ => None,
        })
    };
    let object = Object::new(11);
    let add = |name: &str, value: Value| object.insert(Value::string(name.as_bytes()), value);
    for (name, number) in LISTS {
        let values: Vec<Value> = of_kind(number).collect();
        add(name, list(&values, |value| *value));
    }
    for (name, number) in [("SerialNumber", 5), ("CommonName", 3)] {
        add(name, of_kind(number).next_back().unwrap_or_else(|| Value::string(b"")));
    }
    add(
        "Names",
        list(attributes, |attribute| {
            let value = match &attribute.value {
                AttributeValue::Text(text) => Value::string(text),
                AttributeValue::Other(value) => *value,
            };
            self::object([("Type", identifier(attribute.kind)), ("Value", value)])
        }),
    );
    add("ExtraNames", Value::NULL);
    object.into()
}

pub(super) fn extension(extension: &Extension<'_>) -> Value {
    object([
        ("Id", identifier(extension.id)),
        ("Critical", Value::boolean(extension.is_critical)),
        ("Value", bytes(extension.value)),
    ])
}

/// An address of 4 or 16 bytes.
pub(super) fn address(bytes: &[u8]) -> Value {
    let address = match <[u8; 4]>::try_from(bytes) {
        Ok(bytes) => IpAddr::V4(Ipv4Addr::from(bytes)),
        Err(_) => IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).unwrap_or_default())).to_canonical(),
    };
    Value::string(address.to_string().as_bytes())
}

/// A URI as Go's `url.URL` is marshalled.
pub(super) fn uri(uri: &Uri) -> Value {
    object([
        ("Scheme", json_text(&uri.scheme)),
        ("Opaque", json_text(&uri.opaque)),
        ("User", uri.user.as_ref().map_or(Value::NULL, |_| Object::new(0).into())),
        ("Host", json_text(&uri.host)),
        ("Path", json_text(&uri.path)),
        ("Fragment", json_text(&uri.fragment)),
        ("RawQuery", json_text(&uri.raw_query)),
        ("RawPath", json_text(&uri.path_hint)),
        ("RawFragment", json_text(&uri.fragment_hint)),
        ("ForceQuery", Value::boolean(uri.has_empty_query)),
        ("OmitHost", Value::boolean(uri.has_no_host)),
    ])
}

/// The components of an object identifier.
pub(super) fn identifier(id: &[u8]) -> Value {
    let components = oid::components(id);
    components.into_iter().map(|component| Value::integer(i64::from(component))).collect::<Array>().into()
}

fn dotted(id: &[u8]) -> Result<Value, Fault> {
    // Its components are numbers.
    if id.len() > MAX_NUMBER {
        return Err("number too big".into());
    }
    Ok(Value::string(oid::dotted(id).as_bytes()))
}

/// A text as it comes out of JSON: what is no UTF-8 is replaced, byte by byte.
fn json_text(text: &[u8]) -> Value {
    if core::str::from_utf8(text).is_ok() {
        return Value::string(text);
    }
    let mut valid = Vec::with_capacity(text.len());
    for (character, _) in utf8::chars(text) {
        let (bytes, length) = utf8::encode(character);
        valid.extend(bytes.into_iter().take(length));
    }
    Value::string(&valid)
}

pub(super) fn bytes(bytes: &[u8]) -> Value {
    Value::string(BASE64.encode(bytes).as_bytes())
}

pub(super) fn texts(texts: &[&[u8]]) -> Value {
    list(texts, |text| json_text(text))
}

/// A list, `null` if it is empty.
pub(super) fn list<T>(elements: &[T], value: impl Fn(&T) -> Value) -> Value {
    if elements.is_empty() {
        return Value::NULL;
    }
    elements.iter().map(value).collect::<Array>().into()
}

pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    fields.into_iter().map(|(name, value)| (Value::string(name.as_bytes()), value)).collect::<Object>().into()
}
