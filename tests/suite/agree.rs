//! decide = explain = without indexes = session = loaded artifact; and laws that hold whatever the policies say.
//!
//! Small alphabets, so that things collide. `PROPTEST_CASES` sets how many requests are asked.

use std::sync::Arc;

use bailiwick::ast::{Attachment, Document, Kind, Options, Owned, PolicySet, Target};
use bailiwick::compile::{CompileOptions, compile_with};
use bailiwick::request::ContextValue;
use bailiwick::value::{Arity, KeyTable, Layer, Owner, ResourcePattern};
use bailiwick::{Caller, Decision, Principal, Profile, Request, Tree, Verdict};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

const ACTIONS: &[&str] = &[
    "*",
    "s3:*",
    "s3:GetObject",
    "S3:getobject",
    "s3:Get*",
    "s3:*Object",
    "s3:Get?bject",
    "kms:Decrypt",
    "kms:*",
    "photos:View",
    "photos:*",
    "sts:AssumeRole",
    "sts:*",
    "ec2:Run*",
    "s*:Get*",
    "iam:GetUser",
    "iam:*",
];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/x",
    "arn:aws:s3:::b/x/*",
    "arn:aws:s3:::b/?",
    "arn:aws:s3:::*",
    "arn:aws:s3:::*x*",
    "arn:aws:s3:::b/${aws:PrincipalTag/t}/*",
    "arn:aws:s3:::b/${aws:PrincipalTag/t}",
    "arn:aws:s3:::b/${k, 'x'}",
    "arn:aws:s3:::b/${*}",
    "arn:AWS:s3:::b/*",
    "arn:*:s3:::b/*",
    "arn:aws:s*:::b/x",
    "arn:aws:kms:*:111111111111:key/*",
    "arn:aws:iam::111111111111:role/*",
    "arn:aws:iam::*:user/Al*",
    "arn:aws:iam::*:u*",
    "arn:aws:iam::*:us*/al",
    "arn:acme:photos:eu:*:album/*",
    "arn:acme:photos:eu:1:album/long-name-of-an-album/*",
    "arn:aws:logs:*:group",
    "arn:aws:s3",
];
const REQUEST_ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:getobject",
    "s3:PutObject",
    "kms:Decrypt",
    "photos:View",
    "sts:AssumeRole",
    "iam:GetUser",
    "ec2:RunInstances",
    "sts:GetCallerIdentity",
    "kms:RetireGrant",
];
const REQUEST_RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/",
    "arn:aws:s3:::b/x",
    "arn:aws:s3:::b/x/y",
    "arn:aws:s3:::b/y",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::c/x",
    "arn:aws:kms:r:111111111111:key/1",
    "arn:aws:kms:r:222222222222:key/1",
    "arn:aws:iam::111111111111:role/r",
    "arn:aws:iam::111111111111:user/al",
    "arn:acme:photos:eu:1:album/a",
    "arn:acme:photos:eu:1:album/long-name-of-an-album/1",
    "arn:aws:logs:r:1:group",
];
const PRINCIPALS: &[&str] = &[
    r#""*""#,
    r#"{"AWS":"111111111111"}"#,
    r#"{"AWS":"arn:aws:iam::222222222222:root"}"#,
    r#"{"AWS":"arn:aws:iam::111111111111:user/al"}"#,
    r#"{"AWS":"arn:aws:iam::111111111111:role/r"}"#,
    r#"{"AWS":"arn:aws:iam::111111111111:role/path/r"}"#,
    r#"{"AWS":["arn:aws:sts::111111111111:assumed-role/r/s","111111111111"]}"#,
    r#"{"AWS":["arn:aws:sts::111111111111:assumed-role/r/s","arn:aws:iam::111111111111:role/r","111111111111"]}"#,
    r#"{"AWS":["arn:aws:iam::111111111111:user/al","111111111111"]}"#,
    r#"{"AWS":"arn:aws:sts::111111111111:federated-user/f"}"#,
    r#"{"AWS":"AROAEXAMPLE"}"#,
    r#"{"AWS":"AIDAEXAMPLE"}"#,
    r#"{"Service":"lambda.amazonaws.com"}"#,
    r#"{"Federated":"cognito-identity.amazonaws.com"}"#,
];
const KEYS: &[&str] = &[
    "k",
    "K2",
    "aws:PrincipalTag/t",
    "aws:principaltag/T",
    "token:groups",
    "app:tier",
    "aws:SourceIp",
    "aws:CurrentTime",
    "aws:ResourceTag/t",
    "aws:TagKeys",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalArn",
    "aws:SourceVpce",
];
/// Operators with values that fit them.
const CONDITIONS: &[(&str, &[&str])] = &[
    ("StringEquals", &["x", "y", "", "${aws:PrincipalTag/t}", "${k}", "${k, 'x'}", "X", "vpce-1"]),
    ("StringNotEquals", &["x", "y", "", "${aws:PrincipalTag/t}", "${k}"]),
    ("StringEqualsIgnoreCase", &["X", "Y", "É", "${k}"]),
    ("StringLike", &["x*", "?", "*", "${aws:PrincipalTag/t}*", "arn:*"]),
    ("StringNotLike", &["x*", "?", "${aws:PrincipalTag/t}*"]),
    ("NumericLessThan", &["10", "9.5", "x"]),
    ("NumericNotEquals", &["10", "x"]),
    ("DateGreaterThan", &["2024-01-01", "1700000000"]),
    ("DateNotEquals", &["2024-01-01T00:00:00Z", "x"]),
    ("Bool", &["true", "false", "${k}"]),
    ("IpAddress", &["10.0.0.0/8", "::/0", "x"]),
    ("NotIpAddress", &["10.0.0.0/8"]),
    ("ArnLike", &["arn:aws:iam::*:role/*", "arn:aws:iam::111111111111:user/${k}"]),
    ("ArnNotEquals", &["arn:aws:iam::*:role/*", "x"]),
    ("BinaryEquals", &["eA=="]),
    ("Null", &["true", "false"]),
];
const VALUES: &[&str] = &[
    "x",
    "y",
    "X",
    "",
    "*",
    "10",
    "9",
    "true",
    "10.1.2.3",
    "192.0.2.1",
    "2024-01-01T00:00:00Z",
    "é",
    "eA==",
    "vpce-1",
];

fn quote(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn list(values: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    proptest::collection::vec(select(values.to_vec()), 1..4)
        .prop_map(|texts| format!("[{}]", texts.iter().map(|text| quote(text)).collect::<Vec<_>>().join(",")))
}

fn condition() -> impl Strategy<Value = String> {
    (
        select(CONDITIONS.to_vec()),
        select(vec!["", "", "", "ForAllValues:", "ForAnyValue:"]),
        any::<bool>(),
        select(KEYS),
    )
        .prop_flat_map(|((operator, values), set, if_exists, key)| {
            let suffix = if if_exists && operator != "Null" { "IfExists" } else { "" };
            list(values)
                .prop_map(move |values| format!(r#""{set}{operator}{suffix}":{{{}:{values}}}"#, quote(key)))
        })
}

/// A bare equality, so that many rules share a branch.
fn equality() -> impl Strategy<Value = String> {
    (
        select(vec!["aws:PrincipalTag/t", "app:tier", "k", "aws:ResourceTag/t", "token:groups"]),
        select(vec!["x", "y"]),
    )
        .prop_map(|(key, value)| {
            let set = if key == "token:groups" { "ForAnyValue:" } else { "" };
            format!(r#""{set}StringEquals":{{"{key}":"{value}"}}"#)
        })
}

fn statement(layer: Layer) -> impl Strategy<Value = String> {
    let conditions = prop_oneof![
        2 => Just(String::new()),
        2 => equality(),
        2 => condition(),
        1 => (condition(), equality()).prop_map(|(a, b)| format!("{a},{b}")),
    ];
    (
        select(vec!["Allow", "Allow", "Allow", "Deny"]),
        prop_oneof![4 => Just("Action"), 1 => Just("NotAction")],
        list(ACTIONS),
        prop_oneof![4 => Just("Resource"), 1 => Just("NotResource")],
        list(RESOURCES),
        conditions,
        select(PRINCIPALS),
        prop_oneof![4 => Just("Principal"), 1 => Just("NotPrincipal")],
    )
        .prop_map(move |(effect, action, actions, resource, resources, conditions, principals, principal)| {
            let principal = match layer {
                Layer::Resource | Layer::Endpoint if principal == "NotPrincipal" && effect == "Deny" => {
                    format!(r#""NotPrincipal":{},"#, principals.replace(r#""*""#, r#"{"AWS":"111111111111"}"#))
                }
                Layer::Resource | Layer::Endpoint => format!(r#""Principal":{principals},"#),
                Layer::ResourceControl => r#""Principal":"*","#.to_owned(),
                _ => String::new(),
            };
            let (effect, action, actions) = match layer {
                Layer::ResourceControl => ("Deny", "Action", actions.replace(r#""*""#, r#""s3:*""#)),
                _ => (effect, action, actions),
            };
            format!(
                r#"{{"Effect":"{effect}",{principal}"{action}":{actions},"{resource}":{resources},"Condition":{{{conditions}}}}}"#
            )
        })
}

fn target(layer: Layer) -> BoxedStrategy<Target> {
    let roles = select(vec!["arn:aws:iam::111111111111:role/r", "arn:aws:iam::111111111111:role/path/r"]);
    match layer {
        Layer::Identity | Layer::Boundary | Layer::Session => prop_oneof![
            3 => Just(Target::Everyone),
            2 => select(vec!["g", "h"]).prop_map(|group| Target::Group(group.to_owned())),
            2 => roles.prop_map(|arn| Target::Role(arn.to_owned())),
            1 => Just(Target::User("arn:aws:iam::111111111111:user/al".to_owned())),
            1 => Just(Target::Subject { issuer: "i".to_owned(), subject: "s".to_owned() }),
        ]
        .boxed(),
        Layer::ServiceControl | Layer::ResourceControl => prop_oneof![
            Just(Target::Everyone),
            select(vec!["111111111111", "222222222222"]).prop_map(|id| Target::Accounts(vec![id.to_owned()])),
        ]
        .boxed(),
        Layer::Endpoint => {
            prop_oneof![Just(Target::Everyone), Just(Target::Endpoint("vpce-1".to_owned()))].boxed()
        }
        Layer::Resource => prop_oneof![
            Just(Target::Everyone),
            select(vec!["arn:aws:s3:::b", "arn:aws:kms:*:111111111111:key/*", "arn:aws:s3:::b/x"])
                .prop_map(|pattern| Target::Resource(resource_pattern(pattern))),
        ]
        .boxed(),
    }
}

fn resource_pattern(text: &str) -> ResourcePattern {
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"{text}"}}}}"#
    );
    let document = bailiwick::parse(policy.as_str()).unwrap();
    document.statements[0].resource.as_ref().unwrap().entries[0].pattern.clone()
}

fn keys() -> Arc<KeyTable> {
    let mut keys = KeyTable::default();
    keys.declare("app:tier", Arity::One, Owner::Principal);
    Arc::new(keys)
}

/// Layer, level, target and the documents' texts; a text that is refused is left out.
type Plan = Vec<(Layer, u8, Target, Vec<String>)>;

fn plan() -> impl Strategy<Value = Plan> {
    let layers = prop_oneof![
        6 => Just(Layer::Identity),
        3 => Just(Layer::Resource),
        1 => Just(Layer::Boundary),
        1 => Just(Layer::Session),
        1 => Just(Layer::ServiceControl),
        1 => Just(Layer::ResourceControl),
        1 => Just(Layer::Endpoint),
    ];
    let attachment = (layers, 0u8..3).prop_flat_map(|(layer, level)| {
        let level = if matches!(layer, Layer::ServiceControl | Layer::ResourceControl) { level } else { 0 };
        (Just(layer), Just(level), target(layer), proptest::collection::vec(statement(layer), 0..14))
    });
    proptest::collection::vec(attachment, 1..5)
}

fn kind(layer: Layer) -> Kind {
    match layer {
        Layer::Identity => Kind::Identity,
        Layer::Boundary => Kind::Boundary,
        Layer::Session => Kind::Session,
        Layer::Resource => Kind::Resource,
        Layer::ServiceControl => Kind::ServiceControl,
        Layer::ResourceControl => Kind::ResourceControl,
        Layer::Endpoint => Kind::Endpoint,
    }
}

fn read(statement: &str, layer: Layer, profile: Profile) -> Option<Arc<Document>> {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    let options = Options { kind: kind(layer), profile, keys: keys(), ..Options::default() };
    bailiwick::parse_with(text.as_str(), &options).ok().map(Arc::new)
}

fn set(plan: &Plan, profile: Profile) -> PolicySet {
    let attachments = plan.iter().map(|(layer, level, target, statements)| Attachment {
        layer: *layer,
        level: *level,
        target: target.clone(),
        documents: statements.iter().filter_map(|statement| read(statement, *layer, profile)).collect(),
    });
    PolicySet::new(attachments.collect())
        .unwrap()
        .profile(profile)
        .home_account("111111111111")
        .management_account("333333333333")
        .owned(vec![Owned {
            pattern: resource_pattern("arn:aws:s3:::b*"),
            account: "111111111111".to_owned(),
        }])
        .keys(keys())
}

fn caller() -> impl Strategy<Value = Caller> {
    let session = |role: Option<&str>, service_linked| Caller::RoleSession {
        arn: "arn:aws:sts::111111111111:assumed-role/r/s".to_owned(),
        role: role.map(str::to_owned),
        id: Some("AROAEXAMPLE".to_owned()),
        service_linked,
    };
    let user = "arn:aws:iam::111111111111:user/al".to_owned();
    select(vec![
        Caller::Anonymous,
        Caller::Service { name: "lambda.amazonaws.com".to_owned() },
        Caller::Root { account: "111111111111".to_owned() },
        Caller::Root { account: "333333333333".to_owned() },
        Caller::User { arn: user.clone(), id: Some("AIDAEXAMPLE".to_owned()) },
        Caller::User { arn: "arn:aws:iam::222222222222:user/al".to_owned(), id: None },
        session(None, false),
        session(Some("arn:aws:iam::111111111111:role/path/r"), false),
        session(Some("arn:aws:iam::111111111111:role/r"), true),
        Caller::FederatedUser {
            arn: "arn:aws:sts::111111111111:federated-user/f".to_owned(),
            parent: Some(user),
        },
        Caller::Federated { provider: "cognito-identity.amazonaws.com".to_owned() },
        Caller::Subject {
            account: "111111111111".to_owned(),
            issuer: "i".to_owned(),
            subject: "s".to_owned(),
        },
    ])
}

fn value() -> impl Strategy<Value = ContextValue<'static>> {
    prop_oneof![
        8 => select(VALUES).prop_map(ContextValue::from),
        2 => proptest::collection::vec(select(VALUES), 0..3).prop_map(ContextValue::from),
        1 => Just(ContextValue::Unknown),
    ]
}

fn principal() -> impl Strategy<Value = Principal> {
    (
        caller(),
        proptest::collection::vec(select(vec!["g", "h"]), 0..2),
        prop_oneof![9 => Just(true), 1 => Just(false)],
        proptest::option::of(value()),
        proptest::option::of(value()),
        proptest::option::of(proptest::collection::vec(select(vec!["x", "y", "z"]), 0..3)),
        proptest::option::weighted(0.2, value()),
    )
        .prop_map(|(caller, groups, groups_known, tag, tier, names, open)| {
            let mut principal = Principal::new(caller);
            principal.groups = groups.into_iter().map(str::to_owned).collect();
            principal.groups_known = groups_known;
            if let Some(tag) = tag {
                principal = principal.with("aws:PrincipalTag/t", tag);
            }
            if let Some(tier) = tier {
                principal = principal.with("app:tier", tier);
            }
            if let Some(names) = names {
                principal = principal.with("token:groups", names);
            }
            if let Some(open) = open {
                // A key that a request may set too: what the principal holds goes before it.
                principal = principal.with("k", open);
            }
            principal
        })
}

fn request() -> impl Strategy<Value = Request<'static>> {
    let context = proptest::collection::vec(
        (
            select(vec![
                "k",
                "K2",
                "aws:SourceIp",
                "aws:CurrentTime",
                "aws:ResourceTag/t",
                "aws:TagKeys",
                "aws:SourceVpce",
                "K",
            ]),
            value(),
        ),
        0..4,
    );
    (select(REQUEST_ACTIONS), select(REQUEST_RESOURCES), context, any::<u8>()).prop_map(
        |(action, resource, context, more)| {
            let mut request = Request::new(action, resource).unwrap();
            for (key, value) in context {
                request = request.with(key, value);
            }
            match more {
                0..40 => request.owned_by("222222222222"),
                40..48 => request.with("app:tier", "x"),
                48..52 => request.with("aws:PrincipalTag/t", "x"),
                52..60 => request.with("aws:ResourceAccount", "111111111111"),
                _ => request,
            }
        },
    )
}

fn runner() -> TestRunner {
    // Each set is asked eight requests, and each request is a case.
    let cases = (Config::default().cases / 8).max(64);
    TestRunner::new(Config { cases, max_shrink_iters: 4000, failure_persistence: None, ..Config::default() })
}

fn profiles() -> impl Strategy<Value = Profile> {
    select(vec![Profile::Aws, Profile::Aws, Profile::Strict])
}

fn same(a: &Decision, b: &Decision) -> bool {
    (a.verdict, a.layer, a.level, a.error) == (b.verdict, b.layer, b.level, b.error)
}

#[test]
fn all_ways_to_decide_agree() {
    let input = (plan(), profiles(), principal(), proptest::collection::vec(request(), 8));
    runner()
        .run(&input, |(plan, profile, principal, requests)| {
            let set = set(&plan, profile);
            let tree = compile_with(&set, CompileOptions::default());
            let plain = compile_with(&set, CompileOptions { optimize: false, ..CompileOptions::default() });
            let loaded = Tree::from_bytes(&tree.to_bytes()).unwrap();
            let session = tree.session(&principal);
            for request in &requests {
                let explained = bailiwick::explain::explain(&set, &principal, request);
                let applying: Vec<_> = explained
                    .statements
                    .iter()
                    .filter(|report| report.applies)
                    .map(|report| report.id)
                    .collect();
                for (way, decision) in [
                    ("unoptimized", plain.decide(&principal, request)),
                    ("tree", tree.decide(&principal, request)),
                    ("session", session.decide(request)),
                    ("loaded", loaded.decide(&principal, request)),
                ] {
                    prop_assert!(
                        same(&decision, &explained.decision),
                        "{way}: {decision:?}\nexplain: {:?}\n{request:?}\n{principal:?}\n{explained}",
                        explained.decision
                    );
                    if let Some(statement) = decision.statement {
                        prop_assert!(
                            applying.contains(&statement),
                            "{way}: {statement:?} not in {applying:?}"
                        );
                    }
                    prop_assert_eq!(decision.statement.is_some(), explained.decision.statement.is_some());
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn order_never_matters() {
    let input = (plan(), profiles(), principal(), request());
    runner()
        .run(&input, |(plan, profile, principal, request)| {
            let mut reversed = plan.clone();
            reversed.reverse();
            for (.., statements) in &mut reversed {
                statements.reverse();
            }
            let decide = |plan: &Plan| bailiwick::compile(set(plan, profile)).decide(&principal, &request);
            prop_assert!(same(&decide(&plan), &decide(&reversed)));
            Ok(())
        })
        .unwrap();
}

#[test]
fn more_denies_never_open_and_more_allows_never_close() {
    let input = (
        plan(),
        profiles(),
        principal(),
        request(),
        any::<prop::sample::Index>(),
        statement(Layer::Identity),
    );
    runner()
        .run(&input, |(plan, profile, principal, request, place, extra)| {
            // A statement of the identity layer fits every layer without principals.
            let at = place.index(plan.len());
            if matches!(plan[at].0, Layer::Resource | Layer::Endpoint | Layer::ResourceControl) {
                return Ok(());
            }
            let mut more = plan.clone();
            more[at].3.push(extra.clone());
            let decide = |plan: &Plan| bailiwick::compile(set(plan, profile)).decide(&principal, &request);
            let (before, after) = (decide(&plan), decide(&more));
            if extra.contains(r#""Effect":"Deny""#) {
                prop_assert!(before.is_allowed() || !after.is_allowed());
            } else {
                prop_assert!(!before.is_allowed() || after.is_allowed());
                prop_assert!(
                    before.verdict == Verdict::ExplicitDeny || after.verdict != Verdict::ExplicitDeny
                );
            }
            Ok(())
        })
        .unwrap();
}
