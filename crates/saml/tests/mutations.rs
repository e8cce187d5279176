//! Whatever is done to a signed response: it is refused, or it says what its issuer said.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    clippy::format_collect,
    reason = "a test; tables are long"
)]

mod common;

use std::ops::Range;

use common::*;
use proptest::prelude::*;

/// The claims of the honest response; nothing else may come out.
fn holds(document: &str) -> Result<bool, String> {
    match IDP.verify(document) {
        Err(_) => Ok(false),
        Ok(found) => {
            let expected = IDP.verify(&honest_of_test()).map_err(|refusal| refusal.to_string())?;
            if found.claims.source().text == expected.claims.source().text {
                Ok(true)
            } else {
                Err(format!("{document}\nsays {}", found.claims.source().text))
            }
        }
    }
}

/// One signature for the whole test: ECDSA draws anew each time.
fn honest_of_test() -> String {
    use std::sync::LazyLock;
    static HONEST: LazyLock<String> = LazyLock::new(honest);
    HONEST.clone()
}

/// Where the signed assertion stands in the response.
fn assertion_in(document: &str) -> Range<usize> {
    let end = "</saml:Assertion>";
    document.find("<saml:Assertion").unwrap()..document.rfind(end).unwrap() + end.len()
}

#[test]
fn no_byte_can_be_changed() {
    let document = honest_of_test();
    let (mut accepted, mut tried) = (0, 0);
    for at in 0..document.len() {
        let mut changes: Vec<String> = Vec::new();
        for with in [b'<', b'a', b'A', b' ', b'"', document.as_bytes()[at] ^ 1] {
            let mut bytes = document.clone().into_bytes();
            if bytes[at] == with || !with.is_ascii() {
                continue;
            }
            bytes[at] = with;
            changes.push(String::from_utf8(bytes).unwrap());
        }
        let mut without = document.clone();
        without.remove(at);
        changes.push(without);
        let mut more = document.clone();
        more.insert(at, 'x');
        changes.push(more);
        for changed in changes {
            tried += 1;
            let inside = assertion_in(&document).contains(&at);
            match holds(&changed) {
                Ok(false) => {}
                // Around the assertion: names of the response, the text between. In it: blanks in tags.
                Ok(true) => {
                    accepted += 1;
                    let blank = inside && changed.len() >= document.len();
                    assert!(!inside || blank || tolerated(&document, at), "byte {at}: {changed}");
                }
                Err(why) => panic!("byte {at}: {why}"),
            }
        }
    }
    assert!(tried > 10_000 && accepted < tried / 10, "{accepted} of {tried} accepted");
}

/// Bytes of the assertion that are not signed: those between the parts of its signature.
fn tolerated(document: &str, at: usize) -> bool {
    let end = "</ds:Signature>";
    (document.find("<ds:Signature ").unwrap()..document.find(end).unwrap() + end.len()).contains(&at)
}

/// Pieces that an attacker has: elements of the honest response, and forged ones.
fn pieces() -> Vec<String> {
    let signed = honest_of_test();
    let range = assertion_in(&signed);
    let assertion = signed[range].to_owned();
    let start = assertion.find("<ds:Signature ").unwrap();
    let end = assertion.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let signature = assertion[start..end].to_owned();
    let bare = common::assertion();
    let subject = |name: &str| {
        let from = bare.find("<saml:Subject>").unwrap();
        let to = bare.find("</saml:Subject>").unwrap() + "</saml:Subject>".len();
        bare[from..to].replace(SUBJECT, name)
    };
    vec![
        assertion.clone(),
        bare.clone(),
        signature.clone(),
        evil("_e1"),
        evil("_a1"),
        put_behind_issuer(&evil("_e1"), &signature),
        put_behind_issuer(&evil("_a1"), &signature),
        subject("mallory"),
        subject("maria"),
        format!("<saml:Issuer>{ISSUER}</saml:Issuer>"),
        "<ds:Object xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">".to_owned(),
        "</ds:Object>".to_owned(),
        "<samlp:Extensions>".to_owned(),
        "</samlp:Extensions>".to_owned(),
        "<!--".to_owned(),
        "-->".to_owned(),
        "<![CDATA[".to_owned(),
        "]]>".to_owned(),
        "mallory".to_owned(),
        " ID=\"_a1\"".to_owned(),
        " xmlns:saml=\"urn:x\"".to_owned(),
        " xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"".to_owned(),
        attribute(
            "https://aws.amazon.com/SAML/Attributes/Role",
            &["arn:aws:iam::111122223333:role/admin,arn:aws:iam::111122223333:saml-provider/corp"],
        ),
    ]
}

/// Places at which a piece may be put: before and behind tags, and in them.
fn places(document: &str) -> Vec<usize> {
    let mut found: Vec<usize> = document.match_indices(['<', '>', ' ']).map(|(at, _)| at).collect();
    found.extend(document.match_indices('>').map(|(at, _)| at + 1));
    found.sort_unstable();
    found.dedup();
    found
}

#[derive(Clone, Debug)]
enum Change {
    Insert(prop::sample::Index, prop::sample::Index),
    Remove(prop::sample::Index, prop::sample::Index),
    Move(prop::sample::Index, prop::sample::Index, prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    use prop::sample::Index;
    prop_oneof![
        4 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Insert(a, b)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Remove(a, b)),
        2 => (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(a, b, c)| Change::Move(a, b, c)),
    ]
}

fn changed(document: &str, change: &Change, pieces: &[String]) -> String {
    let places: Vec<usize> = places(document);
    if places.is_empty() {
        return document.to_owned();
    }
    let part = |from: usize, to: usize| from.min(to)..from.max(to);
    let mut text = document.to_owned();
    match change {
        Change::Insert(place, piece) => text.insert_str(*place.get(&places), piece.get(pieces).as_str()),
        Change::Remove(from, to) => text.replace_range(part(*from.get(&places), *to.get(&places)), ""),
        Change::Move(from, to, place) => {
            let range = part(*from.get(&places), *to.get(&places));
            let taken = text[range.clone()].to_owned();
            text.replace_range(range, "");
            let places = self::places(&text);
            if !places.is_empty() {
                text.insert_str(*place.get(&places), &taken);
            }
        }
    }
    text
}

proptest! {
    #[test]
    fn pieces_put_together_anew_say_nothing_new(changes in prop::collection::vec(change(), 1..5)) {
        let pieces = pieces();
        let mut document = honest_of_test();
        for change in &changes {
            document = changed(&document, change, &pieces);
        }
        if let Err(why) = holds(&document) {
            prop_assert!(false, "{why}");
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[<>/a-zA-Z:=\" &;#!\\[\\]?-]{0,200}") {
        let _ = IDP.verify(&text);
        let _ = IDP.verify(&format!("<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">{text}</samlp:Response>"));
        let _ = bailiwick_saml::Metadata::parse(&text);
    }
}
