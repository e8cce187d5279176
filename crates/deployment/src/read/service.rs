//! `[[service]]`: the deployment's own services, as its catalogue.

use bailiwick::value::{
    AccessLevel, Action, Arity, ConditionKey, KeyTable, Owner, ResourceType, Service, Takes, ValueType,
};

use super::table::{Table, Text, suggestion};
use super::{ARITIES, declare};
use crate::problems::Problems;

const TYPES: [(&str, ValueType); 6] = [
    ("string", ValueType::String),
    ("arn", ValueType::Arn),
    ("bool", ValueType::Bool),
    ("number", ValueType::Numeric),
    ("date", ValueType::Date),
    ("ip", ValueType::Ip),
];

const LEVELS: [(&str, AccessLevel); 5] = [
    ("list", AccessLevel::List),
    ("read", AccessLevel::Read),
    ("write", AccessLevel::Write),
    ("permissions", AccessLevel::Permissions),
    ("tagging", AccessLevel::Tagging),
];

pub(super) fn read(root: &mut Table<'_>, problems: &mut Problems, keys: &mut KeyTable) -> Vec<Service> {
    let mut services: Vec<Service> = Vec::new();
    for mut table in root.tables(problems, "service", "a service") {
        let prefix = table.required(problems, "prefix");
        let title = table.string(problems, "title");
        let names = condition_keys(&mut table, problems, keys);
        let resources = resource_types(&mut table, problems, &names);
        let actions = actions(&mut table, problems, &names, &resources);
        table.finish(problems);
        let Some(prefix) = prefix else { continue };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if prefix.value.is_empty() || !prefix.value.bytes().all(plain) {
            let message = format!("`{}` is not a service prefix", prefix.value);
            problems.add(
                "E158",
                prefix.span,
                message,
                "use letters, digits and hyphens: what stands before the colon of an action",
            );
        }
        if services.iter().any(|service| service.prefix().eq_ignore_ascii_case(&prefix.value)) {
            super::attach::twice(problems, "service", &prefix);
        }
        let title = title.map_or_else(|| prefix.value.clone(), |title| title.value);
        services.push(Service::new(&prefix.value, &title, names, resources, actions));
    }
    services
}

fn condition_keys(table: &mut Table<'_>, problems: &mut Problems, keys: &mut KeyTable) -> Vec<ConditionKey> {
    let mut found = Vec::new();
    for mut table in table.tables(problems, "key", "a key of a service") {
        let name = table.required(problems, "name");
        let value = table.choice(problems, "type", &TYPES).unwrap_or(ValueType::String);
        let arity = table.choice(problems, "arity", &ARITIES).unwrap_or(Arity::One);
        table.finish(problems);
        if let Some(name) = name {
            // Global keys have their arity already, and a key of a mapping has its owner.
            let placeholder = name.value.contains("${");
            if keys.arity(&name.value).is_none() && !placeholder {
                declare(problems, keys, &name, arity, Owner::Request);
            }
            found.push(ConditionKey::new(&name.value, value, arity));
        }
    }
    found
}

fn resource_types(
    table: &mut Table<'_>,
    problems: &mut Problems,
    keys: &[ConditionKey],
) -> Vec<ResourceType> {
    let mut found = Vec::new();
    for mut table in table.tables(problems, "resource", "a resource type of a service") {
        let name = table.required(problems, "name");
        let format = table.required(problems, "arn");
        let keys = key_positions(&mut table, problems, keys);
        table.finish(problems);
        let (Some(name), Some(format)) = (name, format) else { continue };
        if let Some(resource) = ResourceType::new(&name.value, &format.value, keys) {
            found.push(resource);
        } else {
            let message = format!("`{}` is not the format of an ARN", format.value);
            let help = "write `arn:partition:service:region:account:kind/${Name}`";
            problems.add("E158", format.span, message, help);
        }
    }
    found
}

fn actions(
    table: &mut Table<'_>,
    problems: &mut Problems,
    keys: &[ConditionKey],
    resources: &[ResourceType],
) -> Vec<Action> {
    let mut found: Vec<Action> = Vec::new();
    for mut table in table.tables(problems, "action", "an action of a service") {
        let name = table.required(problems, "name");
        if !table.has("level") {
            let help = "say `level = \"list\"`, `read`, `write`, `permissions` or `tagging`";
            problems.add("E152", table.span, "an action without `level`", help);
        }
        let level = table.choice(problems, "level", &LEVELS).unwrap_or(AccessLevel::Write);
        let takes = table.strings(problems, "resources").unwrap_or_default();
        let takes = takes.iter().filter_map(|text| takes_resource(problems, text, resources)).collect();
        let keys = key_positions(&mut table, problems, keys);
        table.finish(problems);
        let Some(name) = name else { continue };
        if name.value.is_empty() || !name.value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let message = format!("`{}` is not the name of an action", name.value);
            problems.add("E158", name.span, message, "use letters and digits: what stands after the colon");
        }
        if found.iter().any(|action| action.name.eq_ignore_ascii_case(&name.value)) {
            super::attach::twice(problems, "action", &name);
        }
        found.push(Action { name: name.value.into(), level, takes, keys: keys.into() });
    }
    found
}

fn takes_resource(problems: &mut Problems, text: &Text, resources: &[ResourceType]) -> Option<Takes> {
    let at = resources.iter().position(|resource| *resource.name == text.value);
    if at.is_none() {
        let known: Vec<&str> = resources.iter().map(|resource| resource.name.as_ref()).collect();
        let message = format!("the service has no resource type `{}`", text.value);
        problems.add("E156", text.span, message, suggestion(&text.value, &known));
    }
    let resource = u16::try_from(at?).ok()?;
    Some(Takes { resource, required: true, keys: Box::default() })
}

fn key_positions(table: &mut Table<'_>, problems: &mut Problems, keys: &[ConditionKey]) -> Vec<u16> {
    let mut positions = Vec::new();
    for text in table.strings(problems, "keys").unwrap_or_default() {
        let at = keys.iter().position(|key| key.name.eq_ignore_ascii_case(&text.value));
        if let Some(at) = at.and_then(|at| u16::try_from(at).ok()) {
            positions.push(at);
        } else {
            let known: Vec<&str> = keys.iter().map(|key| key.name.as_ref()).collect();
            let message = format!("the service declares no key `{}`", text.value);
            problems.add("E156", text.span, message, suggestion(&text.value, &known));
        }
    }
    positions
}
