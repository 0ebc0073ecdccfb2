//! What OPA 1.22 gives for modules that show each form.
