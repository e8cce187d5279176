//! From a token on the wire to claims that may be believed.

use bailiwick::identity::Claims;
use bailiwick::source::Source;

use crate::{Check, Expectations, KeySet, Refusal, compact, header};

/// The keys of one issuer and what its tokens must look like.
#[derive(Clone, Debug)]
pub struct Verifier {
    /// Public keys.
    pub keys: KeySet,
    /// All else.
    pub expectations: Expectations,
}

/// A token that holds.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The payload, read from the very bytes that were signed.
    pub claims: Claims,
    /// The key's name, if the token gave one.
    pub kid: Option<String>,
    /// The second since 1970 from which it does not hold any more, leeway included: nothing derived from it may be kept
    /// beyond (SEMANTICS G20.9).
    pub until: i64,
}

impl Verifier {
    /// Verifies a token at a time in seconds since 1970.
    ///
    /// # Errors
    /// The first check that refuses (SEMANTICS G20): form, header, algorithm, key, signature, then the claims.
    pub fn verify(&self, token: &str, now: i64) -> Result<Verified, Refusal> {
        let compact = compact::cut(token)?;
        let header = header::read(&compact.header)?;
        self.expectations.header(header.algorithm, header.typ.as_deref())?;
        let key = self.keys.choose(header.kid.as_deref(), header.algorithm)?;
        let message = compact.signed.as_bytes();
        let algorithm = header.algorithm.of_library();
        let good = jsonwebtoken::crypto::verify(compact.signature, message, &key.material, algorithm);
        if good.ok() != Some(true) {
            let help = "it was changed on its way, or signed by another key";
            return Err(Refusal::new(Check::Signature, "the signature does not hold", help));
        }
        let claims = Claims::parse(Source::new("token", &compact.payload)).map_err(|diagnostics| {
            let first = diagnostics.list.into_iter().next();
            let mut refusal =
                Refusal::new(Check::Claims, "", "the issuer must send a JSON object without repetitions");
            if let Some(first) = first {
                refusal.message = first.message;
                refusal.code = first.code;
            }
            refusal
        })?;
        let until = self.expectations.check(&claims, now)?;
        Ok(Verified { claims, kid: header.kid, until })
    }
}

/// The `iss` that a token claims: good for choosing among configured issuers, and for nothing else (SEMANTICS G20.4).
///
/// # Errors
/// As far as the token cannot be read.
pub fn unverified_issuer(token: &str) -> Result<String, Refusal> {
    let claims = Claims::parse(Source::new("token", &compact::cut(token)?.payload)).map_err(|_| {
        Refusal::new(Check::Claims, "the token's payload cannot be read", "pass the token as it came")
    })?;
    claims.text("iss").map(str::to_owned).ok_or_else(|| {
        Refusal::new(Check::Iss, "the token names no issuer", "have the issuer put `iss` into its tokens")
    })
}
