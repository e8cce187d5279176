//! Statements as IAM JSON.

use std::fmt::Write as _;

use crate::{Statement, TENANT_VARIABLE, Test, Workload};

/// Statements in one document.
const IN_A_DOCUMENT: usize = 5;

impl Workload {
    /// The policies: names and JSON texts, five statements each.
    pub fn documents(&self) -> Vec<(String, String)> {
        let documents = self.statements.chunks(IN_A_DOCUMENT).enumerate();
        documents
            .map(|(number, statements)| (format!("policy-{number}.json"), document(statements)))
            .collect()
    }
}

fn document(statements: &[Statement]) -> String {
    let written: Vec<String> = statements.iter().map(statement).collect();
    format!("{{\"Version\": \"2012-10-17\", \"Statement\": [\n{}\n]}}\n", written.join(",\n"))
}

fn statement(statement: &Statement) -> String {
    let effect = if statement.deny { "Deny" } else { "Allow" };
    let (actions, resources) = (list(&statement.actions), list(&statement.resources));
    let sid = &statement.sid;
    let mut text = format!(
        "{{\"Sid\": \"{sid}\", \"Effect\": \"{effect}\", \"Action\": {actions}, \"Resource\": {resources}"
    );
    // Operators are members of one object, so tests with the same operator stand together.
    let mut operators: Vec<(&str, Vec<String>)> = Vec::new();
    for test in &statement.tests {
        let (operator, key, values) = condition(test);
        let member = format!("\"{key}\": {}", list(&values));
        match operators.iter_mut().find(|(other, _)| *other == operator) {
            Some((_, members)) => members.push(member),
            None => operators.push((operator, vec![member])),
        }
    }
    if !operators.is_empty() {
        let blocks: Vec<String> = operators
            .iter()
            .map(|(operator, members)| format!("\"{operator}\": {{{}}}", members.join(", ")))
            .collect();
        let _ = write!(text, ", \"Condition\": {{{}}}", blocks.join(", "));
    }
    text.push('}');
    text
}

/// Operator, key, values.
fn condition(test: &Test) -> (&'static str, String, Vec<String>) {
    let resource = |tag: &str| format!("aws:ResourceTag/{tag}");
    let one = |value: &str| vec![value.to_owned()];
    match test {
        Test::InGroup(groups) => ("ForAnyValue:StringEquals", "token:groups".to_owned(), groups.clone()),
        Test::Person(tag, values) => {
            ("StringEquals", format!("aws:PrincipalTag/{}", tag.name()), values.clone())
        }
        Test::Resource(tag, values) => ("StringEquals", resource(tag), values.clone()),
        Test::ResourceNot(tag, values) => ("StringNotEquals", resource(tag), values.clone()),
        Test::EnvironmentPrefix(prefix) => ("StringLike", resource("env"), one(&format!("{prefix}*"))),
        Test::SameTenant => ("StringEquals", resource("tenant"), one(TENANT_VARIABLE)),
        Test::OtherTenant => ("StringNotEquals", resource("tenant"), one(TENANT_VARIABLE)),
        Test::Address(networks) => ("IpAddress", "aws:SourceIp".to_owned(), networks.clone()),
        Test::AddressNot(networks) => ("NotIpAddress", "aws:SourceIp".to_owned(), networks.clone()),
        Test::Before(time) => ("DateLessThan", "aws:CurrentTime".to_owned(), one(&timestamp(*time))),
        Test::SecondFactor(used) => ("Bool", "aws:MultiFactorAuthPresent".to_owned(), one(&used.to_string())),
    }
}

/// One text alone, several as a list; the workload's texts need no escapes.
fn list(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
    match quoted.as_slice() {
        [one] => one.clone(),
        _ => format!("[{}]", quoted.join(", ")),
    }
}

/// Seconds since 1970 as `2026-01-31T10:00:00Z`; for times from 1970 on.
pub(crate) fn timestamp(time: i64) -> String {
    let (mut days, seconds) = (time / 86_400, time % 86_400);
    let mut year = 1970;
    while days >= year_length(year) {
        days -= year_length(year);
        year += 1;
    }
    let february = year_length(year) - 337;
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", days + 1)
}

fn year_length(year: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if leap { 366 } else { 365 }
}
