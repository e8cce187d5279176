//! The printer against texts, and reading against printing.

use super::super::{Document, Kind, Options, PrincipalName, parse, print};
use crate::value::ResourcePattern;

fn read(kind: Kind, text: &str) -> Document {
    parse(text, &Options { kind, ..Options::default() }).unwrap()
}

#[test]
fn canonical_text() {
    let text = r#"{"Statement":{"Condition":{"foranyvalue:stringlike":{"aws:TagKeys":["a\u0001\u2603","b"]},
        "NumericEquals":{"k":[1e3]},"Bool":{"k":true},"Null":{}},"NotResource":["arn:aws:s3:::b/${$}{x}"],
        "Action":["s3:Get*","S3:put"],"Effect":"Deny","Sid":"x"},"Version":"2012-10-17"}"#;
    let expected = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "x",
      "Effect": "Deny",
      "Action": [
        "s3:Get*",
        "S3:put"
      ],
      "NotResource": "arn:aws:s3:::b/${$}{x}",
      "Condition": {
        "ForAnyValue:StringLike": {
          "aws:TagKeys": [
            "a\u0001\u2603",
            "b"
          ]
        },
        "NumericEquals": {
          "k": 1000
        },
        "Bool": {
          "k": true
        },
        "Null": {}
      }
    }
  ]
}
"#;
    assert_eq!(print(&read(Kind::Identity, text)), expected);
}

#[test]
fn printing_is_the_inverse_of_reading() {
    let rest = r#""Action":"s3:*","Effect":"Deny""#;
    let rows = [
        (Kind::Identity, r#"{"Statement":[]}"#.to_owned()),
        (Kind::Identity, r#"{"Version":"2008-10-17","Id":"é\"\\","Statement":[]}"#.to_owned()),
        (Kind::Identity, format!(r#"{{"Statement":{{{rest},"Resource":[],"Condition":{{}}}}}}"#)),
        (
            Kind::Identity,
            format!(r#"{{"Statement":{{{rest},"Resource":"*","Condition":{{"StringLike":{{}}}}}}}}"#),
        ),
        (
            Kind::Identity,
            format!(r#"{{"Statement":{{{rest},"Resource":"*","Condition":{{"Bool":{{"k":[]}}}}}}}}"#),
        ),
        (Kind::Resource, format!(r#"{{"Statement":[{{{rest}}},{{{rest},"Principal":{{}}}}]}}"#)),
        (
            Kind::Resource,
            format!(r#"{{"Statement":{{{rest},"NotPrincipal":{{"AWS":["*"]}},"Resource":"*"}}}}"#),
        ),
        (
            Kind::Resource,
            format!(
                r#"{{"Statement":{{{rest},"Principal":{{"AWS":["*","111122223333","arn:aws:iam::1:user/a"],
                   "Service":["a.amazonaws.com","b.amazonaws.com"],"Federated":"x.y","CanonicalUser":"{}"}}}}}}"#,
                "0a".repeat(32)
            ),
        ),
        (
            Kind::Api,
            format!(r#"{{"Statement":{{{rest},"Principal":"*","Resource":"execute-api:/*/GET/☃"}}}}"#),
        ),
        (
            Kind::ResourceControl,
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#
                .to_owned(),
        ),
    ];
    for (kind, text) in rows {
        let document = read(kind, &text);
        let printed = print(&document);
        let again = read(kind, &printed);
        assert!(document.same_syntax(&again), "{text}\n{printed}");
        assert_eq!(printed, print(&again), "{text}");
    }
}

#[test]
fn other_syntax_is_not_the_same() {
    let texts = [
        r#"{"Statement":[]}"#,
        r#"{"Version":"2008-10-17","Statement":[]}"#,
        r#"{"Version":"2012-10-17","Statement":[]}"#,
        r#"{"Id":"a","Statement":[]}"#,
        r#"{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"*"}}"#,
        r#"{"Statement":{"Effect":"Deny","Action":"a:b","Resource":"*"}}"#,
        r#"{"Statement":{"Effect":"Deny","NotAction":"a:b","Resource":"*"}}"#,
        r#"{"Statement":{"Effect":"Deny","Action":"a:c","Resource":"*"}}"#,
        r#"{"Statement":{"Effect":"Deny","Action":"a:b","Resource":"arn:a:b:::c"}}"#,
        r#"{"Statement":{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{}}}"#,
        r#"{"Statement":{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{"Bool":{}}}}"#,
        r#"{"Statement":{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{"StringLike":{"k":"1"}}}}"#,
        r#"{"Statement":{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{"StringLike":{"k":1}}}}"#,
        r#"{"Statement":{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{"StringLike":{"j":"1"}}}}"#,
    ];
    for (i, one) in texts.iter().enumerate() {
        for (j, other) in texts.iter().enumerate() {
            let same = read(Kind::Identity, one).same_syntax(&read(Kind::Identity, other));
            assert_eq!(same, i == j, "{one} {other}");
        }
    }
}

/// Fields between bars, their pieces between commas, literals in quotes where they look alive, `!` for a shape that
/// only a Deny may use.
#[test]
fn resource_patterns() {
    use crate::value::Profile::{Aws, Strict};
    let rows = [
        ("arn:aws:s3:::b/*", "aws|s3|||b/,*", "aws|s3|||b/,*"),
        ("arn:aws:sqs", "aws|sqs|*|*|*", "aws|sqs|*|*|*"),
        ("arn:*:sqs:*:*:q", "*|sqs|*|*|q", "*|sqs|*|*|q"),
        ("arn:aws*:sqs:*:*:q", "aws,*|sqs|*|*|q", "aws,*|sqs|*|*|q!"),
        ("arn:aws:*:*:*:q", "aws|*|*|*|q", "aws|*|*|*|q!"),
        ("arn:aws", "aws|*|*|*|*", "aws|*|*|*|*!"),
        ("arn:aws:iam::1:u*", "aws|iam||1|u,*", "aws|iam||1|u,*!"),
        ("arn:aws:iam::1:*", "aws|iam||1|*", "aws|iam||1|*"),
        ("arn:aws:iam::1:*/x", "aws|iam||1|*,/x", "aws|iam||1|*,/x"),
        ("arn:aws:iam::1:u*r/x*", "aws|iam||1|\"u*r/x\",*", "aws|iam||1|u,*,r/x,*!"),
        ("arn:aws:iam::1:?/x", "aws|iam||1|\"?/x\"", "aws|iam||1|?,/x!"),
        ("arn:aws:iam::1:u*:x", "aws|iam||1|\"u*:x\"", "aws|iam||1|u,*,:x!"),
        ("arn:aws:s3:::b*/x", "aws|s3|||b,*,/x", "aws|s3|||b,*,/x"),
        ("arn:acme:photos:::al*/x", "acme|photos|||al,*,/x", "acme|photos|||al,*,/x"),
        ("arn:*:iam::1:u*/x", "*|iam||1|\"u*/x\"", "*|iam||1|u,*,/x!"),
        ("arn:aws:dynamodb:*:*:table/${aws:username, 'a:b'}:*", "aws|dynamodb|*|*|table/,${},:,*", ""),
        ("arn:aws:s3:::${*}**?${$}{x}", "aws|s3|||\"*\",*,?,\"${x}\"", ""),
    ];
    for (text, aws, strict) in rows {
        for (profile, expected) in [(Aws, aws), (Strict, if strict.is_empty() { aws } else { strict })] {
            let document = format!(
                r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"{text}"}}}}"#
            );
            let read = parse(&document, &Options { profile, ..Options::default() }).unwrap();
            let entry = &read.statements[0].resource.as_ref().unwrap().entries[0];
            assert_eq!(entry.text, text);
            assert_eq!(show(&entry.pattern), expected, "{text} {profile:?}");
        }
    }
}

fn show(pattern: &ResourcePattern) -> String {
    use crate::value::Piece;
    let ResourcePattern::Arn { pattern, capped } = pattern else { return "?".to_owned() };
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) if text.contains(['*', '?', '$']) => format!("\"{text}\""),
        Piece::Literal(text) => text.clone(),
        Piece::Any => "*".to_owned(),
        Piece::One => "?".to_owned(),
        Piece::Variable(_) => "${}".to_owned(),
    };
    let fields =
        pattern.fields.iter().map(|field| field.pieces.iter().map(piece).collect::<Vec<_>>().join(","));
    fields.collect::<Vec<_>>().join("|") + if *capped { "!" } else { "" }
}

#[test]
fn principal_names() {
    type Named = fn(String) -> PrincipalName;
    let rows: [(&str, Named); 12] = [
        ("*", |_| PrincipalName::Everyone),
        ("111122223333", PrincipalName::Account),
        ("arn:aws:iam::111122223333:root", |_| PrincipalName::Account("111122223333".to_owned())),
        ("arn:aws:iam::111122223333:user/a/b", PrincipalName::User),
        ("arn:aws:iam::111122223333:role/a/b", PrincipalName::Role),
        ("arn:aws:sts::111122223333:assumed-role/r/s", PrincipalName::RoleSession),
        ("arn:aws:sts::111122223333:assumed-role/r", PrincipalName::Nobody),
        ("arn:aws:sts::111122223333:federated-user/n", PrincipalName::FederatedUser),
        ("arn:aws:iam::111122223333:role/", PrincipalName::Nobody),
        ("arn:aws:s3:::b", PrincipalName::Nobody),
        ("AIDAEXAMPLE0000000000", PrincipalName::UniqueId),
        ("AROAEXAMPLE0000000000", PrincipalName::UniqueId),
    ];
    for (text, name) in rows {
        let document = format!(
            r#"{{"Statement":{{"Effect":"Allow","Action":"*","Resource":"*","Principal":{{"AWS":"{text}"}}}}}}"#
        );
        let read = read(Kind::Resource, &document);
        assert_eq!(
            read.statements[0].principal.as_ref().unwrap().entries[0].name,
            name(text.to_owned()),
            "{text}"
        );
    }
}
