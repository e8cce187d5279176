//! Who asks: by which mode, with which claims.

use bailiwick::identity::Claims;
use bailiwick::source::json::{Node, Value};
use bailiwick::source::{Diagnostic, Diagnostics, Source, Span};

use crate::api::{Api, Mode, OidcSettings, Provider};
use crate::code;
use crate::lambda::LambdaAnswer;
use crate::policy::FieldPolicy;
use crate::text::quoted;

/// Who a role session of an identity pool is for; Amplify's rules with `provider: iam` ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Identity {
    /// Not known: no such rule applies.
    #[default]
    Unknown,
    /// Somebody signed in.
    SignedIn,
    /// A guest.
    Guest,
}

/// A caller that the API has let in.
#[derive(Clone)]
pub struct Caller<'a> {
    pub(crate) mode: Mode,
    /// Whether it comes by the API's default mode; unmarked fields are for those only.
    pub(crate) primary: bool,
    pub(crate) groups: Vec<String>,
    pub(crate) claims: Option<&'a Claims>,
    pub(crate) function: Option<LambdaAnswer>,
    pub(crate) policy: Option<&'a dyn FieldPolicy>,
    pub(crate) identity: Identity,
}

impl<'a> Caller<'a> {
    /// Somebody with the API's key. E351 if the API takes no keys.
    pub fn api_key(api: &Api) -> Result<Self, Diagnostics> {
        Self::of(api, Mode::ApiKey)
    }

    /// Somebody who signs requests; `policy` says what they may do. E351 if the API does not take signed requests, E359
    /// if nobody can be asked about its fields, because its ARN is not known.
    pub fn iam(api: &Api, policy: &'a dyn FieldPolicy, identity: Identity) -> Result<Self, Diagnostics> {
        let caller = Self::of(api, Mode::Iam)?;
        if api.arn.is_none() {
            let diagnostic = Diagnostic::error(
                code::NO_ARN,
                Span::default(),
                "policies cannot be asked: the API's ARN is not known",
            )
            .help("say it: `arn:aws:appsync:REGION:ACCOUNT:apis/ID`, as `arn` of the API's settings");
            return Err(Diagnostics { source: Source::new("API", ""), list: vec![diagnostic] });
        }
        Ok(Self { policy: Some(policy), identity, ..caller })
    }

    /// Somebody about whom the API's function gave this answer. E351 if the API has no function.
    pub fn function(api: &Api, answer: LambdaAnswer) -> Result<Self, Diagnostics> {
        Ok(Self { function: Some(answer), ..Self::of(api, Mode::Lambda)? })
    }

    /// The bearer of a token, whose claims somebody has verified: signature and times. `mode` narrows down which of the
    /// API's pools and providers take it; `now` is in seconds.
    ///
    /// Errors: E351, if none takes it, or more than one might.
    pub fn from_claims(
        api: &Api,
        claims: &'a Claims,
        mode: Option<Mode>,
        now: u64,
    ) -> Result<Self, Diagnostics> {
        let refused = |diagnostic| Diagnostics { source: claims.source().clone(), list: vec![diagnostic] };
        let takes: Vec<(usize, &Provider)> = api
            .providers()
            .enumerate()
            .filter(|(_, provider)| {
                mode.is_none_or(|mode| provider.mode() == mode) && takes(provider, claims, mode)
            })
            .collect();
        let [(at, provider)] = takes.as_slice() else {
            return Err(refused(which(api, claims, takes.len())));
        };
        let groups = match provider {
            Provider::Cognito(_) => user_pool(claims),
            Provider::Oidc(settings) => oidc(settings, claims, now).map(|()| Vec::new()),
            Provider::ApiKey | Provider::Iam | Provider::Lambda => Ok(Vec::new()),
        };
        let groups = groups.map_err(refused)?;
        client(provider, claims).map_err(refused)?;
        Ok(Self {
            mode: provider.mode(),
            primary: *at == 0,
            groups,
            claims: Some(claims),
            function: None,
            policy: None,
            identity: Identity::Unknown,
        })
    }

    /// By which mode.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Groups of the user pool that the token names.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    fn of(api: &Api, mode: Mode) -> Result<Self, Diagnostics> {
        if !api.has(mode) {
            let names = api.providers().map(|provider| provider.mode().name());
            let message = format!("the API does not take {}", mode.name());
            let diagnostic = Diagnostic::error(code::TOKEN, Span::default(), message)
                .help(format!("it takes {}", quoted(names)));
            return Err(Diagnostics { source: Source::new("API", ""), list: vec![diagnostic] });
        }
        Ok(Self {
            mode,
            primary: api.default_mode() == mode,
            groups: Vec::new(),
            claims: None,
            function: None,
            policy: None,
            identity: Identity::Unknown,
        })
    }
}

/// Every user pool's issuer begins so (SEMANTICS G1); where the API's pool is not known, nothing else tells.
const POOLS: &str = "https://cognito-idp.";

/// Whether claims are of a provider, by their issuer. Where the issuer is not known, a mode that was asked for says so.
fn takes(provider: &Provider, claims: &Claims, mode: Option<Mode>) -> bool {
    let issuer = claims.text("iss");
    match (provider, provider.issuer()) {
        (Provider::ApiKey | Provider::Iam | Provider::Lambda, _) => false,
        (_, Some(known)) => issuer == Some(known),
        (Provider::Cognito(_), None) => {
            mode.is_some() || issuer.is_some_and(|issuer| issuer.starts_with(POOLS))
        }
        (Provider::Oidc(_), None) => {
            mode.is_some() || issuer.is_some_and(|issuer| !issuer.starts_with(POOLS))
        }
    }
}

fn which(api: &Api, claims: &Claims, found: usize) -> Diagnostic {
    let place = claims.named("iss").map(|node| node.span).unwrap_or_default();
    if found > 1 {
        return Diagnostic::error(code::TOKEN, place, "several of the API's modes may take this token")
            .help("give the API's settings, which name the issuers: `--api FILE`");
    }
    let modes = quoted(api.providers().map(|provider| provider.mode().name()));
    let known: Vec<&str> = api.providers().filter_map(Provider::issuer).collect();
    let issuer = claims.text("iss").map_or_else(|| "nobody".to_owned(), |issuer| format!("`{issuer}`"));
    let help = if known.is_empty() {
        format!("the API takes {modes}")
    } else {
        format!("it takes tokens of {}", quoted(known))
    };
    Diagnostic::error(code::TOKEN, place, format!("the API takes no token of {issuer}")).help(help)
}

/// A pool's token says what it is for, and its groups are a list of strings (SEMANTICS G1 to G3).
fn user_pool(claims: &Claims) -> Result<Vec<String>, Diagnostic> {
    if !matches!(claims.text("token_use"), Some("id" | "access")) {
        let place = claims.named("token_use").map(|node| node.span).unwrap_or_default();
        return Err(Diagnostic::error(
            code::TOKEN,
            place,
            "the token is neither ID nor access token of a user pool",
        )
        .help("a user pool's tokens have `token_use`: `id` or `access`"));
    }
    let Some(node) = claims.named("cognito:groups") else { return Ok(Vec::new()) };
    strings(node).ok_or_else(|| {
        Diagnostic::error(code::TOKEN, node.span, "`cognito:groups` is a list of strings")
            .at(format!("this is {}", node.value.kind()))
            .help("a user pool writes `[\"name\", ...]`; a name may hold commas, so nothing is split")
    })
}

/// The provider's limits on a token's age (SEMANTICS H9). A time that cannot be read is too old.
fn oidc(settings: &OidcSettings, claims: &Claims, now: u64) -> Result<(), Diagnostic> {
    for (limit, claim) in [(settings.auth_ttl, "auth_time"), (settings.iat_ttl, "iat")] {
        if limit == 0 {
            continue;
        }
        let node = claims.named(claim);
        let since = node.and_then(Node::as_number).and_then(|text| text.parse::<u64>().ok());
        let age = since.map(|since| u128::from(now.saturating_sub(since)) * 1_000);
        if age.is_none_or(|age| age > u128::from(limit)) {
            let place = node.map(|node| node.span).unwrap_or_default();
            let message =
                format!("by its `{claim}` the token is older than the {limit} ms that the API allows");
            return Err(Diagnostic::error(code::TOKEN, place, message).help("sign in again"));
        }
    }
    Ok(())
}

/// Whether the token was made for an app client that the API takes.
fn client(provider: &Provider, claims: &Claims) -> Result<(), Diagnostic> {
    let Some(pattern) = provider.client() else { return Ok(()) };
    let names: &[&str] = match (provider, claims.text("token_use")) {
        (Provider::Cognito(_), Some("access")) => &["client_id"],
        (Provider::Cognito(_), _) => &["aud"],
        _ => &["aud", "azp"],
    };
    let fits = names.iter().filter_map(|name| claims.named(name)).any(|node| match &node.value {
        Value::String(id) => pattern.matches(id),
        Value::Array(items) => items.iter().filter_map(Node::as_str).any(|id| pattern.matches(id)),
        _ => false,
    });
    if fits {
        return Ok(());
    }
    let place = names.iter().find_map(|name| claims.named(name)).map(|node| node.span).unwrap_or_default();
    let message = format!("the token is for none of the app clients `{}`", pattern.text());
    Err(Diagnostic::error(code::TOKEN, place, message)
        .help(format!("it says so in {}", quoted(names.iter().copied()))))
}

/// All of a list of strings.
pub(crate) fn strings(node: &Node) -> Option<Vec<String>> {
    node.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}
