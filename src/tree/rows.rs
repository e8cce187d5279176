//! The rows of the tables, and what their numbers mean.

use super::words::{Words, row};
use crate::value::{Effect, Layer, StatementId};

row! {
    /// Part of the string blob.
    Text { at: u32, len: u32, }
}

row! {
    /// Part of another table.
    Range { start: u32, end: u32, }
}

impl Range {
    pub(crate) fn of<T>(self, table: &[T]) -> &[T] {
        table.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(crate) fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }
}

row! {
    /// A context key.
    Key { name: Text, hash: u64, arity: u32, owner: u32, }
}

/// `Key::arity`; 0 is unknown.
pub(crate) const ARITY_ONE: u32 = 1;
/// `Key::arity`.
pub(crate) const ARITY_MANY: u32 = 2;
/// `Key::owner`.
pub(crate) const OWNER_PRINCIPAL: u32 = 1;

row! {
    /// A piece of a template: literal text, a wildcard, or a variable with its default.
    Piece { kind: u32, key: u32, text: Text, }
}

/// `Piece::kind`.
pub(crate) mod piece {
    pub(crate) const LITERAL: u32 = 0;
    pub(crate) const ANY: u32 = 1;
    pub(crate) const ONE: u32 = 2;
    pub(crate) const VARIABLE: u32 = 3;
    pub(crate) const VARIABLE_WITH_DEFAULT: u32 = 4;
}

row! {
    /// Five templates: the fields of an ARN after `arn`.
    Arn { partition: Range, service: Range, region: Range, account: Range, resource: Range, }
}

impl Arn {
    pub(crate) fn field(&self, i: usize) -> Range {
        match i {
            0 => self.partition,
            1 => self.service,
            2 => self.region,
            3 => self.account,
            _ => self.resource,
        }
    }
}

row! {
    /// A value of a condition.
    Operand { kind: u32, a: u32, b: u32, }
}

/// `Operand::kind`, and what `a` and `b` are.
pub(crate) mod operand {
    /// A template: `a..b` of the pieces.
    pub(crate) const TEMPLATE: u32 = 0;
    /// `a` is the number of an ARN.
    pub(crate) const ARN: u32 = 1;
    /// Canonical decimal text: place and length in the blob.
    pub(crate) const NUMBER: u32 = 2;
    /// `a` is the place of four words of nanoseconds.
    pub(crate) const DATE: u32 = 3;
    /// `a` is the place of four words of address; `b` is the prefix, plus 256 for IPv6.
    pub(crate) const IP: u32 = 4;
    /// Base64 text: place and length in the blob.
    pub(crate) const BYTES: u32 = 5;
    /// `a` is 1 if the key must be absent.
    pub(crate) const NULL: u32 = 6;
    /// Never matches.
    pub(crate) const MALFORMED: u32 = 7;
    /// A template that is plain text: place and length in the blob.
    pub(crate) const TEXT: u32 = 8;
}

row! {
    /// One test of a condition: operator, key, operands. Equal atoms are one row.
    Atom { key: u32, operator: u32, operands: Range, }
}

row! {
    /// An entry of `Action` or `NotAction`. `text` is the whole pattern, or its literal start; `symbol` is the number
    /// of an exact action where the tree has indexes, else `NONE`.
    ActionTest { kind: u32, text: Text, service: Range, name: Range, symbol: u32, }
}

/// `ActionTest::kind`.
pub(crate) mod action {
    /// `*`.
    pub(crate) const ALL: u32 = 0;
    /// No wildcard: the action's text.
    pub(crate) const EXACT: u32 = 1;
    /// One wildcard, at the end: the text before it.
    pub(crate) const PREFIX: u32 = 2;
    /// A literal service, `text`, and a pattern.
    pub(crate) const PATTERN: u32 = 3;
    /// A wildcard in the service part (SEMANTICS X3b): the pattern's text.
    pub(crate) const WILD_SERVICE: u32 = 4;
}

row! {
    /// An entry of `Resource` or `NotResource`. `head` is `arn:...:` up to the resource field where it is literal.
    ResourceTest { kind: u32, capped: u32, arn: u32, head: Text, tail: Range, shape: u32, }
}

/// `ResourceTest::kind`.
pub(crate) mod resource {
    pub(crate) const ANY: u32 = 0;
    pub(crate) const ARN: u32 = 1;
    pub(crate) const API: u32 = 2;
    pub(crate) const ATTACHED: u32 = 3;
    /// Bit of `ResourceTest::shape`: some variable must have a value.
    pub(crate) const VARIABLES: u32 = 1;
    /// Bit of `ResourceTest::shape`: a literal head, and a tail of texts and variables with at most a `*` at its end.
    pub(crate) const STRAIGHT: u32 = 2;
}

row! {
    /// An entry of `Principal` or `NotPrincipal`.
    PrincipalTest { kind: u32, text: Text, }
}

/// `PrincipalTest::kind`.
pub(crate) mod principal {
    pub(crate) const EVERYONE: u32 = 0;
    pub(crate) const ACCOUNT: u32 = 1;
    pub(crate) const USER: u32 = 2;
    pub(crate) const ROLE: u32 = 3;
    pub(crate) const ROLE_SESSION: u32 = 4;
    pub(crate) const FEDERATED_USER: u32 = 5;
    pub(crate) const UNIQUE_ID: u32 = 6;
    pub(crate) const SERVICE: u32 = 7;
    pub(crate) const FEDERATED: u32 = 8;
    pub(crate) const NOBODY: u32 = 9;
}

row! {
    /// A list of tests in its positive or `Not...` form.
    Clause { negated: u32, tests: Range, }
}

row! {
    /// A statement where it is attached. `principals`, `actions` and `resources` are clauses or `NONE`.
    Rule {
        statement: u32,
        flags: u32,
        root: u32,
        attachment: u32,
        principals: u32,
        actions: u32,
        resources: u32,
        atoms: Range,
    }
}

/// `Rule::flags`: a deny.
pub(crate) const RULE_DENY: u32 = 1;
/// `Rule::flags`: the attachment's target must be asked at each request (a resource, an endpoint, the resource's account).
pub(crate) const RULE_TARGET: u32 = 2;
/// `Rule::flags`: where the slot stands.
pub(crate) const RULE_SLOT: u32 = 8;

impl Rule {
    pub(crate) fn is_deny(&self) -> bool {
        self.flags & RULE_DENY != 0
    }

    pub(crate) fn statement_id(&self) -> StatementId {
        StatementId(self.statement)
    }

    pub(crate) fn effect(&self) -> Effect {
        if self.is_deny() { Effect::Deny } else { Effect::Allow }
    }

    pub(crate) fn layer(&self) -> Layer {
        layer_of(self.flags >> RULE_SLOT & 0xff)
    }

    pub(crate) fn level(&self) -> u8 {
        // Four bits.
        (self.flags >> (RULE_SLOT + 8) & 15) as u8
    }
}

/// The layer with this number in [`Layer::ALL`].
pub(crate) fn layer_of(number: u32) -> Layer {
    Layer::ALL.get(number as usize).copied().unwrap_or(Layer::Session)
}

row! {
    /// Where documents are attached. `texts` are names, accounts or ARNs; `resource` is a resource test, or `NONE`.
    Attachment { layer: u32, level: u32, kind: u32, texts: Range, resource: u32, bucket_objects: u32, }
}

/// `Attachment::kind`.
pub(crate) mod target {
    pub(crate) const EVERYONE: u32 = 0;
    pub(crate) const GROUP: u32 = 1;
    pub(crate) const ROLE: u32 = 2;
    pub(crate) const USER: u32 = 3;
    pub(crate) const SUBJECT: u32 = 4;
    pub(crate) const ACCOUNTS: u32 = 5;
    pub(crate) const SESSION_POLICY: u32 = 6;
    pub(crate) const RESOURCE: u32 = 7;
    pub(crate) const ENDPOINT: u32 = 8;
}

/// Root of rules that are tried for every caller.
pub(crate) const ROOT_ANY: u32 = 0;
/// Root of rules that are tried for every caller that can have identity policies.
pub(crate) const ROOT_IDENTITY: u32 = 1;
/// First root of an attachment.
pub(crate) const ROOT_ATTACHMENT: u32 = 2;

row! {
    /// An action or service that policies name; of an action, the number of its service if that is named too, else `NONE`.
    Symbol { text: Text, service: u32, }
}

row! {
    /// Rules of one root that share an equality on a principal's key, or have none (`key` is `NONE`).
    /// `symbols` has a bit for each action and service that leads somewhere; `star` is the node for all actions.
    Bucket { root: u32, key: u32, set: u32, value: Text, symbols: u64, star: u32, }
}

row! {
    /// Entries of `lists`: denies in `start..middle`, allows in `middle..end`; and how they branch.
    /// `depth` is 0 for a leaf, else more than that of any node below.
    Node { start: u32, middle: u32, end: u32, split: u32, depth: u32, }
}

/// Set in a list entry if the way to it has proven the action.
pub(crate) const ACTION_PROVEN: u32 = 1 << 31;
/// Set in a list entry if the way to it has proven the rule's first atom.
pub(crate) const ATOM_PROVEN: u32 = 1 << 30;
/// The rule's number in a list entry.
pub(crate) const ENTRY_RULE: u32 = ATOM_PROVEN - 1;

row! {
    /// Branches of a node: rules that a filter covers are in the filter's nodes, the others in `rest`.
    Split { filters: Range, rest: u32, }
}

row! {
    /// One field to branch on. `set` is 1 for `ForAnyValue`; `lengths` has a bit for each length, modulo 64, of the
    /// resource's starts that are filed.
    Filter { kind: u32, key: u32, set: u32, lengths: u64, }
}

/// `Filter::kind`.
pub(crate) mod filter {
    /// Equality of a key with a literal.
    pub(crate) const KEY: u32 = 0;
    /// The resource field up to a `/` or `:`, or all of it.
    pub(crate) const PREFIX: u32 = 1;
    /// Some bytes anywhere in the resource field; `key` tells how many.
    pub(crate) const GRAM: u32 = 2;
}

row! {
    /// A statement's names, for people.
    Statement { document: u32, sid: Text, position: u32, start: u32, end: u32, attachment: u32, deny: u32, }
}

row! {
    /// A document's name, for people; its text if the artifact carries sources.
    Document { name: Text, source: Text, }
}

row! {
    /// Resources whose ARN names no account, and whose they are.
    Owned { resource: u32, account: Text, }
}
