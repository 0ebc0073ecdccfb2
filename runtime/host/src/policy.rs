//! A policy: a compiled module of which everything that can be checked once is checked.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use regoc_abi::{ABI_MINOR_VERSION_GLOBAL, ABI_VERSION, ABI_VERSION_GLOBAL, exports, imports};
use wasmtime::{ExternType, Module};

use crate::address::{EntrypointId, HeapPointer};
use crate::builtins::HostBuiltin;
use crate::code::{Code, Engines};
use crate::document::Data;
use crate::error::{Error, ErrorKind};
use crate::identity::Identity;
use crate::image::Image;
use crate::instance::{Instance, Raw, Source};
use crate::limits::polls;
use crate::nearest::nearest;
use crate::precompiled;
use crate::runtime::Shared;

/// A policy, loaded once, `Send + Sync`, cheap to clone. Each thread makes an [`Instance`] of its own.
#[derive(Clone)]
pub struct Policy {
    pub(crate) inner: Arc<Inner>,
}

/// What instances need of their policy.
pub(crate) struct Inner {
    pub(crate) shared: Arc<Shared>,
    pub(crate) code: Code,
    /// The names of the entrypoints, each with its number, sorted by number.
    entrypoints: Vec<(String, EntrypointId)>,
    /// Host builtins by the number that the module calls them by; numbers may be missing in between.
    pub(crate) builtins: Arc<[Option<HostBuiltin>]>,
    /// The version of the ABI: major and minor.
    version: (i32, i32),
    /// Where the heap of a fresh instance begins.
    pub(crate) heap_base: HeapPointer,
    /// Whether an instance over no data was made.
    has_instance: AtomicBool,
    /// No data, for further instances.
    empty: OnceLock<Source>,
    /// Which module it is, if it keeps values as this version of regoc does.
    pub(crate) identity: Option<Identity>,
}

/// The exports without which there is no evaluating.
const NEEDED: &[&str] = &[
    "builtins",
    "entrypoints",
    "opa_free",
    "opa_heap_ptr_get",
    "opa_heap_ptr_set",
    "opa_json_dump",
    "opa_json_parse",
    "opa_malloc",
    "opa_value_dump",
    "opa_value_parse",
];

impl Policy {
    pub(crate) fn load(shared: Arc<Shared>, bytes: &[u8]) -> Result<Self, Error> {
        Self::load_by(shared, bytes, Engines::compile)
    }

    /// The same with code that is as good as can be, whatever the runtime makes for instances.
    pub(crate) fn load_optimized(shared: Arc<Shared>, bytes: &[u8]) -> Result<Self, Error> {
        Self::load_by(shared, bytes, Engines::compile_optimized)
    }

    fn load_by(
        shared: Arc<Shared>,
        bytes: &[u8],
        compile: impl Fn(&Engines, &[u8]) -> wasmtime::Result<Code>,
    ) -> Result<Self, Error> {
        check_magic(bytes)?;
        let compile = |bytes: &[u8]| {
            compile(&shared.engines, bytes).map_err(|error| {
                Error::new(ErrorKind::InvalidModule, format!("not a valid WebAssembly module: {}", error.root_cause()))
            })
        };
        let code = match shared.limits.time.map(|_| polls::insert(bytes)) {
            None => compile(bytes)?,
            Some(Ok(polled)) => compile(&polled)?,
            // In the engine's words, where it would refuse the module too.
            Some(Err(error)) => return Err(compile(bytes).err().unwrap_or(error)),
        };
        Self::of(shared, code, Identity::of(bytes))
    }

    /// Loads what [`Policy::precompile`] wrote.
    ///
    /// # Safety
    /// The file was written by it: its code runs as it stands.
    #[expect(unsafe_code, reason = "code of a file")]
    pub(crate) unsafe fn load_precompiled(shared: Arc<Shared>, file: &[u8]) -> Result<Self, Error> {
        let (identity, code) = precompiled::read(file, shared.limits.time.is_some())?;
        // SAFETY: the caller's.
        let code = unsafe { shared.engines.deserialize(code) }.map_err(|error| {
            let message = format!("the precompiled module is for another host, build it again: {}", error.root_cause());
            Error::new(ErrorKind::InvalidModule, message)
        })?;
        Self::of(shared, code, identity)
    }

    /// The file of the compiled module, for a runtime with the same settings, on this machine or one like it.
    pub(crate) fn precompile(&self) -> Result<Vec<u8>, Error> {
        match self.inner.code.settled().serialize() {
            Ok(code) => {
                Ok(precompiled::write(self.inner.identity.as_ref(), self.inner.shared.limits.time.is_some(), &code))
            }
            Err(error) => Err(Error::new(ErrorKind::Internal, error.root_cause().to_string())),
        }
    }

    fn of(shared: Arc<Shared>, code: Code, identity: Option<Identity>) -> Result<Self, Error> {
        let module = code.now();
        check_imports(module)?;
        check_exports(module)?;
        let mut raw = Raw::new(&shared, module, Arc::new([]), None)?;
        let version = raw.abi_version(ABI_VERSION_GLOBAL, ABI_MINOR_VERSION_GLOBAL);
        if version.0 != ABI_VERSION {
            let message =
                format!("the module has version {} of OPA's wasm ABI; this host has version {ABI_VERSION}", version.0);
            return Err(Error::new(ErrorKind::NotAPolicy, message));
        }
        let heap_base = raw.heap_end()?;
        let mut entrypoints: Vec<_> =
            raw.entrypoints()?.into_iter().map(|(name, id)| (name, EntrypointId(id))).collect();
        entrypoints.sort_by_key(|(_, id)| *id);
        let builtins = find_builtins(&shared, raw.builtins()?)?;
        drop(raw);
        Ok(Self {
            inner: Arc::new(Inner {
                shared,
                code,
                entrypoints,
                builtins,
                version,
                heap_base,
                has_instance: AtomicBool::new(false),
                empty: OnceLock::new(),
                identity,
            }),
        })
    }

    /// The names of the entrypoints, in the module's order.
    pub fn entrypoints(&self) -> impl ExactSizeIterator<Item = &str> {
        self.inner.entrypoints.iter().map(|(name, _)| name.as_str())
    }

    /// The number of an entrypoint, such as `example/allow`, for [`Instance::evaluate`].
    ///
    /// # Errors
    ///
    /// When the policy has no entrypoint of that name; the message lists the nearest names.
    pub fn entrypoint(&self, name: &str) -> Result<EntrypointId, Error> {
        match self.inner.entrypoints.iter().find(|(known, _)| known == name) {
            Some((_, id)) => Ok(*id),
            None => Err(Error::new(ErrorKind::UnknownEntrypoint, self.unknown_entrypoint(name))),
        }
    }

    /// The names of the host builtins that the policy calls.
    pub fn host_builtins(&self) -> impl Iterator<Item = &str> {
        self.inner.builtins.iter().flatten().map(|builtin| &*builtin.name)
    }

    /// The version of OPA's wasm ABI that the module has: major and minor.
    #[must_use]
    pub fn abi_version(&self) -> (i32, i32) {
        self.inner.version
    }

    /// A new instance, with no data.
    ///
    /// # Errors
    ///
    /// When there is no memory for it within the limits.
    pub fn instance(&self) -> Result<Instance, Error> {
        // One instance is made sooner without an image, any further one with it.
        let is_further = self.inner.has_instance.swap(true, Ordering::Relaxed) && self.is_settled();
        if is_further && self.inner.empty.get().is_none() {
            let source = self.image(&Data::default()).map(|image| image.source);
            let _ = self.inner.empty.set(source.unwrap_or_else(|_| Source::Text(Data::default())));
        }
        match self.inner.empty.get() {
            Some(source) => Instance::new(self.clone(), source.clone()),
            None => self.instance_over(&Data::default()),
        }
    }

    /// Whether instances that are made now have the best code that there will be; with [`Compilation::Tiered`](crate::Compilation) not yet
    /// at first.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.inner.code.is_settled()
    }

    /// A new instance over data: what [`Policy::instance`] and [`Instance::set_data`] make, in one step.
    ///
    /// # Errors
    ///
    /// When the module cannot read the data, or there is no memory for it within the limits.
    pub fn instance_over(&self, data: &Data) -> Result<Instance, Error> {
        Instance::new(self.clone(), Source::Text(data.clone()))
    }

    /// Data for many instances: read once, and shared by all. See [`Image`].
    ///
    /// # Errors
    ///
    /// When the module cannot read the data, or there is no memory for it within the limits.
    pub fn image(&self, data: &Data) -> Result<Image, Error> {
        Image::new(self, data)
    }

    /// Data that [`Image::to_file`] wrote, on this machine or another.
    ///
    /// # Errors
    ///
    /// When the bytes are not such a file, are damaged, or are of another policy or version; the message says which.
    pub fn read_image(&self, file: &[u8]) -> Result<Image, Error> {
        Image::read(self, file)
    }

    fn unknown_entrypoint(&self, name: &str) -> String {
        let near = nearest(name, self.entrypoints());
        let list = near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        match near.len() {
            0 => format!("the policy has no entrypoint `{name}`, and no other either"),
            _ => format!("the policy has no entrypoint `{name}`; the nearest it has: {list}"),
        }
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy").field("entrypoints", &self.inner.entrypoints).finish_non_exhaustive()
    }
}

/// Tells what else the bytes are, where that is easy to see.
fn check_magic(bytes: &[u8]) -> Result<(), Error> {
    let problem = match bytes {
        [b'\0', b'a', b's', b'm', 1, 0, 0, 0, ..] => return Ok(()),
        [b'\0', b'a', b's', b'm', 13, 0, ..] => "a WebAssembly component, not a module".to_owned(),
        [b'\0', b'a', b's', b'm', version @ ..] if version.len() >= 4 => {
            "of an unknown version of WebAssembly".to_owned()
        }
        [] => "empty".to_owned(),
        _ if b"\0asm\x01\0\0\0".starts_with(bytes) => "cut off: a WebAssembly module has at least 8 bytes".to_owned(),
        _ if precompiled::is_precompiled(bytes) => "precompiled, and so not loaded as WebAssembly".to_owned(),
        [0x1f, 0x8b, ..] => "compressed with gzip; if it is a bundle, load the `policy.wasm` in it".to_owned(),
        _ => "not WebAssembly: it does not begin with `\\0asm`".to_owned(),
    };
    Err(Error::new(ErrorKind::InvalidModule, format!("the module is {problem}")))
}

/// Refuses a module that imports what no host of this ABI has.
fn check_imports(module: &Module) -> Result<(), Error> {
    for import in module.imports() {
        let known = import.module() == imports::MODULE
            && match import.ty() {
                ExternType::Memory(memory) => {
                    import.name() == imports::MEMORY && !memory.is_64() && !memory.is_shared()
                }
                ExternType::Func(_) => {
                    let builtins = imports::BUILTINS.map(|function| function.name);
                    import.name() == imports::ABORT.name
                        || import.name() == crate::state::PRINTLN
                        || builtins.contains(&import.name())
                }
                _ => false,
            };
        if !known {
            let message =
                format!("the module imports `{}.{}`, which this host does not have", import.module(), import.name());
            return Err(Error::new(ErrorKind::Unmet, message));
        }
    }
    Ok(())
}

/// Refuses a module that is not a policy.
fn check_exports(module: &Module) -> Result<(), Error> {
    let missing = |name: &str| {
        let message = format!("the module is not a policy: it does not export `{name}` of OPA's wasm ABI");
        Err(Error::new(ErrorKind::NotAPolicy, message))
    };
    for name in NEEDED {
        if !matches!(module.get_export(name), Some(ExternType::Func(_))) {
            return missing(name);
        }
    }
    if module.get_export("opa_eval").is_none() && module.get_export("opa_eval_ctx_new").is_none() {
        return missing("opa_eval");
    }
    let imports_memory = module.imports().any(|import| matches!(import.ty(), ExternType::Memory(_)));
    if !imports_memory && !matches!(module.get_export(exports::MEMORY), Some(ExternType::Memory(_))) {
        return missing(exports::MEMORY);
    }
    Ok(())
}

/// Finds every host builtin that the module lists.
fn find_builtins(shared: &Shared, listed: Vec<(String, u32)>) -> Result<Arc<[Option<HostBuiltin>]>, Error> {
    /// More than OPA has; keeps a broken module from making a list of billions.
    const MOST: usize = 1 << 16;
    let effects = (shared.effects)();
    let mut builtins: Vec<Option<HostBuiltin>> = Vec::new();
    for (name, id) in listed {
        let id = id as usize;
        if id >= MOST {
            return Err(Error::new(ErrorKind::NotAPolicy, format!("the module gives `{name}` the number {id}")));
        }
        let builtin = shared.builtins.find(&name, effects.as_ref()).map_err(|why| Error::new(ErrorKind::Unmet, why))?;
        if builtins.len() <= id {
            builtins.resize(id + 1, None);
        }
        if let Some(slot) = builtins.get_mut(id) {
            *slot = Some(builtin);
        }
    }
    Ok(builtins.into())
}
