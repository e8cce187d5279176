//! From a token on the wire to claims that may be believed.

use bailiwick::identity::Claims;
use bailiwick::source::Source;

use crate::compact::{self, Compact, Padding};
use crate::header::{self, Header};
use crate::{Check, Expectations, KeySet, Refusal};

/// Claims of the first level (SEMANTICS G20.8); real tokens have a few dozen.
const MAX_CLAIMS: usize = 1_000;

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
        Opened::read(token, &self.expectations)?.prove(&self.keys, &self.expectations, now)
    }
}

/// A token whose form and header have passed; none of its claims has been read.
pub(crate) struct Opened<'a> {
    compact: Compact<'a>,
    header: Header,
}

impl<'a> Opened<'a> {
    pub(crate) fn read(token: &'a str, expectations: &Expectations) -> Result<Self, Refusal> {
        let compact = compact::cut(token, expectations.padding())?;
        let header = header::read(&compact.header)?;
        expectations.header(&header)?;
        Ok(Self { compact, header })
    }

    /// Whether a set has the key that the token names; a token that names none asks for no other set.
    pub(crate) fn is_known(&self, keys: &KeySet) -> bool {
        self.header.kid.as_deref().is_none_or(|kid| keys.has(kid))
    }

    /// Key, signature, and only then the claims.
    pub(crate) fn prove(
        self,
        keys: &KeySet,
        expectations: &Expectations,
        now: i64,
    ) -> Result<Verified, Refusal> {
        let Self { compact, header } = self;
        let key = keys.choose(header.kid.as_deref(), header.algorithm)?;
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
        let count = claims.members().len();
        if count > MAX_CLAIMS {
            let message = format!("the token has {count} claims");
            return Err(Refusal::new(Check::Size, message, format!("at most {MAX_CLAIMS} are read")));
        }
        let until = expectations.check(&claims, now)?;
        Ok(Verified { claims, kid: header.kid, until })
    }
}

/// The `iss` that a token claims: good for choosing among configured issuers, and for nothing else (SEMANTICS G20.4).
///
/// # Errors
/// As far as the token cannot be read.
pub fn unverified_issuer(token: &str) -> Result<String, Refusal> {
    let claims = Claims::parse(Source::new("token", &compact::cut(token, Padding::Canonical)?.payload))
        .map_err(|_| {
            Refusal::new(Check::Claims, "the token's payload cannot be read", "pass the token as it came")
        })?;
    claims.text("iss").map(str::to_owned).ok_or_else(|| {
        Refusal::new(Check::Iss, "the token names no issuer", "have the issuer put `iss` into its tokens")
    })
}
