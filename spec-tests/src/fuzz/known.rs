//! Differences that are known, for which a policy is counted and not shown.
//!
//! OPA keeps rules by the texts of the numbers in their heads. So `data.p.r[1.0]` is nothing beside `r[1] := "x"`, though the same key as
//! a variable's value finds it in any object; `r[1]` and `r[1.0]` together leave nothing of `r` when it is asked for as a whole; and base
//! data beside `r[1]` is seen by some questions and not by others. Here a number is its value, in heads as everywhere.

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::source::SourceSet;
use regoc_compiler::syntax::{ParseOptions, ast, parse_module};

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

#[cfg(test)]
mod tests {
    use regoc_compiler::source::RegoVersion;

    use super::{SourceSet, has_numbers_in_heads};

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
