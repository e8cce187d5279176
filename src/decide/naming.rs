//! Whether a `Principal` element means the caller, and by what name (SEMANTICS A15, A16, F9, F10, F19..F21).

use super::Grants;
use super::env::Env;
use super::rule::Named;
use crate::request::Caller;
use crate::tree::{Clause, PrincipalTest, principal};
use crate::value::{Layer, Profile, Truth, arn_fields};

impl Env<'_, '_> {
    /// `Principal` or `NotPrincipal`. `bounded`: the caller has a boundary.
    pub(super) fn principals(&self, clause: &Clause, layer: Layer, bounded: bool) -> Named {
        let tests = clause.tests.of(&self.tree.principal_tests);
        if clause.negated == 1 {
            return Named { truth: self.not_principals(tests, bounded), grants: Grants::default() };
        }
        let mut named = Named { truth: Truth::No, grants: Grants::default() };
        for test in tests {
            let (mut truth, grants) = self.principal_test(test);
            let root = matches!(self.principal.caller, Caller::Root { .. });
            if layer == Layer::Endpoint && test.kind == principal::ACCOUNT && !root {
                // SEMANTICS F20: in a gateway endpoint's policy an account is just its root user.
                truth = truth.at_most_maybe();
            }
            if truth == Truth::Yes {
                named.grants = named.grants.or(grants);
            }
            named.truth = named.truth.or(truth);
        }
        named
    }

    /// SEMANTICS A16, F21, X23: only a sure naming spares, and nothing spares a caller with a boundary.
    fn not_principals(&self, tests: &[PrincipalTest], bounded: bool) -> Truth {
        if bounded {
            return Truth::Yes;
        }
        let names = |wanted: Grants| {
            tests.iter().any(|test| {
                let (truth, grants) = self.principal_test(test);
                truth != Truth::No && grants.has(wanted)
            })
        };
        let any = Grants(u16::MAX);
        let spared = match (self.tree.profile, &self.principal.caller) {
            (Profile::Strict, Caller::User { .. }) => {
                names(Grants::EVERYONE) || names(Grants::USER) && names(Grants::ACCOUNT)
            }
            (Profile::Strict, Caller::RoleSession { .. }) => {
                names(Grants::EVERYONE)
                    || names(Grants::SESSION) && names(Grants::ROLE) && names(Grants::ACCOUNT)
            }
            (Profile::Strict, Caller::FederatedUser { .. }) => {
                names(Grants::EVERYONE) || names(Grants::FEDERATED_SESSION) && names(Grants::ACCOUNT)
            }
            (Profile::Strict, Caller::Subject { .. }) => names(Grants::EVERYONE),
            _ => names(any),
        };
        Truth::of(!spared)
    }

    fn principal_test(&self, entry: &PrincipalTest) -> (Truth, Grants) {
        let text = self.tree.text(entry.text);
        let caller = &self.principal.caller;
        let exactly = |holds: bool, grants| (Truth::of(holds), grants);
        match entry.kind {
            principal::EVERYONE => (Truth::Yes, Grants::EVERYONE),
            principal::ACCOUNT => exactly(self.principal.account() == Some(text), Grants::ACCOUNT),
            principal::USER => match caller {
                Caller::User { arn, .. } => exactly(arn == text, Grants::USER),
                Caller::FederatedUser { parent: Some(parent), .. } => {
                    exactly(parent == text, Grants::FEDERATED_PARENT)
                }
                _ => (Truth::No, Grants::USER),
            },
            principal::ROLE => match caller {
                Caller::RoleSession { arn, role, .. } => {
                    (role_matches(text, arn, role.as_deref()), Grants::ROLE)
                }
                _ => (Truth::No, Grants::ROLE),
            },
            principal::ROLE_SESSION => match caller {
                Caller::RoleSession { arn, .. } => exactly(arn == text, Grants::SESSION),
                _ => (Truth::No, Grants::SESSION),
            },
            principal::FEDERATED_USER => match caller {
                Caller::FederatedUser { arn, .. } => exactly(arn == text, Grants::FEDERATED_SESSION),
                _ => (Truth::No, Grants::FEDERATED_SESSION),
            },
            principal::UNIQUE_ID => match caller {
                Caller::User { id: Some(id), .. } => exactly(id == text, Grants::USER),
                Caller::RoleSession { id: Some(id), .. } => exactly(id == text, Grants::ROLE),
                _ => (Truth::No, Grants::ROLE),
            },
            principal::SERVICE => match caller {
                Caller::Service { name } => exactly(name == text, Grants::SERVICE),
                _ => (Truth::No, Grants::SERVICE),
            },
            principal::FEDERATED => match caller {
                Caller::Federated { provider } => exactly(provider == text, Grants::PROVIDER),
                _ => (Truth::No, Grants::PROVIDER),
            },
            _ => (Truth::No, Grants::default()),
        }
    }
}

/// SEMANTICS F19: `named` is a role's ARN; the session's role may be known with its path or only by name.
pub(super) fn role_matches(named: &str, session: &str, role: Option<&str>) -> Truth {
    if role == Some(named) {
        return Truth::Yes;
    }
    let Some([.., named_account, named_resource]) = arn_fields(named) else { return Truth::No };
    let (account, name) = match role.and_then(arn_fields) {
        Some([.., account, resource]) => (account, resource.rsplit('/').next()),
        None => match arn_fields(session) {
            Some([.., account, resource]) => (account, resource.split('/').nth(1)),
            None => return Truth::No,
        },
    };
    let same = named_account == account
        && name.is_some_and(|name| {
            named_resource.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(name))
        });
    match (same, role.is_some()) {
        (false, _) => Truth::No,
        (true, true) => Truth::Maybe,
        (true, false) => Truth::Yes,
    }
}
