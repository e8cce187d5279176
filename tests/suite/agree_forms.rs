//! Every form that a condition or a resource takes in the tree, in all combinations of a few values: all ways to decide
//! say what `explain` says. Random sets seldom meet two equal values on both sides of a negated comparison; tables do.

use std::sync::Arc;

use bailiwick::ast::{Attachment, Options, PolicySet, Target, parse};
use bailiwick::compile::{CompileOptions, compile_with};
use bailiwick::value::{Layer, Profile};
use bailiwick::{Caller, Principal, Request, Source, Tree};

/// Operators, without prefix and suffix, and values that fit them.
const CONDITIONS: &[(&str, &[&str])] = &[
    (
        "StringEquals",
        &[r#""x""#, r#"["x","y"]"#, r#""""#, r#""${aws:PrincipalTag/t}""#, r#""${aws:ResourceTag/o}""#],
    ),
    ("StringNotEquals", &[r#""x""#, r#"["x","y"]"#, r#""${aws:PrincipalTag/t}""#, r#""${k}""#]),
    ("StringEqualsIgnoreCase", &[r#""X""#, r#""${aws:PrincipalTag/t}""#]),
    ("StringLike", &[r#""x*""#, r#""*""#, r#"["x*","y"]"#, r#""${aws:PrincipalTag/t}*""#]),
    ("StringNotLike", &[r#""x*""#, r#""x""#, r#"["x*","y*"]"#]),
    ("Bool", &[r#""true""#, r#""False""#, r#"["true","false"]"#, r#"["true","x"]"#]),
    ("IpAddress", &[r#""10.0.0.0/8""#, r#"["10.0.0.0/8","::/0"]"#]),
    ("NotIpAddress", &[r#""10.0.0.0/8""#, r#"["10.0.0.0/8","192.0.2.1"]"#]),
    ("NumericEquals", &[r#""10""#]),
    ("NumericNotEquals", &[r#"["10","9"]"#]),
    ("Null", &[r#""true""#, r#""false""#]),
];
/// Keys of each owner and arity.
const KEYS: &[&str] = &["aws:ResourceTag/t", "k", "aws:PrincipalTag/t", "aws:TagKeys", "token:groups"];
/// What may stand under a key.
const VALUES: &[&[&str]] =
    &[&[], &["x"], &["xy"], &["y"], &[""], &["true"], &["10.1.2.3"], &["10"], &["x", "z"]];

fn tree_ways(document: &str, profile: Profile) -> Option<(PolicySet, [Tree; 3])> {
    let document =
        Arc::new(parse(Source::new("p.json", document), &Options { profile, ..Options::default() }).ok()?);
    let attachment =
        Attachment { layer: Layer::Identity, level: 0, target: Target::Everyone, documents: vec![document] };
    let set = PolicySet::new(vec![attachment]).unwrap().home_account("111111111111");
    let tree = compile_with(&set, CompileOptions::default());
    let plain = compile_with(&set, CompileOptions { optimize: false, ..CompileOptions::default() });
    let loaded = Tree::from_bytes(&tree.to_bytes()).unwrap();
    Some((set, [tree, plain, loaded]))
}

fn agree(set: &PolicySet, trees: &[Tree], principal: &Principal, request: &Request<'_>, what: &str) {
    let explained = bailiwick::explain::explain(set, principal, request);
    for tree in trees {
        let session = tree.session(principal);
        for decision in [tree.decide(principal, request), session.decide(request)] {
            let (is, ought) =
                ((decision.verdict, decision.error), (explained.decision.verdict, explained.decision.error));
            assert_eq!(is, ought, "{what}\n{principal:?}\n{request:?}\n{explained}");
            assert_eq!(decision.statement.is_some(), explained.decision.statement.is_some(), "{what}");
        }
    }
}

fn bearer(tag: &[&str], groups: &[&'static str], open: bool) -> Principal {
    let caller = Caller::Subject {
        account: "111111111111".to_owned(),
        issuer: "https://id.example".to_owned(),
        subject: "u".to_owned(),
    };
    let mut principal = Principal::new(caller);
    if let [tag, ..] = tag {
        principal = principal.with("aws:PrincipalTag/t", (*tag).to_owned());
    }
    if !groups.is_empty() {
        principal =
            principal.with("token:groups", groups.iter().map(|g| (*g).to_owned()).collect::<Vec<_>>());
    }
    if open {
        // A key that requests may set too.
        principal = principal.with("k", "x".to_owned());
    }
    principal
}

fn ask<'a>(resource: &'a str, key: &'a str, values: &[&'static str]) -> Request<'a> {
    let request = Request::new("s3:GetObject", resource).unwrap().with("aws:ResourceTag/o", "x");
    match values {
        [] => request,
        [one] => request.with(key, *one),
        more => request.with(key, more.to_vec()),
    }
}

#[test]
fn every_form_of_condition() {
    let mut asked = 0;
    for (operator, operands) in CONDITIONS {
        for (prefix, suffix) in [("", ""), ("", "IfExists"), ("ForAnyValue:", ""), ("ForAllValues:", "")] {
            for key in KEYS {
                for (operand, effect) in operands.iter().flat_map(|o| [(o, "Allow"), (o, "Deny")]) {
                    let document = format!(
                        r#"{{"Version":"2012-10-17","Statement":[
                            {{"Effect":"{effect}","Action":"s3:GetObject","Resource":"*",
                              "Condition":{{"{prefix}{operator}{suffix}":{{"{key}":{operand}}}}}}},
                            {{"Effect":"Allow","Action":"s3:Get*","Resource":"*","Condition":{{"Bool":{{"allow":"true"}}}}}}]}}"#
                    );
                    for profile in [Profile::Aws, Profile::Strict] {
                        let Some((set, trees)) = tree_ways(&document, profile) else { continue };
                        for principal in [
                            bearer(&[], &[], false),
                            bearer(&["x"], &["x"], false),
                            bearer(&[""], &["z", "y"], true),
                        ] {
                            for values in VALUES {
                                let owned = key.starts_with("aws:Principal") || key.starts_with("token:");
                                let values = if owned { &[][..] } else { *values };
                                let request =
                                    ask("arn:aws:s3:::b/o", key, values).with("allow", effect == "Deny");
                                agree(&set, &trees, &principal, &request, &document);
                                asked += 1;
                                if owned {
                                    break;
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(asked > 20_000, "{asked}");
}

#[test]
fn every_form_of_resource() {
    const PATTERNS: &[&str] = &[
        r#""*""#,
        r#""arn:aws:s3:::b/x/o""#,
        r#""arn:aws:s3:::b/x*""#,
        r#""arn:aws:s3:::b/${aws:PrincipalTag/t}/*""#,
        r#""arn:aws:s3:::b/${aws:PrincipalTag/t}""#,
        r#""arn:aws:s3:::b/${aws:ResourceTag/o}/*""#,
        r#""arn:aws:s3:::${aws:PrincipalTag/t, 'b'}/x/o""#,
        r#""arn:aws:s3:::b/*/o""#,
        r#""arn:aws:s3:::*/x/?""#,
        r#""arn:*:s3:::b/x/o""#,
        r#""arn:aws:s3:*:*:b/x/*""#,
        r#""arn:AWS:s3:::b/x/o""#,
        r#"["arn:aws:s3:::a/*","arn:aws:s3:::b/*"]"#,
        r#""arn:aws:s3:::a-very-long-name-of-a-bucket-whose-objects-are-filed/by-the-day/2026/*""#,
    ];
    const RESOURCES: &[&str] = &[
        "*",
        "arn:aws:s3:::b/x/o",
        "arn:aws:s3:::B/x/o",
        "arn:AWS:s3:::b/x/o",
        "arn:aws:s3:::b/x",
        "arn:aws:s3:::b/",
        "arn:aws:s3:::x/x/o",
        "arn:aws:s3:::b/*/o",
        "arn:aws:s3:::b/y/o",
        "arn:aws:s3:eu:111111111111:b/x/o",
        "arn:aws:s3:::a-very-long-name-of-a-bucket-whose-objects-are-filed/by-the-day/2026/1",
        "arn:aws:s3:::a-very-long-name-of-a-bucket-whose-objects-are-filed/by-the-day/2025/1",
    ];
    for pattern in PATTERNS {
        for element in ["Resource", "NotResource"] {
            for effect in ["Allow", "Deny"] {
                let document = format!(
                    r#"{{"Version":"2012-10-17","Statement":[
                        {{"Effect":"{effect}","Action":"s3:GetObject","{element}":{pattern}}},
                        {{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{{"Bool":{{"allow":"true"}}}}}}]}}"#
                );
                for profile in [Profile::Aws, Profile::Strict] {
                    let Some((set, trees)) = tree_ways(&document, profile) else { continue };
                    for tag in [&[][..], &["x"], &["*"], &[""], &["x/o"]] {
                        for resource in RESOURCES {
                            let request = ask(resource, "k", &[]).with("allow", effect == "Deny");
                            agree(&set, &trees, &bearer(tag, &[], false), &request, &document);
                        }
                    }
                }
            }
        }
    }
}
