//! From the root down: each selection with the types that its value may have there.

use std::collections::BTreeSet;

use apollo_compiler::Node;
use apollo_compiler::ast::{DirectiveList, Field, OperationDefinition, OperationType, Selection};
use bailiwick::source::{Diagnostic, Span, nearest};

use super::document::Document;
use super::{Checked, Limits, OperationAnswer};
use crate::answer::{Answer, Why};
use crate::caller::Caller;
use crate::code;
use crate::schema::{Kind, Schema};
use crate::text::span;

pub(super) fn walk(
    schema: &Schema,
    caller: &Caller<'_>,
    document: &Document<'_>,
    operation: &OperationDefinition,
    limits: Limits,
) -> Result<OperationAnswer, Vec<Diagnostic>> {
    let root = match operation.operation_type {
        OperationType::Query => &schema.roots.query,
        OperationType::Mutation => &schema.roots.mutation,
        OperationType::Subscription => &schema.roots.subscription,
    };
    let kind = operation.operation_type.name();
    let Some(root) = root else {
        let message = format!("the schema has no {kind} type");
        return Err(vec![
            Diagnostic::error(code::QUERY, Span::default(), message).help("ask for what it has"),
        ]);
    };
    let mut walk = Walk {
        schema,
        caller,
        document,
        depth: schema.api.depth_limit.unwrap_or(usize::MAX).min(limits.depth),
        left: limits.selections,
        work: WORK,
        nested: 0,
        limits,
        fragments: Vec::new(),
        fields: Vec::new(),
        errors: Vec::new(),
        is_over: false,
    };
    walk.directives(&operation.directives);
    let here = Here { parent: root, possible: schema.possible(root), path: "", depth: 1, above: None };
    walk.selections(&operation.selection_set, &here);
    if operation.operation_type == OperationType::Subscription && walk.errors.is_empty() {
        // GraphQL: a subscription answers one field.
        let roots = walk.fields.iter().filter(|field| !field.path.contains('.')).count();
        if roots != 1 {
            let message = format!("a subscription selects one root field, not {roots}");
            walk.errors.push(
                Diagnostic::error(code::QUERY, Span::default(), message).help("write an operation for each"),
            );
        }
    }
    if !walk.errors.is_empty() {
        return Err(walk.errors);
    }
    Ok(OperationAnswer { kind, name: operation.name.as_ref().map(ToString::to_string), fields: walk.fields })
}

struct Walk<'s, 'c, 'd> {
    schema: &'s Schema,
    caller: &'c Caller<'c>,
    document: &'d Document<'d>,
    depth: usize,
    left: usize,
    /// Questions that may still be asked: on an interface, each of its object types is one.
    work: usize,
    limits: Limits,
    nested: usize,
    /// Names of the fragments that are being spread.
    fragments: Vec<&'d str>,
    fields: Vec<Checked>,
    errors: Vec<Diagnostic>,
    /// Whether a limit was passed; then nothing more is looked at.
    is_over: bool,
}

/// Where selections stand.
struct Here<'s, 'p> {
    parent: &'s str,
    /// Object types that the value may have.
    possible: BTreeSet<&'s str>,
    path: &'p str,
    /// Of the fields that are selected here.
    depth: usize,
    /// The field above that is refused, if one is.
    above: Option<&'p str>,
}

/// Errors of one query that are told.
const MOST: usize = 100;

/// Questions about one query: far more than its selections, and soon answered.
const WORK: usize = 1_000_000;

/// Fields and fragments within each other: so deep goes the stack.
const NESTED: usize = 300;

impl<'s, 'd> Walk<'s, '_, 'd> {
    fn selections(&mut self, selections: &'d [Selection], here: &Here<'s, '_>) {
        if self.nested >= NESTED {
            let place = selections.first().map(|first| span(first.location())).unwrap_or_default();
            return self.over(place, format!("fields and fragments are nested deeper than {NESTED}"));
        }
        self.nested += 1;
        self.each(selections, here);
        self.nested -= 1;
    }

    fn each(&mut self, selections: &'d [Selection], here: &Here<'s, '_>) {
        for selection in selections {
            if self.is_over || self.errors.len() >= MOST {
                return;
            }
            let place = span(selection.location());
            if self.left == 0 {
                let message =
                    format!("the query selects more than {} fields and fragments", self.limits.selections);
                return self.over(place, message);
            }
            self.left -= 1;
            match selection {
                Selection::Field(field) => self.field(field, here),
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives);
                    let condition = fragment.type_condition.as_ref().map(apollo_compiler::Name::as_str);
                    self.fragment(condition, &fragment.selection_set, here, place);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.directives);
                    let name = spread.fragment_name.as_str();
                    let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
                        let names = self.document.fragments.keys().copied();
                        let help = nearest(name, names)
                            .map_or_else(|| "define it".to_owned(), |near| format!("did you mean `{near}`?"));
                        self.refuse(place, format!("there is no fragment `{name}`"), &help);
                        continue;
                    };
                    if self.fragments.contains(name) {
                        self.refuse(
                            place,
                            format!("fragment `{name}` contains itself"),
                            "leave the inner one out",
                        );
                        continue;
                    }
                    self.directives(&fragment.directives);
                    self.fragments.push(name);
                    self.fragment(
                        Some(fragment.type_condition.as_str()),
                        &fragment.selection_set,
                        here,
                        place,
                    );
                    self.fragments.pop();
                }
            }
        }
    }

    fn fragment(
        &mut self,
        condition: Option<&str>,
        inner: &'d [Selection],
        here: &Here<'s, '_>,
        place: Span,
    ) {
        let Some(condition) = condition else {
            return self.selections(inner, here);
        };
        let Some((condition, found)) =
            self.schema.types.get_key_value(condition).filter(|(_, found)| found.kind.is_composite())
        else {
            let message = format!("`{condition}` is no type that fields are selected of");
            return self.refuse(place, message, "name an object type, an interface or a union");
        };
        let possible: BTreeSet<&'s str> =
            self.schema.possible(condition).intersection(&here.possible).copied().collect();
        if possible.is_empty() {
            let message = format!("no value of `{}` here is a `{condition}`", here.parent);
            let help =
                format!("`{condition}` is {}; name one of its kind that may stand here", found.kind.words());
            return self.refuse(place, message, &help);
        }
        let below =
            Here { parent: condition, possible, path: here.path, depth: here.depth, above: here.above };
        self.selections(inner, &below);
    }

    fn field(&mut self, field: &'d Node<Field>, here: &Here<'s, '_>) {
        let place = span(field.name.location());
        self.directives(&field.directives);
        if here.depth > self.depth {
            return self.over(place, format!("the query is nested deeper than {}", self.depth));
        }
        let name = field.name.as_str();
        let key = field.alias.as_ref().unwrap_or(&field.name);
        let path = if here.path.is_empty() { key.to_string() } else { format!("{}.{key}", here.path) };
        if name.starts_with("__") {
            return self.meta(field, here, place, path);
        }
        let Some(definition) = self.schema.field(here.parent, name) else {
            let names = self.schema.types.get(here.parent).into_iter().flat_map(|found| found.fields.keys());
            let help = nearest(name, names.map(String::as_str)).map_or_else(
                || {
                    if self.schema.kind(here.parent) == Kind::Union {
                        "select it in a fragment: `... on Type { }`".to_owned()
                    } else {
                        "ask for a field that it has".to_owned()
                    }
                },
                |near| format!("did you mean `{near}`?"),
            );
            return self.refuse(place, format!("`{}` has no field `{name}`", here.parent), &help);
        };
        if !self.pays(here.possible.len(), place) {
            return;
        }
        let answer = match here.above {
            Some(above) => Answer::refused(Why::Above { field: above.to_owned() }, None),
            None => self.schema.answer(self.caller, here.parent, name, &here.possible),
        };
        let allowed = answer.allowed;
        self.fields.push(Checked {
            path: path.clone(),
            parent: here.parent.to_owned(),
            field: name.to_owned(),
            span: place,
            answer,
        });
        let result = definition.result.as_str();
        match (self.schema.kind(result).is_composite(), field.selection_set.is_empty()) {
            (false, true) => {}
            (true, false) => {
                let above = if allowed { None } else { Some(here.above.unwrap_or(&path)) };
                let below = Here {
                    parent: result,
                    possible: self.schema.possible(result),
                    path: &path,
                    depth: here.depth + 1,
                    above,
                };
                self.selections(&field.selection_set, &below);
            }
            (true, true) => {
                self.refuse(
                    place,
                    format!("`{name}` returns `{result}`, and none of its fields is selected"),
                    "write `{ ... }` behind it",
                );
            }
            (false, false) => {
                self.refuse(
                    place,
                    format!("`{name}` returns `{result}`, which has no fields"),
                    "leave `{ ... }` out",
                );
            }
        }
    }

    /// `__typename`, and at the root of a query `__schema` and `__type`.
    fn meta(&mut self, field: &'d Node<Field>, here: &Here<'s, '_>, place: Span, path: String) {
        let name = field.name.as_str();
        let fields = |name: &&str| self.schema.types.get(*name).map_or(0, |found| found.fields.len());
        if !self.pays(here.possible.iter().map(fields).sum(), place) {
            return;
        }
        let at_root = here.depth == 1 && self.schema.roots.query.as_deref() == Some(here.parent);
        let answer = match name {
            "__typename" if field.selection_set.is_empty() => match here.above {
                Some(above) => Answer::refused(Why::Above { field: above.to_owned() }, None),
                None => self.schema.type_name(self.caller, here.parent, &here.possible),
            },
            "__schema" | "__type" if at_root => match self.schema.api.introspection {
                Some(true) => Answer::open(Why::Introspection, None),
                _ => Answer::refused(Why::NoIntrospection, None),
            },
            _ => {
                return self.refuse(
                    place,
                    format!("`{}` has no field `{name}` here", here.parent),
                    "leave it out",
                );
            }
        };
        let parent = here.parent.to_owned();
        self.fields.push(Checked { path, parent, field: name.to_owned(), span: place, answer });
    }

    /// AppSync knows `@skip` and `@include` in queries. What others would do is not known.
    fn directives(&mut self, list: &'d DirectiveList) {
        for directive in &list.0 {
            if !matches!(directive.name.as_str(), "skip" | "include") {
                let message = format!("`@{}` is no directive of queries", directive.name);
                self.refuse(
                    span(directive.location()),
                    message,
                    "leave it out; clients strip their own before they ask",
                );
            }
        }
    }

    /// Whether so many questions more may be asked.
    fn pays(&mut self, questions: usize, place: Span) -> bool {
        if let Some(left) = self.work.checked_sub(questions) {
            self.work = left;
            return true;
        }
        self.over(place, format!("the query asks {WORK} questions about object types, and more"));
        false
    }

    fn refuse(&mut self, place: Span, message: String, help: &str) {
        if self.errors.len() < MOST {
            self.errors.push(Diagnostic::error(code::QUERY, place, message).help(help));
        }
    }

    fn over(&mut self, place: Span, message: String) {
        self.is_over = true;
        self.errors.push(
            Diagnostic::error(code::QUERY_LIMIT, place, message).help("ask in several smaller queries"),
        );
    }
}
