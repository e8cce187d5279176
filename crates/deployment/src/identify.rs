//! From claims, or an ARN, to the principal that the deployment makes of them.

use bailiwick::decide::{Identified, IdentityOptions, NotIdentified};
use bailiwick::identity::{Claims, Issuer};
use bailiwick::source::Diagnostics;
use bailiwick::{Decision, Principal, Request};

use crate::folder::Deployment;

impl Deployment {
    /// The principal that verified claims make: through the identity pool that takes them, else as a subject.
    pub fn principal_from_claims(
        &self,
        claims: &Claims,
        options: IdentityOptions<'_>,
    ) -> Result<Identified, NotIdentified> {
        self.identities.identify(claims, options, |caller, request| self.trust_decision(caller, request))
    }

    /// The principal of a guest: an unauthenticated identity of the first pool that takes guests.
    pub fn guest(&self, options: IdentityOptions<'_>) -> Result<Identified, NotIdentified> {
        self.identities.guest(options, |caller, request| self.trust_decision(caller, request))
    }

    /// A principal by ARN, with what the folder knows of it: tags, groups, path.
    pub fn principal_from_arn(&self, arn: &str) -> Option<Principal> {
        let mut principal = Principal::from_arn(arn)?;
        if let Some(user) = self.users.iter().find(|user| user.arn == arn) {
            principal.groups.clone_from(&user.groups);
            for (key, value) in &user.tags {
                principal = principal.with_tag(key, value);
            }
        }
        Some(self.identities.with_organization(self.identities.with_role(principal)))
    }

    /// The issuer whose token the claims are.
    pub fn issuer_of(&self, claims: &Claims) -> Result<&Issuer, Diagnostics> {
        self.identities.issuer_of(claims)
    }

    fn trust_decision(&self, caller: &Principal, request: &Request<'_>) -> Decision {
        bailiwick::explain(&self.trust, caller, request).decision
    }
}
