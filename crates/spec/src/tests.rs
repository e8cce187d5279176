//! The reader of pages, on small pages.

use crate::{Case, Expected, Kind, Profile, Value, read_page};

fn cases(text: &str) -> Vec<Case> {
    match read_page("p.md", text) {
        Ok(page) => page.cases,
        Err(problems) => panic!("{problems:?}"),
    }
}

/// The page must be refused with a problem at this line whose message holds these words.
fn refused(text: &str, line: usize, words: &str) {
    let problems = read_page("p.md", text).expect_err(text);
    let found = problems.iter().any(|problem| problem.line == line && problem.message.contains(words));
    assert!(found, "{words}: {problems:?}");
}

const PAGE: &str = r#"# Title
```request
account = 999
k = 1
```
## Section
```json identity
{"Effect": "Allow", "Action": "<pattern>", "Resource": "*"}
```
| pattern | context | aws | strict | by | why |
|---|---|---|---|---|---|
| `s3:*` | `k = ["a;", "b"]; j = ""; request m = x` | allow | implicit deny | identity | B1, J19 |
### Sub
```json scp 2
```
| pattern | account | both profiles |
|---|---|---|
| `*` | (missing) | explicit deny |
"#;

#[test]
fn rows_become_cases() {
    let cases = cases(PAGE);
    assert_eq!(cases.len(), 4);
    let [first, strict, sub, ..] = cases.as_slice() else { panic!("too few") };
    assert_eq!((first.id.as_str(), first.name.as_str()), ("p.md:12", "Section"));
    assert_eq!((first.items.as_slice(), first.by.as_str()), ([19].as_slice(), "identity"));
    assert_eq!(
        first.documents[0].text.as_deref(),
        Some(
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#
        )
    );
    let request = first.request.as_ref().unwrap();
    assert_eq!(request.resource_account.as_deref(), Some("999"));
    assert_eq!(request.context["k"], Value::List(vec!["a;".into(), "b".into()]));
    assert_eq!(request.context["j"], Value::Text(String::new()));
    assert_eq!((request.context.len(), &request.claimed["m"]), (2, &Value::Text("x".into())));
    assert_eq!((strict.profile, &strict.expected), (Profile::Strict, &Expected::ImplicitDeny));
    assert_eq!((strict.id.as_str(), sub.name.as_str()), ("p.md:12:strict", "Section / Sub"));
    assert_eq!(
        (sub.documents[1].kind, sub.documents[1].level, &sub.documents[1].text),
        (Kind::Scp, 2, &None)
    );
    assert_eq!(sub.request.as_ref().unwrap().resource_account, None);
}

#[test]
fn conditions_are_tried_in_an_allow_and_a_deny() {
    let cases =
        cases("# T\n## S\n| condition | truth |\n|---|---|\n| `\"Null\": {\"k\": \"true\"}` | maybe |\n");
    let [allow, deny] = cases.as_slice() else { panic!("two") };
    assert_eq!((allow.id.as_str(), &allow.expected), ("p.md:5:allow", &Expected::ImplicitDeny));
    assert_eq!((deny.id.as_str(), &deny.expected), ("p.md:5:deny", &Expected::ExplicitDeny));
    assert!(deny.documents[0].text.as_deref().unwrap().ends_with(
        r#"{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Null": {"k": "true"}}}]}"#
    ));
}

#[test]
fn blocks_with_a_verdict_are_cases() {
    let cases = cases("# T\n## S\n```json trust both refused E013 E014 J16\n{}\n```\n");
    assert_eq!(cases.len(), 2);
    assert_eq!(cases[0].expected, Expected::Refused(vec!["E013".into(), "E014".into()]));
    assert_eq!((cases[1].profile, cases[1].items.as_slice()), (Profile::Strict, [16].as_slice()));
}

#[test]
fn nothing_is_skipped() {
    refused("# T\n", 1, "no case");
    refused("# T\n## S\n| a |\n|---|\n", 3, "`<a>`");
    refused("# T\n## S\n| why |\n|---|\n", 3, "needs a column");
    refused("# T\n## S\n| decision |\n| allow |\n", 3, "rule");
    refused("# T\n## S\n| decision |\n|---|\n| allowed |\n", 5, "not a decision");
    refused("# T\n## S\n| decision |\n|---|\n| allow | b |\n", 5, "2 cells");
    refused("# T\n## S\n```json identity\n{}\n```\n", 3, "no table");
    refused("# T\n## S\n```json identity\n{}\n```\n## U\n| decision |\n|---|\n| allow |\n", 3, "no table");
    refused("# T\n## S\n```json policy\n{}\n```\n", 3, "no kind");
    refused("# T\n## S\n```json identity refuse\n{}\n```\n", 3, "`refuse`");
    refused("# T\n## S\n```toml\n```\n", 3, "no kind of block");
    refused("# T\n## S\n```json identity\n", 3, "does not end");
    refused("# T\n### S\n", 2, "headings");
}

#[test]
fn the_reference_is_readable() {
    let pages = crate::pages().unwrap_or_else(|problems| {
        let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    });
    let json = crate::cases_as_json(&pages).unwrap();
    assert!(json.starts_with(r#"[{"name":"#));
    let ids: std::collections::BTreeSet<_> =
        pages.iter().flat_map(|page| &page.cases).map(|case| &case.id).collect();
    let cases = pages.iter().map(|page| page.cases.len()).sum::<usize>();
    assert_eq!(ids.len(), cases, "an id stands twice");
    println!("{cases} cases");
}
