//! The command line: arguments in, results on stdout, everything else on stderr, a number at the end.

mod add;
mod against;
mod args;
mod catalogue;
mod check;
mod codes;
mod compare;
mod contract;
mod dataset;
mod entries;
mod eval;
mod explain;
mod export;
mod figures;
mod find;
mod generate;
mod import;
mod in_use;
mod info;
mod lists;
mod models;
mod progress;
mod proposal_features;
mod read;
mod reading;
mod report;
mod review;
mod say;
mod set;
mod stop;
mod synth;
mod table;
mod verify;

use crate::error::{Error, Status};
use args::{Cli, Command, ModelCommand};
use clap::Parser;
use say::complain;
use std::process::ExitCode;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.command {
        Command::Read(args) => read::run(args),
        Command::Add(args) => add::run(args),
        Command::Set(args) => set::run(args),
        Command::Review(args) => review::run(args),
        Command::Status(args) => catalogue::status(args),
        Command::Export(args) => export::run(args),
        Command::Import(args) => import::run(args),
        Command::Backup(args) => catalogue::backup(args),
        Command::Verify(args) => verify::run(args),
        Command::Report(args) => report::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Find(args) => find::run(args),
        Command::Check(args) => check::run(args),
        Command::Dataset(args) => dataset::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Codes(args) => codes::run(args),
        Command::Synth(args) => synth::run(args),
        Command::Model(ModelCommand::Info(args)) => info::run(args),
        Command::Model(ModelCommand::Eval(args)) => eval::run(args),
        Command::Model(ModelCommand::Install(args)) => models::install(args),
        Command::Model(ModelCommand::List(args)) => models::list(args),
        Command::Model(ModelCommand::Use(args)) => models::choose(args),
        Command::Model(ModelCommand::Contract) => contract::run(),
        Command::Completions { shell } => generate::completions(*shell),
        Command::Man => generate::man(),
    };
    let status = done.unwrap_or_else(|error| {
        // A reader that has seen enough, such as `head`, is no failure.
        if let Error::Write { source, .. } = &error
            && source.kind() == std::io::ErrorKind::BrokenPipe
        {
            return Status::Done;
        }
        complain(&error);
        error.status()
    });
    ExitCode::from(status.code())
}
