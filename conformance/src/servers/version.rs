//! The version of a server, as its own program or package states it when it is asked.

use super::command::{self, Captured};
use super::entry::Entry;
use super::error::Error;
use super::install::Cache;

impl Entry {
    /// Runs the entry's version command and returns the first dotted number in its output.
    ///
    /// # Errors
    /// The command cannot be run or fails, or no such number is in its output.
    pub fn version(&self, cache: &Cache) -> Result<String, Error> {
        let argv: Vec<String> = self.version_command.iter().map(|arg| self.places(cache).fill(arg)).collect();
        let Captured { output, .. } = command::run(&argv, &[], None, command::SHORT)?;
        match first_dotted_number(&output) {
            Some(version) => Ok(version.to_owned()),
            None => Err(Error::NoVersion { command: argv.join(" "), output: command::tail(&output) }),
        }
    }
}

/// The first run of digits and dots that begins and ends with a digit and has a dot in it: `1.22.1` in `nginx/1.22.1-9`.
fn first_dotted_number(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|word| word.trim_matches('.'))
        .find(|word| word.contains('.') && !word.contains(".."))
}

#[cfg(test)]
mod tests {
    use super::first_dotted_number;

    #[test]
    fn finds_the_first_dotted_number() {
        assert_eq!(first_dotted_number("nginx version: nginx/1.22.1-9+deb12"), Some("1.22.1"));
        assert_eq!(first_dotted_number("v20.20.2\n"), Some("20.20.2"));
        assert_eq!(first_dotted_number("built 2026. Version 3.1."), Some("3.1"));
        assert_eq!(first_dotted_number("no 2026 number ... here"), None);
    }
}
