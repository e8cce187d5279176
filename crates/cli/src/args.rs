//! The command line: what there is, and which environment variables stand in for flags.

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use bailiwick::Profile;
use bailiwick::ast::Kind;

use crate::commands;
use crate::diagnostics::Shape;

/// Check IAM-style policies, and ask what a token may do under them
#[derive(Parser, Clone, Debug)]
#[command(name = "bailiwick", version, max_term_width = 100, subcommand_required = true)]
#[command(arg_required_else_help = true, after_help = AFTER)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Commands,
}

const AFTER: &str = "\
Exit codes: 0 allowed, clean, passed; 1 denied, findings, failed; 2 usage; 3 input refused; 4 undetermined; 5 could not run.
Every flag has an environment variable: `check --fail-on` is BAILIWICK_CHECK_FAIL_ON.";

/// One variant a command; each has a file of its own under `commands`.
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum Commands {
    Simulate(Box<commands::simulate::SimulateArgs>),
    Eval(Box<commands::eval::EvalArgs>),
    Explain(Box<commands::explain::ExplainArgs>),
    Check(commands::check::CheckArgs),
    Test(commands::test::TestArgs),
    Fmt(commands::fmt::FmtArgs),
    ExplainCode(commands::explain_code::ExplainCodeArgs),
    WhoCan(Box<commands::who_can::WhoCanArgs>),
    Build(Box<commands::build::BuildArgs>),
    Inspect(commands::inspect::InspectArgs),
    Bench(Box<commands::bench::BenchArgs>),
    New(commands::new::NewArgs),
    #[command(subcommand)]
    Token(commands::token::TokenCommands),
    #[command(subcommand)]
    Role(commands::role::RoleCommands),
    #[command(subcommand, name = "appsync")]
    AppSync(commands::appsync::AppSyncCommands),
    Completions(commands::completions::CompletionsArgs),
    Man(commands::man::ManArgs),
    Version(commands::version::VersionArgs),
}

/// How documents are read.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ReadingArgs {
    /// Reading of points where documents are silent or disagree
    #[arg(long, value_enum, default_value_t)]
    pub(crate) profile: ProfileArg,
}

/// The profiles by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileArg {
    /// As AWS documents it
    #[default]
    Aws,
    /// Fail closed wherever the documents are silent or disagree
    Strict,
}

impl From<ProfileArg> for Profile {
    fn from(profile: ProfileArg) -> Self {
        match profile {
            ProfileArg::Aws => Self::Aws,
            ProfileArg::Strict => Self::Strict,
        }
    }
}

/// The kinds of documents by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindArg {
    /// Inline or managed policy of users, groups, roles
    Identity,
    /// Permissions boundary
    Boundary,
    /// Session policy
    Session,
    /// Resource-based policy
    Resource,
    /// Role trust policy
    Trust,
    /// KMS key policy
    #[value(alias = "kms")]
    KmsKey,
    /// Service control policy
    #[value(alias = "service-control")]
    Scp,
    /// Resource control policy
    #[value(alias = "resource-control")]
    Rcp,
    /// VPC endpoint policy
    Endpoint,
    /// Resource policy of an API Gateway API
    Api,
    /// What a Lambda authorizer returns
    Authorizer,
}

impl From<KindArg> for Kind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Identity => Self::Identity,
            KindArg::Boundary => Self::Boundary,
            KindArg::Session => Self::Session,
            KindArg::Resource => Self::Resource,
            KindArg::Trust => Self::Trust,
            KindArg::KmsKey => Self::KmsKey,
            KindArg::Scp => Self::ServiceControl,
            KindArg::Rcp => Self::ResourceControl,
            KindArg::Endpoint => Self::Endpoint,
            KindArg::Api => Self::Api,
            KindArg::Authorizer => Self::Authorizer,
        }
    }
}

/// The command line as clap knows it, with environment variables.
pub(crate) fn command() -> Command {
    Cli::command().mut_subcommands(|subcommand| {
        let name = subcommand.get_name().to_owned();
        with_environment(subcommand, &name)
    })
}

/// Every flag of a command and of those below it.
fn with_environment(command: Command, name: &str) -> Command {
    let command = command.mut_subcommands(|below| {
        let name = format!("{name}_{}", below.get_name());
        with_environment(below, &name)
    });
    command.mut_args(|arg| {
        let Some(long) = arg.get_long() else { return arg };
        if matches!(long, "help" | "version") {
            return arg;
        }
        let variable = format!("BAILIWICK_{name}_{long}").replace('-', "_").to_ascii_uppercase();
        let flag = matches!(arg.get_action(), ArgAction::SetTrue);
        let arg = arg.env(variable).hide_env(true);
        if flag { arg.value_parser(FalseyValueParser::new()) } else { arg }
    })
}

/// Reads the command line; wrong usage ends the process with status 2.
pub(crate) fn parse() -> (Cli, Shape) {
    let matches = command().get_matches();
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => {
            let shape = cli.command.shape();
            (cli, shape)
        }
        Err(error) => error.exit(),
    }
}

impl Commands {
    /// How the command's diagnostics look.
    fn shape(&self) -> Shape {
        match self {
            Self::Simulate(args) => args.output.shape(),
            Self::WhoCan(args) => args.output.shape(),
            Self::Build(args) => Shape::human(args.sink.color),
            Self::New(args) => Shape::human(args.sink.color),
            Self::Inspect(args) => args.output.shape(),
            Self::Bench(args) => args.output.shape(),
            Self::Token(command) => command.shape(),
            Self::Role(command) => command.shape(),
            Self::AppSync(command) => command.shape(),
            Self::Eval(args) => args.output.shape(),
            Self::Explain(args) => args.output.shape(),
            Self::Test(args) => args.shape(),
            Self::Check(args) => args.output.shape(),
            Self::Fmt(args) => args.output.shape(),
            Self::ExplainCode(args) => args.output.shape(),
            Self::Completions(args) => Shape::human(args.sink.color),
            Self::Man(args) => Shape::human(args.sink.color),
            Self::Version(args) => Shape::human(args.sink.color),
        }
    }
}
