//! What is wrong with a folder is said at once, with its place and remedy.

use bailiwick::identity::Claims;
use bailiwick::request::Caller;
use bailiwick_deployment::{Deployment, Exchange, Files, IdentityOptions, Scenario, starter};

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;
const ISSUER: &str = "[[issuer]]\nname = \"users\"\nissuer = \"https://i\"\n";

/// `CODE line:column remedy` for each finding.
fn findings(manifest: &str, files: &[(&str, &str)]) -> Vec<String> {
    let files = [("bailiwick.toml", manifest), ("p.json", POLICY)].into_iter().chain(files.iter().copied());
    match Deployment::new(&Files::new(files)) {
        Ok(_) => Vec::new(),
        Err(error) => error
            .problems
            .iter()
            .flat_map(|diagnostics| diagnostics.list.iter().map(move |it| (diagnostics, it)))
            .map(|(diagnostics, it)| {
                let (line, column) = diagnostics.source.position(it.span().start as usize);
                format!("{} {line}:{column} {}", it.code.0, it.help.as_deref().unwrap_or("no remedy"))
            })
            .collect(),
    }
}

#[test]
fn each_mistake_is_refused() {
    let rows: &[(&str, &str)] = &[
        ("account = 1 2", "E150"),
        ("acount = \"111122223333\"", "E151"),
        ("[[role]]\narn = \"arn:aws:iam::111122223333:role/a\"\nboundry = \"p.json\"", "E151"),
        ("[[group]]\npolicies = \"p.json\"", "E152"),
        ("[[endpoint]]\nid = \"vpce-1\"", "E152"),
        ("account = 111122223333", "E153"),
        ("profile = \"Strict\"", "E153"),
        ("[[everyone]]\npolicies = \"p.json\"", "E153"),
        ("[everyone]\npolicies = \"q.json\"", "E154"),
        ("[everyone]\npolicies = [\"none/*.json\"]", "E154"),
        ("[[subject]]\nissuer = \"nobody\"\nsubject = \"s\"", "E156"),
        ("[[identity_pool]]\nid = \"p\"\nauthenticated_role = \"arn:aws:iam::111122223333:role/x\"", "E156"),
        ("[[group]]\nname = \"a\"\n[[group]]\nname = \"a\"", "E157"),
        ("account = \"1234\"", "E158"),
        ("[[role]]\narn = \"app\"", "E158"),
        ("[[role]]\narn = \"arn:aws:iam::111122223333:role/*\"", "E158"),
        ("[[resource]]\npattern = \"shop-*\"\npolicies = []", "E158"),
    ];
    for (manifest, code) in rows {
        let found = findings(manifest, &[]);
        assert!(found.len() == 1 && found[0].starts_with(code), "{manifest}\n{found:?}");
        assert!(!found[0].ends_with("no remedy"), "{found:?}");
    }
    let issuer: &[(&str, &str)] = &[
        ("groups = \"groups\"", "E103"),
        ("[[issuer.key]]\nname = \"aws:PrincipalArn\"\nclaim = \"/arn\"", "E107"),
        ("required_tags = [\"org\"]", "E156"),
        ("[[issuer]]\nname = \"other\"\nissuer = \"https://i\"", "E157"),
    ];
    for (more, code) in issuer {
        let found = findings(&format!("{ISSUER}{more}"), &[]);
        assert!(found.len() == 1 && found[0].starts_with(code), "{more}\n{found:?}");
    }
}

#[test]
fn all_mistakes_come_at_once_and_name_the_place() {
    let manifest =
        "profil = \"aws\"\n[everyone]\npolicies = [\"q.json\", \"bad.json\"]\nboundary = \"bad.json\"";
    let bad =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "allow", "Action": "s3:*", "Resource": "*"}}"#;
    let found = findings(manifest, &[("bad.json", bad)]);
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(found[0], "E151 1:1 did you mean `profile`?");
    assert_eq!(found[1], "E154 3:13 did you mean `p.json`?");
    // The policy is refused in both its uses, by its own diagnostics.
    assert!(found[2].starts_with("E0") && found[3].starts_with("E0"), "{found:?}");
}

#[test]
fn a_good_folder_has_no_findings() {
    assert_eq!(findings("", &[]), Vec::<String>::new());
    assert_eq!(findings("[everyone]\npolicies = [\"*.json\"]\nboundary = []", &[]), Vec::<String>::new());
    assert!(
        Deployment::new(&Files::new([("policies/p.json", POLICY)])).unwrap_err().to_string().contains("E159")
    );
}

#[test]
fn tokens_of_strangers_are_not_read() {
    let deployment = Deployment::new(&Files::new(starter())).unwrap();
    let claims = Claims::parse(r#"{"iss": "https://id.example.com/", "sub": "s", "aud": "photos"}"#).unwrap();
    let refused = deployment.principal_from_claims(&claims, IdentityOptions::default()).unwrap_err();
    let found = &refused.diagnostics.list[0];
    assert_eq!(found.code.0, "E160");
    assert!(found.help.as_deref().unwrap().contains("`https://id.example.com`"), "{found:?}");
    assert!(deployment.guest(IdentityOptions::default()).is_err());
}

#[test]
fn the_exchange_can_be_left_out() {
    let shop = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shop");
    let deployment = Deployment::load(&shop).unwrap();
    let text = std::fs::read_to_string(shop.join("claims/seller.json")).unwrap();
    let claims = Claims::parse(text.as_str()).unwrap();
    let session = deployment.principal_from_claims(&claims, IdentityOptions::default()).unwrap();
    assert!(matches!(session.principal.caller, Caller::RoleSession { .. }));
    let steps: Vec<&str> = session.chain.iter().map(|step| step.name).collect();
    assert_eq!(steps, ["provider", "role", "tags", "trust policy", "trust policy", "session"]);
    let options = IdentityOptions { exchange: Exchange::Never, ..IdentityOptions::default() };
    let subject = deployment.principal_from_claims(&claims, options).unwrap();
    assert!(matches!(subject.principal.caller, Caller::Subject { .. }) && subject.chain.is_empty());
    assert_eq!(subject.principal.groups, ["sellers"]);
}

#[test]
fn scenarios_keep_the_text_of_documents() {
    let case = |policies: &str, expect: &str| {
        let text = format!(
            r#"{{"id": "1", "policies": {policies}, "request": {{"principal": "alice", "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k", "resourceAccount": "111122223333"}}, "expect": "{expect}", "extra": 1}}"#
        );
        Scenario::parse(&text.as_str().into()).map(|case| case.run().got.name())
    };
    let allow =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let twice = r#"{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let rows = [
        (format!(r#"{{"identity": [{allow}]}}"#), "allowed"),
        (format!(r#"{{"identity": {allow}}}"#), "allowed"),
        ("{}".to_owned(), "implicitDeny"),
        // A repeated member is the document's fault, not the case's.
        (format!(r#"{{"identity": [{twice}]}}"#), "error"),
        (r#"{"identity": ["{}"]}"#.to_owned(), "error"),
        (format!(r#"{{"identity": [{allow}], "boundary": []}}"#), "implicitDeny"),
        (format!(r#"{{"identity": [{allow}], "scp": [[{allow}], []]}}"#), "implicitDeny"),
        (format!(r#"{{"identity": [{allow}], "scp": [[{allow}], [{allow}]]}}"#), "allowed"),
    ];
    for (policies, got) in rows {
        assert_eq!(case(&policies, got), Ok(got), "{policies}");
    }
    for wrong in [r#"{"identities": []}"#, r#"{"scp": {}}"#] {
        let refused = case(wrong, "allowed").unwrap_err();
        assert_eq!(refused.list[0].code.0, "E162", "{wrong}");
    }
    assert!(case("{}", "perhaps").is_err());
}
