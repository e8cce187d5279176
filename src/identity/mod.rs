//! From what a verified token says to a principal: groups, tags, tenant, keys, and with an identity pool a role.
//!
//! In: claims whose token somebody has verified, and a mapping as data. Out: `Principal`, with a report for each claim.
//! Never here: signatures, keys, clocks, networks; policies.

mod apply;
mod claims;
mod guard;
mod identities;
mod mapping;
mod pack;
mod path;
mod refusal;
mod report;
mod saml;
mod session_tags;
mod token_tags;
mod web_identity;

mod amazon;
mod apple;
mod auth0;
mod cognito_user_pool;
mod entra;
mod facebook;
mod google;
mod keycloak;
mod oidc;
mod okta;
mod workload;

pub mod cognito_identity_pool;

pub use claims::Claims;
pub use identities::{Identities, Issuer, Published, Role, TokenSettings};
pub use mapping::{IssuerKind, KeyRule, Mapping, Presence, TagRule};
pub(crate) use pack::Pack;
pub use path::{ClaimPath, PathError};
pub use refusal::{Refusal, Refused};
pub use report::{ClaimFate, ClaimReport, Loss, MappedClaims};
pub use saml::{Assertion, SamlProvider};
pub use session_tags::{SessionTags, check_session_tag};
pub use token_tags::TokenTags;
pub use web_identity::{MAX_CLIENT_IDS, WebIdentityProvider};

#[cfg(test)]
mod tests;
