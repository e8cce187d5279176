//! `[[identity_pool]]`: which role a token gets (SEMANTICS G4..G8).

use bailiwick::identity::cognito_identity_pool::{
    Ambiguous, IdentityPool, MAX_PROVIDERS, MAX_RULES, Matching, PoolProvider, RoleMapping, Rule,
};
use bailiwick::identity::{Issuer, Role, check_session_tag};

use super::attach;
use super::table::{Table, Text, suggestion};
use crate::problems::Problems;

#[derive(Clone, Copy)]
enum Choice {
    Default,
    Token,
    Rules,
}

const CHOICES: [(&str, Choice); 3] =
    [("default", Choice::Default), ("token", Choice::Token), ("rules", Choice::Rules)];
const AMBIGUOUS: [(&str, Ambiguous); 2] =
    [("authenticated_role", Ambiguous::AuthenticatedRole), ("deny", Ambiguous::Deny)];
const MATCHINGS: [(&str, Matching); 4] = [
    ("Equals", Matching::Equals),
    ("Contains", Matching::Contains),
    ("StartsWith", Matching::StartsWith),
    ("NotEqual", Matching::NotEqual),
];

pub(super) fn read(
    root: &mut Table<'_>,
    problems: &mut Problems,
    issuers: &[Issuer],
    roles: &[Role],
) -> Vec<IdentityPool> {
    let mut pools: Vec<IdentityPool> = Vec::new();
    for mut table in root.tables(problems, "identity_pool", "an identity pool") {
        let id = table.required(problems, "id");
        let authenticated_role = role(&mut table, problems, "authenticated_role", roles);
        let unauthenticated_role = role(&mut table, problems, "unauthenticated_role", roles);
        let mut providers = Vec::new();
        for (i, table) in table.tables(problems, "provider", "a provider of the pool").into_iter().enumerate()
        {
            if i == MAX_PROVIDERS {
                let message = format!("more than {MAX_PROVIDERS} providers");
                problems.add("E153", table.span, message, "an identity pool takes ten");
            }
            providers.extend(provider(table, problems, issuers, roles));
        }
        table.finish(problems);
        if let Some(id) = id {
            if pools.iter().any(|pool| pool.id == id.value) {
                attach::twice(problems, "identity pool", &id);
            }
            pools.push(IdentityPool { id: id.value, authenticated_role, unauthenticated_role, providers });
        }
    }
    pools
}

fn provider(
    mut table: Table<'_>,
    problems: &mut Problems,
    issuers: &[Issuer],
    known: &[Role],
) -> Vec<PoolProvider> {
    let issuer = table.required(problems, "issuer");
    let issuer = issuer.and_then(|name| attach::find_issuer(problems, issuers, &name));
    let choice = table.choice(problems, "role", &CHOICES).unwrap_or(Choice::Default);
    if !matches!(choice, Choice::Default) && !table.has("ambiguous") {
        let help = "say `ambiguous = \"deny\"` or `ambiguous = \"authenticated_role\"`";
        problems.add("E152", table.span, "what happens where no role is settled is not said", help);
    }
    let ambiguous = table.choice(problems, "ambiguous", &AMBIGUOUS).unwrap_or_default();
    let tables = table.tables(problems, "rule", "a rule");
    if tables.len() > MAX_RULES {
        let message = format!("more than {MAX_RULES} rules");
        problems.add("E153", table.span, message, "a provider takes 25; only the first match counts");
    }
    let rules: Vec<Rule> = tables.into_iter().filter_map(|table| rule(table, problems, known)).collect();
    if !rules.is_empty() && !matches!(choice, Choice::Rules) {
        problems.add("E153", table.span, "these rules are never looked at", "say `role = \"rules\"`");
    }
    let pairs = table.pairs(problems, "tags");
    for (tag, _) in &pairs {
        // The value is the token's; the key is known here.
        if let Err(message) = check_session_tag(&tag.value, "") {
            problems.add("E110", tag.span, message, "choose another tag key");
        }
    }
    let tags: Vec<(String, String)> =
        pairs.into_iter().map(|(tag, claim)| (tag.value, claim.value)).collect();
    table.finish(problems);
    let mapping = match choice {
        Choice::Default => RoleMapping::Default,
        Choice::Token => RoleMapping::Token { ambiguous },
        Choice::Rules => RoleMapping::Rules { rules, ambiguous },
    };
    let texts = issuer.map(|issuer| issuer.mapping.issuers.clone()).unwrap_or_default();
    texts
        .into_iter()
        .map(|issuer| PoolProvider { issuer, roles: mapping.clone(), tags: tags.clone() })
        .collect()
}

fn rule(mut table: Table<'_>, problems: &mut Problems, roles: &[Role]) -> Option<Rule> {
    let claim = table.required(problems, "claim");
    let matching = table.choice(problems, "match", &MATCHINGS).unwrap_or(Matching::Equals);
    let value = table.required(problems, "value");
    if !table.has("role") {
        problems.add("E152", table.span, "a rule without `role`", "name the role that it gives");
    }
    let role = role(&mut table, problems, "role", roles);
    table.finish(problems);
    Some(Rule { claim: claim?.value, matching, value: value?.value, role: role? })
}

/// A role of the folder.
fn role(
    table: &mut Table<'_>,
    problems: &mut Problems,
    name: &'static str,
    roles: &[Role],
) -> Option<String> {
    let text: Text = table.string(problems, name)?;
    if roles.iter().any(|role| role.arn == text.value) {
        return Some(text.value);
    }
    let known: Vec<&str> = roles.iter().map(|role| role.arn.as_str()).collect();
    let help =
        if known.is_empty() { "describe it: `[[role]]`".to_owned() } else { suggestion(&text.value, &known) };
    problems.add("E156", text.span, format!("there is no role `{}`", text.value), help);
    None
}
