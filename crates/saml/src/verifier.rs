//! From a response as it came to claims that may be believed.

use bailiwick::identity::Claims;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::conditions::{Clock, response};
use crate::document::parts;
use crate::signature::{Signed, verify};
use crate::xml::{SAML, only, parse, text};
use crate::{Check, Metadata, Refusal, reading};

/// Seconds that clocks may differ at most (SEMANTICS G20.6).
pub const MAX_LEEWAY: u64 = 60;
/// Characters of a response (SEMANTICS I).
const MAX_BYTES: usize = 100_000;

/// An identity provider and what its assertions must say.
#[derive(Clone, Debug)]
pub struct Verifier {
    /// Whose keys verify.
    pub metadata: Metadata,
    /// All else.
    pub expectations: Expectations,
}

/// What is asked of the assertions of one identity provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// The exact text of `Issuer`; the metadata must be of the same entity.
    pub issuer: String,
    /// One of these must be an `Audience`; none means that no assertion is taken.
    pub audiences: Vec<String>,
    /// The addresses that it may have been sent to: `Recipient`, and `Destination` where there is one.
    pub recipients: Vec<String>,
    /// Which request it must answer.
    pub in_response_to: InResponseTo,
    /// Seconds that clocks may differ; more than [`MAX_LEEWAY`] counts as that.
    pub leeway: u64,
}

/// What `InResponseTo` must be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum InResponseTo {
    /// Anything: somebody else looks.
    #[default]
    Any,
    /// Absent: the identity provider began the sign-in.
    Nothing,
    /// The id of this request.
    Request(String),
}

/// An assertion that holds.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What it says, as `bailiwick::identity::Assertion` reads it.
    pub claims: Claims,
    /// Its `ID`. Whoever must not take an assertion twice keeps it until `until`.
    pub id: String,
    /// The second since 1970 from which it does not hold any more, leeway included.
    pub until: i64,
    /// SHA-256 of the certificate whose key verified it, in hexadecimal digits.
    pub fingerprint: String,
}

impl Verifier {
    /// Verifies a response, or an assertion alone, as XML or as Base64 of it, at a time in seconds since 1970.
    ///
    /// # Errors
    /// The first check that refuses: form, structure, signature, then what was signed.
    pub fn verify(&self, document: &str, now: i64) -> Result<Verified, Refusal> {
        let Self { metadata, expectations } = self;
        let leeway = i64::try_from(expectations.leeway.min(MAX_LEEWAY)).unwrap_or(0);
        let clock = Clock { now, leeway };
        if metadata.entity != expectations.issuer {
            let message = format!("the metadata is of `{}`", metadata.entity.escape_debug());
            let help = format!("expected that of `{}`", expectations.issuer);
            return Err(Refusal::new(Check::Keys, message, help));
        }
        if let Some(until) = metadata.until.filter(|until| now >= *until) {
            let message = format!("the metadata held until {until}, it is {now}");
            return Err(Refusal::new(Check::Keys, message, "fetch it again from the identity provider"));
        }
        let source = decoded(document)?;
        let outer = parse(&source)?;
        let found = parts(&outer)?;

        let whole = found.response.zip(found.response_signature);
        let whole = whole.map(|(element, it)| verify(&outer, element, it, &metadata.keys)).transpose()?;
        let own = found.assertion_signature;
        let own = own.map(|it| verify(&outer, found.assertion, it, &metadata.keys)).transpose()?;
        let Some(Signed { text, fingerprint }) = own.or(whole) else {
            let help = "have the identity provider sign the assertion, the response, or both";
            return Err(Refusal::new(Check::Unsigned, "nothing in the response is signed", help));
        };

        if let Some(node) = found.response {
            response(&outer, node, expectations, clock)?;
        }
        // What is read now is what was signed, and nothing else.
        let signed = parse(&text)?;
        let inner = parts(&signed)?;
        let said = reading::read(&signed, inner.assertion, expectations, clock)?;
        Ok(Verified { claims: said.claims, id: said.id, until: said.until, fingerprint })
    }
}

/// Who a response says that it is of, unverified: good for choosing among configured identity providers, and nothing else.
///
/// # Errors
/// It cannot be read, or names no issuer.
pub fn unverified_issuer(document: &str) -> Result<String, Refusal> {
    let source = decoded(document)?;
    let outer = parse(&source)?;
    let found = parts(&outer)?;
    let issuer = only(&outer, found.assertion, SAML, "Issuer")?.and_then(|node| text(&outer, node));
    issuer.ok_or_else(|| {
        Refusal::new(Check::Issuer, "the assertion names no issuer", "have the identity provider do so")
    })
}

/// The XML: as it stands, or as a browser carries it.
fn decoded(document: &str) -> Result<String, Refusal> {
    if document.len() > MAX_BYTES {
        let message = format!("the response has {} bytes", document.len());
        return Err(Refusal::new(Check::Size, message, format!("at most {MAX_BYTES} are read")));
    }
    let document = document.trim_start_matches('\u{feff}');
    if document.trim_start().starts_with('<') {
        return Ok(document.to_owned());
    }
    let bare: String = document.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    let octets = STANDARD.decode(bare).ok().and_then(|octets| String::from_utf8(octets).ok());
    octets.filter(|text| text.trim_start().starts_with('<')).ok_or_else(|| {
        let help = "give the XML, or the value of `SAMLResponse` as the browser posts it";
        Refusal::new(Check::Form, "the response is neither XML nor Base64 of it", help)
    })
}
