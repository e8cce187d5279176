//! The compiled artifact: flat tables of rows that refer to each other by number.
//!
//! In: what the compiler lowers, or bytes. Out: `Tree`, its bytes, its text.
//! Never here: syntax, requests, deciding.
//!
//! How it works. A rule is a statement where it is attached. Rules are grouped by *root* (everyone, every caller with an
//! identity, or one attachment) and within a root by one chosen equality on a key that the principal owns: these groups
//! are the *buckets*, and a principal meets few of them. A bucket is dispatched by action; what is found is a *node*: a
//! run of denies, a run of allows, and, where many rules are left, *filters* that branch on a key's value or on the
//! resource. All filters are necessary conditions only: a rule that is reached still answers for itself, apart from
//! what the way to it has proven.

mod codec;
mod derive;
mod outline;
mod pack;
mod print;
mod rows;
pub(crate) mod table;
mod validate;
pub(crate) mod words;

pub use codec::ArtifactError;
pub(crate) use derive::{Derived, Form, HINTED, Hint, Quick};
pub use outline::{ActionOutline, BranchOutline, BucketOutline, EntryOutline, NodeOutline, Outline};
pub(crate) use pack::{
    cidr_of_words, instant_of_words, pack_operator, role_hash, subject_hash, unpack_operator, words_of_cidr,
    words_of_instant,
};
pub(crate) use rows::*;
pub(crate) use table::{NONE, Table};

use std::sync::Arc;

use crate::identity::Identities;
use crate::value::{Effect, Layer, Profile, StatementId};

/// A compiled policy set. Cheap to clone, `Send + Sync`.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(crate) inner: Arc<Compiled>,
}

/// All tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Compiled {
    pub(crate) profile: Profile,
    pub(crate) optimized: bool,
    /// Whose tokens are taken: for whoever turns claims into principals.
    pub(crate) identities: Identities,
    pub(crate) blob: String,
    pub(crate) home_account: Text,
    /// Empty for none.
    pub(crate) management_account: Text,
    pub(crate) own_services: Vec<Text>,
    pub(crate) owned: Vec<Owned>,
    pub(crate) keys: Vec<Key>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) arns: Vec<Arn>,
    pub(crate) words: Vec<u32>,
    pub(crate) operands: Vec<Operand>,
    pub(crate) atoms: Vec<Atom>,
    /// Numbers of atoms, by rule.
    pub(crate) rule_atoms: Vec<u32>,
    pub(crate) action_tests: Vec<ActionTest>,
    pub(crate) resource_tests: Vec<ResourceTest>,
    pub(crate) principal_tests: Vec<PrincipalTest>,
    pub(crate) clauses: Vec<Clause>,
    /// In order of their roots.
    pub(crate) rules: Vec<Rule>,
    /// Which rules each root has.
    pub(crate) roots: Vec<Range>,
    pub(crate) attachments: Vec<Attachment>,
    /// Slots that are in force for every caller with an identity, one bit each.
    pub(crate) everyone: u64,
    /// Some layer can only be told by the request: resource, endpoint, resource control.
    pub(crate) asks_request: bool,
    /// Keys that the deployment declared.
    pub(crate) declared: Vec<u32>,
    pub(crate) attachment_texts: Vec<Text>,
    /// From names of groups, roles ... to attachments.
    pub(crate) targets: Table,
    /// Actions and services that policies name.
    pub(crate) symbols: Vec<Symbol>,
    pub(crate) symbol_table: Table,
    pub(crate) buckets: Vec<Bucket>,
    /// What is made from the other tables; not in the artifact.
    pub(crate) derived: Derived,
    /// From root, key and value to buckets.
    pub(crate) bucket_table: Table,
    /// Keys by which buckets of the two general roots were chosen.
    pub(crate) access: Vec<Filter>,
    /// From bucket and symbol to nodes.
    pub(crate) dispatch: Table,
    pub(crate) nodes: Vec<Node>,
    pub(crate) lists: Vec<u32>,
    pub(crate) splits: Vec<Split>,
    pub(crate) filters: Vec<Filter>,
    /// From filter and value to nodes.
    pub(crate) branches: Table,
    pub(crate) statements: Vec<Statement>,
    pub(crate) documents: Vec<Document>,
}

impl Compiled {
    /// The bytes of a text: comparing needs no more.
    pub(crate) fn bytes(&self, text: Text) -> &[u8] {
        let start = text.at as usize;
        self.blob.as_bytes().get(start..start.saturating_add(text.len as usize)).unwrap_or_default()
    }

    /// What [`ResourceTest::shape`] has to be.
    pub(crate) fn resource_shape(&self, test: &ResourceTest) -> u32 {
        let variable = |piece: &Piece| piece.kind >= piece::VARIABLE;
        let varies = |range: Range| range.of(&self.pieces).iter().any(variable);
        let arn = self.arns.get(test.arn as usize).filter(|_| test.kind == resource::ARN);
        let mut shape = 0;
        if varies(test.tail) || arn.is_some_and(|arn| (0..5).any(|i| varies(arn.field(i)))) {
            shape |= resource::VARIABLES;
        }
        let tail = test.tail.of(&self.pieces);
        let before_end = tail.split_last().map_or(
            tail,
            |(last, before)| {
                if last.kind == piece::ANY { before } else { tail }
            },
        );
        let straight = before_end.iter().all(|piece| piece.kind == piece::LITERAL || variable(piece));
        if test.kind == resource::ARN && test.head.len > 0 && test.capped == 0 && straight {
            shape |= resource::STRAIGHT;
        }
        shape
    }

    pub(crate) fn text(&self, text: Text) -> &str {
        self.blob
            .get(text.at as usize..(text.at as usize).saturating_add(text.len as usize))
            .unwrap_or_default()
    }
}

/// What a statement is called and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementName<'a> {
    /// Name of the document's source.
    pub policy: &'a str,
    /// `Sid`, if it has one.
    pub sid: Option<&'a str>,
    /// Its place in the document, from 0.
    pub position: u32,
    /// First byte and one past the last in the document's text.
    pub place: (u32, u32),
    /// Allow or deny.
    pub effect: Effect,
    /// Its layer.
    pub layer: Layer,
}

impl Tree {
    /// What a decision's statement is called.
    pub fn statement(&self, id: StatementId) -> Option<StatementName<'_>> {
        let tree = &*self.inner;
        let row = tree.statements.get(id.0 as usize)?;
        let document = tree.documents.get(row.document as usize)?;
        let attachment = tree.attachments.get(row.attachment as usize)?;
        let sid = tree.text(row.sid);
        Some(StatementName {
            policy: tree.text(document.name),
            sid: (!sid.is_empty()).then_some(sid),
            position: row.position,
            place: (row.start, row.end),
            effect: if row.deny == 1 { Effect::Deny } else { Effect::Allow },
            layer: layer_of(attachment.layer),
        })
    }

    /// The same policies with the identities that its tokens belong to: then it turns claims into principals by itself.
    #[must_use]
    pub fn with_identities(self, identities: Identities) -> Self {
        let mut tree = Arc::unwrap_or_clone(self.inner);
        tree.identities = identities;
        Self { inner: Arc::new(tree) }
    }

    /// The identities that it carries; none for a tree of policies alone.
    pub fn identities(&self) -> &Identities {
        &self.inner.identities
    }

    /// Which reading of disputed points it was compiled under.
    pub fn profile(&self) -> Profile {
        self.inner.profile
    }

    /// Sizes of its tables: what `inspect` prints.
    pub fn shape(&self) -> Shape {
        let tree = &*self.inner;
        let leaves = tree.nodes.iter().filter(|node| node.split == NONE);
        Shape {
            documents: tree.documents.len(),
            statements: tree.statements.len(),
            rules: tree.rules.len(),
            conditions: tree.atoms.len(),
            buckets: tree.buckets.len(),
            nodes: tree.nodes.len(),
            splits: tree.splits.len(),
            largest_leaf: leaves.map(|node| node.end.saturating_sub(node.start) as usize).max().unwrap_or(0),
            bytes: self.to_bytes().len(),
        }
    }
}

/// Sizes of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Policy documents, counted where attached.
    pub documents: usize,
    /// Statements, counted where attached.
    pub statements: usize,
    /// Statements that can apply and are not repetitions.
    pub rules: usize,
    /// Distinct conditions.
    pub conditions: usize,
    /// Groups of rules by attachment and principal.
    pub buckets: usize,
    /// Runs of rules.
    pub nodes: usize,
    /// Runs that branch.
    pub splits: usize,
    /// Rules in the longest run that does not branch.
    pub largest_leaf: usize,
    /// Bytes of the artifact.
    pub bytes: usize,
}
