//! Resources that a statement's actions take (SEMANTICS B8, B9).

use super::{Lint, Named, Scene, all_known};
use crate::ast::ResourceEntry;
use crate::check::api::names_no_method;
use crate::check::resource::wild_type;
use crate::source::{Diagnostic, Severity};
use crate::value::{Action, ArnPattern, Catalogue, ResourcePattern, Service, covers, overlap_arn};

pub(in crate::check) const NO_ACTION_TAKES: Lint =
    Lint::new("L064", Severity::Warning, "a resource of a type that no listed action takes");
pub(in crate::check) const NEEDS_STAR: Lint =
    Lint::new("L065", Severity::Warning, "an action without resources of its own, on ARNs only");
pub(in crate::check) const NONE_FITS: Lint =
    Lint::new("L066", Severity::Warning, "an action that takes none of the listed resources");

/// Services of which the catalogue lists only some of the types that an action takes: the two versions of API Gateway
/// share `apigateway:GET` and the like.
const INCOMPLETE: &[&str] = &["apigateway"];

pub(super) fn entries(
    scene: &Scene<'_>,
    named: &[Named<'_>],
    catalogue: &Catalogue,
    found: &mut Vec<Diagnostic>,
) {
    let statement = scene.statement;
    let Some(clause) = statement.resource.as_ref().filter(|clause| !clause.negated) else { return };
    if statement.action.negated {
        return;
    }
    let mut arns: Vec<(&ResourceEntry, &ArnPattern)> = Vec::new();
    for entry in &clause.entries {
        match &entry.pattern {
            // These have findings of their own (L055, L024).
            ResourcePattern::Arn { pattern, .. } if names_no_method(pattern) => return,
            ResourcePattern::Arn { .. } if wild_type(entry, catalogue) => return,
            ResourcePattern::Arn { pattern, .. } if incomplete(pattern) => return,
            ResourcePattern::Arn { pattern, .. } => arns.push((entry, pattern)),
            // `*` fits every action; what a policy is attached to is not known here.
            _ => return,
        }
    }
    if arns.is_empty() {
        return;
    }
    let mut types = Types::default();
    // Which ARNs some action takes.
    let mut taken = vec![false; arns.len()];
    for Named { entry, reach } in named {
        let super::Reach::Actions(service, actions) = reach else { continue };
        if actions.is_empty() {
            continue;
        }
        if actions.iter().all(|action| action.takes.is_empty()) {
            found.push(
                NEEDS_STAR
                    .at(
                        entry.span,
                        format!("`{}` has no resources of its own: its resource is `*`", entry.text),
                    )
                    .label(clause.span, "no `*` here")
                    .help("allow it on `\"*\"`, in a statement of its own"),
            );
            continue;
        }
        let mut any = false;
        for (i, (_, arn)) in arns.iter().enumerate() {
            let fits = types.fits(service, i, arn, actions);
            any |= fits;
            if let Some(taken) = taken.get_mut(i) {
                *taken |= fits;
            }
        }
        if !any {
            found.push(none_fits(service, actions, entry, clause.span));
        }
    }
    let takers =
        |(_, actions): &(&Service, &[&Action])| actions.iter().any(|action| !action.takes.is_empty());
    if !all_known(named).is_some_and(|known| known.iter().any(takers)) || !taken.contains(&true) {
        // Nothing can be said, or every action has been told of above.
        return;
    }
    for ((entry, _), _) in arns.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        found.push(
            NO_ACTION_TAKES
                .at(entry.span, format!("none of the listed actions is known to take `{}`", entry.text))
                .label(statement.action.span, "these")
                .help("check the ARN's service, type and fields, or add the actions that are meant"),
        );
    }
}

fn incomplete(arn: &ArnPattern) -> bool {
    let [_, service, ..] = &arn.fields;
    service.as_literal().is_some_and(|service| INCOMPLETE.contains(&service))
}

fn none_fits(
    service: &Service,
    actions: &[&Action],
    entry: &crate::ast::ActionPattern,
    resources: crate::source::Span,
) -> Diagnostic {
    let mut formats: Vec<&str> = Vec::new();
    for resource in actions.iter().flat_map(|action| service.resources_of(action)) {
        if !formats.contains(&&*resource.format) && formats.len() < 3 {
            formats.push(&resource.format);
        }
    }
    let formats = formats.iter().map(|format| format!("`{format}`")).collect::<Vec<_>>().join(" or ");
    NONE_FITS
        .at(entry.span, format!("`{}` takes none of the listed resources", entry.text))
        .label(resources, "of other types")
        .help(format!("it takes {formats}"))
}

/// For each ARN of the statement and each service: which of the service's types it fits, by position; found once.
#[derive(Default)]
struct Types<'a> {
    known: Vec<(&'a str, usize, Vec<bool>)>,
}

impl<'a> Types<'a> {
    fn fits(&mut self, service: &'a Service, index: usize, arn: &ArnPattern, actions: &[&Action]) -> bool {
        let at = self.known.iter().position(|(prefix, i, _)| *i == index && *prefix == service.prefix());
        let at = at.unwrap_or_else(|| {
            self.known.push((service.prefix(), index, types_of(service, arn)));
            self.known.len() - 1
        });
        let Some((_, _, types)) = self.known.get(at) else { return true };
        let takes = actions.iter().flat_map(|action| &action.takes);
        takes.into_iter().any(|takes| types.get(usize::from(takes.resource)).is_none_or(|fits| *fits))
    }
}

/// Which types of the service an ARN may be of. Where formats overlap, the narrowest that covers it counts: `b/*` is
/// an object's ARN, though a bucket's format, read as a pattern, covers it too.
fn types_of(service: &Service, arn: &ArnPattern) -> Vec<bool> {
    let types = service.resources();
    let narrower = |wide: &ArnPattern| {
        let mut covering = types.iter().map(|other| &other.pattern).filter(|other| covers_arn(other, arn));
        covering.any(|other| covers_arn(wide, other) && !covers_arn(other, wide))
    };
    types.iter().map(|one| overlap_arn(&one.pattern, arn) && !narrower(&one.pattern)).collect()
}

fn covers_arn(wide: &ArnPattern, narrow: &ArnPattern) -> bool {
    [4, 1, 2, 3, 0].into_iter().all(|i| covers(&wide.fields[i], &narrow.fields[i]))
}
