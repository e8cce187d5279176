//! What must hold of every set, principal and request.

use super::random::{Dice, principal, request, set};
use super::{Narrow, as_policy, can, catalogue};
use crate::ast::{Attachment, Kind, Options, PolicySet, Target, parse};
use crate::compile::{CompileOptions, compile_with};
use crate::explain::explain;
use crate::request::{Principal, Request};
use crate::source::Source;
use crate::value::Layer;

/// Worlds: `PROPTEST_CASES` requests, eight to a world.
fn worlds() -> u64 {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(8_000);
    u64::max(cases / 8, 100)
}

/// Asks each world a few questions.
fn every(law: impl Fn(&str, &PolicySet, &Principal, &[Request<'static>])) {
    for seed in 0..worlds() {
        let mut dice = Dice(seed);
        let (set, principal) = (set(&mut dice), principal(&mut dice));
        let requests: Vec<_> = (0..8).map(|_| request(&mut dice)).collect();
        let texts: Vec<String> = set
            .attachments()
            .iter()
            .map(|it| {
                let documents: Vec<_> =
                    it.documents.iter().map(|document| document.source.text.to_string()).collect();
                format!("{} {} {:?}: {}", it.layer.name(), it.level, it.target, documents.join(" + "))
            })
            .collect();
        let told = format!("seed {seed} {:?}\n{}\n{principal:?}", set.profile, texts.join("\n"));
        law(&told, &set, &principal, &requests);
    }
}

#[test]
fn the_tree_agrees_with_explain() {
    every(|told, set, principal, requests| {
        for optimize in [true, false] {
            let tree = compile_with(set, CompileOptions { optimize, ..CompileOptions::default() });
            let session = tree.session(principal);
            for request in requests {
                let explanation = explain(set, principal, request);
                let expected = explanation.decision;
                for decision in [tree.decide(principal, request), session.decide(request)] {
                    let said = |it: crate::Decision| (it.verdict, it.layer, it.level, it.error);
                    assert_eq!(
                        said(decision),
                        said(expected),
                        "{told}\n{request:?}\noptimize {optimize}\n{explanation}"
                    );
                    assert_eq!(
                        decision.statement.is_some(),
                        expected.statement.is_some(),
                        "{told}\n{request:?}"
                    );
                    let applies = |id| explanation.statement(id).is_some_and(|report| report.applies);
                    assert!(decision.statement.is_none_or(applies), "{told}\n{request:?}\n{explanation}");
                }
            }
        }
    });
}

#[test]
fn a_written_policy_never_allows_more() {
    let mut allowed = 0;
    let allowed = std::cell::RefCell::new(&mut allowed);
    every(|told, set, principal, requests| {
        let written = as_policy(set, principal);
        let options = Options {
            kind: Kind::Identity,
            profile: set.profile,
            keys: set.keys.clone(),
            ..Options::default()
        };
        let document = parse(Source::new("written", &written.json), &options)
            .unwrap_or_else(|error| panic!("{told}\n{}\n{error}", written.json));
        let attachment = Attachment {
            layer: Layer::Identity,
            level: 0,
            target: Target::Everyone,
            documents: vec![document.into()],
        };
        let alone = PolicySet::new(vec![attachment]).unwrap();
        let alone = alone.profile(set.profile).home_account(super::HOME).keys(set.keys.clone());
        for request in requests {
            let by_written = explain(&alone, principal, request).decision;
            // The root user needs no policy, so no policy can stand for what it may do.
            let rootless = by_written.statement.is_some();
            if by_written.is_allowed() && rootless {
                **allowed.borrow_mut() += 1;
                let by_set = explain(set, principal, request);
                assert!(by_set.decision.is_allowed(), "{told}\n{}\n{request:?}\n{by_set}", written.json);
            }
        }
    });
    assert!(**allowed.borrow() > worlds() / 4, "the law was hardly ever tried: {}", allowed.borrow());
}

#[test]
fn what_is_allowed_is_listed() {
    let catalogue = catalogue();
    every(|told, set, principal, requests| {
        for request in requests {
            let explanation = explain(set, principal, request);
            // What the policies do not say of the request cannot be listed: an action on a resource that it never takes.
            let takes = catalogue.action(request.action()).is_none_or(|(service, action)| {
                let star = request.resource() == "*";
                let fits = |kind: &crate::value::ResourceType| {
                    let Some(asked) = super::super::narrow::resource(request.resource()) else {
                        return false;
                    };
                    let crate::value::ResourcePattern::Arn { pattern, .. } = asked else { return false };
                    crate::value::overlap_arn(&kind.pattern, &pattern)
                };
                if action.takes.is_empty() { star } else { service.resources_of(action).any(fits) }
            });
            if !explanation.decision.is_allowed() || !takes {
                continue;
            }
            let narrow = Narrow {
                action: Some(request.action().to_owned()),
                resource: Some(request.resource().to_owned()),
                context: request.context().clone(),
            };
            let found = can(set, principal, &catalogue, &narrow);
            assert!(!found.rows.is_empty(), "{told}\n{request:?}\n{explanation}\n{:?}", found.cut);
        }
    });
}
