//! Where reports go: `--format NAME` to stdout, `--format NAME=FILE` to files.

use std::io::Write as _;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::Context as _;
use startline::report::{Report, Style, human, json};

/// A renderer by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Human,
    Json,
}

/// A renderer and where its text goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) format: Format,
    file: Option<PathBuf>,
}

impl Output {
    /// Whether it goes to stdout.
    pub(crate) const fn is_stdout(&self) -> bool {
        self.file.is_none()
    }
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        let format = match name {
            "human" => Format::Human,
            "json" => Format::Json,
            _ => return Err(format!("there is no format {name:?}; there are human and json")),
        };
        if file.is_some_and(str::is_empty) {
            return Err(format!("{text:?} names no file"));
        }
        Ok(Self { format, file: file.map(PathBuf::from) })
    }
}

/// Makes sure that files can be written before hours are spent on what goes into them.
pub(crate) fn prepare(outputs: &[Output]) -> anyhow::Result<()> {
    let to_stdout = outputs.iter().filter(|output| output.file.is_none()).count();
    anyhow::ensure!(to_stdout <= 1, "only one --format can go to stdout; give the others a file (--format NAME=FILE)");
    for file in outputs.iter().filter_map(|output| output.file.as_ref()) {
        std::fs::write(file, "").with_context(|| format!("cannot write to {}", file.display()))?;
    }
    Ok(())
}

/// Renders a report of audits to every output; human text to stdout if there is none.
pub(crate) fn write(outputs: &[Output], report: &Report<'_>, style: Style) -> anyhow::Result<()> {
    write_as(outputs, |format| {
        Ok(match format {
            Format::Human => human(report, style),
            Format::Json => json(report),
        })
    })
}

/// Writes what `render` makes of each format; human text to stdout if none is asked for.
pub(crate) fn write_as(outputs: &[Output], render: impl Fn(Format) -> anyhow::Result<String>) -> anyhow::Result<()> {
    let default = [Output { format: Format::Human, file: None }];
    let outputs = if outputs.is_empty() { &default[..] } else { outputs };
    for output in outputs {
        let text = render(output.format)?;
        match &output.file {
            None => print(&text)?,
            Some(file) => {
                let plain = anstream::adapter::strip_str(&text).to_string();
                std::fs::write(file, plain).with_context(|| format!("cannot write to {}", file.display()))?;
            }
        }
    }
    Ok(())
}

/// Prints text to stdout; a reader that has gone away is no error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("cannot write to stdout"),
        _ => Ok(()),
    }
}
