use super::cognito_identity_pool::{Ambiguous, IdentityPool, Matching, PoolProvider, RoleMapping, Rule};
use super::*;
use crate::Profile;
use crate::request::Caller;
use crate::source::Diagnostics;
use crate::value::{Arity, Held, KeyName};

fn claims(text: &str) -> Claims {
    Claims::parse(text).unwrap()
}

fn codes(result: Result<impl Sized, impl Into<Diagnostics>>) -> Vec<&'static str> {
    match result {
        Ok(_) => Vec::new(),
        Err(refused) => refused.into().list.iter().map(|diagnostic| diagnostic.code.0).collect(),
    }
}

/// What stands under a key: `-` nothing, `?` unknown, a list with `|`.
fn held(mapping: &Mapping, text: &str, key: &str) -> String {
    let principal = mapping.principal(&claims(text)).unwrap();
    match principal.context.get(&KeyName::new(key)) {
        Held::Missing => "-".to_owned(),
        Held::One(text) => text.to_owned(),
        Held::Many(list) => format!("[{}]", list.join("|")),
        Held::Unknown => "?".to_owned(),
        Held::Ambiguous => "!".to_owned(),
    }
}

#[test]
fn claims_are_read_strictly() {
    let rows: &[(&str, &[&str])] = &[
        (r#"{"sub": "a"}"#, &[]),
        (r#"["sub"]"#, &["E100"]),
        ("null", &["E100"]),
        (r#"{"sub": "a", "sub": "b"}"#, &["E101"]),
        (r#"{"a": {"b": [{"c": 1, "c": 1}]}}"#, &["E101"]),
        (r#"{"a": 1, "a": 2, "a": 3}"#, &["E101", "E101"]),
        // Names differ by case: two claims.
        (r#"{"sub": "a", "Sub": "b"}"#, &[]),
    ];
    for (text, expected) in rows {
        assert_eq!(codes(Claims::parse(*text)), *expected, "{text}");
    }
    assert_eq!(codes(Claims::parse("{\"sub\": ")).len(), 1);
}

#[test]
fn paths_are_json_pointers() {
    let text = r#"{"a.b": {"c/d": "1", "e~f": "2"}, "list": ["x", "y"], "": "3", "null": null, "n": 1.50}"#;
    let rows = [
        ("/a.b/c~1d", Some("1")),
        ("/a.b/e~0f", Some("2")),
        ("/list/1", Some("y")),
        ("/list/01", None),
        ("/list/2", None),
        ("/list/-", None),
        ("/", Some("3")),
        ("/null", None),
        ("/a/b", None),
        // Numbers keep their text.
        ("/n", Some("1.50")),
    ];
    let claims = claims(text);
    for (path, expected) in rows {
        let path = ClaimPath::new(path).unwrap();
        let found = claims.get(&path).and_then(|node| super::claims::scalar(&node.value));
        assert_eq!(found, expected, "{path}");
        assert_eq!(ClaimPath::new(&path.to_string()), Ok(path));
    }
    for wrong in ["", "sub", "realm_access.roles", "/a~2", "/a~"] {
        assert!(ClaimPath::new(wrong).is_err(), "{wrong}");
    }
    let error = ClaimPath::new("https://shop.example/org").unwrap_err();
    assert_eq!(error.meant.to_string(), "/https:~1~1shop.example~1org");
}

#[test]
fn each_key_has_its_source() {
    let oidc = Mapping::oidc("https://i");
    let entra = Mapping::entra("T");
    let base = r#""iss": "https://i", "sub": "s""#;
    let rows: &[(&Mapping, &str, &str, &str)] = &[
        (&oidc, "", "token:groups", "-"),
        (&oidc, r#", "groups": null"#, "token:groups", "-"),
        (&oidc, r#", "groups": []"#, "token:groups", "[]"),
        (&oidc, r#", "groups": ["a,b", "c"]"#, "token:groups", "[a,b|c]"),
        (&oidc, r#", "groups": "a,b""#, "token:groups", "[a,b]"),
        (&oidc, r#", "scope": "openid email""#, "token:scopes", "[openid|email]"),
        (&oidc, r#", "scp": ["read all", "x"]"#, "token:scopes", "[read all|x]"),
        (&oidc, r#", "scope": "a", "scp": "b""#, "token:scopes", "[a]"),
        (&oidc, r#", "amr": ["pwd", "mfa"]"#, "token:amr", "[pwd|mfa]"),
        (&oidc, r#", "aud": "x""#, "token:aud", "x"),
        (&oidc, r#", "aud": ["x", "y"]"#, "token:aud", "[x|y]"),
        (&oidc, "", "token:sub", "s"),
        (&oidc, "", "token:iss", "https://i"),
        (&oidc, "", "token:tenant", "-"),
        // A token cannot name keys of its own (SEMANTICS E3).
        (&oidc, r#", "aws:PrincipalOrgID": "o-1", "token:tenant": "t""#, "aws:PrincipalOrgID", "-"),
        (&oidc, r#", "token:tenant": "t""#, "token:tenant", "-"),
        (&oidc, r#", "aws:PrincipalType": "Account""#, "aws:PrincipalType", "Subject"),
    ];
    for (mapping, more, key, expected) in rows {
        assert_eq!(held(mapping, &format!("{{{base}{more}}}"), key), *expected, "{more} {key}");
    }
    let token = r#"{"iss": "https://login.microsoftonline.com/T/v2.0", "tid": "T", "oid": "o", "sub": "p", "roles": ["r"]"#;
    assert_eq!(held(&entra, &format!("{token}}}"), "token:roles"), "[r]");
    assert_eq!(held(&entra, &format!("{token}}}"), "token:tenant"), "T");
}

#[test]
fn groups_that_were_left_out_are_unknown() {
    let token = r#"{"iss": "https://sts.windows.net/T/", "tid": "T", "oid": "o""#;
    let rows = [
        ("", true, "-"),
        (r#", "groups": ["g"]"#, true, "[g]"),
        (r#", "_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {}}"#, false, "?"),
        (r#", "_claim_names": {"other": "src1"}"#, true, "-"),
        (r#", "hasgroups": true"#, false, "?"),
        (r#", "hasgroups": false"#, true, "-"),
    ];
    for (more, known, key) in rows {
        let text = format!("{token}{more}}}");
        let principal = Mapping::entra("T").principal(&claims(&text)).unwrap();
        assert_eq!(principal.groups_known, known, "{more}");
        assert_eq!(held(&Mapping::entra("T"), &text, "token:groups"), key, "{more}");
    }
}

#[test]
fn refusals_name_their_reason() {
    let cognito = Mapping { audiences: vec!["app".to_owned()], ..Mapping::cognito() };
    let oidc = Mapping::oidc("https://i");
    let entra = Mapping::entra("T");
    let rows: &[(&Mapping, &str, &[&str])] = &[
        (&cognito, r#"{"iss": "p", "sub": "s", "aud": "app", "token_use": "id"}"#, &[]),
        (&cognito, r#"{"iss": "p", "sub": "s", "client_id": "app", "token_use": "access"}"#, &[]),
        (&cognito, r#"{"iss": "p", "sub": "s", "aud": "app"}"#, &["E108"]),
        (&cognito, r#"{"iss": "p", "sub": "s", "aud": "app", "token_use": "refresh"}"#, &["E108"]),
        (&cognito, r#"{"iss": "p", "sub": "s", "aud": "other", "token_use": "id"}"#, &["E109"]),
        (&cognito, r#"{"iss": "p", "sub": "s", "token_use": "id"}"#, &["E109"]),
        (&oidc, r#"{"iss": "https://i/", "sub": "s"}"#, &["E104"]),
        (&oidc, r#"{"sub": "s"}"#, &["E104"]),
        (&oidc, r#"{"iss": "https://i"}"#, &["E105"]),
        (&oidc, r#"{"iss": "https://i", "sub": null}"#, &["E105"]),
        (&oidc, r#"{"iss": "https://i", "sub": ""}"#, &["E106"]),
        (&oidc, r#"{"iss": "https://i", "sub": "s", "groups": [{"n": 1}]}"#, &["E106"]),
        (&oidc, r#"{"iss": "https://i", "sub": "s", "groups": ["a", null]}"#, &["E106"]),
        (&entra, r#"{"iss": "https://sts.windows.net/T/", "tid": "U", "oid": "o"}"#, &["E114"]),
        (&entra, r#"{"iss": "https://sts.windows.net/T/", "oid": "o"}"#, &["E114"]),
        // The subject is `oid`, never the mutable names.
        (&entra, r#"{"iss": "https://sts.windows.net/T/", "tid": "T", "sub": "s", "upn": "u"}"#, &["E105"]),
    ];
    for (mapping, text, expected) in rows {
        assert_eq!(codes(mapping.principal(&claims(text))), *expected, "{text}");
    }
    let many = format!(r#"{{"iss": "https://i", "sub": "s", "groups": [{}"g"]}}"#, r#""g","#.repeat(10_000));
    assert_eq!(codes(oidc.principal(&claims(&many))), ["E102"]);
}

#[test]
fn declared_keys_hold_their_arity() {
    let rule = |arity, presence| {
        let mut mapping = Mapping::oidc("https://i");
        let claim = ClaimPath::of(["plan"]);
        mapping.keys.push(KeyRule { name: "shop:plan".to_owned(), claim, arity, presence });
        mapping
    };
    let token = |more: &str| format!(r#"{{"iss": "https://i", "sub": "s"{more}}}"#);
    let optional = |arity| rule(arity, Presence::Optional);
    assert_eq!(held(&optional(Arity::One), &token(r#", "plan": "pro""#), "shop:plan"), "pro");
    assert_eq!(held(&optional(Arity::One), &token(r#", "plan": """#), "shop:plan"), "");
    assert_eq!(held(&optional(Arity::One), &token(r#", "plan": true"#), "shop:plan"), "true");
    assert_eq!(held(&optional(Arity::One), &token(""), "shop:plan"), "-");
    assert_eq!(held(&optional(Arity::Many), &token(r#", "plan": ["a"]"#), "shop:plan"), "[a]");
    let default = Presence::Default(vec!["free".to_owned()]);
    assert_eq!(held(&rule(Arity::One, default.clone()), &token(""), "shop:plan"), "free");
    assert_eq!(held(&rule(Arity::Many, default.clone()), &token(r#", "plan": null"#), "shop:plan"), "[free]");
    assert_eq!(held(&rule(Arity::One, default), &token(r#", "plan": "pro""#), "shop:plan"), "pro");
    let refused = |mapping: &Mapping, more| codes(mapping.principal(&claims(&token(more))));
    assert_eq!(refused(&optional(Arity::One), r#", "plan": ["a"]"#), ["E106"]);
    assert_eq!(refused(&optional(Arity::Many), r#", "plan": "a""#), ["E106"]);
    assert_eq!(refused(&rule(Arity::One, Presence::Required), ""), ["E105"]);
    for reserved in
        ["aws:PrincipalArn", "AWS:username", "sts:x", "saml:sub", "token:groups", "www.amazon.com:app_id"]
    {
        let mut mapping = optional(Arity::One);
        mapping.keys.iter_mut().for_each(|rule| reserved.clone_into(&mut rule.name));
        assert_eq!(refused(&mapping, r#", "plan": "pro""#), ["E107"], "{reserved}");
    }
}

#[test]
fn a_list_is_no_tag() {
    let mut mapping = Mapping::oidc("https://i");
    mapping.tags.push(TagRule { tag: "team".to_owned(), claim: ClaimPath::of(["team"]), required: false });
    let list = claims(r#"{"iss": "https://i", "sub": "s", "team": ["a"], "extra": 1}"#);
    let mapped = mapping.map(&list).unwrap();
    assert!(!mapped.principal.context.contains(&KeyName::new("aws:PrincipalTag/team")));
    let lost = ClaimFate::Dropped { target: "aws:PrincipalTag/team".to_owned(), why: Loss::NotOneValue };
    let fates: Vec<(&str, &[ClaimFate])> =
        mapped.report.iter().map(|entry| (entry.claim.as_str(), entry.fates.as_slice())).collect();
    let expected: [(&str, &[ClaimFate]); 4] = [
        ("iss", &[ClaimFate::Checked, ClaimFate::Key("token:iss".to_owned())]),
        ("sub", &[ClaimFate::Subject, ClaimFate::Key("token:sub".to_owned())]),
        ("team", &[lost]),
        ("extra", &[]),
    ];
    assert_eq!(fates, expected);
    mapping.profile = Profile::Strict;
    assert_eq!(codes(mapping.principal(&list)), ["E111"]);
    let one = claims(r#"{"iss": "https://i", "sub": "s", "team": "a|b"}"#);
    let principal = mapping.principal(&one).unwrap();
    // Bearers without a role are not bound by the limits of session tags.
    assert!(matches!(principal.context.get(&KeyName::new("aws:PrincipalTag/team")), Held::One("a|b")));
}

#[test]
fn session_tags_are_refused_rather_than_dropped() {
    let rows = [
        ("team", "red", true),
        ("team", "", true),
        ("team", "a b_.:/=+-@", true),
        ("auth", "auth0|1", false),
        ("te,am", "x", false),
        ("aws:team", "x", false),
        ("AWS:team", "x", false),
        ("", "x", false),
    ];
    for (key, value, fits) in rows {
        assert_eq!(check_session_tag(key, value).is_ok(), fits, "{key}={value}");
    }
    assert!(check_session_tag(&"k".repeat(128), &"v".repeat(256)).is_ok());
    assert!(check_session_tag(&"k".repeat(129), "v").is_err());
    assert!(check_session_tag("k", &"v".repeat(257)).is_err());
    let mut tags = SessionTags::default();
    assert!(tags.add("Team", "a").is_ok() && tags.add("team", "b").is_err());
    for i in 1..50 {
        tags.add(&i.to_string(), "x").unwrap();
    }
    assert_eq!((tags.len(), tags.add("one-more", "x").is_err()), (50, true));
}

fn pool(roles: RoleMapping) -> IdentityPool {
    let provider = PoolProvider { issuer: "https://i".to_owned(), roles, tags: Vec::new() };
    IdentityPool {
        id: "r:pool".to_owned(),
        authenticated_role: Some("default".to_owned()),
        unauthenticated_role: None,
        providers: vec![provider],
    }
}

fn chosen(pool: &IdentityPool, token: &str, custom: Option<&str>) -> String {
    let choice = pool.choose(&pool.providers[0], &claims(token), custom);
    choice.map_or_else(|refusal| refusal.code.0.to_owned(), |choice| choice.role)
}

#[test]
fn roles_are_chosen_as_the_table_says() {
    use Ambiguous::{AuthenticatedRole, Deny};
    let token = |ambiguous| RoleMapping::Token { ambiguous };
    let rows = [
        (RoleMapping::Default, "{}", None, "default"),
        (RoleMapping::Default, r#"{"cognito:roles": ["r1"]}"#, Some("r1"), "E112"),
        (token(Deny), r#"{"cognito:preferred_role": "r2", "cognito:roles": ["r1", "r2"]}"#, None, "r2"),
        (token(Deny), r#"{"cognito:preferred_role": "r2", "cognito:roles": ["r1", "r2"]}"#, Some("r1"), "r1"),
        (token(Deny), r#"{"cognito:roles": ["r1", "r2"]}"#, Some("r3"), "E112"),
        (token(Deny), r#"{"cognito:roles": ["r1", "r2"]}"#, None, "E112"),
        (token(AuthenticatedRole), r#"{"cognito:roles": ["r1", "r2"]}"#, None, "default"),
        (token(AuthenticatedRole), "{}", None, "default"),
        // A string is roles only where it is ARNs (SEMANTICS X13).
        (token(Deny), r#"{"cognito:roles": "arn:a,arn:b"}"#, Some("arn:b"), "arn:b"),
        (token(Deny), r#"{"cognito:roles": "r1,r2"}"#, Some("r1"), "E112"),
    ];
    for (roles, text, custom, expected) in rows {
        assert_eq!(chosen(&pool(roles.clone()), text, custom), expected, "{roles:?} {text} {custom:?}");
    }
}

#[test]
fn rules_compare_text_and_the_first_match_wins() {
    let rule = |claim: &str, matching, value: &str, role: &str| Rule {
        claim: claim.to_owned(),
        matching,
        value: value.to_owned(),
        role: role.to_owned(),
    };
    let one = |matching, value| {
        pool(RoleMapping::Rules {
            rules: vec![rule("c", matching, value, "hit")],
            ambiguous: Ambiguous::Deny,
        })
    };
    let rows = [
        (Matching::Equals, "HR", r#"{"c": "HR"}"#, true),
        (Matching::Equals, "HR", r#"{"c": "hr"}"#, false),
        (Matching::Contains, "R", r#"{"c": "HRx"}"#, true),
        (Matching::StartsWith, "H", r#"{"c": "HR"}"#, true),
        (Matching::StartsWith, "R", r#"{"c": "HR"}"#, false),
        (Matching::NotEqual, "HR", r#"{"c": "IT"}"#, true),
        // A rule whose claim is missing is not evaluated, NotEqual included.
        (Matching::NotEqual, "HR", "{}", false),
        (Matching::NotEqual, "HR", r#"{"c": null}"#, false),
        (Matching::Equals, "a", r#"{"c": ["a", "b"]}"#, true),
        (Matching::NotEqual, "a", r#"{"c": ["a", "b"]}"#, false),
        (Matching::NotEqual, "z", r#"{"c": ["a", "b"]}"#, true),
        (Matching::Equals, "true", r#"{"c": true}"#, true),
        (Matching::Equals, "1.0", r#"{"c": 1.0}"#, true),
        (Matching::NotEqual, "a", r#"{"c": {"d": "b"}}"#, false),
    ];
    for (matching, value, text, hit) in rows {
        let expected = if hit { "hit" } else { "E112" };
        assert_eq!(chosen(&one(matching, value), text, None), expected, "{matching:?} {value} {text}");
    }
    // SEMANTICS J 113, 114.
    let rules = vec![
        rule("custom:dept", Matching::NotEqual, "HR", "R1"),
        rule("email", Matching::Equals, "a@b", "R2"),
        rule("email", Matching::StartsWith, "a", "R3"),
    ];
    let pool = pool(RoleMapping::Rules { rules, ambiguous: Ambiguous::AuthenticatedRole });
    assert_eq!(chosen(&pool, r#"{"email": "a@b"}"#, None), "R2");
    assert_eq!(chosen(&pool, r#"{"email": "a@b"}"#, Some("R3")), "R3");
    assert_eq!(chosen(&pool, r#"{"email": "a@b"}"#, Some("R1")), "E112");
    assert_eq!(chosen(&pool, r#"{"email": "z"}"#, None), "default");
}

#[test]
fn issuer_and_subject_name_the_bearer() {
    let rows = [
        (
            Mapping::okta("https://o/oauth2/d"),
            r#"{"iss": "https://o/oauth2/d", "sub": "a@b", "uid": "00u1"}"#,
            "00u1",
        ),
        (Mapping::okta("https://o/oauth2/d"), r#"{"iss": "https://o/oauth2/d", "sub": "00u1"}"#, "00u1"),
        (Mapping::google(), r#"{"iss": "accounts.google.com", "sub": "1"}"#, "1"),
        (Mapping::apple(), r#"{"iss": "https://appleid.apple.com", "sub": "2"}"#, "2"),
        (Mapping::facebook(), r#"{"iss": "https://www.facebook.com", "sub": "3"}"#, "3"),
        (
            Mapping::amazon(),
            r#"{"iss": "https://www.amazon.com", "user_id": "amzn1.account.K"}"#,
            "amzn1.account.K",
        ),
        (
            Mapping::auth0("https://t/"),
            r#"{"iss": "https://t/", "sub": "auth0|1", "org_id": "org_1"}"#,
            "auth0|1",
        ),
        (Mapping::keycloak("my.app"), r#"{"iss": "https://k/realms/r", "sub": "u"}"#, "u"),
    ];
    for (mapping, text, expected) in rows {
        let principal = mapping.principal(&claims(text)).unwrap();
        let Caller::Subject { subject, .. } = &principal.caller else { unreachable!() };
        assert_eq!(subject, expected, "{text}");
    }
    let token =
        r#"{"iss": "https://k/realms/r", "sub": "u", "resource_access": {"my.app": {"roles": ["r"]}}}"#;
    assert_eq!(held(&Mapping::keycloak("my.app"), token, "token:client_roles"), "[r]");
}
