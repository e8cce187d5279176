//! A policy for one API says what the set says, wherever it loses nothing, and never more.

use std::sync::Arc;

use super::random::Dice;
use super::{HOME, document};
use crate::ast::{Attachment, Kind, Options, PolicySet, Target, parse};
use crate::explain::explain;
use crate::explore::{Focus, as_policy_for};
use crate::request::{Caller, ContextValue, Principal, Request};
use crate::source::Source;
use crate::value::{ArnPattern, Layer, Piece, Profile, Template};

const KEYS: &[&str] = &["aws:SourceIp", "aws:UserAgent", "aws:SourceVpce"];
const API: &str = "arn:aws:execute-api:eu:111122223333:a1/";

const ACTIONS: &[&str] = &[
    "*",
    "execute-api:*",
    "execute-api:Invoke",
    "EXECUTE-API:inv*",
    "execute-api:ManageConnections",
    "s3:*",
    "execute-?pi:Invoke",
];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:execute-api:*:*:*",
    "arn:aws:execute-api:eu:111122223333:a1/*",
    "arn:aws:execute-api:*:*:*/prod/GET/*",
    "arn:aws:execute-api:eu:111122223333:a1/prod/*/pets",
    "arn:aws:execute-api:eu:111122223333:a1/prod/GET/pets/?",
    "arn:aws:execute-api:eu:111122223333:a1/prod/*/${aws:PrincipalTag/t}",
    "arn:aws:execute-api:eu:111122223333:a1/*/${aws:UserAgent}",
    "arn:AWS:execute-api:eu:111122223333:a1/prod/GET/*",
    "arn:aws:execute-api:us:111122223333:a1/*",
    "arn:aws:execute-api:*:a1/prod/*",
    "arn:aws:*:eu:*:a1/dev/*",
    "arn:aws:s3:::b",
    "arn:aws:execute-api",
];
const CONDITIONS: &[&str] = &[
    r#""StringEquals":{"aws:PrincipalTag/t":"pets"}"#,
    r#""StringNotEquals":{"aws:PrincipalTag/t":"pets"}"#,
    r#""IpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#,
    r#""NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#,
    r#""StringLike":{"aws:UserAgent":"${aws:PrincipalTag/t}*"}"#,
    r#""StringEquals":{"aws:ResourceTag/x":"1"}"#,
    r#""StringNotEquals":{"aws:RequestTag/x":"${aws:PrincipalTag/u}"}"#,
    r#""Null":{"aws:ResourceTag/x":"true"}"#,
    r#""ForAllValues:StringEquals":{"aws:TagKeys":["a"]}"#,
    r#""Bool":{"aws:SecureTransport":"true"}"#,
];

fn statement(dice: &mut Dice, kind: Kind) -> String {
    let deny = kind == Kind::ResourceControl || dice.one_in(3);
    let mut out = format!(r#"{{"Effect":"{}""#, if deny { "Deny" } else { "Allow" });
    if matches!(kind, Kind::Api | Kind::Endpoint | Kind::ResourceControl) {
        let who = if kind == Kind::Api { dice.pick(&["*", "111122223333", "999988887777"]) } else { "*" };
        out.push_str(&if who == "*" {
            r#","Principal":"*""#.to_owned()
        } else {
            format!(r#","Principal":{{"AWS":"{who}"}}"#)
        });
    }
    let not = if kind != Kind::ResourceControl && dice.one_in(5) { "Not" } else { "" };
    let actions = if kind == Kind::ResourceControl { &ACTIONS[1..] } else { ACTIONS };
    out.push_str(&format!(r#","{not}Action":{}"#, dice.list(actions)));
    let not = if dice.one_in(4) { "Not" } else { "" };
    // Short ARNs are for identity policies only.
    let known = if kind == Kind::Identity { RESOURCES } else { &RESOURCES[..RESOURCES.len() - 4] };
    let short = kind == Kind::Api && dice.one_in(2);
    let shorthand = ["execute-api:/prod/*", "execute-api:/*/GET/*", "execute-api:/prod/GET/pets"];
    out.push_str(&format!(r#","{not}Resource":{}"#, dice.list(if short { &shorthand } else { known })));
    if dice.one_in(2) {
        out.push_str(&format!(r#","Condition":{{{}}}"#, dice.pick(CONDITIONS)));
    }
    out.push('}');
    out
}

fn attachment(dice: &mut Dice, profile: Profile) -> Attachment {
    let api = || super::super::narrow::resource("arn:aws:execute-api:eu:111122223333:a1/*");
    let (layer, kind, target) = match dice.roll(14) {
        0..=6 => (Layer::Identity, Kind::Identity, Target::Everyone),
        7 | 8 => (Layer::Identity, Kind::Identity, Target::Group("g".into())),
        9 => (Layer::Boundary, Kind::Boundary, Target::Everyone),
        10 => (Layer::ServiceControl, Kind::ServiceControl, Target::Everyone),
        11 => (Layer::ResourceControl, Kind::ResourceControl, Target::Everyone),
        12 => (Layer::Resource, Kind::Api, api().map_or(Target::Everyone, Target::Resource)),
        _ => (Layer::Endpoint, Kind::Endpoint, Target::Endpoint("v1".into())),
    };
    let count = 1 + dice.roll(3);
    let mut statements: Vec<String> = (0..count).map(|_| statement(dice, kind)).collect();
    let mut documents = Vec::new();
    if layer == Layer::ResourceControl {
        let full = r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#;
        documents.push(document(kind, profile, "full", full));
    } else if layer == Layer::ServiceControl && dice.one_in(2) {
        statements.push(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#.to_owned());
    }
    documents.push(document(kind, profile, "p.json", &statements.join(",")));
    Attachment { layer, level: 0, target, documents }
}

fn principal(dice: &mut Dice) -> Principal {
    let caller = if dice.one_in(4) {
        Caller::User { arn: "arn:aws:iam::111122223333:user/alice".into(), id: None }
    } else {
        Caller::Subject { account: HOME.into(), issuer: "i".into(), subject: "s".into() }
    };
    let mut principal = Principal::new(caller);
    match dice.roll(5) {
        0 => {}
        1 => principal.context.replace("aws:PrincipalTag/t", ContextValue::Unknown),
        2 => principal.context.replace("aws:PrincipalTag/t", "*"),
        _ => principal.context.replace("aws:PrincipalTag/t", "pets"),
    }
    if dice.one_in(2) {
        principal.groups.push("g".into());
    }
    principal.groups_known = !dice.one_in(6);
    principal
}

fn context<'a>(dice: &mut Dice, mut request: Request<'a>) -> Request<'a> {
    if dice.one_in(2) {
        request = request.with("aws:SourceIp", dice.pick(&["10.1.2.3", "192.0.2.1"]).to_owned());
    }
    if dice.one_in(2) {
        request = request.with("aws:UserAgent", dice.pick(&["pets", "*", "curl"]).to_owned());
    }
    if dice.one_in(4) {
        request = request.with("aws:SourceVpce", dice.pick(&["v1", "v2"]).to_owned());
    }
    request
}

fn range(texts: [Piece; 2]) -> ArnPattern {
    let mut last = Template::default();
    for piece in texts {
        last.push(piece);
    }
    let [partition, service, region, account] =
        ["aws", "execute-api", "eu", "111122223333"].map(Template::literal);
    ArnPattern { fields: [partition, service, region, account, last] }
}

#[test]
fn a_policy_for_an_api_says_what_the_set_says() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(8_000);
    let (mut exact, mut allowed, mut whole) = (0, 0, 0);
    for seed in 0..u64::max(cases / 8, 250) {
        let mut dice = Dice(seed);
        let profile = if dice.one_in(3) { Profile::Strict } else { Profile::Aws };
        let count = 1 + dice.roll(4);
        let attachments: Vec<_> = (0..count).map(|_| attachment(&mut dice, profile)).collect();
        let set = PolicySet::new(attachments).unwrap().profile(profile).home_account(HOME);
        let principal = principal(&mut dice);
        let paths =
            ["prod/GET/pets", "prod/GET/pets/1", "prod/POST/pets", "prod/GET/*", "prod/GET/", "prod/PUT/a:b"];
        let one = dice.one_in(4).then(|| dice.pick(&paths).to_owned());
        let last = match &one {
            Some(path) => [Piece::Literal(format!("a1/{path}")), Piece::Literal(String::new())],
            None => [Piece::Literal("a1/prod/".into()), Piece::Any],
        };
        let focus = Focus::new("execute-api:Invoke", range(last), KEYS).unwrap();
        let written = as_policy_for(&set, &principal, &focus);
        let options = Options { kind: Kind::Authorizer, profile, ..Options::default() };
        let parsed = parse(Source::new("written", &written.json), &options)
            .unwrap_or_else(|error| panic!("{}\n{error}", written.json));
        let alone = Attachment {
            layer: Layer::Identity,
            level: 0,
            target: Target::Everyone,
            documents: vec![Arc::new(parsed)],
        };
        let alone = PolicySet::new(vec![alone]).unwrap().profile(profile).home_account(HOME);
        let nobody =
            Principal::new(Caller::Subject { account: HOME.into(), issuer: "x".into(), subject: "y".into() });
        for path in paths.iter().filter(|path| one.as_ref().is_none_or(|one| one == *path)) {
            let request = Request::new("execute-api:Invoke", format!("{API}{path}")).unwrap();
            let request = context(&mut dice, request);
            let (by_set, by_written) =
                (explain(&set, &principal, &request), explain(&alone, &nobody, &request));
            let told = || {
                format!(
                    "seed {seed} {profile:?} {:?}\n{principal:?}\n{request:?}\n{}\n{by_set}\n{by_written}",
                    written.lost, written.json
                )
            };
            let (set_says, written_says) = (by_set.decision.is_allowed(), by_written.decision.is_allowed());
            assert!(set_says || !written_says, "allows more: {}", told());
            if written.lost.is_empty() {
                exact += 1;
                assert_eq!(set_says, written_says, "not the same: {}", told());
            }
            if written.whole {
                whole += 1;
                assert!(set_says, "not whole: {}", told());
            }
            allowed += u64::from(set_says);
        }
    }
    assert!(exact > 500 && allowed > 100 && whole > 10, "hardly tried: {exact} {allowed} {whole}");
}

#[test]
fn resources_of_another_account_are_not_opened() {
    let allow = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let attachment = Attachment {
        layer: Layer::Identity,
        level: 0,
        target: Target::Everyone,
        documents: vec![document(Kind::Identity, Profile::Aws, "p", allow)],
    };
    let set = PolicySet::new(vec![attachment]).unwrap().home_account("999988887777");
    let caller = Caller::Subject { account: "999988887777".into(), issuer: "i".into(), subject: "s".into() };
    let focus =
        Focus::new("execute-api:Invoke", range([Piece::Literal("a1/".into()), Piece::Any]), KEYS).unwrap();
    let written = as_policy_for(&set, &Principal::new(caller), &focus);
    assert!(!written.json.contains("Allow"), "{}", written.json);
    assert!(!written.whole && !written.lost.is_empty());
    assert!(Focus::new("Invoke", range([Piece::Any, Piece::Any]), KEYS).is_err());
    let mut wide = range([Piece::Any, Piece::Any]);
    wide.fields[2] = Template::any();
    assert!(matches!(
        Focus::new("execute-api:Invoke", wide, KEYS),
        Err(crate::request::RequestError::Resource(_))
    ));
}
