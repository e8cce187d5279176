//! Limits of session tags (SEMANTICS G8). They bind sessions of AWS roles; bearers without a role are not bound.

use crate::source::words;

/// Limits as data (SEMANTICS I); read on 2026-11-22.
const MAX_TAGS: usize = 50;
/// Characters of a tag key.
const MAX_KEY: usize = 128;
/// Characters of a tag value.
const MAX_VALUE: usize = 256;

/// Tags that a role session begins with, checked. Keys are unique ignoring ASCII case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionTags {
    tags: Vec<(String, String)>,
}

impl SessionTags {
    /// Adds a tag, or says why the session must be refused: a tag that is dropped could disable a Deny.
    pub fn add(&mut self, key: &str, value: &str) -> Result<(), String> {
        check_session_tag(key, value)?;
        if self.tags.iter().any(|(other, _)| other.eq_ignore_ascii_case(key)) {
            return Err(words!("tag `{key}` is there twice; keys differ by more than letter case"));
        }
        if self.tags.len() == MAX_TAGS {
            return Err(words!("a session takes at most {MAX_TAGS} tags"));
        }
        self.tags.push((key.to_owned(), value.to_owned()));
        Ok(())
    }

    /// Key and value, in order of adding.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tags.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.tags.len()
    }
}

/// Whether STS would take this key and value; if not, why.
pub fn check_session_tag(key: &str, value: &str) -> Result<(), String> {
    let length = key.chars().count();
    if length == 0 || length > MAX_KEY {
        return Err(words!("tag key `{key}` has {length} characters; 1 to {MAX_KEY} are allowed"));
    }
    if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
        return Err(words!("tag key `{key}` begins with the reserved `aws:`"));
    }
    if let Some(stray) = key.chars().find(|character| !allowed(*character)) {
        return Err(words!("tag key `{key}` holds `{}`, which session tags may not", stray.escape_default()));
    }
    let length = value.chars().count();
    if length > MAX_VALUE {
        return Err(words!(
            "the value of tag `{key}` has {length} characters; at most {MAX_VALUE} are allowed"
        ));
    }
    if let Some(stray) = value.chars().find(|character| !allowed(*character)) {
        return Err(words!(
            "the value of tag `{key}` holds `{}`, which session tags may not",
            stray.escape_default()
        ));
    }
    Ok(())
}

fn allowed(character: char) -> bool {
    character.is_alphanumeric() || " _.:/=+-@".contains(character)
}
