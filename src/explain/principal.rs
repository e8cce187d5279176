//! `Principal` and `NotPrincipal` (SEMANTICS A15, A16, F9, F10, F19..F21).

use crate::ast::{Clause, PrincipalName, PrincipalPattern};
use crate::decide::{CallerKind, Grants};
use crate::request::Caller;
use crate::value::{Effect, Layer, Profile, Truth, arn_fields};

use super::asked::Asked;
use super::report::{ClauseReport, Found, Listed, Part};

/// The clause, and by what names its entries mean the caller for sure.
pub(crate) fn clause(
    asked: &Asked<'_, '_>,
    layer: Layer,
    effect: Effect,
    clause: &Clause<PrincipalPattern>,
) -> (ClauseReport, Grants) {
    let mut any = Truth::No;
    let mut grants = Grants::default();
    let mut listed = Vec::with_capacity(clause.entries.len());
    for entry in &clause.entries {
        let (mut truth, grant) = names(asked, &entry.name);
        let by_account = matches!(entry.name, PrincipalName::Account(_));
        // SEMANTICS F20: at an endpoint an account is its root user only.
        if by_account
            && layer == Layer::Endpoint
            && effect == Effect::Allow
            && asked.caller != CallerKind::Root
        {
            truth = truth.at_most_maybe();
        }
        if truth == Truth::Yes {
            grants = grants.or(grant);
        }
        any = any.or(truth);
        listed.push(Listed { span: entry.span, text: entry.text.clone(), truth });
    }
    let truth = if clause.negated { spared(asked, clause, any).not() } else { any };
    let test = if clause.negated { "NotPrincipal" } else { "Principal" };
    let mut report = ClauseReport::new(Part::Principal, test, clause.span, truth);
    report.negated = clause.negated;
    report.found = Found::One(caller_words(&asked.principal.caller));
    report.listed = listed;
    if clause.negated && asked.has_boundary {
        report.note = Some("it always hits a caller with a permissions boundary".to_owned());
    }
    (report, if clause.negated { Grants::default() } else { grants })
}

/// How far `NotPrincipal` names the caller so that it is left out (SEMANTICS A16, F21, X23).
fn spared(asked: &Asked<'_, '_>, clause: &Clause<PrincipalPattern>, any: Truth) -> Truth {
    if asked.has_boundary {
        return Truth::No;
    }
    // SEMANTICS F19: a role counts as listed by account and name, whatever its path and case.
    if asked.profile() == Profile::Aws {
        return Truth::of(any != Truth::No);
    }
    let by = |wanted: Grants| {
        let mut named = clause.entries.iter().map(|entry| names(asked, &entry.name));
        Truth::of(named.any(|(truth, grant)| truth != Truth::No && grant.has(wanted)))
    };
    let account = by(Grants::ACCOUNT);
    let full = match asked.principal.caller {
        Caller::Anonymous | Caller::Subject { .. } => Truth::No,
        Caller::Service { .. } => by(Grants::SERVICE),
        Caller::Federated { .. } => by(Grants::PROVIDER),
        Caller::Root { .. } => account,
        Caller::User { .. } => by(Grants::USER).and(account),
        Caller::RoleSession { .. } => by(Grants::SESSION).and(by(Grants::ROLE)).and(account),
        Caller::FederatedUser { .. } => by(Grants::FEDERATED_SESSION).and(account),
    };
    full.or(by(Grants::EVERYONE))
}

/// How far an entry names the caller, and as what. The kind is given whatever the truth.
fn names(asked: &Asked<'_, '_>, name: &PrincipalName) -> (Truth, Grants) {
    let caller = &asked.principal.caller;
    match name {
        PrincipalName::Everyone => (Truth::Yes, Grants::EVERYONE),
        PrincipalName::Account(id) => {
            (Truth::of(asked.principal.account().is_some_and(|account| account == id)), Grants::ACCOUNT)
        }
        PrincipalName::User(named) => match caller {
            Caller::User { arn, .. } => (Truth::of(arn == named), Grants::USER),
            Caller::FederatedUser { parent: Some(parent), .. } => {
                (Truth::of(parent == named), Grants::FEDERATED_PARENT)
            }
            _ => (Truth::No, Grants::USER),
        },
        PrincipalName::Role(named) => (is_session_of(asked, named), Grants::ROLE),
        PrincipalName::RoleSession(named) => {
            (Truth::of(matches!(caller, Caller::RoleSession { arn, .. } if arn == named)), Grants::SESSION)
        }
        PrincipalName::FederatedUser(named) => (
            Truth::of(matches!(caller, Caller::FederatedUser { arn, .. } if arn == named)),
            Grants::FEDERATED_SESSION,
        ),
        PrincipalName::UniqueId(named) => match caller {
            Caller::User { id: Some(id), .. } => (Truth::of(id == named), Grants::USER),
            Caller::RoleSession { id: Some(id), .. } => (Truth::of(id == named), Grants::ROLE),
            _ => (Truth::No, Grants::default()),
        },
        PrincipalName::Service(named) => {
            (Truth::of(matches!(caller, Caller::Service { name } if name == named)), Grants::SERVICE)
        }
        PrincipalName::Federated(named) => (
            Truth::of(matches!(caller, Caller::Federated { provider } if provider == named)),
            Grants::PROVIDER,
        ),
        // No caller has a canonical id that is known here.
        PrincipalName::CanonicalUser(_) | PrincipalName::Nobody(_) => (Truth::No, Grants::default()),
    }
}

/// Whether the caller is a session of the role (SEMANTICS F19).
///
/// The session's ARN has no path, and names of roles are unique in an account ignoring case: where the role's own ARN is
/// unknown, account and name are the role. Where it is known, another one of that account and name is it only perhaps.
pub(crate) fn is_session_of(asked: &Asked<'_, '_>, role: &str) -> Truth {
    let Caller::RoleSession { arn, role: own, .. } = &asked.principal.caller else { return Truth::No };
    if own.as_deref() == Some(role) {
        return Truth::Yes;
    }
    let session = || arn_fields(arn).and_then(|fields| Some((fields[3], fields[4].split('/').nth(1)?)));
    let known = own.as_deref().and_then(account_and_name).or_else(session);
    let same = match (known, account_and_name(role)) {
        (Some((account, name)), Some((other, wanted))) => {
            account == other && name.eq_ignore_ascii_case(wanted)
        }
        _ => false,
    };
    match (same, own) {
        (false, _) => Truth::No,
        (true, Some(_)) => Truth::Maybe,
        (true, None) => Truth::Yes,
    }
}

/// Account and last path part of a role's ARN.
fn account_and_name(role: &str) -> Option<(&str, &str)> {
    let [_, _, _, account, resource] = arn_fields(role)?;
    let path = resource.strip_prefix("role/")?;
    Some((account, path.rsplit('/').next().unwrap_or(path)))
}

/// Who asks, in words.
pub(crate) fn caller_words(caller: &Caller) -> String {
    match caller {
        Caller::Anonymous => "an anonymous caller".to_owned(),
        Caller::Service { name } => format!("service {name}"),
        Caller::Root { account } => format!("the root user of {account}"),
        Caller::User { arn, .. } | Caller::RoleSession { arn, .. } | Caller::FederatedUser { arn, .. } => {
            arn.clone()
        }
        Caller::Federated { provider } => format!("an unsigned call with a token of {provider}"),
        Caller::Subject { issuer, subject, .. } => format!("{subject} of {issuer}"),
    }
}
