//! Measures decisions beside those of others: the same policy, data and input, the same answer, interleaved in one run.
//!
//! One decision is: input as JSON text in, result as JSON text out, with the module or query prepared and the data loaded.

pub mod beside;
pub mod contestant;
pub mod fuel;
pub mod growth;
pub mod measure;
pub mod opa;
pub mod peer;
pub mod question;
pub mod relations;
pub mod report;
