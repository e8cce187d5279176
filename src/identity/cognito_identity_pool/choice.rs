//! Which role an authenticated identity gets in the enhanced flow (SEMANTICS G5, G6).

use super::{Ambiguous, IdentityPool, Matching, PoolProvider, RoleMapping, Rule};
use crate::identity::claims::{holds, scalar};
use crate::identity::{Claims, Refusal};
use crate::source::json::Value;
use crate::source::{Span, words};

/// A role and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// ARN.
    pub role: String,
    /// A few words: `rule 2: custom:org_role equals owner`.
    pub reason: String,
}

impl IdentityPool {
    /// Chooses for a token of one of its providers. `custom_role` is what the client asked for, if it did.
    pub fn choose(
        &self,
        provider: &PoolProvider,
        claims: &Claims,
        custom_role: Option<&str>,
    ) -> Result<Choice, Refusal> {
        let whole = Span::new(0, claims.source().text.len());
        let refuse = |message: String, help: &str| Err(Refusal::new("E112", whole, message, help));
        let not_listed = |role: &str, of: &str| {
            refuse(words!("role `{role}` is not {of}"), "ask for a role that is, or for none")
        };
        match (&provider.roles, custom_role) {
            (RoleMapping::Default, None) => self.default_role(whole, "the pool's authenticated role"),
            (RoleMapping::Default, Some(role)) => {
                not_listed(role, "for the client to name: this provider has no role mapping")
            }
            (RoleMapping::Token { .. }, Some(role)) if token_roles(claims).contains(&role) => {
                Ok(found(role, "named by the client, listed in cognito:roles"))
            }
            (RoleMapping::Token { .. }, Some(role)) => not_listed(role, "in the token's `cognito:roles`"),
            (RoleMapping::Token { ambiguous }, None) => match claims.text("cognito:preferred_role") {
                Some(role) => Ok(found(role, "the token's cognito:preferred_role")),
                None => self.settle(*ambiguous, whole, "the token prefers no role"),
            },
            (RoleMapping::Rules { rules, ambiguous }, wanted) => {
                let first = rules.iter().take(super::MAX_RULES).enumerate().find(|(_, rule)| {
                    rule_matches(rule, claims) && wanted.is_none_or(|wanted| wanted == rule.role)
                });
                match (first, wanted) {
                    (Some((i, rule)), None) => Ok(found(&rule.role, &describe(i, rule))),
                    (Some((i, rule)), Some(_)) => {
                        Ok(found(&rule.role, &words!("named by the client, {}", describe(i, rule))))
                    }
                    (None, Some(wanted)) => not_listed(wanted, "the role of a rule that matches"),
                    (None, None) => self.settle(*ambiguous, whole, "no rule matches"),
                }
            }
        }
    }

    fn settle(&self, ambiguous: Ambiguous, whole: Span, why: &str) -> Result<Choice, Refusal> {
        match ambiguous {
            Ambiguous::AuthenticatedRole => {
                self.default_role(whole, &words!("{why}, so the pool's authenticated role"))
            }
            Ambiguous::Deny => {
                let message = words!("{why}, and the pool refuses where the role is ambiguous");
                let help = "add a rule or a group role, or resolve ambiguity with the authenticated role";
                Err(Refusal::new("E112", whole, message, help))
            }
        }
    }

    fn default_role(&self, whole: Span, reason: &str) -> Result<Choice, Refusal> {
        let Some(role) = &self.authenticated_role else {
            let message = words!("pool `{}` has no authenticated role", self.id);
            return Err(Refusal::new("E112", whole, message, "give it one: `authenticated_role`"));
        };
        Ok(found(role, reason))
    }
}

fn found(role: &str, reason: &str) -> Choice {
    Choice { role: role.to_owned(), reason: reason.to_owned() }
}

fn describe(position: usize, rule: &Rule) -> String {
    words!("rule {}: `{}` {} `{}`", position + 1, rule.claim, rule.matching.name(), rule.value)
}

/// A list; a string counts only as ARNs joined by commas (SEMANTICS X13).
fn token_roles(claims: &Claims) -> Vec<&str> {
    match claims.named("cognito:roles").map(|node| &node.value) {
        Some(Value::Array(items)) => items.iter().filter_map(|item| scalar(&item.value)).collect(),
        Some(Value::String(text)) => {
            let roles: Vec<&str> = text.split(',').collect();
            if roles.iter().all(|role| role.starts_with("arn:")) { roles } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

/// A rule whose claim is missing is not evaluated, `NotEqual` included. Of a list one element is enough, but for
/// `NotEqual` none may equal (SEMANTICS G6).
fn rule_matches(rule: &Rule, claims: &Claims) -> bool {
    let Some(node) = claims.named(&rule.claim) else { return false };
    let value = rule.value.as_str();
    let matches = |text: &str| match rule.matching {
        Matching::Equals | Matching::NotEqual => text == value,
        Matching::Contains => holds(text, value),
        Matching::StartsWith => text.starts_with(value),
    };
    let some = match &node.value {
        Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(|item| scalar(&item.value)).collect();
            let Some(texts) = texts else { return false };
            texts.into_iter().any(matches)
        }
        other => match scalar(other) {
            Some(text) => matches(text),
            None => return false,
        },
    };
    some != (rule.matching == Matching::NotEqual)
}

impl Matching {
    /// As a role mapping spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equals => "Equals",
            Self::Contains => "Contains",
            Self::StartsWith => "StartsWith",
            Self::NotEqual => "NotEqual",
        }
    }
}
