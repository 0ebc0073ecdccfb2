//! OPA's answers to calls of `crypto.x509.*`: `certificates.json`. OPA 1.22 answered them; the certificates, requests and keys were made for
//! it with Go's `crypto/x509`, and some of them changed after that.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

mod support;

use data_encoding::BASE64;
use regoc_values::{Array, Value, clock, error, json};
use support::{call, field, text};

#[test]
fn calls_are_answered_as_opa_does() {
    let file = std::env::var("X509_CASES")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates.json").into());
    // Between the times of the certificates that are valid at no other.
    clock::set_now_ns(1_767_225_600_000_000_000);
    let (mut count, mut failures) = (0, Vec::new());
    for case in json::parse(&std::fs::read(file).unwrap()).unwrap().as_array().unwrap().iter() {
        count += 1;
        let operands: Vec<Value> = field(case, "operands").as_array().unwrap().iter().collect();
        let got = call(&text(field(case, "call")), &operands);
        let mut want = field(case, "result");
        let mut got = got;
        // Of many chains only the signatures are kept, from the last certificate to the first.
        let signatures = field(case, "signatures");
        if !signatures.is_undefined() {
            want = [Value::TRUE, signatures].into_iter().collect::<Array>().into();
            let chain = got.as_array().unwrap().get(1).as_array().unwrap();
            let signatures: Array = chain.iter().map(|certificate| field(certificate, "Signature")).collect();
            got = [got.as_array().unwrap().get(0), signatures.into()].into_iter().collect::<Array>().into();
        }
        let message = error::take().map(|(_, message)| String::from_utf8_lossy(&message).into_owned());
        let is_right = match &message {
            Some(message) => want.is_undefined() && *message == text(field(case, "error")),
            None => want == got && !want.is_undefined(),
        };
        if !is_right {
            let (want, got) = (format!("{want:?}"), format!("{got:?}"));
            let from = want.bytes().zip(got.bytes()).position(|(a, b)| a != b).unwrap_or(0).saturating_sub(60);
            let part = |text: &str| text.chars().skip(from).take(200).collect::<String>();
            failures.push(format!(
                "{} {}\n  want {} {}\n  got  {} {}",
                text(field(case, "note")),
                text(field(case, "call")),
                text(field(case, "error")),
                part(&want),
                message.unwrap_or_default(),
                part(&got)
            ));
        }
    }
    eprintln!("{count} calls, {} failures", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn string(text: &[u8]) -> Value {
    Value::string(text)
}

/// What a call gives for a text, as JSON, or why it fails.
fn answer(name: &str, operands: &[Value]) -> String {
    let got = call(name, operands);
    match error::take() {
        Some((_, message)) => String::from_utf8_lossy(&message).into_owned(),
        None => String::from_utf8_lossy(json::write(got)).into_owned(),
    }
}

/// Sequences in one another.
fn nested(size: usize) -> Vec<u8> {
    let mut reversed = vec![0, 5];
    while reversed.len() < size {
        let length = reversed.len();
        let bytes = length.to_be_bytes();
        let count = if length < 0x80 { 0 } else { 8 - length.leading_zeros() as usize / 8 };
        if count == 0 {
            reversed.push(length as u8);
        } else {
            reversed.extend(bytes.iter().rev().take(count));
            reversed.push(0x80 | count as u8);
        }
        reversed.push(0x30);
    }
    reversed.reverse();
    reversed
}

#[test]
fn large_and_deep_texts_end_as_in_opa() {
    const PARSE: &str = "crypto.x509.parse_certificates";
    const VERIFY: &str = "crypto.x509.parse_and_verify_certificates";
    let deep = BASE64.encode(&nested(1 << 20));
    for name in [PARSE, "crypto.x509.parse_certificate_request"] {
        let message = answer(name, &[string(deep.as_bytes())]);
        assert!(message.starts_with("x509: malformed") || message.starts_with("asn1: structure error"), "{message}");
    }
    assert_eq!(answer(VERIFY, &[string(deep.as_bytes())]), "[false,[]]");
    let message = answer("crypto.x509.parse_keypair", &[string(deep.as_bytes()), string(deep.as_bytes())]);
    assert!(message.starts_with("x509: malformed"), "{message}");
    let begins = "-----BEGIN CERTIFICATE-----\n".repeat(40_000);
    assert_eq!(answer(PARSE, &[string(begins.as_bytes())]), "[]");
    let empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".repeat(20_000);
    assert_eq!(answer(PARSE, &[string(empty.as_bytes())]), "[]");
    let headers = format!("-----BEGIN X-----\n{}\n-----END X-----\n", "a:b\n".repeat(200_000));
    assert_eq!(answer(PARSE, &[string(headers.as_bytes())]), "PEM block type is 'X', expected CERTIFICATE");
    assert_eq!(answer(PARSE, &[string(&[b'A'; 1 << 20])]), "x509: malformed certificate");
}
