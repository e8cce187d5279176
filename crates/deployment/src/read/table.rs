//! One table of `bailiwick.toml`, read member by member: what nobody asked for is reported at the end.

use bailiwick::source::{Code, Diagnostic, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problems::Problems;

/// A text and its place.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) span: Span,
}

/// A table, and the names that have been asked of it.
pub(crate) struct Table<'t> {
    members: &'t DeTable<'t>,
    /// Its whole text or header.
    pub(crate) span: Span,
    /// What it is, for messages: `a role`.
    what: &'static str,
    asked: Vec<&'static str>,
}

impl<'t> Table<'t> {
    pub(crate) fn new(members: &'t DeTable<'t>, span: Span, what: &'static str) -> Self {
        Self { members, span, what, asked: Vec::new() }
    }

    fn member(&mut self, name: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.push(name);
        self.members.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(key, _)| key.get_ref() == name)
    }

    pub(crate) fn string(&mut self, problems: &mut Problems, name: &'static str) -> Option<Text> {
        let value = self.member(name)?;
        text(problems, name, value)
    }

    pub(crate) fn required(&mut self, problems: &mut Problems, name: &'static str) -> Option<Text> {
        if !self.has(name) {
            self.asked.push(name);
            let message = format!("{} without `{name}`", self.what);
            problems.add("E152", self.span, message, format!("add `{name} = \"...\"`"));
            return None;
        }
        self.string(problems, name)
    }

    pub(crate) fn flag(&mut self, problems: &mut Problems, name: &'static str) -> bool {
        let Some(value) = self.member(name) else { return false };
        if let DeValue::Boolean(yes) = value.get_ref() {
            return *yes;
        }
        wrong(problems, name, value, "`true` or `false`");
        false
    }

    /// A whole number from 0 to `most`.
    pub(crate) fn number(&mut self, problems: &mut Problems, name: &'static str, most: u64) -> Option<u64> {
        let value = self.member(name)?;
        if let DeValue::Integer(number) = value.get_ref()
            && let Ok(number) = u64::from_str_radix(number.as_str(), number.radix())
            && number <= most
        {
            return Some(number);
        }
        wrong(problems, name, value, &format!("a whole number from 0 to {most}"));
        None
    }

    /// One text or a list of texts.
    pub(crate) fn strings(&mut self, problems: &mut Problems, name: &'static str) -> Option<Vec<Text>> {
        let value = self.member(name)?;
        match value.get_ref() {
            DeValue::String(_) => text(problems, name, value).map(|text| vec![text]),
            DeValue::Array(items) => {
                Some(items.iter().filter_map(|item| text(problems, name, item)).collect())
            }
            _ => {
                wrong(problems, name, value, "a text or a list of texts");
                None
            }
        }
    }

    /// A table of texts: names and values.
    pub(crate) fn pairs(&mut self, problems: &mut Problems, name: &'static str) -> Vec<(Text, Text)> {
        let Some(value) = self.member(name) else { return Vec::new() };
        let DeValue::Table(members) = value.get_ref() else {
            wrong(problems, name, value, "a table of texts");
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for (key, value) in members {
            let name = Text { value: key.get_ref().to_string(), span: span(key) };
            if let Some(text) = text(problems, key.get_ref(), value) {
                pairs.push((name, text));
            }
        }
        pairs
    }

    /// A table inside.
    pub(crate) fn table(
        &mut self,
        problems: &mut Problems,
        name: &'static str,
        what: &'static str,
    ) -> Option<Table<'t>> {
        let value = self.member(name)?;
        let DeValue::Table(members) = value.get_ref() else {
            wrong(problems, name, value, &format!("a table: write `[{name}]`"));
            return None;
        };
        Some(Table::new(members, self.header(name, span(value)), what))
    }

    /// A list of tables: `[[name]]`.
    pub(crate) fn tables(
        &mut self,
        problems: &mut Problems,
        name: &'static str,
        what: &'static str,
    ) -> Vec<Table<'t>> {
        let Some(value) = self.member(name) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            wrong(problems, name, value, &format!("a list of tables: write `[[{name}]]`"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            if let DeValue::Table(members) = item.get_ref() {
                tables.push(Table::new(members, span(item), what));
            } else {
                wrong(problems, name, item, &format!("a table: write `[[{name}]]`"));
            }
        }
        tables
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        problems: &mut Problems,
        name: &'static str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = self.string(problems, name)?;
        let found = words.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let message = format!("`{name}` cannot be `{}`", text.value);
            problems.add("E153", text.span, message, suggestion(&text.value, &known));
        }
        found.map(|(_, value)| *value)
    }

    /// Reports the members that nobody asked for.
    pub(crate) fn finish(self, problems: &mut Problems) {
        for (key, _) in self.members {
            let name = key.get_ref();
            if !self.asked.iter().any(|asked| asked == name) {
                let message = format!("unknown key `{name}` in {}", self.what);
                problems.push(
                    Diagnostic::error(Code("E151"), span(key), message)
                        .at("not a key here")
                        .help(suggestion(name, &self.asked)),
                );
            }
        }
    }

    fn header(&self, name: &str, inner: Span) -> Span {
        let key = self.members.iter().find(|(key, _)| key.get_ref() == name);
        key.map_or(inner, |(key, _)| span(key))
    }
}

/// `did you mean ...?`, or what there is.
pub(crate) fn suggestion(name: &str, known: &[&str]) -> String {
    if let Some(near) = bailiwick::source::nearest(name, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    let mut known: Vec<&str> = known.to_vec();
    known.sort_unstable();
    known.dedup();
    format!("known are `{}`", known.join("`, `"))
}

fn text(problems: &mut Problems, name: &str, value: &Spanned<DeValue<'_>>) -> Option<Text> {
    if let DeValue::String(text) = value.get_ref() {
        return Some(Text { value: text.to_string(), span: span(value) });
    }
    wrong(problems, name, value, "a text in quotes");
    None
}

fn wrong(problems: &mut Problems, name: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
    let found = match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    problems.add("E153", span(value), format!("`{name}` is {found}"), format!("it must be {wanted}"));
}

fn span<T>(spanned: &Spanned<T>) -> Span {
    let range = spanned.span();
    Span::new(range.start, range.end)
}
