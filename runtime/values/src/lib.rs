//! What a Rego value is, and what every builtin does.
#![no_std]

extern crate alloc;
