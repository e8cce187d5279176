//! The catalogue's text form. One record a line, its kind in the first character, fields parted by tabs:
//!
//! ```text
//! bailiwick-catalog 1
//! @sqs    Amazon SQS                                   a service: prefix, title
//! =aws:TagKeys    S+                                   a key: name, type, `+` if multivalued
//! :queue  arn:${Partition}:sqs:...    0 1              a resource type: name, format, its keys by position
//! AddPermission   P   0!:1,2 3    0 1                  an action: name, level, what it takes, its keys
//! ```
//! What an action takes is the position of a resource type, `!` if required, then `:` and the keys that it fills there.
//! Types are S(tring), A(RN), B(ool), N(umeric), D(ate), I(P); levels L(ist), R(ead), W(rite), P(ermissions), T(agging).

use bailiwick::value::{
    AccessLevel, Action, Arity, Catalogue, ConditionKey, ResourceType, Service, Takes, ValueType,
};

/// Where a text is not a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The line, from 1.
    pub line: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl core::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "line {} of the catalogue: expected {}", self.line, self.expected)
    }
}

impl std::error::Error for DecodeError {}

/// Reads a catalogue; any text may come in. An error is the first line that does not fit.
pub fn decode(text: &str) -> Result<Catalogue, DecodeError> {
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    if lines.next().map(|(_, line)| line) != Some("bailiwick-catalog 1") {
        return Err(DecodeError { line: 1, expected: "`bailiwick-catalog 1`" });
    }
    let mut services = Vec::new();
    let mut open: Option<Open<'_>> = None;
    for (line, record) in lines {
        let expected = match record.strip_prefix('@') {
            Some(head) => {
                services.extend(open.take().map(Open::close));
                open = Open::new(head);
                open.is_none().then_some("a prefix and a title")
            }
            None => match &mut open {
                Some(open) => open.read(record).err(),
                None => Some("a service"),
            },
        };
        if let Some(expected) = expected {
            return Err(DecodeError { line, expected });
        }
    }
    services.extend(open.map(Open::close));
    Ok(Catalogue::new(services))
}

/// A service whose records are being read.
struct Open<'t> {
    prefix: &'t str,
    title: &'t str,
    keys: Vec<ConditionKey>,
    resources: Vec<ResourceType>,
    actions: Vec<Action>,
}

impl<'t> Open<'t> {
    fn new(head: &'t str) -> Option<Self> {
        let (prefix, title) = head.split_once('\t')?;
        let plain =
            !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        plain.then(|| Self { prefix, title, keys: Vec::new(), resources: Vec::new(), actions: Vec::new() })
    }

    fn close(self) -> Service {
        Service::new(self.prefix, self.title, self.keys, self.resources, self.actions)
    }

    fn read(&mut self, record: &str) -> Result<(), &'static str> {
        if let Some(key) = record.strip_prefix('=') {
            self.keys.push(read_key(key).ok_or("a key, its type and its arity")?);
        } else if let Some(resource) = record.strip_prefix(':') {
            self.resources
                .push(read_resource(resource).ok_or("a resource type, its ARN format and its keys")?);
        } else {
            self.actions.push(read_action(record).ok_or("an action, its level, what it takes and its keys")?);
        }
        Ok(())
    }
}

fn read_key(record: &str) -> Option<ConditionKey> {
    let (name, kind) = record.split_once('\t')?;
    let (letter, arity) = match kind.strip_suffix('+') {
        Some(letter) => (letter, Arity::Many),
        None => (kind, Arity::One),
    };
    let value = match letter {
        "S" => ValueType::String,
        "A" => ValueType::Arn,
        "B" => ValueType::Bool,
        "N" => ValueType::Numeric,
        "D" => ValueType::Date,
        "I" => ValueType::Ip,
        _ => return None,
    };
    (!name.is_empty()).then(|| ConditionKey::new(name, value, arity))
}

fn read_resource(record: &str) -> Option<ResourceType> {
    let [name, format, keys] = fields(record)?;
    ResourceType::new(name, format, positions(keys, ' ')?)
}

fn read_action(record: &str) -> Option<Action> {
    let [name, level, takes, keys] = fields(record)?;
    let level = match level {
        "L" => AccessLevel::List,
        "R" => AccessLevel::Read,
        "W" => AccessLevel::Write,
        "P" => AccessLevel::Permissions,
        "T" => AccessLevel::Tagging,
        _ => return None,
    };
    let takes = takes.split(' ').filter(|entry| !entry.is_empty()).map(read_takes).collect::<Option<_>>()?;
    (!name.is_empty()).then_some(Action { name: name.into(), level, takes, keys: positions(keys, ' ')? })
}

fn read_takes(entry: &str) -> Option<Takes> {
    let (head, keys) = entry.split_once(':').unwrap_or((entry, ""));
    let (position, required) = match head.strip_suffix('!') {
        Some(position) => (position, true),
        None => (head, false),
    };
    Some(Takes { resource: position.parse().ok()?, required, keys: positions(keys, ',')? })
}

fn positions(list: &str, by: char) -> Option<Box<[u16]>> {
    list.split(by).filter(|entry| !entry.is_empty()).map(|entry| entry.parse().ok()).collect()
}

fn fields<const N: usize>(record: &str) -> Option<[&str; N]> {
    let mut fields = record.split('\t');
    let mut found = [""; N];
    for field in &mut found {
        *field = fields.next()?;
    }
    fields.next().is_none().then_some(found)
}
