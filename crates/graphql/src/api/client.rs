//! Which app clients an API takes tokens of: a regular expression of its settings.

use bailiwick::source::{Diagnostic, Span};
use regex::{Regex, RegexBuilder};

use crate::code;

/// A pattern of client ids. It must match all of an id: AWS documents a match, and an unanchored pattern would take any
/// client whose id merely contains the text (SEMANTICS H9).
#[derive(Clone, Debug)]
pub struct ClientPattern {
    text: String,
    whole: Regex,
}

impl ClientPattern {
    /// Reads a pattern; `span` is where it stands. E356 if it cannot be read.
    pub fn new(text: &str, span: Span) -> Result<Self, Box<Diagnostic>> {
        let whole = RegexBuilder::new(&format!(r"\A(?:{text})\z")).size_limit(1 << 20).nest_limit(64).build();
        // A pattern may close the group that is put around it; then the two read differently.
        match (whole, RegexBuilder::new(text).size_limit(1 << 20).nest_limit(64).build()) {
            (Ok(whole), Ok(_)) => Ok(Self { text: text.to_owned(), whole }),
            (Err(error), _) | (_, Err(error)) => {
                let text = error.to_string();
                let why = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                Err(Box::new(
                    Diagnostic::error(code::CLIENT, span, "the pattern of client ids cannot be read")
                        .at(why)
                        .help(
                            "list the ids: `^(id-one|id-two)$`; look-around and back-references are not read",
                        ),
                ))
            }
        }
    }

    /// As written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it matches all of a client id.
    pub fn matches(&self, client: &str) -> bool {
        self.whole.is_match(client)
    }

    /// Whether it says itself that it means whole ids.
    pub(crate) fn is_anchored(&self) -> bool {
        let Some(inner) = self.text.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')) else {
            return false;
        };
        // `^a|b$` is anchored on one side only, each.
        !inner.ends_with('\\') && (!inner.contains('|') || (inner.starts_with('(') && inner.ends_with(')')))
    }
}

impl PartialEq for ClientPattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ClientPattern {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_whole_ids() {
        for (pattern, id, matches, anchored) in [
            ("abc", "abc", true, false),
            ("abc", "xabcx", false, false),
            ("^abc$", "abc", true, true),
            ("^abc$", "abc\n", false, true),
            ("a|b", "b", true, false),
            ("^a|b$", "ax", false, false),
            ("^(a|b)$", "b", true, true),
            ("^abc\\$", "abc$", true, false),
            (".*", "anything", true, false),
            ("", "a", false, false),
            ("(?i)ABC", "abc", true, false),
        ] {
            let read = ClientPattern::new(pattern, Span::default()).unwrap();
            assert_eq!((read.matches(id), read.is_anchored()), (matches, anchored), "{pattern} {id}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for pattern in ["(", "a)|(b", "(?=a)b", "\\1", "[", "a{100000}{100000}", "*"] {
            assert_eq!(ClientPattern::new(pattern, Span::default()).unwrap_err().code.0, "E356", "{pattern}");
        }
        assert!(ClientPattern::new(&"(".repeat(10_000), Span::default()).is_err());
    }
}
