//! An identity provider's metadata: who it is, and which keys it signs with.

use bailiwick::value::Instant;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uppsala::{Document, NodeId};

use crate::algorithm::Key;
use crate::xml::{DSIG, METADATA, attribute, is, named, nodes, parse, text};
use crate::{Check, Refusal};

/// Bytes of a metadata document.
const MAX_BYTES: usize = 1 << 20;
/// Keys of one provider.
const MAX_KEYS: usize = 20;

/// What is taken from a metadata document.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// The entity id: what `Issuer` must be.
    pub entity: String,
    /// The instant from which the document does not hold any more, in seconds since 1970.
    pub until: Option<i64>,
    /// What was left out, and why: certificates whose keys cannot be used.
    pub left_out: Vec<String>,
    pub(crate) keys: Vec<Key>,
}

impl Metadata {
    /// Reads one `EntityDescriptor` with an `IDPSSODescriptor`. The document is trusted: it must come from the identity
    /// provider by a way of its own, never with a response.
    ///
    /// # Errors
    /// `E179`: it is not such a document, or holds no key to verify with.
    pub fn parse(source: &str) -> Result<Self, Refusal> {
        let refuse = |message: String, help: &str| Refusal::new(Check::Keys, message, help);
        if source.len() > MAX_BYTES {
            let message = format!("the metadata has {} bytes", source.len());
            return Err(refuse(message, "give the description of one identity provider"));
        }
        let source = source.trim_start_matches('\u{feff}');
        let document = parse(source).map_err(|refusal| refuse(refusal.message, &refusal.help))?;
        let top = document.document_element().filter(|top| is(&document, *top, METADATA, "EntityDescriptor"));
        let entity =
            top.and_then(|top| attribute(&document, top, "entityID")).filter(|text| !text.is_empty());
        let (Some(top), Some(entity)) = (top, entity) else {
            let help = "give its SAML 2.0 metadata: one `EntityDescriptor` with an `entityID`";
            return Err(refuse("this is not the metadata of an identity provider".to_owned(), help));
        };
        let until = attribute(&document, top, "validUntil").map(|text| {
            seconds(text).ok_or_else(|| {
                refuse(
                    format!("`validUntil` is `{}`", text.escape_debug()),
                    "write it as 2026-11-22T23:00:00Z",
                )
            })
        });
        let mut found = Self {
            entity: entity.to_owned(),
            until: until.transpose()?,
            left_out: Vec::new(),
            keys: Vec::new(),
        };
        for descriptor in named(&document, top, METADATA, "IDPSSODescriptor") {
            for key in named(&document, descriptor, METADATA, "KeyDescriptor") {
                if attribute(&document, key, "use").is_none_or(|purpose| purpose == "signing") {
                    found.certificates(&document, key);
                }
            }
        }
        match found.keys.len() {
            0 => {
                let help =
                    "its `IDPSSODescriptor` needs a `KeyDescriptor` for signing with an `X509Certificate`";
                let message = match found.left_out.first() {
                    Some(why) => format!("the metadata holds no key that can be used: {why}"),
                    None => "the metadata holds no key for signing".to_owned(),
                };
                Err(refuse(message, help))
            }
            1..=MAX_KEYS => Ok(found),
            count => Err(refuse(format!("the metadata holds {count} keys"), "leave out those that are past")),
        }
    }

    fn certificates(&mut self, document: &Document<'_>, key: NodeId) {
        for node in nodes(document, key) {
            if !is(document, node, DSIG, "X509Certificate") {
                continue;
            }
            let written = text(document, node).unwrap_or_default();
            let bare: String = written.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
            let key = STANDARD
                .decode(bare)
                .map_err(|_| "a certificate is not Base64".to_owned())
                .and_then(|der| Key::of_certificate(&der));
            match key {
                Ok(key) if self.keys.iter().any(|other| other.fingerprint == key.fingerprint) => {}
                Ok(key) => self.keys.push(key),
                Err(why) => self.left_out.push(why),
            }
        }
    }
}

/// An instant in UTC as SAML writes it, in whole seconds.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    if !text.contains('T') || !text.ends_with('Z') {
        return None;
    }
    let nanos = Instant::parse(text)?.nanos;
    i64::try_from(nanos.div_euclid(1_000_000_000)).ok()
}
