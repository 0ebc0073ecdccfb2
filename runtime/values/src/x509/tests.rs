//! What is below the calls of builtins: times, identifiers, bits, names of hosts, bytes that were changed. OPA's answers are in
//! `tests/certificates.json`.

use alloc::string::String;
use alloc::vec::Vec;
use std::string::ToString;

use super::time::Time;
use super::{certificate, certificates, host};
use crate::keys::der::{Bits, Reader};
use crate::keys::oid;

fn short(text: &str) -> Option<String> {
    Time::of_short(text.as_bytes())?.text().map(|text| String::from_utf8_lossy(&text).into_owned())
}

fn long(text: &str) -> Option<String> {
    Time::of_long(text.as_bytes(), true)?.text().map(|text| String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn times_are_those_that_go_would_write_itself() {
    assert_eq!(short("500101000000Z").as_deref(), Some("1950-01-01T00:00:00Z"));
    assert_eq!(short("491231235959Z").as_deref(), Some("2049-12-31T23:59:59Z"));
    assert_eq!(short("2001012330+0130").as_deref(), Some("2020-01-01T23:30:00+01:30"));
    assert_eq!(short("680229000000Z").as_deref(), Some("1968-02-29T00:00:00Z"));
    assert_eq!(long("99991231235959Z").as_deref(), Some("9999-12-31T23:59:59Z"));
    assert_eq!(long("20200101000000.05Z").as_deref(), Some("2020-01-01T00:00:00.05Z"));
    for text in [
        "",
        "Z",
        "200230000000Z",
        "2001010000",
        "200101000000+0000",
        "200101000000+0060",
        "200101240000Z",
        "2001010000Zx",
    ] {
        assert_eq!(short(text), None, "{text}");
    }
    for text in
        ["20200101000000.50Z", "20200101000000,5Z", "20200101000000.Z", "20200101000000.1234567891Z", "202001010000Z"]
    {
        assert_eq!(long(text), None, "{text}");
    }
    assert!(Time::of_long(b"20200101000000.5Z", false).is_none());
    // Such an offset is read, and not written.
    assert!(Time::of_short(b"200101000000+2459").is_some_and(|time| time.text().is_none()));
    assert_eq!(Time::of_short(b"700101010000+0100").map(Time::instant), Some((0, 0)));
    assert_eq!(Time::of_long(b"00000101000000Z", false).map(Time::instant), Some((-62_167_219_200, 0)));
}

#[test]
fn identifiers_of_any_size_are_shown() {
    assert_eq!(oid::dotted(&[0x2a, 3, 0x87, 0xff, 0xff, 0xff, 0x7f]), "1.2.3.2147483647");
    assert_eq!(oid::dotted(&[0x88, 0x37, 0]), "2.999.0");
    assert_eq!(oid::dotted(&[0x4f, 0x27]), "1.39.39");
    let long = [&[0x69][..], &[0x83], &[0xff; 17], &[0x7f]].concat();
    assert_eq!(oid::dotted(&long), "2.25.340282366920938463463374607431768211455");
    assert_eq!(oid::dotted(&[0x2a, 0x81]), "1.2");
    assert_eq!(oid::dotted(&[]), "");
    assert!(oid::is_whole(&long) && !oid::is_small(&long));
    assert!(oid::is_small(&[0x2a, 0x87, 0xff, 0xff, 0xff, 0x7f]) && !oid::is_small(&[0x2a, 0x88, 0x80, 0x80, 0x80, 0]));
    for contents in [&[][..], &[0x80, 1], &[0x2a, 0x80, 1], &[0x2a, 0x81]] {
        assert!(!oid::is_whole(contents), "{contents:?}");
    }
}

#[test]
fn bits_are_aligned_at_their_end() {
    let aligned = |contents: &[u8]| Bits::new(contents).map(|bits| bits.right_aligned().into_owned());
    assert_eq!(aligned(&[0, 1, 2]), Some(alloc::vec![1, 2]));
    assert_eq!(aligned(&[4, 0xab, 0xc0]), Some(alloc::vec![0x0a, 0xbc]));
    assert_eq!(aligned(&[0]), Some(alloc::vec![]));
    for contents in [&[][..], &[1], &[8, 0], &[7, 0x81]] {
        assert_eq!(aligned(contents), None, "{contents:?}");
    }
}

/// An element.
fn element(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let contents = parts.concat();
    let length = contents.len().to_be_bytes();
    let mut element = alloc::vec![tag];
    if contents.len() < 0x80 {
        element.push(contents.len() as u8);
    } else {
        element.push(0x83);
        element.extend_from_slice(&length[5..]);
    }
    element.extend(contents);
    element
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut sequence = element(0x30, parts);
    // Lengths of the shortest form.
    if let [tag, 0x83, 0, high, low, ..] = sequence[..] {
        let header = if high == 0 { alloc::vec![tag, 0x81, low] } else { alloc::vec![tag, 0x82, high, low] };
        sequence.splice(..5, header);
    }
    sequence
}

/// A certificate of an Ed25519 key, without a right signature, with alternative names.
fn named(names: &[Vec<u8>]) -> Vec<u8> {
    let algorithm = sequence(&[element(6, &[alloc::vec![0x2b, 0x65, 0x70]])]);
    let time = element(0x17, &[b"200101000000Z".to_vec()]);
    let extension = sequence(&[element(6, &[alloc::vec![0x55, 0x1d, 17]]), element(4, &[sequence(names)])]);
    let body = sequence(&[
        element(0xa0, &[alloc::vec![2, 1, 2]]),
        alloc::vec![2, 1, 1],
        algorithm.clone(),
        sequence(&[]),
        sequence(&[time.clone(), time]),
        sequence(&[]),
        sequence(&[algorithm.clone(), element(3, &[alloc::vec![0; 33]])]),
        element(0xa3, &[sequence(&[extension])]),
    ]);
    sequence(&[body, algorithm, element(3, &[alloc::vec![0; 65]])])
}

#[test]
fn hosts_are_named_by_patterns_and_addresses() {
    let der = named(&[
        element(0x82, &[b"A.example".to_vec()]),
        element(0x82, &[b"*.b.example".to_vec()]),
        element(0x82, &[b"odd name".to_vec()]),
        element(0x87, &[alloc::vec![192, 0, 2, 1]]),
    ]);
    let certificate = certificate(&der).unwrap();
    for name in [
        "a.EXAMPLE",
        "a.example.",
        "x.b.example",
        "*.b.example",
        "ODD NAME",
        "192.0.2.1",
        "[192.0.2.1]",
        "::ffff:192.0.2.1",
    ] {
        assert!(host::is_named(&certificate, name.as_bytes()), "{name}");
    }
    for name in ["", ".", "b.example", "x.y.b.example", "odd", "192.0.2.2", "[::1]", "a.example.."] {
        assert!(!host::is_named(&certificate, name.as_bytes()), "{name}");
    }
}

#[test]
fn what_is_cut_off_or_changed_is_refused_without_a_panic() {
    let der = named(&[element(0x86, &[b"http://a.example/%41?#f".to_vec()]), element(0x81, &[b"a@b".to_vec()])]);
    assert!(certificates(&der).is_ok());
    for length in 1..der.len() {
        assert!(certificates(&der[..length]).is_err(), "{length}");
    }
    let mut refused = 0;
    for place in 0..der.len() {
        for byte in [0, 1, 0x30, 0x7f, 0x80, 0x84, 0xff] {
            let mut changed = der.clone();
            changed[place] = byte;
            refused += usize::from(certificates(&changed).is_err());
        }
    }
    assert!(refused > der.len());
}

#[test]
fn elements_are_in_their_shortest_form() {
    for bytes in [
        &[0x30, 0x81, 1, 0][..],
        &[0x30, 0x82, 0, 0x80],
        &[0x30, 0x80, 0, 0],
        &[0x3f, 1, 0],
        &[0x30, 0x85, 0, 0, 0, 0, 0],
    ] {
        assert!(Reader(bytes).element().is_none(), "{bytes:?}");
    }
    assert_eq!(Reader(&[2, 1, 0x80]).small_integer(), Some(-128));
    assert_eq!(Reader(&[2, 9, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]).small_integer(), None);
    assert_eq!(
        crate::keys::der::to_i64(&[0x80, 0, 0, 0, 0, 0, 0, 0]).map(|number| number.to_string()).as_deref(),
        Some("-9223372036854775808")
    );
}
