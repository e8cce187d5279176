//! When and for whom an assertion holds; what metadata must be; keys of each kind.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    clippy::format_collect,
    reason = "a test; tables are long"
)]

mod common;

use bailiwick_saml::{Expectations, InResponseTo, Metadata, Verifier};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::*;
use sha2::Digest as _;

fn with(change: impl Fn(&mut Expectations)) -> Verifier {
    let mut verifier = IDP.verifier();
    change(&mut verifier.expectations);
    verifier
}

/// A signed assertion in a response, with one text for another.
fn changed(from: &str, to: &str) -> String {
    let plain = assertion();
    assert!(plain.contains(from), "{from}");
    response(&IDP.sign(&plain.replace(from, to), "_a1"))
}

/// The same, around it.
fn around(from: &str, to: &str) -> String {
    let plain = honest();
    assert!(plain.contains(from), "{from}");
    plain.replacen(from, to, 1)
}

#[test]
fn names_must_fit() {
    let confirmation = format!(
        "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData InResponseTo=\"_q1\" \
         NotOnOrAfter=\"2027-01-15T08:05:00Z\" Recipient=\"{SIGN_IN}\"></saml:SubjectConfirmationData></saml:SubjectConfirmation>"
    );
    let restriction = "<saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction>";
    let another = restriction.replace("urn:amazon:webservices", "urn:other");
    let success = "status:Success";
    let issuer = format!("<saml:Issuer>{ISSUER}</saml:Issuer>");
    let rows = [
        ("issuer", changed(ISSUER, "https://idp.example/saml/"), "issuer"),
        ("issuer in another case", changed(ISSUER, "https://IDP.example/saml"), "issuer"),
        ("issuer with a blank", changed(ISSUER, "https://idp.example/saml "), "issuer"),
        ("no issuer", response(&IDP.signature_inside(&assertion().replace(&issuer, ""))), "issuer"),
        ("the response's issuer", around(ISSUER, "https://evil.example"), "issuer"),
        ("audience", changed("urn:amazon:webservices", "urn:other"), "audience"),
        ("no restriction", changed(restriction, ""), "audience"),
        (
            "an empty restriction",
            changed("<saml:Audience>urn:amazon:webservices</saml:Audience>", ""),
            "audience",
        ),
        ("no conditions", changed(between_conditions().as_str(), ""), "audience"),
        (
            "two audiences, one ours",
            changed("<saml:Audience>", "<saml:Audience>urn:other</saml:Audience><saml:Audience>"),
            "accepted maria",
        ),
        (
            "two restrictions, one not ours",
            changed(restriction, &format!("{restriction}{another}")),
            "audience",
        ),
        ("the recipient as audience", changed("urn:amazon:webservices", SIGN_IN), "audience"),
        ("recipient", changed(SIGN_IN, "https://evil.example/saml"), "recipient"),
        ("no recipient", changed(&format!(" Recipient=\"{SIGN_IN}\""), ""), "recipient"),
        (
            "destination",
            around(&format!("Destination=\"{SIGN_IN}\""), "Destination=\"https://evil.example\""),
            "destination",
        ),
        ("status", around(success, "status:Responder"), "status"),
        (
            "no status",
            around(
                "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode>",
                "",
            ),
            "status",
        ),
        (
            "two statuses",
            around("</samlp:Status>", "</samlp:Status><samlp:Status></samlp:Status>"),
            "structure",
        ),
        ("another confirmation", changed("cm:bearer", "cm:holder-of-key"), "confirmation"),
        ("none", changed(&confirmation, ""), "confirmation"),
        ("no data", changed(data().as_str(), ""), "confirmation"),
        (
            "one of two holds",
            changed(
                &confirmation,
                &format!("{}{confirmation}", confirmation.replace(SIGN_IN, "https://x.example")),
            ),
            "accepted maria",
        ),
        ("no subject name", changed("maria</saml:NameID>", "</saml:NameID>"), "structure"),
        (
            "two subject names",
            changed("</saml:NameID>", "</saml:NameID><saml:NameID>admin</saml:NameID>"),
            "structure",
        ),
        ("an element in the name", changed(">maria<", "><b>maria</b><"), "structure"),
        (
            "two subjects",
            changed("<saml:Subject>", "<saml:Subject></saml:Subject><saml:Subject>"),
            "structure",
        ),
        (
            "two conditions",
            changed("<saml:Conditions ", "<saml:Conditions></saml:Conditions><saml:Conditions "),
            "structure",
        ),
        (
            "an unknown condition",
            changed(restriction, &format!("{restriction}<saml:Condition></saml:Condition>")),
            "conditions",
        ),
        (
            "one use",
            changed(restriction, &format!("{restriction}<saml:OneTimeUse></saml:OneTimeUse>")),
            "accepted maria",
        ),
        (
            "an attribute twice",
            changed(
                "<saml:AttributeStatement>",
                &format!(
                    "<saml:AttributeStatement>{}",
                    attribute("https://aws.amazon.com/SAML/Attributes/RoleSessionName", &["admin"])
                ),
            ),
            "duplicate",
        ),
        (
            "in another statement",
            changed(
                "<saml:AttributeStatement>",
                &format!(
                    "<saml:AttributeStatement>{}</saml:AttributeStatement><saml:AttributeStatement>",
                    attribute("https://aws.amazon.com/SAML/Attributes/RoleSessionName", &["admin"])
                ),
            ),
            "duplicate",
        ),
    ];
    for (name, document, expected) in rows {
        let outcome = IDP.verify(&document);
        assert_eq!(said(&outcome), expected, "{name}: {outcome:?}");
    }
}

fn between_conditions() -> String {
    let plain = assertion();
    let (start, end) =
        (plain.find("<saml:Conditions ").unwrap(), plain.find("<saml:AuthnStatement").unwrap());
    plain[start..end].to_owned()
}

fn data() -> String {
    let plain = assertion();
    let start = plain.find("<saml:SubjectConfirmationData ").unwrap();
    let end = plain.find("</saml:SubjectConfirmation>").unwrap();
    plain[start..end].to_owned()
}

impl Idp {
    /// For an assertion without issuer: the signature comes first.
    fn signature_inside(&self, canonical: &str) -> String {
        let signature = self.signature(canonical, &Plan::new("_a1"));
        canonical.replacen("<saml:Subject>", &format!("{signature}<saml:Subject>"), 1)
    }
}

/// Seconds after 2027-01-15T08:00:00Z, leeway, and what must come of it.
#[test]
fn it_holds_in_its_time() {
    let session = |until: &str| {
        changed(
            "<saml:AuthnStatement AuthnInstant=\"2027-01-15T08:00:00Z\">",
            &format!(
                "<saml:AuthnStatement AuthnInstant=\"2027-01-15T08:00:00Z\" SessionNotOnOrAfter=\"{until}\">"
            ),
        )
    };
    let rows: &[(String, i64, u64, &str)] = &[
        (honest(), 0, 0, "accepted maria"),
        (honest(), 299, 0, "accepted maria"),
        // On or after: the confirmation ends at 300.
        (honest(), 300, 0, "not_on_or_after"),
        (honest(), 300, 1, "accepted maria"),
        (honest(), 359, 60, "accepted maria"),
        (honest(), 360, 60, "not_on_or_after"),
        // No more than a minute, whatever is asked for.
        (honest(), 360, 3_600, "not_on_or_after"),
        // Issued at 0, good from -30 on.
        (honest(), -1, 0, "issue_instant"),
        (honest(), -60, 60, "accepted maria"),
        (honest(), -61, 60, "issue_instant"),
        (
            changed("IssueInstant=\"2027-01-15T08:00:00Z\"", "IssueInstant=\"2027-01-15T07:00:00Z\"")
                .replace("IssueInstant=\"2027-01-15T08:00:00Z\"", "IssueInstant=\"2027-01-15T07:00:00Z\""),
            -31,
            0,
            "not_before",
        ),
        (changed("IssueInstant=\"2027-01-15T08:00:00Z\" ", ""), 0, 0, "issue_instant"),
        (
            changed("IssueInstant=\"2027-01-15T08:00:00Z\"", "IssueInstant=\"yesterday\""),
            0,
            0,
            "issue_instant",
        ),
        (
            around("IssueInstant=\"2027-01-15T08:00:00Z\"", "IssueInstant=\"2027-01-15T08:00:01Z\""),
            0,
            0,
            "issue_instant",
        ),
        (changed(" NotOnOrAfter=\"2027-01-15T08:05:00Z\"", ""), 0, 0, "not_on_or_after"),
        (changed("2027-01-15T08:05:00Z", "2027-01-15T08:05:00"), 0, 0, "not_on_or_after"),
        (changed("2027-01-15T08:05:00Z", "2027-01-15"), 0, 0, "not_on_or_after"),
        (changed("2027-01-15T08:05:00Z", "1800000300"), 0, 0, "not_on_or_after"),
        (changed("2027-01-15T08:05:00Z", "2027-01-15T08:05:00.999Z"), 299, 0, "accepted maria"),
        (changed("2027-01-15T08:05:00Z", "9999-12-31T23:59:59Z"), 599, 0, "accepted maria"),
        (changed("2027-01-15T08:05:00Z", "9999-12-31T23:59:59Z"), 600, 0, "not_on_or_after"),
        (changed("2027-01-15T08:10:00Z", "2027-01-15T08:01:00Z"), 60, 0, "not_on_or_after"),
        (
            changed(
                "InResponseTo=\"_q1\" NotOnOrAfter",
                "InResponseTo=\"_q1\" NotBefore=\"2027-01-15T08:00:01Z\" NotOnOrAfter",
            ),
            0,
            0,
            "not_before",
        ),
        (session("2027-01-15T08:00:00Z"), 0, 0, "not_on_or_after"),
        (session("2027-01-15T08:02:00Z"), 119, 0, "accepted maria"),
        (session("2027-01-15T08:02:00Z"), 120, 0, "not_on_or_after"),
        (honest(), i64::MAX - NOW, 60, "not_on_or_after"),
        (honest(), i64::MIN + NOW, 60, "issue_instant"),
    ];
    for (i, (document, after, leeway, expected)) in rows.iter().enumerate() {
        let verifier = with(|expected| expected.leeway = *leeway);
        let outcome = verifier.verify(document, NOW.saturating_add(*after));
        assert_eq!(said(&outcome), *expected, "row {i}, {after} s: {outcome:?}");
    }
    let verified =
        with(|expected| expected.leeway = 10).verify(&session("2027-01-15T08:02:00Z"), NOW).unwrap();
    assert_eq!(verified.until, NOW + 120 + 10, "until the first of all ends");
    assert_eq!(verified.id, "_a1");
}

#[test]
fn it_answers_a_request_if_asked() {
    let unsolicited =
        response(&IDP.sign(
            &assertion().replace(" InResponseTo=\"_q1\"", "").replace("InResponseTo=\"_q1\" ", ""),
            "_a1",
        ))
        .replace(" InResponseTo=\"_q1\"", "");
    let half = honest().replacen(" InResponseTo=\"_q1\"", "", 1);
    let request = |id: &str| InResponseTo::Request(id.to_owned());
    let rows = [
        (honest(), InResponseTo::Any, "accepted maria"),
        (honest(), request("_q1"), "accepted maria"),
        (honest(), request("_q2"), "in_response_to"),
        (honest(), InResponseTo::Nothing, "in_response_to"),
        (unsolicited.clone(), InResponseTo::Nothing, "accepted maria"),
        (unsolicited.clone(), InResponseTo::Any, "accepted maria"),
        (unsolicited, request("_q1"), "in_response_to"),
        // The response around it is not signed: both are asked.
        (half, request("_q1"), "in_response_to"),
    ];
    for (document, expected, result) in rows {
        let verifier = with(|expectations| expectations.in_response_to.clone_from(&expected));
        assert_eq!(said(&verifier.verify(&document, NOW)), result, "{expected:?}");
    }
}

#[test]
fn what_it_says_becomes_claims() {
    let document = changed(
        "<saml:AttributeStatement>",
        &format!(
            "<saml:AttributeStatement>{}{}",
            attribute("list", &["a,b", "", "<!-- -->c &lt; d"]),
            attribute("xml", &["<b>x</b>"])
        ),
    );
    // A comment is not signed: what is signed is the text without it.
    let plain = assertion().replace(
        "<saml:AttributeStatement>",
        &format!(
            "<saml:AttributeStatement>{}{}",
            attribute("list", &["a,b", "", "c &lt; d"]),
            attribute("xml", &["<b>x</b>"])
        ),
    );
    assert_eq!(said(&IDP.verify(&document)), "digest");
    let document = response(&IDP.sign(&plain, "_a1")).replace("c &lt; d", "<!-- -->c &lt; d");
    let verified = IDP.verify(&document).unwrap();
    let found: serde_json::Value = serde_json::from_str(&verified.claims.source().text).unwrap();
    assert_eq!(
        found,
        serde_json::json!({
            "iss": ISSUER, "sub": "maria", "sub_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            "recipient": SIGN_IN, "aud": ["urn:amazon:webservices"], "jti": "_a1",
            "iat": NOW, "nbf": NOW - 30, "exp": NOW + 300,
            "attributes": {
                "list": ["a,b", "", "c < d"], "xml": [{}],
                "https://aws.amazon.com/SAML/Attributes/Role": ["arn:aws:iam::111122223333:role/dev,arn:aws:iam::111122223333:saml-provider/corp"],
                "https://aws.amazon.com/SAML/Attributes/RoleSessionName": ["maria@example.com"],
            },
        })
    );
    assert_eq!(verified.fingerprint.len(), 64);
}

#[test]
fn metadata_is_read_with_care() {
    let good = IDP.metadata.clone();
    let key = good.split("X509Certificate>").nth(1).unwrap().trim_end_matches("</ds:").to_owned();
    let two = metadata(
        ISSUER,
        &[
            STRANGER.metadata.split("X509Certificate>").nth(1).unwrap().trim_end_matches("</ds:").to_owned(),
            key.clone(),
        ],
    );
    let weak = rsa::RsaPrivateKey::new(&mut rand_core::OsRng, 1_024).unwrap();
    let weak = metadata(
        ISSUER,
        &[certificate(
            rsa::pkcs8::EncodePublicKey::to_public_key_der(&weak.to_public_key()).unwrap().as_bytes(),
        )],
    );
    let rows = [
        ("as it is", good.clone(), "accepted maria"),
        ("two keys, the second is it", two, "accepted maria"),
        ("no use given", good.replace(" use=\"signing\"", ""), "accepted maria"),
        (
            "lines in the certificate",
            good.replace(
                &key,
                &key.as_bytes()
                    .chunks(64)
                    .map(|line| format!("\n  {}", String::from_utf8_lossy(line)))
                    .collect::<String>(),
            ),
            "accepted maria",
        ),
        (
            "valid yet",
            good.replace("entityID", "validUntil=\"2027-01-15T08:00:01Z\" entityID"),
            "accepted maria",
        ),
        ("past", good.replace("entityID", "validUntil=\"2027-01-15T08:00:00Z\" entityID"), "keys"),
        ("past, who knows when", good.replace("entityID", "validUntil=\"soon\" entityID"), "keys"),
        ("for encryption", good.replace("signing", "encryption"), "keys"),
        ("of another entity", good.replace(ISSUER, "https://other.example"), "keys"),
        ("of a service", good.replace("IDPSSODescriptor", "SPSSODescriptor"), "keys"),
        ("no entity", good.replace(&format!(" entityID=\"{ISSUER}\""), ""), "keys"),
        ("several", good.replace("EntityDescriptor", "EntitiesDescriptor"), "keys"),
        ("a document type", good.replace("<md:Entity", "<!DOCTYPE x><md:Entity"), "keys"),
        ("no certificate", good.replace(&key, "AAAA"), "keys"),
        ("no Base64", good.replace(&key, "?"), "keys"),
        ("a weak key", weak, "keys"),
        ("a stranger's", STRANGER.metadata.clone(), "signature"),
        ("nothing", String::new(), "keys"),
    ];
    for (name, text, expected) in rows {
        let outcome = Metadata::parse(&text)
            .and_then(|metadata| Verifier { metadata, expectations: expectations() }.verify(&honest(), NOW));
        assert_eq!(said(&outcome), expected, "{name}: {outcome:?}");
    }
}

#[test]
fn keys_of_each_kind_verify() {
    use p384::ecdsa::signature::Signer as _;
    use rsa::pkcs8::EncodePublicKey as _;
    let rsa = rsa::RsaPrivateKey::new(&mut rand_core::OsRng, 2_048).unwrap();
    let p384 = p384::ecdsa::SigningKey::random(&mut rand_core::OsRng);
    let certificates = [
        certificate(rsa.to_public_key().to_public_key_der().unwrap().as_bytes()),
        certificate(p384::PublicKey::from(p384.verifying_key()).to_public_key_der().unwrap().as_bytes()),
    ];
    let metadata = Metadata::parse(&common::metadata(ISSUER, &certificates)).unwrap();
    let verifier = Verifier { metadata, expectations: expectations() };
    let more = "http://www.w3.org/2001/04/xmldsig-more#";
    let digest = |octets: &[u8], bits: u32| match bits {
        384 => sha2::Sha384::digest(octets).to_vec(),
        512 => sha2::Sha512::digest(octets).to_vec(),
        _ => sha2::Sha256::digest(octets).to_vec(),
    };
    let document = |method: &str, hash: &str, bits: u32, sign: &dyn Fn(&[u8]) -> Vec<u8>| {
        let plan = Plan { method: method.to_owned(), digest: hash.to_owned(), ..Plan::new("_a1") };
        let info = plan.info(&STANDARD.encode(digest(assertion().as_bytes(), bits)));
        let signed = info.replacen(
            "<ds:SignedInfo>",
            "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">",
            1,
        );
        response(&put_behind_issuer(&assertion(), &wrapped(&info, &STANDARD.encode(sign(signed.as_bytes())))))
    };
    let by_rsa = |octets: &[u8], bits: u32| {
        let padding = match bits {
            384 => rsa::Pkcs1v15Sign::new::<sha2::Sha384>(),
            512 => rsa::Pkcs1v15Sign::new::<sha2::Sha512>(),
            _ => rsa::Pkcs1v15Sign::new::<sha2::Sha256>(),
        };
        rsa.sign(padding, &digest(octets, bits)).unwrap()
    };
    let by_p384 = |octets: &[u8]| {
        let signature: p384::ecdsa::Signature = p384.sign(octets);
        signature.to_bytes().to_vec()
    };
    for (bits, hash) in [
        (256, SHA256.to_owned()),
        (384, format!("{more}sha384")),
        (512, "http://www.w3.org/2001/04/xmlenc#sha512".to_owned()),
    ] {
        let good = document(&format!("{more}rsa-sha{bits}"), &hash, bits, &|octets| by_rsa(octets, bits));
        assert_eq!(said(&verifier.verify(&good, NOW)), "accepted maria", "RSA, {bits}");
        // The padding names the hash: another one does not pass for it.
        let other = document(&format!("{more}rsa-sha256"), &hash, bits, &|octets| by_rsa(octets, bits));
        assert_eq!(
            said(&verifier.verify(&other, NOW)) == "accepted maria",
            bits == 256,
            "RSA, {bits} as 256"
        );
    }
    let good = document(&format!("{more}ecdsa-sha384"), SHA256, 256, &by_p384);
    assert_eq!(said(&verifier.verify(&good, NOW)), "accepted maria");
    let other = document(ECDSA_SHA256, SHA256, 256, &by_p384);
    assert_eq!(said(&verifier.verify(&other, NOW)), "signature", "each curve has its hash");
}

#[test]
fn nobody_is_taken_without_audiences_or_recipients() {
    assert_eq!(said(&with(|expected| expected.audiences.clear()).verify(&honest(), NOW)), "audience");
    let outcome = with(|expected| expected.recipients.clear()).verify(&honest(), NOW);
    assert_eq!(said(&outcome), "destination");
    assert_eq!(bailiwick_saml::unverified_issuer(&honest()).unwrap(), ISSUER);
}
