//! Files of modules that were compiled for an engine and a processor before they are loaded: they are ready at once.
//!
//! A file is a [`Kind`] of sealed file that holds the identity of the module and what the engine makes of it; in that the engine keeps its own
//! version, its settings, and the features of the processor, and refuses what does not fit. Such a file is trusted as a program is.
//! Compiles and loads nothing itself.

use crate::error::{Error, ErrorKind};
use crate::identity::Identity;
use crate::sealed::Kind;

const FILE: Kind = Kind {
    begin: b"\0regoc precompiled ",
    version: b"2\n",
    name: "precompiled module",
    error: ErrorKind::InvalidModule,
};

/// Whether bytes say of themselves that they are such a file, of whatever version.
#[must_use]
pub fn is_precompiled(bytes: &[u8]) -> bool {
    FILE.is_of(bytes)
}

/// The file of what an engine made.
pub(crate) fn write(identity: Option<&Identity>, code: &[u8]) -> Vec<u8> {
    FILE.write(&[&Identity::to_bytes(identity), code])
}

/// The identity of a module and what an engine made of it, out of a file.
pub(crate) fn read(file: &[u8]) -> Result<(Option<Identity>, &[u8]), Error> {
    Identity::split(FILE.read(file)?).ok_or_else(|| FILE.wrong("holds nothing"))
}
