//! Reading of policies: no text of any kind breaks it; what is wrong is said with places that exist; what it reads can
//! be printed and read again as the same, compiled, decided on and explained.

use bailiwick::ast::{Kind, Options};
use bailiwick::{Caller, Principal, Profile, Request};

const KINDS: [Kind; 11] = [
    Kind::Identity,
    Kind::Boundary,
    Kind::Session,
    Kind::Resource,
    Kind::Trust,
    Kind::KmsKey,
    Kind::ServiceControl,
    Kind::ResourceControl,
    Kind::Endpoint,
    Kind::Api,
    Kind::Authorizer,
];

/// The first byte chooses kind and profile, the others are the text.
pub fn run(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = core::str::from_utf8(text) else { return };
    let kind = KINDS[usize::from(first >> 1) % KINDS.len()];
    let profile = if first & 1 == 0 { Profile::Aws } else { Profile::Strict };
    let options = Options { kind, profile, ..Options::default() };
    match bailiwick::parse_with(text, &options) {
        Err(refusals) => {
            assert!(!refusals.list.is_empty());
            for refusal in &refusals.list {
                assert!(refusal.code.0.starts_with('E'), "{refusal:?}");
                for label in &refusal.labels {
                    assert!(text.get(label.span.range()).is_some(), "{refusal:?} in {text:?}");
                }
            }
            assert!(!refusals.to_string().is_empty());
        }
        Ok(document) => {
            for statement in &document.statements {
                assert!(text.get(statement.span.range()).is_some());
            }
            let printed = bailiwick::ast::print(&document);
            match bailiwick::parse_with(printed.as_str(), &options) {
                Ok(again) => assert!(document.same_syntax(&again), "{text}\n{printed}"),
                // Organizations count white space, of which print is generous (SEMANTICS I1).
                Err(refusals) => {
                    assert!(refusals.list.iter().all(|it| it.code.0 == "E048"), "{refusals}\n{printed}")
                }
            }
            let tree = bailiwick::compile([&document]);
            let request = Request::new("s3:GetObject", "arn:aws:s3:::b/x").expect("a request");
            let nobody = Principal::new(Caller::Anonymous);
            let somebody = Principal::from_arn("arn:aws:iam::000000000000:user/u").expect("a user");
            for principal in [nobody, somebody] {
                let explained = bailiwick::explain([&document], &principal, &request);
                let decided = tree.decide(&principal, &request);
                assert_eq!(explained.decision.verdict, decided.verdict, "{text}");
            }
        }
    }
}
