//! The rules as rows: policies, a question, the answer.

mod attachments;
mod clauses;
mod conditions;
mod layers;
mod principals;
mod words;

use std::sync::Arc;

use super::{Explanation, explain};
use crate::ast::{Attachment, Kind, Options, PolicySet, Target, parse};
use crate::request::{Caller, ContextValue, Principal, Request};
use crate::source::Source;
use crate::value::{Arity, ArnPattern, KeyTable, Layer, Owner, Profile, ResourcePattern, Template};

const HOME: &str = "111122223333";
const OTHER: &str = "999988887777";

/// Policies with where they are attached, under one profile.
#[derive(Clone, Default)]
struct World {
    profile: Profile,
    attached: Vec<(Layer, u8, Target, Kind, Vec<String>)>,
    management: Option<&'static str>,
    own: Vec<String>,
}

impl World {
    fn strict(mut self) -> Self {
        self.profile = Profile::Strict;
        self
    }

    fn attach(mut self, layer: Layer, level: u8, target: Target, kind: Kind, statements: &str) -> Self {
        let version = r#""Version":"2012-10-17","#;
        let text = format!("{{{version}\"Statement\":[{statements}]}}");
        self.attached.push((layer, level, target, kind, vec![text]));
        self
    }

    fn identity(self, statements: &str) -> Self {
        self.attach(Layer::Identity, 0, Target::Everyone, Kind::Identity, statements)
    }

    fn boundary(self, statements: &str) -> Self {
        self.attach(Layer::Boundary, 0, Target::Everyone, Kind::Boundary, statements)
    }

    fn session(self, statements: &str) -> Self {
        self.attach(Layer::Session, 0, Target::SessionPolicy("s".into()), Kind::Session, statements)
    }

    fn resource(self, statements: &str) -> Self {
        self.attach(Layer::Resource, 0, Target::Everyone, Kind::Resource, statements)
    }

    fn endpoint(self, statements: &str) -> Self {
        self.attach(Layer::Endpoint, 0, Target::Endpoint("vpce-1".into()), Kind::Endpoint, statements)
    }

    fn scp(self, level: u8, statements: &str) -> Self {
        self.attach(Layer::ServiceControl, level, Target::Everyone, Kind::ServiceControl, statements)
    }

    fn rcp(self, statements: &str) -> Self {
        let full = r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#;
        let everyone = Target::Everyone;
        self.attach(Layer::ResourceControl, 0, everyone.clone(), Kind::ResourceControl, full).attach(
            Layer::ResourceControl,
            0,
            everyone,
            Kind::ResourceControl,
            statements,
        )
    }

    fn set(&self) -> PolicySet {
        let mut keys = KeyTable::default();
        keys.declare("many", Arity::Many, Owner::Request);
        keys.declare("mine", Arity::One, Owner::Principal);
        let keys = Arc::new(keys);
        let read = |kind: Kind, text: &String| {
            let options = Options { kind, profile: self.profile, keys: keys.clone(), ..Options::default() };
            Arc::new(
                parse(Source::new("p.json", text), &options)
                    .unwrap_or_else(|error| panic!("{error}: {text}")),
            )
        };
        let attachments = self.attached.iter().map(|(layer, level, target, kind, texts)| Attachment {
            layer: *layer,
            level: *level,
            target: target.clone(),
            documents: texts.iter().map(|text| read(*kind, text)).collect(),
        });
        let mut set = PolicySet::new(attachments.collect()).unwrap();
        if let Some(account) = self.management {
            set = set.management_account(account);
        }
        set.profile(self.profile).home_account(HOME).own_services(self.own.clone()).keys(keys.clone())
    }
}

type Rows<'a> = &'a [(&'a str, ContextValue<'static>)];

fn asked(world: &World, principal: &Principal, question: &str, context: Rows<'_>) -> Explanation {
    let (action, resource) = question.split_once(' ').unwrap();
    let mut request = Request::new(action, resource).unwrap();
    // Resources of S3 name no account: they are at home here unless they are called `other`.
    if resource.starts_with("arn:aws:s3:::") {
        request = request.owned_by(if resource.starts_with("arn:aws:s3:::other") { OTHER } else { HOME });
    }
    for (key, value) in context {
        request = request.with(*key, value.clone());
    }
    let set = world.set();
    let explanation = explain(&set, principal, &request);
    agrees(&set, principal, &request, &explanation);
    explanation
}

/// The one place that looks at the engine: `allow`, `explicit deny` or `implicit deny`, and the layer.
fn check(world: &World, principal: &Principal, question: &str, context: Rows<'_>, expected: &str) {
    let explanation = asked(world, principal, question, context);
    let decision = explanation.decision;
    let got = format!("{} {}", decision.verdict.name(), decision.layer.name());
    assert_eq!(got, expected, "{question} {context:?}\n{explanation}");
    if let Some(id) = decision.statement {
        let report = explanation.statement(id).unwrap();
        assert!(
            report.applies && report.layer == decision.layer && report.level == decision.level,
            "{explanation}"
        );
    }
}

fn user() -> Principal {
    let arn = format!("arn:aws:iam::{HOME}:user/alice");
    Principal::new(Caller::User { arn, id: Some("AIDAALICE".into()) })
}

fn role_session(role: Option<&str>) -> Principal {
    Principal::new(Caller::RoleSession {
        arn: format!("arn:aws:sts::{HOME}:assumed-role/r/s"),
        role: role.map(|path| format!("arn:aws:iam::{HOME}:role/{path}")),
        id: Some("AROAROLE".into()),
        service_linked: false,
    })
}

fn with_session_policy(mut principal: Principal) -> Principal {
    principal.session_policies.push("s".into());
    principal
}

fn federated_user() -> Principal {
    Principal::new(Caller::FederatedUser {
        arn: format!("arn:aws:sts::{HOME}:federated-user/bob"),
        parent: Some(format!("arn:aws:iam::{HOME}:user/alice")),
    })
}

fn subject() -> Principal {
    Principal::new(Caller::Subject { account: HOME.into(), issuer: "iss".into(), subject: "sub".into() })
}

fn service(name: &str) -> Principal {
    Principal::new(Caller::Service { name: name.into() })
}

fn root(account: &str) -> Principal {
    Principal::new(Caller::Root { account: account.into() })
}

fn anonymous() -> Principal {
    Principal::new(Caller::Anonymous)
}

fn arn_pattern(text: &str) -> ResourcePattern {
    let fields = crate::value::arn_fields(text).unwrap().map(|field| {
        let mut template = Template::default();
        for (i, piece) in field.split('*').enumerate() {
            if i > 0 {
                template.push(crate::value::Piece::Any);
            }
            template.push(crate::value::Piece::Literal(piece.to_owned()));
        }
        template
    });
    ResourcePattern::Arn { pattern: ArnPattern { fields }, capped: false }
}

/// The tree gives the same verdict and layer, by a statement that explain knows to apply.
fn agrees(set: &PolicySet, principal: &Principal, request: &Request<'_>, explanation: &Explanation) {
    let expected = explanation.decision;
    let tree = crate::compile::compile(set);
    for decision in [tree.decide(principal, request), tree.session(principal).decide(request)] {
        let said = |it: crate::Decision| (it.verdict, it.layer, it.level, it.error);
        assert_eq!(said(decision), said(expected), "the tree differs: {explanation}");
        let applies = |id| explanation.statement(id).is_some_and(|report| report.applies);
        assert_eq!(decision.statement.is_some(), expected.statement.is_some(), "{explanation}");
        assert!(decision.statement.is_none_or(applies), "{explanation}");
    }
}
