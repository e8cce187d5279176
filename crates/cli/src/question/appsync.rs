//! Who asks an `AppSync` API, and what the API is: flags and files to a schema and a caller.

use bailiwick::decide::Session;
use bailiwick::identity::Claims;
use bailiwick::source::{Diagnostic, Diagnostics, Source, Span};
use bailiwick_graphql::{
    Api, Caller, DefaultAction, Identity, LambdaAnswer, Mode, Provider, Schema, SessionPolicy,
};
use bailiwick_token::{Expectations, Refusal};
use clap::{Args, ValueEnum};

use super::request::Asked;
use super::{Scene, SceneArgs, clock, context, verify};
use crate::failure::Failure;
use crate::input;

/// Which schema, of which API, asked by whom.
#[derive(Args, Clone, Debug)]
pub(crate) struct AppSyncArgs {
    /// Schema in GraphQL's SDL; `-` for standard input
    #[arg(short, long, value_name = "FILE")]
    schema: String,
    #[command(flatten)]
    api: ApiArgs,
    #[command(flatten)]
    caller: CallerArgs,
    #[command(flatten)]
    scene: SceneArgs,
}

/// What the API's settings say of authorization.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "API")]
pub(crate) struct ApiArgs {
    /// Settings, as `aws appsync get-graphql-api` prints them
    #[arg(long, value_name = "FILE", required_unless_present = "default_mode")]
    api: Option<String>,
    /// Default authorization mode, instead of the settings
    #[arg(long, value_enum, value_name = "MODE", conflicts_with = "api")]
    default_mode: Option<ModeArg>,
    /// Additional authorization mode
    #[arg(long, value_enum, value_name = "MODE", conflicts_with = "api")]
    additional_mode: Vec<ModeArg>,
    /// What the default user pool does with fields that name no groups
    #[arg(long, value_enum, value_name = "ACTION", conflicts_with = "api", default_value_t)]
    default_action: ActionArg,
    /// ARN of the API, about whose fields policies are asked
    #[arg(long, value_name = "ARN", conflicts_with = "api")]
    api_arn: Option<String>,
}

/// By which way the caller comes, besides its token.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Caller")]
pub(crate) struct CallerArgs {
    /// Authorization mode of the caller [default: that of the API which takes the token]
    #[arg(long, value_enum, value_name = "MODE")]
    mode: Option<ModeArg>,
    /// JSON file with what the API's function returned; `-` for standard input
    #[arg(long, value_name = "FILE")]
    function: Option<String>,
    /// For whom the identity pool made the role session, where no token says it; rules of `@auth` ask
    #[arg(long, value_enum, value_name = "WHO")]
    identity: Option<IdentityArg>,
    /// Condition key and value of signed requests; `key=["a","b"]` for a list
    #[arg(short, long, value_name = "KEY=VALUE")]
    context: Vec<String>,
}

/// Modes by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeArg {
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

/// The default action by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ActionArg {
    /// Open to every token of the pool
    Allow,
    /// Closed
    #[default]
    Deny,
}

/// Identities by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum IdentityArg {
    /// Somebody signed in
    SignedIn,
    /// A guest
    Guest,
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Self {
        match mode {
            ModeArg::ApiKey => Self::ApiKey,
            ModeArg::Cognito => Self::Cognito,
            ModeArg::Iam => Self::Iam,
            ModeArg::Lambda => Self::Lambda,
            ModeArg::Oidc => Self::Oidc,
        }
    }
}

impl ApiArgs {
    fn read(&self, profile: bailiwick::Profile) -> Result<(Api, Vec<Diagnostics>), Failure> {
        if let Some(path) = &self.api {
            let source = input::read(path)?;
            let (api, list) = Api::read(source.clone(), profile)?;
            let lints = if list.is_empty() { Vec::new() } else { vec![Diagnostics { source, list }] };
            return Ok((api, lints));
        }
        let provider = |mode: ModeArg| Provider::of(mode.into());
        let Some(default) = self.default_mode else {
            return Err(Failure::Usage(
                "say what the API is: `--api FILE`, or `--default-mode MODE`".to_owned(),
            ));
        };
        let mut api = Api::new(provider(default));
        for mode in &self.additional_mode {
            api = api.with(provider(*mode));
        }
        if let Some(arn) = &self.api_arn {
            api = api.at(arn)?;
        }
        api.default_action = match self.default_action {
            ActionArg::Allow => DefaultAction::Allow,
            ActionArg::Deny => DefaultAction::Deny,
        };
        api.profile = profile;
        Ok((api, Vec::new()))
    }
}

impl AppSyncArgs {
    /// Reads everything that is named, and hands schema and caller on; lints of settings and schema come along.
    pub(crate) fn ask<T>(
        &self,
        answer: impl FnOnce(&Schema, &Caller<'_>) -> Result<T, Failure>,
    ) -> Result<(T, Vec<Diagnostics>), Failure> {
        let now = self.scene.clock.seconds()?;
        let (api, mut lints) = self.api.read(self.scene.reading.profile.into())?;
        let schema = Schema::read(input::read(&self.schema)?, &api)?;
        if !schema.lints().is_empty() {
            lints.push(Diagnostics { source: schema.source().clone(), list: schema.lints().to_vec() });
        }
        let mode = self.caller.mode.map(Mode::from);
        let token = &self.scene.token;
        let answer = match mode {
            Some(Mode::ApiKey) => answer(&schema, &Caller::api_key(&api)?),
            Some(Mode::Iam) => {
                let mut entries = context::entries(&self.caller.context)?;
                clock::add(&mut entries, now);
                let mut asked = Asked::of_context(entries);
                let scene = self.scene.read(&mut asked)?;
                let session: Session = bailiwick::compile(&scene.set).session(scene.principal.clone());
                let policy = SessionPolicy::new(&session, &asked.context);
                answer(&schema, &Caller::iam(&api, &policy, self.identity(&scene))?)
            }
            None | Some(Mode::Lambda) if self.caller.function.is_some() || mode == Some(Mode::Lambda) => {
                let Some(path) = &self.caller.function else {
                    let message = "say what the API's function returned: `--function FILE`";
                    return Err(Failure::Usage(message.to_owned()));
                };
                let function = LambdaAnswer::read(input::read(path)?, &api)?;
                answer(&schema, &Caller::function(&api, function)?)
            }
            mode => {
                let claims = match (&token.claims, &token.token) {
                    (Some(path), _) => unexpired(Claims::parse(input::read(path)?)?, now)?,
                    (None, Some(path)) => {
                        let deployment = self.scene.deployment.require()?;
                        verify::of_deployment(&deployment, path, token.jwks.as_deref(), now)?.claims
                    }
                    (None, None) => {
                        let message = "say who asks: `--claims FILE`, `--token FILE`, `--function FILE`, \
                                       `--mode api-key`, or `--mode iam`";
                        return Err(Failure::Usage(message.to_owned()));
                    }
                };
                answer(&schema, &Caller::from_claims(&api, &claims, mode, now)?)
            }
        };
        Ok((answer?, lints))
    }

    /// For whom an identity pool made the session: it is known of a token, else somebody says it.
    fn identity(&self, scene: &Scene) -> Identity {
        match (&scene.identified, self.caller.identity) {
            (Some(identified), _) if identified.pool.is_some() => {
                if identified.issuer.is_some() {
                    Identity::SignedIn
                } else {
                    Identity::Guest
                }
            }
            (Some(_), _) | (None, None) => Identity::Unknown,
            (None, Some(IdentityArg::SignedIn)) => Identity::SignedIn,
            (None, Some(IdentityArg::Guest)) => Identity::Guest,
        }
    }
}

/// Claims that somebody else verified must still hold now.
fn unexpired(claims: Claims, now: u64) -> Result<Claims, Failure> {
    match Expectations::default().check(&claims, i64::try_from(now).unwrap_or(i64::MAX)) {
        Ok(_) => Ok(claims),
        Err(Refusal { code, message, help, .. }) => {
            let diagnostic = Diagnostic::error(code, Span::default(), message).help(help);
            let source = Source::new(&claims.source().name, "");
            Err(Diagnostics { source, list: vec![diagnostic] }.into())
        }
    }
}
