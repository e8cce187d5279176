//! Where a claim stands: a JSON Pointer (RFC 6901), so that dots, slashes and colons in names are plain text (SEMANTICS G18).

/// A path into a claims set, at least one name long.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClaimPath {
    segments: Vec<String>,
}

/// Why a text is no claim path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    /// The text.
    pub text: String,
    /// The path that its author most likely meant.
    pub meant: ClaimPath,
}

impl core::fmt::Display for PathError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "`{}` is not a claim path", self.text)
    }
}

impl std::error::Error for PathError {}

impl ClaimPath {
    /// Reads `/name/name`; `~1` stands for `/` and `~0` for `~` within a name.
    ///
    /// ```
    /// # use bailiwick::identity::ClaimPath;
    /// let path = ClaimPath::new("/resource_access/my.app/roles")?;
    /// assert_eq!(path.segments(), ["resource_access", "my.app", "roles"]);
    /// # Ok::<(), bailiwick::identity::PathError>(())
    /// ```
    pub fn new(text: &str) -> Result<Self, PathError> {
        let error = || PathError { text: text.to_owned(), meant: Self::of([text]) };
        let rest = text.strip_prefix('/').ok_or_else(error)?;
        let segments: Option<Vec<String>> = rest.split('/').map(unescape).collect();
        segments.map(|segments| Self { segments }).ok_or_else(error)
    }

    /// From names as they are, one for each level.
    pub fn of<const N: usize>(names: [&str; N]) -> Self {
        Self { segments: names.map(str::to_owned).to_vec() }
    }

    /// The names, outermost first.
    pub fn segments(&self) -> &[String] {
        &self.segments
    }
}

impl core::fmt::Display for ClaimPath {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.segments
            .iter()
            .try_for_each(|segment| write!(f, "/{}", segment.replace('~', "~0").replace('/', "~1")))
    }
}

fn unescape(segment: &str) -> Option<String> {
    let mut plain = String::with_capacity(segment.len());
    let mut characters = segment.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '~' => match characters.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(plain)
}
