//! Whether an attachment is in force for the question (SEMANTICS F2).

use crate::ast::{Attachment, Target};
use crate::decide::CallerKind;
use crate::request::Caller;
use crate::value::{
    Held, KeyName, Layer, Part, Piece, ResourceFields, ResourcePattern, Template, Truth, match_resource,
    resource_control_covers,
};

use super::asked::Asked;
use super::report::Found;
use super::{principal, resource, variable};

/// How far the attachment concerns the question. Its layer is in force where one is at least `Maybe`.
pub(crate) fn truth(asked: &Asked<'_, '_>, attachment: &Attachment) -> Truth {
    let reaches = match attachment.layer {
        Layer::Identity | Layer::Session => asked.caller.has_identity(),
        Layer::Boundary => asked.caller.has_identity() && !asked.is_service_linked(),
        Layer::ServiceControl => service_control_reaches(asked),
        Layer::ResourceControl => resource_control_reaches(asked),
        Layer::Endpoint | Layer::Resource => true,
    };
    if reaches { target(asked, &attachment.target, attachment.layer) } else { Truth::No }
}

/// SEMANTICS F2, F6: it follows the caller's account, the management account and service-linked roles are outside.
fn service_control_reaches(asked: &Asked<'_, '_>) -> bool {
    let signed = !matches!(asked.caller, CallerKind::Anonymous | CallerKind::Service | CallerKind::Federated);
    let managed = asked.set.management_account.is_some()
        && asked.principal.account() == asked.set.management_account.as_deref();
    signed && !asked.is_service_linked() && !managed
}

/// SEMANTICS F2, F7: it follows the resource's account.
fn resource_control_reaches(asked: &Asked<'_, '_>) -> bool {
    let managed = asked.set.management_account.is_some()
        && asked.resource_account == asked.set.management_account.as_deref();
    let retire_grant = asked.request.action().eq_ignore_ascii_case("kms:RetireGrant");
    let own_service = asked.set.own_services.iter().any(|own| own == asked.service);
    let covered = resource_control_covers(asked.service) || own_service || asked.is_own_partition();
    !asked.is_service_linked() && !managed && !retire_grant && covered
}

fn target(asked: &Asked<'_, '_>, target: &Target, layer: Layer) -> Truth {
    let caller = &asked.principal.caller;
    match target {
        Target::Everyone => Truth::Yes,
        Target::Group(name) => {
            let member = asked.principal.groups.contains(name);
            // SEMANTICS G16: groups that were left out may include this one.
            Truth::between(member, member || !asked.principal.groups_known)
        }
        Target::Role(arn) => principal::is_session_of(asked, arn),
        // SEMANTICS F17: a federated user has the policies and the boundary of the user that created it.
        Target::User(arn) => Truth::of(match caller {
            Caller::User { arn: own, .. } | Caller::FederatedUser { parent: Some(own), .. } => own == arn,
            _ => false,
        }),
        Target::Subject { issuer, subject } => Truth::of(
            matches!(caller, Caller::Subject { issuer: i, subject: s, .. } if i == issuer && s == subject),
        ),
        Target::Accounts(list) => {
            let account = if layer == Layer::ResourceControl {
                asked.resource_account
            } else {
                asked.principal.account()
            };
            Truth::of(account.is_some_and(|account| list.iter().any(|listed| listed == account)))
        }
        Target::SessionPolicy(name) => Truth::of(asked.principal.session_policies.contains(name)),
        Target::Resource(pattern) => covers_with_objects(asked, pattern),
        Target::Endpoint(id) => {
            match asked.held(&KeyName::new("aws:SourceVpce")) {
                Held::One(text) => Truth::of(text == id),
                Held::Missing | Held::Many([]) => Truth::No,
                // Through which endpoint it goes is not told: a limit must not be lost.
                Held::Many(_) | Held::Unknown | Held::Ambiguous => Truth::Maybe,
            }
        }
    }
}

/// A policy of a bucket covers its objects too.
fn covers_with_objects(asked: &Asked<'_, '_>, pattern: &ResourcePattern) -> Truth {
    let itself = resource::covers(asked, pattern);
    let ResourcePattern::Arn { pattern, capped } = pattern else { return itself };
    if itself == Truth::Yes || !is_bucket(pattern.fields.get(1), pattern.fields.get(4)) {
        return itself;
    }
    let ResourceFields::Arn { .. } = asked.resource else { return itself };
    let objects = match variable::fill_arn(asked, pattern) {
        Ok(fields) => match_resource(
            asked.profile(),
            |i| {
                let rest: &[Part<'_>] = if i == 4 { &[Part::Literal("/"), Part::Any] } else { &[] };
                fields[i].iter().chain(rest).copied()
            },
            &asked.resource,
        ),
        Err(gap) => gap.entry_truth(asked.profile()),
    };
    itself.or(if *capped { objects.at_most_maybe() } else { objects })
}

fn is_bucket(service: Option<&Template>, resource: Option<&Template>) -> bool {
    let no_slash = |piece: &Piece| !matches!(piece, Piece::Literal(text) if text.contains('/'));
    service.and_then(Template::as_literal).is_some_and(|name| name == "s3")
        && resource.is_some_and(|field| field.pieces.iter().all(no_slash))
}

/// What the question has to set against the attachment's target.
pub(crate) fn found(asked: &Asked<'_, '_>, attachment: &Attachment) -> Found {
    let one = |text: Option<&str>| text.map_or(Found::Missing, |text| Found::One(text.to_owned()));
    match attachment.target {
        Target::Group(_) if !asked.principal.groups_known => Found::Unknown,
        Target::Group(_) => Found::Many(asked.principal.groups.clone()),
        Target::SessionPolicy(_) => Found::Many(asked.principal.session_policies.clone()),
        Target::Accounts(_) if attachment.layer == Layer::ResourceControl => one(asked.resource_account),
        Target::Accounts(_) => one(asked.principal.account()),
        Target::Resource(_) => one(Some(asked.request.resource())),
        Target::Endpoint(_) => Found::of(asked.held(&KeyName::new("aws:SourceVpce"))),
        Target::Everyone | Target::Role(_) | Target::User(_) | Target::Subject { .. } => {
            one(Some(&principal::caller_words(&asked.principal.caller)))
        }
    }
}
