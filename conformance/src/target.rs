//! Whom we test: a URL, one pinned address, and how to talk to it.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use url::{Host, Url};

use crate::connection::tls::{TlsError, TlsOptions, TlsSetup};
use crate::credentials::Credentials;
use crate::runner::Pace;
use crate::wire::Values;

/// A peer under test.
#[derive(Debug, Clone)]
pub struct Target {
    /// The URL as given.
    pub url: String,
    /// Where to connect.
    pub endpoint: Endpoint,
    /// TLS, for `https`.
    pub tls: Option<Arc<TlsSetup>>,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// The value of `Host`.
    pub host: String,
    /// Path and query of the resource that is asked for.
    pub path: String,
    /// Every path that was given, the known-good one first.
    pub paths: Vec<String>,
    /// Credentials for resources behind authentication; only checks about authentication send them.
    pub credentials: Option<Credentials>,
    /// The cap on connections that are opened outside of checks: while getting to know the target.
    pub pace: Option<Arc<Pace>>,
    /// Field lines that every request carries besides, each with its CRLF.
    pub fields: Vec<u8>,
    /// What must not be shown in any output.
    pub secrets: Vec<String>,
}

/// Where to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// One address, pinned for the whole audit.
    Tcp(SocketAddr),
    /// A Unix socket.
    Unix(PathBuf),
}

/// How far away an address is, which decides on what is safe to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressClass {
    /// This machine.
    Loopback,
    /// Anything else.
    Elsewhere,
}

impl AddressClass {
    /// The class of an IP address. IPv4 addresses in IPv6 clothes are seen through.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        if address.to_canonical().is_loopback() { Self::Loopback } else { Self::Elsewhere }
    }
}

impl Endpoint {
    /// The class of the endpoint; a Unix socket is on this machine.
    #[must_use]
    pub fn class(&self) -> AddressClass {
        match self {
            Self::Tcp(address) => AddressClass::of(address.ip()),
            Self::Unix(_) => AddressClass::Loopback,
        }
    }
}

/// Why a target cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The URL is not a URL.
    #[error("{url:?} is not a URL: {problem}{}", hint(url))]
    Url {
        /// As given.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// The host has no address.
    #[error("cannot find an address of {host}: {problem}")]
    Lookup {
        /// Host and port.
        host: String,
        /// What the resolver says.
        problem: String,
    },
    /// A field given by the user is not a field line.
    #[error("{0:?} is not a field line (name: value)")]
    Field(String),
    /// Credentials that are none. They are not shown.
    #[error("credentials are USER:PASSWORD, without control characters")]
    Credentials,
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

fn hint(url: &str) -> &'static str {
    if url.contains("://") { "" } else { " (a target looks like http://127.0.0.1:8080/)" }
}

/// What the user can say about a target besides its URL.
#[derive(Debug, Clone, Default)]
pub struct TargetOptions {
    /// Paths and queries instead of the URL's: the first is known to be good, the others are resources that have what
    /// some checks need.
    pub paths: Vec<String>,
    /// `USER:PASSWORD` for resources behind authentication.
    pub credentials: Option<String>,
    /// The value of `Host` instead of the URL's host.
    pub host: Option<String>,
    /// Further fields, `Name: value`.
    pub fields: Vec<String>,
    /// TLS.
    pub tls: TlsOptions,
}

impl Target {
    /// Takes a URL apart, finds the address and pins it.
    ///
    /// `http` and `https` URLs, IPv6 hosts included, and `http+unix://%2Frun%2Fapp.sock/path` for Unix sockets.
    ///
    /// # Errors
    /// A bad URL, a host without an address, a field that is none, or certificates that cannot be read.
    pub async fn resolve(text: &str, options: &TargetOptions) -> Result<Self, TargetError> {
        let bad = |problem: &str| TargetError::Url { url: text.to_owned(), problem: problem.to_owned() };
        let url = Url::parse(text).map_err(|error| bad(&error.to_string()))?;
        let (scheme, is_unix) = match url.scheme() {
            "http" => ("http", false),
            "https" => ("https", false),
            "http+unix" => ("http", true),
            other => return Err(bad(&format!("the scheme {other:?} is not http, https or http+unix"))),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("userinfo in the URL; use --header or --credentials"));
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| bad("there is no host"))?;
        let (endpoint, authority) = if is_unix {
            let path = decode_percent(host).ok_or_else(|| bad("the socket's path is not percent-encoded UTF-8"))?;
            (Endpoint::Unix(PathBuf::from(path)), "localhost".to_owned())
        } else {
            let port = url.port_or_known_default().unwrap_or(80);
            let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
            (Endpoint::Tcp(lookup(&url, port).await?), authority)
        };
        let tls = match scheme {
            "https" => Some(Arc::new(TlsSetup::new(host.trim_matches(['[', ']']), &options.tls)?)),
            _ => None,
        };
        let of_url = || match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let path = options.paths.first().cloned().unwrap_or_else(of_url);
        let mut paths: Vec<String> = Vec::new();
        for path in std::iter::once(&path).chain(&options.paths) {
            if !path.starts_with('/') || path.bytes().any(|octet| !octet.is_ascii_graphic()) {
                return Err(bad(&format!("the path {path:?} does not begin with a slash or holds blanks")));
            }
            if !paths.contains(path) {
                paths.push(path.clone());
            }
        }
        let (fields, mut secrets) = fields(&options.fields)?;
        let credentials = match &options.credentials {
            Some(text) => Some(Credentials::parse(text).ok_or(TargetError::Credentials)?),
            None => None,
        };
        secrets.extend(credentials.iter().flat_map(Credentials::secrets));
        Ok(Self {
            url: text.to_owned(),
            pace: None,
            endpoint,
            tls,
            scheme,
            host: options.host.clone().unwrap_or(authority),
            path,
            paths,
            credentials,
            fields,
            secrets,
        })
    }

    /// What placeholders stand for, with a new token.
    #[must_use]
    pub fn values(&self) -> Values {
        Values {
            host: self.host.clone(),
            path: self.path.clone(),
            scheme: self.scheme.to_owned(),
            token: token(),
            etag: None,
            last_modified: None,
            authorization: self.credentials.as_ref().map(Credentials::authorization),
        }
    }
}

/// A word that no other exchange has.
#[must_use]
pub fn token() -> String {
    format!("{:012x}", fastrand::u64(..) & 0xFFFF_FFFF_FFFF)
}

async fn lookup(url: &Url, port: u16) -> Result<SocketAddr, TargetError> {
    let host = match url.host() {
        Some(Host::Ipv4(address)) => return Ok(SocketAddr::new(address.into(), port)),
        Some(Host::Ipv6(address)) => return Ok(SocketAddr::new(address.into(), port)),
        Some(Host::Domain(name)) => name.to_owned(),
        None => String::new(),
    };
    let failed = |problem: String| TargetError::Lookup { host: format!("{host}:{port}"), problem };
    let mut found = tokio::net::lookup_host((host.as_str(), port)).await.map_err(|error| failed(error.to_string()))?;
    found.next().ok_or_else(|| failed("it has none".to_owned()))
}

/// The field lines, and the values in them that must not be shown.
fn fields(given: &[String]) -> Result<(Vec<u8>, Vec<String>), TargetError> {
    let (mut lines, mut secrets) = (Vec::new(), Vec::new());
    for text in given {
        let bad = || TargetError::Field(text.clone());
        let (name, value) = text.split_once(':').ok_or_else(bad)?;
        let value = value.trim();
        let is_token = !name.is_empty() && name.bytes().all(startline_parser::bytes::is_tchar);
        if !is_token || !value.bytes().all(startline_parser::bytes::is_text) {
            return Err(bad());
        }
        lines.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        if !value.is_empty() {
            secrets.push(value.to_owned());
        }
    }
    Ok((lines, secrets))
}

fn decode_percent(text: &str) -> Option<String> {
    let mut octets = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        rest = more;
        if *first == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            octets.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &rest[2..];
        } else {
            octets.push(*first);
        }
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn resolve(url: &str) -> Result<Target, TargetError> {
        Target::resolve(url, &TargetOptions::default()).await
    }

    #[tokio::test]
    async fn urls_of_every_kind() {
        let plain = resolve("http://127.0.0.1:8080/a?b").await.unwrap();
        assert_eq!((plain.host.as_str(), plain.path.as_str()), ("127.0.0.1:8080", "/a?b"));
        let six = resolve("http://[::1]:81/").await.unwrap();
        assert_eq!((six.host.as_str(), six.endpoint.class()), ("[::1]:81", AddressClass::Loopback));
        let unix = resolve("http+unix://%2Frun%2Fapp.sock/x").await.unwrap();
        assert_eq!(unix.endpoint, Endpoint::Unix("/run/app.sock".into()));
        assert_eq!(unix.path, "/x");
    }

    #[tokio::test]
    async fn bad_urls_get_a_clear_answer() {
        for (url, told) in [
            ("127.0.0.1:8080", "looks like http://"),
            ("ftp://a/", "is not http, https"),
            ("http://", "empty host"),
            ("http://user:x@127.0.0.1/", "--header"),
        ] {
            let problem = resolve(url).await.unwrap_err().to_string();
            assert!(problem.contains(told), "{url}: {problem}");
        }
    }

    #[tokio::test]
    async fn the_first_path_is_the_good_one_and_each_stands_once() {
        let of = |paths: &[&str]| TargetOptions {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            credentials: Some("me:secret".to_owned()),
            ..TargetOptions::default()
        };
        let target = Target::resolve("http://127.0.0.1/x", &of(&["/a", "/b?c", "/a"])).await.unwrap();
        assert_eq!((target.path.as_str(), &target.paths[..]), ("/a", &["/a".to_owned(), "/b?c".to_owned()][..]));
        assert!(target.secrets.contains(&"secret".to_owned()));
        assert_eq!(target.values().authorization.as_deref(), Some("Basic bWU6c2VjcmV0"));
        let target = Target::resolve("http://127.0.0.1/x", &of(&[])).await.unwrap();
        assert_eq!(target.paths, ["/x"]);
        assert!(Target::resolve("http://127.0.0.1/x", &of(&["/a", "b"])).await.is_err());
        let none = TargetOptions { credentials: Some("secret".to_owned()), ..TargetOptions::default() };
        let problem = Target::resolve("http://127.0.0.1/x", &none).await.unwrap_err().to_string();
        assert!(problem.contains("USER:PASSWORD") && !problem.contains("secret"), "{problem}");
    }

    #[test]
    fn classes_of_addresses() {
        for (address, class) in [
            ("127.0.0.1", AddressClass::Loopback),
            ("127.9.9.9", AddressClass::Loopback),
            ("::1", AddressClass::Loopback),
            ("::ffff:127.0.0.1", AddressClass::Loopback),
            ("192.0.2.1", AddressClass::Elsewhere),
            ("::", AddressClass::Elsewhere),
            ("0.0.0.0", AddressClass::Elsewhere),
            ("10.0.0.1", AddressClass::Elsewhere),
        ] {
            assert_eq!(AddressClass::of(address.parse().unwrap()), class, "{address}");
        }
    }

    #[test]
    fn fields_are_checked_and_remembered_as_secrets() {
        let (lines, secrets) = fields(&["Authorization: Bearer x".to_owned()]).unwrap();
        assert_eq!(lines, b"Authorization: Bearer x\r\n");
        assert_eq!(secrets, ["Bearer x"]);
        for bad in ["no colon", ": x", "a b: c", "a: b\r\nc: d"] {
            assert!(fields(&[bad.to_owned()]).is_err(), "{bad}");
        }
    }
}
