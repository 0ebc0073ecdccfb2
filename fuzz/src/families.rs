//! Prints the categories of the builtins that are inside modules, one a line.

use std::collections::BTreeSet;

fn main() {
    let families: BTreeSet<&str> = regoc_fuzz::family(None).into_iter().map(|builtin| builtin.category).collect();
    families.into_iter().for_each(|family| println!("{family}"));
}
