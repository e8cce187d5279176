//! Condition operators (SEMANTICS D2, D4, D6 and the table of D.2).

/// A whole operator: `ForAllValues:StringNotLikeIfExists`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Operator {
    /// The prefix, if any (SEMANTICS D6).
    pub set: Option<SetOperator>,
    /// The operator proper.
    pub base: Base,
    /// The suffix (SEMANTICS D4).
    pub if_exists: bool,
}

/// How several request values are combined (SEMANTICS D6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SetOperator {
    /// Every value of the request must satisfy the operator; true for none.
    ForAllValues,
    /// Some value of the request must satisfy the operator; false for none.
    ForAnyValue,
}

macro_rules! bases {
    ($($name:ident $family:ident $positive:ident,)*) => {
        /// An operator without prefix and suffix.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Base { $(#[doc = concat!("`", stringify!($name), "`")] $name,)* }

        impl Base {
            /// Every operator, in the order of SEMANTICS D.2.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its documented spelling.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What kind of value it compares.
            pub fn family(self) -> Family {
                match self { $(Self::$name => Family::$family,)* }
            }

            /// The operator that this one negates, or itself (SEMANTICS D2).
            #[must_use]
            pub fn positive(self) -> Self {
                match self { $(Self::$name => Self::$positive,)* }
            }
        }
    };
}

bases! {
    StringEquals String StringEquals,
    StringNotEquals String StringEquals,
    StringEqualsIgnoreCase String StringEqualsIgnoreCase,
    StringNotEqualsIgnoreCase String StringEqualsIgnoreCase,
    StringLike String StringLike,
    StringNotLike String StringLike,
    NumericEquals Numeric NumericEquals,
    NumericNotEquals Numeric NumericEquals,
    NumericLessThan Numeric NumericLessThan,
    NumericLessThanEquals Numeric NumericLessThanEquals,
    NumericGreaterThan Numeric NumericGreaterThan,
    NumericGreaterThanEquals Numeric NumericGreaterThanEquals,
    DateEquals Date DateEquals,
    DateNotEquals Date DateEquals,
    DateLessThan Date DateLessThan,
    DateLessThanEquals Date DateLessThanEquals,
    DateGreaterThan Date DateGreaterThan,
    DateGreaterThanEquals Date DateGreaterThanEquals,
    Bool Bool Bool,
    BinaryEquals Binary BinaryEquals,
    IpAddress Ip IpAddress,
    NotIpAddress Ip IpAddress,
    ArnEquals Arn ArnEquals,
    ArnLike Arn ArnEquals,
    ArnNotEquals Arn ArnEquals,
    ArnNotLike Arn ArnEquals,
    Null Null Null,
}

/// What kind of value an operator compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Text.
    String,
    /// Exact decimals (SEMANTICS D11).
    Numeric,
    /// Instants (SEMANTICS D12).
    Date,
    /// `true` and `false` (SEMANTICS D13).
    Bool,
    /// Bytes (SEMANTICS D14).
    Binary,
    /// Addresses in ranges (SEMANTICS D15).
    Ip,
    /// ARNs, field by field (SEMANTICS D16).
    Arn,
    /// Presence (SEMANTICS D17).
    Null,
}

impl Base {
    /// Whether it is the negation of another operator (SEMANTICS D2).
    pub fn is_negated(self) -> bool {
        // `ArnLike` is a second name for `ArnEquals`, not its negation.
        self.positive() != self && self != Self::ArnLike
    }

    /// The operator whose name is `name` in any letter case (SEMANTICS A4).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|base| base.name().eq_ignore_ascii_case(name))
    }
}

impl SetOperator {
    /// Its documented spelling, without the colon.
    pub fn name(self) -> &'static str {
        match self {
            Self::ForAllValues => "ForAllValues",
            Self::ForAnyValue => "ForAnyValue",
        }
    }
}

impl core::fmt::Display for Operator {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if let Some(set) = self.set {
            write!(f, "{}:", set.name())?;
        }
        f.write_str(self.base.name())?;
        if self.if_exists { f.write_str("IfExists") } else { Ok(()) }
    }
}
