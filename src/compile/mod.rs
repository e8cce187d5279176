//! Policy set to tree.
//!
//! In: `PolicySet`. Out: `Tree`; it cannot fail.
//! Never here: reading of documents, requests, deciding.

mod index;
mod lower;
mod map;
mod pool;
mod split;
mod unserved;

pub use unserved::{Unserved, unserved, unserved_in};

use std::sync::Arc;

use crate::ast::PolicySet;
use crate::tree::Tree;

/// How to compile. The answers of a tree do not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompileOptions {
    /// Build indexes; without them every rule is tried for every request.
    pub optimize: bool,
    /// Carry the documents' texts in the artifact, so that decisions can be explained where it is loaded.
    pub sources: bool,
}

impl Default for CompileOptions {
    fn default() -> Self {
        Self { optimize: true, sources: false }
    }
}

/// Compiles a set; `[&document]` is shorthand for identity policies attached to everyone.
pub fn compile(set: impl Into<PolicySet>) -> Tree {
    compile_with(&set.into(), CompileOptions::default())
}

/// Compiles a set in a given way.
pub fn compile_with(set: &PolicySet, options: CompileOptions) -> Tree {
    let mut compiled = lower::lower(set, options.sources);
    index::attach(&mut compiled);
    if options.optimize {
        index::index(&mut compiled);
    }
    compiled.derive();
    Tree { inner: Arc::new(compiled) }
}
