//! `Set-Cookie` as servers ought to write it (RFC 6265 section 4.1.1).

use super::text::is_token;

/// `set-cookie-string`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetCookie<'v> {
    /// The name.
    pub name: &'v [u8],
    /// The attributes in order, each with the value, if it has one.
    pub attributes: Vec<(&'v [u8], Option<&'v [u8]>)>,
}

impl<'v> SetCookie<'v> {
    /// Reads a whole value. An attribute may be any text, so that what no browser knows is right as well.
    #[must_use]
    pub fn parse(value: &'v [u8]) -> Option<Self> {
        let mut parts = value.split(|&octet| octet == b';');
        let pair = parts.next()?;
        let equals = pair.iter().position(|&octet| octet == b'=')?;
        let (name, content) = (&pair[..equals], &pair[equals + 1..]);
        let inner = match content {
            [b'"', inner @ .., b'"'] => inner,
            _ => content,
        };
        let is_cookie = |&octet: &u8| matches!(octet, 0x21 | 0x23..=0x2B | 0x2D..=0x3A | 0x3C..=0x5B | 0x5D..=0x7E);
        if !is_token(name) || !inner.iter().all(is_cookie) {
            return None;
        }
        let mut attributes = Vec::new();
        for part in parts {
            let attribute = part.strip_prefix(b" ")?;
            if !attribute.iter().all(|octet| (b' '..=b'~').contains(octet)) {
                return None;
            }
            attributes.push(match attribute.iter().position(|&octet| octet == b'=') {
                Some(equals) => (attribute[..equals].trim_ascii(), Some(&attribute[equals + 1..])),
                None => (attribute.trim_ascii(), None),
            });
        }
        Some(Self { name, attributes })
    }

    /// Whether two attributes have the same name.
    #[must_use]
    pub fn repeats_an_attribute(&self) -> bool {
        let is_before =
            |at: usize, name: &[u8]| self.attributes[..at].iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        self.attributes.iter().enumerate().any(|(at, (name, _))| is_before(at, name))
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'v [u8]> {
        self.attributes
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes()))
            .and_then(|(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies() {
        let read = SetCookie::parse(b"SID=31d4; Path=/; Max-Age=0; Secure; x y=z").unwrap();
        assert_eq!((read.name, read.attributes.len(), read.attribute("path")), (&b"SID"[..], 4, Some(&b"/"[..])));
        for good in ["a=", "a=\"b\"", "a=b=c", "a=b; Expires=Wed, 09 Jun 2021 10:18:14 GMT"] {
            assert!(SetCookie::parse(good.as_bytes()).is_some_and(|read| !read.repeats_an_attribute()), "{good}");
        }
        for bad in ["", "a", "=b", "a b=c", "a=b c", "a=b,c", "a=\"b", "a=b;Path=/", "a=b;", "a=\u{e4}", "a=b\\c"] {
            assert_eq!(SetCookie::parse(bad.as_bytes()), None, "{bad}");
        }
        assert!(SetCookie::parse(b"a=b; Path=/; path=/x").unwrap().repeats_an_attribute());
    }
}
