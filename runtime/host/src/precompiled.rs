//! Files of modules that were compiled for an engine and a processor before they are loaded: they are ready at once.
//!
//! A file is [`MAGIC`], the SHA-256 of what follows, and what the engine makes of a module; in that the engine keeps its own version, its
//! settings, and the features of the processor, and refuses what does not fit. The hash shows damage, not malice: whoever can write the file
//! can write the hash too, so such a file is trusted as a program is. Compiles and loads nothing itself.

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind};

/// What a file begins with: what it is, and the version of this format.
const MAGIC: &[u8] = b"\0regoc precompiled 1\n";

/// The bytes of a hash.
const HASH: usize = 32;

/// Whether bytes say of themselves that they are such a file, of whatever version.
#[must_use]
pub fn is_precompiled(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC.get(..b"\0regoc precompiled ".len()).unwrap_or_default())
}

/// The file of what an engine made.
pub(crate) fn write(code: &[u8]) -> Vec<u8> {
    [MAGIC, Sha256::digest(code).as_slice(), code].concat()
}

/// What an engine made, out of a file.
pub(crate) fn read(file: &[u8]) -> Result<&[u8], Error> {
    let wrong = |why: &str| Err(Error::new(ErrorKind::InvalidModule, format!("the precompiled module {why}")));
    if !is_precompiled(file) {
        return wrong("does not begin as one: it is another kind of file");
    }
    let Some((hash, code)) = file.strip_prefix(MAGIC).and_then(|rest| rest.split_at_checked(HASH)) else {
        return wrong("is cut off, or of another version of regoc: build it again");
    };
    if Sha256::digest(code).as_slice() != hash {
        return wrong("is damaged: its contents are not what was written");
    }
    Ok(code)
}
