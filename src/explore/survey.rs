//! The survey behind what-can: each action of each granting rule, with the denies and ceilings that it meets.

use std::collections::BTreeMap;

use crate::ast::{ActionPattern, Attachment, Clause, Target};
use crate::decide::{CallerKind, Grants};
use crate::explain::asked::Asked;
use crate::explain::attachment;
use crate::value::{Effect, Layer, Profile, ResourcePattern, Truth, resource_control_covers};

use super::Narrow;
use super::can::{Cut, CutBy, Named, Row, Within};
use super::rule::Rule;
use super::shown::{self, Shown};
use super::space::{Cover, Space};

/// A ceiling: one layer and level in force for this principal, for calls through one endpoint.
pub(super) struct Ceiling {
    pub(super) layer: Layer,
    pub(super) level: u8,
    pub(super) endpoint: Option<String>,
    pub(super) rules: Vec<usize>,
}

/// Every action held against every rule.
pub(super) struct Survey<'s, 'a, 'r> {
    asked: &'s Asked<'a, 'r>,
    rules: &'s [Rule],
    space: &'s Space<'s>,
    /// Of each rule, how far it covers each action.
    covers: Vec<Vec<Cover>>,
    wanted: Vec<bool>,
    resource: Option<ResourcePattern>,
    ceilings: Vec<Ceiling>,
    denies: Vec<usize>,
}

/// Service, granting rule, resources, denies, ceilings.
type RowKey = (String, Option<usize>, Shown, Vec<usize>, Vec<Within>);
type CutKey = (String, Option<usize>, CutBy);

impl<'s, 'a, 'r> Survey<'s, 'a, 'r> {
    pub(super) fn new(
        asked: &'s Asked<'a, 'r>,
        rules: &'s [Rule],
        space: &'s Space<'s>,
        narrow: &Narrow,
        wanted: Option<&Clause<ActionPattern>>,
    ) -> Self {
        let wanted = match wanted {
            Some(clause) => space.covered(clause).into_iter().map(|cover| cover != Cover::No).collect(),
            None => vec![true; space.len()],
        };
        let positions = |wanted: &dyn Fn(&Rule) -> bool| -> Vec<usize> {
            rules.iter().enumerate().filter(|(_, rule)| wanted(rule)).map(|(at, _)| at).collect()
        };
        Self {
            asked,
            rules,
            space,
            covers: rules.iter().map(|rule| space.covered(&rule.actions)).collect(),
            wanted,
            resource: narrow.resource.as_deref().and_then(super::narrow::resource),
            ceilings: ceilings(asked, rules),
            denies: positions(&|rule| rule.effect == Effect::Deny),
        }
    }

    /// What is allowed, and what is allowed in vain.
    pub(super) fn run(&self) -> (Vec<Row>, Vec<Cut>) {
        let mut rows = BTreeMap::new();
        let mut cut = BTreeMap::new();
        for by in self.granting() {
            self.grant(by, &mut rows, &mut cut);
        }
        self.written(rows, cut)
    }

    /// Rules that can grant alone; for the root user, nothing needs to.
    fn granting(&self) -> Vec<Option<usize>> {
        let direct = direct(self.asked);
        let mut list: Vec<Option<usize>> = Vec::new();
        if self.asked.caller == CallerKind::Root {
            list.push(None);
        }
        let lacks_session = self.asked.caller == CallerKind::FederatedUser
            && !self.ceilings.iter().any(|ceiling| ceiling.layer == Layer::Session);
        for (at, rule) in self.rules.iter().enumerate().filter(|(_, rule)| rule.effect == Effect::Allow) {
            match rule.layer {
                // SEMANTICS F17.
                Layer::Identity if !lacks_session => list.push(Some(at)),
                Layer::Resource if rule.grants.has(direct) => list.push(Some(at)),
                _ => {}
            }
        }
        list
    }

    fn cover(&self, rule: usize, action: usize) -> Cover {
        self.covers.get(rule).and_then(|covers| covers.get(action)).copied().unwrap_or(Cover::No)
    }

    fn grant(
        &self,
        by: Option<usize>,
        rows: &mut BTreeMap<RowKey, Vec<usize>>,
        cut: &mut BTreeMap<CutKey, Vec<usize>>,
    ) {
        for action in 0..self.space.len() {
            let covered = by.is_none_or(|rule| self.cover(rule, action) == Cover::All);
            if !covered || !self.wanted.get(action).copied().unwrap_or(false) {
                continue;
            }
            let on = match by.and_then(|at| self.rules.get(at)) {
                Some(rule) => shown::of(rule, self.space, action),
                None => Some(Shown::everything()),
            };
            let Some(on) = on.and_then(|on| on.narrowed(self.resource.as_ref())) else { continue };
            let service = self.space.name(action).0.to_owned();
            match self.limits(by, action, &on) {
                Ok((except, within)) => {
                    rows.entry((service, by, on, except, within)).or_default().push(action);
                }
                Err(why) => cut.entry((service, by, why)).or_default().push(action),
            }
        }
    }

    /// Denies that may bite and layers that must allow too; or what takes the action away altogether.
    fn limits(
        &self,
        by: Option<usize>,
        action: usize,
        on: &Shown,
    ) -> Result<(Vec<usize>, Vec<Within>), CutBy> {
        let mut except = Vec::new();
        for &at in &self.denies {
            let Some(rule) = self.rules.get(at) else { continue };
            let cover = self.cover(at, action);
            if cover == Cover::No || !self.can_bite(rule, action) {
                continue;
            }
            if cover == Cover::All && rule.conditions.is_empty() && rule.covers_all_resources() {
                return Err(CutBy::Deny(at));
            }
            if shown::of(rule, self.space, action).is_some_and(|denied| denied.overlaps(on)) {
                except.push(at);
            }
        }
        let mut within = Vec::new();
        for ceiling in &self.ceilings {
            if !self.limits_grant(ceiling, by, action) {
                continue;
            }
            let mut open = Vec::new();
            let mut free = false;
            for &at in &ceiling.rules {
                let Some(rule) = self.rules.get(at) else { continue };
                let cover = self.cover(at, action);
                free |= cover == Cover::All && rule.conditions.is_empty() && rule.is_unlimited();
                if cover != Cover::No
                    && shown::of(rule, self.space, action).is_some_and(|allowed| allowed.overlaps(on))
                {
                    open.push(at);
                }
            }
            if free {
                continue;
            }
            if open.is_empty() && ceiling.endpoint.is_none() {
                return Err(CutBy::Lacks(ceiling.layer, ceiling.level));
            }
            within.push(Within {
                layer: ceiling.layer,
                level: ceiling.level,
                endpoint: ceiling.endpoint.clone(),
                rules: open,
            });
        }
        if by.is_none_or(|at| self.rules.get(at).is_some_and(|rule| rule.layer == Layer::Identity)) {
            within.extend(self.own_grant(action, on)?);
        }
        Ok((except, within))
    }

    /// SEMANTICS F2: control policies of resources reach listed services only.
    fn can_bite(&self, rule: &Rule, action: usize) -> bool {
        rule.layer != Layer::ResourceControl || self.is_controlled(action)
    }

    fn is_controlled(&self, action: usize) -> bool {
        let (service, _) = self.space.name(action);
        // What is not AWS's is of the deployment's own.
        resource_control_covers(service) || !self.space.is_aws(service)
    }

    /// SEMANTICS F10: who is named decides which ceilings limit a grant of the resource's policy.
    fn limits_grant(&self, ceiling: &Ceiling, by: Option<usize>, action: usize) -> bool {
        match ceiling.layer {
            Layer::ResourceControl => self.is_controlled(action),
            Layer::Boundary | Layer::Session => {
                let Some(rule) = by.and_then(|at| self.rules.get(at)) else { return false };
                let itself = Grants::SESSION.or(Grants::FEDERATED_SESSION).or(Grants::EVERYONE);
                let aws = self.asked.profile() == Profile::Aws;
                let free = rule.grants.has(itself) && (aws || ceiling.layer == Layer::Boundary)
                    || rule.grants.has(Grants::USER) && self.asked.caller == CallerKind::User;
                rule.layer == Layer::Identity || !free
            }
            _ => true,
        }
    }

    /// SEMANTICS F12: a key or a role must say yes itself, at least to the account.
    fn own_grant(&self, action: usize, on: &Shown) -> Result<Option<Within>, CutBy> {
        let (service, _) = self.space.name(action);
        let kind = match service.to_ascii_lowercase().as_str() {
            "kms" => "key/",
            "sts" => "role/",
            _ => return Ok(None),
        };
        if !self.space.takes_only(action, kind) {
            return Ok(None);
        }
        let says_yes = |at: &usize| {
            self.rules.get(*at).is_some_and(|rule| {
                rule.layer == Layer::Resource
                    && rule.effect == Effect::Allow
                    && !rule.grants.is_empty()
                    && self.cover(*at, action) != Cover::No
                    && shown::of(rule, self.space, action).is_some_and(|allowed| allowed.overlaps(on))
            })
        };
        let rules: Vec<usize> = (0..self.rules.len()).filter(says_yes).collect();
        if rules.is_empty() {
            return Err(CutBy::Lacks(Layer::Resource, 0));
        }
        Ok(Some(Within { layer: Layer::Resource, level: 0, endpoint: None, rules }))
    }

    fn written(
        &self,
        rows: BTreeMap<RowKey, Vec<usize>>,
        cut: BTreeMap<CutKey, Vec<usize>>,
    ) -> (Vec<Row>, Vec<Cut>) {
        let named = |actions: &[usize]| -> Vec<Named> {
            let named = |action: &usize| Named {
                name: self.space.name(*action).1.to_owned(),
                level: self.space.action(*action).map(|action| action.level),
            };
            actions.iter().map(named).collect()
        };
        let rows = rows.into_iter().map(|((service, by, resources, except, within), actions)| Row {
            whole: self.space.size_of(&service) == Some(actions.len()),
            service,
            actions: named(&actions),
            resources,
            by,
            except,
            within,
        });
        let cut = cut.into_iter().map(|((service, by, why), actions)| Cut {
            service,
            actions: named(&actions),
            by,
            why,
        });
        (rows.collect(), cut.collect())
    }
}

/// The grants that suffice without an identity policy (SEMANTICS F10, F.2).
pub(super) fn direct(asked: &Asked<'_, '_>) -> Grants {
    match asked.caller {
        CallerKind::Anonymous => Grants::EVERYONE,
        CallerKind::Service => Grants::SERVICE.or(Grants::EVERYONE),
        CallerKind::Federated => Grants::PROVIDER.or(Grants::EVERYONE),
        _ => Grants(!Grants::ACCOUNT.0),
    }
}

/// Layers and levels in force for the principal whatever it asks, and those that depend on the endpoint or resource.
pub(super) fn ceilings(asked: &Asked<'_, '_>, rules: &[Rule]) -> Vec<Ceiling> {
    let mut list: Vec<Ceiling> = Vec::new();
    for it in asked.set.attachments() {
        if matches!(it.layer, Layer::Identity | Layer::Resource) || !in_force(asked, it) {
            continue;
        }
        let endpoint = match &it.target {
            Target::Endpoint(id) if !super::rule::knows_endpoint(asked) => Some(id.clone()),
            _ => None,
        };
        let known = list
            .iter()
            .any(|other| other.layer == it.layer && other.level == it.level && (other.endpoint == endpoint));
        if known {
            continue;
        }
        let concerns = |rule: &&(usize, &Rule)| {
            let (_, rule) = rule;
            let through = match &rule.target {
                Some(Target::Endpoint(id)) => endpoint.as_ref() == Some(id),
                _ => true,
            };
            rule.effect == Effect::Allow && rule.layer == it.layer && rule.level == it.level && through
        };
        let rules = rules.iter().enumerate().collect::<Vec<_>>();
        let rules = rules.iter().filter(concerns).map(|(at, _)| *at).collect();
        list.push(Ceiling { layer: it.layer, level: it.level, endpoint, rules });
    }
    list
}

fn in_force(asked: &Asked<'_, '_>, it: &Attachment) -> bool {
    match it.layer {
        Layer::ResourceControl if asked.open.is_none() => !asked.is_service_linked(),
        Layer::Endpoint if !super::rule::knows_endpoint(asked) => true,
        _ => attachment::truth(asked, it) != Truth::No,
    }
}
