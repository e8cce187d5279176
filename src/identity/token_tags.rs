//! Session tags that a token brings along (SEMANTICS G12).

use super::claims::scalar;
use super::{Claims, Refusal, SessionTags};
use crate::source::json::{Member, Node, Value};
use crate::source::{said, words};

const NAMESPACE: &str = "https://aws.amazon.com/tags";
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";

/// What a token says of the session that it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenTags {
    /// The session's tags.
    pub tags: SessionTags,
    /// Keys of those that go on into the next role.
    pub transitive: Vec<String>,
    /// The session's source identity.
    pub source_identity: Option<String>,
}

impl TokenTags {
    /// Reads them, nested in one claim or flat in several.
    ///
    /// Errors: both forms at once, a tag that has not one value, a transitive key without its tag, or a tag that STS
    /// would not take. A token with a wrong tag is refused: a tag that is dropped could disable a Deny (SEMANTICS G8).
    ///
    /// ```
    /// # use bailiwick::identity::{Claims, TokenTags};
    /// let claims = Claims::parse(
    ///     r#"{"https://aws.amazon.com/tags": {"principal_tags": {"Team": ["red"]}, "transitive_tag_keys": ["Team"]}}"#,
    /// )?;
    /// let read = TokenTags::read(&claims).map_err(|_| "refused")?;
    /// assert_eq!(read.tags.iter().collect::<Vec<_>>(), [("Team", "red")]);
    /// assert_eq!(read.transitive, ["Team"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(claims: &Claims) -> Result<Self, Vec<Refusal>> {
        let mut reading = Reading::default();
        let (nested, flat): (Vec<&Member>, Vec<&Member>) = claims
            .members()
            .iter()
            .filter(|member| member.key.starts_with(NAMESPACE))
            .partition(|member| member.key == NAMESPACE);
        match (nested.as_slice(), flat.as_slice()) {
            ([nested], []) => reading.nested(&nested.value),
            ([], flat) => {
                for member in flat {
                    reading.flat(member);
                }
            }
            ([nested, ..], _) => {
                let message = "the token has session tags in both forms, nested and flat";
                reading.refuse(&nested.value, message.to_owned(), "have the issuer send one of them");
            }
        }
        if let Some(node) = claims.named(SOURCE_IDENTITY) {
            match only(&node.value) {
                Some(text) => reading.found.source_identity = Some(text.to_owned()),
                None => reading.refuse(
                    node,
                    words!("`{SOURCE_IDENTITY}` has not one value"),
                    "have the issuer send one text",
                ),
            }
        }
        reading.finish()
    }
}

#[derive(Default)]
struct Reading<'a> {
    found: TokenTags,
    transitive: Option<&'a Node>,
    reasons: Vec<Refusal>,
}

impl<'a> Reading<'a> {
    fn nested(&mut self, node: &'a Node) {
        let Value::Object(members) = &node.value else {
            let message = words!("`{NAMESPACE}` is {}, not an object", node.value.kind());
            self.refuse(node, message, "have the issuer send `principal_tags` in it");
            return;
        };
        for member in members {
            match (member.key.as_str(), &member.value.value) {
                ("principal_tags", Value::Object(tags)) => {
                    for tag in tags {
                        self.tag(&tag.key, &tag.value);
                    }
                }
                ("transitive_tag_keys", _) => self.transitive = Some(&member.value),
                (name, value) => {
                    let message = words!("`{name}` in `{NAMESPACE}` is {}", value.kind());
                    self.refuse(
                        &member.value,
                        message,
                        "there are `principal_tags`, an object, and `transitive_tag_keys`",
                    );
                }
            }
        }
    }

    fn flat(&mut self, member: &'a Member) {
        let rest = member.key.strip_prefix(NAMESPACE).unwrap_or_default();
        if rest == "/transitive_tag_keys" {
            self.transitive = Some(&member.value);
        } else if let Some(tag) = rest.strip_prefix("/principal_tags/") {
            self.tag(tag, &member.value);
        } else {
            let message = words!("claim `{}` is none of the session tags", member.key);
            self.refuse(
                &member.value,
                message,
                "there are `/principal_tags/KEY` and `/transitive_tag_keys` below it",
            );
        }
    }

    fn tag(&mut self, key: &str, node: &Node) {
        let Some(value) = only(&node.value) else {
            self.refuse(node, words!("tag `{key}` has not one value"), "have the issuer send one text");
            return;
        };
        if let Err(message) = self.found.tags.add(key, value) {
            self.reasons.push(Refusal::new("E110", node.span, message, "change the tag at the issuer"));
        }
    }

    fn finish(mut self) -> Result<TokenTags, Vec<Refusal>> {
        if let Some(node) = self.transitive {
            let keys: Option<Vec<&str>> = match &node.value {
                Value::Array(items) => items.iter().map(|item| scalar(&item.value)).collect(),
                value => scalar(value).map(|text| vec![text]),
            };
            match keys {
                None => {
                    let message = said("the transitive keys are not a list of texts");
                    self.refuse(node, message, "have the issuer send a list");
                }
                Some(keys) => {
                    for key in keys {
                        if !self.found.tags.iter().any(|(tag, _)| tag.eq_ignore_ascii_case(key)) {
                            let message = words!("`{key}` is to be transitive but is no tag of the token");
                            self.refuse(node, message, "have the issuer send the tag too");
                        } else if !self.found.transitive.iter().any(|other| other.eq_ignore_ascii_case(key)) {
                            self.found.transitive.push(key.to_owned());
                        }
                    }
                }
            }
        }
        if self.reasons.is_empty() { Ok(self.found) } else { Err(self.reasons) }
    }

    fn refuse(&mut self, node: &Node, message: String, help: &str) {
        self.reasons.push(Refusal::new("E118", node.span, message, help));
    }
}

/// A value, or a list of one (SEMANTICS X13).
fn only(value: &Value) -> Option<&str> {
    match value {
        Value::Array(items) => match items.as_slice() {
            [only] => scalar(&only.value),
            _ => None,
        },
        value => scalar(value),
    }
}
