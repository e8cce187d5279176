//! What an API's settings say of authorization: its modes, and what each asks of a token (SEMANTICS H8, H9).

mod client;
mod read;

use bailiwick::Profile;
use bailiwick::source::{Diagnostic, Diagnostics, Source, Span};

pub use client::ClientPattern;

use crate::code;

/// An authorization mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// `API_KEY`
    ApiKey,
    /// `AMAZON_COGNITO_USER_POOLS`
    Cognito,
    /// `AWS_IAM`
    Iam,
    /// `AWS_LAMBDA`
    Lambda,
    /// `OPENID_CONNECT`
    Oidc,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::ApiKey, Self::Cognito, Self::Iam, Self::Lambda, Self::Oidc];

    /// `AWS_IAM` and its kind, as the API's settings spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "API_KEY",
            Self::Cognito => "AMAZON_COGNITO_USER_POOLS",
            Self::Iam => "AWS_IAM",
            Self::Lambda => "AWS_LAMBDA",
            Self::Oidc => "OPENID_CONNECT",
        }
    }

    /// `aws_iam` and its kind: the directive that opens a field to the mode.
    pub fn directive(self) -> &'static str {
        match self {
            Self::ApiKey => "aws_api_key",
            Self::Cognito => "aws_cognito_user_pools",
            Self::Iam => "aws_iam",
            Self::Lambda => "aws_lambda",
            Self::Oidc => "aws_oidc",
        }
    }

    /// The mode of a name, as the settings spell it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// What the default user pool does with fields that name no groups (SEMANTICS H8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DefaultAction {
    /// They are open to every token of the pool.
    Allow,
    /// They are closed.
    #[default]
    Deny,
}

/// A user pool of the API. What is `None` is not known, and not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPool {
    /// `https://cognito-idp.REGION.amazonaws.com/POOL`
    pub issuer: Option<String>,
    /// `appIdClientRegex`: which app clients' tokens are taken.
    pub client: Option<ClientPattern>,
}

/// An `OpenID` Connect provider of the API. What is `None` is not known, and not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OidcSettings {
    /// The issuer.
    pub issuer: Option<String>,
    /// `clientId`: matched against `aud` or `azp`.
    pub client: Option<ClientPattern>,
    /// `authTTL`: milliseconds since `auth_time` for which a token is taken; 0 is no limit.
    pub auth_ttl: u64,
    /// `iatTTL`: milliseconds since `iat` for which a token is taken; 0 is no limit.
    pub iat_ttl: u64,
}

/// A mode of an API with its settings. An API may have several pools, and several providers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Whoever has the key.
    ApiKey,
    /// A user pool.
    Cognito(UserPool),
    /// Signed requests; policies decide.
    Iam,
    /// A function decides.
    Lambda,
    /// An `OpenID` Connect provider.
    Oidc(OidcSettings),
}

impl Provider {
    /// A user pool of which nothing else is known.
    pub fn cognito() -> Self {
        Self::Cognito(UserPool::default())
    }

    /// An `OpenID` Connect provider of which nothing else is known.
    pub fn oidc() -> Self {
        Self::Oidc(OidcSettings::default())
    }

    /// A mode of which nothing else is known.
    pub fn of(mode: Mode) -> Self {
        match mode {
            Mode::ApiKey => Self::ApiKey,
            Mode::Cognito => Self::cognito(),
            Mode::Iam => Self::Iam,
            Mode::Lambda => Self::Lambda,
            Mode::Oidc => Self::oidc(),
        }
    }

    /// Its mode.
    pub fn mode(&self) -> Mode {
        match self {
            Self::ApiKey => Mode::ApiKey,
            Self::Cognito(_) => Mode::Cognito,
            Self::Iam => Mode::Iam,
            Self::Lambda => Mode::Lambda,
            Self::Oidc(_) => Mode::Oidc,
        }
    }

    pub(crate) fn client(&self) -> Option<&ClientPattern> {
        match self {
            Self::Cognito(pool) => pool.client.as_ref(),
            Self::Oidc(oidc) => oidc.client.as_ref(),
            Self::ApiKey | Self::Iam | Self::Lambda => None,
        }
    }

    pub(crate) fn issuer(&self) -> Option<&str> {
        match self {
            Self::Cognito(pool) => pool.issuer.as_deref(),
            Self::Oidc(oidc) => oidc.issuer.as_deref(),
            Self::ApiKey | Self::Iam | Self::Lambda => None,
        }
    }
}

/// What is known of an API. [`Api::read`] takes it from `aws appsync get-graphql-api`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    pub(crate) primary: Provider,
    pub(crate) additional: Vec<Provider>,
    /// Only of the default user pool.
    pub default_action: DefaultAction,
    /// `arn:aws:appsync:REGION:ACCOUNT:apis/ID`; policies are asked about fields of it.
    pub(crate) arn: Option<String>,
    /// Whether `__schema` and `__type` may be asked; what is not known is closed.
    pub introspection: Option<bool>,
    /// How deep a query may be nested, if the API limits it.
    pub depth_limit: Option<usize>,
    /// How points are read on which documents are silent.
    pub profile: Profile,
}

impl Api {
    /// An API with one mode; unmarked fields are closed to a default user pool until `default_action` says otherwise.
    pub fn new(primary: Provider) -> Self {
        Self {
            primary,
            additional: Vec::new(),
            default_action: DefaultAction::default(),
            arn: None,
            introspection: None,
            depth_limit: None,
            profile: Profile::Aws,
        }
    }

    /// The same with one more mode.
    #[must_use]
    pub fn with(mut self, provider: Provider) -> Self {
        self.additional.push(provider);
        self
    }

    /// The same with its ARN, `arn:aws:appsync:REGION:ACCOUNT:apis/ID`. E350 if that is none.
    pub fn at(mut self, arn: &str) -> Result<Self, Diagnostics> {
        if !is_arn(arn) {
            let source = Source::new("ARN of the API", arn);
            let message = format!("`{arn}` is no API's ARN");
            let diagnostic = Diagnostic::error(code::API, Span::new(0, arn.len()), message).help(ARN);
            return Err(Diagnostics { source, list: vec![diagnostic] });
        }
        self.arn = Some(arn.to_owned());
        Ok(self)
    }

    /// The default mode: it governs what carries no directive.
    pub fn default_mode(&self) -> Mode {
        self.primary.mode()
    }

    /// All modes with their settings, the default first.
    pub fn providers(&self) -> impl Iterator<Item = &Provider> {
        std::iter::once(&self.primary).chain(&self.additional)
    }

    /// Whether it has a mode.
    pub fn has(&self, mode: Mode) -> bool {
        self.providers().any(|provider| provider.mode() == mode)
    }

    /// Whether a user pool is its only mode: there `@aws_auth` works, and nowhere else (SEMANTICS H8).
    pub(crate) fn is_one_pool(&self) -> bool {
        self.additional.is_empty() && self.default_mode() == Mode::Cognito
    }

    /// The ARN of a field (SEMANTICS H9).
    pub fn field_arn(&self, parent: &str, field: &str) -> Option<String> {
        let arn = self.arn.as_deref()?;
        Some(format!("{arn}/types/{parent}/fields/{field}"))
    }
}

const ARN: &str = "write `arn:aws:appsync:REGION:ACCOUNT:apis/ID`";

fn is_arn(text: &str) -> bool {
    let fields: Vec<&str> = text.split(':').collect();
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    matches!(fields.as_slice(), ["arn", partition, "appsync", region, account, api]
        if !partition.is_empty() && !region.is_empty()
            && account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
            && api.strip_prefix("apis/").is_some_and(is_id))
}
