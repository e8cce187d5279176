//! What services offer: actions with their access level, resource types with their ARN format, condition keys.
//!
//! AWS's come from the crate `bailiwick-catalog`, a deployment's own from its `bailiwick.toml`; both are this type.

mod format;

use core::cmp::Ordering;
use std::sync::Arc;

use format::cut;

use super::{Arity, ArnPattern, Part, Piece, Template, glob_ignoring_case};

/// Services by prefix. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Sorted by prefix, ignoring ASCII case; no prefix twice.
    services: Vec<Arc<Service>>,
}

/// A service: what stands before the colon of an action.
#[derive(Clone, Debug)]
pub struct Service {
    prefix: Box<str>,
    title: Box<str>,
    actions: Vec<Action>,
    resources: Vec<ResourceType>,
    keys: Vec<ConditionKey>,
}

/// An action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What stands after the colon: `GetObject`.
    pub name: Box<str>,
    /// What it does to the account.
    pub level: AccessLevel,
    /// The resource types that it takes; none means that its resource is `*` (SEMANTICS B8).
    pub takes: Box<[Takes]>,
    /// Condition keys that it fills for every resource, as positions in [`Service::keys`].
    pub keys: Box<[u16]>,
}

/// A resource type that an action takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Takes {
    /// Position in [`Service::resources`].
    pub resource: u16,
    /// Whether the operation always needs one.
    pub required: bool,
    /// Condition keys that it fills for this type only, as positions in [`Service::keys`].
    pub keys: Box<[u16]>,
}

/// A kind of resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceType {
    /// `bucket`.
    pub name: Box<str>,
    /// Its ARN with placeholders, `arn:${Partition}:s3:::${BucketName}`.
    pub format: Box<str>,
    /// The format with every placeholder read as `*`.
    pub pattern: ArnPattern,
    /// Condition keys that its resources carry, as positions in [`Service::keys`].
    pub keys: Box<[u16]>,
}

/// A condition key that a service fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionKey {
    /// Its name, perhaps with a placeholder: `aws:ResourceTag/${TagKey}`.
    pub name: Box<str>,
    /// The name with every placeholder read as `*`.
    pub pattern: Template,
    /// The type of its values.
    pub value: ValueType,
    /// How many values it has by definition.
    pub arity: Arity,
}

/// What an action does, in the classes of the service authorization reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccessLevel {
    /// Names what there is.
    List,
    /// Reads content or attributes.
    Read,
    /// Creates, changes, deletes.
    Write,
    /// Changes who may do what.
    Permissions,
    /// Changes tags only.
    Tagging,
}

/// The type of a condition key's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ValueType {
    /// Text.
    String,
    /// ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// Number.
    Numeric,
    /// Instant.
    Date,
    /// Address.
    Ip,
}

impl Catalogue {
    /// From services in any order; of two with one prefix the later stays.
    pub fn new(services: impl IntoIterator<Item = Service>) -> Self {
        Self::default().with(services)
    }

    /// The same with more services, which replace those of the same prefix.
    #[must_use]
    pub fn with(&self, services: impl IntoIterator<Item = Service>) -> Self {
        let mut all = self.services.clone();
        all.extend(services.into_iter().map(Arc::new));
        // A stable sort keeps the order of arrival among equals.
        all.sort_by(|left, right| compare(&left.prefix, &right.prefix));
        all.reverse();
        all.dedup_by(|left, right| left.prefix.eq_ignore_ascii_case(&right.prefix));
        all.reverse();
        Self { services: all }
    }

    /// Every service, by prefix.
    pub fn services(&self) -> impl ExactSizeIterator<Item = &Service> {
        self.services.iter().map(AsRef::as_ref)
    }

    /// The service of a prefix, ignoring ASCII case (SEMANTICS B1).
    pub fn service(&self, prefix: &str) -> Option<&Service> {
        let at = self.services.binary_search_by(|service| compare(&service.prefix, prefix)).ok()?;
        self.services.get(at).map(AsRef::as_ref)
    }

    /// The action of a full name, `s3:GetObject`, with its service.
    pub fn action(&self, name: &str) -> Option<(&Service, &Action)> {
        let (prefix, name) = name.split_once(':')?;
        let service = self.service(prefix)?;
        service.action(name).map(|action| (service, action))
    }
}

impl Service {
    /// From its parts; positions in `takes` and `keys` count in the lists given here, and those that point past their
    /// end are dropped. Actions are sorted; of two with one name the later stays.
    pub fn new(
        prefix: &str,
        title: &str,
        keys: Vec<ConditionKey>,
        resources: Vec<ResourceType>,
        actions: Vec<Action>,
    ) -> Self {
        let mut service = Self { prefix: prefix.into(), title: title.into(), actions, resources, keys };
        let known = |positions: &mut Box<[u16]>, len: usize| {
            if positions.iter().any(|at| usize::from(*at) >= len) {
                *positions = positions.iter().copied().filter(|at| usize::from(*at) < len).collect();
            }
        };
        let (keys, resources) = (service.keys.len(), service.resources.len());
        for resource in &mut service.resources {
            known(&mut resource.keys, keys);
        }
        for action in &mut service.actions {
            known(&mut action.keys, keys);
            if action.takes.iter().any(|takes| usize::from(takes.resource) >= resources) {
                let takes = core::mem::take(&mut action.takes).into_vec();
                action.takes =
                    takes.into_iter().filter(|takes| usize::from(takes.resource) < resources).collect();
            }
            for takes in &mut action.takes {
                known(&mut takes.keys, keys);
            }
        }
        service.actions.sort_by(|left, right| compare(&left.name, &right.name));
        service.actions.reverse();
        service.actions.dedup_by(|left, right| left.name.eq_ignore_ascii_case(&right.name));
        service.actions.reverse();
        service
    }

    /// What stands before the colon: `s3`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Its name for people: `Amazon S3`.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Every action, by name.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// Every resource type.
    pub fn resources(&self) -> &[ResourceType] {
        &self.resources
    }

    /// Every condition key, the global ones that it fills among them.
    pub fn keys(&self) -> &[ConditionKey] {
        &self.keys
    }

    /// The action of a name, ignoring ASCII case (SEMANTICS B1).
    pub fn action(&self, name: &str) -> Option<&Action> {
        let at = self.actions.binary_search_by(|action| compare(&action.name, name)).ok()?;
        self.actions.get(at)
    }

    /// The actions that a pattern covers, ignoring ASCII case (SEMANTICS B1); variables cover nothing.
    pub fn matching<'a>(&'a self, name: &'a Template) -> impl Iterator<Item = &'a Action> {
        let prefix = match name.pieces.first() {
            Some(Piece::Literal(text)) => text.as_str(),
            _ => "",
        };
        let start = self.actions.partition_point(|action| compare(&action.name, prefix).is_lt());
        let near = self.actions.get(start..).unwrap_or_default().iter();
        let whole = name.as_literal().is_some();
        near.take_while(move |action| starts_with(&action.name, prefix)).filter(move |action| {
            if whole {
                action.name.len() == prefix.len()
            } else {
                glob_ignoring_case(parts(name), &action.name)
            }
        })
    }

    /// The key that a name belongs to, ignoring ASCII case: `aws:ResourceTag/team` is `aws:ResourceTag/${TagKey}`.
    pub fn key(&self, name: &str) -> Option<&ConditionKey> {
        self.key_position(name).and_then(|at| self.keys.get(usize::from(at)))
    }

    /// The position of the key that a name belongs to.
    pub fn key_position(&self, name: &str) -> Option<u16> {
        let at = self.keys.iter().position(|key| key.covers(name))?;
        u16::try_from(at).ok()
    }

    /// A resource type by position, as [`Takes::resource`] gives it.
    pub fn resource_at(&self, position: u16) -> Option<&ResourceType> {
        self.resources.get(usize::from(position))
    }

    /// A condition key by position.
    pub fn key_at(&self, position: u16) -> Option<&ConditionKey> {
        self.keys.get(usize::from(position))
    }

    /// The resource types that an action takes.
    pub fn resources_of<'a>(&'a self, action: &'a Action) -> impl Iterator<Item = &'a ResourceType> {
        action.takes.iter().filter_map(|takes| self.resource_at(takes.resource))
    }

    /// Whether a request for the action may fill the key at this position: for the action, for a resource type as the
    /// action takes it, or because resources of the type carry it.
    pub fn fills(&self, action: &Action, key: u16) -> bool {
        action.keys.contains(&key)
            || action.takes.iter().any(|takes| takes.keys.contains(&key))
            || self.resources_of(action).any(|resource| resource.keys.contains(&key))
    }
}

impl ResourceType {
    /// `None` if the format is not `arn:` and six fields.
    pub fn new(name: &str, format: &str, keys: impl Into<Box<[u16]>>) -> Option<Self> {
        let mut fields = cut(format, 6).into_iter();
        let (head, pattern) =
            (fields.next()?, ArnPattern { fields: fields.collect::<Vec<_>>().try_into().ok()? });
        (head.as_literal() == Some("arn")).then(|| Self {
            name: name.into(),
            format: format.into(),
            pattern,
            keys: keys.into(),
        })
    }
}

impl ConditionKey {
    /// A key; placeholders are `${Name}` or `<name>`.
    pub fn new(name: &str, value: ValueType, arity: Arity) -> Self {
        let pattern = cut(name, 1).pop().unwrap_or_default();
        Self { name: name.into(), pattern, value, arity }
    }

    /// Whether a policy's key name belongs to it.
    pub fn covers(&self, name: &str) -> bool {
        match self.pattern.as_literal() {
            Some(literal) => literal.eq_ignore_ascii_case(name),
            None => glob_ignoring_case(parts(&self.pattern), name),
        }
    }
}

impl AccessLevel {
    /// Every level, from the mildest of the reference's order.
    pub const ALL: [Self; 5] = [Self::List, Self::Read, Self::Write, Self::Permissions, Self::Tagging];

    /// As the service authorization reference writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "List",
            Self::Read => "Read",
            Self::Write => "Write",
            Self::Permissions => "Permissions management",
            Self::Tagging => "Tagging",
        }
    }

    /// The level of a name, ignoring ASCII case; `permissions` alone is enough.
    pub fn parse(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("permissions") {
            return Some(Self::Permissions);
        }
        Self::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(name))
    }
}

/// Order ignoring ASCII case.
fn compare(left: &str, right: &str) -> Ordering {
    let fold = |byte: u8| byte.to_ascii_lowercase();
    left.bytes().map(fold).cmp(right.bytes().map(fold))
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

fn parts(template: &Template) -> impl Iterator<Item = Part<'_>> + Clone {
    template.pieces.iter().map(|piece| match piece {
        Piece::Literal(text) => Part::Literal(text),
        Piece::Any => Part::Any,
        Piece::One => Part::One,
        // Catalogues have none; a pattern of a policy's action has none either (SEMANTICS C2).
        Piece::Variable(_) => Part::Literal("\0"),
    })
}

#[cfg(test)]
mod tests;
