//! From the trees of all files to the resolved tree: imports, names, conflicts, safety, recursion.
