//! The committed guest library comes from the committed source: `make guest` gives the same bytes.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::tool;

/// The compiler that made the committed bytes, see `runtime/guest/build.sh`; another one gives other bytes.
const COMPILER: &str = "rustc 1.96.0";
/// Where Debian puts it, and its linker.
const PLACES: [&str; 2] = ["/usr/bin/rustc", "/usr/bin/wasm-ld-19"];

#[test]
fn the_committed_guest_is_what_its_source_gives() -> Result<()> {
    let version = Command::new(PLACES[0]).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    if !PLACES.iter().all(|place| Path::new(place).exists()) || !version.starts_with(COMPILER.as_bytes()) {
        tool::skip(
            "skipped: the guest's compiler is not here (Debian: rustc-web 1.96.0, rust-web-src, cargo-web, lld-19)",
        );
        return Ok(());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = TemporaryFolder::new()?;
    let made = folder.join("guest.wasm");
    let mut command = Command::new(root.join("runtime/guest/build.sh"));
    // Cargo tells the processes that it starts which toolchain runs: this is another one.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO") || name.starts_with("RUST")) {
        if name != "CARGO_HOME" {
            command.env_remove(name);
        }
    }
    tool::run(command.env("GUEST_OUT", &made).env("GUEST_TARGET_DIR", root.join("target/guest")))?;
    let committed = std::fs::read(root.join("runtime/guest/guest.wasm"))?;
    ensure!(
        std::fs::read(made)? == committed,
        "runtime/guest/guest.wasm is not what `make guest` gives: run it and commit the file"
    );
    Ok(())
}
