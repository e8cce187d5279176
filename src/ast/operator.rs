//! Names of condition operators (SEMANTICS A4, A17, D4, D6): `grammar/operator.ebnf`.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag_no_case, take_while1};
use nom::character::complete::char;
use nom::combinator::{all_consuming, cut, map_opt, opt, value};
use nom::sequence::terminated;

use super::template::Parsed;
use crate::source::nearest;
use crate::value::{Base, Operator, SetOperator};

const IF_EXISTS: &str = "IfExists";

/// Reads a whole operator, in any letter case.
pub(super) fn read(text: &str) -> Option<Operator> {
    all_consuming(operator).parse(text).ok().map(|(_, operator)| operator)
}

fn operator(input: &str) -> Parsed<'_, Operator> {
    let (rest, set) = opt(set_operator).parse(input)?;
    let (rest, (base, if_exists)) = cut(base).parse(rest)?;
    Ok((rest, Operator { set, base, if_exists }))
}

fn set_operator(input: &str) -> Parsed<'_, SetOperator> {
    let name = alt((
        value(SetOperator::ForAllValues, tag_no_case("ForAllValues")),
        value(SetOperator::ForAnyValue, tag_no_case("ForAnyValue")),
    ));
    terminated(name, char(':')).parse(input)
}

/// A word of the table of SEMANTICS D.2, and whether `IfExists` ends it.
fn base(input: &str) -> Parsed<'_, (Base, bool)> {
    let word = take_while1(|char: char| char.is_ascii_alphabetic());
    map_opt(word, |word: &str| match strip_suffix(word, IF_EXISTS) {
        Some(word) => Some((Base::from_name(word)?, true)),
        None => Some((Base::from_name(word)?, false)),
    })
    .parse(input)
}

/// The operator that somebody may have meant.
pub(super) fn similar(text: &str) -> Option<String> {
    let (prefix, rest) = text.rsplit_once(':').map_or((None, text), |(prefix, rest)| (Some(prefix), rest));
    let (word, suffix) = strip_suffix(rest, IF_EXISTS).map_or((rest, ""), |word| (word, IF_EXISTS));
    let base = nearest(word, Base::ALL.iter().map(|base| base.name()))?;
    let set = match prefix {
        None => String::new(),
        Some(prefix) => {
            let sets = [SetOperator::ForAllValues, SetOperator::ForAnyValue];
            format!("{}:", nearest(prefix.trim_end_matches(':'), sets.iter().map(|set| set.name()))?)
        }
    };
    Some(format!("{set}{base}{suffix}"))
}

fn strip_suffix<'a>(word: &'a str, suffix: &str) -> Option<&'a str> {
    let (start, end) = word.split_at_checked(word.len().checked_sub(suffix.len())?)?;
    end.eq_ignore_ascii_case(suffix).then_some(start)
}
