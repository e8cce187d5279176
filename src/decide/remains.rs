//! What is left of a rule once its principal is known: the conditions that the request decides, and its resource as one text.

use super::Slot;
use super::env::Env;
use super::walk::ALL_ATOMS;
use crate::tree::{Form, NONE, Quick, RULE_TARGET, Range, Rule, piece, resource};
use crate::value::{Held, Layer, Truth, same_bytes};

/// What is left of some rules.
#[derive(Clone, Debug, Default)]
pub(super) struct Remains {
    pub(super) rules: Vec<Left>,
    /// Conditions of the rules.
    asks: Vec<Ask>,
    /// Texts that resources must begin with.
    texts: Vec<u8>,
}

/// What is left of one rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    pub(super) rule: u32,
    /// Which of the rule's first 32 atoms are still to be asked, where it has to be asked in full.
    pub(super) atoms: u32,
    pub(super) slot: Slot,
    pub(super) deny: bool,
    /// It has to be asked in full.
    pub(super) general: bool,
    pub(super) statement: u32,
    resource: Begins,
    asks: Range,
}

/// What the resource's text must be.
#[derive(Clone, Copy, Debug)]
enum Begins {
    /// Only the clause can tell.
    Clause,
    /// Anything.
    Any,
    /// It begins so: a part of `texts`.
    With(Range),
    /// It is so.
    Is(Range),
}

/// A condition on what the request holds.
#[derive(Clone, Copy, Debug)]
struct Ask {
    atom: u32,
    /// The text that it must equal is the principal's, under this number.
    value: u32,
}

/// Adds what is left of a rule; `None` if it can never apply to the principal.
pub(super) fn remains(env: Env<'_, '_>, bounded: bool, id: u32, to: &mut Remains) -> Option<u32> {
    let tree = env.tree;
    let rule = tree.rules.get(id as usize)?;
    if rule.layer() == Layer::Boundary && !bounded {
        return None;
    }
    let enough = |truth: Truth| truth == Truth::Yes || rule.is_deny() && truth == Truth::Maybe;
    let start = to.asks.len();
    let mut atoms = ALL_ATOMS;
    let ids = rule.atoms.of(&tree.rule_atoms);
    for (at, id) in (0..32).zip(ids) {
        let quick = tree.derived.quick.get(*id as usize)?;
        if quick.settled {
            if !enough(env.atom(*id, quick)) {
                to.asks.truncate(start);
                return None;
            }
            atoms &= !(1 << at);
        } else {
            to.asks.push(ask(env, *id, quick));
        }
    }
    if let Some(clause) = tree.clauses.get(rule.principals as usize)
        && !enough(env.principals(clause, rule.layer(), bounded).truth)
    {
        to.asks.truncate(start);
        return None;
    }
    let general = rule.flags & RULE_TARGET != 0
        || rule.principals != NONE
        || rule.layer() == Layer::ResourceControl
        || ids.len() > 32
        || to
            .asks
            .iter()
            .skip(start)
            .any(|ask| env.quick_of(ask.atom).is_none_or(|quick| env.is_of_principal(quick)));
    if let Some(asks) = to.asks.get_mut(start..) {
        asks.sort_by_key(|ask| env.quick_of(ask.atom).is_some_and(|quick| !quick.form.is_cheap()));
    }
    let number = |length: usize| u32::try_from(length).unwrap_or(NONE);
    let left = Left {
        rule: id,
        atoms,
        slot: Slot::new(rule.layer(), rule.level()),
        deny: rule.is_deny(),
        general,
        statement: rule.statement,
        resource: if general { Begins::Clause } else { begins(env, rule, &mut to.texts) },
        asks: Range { start: number(start), end: number(to.asks.len()) },
    };
    to.rules.push(left);
    Some(number(to.rules.len() - 1))
}

/// An atom, with the value of the principal's key that it compares with.
fn ask(env: Env<'_, '_>, atom: u32, quick: &Quick) -> Ask {
    let value = match quick.form {
        Form::Key(key) => env.principal_place(key),
        _ => NONE,
    };
    Ask { atom, value }
}

/// The text that the rule's only resource begins with, variables filled in.
fn begins(env: Env<'_, '_>, rule: &Rule, texts: &mut Vec<u8>) -> Begins {
    let tree = env.tree;
    if rule.resources == NONE {
        return Begins::Any;
    }
    let Some(clause) = tree.clauses.get(rule.resources as usize) else { return Begins::Clause };
    let [test] = clause.tests.of(&tree.resource_tests) else { return Begins::Clause };
    if clause.negated == 1 {
        return Begins::Clause;
    }
    if test.kind == resource::ANY {
        return Begins::Any;
    }
    if test.shape & resource::STRAIGHT == 0 {
        return Begins::Clause;
    }
    let start = texts.len();
    texts.extend_from_slice(tree.bytes(test.head));
    let mut open = false;
    for piece in test.tail.of(&tree.pieces) {
        match piece.kind {
            piece::LITERAL => texts.extend_from_slice(tree.bytes(piece.text)),
            piece::ANY => open = true,
            _ => match env.variable(piece) {
                // Only the principal's own values stay what they are.
                Ok(value) if env.principal_owns(piece.key) => texts.extend_from_slice(value.as_bytes()),
                _ => {
                    texts.truncate(start);
                    return Begins::Clause;
                }
            },
        }
    }
    let number = |length: usize| u32::try_from(length).unwrap_or(NONE);
    let range = Range { start: number(start), end: number(texts.len()) };
    if open { Begins::With(range) } else { Begins::Is(range) }
}

impl Remains {
    /// Whether the conditions of a rule hold, cheap ones before the resource, dear ones behind it. The rule's resources are
    /// asked by `clause` where their text is not enough.
    #[inline]
    pub(super) fn hold(&self, env: &Env<'_, '_>, left: &Left, clause: impl Fn() -> Truth) -> bool {
        let enough = |truth: Truth| truth == Truth::Yes || left.deny && truth == Truth::Maybe;
        let resource = || match left.resource {
            Begins::Any => true,
            Begins::Clause => enough(clause()),
            Begins::With(range) => {
                let start = range.of(&self.texts);
                let begin = env.request.resource().as_bytes().get(..start.len());
                begin.is_some_and(|begin| same_bytes(begin, start)) || left.deny && enough(clause())
            }
            Begins::Is(range) => {
                let whole = range.of(&self.texts);
                same_bytes(env.request.resource().as_bytes(), whole) || left.deny && enough(clause())
            }
        };
        let mut asked = false;
        for ask in left.asks.of(&self.asks) {
            let Some(quick) = env.quick_of(ask.atom) else { return false };
            if !asked && !quick.form.is_cheap() {
                if !resource() {
                    return false;
                }
                asked = true;
            }
            if !enough(Self::ask(env, *ask, quick)) {
                return false;
            }
        }
        asked || resource()
    }

    fn ask(env: &Env<'_, '_>, ask: Ask, quick: &Quick) -> Truth {
        let held = env.request.context.find(quick.hash, env.tree.bytes(quick.name));
        if let (Held::One(text), Some(value)) = (held, env.principal.context.value(ask.value)) {
            return Truth::of(same_bytes(text.as_bytes(), value.as_bytes()) != quick.negated);
        }
        match env.quick(quick, held) {
            Some(truth) => truth,
            None => env.general(ask.atom, env.key(quick.key), held),
        }
    }
}
