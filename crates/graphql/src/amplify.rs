//! Amplify's `@auth`: rules on models and fields, by operation, with conditions on records.
//!
//! In: directives of a schema that Amplify's transformer is to compile. Out: for each model, operation and field whether a
//! caller may, and for which records.
//! Never here: records; the queries and mutations that the transformer will write.
//!
//! Rules are joined by "or"; nothing is open without a rule; a field's own rules stand in for its model's, and do not add
//! to them.

mod access;
mod lints;
mod model;
mod read;
mod settings;

use core::fmt;

use bailiwick::source::Span;

pub use access::{Access, Condition};
pub(crate) use access::{access, answer};
pub(crate) use lints::lints;
pub(crate) use model::{Model, ModelSettings, models};
pub use model::{ModelAccess, ModelField};
pub(crate) use read::rules;
pub(crate) use settings::{global_rule, model_settings};

use crate::api::Mode;

/// What is done with records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// A mutation that makes one.
    Create,
    /// A query for one.
    Get,
    /// A query for many.
    List,
    /// A query of DataStore.
    Sync,
    /// A query of the search index.
    Search,
    /// Subscriptions.
    Listen,
    /// A mutation that changes one.
    Update,
    /// A mutation that removes one.
    Delete,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Create,
        Self::Get,
        Self::List,
        Self::Sync,
        Self::Search,
        Self::Listen,
        Self::Update,
        Self::Delete,
    ];

    /// What `read` stands for.
    pub(crate) const READ: [Self; 5] = [Self::Get, Self::List, Self::Sync, Self::Search, Self::Listen];

    /// As a rule spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::List => "list",
            Self::Sync => "sync",
            Self::Search => "search",
            Self::Listen => "listen",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whom a rule is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Allow {
    /// Whom a field of the record names, by a claim: `sub::username` is both, joined.
    Owner { field: String, claim: String },
    /// Groups that the rule names, by a claim.
    Groups { groups: Vec<String>, claim: String },
    /// Groups that a field of the record names.
    GroupsOf { field: String, claim: String },
    /// Everybody who is signed in.
    Private,
    /// Everybody.
    Public,
    /// Whom a function lets in.
    Custom,
}

/// One rule of `@auth`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) allow: Allow,
    pub(crate) mode: Mode,
    /// None where the rule does not say: all of them.
    pub(crate) operations: Option<Vec<Operation>>,
    pub(crate) span: Span,
}
