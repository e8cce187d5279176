//! Syntax back to text: the inverse of reading, up to places and layout.

use super::{
    Clause, Condition, Document, Kind, Operand, OperandForm, PrincipalName, PrincipalPattern, Statement,
    Version,
};
use core::fmt::Write as _;

use crate::value::Effect;

/// Canonical JSON: two blanks, members in the order of SEMANTICS A, a bare value for a list of one, texts as they were
/// written. Reading it again, as the same kind and profile, gives the same syntax.
///
/// ```
/// let policy = bailiwick::parse(r#"{"Statement":{"Action":["s3:*"],"Resource":"*","Effect":"Allow"}}"#)?;
/// assert!(bailiwick::ast::print(&policy).contains("\n      \"Effect\": \"Allow\",\n      \"Action\": \"s3:*\",\n"));
/// # Ok::<(), bailiwick::Diagnostics>(())
/// ```
pub fn print(document: &Document) -> String {
    let mut members = Vec::new();
    if document.version_span.is_some() {
        let version = match document.version {
            Version::V2008 => "2008-10-17",
            Version::V2012 => "2012-10-17",
        };
        members.push(("Version", text(version)));
    }
    if let Some(id) = &document.id {
        members.push(("Id", text(&id.value)));
    }
    let statements = document.statements.iter().map(statement).collect();
    members.push(("Statement", Json::List(statements)));
    let mut printer = Printer { out: String::new(), latin: is_stored_by_iam(document.kind) };
    printer.value(&object(members), 0);
    printer.out.push('\n');
    printer.out
}

/// Whether characters above U+00FF must be spelled out (SEMANTICS A1).
fn is_stored_by_iam(kind: Kind) -> bool {
    matches!(kind, Kind::Identity | Kind::Boundary | Kind::Session | Kind::Trust)
}

enum Json<'a> {
    Text(&'a str),
    /// A number or boolean.
    Bare(&'a str),
    List(Vec<Json<'a>>),
    Object(Vec<(String, Json<'a>)>),
}

fn text(text: &str) -> Json<'_> {
    Json::Text(text)
}

fn object<'a>(members: Vec<(&str, Json<'a>)>) -> Json<'a> {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A list of one is written as its one entry (SEMANTICS A11).
fn one_or_list(mut list: Vec<Json<'_>>) -> Json<'_> {
    match list.pop() {
        Some(only) if list.is_empty() => only,
        more => {
            list.extend(more);
            Json::List(list)
        }
    }
}

fn statement(statement: &Statement) -> Json<'_> {
    let mut members = Vec::new();
    if let Some(sid) = &statement.sid {
        members.push(("Sid", text(&sid.value)));
    }
    let effect = match statement.effect.value {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    members.push(("Effect", text(effect)));
    if let Some(clause) = &statement.principal {
        members.push((if clause.negated { "NotPrincipal" } else { "Principal" }, principal(clause)));
    }
    let action = &statement.action;
    let actions = action.entries.iter().map(|entry| text(&entry.text)).collect();
    members.push((if action.negated { "NotAction" } else { "Action" }, one_or_list(actions)));
    if let Some(clause) = &statement.resource {
        let entries = clause.entries.iter().map(|entry| text(&entry.text)).collect();
        members.push((if clause.negated { "NotResource" } else { "Resource" }, one_or_list(entries)));
    }
    if statement.condition_span.is_some() {
        members.push(("Condition", condition(statement)));
    }
    object(members)
}

fn principal(clause: &Clause<PrincipalPattern>) -> Json<'_> {
    if let [PrincipalPattern { name: PrincipalName::Everyone, .. }] = clause.entries.as_slice() {
        return text("*");
    }
    let mut types: Vec<(&str, Vec<Json<'_>>)> = Vec::new();
    for entry in &clause.entries {
        let name = principal_type(&entry.name);
        match types.last_mut() {
            Some((before, list)) if *before == name => list.push(text(&entry.text)),
            _ => types.push((name, vec![text(&entry.text)])),
        }
    }
    object(types.into_iter().map(|(name, list)| (name, one_or_list(list))).collect())
}

fn principal_type(name: &PrincipalName) -> &'static str {
    match name {
        PrincipalName::Service(_) => "Service",
        PrincipalName::Federated(_) => "Federated",
        PrincipalName::CanonicalUser(_) => "CanonicalUser",
        PrincipalName::Everyone
        | PrincipalName::Account(_)
        | PrincipalName::User(_)
        | PrincipalName::Role(_)
        | PrincipalName::RoleSession(_)
        | PrincipalName::FederatedUser(_)
        | PrincipalName::UniqueId(_)
        | PrincipalName::Nobody(_) => "AWS",
    }
}

fn condition(statement: &Statement) -> Json<'_> {
    let mut operators = Vec::new();
    // An operator stands once in a block, so its keys are neighbours.
    for keys in statement.conditions.chunk_by(|one, other| one.operator.value == other.operator.value) {
        let Some(first) = keys.first() else { continue };
        let members =
            keys.iter().map(|condition| (condition.key.value.as_str(), values(condition))).collect();
        operators.push((first.operator.value.to_string(), object(members)));
    }
    let empty = statement.empty_operators.iter();
    operators.extend(empty.map(|operator| (operator.value.to_string(), object(Vec::new()))));
    Json::Object(operators)
}

fn values(condition: &Condition) -> Json<'_> {
    let is_string = |operand: &Operand| operand.form == OperandForm::String;
    let list = condition.operands.iter();
    one_or_list(
        list.map(|one| if is_string(one) { text(&one.text) } else { Json::Bare(&one.text) }).collect(),
    )
}

struct Printer {
    out: String,
    latin: bool,
}

impl Printer {
    // Syntax is six levels deep at most.
    fn value(&mut self, value: &Json<'_>, depth: usize) {
        match value {
            Json::Text(text) => self.string(text),
            Json::Bare(text) => self.out.push_str(text),
            Json::List(list) => {
                self.all(('[', ']'), depth, list, |printer, value| printer.value(value, depth + 1));
            }
            Json::Object(members) => self.all(('{', '}'), depth, members, |printer, (name, value)| {
                printer.string(name);
                printer.out.push_str(": ");
                printer.value(value, depth + 1);
            }),
        }
    }

    fn all<T>(
        &mut self,
        (open, close): (char, char),
        depth: usize,
        items: &[T],
        each: impl Fn(&mut Self, &T),
    ) {
        self.out.push(open);
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.out.push(',');
            }
            self.line(depth + 1);
            each(self, item);
        }
        if !items.is_empty() {
            self.line(depth);
        }
        self.out.push(close);
    }

    fn line(&mut self, depth: usize) {
        self.out.push('\n');
        self.out.extend(core::iter::repeat_n("  ", depth));
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for char in text.chars() {
            match char {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                ' '..='\u{ff}' => self.out.push(char),
                _ if char < ' ' || self.latin => {
                    let mut units = [0; 2];
                    for unit in char.encode_utf16(&mut units) {
                        // Writing to a string cannot fail.
                        let _ = write!(self.out, "\\u{unit:04x}");
                    }
                }
                _ => self.out.push(char),
            }
        }
        self.out.push('"');
    }
}
