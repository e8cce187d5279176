//! `bailiwick man`: manual pages.

use std::fs;
use std::path::Path;

use clap::Args;

use crate::args;
use crate::failure::{Exit, Failure};
use crate::output::{SinkArgs, unwritable};

/// Print the manual page, or write one page a command into a directory
#[derive(Args, Clone, Debug)]
pub(crate) struct ManArgs {
    /// Write `bailiwick.1`, `bailiwick-check.1` ... into this directory
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    directory: Option<String>,
    #[command(flatten)]
    pub(crate) sink: SinkArgs,
}

pub(crate) fn run(args: &ManArgs) -> Result<Exit, Failure> {
    let mut command = args::command();
    command.build();
    let page = |command: clap::Command| {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).map(|()| page)
    };
    let Some(directory) = args.directory.as_deref() else {
        let page = page(command).map_err(|error| unwritable("<stdout>", &error))?;
        args.sink.write_bytes(&page)?;
        return Ok(Exit::Yes);
    };
    fs::create_dir_all(directory).map_err(|error| unwritable(directory, &error))?;
    let mut pages = vec![("bailiwick.1".to_owned(), command.clone())];
    for subcommand in command.get_subcommands() {
        let name = format!("bailiwick-{}", subcommand.get_name());
        pages.push((format!("{name}.1"), subcommand.clone().name(name)));
    }
    for (name, command) in pages {
        let path = Path::new(directory).join(name);
        page(command)
            .and_then(|page| fs::write(&path, page))
            .map_err(|error| unwritable(&path.to_string_lossy(), &error))?;
    }
    Ok(Exit::Yes)
}
