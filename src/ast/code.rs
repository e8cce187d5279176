//! The codes of refused documents, E010..E099. Each has a page `docs/codes/E0NN.md` and a document in `fixtures/rejected`.

use crate::source::Code;

macro_rules! codes {
    ($($name:ident $code:literal,)*) => {
        $(pub(super) const $name: Code = Code($code);)*

        /// Every code that [`parse`](super::parse) refuses with, in order; syntax errors of JSON have codes of their own.
        pub const CODES: &[Code] = &[$($name,)*];
    };
}

codes! {
    NOT_AN_OBJECT "E010",
    UNKNOWN_ELEMENT "E011",
    DUPLICATE_MEMBER "E012",
    UNKNOWN_OPERATOR "E013",
    WRONG_TYPE "E014",
    BAD_VERSION "E015",
    MISSING_ELEMENT "E016",
    BOTH_HALVES "E017",
    FORBIDDEN_ELEMENT "E018",
    BAD_EFFECT "E019",
    FORBIDDEN_EFFECT "E020",
    BAD_SID "E021",
    DUPLICATE_SID "E022",
    NO_STATEMENTS "E023",
    BAD_ACTION "E024",
    FORBIDDEN_ACTION "E025",
    BAD_RESOURCE "E026",
    INCOMPLETE_ARN "E027",
    EMPTY_EXCLUSION "E028",
    UNKNOWN_PRINCIPAL_TYPE "E029",
    BAD_PRINCIPAL "E030",
    WILDCARD_IN_PRINCIPAL "E031",
    GROUP_AS_PRINCIPAL "E032",
    FORBIDDEN_PRINCIPAL "E033",
    ALLOW_NOT_PRINCIPAL "E034",
    UNCLOSED_VARIABLE "E035",
    EMPTY_VARIABLE "E036",
    BAD_VARIABLE_NAME "E037",
    BAD_DEFAULT "E038",
    MISPLACED_VARIABLE "E039",
    MULTIVALUED_VARIABLE "E040",
    VARIABLE_BEFORE_2012 "E041",
    BAD_LITERAL "E042",
    SET_PREFIX_MISSING "E043",
    NULL_IF_EXISTS "E044",
    NULL_WITH_SET_PREFIX "E045",
    NO_VALUES "E046",
    EMPTY_KEY "E047",
    TOO_LARGE "E048",
    OWN_GUARD "E049",
    BAD_CHARACTER "E050",
    SHARED_ISSUER "E051",
}
