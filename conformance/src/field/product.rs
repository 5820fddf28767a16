//! Products and comments (RFC 9110 sections 10.1.5 and 10.2.4), `Via` (section 7.6.3) and protocols (section 7.8).

use super::list::elements;
use super::text::{Cursor, is_token};

/// What a sender ought to have written otherwise in a value that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// More than one SP, or an HTAB, stands where whitespace is required (section 5.6.3).
    pub is_wide: bool,
    /// Something in a comment is quoted needlessly (section 5.6.4).
    pub is_needless: bool,
}

/// `product *( RWS ( product / comment ) )`.
#[must_use]
pub fn products(value: &[u8]) -> Option<Style> {
    let mut cursor = Cursor::new(value);
    let mut style = Style::default();
    product(&mut cursor)?;
    while !cursor.is_end() {
        style.is_wide |= required_whitespace(&mut cursor)?;
        if cursor.peek() == Some(b'(') {
            style.is_needless |= cursor.comment()?.is_needless;
        } else {
            product(&mut cursor)?;
        }
    }
    Some(style)
}

fn product(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.token()?;
    if cursor.eat(b'/') {
        cursor.token()?;
    }
    Some(())
}

/// `RWS`; says whether it is anything but a single SP.
fn required_whitespace(cursor: &mut Cursor<'_>) -> Option<bool> {
    let blank = cursor.take_while(|octet| matches!(octet, b' ' | b'\t'));
    (!blank.is_empty()).then_some(blank != b" ")
}

/// `Via`. Empty elements are passed over. A comma inside of a comment is told from one between elements.
#[must_use]
pub fn via(value: &[u8]) -> Option<Style> {
    let mut cursor = Cursor::new(value);
    let mut style = Style::default();
    loop {
        cursor.take_while(|octet| matches!(octet, b' ' | b'\t' | b','));
        if cursor.is_end() {
            return Some(style);
        }
        product(&mut cursor)?;
        style.is_wide |= required_whitespace(&mut cursor)?;
        cursor.token()?;
        if cursor.eat(b':') {
            cursor.take_while(|octet| octet.is_ascii_digit());
        }
        let before = cursor;
        let blank = required_whitespace(&mut cursor);
        if cursor.peek() == Some(b'(') {
            style.is_wide |= blank?;
            style.is_needless |= cursor.comment()?.is_needless;
        } else {
            cursor = before;
        }
        cursor.whitespace();
        if !cursor.is_end() && cursor.peek() != Some(b',') {
            return None;
        }
    }
}

/// Whether each element is `protocol-name [ "/" protocol-version ]`; empty ones are passed over.
#[must_use]
pub fn are_protocols(value: &[u8]) -> bool {
    elements(value).into_iter().filter(|element| !element.is_empty()).all(|element| {
        let mut parts = element.splitn(2, |&octet| octet == b'/');
        parts.all(is_token)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_server() {
        for good in ["nginx", "nginx/1.26.3", "Apache/2.4.62 (Debian) OpenSSL/3.0", "a (b (c))", "CERN/3.0 libwww/2.17"]
        {
            assert_eq!(products(good.as_bytes()), Some(Style::default()), "{good}");
        }
        assert!(products(b"a  b").unwrap().is_wide && products(b"a\tb").unwrap().is_wide);
        assert!(products(b"a (\\b)").unwrap().is_needless);
        for bad in ["", "(a)", "a/", "a/b/c", "a(b)", "a b:c", "a (b", "a, b", "Server: a", "a \u{e4}"] {
            assert_eq!(products(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn values_of_via() {
        for good in ["1.1 a", "1.0 fred, 1.1 p.example.net", "HTTP/1.1 a:80 (b, c)", "1.1 a:", "", ", 1.1 a"] {
            assert_eq!(via(good.as_bytes()), Some(Style::default()), "{good}");
        }
        assert!(via(b"1.1  a").unwrap().is_wide);
        for bad in ["1.1", "a", "1.1 a b", "1.1 [::1]:80", "1.1 a;b"] {
            assert_eq!(via(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn values_of_upgrade() {
        assert!(are_protocols(b"websocket, HTTP/2.0, h2c") && are_protocols(b""));
        assert!(!are_protocols(b"a/") && !are_protocols(b"a b") && !are_protocols(b"a/b/c"));
    }
}
