//! Names that must be there, and types that must be of a kind.

use std::collections::BTreeSet;

use bailiwick::source::{Diagnostic, Span, nearest};

use super::build::Built;
use super::known::SCALARS;
use super::{Kind, TypeDef};
use crate::code;

/// Checks every name, and gives interfaces the object types that implement them.
pub(super) fn resolve(built: &mut Built) {
    let mut errors = Vec::new();
    roots(built, &mut errors);
    for (name, found) in &built.types {
        results(built, name, found, &mut errors);
        interfaces(built, name, found, &mut errors);
        members(built, name, found, &mut errors);
    }
    subscriptions(built, &mut errors);
    built.errors.extend(errors);
    let implementers: Vec<(String, String, Span)> = built
        .types
        .iter()
        .filter(|(_, found)| found.kind == Kind::Object)
        .flat_map(|(name, found)| {
            let own = |(interface, _): &(String, Span)| (interface.clone(), name.clone(), found.span);
            found.interfaces.iter().map(own).collect::<Vec<_>>()
        })
        .collect();
    for (interface, object, span) in implementers {
        if let Some(found) = built.types.get_mut(&interface).filter(|found| found.kind == Kind::Interface) {
            found.members.push((object, span));
        }
    }
}

fn roots(built: &Built, errors: &mut Vec<Diagnostic>) {
    let roots = &built.roots;
    if roots.query.is_none() && built.models.is_empty() {
        errors.push(
            Diagnostic::error(code::UNFIT, Span::new(0, 0), "the schema has no query type")
                .help("write `type Query { ... }`; what it leaves out cannot be answered for"),
        );
    }
    let mut known = BTreeSet::new();
    for name in roots.all() {
        let found = built.types.get(name);
        let span = found.map(|found| found.span).unwrap_or_default();
        if found.is_none_or(|found| found.kind != Kind::Object) {
            errors.push(
                Diagnostic::error(code::UNFIT, span, format!("the root type `{name}` is no object type"))
                    .help("define it with `type`"),
            );
        }
        if !known.insert(name) {
            errors.push(
                Diagnostic::error(code::UNFIT, span, format!("`{name}` is the root of two operations"))
                    .help("give each operation a type of its own"),
            );
        }
    }
}

fn results(built: &Built, name: &str, found: &TypeDef, errors: &mut Vec<Diagnostic>) {
    if matches!(found.kind, Kind::Object | Kind::Interface) && found.fields.is_empty() {
        errors.push(
            Diagnostic::error(code::UNFIT, found.span, format!("`{name}` has no fields")).help("give it one"),
        );
    }
    for (field, definition) in &found.fields {
        match built.types.get(&definition.result) {
            Some(result) if result.kind == Kind::Input => errors.push(
                Diagnostic::error(
                    code::UNFIT,
                    definition.span,
                    format!("`{name}.{field}` returns `{}`, which is an input type", definition.result),
                )
                .help("return an object type"),
            ),
            Some(_) => {}
            None if SCALARS.contains(&definition.result.as_str()) => {}
            None => {
                errors.push(undefined(
                    built,
                    &definition.result,
                    definition.span,
                    &format!("`{name}.{field}` returns"),
                ));
            }
        }
    }
}

fn undefined(built: &Built, name: &str, span: Span, what: &str) -> Diagnostic {
    let names = built.types.keys().map(String::as_str).chain(SCALARS);
    let help = nearest(name, names).map_or_else(
        || "define it; what is not in the schema cannot be answered for".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Diagnostic::error(code::UNFIT, span, format!("{what} `{name}`, which is not defined")).help(help)
}

fn interfaces(built: &Built, name: &str, found: &TypeDef, errors: &mut Vec<Diagnostic>) {
    for (at, (interface, span)) in found.interfaces.iter().enumerate() {
        if found.interfaces.iter().take(at).any(|(other, _)| other == interface) {
            errors.push(
                Diagnostic::error(code::TWICE, *span, format!("`{name}` implements `{interface}` twice"))
                    .help("leave one out"),
            );
        }
        let Some(definition) = built.types.get(interface) else {
            errors.push(undefined(built, interface, *span, &format!("`{name}` implements")));
            continue;
        };
        if definition.kind != Kind::Interface {
            let message = format!("`{name}` implements `{interface}`, which is {}", definition.kind.words());
            errors.push(Diagnostic::error(code::UNFIT, *span, message).help("implement an interface"));
            continue;
        }
        for (field, wanted) in &definition.fields {
            if !found.fields.contains_key(field) {
                errors.push(
                    Diagnostic::error(
                        code::UNFIT,
                        *span,
                        format!("`{name}` lacks the field `{field}` of `{interface}`"),
                    )
                    .label(wanted.span, "it is declared here")
                    .help("add it: a query of the interface may ask for it"),
                );
            }
        }
        for (above, _) in &definition.interfaces {
            if !found.interfaces.iter().any(|(other, _)| other == above) {
                let message = format!(
                    "`{name}` implements `{interface}`, and not `{above}` that `{interface}` implements"
                );
                errors.push(Diagnostic::error(code::UNFIT, *span, message).help("implement both"));
            }
        }
    }
}

fn members(built: &Built, name: &str, found: &TypeDef, errors: &mut Vec<Diagnostic>) {
    if found.kind == Kind::Union && found.members.is_empty() {
        errors.push(
            Diagnostic::error(code::UNFIT, found.span, format!("the union `{name}` has no members"))
                .help("give it one"),
        );
    }
    for (member, span) in &found.members {
        match built.types.get(member) {
            Some(definition) if definition.kind == Kind::Object => {}
            Some(definition) => {
                let message = format!("`{member}` of the union `{name}` is {}", definition.kind.words());
                errors.push(Diagnostic::error(code::UNFIT, *span, message).help("members are object types"));
            }
            None => {
                errors.push(undefined(built, member, *span, &format!("the union `{name}` has the member")));
            }
        }
    }
}

/// A subscription hears of mutations, and delivers what they return.
fn subscriptions(built: &Built, errors: &mut Vec<Diagnostic>) {
    let mutation = built.roots.mutation.as_ref().and_then(|name| built.types.get(name));
    for (name, found) in &built.types {
        for (field, definition) in &found.fields {
            for (heard, span) in &definition.subscribes {
                let mut refuse = |message: String, help: String| {
                    errors.push(Diagnostic::error(code::SUBSCRIBE, *span, message).help(help));
                };
                if built.roots.subscription.as_ref() != Some(name) {
                    let help = "put it on a field of the subscription type".to_owned();
                    refuse(format!("`@aws_subscribe` has no effect on `{name}.{field}`"), help);
                    continue;
                }
                match mutation.and_then(|mutation| Some((mutation, mutation.fields.get(heard)?))) {
                    Some((_, source)) if source.result != definition.result => refuse(
                        format!(
                            "`{field}` returns `{}`, and the mutation `{heard}` `{}`",
                            definition.result, source.result
                        ),
                        "let both return the same: the subscription delivers what the mutation returned"
                            .to_owned(),
                    ),
                    Some(_) => {}
                    // Amplify writes the mutations of its models itself.
                    None if built.is_amplify => {}
                    None => {
                        let names =
                            mutation.iter().flat_map(|mutation| mutation.fields.keys()).map(String::as_str);
                        let help = nearest(heard, names).map_or_else(
                            || "name a field of the mutation type".to_owned(),
                            |near| format!("did you mean `{near}`?"),
                        );
                        refuse(format!("there is no mutation `{heard}`"), help);
                    }
                }
            }
        }
    }
}
