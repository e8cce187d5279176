//! Values, arrays and objects. Every cut is beside an ASCII byte, so what is cut out is whole characters.

use super::lexical::{blanks, number, string};
use super::words;
use super::{Code, Diagnostic, Member, Node, Span, Value, WORDS, shown};

/// What is left, and what was read; or the one error that ended the reading.
pub(super) type Step<'t, T> = Result<(&'t [u8], T), Box<Diagnostic>>;

/// The text; a position in it is what is left of it.
pub(super) struct Reader<'t> {
    text: &'t str,
    deepest: usize,
}

/// One value and nothing else.
pub(super) fn document(text: &str, deepest: usize) -> Result<Node, Box<Diagnostic>> {
    let reader = Reader { text, deepest };
    let (rest, node) = reader.value(blanks(text.as_bytes()), 0)?;
    let rest = blanks(rest);
    if rest.is_empty() {
        return Ok(node);
    }
    let span = Span::new(reader.offset(rest), text.len());
    Err(Box::new(
        Diagnostic::error(Code("E008"), span, "something stands after the end of the value")
            .label(node.span, "the value")
            .help("one text holds one value; look for a bracket that closes too early"),
    ))
}

impl<'t> Reader<'t> {
    /// Where an input begins.
    pub(super) fn offset(&self, input: &[u8]) -> usize {
        self.text.len().saturating_sub(input.len())
    }

    /// The first bytes of an input as text.
    pub(super) fn slice(&self, input: &[u8], length: usize) -> &'t str {
        let start = self.offset(input);
        self.text.get(start..start + length).unwrap_or_default()
    }

    /// An input as text.
    pub(super) fn rest(&self, input: &[u8]) -> &'t str {
        self.slice(input, input.len())
    }

    /// A value; `depth` arrays and objects are open around it.
    fn value(&self, input: &'t [u8], depth: usize) -> Step<'t, Node> {
        let (rest, value) = match input.first() {
            Some(b'"') => {
                let (rest, text) = string(self, input)?;
                (rest, Value::String(text))
            }
            Some(b'{') => self.object(self.descend(input, depth)?, input, depth + 1)?,
            Some(b'[') => self.array(self.descend(input, depth)?, input, depth + 1)?,
            Some(b'-' | b'0'..=b'9') => {
                let (rest, text) = number(self, input)?;
                (rest, Value::Number(text.to_owned()))
            }
            _ => self.word(input)?,
        };
        let span = Span::new(self.offset(input), self.offset(rest));
        Ok((rest, Node { span, value }))
    }

    /// Behind an opening bracket, if it may be opened.
    fn descend(&self, input: &'t [u8], depth: usize) -> Result<&'t [u8], Box<Diagnostic>> {
        if depth < self.deepest {
            return Ok(blanks(input.get(1..).unwrap_or_default()));
        }
        let at = self.offset(input);
        let message = words!("nested more than {} levels deep", self.deepest);
        Err(Box::new(
            Diagnostic::error(Code("E003"), Span::new(at, at + 1), message).at("one level too many"),
        ))
    }

    fn array(&self, input: &'t [u8], open: &[u8], depth: usize) -> Step<'t, Value> {
        let mut items = Vec::new();
        let mut rest = input;
        if let [b']', after @ ..] = rest {
            return Ok((after, Value::Array(items)));
        }
        loop {
            let (after, item) = self.value(rest, depth)?;
            items.push(item);
            match blanks(after) {
                [b',', after @ ..] => rest = blanks(after),
                [b']', after @ ..] => return Ok((after, Value::Array(items))),
                other => {
                    return Err(Box::new(self.expected(
                        other,
                        "`,` or `]` after the value",
                        Some((open, "array")),
                    )));
                }
            }
            if rest.first() == Some(&b']') {
                return Err(Box::new(self.trailing_comma(rest)));
            }
        }
    }

    fn object(&self, input: &'t [u8], open: &[u8], depth: usize) -> Step<'t, Value> {
        let mut members = Vec::new();
        let mut rest = input;
        if let [b'}', after @ ..] = rest {
            return Ok((after, Value::Object(members)));
        }
        loop {
            if rest.first() != Some(&b'"') {
                return Err(Box::new(self.expected(
                    rest,
                    "a member name in double quotes",
                    Some((open, "object")),
                )));
            }
            let (after, key) = string(self, rest)?;
            let key_span = Span::new(self.offset(rest), self.offset(after));
            let after = match blanks(after) {
                [b':', after @ ..] => blanks(after),
                other => return Err(Box::new(self.expected(other, "`:` after the member name", None))),
            };
            let (after, value) = self.value(after, depth)?;
            members.push(Member { key, key_span, value });
            match blanks(after) {
                [b',', after @ ..] => rest = blanks(after),
                [b'}', after @ ..] => return Ok((after, Value::Object(members))),
                other => {
                    return Err(Box::new(self.expected(
                        other,
                        "`,` or `}` after the value",
                        Some((open, "object")),
                    )));
                }
            }
            if rest.first() == Some(&b'}') {
                return Err(Box::new(self.trailing_comma(rest)));
            }
        }
    }

    /// `null`, `true`, `false`; anything else is not a value.
    fn word(&self, input: &'t [u8]) -> Step<'t, Value> {
        let word = self.found(input);
        let value = match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return Err(Box::new(self.expected(input, "a value", None))),
        };
        Ok((input.get(word.len()..).unwrap_or_default(), value))
    }

    /// A whole word, or one character.
    fn found(&self, input: &[u8]) -> &'t str {
        let rest = self.rest(input);
        let word = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let length = if word > 0 { word } else { rest.chars().next().map_or(0, char::len_utf8) };
        rest.get(..length).unwrap_or_default()
    }

    fn expected(&self, input: &[u8], what: &str, inside: Option<(&[u8], &str)>) -> Diagnostic {
        let found = self.found(input);
        let at = self.offset(input);
        if !WORDS {
            return Diagnostic::error(Code("E001"), Span::new(at, at + found.len()), "");
        }
        let mut error =
            Diagnostic::error(Code("E001"), Span::new(at, at + found.len()), words!("expected {what}"));
        error = match found {
            "" => error.at("the text ends here"),
            _ => error.at(words!("found `{}`", shown(found).escape_debug())),
        };
        if let Some((open, kind)) = inside {
            let open = self.offset(open);
            error = error.label(Span::new(open, open + 1), words!("the {kind} begins here"));
        }
        match (found, input) {
            ("'", _) => error.help("strings and member names stand in double quotes"),
            ("/" | "#", _) => error.help("JSON has no comments"),
            ("NaN" | "Infinity" | "undefined", _) => error.help("JSON has no such value"),
            (word, _) if matches!(word.to_ascii_lowercase().as_str(), "true" | "false" | "null" | "none") => {
                error.help("the words of JSON are `true`, `false` and `null`, in lower case")
            }
            (_, [b'"' | b'{' | b'[', ..]) if what.starts_with("`,`") => {
                error.help("a comma may be missing before it")
            }
            _ => error,
        }
    }

    /// `input` is at the closing bracket.
    fn trailing_comma(&self, input: &[u8]) -> Diagnostic {
        let at = self.offset(input);
        let comma = self.text.get(..at).and_then(|before| before.rfind(',')).unwrap_or(at);
        let span = Span::new(comma, comma + 1);
        Diagnostic::error(Code("E001"), span, "a comma stands before the closing bracket")
            .at("nothing follows it")
            .help("remove the comma")
    }
}
