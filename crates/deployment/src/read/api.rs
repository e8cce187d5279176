//! `[[api]]`: APIs of API Gateway, and what their authorizers answer.

use bailiwick::ast::{Kind, Target};
use bailiwick::identity::{ClaimPath, Issuer};
use bailiwick::value::{ArnPattern, Layer, Piece, ResourcePattern, Template};

use super::attach::{self, Attacher};
use super::issuer::path;
use super::table::{Table, Text};
use crate::api::{
    Api, ApiAuthorizer, ApiKind, ApiResponse, ApiRoute, Authorization, DEFAULT_TTL, IdentitySource, MAX_TTL,
    RESPONSE_BYTES,
};
use crate::problems::Problems;

const KINDS: [(&str, ApiKind); 3] =
    [("rest", ApiKind::Rest), ("http", ApiKind::Http), ("websocket", ApiKind::WebSocket)];
const AUTHORIZATIONS: [(&str, Authorization); 5] = [
    ("none", Authorization::None),
    ("iam", Authorization::Iam),
    ("lambda", Authorization::Lambda),
    ("cognito", Authorization::Cognito),
    ("jwt", Authorization::Jwt),
];
const PARTITIONS: [(&str, &str); 3] = [("aws", "aws"), ("aws-cn", "aws-cn"), ("aws-us-gov", "aws-us-gov")];
const RESPONSES: [(&str, ApiResponse); 2] =
    [("policy", ApiResponse::Policy), ("simple", ApiResponse::Simple)];
/// A Lambda function cannot return more.
const MOST_BYTES: u64 = 6 << 20;

pub(super) fn read(
    root: &mut Table<'_>,
    problems: &mut Problems,
    attacher: &mut Attacher<'_>,
    issuers: &[Issuer],
    home: &str,
) -> Vec<Api> {
    let mut apis: Vec<Api> = Vec::new();
    for mut table in root.tables(problems, "api", "an API") {
        let id = plain(&mut table, problems, "id");
        let region = plain(&mut table, problems, "region");
        let kind = table.choice(problems, "kind", &KINDS).unwrap_or(ApiKind::Rest);
        let partition = table.choice(problems, "partition", &PARTITIONS).unwrap_or("aws").to_owned();
        let account = table.string(problems, "account");
        let account = super::account(problems, account).unwrap_or_else(|| home.to_owned());
        let stages = texts(&mut table, problems, "stages");
        let private = table.flag(problems, "private");
        let authorization =
            table.choice(problems, "authorization", &AUTHORIZATIONS).unwrap_or(Authorization::Lambda);
        let names = table.strings(problems, "issuers").unwrap_or_default();
        let known = names.iter().filter(|name| attach::find_issuer(problems, issuers, name).is_some());
        let issuers = known.map(|name| name.value.clone()).collect();
        let resource_policy = attacher.read_files(problems, &mut table, "resource_policy", Kind::Api);
        let authorizer = authorizer(&mut table, problems, kind);
        let routes = routes(&mut table, problems);
        let api = Api {
            id: id.as_ref().map(|id| id.value.clone()).unwrap_or_default(),
            kind,
            partition,
            region: region.map(|region| region.value).unwrap_or_default(),
            account,
            stages,
            private,
            authorization,
            issuers,
            resource_policy,
            authorizer,
            routes,
        };
        fits(&table, problems, &api);
        table.finish(problems);
        if let Some(documents) = api.resource_policy.as_ref().filter(|_| authorization == Authorization::Iam)
        {
            attacher.put(Layer::Resource, Target::Resource(methods(&api)), documents.clone());
        }
        if let Some(id) = id {
            if apis.iter().any(|other| other.arn() == api.arn()) {
                attach::twice(problems, "API", &id);
            }
            apis.push(api);
        }
    }
    apis
}

/// Its methods in all stages.
fn methods(api: &Api) -> ResourcePattern {
    let fields = [&api.partition, "execute-api", &api.region, &api.account, &format!("{}/", api.id)];
    let mut fields = fields.map(Template::literal);
    fields[4].push(Piece::Any);
    ResourcePattern::Arn { pattern: ArnPattern { fields }, capped: false }
}

fn authorizer(table: &mut Table<'_>, problems: &mut Problems, kind: ApiKind) -> ApiAuthorizer {
    let mut sources = Vec::new();
    for text in table.strings(problems, "identity_sources").unwrap_or_default() {
        if let Some(source) = IdentitySource::parse(&text.value) {
            sources.push(source);
            continue;
        }
        let message = format!("`{}` is not an identity source", text.value);
        let help = "write `method.request.header.Authorization`, `$request.header.Authorization` or \
                    `route.request.querystring.token`, as API Gateway has it";
        problems.add("E320", text.span, message, help);
    }
    if sources.is_empty() {
        sources.push(IdentitySource::Header("Authorization".to_owned()));
    }
    let brings =
        |source: &IdentitySource| matches!(source, IdentitySource::Header(_) | IdentitySource::Query(_));
    if !sources.iter().any(brings) {
        let help = "name the header or query parameter that brings the token";
        problems.add("E320", table.span, "no identity source brings a token", help);
    }
    let ttl = table.number(problems, "ttl", MAX_TTL);
    if ttl.is_some() && kind == ApiKind::WebSocket {
        let help = "leave `ttl` out: the answer at `$connect` holds for the connection";
        problems.add("E320", table.span, "the authorizer of a WebSocket API has no cache", help);
    }
    let limit = table.number(problems, "limit", MOST_BYTES);
    let mut claim =
        |table: &mut Table<'_>, name| table.string(problems, name).and_then(|text| path(problems, &text));
    let principal_id = claim(table, "principal_id");
    let usage_key = claim(table, "usage_key");
    let context = pairs(table, problems);
    ApiAuthorizer {
        identity_sources: sources,
        response: table.choice(problems, "response", &RESPONSES).unwrap_or(ApiResponse::Policy),
        ttl: ttl.unwrap_or(DEFAULT_TTL),
        principal_id,
        usage_key,
        context,
        limit: limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(RESPONSE_BYTES),
    }
}

fn pairs(table: &mut Table<'_>, problems: &mut Problems) -> Vec<(String, ClaimPath)> {
    let pairs = table.pairs(problems, "context");
    for (name, _) in &pairs {
        if name.value.is_empty() || name.value == "principalId" {
            let message = format!("`{}` cannot be a name in `context`", name.value);
            problems.add(
                "E320",
                name.span,
                message,
                "the gateway fills `principalId` itself; choose another name",
            );
        }
    }
    pairs.into_iter().filter_map(|(name, claim)| Some((name.value, path(problems, &claim)?))).collect()
}

fn routes(table: &mut Table<'_>, problems: &mut Problems) -> Vec<ApiRoute> {
    let mut routes: Vec<ApiRoute> = Vec::new();
    for mut table in table.tables(problems, "route", "a route of an API") {
        let route = table.required(problems, "route");
        let scopes = texts(&mut table, problems, "scopes");
        table.finish(problems);
        let Some(route) = route else { continue };
        let shape = route.value == "$default"
            || route.value.split_once(' ').is_some_and(|(verb, path)| {
                !verb.is_empty()
                    && verb.bytes().all(|byte| byte.is_ascii_uppercase())
                    && path.starts_with('/')
            });
        if !shape {
            let message = format!("`{}` is not a route", route.value);
            problems.add(
                "E320",
                route.span,
                message,
                "write `GET /pets/{id}`, `ANY /{proxy+}` or `$default`",
            );
        }
        if routes.iter().any(|other| other.route == route.value) {
            attach::twice(problems, "route", &route);
        }
        routes.push(ApiRoute { route: route.value, scopes });
    }
    routes
}

/// What does not go together (SEMANTICS H4, H6, H7).
fn fits(table: &Table<'_>, problems: &mut Problems, api: &Api) {
    let mut wrong = |message: &str, help: &str| problems.add("E320", table.span, message, help);
    if api.resource_policy.is_some() && api.kind != ApiKind::Rest {
        wrong("only a REST API has a resource policy", "leave `resource_policy` out");
    }
    if api.private && api.kind != ApiKind::Rest {
        wrong("only a REST API can be private", "leave `private` out");
    } else if api.private && api.resource_policy.is_none() {
        wrong("a private API needs a resource policy", "name its files: `resource_policy = [\"....json\"]`");
    }
    match (api.authorization, api.kind) {
        (Authorization::Cognito, ApiKind::Http | ApiKind::WebSocket) => {
            wrong("only a REST API has a Cognito authorizer", "an HTTP API has `authorization = \"jwt\"`");
        }
        (Authorization::Jwt, ApiKind::Rest | ApiKind::WebSocket) => {
            wrong("only an HTTP API has a JWT authorizer", "a REST API has `authorization = \"cognito\"`");
        }
        _ => {}
    }
    if api.authorizer.response == ApiResponse::Simple && api.kind != ApiKind::Http {
        wrong("only an HTTP API takes simple responses", "leave `response` out");
    }
    let scoped = matches!(api.authorization, Authorization::Cognito | Authorization::Jwt);
    if !api.routes.is_empty() && !scoped {
        wrong("only Cognito and JWT authorizers look at scopes", "put them into a policy as `token:scopes`");
    }
    let lambda = api.authorization == Authorization::Lambda;
    for name in ["identity_sources", "ttl", "limit", "response", "principal_id", "usage_key", "context"] {
        if !lambda && table.has(name) {
            wrong(&format!("`{name}` belongs to a Lambda authorizer"), "say `authorization = \"lambda\"`");
        }
    }
    if api.authorizer.usage_key.is_some() && api.kind != ApiKind::Rest {
        wrong("only a REST API has usage plans", "leave `usage_key` out");
    }
}

fn plain(table: &mut Table<'_>, problems: &mut Problems, name: &'static str) -> Option<Text> {
    let text = table.required(problems, name)?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if text.value.is_empty() || !text.value.bytes().all(fits) {
        let message = format!("`{}` is not the `{name}` of an API", text.value);
        problems.add("E320", text.span, message, "write it as it stands in the ARN, without wildcards");
    }
    Some(text)
}

fn texts(table: &mut Table<'_>, problems: &mut Problems, name: &'static str) -> Vec<String> {
    table.strings(problems, name).unwrap_or_default().into_iter().map(|text| text.value).collect()
}
