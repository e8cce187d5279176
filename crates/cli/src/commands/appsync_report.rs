//! What `bailiwick appsync` prints.

use std::fmt::Write as _;

use bailiwick::Source;
use bailiwick_graphql::{
    Access, Answer, Caller, Condition, FieldRow, ModelAccess, OperationAnswer, Schema, State, Why,
};
use serde_json::{Map, Value, json};

use crate::diagnostics::span_json;
use crate::output::style::{BAD, DIM, GOOD, NAME, TITLE, paint};
use crate::output::{Format, clean};

/// Every field, then what may be done with records.
pub(crate) fn fields(
    schema: &Schema,
    caller: &Caller<'_>,
    rows: &[FieldRow],
    models: &[ModelAccess],
    format: Format,
) -> String {
    match format {
        Format::Human => fields_human(caller, rows, models),
        Format::Plain => fields_plain(rows, models),
        Format::Json | Format::Jsonl => {
            let fields: Vec<Value> = rows.iter().map(|row| row_json(schema, row)).collect();
            let models: Vec<Value> = models.iter().map(model_json).collect();
            let value = json!({
                "schema": "bailiwick/appsync-fields/1",
                "mode": caller.mode().name(),
                "groups": caller.groups(),
                "fields": fields,
                "models": models,
            });
            crate::output::json(&value, format)
        }
    }
}

/// Each field of a query.
pub(crate) fn checked(
    caller: &Caller<'_>,
    query: &Source,
    answer: &OperationAnswer,
    format: Format,
) -> String {
    match format {
        Format::Human => {
            let mut text = head(caller);
            let wide = answer.fields.iter().map(|field| field.path.chars().count()).max().unwrap_or(0);
            for field in &answer.fields {
                let (style, word) = if field.answer.allowed { (GOOD, "allowed") } else { (BAD, "refused") };
                line(&mut text, style, word, &field.path, wide, &field.answer.why.to_string());
            }
            let refused = answer.fields.iter().filter(|field| !field.answer.allowed).count();
            let summary = match refused {
                0 => paint(GOOD, &format!("the {} is allowed", answer.kind)),
                1 => paint(BAD, "1 field is refused"),
                many => paint(BAD, &format!("{many} fields are refused")),
            };
            let _ = writeln!(text, "\n{summary}");
            text
        }
        Format::Plain => {
            let mut text = String::new();
            for field in &answer.fields {
                let word = if field.answer.allowed { "allowed" } else { "refused" };
                let place = format!("{}.{}", field.parent, field.field);
                columns(&mut text, &[word, &field.path, &place, &field.answer.why.to_string()]);
            }
            text
        }
        Format::Json | Format::Jsonl => {
            let fields: Vec<Value> = answer
                .fields
                .iter()
                .map(|field| {
                    json!({
                        "path": field.path,
                        "type": field.parent,
                        "field": field.field,
                        "allowed": field.answer.allowed,
                        "reason": field.answer.why.name(),
                        "why": field.answer.why.to_string(),
                        "span": span_json(query, field.span),
                    })
                })
                .collect();
            let value = json!({
                "schema": "bailiwick/appsync-check/1",
                "allowed": answer.is_allowed(),
                "operation": { "kind": answer.kind, "name": answer.name },
                "mode": caller.mode().name(),
                "groups": caller.groups(),
                "fields": fields,
            });
            crate::output::json(&value, format)
        }
    }
}

// Writing to a string cannot fail; the results below are dropped for that.
fn head(caller: &Caller<'_>) -> String {
    let mut text = format!("{}  {}\n", paint(DIM, "mode  "), caller.mode().name());
    if !caller.groups().is_empty() {
        let _ = writeln!(text, "{}  {}", paint(DIM, "groups"), clean(&caller.groups().join(", ")));
    }
    text.push('\n');
    text
}

fn line(text: &mut String, style: anstyle::Style, word: &str, name: &str, wide: usize, why: &str) {
    let gap = " ".repeat(wide.saturating_sub(name.chars().count()));
    let word = paint(style, &format!("{word:<11}"));
    let _ = writeln!(text, "  {word} {}{gap}  {}", paint(NAME, &clean(name)), clean(why));
}

fn columns(text: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| clean(cell)).collect();
    text.push_str(&cells.join("\t"));
    text.push('\n');
}

fn fields_human(caller: &Caller<'_>, rows: &[FieldRow], models: &[ModelAccess]) -> String {
    let mut text = head(caller);
    let wide = rows.iter().map(|row| row.field.chars().count()).max().unwrap_or(0);
    let mut parent = None;
    // Root types first: that is where a query begins.
    for row in rows.iter().filter(|row| row.is_root).chain(rows.iter().filter(|row| !row.is_root)) {
        if parent != Some(&row.parent) {
            if parent.is_some() {
                text.push('\n');
            }
            parent = Some(&row.parent);
            let _ = writeln!(text, "{}", paint(TITLE, &clean(&row.parent)));
        }
        let style = match row.state {
            State::Usable => GOOD,
            State::Refused => BAD,
            State::Unreachable | State::Empty => DIM,
        };
        line(&mut text, style, row.state.name(), &row.field, wide, &row_words(row));
    }
    for model in models {
        let _ = writeln!(text, "\n{}", paint(TITLE, &format!("{} (records)", clean(&model.model))));
        for (operation, access) in &model.operations {
            let (style, word) = access_word(access);
            let word = paint(style, &format!("{word:<11}"));
            let words = clean(&access_words(access));
            let name = if words.is_empty() { operation.name() } else { &format!("{:<7}", operation.name()) };
            let _ = writeln!(text, "  {word} {}{words}", paint(NAME, name));
        }
        for field in model.fields.iter().filter(|field| field.has_rules) {
            let open: Vec<&str> = field
                .operations
                .iter()
                .filter(|(_, access)| **access != Access::Refused)
                .map(|(operation, _)| operation.name())
                .collect();
            let open = if open.is_empty() { "nothing".to_owned() } else { open.join(", ") };
            let _ = writeln!(text, "    {} {open}", paint(DIM, &format!("{}:", clean(&field.field))));
        }
    }
    let usable = rows.iter().filter(|row| row.state == State::Usable).count();
    let summary = format!("{usable} of {} fields may be queried", rows.len());
    let _ = writeln!(text, "\n{}", paint(if usable > 0 { GOOD } else { BAD }, &summary));
    text
}

/// The reason, and what is missing where the field is open and still gives nothing.
fn row_words(row: &FieldRow) -> String {
    let why = &row.answer.why;
    match row.state {
        State::Usable | State::Refused => why.to_string(),
        State::Empty => format!("{why}; nothing of `{}` is open", row.result),
        State::Unreachable => format!("{why}; no open way leads here"),
    }
}

fn fields_plain(rows: &[FieldRow], models: &[ModelAccess]) -> String {
    let mut text = String::new();
    for row in rows {
        let place = format!("{}.{}", row.parent, row.field);
        columns(&mut text, &[row.state.name(), &place, &row_words(row)]);
    }
    for model in models {
        let of = std::iter::once((model.model.clone(), &model.operations));
        let fields =
            model.fields.iter().map(|field| (format!("{}.{}", model.model, field.field), &field.operations));
        for (place, operations) in of.chain(fields) {
            for (operation, access) in operations {
                columns(&mut text, &[access_word(access).1, &place, operation.name(), &access_words(access)]);
            }
        }
    }
    text
}

fn access_word(access: &Access) -> (anstyle::Style, &'static str) {
    match access {
        Access::Open => (GOOD, "open"),
        Access::Records(_) => (GOOD, "own"),
        Access::Refused => (BAD, "refused"),
    }
}

fn access_words(access: &Access) -> String {
    let Access::Records(lists) = access else { return String::new() };
    let any = |list: &Vec<Condition>| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", or ");
    format!("if {}", lists.iter().map(any).collect::<Vec<_>>().join("; and "))
}

fn row_json(schema: &Schema, row: &FieldRow) -> Value {
    let Answer { why, span, .. } = &row.answer;
    let conditions = match why {
        Why::Records { conditions, .. } => conditions.iter().map(condition_json).collect(),
        _ => Vec::new(),
    };
    json!({
        "type": row.parent,
        "field": row.field,
        "root": row.is_root,
        "state": row.state.name(),
        "reason": why.name(),
        "why": row_words(row),
        "conditions": conditions,
        "span": span_json(schema.source(), row.span),
        "by": span.map(|span| span_json(schema.source(), span)),
    })
}

fn model_json(model: &ModelAccess) -> Value {
    let operations = |all: &std::collections::BTreeMap<_, Access>| -> Value {
        let members = all.iter().map(|(operation, access): (&bailiwick_graphql::Operation, _)| {
            (operation.name().to_owned(), access_json(access))
        });
        Value::Object(members.collect::<Map<_, _>>())
    };
    let fields: Map<String, Value> =
        model.fields.iter().map(|field| (field.field.clone(), operations(&field.operations))).collect();
    json!({ "model": model.model, "operations": operations(&model.operations), "fields": fields })
}

/// `all` is a list of lists: of each, one condition must hold.
fn access_json(access: &Access) -> Value {
    let lists: Vec<Vec<Value>> = match access {
        Access::Records(lists) => {
            lists.iter().map(|list| list.iter().map(condition_json).collect()).collect()
        }
        Access::Open | Access::Refused => Vec::new(),
    };
    let word = match access {
        Access::Open => "open",
        Access::Records(_) => "records",
        Access::Refused => "refused",
    };
    json!({ "access": word, "all": lists, "why": access_words(access) })
}

fn condition_json(condition: &Condition) -> Value {
    match condition {
        Condition::Owner { field, is_list, values, creates } => {
            json!({ "kind": "owner", "field": field, "list": is_list, "values": values, "creates": creates })
        }
        Condition::Group { field, is_list, groups } => {
            json!({ "kind": "group", "field": field, "list": is_list, "values": groups })
        }
    }
}
