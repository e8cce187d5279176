//! The rules of `@auth`. What is not exactly a rule refuses the schema: a rule that was read otherwise
//! than its author meant it opens or closes records.

use apollo_compiler::ast::{Directive, Value};
use apollo_compiler::{Name, Node};
use bailiwick::source::{Diagnostic, Span, nearest};

use super::{Allow, Operation, Rule};
use crate::api::Mode;
use crate::code;
use crate::text::{quoted, span};

const MEMBERS: [&str; 8] =
    ["allow", "provider", "ownerField", "identityClaim", "groupClaim", "groups", "groupsField", "operations"];
const STRATEGIES: [&str; 5] = ["owner", "groups", "private", "public", "custom"];
const PROVIDERS: [(&str, Mode); 6] = [
    ("apiKey", Mode::ApiKey),
    ("userPools", Mode::Cognito),
    ("oidc", Mode::Oidc),
    ("iam", Mode::Iam),
    ("identityPool", Mode::Iam),
    ("function", Mode::Lambda),
];

/// The rules of `@auth(rules: [...])`. What cannot be read is told, and left out; the schema is refused then.
pub(crate) fn rules(directive: &Node<Directive>, errors: &mut Vec<Diagnostic>) -> Vec<Rule> {
    let here = span(directive.location());
    let mut refuse = |span, message: &str, help: &str| {
        errors.push(Diagnostic::error(code::RULE, span, message).help(help));
    };
    let [argument] = directive.arguments.as_slice() else {
        refuse(here, "`@auth` takes one argument, `rules`", EXAMPLE);
        return Vec::new();
    };
    if argument.name != "rules" {
        refuse(span(argument.location()), "`@auth` takes one argument, `rules`", EXAMPLE);
        return Vec::new();
    }
    let items: Vec<&Node<Value>> = match &*argument.value {
        Value::List(items) => items.iter().collect(),
        // GraphQL takes one value for a list of one.
        Value::Object(_) => vec![&argument.value],
        _ => Vec::new(),
    };
    if items.is_empty() {
        refuse(span(argument.value.location()), "`@auth` has no rules", EXAMPLE);
    }
    items.into_iter().filter_map(|item| rule(item, errors).ok()).collect()
}

const EXAMPLE: &str = "write `@auth(rules: [{ allow: owner }])`";

/// What is wrong was told.
pub(super) struct Told;

/// One rule, as it stands in a list or as the global one.
pub(super) fn rule(node: &Node<Value>, errors: &mut Vec<Diagnostic>) -> Result<Rule, Told> {
    let here = span(node.location());
    let Some(members) = node.as_object() else {
        errors.push(Diagnostic::error(code::RULE, here, "a rule is an object").help(EXAMPLE));
        return Err(Told);
    };
    let mut reader = Reader { members, here, errors };
    reader.names()?;
    let strategy = reader.word("allow", &STRATEGIES);
    let Some(strategy) = strategy? else {
        reader.refuse(here, "the rule does not say whom it is for", EXAMPLE);
        return Err(Told);
    };
    let mode = reader.provider(strategy)?;
    let operations = reader.operations()?;
    let allow = reader.allow(strategy, mode)?;
    Ok(Rule { allow, mode, operations, span: here })
}

struct Reader<'a, 'e> {
    members: &'a [(Name, Node<Value>)],
    here: Span,
    errors: &'e mut Vec<Diagnostic>,
}

impl<'a> Reader<'a, '_> {
    fn names(&mut self) -> Result<(), Told> {
        let mut fits = true;
        for (at, (name, value)) in self.members.iter().enumerate() {
            let here = span(name.location().or(value.location()));
            if self.members.iter().take(at).any(|(other, _)| other == name) {
                fits = false;
                self.refuse(here, &format!("`{name}` is given twice"), "leave one out");
            } else if !MEMBERS.contains(&name.as_str()) {
                fits = false;
                let help = match (name.as_str(), nearest(name, MEMBERS)) {
                    ("queries" | "mutations", _) => {
                        "write `operations: [create, read, update, delete]`".to_owned()
                    }
                    (_, Some(near)) => format!("did you mean `{near}`?"),
                    (_, None) => format!("a rule has {}", quoted(MEMBERS)),
                };
                self.refuse(here, &format!("a rule has no `{name}`"), &help);
            }
        }
        if fits { Ok(()) } else { Err(Told) }
    }

    fn get(&self, name: &str) -> Option<&'a Node<Value>> {
        self.members
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value)
            .filter(|value| !value.is_null())
    }

    fn refuse(&mut self, here: Span, message: &str, help: &str) {
        self.errors.push(Diagnostic::error(code::RULE, here, message).help(help));
    }

    /// A name out of a list.
    fn word(&mut self, name: &str, known: &[&'static str]) -> Result<Option<&'static str>, Told> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let written = value.as_enum().map(Name::as_str);
        if let Some(found) = known.iter().find(|word| Some(**word) == written) {
            return Ok(Some(found));
        }
        let text = written.or(value.as_str()).unwrap_or_default();
        let help = match nearest(text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`, without quotation marks?"),
            None => format!("write one of {}", quoted(known.iter().copied())),
        };
        self.refuse(span(value.location()), &format!("this is no `{name}`"), &help);
        Err(Told)
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, Told> {
        let Some(value) = self.get(name) else { return Ok(None) };
        if let Some(text) = value.as_str().filter(|text| !text.is_empty()) {
            return Ok(Some(text.to_owned()));
        }
        let message = format!("`{name}` is a string");
        self.refuse(span(value.location()), &message, "write it in quotation marks");
        Err(Told)
    }

    /// Which mode the rule's callers come by. Not every strategy fits every provider.
    fn provider(&mut self, strategy: &str) -> Result<Mode, Told> {
        let names = PROVIDERS.map(|(name, _)| name);
        let (default, others): (Mode, &[&str]) = match strategy {
            "owner" | "groups" => (Mode::Cognito, &["userPools", "oidc"]),
            "private" => (Mode::Cognito, &["userPools", "oidc", "iam", "identityPool"]),
            "public" => (Mode::ApiKey, &["apiKey", "iam", "identityPool"]),
            _ => (Mode::Lambda, &["function"]),
        };
        let Some(name) = self.word("provider", &names)? else { return Ok(default) };
        if !others.contains(&name) {
            let here = self.get("provider").map_or(self.here, |value| span(value.location()));
            let help = format!("`{strategy}` goes with {}", quoted(others.iter().copied()));
            self.refuse(here, &format!("`allow: {strategy}` does not go with the provider `{name}`"), &help);
            return Err(Told);
        }
        PROVIDERS.iter().find(|(known, _)| *known == name).map(|(_, mode)| *mode).ok_or(Told)
    }

    fn operations(&mut self) -> Result<Option<Vec<Operation>>, Told> {
        let Some(value) = self.get("operations") else { return Ok(None) };
        let here = span(value.location());
        let items: Vec<&Node<Value>> = match &**value {
            Value::List(items) => items.iter().collect(),
            _ => vec![value],
        };
        let (mut found, mut reads, mut narrow) = (Vec::new(), false, false);
        for item in &items {
            match item.as_enum().map(Name::as_str) {
                Some("read") => {
                    reads = true;
                    found.extend(Operation::READ);
                }
                Some(name) if Operation::ALL.iter().any(|operation| operation.name() == name) => {
                    let operation =
                        Operation::ALL.into_iter().find(|operation| operation.name() == name).ok_or(Told)?;
                    narrow |= Operation::READ.contains(&operation);
                    found.push(operation);
                }
                other => {
                    let names = Operation::ALL.map(Operation::name).into_iter().chain(["read"]);
                    let text = other.or(item.as_str()).unwrap_or_default();
                    let help = match nearest(text, names.clone()) {
                        Some(near) => format!("did you mean `{near}`, without quotation marks?"),
                        None => format!("write {}", quoted(names)),
                    };
                    self.refuse(span(item.location()), "this is no operation", &help);
                    return Err(Told);
                }
            }
        }
        if items.is_empty() {
            self.refuse(here, "the rule allows no operation", "name some, or leave `operations` out for all");
            return Err(Told);
        }
        if reads && narrow {
            self.refuse(
                here,
                "`read` stands for every read, and one is named besides",
                "leave out `read`, or the others",
            );
            return Err(Told);
        }
        found.sort_unstable();
        found.dedup();
        Ok(Some(found))
    }

    fn allow(&mut self, strategy: &str, mode: Mode) -> Result<Allow, Told> {
        let (owner, groups): (&[&str], &[&str]) =
            (&["ownerField", "identityClaim"], &["groups", "groupsField", "groupClaim"]);
        let fits = |name: &&str| match strategy {
            "owner" => owner.contains(name),
            "groups" => groups.contains(name),
            _ => false,
        };
        let stray = owner.iter().chain(groups).find(|name| !fits(name) && self.get(name).is_some()).copied();
        if let Some(stray) = stray {
            let here = self.get(stray).map_or(self.here, |value| span(value.location()));
            let help = "leave it out, or choose the strategy that it belongs to";
            self.refuse(here, &format!("`{stray}` means nothing with `allow: {strategy}`"), help);
            return Err(Told);
        }
        Ok(match strategy {
            "owner" => {
                let claim = if mode == Mode::Oidc { "sub" } else { "sub::username" };
                Allow::Owner {
                    field: self.text("ownerField")?.unwrap_or_else(|| "owner".to_owned()),
                    claim: self.text("identityClaim")?.unwrap_or_else(|| claim.to_owned()),
                }
            }
            "groups" => self.groups()?,
            "private" => Allow::Private,
            "public" => Allow::Public,
            _ => Allow::Custom,
        })
    }

    fn groups(&mut self) -> Result<Allow, Told> {
        let claim = self.text("groupClaim")?.unwrap_or_else(|| "cognito:groups".to_owned());
        let field = self.text("groupsField")?;
        match (self.get("groups"), field) {
            (None, Some(field)) => Ok(Allow::GroupsOf { field, claim }),
            (Some(value), None) => {
                if let Some(groups) = crate::schema::strings(value).filter(|groups| !groups.is_empty()) {
                    return Ok(Allow::Groups { groups, claim });
                }
                let message = "`groups` is a list of names, at least one";
                self.refuse(span(value.location()), message, "write `groups: [\"Admin\"]`");
                Err(Told)
            }
            (Some(_), Some(_)) => {
                self.refuse(self.here, "the rule has `groups` and `groupsField`", "write a rule for each");
                Err(Told)
            }
            (None, None) => {
                self.refuse(
                    self.here,
                    "the rule names no groups",
                    "write `groups: [\"Admin\"]`, or `groupsField: \"group\"` for groups that each record names",
                );
                Err(Told)
            }
        }
    }
}
