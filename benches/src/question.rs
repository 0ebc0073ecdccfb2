//! What all are asked: a policy with its data, and inputs.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use regoc_spec_tests::build::{compiled_without, plan_without};
use regoc_spec_tests::workload::{Row, read};

/// A row of the benchmark.
#[derive(Clone, Debug)]
pub struct Question {
    /// The name of the row: `rbac-1000`.
    pub name: String,
    /// What is asked: `rbac/allow`. Behind a space, what else the module answers for.
    pub entrypoint: String,
    /// The policy, or OPA's plan of it (`.json`).
    pub policy: PathBuf,
    /// The base document.
    pub data: PathBuf,
    /// The inputs, a JSON text of one line each. The answers to all are compared.
    pub inputs: Vec<String>,
    /// So many of the inputs, from the first, are asked in turn when time is taken.
    pub timed: usize,
    /// The same in Cedar's words, where Cedar can be asked.
    pub cedar: Option<Twin>,
}

/// A question in Cedar's words.
#[derive(Clone, Debug)]
pub struct Twin {
    /// The policies.
    pub policy: PathBuf,
    /// The entities that are held.
    pub entities: PathBuf,
    /// The type of all resources.
    pub resource: &'static str,
    /// The requests, one for each input.
    pub requests: Vec<String>,
}

impl Question {
    /// The question of a workload. Its first input is timed, the others are asked once.
    ///
    /// # Errors
    /// When an input cannot be read.
    pub fn of_row(row: &Row) -> Result<Self> {
        let inputs = row.inputs.iter().map(|path| one_line(&read(path)?)).collect::<Result<_>>()?;
        let Row { name, entrypoint, policy, data, .. } = row.clone();
        Ok(Self { name, entrypoint, policy, data, inputs, timed: 1, cedar: None })
    }

    /// The module that regoc builds of the policy.
    ///
    /// # Errors
    /// When the policy cannot be read or built.
    pub fn module(&self) -> Result<Vec<u8>> {
        self.module_without(&[])
    }

    /// The same without some passes of the optimiser.
    ///
    /// # Errors
    /// When the policy cannot be read or built.
    pub fn module_without(&self, passes: &[&str]) -> Result<Vec<u8>> {
        let text = read(&self.policy)?;
        if self.policy.extension().is_some_and(|extension| extension == "json") {
            return plan_without(&text, &self.entrypoint, passes);
        }
        let entrypoints: Vec<&str> = self.entrypoint.split(' ').collect();
        Ok(compiled_without(&[("policy.rego", &text)], &entrypoints, passes)?.module.wasm)
    }

    /// The workload that it belongs to: `rbac`.
    #[must_use]
    pub fn family(&self) -> &str {
        family(&self.name)
    }
}

/// The family of a row, by its name: what stands before the scale.
#[must_use]
pub fn family(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((family, scale)) if scale.bytes().all(|byte| byte.is_ascii_digit()) => family,
        _ => name,
    }
}

/// The scale of a row, by its name.
#[must_use]
pub fn scale(name: &str) -> Option<u32> {
    name.rsplit_once('-').and_then(|(_, scale)| scale.parse().ok())
}

fn one_line(text: &str) -> Result<String> {
    let text = text.trim();
    ensure!(!text.contains('\n'), "an input has several lines; peers take one a line");
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{family, scale};

    #[test]
    fn names_are_a_family_and_a_scale() {
        assert_eq!((family("http-routes-5000"), scale("http-routes-5000")), ("http-routes", Some(5_000)));
        assert_eq!((family("k8s-admission"), scale("k8s-admission")), ("k8s-admission", None));
        assert_eq!((family("documents-input-50"), scale("documents-input-50")), ("documents-input", Some(50)));
    }
}
