//! A signed token and the issuer that vouches for it, or a SAML response and its provider.

use std::io::IsTerminal as _;
use std::sync::Arc;

use bailiwick::Profile;
use bailiwick::identity::IssuerKind;
use bailiwick::source::{Code, Diagnostic, Diagnostics, Source, Span};
use bailiwick_deployment::{Deployment, Issuer, Published};
use bailiwick_token::{
    Algorithm, Check, Expectations, Http, KeySet, Location, Organization, Plain, Refusal, RemoteVerifier,
    Verified, Verifier, unverified_issuer,
};

use super::{clock, saml};
use crate::failure::Failure;
use crate::input;
use crate::progress::Progress;

/// A token, verified by its issuer's keys (SEMANTICS G20). `jwks` names a file that stands in for the key set
/// of the settings.
pub(crate) fn of_deployment(
    deployment: &Deployment,
    path: &str,
    jwks: Option<&str>,
    now: u64,
) -> Result<Verified, Failure> {
    let token = read(path)?;
    if saml::is_one(&token) {
        let refused =
            |refusal: saml::Refusal| Failure::refused(path, refusal.code, refusal.message, &refusal.help);
        let provider = saml::provider(deployment, &token)?.map_err(refused)?;
        return saml::verify(provider, &token, now)?.map_err(refused);
    }
    let jwks = jwks.map(input::read).transpose()?;
    let issuer = issuer(deployment, &token).map_err(|refusal| refused(path, &refusal))?;
    verify(issuer, jwks.as_ref(), &token, now)?.map_err(|refusal| refused(path, &refusal))
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

/// By which key, and until when.
pub(crate) fn told(verified: &Verified) -> String {
    let key = verified.kid.as_ref().map_or_else(String::new, |kid| format!(" by key `{kid}`"));
    let until = u64::try_from(verified.until).map_or_else(|_| "1970".to_owned(), clock::written);
    format!("signature{key}, holds until {until}")
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
            check: Check::Iss,
            code: Code("E160"),
            message: format!("no issuer of this deployment is `{}`", named.escape_debug()),
            help: format!("this deployment takes tokens of `{}`", known.join("`, `")),
        }
    })
}

/// Verifies a token by an issuer's settings; `jwks` stands in for the key set that they name. The issuer is asked for its
/// keys where the settings say where it publishes them.
pub(crate) fn verify(
    issuer: &Issuer,
    jwks: Option<&Source>,
    token: &str,
    now: u64,
) -> Result<Result<Verified, Refusal>, Failure> {
    let expectations = expectations(issuer)?;
    for_whom(issuer)?;
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    if let Some(source) = jwks.or(issuer.token.jwks.as_ref()) {
        let keys = KeySet::parse(&source.text).map_err(|refusal| refused(&source.name, &refusal))?;
        return Ok(Verifier { keys, expectations }.verify(token, now));
    }
    let Some(published) = &issuer.token.published else {
        let message = format!("nothing says which keys issuer `{}` signs with", issuer.name);
        let help = "say it in the issuer's settings, `discovery = true` or `jwks = \"keys.json\"`, or with `--jwks FILE`";
        return Err(Failure::refused(&issuer.name, "E308", message, help));
    };
    let location = location(issuer, published).map_err(|refusal| refused(&issuer.name, &refusal))?;
    let progress = Progress::waiting("asking the issuer for its keys");
    let outcome = RemoteVerifier::new(location, Http::new(), expectations).verify(token, now);
    drop(progress);
    match outcome {
        Ok(verified) => Ok(Ok(Arc::unwrap_or_clone(verified))),
        Err(refusal) if refusal.check != Check::Keys => Ok(Err(refusal)),
        Err(refusal) if refusal.code.0 == "E308" => {
            Err(Failure::could_not_run(&issuer.name, "E308", refusal.message, &refusal.help))
        }
        Err(refusal) => Err(refused(&issuer.name, &refusal)),
    }
}

fn location(issuer: &Issuer, published: &Published) -> Result<Location, Refusal> {
    let plain = if published.loopback_http { Plain::Loopback } else { Plain::Refused };
    if let Some(uri) = &published.jwks_uri {
        return Location::keys(uri, plain);
    }
    // Some issuers write their name in two ways, and one of them is no address.
    let texts = &issuer.mapping.issuers;
    let text = texts.iter().find(|text| text.starts_with("http")).or(texts.first());
    Location::discovery(text.map_or("", String::as_str), plain)
}

/// A token that was issued for another application is good for nobody here (SEMANTICS G20.5). Where no setting says which
/// applications may have tokens, nobody would look.
fn for_whom(issuer: &Issuer) -> Result<(), Failure> {
    let mapping = &issuer.mapping;
    if mapping.kind == IssuerKind::Alb {
        if issuer.token.signer.is_some() {
            return Ok(());
        }
        let message = format!("nothing says which load balancer signs for issuer `{}`", issuer.name);
        let help = "all of a region sign with the same keys; name yours: `signer = \"arn:aws:elasticloadbalancing:...\"`";
        return Err(Failure::refused(&issuer.name, "E192", message, help));
    }
    if !mapping.audiences.is_empty() || !issuer.token.parties.is_empty() {
        return Ok(());
    }
    let message = format!("nothing says whom the tokens of issuer `{}` may be for", issuer.name);
    if mapping.profile == Profile::Strict {
        let help = "name the client ids or audiences in the issuer's settings: `audiences = [\"...\"]`";
        return Err(Failure::refused(&issuer.name, "E192", message, help));
    }
    if std::io::stderr().is_terminal() {
        anstream::eprintln!(
            "note: {message}, so every application's tokens are taken; `audiences = [...]` says it"
        );
    }
    Ok(())
}

/// What an issuer's settings ask of its tokens; `aud` is the mapping's to check.
pub(crate) fn expectations(issuer: &Issuer) -> Result<Expectations, Failure> {
    let (settings, kind) = (&issuer.token, issuer.mapping.kind);
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
        signer: settings.signer.clone(),
        token_use: if kind == IssuerKind::Keycloak { None } else { settings.token_use.clone() },
        // Keycloak has a word of its own for each.
        claim_typ: settings.token_use.as_deref().filter(|_| kind == IssuerKind::Keycloak).map(|wanted| {
            match wanted {
                "id" => "ID".to_owned(),
                "access" => "Bearer".to_owned(),
                other => other.to_owned(),
            }
        }),
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
