//! The codes of this crate; `docs/codes` has a page for each.

use bailiwick::source::Code;

pub(crate) const SYNTAX: Code = Code("E340");
pub(crate) const TOO_LARGE: Code = Code("E341");
pub(crate) const TWICE: Code = Code("E342");
pub(crate) const UNFIT: Code = Code("E343");
pub(crate) const UNKNOWN_DIRECTIVE: Code = Code("E344");
pub(crate) const WRONG_PLACE: Code = Code("E345");
pub(crate) const ARGUMENTS: Code = Code("E346");
pub(crate) const AWS_AUTH: Code = Code("E347");
pub(crate) const RULE: Code = Code("E348");
pub(crate) const TWO_KINDS: Code = Code("E349");
pub(crate) const API: Code = Code("E350");
pub(crate) const TOKEN: Code = Code("E351");
pub(crate) const LAMBDA: Code = Code("E352");
pub(crate) const QUERY: Code = Code("E353");
pub(crate) const QUERY_LIMIT: Code = Code("E354");
pub(crate) const WHICH: Code = Code("E355");
pub(crate) const CLIENT: Code = Code("E356");
pub(crate) const SUBSCRIBE: Code = Code("E357");
pub(crate) const AMPLIFY_SOURCE: Code = Code("E358");
pub(crate) const NO_ARN: Code = Code("E359");

pub(crate) const BELOW_ROOT: Code = Code("L080");
pub(crate) const NO_SUCH_MODE: Code = Code("L081");
pub(crate) const YIELDS_NOTHING: Code = Code("L082");
pub(crate) const SUBSCRIPTION: Code = Code("L083");
pub(crate) const NOBODY: Code = Code("L084");
pub(crate) const NO_GROUPS: Code = Code("L085");
pub(crate) const UNANCHORED: Code = Code("L086");
pub(crate) const NO_MEANING: Code = Code("L087");
pub(crate) const OWNER_MOVES: Code = Code("L088");
pub(crate) const PUBLIC_SWITCH: Code = Code("L089");
