//! Files of modules that were compiled for an engine and a processor before they are loaded: they are ready at once.
//!
//! A file is a [`Kind`] of sealed file that holds the identity of the module, whether its time can be limited, and what the engine makes of it; in
//! that the engine keeps its own version, its settings, and the features of the processor, and refuses what does not fit. Such a file is trusted as
//! a program is.
//! Compiles and loads nothing itself.

use crate::error::{Error, ErrorKind};
use crate::identity::Identity;
use crate::sealed::Kind;

const FILE: Kind = Kind {
    begin: b"\0regoc precompiled ",
    version: b"3\n",
    name: "precompiled module",
    error: ErrorKind::InvalidModule,
};

/// Whether bytes say of themselves that they are such a file, of whatever version.
#[must_use]
pub fn is_precompiled(bytes: &[u8]) -> bool {
    FILE.is_of(bytes)
}

/// The file of what an engine made.
pub(crate) fn write(identity: Option<&Identity>, is_limited: bool, code: &[u8]) -> Vec<u8> {
    FILE.write(&[&Identity::to_bytes(identity), &[u8::from(is_limited)], code])
}

/// The identity of a module and what an engine made of it, out of a file; for a runtime that limits time or does not.
pub(crate) fn read(file: &[u8], limits_time: bool) -> Result<(Option<Identity>, &[u8]), Error> {
    let nothing = || FILE.wrong("holds nothing");
    let (identity, rest) = Identity::split(FILE.read(file)?).ok_or_else(nothing)?;
    let (is_limited, code) = rest.split_first().ok_or_else(nothing)?;
    match (*is_limited != 0, limits_time) {
        (false, true) => Err(FILE.wrong("is for another host, which limits no time: build it again for this one")),
        (true, false) => Err(FILE.wrong("is for another host, which limits time: build it again for this one")),
        _ => Ok((identity, code)),
    }
}
