//! Cedar: all policies in one set, and a set for each tenant cut by hand.
//!
//! `like` has no variables, so the resource carries its first part as `owner` and what follows as `rest`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::str::FromStr;

use bailiwick_workload::{SERVICES, Statement, TENANT_VARIABLE, Tag, Test, Workload};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

use crate::{Answer, Engine, Report, loaded};

pub fn plain(workload: &Workload, report: &mut Report<'_>) {
    let text: String = workload.statements.iter().map(policy).collect();
    let (set, load) = loaded(|| PolicySet::from_str(&text).expect("the translation is legal"));
    let sets = BTreeMap::from([(String::new(), set)]);
    report(&mut Cedar::new("cedar", workload, sets, |_| String::new()), Some(load));
}

pub fn sliced(workload: &Workload, report: &mut Report<'_>) {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for person in &workload.people {
        texts.entry(person.tenant.clone()).or_default();
    }
    for statement in &workload.statements {
        let text = policy(statement);
        match tenant(statement) {
            Some(tenant) => texts.entry(tenant).or_default().push_str(&text),
            None => texts.values_mut().for_each(|all| all.push_str(&text)),
        }
    }
    let (sets, load) = loaded(|| {
        let read = |text: String| PolicySet::from_str(&text).expect("the translation is legal");
        texts.into_iter().map(|(tenant, text)| (tenant, read(text))).collect()
    });
    let tenant = |case: usize| workload.people[workload.cases[case].person].tenant.clone();
    report(&mut Cedar::new("cedar, sliced by tenant", workload, sets, tenant), Some(load));
}

/// The one tenant whose people a statement can apply to.
pub fn tenant(statement: &Statement) -> Option<String> {
    statement.tests.iter().find_map(|test| match test {
        Test::Person(Tag::Tenant, values) if values.len() == 1 => values.first().cloned(),
        Test::InGroup(groups) if groups.len() == 1 => {
            groups[0].split_once("-team").map(|(tenant, _)| tenant.to_owned())
        }
        _ => None,
    })
}

struct Cedar {
    name: &'static str,
    authorizer: Authorizer,
    sets: Vec<PolicySet>,
    /// Number of the set, request, entities.
    cases: Vec<(usize, Request, Entities)>,
}

impl Cedar {
    fn new(
        name: &'static str,
        workload: &Workload,
        sets: BTreeMap<String, PolicySet>,
        key: impl Fn(usize) -> String,
    ) -> Self {
        let actions = actions(workload);
        let places: HashMap<String, usize> = sets.keys().cloned().zip(0..).collect();
        // Entities take much room and one decision much time: later requests begin again from the first.
        let cases = (0..workload.cases.len().min(1000)).map(|case| {
            let (request, entities) = request(workload, case, &actions);
            (places[&key(case)], request, entities)
        });
        let cases = cases.collect();
        Self { name, authorizer: Authorizer::new(), sets: sets.into_values().collect(), cases }
    }
}

impl Engine for Cedar {
    fn name(&self) -> &'static str {
        self.name
    }

    fn decide(&mut self, case: usize) -> Answer {
        let (set, request, entities) = &self.cases[case % self.cases.len()];
        let response = self.authorizer.is_authorized(request, &self.sets[*set], entities);
        match response.decision() {
            Decision::Allow => Answer::Allow,
            Decision::Deny if response.diagnostics().reason().next().is_some() => Answer::Explicit,
            Decision::Deny => {
                debug_assert!(response.diagnostics().errors().next().is_none());
                Answer::Implicit
            }
        }
    }
}

fn uid(kind: &str, id: &str) -> EntityUid {
    let kind = EntityTypeName::from_str(kind).expect("a name");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}

/// Every action with the patterns of the workload that it is in.
fn actions(workload: &Workload) -> BTreeMap<String, HashSet<EntityUid>> {
    let patterns: BTreeSet<&str> = workload
        .statements
        .iter()
        .flat_map(|statement| statement.actions.iter().map(String::as_str))
        .filter(|action| action.ends_with('*'))
        .collect();
    let names = SERVICES
        .iter()
        .flat_map(|service| service.actions.iter().map(move |name| format!("{}:{name}", service.name)));
    names
        .map(|name| {
            let within = patterns.iter().filter(|pattern| name.starts_with(pattern.trim_end_matches('*')));
            let within = within.map(|pattern| uid("Action", pattern)).collect();
            (name, within)
        })
        .collect()
}

fn request(
    workload: &Workload,
    case: usize,
    actions: &BTreeMap<String, HashSet<EntityUid>>,
) -> (Request, Entities) {
    let asked = &workload.cases[case];
    let person = &workload.people[asked.person];
    let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
    let tags = [Tag::Tenant, Tag::Department, Tag::Role, Tag::Clearance];
    let who = Entity::new(
        uid("User", &person.subject),
        tags.iter().map(|tag| (tag.name().to_owned(), text(person.tag(*tag)))).collect(),
        person.groups.iter().map(|group| uid("Group", group)).collect(),
    );
    let mut attributes: HashMap<_, _> =
        asked.tags.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect();
    attributes.insert("arn".to_owned(), text(&asked.resource));
    if let Some((owner, rest)) = cut(&asked.resource) {
        attributes.insert("owner".to_owned(), text(owner));
        attributes.insert("rest".to_owned(), text(rest));
    }
    let what = Entity::new(uid("Resource", &asked.resource), attributes, HashSet::new());
    let action = uid("Action", &asked.action);
    let how = Entity::new_no_attrs(action.clone(), actions[&asked.action].clone());
    let context = Context::from_pairs([
        ("ip".to_owned(), RestrictedExpression::new_ip(&asked.address)),
        ("time".to_owned(), RestrictedExpression::new_long(asked.time)),
        ("mfa".to_owned(), RestrictedExpression::new_bool(person.second_factor)),
    ]);
    let request = Request::new(
        uid("User", &person.subject),
        action,
        uid("Resource", &asked.resource),
        context.expect("no key twice"),
        None,
    );
    let entities =
        Entities::from_entities([who.expect("plain texts"), what.expect("plain texts"), how], None);
    (request.expect("no schema"), entities.expect("each once"))
}

/// What stands between a service's prefix and the first separator, and the rest with the separator.
pub fn cut(resource: &str) -> Option<(&str, &str)> {
    let service = SERVICES.iter().find(|service| resource.starts_with(service.prefix))?;
    let below = resource.strip_prefix(service.prefix)?;
    Some(below.split_at(below.find(service.separator)?))
}

fn policy(statement: &Statement) -> String {
    let effect = if statement.deny { "forbid" } else { "permit" };
    let actions: Vec<_> = statement.actions.iter().map(|action| format!("Action::{action:?}")).collect();
    let mut principal = "principal".to_owned();
    let mut parts = Vec::new();
    for test in &statement.tests {
        match test {
            Test::InGroup(groups) if groups.len() == 1 && principal == "principal" => {
                principal = format!("principal in Group::{:?}", groups[0]);
            }
            Test::InGroup(groups) => {
                let groups: Vec<_> = groups.iter().map(|group| format!("Group::{group:?}")).collect();
                parts.push(format!("principal in [{}]", groups.join(", ")));
            }
            other => parts.push(condition(other)),
        }
    }
    let resources: Vec<_> = statement.resources.iter().map(|pattern| resource(pattern)).collect();
    parts.push(format!("({})", resources.join(" || ")));
    format!(
        "@id({:?}) {effect}({principal}, action in [{}], resource) when {{ {} }};\n",
        statement.sid,
        actions.join(", "),
        parts.join(" && ")
    )
}

fn resource(pattern: &str) -> String {
    match pattern.split_once(TENANT_VARIABLE) {
        Some((before, after)) => format!(
            "(resource has owner && resource.owner == principal.tenant && resource.arn like {:?} && resource.rest like {after:?})",
            format!("{before}*")
        ),
        None => format!("resource.arn like {pattern:?}"),
    }
}

fn condition(test: &Test) -> String {
    let equals = |subject: &str, values: &[String]| match values {
        [one] => format!("{subject} == {one:?}"),
        _ => format!("{values:?}.contains({subject})"),
    };
    let in_range = |networks: &[String]| {
        let each: Vec<_> =
            networks.iter().map(|network| format!("context.ip.isInRange(ip({network:?}))")).collect();
        format!("({})", each.join(" || "))
    };
    match test {
        Test::InGroup(_) => unreachable!("is in the head"),
        Test::Person(tag, values) => equals(&format!("principal.{}", tag.name()), values),
        Test::Resource(tag, values) => {
            format!("resource has {tag} && {}", equals(&format!("resource.{tag}"), values))
        }
        Test::ResourceNot(tag, values) => {
            format!("!(resource has {tag} && {})", equals(&format!("resource.{tag}"), values))
        }
        Test::EnvironmentPrefix(prefix) => format!("resource has env && resource.env like \"{prefix}*\""),
        Test::SameTenant => "resource has tenant && resource.tenant == principal.tenant".to_owned(),
        Test::OtherTenant => "!(resource has tenant && resource.tenant == principal.tenant)".to_owned(),
        Test::Address(networks) => in_range(networks),
        Test::AddressNot(networks) => format!("!{}", in_range(networks)),
        Test::Before(time) => format!("context.time < {time}"),
        Test::SecondFactor(used) => format!("context.mfa == {used}"),
    }
}
