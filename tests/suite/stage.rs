//! A case of the language reference in the engine's terms; also for the tests of other doors.

use std::sync::Arc;

use bailiwick::ast::{self, Attachment, Kind, Options, PolicySet, Target};
use bailiwick::request::ContextValue;
use bailiwick::value::{KeyTable, Layer, Owner};
use bailiwick::{Caller, Principal, Profile, Request, Source};
use bailiwick_spec::{self as spec, Case};

/// The documents in order, none for "in force and nothing attached"; and what was refused.
pub(crate) type Read = (Vec<Option<Arc<ast::Document>>>, Vec<bailiwick::Diagnostics>);

/// Reads the documents of a case.
pub(crate) fn read(case: &Case) -> Read {
    let (mut documents, mut refusals) = (Vec::new(), Vec::new());
    for document in &case.documents {
        let Some(text) = &document.text else {
            documents.push(None);
            continue;
        };
        let name = format!("{}:{}", case.file, document.line);
        let options =
            Options { kind: kind(document.kind), profile: profile(case.profile), ..Options::default() };
        match ast::parse(Source::new(&name, text), &options) {
            Ok(read) => documents.push(Some(Arc::new(read))),
            Err(refusal) => refusals.push(refusal),
        }
    }
    (documents, refusals)
}

/// Documents of one layer, level and target are one attachment; it may have none.
pub(crate) fn set(
    case: &Case,
    documents: Vec<Option<Arc<ast::Document>>>,
    asked: &spec::Request,
) -> Result<PolicySet, String> {
    let mut attachments: Vec<Attachment> = Vec::new();
    for (document, read) in case.documents.iter().zip(documents) {
        let (layer, target) = (layer(document.layer), target(&document.target));
        let same =
            |it: &&mut Attachment| it.layer == layer && it.level == document.level && it.target == target;
        match attachments.iter_mut().find(same) {
            Some(attachment) => attachment.documents.extend(read),
            None => attachments.push(Attachment {
                layer,
                level: document.level,
                target,
                documents: read.into_iter().collect(),
            }),
        }
    }
    let set = PolicySet::new(attachments).map_err(|error| error.to_string())?.profile(profile(case.profile));
    Ok(match &asked.management_account {
        Some(account) => set.management_account(account),
        None => set,
    })
}

/// Who asks, and what.
pub(crate) fn ask(asked: &spec::Request) -> Result<(Principal, Request<'_>), String> {
    let who = &asked.principal;
    let mut principal = match &who.caller {
        spec::Caller::Arn(arn) => {
            let plain = Principal::from_arn(arn).ok_or_else(|| format!("`{arn}` is no principal"))?;
            Principal::new(with_details(plain.caller, who))
        }
        spec::Caller::Anonymous => Principal::new(Caller::Anonymous),
        spec::Caller::Service(name) => Principal::new(Caller::Service { name: name.clone() }),
        spec::Caller::Federated(provider) => Principal::new(Caller::Federated { provider: provider.clone() }),
        spec::Caller::Subject { issuer, subject } => Principal::new(Caller::Subject {
            account: "000000000000".to_owned(),
            issuer: issuer.clone(),
            subject: subject.clone(),
        }),
    };
    principal.groups.clone_from(&who.groups);
    principal.groups_known = who.groups_known;
    let mut request = Request::new(&asked.action, &asked.resource).map_err(|error| error.to_string())?;
    if let Some(account) = &asked.resource_account {
        request = request.owned_by(account);
    }
    for (key, value) in &asked.context {
        match KeyTable::default().owner(key) {
            Owner::Principal => principal = principal.with(key, context_value(value)),
            Owner::Request => request = request.with(key, context_value(value)),
        }
    }
    for (key, value) in &asked.claimed {
        request = request.with(key, context_value(value));
    }
    Ok((principal, request))
}

fn context_value(value: &spec::Value) -> ContextValue<'static> {
    match value {
        spec::Value::Text(text) => text.clone().into(),
        spec::Value::List(list) => list.clone().into(),
        spec::Value::Unknown => ContextValue::Unknown,
    }
}

/// The caller with what its ARN does not say.
fn with_details(mut caller: Caller, who: &spec::Principal) -> Caller {
    match &mut caller {
        Caller::User { id, .. } => id.clone_from(&who.id),
        Caller::RoleSession { role, id, service_linked, .. } => {
            role.clone_from(&who.role);
            id.clone_from(&who.id);
            *service_linked = who.service_linked;
        }
        Caller::FederatedUser { parent, .. } => parent.clone_from(&who.parent),
        _ => {}
    }
    caller
}

fn profile(profile: spec::Profile) -> Profile {
    match profile {
        spec::Profile::Aws => Profile::Aws,
        spec::Profile::Strict => Profile::Strict,
    }
}

fn kind(kind: spec::Kind) -> Kind {
    match kind {
        spec::Kind::Identity => Kind::Identity,
        spec::Kind::Authorizer => Kind::Authorizer,
        spec::Kind::Resource => Kind::Resource,
        spec::Kind::Trust => Kind::Trust,
        spec::Kind::Kms => Kind::KmsKey,
        spec::Kind::Api => Kind::Api,
        spec::Kind::Boundary => Kind::Boundary,
        spec::Kind::Session => Kind::Session,
        spec::Kind::Scp => Kind::ServiceControl,
        spec::Kind::Rcp => Kind::ResourceControl,
        spec::Kind::Endpoint => Kind::Endpoint,
    }
}

fn layer(layer: spec::Layer) -> Layer {
    match layer {
        spec::Layer::Identity => Layer::Identity,
        spec::Layer::Resource => Layer::Resource,
        spec::Layer::Boundary => Layer::Boundary,
        spec::Layer::Session => Layer::Session,
        spec::Layer::ServiceControl => Layer::ServiceControl,
        spec::Layer::ResourceControl => Layer::ResourceControl,
        spec::Layer::Endpoint => Layer::Endpoint,
    }
}

fn target(target: &spec::Target) -> Target {
    match target {
        spec::Target::Everyone => Target::Everyone,
        spec::Target::Group(name) => Target::Group(name.clone()),
        spec::Target::Role(arn) => Target::Role(arn.clone()),
        spec::Target::User(arn) => Target::User(arn.clone()),
        spec::Target::Account(id) => Target::Accounts(vec![id.clone()]),
        spec::Target::Endpoint(id) => Target::Endpoint(id.clone()),
    }
}
