//! Tokens of machines and of load balancers: Kubernetes service accounts, GitHub Actions, Amazon ALB.

use super::apply::Pass;
use super::{ClaimFate, ClaimPath, IssuerKind, Mapping};
use crate::source::words;
use crate::value::Arity;

/// Claims of a GitHub Actions token that fill `token:<name>`.
const GITHUB: [&str; 11] = [
    "repository",
    "repository_id",
    "repository_owner_id",
    "repository_visibility",
    "ref",
    "ref_type",
    "environment",
    "event_name",
    "workflow_ref",
    "job_workflow_ref",
    "actor",
];

impl Mapping {
    /// Service accounts of a Kubernetes cluster, by the exact text of its `iss`. The bearer is
    /// `system:serviceaccount:<namespace>:<name>`; the namespace is the tenant.
    pub fn kubernetes(issuer: &str) -> Self {
        let name = |names: [&str; 2]| ClaimPath::of(["kubernetes.io", names[0], names[1]]);
        Self {
            issuers: vec![issuer.to_owned()],
            tenant: Some(ClaimPath::of(["kubernetes.io", "namespace"])),
            ..Self::base(IssuerKind::Kubernetes)
        }
        .key("token:service_account", name(["serviceaccount", "name"]), Arity::One)
        .key("token:pod", name(["pod", "name"]), Arity::One)
        .key("token:node", name(["node", "name"]), Arity::One)
    }

    /// Jobs of GitHub Actions. The bearer is `sub` (`repo:<owner>/<name>:...`); the owner of the repository is the tenant.
    /// Everybody has tokens of this issuer: a policy must look at repository and ref.
    pub fn github() -> Self {
        let base = Self {
            issuers: vec!["https://token.actions.githubusercontent.com".to_owned()],
            tenant: Some(ClaimPath::of(["repository_owner"])),
            ..Self::base(IssuerKind::Github)
        };
        GITHUB.iter().fold(base, |mapping, name| {
            mapping.key(&format!("token:{name}"), ClaimPath::of([name]), Arity::One)
        })
    }

    /// What an Application Load Balancer tells of a user in `x-amzn-oidc-data`, by the exact text of the `iss` of the
    /// provider that signed the user in. The load balancer signs it, not the provider: whoever verifies it compares the
    /// header's `signer` with the load balancer's ARN.
    pub fn alb(issuer: &str) -> Self {
        Self {
            issuers: vec![issuer.to_owned()],
            groups: vec![ClaimPath::of(["groups"]), ClaimPath::of(["cognito:groups"])],
            ..Self::base(IssuerKind::Alb)
        }
    }
}

/// A service account's token says twice whose it is, and must say the same.
pub(super) fn check_kubernetes(pass: &mut Pass<'_>) {
    let text = |names: &[&str]| {
        let path = names.iter().flat_map(|name| ["/", name]).collect::<String>();
        ClaimPath::new(&path).ok().and_then(|path| pass.claims.get(&path)).and_then(super::claims::text_of)
    };
    let subject = pass.claims.text("sub").unwrap_or_default();
    let mut parts = subject.splitn(4, ':');
    let head = (parts.next(), parts.next());
    let named = (parts.next(), parts.next());
    let inner = (text(&["kubernetes.io", "namespace"]), text(&["kubernetes.io", "serviceaccount", "name"]));
    let fits = head == (Some("system"), Some("serviceaccount"))
        && inner.0.is_none_or(|inner| named.0 == Some(inner))
        && inner.1.is_none_or(|inner| named.1 == Some(inner));
    if fits {
        pass.note("kubernetes.io", ClaimFate::Checked);
    } else {
        let message = words!("`sub` is `{subject}`, which is not the service account that the token names");
        pass.refuse("E106", "sub", message, "take tokens of service accounts only");
    }
}
