//! The policy that says what a principal can do, for a user of the same account that nothing else limits.
//!
//! It never allows more: what an identity policy cannot say is left out of its allows and widened in its denies.

use crate::ast::{PolicySet, Target};
use crate::decide::{CallerKind, Grants};
use crate::explain::asked::Asked;
use crate::request::{Context, Principal, Request};
use crate::value::{Base, Effect, Layer, Operator, Profile, ResourcePattern, StatementId, overlap_arn};

use super::can::question;
use super::draft::{Draft, document, writable};
use super::focus::Focus;
use super::outside::{allows_all, has_variable, is_usable, outside_resources, texts};
use super::rule::{Residual, Rule, rules};
use super::shown::targets;
use super::space::subsumes_arn;
use super::survey::{Ceiling, ceilings, direct};

/// A policy, and what it does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// JSON of an identity policy, version 2012-10-17.
    pub json: String,
    /// What the principal may have beyond it. Empty: the policy says the same, within the account.
    pub lost: Vec<Lost>,
    /// Whether it allows everything that it speaks of, whatever a request brings.
    pub whole: bool,
}

/// Something that could not be said, so that the policy allows less than the principal may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The statement, if it is about one.
    pub statement: Option<StatementId>,
    /// Why, in words.
    pub why: &'static str,
}

/// Writes one identity policy for all that the principal may do in its own account: every request that it allows, asked
/// by the same principal under the same profile, is allowed by the set as well.
pub fn as_policy(set: &PolicySet, principal: &Principal) -> Written {
    let mut writer = Writer { drafts: Vec::new(), lost: Vec::new(), strict: set.profile == Profile::Strict };
    if let Some(request) = question(&Context::default()) {
        writer.begin(&Asked::new(set, principal, &request), None);
    }
    writer.finish(|_| {})
}

/// The same for one action on a range of resources of the principal's own account; what the policy leaves open, the
/// keys of the focus decide. Where nothing is lost, it allows exactly what the set allows there.
pub fn as_policy_for(set: &PolicySet, principal: &Principal, focus: &Focus) -> Written {
    let mut writer = Writer { drafts: Vec::new(), lost: Vec::new(), strict: set.profile == Profile::Strict };
    let resource = focus.resource_text();
    if let Ok(request) = Request::new(focus.action(), resource.as_str()) {
        let mut asked = Asked::new(set, principal, &request);
        asked.open = Some(focus.keys());
        if asked.same_account() {
            if principal.context.is_irregular() {
                writer.lose(None, "values of the principal's that were not delivered");
            }
            writer.begin(&asked, Some(focus));
        } else {
            writer.lose(None, "the resources belong to another account, whose policies must allow too");
        }
    }
    writer.finish(|draft| draft.speak_of(focus.action(), &resource))
}

fn all() -> Vec<String> {
    vec!["*".to_owned()]
}

struct Writer {
    drafts: Vec<Draft>,
    lost: Vec<Lost>,
    strict: bool,
}

impl Writer {
    fn lose(&mut self, statement: Option<StatementId>, why: &'static str) {
        let lost = Lost { statement, why };
        if !self.lost.contains(&lost) {
            self.lost.push(lost);
        }
    }

    fn begin(&mut self, asked: &Asked<'_, '_>, focus: Option<&Focus>) {
        if asked.caller.has_identity() {
            self.write(asked, focus);
        } else {
            self.lose(None, "only users and sessions of roles can have identity policies");
        }
    }

    fn finish(mut self, speak: impl Fn(&mut Draft)) -> Written {
        self.drafts.retain(|draft| !draft.is_idle());
        if !self.drafts.iter().any(|draft| draft.effect == Effect::Allow) {
            // A policy needs a statement.
            self.drafts = vec![Draft::deny((false, all()), (false, all()))];
        }
        let open = |draft: &Draft| draft.effect == Effect::Allow && draft.is_unlimited();
        let whole =
            self.drafts.iter().all(|draft| draft.effect == Effect::Allow) && self.drafts.iter().any(open);
        self.drafts.iter_mut().for_each(speak);
        Written { json: document(&self.drafts), lost: self.lost, whole }
    }

    fn write(&mut self, asked: &Asked<'_, '_>, focus: Option<&Focus>) {
        let mut rules = rules(asked.set, asked);
        if let Some(focus) = focus {
            rules = focus.narrow(asked, rules);
        }
        let ceilings = ceilings(asked, &rules);
        let session = ceilings.iter().any(|ceiling| ceiling.layer == Layer::Session);
        for rule in rules.iter().filter(|rule| rule.effect == Effect::Allow) {
            match rule.layer {
                // SEMANTICS F17.
                Layer::Identity if asked.caller == CallerKind::FederatedUser && !session => {}
                Layer::Identity => self.allow(rule),
                Layer::Resource if rule.grants.has(direct(asked)) => self.allow_by_resource(rule),
                Layer::Resource if rule.grants.has(Grants::ACCOUNT) => {
                    self.lose(Some(rule.id), "it admits the account where the resource must say yes itself");
                }
                _ => {}
            }
        }
        for rule in rules.iter().filter(|rule| rule.effect == Effect::Deny) {
            let through_endpoint = matches!(rule.target, Some(Target::Endpoint(_)));
            if !through_endpoint && concerns_own_account(asked, rule.layer, rule.target.as_ref()) {
                self.deny(rule);
            }
        }
        for ceiling in &ceilings {
            let inside: Vec<&Rule> = ceiling
                .rules
                .iter()
                .filter_map(|at| rules.get(*at))
                .filter(|rule| concerns_own_account(asked, rule.layer, rule.target.as_ref()))
                .collect();
            if ceiling.endpoint.is_none() && controls_own_account(asked, ceiling) {
                self.limit(ceiling, &inside);
            }
        }
        if ceilings.iter().any(|ceiling| ceiling.endpoint.is_some()) {
            self.lose(None, "calls through endpoints");
            self.drafts.push(no_endpoint());
        }
    }

    fn allow(&mut self, rule: &Rule) {
        let mut texts: Vec<String> = Vec::new();
        for entry in &rule.resources.entries {
            match writable(entry) {
                Some(text) => texts.push(text),
                // Without what it would exclude, the statement would allow more.
                None if rule.resources.negated => texts = Vec::new(),
                None => self.lose(Some(rule.id), "an identity policy cannot name the resource"),
            }
            if rule.resources.negated && texts.is_empty() {
                self.lose(Some(rule.id), "an identity policy cannot name the resource");
                return;
            }
        }
        if !texts.is_empty() {
            self.drafts.push(Draft::of(rule, (rule.resources.negated, texts)));
        }
    }

    /// A resource policy's grant: on what it is attached to and names.
    fn allow_by_resource(&mut self, rule: &Rule) {
        let on = targets(rule);
        let everything =
            |entry: &ResourcePattern| matches!(entry, ResourcePattern::Any | ResourcePattern::Attached);
        let capped = |entry: &&ResourcePattern| matches!(entry, ResourcePattern::Arn { capped: true, .. });
        let mut narrowed = rule.clone();
        if !on.is_empty() {
            let within = on.iter().filter(|target| !capped(target));
            let mut kept: Vec<ResourcePattern> = Vec::new();
            if rule.resources.negated {
                // Whether an entry excludes a target is not the same for every letter case and profile.
                self.lose(Some(rule.id), "what it excludes cannot be told from what it is attached to");
            } else if rule.resources.entries.iter().any(everything) {
                kept.extend(within.cloned());
            } else {
                for entry in &rule.resources.entries {
                    if within.clone().any(|target| inside(target, entry)) {
                        kept.push(entry.clone());
                    } else {
                        for target in within.clone().filter(|target| meets(entry, target)) {
                            if inside(entry, target) {
                                kept.push(target.clone());
                            } else {
                                self.lose(Some(rule.id), "it covers only a part of what it is attached to");
                            }
                        }
                    }
                }
            }
            if kept.is_empty() {
                return;
            }
            narrowed.resources.negated = false;
            narrowed.resources.entries = kept;
        }
        self.allow(&narrowed);
    }

    fn deny(&mut self, rule: &Rule) {
        let on = targets(rule);
        let named = rule.resources.entries.iter().any(|it| matches!(it, ResourcePattern::Arn { .. }));
        // Of attachment and entries, one is wide enough; the entries are the narrower, as a rule.
        let (negated, entries) = if !on.is_empty() && (rule.resources.negated || !named) {
            (false, on.as_slice())
        } else {
            (rule.resources.negated, rule.resources.entries.as_slice())
        };
        if !on.is_empty() && (rule.resources.negated || named) {
            self.lose(Some(rule.id), "its deny is written wider than what it is attached to");
        }
        let mut texts = Vec::new();
        for entry in entries {
            if let Some(text) = writable(entry) {
                texts.push(text);
                continue;
            }
            self.lose(Some(rule.id), "an identity policy cannot name the resource, so all are denied");
            if !negated {
                texts = all();
                break;
            }
        }
        let resources = if texts.is_empty() { (false, all()) } else { (negated, texts) };
        self.drafts.push(Draft::of(rule, resources));
    }

    /// A layer that must allow too, as a deny of everything outside.
    fn limit(&mut self, ceiling: &Ceiling, rules: &[&Rule]) {
        let usable: Vec<&Rule> = rules.iter().copied().filter(|rule| is_usable(rule)).collect();
        for rule in rules.iter().filter(|rule| !is_usable(rule)) {
            self.lose(Some(rule.id), "its layer must allow too, and this part of it cannot be said");
        }
        if matches!(ceiling.layer, Layer::Boundary | Layer::Session) {
            let free = self.drafts.iter().any(|draft| draft.effect == Effect::Allow);
            if free && usable.iter().all(|rule| !allows_all(rule)) {
                self.lose(
                    None,
                    "grants of resource policies that the boundary or session policy does not limit",
                );
            }
        }
        if usable.iter().any(|rule| allows_all(rule)) {
            return;
        }
        let open = |rule: &&Rule| rule.resources.entries.iter().any(has_variable);
        if self.strict && usable.iter().any(open) {
            // SEMANTICS X6: a Deny that cannot resolve what it spares applies.
            self.lose(None, "a layer allows by a variable of the request: written narrower");
        }
        if usable.len() > 1 && usable.iter().any(|rule| rule.resources.negated) {
            self.lose(None, "a layer allows with `NotResource` beside other statements: written narrower");
        }
        let mut outside = Vec::new();
        if let Some(rule) = usable.iter().find(|rule| rule.actions.negated) {
            outside.push(Draft::deny((false, texts(&rule.actions.entries)), (false, all())));
        } else {
            let actions: Vec<String> = usable.iter().flat_map(|rule| texts(&rule.actions.entries)).collect();
            let actions = if actions.is_empty() { (false, all()) } else { (true, actions) };
            outside.push(Draft::deny(actions, (false, all())));
            outside.extend(usable.iter().filter_map(|rule| outside_resources(rule, &usable)));
        }
        self.drafts.append(&mut outside);
    }
}

fn meets(left: &ResourcePattern, right: &ResourcePattern) -> bool {
    match (left, right) {
        (ResourcePattern::Arn { pattern: left, .. }, ResourcePattern::Arn { pattern: right, .. }) => {
            overlap_arn(left, right)
        }
        _ => true,
    }
}

fn inside(outer: &ResourcePattern, inner: &ResourcePattern) -> bool {
    match (outer, inner) {
        (ResourcePattern::Arn { pattern: outer, .. }, ResourcePattern::Arn { pattern: inner, .. }) => {
            subsumes_arn(outer, inner)
        }
        (ResourcePattern::Any | ResourcePattern::Attached, _) => true,
        _ => false,
    }
}

/// Control policies of other accounts' resources do not matter within the account.
fn concerns_own_account(asked: &Asked<'_, '_>, layer: Layer, target: Option<&Target>) -> bool {
    if layer != Layer::ResourceControl {
        return true;
    }
    let own = asked.principal.account();
    let managed = own.is_some() && own == asked.set.management_account.as_deref();
    let listed = match target {
        Some(Target::Accounts(list)) => list.iter().any(|account| Some(account.as_str()) == own),
        _ => true,
    };
    !managed && listed
}

fn controls_own_account(asked: &Asked<'_, '_>, ceiling: &Ceiling) -> bool {
    let attached =
        asked.set.attachments().iter().filter(|it| it.layer == ceiling.layer && it.level == ceiling.level);
    attached.into_iter().any(|it| concerns_own_account(asked, it.layer, Some(&it.target)))
}

/// Denies calls through any endpoint. A test on which one would not hold for an ambiguous key, a deny must.
fn no_endpoint() -> Draft {
    let mut draft = Draft::deny((false, all()), (false, all()));
    draft.conditions.push(Residual {
        operator: Operator { set: None, base: Base::Null, if_exists: false },
        key: "aws:SourceVpce".to_owned(),
        values: vec!["false".to_owned()],
    });
    draft
}
