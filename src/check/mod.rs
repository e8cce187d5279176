//! Lints: what is legal in a document and probably not what its author meant.
//!
//! In: a `Document`, perhaps a service catalogue. Out: diagnostics `L...`, in order of place.
//! Never here: refusals (that is reading's work), requests, decisions; a document is never changed.

mod action;
mod api;
mod arity;
mod broad;
mod catalogue;
mod deny;
mod empty;
mod for_all;
pub(crate) mod index;
mod issuer;
mod key;
mod lint;
mod literal;
mod names;
mod operator;
mod principal;
mod redundant;
mod resource;
mod size;
mod trust;
mod variable;
mod version;

pub use lint::Lint;

use std::sync::Arc;

use crate::ast::{Document, Statement};
use crate::source::Diagnostic;
use crate::value::{Catalogue, KeyName, KeyTable};

/// What a check may know beyond the document.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions<'a> {
    /// What services offer. Without it, lints about unknown names, keys of an action and types of resources are silent.
    pub catalogue: Option<&'a Catalogue>,
    /// Keys and their arity beyond the global ones.
    pub keys: Arc<KeyTable>,
    /// Keys whose value the bearer of a token can choose, such as a tag mapped from a profile field (SEMANTICS C4).
    pub writable: Vec<KeyName>,
}

/// Every lint, by code. Those about indexes come from [`crate::compile::unserved`], all others from [`check`].
pub const LINTS: &[Lint] = &[
    version::MISSING,
    version::VARIABLE_BEFORE_2012,
    names::ID,
    names::SID_CHARACTERS,
    names::SID_TWICE,
    names::SID_EMPTY,
    size::NO_STATEMENTS,
    size::TOO_LARGE,
    size::CHARACTERS,
    size::RESOURCE_TEXT,
    empty::LIST,
    empty::CONDITION,
    empty::VALUES,
    operator::LETTER_CASE,
    action::NEVER_MATCHES,
    action::EXCLUDES_NOTHING,
    action::SERVICE_WILDCARD,
    broad::NOT_ACTION,
    broad::NOT_RESOURCE,
    broad::PASS_ROLE,
    resource::PARTITION_WILDCARD,
    resource::SERVICE_WILDCARD,
    resource::SHORT,
    resource::TYPE_WILDCARD,
    variable::IN_BOOL,
    variable::IN_KEY,
    variable::WRITABLE,
    arity::PREFIX_MISSING,
    arity::PREFIX_ON_SINGLE,
    arity::PREFIX_MISSING_BY_CATALOGUE,
    for_all::OPEN_WHEN_MISSING,
    for_all::NULL_WITH_PREFIX,
    deny::KEY_MAY_BE_MISSING,
    literal::MALFORMED,
    literal::NOT_AN_ARN,
    literal::NOT_A_BOOLEAN,
    literal::PLAIN_WILDCARD,
    literal::YEAR,
    literal::HOST_BITS,
    key::WILDCARD,
    key::SESSION_ARN,
    key::DEPRECATED,
    principal::MISSING,
    principal::NOBODY,
    principal::UNIQUE_ID,
    principal::ENDPOINT,
    principal::SERVICE,
    trust::EVERYONE,
    trust::PAIR,
    issuer::NO_CONDITION,
    issuer::AUDIENCE_ONLY,
    issuer::AMR_WILDCARD,
    api::NEGATED,
    api::EVERY_API,
    api::NO_METHOD,
    redundant::ENTRY,
    redundant::STATEMENT,
    catalogue::names::SERVICE,
    catalogue::names::ACTION,
    catalogue::names::PATTERN,
    catalogue::keys::UNKNOWN,
    catalogue::keys::NO_ACTION,
    catalogue::keys::SOME_ACTIONS,
    catalogue::resources::NO_ACTION_TAKES,
    catalogue::resources::NEEDS_STAR,
    catalogue::resources::NONE_FITS,
    principal::FEDERATED,
    index::EVERY_REQUEST,
    index::NEGATED_TWICE,
    index::NO_START,
    index::NOT_FILED,
];

/// The lints of a document, in order of place.
///
/// ```no_run
/// # fn show(document: &bailiwick::ast::Document) {
/// for finding in bailiwick::check(document, &bailiwick::CheckOptions::default()) {
///     println!("{}: {}", finding.code.0, finding.message);
/// }
/// # }
/// ```
pub fn check(document: &Document, options: &CheckOptions<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for lint in [version::document, names::document, size::document, redundant::document] {
        lint(document, &mut found);
    }
    for statement in &document.statements {
        let scene = Scene { document, statement, options };
        for lint in STATEMENT_LINTS {
            lint(&scene, &mut found);
        }
    }
    found.sort_by_key(|diagnostic| (diagnostic.span().start, diagnostic.code));
    found
}

const STATEMENT_LINTS: &[fn(&Scene<'_>, &mut Vec<Diagnostic>)] = &[
    empty::statement,
    operator::statement,
    action::statement,
    broad::statement,
    resource::statement,
    variable::statement,
    arity::statement,
    for_all::statement,
    deny::statement,
    literal::statement,
    key::statement,
    principal::statement,
    trust::statement,
    issuer::statement,
    api::statement,
    redundant::statement,
    catalogue::statement,
];

/// A statement and what is known around it.
struct Scene<'a> {
    document: &'a Document,
    statement: &'a Statement,
    options: &'a CheckOptions<'a>,
}

impl<'a> Scene<'a> {
    /// The source text of a place.
    fn text(&self, span: crate::source::Span) -> &'a str {
        self.document.source.text.get(span.range()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
