//! SEMANTICS F and J.5: which layers decide.

use super::*;

const OBJECT: &str = "s3:GetObject arn:aws:s3:::b/k";
const ALLOW_S3: &str = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#;
const ALLOW_EC2: &str = r#"{"Effect":"Allow","Action":"ec2:*","Resource":"*"}"#;
const ALLOW_ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
const DENY_S3: &str = r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#;

/// A statement of a resource policy on everything for a principal, `"*"` or an object.
fn to(effect: &str, principal: &str) -> String {
    format!(r#"{{"Effect":"{effect}","Principal":{principal},"Action":"*","Resource":"*"}}"#)
}

fn aws(arn: &str) -> String {
    format!(r#"{{"AWS":"{arn}"}}"#)
}

fn allow_user() -> String {
    to("Allow", &aws("arn:aws:iam::111122223333:user/alice"))
}

fn allow_role() -> String {
    to("Allow", &aws("arn:aws:iam::111122223333:role/r"))
}

fn allow_session() -> String {
    to("Allow", &aws("arn:aws:sts::111122223333:assumed-role/r/s"))
}

fn allow_account() -> String {
    to("Allow", &aws("arn:aws:iam::111122223333:root"))
}

#[test]
fn nothing_is_allowed_by_default() {
    check(&World::default(), &user(), OBJECT, &[], "implicit deny identity");
    check(&World::default(), &anonymous(), OBJECT, &[], "implicit deny resource");
    check(&World::default(), &root(HOME), OBJECT, &[], "allow identity");
    check(&World::default(), &root(HOME), "s3:GetObject arn:aws:s3:::other/k", &[], "implicit deny resource");
}

#[test]
fn explicit_denies_win_everywhere() {
    let allowed =
        World::default().identity(ALLOW_ALL).boundary(ALLOW_ALL).session(ALLOW_ALL).resource(&allow_user());
    let alice = with_session_policy(user());
    check(&allowed, &alice, OBJECT, &[], "allow resource");
    check(&allowed.clone().identity(DENY_S3), &alice, OBJECT, &[], "explicit deny identity");
    check(&allowed.clone().boundary(DENY_S3), &alice, OBJECT, &[], "explicit deny boundary");
    check(&allowed.clone().session(DENY_S3), &alice, OBJECT, &[], "explicit deny session policy");
    check(
        &allowed.clone().scp(0, ALLOW_ALL).scp(0, DENY_S3),
        &alice,
        OBJECT,
        &[],
        "explicit deny service control",
    );
    let everyone = to("Deny", r#""*""#);
    check(&allowed.clone().resource(&everyone), &alice, OBJECT, &[], "explicit deny resource");
    let rcp = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}"#;
    check(&allowed.clone().rcp(rcp), &alice, OBJECT, &[], "explicit deny resource control");
    check(&allowed.clone().identity(DENY_S3).rcp(rcp), &alice, OBJECT, &[], "explicit deny resource control");
}

#[test]
fn service_control() {
    let two_levels =
        World::default().identity(ALLOW_ALL).scp(0, ALLOW_ALL).scp(1, ALLOW_EC2).scp(2, ALLOW_ALL);
    check(&two_levels, &user(), OBJECT, &[], "implicit deny service control");
    check(&two_levels, &user(), "ec2:RunInstances *", &[], "allow identity");
    let one_level = World::default().identity(ALLOW_ALL).scp(0, ALLOW_EC2).scp(0, ALLOW_S3);
    check(&one_level, &user(), OBJECT, &[], "allow identity");
    let denied = World::default().identity(ALLOW_ALL).scp(0, ALLOW_ALL).scp(0, DENY_S3);
    check(&denied, &user(), OBJECT, &[], "explicit deny service control");
    check(&denied, &root(HOME), OBJECT, &[], "explicit deny service control");
    let managed = World { management: Some(HOME), ..denied.clone() };
    check(&managed, &user(), OBJECT, &[], "allow identity");
    let mut linked = role_session(None);
    check(&denied, &linked, OBJECT, &[], "explicit deny service control");
    if let Caller::RoleSession { service_linked, .. } = &mut linked.caller {
        *service_linked = true;
    }
    check(&denied, &linked, OBJECT, &[], "allow identity");
    let public = denied.resource(&to("Allow", r#""*""#));
    check(&public, &anonymous(), OBJECT, &[], "allow resource");
    check(&public, &service("x.amazonaws.com"), OBJECT, &[], "allow resource");
}

#[test]
fn resource_control() {
    let rcp = r#"{"Effect":"Deny","Principal":"*","Action":["s3:*","ec2:*","photos:*"],"Resource":"*"}"#;
    let world = World::default().identity(ALLOW_ALL).resource(&to("Allow", r#""*""#)).rcp(rcp);
    check(&world, &anonymous(), OBJECT, &[], "explicit deny resource control");
    check(&world, &service("x.amazonaws.com"), OBJECT, &[], "explicit deny resource control");
    check(&world, &user(), "ec2:RunInstances arn:aws:ec2:r:111122223333:instance/i", &[], "allow resource");
    check(&world, &user(), "photos:Get arn:acme:photos:eu:1:album/1", &[], "explicit deny resource control");
    let own = World { own: vec!["photos".into()], ..world.clone() };
    check(&own, &user(), "photos:Get arn:aws:photos:eu:1:album/1", &[], "explicit deny resource control");
    let managed = World { management: Some(HOME), ..world.clone() };
    check(&managed, &user(), OBJECT, &[], "allow resource");
    let kms = r#"{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}"#;
    let key = "arn:aws:kms:r:111122223333:key/1";
    let world = World::default().resource(&allow_user()).rcp(kms);
    check(&world, &user(), &format!("kms:RetireGrant {key}"), &[], "allow resource");
    check(&world, &user(), &format!("kms:Decrypt {key}"), &[], "explicit deny resource control");
}

#[test]
fn boundaries_and_sessions_limit_by_who_is_named() {
    let identity = World::default().identity(ALLOW_S3);
    check(&identity.clone().boundary(ALLOW_EC2), &user(), OBJECT, &[], "implicit deny boundary");
    check(
        &World::default().boundary(ALLOW_EC2).resource(&allow_user()),
        &user(),
        OBJECT,
        &[],
        "allow resource",
    );
    let role = role_session(None);
    let bounded = World::default().boundary(ALLOW_EC2);
    check(&bounded.clone().resource(&allow_role()), &role, OBJECT, &[], "implicit deny identity");
    let both = bounded.session(ALLOW_EC2).resource(&allow_session());
    let limited = with_session_policy(role.clone());
    check(&both, &limited, OBJECT, &[], "allow resource");
    check(&both.strict(), &limited, OBJECT, &[], "implicit deny identity");
    let named = World::default().session(ALLOW_EC2).resource(&allow_role());
    check(&named, &limited, OBJECT, &[], "implicit deny identity");
    check(&named, &role, OBJECT, &[], "allow resource");
    let deny = World::default().boundary(ALLOW_ALL).boundary(DENY_S3).resource(&allow_session());
    check(&deny, &role, OBJECT, &[], "explicit deny boundary");
    check(&identity.session(ALLOW_EC2), &limited, OBJECT, &[], "implicit deny session policy");
}

#[test]
fn accounts_delegate() {
    let world = World::default().resource(&allow_account());
    check(&world, &user(), OBJECT, &[], "implicit deny identity");
    let deny = World::default().identity(ALLOW_ALL).resource(&to("Deny", &aws("111122223333")));
    for caller in [user(), role_session(None), root(HOME), federated_user(), subject()] {
        check(&deny, &caller, OBJECT, &[], "explicit deny resource");
    }
    check(&deny, &root(OTHER), OBJECT, &[], "implicit deny resource");
}

#[test]
fn across_accounts_both_sides_must_allow() {
    let object = "s3:GetObject arn:aws:s3:::other/k";
    let nothing = World::default();
    check(&nothing.clone().resource(&allow_user()), &user(), object, &[], "implicit deny identity");
    check(&nothing.clone().resource(&to("Allow", r#""*""#)), &user(), object, &[], "implicit deny identity");
    let identity = World::default().identity(ALLOW_ALL);
    check(&identity, &user(), object, &[], "implicit deny resource");
    for grant in [allow_user(), allow_account(), to("Allow", r#""*""#)] {
        check(&identity.clone().resource(&grant), &user(), object, &[], "allow identity");
    }
    let bounded = identity.boundary(ALLOW_EC2).resource(&allow_role());
    check(&bounded, &role_session(None), object, &[], "implicit deny boundary");
}

#[test]
fn keys_and_roles_must_say_yes_themselves() {
    let key = "kms:Decrypt arn:aws:kms:r:111122223333:key/1";
    let identity = World::default().identity(ALLOW_ALL);
    check(&identity.clone().resource(&allow_role()), &user(), key, &[], "implicit deny resource");
    check(&identity.clone().resource(&allow_account()), &user(), key, &[], "allow identity");
    check(&World::default().resource(&allow_role()), &role_session(None), key, &[], "allow resource");
    check(&World::default().resource(&allow_account()), &user(), key, &[], "implicit deny identity");
    check(&identity, &root(HOME), key, &[], "implicit deny resource");
    let assume = "sts:AssumeRole arn:aws:iam::111122223333:role/target";
    let trust = |principal: &str| {
        let statement = format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"}}"#);
        let target = Target::Resource(arn_pattern("arn:aws:iam::111122223333:role/target"));
        World::default().attach(Layer::Resource, 0, target, Kind::Trust, &statement)
    };
    let account = trust(&aws("111122223333"));
    check(&account, &user(), assume, &[], "implicit deny identity");
    check(&account.identity(ALLOW_ALL), &user(), assume, &[], "allow identity");
    check(&trust(&aws("arn:aws:iam::111122223333:user/alice")), &user(), assume, &[], "allow resource");
}

#[test]
fn unsigned_federation_is_decided_by_the_trust_policy() {
    let statement = r#"{"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"sts:AssumeRoleWithWebIdentity"}"#;
    let world = World::default().attach(Layer::Resource, 0, Target::Everyone, Kind::Trust, statement);
    let assume = "sts:AssumeRoleWithWebIdentity arn:aws:iam::111122223333:role/target";
    let caller = |provider: &str| Principal::new(Caller::Federated { provider: provider.into() });
    check(&world, &caller("accounts.google.com"), assume, &[], "allow resource");
    check(&world, &caller("graph.facebook.com"), assume, &[], "implicit deny resource");
    check(&world, &user(), assume, &[], "implicit deny resource");
}

#[test]
fn endpoints() {
    let statement = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}"#;
    let world = World::default().identity(ALLOW_ALL).endpoint(statement);
    let through: Rows<'_> = &[("aws:SourceVpce", "vpce-1".into())];
    let another: Rows<'_> = &[("aws:SourceVpce", "vpce-2".into())];
    let unknown: Rows<'_> = &[("aws:SourceVpce", ContextValue::Unknown)];
    let put = "s3:PutObject arn:aws:s3:::b/k";
    check(&world, &user(), OBJECT, through, "allow identity");
    check(&world, &user(), put, through, "implicit deny endpoint");
    check(&world, &user(), put, another, "allow identity");
    check(&world, &user(), put, &[], "allow identity");
    check(&world, &user(), OBJECT, unknown, "implicit deny endpoint");
    let account = r#"{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}"#;
    let world = World::default().identity(ALLOW_ALL).endpoint(account);
    check(&world, &user(), OBJECT, through, "implicit deny endpoint");
    check(&world, &root(HOME), OBJECT, through, "allow identity");
}

#[test]
fn anonymous_and_services() {
    let public = World::default().resource(&to("Allow", r#""*""#));
    check(&public, &anonymous(), OBJECT, &[], "allow resource");
    let organization = r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*",
        "Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}"#;
    check(&World::default().resource(organization), &anonymous(), OBJECT, &[], "implicit deny resource");
    let perimeter = r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*",
        "Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}}"#;
    let logs = service("cloudtrail.amazonaws.com");
    let named = to("Allow", r#"{"Service":"cloudtrail.amazonaws.com"}"#);
    check(&World::default().resource(&named), &logs, OBJECT, &[], "allow resource");
    check(
        &World::default().resource(&named),
        &service("x.amazonaws.com"),
        OBJECT,
        &[],
        "implicit deny resource",
    );
    let denied = World::default().resource(&named).resource(perimeter);
    check(&denied, &logs, OBJECT, &[], "explicit deny resource");
    let guarded = perimeter.replace(
        r#""StringNotEquals":"#,
        r#""BoolIfExists":{"aws:PrincipalIsAWSService":"false"},"StringNotEquals":"#,
    );
    check(&World::default().resource(&named).resource(&guarded), &logs, OBJECT, &[], "allow resource");
}

#[test]
fn federated_users_need_a_session_policy() {
    let identity = World::default().identity(ALLOW_S3);
    check(&identity, &federated_user(), OBJECT, &[], "implicit deny session policy");
    let limited = with_session_policy(federated_user());
    check(&identity.session(ALLOW_S3), &limited, OBJECT, &[], "allow identity");
    let named = to("Allow", &aws("arn:aws:sts::111122223333:federated-user/bob"));
    check(&World::default().resource(&named), &federated_user(), OBJECT, &[], "allow resource");
    check(&World::default().resource(&allow_user()), &federated_user(), OBJECT, &[], "allow resource");
}

#[test]
fn who_am_i_is_always_answered() {
    let world = World::default().identity(r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#);
    check(&world, &user(), "sts:getcalleridentity *", &[], "allow identity");
    check(&world, &anonymous(), "sts:GetCallerIdentity *", &[], "implicit deny resource");
}

#[test]
fn what_cannot_be_evaluated_is_denied() {
    let world = World::default().identity(ALLOW_ALL);
    let long = "x".repeat((64 << 10) + 1);
    let many = vec!["x".to_owned(); 10_001];
    let rows: &[(&str, ContextValue<'static>, bool)] = &[
        ("aws:PrincipalTag/a", "b".into(), false),
        ("token:sub", "b".into(), false),
        ("mine", "b".into(), false),
        ("k", long.clone().into(), false),
        ("k", vec![long].into(), false),
        ("k", many.clone().into(), false),
        ("k", many[..10_000].to_vec().into(), true),
        ("aws:ResourceTag/a", "b".into(), true),
    ];
    for (key, value, fine) in rows {
        let explanation = asked(&world, &user(), OBJECT, &[(key, value.clone())]);
        assert_eq!(explanation.decision.error.is_none(), *fine, "{key}");
        assert_eq!(explanation.decision.is_allowed(), *fine, "{key}");
    }
}

#[test]
fn whose_the_resource_is() {
    let set =
        |own: &[&str]| World { own: own.iter().map(|own| (*own).to_owned()).collect(), ..World::default() };
    let owner =
        |world: &World, request: &Request<'_>| explain(&world.set(), &user(), request).resource_account;
    let request = |resource: &'static str| Request::new("x:Y", resource).unwrap();
    let none = set(&[]);
    let sqs = "arn:aws:sqs:r:444455556666:q";
    assert_eq!(
        owner(&none, &request(sqs).owned_by("1").with("aws:ResourceAccount", "2")).as_deref(),
        Some("1")
    );
    assert_eq!(owner(&none, &request(sqs).with("aws:ResourceAccount", "2")).as_deref(), Some("2"));
    assert_eq!(owner(&none, &request(sqs)).as_deref(), Some("444455556666"));
    assert_eq!(owner(&none, &request("*")).as_deref(), Some(HOME));
    assert_eq!(owner(&none, &request("arn:aws:s3:::b")), None);
    assert_eq!(owner(&none, &request("arn:acme:photos::7:album/1")).as_deref(), Some(HOME));
    assert_eq!(owner(&none, &request("arn:aws-cn:photos::7:album/1")).as_deref(), Some("7"));
    assert_eq!(owner(&set(&["photos"]), &request("arn:aws:photos::7:album/1")).as_deref(), Some(HOME));
}
