//! Arithmetic on random numbers against what OPA 1.22.0 answered (`tests/arithmetic.txt`: builtin, arguments as JSON, result as
//! `json.marshal` prints it, or nothing when undefined). The texts must be the same, not only the values.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use regoc_values::{builtins, json};

#[test]
fn numbers_are_computed_and_printed_as_opa_does() {
    let path = std::env::var("ARITHMETIC_CASES");
    let cases = match &path {
        Ok(path) => std::fs::read_to_string(path).unwrap(),
        Err(_) => include_str!("arithmetic.txt").to_string(),
    };
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let [name, operands, want] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
        let operands = json::parse(operands.as_bytes()).unwrap().as_array().unwrap();
        let result = builtins::call(name, operands.as_slice()).unwrap();
        let got = if result.is_undefined() {
            String::new()
        } else {
            String::from_utf8(json::write(result).to_vec()).unwrap()
        };
        if got != want {
            wrong.push(format!("{name} {operands:?}\n  want {want}\n  got  {got}"));
        }
    }
    eprintln!("{} cases, {} wrong", cases.lines().count(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
