//! A writer of JSON: small, because a library for it would weigh more than what is written with it.

/// JSON under way. Commas come by themselves.
#[derive(Debug, Default)]
pub(super) struct Json {
    text: String,
}

impl Json {
    /// What was written.
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// An object.
    pub(super) fn object(&mut self, body: impl FnOnce(&mut Self)) {
        self.separate();
        self.text.push('{');
        body(self);
        self.text.push('}');
    }

    /// A list.
    pub(super) fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut each: impl FnMut(&mut Self, T)) {
        self.separate();
        self.text.push('[');
        for item in items {
            each(self, item);
        }
        self.text.push(']');
    }

    /// A list of texts.
    pub(super) fn texts<T: AsRef<str>>(&mut self, items: impl IntoIterator<Item = T>) {
        self.list(items, |json, item| json.text(item.as_ref()));
    }

    /// The name of a member, whose value comes next.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        self.text(name);
        self.text.push(':');
        self
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        self.separate();
        self.text.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                ' '.. => self.text.push(letter),
                _ => {
                    const DIGITS: &[u8; 16] = b"0123456789abcdef";
                    let code = letter as usize;
                    self.text.push_str("\\u00");
                    self.text.extend([code >> 4 & 15, code & 15].map(|digit| char::from(DIGITS[digit])));
                }
            }
        }
        self.text.push('"');
    }

    /// A text, or `null`.
    pub(super) fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    /// A number.
    pub(super) fn number(&mut self, number: usize) {
        self.separate();
        self.text.push_str(&number.to_string());
    }

    /// A number, or `null`.
    pub(super) fn optional_number(&mut self, number: Option<usize>) {
        match number {
            Some(number) => self.number(number),
            None => self.null(),
        }
    }

    /// True or false.
    pub(super) fn flag(&mut self, yes: bool) {
        self.separate();
        self.text.push_str(if yes { "true" } else { "false" });
    }

    /// Nothing.
    pub(super) fn null(&mut self) {
        self.separate();
        self.text.push_str("null");
    }

    /// A comma, unless this is the first in its list or the value of a name: no value ends as those do.
    fn separate(&mut self) {
        if !matches!(self.text.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.text.push(',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn what_is_written_is_json() {
        let mut json = Json::default();
        let texts = ["", "a", "[", ":", "\"\\\u{0}\u{1f}\u{7f}\n", "ä😀\u{2028}"];
        json.object(|json| {
            json.name("texts").texts(texts);
            json.name("empty").object(|_| {});
            json.name("list").list([Some(1), None], Json::optional_number);
            json.name("a:").flag(true);
            json.name("b").optional(None);
            json.name("c").optional(Some("{"));
            json.name("d").number(7);
        });
        let value: serde_json::Value = serde_json::from_str(&json.finish()).unwrap();
        let expected = serde_json::json!({
            "texts": texts, "empty": {}, "list": [1, null], "a:": true, "b": null, "c": "{", "d": 7
        });
        assert_eq!(value, expected);
    }
}
