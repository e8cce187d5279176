//! An issuer whose keys are made here: `r` (RSA), `e` (P-256), `o` (Ed25519).
#![allow(dead_code, reason = "each test file takes what it needs")]
#![allow(clippy::unwrap_used, reason = "a key that cannot be made is a failed test")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};

pub(crate) struct Signer {
    rsa: EncodingKey,
    ec: EncodingKey,
    ed: EncodingKey,
    /// The RSA modulus: what everybody knows.
    pub(crate) public: Vec<u8>,
    /// Its JWK set.
    pub(crate) jwks: Value,
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    pub(crate) fn new() -> Self {
        use ed25519_dalek::pkcs8::EncodePrivateKey as _;
        use p256::elliptic_curve::sec1::ToEncodedPoint as _;
        let mut random = rand_core::OsRng;
        let rsa = rsa::RsaPrivateKey::new(&mut random, 2048).unwrap();
        let ec = p256::SecretKey::random(&mut random);
        let point = ec.public_key().to_encoded_point(false);
        let ed = ed25519_dalek::SigningKey::generate(&mut random);
        let public = rsa.n().to_bytes_be();
        let jwks = json!({ "keys": [
            { "kty": "RSA", "kid": "r", "use": "sig", "n": b64(&public), "e": "AQAB" },
            { "kty": "EC", "kid": "e", "crv": "P-256", "x": b64(point.x().unwrap()), "y": b64(point.y().unwrap()) },
            { "kty": "OKP", "kid": "o", "crv": "Ed25519", "x": b64(ed.verifying_key().as_bytes()) },
        ]});
        Self {
            rsa: EncodingKey::from_rsa_der(rsa.to_pkcs1_der().unwrap().as_bytes()),
            ec: EncodingKey::from_ec_der(ec.to_pkcs8_der().unwrap().as_bytes()),
            ed: EncodingKey::from_ed_der(ed.to_pkcs8_der().unwrap().as_bytes()),
            public,
            jwks,
        }
    }

    /// The first two parts of a token.
    pub(crate) fn message(header: &Value, claims: &str) -> String {
        format!("{}.{}", b64(header.to_string()), b64(claims))
    }

    /// A signature over a message by the key for an algorithm; by RS256 where that is none.
    pub(crate) fn signature(&self, algorithm: &Value, message: &str) -> String {
        let (key, algorithm) = match algorithm.as_str().unwrap_or_default() {
            "ES256" => (&self.ec, Algorithm::ES256),
            "EdDSA" => (&self.ed, Algorithm::EdDSA),
            "PS256" => (&self.rsa, Algorithm::PS256),
            "RS384" => (&self.rsa, Algorithm::RS384),
            _ => (&self.rsa, Algorithm::RS256),
        };
        jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).unwrap()
    }

    /// A signature by the public key as a secret.
    pub(crate) fn secret_signature(&self, message: &str) -> String {
        let key = EncodingKey::from_secret(&self.public);
        jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap()
    }

    /// An honest token by the Ed25519 key.
    pub(crate) fn token(&self, claims: &str) -> String {
        let header = json!({ "alg": "EdDSA", "kid": "o" });
        let message = Self::message(&header, claims);
        format!("{message}.{}", self.signature(&header["alg"], &message))
    }
}
