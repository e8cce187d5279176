//! The published keys of an issuer: whoever needs them asks at most once, together with all others that wait.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::fetch::{self, unreachable};
use crate::{
    Address, Answer, Asking, CacheSettings, Fetch, Held, JwksCache, Limits, Location, Need, Refusal,
};

/// An issuer's keys, fetched when they are needed and kept as long as they count.
pub struct PublishedKeys<F> {
    location: Location,
    fetch: F,
    limits: Limits,
    cache: Mutex<JwksCache>,
    /// Held by the one that asks.
    asking: Mutex<()>,
}

impl<F: Fetch> PublishedKeys<F> {
    /// Nothing is fetched yet.
    pub fn new(location: Location, fetch: F, settings: CacheSettings, limits: Limits) -> Self {
        Self { location, fetch, limits, cache: Mutex::new(JwksCache::new(settings)), asking: Mutex::new(()) }
    }

    /// The keys at a time in seconds since 1970; asks the issuer if they are due.
    ///
    /// # Errors
    /// `E308` if the issuer cannot be reached and the last set is too old, `E307` or `E191` if what it published last is
    /// no good.
    pub fn current(&self, now: i64) -> Result<Held, Refusal> {
        let (due, held) = {
            let cache = lock(&self.cache);
            (cache.should_ask(now, Need::Current), cache.keys(now))
        };
        match (due, held) {
            (false, held) => held,
            // With keys at hand one asks, and nobody waits for it.
            (true, Ok(held)) => match self.asking.try_lock() {
                Ok(turn) => self.ask(&turn, now, Need::Current),
                Err(_) => Ok(held),
            },
            (true, Err(_)) => self.ask(&lock(&self.asking), now, Need::Current),
        }
    }

    /// The keys after a token named one that is not among them; asks the issuer, once in a `cooldown`.
    ///
    /// # Errors
    /// As [`PublishedKeys::current`].
    pub fn after_unknown(&self, now: i64) -> Result<Held, Refusal> {
        if lock(&self.cache).should_ask(now, Need::UnknownKey) {
            return self.ask(&lock(&self.asking), now, Need::UnknownKey);
        }
        lock(&self.cache).keys(now)
    }

    /// Asks, unless somebody else has done it meanwhile.
    fn ask(&self, _turn: &MutexGuard<'_, ()>, now: i64, need: Need) -> Result<Held, Refusal> {
        let asking = {
            let mut cache = lock(&self.cache);
            if !cache.should_ask(now, need) {
                return cache.keys(now);
            }
            cache.begin(now, random())
        };
        // The network is waited for without the lock: others go on with the keys that they have.
        let answer = self.answer(&asking);
        let mut cache = lock(&self.cache);
        cache.finish(&asking, answer.as_ref().map_err(Clone::clone), self.limits, random());
        cache.keys(now)
    }

    fn answer(&self, asking: &Asking) -> Result<Answer, Refusal> {
        match &self.location {
            Location::Keys(address) => self.get(address, asking.etag.as_deref()),
            Location::Discovery { issuer, document, plain } => {
                let document = self.get(document, None)?;
                let address = fetch::discovered(&document, self.limits, issuer, *plain)?;
                // The address may be another one than last time, and a mark of that one means nothing here.
                self.get(&address, None)
            }
        }
    }

    fn get(&self, address: &Address, etag: Option<&str>) -> Result<Answer, Refusal> {
        self.fetch.fetch(address, etag, self.limits).map_err(|why| {
            let why = format!("{} (`{}`)", why.0, address.as_str());
            unreachable(&why, "see that the address is right and answers from here; then try again")
        })
    }
}

impl<F> core::fmt::Debug for PublishedKeys<F> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PublishedKeys").field("location", &self.location).finish_non_exhaustive()
    }
}

/// Who panicked with the lock in hand has changed nothing by halves: each change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Any number: it only spreads questions over time.
fn random() -> u32 {
    u32::try_from(RandomState::new().build_hasher().finish() >> 32).unwrap_or(0)
}
