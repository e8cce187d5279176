//! Whether diagnostics speak: codes and places always, words where the build has them.
//!
//! A module for the edge is a third smaller without; whoever runs it looks the code up.

/// Whether this build says in words what is wrong: the feature `words`.
pub const WORDS: bool = cfg!(feature = "words");

/// `format!` for people, or nothing. Never for a text that a decision depends on.
macro_rules! words {
    ($($text:tt)*) => {
        if $crate::source::WORDS { format!($($text)*) } else { String::new() }
    };
}
pub(crate) use words;

/// A text for people, or nothing.
pub(crate) fn said(text: impl Into<String>) -> String {
    if WORDS { text.into() } else { String::new() }
}
