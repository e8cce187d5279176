//! The same stages over all AWS managed policies, each attached to a group of its own, and callers with 20 groups.
//!
//! The policies are data beside the project: set `BAILIWICK_CORPUS` to the folder with `aws_managed_policies.jsonl`.
#![allow(clippy::expect_used, reason = "a bench of a wrong input must end")]

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;

use bailiwick::ast::{Attachment, Options, PolicySet, Target, parse};
use bailiwick::value::Layer;
use bailiwick::{Caller, Principal, Request, Source, Tree};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value;

const PRINCIPALS: usize = 1000;
const GROUPS: usize = 20;
const ACCOUNT: &str = "111122223333";

/// They allow or deny everything, so that nothing else would decide.
const LEFT_OUT: [&str; 2] = ["AWSDenyAll", "AdministratorAccess"];

/// Names and texts; `None` where there is no corpus.
fn policies() -> Option<Vec<(String, String)>> {
    let file = PathBuf::from(std::env::var_os("BAILIWICK_CORPUS")?).join("aws_managed_policies.jsonl");
    let text = std::fs::read_to_string(&file).expect("the corpus has the managed policies");
    let policies = text.lines().map(|line| {
        let line: Value = serde_json::from_str(line).expect("a line of JSON");
        (line["name"].as_str().unwrap_or_default().to_owned(), line["document"].to_string())
    });
    Some(policies.filter(|(name, _)| !LEFT_OUT.contains(&name.as_str())).collect())
}

fn policy_set(policies: &[(String, String)]) -> PolicySet {
    let attach = |(name, text): &(String, String)| Attachment {
        layer: Layer::Identity,
        level: 0,
        target: Target::Group(name.clone()),
        documents: vec![Arc::new(
            parse(Source::new(name, text), &Options::default()).expect("AWS accepts it"),
        )],
    };
    PolicySet::new(policies.iter().map(attach).collect()).expect("it fits").home_account(ACCOUNT)
}

/// Members of 20 groups each, spread over all of them.
fn principals(policies: &[(String, String)]) -> Vec<Principal> {
    let mut state = 1_usize;
    let mut draw = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % limit
    };
    let member = |number: usize| {
        let caller = Caller::Subject {
            account: ACCOUNT.to_owned(),
            issuer: "https://login.example.com".to_owned(),
            subject: format!("person-{number}"),
        };
        (0..GROUPS).fold(Principal::new(caller), |principal, _| {
            principal.in_group(&policies[draw(policies.len())].0)
        })
    };
    (0..PRINCIPALS).map(member).collect()
}

/// Actions that many of the policies mention.
fn requests() -> Vec<Request<'static>> {
    let pairs = [
        ("s3:GetObject", "arn:aws:s3:::example/key"),
        ("s3:PutObject", "arn:aws:s3:::aws-glue-assets/key"),
        ("logs:CreateLogGroup", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/example"),
        ("ec2:DescribeInstances", "*"),
        ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0"),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/service-role/example"),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"),
        ("cloudwatch:PutMetricData", "*"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/example"),
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:example"),
    ];
    let request = |(action, resource)| Request::new(action, resource).expect("well-formed").owned_by(ACCOUNT);
    pairs.into_iter().map(request).collect()
}

fn managed(criterion: &mut Criterion) {
    let Some(policies) = policies() else {
        println!("skipped: no corpus");
        return;
    };
    let mut group = criterion.benchmark_group("managed");
    group.sample_size(10);
    group.bench_function("parse and compile", |bencher| {
        bencher.iter(|| bailiwick::compile(black_box(policy_set(&policies))));
    });
    let tree = bailiwick::compile(policy_set(&policies));
    let bytes = tree.to_bytes();
    group.bench_function("load", |bencher| bencher.iter(|| Tree::from_bytes(&bytes).expect("our own bytes")));
    let principals = principals(&policies);
    let mut next = (0..PRINCIPALS).cycle();
    group.bench_function("session", |bencher| {
        bencher.iter(|| tree.session(&principals[next.next().unwrap_or(0)]));
    });
    let sessions: Vec<_> = principals.iter().map(|principal| tree.session(principal)).collect();
    let requests = requests();
    let mut next = (0..PRINCIPALS * requests.len()).cycle();
    group.bench_function("decide", |bencher| {
        bencher.iter(|| {
            let at = next.next().unwrap_or(0);
            sessions[at % PRINCIPALS].decide(&requests[at / PRINCIPALS])
        });
    });
}

criterion_group!(all, managed);
criterion_main!(all);
