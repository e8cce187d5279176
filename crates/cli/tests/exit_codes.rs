//! The table of exit codes, `docs/cli.md`.

mod common;

use common::{bailiwick, run, status};

const ASK: &str = "--policy photos.json --principal arn:aws:iam::111122223333:user/alice --tag team=blue \
                   --resource-account 111122223333 --action s3:GetObject --resource arn:aws:s3:::photos/blue/1.jpg";
const SHOP: &str = "--deployment ../../../../fixtures/shop";
const SHOP_DIR: &str = "../../../../fixtures/shop";
const INSIDE: &str = "--context aws:SourceIp=10.0.0.7";

#[test]
fn commands_end_as_the_table_says() {
    for (line, expected) in [
        ("check photos.json".to_owned(), 0),
        ("validate photos.json".to_owned(), 0),
        ("check misspelled.json".to_owned(), 3),
        ("check nowhere.json".to_owned(), 3),
        ("check".to_owned(), 2),
        ("check --nonsense photos.json".to_owned(), 2),
        ("nonsense".to_owned(), 2),
        (String::new(), 2),
        ("--version".to_owned(), 0),
        ("help check".to_owned(), 0),
        ("fmt --check misspelled.json".to_owned(), 3),
        ("explain-code".to_owned(), 0),
        ("explain-code e255".to_owned(), 0),
        ("explain-code E999".to_owned(), 3),
        ("completions zsh".to_owned(), 0),
        ("man".to_owned(), 0),
        ("version --json".to_owned(), 0),
        (format!("eval {ASK} {INSIDE}"), 0),
        (format!("eval {ASK}"), 1),
        (format!("eval {ASK} --unknown aws:SourceIp"), 4),
        (format!("eval {ASK} {INSIDE} --unknown aws:UserAgent"), 0),
        (format!("eval {ASK} {INSIDE} --expect allow"), 0),
        (format!("eval {ASK} {INSIDE} --expect deny"), 1),
        (format!("eval {ASK} --expect deny"), 0),
        (format!("eval {ASK} --expect explicit-deny"), 0),
        (format!("eval {ASK} --expect implicit-deny"), 1),
        (format!("eval {ASK} --unknown aws:SourceIp --expect undetermined"), 0),
        (format!("explain {ASK}"), 1),
        (format!("explain {ASK} {INSIDE}"), 0),
        (format!("eval {ASK} {INSIDE} -o /dev/full"), 5),
        (format!("eval {ASK} {INSIDE} -o nowhere/answer"), 5),
        ("eval --policy photos.json --action s3:GetObject --resource *".to_owned(), 2),
        (format!("simulate {SHOP} --claims {SHOP_DIR}/claims/customer.json"), 0),
        (format!("simulate {SHOP} --claims {SHOP_DIR}/claims/customer.json --action iam:*"), 1),
        (format!("simulate {SHOP} --claims {SHOP_DIR}/claims/stranger.json"), 3),
        (format!("simulate {SHOP} --claims {SHOP_DIR}/claims/customer.json --as-policy"), 4),
        (format!("simulate {SHOP}"), 2),
        (format!("simulate {SHOP} --guest --policy photos.json"), 2),
        (format!("eval {ASK} {SHOP}"), 2),
        (format!("simulate {SHOP} --claims {SHOP_DIR}/claims/customer.json -o /dev/full"), 5),
        ("simulate --deployment nowhere --claims photos.json".to_owned(), 3),
        (format!("who-can s3:GetObject arn:aws:s3:::shop-media/org-tea/a.jpg {SHOP}"), 0),
        (format!("who-can s3:CreateBucket arn:aws:s3:::shop-media {SHOP}"), 1),
        (format!("test {SHOP_DIR}"), 0),
        (format!("test {SHOP_DIR}/tests.yaml"), 0),
        ("test cases.jsonl".to_owned(), 1),
        ("test cases.jsonl --filter passes".to_owned(), 0),
        ("test cases.jsonl --filter nothing".to_owned(), 3),
        ("test nowhere.jsonl".to_owned(), 3),
        ("test photos.json".to_owned(), 3),
        (format!("check {SHOP_DIR} --fail-on error"), 0),
        (format!("check {SHOP_DIR} --fail-on suggestion"), 1),
        (format!("check --deployment {SHOP_DIR} --fail-on error"), 0),
        (format!("check {SHOP_DIR}/policies"), 3),
        (format!("check {SHOP_DIR} --index --fail-on error"), 0),
        ("check photos.json --index --fail-on suggestion".to_owned(), 0),
        ("build nowhere -o /dev/null".to_owned(), 3),
        (format!("build {SHOP_DIR} -o /dev/full"), 5),
        ("build".to_owned(), 2),
        ("inspect photos.json".to_owned(), 3),
        ("new .".to_owned(), 3),
        ("eval --principal anonymous --action s3:GetObject --resource *".to_owned(), 2),
    ] {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        let output = run(&arguments, b"");
        assert_eq!(status(&output), expected, "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn environment_variables_stand_in_for_flags() {
    for (variable, value, line, expected) in [
        ("BAILIWICK_CHECK_FORMAT", "json", "check photos.json", "bailiwick/check/1"),
        ("BAILIWICK_VERSION_JSON", "1", "version", "bailiwick/version/1"),
        ("BAILIWICK_EXPLAIN_CODE_FORMAT", "jsonl", "explain-code E255", "bailiwick/code/1"),
        ("BAILIWICK_EXPLAIN_CODE_FORMAT", "json", "explain-code E255 --format plain", "# E255"),
    ] {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        let output = bailiwick(&arguments).env(variable, value).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains(expected), "{variable}={value} {line}: {text}");
    }
}

#[test]
fn colour_is_where_it_is_wanted() {
    for (line, colored) in [
        ("check misspelled.json", false),
        ("check misspelled.json --color always", true),
        ("explain-code E255 --format human --color always", true),
        ("explain-code E255 --format human --color never", false),
    ] {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        let output = run(&arguments, b"");
        let text = [output.stdout, output.stderr].concat();
        assert_eq!(text.contains(&0x1b), colored, "{line}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::process::Stdio;
    let mut child =
        bailiwick(&["explain-code"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((status(&output), output.stderr), (0, Vec::new()));
}
