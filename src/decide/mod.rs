//! Tree and request to a decision, without allocation.
//!
//! In: `Tree`, `Principal` or `Session`, `Request`. Out: `Decision`.
//! Never here: syntax, the compiler, words for people.

mod account;
mod atom;
mod combine;
mod env;
mod find;
mod identify;
mod identify_saml;
mod naming;
mod prepare;
mod remains;
mod residual;
mod rule;
mod session;
pub mod sign_in;
mod tries;
mod walk;
mod way;

pub use identify::{Exchange, Identified, IdentityOptions, NotIdentified};
pub use session::Session;
pub use way::Way;

pub use combine::{CallerKind, Grants, Slot, Slots, Tally, Verdict};

use crate::value::{Layer, StatementId};

/// The answer, and what decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Allow, implicit deny or explicit deny.
    pub verdict: Verdict,
    /// The layer that denied, that lacked an allow, or that granted.
    pub layer: Layer,
    /// The organization level in the two control layers, else 0.
    pub level: u8,
    /// One applying statement of that layer, if there is one.
    pub statement: Option<StatementId>,
    /// Set when the request could not be evaluated; the verdict is then an explicit deny (SEMANTICS F5).
    pub error: Option<DecisionError>,
}

/// Why a request could not be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecisionError {
    /// The request sets a key that the principal owns (`aws:PrincipalTag/...`, `token:...`).
    PrincipalKey,
    /// A value is longer, or a list has more values, than the guards of SEMANTICS I2 allow.
    TooLarge,
}

impl Decision {
    /// Whether the verdict is allow.
    pub fn is_allowed(&self) -> bool {
        self.verdict.is_allowed()
    }
}
