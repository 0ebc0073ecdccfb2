//! Images in files: the identity of the policy's module, the addresses of what [`super::pack`] made, and its bytes. Nothing in them is code, and
//! addresses are checked, so a file may come from anybody: at worst the policy's own module reads nonsense or ends with an error.

use crate::blocks::WORD;
use crate::error::{Error, ErrorKind};
use crate::identity::Identity;
use crate::instance::{Loaded, Source};
use crate::policy::Policy;
use crate::sealed::Kind;

use super::Image;
use super::pack::Packed;

const FILE: Kind =
    Kind { begin: b"\0regoc data image ", version: b"1\n", name: "image of data", error: ErrorKind::InvalidImage };

impl Image {
    /// The image as a file, for [`Policy::read_image`] on any machine.
    ///
    /// # Errors
    ///
    /// When the module is one of another compiler, or there is no memory for an instance within the limits.
    pub fn to_file(&self) -> Result<Vec<u8>, Error> {
        let Source::Image(mapped) = &self.source else {
            let message = "the policy was not built by this version of regoc: its data has no image that could be kept";
            return Err(Error::new(ErrorKind::InvalidImage, message));
        };
        let mut loaded = Loaded::new(&self.policy.inner, &self.source)?;
        let (memory, _) = loaded.raw.memory_and_indexes();
        let bytes = memory.get(mapped.base.0 as usize..mapped.heap.0 as usize).unwrap_or_default();
        let words = [mapped.base.0, mapped.data.0, mapped.indexes].map(u32::to_le_bytes).concat();
        Ok(FILE.write(&[&Identity::to_bytes(self.policy.inner.identity.as_ref()), &words, bytes]))
    }

    /// The image of a file.
    pub(crate) fn read(policy: &Policy, file: &[u8]) -> Result<Self, Error> {
        let cut = || FILE.wrong("is cut off");
        let (identity, rest) = Identity::split(FILE.read(file)?).ok_or_else(cut)?;
        if identity.is_none() || identity != policy.inner.identity {
            return Err(FILE.wrong("is one of another policy, or of the policy before it was built anew"));
        }
        let (base, rest) = word(rest).ok_or_else(cut)?;
        let (data, rest) = word(rest).ok_or_else(cut)?;
        let (indexes, bytes) = word(rest).ok_or_else(cut)?;
        let within = |address: u32| (address.wrapping_sub(base) as usize) < bytes.len();
        if base != policy.inner.heap_base.0 || !within(data) || indexes != 0 && !within(indexes) {
            return Err(FILE.wrong("has addresses that lead out of it"));
        }
        let packed = Packed { bytes: bytes.to_vec(), data, indexes };
        Self::of_packed(policy, &packed)
    }
}

/// The word that bytes begin with, and the rest.
fn word(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (word, rest) = bytes.split_first_chunk::<WORD>()?;
    Some((u32::from_le_bytes(*word), rest))
}
