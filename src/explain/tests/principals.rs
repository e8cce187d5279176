//! SEMANTICS A15, A16, F19..F21: who is named.

use super::*;

const OBJECT: &str = "s3:GetObject arn:aws:s3:::b/k";
const ALLOW_ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

/// A statement for `AWS` principals.
fn statement(effect: &str, element: &str, names: &[&str]) -> String {
    let names = names.join("\",\"");
    format!(r#"{{"Effect":"{effect}","{element}":{{"AWS":["{names}"]}},"Action":"*","Resource":"*"}}"#)
}

fn allows(principal: &Principal, names: &[&str]) -> bool {
    let world = World::default().resource(&statement("Allow", "Principal", names));
    asked(&world, principal, OBJECT, &[]).decision.is_allowed()
}

fn denies(world: World, principal: &Principal, element: &str, names: &[&str]) -> bool {
    let everyone = statement("Allow", "Principal", &["*"]);
    let world = world.identity(ALLOW_ALL).resource(&everyone).resource(&statement("Deny", element, names));
    !asked(&world, principal, OBJECT, &[]).decision.is_allowed()
}

#[test]
fn names() {
    let alice = "arn:aws:iam::111122223333:user/alice";
    let session = "arn:aws:sts::111122223333:assumed-role/r/s";
    let by_path = || role_session(Some("app/team/r"));
    // Who; as what; allowed alone; denied.
    let rows: Vec<(Principal, &str, bool, bool)> = vec![
        (user(), alice, true, true),
        (user(), "arn:aws:iam::111122223333:user/Alice", false, false),
        (user(), "AIDAALICE", true, true),
        (user(), "AIDABOBBY", false, false),
        (user(), "*", true, true),
        (user(), "111122223333", false, true),
        (federated_user(), alice, true, true),
        (federated_user(), "arn:aws:sts::111122223333:federated-user/bob", true, true),
        (federated_user(), "arn:aws:sts::111122223333:federated-user/eve", false, false),
        (role_session(None), session, true, true),
        (role_session(None), "arn:aws:sts::111122223333:assumed-role/r/t", false, false),
        (role_session(None), "AROAROLE", true, true),
        (role_session(None), "AROAOLD", false, false),
        (role_session(None), "arn:aws:iam::111122223333:role/r", true, true),
        (role_session(None), "arn:aws:iam::111122223333:role/any/path/r", true, true),
        (role_session(None), "arn:aws:iam::111122223333:role/R", true, true),
        (role_session(None), "arn:aws:iam::999988887777:role/r", false, false),
        (by_path(), "arn:aws:iam::111122223333:role/app/team/r", true, true),
        (by_path(), "arn:aws:iam::111122223333:role/r", false, true),
        (by_path(), "arn:aws:iam::111122223333:role/app/team/R", false, true),
        (by_path(), "arn:aws:iam::111122223333:role/q", false, false),
        (subject(), "*", true, true),
        (subject(), "111122223333", false, true),
        (subject(), "999988887777", false, false),
        (subject(), alice, false, false),
        (anonymous(), "*", true, true),
        (anonymous(), "111122223333", false, false),
    ];
    for (principal, name, allowed, denied) in &rows {
        assert_eq!(allows(principal, &[name]), *allowed, "allow {name} for {:?}", principal.caller);
        assert_eq!(
            denies(World::default(), principal, "Principal", &[name]),
            *denied,
            "deny {name} for {:?}",
            principal.caller
        );
    }
}

#[test]
fn all_kinds_of_names_count_together() {
    // The account alone only delegates; with the role beside it the role grants.
    assert!(allows(&role_session(None), &["111122223333", "arn:aws:iam::111122223333:role/r"]));
}

#[test]
fn not_principal_spares() {
    let alice = "arn:aws:iam::111122223333:user/alice";
    let role = "arn:aws:iam::111122223333:role/r";
    let session = "arn:aws:sts::111122223333:assumed-role/r/s";
    let account = "111122223333";
    // Who; who is listed; spared under `aws`; under `strict`.
    let rows: &[(Principal, &[&str], bool, bool)] = &[
        (user(), &[alice], true, false),
        (user(), &[account], true, false),
        (user(), &[alice, account], true, true),
        (user(), &["AIDAALICE", account], true, true),
        (user(), &[role], false, false),
        (user(), &["*"], true, true),
        (role_session(None), &[role], true, false),
        (role_session(None), &[session, role], true, false),
        (role_session(None), &[session, role, account], true, true),
        (role_session(Some("app/r")), &[role], true, false),
        (root(HOME), &[account], true, true),
        (root(HOME), &["999988887777"], false, false),
        (subject(), &[account], true, false),
        (anonymous(), &[account], false, false),
    ];
    for (principal, listed, aws, strict) in rows {
        let spared = |world| !denies(world, principal, "NotPrincipal", listed);
        assert_eq!(spared(World::default()), *aws, "{listed:?} for {:?}", principal.caller);
        assert_eq!(
            spared(World::default().strict()),
            *strict,
            "{listed:?} for {:?}, strict",
            principal.caller
        );
    }
}

#[test]
fn a_boundary_takes_the_exception_away() {
    let role = "arn:aws:iam::111122223333:role/r";
    let bounded = World::default().boundary(ALLOW_ALL);
    assert!(denies(bounded.clone(), &role_session(None), "NotPrincipal", &[role]));
    let group =
        World::default().attach(Layer::Boundary, 0, Target::Group("g".into()), Kind::Boundary, ALLOW_ALL);
    assert!(!denies(group.clone(), &role_session(None), "NotPrincipal", &[role]));
    assert!(denies(group, &role_session(None).in_group("g"), "NotPrincipal", &[role]));
}

#[test]
fn a_statement_without_principal_matches_nobody() {
    let world =
        World::default().identity(ALLOW_ALL).resource(r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#);
    check(&world, &user(), OBJECT, &[], "allow identity");
}
