//! Loads a policy module and answers questions with it.
//!
//! Any module of OPA's wasm ABI (1.0 to 1.3) can be loaded, whoever built it. This crate knows nothing of Rego's text and does
//! not depend on the compiler.
//!
//! | type | is |
//! |---|---|
//! | [`Runtime`] | the engine, the limits, the effects and the builtins of a host; made once |
//! | [`Policy`] | a loaded module, `Send + Sync`, cheap to clone |
//! | [`Instance`] | memory and data for one question at a time; one for each thread |
//! | [`Data`], [`Input`] | the two documents that a decision reads |
//! | [`Image`] | data that many instances of a policy share |
//! | [`Pool`] | instances for many threads, over data that is replaced while they decide |
//! | [`Held`] | an input that an instance keeps for several questions; also native values |
//! | [`Decision`] | the answer, in which undefined is a case of its own |
//! | [`Effects`] | everything that touches the world |
//!
//! ```
//! # fn main() -> Result<(), regoc_runtime::Error> {
//! # let bytes = include_bytes!("../tests/fixtures/opa.wasm");
//! use regoc_runtime::{Data, Decision, Input, Runtime};
//!
//! let runtime = Runtime::builder().builtin("embedder.echo", |arguments| Ok(arguments.first().cloned())).build()?;
//! let policy = runtime.load(bytes)?;
//! let allow = policy.entrypoint("fixture/allow")?;
//! let mut instance = policy.instance()?;
//! instance.set_data(&Data::from_json(r#"{"roles": {"alice": ["admin"]}}"#)?)?;
//! match instance.evaluate(allow, &Input::from_json(r#"{"user": "alice"}"#)?)? {
//!     Decision::Defined(value) => assert_eq!(value, true),
//!     Decision::Undefined => unreachable!("alice is an admin"),
//! }
//! # Ok(())
//! # }
//! ```

mod address;
mod blocks;
mod builtins;
mod call;
mod code;
mod decision;
mod document;
mod effects;
mod error;
mod exports;
mod held;
#[cfg(feature = "http")]
mod http;
mod identity;
mod image;
mod instance;
mod limits;
mod lookup;
mod memory;
mod native;
mod nearest;
mod policy;
mod pool;
mod precompiled;
mod runtime;
mod runtime_info;
mod sealed;
mod state;
mod value;

pub use address::EntrypointId;
pub use call::{BuiltinError, Call};
pub use code::Compilation;
pub use decision::Decision;
pub use document::{Data, Input, check_json};
pub use effects::{Effects, FixedEffects, Reach, SystemEffects};
pub use error::{Error, ErrorKind, Location};
pub use held::Held;
#[cfg(feature = "http")]
pub use http::{HttpClient, HttpClientBuilder};
pub use image::Image;
pub use instance::Instance;
pub use limits::Limits;
pub use policy::Policy;
pub use pool::Pool;
pub use precompiled::is_precompiled;
pub use runtime::{Builder, Runtime};
pub use value::{Value, parse_json};
