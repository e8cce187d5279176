//! A verifier that remembers: a token that comes again is not verified again while it holds.

use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::{KeySet, Refusal, Verified, Verifier};

/// A verifier with the tokens that it has lately accepted. `Send + Sync`; refusals are not kept.
pub struct CachingVerifier {
    verifier: Verifier,
    // By the whole text: equal hashes of two tokens never make them one.
    known: Cache<Box<str>, Arc<Verified>>,
}

impl CachingVerifier {
    /// Remembers about so many tokens.
    pub fn new(verifier: Verifier, capacity: usize) -> Self {
        Self { verifier, known: Cache::new(capacity) }
    }

    /// Like [`Verifier::verify`]. What is remembered is dropped at the second from which it does not hold any more
    /// (SEMANTICS G20.9).
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify(&self, token: &str, now: i64) -> Result<Arc<Verified>, Refusal> {
        if let Some(known) = self.known.get(token) {
            if now < known.until {
                return Ok(known);
            }
            self.known.remove(token);
        }
        let verified = Arc::new(self.verifier.verify(token, now)?);
        self.known.insert(token.into(), Arc::clone(&verified));
        Ok(verified)
    }

    /// The issuer has changed its keys: tokens by keys that are gone are forgotten with all others.
    pub fn replace_keys(&mut self, keys: KeySet) {
        self.verifier.keys = keys;
        self.known.clear();
    }

    /// How many tokens are remembered.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

impl core::fmt::Debug for CachingVerifier {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // Tokens are secrets: none is printed.
        f.debug_struct("CachingVerifier")
            .field("verifier", &self.verifier)
            .field("known", &self.known.len())
            .finish()
    }
}
