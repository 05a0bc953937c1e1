//! `headstamp completions` and `headstamp man`: both from the definition of the arguments.

use super::args::Cli;
use super::say::unwritten;
use crate::error::{Error, Status};
use clap::CommandFactory;
use std::io::Write;

pub(super) fn completions(shell: clap_complete::Shell) -> Result<Status, Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "headstamp", &mut script);
    print(&script)
}

pub(super) fn man() -> Result<Status, Error> {
    let mut command = Cli::command();
    // Gives subcommands their full names.
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(unwritten)?;
    subcommands(&command, &mut page).map_err(unwritten)?;
    print(&page)
}

fn subcommands(command: &clap::Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    for sub in command.get_subcommands().filter(|s| s.get_name() != "help") {
        let section = clap_mangen::Man::new(sub.clone());
        section.render_synopsis_section(page)?;
        section.render_description_section(page)?;
        if sub.has_subcommands() {
            subcommands(sub, page)?;
        } else {
            section.render_options_section(page)?;
        }
    }
    Ok(())
}

fn print(bytes: &[u8]) -> Result<Status, Error> {
    std::io::stdout().lock().write_all(bytes).map_err(unwritten)?;
    Ok(Status::Done)
}
