//! Entity tags (RFC 9110 section 8.8.3) and the shape of language tags (section 8.5.1).

use startline_parser::bytes::is_obs_text;

/// An entity-tag (RFC 9110 section 8.8.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EntityTag {
    /// Whether it begins with `W/`.
    pub is_weak: bool,
    /// What stands between the quotes.
    pub opaque: Vec<u8>,
}

impl EntityTag {
    /// Reads one entity-tag and nothing else.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        let (is_weak, rest) = match value.strip_prefix(b"W/") {
            Some(rest) => (true, rest),
            None => (false, value),
        };
        let opaque = rest.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        let is_etagc = |&octet: &u8| octet == b'!' || (b'#'..=b'~').contains(&octet) || is_obs_text(octet);
        opaque.iter().all(is_etagc).then(|| Self { is_weak, opaque: opaque.to_vec() })
    }

    /// The strong comparison (RFC 9110 section 8.8.3.2).
    #[must_use]
    pub fn is_strongly(&self, other: &Self) -> bool {
        !self.is_weak && self == other
    }

    /// The weak comparison.
    #[must_use]
    pub fn is_weakly(&self, other: &Self) -> bool {
        self.opaque == other.opaque
    }

    /// The octets of the tag.
    #[must_use]
    pub fn octets(&self) -> Vec<u8> {
        [if self.is_weak { &b"W/\""[..] } else { b"\"" }, &self.opaque, b"\""].concat()
    }
}

/// Whether the value has the shape of a language tag: subtags of one to eight letters and digits, the first of letters.
/// What subtags may follow each other is not looked at.
#[must_use]
pub fn is_language(value: &[u8]) -> bool {
    let mut subtags = value.split(|&octet| octet == b'-');
    let is_subtag = |subtag: &[u8]| matches!(subtag.len(), 1..=8) && subtag.iter().all(u8::is_ascii_alphanumeric);
    subtags.next().is_some_and(|first| is_subtag(first) && first.iter().all(u8::is_ascii_alphabetic))
        && subtags.all(is_subtag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_tags() {
        assert_eq!(EntityTag::parse(b"\"a\""), Some(EntityTag { is_weak: false, opaque: b"a".to_vec() }));
        assert_eq!(EntityTag::parse(b"W/\"\""), Some(EntityTag { is_weak: true, opaque: Vec::new() }));
        assert!(EntityTag::parse(b"\"a,b\\c'\"").is_some());
        for bad in ["", "a", "\"", "\"a", "a\"", "w/\"a\"", "W\"a\"", "\"a b\"", "\"a\"b\"", "\"a\", \"b\"", "'a'"] {
            assert_eq!(EntityTag::parse(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn comparisons_of_entity_tags() {
        let tag = |text: &str| EntityTag::parse(text.as_bytes()).unwrap();
        assert!(tag("\"a\"").is_strongly(&tag("\"a\"")) && !tag("W/\"a\"").is_strongly(&tag("W/\"a\"")));
        assert!(tag("W/\"a\"").is_weakly(&tag("\"a\"")) && !tag("\"a\"").is_weakly(&tag("\"b\"")));
        assert_eq!(tag("W/\"a\"").octets(), b"W/\"a\"");
    }

    #[test]
    fn language_tags() {
        for good in ["en", "de-CH", "az-Arab-x-AZE-derbend", "sr-Latn-RS", "i-klingon"] {
            assert!(is_language(good.as_bytes()), "{good}");
        }
        for bad in ["", "en_US", "en-", "-en", "e n", "4n", "*", "abcdefghi"] {
            assert!(!is_language(bad.as_bytes()), "{bad}");
        }
    }
}
