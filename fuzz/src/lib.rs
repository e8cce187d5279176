//! What each fuzz target does with its bytes. The package's binaries hand them over from libFuzzer, `tests/regressions.rs`
//! of the engine from files that once broke something and from a short random walk.

#[path = "../../tests/suite/oracles/naive.rs"]
#[allow(dead_code, reason = "the oracles use more of it")]
mod naive;

pub mod choices;
pub mod decide_agrees;
pub mod load_tree;
pub mod map_claims;
pub mod match_pattern;
pub mod parse_policy;
pub mod read_json;
pub mod world;
