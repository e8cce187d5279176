//! The two readings of what the documents leave open.

/// Which column of SEMANTICS section X holds. Known when a document is read, carried into the tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Profile {
    /// The vendor's documentation, and the majority of implementations where it is silent.
    #[default]
    Aws,
    /// Fail closed wherever documents are silent or disagree.
    Strict,
}

impl Profile {
    /// The word used in configuration and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Strict => "strict",
        }
    }
}
