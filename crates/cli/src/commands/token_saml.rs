//! `bailiwick token` on SAML responses, and on claims of assertions that were verified elsewhere.

use bailiwick::identity::Claims;
use bailiwick_deployment::Deployment;
use bailiwick_token::Expectations;

use super::token::{Outcome, Reason, Refused};
use crate::failure::Failure;
use crate::question::saml;

/// The claims of a SAML response, by the provider of this name or the one that the response names.
pub(crate) fn read(
    name: Option<&str>,
    deployment: &Deployment,
    response: &str,
    now: u64,
    outcome: &mut Outcome,
) -> Result<Result<Claims, Refused>, Failure> {
    let providers = &deployment.identities.saml_providers;
    let provider = match name {
        None => saml::provider(deployment, response)?,
        Some(name) => Ok(providers.iter().find(|provider| provider.name == name).ok_or_else(|| {
            let names: Vec<&str> = providers.iter().map(|provider| provider.name.as_str()).collect();
            Failure::Usage(format!("no SAML provider is called `{name}`; there are `{}`", names.join("`, `")))
        })?),
    };
    let provider = match provider {
        Ok(provider) => provider,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    outcome.issuer = Some(provider.name.clone());
    Ok(match saml::verify(provider, response, now)? {
        Ok(verified) => {
            outcome.kid = verified.kid;
            outcome.verified = true;
            outcome.until = Some(verified.until);
            Ok(verified.claims)
        }
        Err(refusal) => Err(refusal.into()),
    })
}

/// Claims whose times hold, whoever verified them.
pub(crate) fn in_time(
    expectations: &Expectations,
    claims: Claims,
    now: u64,
    outcome: &mut Outcome,
) -> Result<Claims, Refused> {
    match expectations.check(&claims, i64::try_from(now).unwrap_or(i64::MAX)) {
        Ok(until) => {
            outcome.until = Some(until);
            Ok(claims)
        }
        Err(refusal) => {
            outcome.claims = Some(claims);
            Err(refusal.into())
        }
    }
}

impl From<saml::Refusal> for Refused {
    fn from(refusal: saml::Refusal) -> Self {
        let saml::Refusal { code, check, message, help } = refusal;
        Self { reasons: vec![Reason { code, check, message, help }] }
    }
}
