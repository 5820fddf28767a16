//! The marked format in which the applications of `servers/apps` answer: what the server made of the request.
//!
//! ```text
//! startline-echo/1
//! method: POST
//! target: /path?query
//! field: Host: example
//! length: 5
//! body:
//! hello
//! ```
//! Lines end with LF. `field` lines (none or many) and `length` may be missing where a server does not tell its application;
//! everything after `body:` and its LF is the content, to the end. A line that begins with SP or HTAB continues the field line
//! before it: so looks an obs-fold that the server hands on as it came.
//!
//! Names are as the application sees them. Where the interface is CGI or WSGI that is `HTTP_X_Y`, written as `X-Y`:
//! compare without case, and do not conclude from an underscore. `Content-Length` may be absent there, or be the
//! server's own count: conclude from `length` and the content.

/// What the application saw of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Echo {
    /// The method.
    pub method: Vec<u8>,
    /// The request-target, as raw as the application can get it.
    pub target: Vec<u8>,
    /// The field lines, name and value, as far as the server tells.
    pub fields: Vec<(Vec<u8>, Vec<u8>)>,
    /// How many octets of content the application read, if it says so; the content here may be cut shorter.
    pub length: Option<u64>,
    /// The content.
    pub body: Vec<u8>,
}

/// The first line: what marks the format, and its version.
pub(super) const MARK: &[u8] = b"startline-echo/1\n";

impl Echo {
    /// Reads the content of an answer; `None` if it is not in the marked format.
    #[must_use]
    pub fn parse(content: &[u8]) -> Option<Self> {
        let rest = content.strip_prefix(MARK)?;
        let (line, rest) = split_line(rest)?;
        let method = line.strip_prefix(b"method: ")?.to_vec();
        let (line, mut rest) = split_line(rest)?;
        let target = line.strip_prefix(b"target: ")?.to_vec();
        let mut fields: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        let mut length = None;
        loop {
            let (line, after) = split_line(rest)?;
            rest = after;
            if line == b"body:" {
                return Some(Self { method, target, fields, length, body: rest.to_vec() });
            }
            if length.is_some() {
                return None;
            }
            if let Some(field) = line.strip_prefix(b"field: ") {
                fields.push(split_field(field)?);
            } else if let Some(number) = line.strip_prefix(b"length: ") {
                length = Some(decimal(number)?);
            } else if matches!(line, [b' ' | b'\t', ..]) {
                let (_, value) = fields.last_mut()?;
                value.push(b'\n');
                value.extend_from_slice(line);
            } else {
                return None;
            }
        }
    }

    /// The values of the field lines of this name, compared without case, in order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.fields
            .iter()
            .filter(move |(n, _)| n.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value.as_slice())
    }
}

/// The octets before the first LF and those after it.
fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|&b| b == b'\n')?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

/// A field line at its first colon; of the blanks after it, only the one that the format adds is dropped.
fn split_field(line: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let colon = line.iter().position(|&b| b == b':')?;
    let value = &line[colon + 1..];
    let value = value.strip_prefix(b" ").unwrap_or(value);
    Some((line[..colon].to_vec(), value.to_vec()))
}

/// Digits and nothing else.
fn decimal(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Echo;

    fn pair(name: &str, value: &str) -> (Vec<u8>, Vec<u8>) {
        (name.into(), value.into())
    }

    #[test]
    fn reads_a_full_echo() {
        let echo = Echo::parse(
            b"startline-echo/1\nmethod: POST\ntarget: /a?b=c\nfield: Host: h:1\nfield: X: \nlength: 5\nbody:\nhello",
        )
        .expect("an echo");
        assert_eq!(echo.method, b"POST");
        assert_eq!(echo.target, b"/a?b=c");
        assert_eq!(echo.fields, [pair("Host", "h:1"), pair("X", "")]);
        assert_eq!(echo.length, Some(5));
        assert_eq!(echo.body, b"hello");
        assert_eq!(echo.values("host").collect::<Vec<_>>(), [b"h:1"]);
    }

    #[test]
    fn fields_and_length_may_be_missing() {
        let echo = Echo::parse(b"startline-echo/1\nmethod: GET\ntarget: /\nbody:\n").expect("an echo");
        assert!(echo.fields.is_empty() && echo.length.is_none() && echo.body.is_empty());
    }

    #[test]
    fn content_is_never_read_as_lines() {
        let content = b"startline-echo/1\nmethod: A\ntarget: /\nlength: 3\nbody:\nlength: 9\nbody:\n\n\xff";
        let echo = Echo::parse(content).expect("an echo");
        assert_eq!(echo.body, b"length: 9\nbody:\n\n\xff");
        assert_eq!(echo.length, Some(3));
    }

    #[test]
    fn a_fold_handed_on_stays_in_the_value() {
        let echo = Echo::parse(b"startline-echo/1\nmethod: A\ntarget: /\nfield: X: a\r\n b\nbody:\n").expect("an echo");
        assert_eq!(echo.fields, [pair("X", "a\r\n b")]);
    }

    #[test]
    fn blanks_before_the_colon_and_in_the_value_are_kept() {
        let echo = Echo::parse(b"startline-echo/1\nmethod: A\ntarget: /\nfield: X :  a \nbody:\n").expect("an echo");
        assert_eq!(echo.fields, [pair("X ", " a ")]);
    }

    #[test]
    fn anything_else_is_no_echo() {
        for bytes in [
            &b""[..],
            b"hello",
            b"startline-echo/2\nmethod: A\ntarget: /\nbody:\n",
            b"startline-echo/1\nmethod: A\ntarget: /\n",
            b"startline-echo/1\ntarget: /\nmethod: A\nbody:\n",
            b"startline-echo/1\nmethod: A\ntarget: /\nlength: +5\nbody:\n",
            b"startline-echo/1\nmethod: A\ntarget: /\nlength: 5\nlength: 5\nbody:\n",
            b"startline-echo/1\nmethod: A\ntarget: /\nlength: 5\nfield: A: b\nbody:\n",
            b"startline-echo/1\nmethod: A\ntarget: /\nlength: 99999999999999999999\nbody:\n",
            b"startline-echo/1\nmethod: A\ntarget: /\nfield: no-colon\nbody:\n",
            b"startline-echo/1\nmethod: A\ntarget: /\n folded nothing\nbody:\n",
            b"startline-echo/1\nmethod: A\ntarget: /\nsurprise\nbody:\n",
        ] {
            assert_eq!(Echo::parse(bytes), None, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn truncated_echoes_do_not_panic() {
        let whole = b"startline-echo/1\nmethod: POST\ntarget: /\nfield: Host: h\nlength: 5\nbody:\nhello";
        for end in 0..whole.len() {
            let _ = Echo::parse(&whole[..end]);
        }
    }
}
