//! A document's outer shape (SEMANTICS A.1), and what every part of the reading shares: `grammar/policy.ebnf`.
//!
//! A part that cannot be read reports itself and gives `Refused`; its neighbours are read all the same, so that
//! every hard error of a document comes at once.

use std::collections::BTreeMap;

use super::code::{
    BAD_CHARACTER, BAD_VERSION, DUPLICATE_MEMBER, FORBIDDEN_ELEMENT, MISSING_ELEMENT, NO_STATEMENTS,
    NOT_AN_OBJECT, OWN_GUARD, TOO_LARGE, UNKNOWN_ELEMENT, WRONG_TYPE,
};
use super::shape::{Rule, Shape};
use super::{Document, Kind, Options, Spanned, Statement, Version, statement};
use crate::source::json::{self, Member, Node, Value};
use crate::source::{Code, Diagnostic, Diagnostics, Source, Span, nearest};
use crate::value::Profile;

/// Reads a document, or tells everything that is wrong with it.
///
/// Errors: the first syntax error of JSON, else every hard error, in order of place.
///
/// ```
/// use bailiwick::ast::{Options, parse};
/// let refused = parse(r#"{"Statement": {"Effect": "allow", "Action": "s3", "Resource": "*"}}"#, &Options::default());
/// let codes: Vec<_> = refused.unwrap_err().list.iter().map(|one| one.code.0).collect();
/// assert_eq!(codes, ["E019", "E024"]);
/// ```
pub fn parse(source: impl Into<Source>, options: &Options) -> Result<Document, Diagnostics> {
    let source = source.into();
    let node = match json::read(&source, options.limits.read) {
        Ok(node) => node,
        Err(diagnostic) => return Err(Diagnostics { source, list: vec![*diagnostic] }),
    };
    let mut reader = Reader {
        source: &source,
        options,
        shape: Shape::of(options.kind),
        version: Version::V2008,
        default_rcp: options.kind == Kind::ResourceControl && is_default_rcp(&node),
        list: Vec::new(),
    };
    let document = policy(&mut reader, &node);
    let mut list = reader.list;
    match document {
        Ok(document) if list.is_empty() => Ok(document),
        _ => {
            list.sort_by_key(Diagnostic::span);
            Err(Diagnostics { source, list })
        }
    }
}

/// More than anybody reads; a hostile document could hold a hundred thousand.
const MOST: usize = 1_000;

/// Proof that a refusal has been reported.
pub(super) struct Refused(());

pub(super) type Read<T> = Result<T, Refused>;

/// What the parts of the reading share.
pub(super) struct Reader<'a> {
    source: &'a Source,
    pub(super) options: &'a Options,
    pub(super) shape: Shape,
    pub(super) version: Version,
    /// The one document with an Allow that a resource control policy may be (SEMANTICS A.3).
    pub(super) default_rcp: bool,
    list: Vec<Diagnostic>,
}

impl Reader<'_> {
    pub(super) fn is_strict(&self) -> bool {
        self.options.profile == Profile::Strict
    }

    /// Whether the rule forbids a thing under the profile.
    pub(super) fn forbids(&self, rule: Rule) -> bool {
        rule == Rule::Forbidden || (rule == Rule::ForbiddenInStrict && self.is_strict())
    }

    /// Reports.
    pub(super) fn refuse(&mut self, diagnostic: Diagnostic) -> Refused {
        if self.list.len() < MOST {
            self.list.push(diagnostic);
        }
        Refused(())
    }

    pub(super) fn wrong_type(&mut self, node: &Node, name: &str, wanted: &str) -> Refused {
        let mut diagnostic =
            Diagnostic::error(WRONG_TYPE, node.span, format!("{name} is {}", node.value.kind()))
                .at(format!("not {wanted}"));
        if node.value == Value::Null {
            diagnostic = diagnostic.help("no element takes null; leave the member out or give it a value");
        } else {
            diagnostic = diagnostic.help(format!("write {wanted}"));
        }
        self.refuse(diagnostic)
    }

    pub(super) fn string<'n>(&mut self, node: &'n Node, name: &str) -> Read<&'n str> {
        match &node.value {
            Value::String(text) => Ok(text),
            _ => Err(self.wrong_type(node, name, "a string")),
        }
    }

    pub(super) fn object<'n>(&mut self, node: &'n Node, name: &str, wanted: &str) -> Read<&'n [Member]> {
        match &node.value {
            Value::Object(members) => Ok(members),
            _ => Err(self.wrong_type(node, name, wanted)),
        }
    }

    /// One or a list is the same (SEMANTICS A11).
    pub(super) fn list<'n>(&mut self, node: &'n Node) -> Read<&'n [Node]> {
        match &node.value {
            Value::Array(nodes) if nodes.len() > self.options.limits.values => {
                let most = self.options.limits.values;
                let message = format!("a list of {} values", nodes.len());
                Err(self.refuse(
                    Diagnostic::error(OWN_GUARD, node.span, message)
                        .help(format!("split it: at most {most} are read")),
                ))
            }
            Value::Array(nodes) => Ok(nodes),
            _ => Ok(std::slice::from_ref(node)),
        }
    }

    /// Reports members that stand twice, by their names after `fold` (SEMANTICS A3).
    pub(super) fn no_duplicates(&mut self, members: &[Member], fold: impl Fn(&str) -> String) {
        let mut seen = BTreeMap::new();
        for member in members {
            let Some(first) = seen.insert(fold(&member.key), (member.key_span, member.key.as_str())) else {
                continue;
            };
            let (span, name) = first;
            let mut help = "merge the two or remove one: which of them would count is a guess".to_owned();
            if name != member.key {
                help.push_str("; names that differ only by letter case are the same");
            }
            let message = format!("{} stands twice in one object", quote(&member.key));
            self.refuse(
                Diagnostic::error(DUPLICATE_MEMBER, member.key_span, message)
                    .at("again")
                    .label(span, "first here")
                    .help(help),
            );
        }
    }

    /// The members of the given names; others and duplicates are reported.
    pub(super) fn elements<'n, const N: usize>(
        &mut self,
        members: &'n [Member],
        names: [&'static str; N],
        place: &str,
    ) -> [Option<&'n Member>; N] {
        self.no_duplicates(members, str::to_owned);
        let mut found = [None; N];
        for member in members {
            if let Some(slot) =
                names.iter().position(|name| *name == member.key).and_then(|at| found.get_mut(at))
            {
                *slot = Some(member);
                continue;
            }
            let message = format!("unknown element {} in {place}", quote(&member.key));
            let help = match nearest(&member.key, names) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("{place} takes {}", names.map(|name| format!("`{name}`")).join(", ")),
            };
            self.refuse(Diagnostic::error(UNKNOWN_ELEMENT, member.key_span, message).help(help));
        }
        found
    }

    /// Of `X` and `NotX`, the one that is there, and whether it is the second.
    pub(super) fn one_of<'n>(
        &mut self,
        plain: Option<&'n Member>,
        not: Option<&'n Member>,
    ) -> Read<Option<(&'n Member, bool)>> {
        match (plain, not) {
            (Some(plain), Some(not)) => {
                let message = format!("both `{}` and `{}`", plain.key, not.key);
                let (first, second) = if plain.key_span < not.key_span {
                    (plain.key_span, not.key_span)
                } else {
                    (not.key_span, plain.key_span)
                };
                Err(self.refuse(
                    Diagnostic::error(super::code::BOTH_HALVES, second, message)
                        .label(first, "the other half")
                        .help("keep one of them, or write two statements"),
                ))
            }
            (Some(plain), None) => Ok(Some((plain, false))),
            (None, Some(not)) => Ok(Some((not, true))),
            (None, None) => Ok(None),
        }
    }

    pub(super) fn forbidden_element(&mut self, member: &Member) -> Refused {
        let kind = self.options.kind.name();
        let help = match self.options.kind {
            Kind::Trust => "the role that the policy is attached to is the resource; remove the member",
            _ => "remove the member, or read the document as another kind",
        };
        let message = format!("{kind} takes no `{}`", member.key);
        self.refuse(Diagnostic::error(FORBIDDEN_ELEMENT, member.key_span, message).help(help))
    }

    pub(super) fn missing(&mut self, span: Span, name: &str, help: &str) -> Refused {
        let first = Span { start: span.start, end: span.end.min(span.start + 1) };
        self.refuse(
            Diagnostic::error(MISSING_ELEMENT, first, format!("no {name}")).at("in this object").help(help),
        )
    }

    /// A part of a string, if it is written without escapes of JSON; else all of it.
    pub(super) fn inside(&self, span: Span, text: &str, part: core::ops::Range<usize>) -> Span {
        let range = span.range();
        let verbatim = self.source.text.get(range.start + 1..range.end.saturating_sub(1)) == Some(text);
        if verbatim { Span::new(range.start + 1 + part.start, range.start + 1 + part.end) } else { span }
    }
}

/// User input in a message: in back-ticks, control characters spelled out, long text cut.
pub(super) fn quote(text: &str) -> String {
    const MOST: usize = 120;
    let mut quoted = String::from("`");
    for (at, char) in text.chars().enumerate() {
        if at == MOST {
            quoted.push_str("...");
            break;
        }
        if char.is_control() { quoted.extend(char.escape_unicode()) } else { quoted.push(char) }
    }
    quoted.push('`');
    quoted
}

fn policy(reader: &mut Reader<'_>, node: &Node) -> Read<Document> {
    size(reader);
    characters(reader);
    let Value::Object(members) = &node.value else {
        let message = format!("a policy is a JSON object, this is {}", node.value.kind());
        return Err(reader.refuse(
            Diagnostic::error(NOT_AN_OBJECT, node.span, message).help("start with `{ \"Version\": ...`"),
        ));
    };
    let [version, id, statement] = reader.elements(members, ["Version", "Id", "Statement"], "a policy");
    // Whether `${` means something depends on it, so it comes first.
    let version = self::version(reader, node, version);
    let id = self::id(reader, id);
    let statements = match statement {
        Some(member) => statements(reader, &member.value),
        None => Err(reader.missing(node.span, "`Statement`", "add `\"Statement\": [ ... ]`")),
    };
    let version_span = version?;
    Ok(Document {
        source: reader.source.clone(),
        kind: reader.options.kind,
        profile: reader.options.profile,
        version: reader.version,
        version_span,
        id: id?,
        statements: statements?,
        span: node.span,
    })
}

fn version(reader: &mut Reader<'_>, policy: &Node, member: Option<&Member>) -> Read<Option<Span>> {
    const HELP: &str = "write `\"2012-10-17\"`, or `\"2008-10-17\"` for the language without variables";
    const RCP: &str = "a resource control policy is written in version `2012-10-17`";
    let is_rcp = reader.options.kind == Kind::ResourceControl;
    let Some(Member { value: node, .. }) = member else {
        return if is_rcp { Err(reader.missing(policy.span, "`Version`", RCP)) } else { Ok(None) };
    };
    // An unknown version is read as the language that has most to check.
    reader.version = Version::V2012;
    let text = reader.string(node, "`Version`")?;
    match text {
        "2012-10-17" => Ok(Some(node.span)),
        "2008-10-17" if is_rcp => {
            Err(reader.refuse(Diagnostic::error(BAD_VERSION, node.span, "version `2008-10-17`").help(RCP)))
        }
        "2008-10-17" => {
            reader.version = Version::V2008;
            Ok(Some(node.span))
        }
        other => Err(reader.refuse(
            Diagnostic::error(BAD_VERSION, node.span, format!("unknown version {}", quote(other))).help(HELP),
        )),
    }
}

fn id(reader: &mut Reader<'_>, member: Option<&Member>) -> Read<Option<Spanned<String>>> {
    let Some(member) = member else { return Ok(None) };
    if reader.forbids(reader.shape.id) {
        return Err(reader.forbidden_element(member));
    }
    let value = reader.string(&member.value, "`Id`")?.to_owned();
    Ok(Some(Spanned { span: member.value.span, value }))
}

fn statements(reader: &mut Reader<'_>, node: &Node) -> Read<Vec<Statement>> {
    let nodes = match &node.value {
        Value::Array(nodes) => nodes.as_slice(),
        Value::Object(_) => std::slice::from_ref(node),
        _ => return Err(reader.wrong_type(node, "`Statement`", "an object or an array of objects")),
    };
    if nodes.is_empty() && reader.is_strict() {
        let diagnostic = Diagnostic::error(NO_STATEMENTS, node.span, "no statements");
        return Err(reader.refuse(diagnostic.help("write at least one statement, or do without the policy")));
    }
    let most = reader.options.limits.statements;
    if nodes.len() > most {
        let diagnostic = Diagnostic::error(OWN_GUARD, node.span, format!("{} statements", nodes.len()));
        return Err(reader.refuse(diagnostic.help(format!("split the policy: at most {most} are read"))));
    }
    let all: Vec<_> = nodes.iter().map(|node| statement::statement(reader, node)).collect();
    let statements = all.into_iter().collect::<Read<Vec<_>>>()?;
    statement::unique_sids(reader, &statements);
    Ok(statements)
}

fn size(reader: &mut Reader<'_>) {
    if !reader.is_strict() {
        return;
    }
    let Some((limit, size)) = reader.options.limits.exceeded(reader.options.kind, &reader.source.text) else {
        return;
    };
    let unit = limit.measure.unit();
    let message = format!("{size} {unit}: {} holds at most {}", reader.options.kind.name(), limit.most);
    let help = format!("split the policy, or raise the limit if yours is higher ({})", limit.source);
    reader.refuse(Diagnostic::error(TOO_LARGE, Span::new(0, 1), message).help(help));
}

/// SEMANTICS A1: the first character that IAM would not store.
fn characters(reader: &mut Reader<'_>) {
    if !reader.forbids(reader.shape.odd_character) {
        return;
    }
    let stored = |char: char| matches!(char, '\t' | '\n' | '\r' | ' '..='\u{ff}');
    let Some((at, char)) = reader.source.text.char_indices().find(|(_, char)| !stored(*char)) else { return };
    let message =
        format!("character {} cannot be stored in {}", quote(&char.to_string()), reader.options.kind.name());
    let help = "IAM takes tab, line ends and U+0020 to U+00FF only; write others as `\\u....`";
    reader.refuse(Diagnostic::error(BAD_CHARACTER, Span::new(at, at + char.len_utf8()), message).help(help));
}

/// The document that Organizations attaches by itself: one statement, Allow, everything.
fn is_default_rcp(node: &Node) -> bool {
    fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
        let Value::Object(members) = &node.value else { return None };
        members.iter().find(|member| member.key == name).map(|member| &member.value)
    }
    fn sole(node: &Node) -> &Node {
        match &node.value {
            Value::Array(nodes) => match nodes.as_slice() {
                [only] => only,
                _ => node,
            },
            _ => node,
        }
    }
    let is = |node: Option<&Node>, text: &str| {
        node.is_some_and(|node| matches!(&sole(node).value, Value::String(value) if value == text))
    };
    let Some(statement) = member(node, "Statement").map(sole) else { return false };
    let Value::Object(members) = &statement.value else { return false };
    let everyone = |node: &Node| match &node.value {
        Value::Object(types) => {
            matches!(types.as_slice(), [only] if only.key == "AWS" && is(Some(&only.value), "*"))
        }
        _ => is(Some(node), "*"),
    };
    members
        .iter()
        .all(|member| matches!(member.key.as_str(), "Sid" | "Effect" | "Principal" | "Action" | "Resource"))
        && is(member(statement, "Effect"), "Allow")
        && is(member(statement, "Action"), "*")
        && is(member(statement, "Resource"), "*")
        && member(statement, "Principal").is_none_or(everyone)
}

/// For parts that need nothing but a code, a place and words.
pub(super) fn error(
    code: Code,
    span: Span,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error(code, span, message).help(help)
}
