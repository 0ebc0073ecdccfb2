//! Files with a hash over what they hold: what it is and the version of the format, the SHA-256 of what follows, and that. The hash shows
//! damage, not malice: whoever can write the file can write the hash too.

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind};
use crate::identity::HASH;

/// A kind of file.
pub(crate) struct Kind {
    /// What a file of the kind begins with, whatever its version.
    pub(crate) begin: &'static [u8],
    /// What comes then: the version of the format.
    pub(crate) version: &'static [u8],
    /// What messages call it.
    pub(crate) name: &'static str,
    /// The kind of the errors of files that are refused.
    pub(crate) error: ErrorKind,
}

impl Kind {
    /// Whether bytes say of themselves that they are such a file, of whatever version.
    pub(crate) fn is_of(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(self.begin)
    }

    /// A file that holds these bytes.
    pub(crate) fn write(&self, contents: &[&[u8]]) -> Vec<u8> {
        let mut hash = Sha256::new();
        contents.iter().for_each(|part| hash.update(part));
        let mut file = [self.begin, self.version, hash.finalize().as_slice()].concat();
        contents.iter().for_each(|part| file.extend_from_slice(part));
        file
    }

    /// What a file holds.
    pub(crate) fn read<'f>(&self, file: &'f [u8]) -> Result<&'f [u8], Error> {
        let Some(rest) = file.strip_prefix(self.begin) else {
            return Err(self.wrong("does not begin as one: it is another kind of file"));
        };
        let Some((hash, contents)) = rest.strip_prefix(self.version).and_then(|rest| rest.split_at_checked(HASH))
        else {
            return Err(self.wrong("is cut off, or of another version of regoc: build it again"));
        };
        if Sha256::digest(contents).as_slice() != hash {
            return Err(self.wrong("is damaged: its contents are not what was written"));
        }
        Ok(contents)
    }

    /// The error of a file that is refused.
    pub(crate) fn wrong(&self, why: &str) -> Error {
        Error::new(self.error, format!("the {} {why}", self.name))
    }
}
