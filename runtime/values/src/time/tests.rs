//! Go's and OPA's answers, found by asking them.
