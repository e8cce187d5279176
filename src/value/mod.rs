//! The ground: values that policies and requests are made of, and how they compare.
//!
//! In: text already cut out of a document or request. Out: operators, templates, ARNs, scalars, keys, truth.
//! Never here: reading of JSON, spans, diagnostics, policies, principals.

mod arn;
mod catalogue;
mod compare;
mod condition;
mod date;
mod decimal;
mod encoding;
mod hash;
mod ip;
mod issuer;
mod key;
mod layer;
mod operator;
mod overlap;
mod pattern;
mod profile;
mod rcp;
mod resource;
mod service;
mod template;
mod truth;

pub use arn::{ArnPattern, arn_fields, match_arn};
pub use catalogue::{AccessLevel, Action, Catalogue, ConditionKey, ResourceType, Service, Takes, ValueType};
pub use compare::{
    compare_arn, compare_base64, compare_bool, compare_date, compare_ignoring_case, compare_ip,
    compare_number,
};
pub use condition::{Held, combine, combine_null};
pub use date::Instant;
pub use decimal::Decimal;
pub use encoding::{decode_base64, encode_base64};
pub(crate) use hash::same_bytes;
pub use hash::{hash_bytes, hash_folded};
pub use ip::{Cidr, parse_address};
pub(crate) use issuer::shared_issuer_claims;
pub use key::{Arity, KeyName, KeyTable, Owner, owned_by_principal};
pub use layer::{Effect, Layer, StatementId};
pub use operator::{Base, Family, Operator, SetOperator};
pub use overlap::{covers, overlap, overlap_arn, overlap_ignoring_case};
pub use pattern::{glob, glob_ignoring_case, same_text};
pub use profile::Profile;
pub use rcp::resource_control_covers;
pub use resource::{ResourceFields, ResourcePattern, match_resource};
pub(crate) use service::has_resource_type;
pub use template::{Part, Piece, Template, Variable};
pub use truth::{Match, Truth};
