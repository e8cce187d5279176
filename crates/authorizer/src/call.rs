//! One call of the authorizer: from an event to the document that the function returns.

use bailiwick::identity::{ClaimPath, Claims};
use bailiwick::request::Request;
use bailiwick::source::{Code, Diagnostic, Diagnostics};
use bailiwick::{Caller, Principal};
use bailiwick_deployment::{Api, ApiKind, ApiResponse, Authorization, Deployment, IdentitySource};
use serde_json::{Value, json};

use crate::context;
use crate::event::{Event, Payload};
use crate::policy::{INVOKE, Permissions};
use crate::refusal::{Failed, about, nameless};

/// An event that an API of the folder may send, with all that must be there before anybody looks at the token.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    deployment: &'a Deployment,
    api: &'a Api,
    event: &'a Event,
    token: &'a str,
}

/// Whoever holds the token, after somebody has verified it.
#[derive(Clone, Copy, Debug)]
pub struct Bearer<'a> {
    /// Its claims.
    pub claims: &'a Claims,
    /// Whom they make.
    pub principal: &'a Principal,
    /// The second since 1970 from which the token does not hold any more.
    pub until: i64,
    /// The second since 1970 at which the question is asked.
    pub now: i64,
}

/// What the function returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The document.
    pub json: Value,
    /// Whether it allows all that the token allows there. Never more.
    pub exact: bool,
    /// What it does not say, and what a reader may be surprised by, in words.
    pub notes: Vec<String>,
}

impl<'a> Call<'a> {
    /// Finds the API of an event, and the token in it.
    ///
    /// Errors: an event of another API or kind (E321, E322), a token that is there twice (E330): refused. An identity
    /// source that is absent (E331): unauthorized; the gateway does not call the function then (SEMANTICS H2).
    pub fn new(deployment: &'a Deployment, event: &'a Event) -> Result<Self, Failed> {
        let api = event.method().api_of(deployment).map_err(Failed::Refused)?;
        if api.authorization != Authorization::Lambda {
            let message = format!("API `{}` has no Lambda authorizer", api.id);
            let help = "say `authorization = \"lambda\"`, or ask `bailiwick gateway`";
            return Err(Failed::Refused(nameless("bailiwick.toml", "E322", message, help)));
        }
        event.fits(api.kind).map_err(Failed::Refused)?;
        let sources = &api.authorizer.identity_sources;
        if event.payload() == Payload::Token && sources.len() > 1 {
            let message = "a `TOKEN` event brings one identity source, and the API has several".to_owned();
            let help = "make it a `REQUEST` authorizer, or leave one source";
            return Err(Failed::Refused(nameless("bailiwick.toml", "E321", message, help)));
        }
        let mut token = None;
        for source in sources {
            let Some(found) = event.brings(source).map_err(Failed::Refused)? else {
                let message = format!("the request does not bring {source}");
                let help = "sign in, and send the token where the API expects it";
                return Err(Failed::Unauthorized(nameless("event", "E331", message, help)));
            };
            if matches!(source, IdentitySource::Header(_) | IdentitySource::Query(_)) {
                token = token.or(Some(found));
            }
        }
        let token = token.map(bare).filter(|token| !token.is_empty()).ok_or_else(|| {
            let message = "the request brings no token".to_owned();
            Failed::Unauthorized(nameless("event", "E331", message, "send `Bearer TOKEN`"))
        })?;
        Ok(Self { deployment, api, event, token })
    }

    /// The API that asks.
    pub fn api(&self) -> &'a Api {
        self.api
    }

    /// The token, without `Bearer`: to be verified before anything else.
    pub fn token(&self) -> &'a str {
        self.token
    }

    /// The document to return.
    ///
    /// Errors: a token that has expired, or of an issuer that the API does not take (E332): unauthorized. A caller of
    /// another account (E324), a policy that does not fit (E323), claims that cannot go where they should (E325, E329):
    /// refused, and the gateway answers 500. Nobody gets in on an error.
    pub fn answer(&self, bearer: &Bearer<'_>) -> Result<Response, Failed> {
        takes(self.deployment, self.api, bearer.claims).map_err(Failed::Unauthorized)?;
        if bearer.now >= bearer.until {
            let message = format!("the token holds until {}, it is {}", bearer.until, bearer.now);
            return Err(Failed::Unauthorized(nameless(
                "token",
                "E332",
                message,
                "ask the issuer for a fresh one",
            )));
        }
        let response = match self.api.authorizer.response {
            ApiResponse::Simple if self.event.payload() == Payload::V2 => self.simple(bearer),
            ApiResponse::Simple => {
                let message = "simple responses need payload 2.0".to_owned();
                Err(nameless("event", "E321", message, "set the authorizer's payload format to 2.0"))
            }
            ApiResponse::Policy => self.policy(bearer),
        };
        let response = response.map_err(Failed::Refused)?;
        let (length, most) = (response.json.to_string().len(), self.api.authorizer.limit);
        if length > most {
            let message = format!("the answer has {length} bytes, and the gateway takes {most}");
            let help = "write fewer and wider resources, or switch the cache off: `ttl = 0`";
            return Err(Failed::Refused(nameless("answer", "E323", message, help)));
        }
        Ok(response)
    }

    /// Whether the gateway keeps the answer beyond this request.
    fn is_kept(&self) -> bool {
        self.api.kind == ApiKind::WebSocket || self.api.authorizer.ttl > 0
    }

    fn policy(&self, bearer: &Bearer<'_>) -> Result<Response, Diagnostics> {
        let method = self.event.method();
        let range = if self.is_kept() { method.whole_stage() } else { method.itself() };
        let permissions = Permissions::of(self.deployment, self.api, bearer.principal, range)?;
        let until = self.is_kept().then_some(bearer.until);
        let mut json = json!({ "principalId": self.principal_id(bearer)?, "policyDocument": permissions.document(until)? });
        let context = context::members(self.api, bearer.claims)?;
        if let Some(members) = json.as_object_mut() {
            if !context.is_empty() {
                members.insert("context".to_owned(), Value::Object(context));
            }
            if let Some(path) = &self.api.authorizer.usage_key {
                let key = context::text(bearer.claims, path, "E325", "key of a usage plan")?;
                let key =
                    key.ok_or_else(|| missing(bearer.claims, path, "E325", "the key of a usage plan"))?;
                members.insert("usageIdentifierKey".to_owned(), json!(key));
            }
        }
        let lost = &permissions.written.lost;
        let mut notes: Vec<String> = lost.iter().map(|lost| self.lost(lost)).collect();
        notes.extend(self.unknown_keys());
        Ok(Response { json, exact: lost.is_empty(), notes })
    }

    /// SEMANTICS H6: what is kept opens every route that shares it, so it says yes only if the token may do all of that.
    fn simple(&self, bearer: &Bearer<'_>) -> Result<Response, Diagnostics> {
        let method = self.event.method();
        let mut notes = self.unknown_keys();
        let mut exact = true;
        let yes = if self.is_kept() {
            let by_route = IdentitySource::Context("routeKey".to_owned());
            let route =
                self.event.route_key().filter(|_| self.api.authorizer.identity_sources.contains(&by_route));
            let range = route.map_or_else(|| method.whole_stage(), |route| method.whole_route(route));
            let whole = Permissions::of(self.deployment, self.api, bearer.principal, range)?.written.whole;
            let lasts =
                i64::try_from(self.api.authorizer.ttl).is_ok_and(|ttl| bearer.until - bearer.now >= ttl);
            if !whole || !lasts {
                exact = false;
                let why = if whole {
                    "the answer would be kept longer than the token holds"
                } else {
                    "the answer is kept, and would open more than the token may do"
                };
                notes.push(why.to_owned());
            }
            whole && lasts
        } else {
            Permissions::of(self.deployment, self.api, bearer.principal, method.itself())?;
            self.decided(bearer)
        };
        let context = context::members(self.api, bearer.claims)?;
        let mut json = json!({ "isAuthorized": yes });
        if let Some(members) = json.as_object_mut().filter(|_| !context.is_empty()) {
            members.insert("context".to_owned(), Value::Object(context));
        }
        Ok(Response { json, exact, notes })
    }

    /// This very request.
    fn decided(&self, bearer: &Bearer<'_>) -> bool {
        let Ok(mut request) = Request::new(INVOKE, self.event.method().as_str()) else { return false };
        for (key, value) in self.event.observed() {
            request = request.with(key, value);
        }
        request = request.with("aws:EpochTime", bearer.now).with("aws:CurrentTime", bearer.now);
        bailiwick::explain(&self.deployment.set, bearer.principal, &request).decision.is_allowed()
    }

    fn principal_id(&self, bearer: &Bearer<'_>) -> Result<String, Diagnostics> {
        if let Some(path) = &self.api.authorizer.principal_id {
            let name = context::text(bearer.claims, path, "E329", "principal's id")?;
            return name
                .map(str::to_owned)
                .ok_or_else(|| missing(bearer.claims, path, "E329", "the principal's id"));
        }
        if let Caller::Subject { subject, .. } = &bearer.principal.caller {
            return Ok(subject.clone());
        }
        let sub = ClaimPath::of(["sub"]);
        let name = context::text(bearer.claims, &sub, "E329", "principal's id")?;
        name.map(str::to_owned).ok_or_else(|| missing(bearer.claims, &sub, "E329", "the principal's id"))
    }

    fn lost(&self, lost: &bailiwick::explore::Lost) -> String {
        let named = lost.statement.and_then(|id| self.deployment.set.statements().nth(id.0 as usize));
        match named {
            Some(attached) => {
                let source = &attached.document.source;
                let (line, column) = source.position(attached.statement.span.start as usize);
                format!("{}:{line}:{column}: {}", source.name, lost.why)
            }
            None => lost.why.to_owned(),
        }
    }

    /// Keys that policies about the API ask for, and the gateway never delivers: they are missing (SEMANTICS D3).
    fn unknown_keys(&self) -> Vec<String> {
        let set = &self.deployment.set;
        let known = crate::method::request_keys(self.api);
        let mut found: Vec<String> = Vec::new();
        for attached in set.statements() {
            let invokes = |entry: &bailiwick::ast::ActionPattern| {
                entry.text == "*" || entry.text.to_ascii_lowercase().starts_with("execute-api:")
            };
            let action = &attached.statement.action;
            if action.negated || !action.entries.iter().any(invokes) {
                continue;
            }
            for condition in &attached.statement.conditions {
                let key = condition.key.value.as_str();
                let principals = set.key_table().owner(key) == bailiwick::value::Owner::Principal;
                if !principals && !known.iter().any(|known| known.eq_ignore_ascii_case(key)) {
                    let note = format!("`{key}` counts as missing: the gateway does not deliver it");
                    if !found.contains(&note) {
                        found.push(note);
                    }
                }
            }
        }
        found
    }
}

/// The token of a header's value: RFC 6750's scheme ignores letter case, and many clients leave it out.
fn bare(value: &str) -> &str {
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim_matches(' '),
        _ => value,
    }
}

/// Whether the API takes tokens of the claims' issuer (E332).
pub(crate) fn takes(deployment: &Deployment, api: &Api, claims: &Claims) -> Result<(), Diagnostics> {
    let issuer = deployment.issuer_of(claims)?;
    if api.issuers.is_empty() || api.issuers.contains(&issuer.name) {
        return Ok(());
    }
    let message = format!("API `{}` does not take tokens of issuer `{}`", api.id, issuer.name);
    let help = format!("it takes those of `{}`", api.issuers.join("`, `"));
    Err(nameless("token", "E332", message, &help))
}

fn missing(claims: &Claims, path: &ClaimPath, code: &'static str, what: &str) -> Diagnostics {
    let message = format!("there is no claim `{path}` for {what}");
    let span = bailiwick::source::Span::default();
    about(
        claims.source(),
        Diagnostic::error(Code(code), span, message).help("map a claim that every token has"),
    )
}
