//! `bailiwick new`: a folder to start from.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use bailiwick_deployment::starter;
use clap::Args;

use crate::failure::{Exit, Failure};
use crate::input::unreadable;
use crate::output::style::{NAME, paint};
use crate::output::{SinkArgs, unwritable};

/// Write a small deployment that works, with comments
#[derive(Args, Clone, Debug)]
pub(crate) struct NewArgs {
    /// Folder that is not there yet, or is empty
    directory: String,
    #[command(flatten)]
    pub(crate) sink: SinkArgs,
}

pub(crate) fn run(args: &NewArgs) -> Result<Exit, Failure> {
    let folder = Path::new(&args.directory);
    if folder.exists() && !is_empty(folder).map_err(|error| unreadable(&args.directory, &error))? {
        let message = format!("`{}` is there already", args.directory);
        return Err(Failure::refused(
            &args.directory,
            "E261",
            message,
            "name a folder that is not there yet",
        ));
    }
    let mut text = String::new();
    for (name, content) in starter() {
        let path = folder.join(name);
        let written =
            path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, content));
        written.map_err(|error| unwritable(&path.to_string_lossy(), &error))?;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "wrote {}", paint(NAME, &path.to_string_lossy()));
    }
    let directory = &args.directory;
    let _ = writeln!(text, "\nNow try:");
    let _ = writeln!(
        text,
        "  bailiwick simulate --deployment {directory} --claims {directory}/claims/alice.json"
    );
    let _ = writeln!(text, "  bailiwick test {directory}");
    args.sink.write(&text)?;
    Ok(Exit::Yes)
}

fn is_empty(folder: &Path) -> std::io::Result<bool> {
    Ok(fs::read_dir(folder)?.next().is_none())
}
