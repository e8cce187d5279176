//! A small world in which things collide: a policy set, a principal and requests, all chosen byte by byte.

use std::sync::Arc;

use bailiwick::ast::{Attachment, Kind, Options, PolicySet, Target};
use bailiwick::request::ContextValue;
use bailiwick::value::{Arity, ArnPattern, KeyTable, Layer, Owner, Piece, ResourcePattern, Template};
use bailiwick::{Caller, Principal, Profile, Request};

use super::choices::Choices;

const ROLE: &str = "arn:aws:iam::111111111111:role/p/r";
const SHORT_ROLE: &str = "arn:aws:iam::111111111111:role/r";
const SESSION: &str = "arn:aws:sts::111111111111:assumed-role/r/s";
const USER: &str = "arn:aws:iam::111111111111:user/u";
const FEDERATED: &str = "arn:aws:sts::111111111111:federated-user/f";
const ISSUER: &str = "https://id.example";

const ACTIONS: &[&str] = &[
    "*",
    "s3:*",
    "*",
    "s3:*",
    "s3:Get*",
    "s3:GetObject",
    "S3:getobject",
    "s3:?etObject",
    "s3:Put*",
    "ec2:Run",
    "kms:*",
    "sts:AssumeRole",
    "*:GetObject",
    "s?:Get*",
    "s3:*Object",
    "ec2:*",
];
const RESOURCES: &[&str] = &[
    "*",
    "*",
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/x",
    "arn:aws:s3:::b/${aws:PrincipalTag/t}",
    "arn:aws:s3:::b/${aws:PrincipalTag/t}/*",
    "arn:aws:s3:::b/${aws:PrincipalTag/t, 'x'}",
    "arn:aws:s3:::*x",
    "arn:AWS:s3:::b/x",
    "arn:aws:*:*:*:*",
    "arn:aws:s3:::b/?",
    "arn:aws:s3:::b/${*}",
    "arn:aws:s3:*/y",
    "arn:aws:s3",
    "arn:aws:kms:eu:111111111111:key/k",
    "arn:aws:iam::111111111111:role/*",
    "arn:aws:iam::111111111111:user/U",
    "arn:aws:s3:::b/${token:tenant}",
    "arn:aws:s3:::b/${aws:TagKeys}",
    "arn:*:s3:::b/*",
];
const PRINCIPALS: &[&str] = &[
    "\"*\"",
    "{\"AWS\":\"*\"}",
    "{\"AWS\":\"111111111111\"}",
    "{\"AWS\":\"arn:aws:iam::222222222222:root\"}",
    "{\"AWS\":\"arn:aws:iam::111111111111:role/p/r\"}",
    "{\"AWS\":\"arn:aws:iam::111111111111:role/r\"}",
    "{\"AWS\":\"arn:aws:iam::111111111111:role/P/R\"}",
    "{\"AWS\":\"arn:aws:sts::111111111111:assumed-role/r/s\"}",
    "{\"AWS\":\"arn:aws:iam::111111111111:user/u\"}",
    "{\"AWS\":\"arn:aws:sts::111111111111:federated-user/f\"}",
    "{\"Service\":\"lambda.amazonaws.com\"}",
    "{\"Federated\":\"accounts.google.com\"}",
    "{\"AWS\":[]}",
    "{\"AWS\":[\"111111111111\",\"arn:aws:iam::111111111111:role/p/r\",\"arn:aws:sts::111111111111:assumed-role/r/s\"]}",
    "{\"AWS\":\"AROAEXAMPLEEXAMPLE01\"}",
];
const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateGreaterThan",
    "Bool",
    "IpAddress",
    "NotIpAddress",
    "ArnLike",
    "ArnEquals",
    "ArnNotLike",
    "BinaryEquals",
    "Null",
    "StringEquals",
    "StringEquals",
    "StringNotEquals",
];
const SUFFIXES: &[&str] = &["", "", "", "IfExists"];
const PREFIXES: &[&str] = &["", "", "", "ForAllValues:", "ForAnyValue:"];
const KEYS: &[&str] = &[
    "aws:PrincipalTag/t",
    "aws:PrincipalTag/u",
    "AWS:principaltag/T",
    "aws:ResourceTag/t",
    "aws:RequestTag/t",
    "aws:TagKeys",
    "aws:SourceIp",
    "aws:CurrentTime",
    "aws:MultiFactorAuthPresent",
    "token:groups",
    "token:tenant",
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:ResourceAccount",
    "acme:one",
    "acme:many",
    "acme:free",
    "aws:userid",
];
const VALUES: &[&str] = &[
    "a",
    "b",
    "",
    "A",
    "a*",
    "?",
    "*",
    "10",
    "10.0",
    "9",
    "true",
    "false",
    "TRUE",
    "10.0.0.0/8",
    "::/0",
    "10.1.2.3",
    "2024",
    "2024-05-01T00:00:00Z",
    "arn:aws:iam::111111111111:role/*",
    "arn:aws:iam::111111111111:role/p/r",
    "${aws:PrincipalTag/t}",
    "${aws:PrincipalTag/u, 'a'}",
    "${aws:PrincipalAccount}",
    "${aws:PrincipalTag/t}*",
    "QQ==",
    "111111111111",
    "x",
    "É",
    "é",
    "g",
    "${aws:ResourceTag/t}",
    "${*}",
];
const HELD: &[&str] = &[
    "a",
    "b",
    "",
    "A",
    "*",
    "x",
    "10",
    "9.5",
    "true",
    "false",
    "10.1.2.3",
    "2001:db8::1",
    "::ffff:10.1.2.3",
    "2024-05-01",
    "1714521600",
    "arn:aws:iam::111111111111:role/p/r",
    "QQ==",
    "111111111111",
    "É",
    "é",
    "g",
    "ten",
];

/// Everything that a decision depends on.
pub struct World {
    /// What decides.
    pub set: PolicySet,
    /// Who asks.
    pub principal: Principal,
    /// For what; a few of them, for one session.
    pub requests: Vec<Request<'static>>,
}

/// A world, or nothing if the documents do not make a set.
pub fn world(choices: &mut Choices<'_>) -> Option<World> {
    let profile = choices.pick(&[Profile::Aws, Profile::Strict]);
    let principal = principal(choices);
    let requests = (0..=choices.below(3)).filter_map(|_| request(choices)).collect();
    let mut keys = KeyTable::default();
    keys.declare("acme:one", Arity::One, Owner::Request);
    keys.declare("acme:many", Arity::Many, Owner::Request);
    let keys = Arc::new(keys);
    let attachments = (0..=choices.below(5)).map(|_| attachment(choices, profile, &keys)).collect();
    let mut set = PolicySet::new(attachments).ok()?.profile(profile).keys(keys);
    if choices.once_in(2) {
        set = set.home_account("111111111111");
    }
    if choices.once_in(8) {
        set = set.management_account("111111111111");
    }
    Some(World { set, principal, requests })
}

fn attachment(choices: &mut Choices<'_>, profile: Profile, keys: &Arc<KeyTable>) -> Attachment {
    use Kind::{
        Boundary, Endpoint, Identity, KmsKey, Resource, ResourceControl, ServiceControl, Session, Trust,
    };
    let kind = choices.pick(&[
        Identity,
        Identity,
        Identity,
        Resource,
        Resource,
        Boundary,
        Session,
        ServiceControl,
        ResourceControl,
        Endpoint,
        KmsKey,
        Trust,
    ]);
    let (layer, target) = match kind {
        Identity => (Layer::Identity, caller_target(choices)),
        Boundary => (Layer::Boundary, caller_target(choices)),
        Session if choices.once_in(3) => (Layer::Session, caller_target(choices)),
        Session => (Layer::Session, Target::SessionPolicy("sp".to_owned())),
        ServiceControl => (Layer::ServiceControl, accounts(choices)),
        ResourceControl => (Layer::ResourceControl, accounts(choices)),
        Endpoint => (
            Layer::Endpoint,
            if choices.once_in(2) { Target::Everyone } else { Target::Endpoint("vpce-1".to_owned()) },
        ),
        _ => (Layer::Resource, resource_target(choices)),
    };
    let level = if matches!(layer, Layer::ServiceControl | Layer::ResourceControl) {
        choices.pick(&[0, 1, 15])
    } else {
        0
    };
    let documents = (0..choices.pick(&[1, 1, 1, 2, 0]))
        .filter_map(|_| {
            let text = document(choices, kind);
            let options = Options { kind, profile, keys: Arc::clone(keys), ..Options::default() };
            bailiwick::parse_with(&text, &options).ok().map(Arc::new)
        })
        .collect();
    Attachment { layer, level, target, documents }
}

fn caller_target(choices: &mut Choices<'_>) -> Target {
    match choices.below(8) {
        0..=2 => Target::Everyone,
        3 => Target::Group("g".to_owned()),
        4 => Target::Role(ROLE.to_owned()),
        5 => Target::Role(SHORT_ROLE.to_owned()),
        6 => Target::User(USER.to_owned()),
        _ => Target::Subject { issuer: ISSUER.to_owned(), subject: "sub".to_owned() },
    }
}

fn accounts(choices: &mut Choices<'_>) -> Target {
    match choices.below(3) {
        0 => Target::Everyone,
        1 => Target::Accounts(vec!["111111111111".to_owned()]),
        _ => Target::Accounts(vec!["222222222222".to_owned(), "000000000000".to_owned()]),
    }
}

fn resource_target(choices: &mut Choices<'_>) -> Target {
    let literal = Template::literal;
    let bucket = |resource: Template| ResourcePattern::Arn {
        pattern: ArnPattern {
            fields: [literal("aws"), literal("s3"), Template::default(), Template::default(), resource],
        },
        capped: false,
    };
    match choices.below(4) {
        0 => Target::Everyone,
        1 => Target::Resource(bucket(literal("b"))),
        2 => {
            let mut folder = literal("b/");
            folder.push(Piece::Any);
            Target::Resource(bucket(folder))
        }
        _ => Target::Resource(ResourcePattern::Any),
    }
}

fn document(choices: &mut Choices<'_>, kind: Kind) -> String {
    let version = if choices.once_in(8) { "2008-10-17" } else { "2012-10-17" };
    let statements: Vec<String> = (0..=choices.below(3)).map(|_| statement(choices, kind)).collect();
    format!("{{\"Version\":\"{version}\",\"Statement\":[{}]}}", statements.join(","))
}

fn statement(choices: &mut Choices<'_>, kind: Kind) -> String {
    let denies = kind == Kind::ResourceControl || choices.once_in(3);
    let effect = if denies { "Deny" } else { "Allow" };
    let mut members = vec![format!("\"Effect\":\"{effect}\"")];
    let named = matches!(kind, Kind::Resource | Kind::Trust | Kind::KmsKey | Kind::Endpoint);
    if kind == Kind::ResourceControl {
        members.push("\"Principal\":\"*\"".to_owned());
    } else if named {
        let element =
            if denies && kind == Kind::Resource && choices.once_in(4) { "NotPrincipal" } else { "Principal" };
        members.push(format!("\"{element}\":{}", choices.pick(PRINCIPALS)));
    }
    if kind == Kind::ResourceControl {
        members.push(format!("\"Action\":{}", list(choices, &ACTIONS[3..12])));
    } else if kind == Kind::Trust {
        members.push("\"Action\":\"sts:AssumeRole\"".to_owned());
    } else {
        let element = if choices.once_in(6) { "NotAction" } else { "Action" };
        members.push(format!("\"{element}\":{}", list(choices, ACTIONS)));
    }
    if kind != Kind::Trust && !(kind == Kind::Resource && choices.once_in(8)) {
        let element = if choices.once_in(6) { "NotResource" } else { "Resource" };
        members.push(format!("\"{element}\":{}", list(choices, RESOURCES)));
    }
    let conditions: Vec<String> = (0..choices.pick(&[0, 0, 1, 1, 2, 3]))
        .map(|_| {
            let base = choices.pick(OPERATORS);
            let (prefix, suffix) =
                if base == "Null" { ("", "") } else { (choices.pick(PREFIXES), choices.pick(SUFFIXES)) };
            format!("\"{prefix}{base}{suffix}\":{{\"{}\":{}}}", choices.pick(KEYS), values(choices, base))
        })
        .collect();
    if !conditions.is_empty() {
        members.push(format!("\"Condition\":{{{}}}", conditions.join(",")));
    }
    format!("{{{}}}", members.join(","))
}

fn list(choices: &mut Choices<'_>, of: &[&str]) -> String {
    let items: Vec<String> =
        (0..choices.pick(&[1, 1, 2, 3])).map(|_| format!("\"{}\"", choices.pick(of))).collect();
    format!("[{}]", items.join(","))
}

/// Mostly of the shape that the operator wants, or few documents would be read.
fn values(choices: &mut Choices<'_>, base: &str) -> String {
    let fit: &[&str] = match base {
        _ if choices.once_in(12) => VALUES,
        "Null" => &["true", "false"],
        "Bool" => &["true", "false", "TRUE"],
        "BinaryEquals" => &["QQ==", ""],
        "IpAddress" | "NotIpAddress" => &["10.0.0.0/8", "::/0", "10.1.2.3", "0.0.0.0/0"],
        _ if base.starts_with("Numeric") => &["10", "10.0", "9", "-1", "9.5"],
        _ if base.starts_with("Date") => &["2024", "2024-05-01T00:00:00Z", "1714521600", "2024-05-01"],
        _ if base.starts_with("Arn") => &[
            "arn:aws:iam::111111111111:role/*",
            "arn:aws:iam::111111111111:role/p/r",
            "arn:*:*:*:*:${aws:PrincipalTag/t}",
        ],
        _ => VALUES,
    };
    list(choices, fit)
}

fn principal(choices: &mut Choices<'_>) -> Principal {
    let caller = match choices.below(16) {
        0 => Caller::Anonymous,
        1 => Caller::Service { name: "lambda.amazonaws.com".to_owned() },
        2 => Caller::Root { account: "111111111111".to_owned() },
        3..=5 => Caller::User { arn: USER.to_owned(), id: None },
        6..=9 => Caller::RoleSession {
            arn: SESSION.to_owned(),
            role: choices.once_in(2).then(|| ROLE.to_owned()),
            id: choices.once_in(2).then(|| "AROAEXAMPLEEXAMPLE01".to_owned()),
            service_linked: choices.once_in(6),
        },
        10 | 11 => Caller::FederatedUser {
            arn: FEDERATED.to_owned(),
            parent: choices.once_in(2).then(|| USER.to_owned()),
        },
        12 => Caller::Federated { provider: "accounts.google.com".to_owned() },
        _ => Caller::Subject {
            account: choices.pick(&["111111111111", "000000000000"]).to_owned(),
            issuer: ISSUER.to_owned(),
            subject: "sub".to_owned(),
        },
    };
    let mut principal = Principal::new(caller);
    if choices.once_in(2) {
        principal = principal.in_group("g");
    }
    principal.groups_known = !choices.once_in(6);
    if choices.once_in(2) {
        principal.session_policies.push("sp".to_owned());
    }
    for key in ["aws:PrincipalTag/t", "aws:PrincipalTag/U", "token:tenant", "token:groups"] {
        if let Some(value) = held(choices) {
            principal = principal.with(key, value);
        }
    }
    principal
}

fn request(choices: &mut Choices<'_>) -> Option<Request<'static>> {
    let action = choices.pick(&[
        "s3:GetObject",
        "s3:GetObject",
        "s3:PutObject",
        "S3:getobject",
        "ec2:Run",
        "kms:Decrypt",
        "sts:AssumeRole",
    ]);
    let resource = choices.pick(&[
        "arn:aws:s3:::b/x",
        "arn:aws:s3:::b",
        "arn:aws:s3:::b/a",
        "arn:aws:s3:::b/a/y",
        "arn:aws:s3:::b/*",
        "*",
        "arn:aws:s3:eu:111111111111:b/x",
        "arn:AWS:s3:::b/x",
        "arn:aws:kms:eu:111111111111:key/k",
        "arn:aws:iam::111111111111:role/p/r",
        "arn:aws:iam::111111111111:user/u",
        "arn:aws:ec2:eu:222222222222:i/1",
    ]);
    let mut request = Request::new(action, resource).ok()?;
    if choices.once_in(3) {
        request = request.owned_by(choices.pick(&["111111111111", "222222222222"]));
    }
    for key in [
        "aws:ResourceTag/t",
        "aws:TagKeys",
        "aws:SourceIp",
        "aws:CurrentTime",
        "acme:one",
        "acme:many",
        "acme:free",
    ] {
        if let Some(value) = held(choices) {
            request = request.with(key, value);
        }
    }
    if choices.once_in(4) {
        request = request.with("aws:SourceVpce", "vpce-1");
    }
    if choices.once_in(16) {
        request = request.with("aws:PrincipalTag/t", "forged");
    }
    if choices.once_in(12) {
        request = request.with("AWS:resourcetag/T", "again");
    }
    Some(request)
}

fn held(choices: &mut Choices<'_>) -> Option<ContextValue<'static>> {
    match choices.below(8) {
        0..=2 => None,
        3 => Some(ContextValue::from(vec![choices.pick(HELD), choices.pick(HELD)])),
        4 if choices.once_in(2) => Some(ContextValue::Unknown),
        4 => Some(ContextValue::from(Vec::<&str>::new())),
        _ => Some(ContextValue::from(choices.pick(HELD))),
    }
}
