//! Identity providers that many customers share (SEMANTICS A19, G9, G22).

/// Providers that serve everybody, as of 2026-11, and the keys of which a trust policy must test one. Where the first
/// is a subject, an audience alone is not enough: every customer of the provider may ask for it.
const SHARED: &[(&str, &[&str])] = &[
    ("accounts.google.com", &["aud", "sub", "oaud"]),
    ("agent.buildkite.com", &["sub", "aud"]),
    ("api.bitbucket.org", &["sub", "aud"]),
    ("api.pulumi.com/oidc", &["aud", "sub"]),
    ("app.terraform.io", &["sub", "aud"]),
    ("cognito-identity.amazonaws.com", &["aud"]),
    ("gitlab.com", &["sub", "aud"]),
    ("graph.facebook.com", &["app_id", "id"]),
    ("oidc.circleci.com", &["aud", "sub"]),
    ("oidc.codefresh.io", &["sub", "aud"]),
    ("oidc.vercel.com", &["aud", "sub"]),
    ("scalr.io", &["sub", "aud"]),
    ("token.actions.githubusercontent.com", &["sub", "aud"]),
    ("vstoken.actions.githubusercontent.com", &["sub", "aud"]),
    ("www.amazon.com", &["app_id", "sub", "user_id"]),
];

/// The claims of which a trust policy must test one, if the provider is shared: the name under `Federated` without the
/// ARN's head.
pub(crate) fn shared_issuer_claims(provider: &str) -> Option<&'static [&'static str]> {
    let serves =
        |host: &str| provider.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    SHARED.iter().find(|(host, _)| serves(host)).map(|(_, claims)| *claims)
}
