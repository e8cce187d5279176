//! What a heading's blocks say for the tables below it.

use crate::values::{assignment, items};
use crate::{Kind, Layer, Profile, Target};

/// Blocks that hold under one heading and the deeper ones below it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// The heading; empty for the page's own.
    pub(crate) name: String,
    /// Documents in force.
    pub(crate) blocks: Vec<Block>,
    /// Assignments of `request` blocks, in order; a later one replaces an earlier one.
    pub(crate) defaults: Vec<(String, String)>,
}

/// A document as it stands in the page: placeholders such as `<operand>` are not filled in.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) line: usize,
    /// After the language word.
    pub(crate) info: String,
    pub(crate) text: String,
}

/// The headings of open scopes, as a case's name.
pub(crate) fn heading(scopes: &[Scope]) -> String {
    let names: Vec<_> =
        scopes.iter().map(|scope| scope.name.as_str()).filter(|name| !name.is_empty()).collect();
    names.join(" / ")
}

/// What an info string says after `json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Info {
    pub(crate) kind: Kind,
    pub(crate) level: u8,
    pub(crate) target: Target,
    /// Given for a block that is a case of its own.
    pub(crate) verdict: Option<BlockVerdict>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) items: Vec<u16>,
    /// The text is the document, whatever it looks like.
    pub(crate) raw: bool,
}

/// What a block that is a case of its own says of its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BlockVerdict {
    Accepted,
    Refused(Vec<String>),
}

impl Scope {
    /// Takes the lines of a `request` block.
    pub(crate) fn read_defaults(&mut self, text: &str) -> Result<(), String> {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.defaults.push(assignment(line)?);
        }
        Ok(())
    }
}

impl Info {
    /// Reads `scp 0 account:111122223333`, `identity refused E013 J16`, `trust strict accepted`.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let kind = kind(words.next().unwrap_or_default())?;
        let mut info = Self {
            kind,
            level: 0,
            target: Target::Everyone,
            verdict: None,
            profiles: vec![Profile::Aws],
            items: items(text),
            raw: false,
        };
        for word in words {
            match (word, word.split_once(':')) {
                ("strict", _) => info.profiles = vec![Profile::Strict],
                ("both", _) => info.profiles = vec![Profile::Aws, Profile::Strict],
                ("raw", _) => info.raw = true,
                ("accepted", _) => info.verdict = Some(BlockVerdict::Accepted),
                ("refused", _) => info.verdict = Some(BlockVerdict::Refused(Vec::new())),
                (_, Some(("group", name))) => info.target = Target::Group(name.to_owned()),
                (_, Some(("role", arn))) => info.target = Target::Role(arn.to_owned()),
                (_, Some(("user", arn))) => info.target = Target::User(arn.to_owned()),
                (_, Some(("account", id))) => info.target = Target::Account(id.to_owned()),
                (_, Some(("endpoint", id))) => info.target = Target::Endpoint(id.to_owned()),
                _ => info.read_number_or_code(word)?,
            }
        }
        Ok(info)
    }

    fn read_number_or_code(&mut self, word: &str) -> Result<(), String> {
        let digits = |prefix| word.strip_prefix(prefix).is_some_and(|rest: &str| rest.parse::<u16>().is_ok());
        match &mut self.verdict {
            Some(BlockVerdict::Refused(codes)) if digits('E') => codes.push(word.to_owned()),
            _ if digits('J') => {}
            _ => match word.parse() {
                Ok(level) if matches!(self.kind, Kind::Scp | Kind::Rcp) => self.level = level,
                _ => return Err(format!("`{word}` means nothing in an info string")),
            },
        }
        Ok(())
    }
}

fn kind(word: &str) -> Result<Kind, String> {
    Ok(match word {
        "identity" => Kind::Identity,
        "authorizer" => Kind::Authorizer,
        "resource" => Kind::Resource,
        "trust" => Kind::Trust,
        "kms" => Kind::Kms,
        "api" => Kind::Api,
        "boundary" => Kind::Boundary,
        "session" => Kind::Session,
        "scp" => Kind::Scp,
        "rcp" => Kind::Rcp,
        "endpoint" => Kind::Endpoint,
        _ => {
            return Err(format!(
                "`{word}` is no kind of policy; write identity, resource, trust, kms, api, boundary, session, \
                 scp, rcp, endpoint or authorizer"
            ));
        }
    })
}

impl Kind {
    /// The layer where documents of this kind count.
    pub fn layer(self) -> Layer {
        match self {
            Self::Identity | Self::Authorizer => Layer::Identity,
            Self::Resource | Self::Trust | Self::Kms | Self::Api => Layer::Resource,
            Self::Boundary => Layer::Boundary,
            Self::Session => Layer::Session,
            Self::Scp => Layer::ServiceControl,
            Self::Rcp => Layer::ResourceControl,
            Self::Endpoint => Layer::Endpoint,
        }
    }
}
