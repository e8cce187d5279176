//! Statements that requests meet in vain because no index files them. The compiler alone can tell, so these are found
//! by [`crate::compile::unserved`]; their codes stand here with all others.

use super::Lint;
use crate::source::Severity;

/// Nothing in the statement is filed.
pub(crate) const EVERY_REQUEST: Lint =
    Lint::new("L068", Severity::Suggestion, "a statement that every request is tried by");
/// Both lists are of the negated form.
pub(crate) const NEGATED_TWICE: Lint =
    Lint::new("L069", Severity::Suggestion, "NotAction with NotResource: nothing to find the statement by");
/// No literal start to file.
pub(crate) const NO_START: Lint =
    Lint::new("L070", Severity::Suggestion, "a resource without a literal start to find it by");
/// An equality under an operator that is not filed.
pub(crate) const NOT_FILED: Lint =
    Lint::new("L071", Severity::Suggestion, "an equality under an operator that no index follows");
