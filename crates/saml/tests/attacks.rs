//! What an attacker sends, and the check that refuses it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    clippy::format_collect,
    reason = "a test; tables are long"
)]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::*;

/// Document and what must come of it.
fn check(rows: &[(&str, String, &str)]) {
    let mut wrong = Vec::new();
    for (name, document, expected) in rows {
        let outcome = IDP.verify(document);
        let found = said(&outcome);
        if found != *expected {
            wrong.push(format!("{name}: {found}, not {expected}: {outcome:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn signed() -> String {
    IDP.sign(&assertion(), "_a1")
}

fn signature() -> String {
    IDP.signature(&assertion(), &Plan::new("_a1"))
}

#[test]
fn honest_responses_are_accepted() {
    let both = response(&signed());
    let both = put_behind_issuer(&both, &IDP.signature(&both, &Plan::new("_r1")));
    let whole = IDP.sign(&response(&assertion()), "_r1");
    let rows = [
        ("assertion signed", honest(), "accepted maria"),
        ("response signed", whole, "accepted maria"),
        ("both signed", both, "accepted maria"),
        ("an assertion alone", signed(), "accepted maria"),
        ("in Base64", STANDARD.encode(honest()), "accepted maria"),
        (
            "with a declaration",
            format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", honest()),
            "accepted maria",
        ),
        ("a prefix list", response(&IDP.sign_with(&assertion(), &with_prefixes())), "accepted maria"),
        (
            "a KeyInfo, which is not read",
            honest().replace(
                "</ds:Signature>",
                "<ds:KeyInfo><ds:KeyName>k</ds:KeyName></ds:KeyInfo></ds:Signature>",
            ),
            "accepted maria",
        ),
        (
            "no destination",
            honest().replacen(&format!(" Destination=\"{SIGN_IN}\""), "", 1),
            "accepted maria",
        ),
    ];
    check(&rows);
}

/// Namespaces that are named in the list and in scope are written; `xs` is not in scope here.
fn with_prefixes() -> Plan {
    let list = format!(
        "<ds:Transform Algorithm=\"{EXCLUSIVE}\"><ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"saml xs\"></ec:InclusiveNamespaces></ds:Transform>"
    );
    Plan { transforms: format!("{}{list}", transform(ENVELOPED)), ..Plan::new("_a1") }
}

#[test]
fn what_is_read_is_the_whole_text() {
    // Comments are no part of what is signed: whoever stops reading at one reads another name.
    for (subject, expected) in [
        ("maria<!-- x -->@example.com", "maria@example.com"),
        ("<!---->maria", "maria"),
        ("ma<![CDATA[ri]]>a", "maria"),
        ("mari&#97;", "maria"),
    ] {
        let plain = assertion().replace(SUBJECT_ELEMENT, &format!(">{expected}</saml:NameID>"));
        let document = response(&IDP.sign(&plain, "_a1"));
        let cut =
            document.replace(&format!(">{expected}</saml:NameID>"), &format!(">{subject}</saml:NameID>"));
        assert_ne!(document, cut);
        assert_eq!(said(&IDP.verify(&cut)), format!("accepted {expected}"), "{subject}");
    }
}

const SUBJECT_ELEMENT: &str = ">maria</saml:NameID>";

#[test]
fn unsigned_and_changed_documents_are_refused() {
    let honest = honest();
    let strange = response(&STRANGER.sign(&assertion(), "_a1"));
    let inline = strange.replace(
        "</ds:Signature>",
        &format!(
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>",
            STRANGER.metadata.split("X509Certificate>").nth(1).unwrap().trim_end_matches("</ds:")
        ),
    );
    let empty = honest.replace(value_of(&honest), "");
    let zero = honest.replace(value_of(&honest), &STANDARD.encode([0; 64]));
    let rows = [
        ("unsigned", response(&assertion()), "unsigned"),
        ("signature stripped", honest.replace(&signature_of(&honest), ""), "unsigned"),
        ("replaced key", strange, "signature"),
        ("replaced key that the document brings along", inline, "signature"),
        ("no value", empty, "form"),
        ("r = s = 0", zero, "signature"),
        ("subject changed", honest.replace(SUBJECT_ELEMENT, ">mallory</saml:NameID>"), "digest"),
        ("role changed", honest.replace("role/dev", "role/admin"), "digest"),
        (
            "attribute added",
            honest.replace(
                "</saml:AttributeStatement>",
                &format!("{}</saml:AttributeStatement>", attribute("x", &["y"])),
            ),
            "digest",
        ),
        (
            "attribute removed",
            honest.replace(
                &attribute("https://aws.amazon.com/SAML/Attributes/RoleSessionName", &["maria@example.com"]),
                "",
            ),
            "digest",
        ),
        ("time extended", honest.replace("08:05:00Z", "23:05:00Z"), "digest"),
        (
            "digest changed too",
            honest
                .replace(SUBJECT_ELEMENT, ">mallory</saml:NameID>")
                .replace(digest_of(&honest), &fresh_digest()),
            "signature",
        ),
        (
            "namespace changed",
            honest.replace("<saml:NameID ", "<saml:NameID xmlns:saml=\"urn:x\" "),
            "digest",
        ),
        ("a text between", honest.replace("<saml:Subject>", "x<saml:Subject>"), "digest"),
        (
            "a comment in the digest",
            honest.replace("<ds:DigestValue>", "<ds:DigestValue><!--AAAA-->"),
            "accepted maria",
        ),
        (
            "two digests",
            honest.replace("<ds:DigestValue>", "<ds:DigestValue>AAAA</ds:DigestValue><ds:DigestValue>"),
            "reference",
        ),
        (
            "a digest in a digest",
            honest.replace("<ds:DigestValue>", "<ds:DigestValue><ds:DigestValue>AAAA</ds:DigestValue>"),
            "form",
        ),
    ];
    check(&rows);
}

fn between<'a>(document: &'a str, from: &str, to: &str) -> &'a str {
    let start = document.find(from).unwrap() + from.len();
    &document[start..start + document[start..].find(to).unwrap()]
}

fn value_of(document: &str) -> &str {
    between(document, "<ds:SignatureValue>", "</ds:SignatureValue>")
}

fn digest_of(document: &str) -> &str {
    between(document, "<ds:DigestValue>", "</ds:DigestValue>")
}

fn fresh_digest() -> String {
    use sha2::Digest as _;
    STANDARD.encode(sha2::Sha256::digest(assertion().replace(SUBJECT_ELEMENT, ">mallory</saml:NameID>")))
}

fn signature_of(document: &str) -> String {
    let inner = between(document, "<ds:Signature ", "</ds:Signature>");
    format!("<ds:Signature {inner}</ds:Signature>")
}

/// The eight shapes of signature wrapping, and others of their kind.
#[test]
fn wrapped_signatures_are_refused() {
    let (signed, signature) = (signed(), signature());
    let object = |inner: &str| {
        signature.replace("</ds:Signature>", &format!("<ds:Object>{inner}</ds:Object></ds:Signature>"))
    };
    // The first two need a response that is signed as a whole.
    let whole = response(&assertion());
    let whole_signature = IDP.signature(&whole, &Plan::new("_r1"));
    let evil_response = response(&evil("_e1")).replace("\"_r1\"", "\"_e0\"");
    let in_object =
        whole_signature.replace("</ds:Signature>", &format!("<ds:Object>{whole}</ds:Object></ds:Signature>"));
    let extensions = |inner: &str| format!("<samlp:Extensions>{inner}</samlp:Extensions>");
    let rows = [
        ("XSW1", put_behind_issuer(&evil_response, &in_object), "structure"),
        ("XSW2", put_behind_issuer(&evil_response, &format!("{whole}{whole_signature}")), "structure"),
        ("XSW3", response(&format!("{}{signed}", evil("_e1"))), "structure"),
        (
            "XSW4",
            response(&evil("_e1").replace("</saml:Assertion>", &format!("{signed}</saml:Assertion>"))),
            "structure",
        ),
        (
            "XSW5",
            response(&format!("{}{}", put_behind_issuer(&evil("_e1"), &signature), assertion())),
            "structure",
        ),
        (
            "XSW6",
            response(&put_behind_issuer(
                &evil("_e1"),
                &signature.replace("</ds:Signature>", &format!("{}</ds:Signature>", assertion())),
            )),
            "structure",
        ),
        ("XSW7", response(&format!("{}{signed}", extensions(&evil("_e1")))), "structure"),
        ("XSW8", response(&put_behind_issuer(&evil("_e1"), &object(&assertion()))), "structure"),
        ("XSW7 with the same id", response(&format!("{}{signed}", extensions(&evil("_a1")))), "ids"),
        (
            "the signature moved to another element",
            response(&put_behind_issuer(&evil("_e1"), &signature)),
            "reference",
        ),
        (
            "the signature moved to an element of the same id",
            response(&put_behind_issuer(&evil("_a1"), &signature)),
            "digest",
        ),
        (
            "the assertion's signature in the response",
            put_behind_issuer(&response(&evil("_e1")), &signature),
            "reference",
        ),
        (
            "the response takes the assertion's id",
            put_behind_issuer(&response(&evil("_e1")).replace("\"_r1\"", "\"_a1\""), &signature),
            "digest",
        ),
        ("the same assertion twice", response(&format!("{signed}{signed}")), "ids"),
        ("behind the response's end", format!("{}{}", response(""), signed), "form"),
        (
            "in the signature",
            response(&assertion().replacen(
                "</saml:Issuer>",
                &format!("</saml:Issuer>{}", object(&evil("_e1"))),
                1,
            )),
            "structure",
        ),
        ("in an attribute", response(&signed.replace("maria@example.com", &evil("_e1"))), "structure"),
        (
            "in advice",
            response(&signed.replace(
                "<saml:Subject>",
                &format!("<saml:Advice>{}</saml:Advice><saml:Subject>", evil("_e1")),
            )),
            "structure",
        ),
        ("a response in a response", response(&response(&signed).replace("\"_r1\"", "\"_r2\"")), "structure"),
        (
            "another namespace around",
            format!("<x:Response xmlns:x=\"urn:x\">{signed}</x:Response>"),
            "structure",
        ),
        (
            "an assertion of SAML 1",
            response(&signed.replace(":SAML:2.0:assertion", ":SAML:1.0:assertion")),
            "structure",
        ),
        ("two signatures", response(&put_behind_issuer(&signed, &signature)), "structure"),
        ("two ids", response(&signed.replace(" ID=\"_a1\"", " ID=\"_a1\" Id=\"_a1\"")), "ids"),
        ("xml:id", response(&signed).replace("<samlp:Status>", "<samlp:Status xml:id=\"_a1\">"), "ids"),
        (
            "an id in a namespace",
            response(&signed.replace(" ID=\"_a1\"", " xmlns:x=\"urn:x\" x:ID=\"_a1\"")),
            "ids",
        ),
        (
            "no id",
            response(&IDP.sign_with(
                &assertion().replace(" ID=\"_a1\"", ""),
                &Plan { uri: "#".to_owned(), ..Plan::new("") },
            )),
            "ids",
        ),
        (
            "both signed, the outer one broken",
            put_behind_issuer(&response(&signed), &whole_signature),
            "digest",
        ),
        (
            "both signed, the inner one broken",
            IDP.sign(&response(&signed.replace(SUBJECT_ELEMENT, ">m</saml:NameID>")), "_r1"),
            "digest",
        ),
    ];
    check(&rows);
}

#[test]
fn only_the_profile_of_saml_is_understood() {
    let plan = |change: &dyn Fn(&mut Plan)| {
        let mut plan = Plan::new("_a1");
        change(&mut plan);
        response(&IDP.sign_with(&assertion(), &plan))
    };
    let transforms = |list: &[&str]| {
        let text: String = list.iter().map(|uri| transform(uri)).collect();
        plan(&|plan| plan.transforms.clone_from(&text))
    };
    let with_comments = format!("{EXCLUSIVE}WithComments");
    let parameter = |inner: &str| {
        let text =
            format!("{}<ds:Transform Algorithm=\"{EXCLUSIVE}\">{inner}</ds:Transform>", transform(ENVELOPED));
        plan(&|plan| plan.transforms.clone_from(&text))
    };
    let xslt = "http://www.w3.org/TR/1999/REC-xslt-19991116";
    let xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116";
    let rows = [
        (
            "RSA with SHA-1",
            plan(&|plan| plan.method = "http://www.w3.org/2000/09/xmldsig#rsa-sha1".into()),
            "algorithm",
        ),
        (
            "ECDSA with SHA-1",
            plan(&|plan| plan.method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1".into()),
            "algorithm",
        ),
        (
            "HMAC with the public key",
            plan(&|plan| plan.method = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256".into()),
            "algorithm",
        ),
        ("another key's method", plan(&|plan| plan.method = RSA_SHA256.into()), "signature"),
        ("no method", plan(&|plan| plan.method = String::new()), "algorithm"),
        (
            "digest SHA-1",
            plan(&|plan| plan.digest = "http://www.w3.org/2000/09/xmldsig#sha1".into()),
            "algorithm",
        ),
        (
            "digest MD5",
            plan(&|plan| plan.digest = "http://www.w3.org/2001/04/xmldsig-more#md5".into()),
            "algorithm",
        ),
        (
            "inclusive canonicalization",
            plan(&|plan| plan.canonicalization = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315".into()),
            "algorithm",
        ),
        ("comments are signed", plan(&|plan| plan.canonicalization.clone_from(&with_comments)), "algorithm"),
        ("comments are signed below", transforms(&[ENVELOPED, &with_comments]), "transforms"),
        ("no transforms", transforms(&[]), "transforms"),
        ("one transform", transforms(&[ENVELOPED]), "transforms"),
        ("the other one", transforms(&[EXCLUSIVE]), "transforms"),
        ("in the other order", transforms(&[EXCLUSIVE, ENVELOPED]), "transforms"),
        ("three", transforms(&[ENVELOPED, EXCLUSIVE, EXCLUSIVE]), "transforms"),
        ("XSLT", transforms(&[ENVELOPED, xslt]), "transforms"),
        ("XPath", transforms(&[xpath, EXCLUSIVE]), "transforms"),
        (
            "a stylesheet as parameter",
            parameter("<x:stylesheet xmlns:x=\"http://www.w3.org/1999/XSL/Transform\"></x:stylesheet>"),
            "transforms",
        ),
        (
            "two prefix lists",
            parameter(
                &format!("<e:InclusiveNamespaces xmlns:e=\"{EXCLUSIVE}\"></e:InclusiveNamespaces>").repeat(2),
            ),
            "structure",
        ),
        ("the whole document", plan(&|plan| plan.uri = String::new()), "reference"),
        ("an XPointer", plan(&|plan| plan.uri = "#xpointer(id('_a1'))".into()), "reference"),
        ("a file", plan(&|plan| plan.uri = "file:///etc/passwd".into()), "reference"),
        ("an address", plan(&|plan| plan.uri = "https://evil.example/a#_a1".into()), "reference"),
        ("another element", plan(&|plan| plan.uri = "#_r1".into()), "reference"),
    ];
    check(&rows);
    let double = honest().replace(
        "</ds:Reference>",
        &format!(
            "</ds:Reference><ds:Reference URI=\"#_r1\">{}</ds:Reference>",
            between(&honest(), "<ds:Reference URI=\"#_a1\">", "</ds:Reference>")
        ),
    );
    assert_eq!(said(&IDP.verify(&double)), "reference");
    let none = honest().replace(
        &format!(
            "<ds:Reference URI=\"#_a1\">{}</ds:Reference>",
            between(&honest(), "<ds:Reference URI=\"#_a1\">", "</ds:Reference>")
        ),
        "",
    );
    assert_eq!(said(&IDP.verify(&none)), "reference");
}

#[test]
fn hostile_documents_are_refused_soon() {
    let bomb = |count: usize| {
        let entities: String = (1..count)
            .map(|i| format!("<!ENTITY e{i} \"{}\">", format!("&e{};", i - 1).repeat(10)))
            .collect();
        format!(
            "<!DOCTYPE r [<!ENTITY e0 \"maria\">{entities}]>{}",
            honest().replace(SUBJECT, &format!("&e{};", count - 1))
        )
    };
    let deep = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    let many = |count: usize| (0..count).map(|i| format!(" a{i}=\"\"")).collect::<String>();
    let spaces = |count: usize| (0..count).map(|i| format!(" xmlns:a{i}=\"urn:{i}\"")).collect::<String>();
    let rows = [
        ("an entity bomb", bomb(9), "dtd"),
        ("one entity", bomb(1), "dtd"),
        ("an external entity", format!("<!DOCTYPE r SYSTEM \"file:///etc/passwd\">{}", honest()), "dtd"),
        (
            "a document type in a comment",
            honest().replace("<samlp:Status>", "<!-- <!DOCTYPE x> --><samlp:Status>"),
            "dtd",
        ),
        (
            "an entity that nobody declared",
            honest().replace(SUBJECT_ELEMENT, ">&maria;</saml:NameID>"),
            "form",
        ),
        ("ten megabytes", format!("{}{}", honest(), " ".repeat(10_000_000)), "size"),
        (
            "ten megabytes of Base64",
            STANDARD.encode(honest().replace(SUBJECT, &"a".repeat(10_000_000))),
            "size",
        ),
        ("deep", response(&deep(33)), "form"),
        ("very deep", deep(14_000), "form"),
        ("unclosed", "<a>".repeat(33_000), "form"),
        (
            "many attributes",
            honest().replace("<samlp:Status>", &format!("<samlp:Status{}>", many(5_000))),
            "size",
        ),
        (
            "many namespaces",
            honest().replace("<samlp:Status>", &format!("<samlp:Status{}>", spaces(4_000))),
            "size",
        ),
        ("many elements", response(&"<a/>".repeat(20_000)), "structure"),
        ("a processing instruction", honest().replace("<samlp:Status>", "<?x y?><samlp:Status>"), "form"),
        ("nothing", String::new(), "form"),
        ("no XML", "maria".to_owned(), "form"),
        ("a token", "eyJhbGciOiJub25lIn0.e30.".to_owned(), "form"),
        ("Base64 of no XML", STANDARD.encode("maria"), "form"),
        ("Base64 of Base64", STANDARD.encode(STANDARD.encode(honest())), "form"),
        ("not UTF-8", STANDARD.encode([b'<', 0xff, 0xfe]), "form"),
        (
            "UTF-16",
            STANDARD.encode(honest().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
            "form",
        ),
        ("a null", honest().replace(SUBJECT_ELEMENT, ">ma\0ria</saml:NameID>"), "form"),
        (
            "encrypted",
            response(
                "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"></saml:EncryptedAssertion>",
            ),
            "encrypted",
        ),
        (
            "encrypted beside a clear one",
            response(&format!(
                "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"></saml:EncryptedAssertion>{}",
                signed()
            )),
            "encrypted",
        ),
        (
            "SAML 1.1",
            response(&IDP.sign(&assertion().replace("Version=\"2.0\"", "Version=\"1.1\""), "_a1")),
            "version",
        ),
        (
            "no response",
            format!(
                "<samlp:LogoutResponse xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}</samlp:LogoutResponse>",
                signed()
            ),
            "structure",
        ),
        ("no assertion", response(""), "structure"),
    ];
    let begun = std::time::Instant::now();
    check(&rows);
    assert!(begun.elapsed().as_secs() < 20, "{:?} for {} documents", begun.elapsed(), rows.len());
}
