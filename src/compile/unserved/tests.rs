//! Statements, and the codes that the compiler has for them.

use super::*;
use crate::ast::{Options, parse};

fn codes(kind: Kind, profile: Profile, statement: &str) -> Vec<&'static str> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
    let options = Options { kind, profile, ..Options::default() };
    let document = parse(text.as_str(), &options).unwrap_or_else(|refused| panic!("{refused}\n{text}"));
    unserved_in(&document, &Arc::default()).iter().map(|finding| finding.code.0).collect()
}

fn check(statement: &str, expected: &[&str]) {
    assert_eq!(codes(Kind::Identity, Profile::Aws, statement), expected, "{statement}");
}

const S3: &str = "arn:aws:s3:::";

#[test]
fn what_no_index_files_is_told() {
    let allow = |parts: &str| format!(r#"{{"Effect": "Allow", {parts}}}"#);
    for (parts, expected) in [
        // Decided by it or not tried by everyone.
        (r#""Action": "*", "Resource": "*""#, &[][..]),
        (r#""Action": "s3:*", "Resource": "*""#, &[]),
        (
            r#""Action": "s3:GetObject", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#,
            &[],
        ),
        // Tried by everyone.
        (
            r#""Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#,
            &["L068"],
        ),
        (r#""Action": "*", "Resource": "arn:aws:s3:::*""#, &["L068"]),
        (r#""NotAction": "iam:*", "Resource": "*""#, &["L068"]),
        (r#""Action": "s*:Get", "Resource": "*""#, &["L068"]),
        (r#""Action": ["s3:*", "*"], "NotResource": "arn:aws:s3:::a/*""#, &["L068"]),
        (r#""NotAction": "iam:*", "NotResource": "arn:aws:s3:::a/*""#, &["L069"]),
        // An equality or a start finds it.
        (
            r#""Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/t": "a"}}"#,
            &[],
        ),
        (
            r#""Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/t": ["a", "b"]}}"#,
            &[],
        ),
        (
            r#""NotAction": "iam:*", "NotResource": "arn:aws:s3:::a", "Condition": {"ForAnyValue:StringEquals": {"token:groups": "a"}}"#,
            &[],
        ),
        (r#""Action": "*", "Resource": "arn:aws:s3:::media/*""#, &[]),
        (r#""Action": "*", "Resource": ["arn:aws:s3:::media/*", "arn:aws:s3:::*"]"#, &["L068"]),
    ] {
        check(&allow(parts), expected);
    }
}

#[test]
fn resources_without_a_start_are_told() {
    for (field, expected) in [
        ("*", &[][..]),
        ("media/*", &[]),
        ("media*", &[]),
        ("media", &[]),
        ("*/logs/*", &["L070"]),
        ("?edia/*", &["L070"]),
        ("${aws:PrincipalTag/tenant}/*", &["L070"]),
    ] {
        check(&format!(r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "{S3}{field}"}}"#), expected);
    }
    // A start of one entry does not help the other.
    let two = format!(r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": ["{S3}a/*", "{S3}*/b"]}}"#);
    check(&two, &["L070"]);
    // A tag finds it.
    let tag = r#""Condition": {"StringEquals": {"aws:PrincipalTag/t": "a"}}"#;
    check(&format!(r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "{S3}*/b", {tag}}}"#), &[]);
}

#[test]
fn operators_that_are_not_filed_are_told() {
    for (condition, expected) in [
        (r#""StringLike": {"aws:PrincipalTag/t": "a"}"#, &["L071"][..]),
        (r#""StringLike": {"aws:PrincipalTag/t": "a*"}"#, &[]),
        (r#""StringEqualsIfExists": {"aws:PrincipalTag/t": "a"}"#, &["L071"]),
        (r#""ForAnyValue:StringLike": {"token:groups": ["a", "b"]}"#, &["L071"]),
        (r#""ForAnyValue:StringEquals": {"token:groups": ["a", "b"]}"#, &[]),
        // What means another thing is no remedy.
        (r#""StringEqualsIgnoreCase": {"aws:PrincipalTag/t": "a"}"#, &[]),
        (r#""StringNotEquals": {"aws:PrincipalTag/t": "a"}"#, &[]),
        (r#""StringEquals": {"aws:PrincipalTag/t": "${aws:PrincipalTag/u}"}"#, &[]),
        // Keys of the request are not what a token is told by.
        (r#""StringLike": {"aws:ResourceTag/t": "a"}"#, &[]),
        // One equality is enough.
        (r#""StringLike": {"aws:PrincipalTag/t": "a"}, "StringEquals": {"aws:PrincipalTag/u": "b"}"#, &[]),
    ] {
        check(
            &format!(
                r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {{{condition}}}}}"#
            ),
            expected,
        );
    }
}

/// Under `strict` a Deny must see what its conditions and fields do not say: only its actions file it.
#[test]
fn no_remedy_is_told_that_does_not_help() {
    let statement = r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::*/b",
        "Condition": {"StringLike": {"aws:PrincipalTag/t": "a"}}}"#;
    assert_eq!(codes(Kind::Identity, Profile::Aws, statement), ["L070", "L071"]);
    assert_eq!(codes(Kind::Identity, Profile::Strict, statement), [""; 0]);
    let statement = statement.replace("s3:*", "*");
    assert_eq!(codes(Kind::Identity, Profile::Strict, &statement), ["L068"]);
}

#[test]
fn what_is_attached_to_somebody_is_found_by_that() {
    let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}"#;
    for (target, count) in [
        (Target::Everyone, 1),
        (Target::Group("editors".to_owned()), 0),
        (Target::Role("arn:aws:iam::111122223333:role/app".to_owned()), 0),
    ] {
        let document = Arc::new(parse(text, &Options::default()).unwrap());
        let layer = crate::value::Layer::Identity;
        let set = PolicySet::new(vec![Attachment { layer, level: 0, target, documents: vec![document] }]);
        assert_eq!(unserved(&set.unwrap()).len(), count);
    }
    for kind in [Kind::Boundary, Kind::Session] {
        let statement = r#"{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}"#;
        assert_eq!(codes(kind, Profile::Aws, statement), [""; 0]);
    }
}

/// What is called unserved is tried by a request that has nothing to do with it, and what is not called so is not:
/// told by the tree of many copies with other values, so that its lists are longer than any leaf.
#[test]
fn the_tree_bears_it_out() {
    let many = |make: &dyn Fn(usize) -> String| {
        let statements: Vec<String> = (0..100).map(make).collect();
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(","));
        let document = parse(text.as_str(), &Options::default()).unwrap();
        let served = unserved_in(&document, &Arc::default()).is_empty();
        (served, crate::compile([&document]).shape().largest_leaf)
    };
    for make in [
        &(|n| format!(r#"{{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b{n}/*"}}"#))
            as &dyn Fn(usize) -> String,
        &|n| {
            format!(
                r#"{{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {{"StringEquals": {{"aws:PrincipalTag/t": "v{n}"}}}}}}"#
            )
        },
    ] {
        let (served, largest) = many(make);
        assert!(served && largest <= 8, "{largest}");
    }
    for make in [
        &(|n| {
            format!(
                r#"{{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {{"StringLike": {{"aws:PrincipalTag/t": "v{n}"}}}}}}"#
            )
        }) as &dyn Fn(usize) -> String,
        &|n| format!(r#"{{"Effect": "Allow", "NotAction": "a:B{n}", "Resource": "*"}}"#),
        &|n| format!(r#"{{"Effect": "Allow", "NotAction": "a:B{n}", "NotResource": "arn:aws:s3:::b"}}"#),
    ] {
        let (served, largest) = many(make);
        assert!(!served && largest == 100, "{largest}");
    }
}
