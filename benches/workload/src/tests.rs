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
