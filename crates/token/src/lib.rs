//! Verification of JSON Web Tokens: may these claims be believed?
//!
//! In: a token as it came over the wire, the issuer's keys or where it publishes them, what its tokens must look like, and
//! the time. Out: the claims of a verified token, or the one check that refused it.
//! Never here: what claims mean (that is `bailiwick::identity`), clocks, addresses out of tokens, private keys. Only
//! `Http` (feature `fetch`) asks the network.
//!
//! The order is that of SEMANTICS G20.10: form, header, algorithm, key, signature; only then the claims are looked at.
//!
//! ```
//! use bailiwick_token::{Expectations, KeySet, Verifier};
//!
//! let keys = KeySet::parse(r#"{"keys": []}"#)?;
//! let verifier = Verifier { keys, expectations: Expectations::default() };
//! let refused = verifier.verify("not.a.token", 1_700_000_000).unwrap_err();
//! assert_eq!(refused.check.name(), "form");
//! # Ok::<(), bailiwick_token::Refusal>(())
//! ```

mod address;
mod algorithm;
mod cache;
mod compact;
mod expectations;
mod fetch;
mod header;
#[cfg(feature = "fetch")]
mod http;
mod jwks_cache;
mod keys;
mod published;
mod refusal;
mod remote;
mod verifier;

pub use address::{Address, Location, Plain};
pub use algorithm::Algorithm;
pub use cache::CachingVerifier;
pub use expectations::{Expectations, MAX_LEEWAY, Organization};
pub use fetch::{Answer, Fetch, Limits, Unreachable};
#[cfg(feature = "fetch")]
pub use http::Http;
pub use jwks_cache::{Asking, CacheSettings, Held, JwksCache, Need};
pub use keys::{Key, KeySet};
pub use published::PublishedKeys;
pub use refusal::{Check, Refusal};
pub use remote::RemoteVerifier;
pub use verifier::{Verified, Verifier, unverified_issuer};
