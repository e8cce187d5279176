//! What an explanation says, as plain data. Doors draw it; `Display` reads it out.

use crate::decide::Decision;
use crate::source::{Source, Span};
use crate::value::{Effect, Held, Layer, Profile, StatementId, Truth};

use super::variable::Gap;

/// A decision with its reasons.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The answer; the same as the tree gives.
    pub decision: Decision,
    /// Which reading of disputed points held.
    pub profile: Profile,
    /// Who asked, in words.
    pub caller: String,
    /// For what.
    pub action: String,
    /// On what.
    pub resource: String,
    /// Whose the resource is, if that is known (SEMANTICS F8).
    pub resource_account: Option<String>,
    /// Whether caller and resource belong to one account.
    pub same_account: bool,
    /// Every layer and level in force, in the order in which denies are reported.
    pub layers: Vec<LayerReport>,
    /// Every statement of the set, in order.
    pub statements: Vec<StatementReport>,
    /// Of an implicit deny: what would have to allow before the request is allowed, first things first. Otherwise empty.
    pub lacking: Vec<Lacking>,
}

/// What one layer in force said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerReport {
    /// Which.
    pub layer: Layer,
    /// Organization level in the control layers, else 0.
    pub level: u8,
    /// Whether an `Allow` of it applies.
    pub allows: bool,
    /// Whether a `Deny` of it applies.
    pub denies: bool,
}

/// A layer that would have to allow, and its statements that come nearest to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// Which.
    pub layer: Layer,
    /// Organization level in the control layers, else 0.
    pub level: u8,
    /// At most three `Allow` statements, nearest first. For the identity layer of the resource's own account these
    /// may be of the resource layer, which suffices there (SEMANTICS F8).
    pub nearest: Vec<StatementId>,
}

/// One statement and how far it held.
#[derive(Clone, Debug)]
pub struct StatementReport {
    /// Its number in the set.
    pub id: StatementId,
    /// The layer in which it is attached.
    pub layer: Layer,
    /// Organization level in the control layers, else 0.
    pub level: u8,
    /// The text that it stands in; its name is the policy's.
    pub source: Source,
    /// Its place in the document, from 0.
    pub position: usize,
    /// The statement in that text.
    pub span: Span,
    /// `Sid`, if it has one.
    pub sid: Option<String>,
    /// Allow or deny.
    pub effect: Effect,
    /// All clauses together.
    pub truth: Truth,
    /// Whether it counts: an `Allow` on yes, a `Deny` on yes and maybe.
    pub applies: bool,
    /// Attachment first, then in order of evaluation. Where the attachment does not concern the question, it is alone.
    pub clauses: Vec<ClauseReport>,
}

impl StatementReport {
    /// The clauses that kept it from applying.
    pub fn failing(&self) -> impl Iterator<Item = &ClauseReport> {
        let effect = self.effect;
        self.clauses.iter().filter(move |clause| !applies(effect, clause.truth))
    }
}

/// Whether a statement of this effect applies at that truth (SEMANTICS, fail-closed principle).
pub(crate) fn applies(effect: Effect, truth: Truth) -> bool {
    match effect {
        Effect::Allow => truth == Truth::Yes,
        Effect::Deny => truth != Truth::No,
    }
}

/// Which part of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// What the policy is attached to.
    Attachment,
    /// `Principal`, `NotPrincipal`.
    Principal,
    /// `Action`, `NotAction`.
    Action,
    /// `Resource`, `NotResource`.
    Resource,
    /// One operator on one key.
    Condition,
}

/// One clause of a statement, how far it held, and what it compared.
#[derive(Clone, Debug)]
pub struct ClauseReport {
    /// Which part.
    pub part: Part,
    /// Where it stands; empty for attachments.
    pub span: Span,
    /// How far it held.
    pub truth: Truth,
    /// What was tested: `NotAction`, `StringLike s3:prefix`; for an attachment, to what.
    pub test: String,
    /// Whether it holds where nothing listed fits.
    pub negated: bool,
    /// The context key of a condition.
    pub key: Option<String>,
    /// What the request has.
    pub found: Found,
    /// What the policy lists, variables resolved.
    pub listed: Vec<Listed>,
    /// Keys without a value that it looked at: its own, and those of its variables.
    pub missing: Vec<String>,
    /// Keys whose value exists but was not delivered (SEMANTICS G16).
    pub unknown: Vec<String>,
    /// A rule that decided beside the comparison.
    pub note: Option<String>,
}

/// An entry or operand, and how far it fits what the request has, before any negation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Where.
    pub span: Span,
    /// With its variables resolved; a variable without value as written.
    pub text: String,
    /// How far it fits.
    pub truth: Truth,
}

/// What the request has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Missing,
    /// One text.
    One(String),
    /// A list.
    Many(Vec<String>),
    /// A value that was not delivered (SEMANTICS G16).
    Unknown,
    /// Two values under names that differ only by case (SEMANTICS D18).
    Ambiguous,
}

impl Found {
    pub(crate) fn of(held: Held<'_>) -> Self {
        match held {
            Held::Missing => Self::Missing,
            Held::One(text) => Self::One(text.to_owned()),
            Held::Many(list) => Self::Many(list.iter().map(|text| text.clone().into_owned()).collect()),
            Held::Unknown => Self::Unknown,
            Held::Ambiguous => Self::Ambiguous,
        }
    }
}

impl ClauseReport {
    pub(crate) fn new(part: Part, test: impl Into<String>, span: Span, truth: Truth) -> Self {
        Self {
            part,
            span,
            truth,
            test: test.into(),
            negated: false,
            key: None,
            found: Found::Missing,
            listed: Vec::new(),
            missing: Vec::new(),
            unknown: Vec::new(),
            note: None,
        }
    }

    pub(crate) fn note_key(&mut self, key: &str, held: Held<'_>) {
        match held {
            Held::Missing => add(&mut self.missing, key),
            Held::Unknown => add(&mut self.unknown, key),
            _ => {}
        }
    }

    pub(crate) fn note_gaps(&mut self, gaps: &[(&str, Gap)]) {
        for (key, gap) in gaps {
            match gap {
                Gap::NoValue => add(&mut self.missing, key),
                Gap::Unknown => add(&mut self.unknown, key),
                Gap::Ambiguous => {}
            }
        }
    }
}

fn add(keys: &mut Vec<String>, key: &str) {
    if !keys.iter().any(|other| other.eq_ignore_ascii_case(key)) {
        keys.push(key.to_owned());
    }
}
