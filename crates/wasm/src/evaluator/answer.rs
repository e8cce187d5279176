//! A decision as one number.
//!
//! From the lowest bit: verdict plus one in two bits (so that 0 is no decision), layer in four, organization level in
//! four, error in two, and in the other twenty the statement plus one. A statement for which these have no room is
//! all ones there; the script then asks for it.

use bailiwick::decide::DecisionError;
use bailiwick::value::{Layer, StatementId};
use bailiwick::{Decision, Verdict};

/// More statements than this are asked for.
pub(crate) const STATEMENTS: u32 = (1 << 20) - 1;

pub(crate) fn pack(decision: &Decision) -> u32 {
    let verdict = match decision.verdict {
        Verdict::Allow => 1,
        Verdict::ImplicitDeny => 2,
        Verdict::ExplicitDeny => 3,
    };
    let error = match decision.error {
        None => 0,
        Some(DecisionError::PrincipalKey) => 1,
        Some(DecisionError::TooLarge) => 2,
    };
    let statement = statement(decision.statement).min(STATEMENTS);
    verdict | layer(decision.layer) << 2 | u32::from(decision.level & 15) << 6 | error << 10 | statement << 12
}

/// Plus one; 0 for none.
pub(crate) fn statement(id: Option<StatementId>) -> u32 {
    id.map_or(0, |id| id.0.saturating_add(1))
}

/// Its place among [`Layer::ALL`]; `js/api.js` has the same list.
fn layer(layer: Layer) -> u32 {
    match layer {
        Layer::ResourceControl => 0,
        Layer::ServiceControl => 1,
        Layer::Endpoint => 2,
        Layer::Resource => 3,
        Layer::Identity => 4,
        Layer::Boundary => 5,
        Layer::Session => 6,
    }
}
