//! Rules and a caller to what is open.

use core::fmt;

use bailiwick::Profile;
use bailiwick::identity::Claims;
use bailiwick::source::Span;
use bailiwick::source::json::Value;

use super::{Allow, Operation, Rule};
use crate::answer::{Answer, Why};
use crate::api::Mode;
use crate::caller::{Caller, Identity, strings};
use crate::schema::Schema;

/// What rules open to a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Every record.
    Open,
    /// Records of which each of these lists holds: of each list, one condition at least.
    Records(Vec<Vec<Condition>>),
    /// None.
    Refused,
}

/// What a record must be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A field of it names the caller.
    Owner {
        /// The field.
        field: String,
        /// Whether it holds a list of owners.
        is_list: bool,
        /// What the field may say; each names the caller.
        values: Vec<String>,
        /// The record is being made: the field may be left out, and then names the caller.
        creates: bool,
    },
    /// A field of it names a group of the caller's.
    Group {
        /// The field.
        field: String,
        /// Whether it holds a list of groups.
        is_list: bool,
        /// The caller's groups.
        groups: Vec<String>,
    },
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (field, is_list, values) = match self {
            Self::Owner { field, is_list, values, .. } => (field, is_list, values),
            Self::Group { field, is_list, groups } => (field, is_list, groups),
        };
        let verb = if *is_list { "holds" } else { "is" };
        let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        write!(f, "`{field}` {verb} {}", values.join(" or "))?;
        if let Self::Owner { creates: true, .. } = self {
            f.write_str(" or is left out")?;
        }
        Ok(())
    }
}

/// What rules open to a caller: in a model for one operation, elsewhere for the field itself (`None`). `lists` names the
/// fields of the record that hold lists.
pub(crate) fn access(
    schema: &Schema,
    caller: &Caller<'_>,
    rules: &[Rule],
    operation: Option<Operation>,
    lists: &[&str],
) -> Access {
    let mut conditions = Vec::new();
    for rule in rules {
        let speaks = match (&rule.operations, operation) {
            (Some(operations), Some(operation)) => operations.contains(&operation),
            _ => true,
        };
        if !speaks || rule.mode != caller.mode {
            continue;
        }
        let is_list = |field: &String| lists.contains(&field.as_str());
        match &rule.allow {
            Allow::Owner { field, claim } => {
                let values = caller.claims.map(|claims| identities(claims, claim)).unwrap_or_default();
                // Where there is no record, nobody owns it.
                if operation.is_some() && !values.is_empty() {
                    conditions.push(Condition::Owner {
                        field: field.clone(),
                        is_list: is_list(field),
                        values,
                        creates: operation == Some(Operation::Create),
                    });
                }
            }
            Allow::GroupsOf { field, claim } => {
                let groups = caller.claims.map(|claims| names(claims, claim)).unwrap_or_default();
                if operation.is_some() && !groups.is_empty() {
                    conditions.push(Condition::Group {
                        field: field.clone(),
                        is_list: is_list(field),
                        groups,
                    });
                }
            }
            Allow::Groups { groups, claim } => {
                let own = caller.claims.map(|claims| names(claims, claim)).unwrap_or_default();
                if own.iter().any(|group| groups.contains(group)) {
                    return Access::Open;
                }
            }
            Allow::Private if rule.mode != Mode::Iam || caller.identity == Identity::SignedIn => {
                return Access::Open;
            }
            Allow::Public if rule.mode == Mode::ApiKey || is_public(schema, caller) => return Access::Open,
            Allow::Custom if caller.function.as_ref().is_some_and(|function| function.is_authorized) => {
                return Access::Open;
            }
            Allow::Private | Allow::Public | Allow::Custom => {}
        }
    }
    conditions.dedup();
    if conditions.is_empty() { Access::Refused } else { Access::Records(vec![conditions]) }
}

/// Amplify's documents open `public` with IAM to guests and to the signed-in; its roles are guests'.
fn is_public(schema: &Schema, caller: &Caller<'_>) -> bool {
    match caller.identity {
        Identity::Guest => true,
        Identity::SignedIn => schema.api.profile == Profile::Aws,
        Identity::Unknown => false,
    }
}

/// What an owner field may say of the caller: `sub::username` is both claims joined, or either of them.
fn identities(claims: &Claims, claim: &str) -> Vec<String> {
    let text = |name: &str| {
        let found = claims.text(name).or_else(|| match name {
            // An ID token spells it so, an access token otherwise.
            "username" => claims.text("cognito:username"),
            "cognito:username" => claims.text("username"),
            _ => None,
        });
        found.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let parts: Vec<Option<String>> = claim.split("::").map(text).collect();
    let mut values = Vec::new();
    if parts.len() > 1
        && let Some(all) = parts.iter().cloned().collect::<Option<Vec<_>>>()
    {
        values.push(all.join("::"));
    }
    values.extend(parts.into_iter().flatten());
    values
}

/// The groups that a claim names: a list of strings, or one string for one group, never split.
fn names(claims: &Claims, claim: &str) -> Vec<String> {
    let Some(node) = claims.named(claim) else { return Vec::new() };
    match &node.value {
        Value::String(one) => vec![one.clone()],
        _ => strings(node).unwrap_or_default(),
    }
}

/// An answer about a field out of what its rules open.
pub(crate) fn answer(access: &Access, place: String, span: Span) -> Answer {
    match access {
        Access::Open => Answer::open(Why::Rule { place }, Some(span)),
        Access::Records(all) => {
            let conditions = all.first().cloned().unwrap_or_default();
            Answer::open(Why::Records { place, conditions }, Some(span))
        }
        Access::Refused => Answer::refused(Why::NoRule { place }, Some(span)),
    }
}
