//! An API of API Gateway: what it is called, how it authorizes, what its authorizer answers (SEMANTICS H).

use std::sync::Arc;

use bailiwick::ast::Document;
use bailiwick::identity::ClaimPath;

/// One API.
#[derive(Clone, Debug)]
pub struct Api {
    /// Its id, which begins the last field of its ARNs.
    pub id: String,
    /// Which of the three kinds.
    pub kind: ApiKind,
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// Where it is deployed.
    pub region: String,
    /// Whose it is.
    pub account: String,
    /// Its stages; none means any.
    pub stages: Vec<String>,
    /// Reached through VPC endpoints only; it then has a resource policy.
    pub private: bool,
    /// Who decides about a request.
    pub authorization: Authorization,
    /// Names of the issuers whose tokens it takes; none means every issuer of the folder.
    pub issuers: Vec<String>,
    /// Its resource policy, if it has one. Under IAM authorization it is attached in the policy set too.
    pub resource_policy: Option<Vec<Arc<Document>>>,
    /// What its Lambda authorizer does.
    pub authorizer: ApiAuthorizer,
    /// Scopes of its routes.
    pub routes: Vec<ApiRoute>,
}

/// The kinds of API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApiKind {
    /// REST API.
    Rest,
    /// HTTP API.
    Http,
    /// WebSocket API.
    WebSocket,
}

/// Who decides about a request (SEMANTICS H4, H6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Authorization {
    /// Nobody but the resource policy.
    None,
    /// IAM, for signed requests.
    Iam,
    /// A Lambda authorizer.
    Lambda,
    /// A Cognito user pool, of a REST API.
    Cognito,
    /// A JWT authorizer, of an HTTP API.
    Jwt,
}

/// The settings of a Lambda authorizer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiAuthorizer {
    /// What must be there before the function is called, and what the cache goes by; the first header or query
    /// parameter brings the token.
    pub identity_sources: Vec<IdentitySource>,
    /// The form of the answer.
    pub response: ApiResponse,
    /// Seconds for which the gateway keeps an answer; 0 is off. A WebSocket's holds as long as its connection.
    pub ttl: u64,
    /// The claim that names the caller; none means the bearer's subject.
    pub principal_id: Option<ClaimPath>,
    /// The claim that holds the key of a usage plan.
    pub usage_key: Option<ClaimPath>,
    /// What integrations are told: names and claims.
    pub context: Vec<(String, ClaimPath)>,
    /// Bytes that an answer may have (SEMANTICS I).
    pub limit: usize,
}

/// The form of an authorizer's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApiResponse {
    /// A policy.
    Policy,
    /// `isAuthorized`, of an HTTP API with payload 2.0.
    Simple,
}

/// A part of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IdentitySource {
    /// A header; its name ignores letter case.
    Header(String),
    /// A parameter of the query.
    Query(String),
    /// A variable of the gateway's, such as `routeKey`.
    Context(String),
    /// A variable of the stage.
    Stage(String),
}

/// A route and its scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiRoute {
    /// `GET /pets/{id}`, `ANY /{proxy+}`, `$default`.
    pub route: String,
    /// One of these is enough.
    pub scopes: Vec<String>,
}

/// Bytes of an authorizer's answer (SEMANTICS I: AGW-Q, as of 2026).
pub const RESPONSE_BYTES: usize = 8_192;

/// Seconds for which API Gateway keeps an answer unless it is told otherwise, and at most.
pub const DEFAULT_TTL: u64 = 300;
/// The most.
pub const MAX_TTL: u64 = 3_600;

impl Api {
    /// `arn:aws:execute-api:REGION:ACCOUNT:ID/`, with which the ARNs of its methods begin.
    pub fn arn(&self) -> String {
        let Self { partition, region, account, id, .. } = self;
        format!("arn:{partition}:execute-api:{region}:{account}:{id}/")
    }

    /// The scopes of a route, by a request's method and path; none means that no route asks for scopes there.
    ///
    /// Of several routes that fit, the one with the longest text before its first parameter counts, as the gateway
    /// chooses; at the same length, one with the method before `ANY`.
    pub fn scopes(&self, method: &str, path: &str) -> &[String] {
        let fitting = self.routes.iter().filter(|route| route.fits(method, path));
        fitting.max_by_key(|route| route.weight()).map_or(&[], |route| &route.scopes)
    }
}

impl ApiRoute {
    /// Whether a request takes this route.
    fn fits(&self, method: &str, path: &str) -> bool {
        let Some((verb, pattern)) = self.route.split_once(' ') else { return self.route == "$default" };
        if verb != "ANY" && verb != method {
            return false;
        }
        let mut parts = path.trim_start_matches('/').split('/');
        for part in pattern.trim_start_matches('/').split('/') {
            if part.ends_with("+}") {
                return parts.next().is_some_and(|first| !first.is_empty());
            }
            let Some(given) = parts.next() else { return false };
            let parameter = part.starts_with('{') && part.ends_with('}');
            let fits = if parameter { !given.is_empty() } else { part == given };
            if !fits {
                return false;
            }
        }
        parts.next().is_none()
    }

    fn weight(&self) -> (bool, usize, usize, bool) {
        let Some((verb, pattern)) = self.route.split_once(' ') else { return (false, 0, 0, false) };
        let greedy = pattern.contains("+}");
        let plain =
            pattern.split('/').take_while(|part| !part.starts_with('{')).map(|part| part.len() + 1).sum();
        let fixed = pattern.split('/').filter(|part| !part.starts_with('{')).count();
        (!greedy, plain, fixed, verb != "ANY")
    }
}

impl IdentitySource {
    /// Reads `method.request.header.NAME` (REST), `$request.header.NAME` (HTTP), `route.request.header.NAME`
    /// (WebSocket), the same with `querystring`, `context.NAME` and `stageVariables.NAME`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('$').unwrap_or(text);
        let bare = ["method.request.", "route.request.", "request."]
            .iter()
            .find_map(|prefix| text.strip_prefix(prefix));
        let (kind, name) = bare.unwrap_or(text).split_once('.')?;
        if name.is_empty() {
            return None;
        }
        let name = name.to_owned();
        match (kind, bare.is_some()) {
            ("header", true) => Some(Self::Header(name)),
            ("querystring", true) => Some(Self::Query(name)),
            ("context", false) => Some(Self::Context(name)),
            ("stageVariables", false) => Some(Self::Stage(name)),
            _ => None,
        }
    }
}

impl core::fmt::Display for IdentitySource {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Header(name) => write!(f, "header `{name}`"),
            Self::Query(name) => write!(f, "query parameter `{name}`"),
            Self::Context(name) => write!(f, "context variable `{name}`"),
            Self::Stage(name) => write!(f, "stage variable `{name}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_sources_are_read_in_three_dialects() {
        let header = |name: &str| Some(IdentitySource::Header(name.to_owned()));
        for (text, expected) in [
            ("method.request.header.Authorization", header("Authorization")),
            ("$request.header.x-token", header("x-token")),
            ("route.request.header.Auth", header("Auth")),
            ("route.request.querystring.token", Some(IdentitySource::Query("token".to_owned()))),
            ("$context.routeKey", Some(IdentitySource::Context("routeKey".to_owned()))),
            ("context.identity.sourceIp", Some(IdentitySource::Context("identity.sourceIp".to_owned()))),
            ("stageVariables.tier", Some(IdentitySource::Stage("tier".to_owned()))),
            ("method.request.header.", None),
            ("header.Authorization", None),
            ("method.request.body.token", None),
            ("Authorization", None),
            ("", None),
        ] {
            assert_eq!(IdentitySource::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn the_closest_route_gives_the_scopes() {
        let route = |text: &str| ApiRoute { route: text.to_owned(), scopes: vec![text.to_owned()] };
        let routes = [
            "GET /pets",
            "ANY /pets",
            "GET /pets/{id}",
            "GET /pets/mine",
            "ANY /{proxy+}",
            "POST /a/{b}/c",
            "$default",
        ];
        let mut api = Api {
            id: "a".to_owned(),
            kind: ApiKind::Http,
            partition: "aws".to_owned(),
            region: "eu".to_owned(),
            account: "111122223333".to_owned(),
            stages: vec![],
            private: false,
            authorization: Authorization::Jwt,
            issuers: vec![],
            resource_policy: None,
            authorizer: ApiAuthorizer {
                identity_sources: vec![],
                response: ApiResponse::Policy,
                ttl: 0,
                principal_id: None,
                usage_key: None,
                context: vec![],
                limit: RESPONSE_BYTES,
            },
            routes: routes.map(route).to_vec(),
        };
        for (method, path, expected) in [
            ("GET", "/pets", "GET /pets"),
            ("PUT", "/pets", "ANY /pets"),
            ("GET", "/pets/1", "GET /pets/{id}"),
            ("GET", "/pets/mine", "GET /pets/mine"),
            ("PUT", "/pets/1", "ANY /{proxy+}"),
            ("GET", "/pets/1/2", "ANY /{proxy+}"),
            ("POST", "/a/x/c", "POST /a/{b}/c"),
            ("get", "/pets", "ANY /pets"),
            ("GET", "/", "$default"),
        ] {
            assert_eq!(api.scopes(method, path), [expected], "{method} {path}");
        }
        api.routes.clear();
        assert!(api.scopes("GET", "/pets").is_empty());
    }
}
