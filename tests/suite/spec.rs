//! Every row of the language reference, through every way to a decision.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use bailiwick::ast::{self, Attachment, Kind, Options, PolicySet, Target};
use bailiwick::compile::{CompileOptions, compile, compile_with};
use bailiwick::request::ContextValue;
use bailiwick::value::{KeyTable, Layer, Owner};
use bailiwick::{Caller, Decision, Principal, Profile, Request, Source, Tree, Verdict};
use bailiwick_spec::{self as spec, Case, Expected};

type Engine = fn(&PolicySet, &Principal, &Request<'_>) -> Decision;

/// Every way to a decision. The first is the one that the others are compared with.
const ENGINES: &[(&str, Engine)] = &[
    ("explain", |set, principal, request| bailiwick::explain(set, principal, request).decision),
    ("tree", |set, principal, request| compile(set).decide(principal, request)),
    ("unoptimized tree", |set, principal, request| {
        let options = CompileOptions { optimize: false, ..CompileOptions::default() };
        compile_with(set, options).decide(principal, request)
    }),
    ("session", |set, principal, request| compile(set).session(principal).decide(request)),
    ("loaded artifact", |set, principal, request| {
        Tree::from_bytes(&compile(set).to_bytes()).unwrap().decide(principal, request)
    }),
    ("session of a loaded artifact", |set, principal, request| {
        Tree::from_bytes(&compile(set).to_bytes()).unwrap().session(principal).decide(request)
    }),
];

/// Fewer cases than this mean that pages were lost.
const AT_LEAST: usize = 3_500;

#[test]
fn every_row_of_the_reference_holds() {
    let cases = cases();
    assert!(cases.len() >= AT_LEAST, "only {} cases", cases.len());
    let mut report = String::new();
    let mut failed = 0;
    for case in &cases {
        if let Err(why) = check(case) {
            failed += 1;
            let _ = writeln!(report, "\nfixtures/spec/{} ({}), {}\n{why}", case.id, case.why, case.name);
        }
    }
    assert!(failed == 0, "{failed} of {} cases failed{report}", cases.len());
}

#[test]
fn every_item_of_the_quiz_is_asked() {
    let asked: BTreeSet<u16> = cases().iter().flat_map(|case| case.items.clone()).collect();
    let open: Vec<_> = (1..=110).filter(|item| !asked.contains(item)).collect();
    assert!(open.is_empty(), "no row is tagged with {open:?}");
}

fn cases() -> Vec<Case> {
    match spec::pages() {
        Ok(pages) => pages.into_iter().flat_map(|page| page.cases).collect(),
        Err(problems) => {
            let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", lines.join("\n"))
        }
    }
}

fn check(case: &Case) -> Result<(), String> {
    let (documents, refusals) = read(case);
    let codes: BTreeSet<_> = refusals.iter().flat_map(|it| &it.list).map(|it| it.code.0.to_owned()).collect();
    match &case.expected {
        Expected::Refused(_) if codes.is_empty() => {
            return Err("expected a refusal; all documents were read".to_owned());
        }
        Expected::Refused(expected) if expected.is_empty() => return Ok(()),
        Expected::Refused(expected) => {
            let expected: BTreeSet<_> = expected.iter().cloned().collect();
            return if codes == expected {
                Ok(())
            } else {
                Err(format!("expected {expected:?}, got {codes:?}: {}", words(&refusals)))
            };
        }
        _ if !refusals.is_empty() => return Err(format!("a document was refused: {}", words(&refusals))),
        Expected::Accepted => return Ok(()),
        _ => {}
    }
    let Some(asked) = &case.request else { return Err("nothing is asked".to_owned()) };
    let set = set(case, documents, asked)?;
    let (principal, request) = ask(asked)?;
    let explanation = bailiwick::explain(&set, &principal, &request);
    let mut first = None;
    for (name, engine) in ENGINES {
        let decision = engine(&set, &principal, &request);
        let explained = || format!("\n{explanation}");
        if !is_expected(case, &decision) {
            let by = if case.by.is_empty() { String::new() } else { format!(" by {}", case.by) };
            return Err(format!(
                "{name}: expected {:?}{by}, got {}{}",
                case.expected,
                said(&decision),
                explained()
            ));
        }
        let first = first.get_or_insert(decision);
        if said(first) != said(&decision) {
            return Err(format!("{name}: {}, but {} first{}", said(&decision), said(first), explained()));
        }
        if let Some(id) = decision.statement
            && !explanation
                .statements
                .iter()
                .any(|it| it.id == id && it.applies && it.layer == decision.layer)
        {
            return Err(format!("{name}: statement {} does not decide{}", id.0, explained()));
        }
    }
    Ok(())
}

fn is_expected(case: &Case, decision: &Decision) -> bool {
    let verdict = match case.expected {
        Expected::Allow => Verdict::Allow,
        Expected::ImplicitDeny => Verdict::ImplicitDeny,
        Expected::ExplicitDeny => Verdict::ExplicitDeny,
        Expected::Error => return decision.error.is_some() && decision.verdict == Verdict::ExplicitDeny,
        Expected::Accepted | Expected::Refused(_) => return false,
    };
    decision.verdict == verdict && decision.error.is_none() && (case.by.is_empty() || case.by == by(decision))
}

/// The layer, with its level where it has some.
fn by(decision: &Decision) -> String {
    match decision.layer {
        Layer::ServiceControl | Layer::ResourceControl => {
            format!("{} {}", decision.layer.name(), decision.level)
        }
        layer => layer.name().to_owned(),
    }
}

fn said(decision: &Decision) -> String {
    let error = decision.error.map(|error| format!(" ({error:?})")).unwrap_or_default();
    format!("{} by {}{error}", decision.verdict.name(), by(decision))
}

type Read = (Vec<Option<Arc<ast::Document>>>, Vec<bailiwick::Diagnostics>);

fn read(case: &Case) -> Read {
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
fn set(
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

fn ask(asked: &spec::Request) -> Result<(Principal, Request<'_>), String> {
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

fn words(refusals: &[bailiwick::Diagnostics]) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
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
