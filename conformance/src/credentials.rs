//! Credentials for resources behind authentication, in the Basic scheme (RFC 7617).

/// A name and a password, given as `USER:PASSWORD`.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pair: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(..)")
    }
}

impl Credentials {
    /// Reads `USER:PASSWORD`; the name has no colon, and neither has control characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_right = text.contains(':') && !text.starts_with(':') && !text.chars().any(char::is_control);
        is_right.then(|| Self { pair: text.to_owned() })
    }

    /// The value of `Authorization`.
    #[must_use]
    pub fn authorization(&self) -> String {
        format!("Basic {}", self.token68())
    }

    /// What stands behind the scheme.
    #[must_use]
    pub fn token68(&self) -> String {
        base64(self.pair.as_bytes())
    }

    /// What must not be shown in any output.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        let password = self.pair.split_once(':').map_or("", |(_, password)| password);
        let all = [self.pair.as_str(), password].map(str::to_owned);
        all.into_iter().chain([self.token68()]).filter(|secret| !secret.is_empty()).collect()
    }
}

/// Base64 with padding (RFC 4648 section 4).
#[must_use]
pub fn base64(octets: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(octets.len().div_ceil(3) * 4);
    for group in octets.chunks(3) {
        let all = group.iter().chain([&0; 2]).take(3).fold(0_usize, |sum, octet| sum << 8 | usize::from(*octet));
        for place in 0..4 {
            let letter = LETTERS[all >> (18 - 6 * place) & 63];
            text.push(if place > group.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648() {
        let vectors = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        for (len, wanted) in vectors.into_iter().enumerate() {
            assert_eq!(base64(&b"foobar"[..len]), wanted);
        }
    }

    #[test]
    fn credentials_are_written_and_kept_secret() {
        let credentials = Credentials::parse("Aladdin:open sesame").unwrap();
        assert_eq!(credentials.authorization(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(credentials.secrets(), ["Aladdin:open sesame", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
        assert!(!format!("{credentials:?}").contains("sesame"));
        for bad in ["Aladdin", ":x", "a:b\r\nc"] {
            assert!(Credentials::parse(bad).is_none(), "{bad}");
        }
    }
}
