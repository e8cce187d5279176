//! The reader of JSON: spans, key order, repeated keys and number text are kept.

use super::{Diagnostic, Source, Span};

/// A JSON value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// All of it, quotes and brackets included.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// A JSON value. Objects keep order and repeated members; what repetition means is the reader's caller's to say.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number as written.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name, unescaped.
    pub key: String,
    /// Where the name stands, quotes included.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// Bounds on hostile input (SEMANTICS I, I2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Nesting of arrays and objects.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 1 << 20, depth: 16 }
    }
}

/// Reads one JSON value that fills the whole text. The first syntax error ends the reading.
pub fn read(source: &Source, limits: Limits) -> Result<Node, Box<Diagnostic>> {
    let _ = limits;
    Err(Box::new(Diagnostic::error(super::Code("E001"), Span::new(0, source.text.len()), "unreadable")))
}

impl Value {
    /// "a string", "an object", ...
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}
