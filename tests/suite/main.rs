//! The one integration binary. A new suite is a file beside this one and a `mod` line here; run it alone with
//! `cargo test --test suite NAME::`.

mod corpus_managed;
mod oracles;
mod spec;
