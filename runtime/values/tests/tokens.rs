//! OPA's answers to calls of `io.jwt.*` and to private keys: `tokens.json`. OPA 1.22 made its tokens, with keys that were made for it.
//! An error there may be only the beginning of OPA's message, where the rest is a library's.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use data_encoding::BASE64URL_NOPAD;
use regoc_values::{Object, Value, clock, error, json};
use support::{call, field, text};

fn string(text: &str) -> Value {
    Value::string(text.as_bytes())
}

fn cases() -> impl Iterator<Item = Value> {
    json::parse(include_bytes!("tokens.json")).unwrap().as_array().unwrap().iter()
}

fn operands(case: Value) -> Vec<Value> {
    field(case, "operands").as_array().unwrap().iter().collect()
}

#[test]
fn tokens_are_answered_as_opa_does() {
    let mut failures = Vec::new();
    for case in cases() {
        let got = call(&text(field(case, "call")), &operands(case));
        let want = field(case, "result");
        let message = error::take().map(|(_, message)| String::from_utf8_lossy(&message).into_owned());
        let is_right = match message {
            Some(message) => want.is_undefined() && message.starts_with(&text(field(case, "error"))),
            None => want == got && !want.is_undefined(),
        };
        if !is_right {
            failures.push(format!("{}: want {want:?}, got {got:?}", text(field(case, "note"))));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The RSA key of a case that signs.
fn rsa_key() -> Value {
    let signs =
        |case: &Value| text(field(*case, "call")) == "io.jwt.encode_sign" && !field(*case, "result").is_undefined();
    let mut keys = cases().filter(signs).map(|case| operands(case)[2]);
    keys.find(|key| text(field(*key, "kty")) == "RSA").unwrap()
}

#[test]
fn signatures_that_opa_makes_at_random_are_the_same_each_time_and_right() {
    let elliptic = json::parse(
        br#"{"kty":"EC","crv":"P-256","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
            "y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}"#,
    )
    .unwrap();
    let elliptic = ["ES256", "ES384", "ES512"].map(|name| (name, elliptic));
    let rsa = rsa_key();
    let rsa = ["PS256", "PS384", "RS512"].map(|name| (name, rsa));
    for (name, key) in elliptic.into_iter().chain(rsa) {
        let header: Value = [(string("alg"), string(name))].into_iter().collect::<Object>().into();
        let sign = || call("io.jwt.encode_sign", &[header, Object::new(0).into(), key]);
        let token = sign();
        assert!(token.is_string() && token == sign(), "{name}: {:?}", error::take());
        let public = ["kty", "crv", "x", "y", "n", "e"].map(|name| (string(name), field(key, name)));
        let public: Object = public.into_iter().filter(|(_, value)| !value.is_undefined()).collect();
        let verify = format!("io.jwt.verify_{}", name.to_lowercase());
        let verified = call(&verify, &[token, json::write_string(public.into())]);
        assert_eq!(verified.as_boolean(), Some(true), "{name}");
    }
}

#[test]
fn the_time_is_the_clock_s_unless_it_is_given() {
    let payload: Value = [(string("exp"), Value::integer(100))].into_iter().collect::<Object>().into();
    let header = json::parse(br#"{"alg":"HS256"}"#).unwrap();
    let key = json::parse(br#"{"kty":"oct","k":"c2VjcmV0"}"#).unwrap();
    let token = call("io.jwt.encode_sign", &[header, payload, key]);
    let constraints = json::parse(br#"{"secret":"secret"}"#).unwrap();
    let is_valid = || call("io.jwt.decode_verify", &[token, constraints]).as_array().unwrap().get(0).as_boolean();
    clock::set_now_ns(99_999_999_999);
    assert_eq!(is_valid(), Some(true));
    clock::set_now_ns(100_000_000_000);
    assert_eq!(is_valid(), Some(false));
}

#[test]
fn large_tokens_are_read() {
    let header = format!("{{\"alg\":\"HS256\",\"x\":\"{}\"}}", "y".repeat(1 << 20));
    let token = format!("{}.e30.AAAA", BASE64URL_NOPAD.encode(header.as_bytes()));
    let decoded = call("io.jwt.decode", &[string(&token)]).as_array().unwrap();
    assert_eq!(text(field(decoded.get(0), "x")).len(), 1 << 20);
    assert_eq!(call("io.jwt.verify_hs256", &[string(&token), string("x")]).as_boolean(), Some(false));
    // Tokens in tokens, each a third longer than the one in it.
    let mut token = "e30.e30.AA".to_owned();
    for _ in 0..30 {
        token = format!("eyJjdHkiOiJKV1QifQ.{}.AA", BASE64URL_NOPAD.encode(token.as_bytes()));
    }
    assert!(!call("io.jwt.decode", &[string(&token)]).is_undefined());
}

#[test]
fn keys_that_are_no_keys_are_refused() {
    let numbers = ["", "AA", "AQ", "Ag", "Aw", "AAAAAA", &"_".repeat(4000)];
    let header = json::parse(br#"{"alg":"RS256"}"#).unwrap();
    for n in numbers {
        for p in numbers {
            for e in ["AQAB", "Aw", "AQ"] {
                let key = format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}","d":"{n}","p":"{p}","q":"{p}"}}"#);
                let key = json::parse(key.as_bytes()).unwrap();
                assert!(call("io.jwt.encode_sign", &[header, Object::new(0).into(), key]).is_undefined());
            }
        }
    }
}
