//! The tokens of an issuer that publishes its keys.

use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::verifier::Opened;
use crate::{CacheSettings, Expectations, Fetch, Limits, Location, PublishedKeys, Refusal, Verified};

/// Tokens that are remembered, unless told.
const CAPACITY: usize = 1_000;

/// A verifier whose keys are the published ones, with the tokens that it has lately accepted. `Send + Sync` where the
/// `Fetch` is; refusals are not kept.
///
/// [`Verifier`](crate::Verifier) is for keys that are at hand.
///
/// ```
/// use bailiwick_token::{Address, Answer, Expectations, Fetch, Limits, Location, Plain, RemoteVerifier, Unreachable};
///
/// struct Nobody;
/// impl Fetch for Nobody {
///     fn fetch(&self, _: &Address, _: Option<&str>, _: Limits) -> Result<Answer, Unreachable> {
///         Err(Unreachable("no network here".to_owned()))
///     }
/// }
///
/// let location = Location::discovery("https://id.example", Plain::Refused)?;
/// let expectations = Expectations { issuers: vec!["https://id.example".to_owned()], ..Expectations::default() };
/// let verifier = RemoteVerifier::new(location, Nobody, expectations);
/// let refused = verifier.verify("e30.e30.e30", 1_700_000_000).unwrap_err();
/// assert_eq!(refused.check.name(), "alg"); // what cannot be a good token asks nobody
/// # Ok::<(), bailiwick_token::Refusal>(())
/// ```
#[derive(Debug)]
pub struct RemoteVerifier<F> {
    keys: PublishedKeys<F>,
    expectations: Expectations,
    // By the whole text: equal hashes of two tokens never make them one.
    known: Cache<Box<str>, Known>,
}

#[derive(Clone, Debug)]
struct Known {
    generation: u64,
    verified: Arc<Verified>,
}

impl<F: Fetch> RemoteVerifier<F> {
    /// With the usual settings; remembers about a thousand tokens.
    pub fn new(location: Location, fetch: F, expectations: Expectations) -> Self {
        let keys = PublishedKeys::new(location, fetch, CacheSettings::default(), Limits::default());
        Self::with_keys(keys, expectations, CAPACITY)
    }

    /// With keys that are kept as their settings say; remembers about `capacity` tokens.
    pub fn with_keys(keys: PublishedKeys<F>, expectations: Expectations, capacity: usize) -> Self {
        Self { keys, expectations, known: Cache::new(capacity) }
    }

    /// Verifies a token at a time in seconds since 1970. Asks the issuer if its keys are due, or if the token names one
    /// that is not among them. What is remembered counts as long as the token holds and the issuer publishes the same
    /// keys (SEMANTICS G20.9).
    ///
    /// # Errors
    /// As [`Verifier::verify`](crate::Verifier::verify), and as [`PublishedKeys::current`].
    pub fn verify(&self, token: &str, now: i64) -> Result<Arc<Verified>, Refusal> {
        if let Some(known) = self.known.get(token) {
            if now < known.verified.until && self.keys.current(now)?.generation == known.generation {
                return Ok(known.verified);
            }
            self.known.remove(token);
        }
        let opened = Opened::read(token, &self.expectations)?;
        let mut held = self.keys.current(now)?;
        if !opened.is_known(&held.keys) {
            held = self.keys.after_unknown(now)?;
        }
        let verified = Arc::new(opened.prove(&held.keys, &self.expectations, now)?);
        let known = Known { generation: held.generation, verified: Arc::clone(&verified) };
        self.known.insert(token.into(), known);
        Ok(verified)
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
