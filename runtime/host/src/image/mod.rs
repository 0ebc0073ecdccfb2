//! Data that many instances of one policy share: read once, packed, and mapped into each.

mod file;
mod mapped;
mod pack;

use std::fmt;
use std::sync::Arc;

use wasmtime::{ExternType, Module};

pub(crate) use self::mapped::Mapped;

use self::pack::{Malformed, Packed, pack};
use crate::document::{Data, check_document};
use crate::error::{Error, ErrorKind};
use crate::instance::{Instance, Loaded, Source};
use crate::policy::{Inner, Policy};

/// Base data for the instances of one policy: read, packed and indexed once, and mapped copy-on-write into each instance, which is
/// ready at once and holds nothing of its own but what it changes. `Send + Sync`, cheap to clone.
///
/// An image never changes. [`Image::with`] and [`Image::without`] make further ones, [`Instance::set_image`] gives an instance another one
/// between two decisions, so a decision sees one state of the data from its beginning to its end.
///
/// Where the system is not Linux, making an instance copies the image. Modules of other compilers, and of other versions of regoc, read the data
/// anew for each instance.
#[derive(Clone)]
pub struct Image {
    policy: Policy,
    pub(crate) source: Source,
}

impl Image {
    /// Reads data for a policy.
    pub(crate) fn new(policy: &Policy, data: &Data) -> Result<Self, Error> {
        if policy.inner.identity.is_none() {
            let source = Source::Text(data.clone());
            // What cannot be read is an error here, not in each instance.
            Instance::new(policy.clone(), source.clone())?;
            return Ok(Self { policy: policy.clone(), source });
        }
        Self::of_memory(policy, &mut Loaded::new(&policy.inner, &Source::Text(data.clone()))?)
    }

    /// Packs the document of an instance.
    fn of_memory(policy: &Policy, loaded: &mut Loaded) -> Result<Self, Error> {
        let data = loaded.data;
        let (memory, indexes) = loaded.raw.memory_and_indexes();
        let packed = pack(memory, policy.inner.heap_base.0, data.0, indexes).map_err(|Malformed(address)| {
            let message = format!("the data cannot be packed: at address {address} lies no value");
            Error::new(ErrorKind::Internal, message)
        })?;
        Self::of_packed(policy, &packed)
    }

    /// Makes a packed document ready for instances.
    fn of_packed(policy: &Policy, packed: &Packed) -> Result<Self, Error> {
        let Inner { code, heap_base, .. } = &*policy.inner;
        // Memory is an engine's own, and instances over an image stay as they are.
        let module = code.settled();
        let mapped = Mapped::new(module.engine(), needed_pages(module), *heap_base, packed)?;
        Ok(Self { policy: policy.clone(), source: Source::Image(Arc::new(mapped)) })
    }

    /// The image of data that has another value at a path of keys; objects are made on the way where there is nothing. This one stays as it is.
    ///
    /// # Errors
    ///
    /// When the path is empty or leads through something that is no object, the text is not JSON, or there is no memory for it.
    pub fn with(&self, path: &[&str], json: &str) -> Result<Self, Error> {
        check_document("value", json)?;
        self.changed(path, Some(json))
    }

    /// The image of data that has nothing at a path of keys. This one stays as it is; where nothing lies at the path, the new one is equal.
    ///
    /// # Errors
    ///
    /// When the path is empty, or there is no memory for it.
    pub fn without(&self, path: &[&str]) -> Result<Self, Error> {
        self.changed(path, None)
    }

    fn changed(&self, path: &[&str], json: Option<&str>) -> Result<Self, Error> {
        let mut loaded = Loaded::new(&self.policy.inner, &self.source)?;
        let path_text = serde_json::Value::from(path).to_string();
        match loaded.change_data(&path_text, json)? {
            0 => {}
            _ if path.is_empty() => {
                return Err(Error::new(ErrorKind::InvalidPath, "the path is empty: make an image of the whole data"));
            }
            _ => {
                let message = format!("the path {path_text} leads through something that is no object");
                return Err(Error::new(ErrorKind::InvalidPath, message));
            }
        }
        match &self.source {
            Source::Image(_) => Self::of_memory(&self.policy, &mut loaded),
            Source::Text(_) => {
                let data = loaded.raw.dump(loaded.data)?;
                Self::new(&self.policy, &Data::from_checked_json(&data))
            }
        }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// A new instance over the data.
    ///
    /// # Errors
    ///
    /// When there is no memory for it within the limits.
    pub fn instance(&self) -> Result<Instance, Error> {
        Instance::new(self.policy.clone(), self.source.clone())
    }

    /// How many bytes of memory the data takes, once for all instances; `None` for a module of another compiler, of which each instance
    /// has data of its own.
    #[must_use]
    pub fn size(&self) -> Option<usize> {
        match &self.source {
            Source::Image(mapped) => Some((mapped.heap.0 - mapped.base.0) as usize),
            Source::Text(_) => None,
        }
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("policy", &self.policy).field("size", &self.size()).finish_non_exhaustive()
    }
}

/// How many pages of memory a module wants to begin with.
fn needed_pages(module: &Module) -> u64 {
    let pages = module.imports().filter_map(|import| match import.ty() {
        ExternType::Memory(memory) => Some(memory.minimum()),
        _ => None,
    });
    pages.max().unwrap_or(0)
}
