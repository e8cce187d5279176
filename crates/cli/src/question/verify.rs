//! A signed token and the issuer that vouches for it, or a SAML response and its provider.

use bailiwick::identity::Claims;
use bailiwick::source::{Code, Diagnostic, Diagnostics, Source, Span};
use bailiwick_deployment::{Deployment, Issuer};
use bailiwick_token::{
    Algorithm, Expectations, KeySet, Organization, Refusal, Verified, Verifier, unverified_issuer,
};

use super::saml;
use crate::failure::Failure;
use crate::input;

/// The claims of a token, verified by the keys that the folder holds for its issuer (SEMANTICS G20).
pub(crate) fn of_deployment(deployment: &Deployment, path: &str, now: u64) -> Result<Claims, Failure> {
    let token = read(path)?;
    if saml::is_one(&token) {
        let refused =
            |refusal: saml::Refusal| Failure::refused(path, refusal.code, refusal.message, &refusal.help);
        let provider = saml::provider(deployment, &token)?.map_err(refused)?;
        return Ok(saml::verify(provider, &token, now)?.map_err(refused)?.claims);
    }
    let verified = of_text(deployment, &token, now)?.map_err(|refusal| refused(path, &refusal))?;
    Ok(verified.claims)
}

/// The same for a token that is here; why it is not believed apart from what keeps anybody from looking.
pub(crate) fn of_text(
    deployment: &Deployment,
    token: &str,
    now: u64,
) -> Result<Result<Verified, Refusal>, Failure> {
    match issuer(deployment, token) {
        Ok(issuer) => verify(issuer, None, token, now),
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// A token as a file holds it, without the line's end.
pub(crate) fn read(path: &str) -> Result<String, Failure> {
    Ok(input::read(path)?.text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The configured issuer that the token names. What a token says of itself chooses among those, and nothing else.
pub(crate) fn issuer<'a>(deployment: &'a Deployment, token: &str) -> Result<&'a Issuer, Refusal> {
    if let [only] = deployment.identities.issuers.as_slice() {
        return Ok(only);
    }
    let named = unverified_issuer(token)?;
    let found = deployment.identities.issuers.iter().find(|issuer| issuer.mapping.issuers.contains(&named));
    found.ok_or_else(|| {
        let known: Vec<&str> = deployment
            .identities
            .issuers
            .iter()
            .flat_map(|issuer| issuer.mapping.issuers.iter().map(String::as_str))
            .collect();
        Refusal {
            check: bailiwick_token::Check::Iss,
            code: Code("E160"),
            message: format!("no issuer of this deployment is `{}`", named.escape_debug()),
            help: format!("this deployment takes tokens of `{}`", known.join("`, `")),
        }
    })
}

/// Verifies a token by an issuer's settings; `jwks` stands in for the key set that they name.
pub(crate) fn verify(
    issuer: &Issuer,
    jwks: Option<&Source>,
    token: &str,
    now: u64,
) -> Result<Result<Verified, Refusal>, Failure> {
    let Some(source) = jwks.or(issuer.token.jwks.as_ref()) else {
        let message = format!("nothing says which keys issuer `{}` signs with", issuer.name);
        let help = "name its JWK set: `jwks = \"keys.json\"` in the issuer's settings, or `--jwks FILE`";
        return Err(Failure::refused(&issuer.name, "E308", message, help));
    };
    let keys = KeySet::parse(&source.text).map_err(|refusal| refused(&source.name, &refusal))?;
    let verifier = Verifier { keys, expectations: expectations(issuer)? };
    Ok(verifier.verify(token, i64::try_from(now).unwrap_or(i64::MAX)))
}

/// What an issuer's settings ask of its tokens; `aud` is the mapping's to check.
pub(crate) fn expectations(issuer: &Issuer) -> Result<Expectations, Failure> {
    let settings = &issuer.token;
    let mut algorithms = Vec::new();
    for name in &settings.algorithms {
        let Some(algorithm) = Algorithm::from_name(name) else {
            let known: Vec<&str> = Algorithm::ALL.iter().map(|algorithm| algorithm.name()).collect();
            let message =
                format!("`{name}` is not an algorithm that tokens of issuer `{}` may use", issuer.name);
            let help = format!("known are {}", known.join(", "));
            return Err(Failure::refused(&issuer.name, "E302", message, &help));
        };
        algorithms.push(algorithm);
    }
    Ok(Expectations {
        // Keys of one issuer must not vouch for another: the mapping is chosen by `iss` later.
        issuers: issuer.mapping.issuers.clone(),
        algorithms: if algorithms.is_empty() { Algorithm::ALL.to_vec() } else { algorithms },
        parties: settings.parties.clone(),
        typ: settings.typ.clone(),
        token_use: settings.token_use.clone(),
        organization: match settings.organization.as_deref() {
            None => Organization::Any,
            Some("none") => Organization::None,
            Some(name) => Organization::Is(name.to_owned()),
        },
        leeway: settings.leeway,
        ..Expectations::default()
    })
}

fn refused(place: &str, refusal: &Refusal) -> Failure {
    Failure::Refused(vec![words(place, refusal)])
}

/// A refusal as a finding.
pub(crate) fn words(place: &str, refusal: &Refusal) -> Diagnostics {
    let diagnostic = Diagnostic::error(refusal.code, Span::default(), refusal.message.clone());
    let source = Source::new(place, "");
    Diagnostics { source, list: vec![diagnostic.help(refusal.help.clone())] }
}
