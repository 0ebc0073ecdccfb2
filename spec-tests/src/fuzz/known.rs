//! Differences that are known, for which a policy is counted and not shown.
//!
//! OPA keeps rules by the texts of the numbers in their heads. So `data.p.r[1.0]` is nothing beside `r[1] := "x"`, though the same key as
//! a variable's value finds it in any object; and `r[1]` and `r[1.0]` together leave nothing of `r` when it is asked for as a whole. Here
//! a number is its value, in heads as everywhere.
//!
//! OPA sorts the items of an object as written by their keys before it adds them, so of equal keys the last value counts; but the sort it
//! uses (Go's `slices.SortFunc`) leaves equal ones in their order only up to [`KEPT_IN_ORDER`] items. In longer objects it depends on the
//! other keys which value counts. Here it is the last one, however many there are.
//!
//! OPA looks keys up in an object as it is written, and puts it together only to show it. So `{"b": 2, x: 1}["b"]` is 2 where `x` is "b",
//! of an object that is shown as `{"b": 1}`. Here it is what is shown.
//!
//! OPA refuses `p := {"a": [2 | _ := 1][0]}` because of `_`, but neither `[[2 | _ := 1][0]]`, nor `{"a": [2 | _ := 1]}`, nor the same object in a
//! body, nor another name. Here all are accepted.

use std::collections::HashSet;

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::syntax::{ParseOptions, ast, parse_module};

use super::Policy;
use super::tokens::{Kind, Token, tokens};

/// How many items Go's sort leaves in their order when they are equal (insertion sort, `zsortanyfunc.go`).
const KEPT_IN_ORDER: usize = 12;

/// Whether a difference in a policy may be a known one.
#[must_use]
pub fn is_known(policy: &Policy) -> bool {
    let of_text = |text: &str| repeats_a_key(text) || has_variable_key(text) || assigns_wildcard(text);
    has_numbers_in_heads(policy) || policy.modules.iter().any(|(_, text)| of_text(text))
}

/// Whether a difference may come of numbers in heads: a head has one in its path, and somewhere is one that is written in another way than
/// whole numbers are.
fn has_numbers_in_heads(policy: &Policy) -> bool {
    let modules = policy.modules.iter().map(|(_, text)| text);
    let mut texts = modules.chain([&policy.data]).chain(policy.inputs.iter().flatten());
    if !texts.any(|text| has_notation(text)) {
        return false;
    }
    let capabilities = Capabilities::default();
    let is_number = |operand: &ast::RefOperand| match operand {
        ast::RefOperand::Index(term) => matches!(term.kind, ast::TermKind::Number(_)),
        ast::RefOperand::Field(..) => false,
    };
    let sources = policy.sources();
    sources.iter().any(|(file, _)| {
        let (module, _) = parse_module(&sources, file, &ParseOptions { capabilities: &capabilities });
        let rules = module.iter().flat_map(|module| &module.rules);
        rules.into_iter().any(|rule| rule.head.reference.operands.iter().any(is_number))
    })
}

/// Whether something in a text may be a number with a fraction or an exponent.
fn has_notation(text: &str) -> bool {
    let mut pairs = text.as_bytes().windows(2);
    pairs.any(|pair| matches!(pair, [b'0'..=b'9', b'.' | b'e' | b'E'] | [b'-', b'0']))
}

/// Whether an object in a text has more than [`KEPT_IN_ORDER`] items, and two of them the same key as written.
fn repeats_a_key(text: &str) -> bool {
    has_object(text, |keys| {
        let known: HashSet<_> = keys.iter().map(|key| key.text).collect();
        keys.len() > KEPT_IN_ORDER && known.len() < keys.len()
    })
}

/// Whether an object in a text has several items, and the key of one of them is no constant.
fn has_variable_key(text: &str) -> bool {
    let is_constant =
        |key: &Token| matches!(key.kind, Kind::Text | Kind::Number) || matches!(key.text, "true" | "false" | "null");
    has_object(text, |keys| keys.len() > 1 && !keys.iter().all(is_constant))
}

/// The tokens of a text that are no space.
fn without_space(text: &str) -> Vec<Token<'_>> {
    tokens(text).into_iter().filter(|it| !matches!(it.kind, Kind::Line | Kind::Space)).collect()
}

/// Whether something is assigned to `_`.
fn assigns_wildcard(text: &str) -> bool {
    let seen = without_space(text);
    seen.windows(2).any(|pair| matches!(pair, [name, sign] if name.text == "_" && sign.text == ":="))
}

/// Whether the keys of an object in a text, the first ones or all of them, are such: the last token of each.
fn has_object(text: &str, is_such: impl Fn(&[Token]) -> bool) -> bool {
    let seen = without_space(text);
    let mut open: Vec<Vec<Token>> = Vec::new();
    for (token, next) in seen.iter().zip(seen.iter().skip(1)) {
        match token.kind {
            Kind::Open => open.push(Vec::new()),
            Kind::Close => {
                open.pop();
            }
            _ => {}
        }
        let Some(keys) = open.last_mut() else { continue };
        if next.text == ":" {
            keys.push(*token);
        }
        if is_such(keys) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use regoc_compiler::source::RegoVersion;

    use super::{KEPT_IN_ORDER, Policy, assigns_wildcard, has_numbers_in_heads, has_variable_key, repeats_a_key};

    #[test]
    fn only_keys_that_repeat_in_a_long_object_count() {
        let object = |count: usize| {
            let items: Vec<String> = (0..count).map(|at| format!("\"k{at}\": {{\"k0\": {at}}}")).collect();
            format!("package a\np := {{{}, \"k0\": 1}}\n", items.join(", "))
        };
        assert!(!repeats_a_key(&object(KEPT_IN_ORDER - 1)));
        assert!(repeats_a_key(&object(KEPT_IN_ORDER)));
        assert!(!repeats_a_key(&object(KEPT_IN_ORDER).replace("{\"k0\": 0}, ", "").replace(", \"k0\": 1", "")));
    }

    #[test]
    fn only_variables_beside_another_key_count() {
        for (object, want) in [
            (r#"{"b": 2, x: 1}"#, true),
            (r#"{"a": {x: 1, "b": 2}}"#, true),
            (r#"{"b": 2, "x": 1}"#, false),
            (r#"{"b": x, "x": x}"#, false),
            ("{x: 1}", false),
            (r#"{x: 1 | x := {"a": 1, "b": 2}[_]}"#, false),
        ] {
            assert_eq!(has_variable_key(&format!("package a\np := {object}\n")), want, "{object}");
        }
    }

    #[test]
    fn only_assignments_to_a_wildcard_count() {
        for (body, want) in [("_ := 1", true), ("_\n:=1", true), ("_ = 1", false), ("x_ := 1", false)] {
            assert_eq!(assigns_wildcard(&format!("package a\np := [2 | {body}]\n")), want, "{body}");
        }
    }

    #[test]
    fn only_numbers_in_the_path_of_a_head_count() {
        for (rule, data, want) in [
            ("r[1.0] := 2", "{}", true),
            ("r[1] := 2", r#"{"x": 1.0}"#, true),
            ("r[1] := 2", r#"{"x": 1}"#, false),
            ("r.a[1][x] := 2 if x := 3e1", "{}", true),
            ("r[\"1\"] := 1.0", "{}", false),
            ("r contains 1.0", "{}", false),
            ("f(1.0) := 1", "{}", false),
        ] {
            let module = |name: &str, text: String| (name.to_owned(), text);
            let policy = Policy {
                version: RegoVersion::V1,
                modules: vec![
                    module("a.rego", "package a\nr := 1\n".to_owned()),
                    module("b.rego", format!("package b\n{rule}\n")),
                ],
                data: data.to_owned(),
                inputs: Vec::new(),
                origin: "",
            };
            assert_eq!(has_numbers_in_heads(&policy), want, "{rule} beside {data}");
        }
    }
}
