//! The reader of JSON: spans, key order, repeated keys and number text are kept.
//!
//! Strict RFC 8259: no byte-order mark, no trailing commas, no comments, nothing after the value. Why not a common JSON
//! crate: its maps lose the second of two equal members, which in a policy is an attack, and the text of numbers.

mod grammar;
mod lexical;
mod number;
mod repeated;
#[cfg(test)]
mod tests;

pub use number::canonical_number;
pub use repeated::repeated;

use super::{Code, Diagnostic, Source, Span, WORDS, words};

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
///
/// E001 bad syntax, E002 too long, E003 too deep, E005 bad string, E006 bad number, E007 byte-order mark, E008 more
/// after the value. A repeated member is not an error here, see [`repeated`]. No depth limit above 128 counts.
pub fn read(source: &Source, limits: Limits) -> Result<Node, Box<Diagnostic>> {
    let length = source.text.len();
    if length > limits.bytes {
        let message = words!("the text is longer than {} bytes", limits.bytes);
        return Err(Box::new(
            Diagnostic::error(Code("E002"), Span::new(0, 0), message).at(words!("{length} bytes in all")),
        ));
    }
    if source.text.starts_with('\u{feff}') {
        return Err(Box::new(
            Diagnostic::error(Code("E007"), Span::new(0, 3), "the text begins with a byte-order mark")
                .help("save it as UTF-8 without byte-order mark"),
        ));
    }
    grammar::document(&source.text, limits.depth.min(DEEPEST))
}

/// Nesting that no caller can exceed: the reader descends as deep as the text does.
const DEEPEST: usize = 128;

impl Node {
    /// The text, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = &self.value { Some(text) } else { None }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self.value { Some(value) } else { None }
    }

    /// The number as written, if it is one.
    pub fn as_number(&self) -> Option<&str> {
        if let Value::Number(text) = &self.value { Some(text) } else { None }
    }

    /// The items, if it is an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        if let Value::Array(items) = &self.value { Some(items) } else { None }
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<&[Member]> {
        if let Value::Object(members) = &self.value { Some(members) } else { None }
    }

    /// The first member of that name, if it is an object that has one.
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.as_object()?.iter().find(|member| member.key == key)
    }

    /// The value of the first member of that name, if it is an object that has one.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|member| &member.value)
    }
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

/// The beginning of a text, for messages: a hostile one may be a megabyte long.
fn shown(text: &str) -> &str {
    text.char_indices().nth(60).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}
