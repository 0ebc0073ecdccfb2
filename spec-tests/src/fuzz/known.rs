//! Differences that are known, for which a policy is counted and not shown.
//!
//! OPA keeps rules by the texts of the numbers in their heads. So `data.p.r[1.0]` is nothing beside `r[1] := "x"`, though the same key as
//! a variable's value finds it in any object; `r[1]` and `r[1.0]` together leave nothing of `r` when it is asked for as a whole; and base
//! data beside `r[1]` is seen by some questions and not by others. Here a number is its value, in heads as everywhere.
//!
//! OPA lays what `with` gives over base data instead of putting it in its place, where somebody asks for what is around it. With base data
//! `{"b": {"a": {"old": 1}}}` and `with data.b.a as {"new": 2}`, its interpreter says of `data.b` that it is
//! `{"a": {"new": 2, "old": 1}}`, of `data.b.a` that it is `{"new": 2}`, and of `[x | x := data.b[_]]` that it is `[{"new": 2}]`; its plans
//! and wasm modules replace it for all three, and so do ours.

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::source::SourceSet;
use regoc_compiler::syntax::{ParseOptions, ast, parse_module};
use serde_json::Value;

use super::Policy;

/// Whether a head of a rule has a number in its path.
#[must_use]
pub fn has_numbers_in_heads(sources: &SourceSet) -> bool {
    let capabilities = Capabilities::default();
    let is_number = |operand: &ast::RefOperand| match operand {
        ast::RefOperand::Index(term) => matches!(term.kind, ast::TermKind::Number(_)),
        ast::RefOperand::Field(..) => false,
    };
    sources.iter().any(|(file, _)| {
        let (module, _) = parse_module(sources, file, &ParseOptions { capabilities: &capabilities });
        let rules = module.iter().flat_map(|module| &module.rules);
        rules.into_iter().any(|rule| rule.head.reference.operands.iter().any(is_number))
    })
}

/// The policy with nothing in its base data where some `with` replaces an object: none where there is none. What `with` replaces must not
/// matter where it does; if the difference goes with it, it was OPA's laying one over the other.
#[must_use]
pub fn without_what_is_replaced(policy: &Policy) -> Option<Policy> {
    let mut data: Value = serde_json::from_str(&policy.data).ok()?;
    let texts = policy.modules.iter().map(|(_, text)| text);
    let objects = texts.flat_map(|text| replaced_paths(text)).filter(|path| {
        let value = data.pointer_mut(path).filter(|value| value.is_object());
        value.map(|value| *value = Value::Null).is_some()
    });
    let any = objects.count() > 0;
    any.then(|| Policy { data: data.to_string(), ..policy.clone() })
}

/// The paths below `data` that `with` clauses of a text name, as JSON pointers.
fn replaced_paths(text: &str) -> Vec<String> {
    let targets = text.split("with").skip(1).filter_map(|rest| rest.trim_start().strip_prefix("data"));
    let paths = targets.map(|mut rest| {
        let mut path = String::new();
        loop {
            let name;
            if let Some(behind) = rest.strip_prefix('.') {
                let end = behind.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(behind.len());
                (name, rest) = behind.split_at(end);
            } else if let Some((quoted, behind)) = rest.strip_prefix("[\"").and_then(|it| it.split_once("\"]")) {
                (name, rest) = (quoted, behind);
            } else {
                return path;
            }
            path = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
        }
    });
    paths.filter(|path| !path.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use regoc_compiler::source::RegoVersion;

    use super::{Policy, SourceSet, has_numbers_in_heads, without_what_is_replaced};

    #[test]
    fn objects_that_with_replaces_are_taken_away() {
        let policy = |rule: &str| Policy {
            version: RegoVersion::V1,
            modules: vec![("a.rego".to_owned(), format!("package a\n{rule}\n"))],
            data: r#"{"b":{"a/c":{"old":1},"d":2}}"#.to_owned(),
            inputs: Vec::new(),
            origin: "test",
        };
        let without = |rule: &str| without_what_is_replaced(&policy(rule)).map(|policy| policy.data);
        let gone = Some(r#"{"b":{"a/c":null,"d":2}}"#.to_owned());
        assert_eq!(without("r := x if x := data.b with data.b[\"a/c\"] as {}"), gone);
        assert_eq!(without("r := x if x := data.b with  data.b as {}"), Some(r#"{"b":null}"#.to_owned()));
        for rule in ["r := data.b", "r if data.b with data.b.d as {}", "r if data.b with input as data.b"] {
            assert_eq!(without(rule), None, "{rule}");
        }
    }

    #[test]
    fn only_numbers_in_the_path_of_a_head_count() {
        for (rule, want) in [
            ("r[1.0] := 2", true),
            ("r.a[1][x] := 2 if x := 3", true),
            ("r[\"1\"] := 1", false),
            ("r contains 1", false),
            ("f(1) := 1", false),
        ] {
            let mut sources = SourceSet::new();
            sources.add("a.rego", "package a\nr := 1\n", RegoVersion::V1);
            sources.add("b.rego", format!("package b\n{rule}\n"), RegoVersion::V1);
            assert_eq!(has_numbers_in_heads(&sources), want, "{rule}");
        }
    }
}
