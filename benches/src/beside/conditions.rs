//! On what and with whom a run was made.

use std::fs::read_to_string;
use std::path::Path;
use std::process::Command;
use std::thread::available_parallelism;

use regoc_spec_tests::tool;

/// The machine and the versions, each with what it is called.
#[derive(Clone, Debug, Default)]
pub struct Conditions(Vec<(&'static str, String)>);

impl Conditions {
    /// Those of this moment. What cannot be found out is left out.
    #[must_use]
    pub fn now() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        let machine = processor().map(|name| format!("{name}, {cores} cores"));
        let load = read_to_string("/proc/loadavg").ok();
        let load = load.and_then(|text| Some(format!("{} on average over the last minute", text.split(' ').next()?)));
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (own, peers) = (root.join("../Cargo.lock"), root.join("peers/rust/Cargo.lock"));
        let found = [
            ("machine", machine),
            ("load before the run", load),
            ("OPA", opa()),
            ("wasmtime", version(&own, "wasmtime")),
            ("regorus", version(&peers, "regorus")),
            ("Cedar", version(&peers, "cedar-policy")),
            ("serde_json", version(&peers, "serde_json")),
        ];
        Self(found.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect())
    }

    /// A list.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        self.0.iter().map(|(name, value)| format!("- {name}: {value}\n")).collect()
    }
}

fn processor() -> Option<String> {
    let text = read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn opa() -> Option<String> {
    let output = Command::new(tool::find_opa()?).arg("version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    Some(format!("{}, {}", value("Version:")?, value("Go Version:")?))
}

/// The version of a package in a lock file.
fn version(lock: &Path, package: &str) -> Option<String> {
    let text = read_to_string(lock).ok()?;
    let (_, rest) = text.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    Some(rest.split_once('"')?.0.to_owned())
}
