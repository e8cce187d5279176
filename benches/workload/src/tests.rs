use std::path::PathBuf;

use bailiwick::Verdict;

use super::*;

const SEED: u64 = 7;

#[test]
fn the_same_seed_gives_the_same_workload() {
    for shape in Shape::ALL {
        let texts = |seed| format!("{:?}", generate(shape, 200, 100, seed));
        assert_eq!(texts(SEED), texts(SEED), "{shape:?}");
        assert_ne!(texts(SEED), texts(SEED + 1), "{shape:?}");
    }
}

#[test]
fn sizes_are_as_asked() {
    for shape in Shape::ALL {
        for size in [10, 100, 1000] {
            let workload = generate(shape, size, 50, SEED);
            assert_eq!(workload.statements.len(), size, "{shape:?}");
            assert_eq!(workload.requests().len(), 50, "{shape:?}");
            assert!(workload.cases.iter().all(|case| case.person < workload.people.len()));
        }
    }
}

#[test]
fn times_are_written_as_dates() {
    let check = |time, expected| assert_eq!(json::timestamp(time), expected);
    check(0, "1970-01-01T00:00:00Z");
    check(951_782_400, "2000-02-29T00:00:00Z");
    check(1_767_225_599, "2025-12-31T23:59:59Z");
    check(1_767_225_600, "2026-01-01T00:00:00Z");
}

/// Percent of requests that are allowed, denied for want of an allow, and denied explicitly; `explain` agrees.
fn mix(shape: Shape) -> [usize; 3] {
    let workload = generate(shape, 1000, 1000, SEED);
    let set = set_of(workload.read().unwrap()).unwrap();
    let tree = bailiwick::compile(set.clone());
    let principals = workload.principals();
    let mut counts = [0; 3];
    for (number, (case, request)) in workload.cases.iter().zip(workload.requests()).enumerate() {
        let principal = &principals[case.person];
        let decision = tree.decide(principal, &request);
        if number < 50 {
            let explained = bailiwick::explain::explain(&set, principal, &request).decision;
            assert_eq!((decision.verdict, decision.layer), (explained.verdict, explained.layer), "{case:?}");
        }
        counts[match decision.verdict {
            Verdict::Allow => 0,
            Verdict::ImplicitDeny => 1,
            Verdict::ExplicitDeny => 2,
        }] += 1;
    }
    counts.map(|count| count / 10)
}

#[test]
fn every_answer_is_frequent() {
    for shape in [Shape::Tenants, Shape::Flat] {
        let [allow, implicit, explicit] = mix(shape);
        assert!((35..=60).contains(&allow), "{shape:?}: {allow} % are allowed");
        assert!((20..=50).contains(&implicit), "{shape:?}: {implicit} % lack an allow");
        assert!((8..=30).contains(&explicit), "{shape:?}: {explicit} % are denied explicitly");
    }
    let [allow, implicit, explicit] = mix(Shape::Adversarial);
    assert!((25..=35).contains(&(allow + explicit)), "{implicit} % match nothing");
    assert!(allow > 0 && explicit > 0);
}

#[test]
fn members_of_managed_groups_may_do_what_they_are_for() {
    let Some(corpus) = std::env::var_os("BAILIWICK_CORPUS").map(PathBuf::from) else {
        println!("skipped: no corpus");
        return;
    };
    let managed = managed::Managed::read(&corpus, 300, SEED).unwrap();
    let again = managed::Managed::read(&corpus, 300, SEED).unwrap();
    assert_eq!(format!("{:?}", managed.cases), format!("{:?}", again.cases));
    let set = managed.set_of(managed.documents().unwrap()).unwrap();
    let tree = bailiwick::compile(&set);
    let (principals, requests) = (managed.principals(), managed.requests());
    assert_eq!((principals.len(), requests.len()), (managed::PRINCIPALS, 300));
    let decide = |(case, request): (&managed::ManagedCase, &bailiwick::Request<'_>)| {
        tree.decide(&principals[case.member], request).is_allowed()
    };
    let allowed = managed.cases.iter().zip(&requests).filter(|pair| decide(*pair)).count();
    assert!((100..=270).contains(&allowed), "{allowed} of 300 are allowed");
}
