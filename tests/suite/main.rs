//! The one integration binary. A new suite is a file beside this one and a `mod` line here (a file straight in `tests/`
//! is not built); run it alone with `cargo test --test suite NAME::`.

mod corpus_managed;
mod oracles;
mod regressions;
mod rejected;
mod spec;
