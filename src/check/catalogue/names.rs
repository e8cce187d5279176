//! Names of services and actions (SEMANTICS A13).

use super::{Lint, Named, Reach, Scene};
use crate::source::{Diagnostic, Severity, nearest};
use crate::value::{Catalogue, ResourcePattern, Service};

pub(in crate::check) const SERVICE: Lint = Lint::new("L058", Severity::Warning, "an unknown service");
pub(in crate::check) const ACTION: Lint = Lint::new("L059", Severity::Warning, "an unknown action");
pub(in crate::check) const PATTERN: Lint =
    Lint::new("L060", Severity::Warning, "a pattern that covers no known action");

pub(super) fn entries(
    scene: &Scene<'_>,
    named: &[Named<'_>],
    catalogue: &Catalogue,
    found: &mut Vec<Diagnostic>,
) {
    for Named { entry, reach } in named {
        let text = &entry.text;
        let finding = match reach {
            Reach::NoService(prefix) if is_own(scene, prefix) => continue,
            Reach::NoService(prefix) => {
                let similar = nearest(prefix, catalogue.services().map(Service::prefix));
                let finding = SERVICE.at(entry.span, format!("no service `{prefix}` is known"));
                match similar {
                    Some(similar) => finding.help(format!("did you mean `{similar}`?")),
                    None => finding.help("check the prefix; a deployment may declare services of its own"),
                }
            }
            Reach::Actions(service, actions) if actions.is_empty() => match entry.name.as_literal() {
                Some(name) => {
                    let similar = nearest(name, service.actions().iter().map(|action| &*action.name));
                    let finding = ACTION.at(entry.span, format!("no action `{text}` is known"));
                    match similar {
                        Some(similar) => {
                            finding.help(format!("did you mean `{}:{similar}`?", service.prefix()))
                        }
                        None => finding.help(format!("check the actions of {}", service.title())),
                    }
                }
                None => PATTERN
                    .at(entry.span, format!("`{text}` covers no known action"))
                    .help(format!("check the actions of {}", service.title())),
            },
            _ => continue,
        };
        // What cannot be an action's name has a finding of its own (L015).
        if crate::check::action::nameable(entry) {
            found.push(finding);
        }
    }
}

/// Whether the document has ARNs of the service outside of AWS: then it is one of the reader's own.
fn is_own(scene: &Scene<'_>, prefix: &str) -> bool {
    let clauses = scene.document.statements.iter().filter_map(|statement| statement.resource.as_ref());
    clauses.flat_map(|clause| &clause.entries).any(|entry| {
        let ResourcePattern::Arn { pattern: arn, .. } = &entry.pattern else { return false };
        let [partition, service, ..] = &arn.fields;
        service.as_literal().is_some_and(|service| service.eq_ignore_ascii_case(prefix))
            && partition.as_literal().is_some_and(|partition| !partition.starts_with("aws"))
    })
}
