//! ARNs field by field (SEMANTICS B3, B5, D16, X2, X16) against patterns and texts cut by hand.

use bailiwick::Profile;
use bailiwick::value::{Match, Part, ResourceFields, Truth, compare_arn, match_resource};
use proptest::prelude::*;

use super::naive::{chars, covers, exactly, ignoring_case, parts, signs};

/// The fields after `arn`: cut at the first five colons, character by character.
fn cut(text: &str) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    for c in text.chars() {
        if c == ':' && fields.len() < 6 {
            fields.push(String::new());
        } else if let Some(last) = fields.last_mut() {
            last.push(c);
        }
    }
    (fields.len() == 6 && fields.remove(0) == "arn").then_some(fields)
}

fn matches(pattern: &str, text: &str, same: &impl Fn(char, char) -> bool) -> bool {
    covers(&signs(pattern), &chars(text), same)
}

fn field_pattern() -> impl Strategy<Value = String> {
    prop_oneof!["[abA*?]{0,3}", Just("*".to_owned()), Just("iam".to_owned()), Just(String::new())]
}

fn resource_pattern() -> impl Strategy<Value = String> {
    prop_oneof!["[abA:/*?]{0,5}", Just("*".to_owned()), "user/[abA*]{0,2}"]
}

fn arn_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => ("arn", "[abA]{0,2}", "(iam|IAM|[ab]{0,2})", "[abA]{0,2}", "[ab*]{0,2}", "([abA:/*?]{0,5}|user/[abA]{0,2})")
            .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].join(":")),
        1 => "(arn)?[ab:]{0,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn arn_operators(
        first in prop::collection::vec(field_pattern(), 4),
        last in resource_pattern(),
        text in arn_text(),
    ) {
        let pattern: Vec<String> = first.into_iter().chain([last]).collect();
        let fields: Vec<Vec<Part<'_>>> = pattern.iter().map(|field| parts(field)).collect();
        let expected = match cut(&text) {
            None => Match::Malformed,
            Some(cut) => Match::of(pattern.iter().zip(&cut).all(|(pattern, field)| matches(pattern, field, &exactly))),
        };
        prop_assert_eq!(compare_arn(&text, |i| fields[i].iter().copied()), expected, "{:?} {}", pattern, text);
    }

    #[test]
    fn resources(
        first in prop::collection::vec(field_pattern(), 4),
        last in resource_pattern(),
        text in arn_text(),
    ) {
        let pattern: Vec<String> = first.into_iter().chain([last]).collect();
        let fields: Vec<Vec<Part<'_>>> = pattern.iter().map(|field| parts(field)).collect();
        let parts = |i: usize| fields[i].iter().copied();
        let Some(cut) = cut(&text) else {
            prop_assert!(ResourceFields::new(&text).is_none());
            return Ok(());
        };
        let resource = ResourceFields::new(&text).unwrap();
        let pairs = || pattern.iter().zip(&cut);
        let exact = pairs().all(|(pattern, field)| matches(pattern, field, &exactly));
        // SEMANTICS B5: under both profiles, for a Deny only.
        let loose_head = pairs().take(4).all(|(pattern, field)| matches(pattern, field, &ignoring_case))
            && matches(&pattern[4], &cut[4], &exactly);
        let aws = if exact { Truth::Yes } else if loose_head { Truth::Maybe } else { Truth::No };
        prop_assert_eq!(match_resource(Profile::Aws, parts, &resource), aws, "{:?} {}", &pattern, &text);
        // SEMANTICS X2: stars over colons; X16: names of IAM users in any letter case.
        let over_colons = matches(&format!("arn:{}", pattern.join(":")), &text, &exactly);
        let user_name = cut[1].eq_ignore_ascii_case("iam")
            && cut[4].starts_with("user/")
            && pairs().all(|(pattern, field)| matches(pattern, field, &ignoring_case));
        let strict = if exact {
            Truth::Yes
        } else if loose_head || over_colons || user_name {
            Truth::Maybe
        } else {
            Truth::No
        };
        prop_assert_eq!(match_resource(Profile::Strict, parts, &resource), strict, "{:?} {}", &pattern, &text);
    }
}

#[test]
fn the_star_resource_matches_no_arn_pattern() {
    let any = [Part::Any];
    for profile in [Profile::Aws, Profile::Strict] {
        let star = ResourceFields::new("*").unwrap();
        assert_eq!(match_resource(profile, |_| any.iter().copied(), &star), Truth::No);
    }
}

/// The vendor's example of SEMANTICS D16, and its neighbours.
#[test]
fn rows_of_the_language_reference() {
    let check = |pattern: &str, text: &str, expected: Match| {
        let fields: Vec<Vec<Part<'_>>> = pattern.splitn(6, ':').skip(1).map(parts).collect();
        assert_eq!(compare_arn(text, |i| fields[i].iter().copied()), expected, "{pattern} {text}");
    };
    let finance = "arn:aws:x:*:111122223333:finance/*";
    check(finance, "arn:aws:x:us-east-2:999999999999:store/abc:111122223333:finance/doc", Match::No);
    check(finance, "arn:aws:x:us-east-2:111122223333:finance/doc", Match::Yes);
    check("arn:aws:iam::1:role/*", "arn:aws:iam::1:role/r", Match::Yes);
    check("arn:aws:iam::1:role/*", "arn:aws:sts::1:assumed-role/r/s", Match::No);
    check("arn:aws:iam::1:role/*", "arn:aws:IAM::1:role/r", Match::No);
    check("arn:aws:logs:*:*:log-group:*", "arn:aws:logs:eu:1:log-group:g:log-stream:s", Match::Yes);
    check("arn:*:*:*:*:*", "arn:::::", Match::Yes);
    check("arn:*:*:*:*:*", "arn::::", Match::Malformed);
    check("arn:*:*:*:*:*", "ARN:aws:s3:::b", Match::Malformed);
    check("arn:*:*:*:*:*", "", Match::Malformed);
}
