//! Who may assume a role, and by which call (SEMANTICS A.3, A19).

use super::{Lint, Scene, broad::parts};
use crate::ast::{ActionPattern, Kind, PrincipalName};
use crate::source::{Diagnostic, Severity};
use crate::value::{Effect, glob_ignoring_case};

pub(super) const EVERYONE: Lint =
    Lint::new("L048", Severity::SecurityWarning, "a role that everyone may assume without a condition");
pub(super) const PAIR: Lint = Lint::new("L049", Severity::Error, "a principal that cannot make the call");

const PLAIN: &str = "AssumeRole";
const SAML: &str = "AssumeRoleWithSAML";
const WEB: &str = "AssumeRoleWithWebIdentity";

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let statement = scene.statement;
    let Some(principal) = statement.principal.as_ref().filter(|_| scene.document.kind == Kind::Trust) else {
        return;
    };
    let everyone = principal.entries.iter().find(|entry| entry.name == PrincipalName::Everyone);
    if let Some(entry) =
        everyone.filter(|_| statement.effect.value == Effect::Allow && statement.conditions.is_empty())
    {
        found.push(
            EVERYONE
                .at(entry.span, "every principal of every account may assume this role")
                .help("name the principals, or test `aws:PrincipalOrgID`"),
        );
    }
    if statement.action.negated || statement.action.entries.is_empty() || principal.negated {
        return;
    }
    let actions = &statement.action.entries;
    let calls = |name: &str| actions.iter().any(|action| covers(action, name));
    for entry in &principal.entries {
        let Some(call) = call_of(&entry.name) else { continue };
        // A statement for tags or the source identity alone goes with any principal.
        let assumes = [PLAIN, SAML, WEB].into_iter().any(calls);
        if assumes && !calls(call) {
            found.push(
                PAIR.at(
                    entry.span,
                    format!("`{}` assumes roles by `sts:{call}`, which is not listed", entry.text),
                )
                .label(statement.action.span, "by these it cannot")
                .help(format!("list `sts:{call}`")),
            );
        }
    }
    for action in actions {
        let Some(name) = [PLAIN, SAML, WEB].into_iter().find(|name| is(action, name)) else { continue };
        let made = principal.entries.iter().any(|entry| call_of(&entry.name).is_none_or(|call| call == name));
        // Said above already where each principal lacks its call.
        let said =
            principal.entries.iter().all(|entry| call_of(&entry.name).is_some_and(|call| !calls(call)));
        if !made && !said {
            found.push(
                PAIR.at(action.span, format!("no principal of this statement can call `{}`", action.text))
                    .label(principal.span, "none of these")
                    .help("a SAML provider calls `sts:AssumeRoleWithSAML`, other providers `sts:AssumeRoleWithWebIdentity`, all others `sts:AssumeRole`"),
            );
        }
    }
}

/// The call by which a principal assumes a role; `None` for everyone, who may be of any sort.
fn call_of(name: &PrincipalName) -> Option<&'static str> {
    match name {
        PrincipalName::Everyone => None,
        PrincipalName::Federated(provider) if provider.contains(":saml-provider/") => Some(SAML),
        PrincipalName::Federated(_) => Some(WEB),
        _ => Some(PLAIN),
    }
}

fn covers(action: &ActionPattern, name: &str) -> bool {
    let service = action.service.as_ref();
    service.is_none_or(|service| service.as_literal().is_some_and(|text| text.eq_ignore_ascii_case("sts")))
        && glob_ignoring_case(parts(&action.name), name)
}

fn is(action: &ActionPattern, name: &str) -> bool {
    action.text.split_once(':').is_some_and(|(_, text)| text.eq_ignore_ascii_case(name))
        && covers(action, name)
}
