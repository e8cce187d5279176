//! Instants (SEMANTICS D12).

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub nanos: i128,
}

impl Instant {
    /// A W3C form of ISO 8601, or epoch seconds with five digits or more (four digits are a year).
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(|nanos| Self { nanos })
    }
}
