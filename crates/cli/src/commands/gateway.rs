//! `bailiwick gateway`: authorization and resource policy together (SEMANTICS H4, H6).

use bailiwick::Source;
use bailiwick::source::Diagnostics;
use bailiwick_authorizer::{Ask, Brings, Event, MethodArn, Outcome, decide};
use bailiwick_deployment::{Authorization, Deployment};
use clap::Args;
use serde_json::{Value, json};

use super::authorizer::{BearerArgs, answer};
use super::eval::{Expect, exit, word};
use crate::diagnostics;
use crate::failure::{Exit, Failure};
use crate::input;
use crate::output::style::{BAD, GOOD, NAME, paint};
use crate::output::{Format, OutputArgs, clean, json as text};
use crate::question::clock::{self, ClockArgs};
use crate::question::context::{self, Entry};
use crate::question::deployment::DeploymentArgs;
use crate::question::verify;

/// Decide a request as API Gateway does: authorization and resource policy together
#[derive(Args, Clone, Debug)]
pub(crate) struct GatewayArgs {
    /// ARN of the method that is asked for, with the path of the request
    #[arg(long, value_name = "ARN", required_unless_present = "event")]
    method_arn: Option<String>,
    /// JSON file with the authorizer's event: what is asked for, and what is known of the request
    #[arg(long, value_name = "FILE")]
    event: Option<String>,
    /// JSON file with what the Lambda authorizer returned [default: what `bailiwick authorizer` answers to the event]
    #[arg(long, value_name = "FILE")]
    response: Option<String>,
    /// File with a signed JSON Web Token, for a Cognito or JWT authorizer
    #[arg(long, value_name = "FILE", conflicts_with = "claims")]
    token: Option<String>,
    /// ARN of the caller, for IAM
    #[arg(long, value_name = "ARN")]
    principal: Option<String>,
    /// What the gateway knows of the request, such as `aws:SourceIp=10.0.0.7`
    #[arg(long, value_name = "KEY=VALUE")]
    context: Vec<String>,
    /// End with status 0 if this is the answer, else 1
    #[arg(long, value_enum, value_name = "ANSWER", help_heading = "Output")]
    expect: Option<Expect>,
    #[command(flatten)]
    bearer: BearerArgs,
    #[command(flatten)]
    deployment: DeploymentArgs,
    #[command(flatten)]
    clock: ClockArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

pub(crate) fn run(args: &GatewayArgs) -> Result<Exit, Failure> {
    let deployment = args.deployment.require()?;
    let now = args.clock.seconds()?;
    let event =
        args.event.as_ref().map(|path| Ok::<_, Failure>(Event::parse(input::read(path)?)?)).transpose()?;
    let method = match (&args.method_arn, &event) {
        (Some(arn), _) => MethodArn::parse(arn)?,
        (None, Some(event)) => event.method().clone(),
        (None, None) => return Err(Failure::Usage("name a method: `--method-arn ARN`".to_owned())),
    };
    let mut known: Vec<Entry> = context::entries(&args.context)?;
    for (key, value) in event.iter().flat_map(Event::observed) {
        if !known.iter().any(|(given, _)| given.eq_ignore_ascii_case(key)) {
            known.push((key.to_owned(), value.into()));
        }
    }
    clock::add(&mut known, now);
    let ask = Ask { method: &method, context: known };
    let outcome = args.decide(&deployment, event.as_ref(), &ask, now)?;
    let format = args.output.format();
    args.output.sink.write(&match format {
        Format::Human => human(&method, &outcome),
        Format::Plain => plain(&method, &outcome),
        Format::Json | Format::Jsonl => text(&to_json(&method, &outcome), format),
    })?;
    if let Some(refused) =
        outcome.refused.as_ref().filter(|_| !matches!(format, Format::Json | Format::Jsonl))
    {
        diagnostics::to_stderr(std::slice::from_ref(refused), args.output.shape());
    }
    Ok(exit(outcome.verdict, false, args.expect))
}

impl GatewayArgs {
    fn decide(
        &self,
        deployment: &Deployment,
        event: Option<&Event>,
        ask: &Ask<'_>,
        now: u64,
    ) -> Result<Outcome, Failure> {
        match ask.method.api_of(deployment)?.authorization {
            Authorization::None => Ok(decide(deployment, ask, Brings::Nothing)?),
            Authorization::Iam => self.signed(deployment, ask, now),
            Authorization::Cognito | Authorization::Jwt => self.with_token(deployment, ask, now),
            Authorization::Lambda => {
                let returned = match (&self.response, event) {
                    (Some(path), _) => Ok(input::read(path)?),
                    (None, Some(event)) => answer(deployment, event, &self.bearer, now)?
                        .map(|response| Source::new("answer", &response.json.to_string())),
                    (None, None) => return Ok(decide(deployment, ask, Brings::Nothing)?),
                };
                match returned {
                    Ok(returned) => Ok(decide(deployment, ask, Brings::Answer(&returned))?),
                    Err(refused) => nobody(deployment, ask, refused),
                }
            }
        }
    }

    fn signed(&self, deployment: &Deployment, ask: &Ask<'_>, now: u64) -> Result<Outcome, Failure> {
        if let Some(arn) = &self.principal {
            let principal = deployment.principal_from_arn(arn).ok_or_else(|| {
                let message = format!("`{arn}` is not a principal");
                Failure::refused(
                    "--principal",
                    "E257",
                    message,
                    "write the ARN of a user or of a role's session",
                )
            })?;
            return Ok(decide(deployment, ask, Brings::Signature(&principal))?);
        }
        if self.bearer.claims.is_none() && self.token.is_none() {
            return Ok(decide(deployment, ask, Brings::Nothing)?);
        }
        let claims = match self.claims(deployment, now)? {
            Ok(claims) => claims,
            Err(refused) => return nobody(deployment, ask, refused),
        };
        let instant = clock::written(now);
        match deployment.principal_from_claims(&claims, self.bearer.options(&instant)) {
            Ok(identified) => Ok(decide(deployment, ask, Brings::Signature(&identified.principal))?),
            Err(refused) => nobody(deployment, ask, refused.diagnostics),
        }
    }

    fn with_token(&self, deployment: &Deployment, ask: &Ask<'_>, now: u64) -> Result<Outcome, Failure> {
        if self.bearer.claims.is_none() && self.token.is_none() {
            return Ok(decide(deployment, ask, Brings::Nothing)?);
        }
        match self.claims(deployment, now)? {
            Ok(claims) => Ok(decide(deployment, ask, Brings::Token(&claims))?),
            Err(refused) => nobody(deployment, ask, refused),
        }
    }

    fn claims(
        &self,
        deployment: &Deployment,
        now: u64,
    ) -> Result<Result<bailiwick::identity::Claims, Diagnostics>, Failure> {
        let token = self.token.as_ref().map(|path| verify::read(path)).transpose()?;
        let claims = self.bearer.claims(deployment, token.as_deref(), now)?;
        Ok(claims.map(|(claims, _)| claims))
    }
}

/// A token that nobody believes is none: the resource policy may still refuse first.
fn nobody(deployment: &Deployment, ask: &Ask<'_>, refused: Diagnostics) -> Result<Outcome, Failure> {
    let outcome = decide(deployment, ask, Brings::Nothing)?;
    Ok(Outcome { refused: Some(refused), ..outcome })
}

fn human(method: &MethodArn, outcome: &Outcome) -> String {
    let style = if outcome.verdict.is_allowed() { GOOD } else { BAD };
    let answer = paint(style, word(outcome.verdict));
    format!("{answer}  {}\n  {}\n", paint(NAME, &clean(method.as_str())), reason(outcome))
}

fn plain(method: &MethodArn, outcome: &Outcome) -> String {
    format!("{}\t{}\t{}\n", word(outcome.verdict), clean(method.as_str()), reason(outcome))
}

fn reason(outcome: &Outcome) -> String {
    let status = outcome.status.map(|status| format!(", {status}")).unwrap_or_default();
    format!("by {}{status}", outcome.by.name())
}

fn to_json(method: &MethodArn, outcome: &Outcome) -> Value {
    let first = outcome.refused.as_ref().and_then(|refused| refused.list.first());
    json!({
        "schema": "bailiwick/gateway/1",
        "decision": word(outcome.verdict),
        "allowed": outcome.verdict.is_allowed(),
        "by": outcome.by.name(),
        "status": outcome.status,
        "method": method.as_str(),
        "refused": first.map(|one| json!({ "code": one.code.0, "message": one.message, "help": one.help })),
    })
}
