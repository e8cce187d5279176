//! What a request comes to: its way leaves out nothing that decides, and indexes leave out much.

use bailiwick::compile::{CompileOptions, compile_with};
use bailiwick::value::{Effect, Truth};
use bailiwick::{Caller, Principal, Request, Tree};
use bailiwick_workload::{Shape, generate, set_of};

#[test]
fn whatever_applies_is_in_a_leaf() {
    for (shape, most) in [(Shape::Tenants, 12), (Shape::Flat, 40), (Shape::Adversarial, 12)] {
        let workload = generate(shape, 300, 200, 5);
        let set = set_of(workload.read().unwrap()).unwrap();
        let tree = bailiwick::compile(&set);
        let scanning = compile_with(&set, CompileOptions { optimize: false, ..CompileOptions::default() });
        let principals = workload.principals();
        let mut met = 0;
        for (case, request) in workload.cases.iter().zip(workload.requests()) {
            let principal = &principals[case.person];
            let reached = |tree: &Tree| -> Vec<u32> {
                tree.way(principal, &request).statements.iter().map(|id| id.0).collect()
            };
            let (few, all) = (reached(&tree), reached(&scanning));
            met += few.len();
            for statement in bailiwick::explain::explain(&set, principal, &request).statements {
                if statement.truth == Truth::Yes {
                    // Of repetitions one stands for all.
                    let same = |id: &u32| {
                        let texts = [*id, statement.id.0].map(|id| {
                            let attached = set.statements().nth(id as usize).unwrap();
                            let text = &attached.document.source.text[attached.statement.span.range()];
                            text.split_once(", ").map(|(_, rest)| rest.to_owned())
                        });
                        texts[0] == texts[1]
                    };
                    assert!(few.iter().any(same), "{shape:?}: {request:?} does not come to {statement:?}");
                    assert!(all.iter().any(same), "{shape:?}: scanning leaves out {statement:?}");
                }
            }
            if let Some(id) = tree.decide(principal, &request).statement {
                assert!(few.contains(&id.0), "{shape:?}: {request:?} is decided by {id:?}");
            }
        }
        assert!(met / 200 <= most, "{shape:?}: {} rules are met by a request of 300", met / 200);
    }
}

/// The ways to the leaves, with the sids of the statements there.
fn ways(tree: &Tree, principal: &Principal, request: &Request<'_>) -> Vec<String> {
    let sid = |id| tree.statement(id).and_then(|name| name.sid).unwrap_or_default().to_owned();
    let (way, outline) = (tree.way(principal, request), tree.outline());
    let shown = |run: &u32| {
        let entries = outline.node(*run).entries;
        let sids: Vec<String> = entries.into_iter().map(|entry| sid(entry.statement)).collect();
        format!("{}: {}", outline.words(&way.starts, &way.branches, *run).join(" > "), sids.join(" "))
    };
    way.runs.iter().map(shown).collect()
}

#[test]
fn ways_are_told_in_words() {
    let statement = |sid: &str, effect: Effect, actions: &str, condition: &str| {
        let effect = if effect == Effect::Deny { "Deny" } else { "Allow" };
        format!(
            "{{\"Sid\": \"{sid}\", \"Effect\": \"{effect}\", \"Action\": \"{actions}\", \"Resource\": \"*\", \
             \"Condition\": {{{condition}}}}}"
        )
    };
    let equals = |key: &str, value: &str| format!("\"StringEquals\": {{\"{key}\": \"{value}\"}}");
    let mut statements = vec![
        statement("Blue", Effect::Allow, "photos:Get", &equals("aws:PrincipalTag/team", "blue")),
        statement("Red", Effect::Allow, "photos:Get", &equals("aws:PrincipalTag/team", "red")),
        statement("NoTls", Effect::Deny, "*", "\"Bool\": {\"aws:SecureTransport\": \"false\"}"),
    ];
    statements.extend((0..10).map(|number| {
        let condition = equals("aws:ResourceTag/kind", &format!("k{number}"));
        statement(&format!("Kind{number}"), Effect::Allow, "photos:*", &condition)
    }));
    let text = format!("{{\"Statement\": [{}]}}", statements.join(", "));
    let tree = bailiwick::compile([&bailiwick::parse(text.as_str()).unwrap()]);
    let caller = Caller::Subject {
        account: "000000000000".to_owned(),
        issuer: "https://id.example".to_owned(),
        subject: "bob".to_owned(),
    };
    let bob = Principal::new(caller).with_tag("team", "blue");
    let request = Request::new("photos:Get", "arn:acme:photos:eu:1:album/summer").unwrap();
    let kind = request.clone().with("aws:ResourceTag/kind", "k7");
    let blue = "every identity > aws:PrincipalTag/team = \"blue\" > photos:Get: Blue";
    let tls = "every identity > every action: NoTls";
    assert_eq!(ways(&tree, &bob, &request), [tls, blue]);
    let k7 = "every identity > photos:* > aws:ResourceTag/kind = \"k7\": Kind7";
    assert_eq!(ways(&tree, &bob, &kind), [tls, k7, blue]);
    // Two names that differ by case only: no index on keys serves.
    let irregular = kind.with("AWS:resourcetag/kind", "k8");
    let way = tree.way(&bob, &irregular);
    assert!(way.scanned && way.runs.is_empty());
    assert_eq!(way.statements.len(), 13);
    // Denies come first.
    assert_eq!(tree.statement(way.statements[0]).unwrap().sid, Some("NoTls"));
}
