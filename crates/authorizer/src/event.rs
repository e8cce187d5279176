//! The event that a Lambda authorizer is called with (SEMANTICS H2, H6, H7).

use bailiwick::source::json::{self, Limits, Node, Value, repeated};
use bailiwick::source::{Code, Diagnostic, Diagnostics, Source};
use bailiwick_deployment::{ApiKind, IdentitySource};

use crate::method::MethodArn;
use crate::refusal::about;

/// An event, read strictly: a member that is there twice refuses it, at every level.
#[derive(Clone, Debug)]
pub struct Event {
    source: Source,
    root: Node,
    payload: Payload,
    method: MethodArn,
}

/// The forms of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// `TOKEN` of a REST API.
    Token,
    /// `REQUEST` of a REST or WebSocket API, without a version.
    Request,
    /// `REQUEST` of an HTTP API, payload 1.0.
    V1,
    /// `REQUEST` of an HTTP API, payload 2.0.
    V2,
}

impl Event {
    /// Reads the JSON of an event.
    ///
    /// Errors: bad JSON or repeated members (E0xx), members of the wrong form (E321), a method that is none (E328).
    pub fn parse(text: impl Into<Source>) -> Result<Self, Diagnostics> {
        let source = text.into();
        let root = strict(&source)?;
        let unfit = |node: &Node, message: String| about(&source, unfit(node, message));
        let wrong = |node: &Node, message: String| Err(unfit(node, message));
        if root.as_object().is_none() {
            return wrong(&root, format!("an event is an object, not {}", root.value.kind()));
        }
        let text = |name: &str| match root.get(name) {
            None => Ok(None),
            Some(node) => match node.as_str() {
                Some(text) => Ok(Some((text, node))),
                None => Err(unfit(node, format!("`{name}` is {}, not a string", node.value.kind()))),
            },
        };
        let payload = match (text("type")?, text("version")?) {
            (Some(("TOKEN", _)), None) => Payload::Token,
            (Some(("REQUEST", _)), None) => Payload::Request,
            (Some(("REQUEST", _)), Some(("1.0", _))) => Payload::V1,
            (Some(("REQUEST", _)), Some(("2.0", _))) => Payload::V2,
            (Some(("TOKEN" | "REQUEST", _)), Some((version, node))) => {
                return wrong(node, format!("there is no event of version `{version}` and this type"));
            }
            (Some((kind, node)), _) => return wrong(node, format!("there is no event of type `{kind}`")),
            (None, _) => return wrong(&root, "the event has no `type`".to_owned()),
        };
        let name = if payload == Payload::V2 { "routeArn" } else { "methodArn" };
        let Some((arn, node)) = text(name)? else {
            return wrong(&root, format!("the event has no `{name}`"));
        };
        let method = MethodArn::parse(arn).map_err(|mut refused| {
            refused.source = source.clone();
            for label in refused.list.iter_mut().flat_map(|one| &mut one.labels) {
                label.span = node.span;
            }
            refused
        })?;
        Ok(Self { source: source.clone(), root, payload, method })
    }

    /// Its text.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Its form.
    pub fn payload(&self) -> Payload {
        self.payload
    }

    /// What is asked for.
    pub fn method(&self) -> &MethodArn {
        &self.method
    }

    /// `GET /pets/{id}`, of an HTTP API.
    pub(crate) fn route_key(&self) -> Option<&str> {
        self.root.get("routeKey")?.as_str()
    }

    /// Whether an API of this kind sends such events (SEMANTICS H2, H6, H7).
    pub(crate) fn fits(&self, kind: ApiKind) -> Result<(), Diagnostics> {
        let fits = match (kind, self.payload) {
            (ApiKind::Rest, Payload::Token | Payload::Request)
            | (ApiKind::Http, Payload::V1 | Payload::V2) => true,
            (ApiKind::WebSocket, Payload::Request) => {
                let kind = self.root.get("requestContext").and_then(|context| context.get("eventType"));
                kind.and_then(Node::as_str) == Some("CONNECT")
            }
            _ => false,
        };
        let kind = match kind {
            ApiKind::Rest => "a REST API sends `TOKEN`, or `REQUEST` without `version`",
            ApiKind::Http => "an HTTP API sends `REQUEST` of `version` 1.0 or 2.0",
            ApiKind::WebSocket => "a WebSocket API sends `REQUEST` without `version`, at `CONNECT` alone",
        };
        let message = "the API does not send such events".to_owned();
        if fits { Ok(()) } else { Err(about(&self.source, unfit(&self.root, message).help(kind))) }
    }

    /// What the request brings under an identity source: nothing, or one text.
    ///
    /// Errors: E330, it brings several: the gateway and its backend may not read the same one.
    pub(crate) fn brings(&self, source: &IdentitySource) -> Result<Option<&str>, Diagnostics> {
        let found = match source {
            IdentitySource::Header(_) if self.payload == Payload::Token => {
                self.string("authorizationToken")?
            }
            IdentitySource::Header(name) => {
                let same = |other: &str| other.eq_ignore_ascii_case(name);
                self.single("headers", "multiValueHeaders", source, same)?
            }
            IdentitySource::Query(name) => {
                let same = |other: &str| other == name;
                self.single("queryStringParameters", "multiValueQueryStringParameters", source, same)?
            }
            IdentitySource::Stage(name) => {
                self.root.get("stageVariables").and_then(|all| all.get(name)).and_then(Node::as_str)
            }
            // The gateway's own variables are always there.
            IdentitySource::Context(_) => return Ok(Some("")),
        };
        Ok(found.filter(|text| !text.is_empty()))
    }

    /// What the gateway will say of this very request in `aws:` keys, as far as the event tells.
    pub fn observed(&self) -> Vec<(&'static str, String)> {
        let context = self.root.get("requestContext");
        let part = if self.payload == Payload::V2 { "http" } else { "identity" };
        let identity = context.and_then(|context| context.get(part));
        let of =
            |name: &str| identity.and_then(|all| all.get(name)).and_then(Node::as_str).map(str::to_owned);
        let referer = self.brings(&IdentitySource::Header("referer".to_owned())).ok().flatten();
        let mut found = vec![("aws:SecureTransport", "true".to_owned())];
        found.extend(of("sourceIp").map(|text| ("aws:SourceIp", text)));
        found.extend(of("userAgent").map(|text| ("aws:UserAgent", text)));
        found.extend(referer.map(|text| ("aws:referer", text.to_owned())));
        found
    }

    fn string(&self, name: &str) -> Result<Option<&str>, Diagnostics> {
        match self.root.get(name).map(|node| (node, &node.value)) {
            None | Some((_, Value::Null)) => Ok(None),
            Some((_, Value::String(text))) => Ok(Some(text)),
            Some((node, other)) => {
                let message = format!("`{name}` is {}, not a string", other.kind());
                Err(about(&self.source, unfit(node, message)))
            }
        }
    }

    fn single(
        &self,
        plain: &str,
        many: &str,
        source: &IdentitySource,
        same: impl Fn(&str) -> bool,
    ) -> Result<Option<&str>, Diagnostics> {
        let mut values: Vec<&Node> = Vec::new();
        for member in self.root.get(plain).and_then(Node::as_object).unwrap_or_default() {
            if same(&member.key) {
                values.push(&member.value);
            }
        }
        let mut again: Vec<&Node> = Vec::new();
        for member in self.root.get(many).and_then(Node::as_object).unwrap_or_default() {
            if same(&member.key) {
                again.extend(member.value.as_array().unwrap_or_default());
            }
        }
        if let Some(second) = values.get(1).or(again.get(1)) {
            let message = format!("the request brings {source} more than once");
            let diagnostic = Diagnostic::error(Code("E330"), second.span, message).at("again here").help(
                "refuse the request: who reads the first and who reads the last see two different tokens",
            );
            return Err(about(&self.source, diagnostic));
        }
        Ok(values.first().or(again.first()).and_then(|node| node.as_str()))
    }
}

/// JSON without repeated members.
pub(crate) fn strict(source: &Source) -> Result<Node, Diagnostics> {
    let refused = |list| Diagnostics { source: source.clone(), list };
    let node = json::read(source, Limits::default()).map_err(|error| refused(vec![*error]))?;
    let twice = repeated(&node);
    if twice.is_empty() { Ok(node) } else { Err(refused(twice)) }
}

fn unfit(node: &Node, message: String) -> Diagnostic {
    Diagnostic::error(Code("E321"), node.span, message)
        .help("pass the event as API Gateway sends it to the function")
}
