//! What the command prints, word for word. `INSTA_UPDATE=always cargo test -p bailiwick-cli` writes it anew.

mod common;

use common::{run, status};

/// Runs a command line and compares status, standard output and standard error with the kept ones.
fn check(name: &str, line: &str) {
    let arguments: Vec<&str> = line.split(' ').collect();
    let output = run(&arguments, b"");
    let text = format!(
        "$ bailiwick {line}\nstatus {}\n--- stdout\n{}--- stderr\n{}",
        status(&output),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text);
    });
}

const ALICE: &str = "--policy photos.json --principal arn:aws:iam::111122223333:user/alice --tag team=blue \
                     --resource-account 111122223333";

const SHOP: &str = "--deployment ../../../../fixtures/shop";
const SHOP_CLAIMS: &str = "../../../../fixtures/shop/claims";

#[test]
fn answers_are_printed_as_kept() {
    let get = "--action s3:GetObject --resource arn:aws:s3:::photos/blue/1.jpg";
    let inside = "--context aws:SourceIp=10.0.0.7";
    for (name, line) in [
        ("check-clean", "check photos.json --format human".to_owned()),
        ("check-refused", "check misspelled.json".to_owned()),
        ("check-refused-plain", "check misspelled.json --format plain".to_owned()),
        ("check-refused-json", "check misspelled.json --format json".to_owned()),
        ("check-missing", "check nowhere.json".to_owned()),
        ("explain-code", "explain-code E255".to_owned()),
        ("explain-code-human", "explain-code E258 --format human".to_owned()),
        ("eval-allow", format!("eval {ALICE} {get} {inside} --format human")),
        ("eval-allow-plain", format!("eval {ALICE} {get} {inside}")),
        ("eval-allow-json", format!("eval {ALICE} {get} {inside} --format json")),
        ("eval-deny", format!("eval {ALICE} {get} --format human")),
        ("eval-request-file", "eval --policy photos.json --request request.json".to_owned()),
        ("explain-allow", format!("explain {ALICE} {get} {inside}")),
        ("explain-deny", format!("explain {ALICE} {get}")),
        (
            "explain-missing",
            format!("explain {ALICE} --action s3:PutObject --resource arn:aws:s3:::b/k {inside}"),
        ),
        ("explain-json", format!("explain {ALICE} {get} --format json")),
        ("simulate", "simulate --policy photos.json --principal arn:aws:iam::111122223333:user/alice --tag team=blue --format human".to_owned()),
        ("simulate-plain", "simulate --policy photos.json --principal arn:aws:iam::111122223333:user/alice --tag team=blue".to_owned()),
        ("simulate-json", "simulate --policy photos.json --principal arn:aws:iam::111122223333:user/alice --action s3:GetObject --format json".to_owned()),
        ("shop-customer", format!("simulate {SHOP} --claims {SHOP_CLAIMS}/customer.json --format human")),
        ("shop-admin", format!("simulate {SHOP} --claims {SHOP_CLAIMS}/admin.json")),
        ("shop-guest", format!("simulate {SHOP} --guest --format human")),
        ("shop-narrow", format!("simulate {SHOP} --claims {SHOP_CLAIMS}/seller.json --action s3:* --context aws:SecureTransport=true")),
        ("shop-json", format!("simulate {SHOP} --claims {SHOP_CLAIMS}/customer.json --action kinesis:* --format json --now 2026-11-22T23:00:00Z")),
        ("shop-jsonl", format!("simulate {SHOP} --claims {SHOP_CLAIMS}/customer.json --format jsonl")),
        ("shop-as-policy", format!("simulate {SHOP} --claims {SHOP_CLAIMS}/customer.json --as-policy")),
        ("shop-lost", format!("simulate {SHOP} --claims {SHOP_CLAIMS}/lost-seller.json")),
        ("shop-stranger", format!("simulate {SHOP} --claims {SHOP_CLAIMS}/stranger.json --format plain")),
        ("shop-explain", format!("explain {SHOP} --claims {SHOP_CLAIMS}/seller.json --action s3:GetObject --resource arn:aws:s3:::shop-media/org-coffee/a.jpg")),
        ("shop-who-can", format!("who-can s3:GetObject arn:aws:s3:::shop-media/org-tea/a.jpg {SHOP} --claims {SHOP_CLAIMS}/seller.json")),
        ("shop-who-can-perhaps", format!("who-can dynamodb:Query arn:aws:dynamodb:eu-central-1:111122223333:table/products {SHOP} --claims {SHOP_CLAIMS}/seller.json")),
        ("test-human", "test cases.jsonl --format human --coverage".to_owned()),
        ("test-plain", "test cases.jsonl".to_owned()),
        ("test-json", "test cases.jsonl --format json --coverage".to_owned()),
        ("test-jsonl", "test cases.jsonl --format jsonl".to_owned()),
        ("test-junit", "test cases.jsonl --format junit".to_owned()),
        ("test-filter", "test cases.jsonl --filter document --format human".to_owned()),
        ("test-filter-none", "test cases.jsonl --filter nothing".to_owned()),
        ("help", "--help".to_owned()),
        ("eval-nobody", "eval --policy photos.json --action s3:GetObject --resource *".to_owned()),
        ("eval-bad-action", format!("eval {ALICE} --action GetObject --resource *")),
        ("eval-bad-resource", format!("eval {ALICE} --action s3:GetObject --resource photos")),
        ("eval-bad-context", format!("eval {ALICE} {get} --context aws:SourceIp")),
    ] {
        check(name, &line);
    }
}
