//! One field, one caller: may it be queried? (SEMANTICS H8, H9)

use std::collections::BTreeSet;

use bailiwick::Profile;

use crate::amplify::{self, Operation};
use crate::answer::{Answer, Why};
use crate::api::{DefaultAction, Mode};
use crate::caller::Caller;
use crate::policy::PolicyAnswer;
use crate::schema::{FieldDef, Kind, Mark, Schema, TypeDef};

impl Schema {
    /// The answer for a field that is selected of a value of type `parent`, which may be any of the object types
    /// `possible`. Of an interface it is open only if it is open on each of them.
    pub(crate) fn answer(
        &self,
        caller: &Caller<'_>,
        parent: &str,
        name: &str,
        possible: &BTreeSet<&str>,
    ) -> Answer {
        let (Some(found), Some(field)) = (self.types.get(parent), self.field(parent, name)) else {
            return Answer::refused(Why::NoField, None);
        };
        if found.kind == Kind::Object {
            return self.of_object(caller, parent, found, name, field);
        }
        // What an interface's field says itself counts besides. Whether an unmarked one is open by default is not
        // documented; the object types are marked, or not.
        if !field.marks.is_empty() || self.api.profile == Profile::Strict {
            let own = self.by_marks(caller, parent, found, name, field);
            if !own.allowed {
                return own;
            }
        }
        let mut last = Answer::refused(Why::NoImplementer { interface: parent.to_owned() }, Some(found.span));
        for object in possible {
            let answer = match (self.types.get(*object), self.field(object, name)) {
                (Some(found), Some(field)) => self.of_object(caller, object, found, name, field),
                _ => Answer::refused(Why::NoField, None),
            };
            if !answer.allowed {
                let why = Why::Implementer { object: (*object).to_owned(), why: Box::new(answer.why) };
                return Answer::refused(why, answer.span);
            }
            last = answer;
        }
        last
    }

    fn of_object(
        &self,
        caller: &Caller<'_>,
        parent: &str,
        found: &TypeDef,
        name: &str,
        field: &FieldDef,
    ) -> Answer {
        let answer = if found.is_model {
            self.of_model(caller, parent, name)
        } else if let Some(rules) = &field.rules {
            let place = format!("{parent}.{name}");
            amplify::answer(&amplify::access(self, caller, rules, None, &[]), place, field.span)
        } else {
            self.by_marks(caller, parent, found, name, field)
        };
        if !answer.allowed {
            return answer;
        }
        self.by_mode(caller, parent, name, answer)
    }

    fn of_model(&self, caller: &Caller<'_>, parent: &str, name: &str) -> Answer {
        let Some(model) = self.models.iter().find(|model| model.name == parent) else {
            return Answer::refused(Why::NoField, None);
        };
        let place = if model.has_field_rules(name) { format!("{parent}.{name}") } else { parent.to_owned() };
        let access = model.field_access(self, caller, name, Operation::Get);
        amplify::answer(&access, place, model.span)
    }

    /// By the field's directives, else its type's, else the default mode.
    fn by_marks(
        &self,
        caller: &Caller<'_>,
        parent: &str,
        found: &TypeDef,
        name: &str,
        field: &FieldDef,
    ) -> Answer {
        let (marks, place) = match (field.marks.as_slice(), found.marks.as_slice()) {
            ([], []) => return self.unmarked(caller),
            ([], marks) => (marks, parent.to_owned()),
            (marks, _) => (marks, format!("{parent}.{name}")),
        };
        let Some(mark) = marks.iter().find(|mark| mark.mode == caller.mode) else {
            let modes = marks.iter().map(|mark| mark.mode).collect();
            return Answer::refused(Why::NotMarked { place, mode: caller.mode, modes }, first(marks));
        };
        let span = Some(mark.span);
        match &mark.groups {
            // H8 calls this open to any valid token. Whether the default action has a say is not documented.
            None if self.denies_by_default(caller) && self.api.profile == Profile::Strict => {
                Answer::refused(Why::DefaultDeny, span)
            }
            None => Answer::open(Why::Marked { place, mode: caller.mode }, span),
            Some(groups) => match groups.iter().find(|group| caller.groups.contains(group)) {
                Some(group) => Answer::open(Why::Group { place, group: group.clone() }, span),
                None => Answer::refused(Why::NotInGroup { place, groups: groups.clone() }, span),
            },
        }
    }

    fn unmarked(&self, caller: &Caller<'_>) -> Answer {
        let default = self.api.default_mode();
        if !caller.primary {
            return Answer::refused(Why::Unmarked { mode: caller.mode, default }, None);
        }
        if self.denies_by_default(caller) {
            return Answer::refused(Why::DefaultDeny, None);
        }
        Answer::open(Why::Default { mode: default }, None)
    }

    fn denies_by_default(&self, caller: &Caller<'_>) -> bool {
        caller.primary && caller.mode == Mode::Cognito && self.api.default_action == DefaultAction::Deny
    }

    /// What the mode asks besides: the function's list, policies.
    fn by_mode(&self, caller: &Caller<'_>, parent: &str, name: &str, open: Answer) -> Answer {
        match caller.mode {
            Mode::ApiKey | Mode::Cognito | Mode::Oidc => open,
            Mode::Lambda => match &caller.function {
                Some(function) if function.is_authorized => match function.denies(parent, name) {
                    Some(named) => {
                        Answer::refused(Why::FunctionDenies { named: named.to_owned() }, open.span)
                    }
                    None => open,
                },
                _ => Answer::refused(Why::FunctionRefused, open.span),
            },
            Mode::Iam => {
                let (Some(policy), Some(arn)) = (caller.policy, self.api.field_arn(parent, name)) else {
                    return Answer::refused(Why::NoPolicyGiven, open.span);
                };
                match policy.decide(&arn) {
                    PolicyAnswer::Allowed(said) => keep(open, Why::Policy { said }),
                    PolicyAnswer::Denied(said) => Answer::refused(Why::PolicyDenies { said }, open.span),
                    // AWS's own policies name root fields only, and what they return comes along.
                    PolicyAnswer::Silent(_)
                        if self.api.profile == Profile::Aws && !self.roots.has(parent) =>
                    {
                        keep(open, Why::BelowRoot)
                    }
                    PolicyAnswer::Silent(said) => Answer::refused(Why::NoPolicy { said }, open.span),
                }
            }
        }
    }

    /// `__typename`: the name of a type of which the caller may see something.
    pub(crate) fn type_name(&self, caller: &Caller<'_>, parent: &str, possible: &BTreeSet<&str>) -> Answer {
        let fields = |name: &str| -> Vec<&String> {
            self.types.get(name).map(|found| found.fields.keys().collect()).unwrap_or_default()
        };
        let closed = possible.iter().find(|object| {
            let own = BTreeSet::from([**object]);
            !fields(object).iter().any(|field| self.answer(caller, object, field, &own).allowed)
        });
        match closed {
            None if !possible.is_empty() => Answer::open(Why::TypeName, None),
            Some(object) => Answer::refused(Why::NothingOpen { parent: (*object).to_owned() }, None),
            None => Answer::refused(Why::NothingOpen { parent: parent.to_owned() }, None),
        }
    }
}

/// An open answer with another reason, unless the records that it is open for would get lost.
fn keep(open: Answer, why: Why) -> Answer {
    if matches!(open.why, Why::Records { .. }) { open } else { Answer { why, ..open } }
}

fn first(marks: &[Mark]) -> Option<bailiwick::source::Span> {
    marks.first().map(|mark| mark.span)
}
