//! An identity provider that lives in the test. Its documents are written in canonical form to begin with, so that no
//! canonicalization but the verifier's has a say in what is signed.

#![allow(dead_code, clippy::format_collect, reason = "each test takes what it needs")]

use std::sync::LazyLock;

use bailiwick_saml::{Expectations, InResponseTo, Metadata, Refusal, Verified, Verifier};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::Signer as _;
use p256::pkcs8::EncodePublicKey as _;
use sha2::{Digest as _, Sha256};
use x509_cert::der::asn1::{BitString, UtcTime};
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::spki::{AlgorithmIdentifierOwned, ObjectIdentifier, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};
use x509_cert::{Certificate, TbsCertificate, Version};

pub(crate) const NOW: i64 = 1_800_000_000; // 2027-01-15T08:00:00Z
pub(crate) const ISSUER: &str = "https://idp.example/saml";
pub(crate) const SIGN_IN: &str = "https://signin.aws.amazon.com/saml";
pub(crate) const SUBJECT: &str = "maria";

pub(crate) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub(crate) const ECDSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
pub(crate) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

pub(crate) static IDP: LazyLock<Idp> = LazyLock::new(Idp::new);
pub(crate) static STRANGER: LazyLock<Idp> = LazyLock::new(Idp::new);

/// A key and the metadata that publishes it.
pub(crate) struct Idp {
    pub(crate) key: p256::ecdsa::SigningKey,
    pub(crate) metadata: String,
}

impl Idp {
    fn new() -> Self {
        let key = p256::ecdsa::SigningKey::random(&mut rand_core::OsRng);
        let info = p256::PublicKey::from(key.verifying_key()).to_public_key_der().unwrap();
        Self { metadata: metadata(ISSUER, &[certificate(info.as_bytes())]), key }
    }

    pub(crate) fn verifier(&self) -> Verifier {
        Verifier { metadata: Metadata::parse(&self.metadata).unwrap(), expectations: expectations() }
    }

    pub(crate) fn verify(&self, document: &str) -> Result<Verified, Refusal> {
        self.verifier().verify(document, NOW)
    }

    /// A signature over an element in canonical form, put behind its first issuer.
    pub(crate) fn sign(&self, canonical: &str, id: &str) -> String {
        self.sign_with(canonical, &Plan::new(id))
    }

    pub(crate) fn sign_with(&self, canonical: &str, plan: &Plan) -> String {
        put_behind_issuer(canonical, &self.signature(canonical, plan))
    }

    pub(crate) fn signature(&self, canonical: &str, plan: &Plan) -> String {
        let info = plan.info(&STANDARD.encode(Sha256::digest(canonical)));
        let signed = info.replacen(
            "<ds:SignedInfo>",
            "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">",
            1,
        );
        let value: p256::ecdsa::Signature = self.key.sign(signed.as_bytes());
        wrapped(&info, &STANDARD.encode(value.to_bytes()))
    }
}

/// What a signature says of itself.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) uri: String,
    pub(crate) method: String,
    pub(crate) canonicalization: String,
    pub(crate) transforms: String,
    pub(crate) digest: String,
}

impl Plan {
    pub(crate) fn new(id: &str) -> Self {
        Self {
            uri: format!("#{id}"),
            method: ECDSA_SHA256.to_owned(),
            canonicalization: EXCLUSIVE.to_owned(),
            transforms: [ENVELOPED, EXCLUSIVE].map(transform).concat(),
            digest: SHA256.to_owned(),
        }
    }

    /// `SignedInfo` as it stands in the document: the namespace comes from `Signature`.
    pub(crate) fn info(&self, digest: &str) -> String {
        let Self { uri, method, canonicalization, transforms, digest: digest_method } = self;
        format!(
            "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{canonicalization}\"></ds:CanonicalizationMethod>\
             <ds:SignatureMethod Algorithm=\"{method}\"></ds:SignatureMethod><ds:Reference URI=\"{uri}\">\
             <ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod Algorithm=\"{digest_method}\"></ds:DigestMethod>\
             <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
        )
    }
}

pub(crate) fn transform(algorithm: &str) -> String {
    format!("<ds:Transform Algorithm=\"{algorithm}\"></ds:Transform>")
}

pub(crate) fn wrapped(info: &str, value: &str) -> String {
    format!(
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"
    )
}

pub(crate) fn put_behind_issuer(element: &str, signature: &str) -> String {
    element.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1)
}

pub(crate) fn expectations() -> Expectations {
    Expectations {
        issuer: ISSUER.to_owned(),
        audiences: vec!["urn:amazon:webservices".to_owned()],
        recipients: vec![SIGN_IN.to_owned()],
        in_response_to: InResponseTo::Any,
        leeway: 0,
    }
}

/// A certificate for a key: its own signature is nobody's, and nobody looks.
pub(crate) fn certificate(public_key: &[u8]) -> String {
    let algorithm = AlgorithmIdentifierOwned {
        oid: ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"),
        parameters: None,
    };
    let instant = |days: u64| {
        let since = std::time::Duration::from_secs(days * 86_400);
        Time::UtcTime(UtcTime::from_unix_duration(since).unwrap())
    };
    let certificate = Certificate {
        tbs_certificate: TbsCertificate {
            version: Version::V3,
            serial_number: x509_cert::serial_number::SerialNumber::new(&[1]).unwrap(),
            signature: algorithm.clone(),
            issuer: x509_cert::name::Name::default(),
            validity: Validity { not_before: instant(20_000), not_after: instant(20_001) },
            subject: x509_cert::name::Name::default(),
            subject_public_key_info: SubjectPublicKeyInfoOwned::from_der(public_key).unwrap(),
            issuer_unique_id: None,
            subject_unique_id: None,
            extensions: None,
        },
        signature_algorithm: algorithm,
        signature: BitString::from_bytes(&[0]).unwrap(),
    };
    STANDARD.encode(certificate.to_der().unwrap())
}

pub(crate) fn metadata(entity: &str, certificates: &[String]) -> String {
    let keys: String = certificates
        .iter()
        .map(|certificate| {
            format!(
                "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
                 <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?>\n<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{entity}\">\
         <md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{keys}\
         </md:IDPSSODescriptor></md:EntityDescriptor>"
    )
}

/// An assertion in canonical form, unsigned.
pub(crate) fn assertion() -> String {
    format!(
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_a1\" IssueInstant=\"2027-01-15T08:00:00Z\" Version=\"2.0\">\
         <saml:Issuer>{ISSUER}</saml:Issuer>\
         <saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">{SUBJECT}</saml:NameID>\
         <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <saml:SubjectConfirmationData InResponseTo=\"_q1\" NotOnOrAfter=\"2027-01-15T08:05:00Z\" Recipient=\"{SIGN_IN}\"></saml:SubjectConfirmationData>\
         </saml:SubjectConfirmation></saml:Subject>\
         <saml:Conditions NotBefore=\"2027-01-15T07:59:30Z\" NotOnOrAfter=\"2027-01-15T08:10:00Z\"><saml:AudienceRestriction>\
         <saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
         <saml:AuthnStatement AuthnInstant=\"2027-01-15T08:00:00Z\"></saml:AuthnStatement>\
         <saml:AttributeStatement>{}{}</saml:AttributeStatement></saml:Assertion>",
        attribute(
            "https://aws.amazon.com/SAML/Attributes/Role",
            &["arn:aws:iam::111122223333:role/dev,arn:aws:iam::111122223333:saml-provider/corp"]
        ),
        attribute("https://aws.amazon.com/SAML/Attributes/RoleSessionName", &["maria@example.com"]),
    )
}

pub(crate) fn attribute(name: &str, values: &[&str]) -> String {
    let values: String =
        values.iter().map(|value| format!("<saml:AttributeValue>{value}</saml:AttributeValue>")).collect();
    format!("<saml:Attribute Name=\"{name}\">{values}</saml:Attribute>")
}

/// A response in canonical form around something, unsigned.
pub(crate) fn response(inner: &str) -> String {
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{SIGN_IN}\" ID=\"_r1\" InResponseTo=\"_q1\" IssueInstant=\"2027-01-15T08:00:00Z\" Version=\"2.0\">\
         <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{ISSUER}</saml:Issuer>\
         <samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>\
         {inner}</samlp:Response>"
    )
}

/// As identity providers send it: a signed assertion in a response.
pub(crate) fn honest() -> String {
    response(&IDP.sign(&assertion(), "_a1"))
}

/// The assertion that an attacker would like to be read.
pub(crate) fn evil(id: &str) -> String {
    assertion().replace("\"_a1\"", &format!("\"{id}\"")).replace(SUBJECT, "mallory")
}

/// `accepted SUBJECT`, or the check that refused.
pub(crate) fn said(outcome: &Result<Verified, Refusal>) -> String {
    match outcome {
        Ok(verified) => format!("accepted {}", verified.claims.text("sub").unwrap_or_default()),
        Err(refusal) => refusal.check.name().to_owned(),
    }
}
