//! Measures decisions beside OPA's: the same policy, data and input, the same answer, interleaved in one run.
//!
//! One decision is: input as JSON text in, result as JSON text out, with the module or query prepared and the data loaded.

pub mod contestant;
pub mod growth;
pub mod measure;
pub mod opa;
pub mod table;
