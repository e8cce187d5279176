//! `bailiwick authorizer`: what a Lambda authorizer answers (SEMANTICS H2, H6, H7).

use bailiwick::decide::sign_in::Flow;
use bailiwick::identity::Claims;
use bailiwick::source::Diagnostics;
use bailiwick_authorizer::{Bearer, Call, Event, Failed, Response};
use bailiwick_deployment::{Deployment, Exchange, IdentityOptions};
use clap::Args;
use serde_json::json;

use crate::diagnostics::{self, Shape};
use crate::failure::{Exit, Failure};
use crate::input;
use crate::output::{Format, OutputArgs, clean, json as text};
use crate::question::clock::{self, ClockArgs};
use crate::question::deployment::DeploymentArgs;
use crate::question::verify;

/// Answer an event of API Gateway as its Lambda authorizer
#[derive(Args, Clone, Debug)]
pub(crate) struct AuthorizerArgs {
    /// JSON file with the event; `-` for standard input
    #[arg(long, value_name = "FILE")]
    event: String,
    #[command(flatten)]
    bearer: BearerArgs,
    #[command(flatten)]
    deployment: DeploymentArgs,
    #[command(flatten)]
    clock: ClockArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Whoever brings a token.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Token")]
pub(crate) struct BearerArgs {
    /// JSON file with the claims of the token, verified elsewhere [default: the token in the event, verified by the
    /// issuer's `jwks` in `bailiwick.toml`]
    #[arg(long, value_name = "FILE")]
    pub(crate) claims: Option<String>,
    /// Role that the client asks for: of the identity pool, or by an OIDC provider that the role trusts
    #[arg(long, value_name = "ARN")]
    role: Option<String>,
    /// Take the token as it is, not through the identity pool
    #[arg(long)]
    no_exchange: bool,
}

pub(crate) fn run(args: &AuthorizerArgs) -> Result<Exit, Failure> {
    let deployment = args.deployment.require()?;
    let event = Event::parse(input::read(&args.event)?)?;
    let shape = args.output.shape();
    // One line is what a function returns; a document for people has many.
    let format = if args.output.format() == Format::Json { Format::Json } else { Format::Jsonl };
    match answer(&deployment, &event, &args.bearer, args.clock.seconds()?)? {
        Ok(response) => {
            notes(&response, shape);
            args.output.sink.write(&text(&response.json, format))?;
            Ok(Exit::Yes)
        }
        Err(refused) => {
            diagnostics::to_stderr(&[refused], shape);
            args.output.sink.write(&text(&json!({ "errorMessage": "Unauthorized" }), format))?;
            Ok(Exit::No)
        }
    }
}

/// The answer, or why the caller is nobody.
pub(crate) fn answer(
    deployment: &Deployment,
    event: &Event,
    args: &BearerArgs,
    now: u64,
) -> Result<Result<Response, Diagnostics>, Failure> {
    let sorted = |failed: Failed| match failed {
        Failed::Unauthorized(refused) => Ok(Err(refused)),
        Failed::Refused(refused) => Err(refused.into()),
    };
    let call = match Call::new(deployment, event) {
        Ok(call) => call,
        Err(failed) => return sorted(failed),
    };
    let (claims, until) = match args.claims(deployment, Some(call.token()), now)? {
        Ok(verified) => verified,
        Err(refused) => return Ok(Err(refused)),
    };
    let instant = clock::written(now);
    let identified = match deployment.principal_from_claims(&claims, args.options(&instant)) {
        Ok(identified) => identified,
        Err(refused) => return Ok(Err(refused.diagnostics)),
    };
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    match call.answer(&Bearer { claims: &claims, principal: &identified.principal, until, now }) {
        Ok(response) => Ok(Ok(response)),
        Err(failed) => sorted(failed),
    }
}

impl BearerArgs {
    /// The claims and until when they hold; or why nobody believes them.
    pub(crate) fn claims(
        &self,
        deployment: &Deployment,
        token: Option<&str>,
        now: u64,
    ) -> Result<Result<(Claims, i64), Diagnostics>, Failure> {
        if let Some(path) = &self.claims {
            let claims = Claims::parse(input::read(path)?)?;
            let issuer = match deployment.issuer_of(&claims) {
                Ok(issuer) => issuer,
                Err(refused) => return Ok(Err(refused)),
            };
            let checked =
                verify::expectations(issuer)?.check(&claims, i64::try_from(now).unwrap_or(i64::MAX));
            return Ok(match checked {
                Ok(until) => Ok((claims, until)),
                Err(refusal) => Err(verify::words(path, &refusal)),
            });
        }
        let token = token.unwrap_or_default();
        let verified = verify::of_text(deployment, None, token, now)?;
        Ok(match verified {
            Ok(verified) => Ok((verified.claims, verified.until)),
            Err(refusal) => Err(verify::words("token", &refusal)),
        })
    }

    /// How the token is taken.
    pub(crate) fn options<'a>(&'a self, now: &'a str) -> IdentityOptions<'a> {
        IdentityOptions {
            exchange: if self.no_exchange { Exchange::Never } else { Exchange::WherePossible },
            flow: Flow::Enhanced,
            role: self.role.as_deref(),
            now: Some(now),
            ..IdentityOptions::default()
        }
    }
}

fn notes(response: &Response, shape: Shape) {
    for note in &response.notes {
        if shape == Shape::Json {
            anstream::eprintln!("{}", json!({ "schema": "bailiwick/note/1", "note": note }));
        } else {
            anstream::eprintln!("note: {}", clean(note));
        }
    }
}
