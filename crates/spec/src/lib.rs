//! The language reference is the test suite: this crate reads `fixtures/spec/*.md` as cases.
//!
//! In: Markdown pages. Out: [`Page`]s of [`Case`]s, every document and request as plain text and data.
//! Never here: the engine. Each door (library, command line, server, WASM) brings its own runner, so that all of
//! them answer the same questions; `fixtures/spec/README.md` tells how a page is written.

mod api;
mod appsync;
mod markdown;
mod pages;
mod read;
mod row;
mod scope;
mod token;
mod values;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

pub use api::{ApiCase, ApiExpected, api_cases};
pub use appsync::{AppSyncCase, Asks, appsync_cases};
pub use read::read_page;
pub use token::{Signature, Signed, TokenCase, TokenExpected, token_cases};

/// One file of the reference.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// File name, as `matching.md`.
    pub name: String,
    /// What stands under `# `.
    pub title: String,
    /// In order of lines.
    pub cases: Vec<Case>,
}

/// One question and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// Unique: place, and what tells it from other cases of the same line.
    pub id: String,
    /// File name of the page.
    pub file: String,
    /// Line of the row or block, from 1.
    pub line: usize,
    /// The headings above it, from the second level on.
    pub name: String,
    /// What stands in the row's `why` cell.
    pub why: String,
    /// Items of the conformance quiz that this case settles (SEMANTICS J).
    pub items: Vec<u16>,
    /// Under which reading.
    pub profile: Profile,
    /// All documents in force, in order.
    pub documents: Vec<Document>,
    /// What is asked; none where only the reading of the documents counts.
    pub request: Option<Request>,
    /// What must come out.
    pub expected: Expected,
    /// The layer that must decide, and its level, as `service control 1`; empty where it does not matter.
    pub by: String,
}

/// Which column of SEMANTICS X holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// The documented behaviour.
    Aws,
    /// Fail closed.
    Strict,
}

/// A policy document, or a level that has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Where it counts.
    pub layer: Layer,
    /// Organization level, root is 0; 0 in other layers.
    pub level: u8,
    /// What it must be read as.
    pub kind: Kind,
    /// To whom or what it is attached.
    pub target: Target,
    /// Its text; `None` for "in force, and nothing attached".
    pub text: Option<String>,
    /// Line of the page where its block begins.
    pub line: usize,
}

/// Layers by the words of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// `identity`, `authorizer`
    Identity,
    /// `resource`, `trust`, `kms`, `api`
    Resource,
    /// `boundary`
    Boundary,
    /// `session`
    Session,
    /// `scp N`
    ServiceControl,
    /// `rcp N`
    ResourceControl,
    /// `endpoint`
    Endpoint,
}

/// Kinds of documents: the first word of a block's info string after `json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `identity`
    Identity,
    /// `authorizer`: what a Lambda authorizer returns.
    Authorizer,
    /// `resource`
    Resource,
    /// `trust`: of a role.
    Trust,
    /// `kms`: of a key.
    Kms,
    /// `api`: of an API Gateway API.
    Api,
    /// `boundary`
    Boundary,
    /// `session`
    Session,
    /// `scp`
    Scp,
    /// `rcp`
    Rcp,
    /// `endpoint`: of a VPC endpoint.
    Endpoint,
}

/// What a document is attached to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// Nothing said.
    Everyone,
    /// `group:NAME`
    Group(String),
    /// `role:ARN`
    Role(String),
    /// `user:ARN`
    User(String),
    /// `account:ID`, for `scp` and `rcp`.
    Account(String),
    /// `endpoint:ID`, for `endpoint`.
    Endpoint(String),
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Who asks.
    pub principal: Principal,
    /// `service:Name`.
    pub action: String,
    /// An ARN or `*`.
    pub resource: String,
    /// The account that owns the resource, if the host says so.
    pub resource_account: Option<String>,
    /// The organization's management account, if there is an organization.
    pub management_account: Option<String>,
    /// Context keys as written. Those that the principal owns belong to it, not to the request.
    pub context: BTreeMap<String, Value>,
    /// `request KEY`: what the request itself says, even of a key that the principal owns.
    pub claimed: BTreeMap<String, Value>,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Principal {
    /// By what name.
    pub caller: Caller,
    /// `role`: the role's own ARN with its path, for a role session.
    pub role: Option<String>,
    /// `id`: the unique id of the user or role.
    pub id: Option<String>,
    /// `service-linked`: whether the role is.
    pub service_linked: bool,
    /// `parent`: ARN of the user that began a federated user's session.
    pub parent: Option<String>,
    /// `groups`
    pub groups: Vec<String>,
    /// `groups = (unknown)` makes it false: the token left them out.
    pub groups_known: bool,
}

/// By what name somebody asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Caller {
    /// A user, root user, assumed role or federated user.
    Arn(String),
    /// `anonymous`
    Anonymous,
    /// `service NAME`
    Service(String),
    /// `federated PROVIDER`: an unsigned STS call.
    Federated(String),
    /// `subject ISSUER SUBJECT`: a token's bearer without a role.
    Subject {
        /// Issuer.
        issuer: String,
        /// The issuer's name for the bearer.
        subject: String,
    },
}

/// A context value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// One text.
    Text(String),
    /// A list: the key is multivalued.
    List(Vec<String>),
    /// `(unknown)`: there is a value, and it was not delivered.
    Unknown,
}

/// What must come out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// The request is allowed.
    Allow,
    /// Nothing allows it.
    ImplicitDeny,
    /// A statement denies it.
    ExplicitDeny,
    /// The request cannot be evaluated, and is denied for that (SEMANTICS F5).
    Error,
    /// Every document is read.
    Accepted,
    /// Some document is refused, with these codes and no others.
    Refused(Vec<String>),
}

/// Something in a page that cannot be read as a case. It is a failure, never skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// File name of the page.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl core::fmt::Display for Problem {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "fixtures/spec/{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for Problem {}

/// Every page of this checkout's `fixtures/spec`, by name; or everything that cannot be read.
pub fn pages() -> Result<Vec<Page>, Vec<Problem>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/spec");
    let unreadable = |error: std::io::Error| {
        vec![Problem { file: String::new(), line: 0, message: format!("cannot be read: {error}") }]
    };
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "md") && name != "README.md" {
            texts.insert(name, std::fs::read_to_string(&path).map_err(unreadable)?);
        }
    }
    let (mut pages, mut problems) = (Vec::new(), Vec::new());
    for (name, text) in &texts {
        match read_page(name, text) {
            Ok(page) => pages.push(page),
            Err(more) => problems.extend(more),
        }
    }
    if problems.is_empty() { Ok(pages) } else { Err(problems) }
}

/// The pages as JSON, for runners that are not written in Rust.
pub fn cases_as_json(pages: &[Page]) -> Result<String, serde_json::Error> {
    serde_json::to_string(pages)
}
