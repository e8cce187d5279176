//! Texts, places in them, what is wrong with them, and the reader of JSON that keeps all three together.
//!
//! In: text. Out: `Node` trees with spans; diagnostics.
//! Never here: what the JSON means; drawing of diagnostics (that is a door's work).

mod diagnostic;
pub mod json;
mod suggest;
mod words;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Label, Severity};
pub use suggest::nearest;
pub use words::WORDS;
pub(crate) use words::{said, words};

use std::sync::Arc;

/// A named text: a file, standard input, a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What diagnostics call it: usually a path as the user gave it.
    pub name: Arc<str>,
    /// All of it.
    pub text: Arc<str>,
}

impl Source {
    /// A named text.
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Line and column of a byte offset, both from 1; the column counts characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let before = &self.text.as_bytes()[..offset];
        let line = before.split(|byte| *byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        // Continuation bytes do not begin a character.
        let column = before[start..].iter().filter(|byte| (**byte & 0xc0) != 0x80).count() + 1;
        (line, column)
    }
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        Self::new("policy", text)
    }
}

impl From<&String> for Source {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

/// A range of bytes in one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// From byte offsets. Sources are at most 1 MiB (SEMANTICS I2), larger offsets stick at the end.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// As a range of byte offsets.
    pub fn range(self) -> core::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}
