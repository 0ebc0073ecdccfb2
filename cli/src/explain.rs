//! The pages of `docs/errors`, one for each code of an error. Only text: what a page shows is checked by a test that runs its examples.

/// The codes and their pages.
const PAGES: &[(&str, &str)] = &[
    ("rego_parse_error", include_str!("../../docs/errors/rego_parse_error.md")),
    ("rego_compile_error", include_str!("../../docs/errors/rego_compile_error.md")),
    ("rego_unsafe_var_error", include_str!("../../docs/errors/rego_unsafe_var_error.md")),
    ("rego_type_error", include_str!("../../docs/errors/rego_type_error.md")),
    ("rego_recursion_error", include_str!("../../docs/errors/rego_recursion_error.md")),
    ("eval_conflict_error", include_str!("../../docs/errors/eval_conflict_error.md")),
    ("eval_type_error", include_str!("../../docs/errors/eval_type_error.md")),
    ("eval_builtin_error", include_str!("../../docs/errors/eval_builtin_error.md")),
    ("eval_cancel_error", include_str!("../../docs/errors/eval_cancel_error.md")),
    ("eval_internal_error", include_str!("../../docs/errors/eval_internal_error.md")),
    ("eval_with_merge_error", include_str!("../../docs/errors/eval_with_merge_error.md")),
];

/// The codes that have a page.
pub(crate) fn codes() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(code, _)| *code)
}

/// The page of a code; nothing for a code that there is not.
pub(crate) fn page(code: &str) -> &'static str {
    PAGES.iter().find(|(known, _)| *known == code).map_or("", |(_, page)| page)
}

#[cfg(test)]
mod tests {
    use regoc_abi::errors;
    use regoc_compiler::diagnostic::Code;

    use super::page;

    #[test]
    fn every_code_has_a_page() {
        let compiler = Code::ALL.iter().map(|code| code.as_str());
        let runtime =
            [errors::CONFLICT, errors::TYPE, errors::BUILTIN, errors::WITH_MERGE, errors::CANCEL, errors::INTERNAL];
        for code in compiler.chain(runtime) {
            assert!(page(code).starts_with(&format!("# {code}\n")), "{code}");
        }
    }
}
