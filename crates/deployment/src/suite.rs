//! Readable suites on a deployment: who signs in, what they ask, what the answer must be. YAML or TOML.

mod run;

pub use run::{Answer, Question, SuiteReport};

use std::collections::BTreeMap;

use bailiwick::request::ContextValue;
use bailiwick::source::{Code, Diagnostic, Diagnostics, Source, Span};
use serde::Deserialize;

/// How a suite is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `.yaml`, `.yml`
    Yaml,
    /// `.toml`
    Toml,
}

/// A suite of cases on one deployment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// The deployment's folder, relative to the suite's; its own by default.
    #[serde(default)]
    pub deployment: Option<String>,
    /// The cases.
    pub cases: Vec<Case>,
}

/// Somebody, and what they ask. Exactly one of `claims`, `principal` and `guest` says who.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The sentence that the case proves.
    pub name: String,
    /// A claims file, relative to the deployment.
    #[serde(default)]
    pub claims: Option<String>,
    /// An ARN.
    #[serde(default)]
    pub principal: Option<String>,
    /// Not signed in.
    #[serde(default)]
    pub guest: bool,
    /// The role that the client names (SEMANTICS G5).
    #[serde(default)]
    pub role: Option<String>,
    /// The identity's id in the pool.
    #[serde(default)]
    pub identity_id: Option<String>,
    /// The client calls STS itself (SEMANTICS G4).
    #[serde(default)]
    pub basic_flow: bool,
    /// The token is not exchanged for a role.
    #[serde(default)]
    pub no_exchange: bool,
    /// The code with which the claims must be refused; then nothing is asked.
    #[serde(default)]
    pub refused: Option<String>,
    /// Context of all the requests; theirs goes before.
    #[serde(default)]
    pub context: BTreeMap<String, ContextEntry>,
    /// What they ask.
    #[serde(default)]
    pub requests: Vec<Ask>,
}

/// One request and its answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// `service:Name`.
    pub action: String,
    /// ARN or `*`.
    pub resource: String,
    /// Whose the resource is.
    #[serde(default)]
    pub resource_account: Option<String>,
    /// Context keys.
    #[serde(default)]
    pub context: BTreeMap<String, ContextEntry>,
    /// `allowed`, `explicitDeny`, `implicitDeny` or `denied`.
    pub expect: String,
    /// The layer that must have decided: `identity`, `resource`, `boundary`, `service control`, ...
    #[serde(default)]
    pub layer: Option<String>,
}

/// A context value: one or a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum ContextEntry {
    /// `true`
    Bool(bool),
    /// `10`
    Whole(i64),
    /// `"text"`
    Text(String),
    /// `["text"]`
    List(Vec<String>),
}

impl Format {
    /// By the end of a file's name.
    pub fn of(name: &str) -> Option<Self> {
        let (_, end) = name.rsplit_once('.')?;
        match end.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }
}

impl Suite {
    /// Reads a suite.
    pub fn parse(source: &Source, format: Format) -> Result<Self, Diagnostics> {
        let refused = |span: Span, message: String| {
            let diagnostic = Diagnostic::error(Code("E163"), span, message)
                .help("a suite is `cases:`, each with `name`, `claims` and `requests`");
            Diagnostics { source: source.clone(), list: vec![diagnostic] }
        };
        let suite: Self = match format {
            Format::Toml => toml::from_str(&source.text).map_err(|error| {
                let span = error.span().map_or_else(Span::default, |range| Span::new(range.start, range.end));
                refused(span, error.message().trim().to_owned())
            })?,
            Format::Yaml => serde_saphyr::from_str(&source.text).map_err(|error| {
                let line = error.location().map_or(1, |place| place.line());
                let span = line_span(&source.text, usize::try_from(line).unwrap_or(1));
                let text = error.without_snippet().to_string();
                refused(span, text.lines().next().unwrap_or("unreadable").to_owned())
            })?,
        };
        for case in &suite.cases {
            let ways = [case.claims.is_some(), case.principal.is_some(), case.guest];
            if ways.iter().filter(|way| **way).count() != 1 {
                let message =
                    format!("case `{}` must have one of `claims`, `principal` and `guest`", case.name);
                return Err(refused(Span::default(), message));
            }
        }
        Ok(suite)
    }
}

impl ContextEntry {
    /// As the engine takes it.
    pub fn value(&self) -> ContextValue<'static> {
        match self {
            Self::Bool(yes) => ContextValue::from(*yes),
            Self::Whole(number) => ContextValue::from(*number),
            Self::Text(text) => ContextValue::from(text.clone()),
            Self::List(list) => ContextValue::from(list.clone()),
        }
    }
}

/// A line without its end; lines count from 1.
fn line_span(text: &str, line: usize) -> Span {
    let mut start = 0;
    for (number, content) in (1..).zip(text.split_inclusive('\n')) {
        if number == line {
            return Span::new(start, start + content.trim_end().len());
        }
        start += content.len();
    }
    Span::default()
}
