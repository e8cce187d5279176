//! What the answer opens is what the token's session opens: for random policies, methods and requests, through the document
//! as it is returned and the gateway as it reads it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its stage may fail loudly")]

use bailiwick::identity::Claims;
use bailiwick::request::ContextValue;
use bailiwick::source::Source;
use bailiwick::{Request, Tree};
use bailiwick_authorizer::{Ask, Bearer, Brings, Call, Event, MethodArn, decide};
use bailiwick_deployment::{Deployment, Exchange, Files, IdentityOptions};
use proptest::prelude::*;

const API: &str = "arn:aws:execute-api:eu:111122223333:a1/";
const NOW: i64 = 1_800_000_000;
const UNTIL: i64 = 1_800_003_600;

fn words(list: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(list)
}

/// One statement of an identity policy.
fn statement() -> impl Strategy<Value = String> {
    let action = words(&[
        "execute-api:Invoke",
        "execute-api:*",
        "*",
        "EXECUTE-API:in*",
        "execute-api:ManageConnections",
        "s3:*",
    ]);
    let resource = words(&[
        "*",
        "arn:aws:execute-api:*:*:a1/*",
        "arn:aws:execute-api:eu:111122223333:a1/prod/GET/*",
        "arn:aws:execute-api:*:*:*/prod/*/pets",
        "arn:aws:execute-api:eu:111122223333:a1/prod/*/orgs/${token:tenant}/*",
        "arn:aws:execute-api:eu:111122223333:a1/prod/GET/orgs/${aws:PrincipalTag/org, 'none'}/?",
        "arn:aws:execute-api:us:111122223333:a1/*",
        "arn:aws:execute-api:eu:111122223333:a1/test/*",
        "arn:AWS:execute-api:eu:111122223333:a1/*",
        "arn:aws:s3:::b/*",
    ]);
    let condition = words(&[
        "",
        "",
        r#""IpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#,
        r#""NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#,
        r#""StringEquals": {"token:tenant": "acme"}"#,
        r#""StringNotEquals": {"aws:PrincipalTag/org": "acme"}"#,
        r#""StringLike": {"aws:UserAgent": "${token:tenant}*"}"#,
        r#""StringEquals": {"app:risk": "high"}"#,
        r#""StringNotEquals": {"app:risk": "high"}"#,
        r#""ForAnyValue:StringEquals": {"token:groups": ["keepers"]}"#,
        r#""Bool": {"aws:SecureTransport": "true"}, "StringNotLikeIfExists": {"aws:UserAgent": ["curl*", "a?"]}"#,
        r#""NumericLessThan": {"aws:EpochTime": "1800001000"}"#,
    ]);
    let not = prop::sample::select(&["", "", "", "Not"][..]);
    (any::<bool>(), not.clone(), action, not, resource, condition).prop_map(
        |(deny, not_action, action, not_resource, resource, condition)| {
            let effect = if deny { "Deny" } else { "Allow" };
            format!(
                r#"{{"Effect": "{effect}", "{not_action}Action": "{action}", "{not_resource}Resource": ["{resource}", "arn:aws:s3:::c"], "Condition": {{{condition}}}}}"#
            )
        },
    )
}

/// Everyone's policy, one of a group, perhaps a boundary and a control policy.
fn policies() -> impl Strategy<Value = [String; 4]> {
    let list = |most| prop::collection::vec(statement(), 1..=most).prop_map(|all| all.join(", "));
    let wide = || words(&[r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#, ""]);
    let limit = || {
        (list(2), wide())
            .prop_map(|(list, wide)| if wide.is_empty() { list } else { format!("{list}, {wide}") })
    };
    (list(4), list(2), prop::option::of(limit()), prop::option::of(limit())).prop_map(
        |(all, group, boundary, control)| {
            [all, group, boundary.unwrap_or_default(), control.unwrap_or_default()]
        },
    )
}

fn deployment(policies: &[String; 4], ttl: u64, strict: bool) -> Deployment {
    let document = |text: &str| format!(r#"{{"Version": "2012-10-17", "Statement": [{text}]}}"#);
    let [all, group, boundary, control] = policies;
    let mut toml = format!(
        "profile = \"{}\"\naccount = \"111122223333\"\n[[issuer]]\nname = \"users\"\nissuer = \"https://id.example\"\n\
         groups = \"/groups\"\ntenant = \"/org\"\n[issuer.tags]\norg = \"/org\"\n[[group]]\nname = \"keepers\"\n\
         policies = \"group.json\"\n[[key]]\nname = \"app:risk\"\n[[api]]\nid = \"a1\"\nregion = \"eu\"\nttl = {ttl}\n\
         [everyone]\npolicies = \"all.json\"\n",
        if strict { "strict" } else { "aws" }
    );
    let mut files = vec![("all.json".to_owned(), document(all)), ("group.json".to_owned(), document(group))];
    if !boundary.is_empty() {
        toml.push_str("boundary = \"boundary.json\"\n");
        files.push(("boundary.json".to_owned(), document(boundary)));
    }
    if !control.is_empty() {
        toml.push_str("[organization]\n[[organization.level]]\nservice_control = \"control.json\"\n");
        files.push(("control.json".to_owned(), document(control)));
    }
    files.push(("bailiwick.toml".to_owned(), toml));
    Deployment::new(&Files::new(files)).unwrap_or_else(|error| panic!("{error}"))
}

fn claims(tenant: Option<&str>, keeper: bool) -> Claims {
    let org = tenant.map(|tenant| format!(r#", "org": "{tenant}""#)).unwrap_or_default();
    let groups = if keeper { r#", "groups": ["keepers"]"# } else { "" };
    Claims::parse(format!(r#"{{"iss": "https://id.example", "sub": "u-1"{org}{groups}}}"#).as_str()).unwrap()
}

const PATHS: &[&str] = &[
    "prod/GET/pets",
    "prod/POST/pets",
    "prod/GET/",
    "prod/GET/orgs/acme/1",
    "prod/PUT/orgs/acme/1/2",
    "prod/GET/orgs/evil/1",
    "prod/GET/orgs/*/1",
    "prod/GET/orgs/none/1",
    "prod/GET/a:b/c",
];

/// Each case reads a whole deployment and asks nine times: a fiftieth of the cases that cheaper laws draw.
fn few() -> ProptestConfig {
    let config = ProptestConfig::default();
    let cases = u32::max(config.cases / 50, 100);
    ProptestConfig { cases, ..config }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn an_answer_opens_what_the_session_opens(
        policies in policies(),
        asked in prop::sample::select(PATHS),
        tenant in prop::option::of(words(&["acme", "evil", "*", "a"])),
        keeper in any::<bool>(),
        strict in any::<bool>(),
        kept in any::<bool>(),
        address in prop::option::of(words(&["10.1.2.3", "192.0.2.1"])),
        agent in prop::option::of(words(&["acme/1", "curl/8", "ab"])),
        later in 0i64..4_000,
    ) {
        let deployment = deployment(&policies, if kept { 300 } else { 0 }, strict);
        let claims = claims(tenant, keeper);
        let options = IdentityOptions { exchange: Exchange::Never, ..IdentityOptions::default() };
        let principal = deployment.principal_from_claims(&claims, options).unwrap().principal;
        let tree: Tree = bailiwick::compile(deployment.set.clone());
        let session = tree.session(&principal);
        let event = format!(r#"{{"type": "TOKEN", "authorizationToken": "x", "methodArn": "{API}{asked}"}}"#);
        let event = Event::parse(event.as_str()).unwrap();
        let call = Call::new(&deployment, &event).unwrap();
        let answer = call.answer(&Bearer { claims: &claims, principal: &principal, until: UNTIL, now: NOW }).unwrap();
        let text = answer.json.to_string();
        let returned = Source::new("answer", &text);
        for path in PATHS {
            let method = MethodArn::parse(&format!("{API}{path}")).unwrap();
            let mut context: Vec<(String, ContextValue<'static>)> = vec![
                ("aws:EpochTime".to_owned(), (NOW + later).into()),
                ("aws:SecureTransport".to_owned(), "true".to_owned().into()),
            ];
            context.extend(address.map(|text| ("aws:SourceIp".to_owned(), text.to_owned().into())));
            context.extend(agent.map(|text| ("aws:UserAgent".to_owned(), text.to_owned().into())));
            let mut request = Request::new("execute-api:Invoke", method.as_str()).unwrap();
            for (key, value) in &context {
                request = request.with(key.as_str(), value.clone());
            }
            let by_session = session.decide(&request).is_allowed();
            let ask = Ask { method: &method, context: context.clone() };
            let by_answer = decide(&deployment, &ask, Brings::Answer(&returned)).unwrap().verdict.is_allowed();
            let expired = kept && NOW + later >= UNTIL;
            prop_assert!(by_session || !by_answer, "{path} is opened: {text}\n{policies:?}");
            prop_assert!(!expired || !by_answer, "{path} is open after the token's end: {text}");
            let spoken_of = kept || path == &asked;
            if answer.exact && spoken_of && !expired {
                prop_assert_eq!(by_session, by_answer, "{}: {}\n{:?}\n{:?}", path, text, policies, answer.notes);
            }
            if !spoken_of {
                prop_assert!(!by_answer, "{path} is opened by an answer to {asked}: {text}");
            }
        }
    }
}
