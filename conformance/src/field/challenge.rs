//! Challenges (RFC 9110 section 11.3) and lists of them (section 11.6.1), and lists of parameters (section 11.2).

use startline_parser::bytes::is_tchar;

use super::text::Cursor;

/// `auth-param`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The name as sent.
    pub name: Vec<u8>,
    /// The value without its quotes.
    pub value: Vec<u8>,
    /// Whether the value is a quoted string.
    pub is_quoted: bool,
    /// Whether something in it is quoted needlessly.
    pub is_needless: bool,
    /// Whether whitespace stands around `=`, which may be read but not sent (section 5.6.3).
    pub has_whitespace: bool,
}

/// `challenge`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The authentication scheme as sent.
    pub scheme: Vec<u8>,
    /// What follows the scheme, if it is not a list of parameters.
    pub token68: Option<Vec<u8>>,
    /// The parameters.
    pub parameters: Vec<Parameter>,
}

impl Challenge {
    /// Whether two parameters have the same name (section 11.2).
    #[must_use]
    pub fn repeats_a_parameter(&self) -> bool {
        let is_before =
            |at: usize, name: &[u8]| self.parameters[..at].iter().any(|p| p.name.eq_ignore_ascii_case(name));
        self.parameters.iter().enumerate().any(|(at, parameter)| is_before(at, &parameter.name))
    }
}

/// A list of challenges. Empty elements are passed over, since nobody can tell to which of the two lists they belong.
#[must_use]
pub fn challenges(value: &[u8]) -> Option<Vec<Challenge>> {
    let mut cursor = Cursor::new(value);
    let mut found: Vec<Challenge> = Vec::new();
    loop {
        commas(&mut cursor);
        if cursor.is_end() {
            return Some(found);
        }
        // In a list a parameter is told from a scheme by its `=`.
        let before = cursor;
        if let (Some(last), Some(parameter)) = (found.last_mut(), parameter(&mut cursor)) {
            if last.token68.is_some() || !is_separated(&cursor) {
                return None;
            }
            last.parameters.push(parameter);
            continue;
        }
        cursor = before;
        found.push(challenge(&mut cursor)?);
        if !is_separated(&cursor) {
            return None;
        }
    }
}

/// A list of parameters, as in `Authentication-Info` (section 11.6.3).
#[must_use]
pub fn parameters(value: &[u8]) -> Option<Vec<Parameter>> {
    let mut cursor = Cursor::new(value);
    let mut found = Vec::new();
    loop {
        commas(&mut cursor);
        if cursor.is_end() {
            return Some(found);
        }
        found.push(parameter(&mut cursor)?);
        if !is_separated(&cursor) {
            return None;
        }
    }
}

fn commas(cursor: &mut Cursor<'_>) {
    cursor.take_while(|octet| matches!(octet, b' ' | b'\t' | b','));
}

fn is_separated(cursor: &Cursor<'_>) -> bool {
    let mut cursor = *cursor;
    cursor.whitespace();
    cursor.is_end() || cursor.peek() == Some(b',')
}

/// The scheme, and `token68` or the first parameter, if one follows.
fn challenge(cursor: &mut Cursor<'_>) -> Option<Challenge> {
    let scheme = cursor.token()?.to_vec();
    let mut challenge = Challenge { scheme, token68: None, parameters: Vec::new() };
    if cursor.take_while(|octet| octet == b' ').is_empty() || is_separated(cursor) {
        return Some(challenge);
    }
    let mut first = *cursor;
    if let Some(parameter) = parameter(&mut first).filter(|_| is_separated(&first)) {
        *cursor = first;
        challenge.parameters.push(parameter);
        return Some(challenge);
    }
    let is_68 = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~+/".contains(&octet);
    let token68 = [cursor.take_while(is_68), cursor.take_while(|octet| octet == b'=')].concat();
    challenge.token68 = Some(token68).filter(|token| token.first().is_some_and(|&first| first != b'='));
    challenge.token68.is_some().then_some(challenge)
}

fn parameter(cursor: &mut Cursor<'_>) -> Option<Parameter> {
    let name = cursor.take_while(is_tchar).to_vec();
    let before = cursor.whitespace();
    if name.is_empty() || !cursor.eat(b'=') {
        return None;
    }
    let has_whitespace = before + cursor.whitespace() > 0;
    let is_quoted = cursor.peek() == Some(b'"');
    let (value, is_needless) = if is_quoted {
        cursor.quoted_string().map(|quoted| (quoted.octets, quoted.is_needless))?
    } else {
        (cursor.token()?.to_vec(), false)
    };
    Some(Parameter { name, value, is_quoted, is_needless, has_whitespace })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_that_are() {
        let count = |value: &str| {
            let found = challenges(value.as_bytes()).unwrap_or_else(|| panic!("{value}"));
            found.iter().map(|challenge| challenge.parameters.len()).collect::<Vec<_>>()
        };
        assert_eq!(count(""), [0; 0]);
        assert_eq!(count("Basic realm=\"a, b\""), [1]);
        assert_eq!(count("Negotiate"), [0]);
        assert_eq!(count("Negotiate, Basic realm=\"a\""), [0, 1]);
        assert_eq!(count("NTLM TlRMTVNTUAACAAAA=="), [0]);
        assert_eq!(
            count("Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\""),
            [1, 3]
        );
        assert_eq!(count("Digest realm=\"a\",nonce=\"b\" , qop=auth"), [3]);
        assert_eq!(count("Basic realm = \"a\""), [1]);
        assert!(challenges(b"Basic realm = \"a\"").unwrap()[0].parameters[0].has_whitespace);
        assert!(challenges(b"A b=c, B=d").unwrap()[0].repeats_a_parameter());
        assert!(!challenges(b"A b=c, D b=d").unwrap().iter().any(Challenge::repeats_a_parameter));
        assert_eq!(challenges(b"A b=").unwrap()[0].token68.as_deref(), Some(&b"b="[..]));
    }

    #[test]
    fn challenges_that_are_not() {
        for bad in [
            "realm=\"a\"",
            "Basic realm=\"a",
            "Basic realm=\"a\" charset=\"UTF-8\"",
            "Basic realm=a b",
            "\"Basic\"",
            "Basic =",
            "Basic realm=\"a\"; charset=\"UTF-8\"",
            "A b==, c=d",
        ] {
            assert!(challenges(bad.as_bytes()).is_none(), "{bad}");
        }
    }

    #[test]
    fn lists_of_parameters() {
        assert_eq!(parameters(b"nextnonce=\"a\", qop=auth").map(|found| found.len()), Some(2));
        assert!(parameters(b"Basic realm=\"a\"").is_none());
    }
}
