//! ARNs: six fields, cut at the first five colons (SEMANTICS B3, D16).

use super::{Part, Template, glob};

/// The fields of an ARN after `arn`: partition, service, region, account, and the resource with its colons.
/// `None` if it does not start with `arn:` or has fewer than six fields.
pub fn arn_fields(text: &str) -> Option<[&str; 5]> {
    let mut fields = text.strip_prefix("arn:")?.splitn(5, ':');
    Some([fields.next()?, fields.next()?, fields.next()?, fields.next()?, fields.next()?])
}

/// A pattern over the five fields after `arn`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArnPattern {
    /// Partition, service, region, account, resource.
    pub fields: [Template; 5],
}

/// Field-wise glob of an ARN operator, case-sensitive (SEMANTICS D16): `parts(i)` gives the parts of field `i`.
pub fn match_arn<'a, P>(parts: impl Fn(usize) -> P, text: &str) -> bool
where
    P: Iterator<Item = Part<'a>> + Clone,
{
    arn_fields(text).is_some_and(|fields| fields.iter().enumerate().all(|(i, field)| glob(parts(i), field)))
}
