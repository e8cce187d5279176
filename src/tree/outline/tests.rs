//! Every rule is reached by the branches that an outline lists.

use std::collections::BTreeSet;

use super::*;
use crate::ast::{Options, parse};

fn tree(statements: &[String]) -> Tree {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(","));
    crate::compile([&parse(text.as_str(), &Options::default()).unwrap()])
}

/// All branches' words, and all statements, below a node.
fn below(outline: &Outline<'_>, id: u32, words: &mut BTreeSet<String>, statements: &mut BTreeSet<u32>) {
    let node = outline.node(id);
    statements.extend(node.entries.iter().map(|entry| entry.statement.0));
    for branch in &node.branches {
        words.insert(branch.test.clone());
        below(outline, branch.node, words, statements);
    }
    if let Some(rest) = node.rest {
        below(outline, rest, words, statements);
    }
}

fn check(statements: &[String], expected: &[&str]) {
    let tree = tree(statements);
    let outline = tree.outline();
    let (mut words, mut reached) = (BTreeSet::new(), BTreeSet::new());
    for bucket in outline.buckets() {
        words.extend(bucket.equality);
        for action in bucket.actions {
            words.extend(action.action);
            below(&outline, action.node, &mut words, &mut reached);
        }
    }
    for word in expected {
        assert!(words.contains(*word), "{word}: {words:?}");
    }
    assert_eq!(reached.len(), statements.len());
}

fn statement(action: &str, resource: &str, condition: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}", "Condition": {{{condition}}}}}"#
    )
}

#[test]
fn every_rule_is_reached_and_every_branch_has_words() {
    let many = |make: &dyn Fn(usize) -> String| (0..40).map(make).collect::<Vec<_>>();
    check(&[statement("s3:*", "*", ""), statement("s3:GetObject", "*", "")], &["s3:*", "s3:GetObject"]);
    check(
        &many(&|n| statement("*", "*", &format!(r#""StringEquals": {{"aws:PrincipalTag/t": "v{n}"}}"#))),
        &["aws:PrincipalTag/t = \"v0\"", "aws:PrincipalTag/t = \"v39\""],
    );
    check(
        &many(&|n| statement("*", "*", &format!(r#""StringEquals": {{"aws:ResourceTag/t": "v{n}"}}"#))),
        &["aws:ResourceTag/t = \"v7\""],
    );
    check(
        &many(&|n| statement("*", &format!("arn:aws:s3:::media/a{n}/*"), "")),
        &["resource begins \"media/a7/\""],
    );
    check(&many(&|n| statement("*", &format!("arn:aws:s3:::*x{n}yz*"), "")), &["resource has \"x7yz\""]);
}

#[test]
fn entries_tell_what_is_left_to_test() {
    let condition = r#""Bool": {"aws:SecureTransport": "true"}"#;
    let tree = tree(&[statement("s3:Get*", "arn:aws:s3:::b/*", condition)]);
    let outline = tree.outline();
    let [bucket] = outline.buckets().try_into().unwrap();
    let entry = &outline.node(bucket.actions[0].node).entries[0];
    assert_eq!((bucket.whose.as_str(), entry.tests), ("every identity", 3), "action, resource, condition");
    assert_eq!((entry.layer, entry.level, entry.names.as_slice()), (Layer::Identity, 0, &[][..]));
    assert_eq!(outline.node(99), NodeOutline::default());
}
