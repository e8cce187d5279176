//! `bailiwick appsync`: which fields of a GraphQL API a caller may query.

use bailiwick_graphql::{Access, Limits, State, check};
use clap::{Args, Subcommand, ValueEnum};

use super::appsync_report as report;
use crate::diagnostics::{self, Shape};
use crate::failure::{Exit, Failure};
use crate::input;
use crate::output::OutputArgs;
use crate::question::appsync::AppSyncArgs;

/// Ask a GraphQL API on AWS AppSync: which fields a token may query
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum AppSyncCommands {
    /// Show every field of the schema, whether the caller may query it, and why
    Fields(Box<FieldsArgs>),
    /// Show for each field of a query whether the caller may, and why
    Check(Box<CheckArgs>),
}

/// Which fields are shown.
#[derive(Args, Clone, Debug)]
pub(crate) struct FieldsArgs {
    #[command(flatten)]
    asked: AppSyncArgs,
    /// Only fields in this state; may be given several times
    #[arg(long, value_enum, value_name = "STATE", help_heading = "Output")]
    state: Vec<StateArg>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Which query.
#[derive(Args, Clone, Debug)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    asked: AppSyncArgs,
    /// Query document; `-` for standard input
    #[arg(short, long, value_name = "FILE")]
    query: String,
    /// Name of the operation, where the document holds several
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

/// States by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StateArg {
    /// May be queried
    Usable,
    /// Refused
    Refused,
    /// Open, and no open way leads there
    Unreachable,
    /// Open, and nothing of what it returns is
    Empty,
}

impl From<StateArg> for State {
    fn from(state: StateArg) -> Self {
        match state {
            StateArg::Usable => Self::Usable,
            StateArg::Refused => Self::Refused,
            StateArg::Unreachable => Self::Unreachable,
            StateArg::Empty => Self::Empty,
        }
    }
}

impl AppSyncCommands {
    /// How diagnostics look.
    pub(crate) fn shape(&self) -> Shape {
        match self {
            Self::Fields(args) => args.output.shape(),
            Self::Check(args) => args.output.shape(),
        }
    }
}

pub(crate) fn run(command: &AppSyncCommands) -> Result<Exit, Failure> {
    match command {
        AppSyncCommands::Fields(args) => fields(args),
        AppSyncCommands::Check(args) => checked(args),
    }
}

/// Yes if there is something that the caller may query.
fn fields(args: &FieldsArgs) -> Result<Exit, Failure> {
    let ((text, any), lints) = args.asked.ask(|schema, caller| {
        let (rows, models) = (schema.fields(caller), schema.models(caller));
        let any = rows.iter().any(|row| row.is_root && row.state == State::Usable)
            || models
                .iter()
                .flat_map(|model| model.operations.values())
                .any(|access| *access != Access::Refused);
        let shown: Vec<_> = rows
            .into_iter()
            .filter(|row| {
                args.state.is_empty() || args.state.iter().any(|state| State::from(*state) == row.state)
            })
            .collect();
        Ok((report::fields(schema, caller, &shown, &models, args.output.format()), any))
    })?;
    args.output.sink.write(&text)?;
    diagnostics::to_stderr(&lints, args.output.shape());
    Ok(if any { Exit::Yes } else { Exit::No })
}

/// Yes if every field that the query selects is open.
fn checked(args: &CheckArgs) -> Result<Exit, Failure> {
    let ((text, allowed), lints) = args.asked.ask(|schema, caller| {
        let query = input::read(&args.query)?;
        let answer = check(schema, caller, query.clone(), args.operation.as_deref(), Limits::default())?;
        Ok((report::checked(caller, &query, &answer, args.output.format()), answer.is_allowed()))
    })?;
    args.output.sink.write(&text)?;
    diagnostics::to_stderr(&lints, args.output.shape());
    Ok(if allowed { Exit::Yes } else { Exit::No })
}
