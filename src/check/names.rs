//! `Id` and `Sid` (SEMANTICS A6, A7).

use std::collections::BTreeMap;

use super::Lint;
use crate::ast::{Document, Kind};
use crate::source::{Diagnostic, Severity};

pub(super) const ID: Lint = Lint::new("L003", Severity::Warning, "Id in a kind of policy that takes none");
pub(super) const SID_CHARACTERS: Lint =
    Lint::new("L004", Severity::Suggestion, "Sid with characters other than letters and digits");
pub(super) const SID_TWICE: Lint = Lint::new("L005", Severity::Warning, "the same Sid twice");
pub(super) const SID_EMPTY: Lint = Lint::new("L006", Severity::Suggestion, "empty Sid");

pub(super) fn document(document: &Document, found: &mut Vec<Diagnostic>) {
    let takes_id =
        matches!(document.kind, Kind::Resource | Kind::KmsKey | Kind::Api | Kind::Trust | Kind::Endpoint);
    if let Some(id) = document.id.as_ref().filter(|_| !takes_id) {
        found.push(
            ID.at(id.span, format!("`Id` `{}` stands in a kind of policy that takes none", id.value))
                .help("remove `Id`; `Sid` names a statement"),
        );
    }
    let mut seen = BTreeMap::new();
    for sid in document.statements.iter().filter_map(|statement| statement.sid.as_ref()) {
        if sid.value.is_empty() {
            found.push(SID_EMPTY.at(sid.span, "`Sid` is empty").help("name the statement, or remove `Sid`"));
            continue;
        }
        if let Some(first) = seen.insert(sid.value.as_str(), sid.span) {
            found.push(
                SID_TWICE
                    .at(sid.span, format!("`Sid` `{}` names another statement too", sid.value))
                    .label(first, "here")
                    .help("give each statement a `Sid` of its own"),
            );
        }
        if !sid.value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            found.push(
                SID_CHARACTERS
                    .at(sid.span, format!("`Sid` `{}` holds more than letters and digits", sid.value))
                    .help("services differ in what they take; letters and digits pass everywhere"),
            );
        }
    }
}
