//! Keeping the user's secrets out of every output.

use startline_parser::notation;

/// Replaces secrets by a mark.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    secrets: Vec<String>,
}

/// What is shown in a secret's place.
const MARK: &str = "[redacted]";

impl Redactor {
    /// Knows these secrets; the longest is looked for first, so that none is left in part.
    #[must_use]
    pub fn new(secrets: &[String]) -> Self {
        let mut secrets = secrets.to_vec();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { secrets }
    }

    /// Octets with every secret replaced.
    #[must_use]
    pub fn octets(&self, octets: &[u8]) -> Vec<u8> {
        let mut shown = octets.to_vec();
        for secret in &self.secrets {
            shown = replace(&shown, secret.as_bytes());
        }
        shown
    }

    /// Octets as one line of the notation, secrets replaced.
    #[must_use]
    pub fn line(&self, octets: &[u8]) -> String {
        notation::encode(&self.octets(octets))
    }

    /// Text of our own that may hold words of the user's.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), MARK))
    }
}

fn replace(octets: &[u8], secret: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(octets.len());
    let mut rest = octets;
    while let Some(&first) = rest.first() {
        if rest.starts_with(secret) {
            shown.extend_from_slice(MARK.as_bytes());
            rest = &rest[secret.len()..];
        } else {
            shown.push(first);
            rest = &rest[1..];
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_secret_is_left() {
        let redactor = Redactor::new(&["abc".to_owned(), "abcdef".to_owned()]);
        assert_eq!(redactor.line(b"X: abcdef\r\nY: abc"), "X: [redacted]\\r\\nY: [redacted]");
        assert_eq!(redactor.text("--header 'X: abcdef'"), "--header 'X: [redacted]'");
    }
}
