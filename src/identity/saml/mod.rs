//! SAML assertions and the providers that send them (SEMANTICS G13, G14): what a verified assertion says of a role
//! session. The signature is `bailiwick-saml`'s to verify; the trust policy's part is in `decide::sign_in`.

mod assertion;
mod keys;
mod session;

pub use assertion::Assertion;

use crate::request::ContextValue;
use crate::source::Source;

/// An identity provider that roles trust by `sts:AssumeRoleWithSAML`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SamlProvider {
    /// Its entity id: the exact text of `Issuer`.
    pub issuer: String,
    /// The account that it is registered in.
    pub account: String,
    /// Its name there.
    pub name: String,
    /// What `Audience` may be.
    pub audiences: Vec<String>,
    /// The sign-in addresses that an assertion may have been sent to: what `Recipient`, and so `saml:aud`, may be.
    pub recipients: Vec<String>,
    /// Base64 of the SHA-1 of issuer, account, `/` and name: `saml:namequalifier`. The engine computes no hashes; without
    /// one the key is *unknown*.
    pub qualifier: Option<String>,
    /// How its assertions are verified, for whoever does: its metadata, where that is at hand.
    pub metadata: Option<Source>,
    /// Seconds that clocks may differ, 0 to 60; for whoever verifies.
    pub leeway: u64,
}

impl SamlProvider {
    /// What `Principal: {"Federated": ...}` calls it.
    pub fn principal(&self) -> String {
        format!("arn:aws:iam::{}:saml-provider/{}", self.account, self.name)
    }

    /// The keys that an assertion of its fills for the trust policy.
    pub fn keys(&self, assertion: &Assertion) -> Vec<(String, ContextValue<'static>)> {
        let qualifier = self.qualifier.clone().map_or(ContextValue::Unknown, ContextValue::from);
        let mut keys = vec![
            ("saml:aud".to_owned(), assertion.recipient.clone().into()),
            ("saml:iss".to_owned(), self.issuer.clone().into()),
            ("saml:doc".to_owned(), format!("{}/{}", self.account, self.name).into()),
            ("saml:namequalifier".to_owned(), qualifier),
            ("saml:sub".to_owned(), assertion.subject.clone().into()),
        ];
        if let Some(format) = &assertion.format {
            keys.push(("saml:sub_type".to_owned(), sub_type(format).to_owned().into()));
        }
        keys.extend(assertion.keys.iter().cloned());
        keys
    }

    /// Whether a key of the trust policy is also one of the session that follows.
    pub fn stays(key: &str) -> bool {
        matches!(key, "saml:sub" | "saml:sub_type" | "saml:namequalifier")
    }
}

/// Two formats have short names, others keep theirs.
fn sub_type(format: &str) -> &str {
    match format.strip_prefix("urn:oasis:names:tc:SAML:2.0:nameid-format:") {
        Some(short @ ("persistent" | "transient")) => short,
        _ => format,
    }
}

#[cfg(test)]
mod tests;
