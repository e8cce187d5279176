//! The scenario format: policies of every layer, one request, and what is expected of it. One JSON object each, or one
//! a line.

mod expectation;
mod principal;
mod read;
mod run;

pub use expectation::{Expectation, Got};
pub use principal::PrincipalSpec;
pub use run::Outcome;

use bailiwick::Profile;
use bailiwick::request::ContextValue;
use bailiwick::source::Source;

/// One case.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its id; unique in its file.
    pub id: String,
    /// A name for people; may be empty.
    pub name: String,
    /// Words to choose cases by.
    pub tags: Vec<String>,
    /// Which reading of disputed points it assumes.
    pub profile: Profile,
    /// The policies of each layer.
    pub policies: ScenarioPolicies,
    /// What is asked.
    pub request: RequestSpec,
    /// What the answer must be.
    pub expect: Expectation,
}

/// The policies of a case, as texts. An absent layer is `None`; one without documents is in force and allows nothing.
#[derive(Clone, Debug, Default)]
pub struct ScenarioPolicies {
    /// Of the user and its groups, or of the role.
    pub identity: Option<Vec<Source>>,
    /// Of the resource.
    pub resource: Option<Vec<Source>>,
    /// The caller's boundary.
    pub boundary: Option<Vec<Source>>,
    /// Session policies.
    pub session: Option<Vec<Source>>,
    /// Of the endpoint that the call passes.
    pub endpoint: Option<Vec<Source>>,
    /// Service control policies by level, root first.
    pub scp: Option<Vec<Vec<Source>>>,
    /// Resource control policies by level, root first.
    pub rcp: Option<Vec<Vec<Source>>>,
}

/// The request of a case.
#[derive(Clone, Debug)]
pub struct RequestSpec {
    /// Who asks.
    pub principal: PrincipalSpec,
    /// `service:Name`.
    pub action: String,
    /// ARN or `*`.
    pub resource: String,
    /// Whose the resource is, if that is said.
    pub resource_account: Option<String>,
    /// The organization's management account, if that is said.
    pub management_account: Option<String>,
    /// Context keys of principal and request alike; the key table tells them apart.
    pub context: Vec<(String, ContextValue<'static>)>,
}
