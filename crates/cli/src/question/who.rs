//! Who asks: claims of a token, or a principal by its ARN.

use bailiwick::ast::PolicySet;
use bailiwick::source::json::Node;
use bailiwick::source::{Code, Diagnostic, Diagnostics};
use bailiwick::value::Owner;
use bailiwick::{Caller, Principal, Source};
use bailiwick_deployment::Deployment;
use clap::Args;

use super::request::Asked;
use crate::failure::Failure;

/// Who asks, without a token.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Principal")]
pub(crate) struct PrincipalArgs {
    /// ARN of a user, root, role session or federated user; or `anonymous`, `service:NAME`
    #[arg(long, value_name = "ARN")]
    pub(crate) principal: Option<String>,
    /// Group that the principal is in
    #[arg(long, value_name = "NAME")]
    pub(crate) group: Vec<String>,
    /// Tag of the principal: `aws:PrincipalTag/NAME`
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) tag: Vec<String>,
}

/// The principal that `--principal` or a request file names.
pub(crate) fn read(
    args: &PrincipalArgs,
    asked: Option<&Asked>,
    deployment: Option<&Deployment>,
) -> Result<Option<Principal>, Failure> {
    let principal = if let Some(text) = &args.principal {
        Some(named(text, deployment).ok_or_else(|| {
            Failure::refused("--principal", "E257", format!("`{text}` is not a principal"), FORMS)
        })?)
    } else if let Some((source, node)) = asked.and_then(|asked| asked.principal.as_ref()) {
        Some(from_node(node, deployment).ok_or_else(|| refused(source, node))?)
    } else {
        None
    };
    let Some(mut principal) = principal else { return Ok(None) };
    for group in &args.group {
        principal = principal.in_group(group);
    }
    for tag in &args.tag {
        let Some((name, value)) = tag.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            let message = format!("`{tag}` is not `name=value`");
            return Err(Failure::refused("--tag", "E255", message, "write `--tag team=photos`"));
        };
        principal = principal.with_tag(name, value);
    }
    Ok(Some(principal))
}

/// The principal that a member of a JSON text names.
pub(crate) fn of_node(source: &Source, node: &Node, deployment: &Deployment) -> Result<Principal, Failure> {
    from_node(node, Some(deployment)).ok_or_else(|| refused(source, node))
}

const FORMS: &str = "write the ARN of a user, a root user, a role session (`arn:aws:sts::111122223333:assumed-role/ROLE/SESSION`) \
     or a federated user; or `anonymous`, or `service:lambda.amazonaws.com`";

fn named(text: &str, deployment: Option<&Deployment>) -> Option<Principal> {
    if text == "anonymous" {
        return Some(Principal::new(Caller::Anonymous));
    }
    match text.strip_prefix("service:") {
        Some(name) => Some(service(name)),
        None => deployment.map_or_else(|| Principal::from_arn(text), |it| it.principal_from_arn(text)),
    }
}

fn service(name: &str) -> Principal {
    Principal::new(Caller::Service { name: name.to_owned() })
}

/// The forms of a test case: a text, `{"type": "anonymous"}`, `{"type": "service", "id": NAME}`.
fn from_node(node: &Node, deployment: Option<&Deployment>) -> Option<Principal> {
    if let Some(text) = node.as_str() {
        return named(text, deployment);
    }
    match (node.get("type")?.as_str()?, node.get("id")) {
        ("anonymous", None) => Some(Principal::new(Caller::Anonymous)),
        ("service", Some(id)) => id.as_str().map(service),
        _ => None,
    }
}

fn refused(source: &Source, node: &Node) -> Failure {
    let diagnostic = Diagnostic::error(Code("E257"), node.span, "this is not a principal").help(FORMS);
    Diagnostics { source: source.clone(), list: vec![diagnostic] }.into()
}

/// Gives the principal what is its own of the context. From a token such keys come only from the token (SEMANTICS E3).
pub(crate) fn settle(
    mut principal: Principal,
    asked: &mut Asked,
    keys: &bailiwick::value::KeyTable,
    from_token: bool,
) -> Result<Principal, Failure> {
    let (own, rest) = std::mem::take(&mut asked.context)
        .into_iter()
        .partition(|(key, _)| keys.owner(key) == Owner::Principal);
    asked.context = rest;
    let own: Vec<super::context::Entry> = own;
    for (key, value) in own {
        if from_token {
            return Err(principal_key(&key));
        }
        principal = principal.with(&key, value);
    }
    Ok(principal)
}

/// For questions about many principals: none of them can have a key that the request brings (SEMANTICS E3).
pub(crate) fn refuse_principal_keys(asked: &Asked, keys: &bailiwick::value::KeyTable) -> Result<(), Failure> {
    match asked.context.iter().find(|(key, _)| keys.owner(key) == Owner::Principal) {
        Some((key, _)) => Err(principal_key(key)),
        None => Ok(()),
    }
}

fn principal_key(key: &str) -> Failure {
    let message = format!("`{key}` belongs to the principal; a request may not set it");
    let help = "put it into the claims, or ask with `--principal ARN` instead of a token";
    Failure::refused("--context", "E259", message, help)
}

/// Whose account the question is about when policies are given as files: the principal's.
pub(crate) fn at_home(set: PolicySet, principal: &Principal) -> PolicySet {
    match principal.account() {
        Some(account) => set.home_account(account),
        None => set,
    }
}

/// A caller in a few words: its ARN, or what it is.
pub(crate) fn words(principal: &Principal) -> String {
    match &principal.caller {
        Caller::Anonymous => "anonymous".to_owned(),
        Caller::Service { name } => format!("service {name}"),
        Caller::Root { account } => format!("arn:aws:iam::{account}:root"),
        Caller::User { arn, .. } | Caller::RoleSession { arn, .. } | Caller::FederatedUser { arn, .. } => {
            arn.clone()
        }
        Caller::Federated { provider } => format!("unsigned call through {provider}"),
        Caller::Subject { issuer, subject, .. } => format!("{subject} of {issuer}"),
    }
}
