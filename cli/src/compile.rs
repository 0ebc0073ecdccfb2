//! Calls the compiler with what was loaded.

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::resolve::EntrypointSelection;
use regoc_compiler::source::RegoVersion;

use crate::args::Language;
use crate::capabilities;
use crate::failure::Failure;
use crate::files::Loaded;

/// What a command wants of the compiler.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// What the policy may use.
    pub(crate) capabilities: Capabilities,
    /// Whether unused imports and variables and deprecated builtins are errors.
    pub(crate) strict: bool,
    /// Whether calls of `print` are kept.
    pub(crate) keep_print: bool,
    /// Whether the first error of a builtin ends a decision.
    pub(crate) strict_builtin_errors: bool,
    /// The documents that the module answers for.
    pub(crate) entrypoints: EntrypointSelection,
    /// Whether the data becomes part of the module.
    pub(crate) embed_data: bool,
    /// A query to compile instead of entrypoints.
    pub(crate) query: Option<QueryText>,
}

/// A query with what its names are looked up in.
#[derive(Clone, Debug)]
pub(crate) struct QueryText {
    /// The query.
    pub(crate) text: String,
    /// How it is read.
    pub(crate) version: RegoVersion,
    /// The package that it is asked in.
    pub(crate) package: Option<String>,
    /// The imports that it can use.
    pub(crate) imports: Vec<String>,
}

/// A module with what a command needs to know of it.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// The names of its entrypoints.
    pub(crate) entrypoints: Vec<String>,
    /// The statements of the query, each with its row and column.
    pub(crate) statements: Vec<(String, u32, u32)>,
}

impl Request {
    /// What the options of the language say, and nothing else.
    ///
    /// # Errors
    ///
    /// When the capabilities file cannot be read.
    pub(crate) fn new(language: &Language) -> Result<Self, Failure> {
        Ok(Self {
            capabilities: capabilities::load(language.capabilities.as_deref()).map_err(Failure::message)?,
            strict: language.strict,
            keep_print: false,
            strict_builtin_errors: false,
            entrypoints: EntrypointSelection::default(),
            embed_data: false,
            query: None,
        })
    }
}

/// Says what is wrong with the policies.
pub(crate) fn check(_loaded: Loaded, _request: &Request) -> Result<(), Failure> {
    Err(Failure::message("the compiler is not there yet"))
}

/// Compiles what was loaded.
pub(crate) fn compile(_loaded: Loaded, _request: &Request) -> Result<Compiled, Failure> {
    Err(Failure::message("the compiler is not there yet"))
}
