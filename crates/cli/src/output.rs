//! Where answers go, and in which form.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::diagnostics::Shape;
use crate::failure::Failure;
use crate::input::plain_error;

/// Form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: aligned, coloured on a terminal.
    Human,
    /// The same facts line by line, without colour; columns are parted by a tab.
    Plain,
    /// One JSON document.
    Json,
    /// One JSON document a line.
    Jsonl,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Flags that every command has.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Form of the answer [default: human on a terminal, else plain]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    #[command(flatten)]
    pub(crate) sink: SinkArgs,
}

/// Where to, and in colour or not.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct SinkArgs {
    /// Write the answer to this file
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<String>,
    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: Color,
}

impl OutputArgs {
    /// The form: as asked, else by what standard output is.
    pub(crate) fn format(&self) -> Format {
        self.format.unwrap_or_else(|| self.sink.default_format())
    }

    /// How diagnostics look beside it.
    pub(crate) fn shape(&self) -> Shape {
        match self.format() {
            Format::Human => Shape::human(self.sink.color),
            Format::Plain if self.format.is_none() => Shape::human(self.sink.color),
            Format::Plain => Shape::Plain,
            Format::Json | Format::Jsonl => Shape::Json,
        }
    }
}

impl SinkArgs {
    /// Human on a terminal, else plain.
    pub(crate) fn default_format(&self) -> Format {
        let terminal = self.output.is_none() && io::stdout().is_terminal();
        if terminal { Format::Human } else { Format::Plain }
    }

    /// Writes an answer. Colours in it are left out where they are not wanted; a reader that went away is no error.
    pub(crate) fn write(&self, text: &str) -> Result<(), Failure> {
        let colored = match (self.color, &self.output) {
            (Color::Always, _) => true,
            (Color::Never, _) | (Color::Auto, Some(_)) => false,
            (Color::Auto, None) => is_colored(&io::stdout()),
        };
        let plain;
        let text = if colored {
            text
        } else {
            plain = anstream::adapter::strip_str(text).to_string();
            &plain
        };
        self.write_bytes(text.as_bytes())
    }

    /// Writes bytes as they are.
    pub(crate) fn write_bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let place = self.output.as_deref().unwrap_or("<stdout>");
        let result = match self.output.as_deref() {
            None | Some("-") => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(bytes).and_then(|()| stdout.flush())
            }
            Some(path) => File::create(path).and_then(|mut file| {
                file.write_all(bytes)?;
                file.flush()
            }),
        };
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(unwritable(place, &error)),
            Ok(()) => Ok(()),
        }
    }
}

/// An answer that could not be written.
pub(crate) fn unwritable(place: &str, error: &io::Error) -> Failure {
    let message = format!("cannot write `{place}`: {}", plain_error(error));
    Failure::could_not_run(place, "E270", message, "make room, or write to another place with `-o FILE`")
}

/// Columns to lay out for: the terminal's as far as they are known, 40 to 120.
pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.or_else(|| Some(usize::from(terminal_width()?))).unwrap_or(100).clamp(40, 120)
}

fn terminal_width() -> Option<u16> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0)
}

/// Whether colours are wanted on a stream by the environment.
pub(crate) fn is_colored(stream: &impl anstream::stream::RawStream) -> bool {
    anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}

/// A JSON document as text: indented for `json`, one line for `jsonl`.
pub(crate) fn json(value: &Value, format: Format) -> String {
    let mut text = match format {
        Format::Json => format!("{value:#}"),
        _ => value.to_string(),
    };
    text.push('\n');
    text
}

/// User text in an answer for people: control characters are written out, so that a policy cannot steer a terminal.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            // Writing to a string cannot fail.
            let _ = write!(out, "{}", c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// The look of words in answers for people.
pub(crate) mod style {
    use anstyle::{AnsiColor, Style};

    /// Titles.
    pub(crate) const TITLE: Style = Style::new().bold();
    /// What is less important.
    pub(crate) const DIM: Style = Style::new().dimmed();
    /// Allowed, passed.
    pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
    /// Denied, failed.
    pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
    /// Names of the user's own: actions, ARNs.
    pub(crate) const NAME: Style = AnsiColor::Cyan.on_default();

    /// Words in a style.
    pub(crate) fn paint(style: Style, text: &str) -> String {
        format!("{style}{text}{style:#}")
    }
}
