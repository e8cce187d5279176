//! The playground's examples, asked natively: every try gives the answer that its `scene.json` expects.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_deployment::{Deployment, Files};
use serde_json::{Map, Value, json};

use super::studio::Studio;
use crate::evaluator::Failure;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder of an example.
fn folder(example: &str) -> PathBuf {
    let own = root().join("playground/examples").join(example);
    if own.join("bailiwick.toml").exists() { own } else { root().join("fixtures").join(example) }
}

fn files(folder: &Path) -> String {
    let files = Files::read(folder).unwrap();
    let texts = files.names().map(|name| (name.to_owned(), Value::from(files.get(name).unwrap())));
    Value::Object(texts.collect::<Map<_, _>>()).to_string()
}

/// A studio with one folder open, and what opening it told.
fn opened(folder: &Path) -> (Studio, u32, Value) {
    let mut studio = Studio::default();
    studio.load_catalogue(bailiwick_catalog::TEXT).unwrap();
    let told = studio.open(&files(folder)).unwrap();
    let told: Value = serde_json::from_str(&told).unwrap();
    let handle = told["handle"].as_u64().unwrap();
    (studio, u32::try_from(handle).unwrap(), told)
}

fn json(answer: Result<String, Failure>) -> Value {
    serde_json::from_str(&answer.unwrap()).unwrap()
}

fn shop() -> (Studio, u32, Value) {
    opened(&folder("shop"))
}

/// Who asks, as the studio takes it: claims by their text.
fn who(example: &str, asking: &Value) -> Value {
    let mut who = asking.clone();
    if let Some(file) = asking["claims"].as_str() {
        who["claims"] = fs::read_to_string(folder(example).join(file)).unwrap().into();
        // Without it `aws:TokenIssueTime` is unknown, and no index serves.
        who["now"] = "2026-11-22T23:00:00Z".into();
    }
    who
}

#[test]
fn every_try_of_the_playground_is_answered_as_it_says() {
    let mut tried = 0;
    for example in ["shop", "tenants", "groups", "perimeter", "boundary", "accounts"] {
        let (studio, handle, told) = opened(&folder(example));
        let findings = told["findings"].as_array().unwrap();
        assert!(findings.iter().all(|finding| finding["code"].as_str().unwrap().starts_with('L')));
        let scene = root().join("playground/examples").join(example).join("scene.json");
        let scene: Value = serde_json::from_str(&fs::read_to_string(scene).unwrap()).unwrap();
        for one in scene["tries"].as_array().unwrap() {
            let (who, request, expected) = (who(example, &one["who"]), &one["request"], &one["expect"]);
            let identity = json(studio.who(handle, &who.to_string()));
            let question = json!({ "who": who, "request": request }).to_string();
            if expected == "refused" {
                assert_eq!(identity["accepted"], false, "{example} {}", one["name"]);
                assert!(studio.explain(handle, &question).is_err());
                continue;
            }
            let explained = json(studio.explain(handle, &question));
            assert_eq!(&explained["verdict"], expected, "{example} {}: {}", one["name"], explained["words"]);
            lights(&json(studio.tree(handle, &question)), &explained);
            tried += 1;
        }
    }
    assert!(tried >= 25, "{tried}");
}

/// The statement that decides stands in a box that the request comes by.
fn lights(drawing: &Value, explained: &Value) {
    let boxes = drawing["boxes"].as_array().unwrap();
    let lit = |shape: &&Value| shape["lit"] == true;
    assert!(boxes.iter().filter(lit).count() >= 1);
    let Some(id) = explained["statement"].as_u64() else { return };
    let statements = explained["statements"].as_array().unwrap();
    let statement = statements.iter().find(|statement| statement["id"] == id).unwrap();
    let sid = statement["sid"].as_str().unwrap();
    let names = |shape: &Value| {
        shape["lines"].as_array().unwrap().iter().any(|line| line["text"].as_str().unwrap().starts_with(sid))
    };
    assert!(boxes.iter().filter(lit).any(names), "{sid}");
}

#[test]
fn places_are_of_the_clauses_that_are_told() {
    let (studio, handle, _) = shop();
    let who = who("shop", &json!({ "claims": "claims/seller.json" }));
    let request = json!({ "action": "s3:ListBucket", "resource": "arn:aws:s3:::shop-media",
                          "context": { "s3:prefix": "org-coffee/" } });
    let explained = json(studio.explain(handle, &json!({ "who": who, "request": request }).to_string()));
    let statements = explained["statements"].as_array().unwrap();
    let list = statements.iter().find(|one| one["sid"] == "ListOwnObjects").unwrap();
    assert_eq!((&list["near"], &list["applies"]), (&json!(true), &json!(false)));
    let text = fs::read_to_string(folder("shop").join("policies/seller.json")).unwrap();
    let units: Vec<u16> = text.encode_utf16().collect();
    let at = |span: &Value| {
        let end = |i: usize| usize::try_from(span[i].as_u64().unwrap()).unwrap();
        String::from_utf16(&units[end(0)..end(1)]).unwrap()
    };
    let clauses = list["clauses"].as_array().unwrap();
    let condition = clauses.iter().find(|clause| clause["part"] == "condition").unwrap();
    assert_eq!(condition["holds"], false);
    assert!(at(&condition["span"]).contains("s3:prefix"), "{}", at(&condition["span"]));
    assert_eq!(condition["listed"][0]["text"], "org-tea/*");
    assert_eq!(at(&condition["listed"][0]["span"]), "\"${aws:PrincipalTag/org}/*\"");
}

#[test]
fn every_claim_is_accounted_for() {
    let (studio, handle, _) = shop();
    let who = who("shop", &json!({ "claims": "claims/seller.json" }));
    let identity = json(studio.who(handle, &who.to_string()));
    assert_eq!(identity["role"], "arn:aws:iam::111122223333:role/shop/seller");
    let claims = identity["claims"].as_array().unwrap();
    let text: Value = serde_json::from_str(who["claims"].as_str().unwrap()).unwrap();
    assert_eq!(claims.len(), text.as_object().unwrap().len());
    let org = claims.iter().find(|claim| claim["claim"] == "custom:org").unwrap();
    let fates: Vec<_> =
        org["fates"].as_array().unwrap().iter().map(|fate| fate["text"].as_str().unwrap()).collect();
    assert_eq!(fates, ["token:tenant", "aws:PrincipalTag/org"]);
}

#[test]
fn a_listing_is_the_engines_own() {
    let (studio, handle, _) = shop();
    let who = who("shop", &json!({ "claims": "claims/seller.json" }));
    let count = |narrow: Value| {
        let found = json(studio.can(handle, &json!({ "who": who, "narrow": narrow }).to_string()));
        let rows = found["rows"].as_array().unwrap().clone();
        rows.iter().map(|row| row["actions"].as_array().unwrap().len()).sum::<usize>()
    };
    // s3: 3, dynamodb: 5, orders: 2.
    assert_eq!(count(json!({})), 10);
    assert_eq!(count(json!({ "action": "s3:*" })), 3);
    assert_eq!(count(json!({ "resource": "arn:aws:s3:::shop-media/org-tea/*" })), 2);
    assert_eq!(count(json!({ "resource": "arn:aws:s3:::shop-media/org-coffee/*" })), 0);
}

#[test]
fn what_is_refused_is_told_with_its_places_and_has_no_handle() {
    let mut studio = Studio::default();
    let toml = "[everyone]\npolicies = \"ä.json\"\n";
    let policy = "{\"Statement\": [{\"Sid\": \"ä😀\", \"Effect\": \"Alow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]}";
    let told = json(studio.open(&json!({ "bailiwick.toml": toml, "ä.json": policy }).to_string()));
    assert_eq!(told["handle"], Value::Null);
    let found = told["findings"].as_array().unwrap();
    let effect = found.iter().find(|one| one["message"].as_str().unwrap().contains("Alow")).unwrap();
    assert_eq!((effect["file"].as_str(), effect["severity"].as_str()), (Some("ä.json"), Some("error")));
    let units: Vec<u16> = policy.encode_utf16().collect();
    let [start, end] =
        [0, 1].map(|i| usize::try_from(effect["labels"][0]["span"][i].as_u64().unwrap()).unwrap());
    assert!(String::from_utf16(&units[start..end]).unwrap().contains("Alow"));
}

#[test]
fn questions_that_cannot_be_asked_are_failures_with_codes() {
    let (studio, handle, _) = shop();
    let arn = "arn:aws:iam::111122223333:user/a";
    let read = json!({ "action": "s3:GetObject", "resource": "*" });
    for (who, request, code) in [
        (json!({ "principal": "nobody" }), read.clone(), "E257"),
        (json!({ "principal": arn, "guest": true }), read.clone(), "E258"),
        (json!({ "principal": arn, "team": "x" }), read.clone(), "E258"),
        (json!({ "principal": arn, "context": { "aws:SourceIp": "10.0.0.1" } }), read.clone(), "E259"),
        (json!({ "principal": arn }), json!({ "action": "GetObject", "resource": "*" }), "E256"),
        (json!({ "principal": arn }), json!({ "action": "s3:GetObject" }), "E258"),
        (
            json!({ "principal": arn }),
            json!({ "action": "s3:GetObject", "resource": "*", "context": { "a:b": {} } }),
            "E258",
        ),
        (json!({ "claims": "{" }), read.clone(), "E001"),
    ] {
        let question = json!({ "who": who, "request": request }).to_string();
        assert_eq!(studio.explain(handle, &question).unwrap_err().code, code, "{question}");
    }
    assert_eq!(studio.explain(99, "{}").unwrap_err().code, "E264");
    assert_eq!(studio.who(handle, "{\"guest\": true, \"guest\": false}").unwrap_err().code, "E258");
    assert_eq!(Studio::default().load_catalogue("no").unwrap_err().code, "E280");
}

#[test]
fn handles_are_given_again_and_engines_decide_the_same() {
    let (mut studio, handle, _) = shop();
    studio.free(handle);
    assert_eq!(studio.who(handle, "{}").unwrap_err().code, "E264");
    let told = json(studio.open(&files(&folder("shop"))));
    assert_eq!(told["handle"], handle);
    let read = Files::read(&folder("shop")).unwrap();
    let native = Files::new(read.names().map(|name| (name, read.get(name).unwrap())));
    let native = Deployment::new(&native).unwrap().tree().to_bytes();
    assert_eq!(studio.deployment(handle).unwrap().tree().to_bytes(), native);
}
