//! From a verified SAML assertion to the session that a set of identities makes of it (SEMANTICS G13, G14).

use super::Decision;
use super::identify::{Exchange, Identified, IdentityOptions, NotIdentified};
use super::sign_in::{SamlSignIn, SignedIn, saml_sign_in};
use crate::identity::{Assertion, Claims, Identities, Refusal, Refused, SamlProvider};
use crate::request::{Principal, Request};
use crate::source::Span;

impl Identities {
    /// The session that a verified assertion begins; without a role its bearer is nobody.
    pub(super) fn identify_by_saml(
        &self,
        provider: &SamlProvider,
        claims: &Claims,
        options: IdentityOptions<'_>,
        trust: impl FnMut(&Principal, &Request<'_>) -> Decision,
    ) -> Result<Identified, NotIdentified> {
        let refused = |reasons| {
            let source = claims.source().clone();
            NotIdentified::of(Refused { source, reasons }.into())
        };
        if options.exchange == Exchange::Never {
            let span = Span::new(0, claims.source().text.len());
            let message = "a SAML assertion says nothing but which roles its bearer may have";
            return Err(refused(vec![Refusal::new("E183", span, message, "let it be exchanged for a role")]));
        }
        let assertion = Assertion::read(provider, claims).map_err(refused)?;
        let wish =
            SamlSignIn { provider, assertion: &assertion, claims, role: options.role, now: options.now };
        let SignedIn { chain, outcome, transitive } = saml_sign_in(&wish, |arn| self.role_tags(arn), trust);
        match outcome {
            Ok(principal) => Ok(self.belonging(Identified {
                principal,
                issuer: Some(provider.name.clone()),
                pool: None,
                report: assertion.report,
                chain,
                transitive,
            })),
            Err(refused) => Err(NotIdentified { diagnostics: refused.into(), chain }),
        }
    }

    /// The provider whose assertions name this issuer, letter for letter.
    pub fn saml_provider(&self, issuer: &str) -> Option<&SamlProvider> {
        self.saml_providers.iter().find(|provider| provider.issuer == issuer)
    }
}
