//! Five ways to a decision: the explainer on the syntax, the tree without indexes, the tree, a session, the tree after a
//! journey through bytes. All must say the same, for the same reason.

use bailiwick::compile::{CompileOptions, compile_with};
use bailiwick::{Decision, Tree};

use super::choices::Choices;
use super::world::{World, world};

/// The bytes choose a [`World`].
pub fn run(data: &[u8]) {
    let Some(World { set, principal, requests }) = world(&mut Choices(data)) else { return };
    let plain = compile_with(&set, CompileOptions { optimize: false, ..CompileOptions::default() });
    let indexed = compile_with(&set, CompileOptions::default());
    let bytes = indexed.to_bytes();
    let loaded = Tree::from_bytes(&bytes).expect("its own bytes load");
    assert_eq!(loaded.to_bytes(), bytes, "the same tree has the same bytes");
    let session = indexed.session(&principal);
    for request in &requests {
        let explained = bailiwick::explain(&set, &principal, request);
        let ways = [
            ("unoptimized", plain.decide(&principal, request)),
            ("tree", indexed.decide(&principal, request)),
            ("session", session.decide(request)),
            ("loaded", loaded.decide(&principal, request)),
        ];
        for (way, decision) in ways {
            let told = || {
                format!("{way}: {decision:?}\n{explained:#?}\n{principal:?}\n{request:?}\n{}", sources(&set))
            };
            assert!(same(&decision, &explained.decision), "{}", told());
            if let Some(id) = decision.statement {
                let named = explained.statements.iter().find(|statement| statement.id == id);
                let fits = |statement: &bailiwick::explain::StatementReport| {
                    statement.applies
                        && statement.layer == decision.layer
                        && statement.level == decision.level
                };
                assert!(named.is_some_and(fits), "{}", told());
            }
        }
    }
}

/// Which of several applying statements is named is open.
fn same(one: &Decision, other: &Decision) -> bool {
    (one.verdict, one.layer, one.level, one.error, one.statement.is_some())
        == (other.verdict, other.layer, other.level, other.error, other.statement.is_some())
}

fn sources(set: &bailiwick::ast::PolicySet) -> String {
    let texts = set.attachments().iter().map(|attachment| {
        let documents: Vec<&str> =
            attachment.documents.iter().map(|document| &*document.source.text).collect();
        format!(
            "{:?} {} {:?}: {}\n",
            attachment.layer,
            attachment.level,
            attachment.target,
            documents.join("\n  ")
        )
    });
    texts.collect()
}
