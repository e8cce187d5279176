//! A request's resource and context as a script writes them into the buffer.
//!
//! First little-endian words: bytes of the resource, bytes of the account that owns it (`NONE` if nobody said), number
//! of context entries; then for each entry the handle of its key (0 if its name is a text here), the bytes of that
//! name (0 with a handle), its kind, and for a text its bytes, for a list the number of items and the bytes of each.
//! All texts follow each other from the offset `texts` on, in the order in which the words speak of them.

use bailiwick::request::ContextValue;
use bailiwick::source::Span;
use bailiwick::source::json::canonical_number;

use super::failure::Failure;

/// No text.
const NONE: u32 = u32::MAX;

/// Kinds of values.
mod kind {
    pub(super) const TEXT: u32 = 0;
    pub(super) const LIST: u32 = 1;
    pub(super) const UNKNOWN: u32 = 2;
    /// A text that is a JSON number: it is written out (SEMANTICS D10).
    pub(super) const NUMBER: u32 = 3;
    /// Bit of a list's item: it is a number.
    pub(super) const NUMBER_ITEM: u32 = 1 << 31;
}

/// A reader of one record.
pub(crate) struct Record<'a> {
    words: &'a [u8],
    texts: &'a str,
}

/// The key of a context entry.
pub(crate) enum Name<'a> {
    Handle(u32),
    Text(&'a str),
}

impl<'a> Record<'a> {
    /// `texts` is where they begin; `end` is one past the buffer's last byte that may be read.
    pub(crate) fn new(buffer: &'a [u8], texts: usize) -> Result<Self, Failure> {
        let (words, rest) = buffer.split_at_checked(texts).ok_or_else(broken)?;
        // The first word is the number of bytes that follow.
        let mut record = Self { words, texts: "" };
        let length = record.word()? as usize;
        let bytes = rest.get(..length).ok_or_else(broken)?;
        record.texts = core::str::from_utf8(bytes).map_err(|_| broken())?;
        Ok(record)
    }

    pub(crate) fn word(&mut self) -> Result<u32, Failure> {
        let (word, rest) = self.words.split_first_chunk::<4>().ok_or_else(broken)?;
        self.words = rest;
        Ok(u32::from_le_bytes(*word))
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Failure> {
        let length = self.word()?;
        self.take(length)
    }

    /// A text that may be absent.
    pub(crate) fn optional(&mut self) -> Result<Option<&'a str>, Failure> {
        match self.word()? {
            NONE => Ok(None),
            length => self.take(length).map(Some),
        }
    }

    fn take(&mut self, length: u32) -> Result<&'a str, Failure> {
        let (text, rest) = self.texts.split_at_checked(length as usize).ok_or_else(broken)?;
        self.texts = rest;
        Ok(text)
    }

    /// The key of the next context entry.
    pub(crate) fn name(&mut self) -> Result<Name<'a>, Failure> {
        let handle = self.word()?;
        let text = self.text()?;
        Ok(if handle == 0 { Name::Text(text) } else { Name::Handle(handle) })
    }

    /// The value of the next context entry.
    pub(crate) fn value(&mut self) -> Result<ContextValue<'a>, Failure> {
        match self.word()? {
            kind::TEXT => self.text().map(ContextValue::from),
            kind::NUMBER => self.text().and_then(number).map(ContextValue::from),
            kind::UNKNOWN => Ok(ContextValue::Unknown),
            kind::LIST => {
                let count = self.word()? as usize;
                // Each item has a word of its own: a count that lies asks for no memory.
                if count > self.words.len() / 4 {
                    return Err(broken());
                }
                let mut list = Vec::with_capacity(count);
                for _ in 0..count {
                    let length = self.word()?;
                    let text = self.take(length & !kind::NUMBER_ITEM)?;
                    list.push(if length & kind::NUMBER_ITEM == 0 {
                        text.into()
                    } else {
                        number(text)?.into()
                    });
                }
                Ok(ContextValue::List(list))
            }
            _ => Err(broken()),
        }
    }
}

fn number(text: &str) -> Result<String, Failure> {
    canonical_number(text, Span::default()).map_err(|error| Failure::from(*error))
}

/// The scripts of this package write no such record.
fn broken() -> Failure {
    Failure::new("E264", &["the request in the buffer is broken"], "ask through this package's scripts")
}
