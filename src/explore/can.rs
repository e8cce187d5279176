//! What a principal can do: every allow that reaches it, with what is left of its conditions and what else limits it.

use crate::ast::PolicySet;
use crate::explain::asked::Asked;
use crate::request::{Context, Principal, Request};
use crate::value::{AccessLevel, Catalogue, Effect, Layer};

use super::Narrow;
use super::rule::{Rule, rules};
use super::shown::Shown;
use super::space::Space;
use super::survey::Survey;

/// What a principal can do.
#[derive(Clone, Debug)]
pub struct Can {
    /// The rules that rows speak of.
    pub rules: Vec<Rule>,
    /// What is allowed, by service.
    pub rows: Vec<Row>,
    /// What a statement allows and something else takes away altogether.
    pub cut: Vec<Cut>,
}

/// Actions that one statement allows on the same resources, under the same limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The part before the colon.
    pub service: String,
    /// Its actions.
    pub actions: Vec<Named>,
    /// Whether these are all that the catalogue knows of the service.
    pub whole: bool,
    /// On what.
    pub resources: Shown,
    /// Who granted it, as a position in [`Can::rules`]; its conditions remain. `None`: the root user needs no grant.
    pub by: Option<usize>,
    /// Denies that may bite, as positions in [`Can::rules`]; each has conditions or resources that a request decides.
    pub except: Vec<usize>,
    /// Other layers that must allow too, and do not allow everything.
    pub within: Vec<Within>,
}

/// An action, or a pattern of actions that the catalogue does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The part after the colon.
    pub name: String,
    /// What it does, if that is known.
    pub level: Option<AccessLevel>,
}

/// A layer that must allow too: one of these rules has to apply.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Within {
    /// Which.
    pub layer: Layer,
    /// Organization level in the control layers, else 0.
    pub level: u8,
    /// Only for calls through this endpoint.
    pub endpoint: Option<String>,
    /// Positions in [`Can::rules`]; none only for an endpoint, whose calls are then refused.
    pub rules: Vec<usize>,
}

/// Actions that a statement allows in vain.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// The part before the colon.
    pub service: String,
    /// Its actions.
    pub actions: Vec<Named>,
    /// Who would grant it, as a position in [`Can::rules`].
    pub by: Option<usize>,
    /// What takes it away.
    pub why: CutBy,
}

/// What takes an allow away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CutBy {
    /// A deny without conditions, as a position in [`Can::rules`].
    Deny(usize),
    /// A layer, at an organization level, that does not allow it.
    Lacks(Layer, u8),
}

/// Everything that the principal can do, as far as the policies tell: nothing that it can do is missing, and what a row
/// shows may still be refused by its `except` and `within`.
pub fn can(set: &PolicySet, principal: &Principal, catalogue: &Catalogue, narrow: &Narrow) -> Can {
    let request = question(&narrow.context);
    let Some(request) = request else { return Can { rules: Vec::new(), rows: Vec::new(), cut: Vec::new() } };
    let asked = Asked::new(set, principal, &request);
    let rules = rules(set, &asked);
    let clauses = rules.iter().filter(|rule| rule.effect == Effect::Allow).map(|rule| &rule.actions);
    let wanted = narrow.action.as_deref().map(super::narrow::action);
    let space = Space::new(catalogue, set.profile, clauses.chain(wanted.as_ref()));
    let (rows, cut) = Survey::new(&asked, &rules, &space, narrow, wanted.as_ref()).run();
    Can { rules, rows, cut }
}

/// A question of which only the context counts.
pub(super) fn question<'a>(context: &Context<'a>) -> Option<Request<'a>> {
    let mut request = Request::new("any:Any", "*").ok()?;
    for (name, value) in context.iter() {
        request = request.with(name.to_owned(), value.clone());
    }
    Some(request)
}
