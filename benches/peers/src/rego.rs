//! Rego on regorus's virtual machine: a rule for each statement, and one set of rules over data indexed by action and
//! tenant, as somebody who knows the workload would write it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bailiwick_workload::{SERVICES, Statement, TENANT_VARIABLE, Tag, Test, Workload};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine as Rego, Value};
use serde_json::{Value as Json, json};

use crate::cedar::{cut, tenant};
use crate::{Answer, Engine, Report, loaded};

const HEAD: &str = "package authz

import rego.v1

default decision := \"implicit\"

decision := \"explicit\" if denied
decision := \"allow\" if {
	not denied
	allowed
}

default denied := false
default allowed := false

";

const INDEXED: &str = "
denied if {
	some row in data.index[input.action][input.tenant].deny
	applies(row)
}
denied if {
	some row in data.index[input.action][\"*\"].deny
	applies(row)
}
allowed if {
	some row in data.index[input.action][input.tenant].allow
	applies(row)
}
allowed if {
	some row in data.index[input.action][\"*\"].allow
	applies(row)
}

applies(row) if {
	startswith(input.arn, row.prefix)
	in_group(row)
	every tag, values in row.person { input[tag] in values }
	every tag, values in row.resource { input.tags[tag] in values }
	every tag, values in row.resource_not { not has_tag(tag, values) }
	every piece in row.pieces { contains(input.rest, piece) }
	owned(row)
	environment(row)
	every range in row.outside { not net.cidr_contains(range, input.ip) }
	inside(row)
	input.time < row.before
	input.mfa in row.factor
}

has_tag(tag, values) if input.tags[tag] in values

in_group(row) if row.groups == []
in_group(row) if {
	some group in row.groups
	group in input.groups
}

owned(row) if row.owner == \"any\"
owned(row) if {
	row.owner == \"path\"
	input.owner == input.tenant
	startswith(input.rest, row.rest)
}
owned(row) if {
	row.owner == \"same\"
	input.tags.tenant == input.tenant
}
owned(row) if {
	row.owner == \"other\"
	not same_tenant
}
same_tenant if input.tags.tenant == input.tenant

environment(row) if row.env == \"\"
environment(row) if {
	row.env != \"\"
	startswith(input.tags.env, row.env)
}

inside(row) if row.inside == []
inside(row) if {
	some range in row.inside
	net.cidr_contains(range, input.ip)
}
";

pub fn plain(workload: &Workload, report: &mut Report<'_>) {
    let rules: String = workload.statements.iter().map(rule).collect();
    let text = format!("{HEAD}{rules}");
    let (vm, load) = loaded(|| machine(&text, Value::new_object()));
    report(&mut Machine::new("regorus", workload, vm), Some(load));
}

pub fn indexed(workload: &Workload, report: &mut Report<'_>) {
    let text = format!("{HEAD}{INDEXED}");
    let data = index(workload).to_string();
    let (vm, load) = loaded(|| machine(&text, Value::from_json_str(&data).expect("JSON")));
    report(&mut Machine::new("regorus, indexed by hand", workload, vm), Some(load));
}

fn machine(text: &str, data: Value) -> RegoVM {
    let mut engine = Rego::new();
    engine.add_policy("authz.rego".to_owned(), text.to_owned()).expect("the translation is legal");
    engine.add_data(data.clone()).expect("an object");
    let rule = "data.authz.decision";
    let compiled = engine.compile_with_entrypoint(&rule.into()).expect("it compiles");
    let program = Compiler::compile_from_policy(&compiled, &[rule]).expect("it compiles");
    let mut vm = RegoVM::new();
    vm.load_program(program);
    vm.set_data(data).expect("an object");
    vm
}

struct Machine {
    name: &'static str,
    vm: RegoVM,
    inputs: Vec<Value>,
}

impl Machine {
    fn new(name: &'static str, workload: &Workload, vm: RegoVM) -> Self {
        let inputs = (0..workload.cases.len())
            .map(|case| Value::from_json_str(&input(workload, case).to_string()).expect("JSON"));
        Self { name, vm, inputs: inputs.collect() }
    }
}

impl Engine for Machine {
    fn name(&self) -> &'static str {
        self.name
    }

    fn decide(&mut self, case: usize) -> Answer {
        self.vm.set_input(self.inputs[case].clone());
        let value = self.vm.execute().expect("no rule fails");
        match value.as_string().expect("a text").as_ref() {
            "allow" => Answer::Allow,
            "explicit" => Answer::Explicit,
            _ => Answer::Implicit,
        }
    }
}

fn input(workload: &Workload, case: usize) -> Json {
    let asked = &workload.cases[case];
    let person = &workload.people[asked.person];
    let (owner, rest) = cut(&asked.resource).unwrap_or_default();
    json!({
        "action": asked.action, "arn": asked.resource, "owner": owner, "rest": rest,
        "tags": asked.tags, "ip": asked.address, "time": asked.time, "mfa": person.second_factor,
        "tenant": person.tenant, "dept": person.department, "role": person.role, "clearance": person.clearance,
        "groups": person.groups,
    })
}

fn set(values: &[String]) -> String {
    format!("{{{}}}", values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", "))
}

fn rule(statement: &Statement) -> String {
    let mut text = format!("{} if {{\n", if statement.deny { "denied" } else { "allowed" });
    let mut line = |condition: String| {
        let _ = writeln!(text, "\t{condition}");
    };
    match statement.actions.as_slice() {
        [one] if one.ends_with('*') => {
            line(format!("startswith(input.action, {:?})", one.trim_end_matches('*')))
        }
        [one] => line(format!("input.action == {one:?}")),
        many => line(format!("input.action in {}", set(many))),
    }
    for test in &statement.tests {
        let equals = |subject: String, values: &[String]| match values {
            [one] => format!("{subject} == {one:?}"),
            _ => format!("{subject} in {}", set(values)),
        };
        match test {
            Test::InGroup(groups) => {
                line(format!("some group in {}", set(groups)));
                line("group in input.groups".to_owned());
            }
            Test::Person(tag, values) => line(equals(format!("input.{}", tag.name()), values)),
            Test::Resource(tag, values) => line(equals(format!("input.tags.{tag}"), values)),
            Test::ResourceNot(tag, values) => {
                line(format!("not {}", equals(format!("input.tags.{tag}"), values)))
            }
            Test::EnvironmentPrefix(prefix) => line(format!("startswith(input.tags.env, {prefix:?})")),
            Test::SameTenant => line("input.tags.tenant == input.tenant".to_owned()),
            Test::OtherTenant => line("not input.tags.tenant == input.tenant".to_owned()),
            Test::Address(networks) => {
                line(format!("some range in {}", set(networks)));
                line("net.cidr_contains(range, input.ip)".to_owned());
            }
            Test::AddressNot(networks) => {
                for network in networks {
                    line(format!("not net.cidr_contains({network:?}, input.ip)"));
                }
            }
            Test::Before(time) => line(format!("input.time < {time}")),
            Test::SecondFactor(used) => line(format!("input.mfa == {used}")),
        }
    }
    for pattern in &statement.resources {
        let Pattern { prefix, pieces, path } = Pattern::new(pattern);
        line(format!("startswith(input.arn, {prefix:?})"));
        if let Some(rest) = path {
            line("input.owner == input.tenant".to_owned());
            line(format!("startswith(input.rest, {rest:?})"));
        }
        for piece in pieces {
            line(format!("contains(input.rest, {piece:?})"));
        }
    }
    text.push_str("}\n\n");
    text
}

/// A pattern of the workload: all end with a star, and a second star stands behind the tenant.
struct Pattern<'a> {
    /// Up to the first star or the variable.
    prefix: &'a str,
    /// What must come behind a star in the middle.
    pieces: Vec<&'a str>,
    /// What follows the variable.
    path: Option<&'a str>,
}

impl<'a> Pattern<'a> {
    fn new(pattern: &'a str) -> Self {
        let body = pattern.strip_suffix('*').expect("patterns end with a star");
        if let Some((prefix, after)) = body.split_once(TENANT_VARIABLE) {
            return Self { prefix, pieces: Vec::new(), path: Some(after) };
        }
        match body.split_once('*') {
            // The piece begins with the separator that also ends the prefix, so it is looked for behind the tenant.
            Some((prefix, piece)) => Self { prefix, pieces: vec![piece], path: None },
            None => Self { prefix: body, pieces: Vec::new(), path: None },
        }
    }
}

/// Action, then tenant or `*`, then effect, then rows.
fn index(workload: &Workload) -> Json {
    type Rows = BTreeMap<&'static str, Vec<Json>>;
    let mut index: BTreeMap<String, BTreeMap<String, Rows>> = BTreeMap::new();
    for statement in &workload.statements {
        let row = columns(statement);
        let tenant = tenant(statement).unwrap_or_else(|| "*".to_owned());
        for service in SERVICES {
            for name in service.actions {
                let action = format!("{}:{name}", service.name);
                let covers = |pattern: &String| match pattern.strip_suffix('*') {
                    Some(prefix) => action.starts_with(prefix),
                    None => *pattern == action,
                };
                if statement.actions.iter().any(covers) {
                    let rows = index.entry(action).or_default().entry(tenant.clone()).or_default();
                    rows.entry(if statement.deny { "deny" } else { "allow" }).or_default().push(row.clone());
                }
            }
        }
    }
    json!({ "index": index })
}

fn columns(statement: &Statement) -> Json {
    let Pattern { prefix, pieces, path } = Pattern::new(&statement.resources[0]);
    let mut row = json!({
        "prefix": prefix, "pieces": pieces, "rest": path.unwrap_or_default(),
        "owner": if path.is_some() { "path" } else { "any" },
        "groups": [], "person": {}, "resource": {}, "resource_not": {}, "env": "", "inside": [], "outside": [],
        "before": i64::MAX / 1024, "factor": [true, false],
    });
    for test in &statement.tests {
        match test {
            Test::InGroup(groups) => row["groups"] = json!(groups),
            // The index has chosen it already.
            Test::Person(Tag::Tenant, values) if values.len() == 1 => {}
            Test::Person(tag, values) => row["person"][tag.name()] = json!(values),
            Test::Resource(tag, values) => row["resource"][*tag] = json!(values),
            Test::ResourceNot(tag, values) => row["resource_not"][*tag] = json!(values),
            Test::EnvironmentPrefix(prefix) => row["env"] = json!(prefix),
            Test::SameTenant => row["owner"] = json!("same"),
            Test::OtherTenant => row["owner"] = json!("other"),
            Test::Address(networks) => row["inside"] = json!(networks),
            Test::AddressNot(networks) => row["outside"] = json!(networks),
            Test::Before(time) => row["before"] = json!(time),
            Test::SecondFactor(used) => row["factor"] = json!([used]),
        }
    }
    row
}
