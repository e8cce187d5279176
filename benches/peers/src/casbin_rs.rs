//! casbin: a row for each statement, a matcher that asks column after column. `-` in a column means any.
//!
//! It answers yes or no; an explicit denial and an implicit one are the same to it.

use bailiwick_workload::{Statement, TENANT_VARIABLE, Tag, Test, Workload};
use casbin::rhai::Dynamic;
use casbin::{CoreApi, DefaultModel, Enforcer, StringAdapter, function_map::OperatorFunction};

use crate::{Answer, Engine, Report, loaded};

const COLUMNS: [&str; 12] =
    ["tenant", "dept", "role", "clearance", "groups", "action", "arn", "owner", "env", "class", "ip", "rest"];

const MODEL: &str = "
[request_definition]
r = tenant, dept, role, clearance, groups, action, arn, owner, env, class, ip, rest

[policy_definition]
p = tenant, dept, role, clearance, groups, action, arn, owner, env, class, ip, rest, eft

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = one(r.tenant, p.tenant) && common(r.groups, p.groups) && like(r.action, p.action, r.tenant) && one(r.role, p.role) && one(r.dept, p.dept) && one(r.clearance, p.clearance) && like(r.arn, p.arn, r.tenant) && same(r.owner, p.owner, r.tenant) && tag(r.class, p.class) && tag(r.env, p.env) && network(r.ip, p.ip) && rest(r.rest, p.rest)
";

pub fn plain(workload: &Workload, report: &mut Report<'_>) {
    let rows: String = workload.statements.iter().map(row).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (enforcer, load) = loaded(|| runtime.block_on(read(&rows)).expect("the translation is legal"));
    let cases = (0..workload.cases.len()).map(|case| request(workload, case)).collect();
    report(&mut Casbin { enforcer, cases }, Some(load));
}

async fn read(rows: &str) -> casbin::Result<Enforcer> {
    let model = DefaultModel::from_str(MODEL).await?;
    let mut enforcer = Enforcer::new(model, StringAdapter::new(rows)).await?;
    enforcer.add_function("one", OperatorFunction::Arg2(one));
    enforcer.add_function("common", OperatorFunction::Arg2(common));
    enforcer.add_function("like", OperatorFunction::Arg3(like));
    enforcer.add_function("same", OperatorFunction::Arg3(same));
    enforcer.add_function("tag", OperatorFunction::Arg2(tag));
    enforcer.add_function("network", OperatorFunction::Arg2(network));
    enforcer.add_function("rest", OperatorFunction::Arg2(rest));
    Ok(enforcer)
}

struct Casbin {
    enforcer: Enforcer,
    cases: Vec<Vec<String>>,
}

impl Engine for Casbin {
    fn name(&self) -> &'static str {
        "casbin"
    }

    fn tells_denials_apart(&self) -> bool {
        false
    }

    fn decide(&mut self, case: usize) -> Answer {
        match self.enforcer.enforce(self.cases[case].clone()) {
            Ok(true) => Answer::Allow,
            _ => Answer::Implicit,
        }
    }
}

/// The tag that a resource does not have is empty.
fn request(workload: &Workload, case: usize) -> Vec<String> {
    let asked = &workload.cases[case];
    let person = &workload.people[asked.person];
    let tag = |name: &str| asked.tags.get(name).cloned().unwrap_or_default();
    let rest = format!("{}|{}", asked.time, person.second_factor);
    vec![
        person.tenant.clone(),
        person.department.clone(),
        person.role.clone(),
        person.clearance.clone(),
        person.groups.join("|"),
        asked.action.clone(),
        asked.resource.clone(),
        tag("tenant"),
        tag("env"),
        tag("class"),
        asked.address.clone(),
        rest,
    ]
}

fn row(statement: &Statement) -> String {
    let mut columns = [const { String::new() }; COLUMNS.len()];
    let mut set = |name: &str, value: String| {
        let place = COLUMNS.iter().position(|column| *column == name).expect("a column");
        assert!(columns[place].is_empty(), "one test for each column");
        columns[place] = value;
    };
    set("action", statement.actions.join("|"));
    set("arn", statement.resources.join("|").replace(TENANT_VARIABLE, "%tenant%"));
    for test in &statement.tests {
        match test {
            Test::InGroup(groups) => set("groups", groups.join("|")),
            Test::Person(tag, values) => {
                set(if *tag == Tag::Department { "dept" } else { tag.name() }, values.join("|"))
            }
            Test::Resource(tag, values) => set(tag, values.join("|")),
            Test::ResourceNot(tag, values) => set(tag, format!("!{}", values.join("|"))),
            Test::EnvironmentPrefix(prefix) => set("env", format!("{prefix}*")),
            Test::SameTenant => set("owner", "same".to_owned()),
            Test::OtherTenant => set("owner", "other".to_owned()),
            Test::Address(networks) => set("ip", networks.join("|")),
            Test::AddressNot(networks) => set("ip", format!("!{}", networks.join("|"))),
            Test::Before(time) => set("rest", format!("before {time}")),
            Test::SecondFactor(used) => set("rest", format!("factor {used}")),
        }
    }
    let shown = columns.map(|value| if value.is_empty() { "-".to_owned() } else { value });
    format!("p, {}, {}\n", shown.join(", "), if statement.deny { "deny" } else { "allow" })
}

fn text(value: Dynamic) -> casbin::rhai::ImmutableString {
    value.into_immutable_string().unwrap_or_default()
}

fn one(held: Dynamic, wanted: Dynamic) -> Dynamic {
    let (held, wanted) = (text(held), text(wanted));
    (wanted == "-" || wanted.split('|').any(|one| one == held.as_str())).into()
}

fn common(held: Dynamic, wanted: Dynamic) -> Dynamic {
    let (held, wanted) = (text(held), text(wanted));
    (wanted == "-" || wanted.split('|').any(|one| held.split('|').any(|other| one == other))).into()
}

fn like(held: Dynamic, wanted: Dynamic, tenant: Dynamic) -> Dynamic {
    let (held, wanted, tenant) = (text(held), text(wanted), text(tenant));
    let fits = |pattern: &str| match pattern.split_once("%tenant%") {
        Some((before, after)) => {
            let rest = held.strip_prefix(before).and_then(|rest| rest.strip_prefix(tenant.as_str()));
            rest.is_some_and(|rest| glob(after, rest))
        }
        None => glob(pattern, &held),
    };
    wanted.split('|').any(fits).into()
}

fn same(owner: Dynamic, wanted: Dynamic, tenant: Dynamic) -> Dynamic {
    let (owner, wanted, tenant) = (text(owner), text(wanted), text(tenant));
    match wanted.as_str() {
        "same" => (owner == tenant).into(),
        "other" => (owner != tenant).into(),
        _ => true.into(),
    }
}

fn tag(held: Dynamic, wanted: Dynamic) -> Dynamic {
    let (held, wanted) = (text(held), text(wanted));
    match (wanted.strip_prefix('!'), wanted.strip_suffix('*')) {
        _ if wanted == "-" => true.into(),
        (Some(not), _) => (!not.split('|').any(|one| one == held.as_str())).into(),
        (_, Some(prefix)) => held.starts_with(prefix).into(),
        _ => wanted.split('|').any(|one| one == held.as_str()).into(),
    }
}

fn network(address: Dynamic, wanted: Dynamic) -> Dynamic {
    let (address, wanted) = (text(address), text(wanted));
    if wanted == "-" {
        return true.into();
    }
    let (negated, networks) = match wanted.strip_prefix('!') {
        Some(networks) => (true, networks),
        None => (false, wanted.as_str()),
    };
    (networks.split('|').any(|network| within(&address, network)) != negated).into()
}

fn within(address: &str, network: &str) -> bool {
    let number = |text: &str| text.parse::<std::net::Ipv4Addr>().map(u32::from);
    let Some((base, bits)) = network.split_once('/') else { return false };
    match (number(address), number(base), bits.parse::<u32>()) {
        (Ok(address), Ok(base), Ok(bits)) => (address ^ base) >> (32 - bits) == 0,
        _ => false,
    }
}

fn rest(held: Dynamic, wanted: Dynamic) -> Dynamic {
    let (held, wanted) = (text(held), text(wanted));
    let (time, factor) = held.split_once('|').unwrap_or_default();
    match wanted.split_once(' ') {
        Some(("before", limit)) => (time.parse::<i64>().ok() < limit.parse::<i64>().ok()).into(),
        Some((_, used)) => (factor == used).into(),
        None => true.into(),
    }
}

/// `*` is any text. The workload's patterns have few stars, so the first place that fits is the right one.
fn glob(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let pieces: Vec<_> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return rest.is_empty() };
    for piece in middle {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
