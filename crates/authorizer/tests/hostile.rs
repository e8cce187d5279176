//! Events and answers that mean harm: refused, and nothing panics.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its stage may fail loudly")]

use bailiwick::identity::Claims;
use bailiwick::source::Source;
use bailiwick_authorizer::{Ask, Bearer, Brings, Call, Event, Failed, MethodArn, Returned, decide};
use bailiwick_deployment::{Deployment, Files, IdentityOptions};
use proptest::prelude::*;

fn deployment(kind: &str) -> Deployment {
    let toml = format!(
        "account = \"111122223333\"\n[[issuer]]\nname = \"u\"\nissuer = \"https://id.example\"\n[[api]]\nid = \"a1\"\nregion = \"eu\"\n{kind}\n"
    );
    Deployment::new(&Files::new([("bailiwick.toml", toml)])).unwrap_or_else(|error| panic!("{error}"))
}

const ARN: &str = "arn:aws:execute-api:eu:111122223333:a1/prod/GET/";

#[test]
fn size_and_depth_are_bounded() {
    let deep = format!(r#"{{"type": "TOKEN", "x": {}{}}}"#, "[".repeat(200_000), "]".repeat(200_000));
    let wide = format!(r#"{{"type": "TOKEN", "x": "{}"}}"#, "a".repeat(2 << 20));
    let long = format!(
        r#"{{"type": "TOKEN", "authorizationToken": "x", "methodArn": "{ARN}{}"}}"#,
        "a".repeat(1_600)
    );
    for (text, code) in [(deep, "E003"), (wide, "E002"), (long, "E328")] {
        assert_eq!(Event::parse(text.as_str()).unwrap_err().list[0].code.0, code);
    }
    let deployment = deployment("");
    let api = &deployment.apis[0];
    for text in [format!("[{}]", "9".repeat(9_000)), "[".repeat(5_000), "{\"a\":".repeat(1_000)] {
        assert!(Returned::parse(&deployment, api, text.as_str()).is_err());
    }
}

#[test]
fn many_headers_are_no_burden() {
    let headers: Vec<String> = (0..20_000).map(|i| format!(r#""h{i}": "x""#)).collect();
    let event = format!(
        r#"{{"type": "REQUEST", "methodArn": "{ARN}", "headers": {{{}, "Authorization": "Bearer t"}}}}"#,
        headers.join(", ")
    );
    let event = Event::parse(event.as_str()).unwrap();
    let deployment = deployment("");
    assert_eq!(Call::new(&deployment, &event).unwrap().token(), "t");
}

/// Of the shortened answer, under both profiles: what is long because it is repeated fits.
#[test]
fn size_is_that_of_the_answer() {
    let answer = |resources: usize, repeated: usize, profile: &str, limit: &str| {
        let each = |i: usize| format!(r#""arn:aws:execute-api:eu:111122223333:a1/prod/GET/{i:06}/*""#);
        let list: Vec<String> = (0..resources).map(each).collect();
        let statement = format!(
            r#"{{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": [{}]}}"#,
            list.join(", ")
        );
        let statements = vec![statement; repeated].join(", ");
        let policy = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let toml = format!(
            "profile = \"{profile}\"\naccount = \"111122223333\"\n[[issuer]]\nname = \"u\"\nissuer = \"https://id.example\"\n\
             [[group]]\nname = \"g\"\npolicies = \"g.json\"\n[[api]]\nid = \"a1\"\nregion = \"eu\"\n{limit}\n"
        );
        let files = Files::new([("bailiwick.toml", toml), ("g.json", policy)]);
        let deployment = Deployment::new(&files).unwrap_or_else(|error| panic!("{error}"));
        let event = format!(r#"{{"type": "TOKEN", "authorizationToken": "x", "methodArn": "{ARN}"}}"#);
        let event = Event::parse(event.as_str()).unwrap();
        let claims =
            Claims::parse(r#"{"iss": "https://id.example", "sub": "u-1", "groups": ["g"]}"#).unwrap();
        let principal =
            deployment.principal_from_claims(&claims, IdentityOptions::default()).unwrap().principal;
        let bearer = Bearer { claims: &claims, principal: &principal, until: 2, now: 1 };
        let answer = Call::new(&deployment, &event).unwrap().answer(&bearer);
        match answer {
            Ok(answer) => Ok(answer.json.to_string().len()),
            Err(Failed::Refused(refused)) => Err(refused.list[0].code.0),
            Err(Failed::Unauthorized(refused)) => panic!("{refused}"),
        }
    };
    assert!(answer(80, 1, "aws", "").is_ok_and(|length| length < 8_192));
    assert!(answer(80, 1, "strict", "").is_ok_and(|length| length < 8_192));
    assert!(answer(80, 30, "aws", "").is_ok_and(|length| length < 8_192));
    for (resources, limit, fits) in
        [(200, "", false), (200, "limit = 100000", true), (1, "limit = 10", false)]
    {
        let answer = answer(resources, 1, "aws", limit);
        assert_eq!(answer.is_ok(), fits, "{answer:?}");
        assert!(fits || answer == Err("E323"), "{answer:?}");
    }
}

/// Each case reads a deployment.
fn few() -> ProptestConfig {
    let config = ProptestConfig::default();
    let cases = u32::max(config.cases / 10, 100);
    ProptestConfig { cases, ..config }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn whatever_comes_as_an_event(text in ".{0,200}") {
        let _ = Event::parse(text.as_str());
        let quoted = format!("{text:?}");
        let event = format!(r#"{{"type": "REQUEST", "version": "2.0", "routeArn": "{ARN}", "routeKey": {quoted}, "headers": {{"authorization": {quoted}}}}}"#);
        if let Ok(event) = Event::parse(event.as_str()) {
            let _ = Call::new(&deployment("kind = \"http\"\nresponse = \"simple\""), &event);
        }
    }

    #[test]
    fn whatever_comes_as_an_answer(text in ".{0,200}", principal in any::<bool>()) {
        for kind in ["", "kind = \"http\"\nresponse = \"simple\""] {
            let deployment = deployment(kind);
            let method = MethodArn::parse(ARN).unwrap();
            let ask = Ask { method: &method, context: Vec::new() };
            let bare = Source::new("answer", &text);
            let outcome = decide(&deployment, &ask, Brings::Answer(&bare)).unwrap();
            prop_assert!(!outcome.verdict.is_allowed());
            let id = if principal { r#""principalId": "u","# } else { "" };
            let wrapped = format!(r#"{{{id} "policyDocument": {text:?}, "isAuthorized": {text:?}}}"#);
            let outcome = decide(&deployment, &ask, Brings::Answer(&Source::new("answer", &wrapped))).unwrap();
            prop_assert!(!outcome.verdict.is_allowed());
        }
    }

    #[test]
    fn whatever_comes_as_a_method(text in ".{0,80}") {
        for text in [text.clone(), format!("arn:aws:execute-api:{text}"), format!("{ARN}{text}")] {
            if let Ok(method) = MethodArn::parse(&text) {
                prop_assert_eq!(method.as_str(), text.as_str());
            }
        }
    }
}
