//! Corner cases as rows: a statement, and the codes that it gets without a catalogue. The pages of `docs/codes` hold
//! one plain case of each lint; `crates/catalog/tests` runs them, and the lints that need a catalogue.

use super::*;
use crate::ast::{Kind, Options, parse};
use crate::value::{Arity, Owner};

/// Reads a statement as a document of the kind and gives the codes of its lints.
fn codes(kind: Kind, statement: &str) -> Vec<&'static str> {
    document_codes(kind, &format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#))
}

fn document_codes(kind: Kind, text: &str) -> Vec<&'static str> {
    let mut keys = KeyTable::default();
    keys.declare("shop:groups", Arity::Many, Owner::Request);
    let keys = Arc::new(keys);
    let document = parse(text, &Options { kind, keys: Arc::clone(&keys), ..Options::default() });
    let document = document.unwrap_or_else(|refused| panic!("{refused}\n{text}"));
    let writable = vec![KeyName::new("aws:PrincipalTag/nick")];
    check(&document, &CheckOptions { keys, writable, ..CheckOptions::default() })
        .iter()
        .map(|finding| finding.code.0)
        .collect()
}

fn rows(kind: Kind, rows: &[(&str, &[&str])]) {
    for (statement, expected) in rows {
        assert_eq!(codes(kind, statement), *expected, "{kind:?}: {statement}");
    }
}

/// Statements that differ in their condition only.
fn conditions(effect: &str, rows: &[(&str, &[&str])]) {
    for (condition, expected) in rows {
        let statement = format!(
            r#"{{"Effect": "{effect}", "Action": "a:B", "Resource": "*", "Condition": {condition}}}"#
        );
        assert_eq!(codes(Kind::Identity, &statement), *expected, "{effect} {condition}");
    }
}

#[test]
fn codes_count_up() {
    for (number, lint) in (1..).zip(LINTS) {
        assert_eq!(lint.code.0, format!("L{number:03}"), "{}", lint.title);
    }
}

#[test]
fn versions() {
    let with = |version: &str, resource: &str| {
        let statement = format!(r#"{{"Effect": "Deny", "Action": "a:B", "Resource": "{resource}"}}"#);
        document_codes(Kind::Identity, &format!(r#"{{{version} "Statement": {statement}}}"#))
    };
    let rows: [(&str, &str, &[&str]); 5] = [
        ("", "*", &["L001"]),
        ("", "arn:aws:s3:::b/${aws:username}", &["L001", "L002"]),
        (r#""Version": "2008-10-17","#, "arn:aws:s3:::b/${*}", &["L002"]),
        (r#""Version": "2008-10-17","#, "arn:aws:s3:::b/$x", &[]),
        (r#""Version": "2012-10-17","#, "arn:aws:s3:::b/${aws:username}", &[]),
    ];
    for (version, resource, expected) in rows {
        assert_eq!(with(version, resource), expected, "{version} {resource}");
    }
}

#[test]
fn names_and_lists() {
    rows(
        Kind::Identity,
        &[
            (r#"{"Sid": "", "Effect": "Allow", "Action": "a:B", "Resource": "*"}"#, &["L006"]),
            (
                r#"[{"Sid": "", "Effect": "Allow", "Action": "a:B", "Resource": "*"},
                 {"Sid": "", "Effect": "Deny", "Action": "a:C", "Resource": "*"}]"#,
                &["L006", "L006"],
            ),
            (r#"{"Effect": "Allow", "Action": [], "Resource": []}"#, &["L011", "L011"]),
            (
                r#"{"Effect": "Deny", "Action": "a:B", "Resource": "*", "Condition": {"StringEquals": {}}}"#,
                &["L012"],
            ),
            ("[]", &["L007"]),
        ],
    );
    rows(
        Kind::Resource,
        &[
            (r#"{"Effect": "Deny", "Principal": {}, "Action": "a:B", "Resource": "*"}"#, &["L011"]),
            (r#"{"Effect": "Deny", "Principal": {"AWS": []}, "Action": "a:B", "Resource": "*"}"#, &["L011"]),
            (
                r#"[{"Sid": "A", "Effect": "Deny", "Principal": "*", "Action": "a:B", "Resource": "*"},
                 {"Sid": "a", "Effect": "Deny", "Principal": "*", "Action": "a:C", "Resource": "*"}]"#,
                &[],
            ),
            (
                r#"{"Sid": "a-b", "Effect": "Deny", "Principal": "*", "Action": "a:B", "Resource": "*"}"#,
                &["L004"],
            ),
        ],
    );
}

#[test]
fn actions_and_breadth() {
    rows(
        Kind::Identity,
        &[
            (r#"{"Effect": "Allow", "Action": "s3:", "Resource": "*"}"#, &["L015"]),
            (r#"{"Effect": "Allow", "Action": "s3:Get Object", "Resource": "*"}"#, &["L015"]),
            (r#"{"Effect": "Deny", "NotAction": ["s3:", "sqs:*"], "Resource": "*"}"#, &["L016"]),
            (r#"{"Effect": "Deny", "NotAction": "*:Get*", "Resource": "*"}"#, &["L016"]),
            (r#"{"Effect": "Deny", "Action": "s?:Get*", "Resource": "*"}"#, &["L017"]),
            (
                r#"{"Effect": "Allow", "NotAction": "a:B", "NotResource": "arn:aws:s3:::b"}"#,
                &["L018", "L019", "L020"],
            ),
            (r#"{"Effect": "Deny", "NotAction": "a:B", "NotResource": "arn:aws:s3:::b"}"#, &[]),
            (r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#, &["L020"]),
            (r#"{"Effect": "Allow", "Action": "iam:pass*", "Resource": "arn:aws:iam::*:role/*"}"#, &["L020"]),
            (
                r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/app/*"}"#,
                &[],
            ),
            (r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:s3:::*"}"#, &[]),
            (r#"{"Effect": "Allow", "Action": "iam:Get*", "Resource": "*"}"#, &[]),
            (r#"{"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"}"#, &[]),
            (r#"{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}"#, &["L018"]),
        ],
    );
    rows(Kind::ServiceControl, &[(r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#, &[])]);
}

#[test]
fn resources() {
    let row = |resource: &str| {
        codes(Kind::Identity, &format!(r#"{{"Effect": "Deny", "Action": "a:B", "Resource": "{resource}"}}"#))
    };
    let rows: [(&str, &[&str]); 12] = [
        ("arn:*:s3:::b", &["L021"]),
        ("arn:aws*:s3:::b", &["L021"]),
        ("arn:aws:*:::b", &["L022"]),
        ("arn:*:*:*:*:*", &["L021", "L022"]),
        ("arn:aws:sqs", &["L023"]),
        ("arn:aws:s3:::b:c:d*", &[]),
        ("arn:aws:s3:::b/${aws:PrincipalTag/nick}/*", &["L027"]),
        ("arn:aws:s3:::b/${AWS:principaltag/NICK}", &["L027"]),
        ("arn:aws:s3:::b-${aws:PrincipalTag/nick}", &[]),
        ("arn:aws:s3:::${aws:PrincipalTag/nick}/x", &["L027"]),
        ("arn:aws:execute-api:r:1:api", &["L055"]),
        ("arn:aws:execute-api:r:1:api/prod/$connect", &[]),
    ];
    for (resource, expected) in rows {
        assert_eq!(row(resource), expected, "{resource}");
    }
    for resource in [
        "arn:aws:execute-api:r:1:api/prod/GET/",
        "arn:aws:execute-api:r:1:*",
        "arn:aws:execute-api:r:1:api/*",
    ] {
        assert_eq!(row(resource), [""; 0], "{resource}");
    }
}

#[test]
fn set_prefixes() {
    conditions(
        "Allow",
        &[
            (r#"{"StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}"#, &["L028"]),
            (r#"{"StringNotEquals": {"AWS:tagkeys": "a"}}"#, &["L028"]),
            (r#"{"StringEqualsIfExists": {"shop:Groups": "a"}}"#, &["L028"]),
            (r#"{"Null": {"aws:TagKeys": "false"}}"#, &[]),
            (r#"{"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}"#, &[]),
            (r#"{"ForAnyValue:StringEquals": {"aws:RequestTag/a": "a"}}"#, &["L029"]),
            (r#"{"ForAllValues:StringEquals": {"aws:SourceIdentity": "a"}}"#, &["L029", "L031"]),
            (r#"{"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}"#, &["L031"]),
            (r#"{"ForAllValues:StringEquals": {"k": "a"}, "Null": {"K": false}}"#, &[]),
            (r#"{"ForAllValues:StringEquals": {"k": "a"}, "Null": {"k": "true"}}"#, &["L031"]),
            (r#"{"ForAllValues:StringEquals": {"k": "a"}, "Null": {"j": "false"}}"#, &["L031"]),
            (r#"{"ForAllValues:StringEquals": {"k": "a"}, "ForAnyValue:StringLike": {"k": "a*"}}"#, &[]),
            (
                r#"{"ForAllValues:StringEquals": {"k": "a"}, "ForAllValues:StringLike": {"k": "a*"}}"#,
                &["L031", "L031"],
            ),
            (r#"{"ForAllValues:Null": {"k": "true"}}"#, &["L032"]),
            (r#"{"StringEquals": {"unknown:key": ["a", "b"]}}"#, &[]),
        ],
    );
    conditions("Deny", &[(r#"{"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}"#, &[])]);
}

#[test]
fn denies_that_a_missing_key_escapes() {
    conditions(
        "Deny",
        &[
            (r#"{"StringEquals": {"aws:SourceVpce": "vpce-1"}}"#, &["L033"]),
            (r#"{"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}"#, &[]),
            (r#"{"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}"#, &[]),
            (r#"{"StringEquals": {"aws:SourceVpce": "vpce-1"}, "Null": {"AWS:SOURCEVPCE": "false"}}"#, &[]),
            (r#"{"Bool": {"aws:SecureTransport": "false"}}"#, &[]),
            (r#"{"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#, &["L033"]),
            (r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::1:role/x"}}"#, &[]),
            (r#"{"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}"#, &["L033"]),
        ],
    );
    conditions("Allow", &[(r#"{"StringEquals": {"aws:SourceVpce": "vpce-1"}}"#, &[])]);
    let anonymous = r#"{"Effect": "Deny", "Principal": "*", "Action": "a:B", "Resource": "*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::1:role/x"}}}"#;
    rows(Kind::Resource, &[(anonymous, &["L033"])]);
}

#[test]
fn literals() {
    conditions(
        "Allow",
        &[
            (r#"{"stringequals": {"k": "a", "j": "b"}}"#, &["L014"]),
            (r#"{"ForAnyValue:Stringlike": {"k": "a*"}}"#, &["L014"]),
            (r#"{"NumericEquals": {"k": ["1", "x", 1.5]}}"#, &["L034"]),
            (r#"{"DateLessThan": {"k": "2026-01-01T00:00:00"}}"#, &["L034"]),
            (r#"{"DateLessThan": {"k": "2026"}}"#, &["L038"]),
            (r#"{"DateLessThan": {"k": "20260"}}"#, &[]),
            (r#"{"NotIpAddress": {"k": "10.0.0.256"}}"#, &["L034"]),
            (r#"{"IpAddress": {"k": "10.0.0.1"}}"#, &[]),
            (r#"{"IpAddress": {"k": "10.0.0.1/32"}}"#, &[]),
            (r#"{"IpAddress": {"k": "10.0.0.1/8"}}"#, &["L039"]),
            (r#"{"IpAddress": {"k": "2001:db8::1/32"}}"#, &["L039"]),
            (r#"{"IpAddress": {"k": "2001:DB8:0::/32"}}"#, &[]),
            (r#"{"ArnNotLike": {"k": "*"}}"#, &["L035"]),
            (r#"{"ArnEquals": {"k": "arn:aws:iam::1:role/*"}}"#, &[]),
            (r#"{"Bool": {"k": ["TRUE", false, "1"]}}"#, &["L036"]),
            (r#"{"Bool": {"k": "${aws:username}"}}"#, &["L025"]),
            (r#"{"StringEquals": {"k": "a*"}}"#, &["L037"]),
            (r#"{"StringNotEqualsIgnoreCase": {"k": "a?"}}"#, &["L037"]),
            (r#"{"StringEquals": {"k": "a${*}${aws:username}"}}"#, &[]),
            (r#"{"StringLike": {"k": "a*"}}"#, &[]),
            (r#"{"StringEquals": {"aws:PrincipalTag/${aws:username}": "x"}}"#, &["L026"]),
            (r#"{"StringEquals": {"k": []}}"#, &["L013"]),
        ],
    );
}

#[test]
fn global_keys() {
    conditions(
        "Allow",
        &[
            (r#"{"StringLike": {"aws:sourcevpce": ["vpce-1", "vpce-*"]}}"#, &["L040"]),
            (r#"{"StringLike": {"aws:SourceVpce": "vpce-1"}}"#, &[]),
            (r#"{"StringLike": {"aws:PrincipalType": "*User"}}"#, &[]),
            (r#"{"StringLike": {"aws:PrincipalArn": "arn:aws:sts::1:assumed-role/r/*"}}"#, &["L041"]),
            (r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:sts::*:assumed-role/r/s"}}"#, &["L041"]),
            (r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:sts::1:federated-user/bob"}}"#, &[]),
            (r#"{"ArnLike": {"aws:SourceArn": "arn:aws:sts::1:assumed-role/r/s"}}"#, &[]),
            (r#"{"StringEquals": {"AWS:SourceOwner": "1"}}"#, &["L042"]),
        ],
    );
}

#[test]
fn principals() {
    rows(
        Kind::Resource,
        &[
            (r#"{"Effect": "Allow", "Action": "a:B", "Resource": "*"}"#, &["L043"]),
            (
                r#"{"Effect": "Deny", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "a:B", "Resource": "*"}"#,
                &[],
            ),
            (
                r#"{"Effect": "Allow", "Principal": {"Service": ["s3.amazonaws.com", "sns.amazonaws.com"]}, "Action": "a:B", "Resource": "*"}"#,
                &["L047", "L047"],
            ),
            (
                r#"{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "a:B", "Resource": "*",
                "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::b"}}}"#,
                &[],
            ),
            (
                r#"{"Effect": "Allow", "Principal": {"AWS": "AIDAABCDEFGHIJKLMNOPQ"}, "Action": "a:B", "Resource": "*"}"#,
                &["L045"],
            ),
        ],
    );
    rows(
        Kind::Endpoint,
        &[
            (r#"{"Effect": "Allow", "Principal": "*", "Action": "a:B", "Resource": "*"}"#, &[]),
            (
                r#"{"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "a:B", "Resource": "*"}"#,
                &["L046"],
            ),
        ],
    );
    rows(Kind::Identity, &[(r#"{"Effect": "Allow", "Action": "a:B", "Resource": "*"}"#, &[])]);
}

#[test]
fn trust() {
    let row = |principal: &str, actions: &str, condition: &str| {
        codes(
            Kind::Trust,
            &format!(
                r#"{{"Effect": "Allow", "Principal": {principal}, "Action": {actions}, "Condition": {condition}}}"#
            ),
        )
    };
    let saml = r#"{"Federated": "arn:aws:iam::111122223333:saml-provider/p"}"#;
    let oidc = r#"{"Federated": "arn:aws:iam::111122223333:oidc-provider/id.example.com/x"}"#;
    let some = r#"{"StringEquals": {"k": "v"}}"#;
    let rows: [(&str, &str, &str, &[&str]); 16] = [
        (r#""*""#, r#""sts:AssumeRole""#, some, &[]),
        (r#"{"AWS": "111122223333"}"#, r#""sts:AssumeRole""#, some, &[]),
        (r#"{"AWS": "111122223333"}"#, r#"["sts:AssumeRole", "sts:TagSession"]"#, some, &[]),
        (r#"{"AWS": "111122223333"}"#, r#""sts:TagSession""#, some, &[]),
        (r#"{"AWS": "111122223333"}"#, r#""sts:*""#, some, &[]),
        (r#"{"AWS": "111122223333"}"#, r#""sts:AssumeRoleWithSAML""#, some, &["L049"]),
        (r#"{"Service": "ec2.amazonaws.com"}"#, r#""sts:AssumeRoleWithWebIdentity""#, some, &["L049"]),
        (saml, r#""sts:AssumeRoleWithSAML""#, some, &[]),
        (saml, r#""sts:AssumeRole""#, some, &["L049"]),
        (saml, r#"["sts:AssumeRoleWithSAML", "sts:AssumeRole"]"#, some, &["L049"]),
        (oidc, r#"["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]"#, some, &[]),
        (oidc, r#""sts:AssumeRoleWithSAML""#, some, &["L049"]),
        (
            r#"{"Federated": "graph.facebook.com"}"#,
            r#""sts:AssumeRoleWithWebIdentity""#,
            r#"{"StringEquals": {"graph.facebook.com:app_id": "1"}}"#,
            &[],
        ),
        (
            r#"{"Federated": "graph.facebook.com"}"#,
            r#""sts:AssumeRoleWithWebIdentity""#,
            r#"{"StringLike": {"graph.facebook.com:app_id": "*"}}"#,
            &["L050"],
        ),
        (
            r#"{"Federated": "graph.facebook.com"}"#,
            r#""sts:AssumeRoleWithWebIdentity""#,
            r#"{"StringNotEquals": {"graph.facebook.com:app_id": "1"}}"#,
            &["L050"],
        ),
        (
            r#"{"Federated": "graph.facebook.com"}"#,
            r#""sts:AssumeRoleWithWebIdentity""#,
            r#"{"StringEqualsIfExists": {"graph.facebook.com:app_id": "1"}}"#,
            &["L050"],
        ),
    ];
    for (principal, actions, condition, expected) in rows {
        assert_eq!(row(principal, actions, condition), expected, "{principal} {actions} {condition}");
    }
    let github =
        r#"{"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}"#;
    let subject = r#"{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:o/r:*"}}"#;
    let audience = r#"{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}"#;
    for (condition, expected) in [(subject, [""; 0].as_slice()), (audience, &["L051"]), (some, &["L050"])] {
        assert_eq!(row(github, r#""sts:AssumeRoleWithWebIdentity""#, condition), expected, "{condition}");
    }
    let everyone = r#"{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}"#;
    assert_eq!(codes(Kind::Trust, everyone), ["L048"]);
}

#[test]
fn apis() {
    rows(
        Kind::Authorizer,
        &[
            (r#"{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}"#, &["L054"]),
            (r#"{"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": "*"}"#, &[]),
            (
                r#"{"Effect": "Allow", "NotAction": "a:B", "Resource": "arn:aws:execute-api:r:1:api/*"}"#,
                &["L053"],
            ),
        ],
    );
}

#[test]
fn what_can_go() {
    let allow = |action: &str, resource: &str| {
        format!(r#"{{"Effect": "Allow", "Action": {action}, "Resource": {resource}}}"#)
    };
    let one: [(&str, &str, &[&str]); 9] = [
        (r#"["a:Get*", "A:getB"]"#, r#""*""#, &["L056"]),
        (r#"["a:GetB", "a:GetB"]"#, r#""*""#, &["L056"]),
        (r#"["a:Get*", "a:get*"]"#, r#""*""#, &["L056"]),
        (r#"["a:Get?", "a:Get*"]"#, r#""*""#, &["L056"]),
        (r#"["a:Get*", "b:GetB"]"#, r#""*""#, &[]),
        (r#"["a:GetB"]"#, r#"["*", "arn:aws:s3:::b"]"#, &["L056"]),
        (r#"["a:GetB"]"#, r#"["arn:aws:s3:::b/*", "arn:aws:s3:::b/c/*"]"#, &["L056"]),
        (r#"["a:GetB"]"#, r#"["arn:aws:s3:::b/*", "arn:aws:s3:::b"]"#, &[]),
        (r#"["a:GetB"]"#, r#"["arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/?"]"#, &[]),
    ];
    for (action, resource, expected) in one {
        assert_eq!(codes(Kind::Identity, &allow(action, resource)), expected, "{action} {resource}");
    }
    let pair = |left: &str, right: &str| codes(Kind::Identity, &format!("[{left}, {right}]"));
    let wide = allow(r#""a:*""#, r#""*""#);
    let narrow = allow(r#"["a:B", "a:C"]"#, r#""arn:aws:s3:::b""#);
    assert_eq!(pair(&wide, &narrow), ["L057"]);
    assert_eq!(pair(&narrow, &wide), ["L057"]);
    assert_eq!(pair(&narrow, &narrow), ["L057"], "one of two that are the same");
    assert_eq!(pair(&wide, &narrow.replace("Allow", "Deny")), [""; 0]);
    let tested = |condition: &str| wide.replace("\"*\"}", &format!("\"*\", \"Condition\": {condition}}}"));
    let (a, ab) =
        (tested(r#"{"StringEquals": {"k": "a"}}"#), tested(r#"{"StringEquals": {"k": "a", "j": "b"}}"#));
    assert_eq!(pair(&a, &ab), ["L057"], "more tests: narrower");
    assert_eq!(pair(&a, &tested(r#"{"StringEquals": {"k": "b"}}"#)), [""; 0]);
    let other = r#"{"Effect": "Deny", "NotAction": ["a:B", "a:C"], "Resource": "*"}"#;
    let fewer = r#"{"Effect": "Deny", "NotAction": ["a:B"], "Resource": "*"}"#;
    assert_eq!(pair(fewer, other), ["L057"], "what excludes more is covered");
}

#[test]
fn sizes() {
    let filled = |count: usize| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "a:B", "Resource": "arn:aws:s3:::{}"}}}}"#,
            "x".repeat(count)
        )
    };
    let fixed = filled(0).chars().filter(|char| *char != ' ').count();
    assert_eq!(document_codes(Kind::Identity, &filled(6_144 - fixed)), [""; 0]);
    assert_eq!(document_codes(Kind::Identity, &filled(6_145 - fixed)), ["L008"]);
    let greek = filled(0).replace("s3:::", "s3:::Ω");
    assert_eq!(document_codes(Kind::Identity, &greek), ["L009"]);
    assert_eq!(document_codes(Kind::ServiceControl, &greek), [""; 0]);
}

/// Findings come in order of place, whatever finds them.
#[test]
fn in_order() {
    let text = r#"{"Statement": [{"Effect": "Allow", "NotAction": "s3:", "Resource": "arn:aws:s3",
        "Condition": {"stringequals": {"aws:TagKeys": "*"}}}]}"#;
    let document = parse(text, &Options::default()).unwrap();
    let found = check(&document, &CheckOptions::default());
    assert!(found.windows(2).all(|pair| pair[0].span().start <= pair[1].span().start));
    assert!(found.len() >= 6, "{found:?}");
}
