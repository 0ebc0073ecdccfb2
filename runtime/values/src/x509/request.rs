//! Requests for certificates (PKCS #10, RFC 2986), as values.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::alternative::{self, AlternativeNames};
use super::certificate::{Extension, key_of_parts};
use super::extensions::ALTERNATIVE_NAMES;
use super::marshal::{self, identifier, list, object};
use super::name::{self, Attribute, AttributeValue, Name};
use super::signature;
use super::time::{GENERALIZED_TIME, Time, UTC_TIME};
use crate::keys::Fault;
use crate::keys::asn1::{self, Asn1, Element, Elements, Field};
use crate::keys::der::{BIT_STRING, BOOLEAN, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader};
use crate::{Array, Object, Value};

/// The contents of the identifier of the attribute that requests extensions.
const EXTENSION_REQUEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 14];

/// A request in DER as Go marshals it. Its signature is not looked at.
pub(crate) fn marshaled(der: &[u8]) -> Result<Value, Fault> {
    let mut reader = Asn1::new(der);
    let request = reader.element(Field::new("certificateRequest"))?;
    let mut parts = request.parts();
    let body = parts.element(Field::new("tbsCertificateRequest"))?;
    let mut fields = body.parts();
    let version = fields.integer(Field::new(""))?;
    let subject = fields.raw()?;
    let info = fields.element(Field::new("publicKeyInfo"))?;
    let mut info_parts = info.parts();
    let key_algorithm = info_parts.algorithm(Field::new(""))?;
    let key_bits = info_parts.bits()?;
    let attributes = fields.list(Field::tagged(0), Elements::Any)?;
    let algorithm = parts.algorithm(Field::new(""))?;
    let signature = parts.bits()?;
    if !reader.is_empty() {
        return Err("asn1: syntax error: trailing data".into());
    }
    let key = key_of_parts(key_algorithm, &key_bits.right_aligned())?;
    let name = subject_name(subject)?;
    let extensions = extensions(&attributes)?;
    let mut names = AlternativeNames::default();
    for extension in extensions.iter().filter(|extension| extension.id == ALTERNATIVE_NAMES) {
        names = alternative::read(Reader(extension.value))?;
    }
    let attributes: Vec<Value> = attributes.iter().filter_map(attribute).collect();
    let object = Object::new(24);
    let add = |name: &str, value: Value| object.insert(Value::string(name.as_bytes()), value);
    add("Raw", marshal::bytes(request.whole));
    add("RawTBSCertificateRequest", marshal::bytes(body.whole));
    add("RawSubjectPublicKeyInfo", marshal::bytes(info.whole));
    add("RawSubject", marshal::bytes(subject.whole));
    add("Version", Value::integer(version));
    add("Signature", marshal::bytes(&signature.right_aligned()));
    add("SignatureAlgorithm", Value::integer(signature::Algorithm::new(algorithm) as i64));
    add("PublicKeyAlgorithm", marshal::key_algorithm(key_algorithm.name));
    add("PublicKey", key.as_ref().map_or(Ok(Value::NULL), marshal::public_key)?);
    add("Subject", marshal::name(&name));
    add("Attributes", list(&attributes, |attribute| *attribute));
    add("Extensions", list(&extensions, marshal::extension));
    add("ExtraExtensions", Value::NULL);
    add("DNSNames", marshal::texts(&names.domains));
    add("EmailAddresses", marshal::texts(&names.emails));
    add("IPAddresses", list(&names.addresses, |address| marshal::address(address)));
    add("URIs", list(&names.uris, marshal::uri));
    Ok(object.into())
}

/// The attributes of the subject's name.
fn subject_name(subject: Element<'_>) -> Result<Name<'_>, Fault> {
    let mut reader = Asn1::new(subject.whole);
    let mut name = Vec::new();
    for set in reader.list(Field::new("RDNSequence"), Elements::Sets)? {
        for attribute in Asn1::new(set.whole).list(Field::SET, Elements::Sequences)? {
            let (kind, value) = pair(attribute)?;
            name.push(Attribute { kind, value });
        }
    }
    if !reader.is_empty() {
        return Err("x509: trailing data after X.509 Subject".into());
    }
    Ok(name)
}

/// A type and a value.
fn pair(element: Element<'_>) -> Result<(&[u8], AttributeValue), Fault> {
    let mut parts = element.parts();
    Ok((parts.identifier()?, any(parts.raw()?)?))
}

/// An attribute of the request, if it is of the form of those that Go shows: a set of lists of types and values.
fn attribute(element: &Element<'_>) -> Option<Value> {
    let mut reader = Asn1::new(element.whole);
    let mut parts = reader.structure(Field::new("")).ok()?;
    let kind = parts.identifier().ok()?;
    let lists = parts.list(Field::SET, Elements::Sequences).ok()?;
    let values = lists.into_iter().map(|element| {
        let pairs = Asn1::new(element.whole).list(Field::new(""), Elements::Sequences).ok()?;
        let values = pairs.into_iter().map(|element| {
            let (kind, value) = pair(element).ok()?;
            let value = match value {
                AttributeValue::Text(text) => Value::string(&text),
                AttributeValue::Other(value) => value,
            };
            Some(object([("Type", identifier(kind)), ("Value", value)]))
        });
        values.collect::<Option<Vec<Value>>>().map(|values| values.into_iter().collect::<Array>().into())
    });
    let values: Vec<Value> = values.collect::<Option<_>>()?;
    let values = values.into_iter().collect::<Array>().into();
    reader.is_empty().then(|| object([("Type", identifier(kind)), ("Value", values)]))
}

/// The extensions that all attributes request.
fn extensions<'a>(attributes: &[Element<'a>]) -> Result<Vec<Extension<'a>>, Fault> {
    let (mut extensions, mut seen) = (Vec::new(), BTreeSet::new());
    for attribute in attributes {
        let Some(list) = requested(attribute) else { continue };
        let list = Asn1::new(list.whole).list(Field::new(""), Elements::Sequences)?;
        let list = list.into_iter().map(|element| {
            let mut parts = element.parts();
            Ok(Extension { id: parts.identifier()?, is_critical: parts.optional_boolean()?, value: parts.bytes()? })
        });
        let list: Vec<Extension<'_>> = list.collect::<Result<_, Fault>>()?;
        if !list.iter().all(|extension| seen.insert(extension.id)) {
            return Err("x509: certificate request contains duplicate requested extensions".into());
        }
        extensions.extend(list);
    }
    Ok(extensions)
}

/// The first value of an attribute that requests extensions.
fn requested<'a>(attribute: &Element<'a>) -> Option<Element<'a>> {
    let mut reader = Asn1::new(attribute.whole);
    let mut parts = reader.structure(Field::new("")).ok()?;
    let kind = parts.identifier().ok()?;
    let values = parts.list(Field::SET, Elements::Any).ok()?;
    values.into_iter().next().filter(|_| kind == EXTENSION_REQUEST && reader.is_empty())
}

/// An element as Go decodes it where it is not told a type.
fn any(element: Element<'_>) -> Result<AttributeValue, Fault> {
    let contents = element.contents;
    let Some(tag) = element.simple_tag() else { return Ok(AttributeValue::Other(Value::NULL)) };
    Ok(AttributeValue::Other(match tag {
        BOOLEAN => Value::boolean(asn1::boolean(contents)?),
        INTEGER => Value::integer(asn1::integer(contents)?),
        BIT_STRING => {
            let bits = asn1::bits(contents)?;
            object([("Bytes", marshal::bytes(bits.bytes)), ("BitLength", Value::count(bits.len()))])
        }
        OCTET_STRING => marshal::bytes(contents),
        OBJECT_IDENTIFIER => {
            asn1::check_identifier(contents)?;
            identifier(contents)
        }
        UTC_TIME => time(Time::of_short(contents), b"060102150405Z0700", contents)?,
        GENERALIZED_TIME => time(Time::of_long(contents, true), b"20060102150405.999999999Z0700", contents)?,
        name::UTF8_STRING | name::NUMERIC_STRING | name::PRINTABLE_STRING => return string(tag, contents),
        name::T61_STRING | name::IA5_STRING | name::BMP_STRING => return string(tag, contents),
        _ => Value::NULL,
    }))
}

fn string(tag: u8, contents: &[u8]) -> Result<AttributeValue, Fault> {
    let text = name::string(tag, contents).ok_or_else(|| match tag {
        name::UTF8_STRING => Fault::Borrowed("asn1: invalid UTF-8 string"),
        name::NUMERIC_STRING => asn1::syntax("NumericString contains invalid character"),
        name::PRINTABLE_STRING => asn1::syntax("PrintableString contains invalid character"),
        name::IA5_STRING => asn1::syntax("IA5String contains invalid character"),
        _ => Fault::Borrowed("invalid BMPString"),
    })?;
    Ok(AttributeValue::Text(text))
}

/// A time as JSON has it.
fn time(time: Option<Time>, layout: &[u8], text: &[u8]) -> Result<Value, Fault> {
    match time {
        Some(time) => Ok(Value::string(&time.text().ok_or(marshal::ZONE)?)),
        None => Err(match crate::time::parse(layout, text) {
            Err(why) => String::from_utf8_lossy(&why).into_owned().into(),
            Ok(_) => Fault::Borrowed("asn1: time did not serialize back to the original value and may be invalid"),
        }),
    }
}
