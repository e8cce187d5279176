//! What-can, who-can and the written policy, on small sets; and what must hold of random ones.

mod focus;
mod laws;
mod random;

use std::sync::Arc;

use super::{CutBy, Narrow, as_policy, can, who_can};
use crate::ast::{Attachment, Document, Kind, Options, PolicySet, Target, parse};
use crate::request::{Caller, Principal, Request};
use crate::source::Source;
use crate::value::{
    AccessLevel, Action, Arity, Catalogue, ConditionKey, Layer, Profile, ResourceType, Service, Takes,
    ValueType,
};

const HOME: &str = "111122223333";

fn catalogue() -> Catalogue {
    let takes = |resource| Takes { resource, required: true, keys: Box::default() };
    let action = |name: &str, level, on: &[u16]| Action {
        name: name.into(),
        level,
        takes: on.iter().map(|resource| takes(*resource)).collect(),
        keys: Box::default(),
    };
    let keys = vec![ConditionKey::new("s3:prefix", ValueType::String, Arity::One)];
    let resources = vec![
        ResourceType::new("bucket", "arn:${Partition}:s3:::${BucketName}", []).unwrap(),
        ResourceType::new("object", "arn:${Partition}:s3:::${BucketName}/${ObjectName}", []).unwrap(),
    ];
    let actions = vec![
        action("GetObject", AccessLevel::Read, &[1]),
        action("PutObject", AccessLevel::Write, &[1]),
        action("ListBucket", AccessLevel::List, &[0]),
        action("ListAllMyBuckets", AccessLevel::List, &[]),
    ];
    let s3 = Service::new("s3", "Amazon S3", keys, resources, actions);
    let album = ResourceType::new("album", "arn:acme:photos:${Region}:${Account}:album/${Name}", []).unwrap();
    let actions = vec![action("Get", AccessLevel::Read, &[0]), action("Delete", AccessLevel::Write, &[0])];
    let photos = Service::new("photos", "Photos", Vec::new(), vec![album], actions);
    Catalogue::new([s3, photos])
}

fn document(kind: Kind, profile: Profile, name: &str, statements: &str) -> Arc<Document> {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    let options = Options { kind, profile, ..Options::default() };
    Arc::new(parse(Source::new(name, &text), &options).unwrap_or_else(|error| panic!("{error}: {text}")))
}

fn attach(layer: Layer, target: Target, kind: Kind, statements: &str) -> Attachment {
    let documents = vec![document(kind, Profile::Aws, "p.json", statements)];
    Attachment { layer, level: 0, target, documents }
}

fn identity(statements: &str) -> Attachment {
    attach(Layer::Identity, Target::Everyone, Kind::Identity, statements)
}

fn set(attachments: Vec<Attachment>) -> PolicySet {
    PolicySet::new(attachments).unwrap().home_account(HOME)
}

fn subject() -> Principal {
    Principal::new(Caller::Subject { account: HOME.into(), issuer: "iss".into(), subject: "sub".into() })
}

/// Each row as one line: `service:actions on resources [if conditions] [except n] [within layer n]`.
fn lines(set: &PolicySet, principal: &Principal, narrow: &Narrow) -> Vec<String> {
    let found = can(set, principal, &catalogue(), narrow);
    let line = |row: &super::Row| {
        let actions: Vec<_> = row.actions.iter().map(|action| action.name.as_str()).collect();
        let all = if row.whole { "!" } else { "" };
        let not = if row.resources.negated { "not " } else { "" };
        let mut line =
            format!("{}:{}{all} on {not}{}", row.service, actions.join(","), row.resources.list.join(" "));
        for condition in row.by.and_then(|by| found.rules.get(by)).iter().flat_map(|rule| &rule.conditions) {
            line.push_str(&format!(" if {condition}"));
        }
        for at in &row.except {
            line.push_str(&format!(" except {}", found.rules[*at].id.0));
        }
        for within in &row.within {
            let ids: Vec<_> = within.rules.iter().map(|at| found.rules[*at].id.0.to_string()).collect();
            line.push_str(&format!(" within {} {}", within.layer.name(), ids.join("+")));
        }
        line
    };
    found.rows.iter().map(line).collect()
}

#[test]
fn rows() {
    let everything = Narrow::default();
    let tenant = subject().with("token:tenant", "acme".to_owned());
    let rows: &[(&str, &[&str])] = &[
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#,
            &["photos:Delete,Get! on *", "s3:GetObject,ListAllMyBuckets,ListBucket,PutObject! on *"],
        ),
        (
            r#"{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/${token:tenant}/*"}"#,
            &["s3:GetObject on arn:aws:s3:::b/acme/*"],
        ),
        (
            r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b"}"#,
            &["s3:ListBucket on arn:aws:s3:::b"],
        ),
        (r#"{"Effect":"Allow","Action":"photos:*","Resource":"arn:aws:s3:::b"}"#, &[]),
        (r#"{"Effect":"Allow","Action":"other:Do*","Resource":"*"}"#, &["other:Do* on *"]),
        (
            r#"{"Effect":"Allow","NotAction":"s3:*","NotResource":"arn:acme:photos:*:*:album/x"}"#,
            &["photos:Delete,Get! on not arn:acme:photos:*:*:album/x"],
        ),
        (
            r#"{"Effect":"Allow","Action":"photos:Get","Resource":"*","Condition":{"StringEquals":{"token:tenant":"acme"},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}"#,
            &["photos:Get on * if IpAddress aws:SourceIp `10.0.0.0/8`"],
        ),
        (
            r#"{"Effect":"Allow","Action":"photos:Get","Resource":"*","Condition":{"StringEquals":{"token:tenant":"other"}}}"#,
            &[],
        ),
        (
            r#"{"Effect":"Allow","Action":"photos:Get","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/tenant":"${token:tenant}"}}}"#,
            &["photos:Get on * if StringEquals aws:ResourceTag/tenant `acme`"],
        ),
        (
            r#"{"Effect":"Allow","Action":"photos:*","Resource":"*"},{"Effect":"Deny","Action":"photos:Delete","Resource":"*"}"#,
            &["photos:Get on *"],
        ),
        (
            r#"{"Effect":"Allow","Action":"photos:*","Resource":"*"},{"Effect":"Deny","Action":"photos:Delete","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#,
            &["photos:Get on *", "photos:Delete on * except 1"],
        ),
        (
            r#"{"Effect":"Allow","Action":"photos:*","Resource":"arn:acme:photos:*:*:album/a*"},{"Effect":"Deny","Action":"*","Resource":"arn:acme:photos:*:*:album/b*"}"#,
            &["photos:Delete,Get! on arn:acme:photos:*:*:album/a*"],
        ),
    ];
    for (statements, expected) in rows {
        assert_eq!(lines(&set(vec![identity(statements)]), &tenant, &everything), *expected, "{statements}");
    }
}

#[test]
fn narrower() {
    let set = set(vec![identity(
        r#"{"Effect":"Allow","Action":"*","Resource":["arn:aws:s3:::a/*","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#,
    )]);
    let mut narrow = Narrow { action: Some("s3:get*".into()), ..Narrow::default() };
    let both = "s3:GetObject on arn:aws:s3:::a/* arn:aws:s3:::b/* if Bool aws:SecureTransport `true`";
    assert_eq!(lines(&set, &subject(), &narrow), [both]);
    narrow.resource = Some("arn:aws:s3:::b/k".into());
    assert_eq!(
        lines(&set, &subject(), &narrow),
        ["s3:GetObject on arn:aws:s3:::b/* if Bool aws:SecureTransport `true`"]
    );
    narrow.context.insert("aws:SecureTransport", "true");
    assert_eq!(lines(&set, &subject(), &narrow), ["s3:GetObject on arn:aws:s3:::b/*"]);
    narrow.context.replace("aws:SecureTransport", "false");
    assert_eq!(lines(&set, &subject(), &narrow), [""; 0]);
}

#[test]
fn other_layers_limit() {
    let all = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let boundary = |statements: &str| attach(Layer::Boundary, Target::Everyone, Kind::Boundary, statements);
    let photos = r#"{"Effect":"Allow","Action":"photos:*","Resource":"*"}"#;
    let everything = Narrow::default();
    let limited = set(vec![identity(all), boundary(photos)]);
    assert_eq!(lines(&limited, &subject(), &everything), ["photos:Delete,Get! on *"]);
    let found = can(&limited, &subject(), &catalogue(), &everything);
    assert_eq!(found.cut.len(), 1);
    assert_eq!((found.cut[0].service.as_str(), found.cut[0].why), ("s3", CutBy::Lacks(Layer::Boundary, 0)));
    let album = r#"{"Effect":"Allow","Action":"photos:*","Resource":"arn:acme:photos:*:*:album/a"}"#;
    let limited = set(vec![identity(photos), boundary(album)]);
    assert_eq!(lines(&limited, &subject(), &everything), ["photos:Delete,Get! on * within boundary 1"]);
}

#[test]
fn resource_policies_grant_to_those_they_name() {
    let statement = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}"#;
    let bucket = super::narrow::resource("arn:aws:s3:::b").unwrap();
    let set = set(vec![attach(Layer::Resource, Target::Resource(bucket), Kind::Resource, statement)]);
    let anonymous = Principal::new(Caller::Anonymous);
    for principal in [subject(), anonymous] {
        assert_eq!(lines(&set, &principal, &Narrow::default()), ["s3:GetObject on arn:aws:s3:::b/*"]);
    }
    assert!(as_policy(&set, &subject()).json.contains(r#""arn:aws:s3:::b/*""#));
}

#[test]
fn who() {
    let group = |name: &str, condition: &str| {
        let statement = format!(r#"{{"Effect":"Allow","Action":"photos:*","Resource":"*"{condition}}}"#);
        attach(Layer::Identity, Target::Group(name.into()), Kind::Identity, &statement)
    };
    let secure = r#","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#;
    let set = set(vec![group("a", ""), group("b", secure)]);
    let principals = [subject(), subject().in_group("a"), subject().in_group("b")];
    let request = Request::new("photos:Get", "arn:acme:photos:eu:1:album/x").unwrap();
    let found = who_can(&set, &principals, &request, &catalogue());
    let got: Vec<_> = found.iter().map(|who| (who.decision.is_allowed(), who.perhaps.len())).collect();
    assert_eq!(got, [(false, 0), (true, 0), (false, 1)]);
}

#[test]
fn the_written_policy() {
    let tenant = subject().with("token:tenant", "a*b".to_owned());
    let set = set(vec![
        identity(
            r#"{"Effect":"Allow","Action":"photos:*","Resource":"arn:acme:photos:*:*:album/${token:tenant}/*","Condition":{"StringEquals":{"token:tenant":"a*b"},"Bool":{"aws:SecureTransport":"true"}}}"#,
        ),
        attach(
            Layer::Boundary,
            Target::Everyone,
            Kind::Boundary,
            r#"{"Effect":"Allow","Action":"photos:Get","Resource":"*"}"#,
        ),
    ]);
    let written = as_policy(&set, &tenant);
    let expected = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "photos:*",
      "Resource": "arn:acme:photos:*:*:album/a${*}b/*",
      "Condition": {
        "Bool": { "aws:SecureTransport": "true" }
      }
    },
    {
      "Effect": "Deny",
      "NotAction": "photos:Get",
      "Resource": "*"
    }
  ]
}
"#;
    assert_eq!(written.json, expected);
}

#[test]
fn nothing_is_written_as_a_deny() {
    let written = as_policy(&set(Vec::new()), &Principal::new(Caller::Root { account: HOME.into() }));
    assert!(written.json.contains(r#""Effect": "Deny""#) && !written.lost.is_empty());
}
