//! How long fetched keys count, and when the issuer is asked again (SEMANTICS G20.2, G20.9).
//!
//! In: answers, failures, the time and a number drawn at random. Out: the keys that hold now, and whether to ask.
//! Never here: a clock, a network, a lock.
//!
//! A set is kept as long as its issuer says, within bounds, and asked for a little earlier at random, so that many
//! instances do not ask at once. A key that is not in the set has it fetched again, once in a `cooldown`. While the
//! issuer cannot be reached the last set serves for `grace`, then there are no keys.

use std::sync::Arc;

use crate::fetch::{self, Said, unreachable};
use crate::{Answer, KeySet, Limits, Refusal};

/// Seconds; what is out of bounds counts as the bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheSettings {
    /// How long a set is kept whose issuer does not say: 600, from 10 to a day.
    pub lifetime: i64,
    /// How long a set is kept at least, whatever its issuer says: 60, from 10 to a day.
    pub min_lifetime: i64,
    /// How long a set is kept at most, whatever its issuer says: a day, from 10 to a week.
    pub max_lifetime: i64,
    /// How long a set serves beyond its lifetime while the issuer cannot be reached: an hour, from 0 to a day.
    pub grace: i64,
    /// How long an unknown key has no set fetched after the last time: 30, from 5 to an hour.
    pub cooldown: i64,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self { lifetime: 600, min_lifetime: 60, max_lifetime: DAY, grace: 3_600, cooldown: 30 }
    }
}

const DAY: i64 = 86_400;
/// Seconds after the first failure until the issuer is asked again; doubles with each further one, up to the cooldown.
const RETRY: i64 = 2;
/// The part of a span by which it is made shorter or longer at random: one in so many.
const JITTER: u64 = 10;
/// Seconds by which a reading of the clock may be older than another one that came first.
const SLACK: i64 = 5;
/// Characters of an `ETag` that is sent back.
const MAX_ETAG: usize = 256;

impl CacheSettings {
    fn bounded(self) -> Self {
        let max_lifetime = self.max_lifetime.clamp(10, 7 * DAY);
        Self {
            lifetime: self.lifetime.clamp(10, DAY),
            min_lifetime: self.min_lifetime.clamp(10, DAY).min(max_lifetime),
            max_lifetime,
            grace: self.grace.clamp(0, DAY),
            cooldown: self.cooldown.clamp(5, 3_600),
        }
    }
}

/// What keys are needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Any token.
    Current,
    /// A token whose key is not in the set.
    UnknownKey,
}

/// A question that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// The `ETag` of the set that is held.
    pub etag: Option<String>,
    turn: u64,
    began: i64,
}

/// Keys that hold.
#[derive(Clone, Debug)]
pub struct Held {
    /// The set.
    pub keys: Arc<KeySet>,
    /// Counts the sets that the issuer has had: what was derived from another one is not to be used any more.
    pub generation: u64,
}

/// The fetched keys of one issuer.
#[derive(Debug)]
pub struct JwksCache {
    settings: CacheSettings,
    set: Option<Set>,
    turns: u64,
    asked_at: i64,
    ask_again_at: i64,
    unknown_at: i64,
    failures: u32,
    failure: Option<Refusal>,
}

#[derive(Debug)]
struct Set {
    held: Held,
    text: String,
    etag: Option<String>,
    fetched_at: i64,
    refresh_at: i64,
    stale_at: i64,
}

impl JwksCache {
    /// Without keys.
    pub fn new(settings: CacheSettings) -> Self {
        Self {
            settings: settings.bounded(),
            set: None,
            turns: 0,
            asked_at: i64::MAX,
            ask_again_at: i64::MIN,
            unknown_at: i64::MIN,
            failures: 0,
            failure: None,
        }
    }

    /// Whether the keys may be used without asking anybody.
    pub fn is_fresh(&self, now: i64) -> bool {
        self.set.as_ref().is_some_and(|set| reached(set.fetched_at, now) && now < set.refresh_at)
    }

    /// Whether to ask the issuer.
    pub fn should_ask(&self, now: i64, need: Need) -> bool {
        // A clock that was set back must not keep anybody from asking.
        let waits = |until: i64| reached(self.asked_at, now) && now < until;
        match need {
            Need::Current => !self.is_fresh(now) && !waits(self.ask_again_at),
            Need::UnknownKey => !waits(self.unknown_at),
        }
    }

    /// The issuer is being asked. `random` is any number; where it comes from is the caller's business.
    pub fn begin(&mut self, now: i64, random: u32) -> Asking {
        self.turns += 1;
        self.asked_at = now;
        self.unknown_at = now.saturating_add(longer(self.settings.cooldown, random));
        let etag = self.set.as_ref().and_then(|set| set.etag.clone());
        Asking { etag, turn: self.turns, began: now }
    }

    /// What came of it: an answer, or why there is none. An answer that came after the one to a later question is an old
    /// one, and dropped; a set that is no good leaves the last one in place, and says why once that is too old.
    pub fn finish(&mut self, asking: &Asking, answer: Result<&Answer, Refusal>, limits: Limits, random: u32) {
        if asking.turn != self.turns {
            return;
        }
        let said = answer.and_then(|answer| Ok((fetch::key_set(answer, limits)?, answer)));
        let (said, answer) = match said {
            Ok((Said::Same, _)) if self.set.is_none() => {
                let help = "the address must answer 200 with a JSON document";
                return self.failed(asking.began, unreachable("it answers with status 304", help), random);
            }
            Ok(said) => said,
            Err(refusal) => return self.failed(asking.began, refusal, random),
        };
        let began = asking.began;
        let lifetime = self.lifetime(answer);
        let refresh_at = began.saturating_add(shorter(lifetime, random));
        let stale_at = began.saturating_add(lifetime).saturating_add(self.settings.grace);
        let given = answer.etag.clone().filter(|etag| etag.len() <= MAX_ETAG);
        let (held, text, etag) = match (said, self.set.take()) {
            (Said::Set { text, .. }, Some(set)) if set.text == text => (set.held, text, given),
            (Said::Set { text, keys }, before) => {
                let generation = before.map_or(0, |set| set.held.generation) + 1;
                (Held { keys: Arc::new(keys), generation }, text, given)
            }
            (Said::Same, Some(set)) => (set.held, set.text, given.or(set.etag)),
            (Said::Same, None) => return,
        };
        self.set = Some(Set { held, text, etag, fetched_at: began, refresh_at, stale_at });
        self.failures = 0;
        self.failure = None;
        self.ask_again_at = i64::MIN;
    }

    fn failed(&mut self, began: i64, refusal: Refusal, random: u32) {
        self.failure = Some(refusal);
        let wait = RETRY.saturating_mul(1 << self.failures.min(16)).min(self.settings.cooldown);
        self.failures = self.failures.saturating_add(1);
        self.ask_again_at = began.saturating_add(longer(wait, random));
    }

    /// The keys that hold.
    ///
    /// # Errors
    /// There are none, or they are too old: why the issuer's last answer was not taken.
    pub fn keys(&self, now: i64) -> Result<Held, Refusal> {
        match &self.set {
            Some(set) if now < set.stale_at => Ok(set.held.clone()),
            _ => Err(self.failure.clone().unwrap_or_else(|| {
                unreachable("it has not been asked", "ask for it before the keys are used")
            })),
        }
    }

    fn lifetime(&self, answer: &Answer) -> i64 {
        let CacheSettings { lifetime, min_lifetime, max_lifetime, .. } = self.settings;
        let control = answer.cache_control.as_deref().unwrap_or_default().to_ascii_lowercase();
        let mut said = None;
        for directive in control.split(',') {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            match name.trim() {
                "no-store" | "no-cache" => {
                    said = Some(0);
                    break;
                }
                "max-age" => said = seconds(value).or(said),
                _ => {}
            }
        }
        let age = answer.age.as_deref().and_then(seconds).unwrap_or(0);
        said.map_or(lifetime, |said| said.saturating_sub(age)).clamp(min_lifetime, max_lifetime)
    }
}

/// Whether a time lies in the past, or nearly: threads read the clock one after the other.
fn reached(time: i64, now: i64) -> bool {
    time <= now.saturating_add(SLACK)
}

/// At most ten digits, perhaps in quotes.
fn seconds(text: &str) -> Option<i64> {
    let digits = text.trim().trim_matches('"');
    let plain = (1..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// Up to a tenth of a span, by a number drawn at random.
fn part(span: i64, random: u32) -> i64 {
    let span = u64::try_from(span).unwrap_or(0);
    i64::try_from((span.saturating_mul(u64::from(random)) / JITTER) >> 32).unwrap_or(0)
}

fn longer(span: i64, random: u32) -> i64 {
    span.saturating_add(part(span, random))
}

fn shorter(span: i64, random: u32) -> i64 {
    span.saturating_sub(part(span, random))
}
