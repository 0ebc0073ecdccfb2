//! Reads the guest library when the compiler is built and lays it out so that a build of a policy need not: reading it takes longer than
//! all else that a small policy asks for.
#![expect(dead_code, unreachable_pub, reason = "the modules are the linker's: each of its builds uses a part of them")]
#![expect(clippy::disallowed_methods, reason = "what is pure is the compiler, not how it is built")]

extern crate alloc;

#[path = "src/codegen/link/error.rs"]
mod error;
#[path = "syntax/src/index.rs"]
mod index;
#[path = "src/codegen/link/library.rs"]
mod library;
#[path = "src/codegen/link/object.rs"]
mod object;
#[path = "src/codegen/link/pack.rs"]
mod pack;
#[path = "src/codegen/link/read.rs"]
mod read;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use error::LinkError;

fn main() -> Result<(), Box<dyn Error>> {
    let guest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/guest/guest.wasm");
    println!("cargo:rerun-if-changed={}", guest.display());
    let image = pack::pack(&read::read(&fs::read(guest)?)?)?;
    let folder = env::var_os("OUT_DIR").ok_or("cargo gives no folder to write to")?;
    fs::write(Path::new(&folder).join("guest.image"), image)?;
    Ok(())
}
