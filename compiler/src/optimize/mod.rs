//! Passes from plan to plan. Each is a file of its own; the answer stays the same, only the work shrinks.
