//! Exact decimals (SEMANTICS D11).

/// An exact decimal number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Decimal {
    placeholder: i64,
}

impl Decimal {
    /// Optional sign, digits, optional fraction; nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(|placeholder| Self { placeholder })
    }
}
