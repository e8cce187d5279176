//! The nested rule, against a reading of it that walks every way by hand: random schemas as data, the rule in five lines,
//! and what [`Schema::fields`] and [`check`] say of the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage may fail loudly")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use bailiwick::identity::Claims;
use bailiwick_graphql::{Api, Caller, DefaultAction, Limits, Mode, Provider, Schema, State, check};
use proptest::prelude::*;

/// What a place says of modes: nothing, a key, the pool, the pool's group, both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Nothing,
    Key,
    Pool,
    Group,
    KeyAndGroup,
}

/// A field: what it says, and the type that it returns, if it is one of ours.
#[derive(Clone, Copy, Debug)]
struct Field {
    says: Says,
    result: Option<usize>,
}

#[derive(Clone, Debug)]
struct Type {
    says: Says,
    fields: Vec<Field>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Key,
    Stranger,
    Member,
}

#[derive(Clone, Debug)]
struct World {
    /// The first is the query type.
    types: Vec<Type>,
    key_is_default: bool,
    denies: bool,
    who: Who,
}

fn says() -> impl Strategy<Value = Says> {
    prop_oneof![
        4 => Just(Says::Nothing),
        1 => Just(Says::Key),
        1 => Just(Says::Pool),
        1 => Just(Says::Group),
        1 => Just(Says::KeyAndGroup)
    ]
}

fn world() -> impl Strategy<Value = World> {
    let field = (says(), proptest::option::weighted(0.6, 0..4_usize))
        .prop_map(|(says, result)| Field { says, result });
    let types = (says(), prop::collection::vec(field, 1..4)).prop_map(|(says, fields)| Type { says, fields });
    let who = prop_oneof![Just(Who::Key), Just(Who::Stranger), Just(Who::Member)];
    (prop::collection::vec(types, 4), any::<bool>(), any::<bool>(), who)
        .prop_map(|(types, key_is_default, denies, who)| World { types, key_is_default, denies, who })
}

impl World {
    /// The rule (SEMANTICS H8): the field's word, else its type's, else the default mode.
    fn is_open(&self, at: usize, field: Field) -> bool {
        let says = if field.says == Says::Nothing { self.types[at].says } else { field.says };
        match (says, self.who) {
            (Says::Nothing, Who::Key) => self.key_is_default,
            (Says::Nothing, _) => !self.key_is_default && !self.denies,
            (Says::Key, who) => who == Who::Key,
            (Says::Pool, who) => who != Who::Key,
            (Says::Group, who) => who == Who::Member,
            (Says::KeyAndGroup, who) => who != Who::Stranger,
        }
    }

    /// Types that open ways lead to, each way walked to its end.
    fn reached(&self) -> BTreeSet<usize> {
        fn walk(world: &World, at: usize, way: &mut Vec<usize>, found: &mut BTreeSet<usize>) {
            found.insert(at);
            way.push(at);
            for field in &world.types[at].fields {
                if let Some(next) = field.result.filter(|next| !way.contains(next))
                    && world.is_open(at, *field)
                {
                    walk(world, next, way, found);
                }
            }
            way.pop();
        }
        let mut found = BTreeSet::new();
        walk(self, 0, &mut Vec::new(), &mut found);
        found
    }

    /// Whether a query of the type can end in a leaf, each way tried.
    fn yields(&self, at: usize, way: &mut Vec<usize>) -> bool {
        if way.contains(&at) {
            return false;
        }
        way.push(at);
        let found = self.types[at]
            .fields
            .iter()
            .any(|field| self.is_open(at, *field) && field.result.is_none_or(|next| self.yields(next, way)));
        way.pop();
        found
    }

    fn sdl(&self) -> String {
        let words = |says| match says {
            Says::Nothing => "",
            Says::Key => " @aws_api_key",
            Says::Pool => " @aws_cognito_user_pools",
            Says::Group => " @aws_cognito_user_pools(cognito_groups: [\"g\"])",
            Says::KeyAndGroup => " @aws_cognito_user_pools(cognito_groups: [\"g\"]) @aws_api_key",
        };
        let mut text = String::new();
        for (at, found) in self.types.iter().enumerate() {
            let _ = writeln!(text, "type {}{} {{", name(at), words(found.says));
            for (number, field) in found.fields.iter().enumerate() {
                let result = field.result.map_or("Int", name);
                let _ = writeln!(text, "  f{number}: [{result}!]{}", words(field.says));
            }
            text.push_str("}\n");
        }
        text
    }

    fn api(&self) -> Api {
        let (first, second) =
            if self.key_is_default { (Mode::ApiKey, Mode::Cognito) } else { (Mode::Cognito, Mode::ApiKey) };
        let mut api = Api::new(Provider::of(first)).with(Provider::of(second));
        api.default_action = if self.denies { DefaultAction::Deny } else { DefaultAction::Allow };
        api
    }
}

fn name(at: usize) -> &'static str {
    ["Query", "A", "B", "C"][at]
}

/// A query along fields, down to a leaf; the type that it ends in.
fn way(world: &World, steps: &[usize]) -> (String, bool) {
    let (mut at, mut open, mut query, mut close) = (0, true, String::from("{"), 1);
    for step in steps {
        let number = step % world.types[at].fields.len();
        let field = world.types[at].fields[number];
        open &= world.is_open(at, field);
        let _ = write!(query, " x{close}: f{number}");
        let Some(next) = field.result else {
            query.push_str(&" }".repeat(close));
            return (query, open);
        };
        at = next;
        query.push_str(" {");
        close += 1;
    }
    // Not at a leaf: the name of the type, which wants something of it open.
    open &= world.types[at].fields.iter().any(|field| world.is_open(at, *field));
    query.push_str(" __typename");
    query.push_str(&" }".repeat(close));
    (query, open)
}

proptest! {
    #[test]
    fn fields_and_queries_follow_the_nested_rule(
        world in world(),
        steps in prop::collection::vec(0..12_usize, 1..8),
    ) {
        let api = world.api();
        let schema = Schema::read(world.sdl().as_str(), &api).unwrap();
        let groups = if world.who == Who::Member { r#"["other", "g"]"# } else { r#"["G"]"# };
        let claims = Claims::parse(format!(r#"{{"token_use": "id", "cognito:groups": {groups}}}"#).as_str()).unwrap();
        let caller = match world.who {
            Who::Key => Caller::api_key(&api).unwrap(),
            _ => Caller::from_claims(&api, &claims, Some(Mode::Cognito), 0).unwrap(),
        };
        let reached = world.reached();
        for row in schema.fields(&caller) {
            let at = (0..4).find(|at| name(*at) == row.parent).unwrap();
            let number: usize = row.field[1..].parse().unwrap();
            let field = world.types[at].fields[number];
            let expected = if !world.is_open(at, field) {
                State::Refused
            } else if field.result.is_some_and(|next| !world.yields(next, &mut Vec::new())) {
                State::Empty
            } else if reached.contains(&at) {
                State::Usable
            } else {
                State::Unreachable
            };
            prop_assert_eq!(row.state, expected, "{}.{} of\n{}", row.parent, row.field, world.sdl());
        }
        let (query, open) = way(&world, &steps);
        let answer = check(&schema, &caller, query.as_str(), None, Limits::default()).unwrap();
        prop_assert_eq!(answer.is_allowed(), open, "{} of\n{}", query, world.sdl());
        // Below the first refusal everything is refused.
        let first = answer.fields.iter().position(|field| !field.answer.allowed).unwrap_or(answer.fields.len());
        prop_assert!(answer.fields[first..].iter().all(|field| !field.answer.allowed));
    }

    /// One more group never takes a field away, and one more directive for others never opens it.
    #[test]
    fn groups_only_add(world in world()) {
        let member = World { who: Who::Member, ..world.clone() };
        let stranger = World { who: Who::Stranger, ..world };
        let states = |world: &World, groups: &str| {
            let api = world.api();
            let schema = Schema::read(world.sdl().as_str(), &api).unwrap();
            let claims = Claims::parse(format!(r#"{{"token_use": "access", "cognito:groups": {groups}}}"#).as_str()).unwrap();
            let caller = Caller::from_claims(&api, &claims, Some(Mode::Cognito), 0).unwrap();
            schema.fields(&caller).into_iter().map(|row| row.state == State::Usable).collect::<Vec<_>>()
        };
        for (less, more) in states(&stranger, "[]").into_iter().zip(states(&member, r#"["g"]"#)) {
            prop_assert!(more || !less);
        }
    }

    /// Whatever text comes, there is an answer or a refusal with a place in the text.
    #[test]
    fn no_text_panics(text in "(type|extend|union|interface|schema|input|Query|A|@aws_iam|@auth|@model|@aws_auth|\\(|\\)|\\{|\\}|\\[|\\]|:|=|\\||&|\"|\"\"\"|#|\n| |\u{e9}|rules|allow|owner|cognito_groups|a|on|\\.\\.\\.){0,40}") {
        let api = Api::new(Provider::cognito());
        match Schema::read(text.as_str(), &api) {
            Ok(schema) => {
                let claims = Claims::parse(r#"{"token_use": "id"}"#).unwrap();
                let caller = Caller::from_claims(&api, &claims, Some(Mode::Cognito), 0).unwrap();
                schema.fields(&caller);
                schema.models(&caller);
                let _ = check(&schema, &caller, text.as_str(), None, Limits::default());
            }
            Err(refused) => {
                prop_assert!(!refused.list.is_empty());
                for one in &refused.list {
                    prop_assert!(one.labels.iter().all(|label| label.span.end as usize <= text.len()));
                    prop_assert!(text.get(one.span().range()).is_some());
                    prop_assert!(one.help.is_some(), "{:?}", one);
                }
            }
        }
    }
}
