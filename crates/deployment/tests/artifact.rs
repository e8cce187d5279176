//! What an artifact carries is enough to turn claims into principals where there is no folder.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage may fail loudly")]

use std::path::Path;

use bailiwick::Tree;
use bailiwick::decide::{Exchange, IdentityOptions, NotIdentified};
use bailiwick::identity::Claims;
use bailiwick_deployment::{Deployment, Files, Identified, starter};

fn shop() -> Deployment {
    Deployment::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shop")).unwrap()
}

/// Principal, issuer, pool and chain; or the codes of a refusal.
fn words(identified: Result<Identified, NotIdentified>) -> String {
    match identified {
        // The trust decisions of the chain come from a tree here and from explain there: they may name another
        // statement of the same verdict.
        Ok(found) => {
            let steps: Vec<_> = found.chain.iter().map(|step| (step.name, &step.outcome)).collect();
            format!("{:?} {:?} {:?} {steps:?}", found.principal, found.issuer, found.pool)
        }
        Err(refused) => refused.to_string(),
    }
}

#[test]
fn an_artifact_identifies_as_its_folder_does() {
    let deployment = shop();
    let loaded = Tree::from_bytes(&deployment.tree().to_bytes()).unwrap();
    assert_eq!(loaded.identities(), &deployment.identities);
    let now = Some("2026-11-23T08:00:00Z");
    let mut seen = 0;
    for entry in
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shop/claims")).unwrap()
    {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let claims = Claims::parse(text.as_str()).unwrap();
        for exchange in [Exchange::WherePossible, Exchange::Never] {
            let options = IdentityOptions { exchange, now, ..IdentityOptions::default() };
            let here = words(deployment.principal_from_claims(&claims, options));
            assert_eq!(words(loaded.identify(&claims, options)), here, "{text}");
            seen += 1;
        }
    }
    assert!(seen >= 20, "the shop has ten claims files");
    let options = IdentityOptions { now, ..IdentityOptions::default() };
    assert_eq!(words(loaded.guest(options)), words(deployment.guest(options)));
}

#[test]
fn no_changed_byte_of_the_identities_loads_as_something_else() {
    let bytes = Deployment::new(&Files::new(starter())).unwrap().tree().to_bytes();
    let tree = Tree::from_bytes(&bytes).unwrap();
    assert_eq!(tree.identities().issuers.len(), 1);
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(Tree::from_bytes(&changed).is_err(), "byte {at}");
        assert!(Tree::from_bytes(&bytes[..at]).is_err(), "cut at {at}");
    }
}
