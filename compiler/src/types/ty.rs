//! What a type is, and how OPA writes it.
