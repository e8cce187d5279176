//! Named values of a request or a principal.

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::value::{Held, KeyName, hash_folded, same_bytes};

/// A value in a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextValue<'a> {
    /// One text. Numbers and booleans come as their canonical JSON text (SEMANTICS D10).
    Text(Cow<'a, str>),
    /// Several texts; a key that holds a list is multivalued for this request (SEMANTICS E4).
    List(Vec<Cow<'a, str>>),
    /// It exists but was not delivered: nothing that depends on it may be decided in the caller's favour (SEMANTICS G16).
    Unknown,
    /// Given twice under names that differ only by case (SEMANTICS D18).
    Ambiguous,
}

impl ContextValue<'_> {
    /// The same, borrowed from here.
    pub fn reborrow(&self) -> ContextValue<'_> {
        match self {
            Self::Text(text) => ContextValue::Text(Cow::Borrowed(text)),
            Self::List(list) => ContextValue::List(list.iter().map(|text| Cow::Borrowed(&**text)).collect()),
            Self::Unknown => ContextValue::Unknown,
            Self::Ambiguous => ContextValue::Ambiguous,
        }
    }

    /// The same, with all it needs.
    pub fn into_owned(self) -> ContextValue<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Text(text) => ContextValue::Text(own(text)),
            Self::List(list) => ContextValue::List(list.into_iter().map(own).collect()),
            Self::Unknown => ContextValue::Unknown,
            Self::Ambiguous => ContextValue::Ambiguous,
        }
    }
}

/// Values by name, ignoring ASCII case (SEMANTICS D5).
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    entries: SmallVec<[Entry<'a>; 8]>,
    /// One bit for each name's hash: most questions for absent names end here.
    names: u64,
    /// Some value is unknown or ambiguous.
    irregular: bool,
    /// Some value is larger than the guards of SEMANTICS I2 allow.
    oversized: bool,
}

/// SEMANTICS I2: bytes of one request value.
const VALUE_BYTES: usize = 64 << 10;
/// SEMANTICS I2: values of one list.
const LIST_VALUES: usize = 10_000;

#[derive(Clone, Debug)]
struct Entry<'a> {
    hash: u64,
    name: Cow<'a, str>,
    value: ContextValue<'a>,
}

impl<'a> Context<'a> {
    /// Adds a value; a name that is there already, in any letter case, becomes ambiguous.
    pub fn insert(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<ContextValue<'a>>) {
        let name = name.into();
        self.add(hash_folded(name.as_bytes()), name, value.into());
    }

    /// The same for a name whose hash is known.
    pub(crate) fn insert_key(&mut self, key: &'a KeyName, value: ContextValue<'a>) {
        self.add(key.folded_hash(), Cow::Borrowed(key.as_str()), value);
    }

    fn add(&mut self, hash: u64, name: Cow<'a, str>, value: ContextValue<'a>) {
        if self.may_hold(hash)
            && let Some(entry) = self.find_mut(hash, &name)
        {
            entry.value = ContextValue::Ambiguous;
            self.irregular = true;
        } else {
            self.push(hash, name, value);
        }
    }

    /// Adds a value, or replaces the one under that name.
    pub fn replace(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<ContextValue<'a>>) {
        let name = name.into();
        let hash = hash_folded(name.as_bytes());
        let value = value.into();
        if let Some(at) =
            self.entries.iter().position(|e| e.hash == hash && e.name.eq_ignore_ascii_case(&name))
        {
            self.entries.remove(at);
        }
        self.push(hash, name, value);
    }

    /// What stands under a name.
    pub fn get(&self, name: &KeyName) -> Held<'_> {
        self.find(name.folded_hash(), name.as_str().as_bytes())
    }

    /// What stands under a name whose [`hash_folded`] is known.
    #[inline]
    pub(crate) fn find(&self, hash: u64, name: &[u8]) -> Held<'_> {
        if self.may_hold(hash) { self.search(hash, name) } else { Held::Missing }
    }

    fn search(&self, hash: u64, name: &[u8]) -> Held<'_> {
        for entry in &self.entries {
            if entry.hash == hash && same_name(entry.name.as_bytes(), name) {
                return match &entry.value {
                    ContextValue::Text(text) => Held::One(text),
                    ContextValue::List(list) => Held::Many(list),
                    ContextValue::Unknown => Held::Unknown,
                    ContextValue::Ambiguous => Held::Ambiguous,
                };
            }
        }
        Held::Missing
    }

    /// Under which number [`Context::value`] gives the one text, not an empty one, that stands under a name.
    pub(crate) fn place(&self, hash: u64, name: &[u8]) -> Option<u32> {
        let at = self.entries.iter().position(|e| e.hash == hash && same_name(e.name.as_bytes(), name))?;
        let at = u32::try_from(at).ok()?;
        self.value(at).filter(|text| !text.is_empty()).map(|_| at)
    }

    /// The text under a number, if it is one text.
    #[inline]
    pub(crate) fn value(&self, place: u32) -> Option<&str> {
        match self.entries.get(place as usize)?.value {
            ContextValue::Text(ref text) => Some(text),
            _ => None,
        }
    }

    /// Whether there is an entry, an empty list included.
    pub fn contains(&self, name: &KeyName) -> bool {
        self.entries
            .iter()
            .any(|e| e.hash == name.folded_hash() && e.name.eq_ignore_ascii_case(name.as_str()))
    }

    /// Names and values, in order of insertion.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ContextValue<'a>)> {
        self.entries.iter().map(|entry| (entry.name.as_ref(), &entry.value))
    }

    /// Whether some value is unknown or ambiguous.
    pub fn is_irregular(&self) -> bool {
        self.irregular
    }

    /// Whether some value exceeds the guards of SEMANTICS I2.
    pub fn is_oversized(&self) -> bool {
        self.oversized
    }

    #[inline]
    fn may_hold(&self, hash: u64) -> bool {
        self.names >> (hash & 63) & 1 == 1
    }

    fn push(&mut self, hash: u64, name: Cow<'a, str>, value: ContextValue<'a>) {
        match &value {
            ContextValue::Text(text) => self.oversized |= text.len() > VALUE_BYTES,
            ContextValue::List(list) => {
                self.oversized |=
                    list.len() > LIST_VALUES || list.iter().any(|text| text.len() > VALUE_BYTES);
            }
            ContextValue::Unknown | ContextValue::Ambiguous => self.irregular = true,
        }
        self.names |= 1 << (hash & 63);
        self.entries.push(Entry { hash, name, value });
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn find_mut(&mut self, hash: u64, name: &str) -> Option<&mut Entry<'a>> {
        self.entries.iter_mut().find(|e| e.hash == hash && e.name.eq_ignore_ascii_case(name))
    }
}

/// Nearly always the same spelling: that is tried first.
fn same_name(left: &[u8], right: &[u8]) -> bool {
    same_bytes(left, right) || left.eq_ignore_ascii_case(right)
}

impl<'a> From<&'a str> for ContextValue<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for ContextValue<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a String> for ContextValue<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<bool> for ContextValue<'_> {
    fn from(value: bool) -> Self {
        Self::from(if value { "true" } else { "false" })
    }
}

impl From<i64> for ContextValue<'_> {
    fn from(value: i64) -> Self {
        Self::from(value.to_string())
    }
}

impl<'a> From<Vec<&'a str>> for ContextValue<'a> {
    fn from(list: Vec<&'a str>) -> Self {
        Self::List(list.into_iter().map(Cow::Borrowed).collect())
    }
}

impl<'a, const N: usize> From<[&'a str; N]> for ContextValue<'a> {
    fn from(list: [&'a str; N]) -> Self {
        Self::List(list.into_iter().map(Cow::Borrowed).collect())
    }
}

impl From<Vec<String>> for ContextValue<'_> {
    fn from(list: Vec<String>) -> Self {
        Self::List(list.into_iter().map(Cow::Owned).collect())
    }
}
