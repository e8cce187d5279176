//! `[[issuer]]`: a preset of its kind, and what the folder says otherwise.

use bailiwick::Profile;
use bailiwick::identity::{ClaimPath, Issuer, IssuerKind, KeyRule, Mapping, Presence, TagRule};
use bailiwick::value::{Arity, KeyTable, Owner};

use super::table::{Table, Text};
use super::{ARITIES, attach, declare, verification};
use crate::files::Files;
use crate::problems::Problems;

const KINDS: [(&str, IssuerKind); 13] = [
    ("cognito", IssuerKind::Cognito),
    ("oidc", IssuerKind::Oidc),
    ("auth0", IssuerKind::Auth0),
    ("entra", IssuerKind::Entra),
    ("okta", IssuerKind::Okta),
    ("keycloak", IssuerKind::Keycloak),
    ("google", IssuerKind::Google),
    ("apple", IssuerKind::Apple),
    ("facebook", IssuerKind::Facebook),
    ("amazon", IssuerKind::Amazon),
    ("alb", IssuerKind::Alb),
    ("kubernetes", IssuerKind::Kubernetes),
    ("github", IssuerKind::Github),
];

pub(super) fn read(
    root: &mut Table<'_>,
    problems: &mut Problems,
    files: &Files,
    profile: Profile,
    account: &str,
    keys: &mut KeyTable,
) -> Vec<Issuer> {
    let mut issuers: Vec<Issuer> = Vec::new();
    for mut table in root.tables(problems, "issuer", "an issuer") {
        let name = table.required(problems, "name");
        let kind = table.choice(problems, "kind", &KINDS).unwrap_or(IssuerKind::Oidc);
        let mut mapping = preset(&mut table, problems, kind);
        mapping.profile = profile;
        account.clone_into(&mut mapping.account);
        if let Some(audiences) = table.strings(problems, "audiences") {
            mapping.audiences = audiences.into_iter().map(|text| text.value).collect();
        }
        if let Some(paths) = paths(&mut table, problems, "subject") {
            mapping.subject = paths;
        }
        if let Some(paths) = paths(&mut table, problems, "groups") {
            mapping.groups = paths;
        }
        if let Some(paths) = paths(&mut table, problems, "scopes") {
            mapping.scopes = paths;
        }
        if let Some(tenant) = table.string(problems, "tenant") {
            mapping.tenant = path(problems, &tenant);
        }
        mapping.tags = tags(&mut table, problems);
        preset_keys(&mapping, keys);
        for key in table.tables(problems, "key", "a key of an issuer") {
            mapping.keys.extend(key_rule(key, problems, keys));
        }
        let token = verification::read(&mut table, problems, files, &mapping);
        table.finish(problems);
        if let Some(name) = name {
            let known = issuers.iter().any(|issuer| issuer.name == name.value);
            let text = issuers
                .iter()
                .find_map(|issuer| mapping.issuers.iter().find(|text| issuer.mapping.issuers.contains(text)));
            if known {
                attach::twice(problems, "issuer", &name);
            } else if let Some(text) = text {
                let message = format!("two issuers are `{text}`");
                problems.add("E157", name.span, message, "an `iss` must mean one mapping; merge them");
            }
            issuers.push(Issuer { name: name.value, mapping, token });
        }
    }
    issuers
}

/// The preset of a kind; most need the exact text of `iss`.
fn preset(table: &mut Table<'_>, problems: &mut Problems, kind: IssuerKind) -> Mapping {
    let mut text =
        |name: &'static str| table.required(problems, name).map(|text| text.value).unwrap_or_default();
    let mut mapping = match kind {
        IssuerKind::Cognito => Mapping { issuers: vec![text("issuer")], ..Mapping::cognito() },
        IssuerKind::Oidc => Mapping::oidc(&text("issuer")),
        IssuerKind::Auth0 => Mapping::auth0(&text("issuer")),
        IssuerKind::Okta => Mapping::okta(&text("issuer")),
        IssuerKind::Keycloak => {
            let issuer = text("issuer");
            Mapping { issuers: vec![issuer], ..Mapping::keycloak(&text("client")) }
        }
        IssuerKind::Entra => Mapping::entra(&text("directory")),
        IssuerKind::Google => Mapping::google(),
        IssuerKind::Apple => Mapping::apple(),
        IssuerKind::Facebook => Mapping::facebook(),
        IssuerKind::Amazon => Mapping::amazon(),
        IssuerKind::Alb => Mapping::alb(&text("issuer")),
        IssuerKind::Kubernetes => Mapping::kubernetes(&text("issuer")),
        IssuerKind::Github => Mapping::github(),
    };
    let fixed = matches!(
        kind,
        IssuerKind::Entra
            | IssuerKind::Google
            | IssuerKind::Apple
            | IssuerKind::Facebook
            | IssuerKind::Amazon
            | IssuerKind::Github
    );
    if fixed && let Some(issuers) = table.strings(problems, "issuer") {
        mapping.issuers = issuers.into_iter().map(|text| text.value).collect();
    }
    mapping
}

/// A preset's own keys are declared without complaint: two issuers may share them.
fn preset_keys(mapping: &Mapping, keys: &mut KeyTable) {
    mapping.declare(keys);
}

fn tags(table: &mut Table<'_>, problems: &mut Problems) -> Vec<TagRule> {
    let mut rules = Vec::new();
    for (tag, claim) in table.pairs(problems, "tags") {
        if let Some(path) = path(problems, &claim) {
            rules.push(TagRule { tag: tag.value, claim: path, required: false });
        }
    }
    let required = table.strings(problems, "required_tags").unwrap_or_default();
    for name in required {
        if let Some(rule) = rules.iter_mut().find(|rule| rule.tag == name.value) {
            rule.required = true;
        } else {
            let message = format!("tag `{}` is required but not mapped", name.value);
            problems.add("E156", name.span, message, "map it under `tags`");
        }
    }
    rules
}

fn key_rule(mut table: Table<'_>, problems: &mut Problems, keys: &mut KeyTable) -> Option<KeyRule> {
    let name = table.required(problems, "name");
    let claim = table.required(problems, "claim").and_then(|claim| path(problems, &claim));
    let arity = table.choice(problems, "arity", &ARITIES).unwrap_or(Arity::One);
    let required = table.flag(problems, "required");
    let default = table.strings(problems, "default");
    let presence = match default {
        Some(values) if arity == Arity::Many || values.len() == 1 => {
            Presence::Default(values.into_iter().map(|text| text.value).collect())
        }
        Some(_) => {
            problems.add(
                "E153",
                table.span,
                "a single-valued key takes one default",
                "give one, or `arity = \"many\"`",
            );
            Presence::Optional
        }
        None if required => Presence::Required,
        None => Presence::Optional,
    };
    table.finish(problems);
    let name = name?;
    if Mapping::is_reserved(&name.value) {
        let message = format!("a claim may not fill the reserved key `{}`", name.value);
        problems.add("E107", name.span, message, "choose a name of your own, such as `shop:plan`");
        return None;
    }
    // Two issuers may fill the same key if they agree on its arity; then their owner is the principal anyway.
    let same = keys.declared().iter().any(|(other, of, owner)| {
        other.as_str().eq_ignore_ascii_case(&name.value) && *of == arity && *owner == Owner::Principal
    });
    if !same {
        declare(problems, keys, &name, arity, Owner::Principal);
    }
    Some(KeyRule { name: name.value, claim: claim?, arity, presence })
}

fn paths(table: &mut Table<'_>, problems: &mut Problems, name: &'static str) -> Option<Vec<ClaimPath>> {
    let texts = table.strings(problems, name)?;
    Some(texts.iter().filter_map(|text| path(problems, text)).collect())
}

pub(super) fn path(problems: &mut Problems, text: &Text) -> Option<ClaimPath> {
    match ClaimPath::new(&text.value) {
        Ok(path) => Some(path),
        Err(error) => {
            let help = format!("a claim path is a JSON Pointer: write `{}`", error.meant);
            problems.add("E103", text.span, error.to_string(), help);
            None
        }
    }
}
