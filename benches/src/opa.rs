//! The modules that OPA builds.

use std::process::Command;

use anyhow::{Context, Result};
use regoc_runtime::{Error, Runtime, Value};
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::tool;

use crate::question::Question;

/// The module that OPA builds of a question's policy.
///
/// # Errors
/// What is missing, or why OPA cannot build it.
pub fn build_module(question: &Question, folder: &TemporaryFolder) -> Result<Vec<u8>> {
    let opa = tool::find_opa().context(tool::missing("opa"))?;
    let bundle = folder.join(&format!("{}.tar.gz", question.name));
    let mut build = Command::new(opa);
    tool::run(
        build.args(["build", "-t", "wasm", "-e", &question.entrypoint, "-o"]).arg(&bundle).arg(&question.policy),
    )?;
    // To standard output: a bundle's names are absolute paths.
    tool::run(Command::new("tar").arg("-xzOPf").arg(&bundle).arg("/policy.wasm"))
}

/// A runtime for modules of OPA's, which leave `sprintf` to their host; ours have it inside.
///
/// # Errors
/// When the machine has no support for the engine.
pub fn runtime() -> Result<Runtime, Error> {
    Runtime::builder().builtin("sprintf", sprintf).build()
}

/// `sprintf` with `%v`, `%s`, `%d` and `%q`, which is all that the policies use.
fn sprintf(arguments: &[Value]) -> Result<Option<Value>, String> {
    let [Value::String(format), Value::Array(values)] = arguments else {
        return Err("a format and an array".to_owned());
    };
    let (mut values, mut pieces) = (values.iter(), format.split('%'));
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let value = values.next().ok_or("more verbs than values")?;
        let shown = value.as_str().map_or_else(|| value.to_text(), str::to_owned);
        let mut rest = piece.chars();
        match rest.next() {
            Some('v' | 's' | 'd') => text.push_str(&shown),
            Some('q') => text.push_str(&format!("{shown:?}")),
            verb => return Err(format!("no verb {verb:?}")),
        }
        text.push_str(rest.as_str());
    }
    Ok(Some(Value::String(text)))
}

#[cfg(test)]
mod tests {
    use regoc_runtime::Value;

    use super::sprintf;

    #[test]
    fn texts_and_numbers_are_shown_as_the_policies_want_them() {
        let values = Value::Array(vec![Value::String("a".to_owned()), Value::Number("3".to_owned())]);
        let of = |format: &str| sprintf(&[Value::String(format.to_owned()), values.clone()]);
        assert_eq!(of("%q is %v!"), Ok(Some(Value::String("\"a\" is 3!".to_owned()))));
        assert!(of("%x %v").is_err() && of("%v %v %v").is_err());
    }
}
