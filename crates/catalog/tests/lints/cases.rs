//! Corner cases of lints that need a catalogue: statements of an identity policy, and the codes that they get.

use bailiwick::ast::Kind;

use super::{codes, lint, read};

fn found(effect: &str, actions: &str, resources: &str, condition: &str) -> Vec<&'static str> {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "{effect}", "Action": {actions}, "Resource": {resources},
            "Condition": {condition}}}}}"#
    );
    codes(&lint(&read(&text, Kind::Identity), &[]))
}

const TLS: &str = r#"{"Bool": {"aws:SecureTransport": "true"}}"#;

#[test]
fn names() {
    let rows: [(&str, &[&str]); 10] = [
        (r#""s3:GetObject""#, &[]),
        (r#""S3:getobject""#, &[]),
        (r#""s3:Get?bject""#, &[]),
        (r#""s3:*""#, &[]),
        (r#""*""#, &["L020"]),
        (r#""s3:GetObjects""#, &["L059"]),
        (r#""s3:GetObjects*""#, &["L060"]),
        (r#""s4:GetObject""#, &["L058"]),
        (r#""s4:*""#, &["L058"]),
        (r#""s3:Get Object""#, &["L015"]),
    ];
    for (action, expected) in rows {
        assert_eq!(found("Allow", action, r#""*""#, TLS), expected, "{action}");
    }
}

#[test]
fn resources() {
    let rows: [(&str, &str, &[&str]); 18] = [
        (r#""photos:Delete""#, r#""arn:acme:photos:eu:1:album/*""#, &[]),
        (r#""photos:Delete""#, r#""arn:aws:photos:eu:1:album/*""#, &["L058"]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::b/*""#, &[]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::b*""#, &[]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::*""#, &[]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::b""#, &["L066"]),
        (r#""s3:ListBucket""#, r#""arn:aws:s3:::b/*""#, &["L066"]),
        (r#""s3:ListBucket""#, r#""arn:aws:s3:::b*""#, &[]),
        (r#""s3:ListBucket""#, r#"["arn:aws:s3:::b/*", "*"]"#, &["L056"]),
        (r#"["s3:ListBucket", "s3:ListAllMyBuckets"]"#, r#""arn:aws:s3:::b""#, &["L065"]),
        (r#""s3:List*""#, r#""arn:aws:s3:::b""#, &[]),
        (r#""s3:*""#, r#"["arn:aws:s3:::b", "arn:aws:sqs:*:*:q"]"#, &["L064"]),
        (r#""dynamodb:GetItem""#, r#""arn:aws:dynamodb:*:*:table/T""#, &[]),
        (r#""dynamodb:GetItem""#, r#""arn:aws:dynamodb:*:*:table/T/index/*""#, &["L066"]),
        (r#""dynamodb:Query""#, r#""arn:aws:dynamodb:*:*:table/T/index/*""#, &[]),
        (r#""iam:GetRole""#, r#""arn:aws:iam::*:user/*""#, &["L066"]),
        (r#""iam:GetRole""#, r#""arn:aws:iam::*:role/${aws:username}""#, &[]),
        (r#"["s3:GetObject", "new:Thing"]"#, r#"["arn:aws:s3:::b/*", "arn:aws:new:::x"]"#, &["L058"]),
    ];
    for (action, resource, expected) in rows {
        assert_eq!(found("Allow", action, resource, TLS), expected, "{action} {resource}");
    }
}

#[test]
fn types_with_wildcards() {
    let rows: [(&str, &str, &[&str]); 6] = [
        ("iam:GetUser", "arn:aws:iam::*:u*", &["L024"]),
        ("iam:GetUser", "arn:aws:iam::*:?ser/x", &["L024"]),
        ("iam:GetUser", "arn:aws:iam::*:*", &[]),
        ("iam:GetUser", "arn:aws:iam::*:user/*", &[]),
        ("sqs:SendMessage", "arn:aws:sqs:*:*:q*", &[]),
        ("s3:GetObject", "arn:aws:s3:::b*", &[]),
    ];
    for (action, resource, expected) in rows {
        let got = found("Allow", &format!("\"{action}\""), &format!("\"{resource}\""), TLS);
        assert_eq!(got, expected, "{resource}");
    }
}

#[test]
fn keys() {
    let list = r#""s3:ListBucket""#;
    let both = r#"["s3:ListBucket", "s3:GetObject"]"#;
    let rows: [(&str, &str, &str, &[&str]); 15] = [
        ("Allow", list, r#"{"StringLike": {"s3:prefix": "a/*"}}"#, &[]),
        ("Allow", list, r#"{"StringLike": {"S3:Prefix": "a/*"}}"#, &[]),
        ("Allow", list, r#"{"StringLike": {"s3:prefixes": "a/*"}}"#, &["L061"]),
        ("Allow", r#""s3:GetObject""#, r#"{"StringLike": {"s3:prefix": "a/*"}}"#, &["L062"]),
        ("Allow", r#""s3:GetObject""#, r#"{"StringEquals": {"s3:ExistingObjectTag/team": "a"}}"#, &[]),
        ("Allow", both, r#"{"StringLike": {"s3:prefix": "a/*"}}"#, &["L063"]),
        ("Allow", both, r#"{"StringLikeIfExists": {"s3:prefix": "a/*"}}"#, &[]),
        ("Allow", both, r#"{"StringNotLike": {"s3:prefix": "a/*"}}"#, &[]),
        ("Deny", both, r#"{"StringLikeIfExists": {"s3:prefix": "a/*"}}"#, &[]),
        ("Allow", r#""s3:*""#, r#"{"StringLike": {"s3:prefix": "a/*"}}"#, &[]),
        ("Allow", list, r#"{"StringEquals": {"aws:RequestTag/team": "a"}}"#, &["L062"]),
        ("Allow", r#""sqs:TagQueue""#, r#"{"StringEquals": {"aws:RequestTag/team": "a"}}"#, &[]),
        ("Allow", list, r#"{"StringEquals": {"aws:PrincipalTag/team": "a"}}"#, &[]),
        ("Allow", list, r#"{"StringEquals": {"custom:key": "a"}}"#, &[]),
        ("Allow", r#"["new:Thing", "s3:ListBucket"]"#, r#"{"StringEquals": {"s3:prefix": "a"}}"#, &["L058"]),
    ];
    for (effect, actions, condition, expected) in rows {
        assert_eq!(found(effect, actions, r#""*""#, condition), expected, "{effect} {actions} {condition}");
    }
}

#[test]
fn multivalued_by_the_catalogue() {
    let get = |condition: &str| found("Allow", r#""dynamodb:GetItem""#, r#""*""#, condition);
    assert_eq!(get(r#"{"StringEquals": {"dynamodb:LeadingKeys": "a"}}"#), ["L030"]);
    assert_eq!(get(r#"{"ForAnyValue:StringEquals": {"dynamodb:LeadingKeys": "a"}}"#), [""; 0]);
    assert_eq!(get(r#"{"Null": {"dynamodb:LeadingKeys": "false"}}"#), [""; 0]);
}

#[test]
fn suggestions_name_what_is_near() {
    let help = |action: &str| {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}}}"#
        );
        lint(&read(&text, Kind::Identity), &[]).first().and_then(|finding| finding.help.clone())
    };
    let rows = [
        ("s3:GetObjekt", "did you mean `s3:GetObject`?"),
        ("S3:putobjct", "did you mean `s3:PutObject`?"),
        ("dynamdb:GetItem", "did you mean `dynamodb`?"),
    ];
    for (action, expected) in rows {
        assert_eq!(help(action).as_deref(), Some(expected), "{action}");
    }
}
