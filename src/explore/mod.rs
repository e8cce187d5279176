//! What a principal can do at all: what-can, who-can, and the policy that says the same.
//!
//! In: `PolicySet`, `Principal`, `Catalogue`. Out: `Can`, `Written`, `Who`.
//! Never here: the words of a door; a decision other than explain's.
//!
//! It reads the syntax with the principal fixed (partial evaluation, as a session does with the tree), because a reader
//! wants the statements that the author wrote, and their conditions.

mod can;
mod draft;
mod focus;
mod narrow;
mod outside;
mod policy;
mod rule;
mod shown;
mod space;
mod survey;
#[cfg(test)]
mod tests;
mod text;
mod who;

pub use can::{Can, Cut, CutBy, Named, Row, Within, can};
pub use focus::Focus;
pub use narrow::Narrow;
pub use policy::{Lost, Written, as_policy, as_policy_for};
pub use rule::{Residual, Resources, Rule};
pub use shown::Shown;
pub use who::{Who, who_can};
