//! An issuer's public keys (RFC 7517).

use bailiwick::identity::Claims;
use bailiwick::source::Source;
use bailiwick::source::json::{Member, Value};
use jsonwebtoken::DecodingKey;

use crate::Algorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
use crate::compact::decode;
use crate::{Algorithm, Check, Refusal};

/// Keys of one set.
const MAX_KEYS: usize = 100;
/// RSA below this is not accepted (SEMANTICS G20.8).
const MIN_RSA_BYTES: usize = 2048 / 8;
/// Bytes of a public exponent: what libraries agree on.
const MAX_EXPONENT_BYTES: usize = 4;

/// A public key and what it may verify.
#[derive(Clone)]
pub struct Key {
    /// Its name in the set, if it has one.
    pub kid: Option<String>,
    /// The algorithms that fit its type, its curve and its `alg`.
    pub algorithms: Vec<Algorithm>,
    pub(crate) material: DecodingKey,
}

impl core::fmt::Debug for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Key")
            .field("kid", &self.kid)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}

/// The keys of one issuer.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    /// Keys for signatures, in order of writing.
    pub keys: Vec<Key>,
    /// What was left out, and why: keys of other uses or types, or too weak.
    pub left_out: Vec<String>,
}

impl KeySet {
    /// Reads a JWK set. Keys that are not for verifying signatures, or too weak, are left out and told; a secret in the
    /// set, or two keys of one name, refuse it: the first is published to everyone, the second is ambiguous.
    ///
    /// # Errors
    /// `E307` if it is not a JWK set.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |message: String, help: &str| Refusal::new(Check::Keys, message, help);
        let set = Claims::parse(Source::new("keys", text)).map_err(|diagnostics| {
            let first = diagnostics.list.first().map(|diagnostic| diagnostic.message.clone());
            let message = format!("the key set cannot be read: {}", first.unwrap_or_default());
            refuse(message, "give a JWK set: `{\"keys\": [...]}`")
        })?;
        let Some(Value::Array(nodes)) = set.named("keys").map(|node| &node.value) else {
            return Err(refuse(
                "the key set has no `keys`".to_owned(),
                "give a JWK set: `{\"keys\": [...]}`",
            ));
        };
        if nodes.len() > MAX_KEYS {
            let message = format!("the key set has {} keys", nodes.len());
            return Err(refuse(message, &format!("at most {MAX_KEYS} are read")));
        }
        let mut keys = Self::default();
        for (at, node) in nodes.iter().enumerate() {
            let Value::Object(members) = &node.value else {
                return Err(refuse(format!("key {at} is {}", node.value.kind()), "each key is an object"));
            };
            let name =
                text_of(members, "kid").map_or_else(|| format!("key {at}"), |kid| format!("key `{kid}`"));
            match read(members) {
                Ok(key) => {
                    if keys.keys.iter().any(|other| other.kid == key.kid && key.kid.is_some()) {
                        return Err(refuse(
                            format!("{name} is there twice"),
                            "names in a key set are unique",
                        ));
                    }
                    keys.keys.push(key);
                }
                Err(Left::Secret) => {
                    return Err(refuse(
                        format!("{name} is or holds a secret"),
                        "publish public keys only; replace the key, it is known now",
                    ));
                }
                Err(Left::Out(why)) => keys.left_out.push(format!("{name}: {why}")),
            }
        }
        Ok(keys)
    }

    /// Whether a key has this name.
    pub(crate) fn has(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid.as_deref() == Some(kid))
    }

    /// The one key for a token (SEMANTICS G20.2).
    pub(crate) fn choose(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&Key, Refusal> {
        let key = match kid {
            Some(kid) => self.keys.iter().find(|key| key.kid.as_deref() == Some(kid)).ok_or_else(|| {
                let message = format!("no key of the issuer is called `{}`", kid.escape_debug());
                Refusal::new(
                    Check::Kid,
                    message,
                    "if the issuer has changed its keys, fetch the key set again",
                )
            }),
            None => match self.keys.as_slice() {
                [only] => Ok(only),
                keys => {
                    let message = format!("the token names no key, and the issuer has {}", keys.len());
                    Err(Refusal::new(Check::Kid, message, "have the issuer put `kid` into its tokens"))
                }
            },
        }?;
        if key.algorithms.contains(&algorithm) {
            return Ok(key);
        }
        let names: Vec<&str> = key.algorithms.iter().map(|algorithm| algorithm.name()).collect();
        let message = format!("the token's key is not for {}", algorithm.name());
        Err(Refusal::new(Check::Alg, message, format!("it is for {}", names.join(", "))))
    }
}

enum Left {
    Secret,
    Out(&'static str),
}

fn read(members: &[Member]) -> Result<Key, Left> {
    let text = |name: &str| text_of(members, name);
    let has = |name: &str| members.iter().any(|member| member.key == name);
    if text("kty") == Some("oct") || has("d") || has("k") {
        return Err(Left::Secret);
    }
    if has("use") && text("use") != Some("sig") {
        return Err(Left::Out("not for signatures"));
    }
    let verifies = |member: &Member| match &member.value.value {
        Value::Array(items) => {
            items.iter().any(|item| matches!(&item.value, Value::String(text) if text == "verify"))
        }
        _ => false,
    };
    if members.iter().any(|member| member.key == "key_ops" && !verifies(member)) {
        return Err(Left::Out("not for verifying"));
    }
    let part = |name: &str| -> Result<Vec<u8>, Left> {
        let text = text(name).ok_or(Left::Out("a part is missing"))?;
        decode(text, "key").map_err(|_| Left::Out("a part is not base64url"))
    };
    let (mut algorithms, material) = match (text("kty"), text("crv")) {
        (Some("RSA"), _) => {
            let (n, e) = (part("n")?, part("e")?);
            let n: Vec<u8> = n.into_iter().skip_while(|byte| *byte == 0).collect();
            if n.len() < MIN_RSA_BYTES || n.len() > 4 * MIN_RSA_BYTES {
                return Err(Left::Out("RSA keys have 2048 to 8192 bits"));
            }
            let e: Vec<u8> = e.into_iter().skip_while(|byte| *byte == 0).collect();
            // With an exponent of 1 everything is its own signature.
            let odd = e.last().is_some_and(|last| last % 2 == 1);
            if !odd || e == [1] || e.len() > MAX_EXPONENT_BYTES {
                return Err(Left::Out("its exponent is not one"));
            }
            let material = DecodingKey::from_rsa_raw_components(&n, &e);
            (vec![Rs256, Rs384, Rs512, Ps256, Ps384, Ps512], material)
        }
        (Some("EC"), Some(curve @ ("P-256" | "P-384"))) => {
            let (length, algorithm) = if curve == "P-256" { (32, Es256) } else { (48, Es384) };
            if part("x")?.len() != length || part("y")?.len() != length {
                return Err(Left::Out("its point does not fit its curve"));
            }
            let (x, y) = (text("x").unwrap_or_default(), text("y").unwrap_or_default());
            let material = DecodingKey::from_ec_components(x, y);
            (vec![algorithm], material.map_err(|_| Left::Out("its point cannot be read"))?)
        }
        (Some("OKP"), Some("Ed25519")) => {
            if part("x")?.len() != 32 {
                return Err(Left::Out("its point does not fit its curve"));
            }
            let material = DecodingKey::from_ed_components(text("x").unwrap_or_default());
            (vec![EdDsa], material.map_err(|_| Left::Out("its point cannot be read"))?)
        }
        _ => return Err(Left::Out("its type is not known here")),
    };
    if has("alg") {
        let own = text("alg").and_then(Algorithm::from_name);
        algorithms.retain(|algorithm| Some(*algorithm) == own);
        if algorithms.is_empty() {
            return Err(Left::Out("its `alg` does not fit its type"));
        }
    }
    Ok(Key { kid: text("kid").map(str::to_owned), algorithms, material })
}

fn text_of<'a>(members: &'a [Member], name: &str) -> Option<&'a str> {
    members.iter().find(|member| member.key == name).and_then(|member| match &member.value.value {
        Value::String(text) => Some(text.as_str()),
        _ => None,
    })
}
