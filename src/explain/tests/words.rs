//! What a reader is told.

use super::*;

const OBJECT: &str = "s3:GetObject arn:aws:s3:::b/k";

fn said(world: &World, principal: &Principal, context: Rows<'_>, expected: &str) {
    let words = asked(world, principal, OBJECT, context).to_string();
    assert_eq!(words, expected, "\n{words}\n");
}

#[test]
fn an_allow_names_its_statement() {
    let world = World::default().identity(
        r#"{"Sid":"Team","Effect":"Allow","Action":"s3:Get*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":["photos","video"]}}}"#,
    );
    said(
        &world,
        &user().with_tag("team", "video"),
        &[],
        "allow: s3:GetObject on arn:aws:s3:::b/k for arn:aws:iam::111122223333:user/alice\n  \
         allowed by `Team` of p.json:1:38 (identity layer)\n    \
         because StringEquals aws:PrincipalTag/team `photos`, `video`; the request has `video`",
    );
}

#[test]
fn an_implicit_deny_tells_what_is_missing() {
    let world = World::default().identity(
        r#"{"Effect":"Allow","Action":"s3:Get*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}},
           {"Effect":"Allow","Action":"ec2:*","Resource":"*"}"#,
    );
    said(
        &world,
        &user(),
        &[],
        "implicit deny: s3:GetObject on arn:aws:s3:::b/k for arn:aws:iam::111122223333:user/alice\n  \
         no statement of the identity layer allows it\n    \
         nearest is statement 1 of p.json:1:38 (identity layer)\n      \
         it needs IpAddress aws:SourceIp `10.0.0.0/8`; the key is missing",
    );
}

#[test]
fn an_explicit_deny_tells_why() {
    let world = World::default().identity(
        r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"k":"${aws:PrincipalTag/team}"}}}"#,
    );
    said(
        &world,
        &user(),
        &[("k", "a".into())],
        "explicit deny: s3:GetObject on arn:aws:s3:::b/k for arn:aws:iam::111122223333:user/alice\n  \
         denied by statement 1 of p.json:1:38 (identity layer)\n    \
         because StringNotEquals k `${aws:PrincipalTag/team}`; the request has `a`; `${aws:PrincipalTag/team}` has no value",
    );
}

#[test]
fn every_layer_that_lacks_an_allow_is_named() {
    let world = World::default()
        .scp(0, r#"{"Effect":"Allow","Action":"ec2:*","Resource":"*"}"#)
        .identity(r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::c/*"}"#);
    let explanation = asked(&world, &user(), OBJECT, &[]);
    let lacking: Vec<_> = explanation.lacking.iter().map(|it| (it.layer, it.nearest.len())).collect();
    assert_eq!(lacking, [(Layer::ServiceControl, 0), (Layer::Identity, 1)]);
    let nearest = explanation.statement(explanation.lacking[1].nearest[0]).unwrap();
    let failing: Vec<_> =
        nearest.failing().map(|clause| (clause.part, clause.listed[0].text.as_str())).collect();
    assert_eq!(failing, [(super::super::Part::Resource, "arn:aws:s3:::c/*")]);
}

#[test]
fn clauses_point_into_the_text() {
    let world = World::default().identity(
        r#"{"Effect":"Allow","Action":["ec2:*","s3:Put*"],"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#,
    );
    let explanation = asked(&world, &user(), OBJECT, &[("aws:SecureTransport", "true".into())]);
    let report = &explanation.statements[0];
    let text = |span: crate::source::Span| &report.source.text[span.range()];
    let clauses: Vec<_> =
        report.clauses.iter().filter(|clause| clause.span != crate::source::Span::default()).collect();
    assert_eq!(text(clauses[0].listed[1].span), r#""s3:Put*""#);
    assert_eq!(text(clauses[2].listed[0].span), r#""true""#);
    assert!(text(clauses[2].span).starts_with(r#""aws:SecureTransport""#));
}
