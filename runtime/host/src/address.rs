//! A type for each kind of word that crosses the boundary between the host and a module, so that an address of a text
//! can never be passed where an address of a value is wanted.

/// A word of the ABI: a newtype over the 32 bits that travel.
pub(crate) trait Word: Copy {
    /// The word as wasmtime passes it.
    fn into_raw(self) -> i32;
    /// The word as wasmtime returned it.
    fn from_raw(raw: i32) -> Self;
}

macro_rules! words {
    ($($(#[$meta:meta])* $visibility:vis $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility struct $name(pub(crate) u32);

        impl Word for $name {
            fn into_raw(self) -> i32 {
                self.0.cast_signed()
            }
            fn from_raw(raw: i32) -> Self {
                Self(raw.cast_unsigned())
            }
        }
    )*};
}

words! {
    /// The address of a value; 0 is undefined, or "could not be parsed".
    pub(crate) ValueAddress;
    /// The address of text: of bytes with a known length, or of a text that ends at a NUL byte.
    pub(crate) TextAddress;
    /// The end of the heap in use; everything from here on is free.
    pub(crate) HeapPointer;
    /// The address of an evaluation context (ABI 1.0 and 1.1).
    pub(crate) ContextAddress;
    /// The number of an entrypoint, as the module counts them.
    pub EntrypointId;
}

impl ValueAddress {
    /// The address that stands for undefined.
    pub(crate) const UNDEFINED: Self = Self(0);
}

impl Word for u32 {
    fn into_raw(self) -> i32 {
        self.cast_signed()
    }
    fn from_raw(raw: i32) -> Self {
        raw.cast_unsigned()
    }
}
