//! Cases from JSON. Documents keep the text that their author wrote, repeated members included.

use bailiwick::Profile;
use bailiwick::request::ContextValue;
use bailiwick::source::json::{self, Limits, Member, Node, Value};
use bailiwick::source::{Code, Diagnostic, Diagnostics, Source, Span};

use super::{Expectation, PrincipalSpec, RequestSpec, Scenario, ScenarioPolicies};

/// A case holds documents, so it may be larger and deeper than one.
const LIMITS: Limits = Limits { bytes: 16 << 20, depth: 24 };

impl Scenario {
    /// Reads one case. Members that it does not know are left alone.
    pub fn parse(source: &Source) -> Result<Self, Diagnostics> {
        let refused = |list| Diagnostics { source: source.clone(), list };
        let node = json::read(source, LIMITS).map_err(|diagnostic| refused(vec![*diagnostic]))?;
        let mut reader = Reader { source, problems: Vec::new() };
        let scenario = reader.scenario(&node);
        match scenario {
            Some(scenario) if reader.problems.is_empty() => Ok(scenario),
            _ => Err(refused(reader.problems)),
        }
    }

    /// Reads a file of one case a line, or of one case or a list of them as JSON. Empty lines are left out.
    pub fn parse_all(source: &Source) -> Vec<Result<Self, Diagnostics>> {
        let text = source.text.trim_start();
        if text.starts_with('[') {
            return Self::parse_list(source);
        }
        let lines: Vec<(usize, &str)> =
            source.text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
        // One case over several lines is no list of cases.
        let by_line = lines
            .iter()
            .all(|(_, line)| line.trim_start().starts_with('{') && line.trim_end().ends_with('}'));
        if !by_line || lines.is_empty() {
            return vec![Self::parse(source)];
        }
        let parse = |(number, line): (usize, &str)| {
            Self::parse(&Source::new(&format!("{}:{}", source.name, number + 1), line))
        };
        lines.into_iter().map(parse).collect()
    }

    fn parse_list(source: &Source) -> Vec<Result<Self, Diagnostics>> {
        let limits = Limits { bytes: 256 << 20, depth: LIMITS.depth + 1 };
        match json::read(source, limits) {
            Ok(Node { value: Value::Array(items), .. }) => items
                .iter()
                .map(|item| {
                    let text = source.text.get(item.span.range()).unwrap_or_default();
                    let (line, _) = source.position(item.span.start as usize);
                    Self::parse(&Source::new(&format!("{}:{line}", source.name), text))
                })
                .collect(),
            Ok(_) => Vec::new(),
            Err(diagnostic) => vec![Err(Diagnostics { source: source.clone(), list: vec![*diagnostic] })],
        }
    }
}

struct Reader<'s> {
    source: &'s Source,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn scenario(&mut self, node: &Node) -> Option<Scenario> {
        let members = self.object(node, "a case")?;
        let text = |name: &str| find(members, name).and_then(string).unwrap_or_default().to_owned();
        let id = text("id");
        let profile = match text("profile").as_str() {
            "" | "aws" => Profile::Aws,
            "strict" => Profile::Strict,
            other => {
                let message = format!("`profile` cannot be `{other}`");
                self.add(node.span, message, "say `aws` or `strict`");
                Profile::Aws
            }
        };
        let expect = self.needed(node, members, "expect").and_then(|expect| {
            let found = string(expect).and_then(Expectation::of);
            if found.is_none() {
                let help = format!("one of `{}`", Expectation::WORDS.join("`, `"));
                self.add(expect.span, "`expect` is no answer".to_owned(), &help);
            }
            found
        });
        let tags = match find(members, "tags").map(|node| &node.value) {
            Some(Value::Array(items)) => items.iter().filter_map(string).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let policies =
            find(members, "policies").map_or_else(ScenarioPolicies::default, |node| self.policies(node, &id));
        let mut request = self.needed(node, members, "request").and_then(|node| self.request(node));
        if let (Some(request), Some(account)) =
            (&mut request, find(members, "managementAccount").and_then(string))
        {
            request.management_account = Some(account.to_owned());
        }
        let name = text("name");
        Some(Scenario { id, name, tags, profile, policies, request: request?, expect: expect? })
    }

    fn policies(&mut self, node: &Node, id: &str) -> ScenarioPolicies {
        let Some(members) = self.object(node, "`policies`") else { return ScenarioPolicies::default() };
        let layers = ["identity", "resource", "boundary", "session", "endpoint", "scp", "rcp"];
        for member in members {
            if !layers.contains(&member.key.as_str()) {
                let help = match bailiwick::source::nearest(&member.key, layers) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("layers are `{}`", layers.join("`, `")),
                };
                self.add(member.key_span, format!("`{}` is no layer", member.key), &help);
            }
        }
        let mut list =
            |name: &str| find(members, name).map(|node| self.documents(node, &format!("{id}#{name}")));
        let (identity, resource, boundary) = (list("identity"), list("resource"), list("boundary"));
        let (session, endpoint) = (list("session"), list("endpoint"));
        let mut levels = |name: &str| {
            find(members, name).map(|node| {
                if let Value::Array(items) = &node.value {
                    let name = |level| format!("{id}#{name}[{level}]");
                    return items
                        .iter()
                        .enumerate()
                        .map(|(level, item)| self.documents(item, &name(level)))
                        .collect();
                }
                let message = format!("`{name}` is not a list");
                self.add(node.span, message, "give a list of levels, root first");
                Vec::new()
            })
        };
        let (scp, rcp) = (levels("scp"), levels("rcp"));
        ScenarioPolicies { identity, resource, boundary, session, endpoint, scp, rcp }
    }

    /// One document or a list of them: an object as it is written, or a string that holds the text.
    fn documents(&mut self, node: &Node, name: &str) -> Vec<Source> {
        let items: &[Node] = match &node.value {
            Value::Array(items) => items,
            _ => core::slice::from_ref(node),
        };
        let documents = items.iter().enumerate().map(|(i, item)| {
            let name = if items.len() > 1 { format!("{name}[{i}]") } else { name.to_owned() };
            match &item.value {
                Value::String(text) => Source::new(&name, text),
                _ => Source::new(&name, self.source.text.get(item.span.range()).unwrap_or_default()),
            }
        });
        documents.collect()
    }

    fn request(&mut self, node: &Node) -> Option<RequestSpec> {
        let members = self.object(node, "`request`")?;
        let principal = self.needed(node, members, "principal").and_then(|node| self.principal(node));
        let action = self.needed(node, members, "action").and_then(|node| self.text(node, "`action`"));
        let resource = self.needed(node, members, "resource").and_then(|node| self.text(node, "`resource`"));
        let optional = |name: &str| find(members, name).and_then(string).map(str::to_owned);
        let context = find(members, "context").map(|node| self.context(node)).unwrap_or_default();
        Some(RequestSpec {
            principal: principal?,
            action: action?,
            resource: resource?,
            resource_account: optional("resourceAccount"),
            management_account: optional("managementAccount"),
            context,
        })
    }

    fn principal(&mut self, node: &Node) -> Option<PrincipalSpec> {
        let members = match &node.value {
            Value::String(name) => {
                return Some(PrincipalSpec { name: name.clone(), ..PrincipalSpec::default() });
            }
            _ => self.object(node, "`principal`")?,
        };
        let text = |name: &str| find(members, name).and_then(string).map(str::to_owned);
        let kind = text("type").unwrap_or_default();
        let by_id = matches!(kind.as_str(), "service" | "federated");
        let name = if by_id { text("id") } else { text("arn").or_else(|| text("name")) };
        let groups = match find(members, "groups").map(|node| &node.value) {
            Some(Value::Array(items)) => items.iter().filter_map(string).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let tags = match find(members, "tags").map(|node| &node.value) {
            Some(Value::Object(tags)) => tags
                .iter()
                .filter_map(|tag| Some((tag.key.clone(), string(&tag.value)?.to_owned())))
                .collect(),
            _ => Vec::new(),
        };
        let service_linked =
            find(members, "serviceLinked").is_some_and(|node| node.value == Value::Bool(true));
        let id = if by_id { None } else { text("id") };
        Some(PrincipalSpec {
            kind,
            name: name.unwrap_or_default(),
            role: text("role"),
            parent: text("parent"),
            id,
            service_linked,
            groups,
            tags,
        })
    }

    fn context(&mut self, node: &Node) -> Vec<(String, ContextValue<'static>)> {
        let Some(members) = self.object(node, "`context`") else { return Vec::new() };
        let mut context: Vec<(String, ContextValue<'static>)> = Vec::new();
        for member in members {
            if context.iter().any(|(name, _)| *name == member.key) {
                let message = format!("context key `{}` is there twice", member.key);
                self.add(member.key_span, message, "keep one; a list makes a key multivalued");
            }
            let value = match &member.value.value {
                // A key that is null is missing.
                Value::Null => continue,
                Value::Array(items) => {
                    let texts: Option<Vec<String>> = items.iter().map(|item| scalar(&item.value)).collect();
                    texts.map(ContextValue::from)
                }
                other => scalar(other).map(ContextValue::from),
            };
            if let Some(value) = value {
                context.push((member.key.clone(), value));
            } else {
                let message = format!("context key `{}` is neither text nor a list of texts", member.key);
                self.add(member.value.span, message, "give one text, or a list of texts");
            }
        }
        context
    }

    fn object<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [Member]> {
        if let Value::Object(members) = &node.value {
            return Some(members);
        }
        self.add(node.span, format!("{what} is {}, not an object", node.value.kind()), "write `{ ... }`");
        None
    }

    fn needed<'n>(&mut self, node: &Node, members: &'n [Member], name: &str) -> Option<&'n Node> {
        let found = find(members, name);
        if found.is_none() {
            self.add(node.span, format!("no `{name}` here"), &format!("add `\"{name}\"`"));
        }
        found
    }

    fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        let text = string(node);
        if text.is_none() {
            self.add(node.span, format!("{what} is {}, not a string", node.value.kind()), "put it in quotes");
        }
        text.map(str::to_owned)
    }

    fn add(&mut self, span: Span, message: String, help: &str) {
        self.problems.push(Diagnostic::error(Code("E162"), span, message).help(help));
    }
}

/// A member that is there and not null.
fn find<'n>(members: &'n [Member], name: &str) -> Option<&'n Node> {
    let node = &members.iter().find(|member| member.key == name)?.value;
    (node.value != Value::Null).then_some(node)
}

fn string(node: &Node) -> Option<&str> {
    match &node.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) | Value::Number(text) => Some(text.clone()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}
