//! Everybody whom a deployment knows.

use bailiwick::{Caller, Principal};
use bailiwick_deployment::{Deployment, Identified, IdentityOptions};

use super::deployment::TokenArgs;
use crate::failure::Failure;

/// Somebody who is asked for.
pub(crate) struct Candidate {
    pub(crate) name: String,
    pub(crate) principal: Principal,
}

/// A session of each role, a member of each group, each user, the guest, and the tokens that were named.
pub(crate) fn everybody(
    deployment: &Deployment,
    claims: &[String],
    now: u64,
) -> Result<Vec<Candidate>, Failure> {
    let mut list = Vec::new();
    let mut add = |name: String, principal: Principal| list.push(Candidate { name, principal });
    for role in &deployment.identities.roles {
        if let Some(principal) = session_of(&role.arn).and_then(|arn| deployment.principal_from_arn(&arn)) {
            add(format!("role {}", role.arn), principal);
        }
    }
    for group in &deployment.groups {
        let subject = Caller::Subject {
            account: deployment.account.clone(),
            issuer: String::new(),
            subject: String::new(),
        };
        add(format!("group {}", group.name), Principal::new(subject).in_group(&group.name));
    }
    for user in &deployment.users {
        if let Some(principal) = deployment.principal_from_arn(&user.arn) {
            add(format!("user {}", user.arn), principal);
        }
    }
    if let Ok(Identified { principal, .. }) = deployment.guest(IdentityOptions::default()) {
        add("guest".to_owned(), principal);
    }
    for file in claims {
        let identified = TokenArgs::of_claims(file).identify(deployment, now)?.identified;
        add(format!("claims {file}"), identified.principal);
    }
    Ok(list)
}

/// The ARN of a session of a role that nobody has begun.
fn session_of(role: &str) -> Option<String> {
    let mut fields = role.splitn(6, ':');
    let (partition, account) = (fields.nth(1)?, fields.nth(2)?);
    let name = fields.next()?.rsplit('/').next()?;
    Some(format!("arn:{partition}:sts::{account}:assumed-role/{name}/somebody"))
}
