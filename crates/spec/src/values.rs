//! Small texts of pages: assignments, context values, expected results, documents.

use crate::{Expected, Value};

/// Cuts `a = 1; b = ["x;y"]` at the semicolons outside JSON strings, and each at its first ` = `.
pub(crate) fn assignments(text: &str) -> Result<Vec<(String, String)>, String> {
    let (mut pieces, mut in_string, mut escaped) = (vec![String::new()], false, false);
    for char in text.chars() {
        match char {
            ';' if !in_string => {
                pieces.push(String::new());
                continue;
            }
            '"' if !escaped => in_string = !in_string,
            _ => {}
        }
        escaped = in_string && char == '\\' && !escaped;
        if let Some(piece) = pieces.last_mut() {
            piece.push(char);
        }
    }
    pieces.iter().map(|piece| piece.trim()).filter(|piece| !piece.is_empty()).map(assignment).collect()
}

/// One `name = value`.
pub(crate) fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once(" = ")
        .ok_or_else(|| format!("`{text}` is not an assignment; write `name = value`"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// A JSON list, a JSON string, `(unknown)`, or plain text.
pub(crate) fn value(text: &str) -> Result<Value, String> {
    if text == "(unknown)" {
        return Ok(Value::Unknown);
    }
    if text.starts_with('[') {
        let list = serde_json::from_str(text)
            .map_err(|error| format!("`{text}` is not a list of strings: {error}"))?;
        return Ok(Value::List(list));
    }
    Ok(Value::Text(plain(text)?))
}

/// A JSON string, or plain text.
pub(crate) fn plain(text: &str) -> Result<String, String> {
    if text.starts_with('"') {
        return serde_json::from_str(text).map_err(|error| format!("`{text}` is not a string: {error}"));
    }
    Ok(text.to_owned())
}

/// What a decision cell says.
pub(crate) fn decision(text: &str) -> Result<Expected, String> {
    if let Some(codes) = text.strip_prefix("refused") {
        let codes: Vec<String> = codes.split_whitespace().map(str::to_owned).collect();
        return match codes.iter().find(|code| !is_code(code)) {
            Some(code) => Err(format!("`{code}` is not a code; write `refused E013`")),
            None => Ok(Expected::Refused(codes)),
        };
    }
    Ok(match text {
        "allow" => Expected::Allow,
        "implicit deny" => Expected::ImplicitDeny,
        "explicit deny" => Expected::ExplicitDeny,
        "error" => Expected::Error,
        "accepted" => Expected::Accepted,
        _ => {
            return Err(format!(
                "`{text}` is not a decision; \
                 write `allow`, `implicit deny`, `explicit deny`, `error`, `accepted` or `refused CODE`"
            ));
        }
    })
}

/// What a truth cell says, as what the Allow and the Deny that carry the condition must give.
pub(crate) fn truth(text: &str) -> Result<(Expected, Expected), String> {
    Ok(match text {
        "true" => (Expected::Allow, Expected::ExplicitDeny),
        "false" => (Expected::ImplicitDeny, Expected::Allow),
        "maybe" => (Expected::ImplicitDeny, Expected::ExplicitDeny),
        "accepted" => (Expected::Accepted, Expected::Accepted),
        other if other.starts_with("refused") => (decision(other)?, decision(other)?),
        _ => {
            return Err(format!(
                "`{text}` is not a truth; write `true`, `false`, `maybe`, `accepted` or `refused CODE`"
            ));
        }
    })
}

fn is_code(text: &str) -> bool {
    text.strip_prefix('E')
        .is_some_and(|digits| digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Wraps a statement, or a list of them, into a document; a whole document stays as it is.
pub(crate) fn document(text: &str) -> String {
    let text = text.trim_end_matches('\n');
    if text.contains("\"Statement\"") {
        text.to_owned()
    } else {
        format!("{{\"Version\": \"2012-10-17\", \"Statement\": {text}}}")
    }
}

/// The numbers of the quiz items (`J12`) that a text names.
pub(crate) fn items(text: &str) -> Vec<u16> {
    let words = text.split(|char: char| !char.is_ascii_alphanumeric());
    words.filter_map(|word| word.strip_prefix('J')?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_split_outside_strings() {
        let pairs = |text| assignments(text).unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(pairs(""), vec![]);
        assert_eq!(pairs("a = 1; b = x = y"), vec![pair("a", "1"), pair("b", "x = y")]);
        assert_eq!(pairs(r#"a = ["x;\"y"]; b = """#), vec![pair("a", r#"["x;\"y"]"#), pair("b", r#""""#)]);
        assert!(assignments("a: 1").is_err());
    }

    #[test]
    fn values_are_text_lists_or_unknown() {
        assert_eq!(value("10.0.0.1"), Ok(Value::Text("10.0.0.1".into())));
        assert_eq!(value(r#""""#), Ok(Value::Text(String::new())));
        assert_eq!(value(r#"["a", "b"]"#), Ok(Value::List(vec!["a".into(), "b".into()])));
        assert_eq!(value("(unknown)"), Ok(Value::Unknown));
        assert!(value("[1").is_err());
    }

    #[test]
    fn items_are_found_in_prose() {
        assert_eq!(items("J1, J19: see B1 and JX; J110."), vec![1, 19, 110]);
    }
}
