//! The pages about AppSync of the language reference, row by row, through the library.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its stage may fail loudly")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use bailiwick::ast::PolicySet;
use bailiwick::identity::Claims;
use bailiwick::value::Instant;
use bailiwick::{Diagnostics, Principal, Profile};
use bailiwick_graphql::{
    Access, Api, Caller, Condition, Identity, LambdaAnswer, Limits, Operation, Schema, SessionPolicy, check,
};
use bailiwick_spec::{self as spec, AppSyncCase, Asks, appsync_cases};

/// Fewer cases than this mean that pages were lost.
const AT_LEAST: usize = 360;

fn cases() -> Vec<AppSyncCase> {
    appsync_cases().unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

#[test]
fn every_row_about_appsync_holds() {
    let cases = cases();
    assert!(cases.len() >= AT_LEAST, "only {} cases", cases.len());
    let (mut report, mut failed) = (String::new(), 0);
    for case in &cases {
        let found = answer(case).unwrap_or_else(|refused| format!("refused {}", codes(&refused)));
        if found != each_once(&case.result) {
            failed += 1;
            let (profile, asks) = (case.profile, &case.asks);
            let _ = writeln!(
                report,
                "\nfixtures/spec/{} ({}) {profile:?}, {}, {asks:?}\n  expected {}\n  found    {found}",
                case.id, case.why, case.name, case.result
            );
        }
    }
    assert!(failed == 0, "{failed} of {} cases failed{report}", cases.len());
}

/// Items 134 and 135 are about AppSync.
#[test]
fn every_item_about_appsync_is_asked() {
    let asked: BTreeSet<u16> = cases().iter().flat_map(|case| case.items.clone()).collect();
    assert_eq!(asked, BTreeSet::from([134, 135]));
}

/// Every code of the crate is some row's, but those for sizes, which have tests of their own.
#[test]
fn every_code_has_a_row() {
    let told: BTreeSet<String> = cases()
        .iter()
        .flat_map(|case| case.result.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let open: Vec<String> = (340..=359)
        .map(|code| format!("E{code}"))
        .chain((80..=89).map(|code| format!("L0{code}")))
        .filter(|code| code != "E341" && !told.contains(code))
        .collect();
    assert!(open.is_empty(), "no row has {open:?}");
}

fn codes(refused: &Diagnostics) -> String {
    let codes: BTreeSet<&str> = refused.list.iter().map(|one| one.code.0).collect();
    codes.into_iter().collect::<Vec<_>>().join(" ")
}

/// `refused E345 E345` is `refused E345`.
fn each_once(result: &str) -> String {
    let mut words: Vec<&str> = result.split(' ').collect();
    words.dedup_by(|a, b| a == b && (a.starts_with("E3") || a.starts_with("L0")));
    words.join(" ")
}

fn answer(case: &AppSyncCase) -> Result<String, Diagnostics> {
    let profile = match case.profile {
        spec::Profile::Aws => Profile::Aws,
        spec::Profile::Strict => Profile::Strict,
    };
    let (api, lints) = Api::read(case.api.as_str(), profile)?;
    let schema = Schema::read(case.schema.as_str(), &api)?;
    if case.asks == Asks::Schema {
        let list: Vec<_> = lints.iter().chain(schema.lints()).cloned().collect();
        let lints = codes(&Diagnostics { source: case.schema.as_str().into(), list });
        return Ok(if lints.is_empty() { "accepted".to_owned() } else { format!("lints {lints}") });
    }
    let claims = Claims::parse(case.claims.as_str())?;
    let now = u64::try_from(Instant::parse(&case.now).unwrap().nanos / 1_000_000_000).unwrap();
    let set: PolicySet = match case.policy.as_str() {
        "" => PolicySet::new(Vec::new()).unwrap(),
        policy => [&bailiwick::parse(policy)?].into(),
    };
    let signer = Principal::from_arn("arn:aws:sts::111122223333:assumed-role/app/s1").unwrap();
    let session = bailiwick::compile(set.home_account("111122223333")).session(&signer);
    let policy = SessionPolicy::new(&session, &[]);
    let caller = match case.caller.as_str() {
        "key" => Caller::api_key(&api)?,
        "token" => Caller::from_claims(&api, &claims, None, now)?,
        "function" => Caller::function(&api, LambdaAnswer::read(case.function.as_str(), &api)?)?,
        "signed" => Caller::iam(&api, &policy, Identity::Unknown)?,
        "signed-in" => Caller::iam(&api, &policy, Identity::SignedIn)?,
        "guest" => Caller::iam(&api, &policy, Identity::Guest)?,
        other => panic!("{}: nobody is called `{other}`", case.id),
    };
    match &case.asks {
        Asks::Schema => unreachable!(),
        Asks::Field(name) => {
            let (parent, field) = name.split_once('.').unwrap();
            let rows = schema.fields(&caller);
            let row = rows.iter().find(|row| row.parent == parent && row.field == field).unwrap();
            let why = if row.answer.allowed { String::new() } else { format!(" {}", row.answer.why.name()) };
            Ok(format!("{}{why}", row.state.name()))
        }
        Asks::Query(query) => {
            let answer = check(&schema, &caller, query.as_str(), None, Limits::default())?;
            let refused: Vec<&str> =
                answer.fields.iter().filter(|one| !one.answer.allowed).map(|one| one.path.as_str()).collect();
            assert_eq!(refused.is_empty(), answer.is_allowed());
            Ok(if refused.is_empty() {
                "allowed".to_owned()
            } else {
                format!("refused {}", refused.join(", "))
            })
        }
        Asks::Model(asked) => Ok(model(&schema, &caller, asked)),
    }
}

/// `Model operation` or `Model.field operation`.
fn model(schema: &Schema, caller: &Caller<'_>, asked: &str) -> String {
    let (place, operation) = asked.split_once(' ').unwrap();
    let operation = Operation::ALL.into_iter().find(|one| one.name() == operation).unwrap();
    let (name, field) = place.split_once('.').map_or((place, None), |(name, field)| (name, Some(field)));
    let models = schema.models(caller);
    let model = models.iter().find(|model| model.model == name).unwrap();
    let operations = match field {
        None => &model.operations,
        Some(field) => &model.fields.iter().find(|one| one.field == field).unwrap().operations,
    };
    match operations.get(&operation) {
        None => "none".to_owned(),
        Some(Access::Open) => "open".to_owned(),
        Some(Access::Refused) => "refused".to_owned(),
        Some(Access::Records(lists)) => {
            let list = |list: &Vec<Condition>| {
                list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", or ")
            };
            format!("if {}", lists.iter().map(list).collect::<Vec<_>>().join("; and "))
        }
    }
}
