use super::*;

fn read_text(text: &str) -> Result<Node, Box<Diagnostic>> {
    read(&Source::from(text), Limits::default())
}

/// The value, printed without spans.
fn show(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(text) => text.clone(),
        Value::String(text) => format!("{text:?}"),
        Value::Array(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
        Value::Object(members) => {
            let members = members.iter().map(|member| format!("{}={}", member.key, show(&member.value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(" "))
        }
    }
}

#[track_caller]
fn accepts(text: &str, expected: &str) {
    assert_eq!(
        read_text(text).map(|node| show(&node)).map_err(|e| e.message),
        Ok(expected.to_owned()),
        "{text}"
    );
}

/// `marked` holds the text at the primary span.
#[track_caller]
fn refuses(text: &str, code: &str, marked: &str, message: &str) {
    let refusal = read_text(text).unwrap_err();
    let found = (refusal.code.0, &text[refusal.span().range()], refusal.message.as_str());
    assert_eq!(found, (code, marked, message), "{text}");
}

#[test]
fn what_is_json() {
    accepts("null", "null");
    accepts(" \t\r\n true \n", "true");
    accepts("[]", "[]");
    accepts("[ ]", "[]");
    accepts("{ }", "{}");
    accepts("[1,-0,10,1.50,-0.0,1e3,1E-05]", "[1 -0 10 1.50 -0.0 1e3 1E-05]");
    accepts(r#"{"b":1,"a":[true,{"c":null}],"b":2}"#, "{b=1 a=[true {c=null}] b=2}");
    accepts(r#""a\"\\\/\b\f\n\r\tz""#, r#""a\"\\/\u{8}\u{c}\n\r\tz""#);
    accepts(r#""\u0041\u00e9\u20AC\uD83D\uDE00\ud83d\ude00""#, "\"Aé€😀😀\"");
    accepts(
        "\"\u{7f}é€😀\u{2028}\"",
        "\"\u{7f}é€😀\u{2028}\"".replace('\u{7f}', "\\u{7f}").replace('\u{2028}', "\\u{2028}").as_str(),
    );
    accepts(r#""\u0000""#, r#""\0""#);
    accepts(r#""\ufffe\uffff""#, r#""\u{fffe}\u{ffff}""#);
}

#[test]
fn what_is_not() {
    refuses("", "E001", "", "expected a value");
    refuses("  ", "E001", "", "expected a value");
    refuses("\u{feff}{}", "E007", "\u{feff}", "the text begins with a byte-order mark");
    refuses("{} {}", "E008", "{}", "something stands after the end of the value");
    refuses("1 x\n", "E008", "x\n", "something stands after the end of the value");
    refuses("{\"a\":1 \"b\":2}", "E001", "\"", "expected `,` or `}` after the value");
    refuses("{\"a\" 1}", "E001", "1", "expected `:` after the member name");
    refuses("{a:1}", "E001", "a", "expected a member name in double quotes");
    refuses("{'a':1}", "E001", "'", "expected a member name in double quotes");
    refuses("{\"a\":1,}", "E001", ",", "a comma stands before the closing bracket");
    refuses("[1 , ]", "E001", ",", "a comma stands before the closing bracket");
    refuses("{,}", "E001", ",", "expected a member name in double quotes");
    refuses("[,]", "E001", ",", "expected a value");
    refuses("[1,,2]", "E001", ",", "expected a value");
    refuses("[1}", "E001", "}", "expected `,` or `]` after the value");
    refuses("[1", "E001", "", "expected `,` or `]` after the value");
    refuses("{\"a\":", "E001", "", "expected a value");
    refuses("{", "E001", "", "expected a member name in double quotes");
    refuses("// no\n{}", "E001", "/", "expected a value");
    refuses("True", "E001", "True", "expected a value");
    refuses("nul", "E001", "nul", "expected a value");
    refuses("nullx", "E001", "nullx", "expected a value");
    refuses("NaN", "E001", "NaN", "expected a value");
    refuses("é", "E001", "é", "expected a value");
    refuses("\u{a0}1", "E001", "\u{a0}", "expected a value");
    refuses("01", "E006", "01", "`01` is not a number");
    refuses("[012345678901]", "E006", "012345678901", "`012345678901` is not a number");
    for number in [
        "-",
        "-a",
        "1.",
        "1.e5",
        "1e",
        "1e+",
        "0x10",
        "1_000",
        "--1",
        "1.2.3",
        "-Infinity",
        "1a",
        "00",
        "-01",
    ] {
        let end = number.find('_').unwrap_or(number.len());
        let shown = &number[..end];
        if end == number.len() {
            refuses(number, "E006", shown, &format!("`{shown}` is not a number"));
        } else {
            assert!(read_text(number).is_err(), "{number}");
        }
    }
    refuses("+1", "E001", "+", "expected a value");
    refuses(".5", "E001", ".", "expected a value");
}

#[test]
fn strings_that_are_not() {
    refuses("\"abc", "E005", "\"abc", "the string does not end");
    refuses("\"", "E005", "\"", "the string does not end");
    refuses("{\"a\n\":1}", "E005", "\"a", "the string does not end on its line");
    refuses("\"a\tb\"", "E005", "\t", "control character U+0009 in a string");
    refuses("\"a\0b\"", "E005", "\0", "control character U+0000 in a string");
    refuses(r#""\x41""#, "E005", r"\x", r"unknown escape `\x`");
    refuses("\"\\é\"", "E005", "\\é", "unknown escape `\\é`");
    refuses("\"\\", "E005", "\\", "unknown escape `\\`");
    refuses(r#""\u12""#, "E005", r"\u12", r"`\u` wants four hexadecimal digits");
    refuses(r#""\u+123""#, "E005", r"\u", r"`\u` wants four hexadecimal digits");
    refuses(r#""a\ud83d""#, "E005", r"\ud83d", r"`\ud83d` is half of a surrogate pair");
    refuses(r#""\ud83d\u0041""#, "E005", r"\ud83d", r"`\ud83d` is half of a surrogate pair");
    refuses(r#""\ud83d\ud83d""#, "E005", r"\ud83d", r"`\ud83d` is half of a surrogate pair");
    refuses(r#""\ude00\ud83d""#, "E005", r"\ude00", r"`\ude00` is half of a surrogate pair");
}

#[test]
fn spans() {
    let text = r#" {"a é": [1, "x\n"], "b": -2.5e1 } "#;
    let node = read_text(text).unwrap();
    let at = |span: Span| &text[span.range()];
    assert_eq!(at(node.span), text.trim());
    let a = node.member("a é").unwrap();
    assert_eq!(at(a.key_span), r#""a é""#);
    assert_eq!(at(a.value.span), r#"[1, "x\n"]"#);
    let items = a.value.as_array().unwrap();
    assert_eq!((at(items[0].span), at(items[1].span)), ("1", r#""x\n""#));
    assert_eq!(at(node.get("b").unwrap().span), "-2.5e1");
    assert_eq!(node.get("b").unwrap().as_number(), Some("-2.5e1"));
    assert!(node.get("c").is_none());
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(read_text(&nested(16)).is_ok());
    let refusal = read_text(&nested(17)).unwrap_err();
    assert_eq!((refusal.code.0, refusal.span()), ("E003", Span::new(16, 17)));
    for depth in [10_000, 500_000] {
        for text in [nested(depth), "[".repeat(depth), "{\"a\":".repeat(depth)] {
            for limit in [0, 16, 64, usize::MAX] {
                let limits = Limits { bytes: usize::MAX, depth: limit };
                assert_eq!(read(&Source::from(&text), limits).unwrap_err().code.0, "E003");
            }
        }
    }
    assert!(read(&Source::from(&nested(64)), Limits { bytes: 1 << 20, depth: 64 }).is_ok());
    assert!(read(&Source::from("1"), Limits { bytes: 1, depth: 0 }).is_ok());
}

#[test]
fn length_is_bounded() {
    let refusal = read(&Source::from("[1,2]"), Limits { bytes: 4, depth: 4 }).unwrap_err();
    assert_eq!(refusal.code.0, "E002");
    assert!(read(&Source::from("[1,2]"), Limits { bytes: 5, depth: 4 }).is_ok());
}

#[test]
fn repetition_is_found_at_every_depth() {
    let text = r#"{"a":1,"b":[{"x":1,"y":2,"\u0078":3}],"A":0,"a":{"k":1,"k":2,"k":3}}"#;
    let found: Vec<_> = repeated(&read_text(text).unwrap())
        .iter()
        .map(|d| (d.code.0, text[d.span().range()].to_owned(), d.labels[1].span.start))
        .collect();
    assert_eq!(
        found,
        [
            ("E004", r#""\u0078""#.to_owned(), 13),
            ("E004", "\"a\"".to_owned(), 1),
            ("E004", "\"k\"".to_owned(), 49),
            ("E004", "\"k\"".to_owned(), 49),
        ]
    );
    assert!(repeated(&read_text(r#"[{"a":1},{"a":1},{"b":{"a":2},"a":3}]"#).unwrap()).is_empty());
}

#[test]
fn repetition_is_cheap_to_find() {
    let members: Vec<String> = (0..100_000).map(|i| format!("\"{}\":1", i % 50_000)).collect();
    let members = members.join(",");
    let node = read_text(&format!("{{{members},\"end\":1}}")).unwrap();
    assert_eq!(repeated(&node).len(), 100);
}

mod against_another_reader {
    use super::*;
    use proptest::prelude::*;

    fn same(ours: &Node, theirs: &serde_json::Value) -> bool {
        use serde_json::Value as Theirs;
        match (&ours.value, theirs) {
            (Value::Null, Theirs::Null) => true,
            (Value::Bool(a), Theirs::Bool(b)) => a == b,
            (Value::Number(a), Theirs::Number(b)) => a.parse::<f64>().ok() == b.as_f64(),
            (Value::String(a), Theirs::String(b)) => a == b,
            (Value::Array(a), Theirs::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Value::Object(a), Theirs::Object(b)) => {
                // Theirs keeps the last of equal members.
                b.iter().all(|(key, b)| {
                    a.iter()
                        .rev()
                        .find(|member| member.key == *key)
                        .is_some_and(|member| same(&member.value, b))
                }) && a.iter().all(|member| b.contains_key(&member.key))
            }
            _ => false,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn both_accept_the_same(tokens in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", ":", ",", "\"a\"", "\"b\"", "\"", "\\", "\\u00e9", "\\ud83d", "\\ude00", "1", "0", "-",
            ".5", "e3", "E-2", "true", "false", "null", " ", "\n", "é", "\u{0}", "x", "{\"a\":", "[1,", "],", "},",
        ]), 0..12)) {
            let text = tokens.concat();
            let ours = read_text(&text);
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?} {:?}", &text, &ours);
            if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
                prop_assert!(same(&ours, &theirs), "{}", text);
            }
        }

        #[test]
        fn any_text_is_safe(text in ".{0,60}") {
            if let Err(refusal) = read_text(&text) {
                for label in &refusal.labels {
                    prop_assert!(text.get(label.span.range()).is_some(), "{:?}", label);
                }
            }
        }
    }
}
