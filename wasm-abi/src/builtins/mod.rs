//! Every builtin of OPA 1.22.0: its name, its signature, and who answers it.

mod table;

/// The type of a parameter or a result, as OPA's capabilities file writes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Type {
    /// Any value.
    Any,
    /// `null`.
    Null,
    /// A boolean.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array: the types of its first elements, and the type of all further ones if there may be any.
    Array {
        /// The types of the elements that must be there.
        fixed: &'static [Type],
        /// The type of any element after those.
        rest: Option<&'static Type>,
    },
    /// An object: keys with their types, and the type of all further keys and values if there may be any.
    Object {
        /// The keys that must be there.
        fixed: &'static [(&'static str, Type)],
        /// The types of any other key and value.
        rest: Option<(&'static Type, &'static Type)>,
    },
    /// A set of elements of a type.
    Set(&'static Type),
    /// Any of these types.
    Union(&'static [Type]),
}

/// Who answers a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// The compiler rewrites the call; it never reaches a module.
    Compiler,
    /// The guest library, linked into the module.
    Guest,
    /// The host: the builtin touches the world.
    Host,
}

/// One builtin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Builtin {
    /// The name in Rego, such as `io.jwt.decode`.
    pub name: &'static str,
    /// OPA's category, such as `strings`.
    pub category: &'static str,
    /// The infix operator, such as `+`.
    pub infix: Option<&'static str>,
    /// The types of the parameters.
    pub params: &'static [Type],
    /// The type of any further arguments (`print`).
    pub variadic: Option<Type>,
    /// The type of the result; none for calls that are only statements.
    pub result: Option<Type>,
    /// Who answers it.
    pub placement: Placement,
    /// Whether two calls with the same arguments may differ.
    pub nondeterministic: bool,
    /// Whether the result stands for one of several (`walk`).
    pub relation: bool,
    /// Whether strict mode and Rego v1 refuse it.
    pub deprecated: bool,
}

/// All builtins, sorted by name.
pub const BUILTINS: &[Builtin] = table::TABLE;

/// The builtin of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Builtin> {
    BUILTINS.binary_search_by(|row| row.name.cmp(name)).ok().and_then(|index| BUILTINS.get(index))
}
