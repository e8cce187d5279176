//! Every refusal by rule, as rows: kind and profile, a text, the codes in order of place.

mod grammar;
mod print;

use super::{Kind, Options, parse};
use crate::value::Profile::{Aws, Strict};
use crate::value::{Arity, KeyTable, Owner, Profile};
use Kind::{
    Api, Authorizer, Boundary, Endpoint, Identity, KmsKey, Resource, ResourceControl, ServiceControl,
    Session, Trust,
};

fn codes(kind: Kind, profile: Profile, text: &str) -> String {
    let mut keys = KeyTable::default();
    keys.declare("own:many", Arity::Many, Owner::Request);
    let options = Options { kind, profile, keys: keys.into(), ..Options::default() };
    match parse(text, &options) {
        Ok(_) => String::new(),
        Err(refused) => refused.list.iter().map(|one| one.code.0).collect::<Vec<_>>().join(" "),
    }
}

#[track_caller]
fn check(kind: Kind, profile: Profile, text: &str, expected: &str) {
    assert_eq!(codes(kind, profile, text), expected, "{kind:?} {profile:?} {text}");
}

/// Rows of documents; `both` profiles.
#[track_caller]
fn documents(kind: Kind, rows: &[(&str, &str, &str)]) {
    for (text, aws, strict) in rows {
        check(kind, Aws, text, aws);
        check(kind, Strict, text, strict);
    }
}

/// Rows of the members of one statement.
#[track_caller]
fn statements(kind: Kind, rows: &[(&str, &str, &str)]) {
    for (members, aws, strict) in rows {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":{{{members}}}}}"#);
        check(kind, Aws, &text, aws);
        check(kind, Strict, &text, strict);
    }
}

/// Rows of the condition block of an otherwise good statement.
#[track_caller]
fn conditions(rows: &[(&str, &str, &str)]) {
    for (block, aws, strict) in rows {
        let members = format!(r#""Effect":"Allow","Action":"*","Resource":"*","Condition":{block}"#);
        statements(Identity, &[(&members, aws, strict)]);
    }
}

/// Rows of one `Resource` text.
#[track_caller]
fn resources(kind: Kind, rows: &[(&str, &str, &str)]) {
    for (resource, aws, strict) in rows {
        let members = format!(r#""Effect":"Allow","Action":"*","Resource":"{resource}""#);
        statements(kind, &[(&members, aws, strict)]);
    }
}

/// Rows of one `Principal` element.
#[track_caller]
fn principals(kind: Kind, rows: &[(&str, &str, &str)]) {
    for (principal, aws, strict) in rows {
        let members = format!(r#""Effect":"Allow","Action":"sts:AssumeRole",{principal}"#);
        statements(kind, &[(&members, aws, strict)]);
    }
}

const GOOD: &str = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#;

#[test]
fn top_level() {
    let with = |rest: &str| format!(r#"{{{rest}"Statement":{GOOD}}}"#);
    documents(
        Identity,
        &[
            (&with(""), "", ""),
            (&with(r#""Version":"2012-10-17","#), "", ""),
            (&with(r#""Version":"2008-10-17","#), "", ""),
            (&with(r#""Version":"2012-10-18","#), "E015", "E015"),
            (&with(r#""Version":20121017,"#), "E014", "E014"),
            (&with(r#""Version":null,"#), "E014", "E014"),
            (&with(r#""version":"2012-10-17","#), "E011", "E011"),
            (&with(r#""Id":"x","#), "", "E018"),
            (&with(r#""Id":{},"#), "E014", "E018"),
            (&with(r#""Statement":[],"#), "E012", "E012"),
            (&with(r#""Comment":"x","#), "E011", "E011"),
            ("[]", "E010", "E010"),
            ("null", "E010", "E010"),
            ("\"x\"", "E010", "E010"),
            ("{}", "E016", "E016"),
            (r#"{"version":"2012-10-17","Statement":[]}"#, "E011", "E011 E023"),
            (r#"{"Statement":[]}"#, "", "E023"),
            (r#"{"Statement":"x"}"#, "E014", "E014"),
            (r#"{"Statement":["x"]}"#, "E014", "E014"),
            (r#"{"Statement":[[]]}"#, "E014", "E014"),
            (r#"{"Statement":{}}"#, "E016 E016 E016", "E016 E016 E016"),
            (r#"{"Statement":null}"#, "E014", "E014"),
        ],
    );
}

#[test]
fn quiz_grammar() {
    // SEMANTICS J.1, in its order; what only matching can tell is in fixtures/spec.
    let all = r#""Action":"*","Resource":"*""#;
    statements(
        Identity,
        &[
            (&format!(r#""Effect":"allow",{all}"#), "E019", "E019"),
            (&format!(r#""Effect":"Allow","NotAction":"s3:*",{all}"#), "E017", "E017"),
            (&format!(r#""Effect":"Allow",{all},"Condition":{{}},"Condition":{{}}"#), "E012", "E012"),
            (
                &format!(
                    r#""Effect":"Allow",{all},"Condition":{{"StringEquals":{{"aws:PrincipalTag/a":"1","AWS:principaltag/A":"2"}}}}"#
                ),
                "E012",
                "E012",
            ),
            (&format!(r#""Effect":"Allow","Principal":"*",{all}"#), "E018", "E018"),
            (&format!(r#""Effect":"Allow","Sid":"my stmt",{all}"#), "E021", "E021"),
            (
                &format!(r#""Effect":"Allow",{all},"Condition":{{"Bool":{{"aws:SecureTransport":false}}}}"#),
                "",
                "",
            ),
            (r#""Effect":"Deny","Action":[],"Resource":"*""#, "", ""),
            (
                &format!(r#""Effect":"Allow",{all},"Condition":{{"StringEqual":{{"a:b":"c"}}}}"#),
                "E013",
                "E013",
            ),
            (
                &format!(r#""Effect":"Allow",{all},"Condition":{{"NullIfExists":{{"a:b":"true"}}}}"#),
                "E044",
                "E044",
            ),
            (&format!(r#""Effect":"Allow",{all},"Condition":{{"Null":{{"a:b":true}}}}"#), "", ""),
        ],
    );
    statements(
        Resource,
        &[
            (&format!(r#""Effect":"Allow","Principal":"*","Sid":"my stmt",{all}"#), "", ""),
            (
                &format!(
                    r#""Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::111122223333:user/*"}},{all}"#
                ),
                "E031",
                "E031",
            ),
        ],
    );
    statements(Trust, &[(&format!(r#""Effect":"Allow","Principal":"*",{all}"#), "E018", "E018")]);
    let s3 = r#""Principal":"*","Action":"s3:*","Resource":"*""#;
    statements(
        ResourceControl,
        &[
            (&format!(r#""Effect":"Allow",{s3}"#), "E020", "E020"),
            (&format!(r#""Effect":"Deny",{s3}"#), "", ""),
            (&format!(r#""Effect":"Deny","Principal":"*",{all}"#), "E025", "E025"),
        ],
    );
    documents(ResourceControl, &[(&format!(r#"{{"Statement":{{"Effect":"Deny",{s3}}}}}"#), "E016", "E016")]);
    let instance = r#""Effect":"Allow","Action":"ec2:*","Resource":"arn:aws:ec2:*:*:instance/*","Condition":{"StringEquals":{"a:b":"c"}}"#;
    statements(ServiceControl, &[(instance, "", "")]);
}

#[test]
fn elements_by_kind() {
    // SEMANTICS A.3: what each kind says of Id, Principal, NotPrincipal with Deny, no Resource, no Principal.
    let rows: [(Kind, [&str; 5]); 11] = [
        (Identity, ["", "E018", "E018", "E016", ""]),
        (Boundary, ["", "E018", "E018", "E016", ""]),
        (Session, ["", "E018", "E018", "E016", ""]),
        (ServiceControl, ["", "E018", "E018", "E016", ""]),
        (Authorizer, ["E018", "E018", "E018", "E016", ""]),
        (Resource, ["", "", "", "", ""]),
        (KmsKey, ["", "", "", "", ""]),
        (Api, ["", "", "", "", ""]),
        (Endpoint, ["", "", "", "E016", ""]),
        (ResourceControl, ["E018", "", "E018", "E016", "E016"]),
        (Trust, ["", "", "E018", "", "E016"]),
    ];
    for (kind, expected) in rows {
        let principal = match kind {
            Identity | Boundary | Session | ServiceControl | Authorizer => "",
            _ => r#""Principal":"*","#,
        };
        let resource = if kind == Trust { "" } else { r#","Resource":"*""# };
        let rest = r#""Effect":"Deny","Action":"sts:AssumeRole""#;
        let texts = [
            format!(r#"{{"Version":"2012-10-17","Id":"x","Statement":{{{principal}{rest}{resource}}}}}"#),
            format!(r#"{{"Version":"2012-10-17","Statement":{{"Principal":"*",{rest}{resource}}}}}"#),
            format!(r#"{{"Version":"2012-10-17","Statement":{{"NotPrincipal":"*",{rest}{resource}}}}}"#),
            format!(r#"{{"Version":"2012-10-17","Statement":{{{principal}{rest}}}}}"#),
            format!(r#"{{"Version":"2012-10-17","Statement":{{{rest}{resource}}}}}"#),
        ];
        for (text, expected) in texts.iter().zip(expected) {
            check(kind, Aws, text, expected);
        }
    }
    let default = r#""Effect":"Allow","Action":"*","Resource":"*""#;
    statements(
        ResourceControl,
        &[
            (default, "", ""),
            (&format!(r#"{default},"Principal":"*""#), "", ""),
            (&format!(r#"{default},"Condition":{{}}"#), "E016 E020 E025", "E016 E020 E025"),
            (
                r#""Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*""#,
                "E033",
                "E033",
            ),
            (r#""Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:*","Resource":"*""#, "", ""),
            (r#""Effect":"Deny","Principal":"*","NotAction":"s3:*","Resource":"*""#, "E018", "E018"),
        ],
    );
    for kind in [Resource, KmsKey, Api, Endpoint] {
        let rest = r#""Action":"a:b","Resource":"*""#;
        statements(
            kind,
            &[
                (&format!(r#""Effect":"Allow","NotPrincipal":"*",{rest}"#), "E034", "E034"),
                (&format!(r#""Effect":"Deny","NotPrincipal":{{}},{rest}"#), "E028", "E028"),
                (&format!(r#""Effect":"Deny","Principal":{{}},{rest}"#), "", ""),
            ],
        );
    }
}

#[test]
fn statement_elements() {
    let rest = r#""Action":"a:b","Resource":"*""#;
    statements(
        Identity,
        &[
            (&format!(r#""Effect":"ALLOW",{rest}"#), "E019", "E019"),
            (&format!(r#""Effect":" Deny",{rest}"#), "E019", "E019"),
            (&format!(r#""Effect":true,{rest}"#), "E014", "E014"),
            (&format!(r#""Effect":"Deny","Sid":null,{rest}"#), "E014", "E014"),
            (&format!(r#""Effect":"Deny","Sid":"",{rest}"#), "", ""),
            (&format!(r#""Effect":"Deny","effect":"Deny",{rest}"#), "E011", "E011"),
            (&format!(r#""Effect":"Deny","Effect":"Deny",{rest}"#), "E012", "E012"),
            (r#""Effect":"Deny","Action":"a:b","Resource":"*","NotResource":"*""#, "E017", "E017"),
            (r#""Effect":"Deny","NotAction":[],"Resource":"*""#, "E028", "E028"),
            (r#""Effect":"Deny","Action":"a:b","NotResource":[]"#, "E028", "E028"),
            (r#""Effect":"Deny","Action":"a:b","Resource":[]"#, "", ""),
            (r#""Effect":"Deny","Action":["a:b",1],"Resource":["*",[]]"#, "E014 E014", "E014 E014"),
            (r#""Effect":"Deny","Action":{},"Resource":null"#, "E014 E014", "E014 E014"),
            (r#""Effect":"Deny","Resource":"*""#, "E016", "E016"),
        ],
    );
    let twice = |sid: &str| {
        let one = format!(r#"{{"Sid":"{sid}","Effect":"Allow","Action":"sts:*"}}"#);
        format!(r#"{{"Version":"2012-10-17","Statement":[{one},{one}]}}"#)
    };
    documents(Resource, &[(&twice("a"), "", "")]);
    let with = |text: String, more: &str| text.replace(r#""sts:*""#, &format!(r#""sts:*",{more}"#));
    documents(
        Identity,
        &[
            (&with(twice("a"), r#""Resource":"*""#), "E022", "E022"),
            (&with(twice(""), r#""Resource":"*""#), "", ""),
        ],
    );
    documents(
        Trust,
        &[
            (&with(twice("a"), r#""Principal":"*""#), "E022", "E022"),
            (&with(twice("a b"), r#""Principal":"*""#), "E022", "E021 E021"),
        ],
    );
}

#[test]
fn actions() {
    let rows = [
        ("*", ""),
        ("s3:*", ""),
        ("S3:getobject", ""),
        ("*:Get*", ""),
        ("s3:", ""),
        ("s3:Get Object,Put", ""),
        ("s3", "E024"),
        ("", "E024"),
        ("**", "E024"),
        (":Get", "E024"),
        ("s 3:Get", "E024"),
        ("s3:Get:Object", "E024"),
        ("s3:${x}", "E039"),
    ];
    for (action, expected) in rows {
        for version in ["2008-10-17", "2012-10-17"] {
            let text = format!(
                r#"{{"Version":"{version}","Statement":{{"Effect":"Allow","Action":"{action}","Resource":"*"}}}}"#
            );
            check(Identity, Aws, &text, expected);
            check(Identity, Strict, &text, expected);
        }
    }
}

#[test]
fn resource_texts() {
    resources(
        Identity,
        &[
            ("*", "", ""),
            ("**", "E026", "E026"),
            ("", "E026", "E026"),
            ("bucket", "E026", "E026"),
            ("aws:s3:::b", "E026", "E026"),
            ("ARN:aws:s3:::b", "E026", "E026"),
            ("execute-api:/prod/GET/x", "E026", "E026"),
            ("arn:aws:s3:::b/${aws:username}/*", "", ""),
            ("arn:aws:s3:::b/${*}${?}${$}{x}", "", ""),
            ("arn:aws:s3:::b/${aws:username", "E035", "E035"),
            ("arn:aws:s3:::b/${}", "E036", "E036"),
            ("arn:aws:s3:::b/${, 'x'}", "E036", "E036"),
            ("arn:aws:s3:::b/${aws: username}", "E037", "E037"),
            ("arn:aws:s3:::b/${aws:PrincipalTag/my tag}", "", ""),
            ("arn:aws:s3:::b/${aws:PrincipalTag/${x}}", "E037", "E037"),
            ("arn:aws:s3:::b/${aws:PrincipalTag/t, 'a b*'}", "", ""),
            ("arn:aws:s3:::b/${aws:PrincipalTag/t, ''}", "", ""),
            ("arn:aws:s3:::b/${aws:PrincipalTag/t,'a'}", "E038", "E038"),
            ("arn:aws:s3:::b/${aws:PrincipalTag/t, a}", "E038", "E038"),
            ("arn:aws:s3:::b/${aws:PrincipalTag/t, 'a'b'}", "E038", "E038"),
            ("arn:aws:s3:::b/${aws:PrincipalTag/t, 'a}", "E038", "E038"),
            ("arn:aws:s3:::b/$x}{", "", ""),
            ("arn:aws:s3:::b/${aws:TagKeys}", "E040", "E040"),
            ("arn:aws:s3:::b/${own:many}", "E040", "E040"),
            ("arn:aws:s3:${aws:RequestedRegion}::b", "E039", "E039"),
            ("arn:aws:kms:*:${aws:PrincipalAccount}:key/*", "", "E039"),
        ],
    );
    for (kind, aws, strict) in [
        (Identity, "", ""),
        (Boundary, "", "E027"),
        (Session, "E027", "E027"),
        (ServiceControl, "E027", "E027"),
        (Authorizer, "", "E027"),
        (Resource, "", "E027"),
        (Endpoint, "", "E027"),
    ] {
        resources(kind, &[("arn:aws:sqs", aws, strict)]);
    }
    resources(Api, &[("execute-api:/prod/GET/x", "", "")]);
    // Before 2012 variables are text (SEMANTICS A5, X1).
    let old = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws"}}"#;
    documents(Identity, &[(old, "", "E041")]);
}

#[test]
fn principal_texts() {
    principals(
        Trust,
        &[
            (r#""Principal":"*""#, "", ""),
            (r#""Principal":{}"#, "", ""),
            (r#""Principal":{"AWS":[]}"#, "", ""),
            (r#""Principal":[]"#, "E014", "E014"),
            (r#""Principal":"arn:aws:iam::111122223333:root""#, "E030", "E030"),
            (r#""Principal":{"aws":"*"}"#, "E029", "E029"),
            (r#""Principal":{"AWS":"*","AWS":"*"}"#, "E012", "E012"),
            (r#""Principal":{"AWS":null}"#, "E014", "E014"),
            (r#""Principal":{"AWS":[1]}"#, "E014", "E014"),
            (
                r#""Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:role/a/b","AIDAEXAMPLE"]}"#,
                "",
                "",
            ),
            (r#""Principal":{"AWS":"arn:aws:iam::111122223333:group/g"}"#, "E032", "E032"),
            (r#""Principal":{"AWS":"arn:aws:iam::111122223333:instance-profile/g"}"#, "", ""),
            (r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/*"}"#, "E031", "E031"),
            (r#""Principal":{"AWS":"alice"}"#, "E030", "E030"),
            (r#""Principal":{"AWS":"arn:aws:iam"}"#, "E030", "E030"),
            (r#""Principal":{"AWS":"arn:aws:iam::1:user/${aws:username}"}"#, "E039", "E039"),
            (r#""Principal":{"Service":"ec2.amazonaws.com"}"#, "", ""),
            (r#""Principal":{"Service":"*"}"#, "E031", "E031"),
            (r#""Principal":{"Service":"ec2"}"#, "E030", "E030"),
            (r#""Principal":{"Federated":"cognito-identity.amazonaws.com"}"#, "", "E051"),
            (r#""Principal":{"Federated":"idp.example.com"}"#, "", ""),
            (r#""Principal":{"Federated":"*"}"#, "E031", "E031"),
            (r#""Principal":{"CanonicalUser":"abc"}"#, "E030", "E030"),
        ],
    );
    principals(Resource, &[(r#""Principal":{"Federated":"accounts.google.com"}"#, "", "E033")]);
}

/// SEMANTICS G9, G22.
#[test]
fn shared_issuers() {
    let github = "token.actions.githubusercontent.com";
    let trust = |provider: &str, block: &str| {
        format!(r#""Principal":{{"Federated":"{provider}"}},"Condition":{{{block}}}"#)
    };
    let aud = format!(r#""StringEquals":{{"{github}:AUD":"sts"}}"#);
    let arn = format!("arn:aws:iam::111122223333:oidc-provider/{github}");
    principals(
        Trust,
        &[
            (&trust(github, ""), "", "E051"),
            (&trust(&arn, ""), "", "E051"),
            (&trust(&arn, &aud), "", ""),
            (&trust(&arn, &aud.replace("Equals", "EqualsIfExists")), "", "E051"),
            (&trust(&arn, &aud.replace("Equals", "NotEquals")), "", "E051"),
            (&trust(&arn, &aud.replace("StringEquals", "ForAllValues:StringEquals")), "", "E051"),
            (&trust(&arn, &format!(r#""StringLike":{{"{github}:sub":["repo:a/b:*","*"]}}"#)), "", "E051"),
            (&trust(&arn, &format!(r#""StringLike":{{"{github}:sub":"repo:a/b:*"}}"#)), "", ""),
            (&trust(&format!("{arn}.example.com"), ""), "", ""),
        ],
    );
}

#[test]
fn condition_blocks() {
    conditions(&[
        ("{}", "", ""),
        ("[]", "E014", "E014"),
        ("null", "E014", "E014"),
        (r#"{"StringEquals":{}}"#, "", ""),
        (r#"{"StringEquals":"a"}"#, "E014", "E014"),
        (r#"{"StringEquals":{"a:b":[]}}"#, "", "E046"),
        (r#"{"StringEquals":{"":"x"}}"#, "E047", "E047"),
        (r#"{"":{"a:b":"x"}}"#, "E013", "E013"),
        (r#"{"StringEquals":{"a:b":["x",1,true]}}"#, "", ""),
        (r#"{"StringEquals":{"a:b":[["x"]]}}"#, "E014", "E014"),
        (r#"{"StringEquals":{"a:b":null}}"#, "E014", "E014"),
        (r#"{"StringEquals":{"a:b":{}}}"#, "E014", "E014"),
        (r#"{"StringEquals":{"a:b":"x"},"stringequals":{"a:c":"x"}}"#, "E012", "E012"),
        (r#"{"foranyvalue:STRINGLIKEifexists":{"a:b":"x"}}"#, "", ""),
        (r#"{"ForAnyValues:StringLike":{"a:b":"x"}}"#, "E013", "E013"),
        (r#"{"ForAnyValue::StringLike":{"a:b":"x"}}"#, "E013", "E013"),
        (r#"{"IfExistsStringLike":{"a:b":"x"}}"#, "E013", "E013"),
        (r#"{"BinaryNotEquals":{"a:b":"QQ=="}}"#, "E013", "E013"),
        (r#"{"ForAllValues:Null":{"a:b":"true"}}"#, "", "E045"),
        (r#"{"Null":{"a:b":"yes"}}"#, "", "E042"),
        (r#"{"Bool":{"a:b":["TRUE",false]}}"#, "", ""),
        (r#"{"Bool":{"a:b":"yes"}}"#, "", "E042"),
        (r#"{"Bool":{"a:b":"${aws:MultiFactorAuthPresent}"}}"#, "", "E039"),
        (r#"{"NumericEquals":{"a:b":[1e3,"10"]}}"#, "", ""),
        (r#"{"NumericEquals":{"a:b":"10abc"}}"#, "", "E042"),
        (r#"{"NumericEquals":{"a:b":"${aws:PrincipalTag/n}"}}"#, "E039", "E039"),
        (r#"{"DateLessThan":{"a:b":"2024-05-01T10:00:00Z"}}"#, "", ""),
        (r#"{"DateLessThan":{"a:b":"soon"}}"#, "", "E042"),
        (r#"{"IpAddress":{"a:b":"203.0.113.0/24"}}"#, "", ""),
        (r#"{"IpAddress":{"a:b":"203.0.113"}}"#, "", "E042"),
        (r#"{"BinaryEquals":{"a:b":"QQ=="}}"#, "", ""),
        (r#"{"BinaryEquals":{"a:b":"Q"}}"#, "E042", "E042"),
        (r#"{"ArnLike":{"a:b":"arn:aws:s3:::${aws:username}"}}"#, "", ""),
        (r#"{"ArnLike":{"a:b":"*"}}"#, "", "E042"),
        (r#"{"StringEquals":{"a:b":"${aws:TagKeys}"}}"#, "E040", "E040"),
        (r#"{"StringEquals":{"aws:PrincipalTag/${k}":"v"}}"#, "", ""),
        (r#"{"StringEquals":{"aws:TagKeys":"v"}}"#, "", "E043"),
        (r#"{"StringEquals":{"own:many":"v"}}"#, "", "E043"),
        (r#"{"Null":{"aws:TagKeys":"true"}}"#, "", ""),
        (r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"v"}}"#, "", ""),
    ]);
}

#[test]
fn bounds() {
    let stars = format!("arn:aws:s3:::{}", "a*".repeat(65));
    resources(Identity, &[(&stars, "E049", "E049"), (&stars.replacen("a*", "", 1), "", "")]);
    let many = format!(r#"{{"Statement":[{}]}}"#, vec![GOOD; 10_001].join(","));
    check(Identity, Aws, &many, "E049");
    let long = format!(r#"{{"Statement":{}}}"#, GOOD.replace("s3:*", &format!("s3:{}", "x".repeat(6_200))));
    documents(Identity, &[(&long, "", "E048")]);
    let blank = GOOD.replace(',', &format!(",{}", " ".repeat(7_000)));
    documents(Identity, &[(&format!(r#"{{"Statement":{blank}}}"#), "", "")]);
    documents(ServiceControl, &[(&format!(r#"{{"Statement":{blank}}}"#), "", "E048")]);
    let snowman = GOOD.replace("s3:*", "s3:\u{2603}");
    documents(Identity, &[(&format!(r#"{{"Statement":{snowman}}}"#), "", "E050")]);
    documents(Endpoint, &[(&format!(r#"{{"Statement":{snowman}}}"#), "", "")]);
    let resource = format!("arn:aws:execute-api:r:1:{}", "a".repeat(512));
    resources(Authorizer, &[(&resource, "", "E048")]);
}

#[test]
fn hostile_texts() {
    let deep = format!(r#"{{"Statement":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let large = format!(r#"{{"Statement":"{}"}}"#, "x".repeat(10 << 20));
    let nul = "{\"Statement\":\"\0\"}";
    for text in [deep.as_str(), &large, nul, "", "{", "\u{feff}{}", "{}{}", "\u{0}"] {
        let codes = codes(Identity, Aws, text);
        assert!(codes.starts_with("E00"), "{codes} for {text:.40}");
    }
}

#[test]
fn every_error_at_once() {
    let text = r#"{
        "Version": "2012-10-17",
        "Statment": [],
        "Statement": [
            {"Effect": "Allow", "Action": ["s3", "s3:a:b"], "Resource": ["b", "arn:aws:s3:::${"],
             "Condition": {"StringEqual": {"a": 1, "A": null}, "NullIfExists": {"": {}}}},
            {"Efect": "Deny", "Principal": "*"}
        ]
    }"#;
    let expected = "E011 E024 E024 E026 E035 E013 E012 E044 E016 E016 E016 E011 E018";
    check(Identity, Aws, text, expected);
}
