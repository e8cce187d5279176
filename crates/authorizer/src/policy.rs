//! The policy of an answer: one principal's permissions on a range of methods, as short as it can be said.

use bailiwick::Principal;
use bailiwick::ast::{self, Condition, Kind, Limits, Options, ResourceEntry};
use bailiwick::explore::{Focus, Written, as_policy_for};
use bailiwick::source::{Diagnostics, Source};
use bailiwick::value::{ArnPattern, Effect, ResourcePattern, covers};
use bailiwick_deployment::{Api, Deployment};
use serde_json::{Map, Value, json};

use crate::method::request_keys;
use crate::refusal::nameless;

/// The only action that an authorizer is asked about.
pub(crate) const INVOKE: &str = "execute-api:Invoke";
/// Characters that a `Resource` may have (SEMANTICS I).
pub(crate) const RESOURCE_CHARACTERS: usize = 512;

/// What a principal may invoke.
pub(crate) struct Permissions {
    /// What was written, and what could not be.
    pub(crate) written: Written,
    statements: Vec<Grouped>,
    /// The range as policy text.
    range: String,
}

/// Statements of one effect and one condition block.
struct Grouped {
    effect: Effect,
    negated: bool,
    resources: Vec<(String, ResourcePattern)>,
    conditions: Map<String, Value>,
}

impl Permissions {
    /// What the principal may invoke within a range.
    ///
    /// Errors: E324, the range is of another account than the principal.
    pub(crate) fn of(
        deployment: &Deployment,
        api: &Api,
        principal: &Principal,
        range: ArnPattern,
    ) -> Result<Self, Diagnostics> {
        if principal.account() != Some(api.account.as_str()) {
            let message = format!("API `{}` is of account {}, and the caller is not", api.id, api.account);
            let help = "put the authorizer into a deployment whose `account` is the API's";
            return Err(nameless("bailiwick.toml", "E324", message, help));
        }
        let whole = ResourcePattern::Arn { pattern: range.clone(), capped: false };
        let focus = Focus::new(INVOKE, range, request_keys(api))
            .map_err(|error| nameless("method", "E328", error.to_string(), "pass the ARN of a method"))?;
        let written = as_policy_for(&deployment.set, principal, &focus);
        // The size counts when it has been shortened, and as the API says.
        let limits = Limits { sizes: Vec::new(), authorizer_resource: usize::MAX, ..Limits::default() };
        let options =
            Options { kind: Kind::Authorizer, profile: deployment.profile, limits, ..Options::default() };
        // What is not a policy of the kind that the gateway reads is never returned.
        let document = ast::parse(Source::new("answer", &written.json), &options)?;
        let range = focus.resource_text();
        let statements = shortened(grouped(&document), (&range, &whole));
        Ok(Self { written, statements, range })
    }

    /// The document; where it allows something, not from the second `until` on.
    ///
    /// Errors: E323, a resource is longer than the gateway takes.
    pub(crate) fn document(&self, until: Option<i64>) -> Result<Value, Diagnostics> {
        let too_long = |text: &str| text.chars().count() > RESOURCE_CHARACTERS;
        let mut resources = self.statements.iter().flat_map(|one| &one.resources);
        if let Some((text, _)) = resources.find(|(text, _)| too_long(text)) {
            let start: String = text.chars().take(80).collect();
            let message = format!("the resource `{start}...` is longer than 512 characters");
            let help = "shorten the policy's resource, or the claim that fills its variable";
            return Err(nameless("answer", "E323", message, help));
        }
        let mut statements: Vec<Value> = self.statements.iter().map(Grouped::json).collect();
        let allows = self.statements.iter().any(|one| one.effect == Effect::Allow);
        if let Some(until) = until.filter(|_| allows) {
            // SEMANTICS H2: what is kept must not pass the token's `exp`. A missing time denies too.
            let late = json!({ "NumericGreaterThanEqualsIfExists": { "aws:EpochTime": until.to_string() } });
            statements.push(
                json!({ "Effect": "Deny", "Action": INVOKE, "Resource": self.range, "Condition": late }),
            );
        }
        Ok(json!({ "Version": "2012-10-17", "Statement": statements }))
    }
}

impl Grouped {
    fn json(&self) -> Value {
        let mut texts: Vec<Value> = self.resources.iter().map(|(text, _)| json!(text)).collect();
        let resources = match texts.pop() {
            Some(only) if texts.is_empty() => only,
            last => {
                texts.extend(last);
                Value::Array(texts)
            }
        };
        let effect = if self.effect == Effect::Allow { "Allow" } else { "Deny" };
        let mut out = json!({ "Effect": effect, "Action": INVOKE });
        if let Some(members) = out.as_object_mut() {
            let name = if self.negated { "NotResource" } else { "Resource" };
            members.insert(name.to_owned(), resources);
            if !self.conditions.is_empty() {
                members.insert("Condition".to_owned(), Value::Object(self.conditions.clone()));
            }
        }
        out
    }

    fn covers(&self, pattern: &ResourcePattern) -> bool {
        !self.negated && self.resources.iter().any(|(_, own)| contains(own, pattern))
    }
}

/// The statements of a document, those with equal conditions together.
fn grouped(document: &ast::Document) -> Vec<Grouped> {
    let mut groups: Vec<Grouped> = Vec::new();
    for statement in &document.statements {
        let Some(clause) = &statement.resource else { continue };
        let conditions = conditions(&statement.conditions);
        let entries =
            clause.entries.iter().map(|ResourceEntry { text, pattern, .. }| (text.clone(), pattern.clone()));
        let effect = statement.effect.value;
        let same = groups.iter_mut().find(|group| {
            !clause.negated && !group.negated && group.effect == effect && group.conditions == conditions
        });
        match same {
            Some(group) => group.resources.extend(entries),
            None => {
                groups.push(Grouped {
                    effect,
                    negated: clause.negated,
                    resources: entries.collect(),
                    conditions,
                });
            }
        }
    }
    groups
}

/// Without what something else says already. Nothing is added to an Allow, and nothing taken from a Deny.
fn shortened(mut groups: Vec<Grouped>, (text, whole): (&str, &ResourcePattern)) -> Vec<Grouped> {
    for group in groups.iter_mut().filter(|group| !group.negated) {
        let all = group.resources.clone();
        let mut at = 0;
        group.resources.retain(|(_, own)| {
            at += 1;
            let earlier = |other: usize| other + 1 < at;
            !all.iter().enumerate().any(|(i, (_, other))| {
                i + 1 != at && contains(other, own) && (earlier(i) || !contains(own, other))
            })
        });
    }
    // What is allowed, or denied, under a condition and also without one.
    let (plain, mut rest): (Vec<Grouped>, Vec<Grouped>) =
        groups.into_iter().partition(|group| group.conditions.is_empty() && !group.negated);
    let mut plain = plain;
    for group in rest.iter_mut().filter(|group| !group.negated) {
        group.resources.retain(|(_, own)| {
            !plain.iter().any(|other| {
                (other.effect == group.effect || other.effect == Effect::Deny) && other.covers(own)
            })
        });
    }
    let denied: Vec<ResourcePattern> = plain
        .iter()
        .filter(|group| group.effect == Effect::Deny)
        .flat_map(|group| group.resources.iter().map(|(_, pattern)| pattern.clone()))
        .collect();
    for group in plain.iter_mut().filter(|group| group.effect == Effect::Allow) {
        group.resources.retain(|(_, own)| !denied.iter().any(|other| contains(other, own)));
    }
    plain.append(&mut rest);
    plain.retain(|group| !group.resources.is_empty());
    if plain.iter().all(|group| group.effect == Effect::Deny) {
        plain = vec![Grouped {
            effect: Effect::Deny,
            negated: false,
            resources: vec![(text.to_owned(), whole.clone())],
            conditions: Map::new(),
        }];
    }
    plain.sort_by_key(|group| group.effect == Effect::Deny);
    plain
}

fn contains(wide: &ResourcePattern, narrow: &ResourcePattern) -> bool {
    match (wide, narrow) {
        (ResourcePattern::Arn { pattern: wide, .. }, ResourcePattern::Arn { pattern: narrow, .. }) => {
            wide.fields.iter().zip(&narrow.fields).all(|(wide, narrow)| covers(wide, narrow))
        }
        _ => wide == narrow,
    }
}

/// Operator, key, values.
fn conditions(list: &[Condition]) -> Map<String, Value> {
    let mut out = Map::new();
    for condition in list {
        let mut values: Vec<Value> = condition.operands.iter().map(|one| json!(one.text)).collect();
        let value = if values.len() == 1 { values.pop() } else { None }.unwrap_or(Value::Array(values));
        let operator = condition.operator.value.to_string();
        let keys = out.entry(operator).or_insert_with(|| json!({}));
        if let Some(keys) = keys.as_object_mut() {
            keys.insert(condition.key.value.as_str().to_owned(), value);
        }
    }
    out
}
