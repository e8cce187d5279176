//! Asking an issuer for a document. What asks is the caller's; this says what it is given and what it must bring back.

use std::time::Duration;

use bailiwick::identity::Claims;
use bailiwick::source::json::Value;
use bailiwick::source::{Code, Source};

use crate::{Address, Check, KeySet, Plain, Refusal};

/// How long an answer may take, and how large it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte of the question to the last of the answer; 3 seconds unless told.
    pub timeout: Duration,
    /// Bytes of an answer; 256 KiB unless told.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(3), bytes: 256 << 10 }
    }
}

/// An answer as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// The body, or as much of it as one byte more than is allowed.
    pub body: Vec<u8>,
    /// The header `ETag`.
    pub etag: Option<String>,
    /// The header `Cache-Control`.
    pub cache_control: Option<String>,
    /// The header `Age`.
    pub age: Option<String>,
}

/// Why there is no answer, in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable(pub String);

/// Whatever can ask an issuer. It must not follow redirects, must verify the certificate of an encrypted address, and
/// must keep to the limits: reading ends one byte after `limits.bytes`.
pub trait Fetch {
    /// Asks once. `etag` is that of the last answer, for `If-None-Match`.
    ///
    /// # Errors
    /// There is no answer.
    fn fetch(&self, address: &Address, etag: Option<&str>, limits: Limits) -> Result<Answer, Unreachable>;
}

impl<F: Fetch + ?Sized> Fetch for Box<F> {
    fn fetch(&self, address: &Address, etag: Option<&str>, limits: Limits) -> Result<Answer, Unreachable> {
        (**self).fetch(address, etag, limits)
    }
}

/// What an answer says about a key set.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    /// The set of the last answer holds.
    Same,
    /// This one does.
    Set { text: String, keys: KeySet },
}

/// Reads an answer about a key set.
pub(crate) fn key_set(answer: &Answer, limits: Limits) -> Result<Said, Refusal> {
    if answer.status == 304 {
        return Ok(Said::Same);
    }
    let text = text(answer, limits)?;
    Ok(Said::Set { keys: KeySet::parse(&text)?, text })
}

/// The address of the key set, as a document of `OpenID` Connect Discovery names it. The document must be of the very
/// issuer that was asked: otherwise whoever can publish below its address could name keys of their own.
pub(crate) fn discovered(
    answer: &Answer,
    limits: Limits,
    issuer: &str,
    plain: Plain,
) -> Result<Address, Refusal> {
    let refuse = |message: String| {
        let help = "have the issuer publish it as OpenID Connect Discovery says, or name the set: `jwks_uri`";
        Refusal { code: Code("E191"), ..Refusal::new(Check::Keys, message, help) }
    };
    let text = text(answer, limits)?;
    let document = Claims::parse(Source::new("discovery", &text)).map_err(|diagnostics| {
        let first = diagnostics.list.first().map(|diagnostic| diagnostic.message.clone());
        refuse(format!("the issuer's discovery document cannot be read: {}", first.unwrap_or_default()))
    })?;
    let member = |name: &str| match document.named(name).map(|node| &node.value) {
        Some(Value::String(text)) => Ok(text.as_str()),
        _ => Err(refuse(format!("the issuer's discovery document has no `{name}`"))),
    };
    let named = member("issuer")?;
    if named != issuer {
        let named: String = named.chars().take(200).collect();
        let message = format!("the discovery document of `{issuer}` is of `{}`", named.escape_debug());
        return Err(refuse(message));
    }
    Address::parse(member("jwks_uri")?, plain)
}

fn text(answer: &Answer, limits: Limits) -> Result<String, Refusal> {
    if answer.status != 200 {
        let help = match answer.status {
            300..=399 => "redirects are not followed; name the address that answers",
            _ => "the address must answer 200 with a JSON document",
        };
        return Err(unreachable(&format!("it answers with status {}", answer.status), help));
    }
    if answer.body.len() > limits.bytes {
        let message = format!("the issuer's answer has more than {} bytes", limits.bytes);
        return Err(Refusal::new(Check::Keys, message, "key sets are small"));
    }
    String::from_utf8(answer.body.clone())
        .map_err(|_| Refusal::new(Check::Keys, "the issuer's answer is not UTF-8", "give a JWK set"))
}

/// `E308`: the issuer was asked in vain.
pub(crate) fn unreachable(why: &str, help: &str) -> Refusal {
    let message = format!("the issuer's keys cannot be fetched: {why}");
    Refusal { code: Code("E308"), ..Refusal::new(Check::Keys, message, help) }
}
