//! What of a tree a principal meets: attachments, buckets, layers in force. The view that a session keeps.

use smallvec::SmallVec;

use super::naming::role_matches;
use super::residual::Residual;
use super::{CallerKind, Slot, Slots};
use crate::request::{Caller, Principal};
use crate::tree::{
    self, Attachment, Compiled, Filter, NONE, ROOT_ANY, ROOT_ATTACHMENT, ROOT_IDENTITY, layer_of, table,
    target,
};
use crate::value::{Held, Layer, Truth, hash_bytes, same_bytes};

/// A principal's part of a tree.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) caller: CallerKind,
    /// Layers in force because of who asks.
    pub(super) in_force: Slots,
    /// Roots whose rules are tried; whether an attachment only may be the caller's.
    pub(super) roots: SmallVec<[Reached; 4]>,
    /// Buckets of those roots that the principal's keys lead to.
    pub(super) buckets: SmallVec<[Bucket; 16]>,
    /// A boundary is in force.
    pub(super) bounded: bool,
    /// The principal holds an unknown or ambiguous value: indexes on keys do not serve.
    pub(super) irregular: bool,
    /// What is left of some of those buckets, which are then not in `buckets`: a session has it.
    pub(super) residual: Option<Residual>,
}

/// A root that a principal reaches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reached {
    pub(super) root: u32,
    pub(super) maybe: bool,
}

/// A bucket that a principal reaches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    pub(super) id: u32,
    pub(super) star: u32,
    pub(super) symbols: u64,
    pub(super) maybe: bool,
}

impl Prepared {
    /// Nothing yet: [`Prepared::fill`] is next. Two steps, so that what is filled is not moved.
    #[inline]
    pub(super) fn blank(principal: &Principal) -> Self {
        Self {
            caller: CallerKind::of(principal),
            in_force: Slots::default(),
            roots: SmallVec::new(),
            buckets: SmallVec::new(),
            bounded: false,
            irregular: principal.context.is_irregular(),
            residual: None,
        }
    }

    /// Finds all that the principal meets.
    pub(super) fn fill(&mut self, tree: &Compiled, principal: &Principal) {
        let caller = self.caller;
        self.roots.push(Reached { root: ROOT_ANY, maybe: false });
        if caller.has_identity() {
            self.roots.push(Reached { root: ROOT_IDENTITY, maybe: false });
            self.in_force.insert(Slot::new(Layer::Identity, 0));
            self.in_force = self.in_force.or(Slots::from_bits(tree.everyone));
            self.identity_attachments(tree, principal);
        }
        self.control_attachments(tree, principal);
        if matches!(principal.caller, Caller::RoleSession { service_linked: true, .. }) {
            // SEMANTICS F2: a service-linked role has no boundary.
            self.in_force = self.in_force.without(Slots::of_layer(Layer::Boundary));
        }
        self.bounded = self.in_force.contains(Slot::new(Layer::Boundary, 0));
        if tree.optimized {
            self.find_buckets(tree, principal);
        }
    }

    /// Settles once what no request of this principal can change, where that is little work.
    pub(super) fn settle(&mut self, tree: &Compiled, principal: &Principal) {
        if tree.optimized && !self.irregular {
            self.residual = Residual::take(tree, principal, self.bounded, &mut self.buckets);
        }
    }

    /// Attachments to groups, roles, users, subjects, session policies.
    fn identity_attachments(&mut self, tree: &Compiled, principal: &Principal) {
        if tree.targets.is_empty() {
            return;
        }
        if principal.groups_known {
            for group in &principal.groups {
                self.attach(tree, target::GROUP, hash_bytes(group.as_bytes()), |row| {
                    Truth::of(first_text(tree, row) == group)
                });
            }
        } else {
            // SEMANTICS G16: a deny of any group must not be skipped.
            for (id, row) in (0..).zip(&tree.attachments) {
                if row.kind == target::GROUP {
                    let listed = principal.groups.iter().any(|group| group == first_text(tree, row));
                    self.reach(id, row, !listed);
                }
            }
        }
        for name in &principal.session_policies {
            self.attach(tree, target::SESSION_POLICY, hash_bytes(name.as_bytes()), |row| {
                Truth::of(first_text(tree, row) == name)
            });
        }
        match &principal.caller {
            Caller::User { arn, .. } => {
                self.attach(tree, target::USER, hash_bytes(arn.as_bytes()), |row| {
                    Truth::of(first_text(tree, row) == arn)
                });
            }
            Caller::FederatedUser { parent: Some(parent), .. } => {
                // SEMANTICS F17: identity policies and boundary are those of the user that created the session.
                self.attach(tree, target::USER, hash_bytes(parent.as_bytes()), |row| {
                    Truth::of(first_text(tree, row) == parent)
                });
            }
            Caller::RoleSession { arn, role, .. } => {
                let hash = tree::role_hash(role.as_deref().unwrap_or(arn));
                self.attach(tree, target::ROLE, hash, |row| {
                    role_matches(first_text(tree, row), arn, role.as_deref())
                });
            }
            Caller::Subject { issuer, subject, .. } => {
                self.attach(tree, target::SUBJECT, tree::subject_hash(issuer, subject), |row| {
                    let texts = row.texts.of(&tree.attachment_texts);
                    Truth::of(matches!(texts, [a, b] if tree.text(*a) == issuer && tree.text(*b) == subject))
                });
            }
            _ => {}
        }
    }

    /// Service control policies of the caller's account (SEMANTICS F2, F6).
    fn control_attachments(&mut self, tree: &Compiled, principal: &Principal) {
        let Some(account) = principal.account() else { return };
        let exempt = matches!(principal.caller, Caller::RoleSession { service_linked: true, .. })
            || tree.management_account.len > 0 && tree.text(tree.management_account) == account;
        if exempt || tree.targets.is_empty() {
            return;
        }
        self.attach(tree, target::EVERYONE, 0, |row| Truth::of(layer_of(row.layer) == Layer::ServiceControl));
        self.attach(tree, target::ACCOUNTS, hash_bytes(account.as_bytes()), |row| {
            let listed = row.texts.of(&tree.attachment_texts).iter().any(|text| tree.text(*text) == account);
            Truth::of(listed && layer_of(row.layer) == Layer::ServiceControl)
        });
    }

    fn attach(&mut self, tree: &Compiled, kind: u32, hash: u64, names: impl Fn(&Attachment) -> Truth) {
        for id in tree.targets.find(table::filed(u64::from(kind), hash)) {
            let Some(row) = tree.attachments.get(id as usize) else { continue };
            if row.kind == kind {
                match names(row) {
                    Truth::No => {}
                    truth => self.reach(id, row, truth == Truth::Maybe),
                }
            }
        }
    }

    fn reach(&mut self, id: u32, row: &Attachment, maybe: bool) {
        // Four bits.
        self.in_force.insert(Slot::new(layer_of(row.layer), (row.level & 15) as u8));
        let root = ROOT_ATTACHMENT + id;
        if let Some(known) = self.roots.iter_mut().find(|reached| reached.root == root) {
            known.maybe &= maybe;
        } else {
            self.roots.push(Reached { root, maybe });
        }
    }

    fn find_buckets(&mut self, tree: &Compiled, principal: &Principal) {
        for at in 0..self.roots.len() {
            let Reached { root, maybe } = self.roots[at];
            let id = tree.derived.plain_buckets.get(root as usize).copied().unwrap_or(NONE);
            if let Some(row) = tree.buckets.get(id as usize) {
                self.buckets.push(Bucket { id, star: row.star, symbols: row.symbols, maybe });
            }
        }
        for access in &tree.access {
            if access.kind == ROOT_IDENTITY && !self.caller.has_identity() {
                continue;
            }
            let Some(key) = tree.keys.get(access.key as usize) else { continue };
            match principal.context.find(key.hash, tree.bytes(key.name)) {
                Held::One(text) => self.bucket(tree, access, access.set, text),
                Held::Many(list) if access.set == 1 => {
                    for text in list {
                        self.bucket(tree, access, 1, text);
                    }
                }
                _ => {}
            }
        }
    }

    fn bucket(&mut self, tree: &Compiled, access: &Filter, set: u32, value: &str) {
        let (root, key) = (access.kind, access.key);
        let field = table::pair(root, key.wrapping_mul(2) | set);
        for id in tree.bucket_table.find(table::filed(field, hash_bytes(value.as_bytes()))) {
            let Some(row) = tree.buckets.get(id as usize) else { continue };
            if row.root == root
                && row.key == key
                && row.set == set
                && same_bytes(tree.bytes(row.value), value.as_bytes())
            {
                // A value listed twice leads to the same bucket.
                if !self.buckets.iter().any(|known| known.id == id) {
                    self.buckets.push(Bucket { id, star: row.star, symbols: row.symbols, maybe: false });
                }
                return;
            }
        }
    }
}

fn first_text<'a>(tree: &'a Compiled, row: &Attachment) -> &'a str {
    row.texts.of(&tree.attachment_texts).first().map_or("", |text| tree.text(*text))
}
