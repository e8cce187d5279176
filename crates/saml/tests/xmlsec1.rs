//! The same questions put to `xmlsec1`, which shares no code with this crate: what it signs is accepted, and nothing is
//! accepted that it refuses. Without the program the test says so; `BAILIWICK_XMLSEC1=required` makes that an error.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    clippy::format_collect,
    reason = "a test; tables are long"
)]

mod common;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use bailiwick_saml::{Metadata, Verifier};
use common::*;
use rsa::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, LineEnding};

/// An identity provider that signs with `xmlsec1`.
struct Outside {
    folder: PathBuf,
    verifier: Verifier,
}

impl Outside {
    fn new(test: &str) -> Option<Self> {
        let there =
            Command::new("xmlsec1").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !there.is_ok_and(|status| status.success()) {
            let required = std::env::var("BAILIWICK_XMLSEC1").is_ok_and(|value| value == "required");
            assert!(!required, "`xmlsec1` is required and not there");
            println!("skipped: no xmlsec1");
            return None;
        }
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("xmlsec1").join(test);
        fs::create_dir_all(&folder).unwrap();
        let key = rsa::RsaPrivateKey::new(&mut rand_core::OsRng, 2_048).unwrap();
        let public = key.to_public_key();
        fs::write(folder.join("key.pem"), key.to_pkcs8_pem(LineEnding::LF).unwrap().as_bytes()).unwrap();
        fs::write(folder.join("public.pem"), public.to_public_key_pem(LineEnding::LF).unwrap()).unwrap();
        let certificate = certificate(public.to_public_key_der().unwrap().as_bytes());
        let metadata = Metadata::parse(&metadata(ISSUER, &[certificate])).unwrap();
        Some(Self { folder, verifier: Verifier { metadata, expectations: expectations() } })
    }

    fn run(&self, arguments: &[&str], document: &str) -> (bool, String) {
        let (input, output) = (self.folder.join("in.xml"), self.folder.join("out.xml"));
        fs::write(&input, document).unwrap();
        let _ = fs::remove_file(&output);
        let mut command = Command::new("xmlsec1");
        command.args(arguments).args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"]);
        command
            .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:Response", "--output"])
            .arg(&output);
        let done = command.arg(&input).stdout(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
        (done.status.success(), fs::read_to_string(&output).unwrap_or_default())
    }

    fn sign(&self, template: &str) -> String {
        let key = self.folder.join("key.pem");
        let (signed, document) = self.run(&["--sign", "--privkey-pem", key.to_str().unwrap()], template);
        assert!(signed, "xmlsec1 does not sign {template}");
        document
    }

    fn verifies(&self, document: &str) -> bool {
        let key = self.folder.join("public.pem");
        self.run(
            &["--verify", "--enabled-reference-uris", "same-doc", "--pubkey-pem", key.to_str().unwrap()],
            document,
        )
        .0
    }
}

/// A template that `xmlsec1` fills.
fn template(id: &str) -> String {
    let plan = Plan { method: RSA_SHA256.to_owned(), ..Plan::new(id) };
    wrapped(&plan.info(""), "")
}

/// Documents that are far from canonical: other prefixes, other orders, blanks, comments, references, unused namespaces.
fn templates() -> Vec<(&'static str, String)> {
    let plain = put_behind_issuer(&assertion(), &template("_a1"));
    let pretty = plain.replace("><", ">\n  <").replace("<saml:NameID ", "<saml:NameID\n     ");
    let prefixes = plain
        .replace("saml:", "s2:")
        .replace("xmlns:saml", "xmlns:s2")
        .replace("ds:", "")
        .replace("xmlns:ds", "xmlns");
    let default = plain.replace("<saml:", "<").replace("</saml:", "</").replace("xmlns:saml", "xmlns");
    let unused = plain.replacen("<saml:Assertion ", "<saml:Assertion xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" ", 1)
        .replace("<saml:AttributeValue>", "<saml:AttributeValue xsi:type=\"xs:string\">");
    let listed = unused.replacen(
        &format!("<ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform>"),
        &format!("<ds:Transform Algorithm=\"{EXCLUSIVE}\"><ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"xs #default\"/></ds:Transform>"),
        1,
    );
    let outer = |inner: &str| {
        response(inner).replacen(
            "<samlp:Response ",
            "<samlp:Response xmlns=\"urn:d\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" ",
            1,
        )
    };
    vec![
        ("plain", response(&plain)),
        ("indented", response(&pretty)),
        ("carriage returns", response(&pretty.replace('\n', "\r\n"))),
        ("other prefixes", response(&prefixes)),
        ("default namespace", response(&default)),
        ("unused namespaces", response(&unused)),
        ("listed namespaces", response(&listed)),
        ("namespaces around", outer(&plain)),
        ("namespaces around, listed", outer(&listed)),
        (
            "comments",
            response(
                &plain
                    .replace("maria</", "ma<!-- c -->ria<!-- d --></")
                    .replace("<saml:Conditions", "<!-- e --><saml:Conditions"),
            ),
        ),
        ("CDATA and references", response(&plain.replace("maria</", "<![CDATA[ma]]>r&#105;&#x61;</"))),
        (
            "marks in texts",
            response(&plain.replace("maria@example.com", "a&lt;b&gt;&amp;&quot;&#13;&#9;é\u{1f600}")),
        ),
        (
            "marks in attributes",
            response(&plain.replace(
                "Name=\"https://aws.amazon.com/SAML/Attributes/RoleSessionName\"",
                "Name='x&lt;\"&amp;&#10;&#9;é' FriendlyName=\"y\" NameFormat='z'",
            )),
        ),
        (
            "empty elements",
            response(
                &plain.replace("></saml:SubjectConfirmationData>", "/>").replace("></ds:Transform>", " />"),
            ),
        ),
        ("an assertion alone", plain.clone()),
        (
            "a declaration",
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c -->\n{}", response(&plain)),
        ),
        ("the response signed", put_behind_issuer(&response(&assertion()), &template("_r1"))),
    ]
}

#[test]
fn what_another_program_signs_is_accepted() {
    let Some(outside) = Outside::new("signs") else { return };
    for (name, template) in templates() {
        let signed = outside.sign(&template);
        assert!(outside.verifies(&signed), "{name}: xmlsec1 does not verify its own");
        let outcome = outside.verifier.verify(&signed, NOW);
        assert_eq!(said(&outcome), "accepted maria", "{name}: {outcome:?}\n{signed}");
    }
}

#[test]
fn nothing_is_accepted_that_another_program_refuses() {
    let Some(outside) = Outside::new("refuses") else { return };
    let (mut asked, mut accepted) = (0, 0);
    for (name, template) in templates() {
        let signed = outside.sign(&template);
        // What is not signed the other program may dislike for reasons of its own.
        let from = if name == "the response signed" { 0 } else { signed.find("Assertion ").unwrap() };
        for (at, _) in signed.char_indices().filter(|(at, _)| *at > from).step_by(41) {
            for change in 0..3 {
                let mut changed = signed.clone();
                match change {
                    0 => changed.insert(at, ' '),
                    1 => changed.insert_str(at, "<!-- -->"),
                    _ => {
                        changed.remove(at);
                    }
                }
                asked += 1;
                // Asking the other program is slow: only where it matters.
                if let Ok(verified) = outside.verifier.verify(&changed, NOW) {
                    accepted += 1;
                    assert_eq!(verified.claims.text("sub"), Some("maria"), "{name} at {at}: {changed}");
                    assert!(outside.verifies(&changed), "{name} at {at}: {changed}");
                }
            }
        }
    }
    println!("{asked} changed documents, {accepted} accepted by both");
    assert!(accepted > 0, "none of {asked} was accepted");
}
