//! Who can do something: the same request asked for many principals.

use crate::ast::PolicySet;
use crate::decide::Decision;
use crate::explain;
use crate::request::{Principal, Request};
use crate::value::{Catalogue, KeyTable, Owner};

use super::can::{Row, can};
use super::{Narrow, Rule};

/// One principal's answer.
#[derive(Clone, Debug)]
pub struct Who {
    /// Its position in the list that was asked.
    pub position: usize,
    /// The decision on the request as it stands.
    pub decision: Decision,
    /// Where that is an implicit deny: what would allow the action on such a resource, under conditions that this
    /// request does not meet.
    pub perhaps: Vec<Row>,
    /// The rules that `perhaps` speaks of.
    pub rules: Vec<Rule>,
}

/// Asks the request for every principal, in order.
pub fn who_can<'p>(
    set: &PolicySet,
    principals: impl IntoIterator<Item = &'p Principal>,
    request: &Request<'_>,
    catalogue: &Catalogue,
) -> Vec<Who> {
    let ask = |(position, principal): (usize, &Principal)| {
        let decision = explain::explain(set, principal, request).decision;
        let mut who = Who { position, decision, perhaps: Vec::new(), rules: Vec::new() };
        if decision.verdict == crate::decide::Verdict::ImplicitDeny {
            let found = can(set, principal, catalogue, &narrow(&set.keys, request));
            who.perhaps = found.rows;
            who.rules = found.rules;
        }
        who
    };
    principals.into_iter().enumerate().map(ask).collect()
}

/// The question without its context: which conditions would have to hold is what is asked.
fn narrow(keys: &KeyTable, request: &Request<'_>) -> Narrow {
    let mut narrow = Narrow {
        action: Some(request.action().to_owned()),
        resource: Some(request.resource().to_owned()),
        ..Narrow::default()
    };
    // What stands in the request is known; what is missing may come.
    for (name, value) in request.context().iter() {
        if keys.owner(name) == Owner::Request {
            narrow.context.insert(name.to_owned(), owned(value));
        }
    }
    narrow
}

fn owned(value: &crate::request::ContextValue<'_>) -> crate::request::ContextValue<'static> {
    use crate::request::ContextValue;
    match value {
        ContextValue::Text(text) => ContextValue::from(text.clone().into_owned()),
        ContextValue::List(list) => {
            ContextValue::from(list.iter().map(|text| text.clone().into_owned()).collect::<Vec<String>>())
        }
        ContextValue::Unknown => ContextValue::Unknown,
        ContextValue::Ambiguous => ContextValue::Ambiguous,
    }
}
