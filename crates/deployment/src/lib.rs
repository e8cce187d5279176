//! A deployment is one folder: `bailiwick.toml` says who is who and what is attached to what, plain IAM JSON beside it
//! says what is allowed.
//!
//! In: names and texts of files, claims that somebody has verified. Out: a [`Deployment`]: policy set, mappings, identity
//! pools, own services; and from claims a principal with the chain that led to it.
//! Never here: signatures of tokens, networks. Only [`Files::read`] reads files.

mod api;
mod files;
mod folder;
mod identify;
mod new;
mod pattern;
mod problems;
mod question;
mod read;
mod scenario;
#[cfg(feature = "suites")]
mod suite;

pub use api::{
    Api, ApiAuthorizer, ApiKind, ApiResponse, ApiRoute, Authorization, DEFAULT_TTL, IdentitySource, MAX_TTL,
    RESPONSE_BYTES,
};
pub use bailiwick::decide::{Exchange, Identified, IdentityOptions, NotIdentified};
pub use bailiwick::identity::{Issuer, Published, Role, TokenSettings};
pub use files::{Files, MANIFEST};
pub use folder::{Deployment, Group, Policy, User};
pub use new::starter;
pub use problems::DeploymentError;
pub use scenario::{Expectation, Got, Outcome, PrincipalSpec, RequestSpec, Scenario, ScenarioPolicies};
#[cfg(feature = "suites")]
pub use suite::{Answer, Ask, Case, ContextEntry, Format, Suite, SuiteReport};
