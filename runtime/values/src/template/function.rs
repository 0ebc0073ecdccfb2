//! The functions of templates: their names and how many operands each takes. What they do is in `call`.

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    And,
    Call,
    Eq,
    Ge,
    Gt,
    Html,
    Index,
    Js,
    Le,
    Len,
    Lt,
    Ne,
    Not,
    Or,
    Print,
    Printf,
    Println,
    Slice,
    UrlQuery,
}

impl Function {
    const NAMES: [(&[u8], Self); 19] = [
        (b"and", Self::And),
        (b"call", Self::Call),
        (b"eq", Self::Eq),
        (b"ge", Self::Ge),
        (b"gt", Self::Gt),
        (b"html", Self::Html),
        (b"index", Self::Index),
        (b"js", Self::Js),
        (b"le", Self::Le),
        (b"len", Self::Len),
        (b"lt", Self::Lt),
        (b"ne", Self::Ne),
        (b"not", Self::Not),
        (b"or", Self::Or),
        (b"print", Self::Print),
        (b"printf", Self::Printf),
        (b"println", Self::Println),
        (b"slice", Self::Slice),
        (b"urlquery", Self::UrlQuery),
    ];

    /// The function of a name.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        Self::NAMES.iter().find(|row| row.0 == name).map(|row| row.1)
    }

    pub(super) fn name(self) -> &'static [u8] {
        Self::NAMES.get(self as usize).map_or(b"", |row| row.0)
    }

    /// The number of operands, or the least number and that there may be more.
    pub(super) const fn operands(self) -> (usize, bool) {
        match self {
            Self::Html | Self::Js | Self::UrlQuery | Self::Print | Self::Println => (0, true),
            Self::And | Self::Or | Self::Call | Self::Printf | Self::Index | Self::Slice | Self::Eq => (1, true),
            Self::Len | Self::Not => (1, false),
            Self::Ne | Self::Lt | Self::Le | Self::Gt | Self::Ge => (2, false),
        }
    }
}
