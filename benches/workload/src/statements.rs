//! Draws statements: a few families, mixed as multi-tenant policies mix them.

use crate::random::Random;
use crate::services::{SERVICES, Service, VERBS};
use crate::{Shape, Statement, TENANT_VARIABLE, Tag, Test};

pub(crate) const DEPARTMENTS: &[&str] =
    &["engineering", "finance", "legal", "operations", "people", "research", "sales"];
pub(crate) const ROLES: &[&str] = &["admin", "batch", "builder", "lead", "member", "reader"];
pub(crate) const CLEARANCES: &[&str] = &["low", "middle", "high"];
pub(crate) const ENVIRONMENTS: &[&str] = &["dev", "dev-eu", "prod", "staging", "test"];
pub(crate) const CLASSES: &[&str] = &["public", "internal", "secret", "restricted"];
pub(crate) const EVERYWHERE: &[&str] = &["auditors", "on-call", "platform"];
pub(crate) const NETWORKS: &[&str] = &["10.0.0.0/8", "10.20.0.0/16", "192.168.0.0/16", "203.0.113.0/24"];

/// Requests are made within the 100 days from here on; dates in policies lie in the second half of them.
pub(crate) const BEGIN: i64 = 1_767_225_600;
pub(crate) const DAY: i64 = 86_400;

/// How large each part of a workload is.
pub(crate) struct Plan {
    pub(crate) shape: Shape,
    pub(crate) tenants: usize,
    /// Statements for all tenants.
    pub(crate) global: usize,
    /// Statements of tenants.
    pub(crate) local: usize,
    /// Groups of a tenant.
    pub(crate) groups: usize,
    /// Projects of a tenant.
    pub(crate) projects: usize,
}

impl Plan {
    pub(crate) fn new(shape: Shape, statements: usize) -> Self {
        let global = if shape == Shape::Adversarial { 0 } else { statements / 250 };
        let local = statements - global;
        match shape {
            Shape::Tenants => {
                Self { shape, tenants: local.div_ceil(25), global, local, groups: 6, projects: 8 }
            }
            // What tenants are in the other shape, projects are here: about 25 statements each.
            _ => Self { shape, tenants: 1, global, local, groups: 24, projects: local.div_ceil(25).max(8) },
        }
    }

    pub(crate) fn tenant(number: usize) -> String {
        format!("t{number:04}")
    }

    pub(crate) fn group(tenant: &str, number: usize) -> String {
        format!("{tenant}-team{number:02}")
    }
}

pub(crate) fn statements(plan: &Plan, random: &mut Random) -> Vec<Statement> {
    let mut made: Vec<_> = (0..plan.local).map(|number| local(plan, number, random)).collect();
    for number in 0..plan.global {
        // Spread over the others, as they would be in documents of their own.
        let place = random.below(made.len() + 1);
        made.insert(place, global(number, random));
    }
    made
}

fn local(plan: &Plan, number: usize, random: &mut Random) -> Statement {
    let sid = format!("Local{number:06}");
    if plan.shape == Shape::Adversarial {
        return adversarial(sid, number, random);
    }
    let tenant = Plan::tenant(number % plan.tenants);
    let service = *random.pick(SERVICES);
    let project = format!("p{:02}", random.below(plan.projects));
    let below = |parts: &[&str]| format!("{}{}", service.prefix, parts.join(service.separator));
    let own = if plan.shape == Shape::Flat {
        [&*tenant, &*project].join(service.separator)
    } else {
        tenant.clone()
    };
    if random.percent(20) {
        return deny(sid, &tenant, below(&[&own, "*"]), service, random);
    }
    let group = Plan::group(&tenant, random.below(plan.groups));
    let of_tenant = Test::Person(Tag::Tenant, vec![tenant.clone()]);
    let (resource, mut tests) = match random.below(100) {
        0..35 => (below(&[&tenant, &project, "*"]), vec![Test::InGroup(vec![group])]),
        35..57 => {
            let roles = Test::Person(Tag::Role, random.some(ROLES, 2));
            (below(&[&own, "*"]), vec![of_tenant, roles])
        }
        57..75 => {
            let classes = Test::Resource("class", random.some(CLASSES, 2));
            let resource = if plan.shape == Shape::Flat { below(&[&own, "*"]) } else { below(&["*"]) };
            (resource, vec![of_tenant, Test::SameTenant, classes])
        }
        75..88 => {
            let department = Test::Person(Tag::Department, random.some(DEPARTMENTS, 1));
            (below(&[TENANT_VARIABLE, &project, "*"]), vec![of_tenant, department])
        }
        _ => (below(&[&own, "*", "shared", "*"]), vec![Test::InGroup(vec![group])]),
    };
    match random.below(100) {
        0..8 => tests.push(Test::Address(random.some(NETWORKS, 2))),
        8..13 => tests.push(Test::Before(BEGIN + DAY * (50 + random.up_to(50)))),
        13..20 => tests.push(Test::SecondFactor(true)),
        20..30 => tests.push(Test::EnvironmentPrefix("dev".to_owned())),
        30..38 => tests.push(Test::ResourceNot("env", vec!["prod".to_owned()])),
        _ => {}
    }
    Statement { sid, deny: false, actions: actions(service, random), resources: vec![resource], tests }
}

fn deny(sid: String, tenant: &str, resource: String, service: Service, random: &mut Random) -> Statement {
    let of_tenant = Test::Person(Tag::Tenant, vec![tenant.to_owned()]);
    let why = match random.below(5) {
        0 => Test::AddressNot(random.some(NETWORKS, 3)),
        1 => Test::SecondFactor(false),
        2 => Test::Resource("class", vec!["restricted".to_owned()]),
        3 => Test::Resource("env", vec!["prod".to_owned()]),
        _ => Test::Person(Tag::Clearance, vec!["low".to_owned()]),
    };
    Statement {
        sid,
        deny: true,
        actions: actions(service, random),
        resources: vec![resource],
        tests: vec![of_tenant, why],
    }
}

fn global(number: usize, random: &mut Random) -> Statement {
    let sid = format!("Global{number:04}");
    let service = *random.pick(SERVICES);
    let resources = vec![format!("{}*", service.prefix)];
    let (deny, actions, tests) = match number % 3 {
        0 => {
            let group = (*random.pick(EVERYWHERE)).to_owned();
            (
                false,
                vec![format!("{}:{}*", service.name, verb(service, random))],
                vec![Test::InGroup(vec![group])],
            )
        }
        1 => (
            true,
            actions(service, random),
            vec![Test::OtherTenant, Test::Resource("class", vec!["secret".to_owned()])],
        ),
        _ => {
            let role = Test::Person(Tag::Role, vec!["batch".to_owned()]);
            (
                true,
                actions(service, random),
                vec![role, Test::Resource("class", vec!["restricted".to_owned()])],
            )
        }
    };
    Statement { sid, deny, actions, resources, tests }
}

fn adversarial(sid: String, number: usize, random: &mut Random) -> Statement {
    let resource = format!("arn:aws:s3:::*/p{:02}/*{:03}-x*", number % 100, number / 100);
    Statement {
        sid,
        deny: random.percent(10),
        actions: vec!["s3:*".to_owned()],
        resources: vec![resource],
        tests: Vec::new(),
    }
}

/// Mostly exact names, some first words, some whole services.
fn actions(service: Service, random: &mut Random) -> Vec<String> {
    let named = |name: &str| format!("{}:{name}", service.name);
    match random.below(10) {
        0 => vec![named("*")],
        1 | 2 => vec![named(&format!("{}*", verb(service, random)))],
        _ => {
            let count = 1 + random.below(4);
            random.some(service.actions, count).iter().map(|name| named(name)).collect()
        }
    }
}

/// A first word that some action of the service has.
fn verb(service: Service, random: &mut Random) -> &'static str {
    let fits = |verb: &&&str| service.actions.iter().any(|action| action.starts_with(**verb));
    let verbs: Vec<&'static str> = VERBS.iter().filter(fits).copied().collect();
    if verbs.is_empty() { "" } else { verbs[random.below(verbs.len())] }
}
