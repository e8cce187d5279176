//! From a prepared principal and a request to a decision.

use smallvec::SmallVec;

use super::env::Env;
use super::find::Start;
use super::prepare::Prepared;
use super::{Decision, DecisionError, Grants, Slot, Slots, Tally, Verdict};
use crate::tree::{ACTION_PROVEN, Attachment, NONE, RULE_TARGET, Rule, layer_of, target};
use crate::value::{Held, Layer, ResourceFields, StatementId, Truth, hash_folded, same_bytes};

/// One decision under way.
pub(super) struct Walk<'a, 'r> {
    pub(super) env: Env<'a, 'r>,
    pub(super) prepared: &'a Prepared,
    /// The action and its service among those that policies name.
    pub(super) symbol: u32,
    pub(super) service: u32,
    /// Starts of the resource, cut when first asked for.
    pub(super) starts: SmallVec<[Start; 32]>,
    account: Option<&'a str>,
    same_account: bool,
    in_force: Slots,
    /// Resource control policies bind this request.
    controlled: bool,
    pub(super) denied: Option<(Slot, u32)>,
    allowed: Slots,
    grants: Grants,
    identity_by: u32,
    resource_by: u32,
}

/// All atoms of a rule are to be asked.
pub(super) const ALL_ATOMS: u32 = u32::MAX;

/// How a rule is tried: what the way to it has proven, and which of its first 32 atoms are to be asked.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub(super) proven: u32,
    pub(super) atoms: u32,
}

/// A node to visit; whether it belongs to an attachment that only may be the caller's.
pub(super) type Found = (u32, bool);

impl<'a, 'r> Walk<'a, 'r> {
    pub(super) fn decide(env: Env<'a, 'r>, prepared: &'a Prepared) -> Decision {
        if let Some(error) = refused(&env) {
            return Decision {
                verdict: Verdict::ExplicitDeny,
                layer: Layer::Identity,
                level: 0,
                statement: None,
                error: Some(error),
            };
        }
        let mut walk = Self::new(env, prepared);
        if needs_no_permission(&env, prepared) {
            return walk.answer((Verdict::Allow, Slot::new(Layer::Identity, 0)));
        }
        if env.tree.asks_request {
            walk.put_request_layers_in_force();
        }
        if scans(&env, prepared) {
            walk.scan(true);
            if walk.denied.is_none() {
                walk.scan(false);
            }
        } else {
            walk.index();
        }
        let verdict = match walk.denied {
            Some((slot, _)) => (Verdict::ExplicitDeny, slot),
            None => walk.tally().verdict(),
        };
        walk.answer(verdict)
    }

    /// Before anything is looked at.
    #[inline]
    pub(super) fn new(env: Env<'a, 'r>, prepared: &'a Prepared) -> Self {
        let account = env.resource_account();
        let (symbol, service) = env.symbols();
        Self {
            env,
            prepared,
            starts: SmallVec::new(),
            symbol,
            service,
            account,
            same_account: is_same(account, env.principal.account()),
            in_force: prepared.in_force,
            controlled: false,
            denied: None,
            allowed: Slots::default(),
            grants: Grants::default(),
            identity_by: NONE,
            resource_by: NONE,
        }
    }

    /// Every rule of the roots that the principal reaches.
    fn scan(&mut self, denies: bool) {
        let tree = self.env.tree;
        for reached in &self.prepared.roots {
            let Some(range) = tree.roots.get(reached.root as usize) else { continue };
            for rule in range.of(&tree.rules) {
                if rule.is_deny() == denies {
                    self.try_rule(rule, Way { proven: 0, atoms: ALL_ATOMS }, reached.maybe);
                }
            }
        }
    }

    /// Whether no further allow can change the answer.
    pub(super) fn is_settled(&self) -> bool {
        !self.env.tree.asks_request && self.in_force.without(self.allowed).is_empty()
    }

    /// Whether nothing that a rule of this slot says can change the answer.
    pub(super) fn is_idle(&self, slot: Slot, deny: bool) -> bool {
        if deny {
            self.denied.is_some_and(|(known, _)| known <= slot)
        } else {
            slot.layer() != Layer::Resource && self.allowed.contains(slot)
        }
    }

    pub(super) fn try_rule(&mut self, rule: &Rule, way: Way, maybe: bool) {
        if rule.layer() == Layer::Boundary && !self.prepared.bounded {
            return;
        }
        let slot = Slot::new(rule.layer(), rule.level());
        let deny = rule.is_deny();
        if maybe && !deny || self.is_idle(slot, deny) {
            return;
        }
        if let Some(grants) = self.applies(rule, way) {
            self.record(slot, deny, rule.statement, grants);
        }
    }

    /// A rule applies.
    pub(super) fn record(&mut self, slot: Slot, deny: bool, statement: u32, grants: Grants) {
        if deny {
            self.denied = Some((slot, statement));
            return;
        }
        self.allowed.insert(slot);
        match slot.layer() {
            Layer::Identity => self.identity_by = statement,
            Layer::Resource => {
                self.grants = self.grants.or(grants);
                if self.resource_by == NONE && !grants.is_empty() {
                    self.resource_by = statement;
                }
            }
            // Endpoint policies name principals too, but only limit.
            _ => {}
        }
    }

    /// Whether a rule applies (SEMANTICS F4), and by what names it means the caller.
    /// Clauses are asked from cheap to dear; an Allow wants `Yes`, a Deny at least `Maybe`.
    fn applies(&self, rule: &Rule, way: Way) -> Option<Grants> {
        let env = &self.env;
        let tree = env.tree;
        let deny = rule.is_deny();
        let enough = |truth: Truth| truth == Truth::Yes || deny && truth == Truth::Maybe;
        if way.proven & ACTION_PROVEN == 0 {
            let clause = tree.clauses.get(rule.actions as usize)?;
            if !enough(env.actions(clause, self.symbol)) {
                return None;
            }
        }
        // Equalities come first: they are as cheap as a resource's first bytes, and fail more often.
        let mut resources = rule.resources;
        for (at, id) in rule.atoms.of(&tree.rule_atoms).iter().enumerate() {
            if at < 32 && way.atoms >> at & 1 == 0 {
                continue;
            }
            let quick = tree.derived.quick.get(*id as usize)?;
            if resources != NONE && !quick.form.is_cheap() {
                if !enough(env.resources(tree.clauses.get(resources as usize)?, !deny)) {
                    return None;
                }
                resources = NONE;
            }
            if !enough(env.atom(*id, quick)) {
                return None;
            }
        }
        if resources != NONE && !enough(env.resources(tree.clauses.get(resources as usize)?, !deny)) {
            return None;
        }
        if rule.layer() == Layer::ResourceControl && !self.controlled {
            return None;
        }
        if rule.flags & RULE_TARGET != 0 {
            let attachment = tree.attachments.get(rule.attachment as usize)?;
            if !enough(self.target(attachment)) {
                return None;
            }
        }
        if rule.principals == NONE {
            return Some(Grants::default());
        }
        let clause = tree.clauses.get(rule.principals as usize)?;
        let named = env.principals(clause, rule.layer(), self.prepared.bounded);
        enough(named.truth).then_some(named.grants)
    }

    /// Whether a target that only the request can tell is meant.
    fn target(&self, attachment: &Attachment) -> Truth {
        let env = &self.env;
        let tree = env.tree;
        let texts = attachment.texts.of(&tree.attachment_texts);
        match attachment.kind {
            target::EVERYONE => Truth::Yes,
            target::ACCOUNTS => Truth::of(texts.iter().any(|text| self.account == Some(tree.text(*text)))),
            target::ENDPOINT => {
                const NAME: &str = "aws:SourceVpce";
                match env.request.context.find(hash_folded(NAME.as_bytes()), NAME.as_bytes()) {
                    Held::One(id) => Truth::of(texts.iter().any(|text| tree.text(*text) == id)),
                    Held::Missing | Held::Many([]) => Truth::No,
                    // Which endpoint it is, is not told.
                    Held::Unknown | Held::Ambiguous | Held::Many(_) => Truth::Maybe,
                }
            }
            _ => {
                let test = |id: u32| {
                    tree.resource_tests.get(id as usize).map_or(Truth::No, |test| env.resource_entry(test))
                };
                test(attachment.resource).or(test(attachment.bucket_objects))
            }
        }
    }

    /// Control policies of the resource's account, and the endpoint's policy.
    fn put_request_layers_in_force(&mut self) {
        let tree = self.env.tree;
        self.controlled = self.env.is_under_resource_control(self.account);
        for attachment in tree.attachments.iter().filter(|row| layer_of(row.layer) <= Layer::Endpoint) {
            let layer = layer_of(attachment.layer);
            let asked = match layer {
                Layer::ResourceControl => self.controlled,
                Layer::Endpoint => true,
                _ => false,
            };
            if asked && self.target(attachment) != Truth::No {
                // Four bits.
                self.in_force.insert(Slot::new(layer, (attachment.level & 15) as u8));
            }
        }
    }

    fn tally(&self) -> Tally {
        let mut denied = Slots::default();
        if let Some((slot, _)) = self.denied {
            denied.insert(slot);
        }
        Tally {
            profile: self.env.tree.profile,
            caller: self.prepared.caller,
            same_account: self.same_account,
            needs_own_grant: self.needs_own_grant(),
            in_force: self.in_force,
            allowed: self.allowed,
            denied,
            grants: self.grants,
        }
    }

    /// SEMANTICS F12.
    fn needs_own_grant(&self) -> bool {
        let asked = self.env.request.service();
        let kind = if asked.eq_ignore_ascii_case("kms") {
            ("kms", "key/")
        } else if asked.eq_ignore_ascii_case("sts") {
            ("iam", "role/")
        } else {
            return false;
        };
        let ResourceFields::Arn { fields: [_, service, _, _, resource], .. } =
            self.env.request.resource_fields()
        else {
            return false;
        };
        service.eq_ignore_ascii_case(kind.0) && resource.starts_with(kind.1)
    }

    fn answer(&self, (verdict, slot): (Verdict, Slot)) -> Decision {
        let statement = match (verdict, slot.layer()) {
            (Verdict::ExplicitDeny, _) => self.denied.map_or(NONE, |(_, statement)| statement),
            (Verdict::Allow, Layer::Resource) => self.resource_by,
            (Verdict::Allow, _) => self.identity_by,
            (Verdict::ImplicitDeny, _) => NONE,
        };
        Decision {
            verdict,
            layer: slot.layer(),
            level: slot.level(),
            statement: (statement != NONE).then_some(StatementId(statement)),
            error: None,
        }
    }
}

/// Whether both are known and the same (SEMANTICS F8).
fn is_same(account: Option<&str>, other: Option<&str>) -> bool {
    matches!((account, other), (Some(account), Some(other)) if same_bytes(account.as_bytes(), other.as_bytes()))
}

/// SEMANTICS F13: it only tells callers who they are.
#[inline]
pub(super) fn needs_no_permission(env: &Env<'_, '_>, prepared: &Prepared) -> bool {
    env.request.action().eq_ignore_ascii_case("sts:GetCallerIdentity")
        && prepared.caller != super::CallerKind::Anonymous
}

/// Whether the indexes do not serve.
#[inline]
pub(super) fn scans(env: &Env<'_, '_>, prepared: &Prepared) -> bool {
    !env.tree.optimized || prepared.irregular || env.request.context.is_irregular()
}

/// SEMANTICS E3, I2.
pub(super) fn refused(env: &Env<'_, '_>) -> Option<DecisionError> {
    let request = env.request;
    let context = &request.context;
    let declared = || {
        env.tree.derived.reserved.iter().any(|id| {
            let key = env.key(*id);
            !matches!(context.find(key.hash, env.tree.bytes(key.name)), Held::Missing)
        })
    };
    if request.sets_principal_key || declared() {
        Some(DecisionError::PrincipalKey)
    } else if context.is_oversized() || env.principal.context.is_oversized() {
        Some(DecisionError::TooLarge)
    } else {
        None
    }
}
