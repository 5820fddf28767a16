//! Commands that are run to their end within a time: version queries, preparations, package managers.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::error::Error;
use super::group::Group;

/// Enough for a query or a preparation.
pub(super) const SHORT: Duration = Duration::from_secs(120);

/// Enough for a package manager behind a slow line.
pub(super) const LONG: Duration = Duration::from_secs(1200);

/// How many lines of output an error shows.
const TAIL_LINES: usize = 20;

/// How much of the end of an output is looked at.
const TAIL_BYTES: u64 = 64 * 1024;

/// How a command ended and the end of what it wrote.
#[derive(Debug)]
pub(super) struct Captured {
    /// Whether its status was 0.
    pub(super) success: bool,
    /// Its status in words.
    pub(super) status: String,
    /// Standard output and standard error in the order in which they were written.
    pub(super) output: String,
}

/// Runs a command and returns what it wrote; an [`Error::Command`] if its status is not 0.
pub(super) fn run(
    argv: &[String],
    env: &[(String, String)],
    dir: Option<&Path>,
    limit: Duration,
) -> Result<Captured, Error> {
    let captured = try_run(argv, env, dir, limit)?;
    if captured.success {
        return Ok(captured);
    }
    Err(Error::Command { command: argv.join(" "), status: captured.status, output: tail(&captured.output) })
}

/// Runs a command and returns what it wrote, whatever its status.
pub(super) fn try_run(
    argv: &[String],
    env: &[(String, String)],
    dir: Option<&Path>,
    limit: Duration,
) -> Result<Captured, Error> {
    let program = argv.first().map_or("", String::as_str);
    let spawn_error = |source| Error::Spawn { program: program.to_owned(), source };
    let mut file = tempfile::tempfile().map_err(spawn_error)?;
    let mut command = Command::new(program);
    command
        .args(&argv[1.min(argv.len())..])
        .envs(env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(file.try_clone().map_err(spawn_error)?)
        .stderr(file.try_clone().map_err(spawn_error)?);
    if let Some(dir) = dir {
        command.current_dir(dir);
    }
    let mut group = Group::spawn(&mut command).map_err(spawn_error)?;
    let in_time = group.wait(limit);
    let status = group.stop(Duration::from_secs(2)).map_err(spawn_error)?;
    let output = read_end(&mut file).map_err(spawn_error)?;
    if !in_time {
        return Err(Error::Slow { command: argv.join(" "), seconds: limit.as_secs(), output: tail(&output) });
    }
    Ok(Captured { success: status.success(), status: status.to_string(), output })
}

/// The end of a file as text: control characters other than LF and HTAB, and octets that are no UTF-8, are replaced.
pub(super) fn read_end(file: &mut File) -> io::Result<String> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
    let mut bytes = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes)
        .chars()
        .filter(|&c| c != '\r')
        .map(|c| if c.is_control() && c != '\n' && c != '\t' { char::REPLACEMENT_CHARACTER } else { c })
        .collect())
}

/// The last lines for the end of an error message: each after a line end and two blanks.
pub(super) fn tail(text: &str) -> String {
    last_lines(text, TAIL_LINES).fold(String::new(), |tail, line| tail + "\n  " + line)
}

/// The last lines that are not blank.
pub(super) fn last_lines(text: &str, count: usize) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let skip = lines.len().saturating_sub(count);
    lines.into_iter().skip(skip)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{SHORT, run, tail, try_run};
    use crate::servers::Error;

    fn sh(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(String::from).to_vec()
    }

    #[test]
    fn both_outputs_and_the_environment_arrive() {
        let env = [("COLOUR".to_owned(), "blue".to_owned())];
        let captured = run(&sh("echo $COLOUR; printf 'a\\033b' >&2"), &env, None, SHORT).expect("status 0");
        assert_eq!(captured.output, "blue\na\u{fffd}b");
    }

    #[test]
    fn a_failure_shows_what_was_written() {
        let error = run(&sh("echo no room; exit 4"), &[], None, SHORT).expect_err("status 4").to_string();
        assert!(error.contains("exit status: 4") && error.ends_with("\n  no room"), "{error}");
    }

    #[test]
    fn a_command_that_hangs_is_stopped() {
        let error = try_run(&sh("sleep 600"), &[], None, Duration::from_millis(100)).expect_err("too slow");
        assert!(matches!(error, Error::Slow { .. }), "{error}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&["no-such-program".to_owned()], &[], None, SHORT).expect_err("absent").to_string();
        assert!(error.starts_with("cannot run no-such-program: "), "{error}");
    }

    #[test]
    fn tails_are_indented_and_bounded() {
        let text: String = (0..50).map(|n| format!("{n}\n\n")).collect();
        let tail = tail(&text);
        assert!(tail.starts_with("\n  30\n  31\n") && tail.ends_with("\n  49"), "{tail}");
    }
}
