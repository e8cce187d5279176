//! A claims set: the JSON object of a token's payload, read strictly.

use crate::source::json::{self, Limits, Member, Node, Value};
use crate::source::{Code, Diagnostic, Diagnostics, Source, words};

use super::ClaimPath;

/// Bounds of a claims set; tokens travel in a header and are far smaller.
const LIMITS: Limits = Limits { bytes: 256 << 10, depth: 16 };

/// The claims of one token. Order, number text and places are kept; no object in it names a member twice (SEMANTICS G19).
#[derive(Clone, Debug, PartialEq)]
pub struct Claims {
    source: Source,
    members: Vec<Member>,
}

impl Claims {
    /// Reads a JSON object. Refuses anything else, and a repeated name at any level: readers that keep the first and
    /// readers that keep the last would see two different tokens.
    ///
    /// ```
    /// # use bailiwick::identity::Claims;
    /// let claims = Claims::parse(r#"{"sub": "u-1", "level": 1.50}"#)?;
    /// assert!(Claims::parse(r#"{"sub": "u-1", "sub": "admin"}"#).is_err());
    /// # Ok::<(), bailiwick::Diagnostics>(())
    /// ```
    pub fn parse(text: impl Into<Source>) -> Result<Self, Diagnostics> {
        let source = text.into();
        let node = match json::read(&source, LIMITS) {
            Ok(node) => node,
            Err(diagnostic) => return Err(Diagnostics { source, list: vec![*diagnostic] }),
        };
        let repeated = repeated_members(&node);
        if !repeated.is_empty() {
            return Err(Diagnostics { source, list: repeated });
        }
        let Value::Object(members) = node.value else {
            let message = words!("claims are a JSON object, not {}", node.value.kind());
            let diagnostic = Diagnostic::error(Code("E100"), node.span, message)
                .help("give the payload of a token: `{\"iss\": ..., \"sub\": ...}`");
            return Err(Diagnostics { source, list: vec![diagnostic] });
        };
        Ok(Self { source, members })
    }

    /// The text they were read from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The claims in order of writing.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// What stands at a path. `null` is nothing (SEMANTICS G19).
    pub fn get(&self, path: &ClaimPath) -> Option<&Node> {
        let (first, rest) = path.segments().split_first()?;
        let mut node = &self.members.iter().find(|member| member.key == *first)?.value;
        for segment in rest {
            node = match &node.value {
                Value::Object(members) => &members.iter().find(|member| member.key == *segment)?.value,
                Value::Array(items) => items.get(array_index(segment)?)?,
                _ => return None,
            };
        }
        (node.value != Value::Null).then_some(node)
    }

    /// A claim of the first level by its plain name.
    pub fn named(&self, name: &str) -> Option<&Node> {
        let node = &self.members.iter().find(|member| member.key == name)?.value;
        (node.value != Value::Null).then_some(node)
    }

    /// The text of a claim of the first level, if it is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.named(name)?.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

/// The text of a string, number or boolean: numbers as written (SEMANTICS G19), booleans as JSON spells them.
pub(super) fn scalar(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) | Value::Number(text) => Some(text),
        Value::Bool(true) => Some("true"),
        Value::Bool(false) => Some("false"),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The text of a string.
pub(super) fn text_of(node: &Node) -> Option<&str> {
    match &node.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Whether a text has another one in it. The library's search is quicker on long texts, and many times as large.
pub(crate) fn holds(text: &str, part: &str) -> bool {
    part.is_empty() || text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// RFC 6901: digits without leading zero.
fn array_index(segment: &str) -> Option<usize> {
    let plain =
        segment.bytes().all(|byte| byte.is_ascii_digit()) && (segment == "0" || !segment.starts_with('0'));
    if plain { segment.parse().ok() } else { None }
}

fn repeated_members(root: &Node) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                let mut sorted: Vec<&Member> = members.iter().collect();
                // Stable: of equal names the first written stays first.
                sorted.sort_by(|a, b| a.key.cmp(&b.key));
                for pair in sorted.windows(2) {
                    if let [first, second] = pair
                        && first.key == second.key
                    {
                        let message = words!("claim `{}` is there twice", second.key);
                        found.push(
                            Diagnostic::error(Code("E101"), second.key_span, message)
                                .at("again here")
                                .label(first.key_span, "first here")
                                .help("refuse the token: its issuer and its readers may disagree on which one counts"),
                        );
                    }
                }
                open.extend(members.iter().map(|member| &member.value));
            }
            _ => {}
        }
    }
    found.sort_by_key(Diagnostic::span);
    found
}
