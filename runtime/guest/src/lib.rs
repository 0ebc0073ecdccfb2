//! The exports over `regoc-values`.
