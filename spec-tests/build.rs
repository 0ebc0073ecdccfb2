//! Takes the Rust of README.md's "Use it from …" out of it, so that a test can run it as it stands there.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    println!("cargo:rerun-if-changed={}", readme.display());
    let text = fs::read_to_string(readme)?;
    let code = text.split("\n### Rust\n").nth(1).and_then(|text| text.split("```rust\n").nth(1));
    let code = code.and_then(|text| text.split("```").next()).unwrap_or_default();
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&out).join("readme.rs"), format!("{{\n{code}}}\n"))
}
