//! Roles by OIDC providers, session tags of tokens, and chains of roles, on one deployment (SEMANTICS F18, G11, G12).

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage may fail loudly")]

use bailiwick::decide::sign_in::Hop;
use bailiwick::decide::{Identified, IdentityOptions, NotIdentified};
use bailiwick::identity::Claims;
use bailiwick::{Request, Tree};
use bailiwick_deployment::{Deployment, Files};

const MANIFEST: &str = r#"
account = "111122223333"

[[issuer]]
name = "ci"
kind = "github"

[[issuer]]
name = "staff"
kind = "oidc"
issuer = "https://id.example/t"

[[issuer]]
name = "strangers"
kind = "oidc"
issuer = "https://other.example"

[[issuer]]
name = "google"
kind = "google"

[[oidc_provider]]
issuer = "ci"
client_ids = ["sts.amazonaws.com"]

[[oidc_provider]]
issuer = "staff"
client_ids = ["web"]

[[oidc_provider]]
issuer = "google"
client_ids = ["g-client"]

[[role]]
arn = "arn:aws:iam::111122223333:role/deploy"
trust = "trust/ci.json"
policies = "policies/all.json"
tags = { Stage = "role", Own = "yes" }

[[role]]
arn = "arn:aws:iam::111122223333:role/staff"
trust = "trust/staff.json"
policies = "policies/all.json"
tags = { Project = "of the role" }

[[role]]
arn = "arn:aws:iam::111122223333:role/next"
trust = "trust/next.json"
policies = "policies/all.json"
tags = { Project = "of next", Kept = "yes" }

[[role]]
arn = "arn:aws:iam::111122223333:role/untagged"
trust = "trust/untagged.json"

[[role]]
arn = "arn:aws:iam::111122223333:role/google"
trust = "trust/google.json"
"#;

const POLICIES: [(&str, &str); 7] = [
    ("policies/all.json", r#"{"Effect": "Allow", "Action": ["s3:*", "sts:*"], "Resource": "*"}"#),
    (
        "trust/ci.json",
        r#"{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
            "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
                "StringLike": {"token.actions.githubusercontent.com:sub": "repo:shop/site:*"}}}"#,
    ),
    (
        "trust/staff.json",
        r#"{"Effect": "Allow",
            "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"],
            "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/id.example/t"},
            "Condition": {"StringEquals": {"id.example/t:aud": "web"},
                "StringEqualsIfExists": {"aws:RequestTag/Project": ["a", "b"]}}}"#,
    ),
    (
        "trust/next.json",
        r#"{"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}"#,
    ),
    (
        "trust/untagged.json",
        r#"{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}"#,
    ),
    (
        "trust/google.json",
        r#"{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": "accounts.google.com"},
            "Condition": {"StringEquals": {"accounts.google.com:aud": "g-client",
                "accounts.google.com:oaud": "g-backend"}}}"#,
    ),
    ("bailiwick.toml", MANIFEST),
];

fn deployment() -> Deployment {
    let files = POLICIES.map(|(name, text)| {
        let text = if name == "bailiwick.toml" {
            text.to_owned()
        } else {
            format!(r#"{{"Version": "2012-10-17", "Statement": {text}}}"#)
        };
        (name.to_owned(), text)
    });
    Deployment::new(&Files::new(files)).unwrap()
}

fn role(name: &str) -> String {
    format!("arn:aws:iam::111122223333:role/{name}")
}

fn take(claims: &str, name: &str) -> Result<Identified, NotIdentified> {
    let (deployment, role) = (deployment(), role(name));
    let claims = Claims::parse(claims).unwrap();
    let options = IdentityOptions {
        role: (!name.is_empty()).then_some(role.as_str()),
        session_name: Some("job-1"),
        now: Some("2026-11-23T08:00:00Z"),
        ..IdentityOptions::default()
    };
    let found = deployment.principal_from_claims(&claims, options);
    // The artifact says the same.
    let loaded = Tree::from_bytes(&deployment.tree().to_bytes()).unwrap();
    let other = loaded.identify(&claims, options);
    let words = |found: &Result<Identified, NotIdentified>| match found {
        Ok(found) => format!("{:?}", found.principal),
        Err(refused) => refused.to_string(),
    };
    assert_eq!(words(&found), words(&other));
    found
}

/// The keys of the session that a prefix begins, sorted.
fn keys(found: &Identified, prefix: &str) -> Vec<String> {
    let keys = found.principal.context.iter().filter(|(key, _)| key.starts_with(prefix));
    let mut keys: Vec<String> = keys
        .map(|(key, value)| match value {
            bailiwick::request::ContextValue::Text(text) => format!("{key}={text}"),
            other => format!("{key}={other:?}"),
        })
        .collect();
    keys.sort();
    keys
}

const CI: &str = r#"{"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
    "sub": "repo:shop/site:ref:refs/heads/main", "repository": "shop/site", "repository_owner": "shop"}"#;

#[test]
fn a_job_takes_the_role_that_trusts_its_repository() {
    let found = take(CI, "deploy").unwrap();
    let steps: Vec<&str> = found.chain.iter().map(|step| step.name).collect();
    assert_eq!(steps, ["provider", "role", "trust policy", "session"]);
    assert_eq!(
        keys(&found, "token.actions"),
        [
            "token.actions.githubusercontent.com:aud=sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub=repo:shop/site:ref:refs/heads/main"
        ],
        "of the provider's keys `aud`, `sub` and `amr` stay"
    );
    assert_eq!(keys(&found, "aws:PrincipalTag"), ["aws:PrincipalTag/Own=yes", "aws:PrincipalTag/Stage=role"]);
    assert_eq!(found.principal.role_arn().as_deref(), Some(&*role("deploy")));
    let request = Request::new("sts:GetCallerIdentity", "*").unwrap();
    assert!(deployment().tree().decide(&found.principal, &request).is_allowed());
}

#[test]
fn what_a_provider_does_not_vouch_for_is_refused() {
    let other = |from: &str, to: &str| CI.replace(from, to);
    let staff = |rest: &str| format!(r#"{{"iss": "https://id.example/t", "sub": "u-1", {rest}}}"#);
    let rows: &[(String, &str, &str)] = &[
        (other("shop/site:ref", "shop/other:ref"), "deploy", "E113"),
        (other("\"sts.amazonaws.com\"", "\"https://github.com/shop\""), "deploy", "E109"),
        (other("\"sts.amazonaws.com\"", "[\"sts.amazonaws.com\", \"x\"]"), "deploy", "E109"),
        (CI.to_owned(), "staff", "E113"),
        (CI.to_owned(), "nobody", "E113"),
        // J118: `aud` is who the token was given to, `azp` before `aud`.
        (staff(r#""aud": "web", "azp": "api""#), "staff", "E109"),
        (staff(r#""aud": "api", "azp": "web""#), "staff", ""),
        (staff(r#""aud": ["web"]"#), "staff", ""),
        (staff(r#""sub2": 1"#), "staff", "E109"),
        // A role is asked for, and nobody can give one.
        (r#"{"iss": "https://other.example", "sub": "u", "aud": "web"}"#.to_owned(), "staff", "E115"),
        (r#"{"iss": "https://other.example", "sub": "u", "aud": "web"}"#.to_owned(), "", ""),
        // Google: `aud` and `oaud` are two keys.
        (
            r#"{"iss": "accounts.google.com", "sub": "1", "aud": "g-backend", "azp": "g-client"}"#.to_owned(),
            "google",
            "",
        ),
        (
            r#"{"iss": "https://accounts.google.com", "sub": "1", "aud": "g-client"}"#.to_owned(),
            "google",
            "E113",
        ),
    ];
    for (claims, role, code) in rows {
        let found = take(claims, role);
        let got = found.as_ref().err().map_or("", |refused| refused.diagnostics.list[0].code.0);
        assert_eq!(got, *code, "{claims} {role}: {found:?}");
    }
}

#[test]
fn tags_of_a_token_become_tags_of_the_session() {
    let staff =
        |tags: &str| format!(r#"{{"iss": "https://id.example/t", "sub": "u", "aud": "web", {tags}}}"#);
    let nested = |inner: &str| staff(&format!(r#""https://aws.amazon.com/tags": {inner}"#));
    let flat = |tail: &str, value: &str| format!(r#""https://aws.amazon.com/tags{tail}": {value}"#);
    let project = "aws:PrincipalTag/Project=a";
    let rows: &[(String, &str, &[&str])] = &[
        (nested(r#"{"principal_tags": {"Project": ["a"]}}"#), "", &[project]),
        (
            nested(r#"{"principal_tags": {"Project": "a"}, "transitive_tag_keys": ["project"]}"#),
            "",
            &[project],
        ),
        (staff(&flat("/principal_tags/Project", "\"a\"")), "", &[project]),
        (staff(&flat("/principal_tags/Project", "[\"a\"]")), "", &[project]),
        (nested(r#"{"principal_tags": {"Project": "c"}}"#), "E113", &[]),
        (nested(r#"{"principal_tags": {"Project": []}}"#), "E118", &[]),
        (nested(r#"{"principal_tags": {"Project": ["a", "b"]}}"#), "E118", &[]),
        (nested(r#"{"principal_tags": ["Project"]}"#), "E118", &[]),
        (nested(r#"{"principal_tags": {"Project": "a"}, "transitive_tag_keys": ["Team"]}"#), "E118", &[]),
        (nested(r#"{"principal_tags": {"Project": "auth0|1"}}"#), "E110", &[]),
        (nested(r#"{"principal_tags": {"aws:x": "1"}}"#), "E110", &[]),
        (nested(r#"{"principal_tags": {"Project": "a", "project": "b"}}"#), "E110", &[]),
        (nested(r#"{"tags": {"Project": "a"}}"#), "E118", &[]),
        (nested("\"Project=a\""), "E118", &[]),
        (
            staff(&format!(
                "{}, {}",
                flat("", r#"{"principal_tags": {"Project": "a"}}"#),
                flat("/principal_tags/Project", "\"a\"")
            )),
            "E118",
            &[],
        ),
        (staff(&flat("/principal_tag/Project", "\"a\"")), "E118", &[]),
    ];
    for (claims, code, tags) in rows {
        let found = take(claims, "staff");
        let got = found.as_ref().err().map_or("", |refused| refused.diagnostics.list[0].code.0);
        assert_eq!(got, *code, "{claims}: {found:?}");
        if let Ok(found) = found {
            assert_eq!(keys(&found, "aws:PrincipalTag"), *tags, "{claims}");
        }
    }
    // A tag needs `sts:TagSession`, a source identity `sts:SetSourceIdentity`: the trust policy of `deploy` has neither.
    let ci = |more: &str| CI.replacen('{', &format!("{{{more}, "), 1);
    for more in [
        flat("/principal_tags/Project", "\"a\""),
        r#""https://aws.amazon.com/source_identity": "maria""#.to_owned(),
    ] {
        let refused = take(&ci(&more), "deploy").unwrap_err();
        assert_eq!(refused.diagnostics.list[0].code.0, "E113", "{more}");
    }
}

fn staff() -> Identified {
    let claims = r#"{"iss": "https://id.example/t", "sub": "u", "aud": "web",
        "https://aws.amazon.com/source_identity": "maria",
        "https://aws.amazon.com/tags": {"principal_tags": {"Project": "a", "Team": "red"},
            "transitive_tag_keys": ["Project"]}}"#;
    take(claims, "staff").unwrap()
}

fn next(from: &Identified, to: &Hop) -> Result<Identified, NotIdentified> {
    let deployment = deployment();
    let tree = deployment.tree();
    let by_tree = deployment.identities.hop(from, to, None, |who, request| tree.decide(who, request));
    let by_words = deployment
        .identities
        .hop(from, to, None, |who, request| bailiwick::explain(&deployment.set, who, request).decision);
    assert_eq!(format!("{by_tree:?}"), format!("{by_words:?}"));
    by_tree
}

fn hop(name: &str) -> Hop {
    Hop { role: role(name), session_name: "hop".to_owned(), ..Hop::default() }
}

#[test]
fn transitive_tags_and_the_source_identity_go_along() {
    let first = staff();
    assert_eq!(first.transitive, ["Project"]);
    let second = next(&first, &hop("next")).unwrap();
    assert_eq!(
        keys(&second, "aws:PrincipalTag"),
        ["aws:PrincipalTag/Kept=yes", "aws:PrincipalTag/Project=a"],
        "the transitive tag goes before the role's own, the other one stays behind"
    );
    assert_eq!(keys(&second, "aws:SourceIdentity"), ["aws:SourceIdentity=maria"]);
    assert!(keys(&second, "id.example").is_empty(), "a provider's keys stay behind");
    let third = next(&second, &hop("next")).unwrap();
    assert_eq!(keys(&third, "aws:PrincipalTag"), keys(&second, "aws:PrincipalTag"));
}

#[test]
fn what_the_chain_has_settled_cannot_be_set_again() {
    let first = staff();
    let with_tag = |key: &str, value: &str| Hop { tags: vec![(key.into(), value.into())], ..hop("next") };
    let identity = |name: &str| Hop { source_identity: Some(name.into()), ..hop("next") };
    let transitive = Hop { transitive: vec!["Team".into()], ..hop("next") };
    let rows: &[(Hop, &str)] = &[
        // J129.
        (with_tag("project", "b"), "E117"),
        (with_tag("Project", "a"), "E117"),
        (with_tag("Team", "blue"), ""),
        (with_tag("Team", "a|b"), "E110"),
        (identity("joe"), "E117"),
        (identity("maria"), ""),
        (transitive, "E117"),
        // The call carries inherited tags and the source identity, and this trust policy allows neither.
        (hop("untagged"), "E113"),
        (Hop { session_name: "a b".into(), ..hop("next") }, "E112"),
        (Hop { role: "arn:aws:iam::111122223333:user/next".into(), ..hop("next") }, "E112"),
        (hop("nobody"), "E113"),
    ];
    for (to, code) in rows {
        let found = next(&first, to);
        let got = found.as_ref().err().map_or("", |refused| refused.diagnostics.list[0].code.0);
        assert_eq!(got, *code, "{to:?}: {found:?}");
    }
}
