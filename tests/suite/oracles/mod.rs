//! What `decide` and `explain` share has oracles of its own, written straight from the rules and as plainly as possible.
//!
//! Two ways to a decision that use the same matcher agree even where the matcher is wrong; so the matcher, the tables of
//! conditions and the table of layers are each compared with a second, slow and obvious form.

mod arn;
mod condition;
mod layers;
mod naive;
mod pages;
mod wildcard;
