//! Draws people and requests: most requests aim at a statement, some of those miss it by one thing, the rest are random.

use std::collections::BTreeMap;

use crate::random::Random;
use crate::services::{SERVICES, Service};
use crate::statements::{
    BEGIN, CLASSES, CLEARANCES, DAY, DEPARTMENTS, ENVIRONMENTS, EVERYWHERE, NETWORKS, Plan, ROLES,
};
use crate::{Case, Person, Shape, Statement, TENANT_VARIABLE, Tag, Test, Workload};

/// Five people of each tenant, and at least 40.
pub(crate) fn people(plan: &Plan, workload: &mut Workload, random: &mut Random) {
    for number in 0..(plan.tenants * 5).max(40) {
        let tenant = Plan::tenant(number % plan.tenants);
        let mut groups: Vec<String> =
            (0..=random.below(3)).map(|_| Plan::group(&tenant, random.below(plan.groups))).collect();
        if random.percent(5) {
            groups.push((*random.pick(EVERYWHERE)).to_owned());
        }
        groups.sort();
        groups.dedup();
        workload.people.push(Person {
            subject: format!("person-{number}"),
            tenant,
            department: (*random.pick(DEPARTMENTS)).to_owned(),
            role: (*random.pick(ROLES)).to_owned(),
            clearance: (*random.pick(CLEARANCES)).to_owned(),
            groups,
            second_factor: random.percent(80),
        });
    }
}

pub(crate) fn add_case(plan: &Plan, workload: &mut Workload, random: &mut Random) {
    let aim = match plan.shape {
        Shape::Adversarial => 30,
        _ => 75,
    };
    let case = if random.percent(aim) && !workload.statements.is_empty() {
        let statement = workload.statements[random.below(workload.statements.len())].clone();
        let person = fitting_person(plan, workload, &statement, random);
        let mut case = aimed(plan, &workload.people[person], &statement, random);
        case.person = person;
        if plan.shape != Shape::Adversarial && random.percent(20) {
            spoil(plan, &mut case, random);
        }
        case
    } else {
        let person = random.below(workload.people.len());
        let mut case = anything(plan, &workload.people[person], random);
        case.person = person;
        case
    };
    workload.cases.push(case);
}

/// Somebody whom the statement's tests on persons fit; made, if nobody is there.
fn fitting_person(plan: &Plan, workload: &mut Workload, statement: &Statement, random: &mut Random) -> usize {
    let fits = |person: &Person| statement.tests.iter().all(|test| fits_person(test, person));
    let begin = random.below(workload.people.len());
    let order = (begin..workload.people.len()).chain(0..begin);
    if let Some(found) = order.into_iter().find(|at| fits(&workload.people[*at])) {
        return found;
    }
    let tenant = statement.tests.iter().find_map(|test| match test {
        Test::Person(Tag::Tenant, values) => values.first().cloned(),
        Test::InGroup(groups) => groups.first()?.split_once("-team").map(|(tenant, _)| tenant.to_owned()),
        _ => None,
    });
    let tenant = tenant.unwrap_or_else(|| Plan::tenant(random.below(plan.tenants)));
    let place = workload.people.iter().position(|person| person.tenant == tenant).unwrap_or(begin);
    let mut person = workload.people[place].clone();
    person.subject = format!("person-{}", workload.people.len());
    for test in &statement.tests {
        match test {
            Test::InGroup(groups) => person.groups.extend(groups.first().cloned()),
            Test::Person(Tag::Tenant, values) => person.tenant.clone_from(random.pick(values)),
            Test::Person(Tag::Department, values) => person.department.clone_from(random.pick(values)),
            Test::Person(Tag::Role, values) => person.role.clone_from(random.pick(values)),
            Test::Person(Tag::Clearance, values) => person.clearance.clone_from(random.pick(values)),
            Test::SecondFactor(used) => person.second_factor = *used,
            _ => {}
        }
    }
    workload.people.push(person);
    workload.people.len() - 1
}

fn fits_person(test: &Test, person: &Person) -> bool {
    match test {
        Test::InGroup(groups) => groups.iter().any(|group| person.groups.contains(group)),
        Test::Person(tag, values) => values.iter().any(|value| value == person.tag(*tag)),
        Test::SecondFactor(used) => person.second_factor == *used,
        _ => true,
    }
}

/// A request that the statement covers.
fn aimed(plan: &Plan, person: &Person, statement: &Statement, random: &mut Random) -> Case {
    let action = random.pick(&statement.actions).clone();
    let prefix = action.trim_end_matches('*');
    let names: Vec<String> = SERVICES
        .iter()
        .flat_map(|service| service.actions.iter().map(|name| format!("{}:{name}", service.name)))
        .filter(|name| if prefix == action { *name == action } else { name.starts_with(prefix) })
        .collect();
    let action = random.pick(&names).clone();
    let service = service_of(&action);
    let pattern = random.pick(&statement.resources).replace(TENANT_VARIABLE, &person.tenant);
    let mut resource = String::new();
    for (number, piece) in pattern.split('*').enumerate() {
        if number > 0 {
            resource.push_str(&filling(plan, service, &resource, person, random));
        }
        resource.push_str(piece);
    }
    let mut case = about(action, resource, &person.tenant, random);
    for test in &statement.tests {
        match test {
            Test::Resource(tag, values) => drop(case.tags.insert(tag, random.pick(values).clone())),
            Test::ResourceNot(tag, _) => drop(case.tags.remove(tag)),
            Test::EnvironmentPrefix(prefix) => drop(case.tags.insert("env", prefix.clone())),
            Test::SameTenant => drop(case.tags.insert("tenant", person.tenant.clone())),
            Test::OtherTenant => drop(case.tags.insert("tenant", "elsewhere".to_owned())),
            Test::Address(networks) => case.address = inside(networks, random),
            Test::AddressNot(_) => case.address = outside(random),
            Test::Before(time) => set_time(&mut case, (time - 3600).max(BEGIN)),
            Test::InGroup(_) | Test::Person(..) | Test::SecondFactor(_) => {}
        }
    }
    case
}

/// What stands for a `*`, given what stands before it.
fn filling(plan: &Plan, service: Service, before: &str, person: &Person, random: &mut Random) -> String {
    let item = format!("item{:05}", random.below(100_000));
    match plan.shape {
        Shape::Adversarial if before == "arn:aws:s3:::" => format!("data{}", random.below(50)),
        Shape::Adversarial => format!("{:x}", random.below(1 << 16)),
        _ if before == service.prefix => {
            let project = format!("p{:02}", random.below(plan.projects));
            [person.tenant.as_str(), &project, &item].join(service.separator)
        }
        _ => item,
    }
}

/// A request of somebody for something, mostly of the own tenant.
fn anything(plan: &Plan, person: &Person, random: &mut Random) -> Case {
    let service = if plan.shape == Shape::Adversarial { SERVICES[0] } else { *random.pick(SERVICES) };
    let action = format!("{}:{}", service.name, random.pick(service.actions));
    let tenant =
        if random.percent(85) { person.tenant.clone() } else { Plan::tenant(random.below(plan.tenants)) };
    let resource = path(plan, service, &tenant, random);
    about(action, resource, &tenant, random)
}

fn path(plan: &Plan, service: Service, tenant: &str, random: &mut Random) -> String {
    let project =
        format!("p{:02}", random.below(if plan.shape == Shape::Adversarial { 100 } else { plan.projects }));
    let item = format!("item{:05}", random.below(100_000));
    format!("{}{}", service.prefix, [tenant, &project, &item].join(service.separator))
}

/// A request with the usual context.
fn about(action: String, resource: String, tenant: &str, random: &mut Random) -> Case {
    let mut tags = BTreeMap::new();
    for (name, value) in
        [("tenant", tenant), ("env", *random.pick(ENVIRONMENTS)), ("class", *random.pick(CLASSES))]
    {
        if random.percent(92) {
            tags.insert(name, value.to_owned());
        }
    }
    let address = if random.percent(85) { inside(NETWORKS, random) } else { outside(random) };
    let mut case = Case { person: 0, action, resource, tags, address, time: 0, time_text: String::new() };
    set_time(&mut case, BEGIN + random.up_to(100 * DAY));
    case
}

/// Makes one thing of a request different.
fn spoil(plan: &Plan, case: &mut Case, random: &mut Random) {
    let service = service_of(&case.action);
    match random.below(5) {
        0 => case.action = format!("{}:{}", service.name, random.pick(service.actions)),
        1 => case.resource = path(plan, service, "t9999", random),
        2 => case.tags.clear(),
        3 => case.address = outside(random),
        _ => set_time(case, BEGIN + 99 * DAY),
    }
}

fn service_of(action: &str) -> Service {
    let name = action.split(':').next().unwrap_or_default();
    SERVICES.iter().copied().find(|service| service.name == name).unwrap_or(SERVICES[0])
}

/// An address in one of the ranges, which are written with /8, /16 or /24.
fn inside(networks: &[impl AsRef<str>], random: &mut Random) -> String {
    let network = random.pick(networks).as_ref();
    let (base, bits) = network.split_once('/').unwrap_or((network, "24"));
    let kept = match bits {
        "8" => 1,
        "16" => 2,
        _ => 3,
    };
    let mut parts: Vec<String> = base.split('.').take(kept).map(str::to_owned).collect();
    while parts.len() < 4 {
        parts.push((1 + random.below(250)).to_string());
    }
    parts.join(".")
}

/// An address in none of the workload's ranges.
fn outside(random: &mut Random) -> String {
    format!("198.51.100.{}", 1 + random.below(250))
}

fn set_time(case: &mut Case, time: i64) {
    case.time = time;
    case.time_text = crate::json::timestamp(time);
}
