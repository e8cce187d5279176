//! Codes and pages are one list, and the examples of a page are what it says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its stage may fail loudly")]

use std::collections::BTreeSet;
use std::path::Path;

use bailiwick::identity::Claims;
use bailiwick::source::{Diagnostic, Severity};
use bailiwick::{Diagnostics, Profile};
use bailiwick_graphql::{
    Api, Caller, FieldPolicy, Identity, LambdaAnswer, Limits, PolicyAnswer, Schema, check,
};

/// The API of examples that bring none: a user pool, signed requests and a key besides.
const SETTINGS: &str = r#"{
    "authenticationType": "AMAZON_COGNITO_USER_POOLS",
    "userPoolConfig": {"userPoolId": "eu-west-1_shop", "awsRegion": "eu-west-1", "defaultAction": "ALLOW"},
    "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}, {"authenticationType": "API_KEY"}]
}"#;

/// Sizes have no example that a page could hold.
const WITHOUT: [&str; 1] = ["E341"];

fn codes() -> BTreeSet<&'static str> {
    let text = include_str!("../src/code.rs");
    text.split("Code(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn page(code: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/codes").join(format!("{code}.md"));
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Info string and content of each block.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut parts = page.split("\n```");
    parts.next();
    let (mut found, mut inside) = (Vec::new(), true);
    for part in parts {
        if inside && let Some((info, content)) = part.split_once('\n') {
            found.push((info.to_owned(), content.to_owned()));
        }
        inside = !inside;
    }
    found
}

struct Nobody;

impl FieldPolicy for Nobody {
    fn decide(&self, _: &str) -> PolicyAnswer {
        PolicyAnswer::Silent(String::new())
    }
}

/// Everything that is said of an example: errors, else lints.
fn said(info: &str, content: &str, settings: &str, schema: &str) -> Result<Vec<Diagnostic>, Diagnostics> {
    let api = |text: &str| Api::read(text, Profile::Aws);
    Ok(match info {
        "json settings" => api(content)?.1,
        "json settings iam" => {
            Caller::iam(&api(content)?.0, &Nobody, Identity::Unknown)?;
            Vec::new()
        }
        "json claims" => {
            Caller::from_claims(&api(settings)?.0, &Claims::parse(content)?, None, 0)?;
            Vec::new()
        }
        "json function" => {
            LambdaAnswer::read(content, &api(settings)?.0)?;
            Vec::new()
        }
        "graphql" => Schema::read(content, &api(settings)?.0)?.lints().to_vec(),
        "query" => {
            let api = api(settings)?.0;
            let schema = Schema::read(schema, &api)?;
            check(&schema, &Caller::api_key(&api)?, content, None, Limits::default())?;
            Vec::new()
        }
        other => panic!("`{other}` is no kind of example"),
    })
}

#[test]
fn codes_and_pages_are_one_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/codes");
    let pages: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| ("E340".."E360").contains(&name.as_str()) || ("L080".."L090").contains(&name.as_str()))
        .collect();
    assert_eq!(pages, codes().into_iter().map(str::to_owned).collect());
}

#[test]
fn the_examples_of_a_page_are_what_it_says() {
    let mut failures = Vec::new();
    for code in codes() {
        let page = page(code);
        assert!(page.starts_with(&format!("# {code}: ")), "{code}");
        let (mut settings, mut schema, mut wrong) = (SETTINGS.to_owned(), String::new(), 0);
        for (info, content) in blocks(&page) {
            let Some((kind, verdict)) =
                info.rsplit_once(' ').filter(|(_, verdict)| ["wrong", "right"].contains(verdict))
            else {
                match info.as_str() {
                    "json settings" => settings = content,
                    "graphql" => schema = content,
                    other => failures.push(format!("{code}: `{other}` is no kind of block")),
                }
                continue;
            };
            let found = said(kind, &content, &settings, &schema);
            let list = found.as_ref().unwrap_or_else(|refused| &refused.list);
            if verdict == "right" {
                if !list.is_empty() {
                    failures.push(format!("{code}: the right example gives {list:#?}"));
                }
                continue;
            }
            wrong += 1;
            if list.iter().any(|one| one.code.0 != code) || list.is_empty() {
                failures.push(format!("{code}: the wrong example gives {list:#?}"));
            }
            for one in list {
                spoken(&page, one, &mut failures);
            }
        }
        if wrong != usize::from(!WITHOUT.contains(&code)) {
            failures.push(format!("{code}: {wrong} wrong examples"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Messages are in lower case, without a full stop, and come with a remedy; a page names a lint's severity.
fn spoken(page: &str, one: &Diagnostic, failures: &mut Vec<String>) {
    let code = one.code.0;
    let help = one.help.as_deref().unwrap_or_default();
    if one.message.ends_with('.') || help.is_empty() || help.ends_with('.') {
        failures.push(format!("{code}: {} / {help}", one.message));
    }
    if one.message.chars().next().is_some_and(char::is_uppercase) {
        failures.push(format!("{code}: {}", one.message));
    }
    let severity = one.severity.name().replace('-', " ");
    let named = page.contains(&format!("\n\nA lint: {severity}."));
    if code.starts_with('L') != named || (code.starts_with('E') && one.severity != Severity::Error) {
        failures.push(format!("{code}: severity {severity}"));
    }
}
