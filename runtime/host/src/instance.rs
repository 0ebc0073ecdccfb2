//! One instance of a policy: memory, data and effects, answering one question at a time.

use std::ptr::NonNull;
use std::sync::Arc;

use regoc_abi::exports::{self, BASE_INDEX_GLOBAL, INDEX_DOCUMENT, STRINGS};
use regoc_abi::{errors, imports};
use serde::Serialize;
use wasmtime::{Extern, Memory, Module, PoolConcurrencyLimitError, Store, Trap, Val};

use crate::address::{EntrypointId, HeapPointer, TextAddress, ValueAddress, Word};
use crate::builtins::{Constant, HostBuiltin};
use crate::decision::{self, Decision};
use crate::document::{Data, Input};
use crate::effects::Effects;
use crate::error::{Error, ErrorKind};
use crate::exports::Exports;
use crate::held::Held;
use crate::image::{Image, Mapped};
use crate::limits::{MemoryLimiter, Timer, polls};
use crate::memory::{self, PAGE};
use crate::native::Room;
use crate::policy::{Inner, Policy};
use crate::runtime::Shared;
use crate::state::{self, State, Stop};

/// One instance of a policy. `Send` but used by one thread at a time; it can answer any number of questions, and its memory does not
/// grow from one to the next.
pub struct Instance {
    policy: Policy,
    source: Source,
    /// `None` after a call that was cut off: the next call begins with a fresh one.
    loaded: Option<Box<Loaded>>,
}

/// Where the data of an instance come from.
#[derive(Clone)]
pub(crate) enum Source {
    /// A text that the module reads.
    Text(Data),
    /// Memory that is mapped.
    Image(Arc<Mapped>),
}

impl Source {
    /// Whether two are the same, not only equal.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => std::ptr::eq(one.bytes(), other.bytes()),
            (Self::Image(one), Self::Image(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

/// An instance of the module with the data in its memory.
pub(crate) struct Loaded {
    pub(crate) raw: Raw,
    pub(crate) data: ValueAddress,
    /// What lies below holds the data.
    heap: HeapPointer,
    /// Whether there will be no better code for it.
    is_settled: bool,
}

impl Instance {
    pub(crate) fn new(policy: Policy, source: Source) -> Result<Self, Error> {
        let loaded = Some(Loaded::new(&policy.inner, &source)?.into());
        Ok(Self { policy, source, loaded })
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Replaces the data.
    ///
    /// # Errors
    ///
    /// When the module cannot read it, or it needs more memory than the limits allow; the instance keeps its data then.
    pub fn set_data(&mut self, data: &Data) -> Result<(), Error> {
        self.set_source(Source::Text(data.clone()))
    }

    /// Gives the instance the data of an image; it shares them with all others that have it.
    ///
    /// # Errors
    ///
    /// When the image is another policy's, or there is no memory for the instance within the limits; the instance keeps its data then.
    pub fn set_image(&mut self, image: &Image) -> Result<(), Error> {
        if !Arc::ptr_eq(&self.policy.inner, &image.policy().inner) {
            return Err(Error::new(ErrorKind::InvalidImage, "the image is one of another policy"));
        }
        self.set_source(image.source.clone())
    }

    fn set_source(&mut self, source: Source) -> Result<(), Error> {
        // A fresh instance rather than the old one's memory: whatever the old data left behind is given back to the system.
        self.loaded = Some(Loaded::new(&self.policy.inner, &source)?.into());
        self.source = source;
        Ok(())
    }

    /// Whether the instance has the data of an image, and is one of its policy.
    pub(crate) fn is_over(&self, image: &Image) -> bool {
        Arc::ptr_eq(&self.policy.inner, &image.policy().inner) && self.source.is(&image.source)
    }

    /// What the policy answers.
    ///
    /// # Errors
    ///
    /// When evaluation fails or exceeds the limits. The instance can be used again after any error.
    pub fn evaluate(&mut self, entrypoint: EntrypointId, input: &Input<'_>) -> Result<Decision, Error> {
        Decision::from_result_set(self.evaluate_raw(entrypoint, input)?)
    }

    /// The result set of an entrypoint, one JSON object for each result. For a module that was built from a query these are its
    /// bindings; for any other module use [`Instance::evaluate`].
    ///
    /// # Errors
    ///
    /// As [`Instance::evaluate`].
    pub fn evaluate_results(
        &mut self,
        entrypoint: EntrypointId,
        input: &Input<'_>,
    ) -> Result<Vec<serde_json::Value>, Error> {
        decision::parse(self.evaluate_raw(entrypoint, input)?)
    }

    /// The result set of an entrypoint as the JSON text that the module wrote: `[]` when it is undefined, else
    /// `[{"result":VALUE}]`. The text lies in the module's memory and lives until the next call.
    ///
    /// # Errors
    ///
    /// As [`Instance::evaluate`].
    pub fn evaluate_raw(&mut self, entrypoint: EntrypointId, input: &Input<'_>) -> Result<&[u8], Error> {
        self.go_over();
        self.ask(|loaded| loaded.evaluate(entrypoint, input))
    }

    /// Reads an input once, for several questions: [`Held::evaluate`].
    ///
    /// # Errors
    ///
    /// When the module cannot read it, or it needs more memory than the limits allow.
    pub fn hold<'i>(&'i mut self, input: Input<'i>) -> Result<Held<'i>, Error> {
        self.go_over();
        Held::of_text(self, input)
    }

    /// Takes a value of Rust as the input of one question or more, without making a text of it, where the module is one of this version of
    /// regoc. What it becomes is what its JSON text would be read as.
    ///
    /// # Errors
    ///
    /// When the value cannot be JSON, or it needs more memory than the limits allow.
    pub fn hold_value<T: Serialize + ?Sized>(&mut self, input: &T) -> Result<Held<'_>, Error> {
        self.go_over();
        Held::of_value(self, input)
    }

    /// Goes over to better code, if that has become ready since.
    fn go_over(&mut self) {
        let Some(loaded) = self.loaded.as_mut().filter(|loaded| !loaded.is_settled && self.policy.is_settled()) else {
            return;
        };
        match Loaded::new(&self.policy.inner, &self.source) {
            Ok(mut better) => {
                std::mem::swap(better.raw.effects(), loaded.raw.effects());
                **loaded = better;
            }
            // Where there is no room for both, it stays as it is.
            Err(_) => loaded.is_settled = true,
        }
    }

    /// Asks the module, in an instance that is in order, for a result set as text.
    pub(crate) fn ask(
        &mut self,
        ask: impl FnOnce(&mut Loaded) -> Result<TextAddress, Failure>,
    ) -> Result<&[u8], Error> {
        self.loaded()?;
        let Some(mut loaded) = self.loaded.take() else { return Ok(&[]) };
        let address = match ask(&mut loaded) {
            Ok(address) => address,
            Err(failure) => {
                // A module that aborted is in order; one that was cut off may not be.
                if failure.reusable {
                    self.loaded = Some(loaded);
                }
                return Err(failure.error);
            }
        };
        let Raw { store, memory, .. } = &self.loaded.insert(loaded).raw;
        memory::text(memory.data(store), address).map_err(|stop| failure(stop.into(), false).error)
    }

    /// The instance of the module, a fresh one after a call that was cut off.
    pub(crate) fn loaded(&mut self) -> Result<&mut Loaded, Error> {
        let loaded = match self.loaded.take() {
            Some(loaded) => loaded,
            None => Loaded::new(&self.policy.inner, &self.source)?.into(),
        };
        Ok(self.loaded.insert(loaded))
    }

    /// Where an input may be written to as the module keeps values; none where it is not known how it does.
    pub(crate) fn room(&mut self) -> Result<Option<Room<'_>>, Error> {
        if self.policy.inner.identity.is_none() {
            return Ok(None);
        }
        let Loaded { raw, heap, .. } = self.loaded()?;
        let strings = raw.guarded(|raw| match raw.instance.get_func(&mut raw.store, STRINGS.name) {
            Some(strings) => strings.typed::<(), i32>(&raw.store)?.call(&mut raw.store, ()).map(Some),
            None => Ok(None),
        });
        let strings = strings.map_err(|failure| failure.error)?.map(i32::cast_unsigned);
        Ok(Some(Room { memory: raw.memory.data(&raw.store), base: *heap, strings }))
    }

    /// How many bytes of linear memory the instance has.
    #[must_use]
    pub fn memory_size(&self) -> usize {
        self.loaded.as_ref().map_or(0, |loaded| loaded.raw.memory.data_size(&loaded.raw.store))
    }
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl Loaded {
    /// A fresh instance over data.
    pub(crate) fn new(policy: &Inner, source: &Source) -> Result<Self, Error> {
        let Inner { shared, code, builtins, .. } = policy;
        let mut loaded = match source {
            Source::Image(mapped) => {
                let raw = Raw::new(shared, code.settled(), builtins.clone(), Some(mapped))?;
                Self { raw, data: mapped.data, heap: mapped.heap, is_settled: true }
            }
            Source::Text(data) => {
                // Asked before the code is, which may become better meanwhile.
                let is_settled = code.is_settled();
                let raw = Raw::new(shared, code.now(), builtins.clone(), None)?;
                let mut loaded = Self { raw, data: ValueAddress::UNDEFINED, heap: HeapPointer(0), is_settled };
                loaded.read_data(data)?;
                loaded
            }
        };
        // What is below belongs to the host from here on: a mapped document is nothing that the module has made, and it takes nothing back.
        let heap = loaded.heap;
        let set = loaded.raw.guarded(|raw| raw.exports.set_heap_pointer(&mut raw.store, heap));
        set.map_err(|failure| failure.error)?;
        Ok(loaded)
    }

    /// Reads data, behind whatever there is.
    fn read_data(&mut self, data: &Data) -> Result<(), Error> {
        let parsed = self.raw.guarded(|raw| {
            let data = raw.parse(data.bytes())?;
            Ok((data, raw.exports.heap_pointer(&mut raw.store)?))
        });
        (self.data, self.heap) = parsed.map_err(|failure| failure.error)?;
        if self.data == ValueAddress::UNDEFINED {
            return Err(Error::new(
                ErrorKind::InvalidJson,
                "the module cannot read the data: a number in it may be too big",
            ));
        }
        Ok(())
    }

    /// Puts the value of a text at a path (an array of strings as JSON), or takes away what is there; gives the code of the ABI.
    pub(crate) fn change_data(&mut self, path: &str, json: Option<&str>) -> Result<u32, Error> {
        let data = self.data;
        let changed = self.raw.guarded(|raw| {
            let value = json.map(|json| raw.parse(json.as_bytes())).transpose()?;
            if value == Some(ValueAddress::UNDEFINED) {
                return Ok(None);
            }
            let path = raw.parse(path.as_bytes())?;
            let code = match value {
                Some(value) => raw.exports.add_path(&mut raw.store, data, path, value)?,
                None => raw.exports.remove_path(&mut raw.store, data, path)?,
            };
            if let Some(index) = raw.instance.get_func(&mut raw.store, INDEX_DOCUMENT.name) {
                index.typed::<i32, ()>(&raw.store)?.call(&mut raw.store, data.into_raw())?;
            }
            Ok(Some(code))
        });
        changed.map_err(|failure| failure.error)?.ok_or_else(|| {
            Error::new(ErrorKind::InvalidJson, "the module cannot read the value: a number in it may be too big")
        })
    }

    fn evaluate(&mut self, entrypoint: EntrypointId, input: &Input<'_>) -> Result<TextAddress, Failure> {
        let Self { data, heap, .. } = *self;
        self.decide(|raw| {
            if raw.single_call {
                return raw.evaluate(entrypoint, data, heap, input.bytes());
            }
            let (input, heap) = raw.parse_input(heap, input.bytes())?;
            raw.evaluate_in_steps(entrypoint, data, input, heap)
        })
    }

    /// Reads the text of an input; gives its value and where free memory begins behind it.
    pub(crate) fn read_input(&mut self, text: Option<&[u8]>) -> Result<(Option<ValueAddress>, HeapPointer), Error> {
        let heap = self.heap;
        self.raw.guarded(|raw| raw.parse_input(heap, text)).map_err(|failure| failure.error)
    }

    /// Writes an input that was made for memory from an address on.
    pub(crate) fn write_input(
        &mut self,
        base: HeapPointer,
        input: ValueAddress,
        bytes: &[u8],
    ) -> Result<(Option<ValueAddress>, HeapPointer), Error> {
        let placed = self.raw.guarded(|raw| raw.place(base, bytes)).map_err(|failure| failure.error)?;
        let heap = placed.0.saturating_add(u32::try_from(bytes.len()).unwrap_or(u32::MAX)).checked_next_multiple_of(8);
        let full = || Error::new(ErrorKind::MemoryLimit, "the input needs more than 4 GiB of memory");
        Ok((Some(input), HeapPointer(heap.ok_or_else(full)?)))
    }

    /// Evaluates with an input that lies in memory below `heap`.
    pub(crate) fn evaluate_held(
        &mut self,
        entrypoint: EntrypointId,
        input: Option<ValueAddress>,
        heap: HeapPointer,
    ) -> Result<TextAddress, Failure> {
        let data = self.data;
        self.decide(|raw| raw.evaluate_in_steps(entrypoint, data, input, heap))
    }

    /// One decision.
    fn decide(
        &mut self,
        decide: impl FnOnce(&mut Raw) -> wasmtime::Result<TextAddress>,
    ) -> Result<TextAddress, Failure> {
        let state = self.raw.store.data_mut();
        state.constant.reset();
        state.effects.begin_decision();
        state.first_failure = None;
        self.raw.guarded(|raw| {
            let address = decide(raw);
            match raw.store.data_mut().first_failure.take() {
                Some(failure) if address.is_ok() => Err(Stop::Abort(failure).into()),
                _ => address,
            }
        })
    }
}

/// An instantiated module, without data.
pub(crate) struct Raw {
    /// Where calls have a limit in time. Before the store, because it goes before the memory.
    timer: Option<Timer>,
    store: Store<State>,
    memory: Memory,
    exports: Exports,
    instance: wasmtime::Instance,
    /// Whether the module has `opa_eval` (ABI 1.2).
    single_call: bool,
}

impl Raw {
    /// Instantiates a module whose imports were checked, in memory of its own or in one that begins as an image.
    pub(crate) fn new(
        shared: &Arc<Shared>,
        module: &Module,
        builtins: Arc<[Option<HostBuiltin>]>,
        image: Option<&Mapped>,
    ) -> Result<Self, Error> {
        let state = State {
            effects: (shared.effects)(),
            constant: Constant::default(),
            limiter: MemoryLimiter { limit: shared.limits.memory },
            strict_builtin_errors: shared.strict_builtin_errors,
            first_failure: None,
            clock: None,
            allow_net: shared.allow_net.clone(),
            builtins,
            module: None,
        };
        let mut store = Store::new(module.engine(), state);
        store.limiter(|state| &mut state.limiter);
        let fail = |error: wasmtime::Error| failure(error, false).error;
        let mut imported = Vec::new();
        for import in module.imports() {
            imported.push(match import.ty() {
                wasmtime::ExternType::Memory(ty) => {
                    let memory = match image {
                        Some(image) => image.memory(&mut store),
                        None => Memory::new(&mut store, ty),
                    };
                    Extern::Memory(memory.map_err(fail)?)
                }
                _ => state::import(&mut store, import.name()).ok_or_else(|| {
                    Error::new(ErrorKind::Unmet, format!("the module imports `{}.{}`", imports::MODULE, import.name()))
                })?,
            });
        }
        let memory = imported.iter().find_map(|import| import.clone().into_memory());
        // What remains after the check of names is a function of another type than the ABI gives it.
        let unmet = |failure: Failure| match failure.error {
            error if error.kind() == ErrorKind::Internal => {
                Error::new(ErrorKind::Unmet, format!("the module cannot be instantiated: {}", error.message()))
            }
            error => error,
        };
        let instance = wasmtime::Instance::new(&mut store, module, &imported);
        let instance = instance.map_err(|error| unmet(failure(error, false)))?;
        let mut timer = watch(shared, &mut store, &instance)?;
        start(&mut timer, &mut store, &instance).map_err(unmet)?;
        let memory = memory
            .or_else(|| instance.get_memory(&mut store, exports::MEMORY))
            .ok_or_else(|| Error::new(ErrorKind::NotAPolicy, "the module has no memory"))?;
        if let Some(image) = image.filter(|image| image.indexes != 0) {
            let global = instance.get_global(&mut store, BASE_INDEX_GLOBAL);
            let set = global.map(|global| global.set(&mut store, Val::I32(image.indexes.cast_signed())));
            set.transpose().map_err(fail)?;
        }
        let exports = Exports::new(&mut store, &instance)?;
        let single_call = instance.get_func(&mut store, "opa_eval").is_some();
        store.data_mut().module = Some((memory, exports.clone()));
        Ok(Self { timer, store, memory, exports, instance, single_call })
    }

    /// The version of the ABI that two exported globals hold; 1.0 where there are none.
    pub(crate) fn abi_version(&mut self, major: &str, minor: &str) -> (i32, i32) {
        let mut global = |name: &str| {
            let global = self.instance.get_global(&mut self.store, name)?;
            match global.get(&mut self.store) {
                Val::I32(value) => Some(value),
                _ => None,
            }
        };
        (global(major).unwrap_or(1), global(minor).unwrap_or(0))
    }

    /// The names and numbers of the entrypoints.
    pub(crate) fn entrypoints(&mut self) -> Result<Vec<(String, u32)>, Error> {
        self.numbers("entrypoints", |exports, store| exports.entrypoints(store))
    }

    /// The names and numbers of the host builtins.
    pub(crate) fn builtins(&mut self) -> Result<Vec<(String, u32)>, Error> {
        self.numbers("builtins", |exports, store| exports.builtins(store))
    }

    /// Reads an object from names to numbers that an export returns.
    fn numbers(
        &mut self,
        name: &str,
        export: impl Fn(&Exports, &mut Store<State>) -> wasmtime::Result<ValueAddress>,
    ) -> Result<Vec<(String, u32)>, Error> {
        let value = self.guarded(|raw| export(&raw.exports, &mut raw.store)).map_err(|failure| failure.error)?;
        let text = self.dump(value)?;
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&text).map_err(|error| {
            Error::new(ErrorKind::NotAPolicy, format!("the module's `{name}` does not return an object: {error}"))
        })?;
        object
            .into_iter()
            .map(|(key, value)| match value.as_u64().and_then(|value| u32::try_from(value).ok()) {
                Some(value) => Ok((key, value)),
                None => Err(Error::new(ErrorKind::NotAPolicy, format!("`{name}` gives `{key}` no number"))),
            })
            .collect()
    }

    /// Runs calls into the module under the limits.
    fn guarded<T>(&mut self, run: impl FnOnce(&mut Self) -> wasmtime::Result<T>) -> Result<T, Failure> {
        begin(&mut self.timer)?;
        let result = run(self);
        end(&mut self.timer, result)
    }

    /// The end of the heap in use.
    pub(crate) fn heap_end(&mut self) -> Result<HeapPointer, Error> {
        self.guarded(|raw| raw.exports.heap_pointer(&mut raw.store)).map_err(|failure| failure.error)
    }

    /// The memory, and the address of the youngest index of base data in it, or 0.
    pub(crate) fn memory_and_indexes(&mut self) -> (&[u8], u32) {
        let global = self.instance.get_global(&mut self.store, BASE_INDEX_GLOBAL);
        let indexes = global.and_then(|global| global.get(&mut self.store).i32());
        (self.memory.data(&self.store), indexes.unwrap_or(0).cast_unsigned())
    }

    /// A value as JSON.
    pub(crate) fn dump(&mut self, value: ValueAddress) -> Result<Vec<u8>, Error> {
        let text = self.guarded(|raw| {
            let address = raw.exports.json_dump(&mut raw.store, value)?;
            Ok(memory::text(raw.memory.data(&raw.store), address)?.to_vec())
        });
        text.map_err(|failure| failure.error)
    }

    /// Makes the value of a text.
    fn parse(&mut self, text: &[u8]) -> wasmtime::Result<ValueAddress> {
        let Self { store, exports, .. } = self;
        let length = u32::try_from(text.len())?;
        let address = exports.malloc(&mut *store, length)?;
        memory::write(self.memory.data_mut(&mut *store), address, text)?;
        let value = exports.json_parse(&mut *store, address, length)?;
        exports.free(&mut *store, address)?;
        Ok(value)
    }

    /// ABI 1.2: the input lies where the free heap begins, and one call does everything.
    fn evaluate(
        &mut self,
        entrypoint: EntrypointId,
        data: ValueAddress,
        heap: HeapPointer,
        input: Option<&[u8]>,
    ) -> wasmtime::Result<TextAddress> {
        let (input, length) = match input {
            Some(bytes) => (self.place(heap, bytes)?, u32::try_from(bytes.len())?),
            None => (TextAddress(0), 0),
        };
        // The allocator of a module may want its heap aligned.
        let free = heap.0.checked_add(length).and_then(|end| end.checked_next_multiple_of(8));
        let Some(free) = free.map(HeapPointer) else {
            return Err(
                Stop::Protocol(format!("no memory is left behind the heap, which ends at address {}", heap.0)).into()
            );
        };
        self.exports.evaluate(&mut self.store, 0, entrypoint, data, input, length, free, 0)
    }

    /// Reads the text of an input, behind `heap`; gives its value and where free memory begins behind it.
    fn parse_input(
        &mut self,
        heap: HeapPointer,
        text: Option<&[u8]>,
    ) -> wasmtime::Result<(Option<ValueAddress>, HeapPointer)> {
        self.exports.set_heap_pointer(&mut self.store, heap)?;
        let input = text.map(|text| self.parse(text)).transpose()?;
        Ok((input, self.exports.heap_pointer(&mut self.store)?))
    }

    /// The same in steps, with a value: ABI 1.0 and 1.1, and inputs that are kept.
    fn evaluate_in_steps(
        &mut self,
        entrypoint: EntrypointId,
        data: ValueAddress,
        input: Option<ValueAddress>,
        heap: HeapPointer,
    ) -> wasmtime::Result<TextAddress> {
        let Self { store, exports, .. } = self;
        exports.set_heap_pointer(&mut *store, heap)?;
        let context = exports.context_new(&mut *store)?;
        if let Some(input) = input {
            exports.context_set_input(&mut *store, context, input)?;
        }
        exports.context_set_data(&mut *store, context, data)?;
        exports.context_set_entrypoint(&mut *store, context, entrypoint)?;
        exports.evaluate_context(&mut *store, context)?;
        let result = exports.context_result(&mut *store, context)?;
        exports.json_dump(&mut *store, result)
    }

    /// What touches the world for it.
    fn effects(&mut self) -> &mut Box<dyn Effects> {
        &mut self.store.data_mut().effects
    }

    /// Writes bytes where the free heap begins, and makes room for them.
    fn place(&mut self, heap: HeapPointer, bytes: &[u8]) -> wasmtime::Result<TextAddress> {
        let end = u64::from(heap.0) + bytes.len() as u64;
        let size = self.memory.data_size(&self.store) as u64;
        if end > size {
            self.memory.grow(&mut self.store, (end - size).div_ceil(PAGE))?;
        }
        let address = TextAddress(heap.0);
        memory::write(self.memory.data_mut(&mut self.store), address, bytes)?;
        Ok(address)
    }
}

/// Watches the calls of an instance, where they have a limit in time.
#[expect(unsafe_code, reason = "a word in the memory of an instance")]
fn watch(shared: &Shared, store: &mut Store<State>, instance: &wasmtime::Instance) -> Result<Option<Timer>, Error> {
    let Some(watchdog) = &shared.watchdog else { return Ok(None) };
    let memory = instance.get_memory(&mut *store, polls::MEMORY);
    let word = memory.and_then(|memory| NonNull::new(memory.data_ptr(&*store).cast()));
    let word = word.ok_or_else(|| Error::new(ErrorKind::Internal, "the module has no polls"))?;
    // SAFETY: a page that begins as zeros, which cannot grow and so does not move; the code of the module cannot name it, and nothing of the host
    // writes it. The timer goes before the store, and so before the memory: in `Raw::new` and in a `Raw`.
    let timer = unsafe { watchdog.watch(word) };
    store.data_mut().clock = Some(timer.clock());
    Ok(Some(timer))
}

/// Calls the start function, where it was left to the host because calls have a limit in time.
fn start(timer: &mut Option<Timer>, store: &mut Store<State>, instance: &wasmtime::Instance) -> Result<(), Failure> {
    if timer.is_none() {
        return Ok(());
    }
    let Some(start) = instance.get_func(&mut *store, polls::START) else { return Ok(()) };
    begin(timer)?;
    let result = start.call(store, &[], &mut []);
    end(timer, result)
}

/// Gives the next call its full time.
fn begin(timer: &mut Option<Timer>) -> Result<(), Error> {
    let begun = timer.as_mut().map_or(Ok(()), Timer::begin);
    begun.map_err(|error| Error::new(ErrorKind::Internal, format!("the thread that limits time cannot start: {error}")))
}

/// Ends what was begun.
fn end<T>(timer: &mut Option<Timer>, result: wasmtime::Result<T>) -> Result<T, Failure> {
    let result = result.map_err(|error| failure(error, timer.as_ref().is_some_and(Timer::is_over)));
    if let Some(timer) = timer {
        timer.end();
    }
    result
}

/// An error of a call, and whether the instance is in order after it.
pub(crate) struct Failure {
    error: Error,
    reusable: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, reusable: true }
    }
}

/// What an error of the engine stands for, of a call whose time is over or not.
fn failure(error: wasmtime::Error, is_over: bool) -> Failure {
    let cut_off = |error: Error| Failure { error, reusable: false };
    if let Some(stop) = error.downcast_ref::<Stop>() {
        return match stop {
            Stop::Abort(text) => Error::from_abort(text).into(),
            Stop::MemoryLimit(limit) => {
                let message = format!("the decision needs more than the {limit} bytes of memory that it may use");
                cut_off(Error::new(ErrorKind::MemoryLimit, message).with_code(errors::CANCEL))
            }
            Stop::Protocol(message) => {
                cut_off(Error::new(ErrorKind::Internal, message.as_str()).with_code(errors::INTERNAL))
            }
        };
    }
    if let Some(full) = error.downcast_ref::<PoolConcurrencyLimitError>() {
        let message = format!("the runtime keeps room for no more instances: {full}");
        return Error::new(ErrorKind::InstanceLimit, message).into();
    }
    let error = match error.downcast_ref::<Trap>() {
        // What a poll ends with.
        Some(Trap::UnreachableCodeReached) if is_over => {
            Error::new(ErrorKind::TimeLimit, "the decision took longer than it may").with_code(errors::CANCEL)
        }
        Some(Trap::StackOverflow) => {
            Error::new(ErrorKind::Internal, "the module used up its stack").with_code(errors::INTERNAL)
        }
        Some(trap) => {
            Error::new(ErrorKind::Internal, format!("the module trapped: {trap}")).with_code(errors::INTERNAL)
        }
        None => Error::new(ErrorKind::Internal, error.root_cause().to_string()),
    };
    cut_off(error)
}
