//! Cases, conformance, oracles, tidy checks.
