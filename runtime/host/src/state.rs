//! What an instance carries along for the functions that its module imports, and those functions.

use std::fmt;
use std::sync::Arc;

use regoc_abi::{Function, errors, imports};
use wasmtime::{AsContext, AsContextMut, Caller, Extern, Func, Memory, Store};

use crate::address::{TextAddress, ValueAddress, Word};
use crate::builtins::{Constant, HostBuiltin};
use crate::call::{BuiltinError, Call};
use crate::effects::Effects;
use crate::exports::Exports;
use crate::limits::{Clock, MemoryLimiter};
use crate::memory;
use crate::value::{Value, shown};

/// Why the host ended a call into a module.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The module called `opa_abort` with this text.
    Abort(String),
    /// The module wanted more than this many bytes of memory.
    MemoryLimit(usize),
    /// The module called a host builtin in a way that the ABI does not have.
    Protocol(String),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Abort(text) | Self::Protocol(text) => f.write_str(text),
            Self::MemoryLimit(bytes) => write!(f, "more than {bytes} bytes of memory"),
        }
    }
}

impl std::error::Error for Stop {}

/// What the imported functions of an instance share.
pub(crate) struct State {
    pub(crate) effects: Box<dyn Effects>,
    pub(crate) constant: Constant,
    pub(crate) limiter: MemoryLimiter,
    pub(crate) strict_builtin_errors: bool,
    /// The first failure of a host builtin in this decision where failures are errors, as a text that `opa_abort` could be given.
    pub(crate) first_failure: Option<String>,
    /// What says when the call that runs must have ended.
    pub(crate) clock: Option<Clock>,
    /// The hosts that may be connected to; none given means all.
    pub(crate) allow_net: Option<Arc<[String]>>,
    /// By the number that the module calls them by; empty until the module was asked for its list.
    pub(crate) builtins: Arc<[Option<HostBuiltin>]>,
    /// Known once the module is instantiated.
    pub(crate) module: Option<(Memory, Exports)>,
}

/// The function of an import in module `env`, or nothing if the ABI has none of that name.
pub(crate) fn import(store: &mut Store<State>, name: &str) -> Option<Extern> {
    let [builtin0, builtin1, builtin2, builtin3, builtin4] = imports::BUILTINS.map(|function: Function| function.name);
    let function = if name == imports::ABORT.name {
        Func::wrap(store, |caller: Caller<'_, State>, message: i32| -> wasmtime::Result<()> {
            Err(Stop::Abort(message_text(&caller, message)?).into())
        })
    } else if name == PRINTLN {
        Func::wrap(store, |mut caller: Caller<'_, State>, message: i32| -> wasmtime::Result<()> {
            let text = message_text(&caller, message)?;
            caller.data_mut().effects.print(&text);
            Ok(())
        })
    } else if name == builtin0 {
        Func::wrap(store, |caller: Caller<'_, State>, id: i32, at: i32| call(caller, id, at, &[]))
    } else if name == builtin1 {
        Func::wrap(store, |caller: Caller<'_, State>, id: i32, at: i32, a: i32| call(caller, id, at, &[a]))
    } else if name == builtin2 {
        Func::wrap(store, |caller: Caller<'_, State>, id: i32, at: i32, a: i32, b: i32| call(caller, id, at, &[a, b]))
    } else if name == builtin3 {
        Func::wrap(store, |caller: Caller<'_, State>, id: i32, at: i32, a: i32, b: i32, c: i32| {
            call(caller, id, at, &[a, b, c])
        })
    } else if name == builtin4 {
        Func::wrap(store, |caller: Caller<'_, State>, id: i32, at: i32, a: i32, b: i32, c: i32, d: i32| {
            call(caller, id, at, &[a, b, c, d])
        })
    } else {
        return None;
    };
    Some(Extern::Func(function))
}

/// Prints a text that ends at a NUL byte. Modules of OPA import it whether they use it or not; those of regoc do not.
pub(crate) const PRINTLN: &str = "opa_println";

fn message_text(caller: &Caller<'_, State>, address: i32) -> wasmtime::Result<String> {
    let Some((memory, _)) = &caller.data().module else {
        // The start function runs before the memory is known here; it has nothing to say that could be shown.
        return Ok("the module failed while it was being started".to_owned());
    };
    let bytes = memory::text(memory.data(caller.as_context()), TextAddress::from_raw(address))?;
    Ok(shown(bytes).into_owned())
}

/// Calls a host builtin by its number, with values of the module's memory; 0 is undefined. The context is 0, or the address of a text that
/// says where the call is ([`imports::BUILTINS`]).
fn call(mut caller: Caller<'_, State>, id: i32, context: i32, arguments: &[i32]) -> wasmtime::Result<i32> {
    let state = caller.data();
    let builtin = usize::try_from(id).ok().and_then(|id| state.builtins.get(id)?.clone());
    let (Some(builtin), Some((memory, exports))) = (builtin, state.module.clone()) else {
        return Err(Stop::Protocol(format!("the module calls the host builtin {id}, which it does not list")).into());
    };
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let text = exports.value_dump(&mut caller, ValueAddress::from_raw(*argument))?;
        let bytes = memory::text(memory.data(&caller), text)?;
        values.push(Value::parse_bytes(bytes).map_err(|error| {
            Stop::Protocol(format!("an argument of `{}` is not value syntax: {error}", builtin.name))
        })?);
    }
    let place = match context {
        0 => Place::default(),
        address => Place::read(memory::text(memory.data(&caller), TextAddress::from_raw(address)).unwrap_or_default()),
    };
    let State { effects, constant, clock, allow_net, .. } = caller.data_mut();
    let mut call = Call { place: &place.short, allow_net: allow_net.as_deref(), ..Call::default() };
    if builtin.wants_call() {
        call.deadline = clock.as_ref().and_then(Clock::deadline);
        call.now_ns = constant.now_ns(effects.as_mut());
    }
    match builtin.call(&values, &call, effects.as_mut(), constant) {
        Ok(Some(value)) => Ok(parse_value(&mut caller, memory, &exports, &value.to_bytes())?.into_raw()),
        Ok(None) => Ok(ValueAddress::UNDEFINED.into_raw()),
        Err(error) => {
            note(caller.data_mut(), &builtin.name, &place, &error)?;
            // As OPA does: a failed builtin is undefined.
            Ok(ValueAddress::UNDEFINED.into_raw())
        }
    }
}

/// Notes a failure where failures are errors; the first one ends the decision when it has been evaluated. A cancelled decision ends at once.
fn note(state: &mut State, name: &str, place: &Place, error: &BuiltinError) -> Result<(), Stop> {
    if error.code() == errors::CANCEL {
        return Err(Stop::Abort(format!("{}: {name}: {error}", errors::CANCEL)));
    }
    if state.strict_builtin_errors && state.first_failure.is_none() {
        state.first_failure = Some(format!("{}{}: {name}: {error}", place.long, error.code()));
    }
    Ok(())
}

/// Where a call is.
#[derive(Default)]
struct Place {
    /// `FILE:ROW:COL: `, or nothing.
    long: String,
    /// As OPA writes it into messages: `FILE:ROW`, or the text of the call where there is no file.
    short: String,
}

impl Place {
    /// Reads `FILE:ROW:COL: NAME`, with the text of the call on the lines behind it where there is no file.
    fn read(text: &[u8]) -> Self {
        let text = shown(text);
        let (place, call) = text.split_once('\n').unwrap_or((&text, ""));
        let Some((place, _name)) = place.rsplit_once(' ') else { return Self::default() };
        let short = match place.trim_end_matches(':').rsplit_once(':') {
            _ if !call.is_empty() => call,
            Some((file_and_row, _column)) => file_and_row,
            None => place,
        };
        Self { long: format!("{place} "), short: short.to_owned() }
    }
}

/// Makes a value in the module's memory.
fn parse_value(
    caller: &mut Caller<'_, State>,
    memory: Memory,
    exports: &Exports,
    text: &[u8],
) -> wasmtime::Result<ValueAddress> {
    let length = u32::try_from(text.len())?;
    let address = exports.malloc(caller.as_context_mut(), length)?;
    memory::write(memory.data_mut(caller.as_context_mut()), address, text)?;
    let value = exports.value_parse(caller.as_context_mut(), address, length)?;
    if value == ValueAddress::UNDEFINED {
        return Err(Stop::Protocol("the module could not read the result of a host builtin".to_owned()).into());
    }
    Ok(value)
}
