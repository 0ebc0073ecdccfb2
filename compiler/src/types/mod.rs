//! Type inference and the errors it finds. Reads the resolved tree and changes nothing.
