//! Media types (RFC 9110 section 8.3.1) and parameters (section 5.6.6).

use super::text::Cursor;

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The name as sent.
    pub name: Vec<u8>,
    /// The value without its quotes.
    pub value: Vec<u8>,
    /// Whether its value is a quoted string in which something is quoted needlessly.
    pub is_needless: bool,
}

/// `media-type`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    /// `type/subtype` in lower case.
    pub name: String,
    /// The parameters in order.
    pub parameters: Vec<Parameter>,
}

impl MediaType {
    /// Reads a whole value.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(value);
        let kind = cursor.token()?;
        if !cursor.eat(b'/') {
            return None;
        }
        let subtype = cursor.token()?;
        let parameters = parameters(&mut cursor)?;
        let name = [kind, b"/", subtype].concat().to_ascii_lowercase();
        cursor.is_end().then(|| Self { name: String::from_utf8_lossy(&name).into_owned(), parameters })
    }

    /// The value of the first parameter of that name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&[u8]> {
        let is_named = |parameter: &&Parameter| parameter.name.eq_ignore_ascii_case(name.as_bytes());
        self.parameters.iter().find(is_named).map(|parameter| &parameter.value[..])
    }
}

/// `parameters = *( OWS ";" OWS [ parameter ] )`; ends in front of what is no semicolon.
pub fn parameters(cursor: &mut Cursor<'_>) -> Option<Vec<Parameter>> {
    let mut found = Vec::new();
    loop {
        let before = *cursor;
        cursor.whitespace();
        if !cursor.eat(b';') {
            *cursor = before;
            return Some(found);
        }
        let semicolon = *cursor;
        cursor.whitespace();
        let Some(name) = cursor.token() else {
            // An empty parameter; what follows may be the next semicolon.
            *cursor = semicolon;
            continue;
        };
        if !cursor.eat(b'=') {
            return None;
        }
        let (value, is_needless) = match cursor.peek() {
            Some(b'"') => cursor.quoted_string().map(|quoted| (quoted.octets, quoted.is_needless))?,
            _ => (cursor.token()?.to_vec(), false),
        };
        found.push(Parameter { name: name.to_vec(), value, is_needless });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types() {
        for good in [
            "text/html",
            "text/html;charset=utf-8",
            "Text/HTML; Charset=\"utf-8\"",
            "text/html;",
            "text/html; ; a=b;",
            "application/vnd.api+json",
            "a/b;c=\"d;e\"",
            "a/b;c=\"\"",
        ] {
            assert!(MediaType::parse(good.as_bytes()).is_some(), "{good}");
        }
        for bad in [
            "",
            "text",
            "text/",
            "/html",
            "text/html charset=utf-8",
            "text/html; charset",
            "text/html; charset=",
            "text/html; charset = utf-8",
            "text/html, text/plain",
            "text/html; a=b c",
            "text/html; a=\"b",
            "*/*;q=\u{e4}",
        ] {
            assert!(MediaType::parse(bad.as_bytes()).is_none(), "{bad}");
        }
        let read = MediaType::parse(b"Multipart/ByteRanges; Boundary=\"a b\"; x=\"\\c\"").unwrap();
        assert_eq!((&read.name[..], read.parameter("boundary")), ("multipart/byteranges", Some(&b"a b"[..])));
        assert!(read.parameters[1].is_needless && !read.parameters[0].is_needless);
    }
}
