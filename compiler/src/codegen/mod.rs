//! From the plan to the bytes of a module: generated functions, constants, and the part of the guest library that they reach.
