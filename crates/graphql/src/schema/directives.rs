//! The directives of one place.

use apollo_compiler::Node;
use apollo_compiler::ast::{Directive, DirectiveList, Value};
use bailiwick::Profile;
use bailiwick::source::{Diagnostic, Severity, Span};

use super::Mark;
use super::known::{AUTHORIZATION, Known, known};
use crate::amplify::{self, ModelSettings, Rule};
use crate::api::{Api, DefaultAction, Mode};
use crate::code;
use crate::text::{lint, quoted, span};

/// Where directives stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// An object type; whether it is a root.
    Object,
    /// A field of an object type.
    Field { is_root: bool },
    /// A field of an interface.
    InterfaceField,
    /// Anything else, in words: there AWS looks for no authorization.
    Other(&'a str),
}

/// What the directives of one place say.
#[derive(Default)]
pub(super) struct Said {
    pub(super) marks: Vec<Mark>,
    pub(super) rules: Option<Vec<Rule>>,
    pub(super) model: Option<ModelSettings>,
    pub(super) subscribes: Vec<(String, Span)>,
}

/// What is wrong was told.
struct Told;

/// Reads directives and keeps what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) api: &'a Api,
    pub(super) errors: Vec<Diagnostic>,
    pub(super) lints: Vec<Diagnostic>,
    /// How many directives were met, to be compared with the text.
    pub(super) met: usize,
}

impl Reader<'_> {
    pub(super) fn read(&mut self, list: &DirectiveList, place: Place<'_>) -> Said {
        let mut said = Said::default();
        for (at, directive) in list.0.iter().enumerate() {
            self.met += 1;
            let here = span(directive.location());
            let name = directive.name.as_str();
            let known = known(name);
            let twice = list.0.iter().take(at).find(|other| other.name == directive.name);
            if let (Some(first), false) = (twice, matches!(known, Known::Harmless | Known::Unknown)) {
                self.errors.push(
                    Diagnostic::error(code::TWICE, here, format!("`@{name}` stands here twice"))
                        .label(span(first.location()), "first here")
                        .help("join them, or leave one out: only one of them would count"),
                );
                continue;
            }
            match known {
                Known::Mark(_) | Known::AwsAuth | Known::Auth if matches!(place, Place::Other(_)) => {
                    self.misplaced(name, here, place);
                }
                Known::Auth if place == Place::InterfaceField => self.misplaced(name, here, place),
                Known::Mark(mode) => said.marks.extend(self.mark(directive, mode)),
                Known::AwsAuth => said.marks.extend(self.aws_auth(directive, place)),
                Known::Auth => {
                    let rules = amplify::rules(directive, &mut self.errors);
                    said.rules = Some(rules);
                }
                Known::Model if place == Place::Object => {
                    said.model = Some(amplify::model_settings(directive, &mut self.errors));
                }
                Known::Subscribe if matches!(place, Place::Field { .. }) => {
                    said.subscribes = self.subscribe(directive);
                }
                Known::Model | Known::Subscribe => self.misplaced(name, here, place),
                Known::Harmless => {}
                Known::Promise(near) => self.promise(name, here, near),
                Known::Unknown => self.lints.push(
                    lint(
                        code::NO_MEANING,
                        Severity::Suggestion,
                        here,
                        format!("`@{name}` means nothing to AppSync"),
                    )
                    .help("leave it out, or do not count on it"),
                ),
            }
        }
        self.together(&said, list);
        said
    }

    /// Contradictions between directives of one place.
    fn together(&mut self, said: &Said, list: &DirectiveList) {
        let place = |name: &str| list.get(name).map(|found| span(found.location())).unwrap_or_default();
        if let (Some(_), Some(mark)) = (&said.rules, said.marks.first()) {
            self.errors.push(
                Diagnostic::error(
                    code::TWO_KINDS,
                    place("auth"),
                    "`@auth` and AppSync's own directives contradict each other here",
                )
                .label(mark.span, "also this")
                .help(
                    "keep `@auth`, with one rule for each mode: Amplify writes AppSync's directives itself",
                ),
            );
        }
        if let [first, second, ..] = said.marks.as_slice()
            && let Some(auth) = [first, second].into_iter().chain(&said.marks).find(|mark| mark.is_aws_auth)
            && self.api.is_one_pool()
        {
            let other = if auth == first { second } else { first };
            self.errors.push(
                Diagnostic::error(
                    code::AWS_AUTH,
                    auth.span,
                    "`@aws_auth` stands beside another directive of authorization",
                )
                .label(other.span, "this one")
                .help("keep one: `@aws_cognito_user_pools` takes the same groups"),
            );
        }
    }

    /// A directive that opens to a mode.
    fn mark(&mut self, directive: &Node<Directive>, mode: Mode) -> Option<Mark> {
        let here = span(directive.location());
        let groups = if mode == Mode::Cognito {
            self.groups(directive).ok()?
        } else {
            self.only(directive, &[]).ok()?;
            None
        };
        if !self.api.has(mode) {
            let modes = quoted(self.api.providers().map(|provider| provider.mode().name()));
            self.lints.push(
                lint(
                    code::NO_SUCH_MODE,
                    Severity::Warning,
                    here,
                    format!("the API does not take {}, so this opens to nobody", mode.name()),
                )
                .help(format!("add the mode to the API, or leave the directive out; the API takes {modes}")),
            );
        }
        if mode == Mode::Cognito && groups.is_none() {
            self.no_groups(here, "aws_cognito_user_pools");
        }
        Some(Mark { mode, groups, is_aws_auth: false, span: here })
    }

    fn aws_auth(&mut self, directive: &Node<Directive>, place: Place<'_>) -> Option<Mark> {
        let here = span(directive.location());
        let groups = self.groups(directive).ok()?;
        if !self.api.is_one_pool() {
            let modes: Vec<&str> = self.api.providers().map(|provider| provider.mode().name()).collect();
            self.errors.push(
                Diagnostic::error(
                    code::AWS_AUTH,
                    here,
                    "`@aws_auth` counts only where one user pool is the only mode",
                )
                .at(format!("the API takes {}", modes.join(", ")))
                .help("write `@aws_cognito_user_pools(cognito_groups: [...])`, which takes the same groups"),
            );
            return None;
        }
        if groups.is_none() {
            self.no_groups(here, "aws_auth");
        }
        if !matches!(place, Place::Field { is_root: true }) {
            let help =
                "write `@aws_cognito_user_pools`, and test it, or guard the root fields that lead here";
            let found = Diagnostic::error(
                code::AWS_AUTH,
                here,
                "`@aws_auth` is sure to be enforced on root fields only",
            )
            .help(help);
            if self.api.profile == Profile::Strict {
                self.errors.push(found);
            } else {
                let message = found.message;
                self.lints.push(lint(code::BELOW_ROOT, Severity::SecurityWarning, here, message).help(help));
            }
        }
        Some(Mark { mode: Mode::Cognito, groups, is_aws_auth: true, span: here })
    }

    fn no_groups(&mut self, here: Span, name: &str) {
        if self.api.default_mode() == Mode::Cognito && self.api.default_action == DefaultAction::Deny {
            self.lints.push(
                lint(
                    code::NO_GROUPS,
                    Severity::Warning,
                    here,
                    format!("`@{name}` names no groups, and the pool's default action is DENY"),
                )
                .help("name the groups: whether the default action counts here is not documented"),
            );
        }
    }

    /// `cognito_groups: ["a", "b"]`, or nothing.
    fn groups(&mut self, directive: &Node<Directive>) -> Result<Option<Vec<String>>, Told> {
        self.only(directive, &["cognito_groups"])?;
        let Some(argument) = directive.arguments.first() else { return Ok(None) };
        let here = span(argument.value.location());
        let Some(groups) = strings(&argument.value) else {
            self.errors.push(
                Diagnostic::error(code::ARGUMENTS, here, "`cognito_groups` is a list of strings")
                    .help("write `cognito_groups: [\"editors\"]`"),
            );
            return Err(Told);
        };
        if groups.is_empty() {
            self.lints.push(
                lint(
                    code::NOBODY,
                    Severity::Warning,
                    here,
                    "an empty list of groups: nobody is in one of them",
                )
                .help("name groups, or leave the argument out if every token of the pool may pass"),
            );
        }
        Ok(Some(groups))
    }

    /// E346 for arguments that the directive does not have, or has twice.
    fn only(&mut self, directive: &Node<Directive>, names: &[&str]) -> Result<(), Told> {
        let mut fits = true;
        for (at, argument) in directive.arguments.iter().enumerate() {
            let twice = directive.arguments.iter().take(at).any(|other| other.name == argument.name);
            if twice || !names.contains(&argument.name.as_str()) {
                fits = false;
                let message = if twice {
                    format!("`{}` is given twice", argument.name)
                } else {
                    format!("`@{}` has no argument `{}`", directive.name, argument.name)
                };
                let help = match names {
                    [] => "it takes no arguments; groups go with `@aws_cognito_user_pools`".to_owned(),
                    names => format!("it takes {}", quoted(names.iter().copied())),
                };
                self.errors
                    .push(Diagnostic::error(code::ARGUMENTS, span(argument.location()), message).help(help));
            }
        }
        if fits { Ok(()) } else { Err(Told) }
    }

    fn subscribe(&mut self, directive: &Node<Directive>) -> Vec<(String, Span)> {
        if self.only(directive, &["mutations"]).is_err() {
            return Vec::new();
        }
        let value = directive.specified_argument_by_name("mutations");
        if let Some((names, value)) = value.and_then(|value| Some((strings(value)?, value))) {
            return names.into_iter().map(|name| (name, span(value.location()))).collect();
        }
        self.errors.push(
            Diagnostic::error(
                code::ARGUMENTS,
                span(directive.location()),
                "`mutations` is a list of strings",
            )
            .help("write `@aws_subscribe(mutations: [\"addPost\"])`"),
        );
        Vec::new()
    }

    fn misplaced(&mut self, name: &str, here: Span, place: Place<'_>) {
        let place = match place {
            Place::Object => "an object type",
            Place::Field { .. } => "a field",
            Place::InterfaceField => "a field of an interface",
            Place::Other(words) => words,
        };
        let help = match name {
            "model" => "put it on an object type",
            "aws_subscribe" => "put it on a field of the subscription type",
            "auth" => "put it on the `@model` type, or on a field of an object type",
            _ => "put it on the object types that may stand there, or on their fields",
        };
        self.errors.push(
            Diagnostic::error(code::WRONG_PLACE, here, format!("`@{name}` has no effect on {place}"))
                .help(help),
        );
    }

    fn promise(&mut self, name: &str, here: Span, near: Option<&str>) {
        let help = match near {
            Some(near) => format!("did you mean `@{near}`?"),
            None => format!(
                "AppSync knows {}; others protect nothing",
                quoted(AUTHORIZATION.map(|name| format!("@{name}")).iter().map(String::as_str))
            ),
        };
        self.errors.push(
            Diagnostic::error(
                code::UNKNOWN_DIRECTIVE,
                here,
                format!("`@{name}` looks like authorization, and AppSync does not know it"),
            )
            .help(help),
        );
    }
}

/// All of a list of strings; GraphQL takes one string for a list of one.
pub(crate) fn strings(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::List(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}
