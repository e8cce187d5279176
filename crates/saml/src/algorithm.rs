//! The algorithms that a signature may name, and the keys that they go with. What is not listed is refused: SHA-1, MD5,
//! HMAC, DSA.

use rsa::pkcs1v15;
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_cert::der::referenced::OwnedToRef as _;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::spki::{DecodePublicKey as _, SubjectPublicKeyInfoOwned};

/// Exclusive canonicalization without comments.
pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// The transform that leaves the signature itself out.
pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// Bits of an RSA key (SEMANTICS G20.8).
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// Digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// Signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Rsa(Hash),
    /// P-256 with SHA-256.
    EcdsaP256,
    /// P-384 with SHA-384.
    EcdsaP384,
}

impl Hash {
    pub(crate) fn of(uri: &str) -> Option<Self> {
        Some(match uri {
            "http://www.w3.org/2001/04/xmlenc#sha256" => Self::Sha256,
            "http://www.w3.org/2001/04/xmldsig-more#sha384" => Self::Sha384,
            "http://www.w3.org/2001/04/xmlenc#sha512" => Self::Sha512,
            _ => return None,
        })
    }

    pub(crate) fn digest(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(octets).to_vec(),
            Self::Sha384 => Sha384::digest(octets).to_vec(),
            Self::Sha512 => Sha512::digest(octets).to_vec(),
        }
    }
}

impl Method {
    pub(crate) fn of(uri: &str) -> Option<Self> {
        Some(match uri.strip_prefix("http://www.w3.org/2001/04/xmldsig-more#")? {
            "rsa-sha256" => Self::Rsa(Hash::Sha256),
            "rsa-sha384" => Self::Rsa(Hash::Sha384),
            "rsa-sha512" => Self::Rsa(Hash::Sha512),
            "ecdsa-sha256" => Self::EcdsaP256,
            "ecdsa-sha384" => Self::EcdsaP384,
            _ => return None,
        })
    }
}

/// A public key of an identity provider.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    kind: Kind,
    /// SHA-256 of its certificate, in hexadecimal digits.
    pub(crate) fingerprint: String,
}

#[derive(Clone, Debug)]
enum Kind {
    Rsa(rsa::RsaPublicKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
}

impl Key {
    /// The key in a certificate. The certificate itself is not judged: that it is in the metadata is what counts.
    pub(crate) fn of_certificate(der: &[u8]) -> Result<Self, String> {
        let certificate =
            x509_cert::Certificate::from_der(der).map_err(|_| "it is not an X.509 certificate")?;
        let info: SubjectPublicKeyInfoOwned = certificate.tbs_certificate.subject_public_key_info;
        let fingerprint = format!("{:x}", Sha256::digest(der));
        Ok(Self { kind: kind(&info)?, fingerprint })
    }

    /// Whether the signature is by this key over these octets.
    pub(crate) fn verifies(&self, method: Method, octets: &[u8], signature: &[u8]) -> bool {
        match (&self.kind, method) {
            (Kind::Rsa(key), Method::Rsa(hash)) => {
                let padding = match hash {
                    Hash::Sha256 => pkcs1v15::Pkcs1v15Sign::new::<Sha256>(),
                    Hash::Sha384 => pkcs1v15::Pkcs1v15Sign::new::<Sha384>(),
                    Hash::Sha512 => pkcs1v15::Pkcs1v15Sign::new::<Sha512>(),
                };
                key.verify(padding, &hash.digest(octets), signature).is_ok()
            }
            (Kind::P256(key), Method::EcdsaP256) => {
                use p256::ecdsa::{Signature, signature::Verifier as _};
                Signature::from_slice(signature).is_ok_and(|it| key.verify(octets, &it).is_ok())
            }
            (Kind::P384(key), Method::EcdsaP384) => {
                use p384::ecdsa::{Signature, signature::Verifier as _};
                Signature::from_slice(signature).is_ok_and(|it| key.verify(octets, &it).is_ok())
            }
            _ => false,
        }
    }
}

fn kind(info: &SubjectPublicKeyInfoOwned) -> Result<Kind, String> {
    if let Ok(key) = rsa::RsaPublicKey::try_from(info.owned_to_ref()) {
        // With an exponent of 1 everything is its own signature, with an even one nothing is anybody's.
        let exponent = key.e().to_bytes_le();
        let odd = exponent.first().is_some_and(|last| last % 2 == 1) && exponent != [1];
        if !RSA_BITS.contains(&key.n().bits()) || !odd {
            return Err("an RSA key has 2048 to 4096 bits and an odd exponent above 1".to_owned());
        }
        return Ok(Kind::Rsa(key));
    }
    let der = info.to_der().map_err(|_| "its key cannot be read")?;
    if let Ok(key) = p256::PublicKey::from_public_key_der(&der) {
        return Ok(Kind::P256(key.into()));
    }
    if let Ok(key) = p384::PublicKey::from_public_key_der(&der) {
        return Ok(Kind::P384(key.into()));
    }
    Err("its key is neither RSA nor on the curves P-256 and P-384".to_owned())
}
