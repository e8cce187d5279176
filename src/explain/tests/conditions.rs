//! SEMANTICS D, as a Deny and as an Allow on the same condition.

use super::*;

/// How far the condition holds: `yes` opens an Allow and a Deny, `maybe` only a Deny, `no` neither.
fn truth(profile: Profile, principal: &Principal, condition: &str, context: Rows<'_>) -> &'static str {
    let statement = |effect: &str| {
        format!(r#"{{"Effect":"{effect}","Action":"*","Resource":"*","Condition":{{{condition}}}}}"#)
    };
    let world = |statements: &str| World { profile, ..World::default() }.identity(statements);
    let question = "s3:GetObject arn:aws:s3:::b/k";
    let allows = asked(&world(&statement("Allow")), principal, question, context).decision.is_allowed();
    let all = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let denied = world(&format!("{all},{}", statement("Deny")));
    let denies = !asked(&denied, principal, question, context).decision.is_allowed();
    match (allows, denies) {
        (true, true) => "yes",
        (false, true) => "maybe",
        (false, false) => "no",
        (true, false) => "an allow applied where a deny did not",
    }
}

fn text(value: &str) -> ContextValue<'static> {
    ContextValue::from(value.to_owned())
}

fn list(values: &[&str]) -> ContextValue<'static> {
    ContextValue::from(values.iter().map(|value| (*value).to_owned()).collect::<Vec<String>>())
}

#[test]
fn one_key() {
    let unknown = ContextValue::Unknown;
    // Condition; value of `k` (none: missing); under `aws`; under `strict`.
    let rows: &[(&str, Option<ContextValue<'static>>, &str, &str)] = &[
        (r#""StringNotEquals":{"k":["a","b"]}"#, Some(text("b")), "no", "no"),
        (r#""StringNotEquals":{"k":["a","b"]}"#, Some(text("c")), "yes", "yes"),
        (r#""StringNotEquals":{"k":["a","b"]}"#, None, "yes", "yes"),
        (r#""StringEquals":{"k":["a","b"]}"#, Some(text("b")), "yes", "yes"),
        (r#""StringEquals":{"k":"a"}"#, None, "no", "no"),
        (r#""StringEqualsIfExists":{"k":"a"}"#, None, "yes", "yes"),
        (r#""StringEqualsIfExists":{"k":"a"}"#, Some(text("b")), "no", "no"),
        (r#""StringNotEqualsIfExists":{"k":"a"}"#, None, "yes", "yes"),
        (r#""StringEquals":{"k":"a*"}"#, Some(text("abc")), "no", "no"),
        (r#""StringEquals":{"k":"a*"}"#, Some(text("a*")), "yes", "yes"),
        (r#""StringLike":{"k":"a?c"}"#, Some(text("a/c")), "yes", "yes"),
        (r#""StringLike":{"k":"a?c"}"#, Some(text("ac")), "no", "no"),
        (r#""StringLike":{"k":"a${*}c"}"#, Some(text("abc")), "no", "no"),
        (r#""StringLike":{"k":"a${*}c"}"#, Some(text("a*c")), "yes", "yes"),
        (r#""StringEquals":{"k":""}"#, None, "no", "no"),
        (r#""StringEquals":{"k":""}"#, Some(text("")), "yes", "yes"),
        (r#""StringEqualsIgnoreCase":{"k":"Abc"}"#, Some(text("aBC")), "yes", "yes"),
        (r#""StringEqualsIgnoreCase":{"k":"É"}"#, Some(text("é")), "no", "maybe"),
        (r#""NumericEquals":{"k":"10"}"#, Some(text("10.0")), "yes", "yes"),
        (r#""NumericEquals":{"k":"10"}"#, Some(text("10abc")), "no", "maybe"),
        (r#""NumericNotEquals":{"k":"10"}"#, Some(text("abc")), "no", "maybe"),
        (r#""NumericLessThan":{"k":"10"}"#, Some(text("9.99")), "yes", "yes"),
        (r#""NumericLessThanEquals":{"k":"10"}"#, Some(text("10")), "yes", "yes"),
        (r#""NumericGreaterThan":{"k":"10"}"#, Some(text("10")), "no", "no"),
        (r#""NumericGreaterThanEquals":{"k":["12","10"]}"#, Some(text("11")), "yes", "yes"),
        (r#""NumericEquals":{"k":9007199254740993}"#, Some(text("9007199254740992")), "no", "no"),
        (r#""DateLessThan":{"k":"1700000000"}"#, Some(text("2023-11-14T22:13:19Z")), "yes", "yes"),
        (
            r#""DateEquals":{"k":"2024-05-01T10:00:00Z"}"#,
            Some(text("2024-05-01T12:00:00+02:00")),
            "yes",
            "yes",
        ),
        (r#""DateGreaterThan":{"k":"2024-05-01T10:00:00Z"}"#, Some(text("soon")), "no", "maybe"),
        (r#""Bool":{"k":["true","false"]}"#, Some(text("yes")), "no", "maybe"),
        (r#""Bool":{"k":["true","false"]}"#, Some(text("TRUE")), "yes", "yes"),
        (r#""Bool":{"k":"true"}"#, Some(text("false")), "no", "no"),
        (r#""Bool":{"k":"true"}"#, None, "no", "no"),
        (r#""BoolIfExists":{"k":"true"}"#, None, "yes", "yes"),
        (r#""BinaryEquals":{"k":"QQ=="}"#, Some(text("QQ==")), "yes", "yes"),
        (r#""BinaryEquals":{"k":"QQ=="}"#, Some(text("Qg==")), "no", "no"),
        (r#""NotIpAddress":{"k":"203.0.113.0/24"}"#, Some(text("2001:db8::1")), "yes", "yes"),
        (r#""NotIpAddress":{"k":"203.0.113.0/24"}"#, None, "yes", "yes"),
        (
            r#""NotIpAddress":{"k":["203.0.113.0/24","198.51.100.0/24"]}"#,
            Some(text("203.0.113.9")),
            "no",
            "no",
        ),
        (r#""NotIpAddress":{"k":"203.0.113.0/24"}"#, Some(text("here")), "no", "maybe"),
        (r#""IpAddress":{"k":"2001:DB8::1"}"#, Some(text("2001:db8:0:0:0:0:0:1")), "yes", "yes"),
        (
            r#""ArnLike":{"k":"arn:aws:x:*:111122223333:finance/*"}"#,
            Some(text("arn:aws:x:us-east-2:999999999999:store/abc:111122223333:finance/d")),
            "no",
            "no",
        ),
        (
            r#""StringLike":{"k":"arn:aws:x:*:111122223333:finance/*"}"#,
            Some(text("arn:aws:x:us-east-2:999999999999:store/abc:111122223333:finance/d")),
            "yes",
            "yes",
        ),
        (r#""ArnEquals":{"k":"arn:aws:iam::1:role/*"}"#, Some(text("arn:aws:iam::1:role/r")), "yes", "yes"),
        (r#""ArnNotLike":{"k":"arn:aws:iam::1:role/*"}"#, Some(text("role")), "no", "maybe"),
        (r#""ArnNotLike":{"k":"arn:aws:iam::1:role/*"}"#, None, "yes", "yes"),
        (r#""Null":{"k":"true"}"#, None, "yes", "yes"),
        (r#""Null":{"k":"true"}"#, Some(text("")), "no", "no"),
        (r#""Null":{"k":"false"}"#, Some(list(&[])), "no", "no"),
        (r#""Null":{"k":["true","false"]}"#, Some(text("a")), "yes", "yes"),
        // Several values under a key without a set prefix (D7, X18).
        (r#""StringEquals":{"k":"a"}"#, Some(list(&["a"])), "no", "maybe"),
        (r#""StringNotEquals":{"k":"b"}"#, Some(list(&["a"])), "no", "maybe"),
        (r#""ForAnyValue:StringNotEquals":{"k":["a","b"]}"#, Some(list(&["a", "c"])), "yes", "yes"),
        (r#""ForAnyValue:StringNotEquals":{"k":["a","b"]}"#, Some(list(&["a", "b"])), "no", "no"),
        (r#""ForAnyValue:StringNotEquals":{"k":["a","b"]}"#, None, "no", "no"),
        (r#""ForAllValues:StringNotEquals":{"k":["a"]}"#, Some(list(&["a", "c"])), "no", "no"),
        (r#""ForAllValues:StringNotEquals":{"k":["a"]}"#, Some(list(&["c"])), "yes", "yes"),
        (r#""ForAllValues:StringNotEquals":{"k":["a"]}"#, None, "yes", "yes"),
        (r#""ForAnyValue:StringEqualsIfExists":{"k":"a"}"#, None, "no", "no"),
        (r#""ForAllValues:StringEquals":{"k":"a"}"#, Some(list(&[""])), "yes", "maybe"),
        // Not delivered, and given twice (G16, D18).
        (r#""StringEquals":{"k":"a"}"#, Some(unknown.clone()), "maybe", "maybe"),
        (r#""StringNotEquals":{"k":"a"}"#, Some(unknown.clone()), "maybe", "maybe"),
        (r#""ForAllValues:StringEquals":{"k":"a"}"#, Some(unknown.clone()), "maybe", "maybe"),
        (r#""Null":{"k":"true"}"#, Some(unknown), "maybe", "maybe"),
        (r#""StringNotEquals":{"k":"a"}"#, Some(ContextValue::Ambiguous), "no", "maybe"),
        (r#""Null":{"k":"false"}"#, Some(ContextValue::Ambiguous), "yes", "yes"),
        // All keys and all operators must hold (D1).
        (r#""StringEquals":{"k":"a","j":"b"}"#, Some(text("a")), "no", "no"),
        (r#""NumericGreaterThan":{"k":"5"},"NumericLessThan":{"k":"10"}"#, Some(text("6")), "yes", "yes"),
        (r#""NumericGreaterThan":{"k":"5"},"NumericLessThan":{"k":"10"}"#, Some(text("10")), "no", "no"),
    ];
    for (condition, value, aws, strict) in rows {
        let context: Vec<_> = value.iter().map(|value| ("k", value.clone())).collect();
        for (profile, expected) in [(Profile::Aws, aws), (Profile::Strict, strict)] {
            let got = truth(profile, &user(), condition, &context);
            assert_eq!(got, *expected, "{condition} with {value:?} under {}", profile.name());
        }
    }
}

#[test]
fn keys_of_the_caller() {
    let tagged = user().with_tag("a/b", "1").with_tag("team", "red").with_tag("empty", "");
    let session = role_session(Some("app/r")).with("aws:TokenIssueTime", "2024-01-01T00:00:00Z".to_owned());
    let rows: &[(&Principal, &str, &str)] = &[
        (&tagged, r#""StringNotEquals":{"aws:PrincipalTag/role":"guest"}"#, "yes"),
        (&tagged, r#""StringEquals":{"AWS:principaltag/TEAM":"red"}"#, "yes"),
        (&tagged, r#""StringEquals":{"aws:PrincipalTag/team":"Red"}"#, "no"),
        (&tagged, r#""StringEquals":{"aws:PrincipalTag/a/b":"1"}"#, "yes"),
        (&tagged, r#""StringEquals":{"aws:username":"alice"}"#, "yes"),
        (&tagged, r#""StringEquals":{"aws:PrincipalAccount":"111122223333"}"#, "yes"),
        (&tagged, r#""Null":{"aws:TokenIssueTime":"true"}"#, "yes"),
        (&session, r#""Null":{"aws:TokenIssueTime":"true"}"#, "no"),
        (&session, r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app/r"}"#, "yes"),
        (&session, r#""ArnLike":{"aws:PrincipalArn":"arn:aws:sts::111122223333:assumed-role/r/*"}"#, "no"),
        (&session, r#""Null":{"aws:username":"true"}"#, "yes"),
        (&tagged, r#""Bool":{"aws:MultiFactorAuthPresent":"false"}"#, "no"),
        (&tagged, r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}"#, "yes"),
    ];
    for (principal, condition, expected) in rows {
        assert_eq!(truth(Profile::Aws, principal, condition, &[]), *expected, "{condition}");
    }
}

#[test]
fn variables() {
    let tagged = user().with_tag("n", "none").with_tag("empty", "").with_tag("star", "*");
    let mut unknown = user();
    unknown.context.replace("aws:PrincipalTag/u", ContextValue::Unknown);
    // Condition; value of `k`; under `aws`; under `strict`.
    let rows: &[(&str, &str, &str, &str)] = &[
        (r#""StringEquals":{"k":"${aws:PrincipalTag/n}"}"#, "none", "yes", "yes"),
        (r#""StringEquals":{"k":["${aws:PrincipalTag/gone}","a"]}"#, "a", "yes", "yes"),
        (r#""StringEquals":{"k":"${aws:PrincipalTag/gone}"}"#, "a", "no", "no"),
        (r#""StringNotEquals":{"k":"${aws:PrincipalTag/gone}"}"#, "a", "yes", "maybe"),
        (r#""StringNotEquals":{"k":["${aws:PrincipalTag/gone}","a"]}"#, "a", "no", "maybe"),
        (r#""StringEquals":{"k":"${aws:PrincipalTag/gone, 'a'}"}"#, "a", "yes", "yes"),
        (r#""StringEquals":{"k":"${aws:PrincipalTag/empty, 'a'}"}"#, "a", "yes", "yes"),
        (r#""StringLike":{"k":"${aws:PrincipalTag/empty}*"}"#, "secret", "no", "no"),
        (r#""StringLike":{"k":"${aws:PrincipalTag/star}"}"#, "x", "no", "no"),
        (r#""StringLike":{"k":"${aws:PrincipalTag/star}"}"#, "*", "yes", "yes"),
        (r#""StringLike":{"k":"${aws:PrincipalTag/gone, 'a*'}"}"#, "ab", "no", "no"),
        (r#""StringEquals":{"k":"${AWS:UserName}"}"#, "alice", "yes", "yes"),
        (r#""ArnLike":{"k":"arn:aws:s3:::${aws:username}/*"}"#, "arn:aws:s3:::alice/x", "yes", "yes"),
        (
            r#""ArnNotLike":{"k":"arn:aws:s3:::${aws:PrincipalTag/gone}/*"}"#,
            "arn:aws:s3:::a/x",
            "yes",
            "maybe",
        ),
    ];
    for (condition, value, aws, strict) in rows {
        for (profile, expected) in [(Profile::Aws, aws), (Profile::Strict, strict)] {
            let got = truth(profile, &tagged, condition, &[("k", text(value))]);
            assert_eq!(got, *expected, "{condition} with {value} under {}", profile.name());
        }
    }
    let undelivered = r#""StringEquals":{"k":"${aws:PrincipalTag/u}"}"#;
    assert_eq!(truth(Profile::Aws, &unknown, undelivered, &[("k", text("a"))]), "maybe");
    let several = r#""StringEquals":{"k":"${j, 'a'}"}"#;
    assert_eq!(truth(Profile::Aws, &user(), several, &[("k", text("a")), ("j", list(&["a"]))]), "no");
}
