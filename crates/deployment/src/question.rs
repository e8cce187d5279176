//! A question, put together: the context goes to the principal or the request, by who owns each key.

use bailiwick::request::{ContextValue, RequestError};
use bailiwick::value::{KeyTable, Owner};
use bailiwick::{Caller, Principal, Request};

/// Adds the principal's part of a context to it, and makes the request of the rest.
pub(crate) fn question(
    principal: &mut Principal,
    action: &str,
    resource: &str,
    account: Option<&str>,
    context: &[(String, ContextValue<'static>)],
    keys: &KeyTable,
) -> Result<Request<'static>, RequestError> {
    let mut request = Request::new(action.to_owned(), resource.to_owned())?;
    if let Some(account) = account {
        request = request.owned_by(account.to_owned());
    }
    let mut given: Vec<String> = Vec::new();
    for (name, value) in context {
        if keys.owner(name) == Owner::Request {
            request = request.with(name.clone(), value.clone());
            continue;
        }
        let folded = name.to_ascii_lowercase();
        // What is said goes before what is derived; said twice it is ambiguous (SEMANTICS D18).
        if given.contains(&folded) {
            principal.context.insert(name.clone(), value.clone());
        } else {
            principal.context.replace(name.clone(), value.clone());
            given.push(folded);
        }
    }
    name_role(principal, context);
    Ok(request)
}

/// A full role ARN in `aws:PrincipalArn` tells the path of the session's role (SEMANTICS F19).
fn name_role(principal: &mut Principal, context: &[(String, ContextValue<'static>)]) {
    let Caller::RoleSession { arn, role: role @ None, service_linked, .. } = &mut principal.caller else {
        return;
    };
    let given = context.iter().find(|(name, _)| name.eq_ignore_ascii_case("aws:PrincipalArn"));
    let Some((_, ContextValue::Text(full))) = given else { return };
    let name = arn.split('/').nth(1).unwrap_or_default();
    if full.contains(":role/") && full.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(name))
    {
        *service_linked |= full.contains(":role/aws-service-role/");
        *role = Some(full.to_string());
    }
}
