//! Lints that need to know what services offer. A catalogue lags behind the services, so none of these is an error.
//!
//! In: a statement and a `Catalogue`. Out: findings about names, keys and resource types.
//! Never here: a claim that something unknown does not exist.

pub(super) mod keys;
pub(super) mod names;
pub(super) mod resources;

use super::{Lint, Scene};
use crate::ast::ActionPattern;
use crate::source::Diagnostic;
use crate::value::{Action, Catalogue, Service};

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let Some(catalogue) = scene.options.catalogue else { return };
    let named: Vec<_> =
        scene.statement.action.entries.iter().map(|entry| Named::new(entry, catalogue)).collect();
    names::entries(scene, &named, catalogue, found);
    keys::conditions(scene, &named, catalogue, found);
    resources::entries(scene, &named, catalogue, found);
}

/// An entry of `Action` and what it names.
struct Named<'a> {
    entry: &'a ActionPattern,
    reach: Reach<'a>,
}

enum Reach<'a> {
    /// `*`, or a service with a wildcard: nothing to look up.
    Anything,
    /// The service is not in the catalogue.
    NoService(&'a str),
    /// The actions that are covered; none if the name is not in the catalogue.
    Actions(&'a Service, Vec<&'a Action>),
}

impl<'a> Named<'a> {
    fn new(entry: &'a ActionPattern, catalogue: &'a Catalogue) -> Self {
        let reach = match entry.service.as_ref().map(crate::value::Template::as_literal) {
            None | Some(None) => Reach::Anything,
            Some(Some(prefix)) => match catalogue.service(prefix) {
                None => Reach::NoService(prefix),
                Some(service) => Reach::Actions(service, service.matching(&entry.name).collect()),
            },
        };
        Self { entry, reach }
    }

    /// The service and actions, if the catalogue knows any.
    fn actions(&self) -> Option<(&'a Service, &[&'a Action])> {
        match &self.reach {
            Reach::Actions(service, actions) if !actions.is_empty() => Some((service, actions)),
            _ => None,
        }
    }
}

/// Every entry's service and actions, if the catalogue knows some for each: else nothing can be said of all of them.
fn all_known<'a, 'n>(named: &'n [Named<'a>]) -> Option<Vec<(&'a Service, &'n [&'a Action])>> {
    named.iter().map(Named::actions).collect()
}
