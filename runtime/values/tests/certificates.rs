//! OPA's answers to calls of `crypto.x509.*`: `certificates.json`. OPA 1.22 answered them; the certificates, requests and keys were made for
//! it with Go's `crypto/x509`, and some of them changed after that.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use regoc_values::{Value, builtins, clock, error, json, rt};

fn field(value: Value, name: &str) -> Value {
    rt::dot(value, Value::string(name.as_bytes()))
}

fn text(value: Value) -> String {
    String::from_utf8_lossy(value.as_str().unwrap_or_default()).into_owned()
}

fn call(name: &str, operands: &[Value]) -> Value {
    error::take();
    builtins::call(name, operands).unwrap()
}

#[test]
fn calls_are_answered_as_opa_does() {
    let file = std::env::var("X509_CASES").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates.json").into());
    // Between the times of the certificates that are valid at no other.
    clock::set_now_ns(1_767_225_600_000_000_000);
    let (mut count, mut failures) = (0, Vec::new());
    for case in json::parse(&std::fs::read(file).unwrap()).unwrap().as_array().unwrap().iter() {
        count += 1;
        let operands: Vec<Value> = field(case, "operands").as_array().unwrap().iter().collect();
        let got = call(&text(field(case, "call")), &operands);
        let want = field(case, "result");
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
                text(field(case, "note")), text(field(case, "call")), text(field(case, "error")), part(&want), message.unwrap_or_default(), part(&got)
            ));
        }
    }
    eprintln!("{count} calls, {} failures", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
