//! Entries of `Action` and `NotAction` that can match nothing (SEMANTICS A13, X3b).

use super::{Lint, Scene};
use crate::ast::ActionPattern;
use crate::source::{Diagnostic, Severity};

pub(super) const NEVER_MATCHES: Lint =
    Lint::new("L015", Severity::Warning, "an action that no request can name");
pub(super) const EXCLUDES_NOTHING: Lint =
    Lint::new("L016", Severity::Error, "a NotAction entry that excludes nothing");
pub(super) const SERVICE_WILDCARD: Lint =
    Lint::new("L017", Severity::Warning, "a wildcard in the service part of an action");

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let negated = scene.statement.action.negated;
    for entry in &scene.statement.action.entries {
        let text = &entry.text;
        let wild = entry.service.as_ref().is_some_and(crate::value::Template::has_wildcard);
        if negated && (wild || !nameable(entry)) {
            found.push(
                EXCLUDES_NOTHING
                    .at(
                        entry.span,
                        format!("no action is called `{text}`, so `NotAction` does not exclude any by it"),
                    )
                    .help("write `service:Name`; the statement now covers more than its author meant"),
            );
        } else if wild {
            found.push(
                SERVICE_WILDCARD
                    .at(entry.span, format!("the service of `{text}` is read literally, not as a pattern"))
                    .help("name each service, or write `*` for every action"),
            );
        } else if !nameable(entry) {
            found.push(
                NEVER_MATCHES
                    .at(entry.span, format!("no action is called `{text}`"))
                    .help("write `service:Name`: letters, digits and wildcards; one action an entry"),
            );
        }
    }
}

/// Whether the name part is one that actions have.
pub(super) fn nameable(entry: &ActionPattern) -> bool {
    let name = entry.text.split_once(':').map_or(entry.text.as_str(), |(_, name)| name);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'?' | b'-' | b'_' | b'.');
    !name.is_empty() && name.bytes().all(fits)
}
