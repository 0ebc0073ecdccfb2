//! Links the program at a fixed address where a dynamic linker would else write tens of thousands of addresses at each start, which takes up
//! to a quarter of the time that a build of ten rules takes.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |key: &str| env::var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    // Where `cc` links, and the last of its arguments counts. A static program has a start of its own for each of the two.
    let is_static = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if target("OS") == "linux" && target("ENV") == "gnu" && !is_static {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
