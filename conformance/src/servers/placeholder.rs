//! `{port}`, `{dir}` and the like in commands, environment, paths and files.
//!
//! In a command, a variable of the environment or a path, any other `{word}` is refused when the entry is loaded. In files only
//! the words below are replaced and everything else stays, because configuration languages are full of braces; a file
//! that needs one of these words for itself cannot be written.

use std::path::PathBuf;

/// The words there are.
pub(super) const WORDS: [&str; 5] = ["port", "dir", "venv", "node_modules", "servers"];

/// What the words stand for in one run; a word without a value stays as it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// `{port}`: the loopback port to listen on.
    pub(super) port: Option<u16>,
    /// `{dir}`: the run's own folder.
    pub(super) dir: Option<PathBuf>,
    /// `{venv}`: the Python virtual environment with the entry's packages.
    pub(super) venv: Option<PathBuf>,
    /// `{node_modules}`: the folder of the entry's npm packages.
    pub(super) node_modules: Option<PathBuf>,
    /// `{servers}`: the folder of the entries.
    pub(super) servers: Option<PathBuf>,
}

impl Places {
    /// Replaces the words in one pass: what is put in is not searched again.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            rest = &rest[open..];
            let value = word_at(rest).and_then(|word| Some((word, self.value(word)?)));
            if let Some((word, value)) = value {
                filled.push_str(&value);
                rest = &rest[word.len() + 2..];
            } else {
                filled.push('{');
                rest = &rest[1..];
            }
        }
        filled.push_str(rest);
        filled
    }

    /// What a word stands for.
    fn value(&self, word: &str) -> Option<String> {
        let path = match word {
            "port" => return self.port.map(|port| port.to_string()),
            "dir" => &self.dir,
            "venv" => &self.venv,
            "node_modules" => &self.node_modules,
            "servers" => &self.servers,
            _ => return None,
        };
        path.as_ref().map(|path| path.to_string_lossy().into_owned())
    }
}

/// The words in braces that occur in a text, known or not.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('{').filter_map(|(at, _)| word_at(&text[at..]))
}

/// The word of a `{word}` that the text begins with.
fn word_at(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find('}')?;
    let word = &inner[..end];
    (!word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::{Places, words};

    #[test]
    fn fills_known_words_and_leaves_the_rest() {
        let places = Places { port: Some(8080), dir: Some("/t/{port}".into()), ..Places::default() };
        assert_eq!(
            places.fill("{ listen {port}; {dir} {{port}} {x} {venv} {"),
            "{ listen 8080; /t/{port} {8080} {x} {venv} {"
        );
        assert_eq!(places.fill("ä{port}ä"), "ä8080ä");
    }

    #[test]
    fn finds_words() {
        assert_eq!(words("a{port}:{nope}{}{A}{a b}{").collect::<Vec<_>>(), ["port", "nope"]);
    }
}
