//! Synthetic workloads: the same policies, principals and requests for every engine that is measured.
//!
//! In: a shape, a size, a seed. Out: a [`Workload`], the same one each time; as IAM JSON and in the engine's terms.
//! Beside them the policies that AWS manages ([`managed`]), and how decisions are timed ([`measure`]).
//! Never here: answers. Whether a request is allowed is for the engines to say, and for `explain` to judge.

mod engine;
mod json;
pub mod managed;
pub mod measure;
mod random;
mod requests;
mod services;
mod statements;

use std::collections::BTreeMap;

pub use engine::set_of;
use random::Random;
pub use services::{ACCOUNT, SERVICES, Service};

/// The variable that the workload uses: the caller's tenant.
pub const TENANT_VARIABLE: &str = "${aws:PrincipalTag/tenant}";

/// What kind of policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Many tenants, about 25 statements each: equality on tenant, groups and tags selects well.
    Tenants,
    /// The same statements in one tenant: tenant equality selects nothing, groups little.
    Flat,
    /// Patterns that begin with a wildcard and nothing else: no equality and no prefix selects anything.
    Adversarial,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Self; 3] = [Self::Tenants, Self::Flat, Self::Adversarial];

    /// Short name: `mt`, `flat`, `adv`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tenants => "mt",
            Self::Flat => "flat",
            Self::Adversarial => "adv",
        }
    }
}

/// Policies with the people and requests that meet them.
#[derive(Clone, Debug)]
pub struct Workload {
    /// What kind.
    pub shape: Shape,
    /// Attached to everyone, as identity policies.
    pub statements: Vec<Statement>,
    /// Who asks.
    pub people: Vec<Person>,
    /// What they ask.
    pub cases: Vec<Case>,
}

/// A statement, in words that every engine's translation understands.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its name, unique in the workload.
    pub sid: String,
    /// `Deny` or `Allow`.
    pub deny: bool,
    /// Exact names, or with one `*` at the end.
    pub actions: Vec<String>,
    /// Patterns with `*`; at most one [`TENANT_VARIABLE`].
    pub resources: Vec<String>,
    /// All of them must hold.
    pub tests: Vec<Test>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The person is in one of the groups.
    InGroup(Vec<String>),
    /// The person's tag has one of the values.
    Person(Tag, Vec<String>),
    /// The resource carries the tag with one of the values.
    Resource(&'static str, Vec<String>),
    /// The resource carries the tag with none of the values, or does not carry it.
    ResourceNot(&'static str, Vec<String>),
    /// The resource's tag `env` is there and begins so.
    EnvironmentPrefix(String),
    /// The resource's tag `tenant` is the person's tenant.
    SameTenant,
    /// It is not, or the resource has no such tag.
    OtherTenant,
    /// The address is in one of the ranges.
    Address(Vec<String>),
    /// The address is in none of the ranges.
    AddressNot(Vec<String>),
    /// The time is before this one, in seconds since 1970.
    Before(i64),
    /// The person signed in with a second factor, or did not.
    SecondFactor(bool),
}

/// A tag that every person has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Whose customer.
    Tenant,
    /// Which department.
    Department,
    /// Which role.
    Role,
    /// Which clearance.
    Clearance,
}

impl Tag {
    /// The tag's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Department => "dept",
            Self::Role => "role",
            Self::Clearance => "clearance",
        }
    }
}

/// A caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Unique name.
    pub subject: String,
    /// Tag.
    pub tenant: String,
    /// Tag.
    pub department: String,
    /// Tag.
    pub role: String,
    /// Tag.
    pub clearance: String,
    /// Groups of the token.
    pub groups: Vec<String>,
    /// Whether a second factor was used to sign in.
    pub second_factor: bool,
}

impl Person {
    /// The value of a tag.
    pub fn tag(&self, tag: Tag) -> &str {
        match tag {
            Tag::Tenant => &self.tenant,
            Tag::Department => &self.department,
            Tag::Role => &self.role,
            Tag::Clearance => &self.clearance,
        }
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct Case {
    /// Place of the caller in [`Workload::people`].
    pub person: usize,
    /// `service:Name`.
    pub action: String,
    /// An ARN.
    pub resource: String,
    /// Tags of the resource.
    pub tags: BTreeMap<&'static str, String>,
    /// IPv4 address.
    pub address: String,
    /// Seconds since 1970.
    pub time: i64,
    /// The same time as text, `2026-01-31T10:00:00Z`.
    pub time_text: String,
}

/// Makes a workload of so many statements and requests. The same seed gives the same one.
pub fn generate(shape: Shape, statements: usize, requests: usize, seed: u64) -> Workload {
    let mut random = Random::new(seed);
    let mut workload = Workload { shape, statements: Vec::new(), people: Vec::new(), cases: Vec::new() };
    let plan = statements::Plan::new(shape, statements);
    workload.statements = statements::statements(&plan, &mut random);
    requests::people(&plan, &mut workload, &mut random);
    for _ in 0..requests {
        requests::add_case(&plan, &mut workload, &mut random);
    }
    workload
}

#[cfg(test)]
mod tests;
