//! Lists (RFC 9110 section 5.6.1): elements with commas between them.

use startline_parser::bytes::trim_ows;

/// The elements of a list, empty ones included, each without the whitespace around it. Commas inside of quoted strings
/// separate nothing. An empty value is an empty list.
#[must_use]
pub fn elements(value: &[u8]) -> Vec<&[u8]> {
    if value.is_empty() {
        return Vec::new();
    }
    let mut elements = Vec::new();
    let (mut start, mut is_quoted, mut is_pair) = (0, false, false);
    for (at, &octet) in value.iter().enumerate() {
        match octet {
            _ if is_pair => is_pair = false,
            b'\\' if is_quoted => is_pair = true,
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => {
                elements.push(&value[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    elements.push(&value[start..]);
    elements.into_iter().map(|element| &element[trim_ows(element)]).collect()
}

/// The elements that are not empty.
pub fn members(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    elements(value).into_iter().filter(|element| !element.is_empty())
}

/// The value that several lines of a field come to (section 5.3).
#[must_use]
pub fn joined<'v>(values: impl Iterator<Item = &'v [u8]>) -> Vec<u8> {
    values.collect::<Vec<_>>().join(&b", "[..])
}

/// Whether a list has this member, without regard to case.
#[must_use]
pub fn has(value: &[u8], member: &str) -> bool {
    members(value).any(|found| found.eq_ignore_ascii_case(member.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_lists() {
        let texts = |value: &'static str| -> Vec<&str> {
            elements(value.as_bytes()).into_iter().map(|element| std::str::from_utf8(element).unwrap()).collect()
        };
        assert_eq!(texts(""), Vec::<&str>::new());
        assert_eq!(texts("a"), ["a"]);
        assert_eq!(texts("a, b\t,c"), ["a", "b", "c"]);
        assert_eq!(texts(", a,,b,"), ["", "a", "", "b", ""]);
        assert_eq!(texts(r#"a="b, c", d="\",", e"#), [r#"a="b, c""#, r#"d="\",""#, "e"]);
        assert!(has(b"a, Close", "close") && !has(b"closed", "close"));
        assert_eq!(joined([&b"a"[..], b"b"].into_iter()), b"a, b");
    }
}
