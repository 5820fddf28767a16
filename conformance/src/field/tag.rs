//! Entity tags (RFC 9110 section 8.8.3) and the shape of language tags (section 8.5.1).

use startline_parser::bytes::is_obs_text;

/// `entity-tag`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntityTag<'v> {
    /// Whether it is marked as weak.
    pub is_weak: bool,
    /// What stands between the quotes.
    pub opaque: &'v [u8],
}

impl<'v> EntityTag<'v> {
    /// Reads a whole value.
    #[must_use]
    pub fn parse(value: &'v [u8]) -> Option<Self> {
        let (is_weak, quoted) = value.strip_prefix(b"W/").map_or((false, value), |quoted| (true, quoted));
        let opaque = quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        let is_etagc = |&octet: &u8| octet == b'!' || (b'#'..=b'~').contains(&octet) || is_obs_text(octet);
        opaque.iter().all(is_etagc).then_some(Self { is_weak, opaque })
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
        assert_eq!(EntityTag::parse(b"\"a\""), Some(EntityTag { is_weak: false, opaque: b"a" }));
        assert_eq!(EntityTag::parse(b"W/\"\""), Some(EntityTag { is_weak: true, opaque: b"" }));
        assert!(EntityTag::parse(b"\"a,b\\c'\"").is_some());
        for bad in ["", "a", "\"", "\"a", "a\"", "w/\"a\"", "W\"a\"", "\"a b\"", "\"a\"b\"", "\"a\", \"b\"", "'a'"] {
            assert_eq!(EntityTag::parse(bad.as_bytes()), None, "{bad}");
        }
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
