//! Policy documents as syntax: everything the author wrote, with its place.
//!
//! In: `Source` and `Options`. Out: `Document`, or every hard error at once; `print` is the inverse of `parse`.
//! Never here: lints, meaning beyond the shape of values, requests.

mod action;
mod arn;
mod code;
mod condition;
mod limits;
mod operator;
mod parse;
mod principal;
mod print;
mod resource;
mod same;
mod set;
mod shape;
mod statement;
mod template;
mod trust;

pub use code::CODES;
pub use limits::{Limits, Measure, SIZE_LIMITS, SizeLimit};
pub use parse::parse;
pub use print::print;
pub use set::{Attached, Attachment, Owned, PolicySet, SetError, Target};

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::source::{Source, Span};
use crate::value::{
    ArnPattern, Cidr, Decimal, Effect, Instant, KeyName, KeyTable, Operator, Profile, ResourcePattern,
    Template,
};

/// A policy document that has been read. It is legal for its kind and profile.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its text.
    pub source: Source,
    /// What it is.
    pub kind: Kind,
    /// The reading under which it was accepted.
    pub profile: Profile,
    /// Absent means 2008-10-17 (SEMANTICS A5, X1).
    pub version: Version,
    /// Where the version stands, if it does.
    pub version_span: Option<Span>,
    /// `Id`.
    pub id: Option<Spanned<String>>,
    /// In order.
    pub statements: Vec<Statement>,
    /// The whole object.
    pub span: Span,
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// Where.
    pub span: Span,
    /// What.
    pub value: T,
}

/// `Version` (SEMANTICS A5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// Written or absent: no variables.
    V2008,
    /// Variables and escapes.
    V2012,
}

/// What a document is used as (SEMANTICS A.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Inline or managed identity policy.
    #[default]
    Identity,
    /// Permissions boundary.
    Boundary,
    /// Session policy.
    Session,
    /// Resource-based policy in general.
    Resource,
    /// Role trust policy.
    Trust,
    /// KMS key policy.
    KmsKey,
    /// Service control policy.
    ServiceControl,
    /// Resource control policy.
    ResourceControl,
    /// VPC endpoint policy.
    Endpoint,
    /// Resource policy of an API Gateway API.
    Api,
    /// What a Lambda authorizer returns.
    Authorizer,
}

impl Kind {
    /// With its article, as messages have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "an identity policy",
            Self::Boundary => "a permissions boundary",
            Self::Session => "a session policy",
            Self::Resource => "a resource policy",
            Self::Trust => "a role trust policy",
            Self::KmsKey => "a key policy",
            Self::ServiceControl => "a service control policy",
            Self::ResourceControl => "a resource control policy",
            Self::Endpoint => "an endpoint policy",
            Self::Api => "an API's resource policy",
            Self::Authorizer => "an authorizer's policy",
        }
    }
}

/// How to read a document.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What it is used as.
    pub kind: Kind,
    /// Which reading of disputed points holds.
    pub profile: Profile,
    /// What is known of keys beyond the global ones.
    pub keys: Arc<KeyTable>,
    /// How large a document may be.
    pub limits: Limits,
}

/// One statement (SEMANTICS A9).
#[derive(Clone, Debug)]
pub struct Statement {
    /// The whole object.
    pub span: Span,
    /// `Sid`.
    pub sid: Option<Spanned<String>>,
    /// `Effect`.
    pub effect: Spanned<Effect>,
    /// `Principal` or `NotPrincipal`; `None` where the kind has none, or where it was left out and never matches.
    pub principal: Option<Clause<PrincipalPattern>>,
    /// `Action` or `NotAction`.
    pub action: Clause<ActionPattern>,
    /// `Resource` or `NotResource`; `None` where the kind has none or it was left out.
    pub resource: Option<Clause<ResourceEntry>>,
    /// One for each operator and key, in order of writing.
    pub conditions: Vec<Condition>,
    /// Where `Condition` stands, if it does (an empty one is no condition).
    pub condition_span: Option<Span>,
    /// Operators without keys: they test nothing (SEMANTICS A17).
    pub empty_operators: Vec<Spanned<Operator>>,
}

/// A list element of a statement, in its positive or `Not...` form.
#[derive(Clone, Debug)]
pub struct Clause<T> {
    /// The member's value.
    pub span: Span,
    /// Whether it is the `Not...` form.
    pub negated: bool,
    /// The entries in order; one or a list is the same (SEMANTICS A11).
    pub entries: Vec<T>,
}

/// An entry of `Action` or `NotAction` (SEMANTICS A13, B1).
#[derive(Clone, Debug)]
pub struct ActionPattern {
    /// Where.
    pub span: Span,
    /// As written.
    pub text: String,
    /// Service part; `None` for `*`. A wildcard in it is matched literally under `aws`, see SEMANTICS X3b.
    pub service: Option<Template>,
    /// Name part; `*` for `*`. Literals, `*` and `?` only.
    pub name: Template,
}

/// An entry of `Resource` or `NotResource`.
#[derive(Clone, Debug)]
pub struct ResourceEntry {
    /// Where.
    pub span: Span,
    /// As written.
    pub text: String,
    /// What it covers.
    pub pattern: ResourcePattern,
}

/// An entry of `Principal` or `NotPrincipal` (SEMANTICS A15).
#[derive(Clone, Debug)]
pub struct PrincipalPattern {
    /// Where.
    pub span: Span,
    /// As written.
    pub text: String,
    /// Whom it names.
    pub name: PrincipalName,
}

/// Whom a `Principal` entry names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PrincipalName {
    /// `*`, bare or under `AWS`.
    Everyone,
    /// An account, by id or by its `:root` ARN.
    Account(String),
    /// ARN of an IAM user.
    User(String),
    /// ARN of a role.
    Role(String),
    /// ARN of one role session.
    RoleSession(String),
    /// ARN of one federated-user session.
    FederatedUser(String),
    /// `AIDA...` or `AROA...`.
    UniqueId(String),
    /// Service principal.
    Service(String),
    /// Identity provider.
    Federated(String),
    /// S3's 64 hex digits for an account.
    CanonicalUser(String),
    /// Another ARN that can name no caller (an instance profile, say).
    Nobody(String),
}

/// One operator on one key (SEMANTICS A17).
#[derive(Clone, Debug)]
pub struct Condition {
    /// From the key to the end of its values.
    pub span: Span,
    /// The operator.
    pub operator: Spanned<Operator>,
    /// The key.
    pub key: Spanned<KeyName>,
    /// The values in order; one or a list is the same.
    pub operands: Vec<Operand>,
}

/// One value of a condition.
#[derive(Clone, Debug)]
pub struct Operand {
    /// Where.
    pub span: Span,
    /// Canonical text: strings unescaped, numbers without exponent or trailing zeros (SEMANTICS A17).
    pub text: String,
    /// How it was written, for the printer.
    pub form: OperandForm,
    /// Read as the operator needs it.
    pub value: OperandValue,
}

/// The JSON type that the author used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperandForm {
    /// `"text"`
    String,
    /// `10`
    Number,
    /// `true`
    Bool,
}

/// An operand, read.
#[derive(Clone, Debug, PartialEq)]
pub enum OperandValue {
    /// `String*` and `Bool`: literals, variables, and for `StringLike` wildcards. Without variables under 2008.
    Text(Template),
    /// `Arn*`.
    Arn(ArnPattern),
    /// `Numeric*`.
    Number(Decimal),
    /// `Date*`.
    Date(Instant),
    /// `IpAddress` and `NotIpAddress`.
    Ip(Cidr),
    /// `BinaryEquals`.
    Bytes(Vec<u8>),
    /// `Null`: `true` means that the key must be absent.
    Null(bool),
    /// Not what the operator needs; never matches (SEMANTICS X19).
    Malformed,
}
