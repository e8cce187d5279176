//! A SAML response and the provider that vouches for it (SEMANTICS G13, G14).

use bailiwick::identity::SamlProvider;
use bailiwick_deployment::Deployment;
use bailiwick_token::Verified;

use crate::failure::Failure;

/// Why an assertion is refused: code, check, message, help.
#[cfg_attr(not(feature = "saml"), allow(dead_code, reason = "without the feature nothing gets so far"))]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) check: &'static str,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// Whether a token is a SAML response: XML, or Base64 of it, which begins with `P` for `<` and has no dots.
pub(crate) fn is_one(token: &str) -> bool {
    let token = token.trim_start_matches('\u{feff}').trim_start();
    token.starts_with('<') || (token.starts_with('P') && !token.contains('.'))
}

/// The configured provider that a response names. What it says of itself chooses among those, and nothing else.
#[cfg(feature = "saml")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature it fails")]
pub(crate) fn provider<'a>(
    deployment: &'a Deployment,
    response: &str,
) -> Result<Result<&'a SamlProvider, Refusal>, Failure> {
    let identities = &deployment.identities;
    if let [only] = identities.saml_providers.as_slice() {
        return Ok(Ok(only));
    }
    let named = match bailiwick_saml::unverified_issuer(response) {
        Ok(named) => named,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    Ok(identities.saml_provider(&named).ok_or_else(|| {
        let known: Vec<&str> =
            identities.saml_providers.iter().map(|provider| provider.issuer.as_str()).collect();
        let help = if known.is_empty() {
            "add it as `[[saml_provider]]`".to_owned()
        } else {
            format!("this deployment takes assertions of `{}`", known.join("`, `"))
        };
        let message = format!("no SAML provider of this deployment is `{}`", named.escape_debug());
        Refusal { code: "E160", check: "iss", message, help }
    }))
}

/// Verifies a response by the provider's metadata.
#[cfg(feature = "saml")]
pub(crate) fn verify(
    provider: &SamlProvider,
    response: &str,
    now: u64,
) -> Result<Result<Verified, Refusal>, Failure> {
    use bailiwick_saml::{Expectations, InResponseTo, Metadata, Verifier};

    let Some(source) = &provider.metadata else {
        let message = format!("nothing says which keys SAML provider `{}` signs with", provider.name);
        let help = "name its metadata: `metadata = \"idp.xml\"` under `[[saml_provider]]`";
        return Err(Failure::refused(&provider.name, "E180", message, help));
    };
    let metadata = Metadata::parse(&source.text)
        .map_err(|refusal| Failure::refused(&source.name, refusal.code.0, refusal.message, &refusal.help))?;
    let expectations = Expectations {
        issuer: provider.issuer.clone(),
        audiences: provider.audiences.clone(),
        recipients: provider.recipients.clone(),
        in_response_to: InResponseTo::Any,
        leeway: provider.leeway,
    };
    let verified =
        Verifier { metadata, expectations }.verify(response, i64::try_from(now).unwrap_or(i64::MAX));
    Ok(match verified {
        Ok(found) => {
            // The key's name: the beginning of its certificate's SHA-256.
            let kid = format!("sha256:{}", found.fingerprint.get(..16).unwrap_or_default());
            Ok(Verified { claims: found.claims, kid: Some(kid), until: found.until })
        }
        Err(refusal) => Err(refusal.into()),
    })
}

#[cfg(feature = "saml")]
impl From<bailiwick_saml::Refusal> for Refusal {
    fn from(refusal: bailiwick_saml::Refusal) -> Self {
        let (code, check) = (refusal.code.0, refusal.check.name());
        Self { code, check, message: refusal.message, help: refusal.help }
    }
}

#[cfg(not(feature = "saml"))]
pub(crate) fn provider<'a>(
    _deployment: &'a Deployment,
    _response: &str,
) -> Result<Result<&'a SamlProvider, Refusal>, Failure> {
    Err(without())
}

#[cfg(not(feature = "saml"))]
pub(crate) fn verify(
    _provider: &SamlProvider,
    _response: &str,
    _now: u64,
) -> Result<Result<Verified, Refusal>, Failure> {
    Err(without())
}

#[cfg(not(feature = "saml"))]
fn without() -> Failure {
    let message = "this program was built without the verification of SAML";
    let help = "build it with the feature `saml`, or verify elsewhere and give the claims with `--claims`";
    Failure::refused("token", "E184", message.to_owned(), help)
}
