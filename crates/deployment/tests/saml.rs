//! SAML providers of a folder: what is wrong with them, and what an artifact makes of their assertions.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its stage may fail loudly")]

use bailiwick::Tree;
use bailiwick::decide::IdentityOptions;
use bailiwick::identity::Claims;
use bailiwick_deployment::{Deployment, Exchange, Files};

const PROVIDER: &str =
    "account = \"111122223333\"\n[[saml_provider]]\nname = \"corp\"\nissuer = \"https://idp.example/saml\"\n";
const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML",
    "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/corp"},
    "Condition": {"StringEquals": {"saml:aud": "https://signin.aws.amazon.com/saml"}}}}"#;

fn deployment(manifest: &str) -> Result<Deployment, Vec<String>> {
    let files = [("bailiwick.toml", manifest), ("trust.json", TRUST), ("idp.xml", "<x/>")];
    Deployment::new(&Files::new(files)).map_err(|error| {
        let found = error.problems.iter().flat_map(|diagnostics| &diagnostics.list);
        found.map(|it| format!("{} {}", it.code.0, it.help.as_deref().unwrap_or("no remedy"))).collect()
    })
}

#[test]
fn each_mistake_is_refused() {
    let second =
        |name: &str, issuer: &str| format!("[[saml_provider]]\nname = \"{name}\"\nissuer = \"{issuer}\"\n");
    let rows = [
        (String::new(), ""),
        ("metadata = \"idp.xml\"\nleeway = 60\n".to_owned(), ""),
        ("metadata = \"other.xml\"\n".to_owned(), "E161"),
        ("leeway = 61\n".to_owned(), "E153"),
        ("audiences = []\n".to_owned(), "E153"),
        ("recipients = []\n".to_owned(), "E153"),
        ("acount = \"1\"\n".to_owned(), "E151"),
        ("account = \"1\"\n".to_owned(), "E158"),
        (second("other", "https://other.example"), ""),
        (second("corp", "https://other.example"), "E157"),
        (second("other", "https://idp.example/saml"), "E157"),
        (second("a/b", "https://other.example"), "E153"),
        (second("", "https://other.example"), "E153"),
        ("[[saml_provider]]\nname = \"other\"\n".to_owned(), "E152"),
        ("[[saml_provider]]\nissuer = \"https://other.example\"\n".to_owned(), "E152"),
        // One text must not be verified in two ways.
        ("[[issuer]]\nname = \"jwt\"\nissuer = \"https://idp.example/saml\"\n".to_owned(), "E157"),
    ];
    for (more, code) in rows {
        match (deployment(&format!("{PROVIDER}{more}")), code) {
            (Ok(_), "") => {}
            (Err(found), code) if !code.is_empty() => {
                assert!(found.len() == 1 && found[0].starts_with(code), "{more}\n{found:?}");
                assert!(!found[0].ends_with("no remedy"), "{found:?}");
            }
            (other, _) => panic!("{more}: {:?}", other.map(|_| ())),
        }
    }
}

#[test]
fn an_artifact_takes_assertions_as_its_folder_does() {
    let role = "[[role]]\narn = \"arn:aws:iam::111122223333:role/dev\"\ntrust = \"trust.json\"\n";
    let manifest = format!("{PROVIDER}metadata = \"idp.xml\"\n{role}");
    let deployment = deployment(&manifest).unwrap();
    let provider = &deployment.identities.saml_providers[0];
    assert_eq!(provider.qualifier.as_deref(), Some("Dv84MLhv57MQ5ORpuoeCSwve/qM="));
    assert_eq!(provider.metadata.as_ref().map(|source| &*source.text), Some("<x/>"));
    let tree = Tree::from_bytes(&deployment.tree().to_bytes()).unwrap();
    assert_eq!(tree.identities(), &deployment.identities);
    let text = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/tokens/saml.json"),
    );
    let claims = Claims::parse(text.unwrap().as_str()).unwrap();
    let options = IdentityOptions::default();
    let (here, there) = (deployment.principal_from_claims(&claims, options), tree.identify(&claims, options));
    let (here, there) = (here.unwrap(), there.unwrap());
    assert_eq!(format!("{:?}", here.principal), format!("{:?}", there.principal));
    assert_eq!((here.report, here.issuer), (there.report, there.issuer));
    let never = IdentityOptions { exchange: Exchange::Never, ..options };
    let refused = tree.identify(&claims, never).unwrap_err();
    assert_eq!(refused.diagnostics.list[0].code.0, "E183", "an assertion is good for a role only");
}
