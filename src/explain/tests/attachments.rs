//! To whom and what policies are attached.

use super::*;

const OBJECT: &str = "s3:GetObject arn:aws:s3:::b/k";
const ALLOW_ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
const DENY_ALL: &str = r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#;

/// `yes`, `maybe` or `no`: how far an identity policy with this target reaches the caller.
fn reach(principal: &Principal, target: &Target) -> &'static str {
    let attach = |world: World, statement: &str| {
        world.attach(Layer::Identity, 0, target.clone(), Kind::Identity, statement)
    };
    let allows = asked(&attach(World::default(), ALLOW_ALL), principal, OBJECT, &[]).decision.is_allowed();
    let denied = attach(World::default().identity(ALLOW_ALL), DENY_ALL);
    match (allows, !asked(&denied, principal, OBJECT, &[]).decision.is_allowed()) {
        (true, true) => "yes",
        (false, true) => "maybe",
        (false, false) => "no",
        (true, false) => "an allow applied where a deny did not",
    }
}

#[test]
fn targets_of_callers() {
    let mut overflow = user().in_group("a");
    overflow.groups_known = false;
    let group = |name: &str| Target::Group(name.into());
    let role = |path: &str| Target::Role(format!("arn:aws:iam::{HOME}:role/{path}"));
    let own = |subject: &str| Target::Subject { issuer: "iss".into(), subject: subject.into() };
    let rows: &[(Principal, Target, &str)] = &[
        (user(), Target::Everyone, "yes"),
        (user().in_group("a"), group("a"), "yes"),
        (user().in_group("a,b"), group("a"), "no"),
        (user().in_group("a"), group("A"), "no"),
        (overflow.clone(), group("a"), "yes"),
        (overflow, group("b"), "maybe"),
        (user(), Target::User(format!("arn:aws:iam::{HOME}:user/alice")), "yes"),
        (user(), Target::User(format!("arn:aws:iam::{HOME}:user/bob")), "no"),
        (role_session(None), role("x/r"), "yes"),
        (role_session(None), role("q"), "no"),
        (role_session(Some("x/r")), role("x/r"), "yes"),
        (role_session(Some("x/r")), role("r"), "maybe"),
        (user(), role("r"), "no"),
        (subject(), own("sub"), "yes"),
        (subject(), own("other"), "no"),
    ];
    for (principal, target, expected) in rows {
        assert_eq!(reach(principal, target), *expected, "{target:?} for {:?}", principal.caller);
    }
}

#[test]
fn a_present_and_empty_layer_allows_nothing() {
    let empty = |layer, target, kind| World::default().identity(ALLOW_ALL).attach(layer, 0, target, kind, "");
    let mut session = empty(Layer::Session, Target::SessionPolicy("s".into()), Kind::Session);
    session.attached[1].4.clear();
    check(&session, &user(), OBJECT, &[], "allow identity");
    check(&session, &with_session_policy(user()), OBJECT, &[], "implicit deny session policy");
    let mut boundary = empty(Layer::Boundary, Target::Everyone, Kind::Boundary);
    boundary.attached[1].4.clear();
    check(&boundary, &user(), OBJECT, &[], "implicit deny boundary");
    check(&boundary, &root(HOME), OBJECT, &[], "allow identity");
    // Attached perhaps is in force.
    let mut perhaps = empty(Layer::Boundary, Target::Group("g".into()), Kind::Boundary);
    perhaps.attached[1].4.clear();
    let mut overflow = user();
    check(&perhaps, &overflow, OBJECT, &[], "allow identity");
    overflow.groups_known = false;
    check(&perhaps, &overflow, OBJECT, &[], "implicit deny boundary");
}

#[test]
fn accounts() {
    let list = || Target::Accounts(vec![HOME.into()]);
    let world = World::default().identity(ALLOW_ALL).attach(
        Layer::ServiceControl,
        0,
        list(),
        Kind::ServiceControl,
        DENY_ALL,
    );
    check(&world, &user(), OBJECT, &[], "explicit deny service control");
    let foreign = Principal::from_arn("arn:aws:iam::999988887777:user/eve").unwrap();
    check(&world, &foreign, "s3:GetObject arn:aws:s3:::other/k", &[], "allow identity");
    let deny = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}"#;
    let world = World::default()
        .identity(ALLOW_ALL)
        .resource(r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#)
        .attach(Layer::ResourceControl, 0, list(), Kind::ResourceControl, deny);
    check(&world, &foreign, OBJECT, &[], "explicit deny resource control");
    check(&world, &foreign, "s3:GetObject arn:aws:s3:::other/k", &[], "allow resource");
}

#[test]
fn a_policy_of_a_bucket_covers_its_objects() {
    let deny = r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#;
    let world = |pattern: &str| {
        World::default().identity(ALLOW_ALL).attach(
            Layer::Resource,
            0,
            Target::Resource(arn_pattern(pattern)),
            Kind::Resource,
            deny,
        )
    };
    let rows: &[(&str, &str, &str)] = &[
        ("arn:aws:s3:::b", "arn:aws:s3:::b", "explicit deny resource"),
        ("arn:aws:s3:::b", "arn:aws:s3:::b/k/l", "explicit deny resource"),
        ("arn:aws:s3:::b", "arn:aws:s3:::bb", "allow identity"),
        ("arn:aws:s3:::b", "arn:aws:s3:::bb/k", "allow identity"),
        ("arn:aws:s3:::b/k", "arn:aws:s3:::b/k/l", "allow identity"),
        ("arn:aws:sqs:::q", "arn:aws:sqs:::q/k", "allow identity"),
    ];
    for (pattern, resource, expected) in rows {
        let request = Request::new("x:Y", *resource).unwrap().owned_by(HOME);
        let decision = explain(&world(pattern).set(), &user(), &request).decision;
        let got = format!("{} {}", decision.verdict.name(), decision.layer.name());
        assert_eq!(got, *expected, "{pattern} with {resource}");
    }
}
