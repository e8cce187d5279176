//! Who somebody is to a folder, and what became of each claim, as data.

use bailiwick::decide::NotIdentified;
use bailiwick::identity::ClaimFate;
use bailiwick::request::ContextValue;
use bailiwick::{Caller, Principal};
use bailiwick_deployment::Deployment;

use super::findings;
use super::json::Json;
use super::places::Places;
use super::question::Asker;

/// Somebody.
pub(super) fn accepted(deployment: &Deployment, asker: &Asker, claims: &str) -> String {
    let (principal, identified) = (&asker.principal, asker.identified.as_ref());
    let mut places = Places::new(claims);
    let mut json = Json::default();
    json.object(|json| {
        json.name("accepted").flag(true);
        json.name("name").text(&words(principal));
        json.name("kind").text(kind(&principal.caller));
        json.name("account").optional(principal.account());
        json.name("issuer").optional(identified.and_then(|it| it.issuer.as_deref()));
        json.name("pool").optional(identified.and_then(|it| it.pool.as_deref()));
        json.name("role").optional(principal.role_arn().as_deref());
        json.name("groups").texts(&principal.groups);
        json.name("groupsKnown").flag(principal.groups_known);
        json.name("sessionPolicies").texts(&principal.session_policies);
        json.name("profile").text(deployment.profile.name());
        json.name("keys").list(principal.context.iter(), |json, (key, value)| {
            json.object(|json| {
                json.name("key").text(key);
                json.name("value");
                context_value(json, value);
            });
        });
        let report = identified.map(|it| it.report.as_slice()).unwrap_or_default();
        json.name("claims").list(report, |json, claim| {
            json.object(|json| {
                json.name("claim").text(&claim.claim);
                json.name("span");
                places.write(json, claim.span);
                json.name("fates").list(&claim.fates, |json, fate| {
                    json.object(|json| {
                        json.name("kind").text(fate_kind(fate));
                        json.name("text").text(&fate.to_string());
                    });
                });
            });
        });
        chain(json, identified.map(|it| it.chain.as_slice()).unwrap_or_default());
    });
    json.finish()
}

/// Nobody, and why.
pub(super) fn refused(refused: &NotIdentified) -> String {
    let diagnostics = &refused.diagnostics;
    let mut places = Places::new(&diagnostics.source.text);
    let mut json = Json::default();
    json.object(|json| {
        json.name("accepted").flag(false);
        json.name("reasons").list(&diagnostics.list, |json, reason| {
            findings::diagnostic(json, reason, None, &mut places);
        });
        chain(json, &refused.chain);
    });
    json.finish()
}

fn chain(json: &mut Json, chain: &[bailiwick::decide::sign_in::Step]) {
    json.name("chain").list(chain, |json, step| {
        json.object(|json| {
            json.name("step").text(step.name);
            json.name("passed").flag(step.passed);
            json.name("outcome").text(&step.outcome);
        });
    });
}

fn context_value(json: &mut Json, value: &ContextValue<'_>) {
    match value {
        ContextValue::Text(text) => json.text(text),
        ContextValue::List(list) => json.texts(list),
        ContextValue::Unknown => json.object(|json| json.name("unknown").flag(true)),
        ContextValue::Ambiguous => json.object(|json| json.name("ambiguous").flag(true)),
    }
}

fn fate_kind(fate: &ClaimFate) -> &'static str {
    match fate {
        ClaimFate::Checked => "checked",
        ClaimFate::Subject => "subject",
        ClaimFate::Groups(_) => "groups",
        ClaimFate::Key(_) => "key",
        ClaimFate::Tag(_) => "tag",
        ClaimFate::Session(_) => "session",
        ClaimFate::Dropped { .. } => "dropped",
    }
}

fn kind(caller: &Caller) -> &'static str {
    match caller {
        Caller::Anonymous => "anonymous",
        Caller::Service { .. } => "service",
        Caller::Root { .. } => "root",
        Caller::User { .. } => "user",
        Caller::RoleSession { .. } => "role session",
        Caller::FederatedUser { .. } => "federated user",
        Caller::Federated { .. } => "unsigned call",
        Caller::Subject { .. } => "subject",
    }
}

/// A caller in a few words: its ARN, or what it is.
fn words(principal: &Principal) -> String {
    match &principal.caller {
        Caller::Anonymous => "anonymous".to_owned(),
        Caller::Service { name } => ["service ", name].concat(),
        Caller::Root { account } => ["arn:aws:iam::", account, ":root"].concat(),
        Caller::User { arn, .. } | Caller::RoleSession { arn, .. } | Caller::FederatedUser { arn, .. } => {
            arn.clone()
        }
        Caller::Federated { provider } => ["unsigned call through ", provider].concat(),
        Caller::Subject { issuer, subject, .. } => [subject, " of ", issuer].concat(),
    }
}
