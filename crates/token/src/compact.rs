//! The wire form: three parts of base64url without padding (RFC 7515, SEMANTICS G20.3).

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::{Check, Refusal};

/// Bytes of a token (SEMANTICS G20.8); real ones travel in a header and stay below 16 KiB.
const MAX_TOKEN: usize = 64 << 10;
/// Bytes of its encoded header.
const MAX_HEADER: usize = 4 << 10;

/// One text for each content: no padding, and no stray bits in the last character.
const STRICT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(false),
);

/// Whether parts end in `=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Padding {
    /// Never, as RFC 7515 says.
    None,
    /// As much as base64 asks for, or none: Application Load Balancers send it.
    Canonical,
}

/// A token, cut.
pub(crate) struct Compact<'a> {
    /// What is signed: the first two parts as they came.
    pub(crate) signed: &'a str,
    /// The third part without padding, proven to be base64url.
    pub(crate) signature: &'a str,
    pub(crate) header: String,
    pub(crate) payload: String,
}

pub(crate) fn cut(token: &str, padding: Padding) -> Result<Compact<'_>, Refusal> {
    if token.len() > MAX_TOKEN {
        let message = format!("the token has {} bytes", token.len());
        return Err(Refusal::new(Check::Size, message, format!("at most {MAX_TOKEN} are read")));
    }
    let parts: Vec<&str> = token.splitn(6, '.').collect();
    let [header, payload, signature] = parts[..] else {
        let (message, help) = match parts.len() {
            5 => ("the token is encrypted", "have the issuer send signed tokens: they have three parts"),
            1 => ("this is not a JSON Web Token", "an opaque token says nothing; ask for one of three parts"),
            _ => ("the token has not three parts", "pass it as it came: `header.payload.signature`"),
        };
        return Err(Refusal::new(Check::Form, message, help));
    };
    if header.len() > MAX_HEADER {
        let message = format!("the token's header has {} bytes", header.len());
        return Err(Refusal::new(Check::Size, message, format!("at most {MAX_HEADER} are read")));
    }
    let bare = |part| if padding == Padding::Canonical { unpadded(part) } else { part };
    let signature = bare(signature);
    if signature.is_empty() {
        let help = "a token without a signature proves nothing";
        return Err(Refusal::new(Check::Signature, "the token has no signature", help));
    }
    decode(signature, "signature")?;
    Ok(Compact {
        signed: token.get(..header.len() + 1 + payload.len()).unwrap_or_default(),
        signature,
        header: text(bare(header), "header")?,
        payload: text(bare(payload), "payload")?,
    })
}

/// A part without its padding, if that is what base64 asks for; otherwise as it is, to be refused.
fn unpadded(part: &str) -> &str {
    let bare = part.trim_end_matches('=');
    let fits = part.len() == bare.len() || (part.len().is_multiple_of(4) && part.len() - bare.len() <= 2);
    if fits { bare } else { part }
}

fn text(part: &str, name: &str) -> Result<String, Refusal> {
    String::from_utf8(decode(part, name)?).map_err(|_| {
        Refusal::new(Check::Form, format!("the token's {name} is not UTF-8"), "pass the token as it came")
    })
}

pub(crate) fn decode(part: &str, name: &str) -> Result<Vec<u8>, Refusal> {
    STRICT.decode(part).map_err(|_| {
        let help = "only `A-Z a-z 0-9 - _`, no padding, no line breaks";
        Refusal::new(Check::Form, format!("the {name} is not base64url"), help)
    })
}
