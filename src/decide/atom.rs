//! One condition.

use super::env::{Env, Resolution, find};
use crate::tree::{
    ARITY_MANY, ARITY_ONE, Form, Key, Operand, Quick, Range, cidr_of_words, instant_of_words, operand,
    unpack_operator,
};
use crate::value::{
    self, Arity, Base, Family, Held, Match, Operator, Part, Profile, Truth, combine, combine_null,
    parse_address, same_bytes,
};

impl Env<'_, '_> {
    /// Whether a condition holds (SEMANTICS D).
    pub(super) fn atom(&self, id: u32, quick: &Quick) -> Truth {
        let name = self.tree.bytes(quick.name);
        let held = match self.principal.context.find(quick.hash, name) {
            // What the principal holds goes before what the request says.
            Held::Missing if !quick.owned => find(&self.request.context, quick.hash, name),
            held => held,
        };
        match self.quick(quick, held) {
            Some(truth) => truth,
            None => self.general(id, self.key(quick.key), held),
        }
    }

    /// The usual conditions on one text; `None` if they are not, or are not settled so.
    pub(super) fn quick(&self, quick: &Quick, held: Held<'_>) -> Option<Truth> {
        let one_of = |range: Range, text: &str| {
            range.of(&self.tree.operands).iter().any(|row| {
                same_bytes(self.tree.bytes(crate::tree::Text { at: row.a, len: row.b }), text.as_bytes())
            })
        };
        let text = match held {
            Held::One(text) => text,
            Held::Missing => {
                return match quick.form {
                    Form::General | Form::Key(_) => None,
                    _ => Some(Truth::of(quick.if_missing)),
                };
            }
            Held::Many(list) => {
                return match quick.form {
                    Form::SomeText(range) => Some(Truth::of(list.iter().any(|text| one_of(range, text)))),
                    _ => None,
                };
            }
            Held::Unknown | Held::Ambiguous => return None,
        };
        let holds = match quick.form {
            Form::General => return None,
            Form::Text(row) => same_bytes(text.as_bytes(), self.tree.bytes(row)),
            Form::Texts(range) | Form::SomeText(range) => one_of(range, text),
            Form::Start(row) => {
                let start = self.tree.bytes(row);
                text.as_bytes().get(..start.len()).is_some_and(|begin| same_bytes(begin, start))
            }
            Form::Key(other) => match self.held(self.key(other)) {
                // SEMANTICS C6: an empty value is none.
                Held::One(value) if !value.is_empty() => same_bytes(text.as_bytes(), value.as_bytes()),
                _ => return None,
            },
            Form::Bool(yes, no) => {
                if text.eq_ignore_ascii_case("true") {
                    yes
                } else if text.eq_ignore_ascii_case("false") {
                    no
                } else {
                    return None;
                }
            }
            Form::Ranges(range) => {
                let address = parse_address(text)?;
                let inside = |row: &Operand| cidr_of_words(self.words(row.a), row.b).contains(address);
                range.of(&self.tree.operands).iter().any(inside)
            }
        };
        Some(Truth::of(holds != quick.negated))
    }

    /// Every condition, by its row.
    pub(super) fn general(&self, id: u32, key: &Key, held: Held<'_>) -> Truth {
        let Some(atom) = self.tree.atoms.get(id as usize) else { return Truth::Maybe };
        let operator = unpack_operator(atom.operator);
        let operands = atom.operands.of(&self.tree.operands);
        if operator.base == Base::Null {
            let listed = |absent| {
                operands.iter().any(|operand| operand.kind == operand::NULL && operand.a == u32::from(absent))
            };
            return combine_null(operator.set, held, listed(true), listed(false));
        }
        let profile = self.tree.profile;
        // SEMANTICS C5, X6: under `strict` a negated operator with an unresolved variable is undecided.
        if profile == Profile::Strict && operator.base.is_negated() && self.some_unresolved(operands) {
            return Truth::Maybe;
        }
        if let (Held::One(text), true, None) = (held, key.arity != ARITY_MANY, operator.set)
            && !operands.is_empty()
        {
            // What `combine` says of one text, said shorter: most conditions are this.
            let any = self.compare_any(operator, operands, text);
            return if operator.base.is_negated() { any.not() } else { any }.truth(profile);
        }
        let arity = match key.arity {
            ARITY_ONE => Some(Arity::One),
            ARITY_MANY => Some(Arity::Many),
            _ => None,
        };
        combine(operator, arity, profile, held, operands.len(), |text| {
            self.compare_any(operator, operands, text)
        })
    }

    fn some_unresolved(&self, operands: &[Operand]) -> bool {
        operands.iter().any(|operand| self.operand_resolution(operand) != Resolution::Complete)
    }

    /// One text with all operands.
    fn compare_any(&self, operator: Operator, operands: &[Operand], text: &str) -> Match {
        let mut any = Match::No;
        for operand in operands {
            any = any.or(self.compare(operator, operand, text));
            if any == Match::Yes {
                break;
            }
        }
        any
    }

    fn operand_resolution(&self, operand: &Operand) -> Resolution {
        match operand.kind {
            operand::TEMPLATE => self.resolution(range(operand)),
            operand::ARN => {
                let Some(arn) = self.tree.arns.get(operand.a as usize) else { return Resolution::Missing };
                (0..5).map(|i| self.resolution(arn.field(i))).max().unwrap_or(Resolution::Complete)
            }
            _ => Resolution::Complete,
        }
    }

    /// One request value with one operand, by the positive form of the operator.
    fn compare(&self, operator: Operator, operand: &Operand, text: &str) -> Match {
        if operand.kind == operand::TEXT {
            let row = crate::tree::Text { at: operand.a, len: operand.b };
            let literal = || core::iter::once(Part::Literal(self.tree.text(row)));
            return match operator.base {
                Base::Bool => value::compare_bool(text, literal()),
                Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase => {
                    value::compare_ignoring_case(self.tree.profile, text, literal())
                }
                _ => Match::of(same_bytes(text.as_bytes(), self.tree.bytes(row))),
            };
        }
        match self.operand_resolution(operand) {
            Resolution::Complete => {}
            Resolution::Missing => return Match::No,
            Resolution::Malformed => return Match::Malformed,
            Resolution::Unknown => return Match::Unknown,
        }
        let tree = self.tree;
        match operand.kind {
            operand::TEMPLATE if operator.base.family() == Family::Bool => {
                value::compare_bool(text, self.parts(range(operand)))
            }
            operand::TEMPLATE => match operator.base.positive() {
                Base::StringLike => Match::of(value::glob(self.parts(range(operand)), text)),
                Base::StringEqualsIgnoreCase => {
                    value::compare_ignoring_case(tree.profile, text, self.parts(range(operand)))
                }
                _ => Match::of(value::same_text(self.parts(range(operand)), text)),
            },
            operand::ARN => match tree.arns.get(operand.a as usize) {
                Some(arn) => value::compare_arn(text, |i| self.parts(arn.field(i))),
                None => Match::Malformed,
            },
            operand::NUMBER => value::compare_number(
                operator.base,
                text,
                tree.text(crate::tree::Text { at: operand.a, len: operand.b }),
            ),
            operand::DATE => {
                value::compare_date(operator.base, text, instant_of_words(self.words(operand.a)))
            }
            operand::IP => value::compare_ip(text, &cidr_of_words(self.words(operand.a), operand.b)),
            operand::BYTES => {
                value::compare_base64(text, tree.text(crate::tree::Text { at: operand.a, len: operand.b }))
            }
            _ => Match::Malformed,
        }
    }

    fn words(&self, at: u32) -> &[u32] {
        let at = at as usize;
        self.tree.words.get(at..at.saturating_add(4)).unwrap_or_default()
    }
}

fn range(operand: &Operand) -> Range {
    Range { start: operand.a, end: operand.b }
}
