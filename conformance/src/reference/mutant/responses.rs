//! Mutants whose answers are well framed, and wrong in what their fields and statuses say; one or more for each rule of
//! the response lint.

use startline_parser::rule::status_line;

use super::Mutant;
use crate::reference::behaviour::{Behaviour, Deed, When};
use crate::rule::{self, Rule};

pub(super) fn all() -> Vec<Mutant> {
    let rows = TABLE.iter().map(|&(rule, variant, script)| (rule, variant, When::ServerWide, script));
    let tunnels = TO_CONNECT.iter().map(|&(rule, variant, script)| (rule, variant, When::Connect, script));
    let mutant = |when, rule, variant, script| {
        Mutant::new(rule, variant, Behaviour::default().with(Deed::Scripted(when, script)))
    };
    let two = TWO.iter().map(|&((rule, variant, script), declared)| {
        mutant(When::ServerWide, rule, variant, script).declaring(declared)
    });
    rows.chain(tunnels).map(|(rule, variant, when, script)| mutant(when, rule, variant, script)).chain(two).collect()
}

type Row = (&'static Rule, &'static str, &'static str);

const ONE: &str = "in-response";

/// Nobody asks for ranges with `OPTIONS *`.
const UNASKED: &[&str] = &["byteranges-unasked"];

/// What `OPTIONS *` is answered with where that breaks more than one rule.
static TWO: &[(Row, &[&str])] = &[
    (
        (&rule::SWITCH_UNNAMED, ONE, "HTTP/1.1 101 Switching Protocols\nDate: {date}\nConnection: upgrade\n\n"),
        &["switched-unasked"],
    ),
    (
        (
            &rule::CONTENT_RANGE_OF_MULTIPART,
            ONE,
            "HTTP/1.1 206 Partial Content\nDate: {date}\nContent-Type: multipart/byteranges; boundary=x\n\
             Content-Range: bytes 0-1/4\nContent-Length: {length}\n\n--x\nContent-Range: bytes 0-1/4\n\nok\n--x--\n",
        ),
        UNASKED,
    ),
    (
        (
            &rule::BYTERANGES_WITHOUT_PARTS,
            ONE,
            "HTTP/1.1 206 Partial Content\nDate: {date}\nContent-Type: multipart/byteranges\n\
             Content-Length: {length}\n\n--x\nContent-Range: bytes 0-1/4\n\nok\n--x--\n",
        ),
        UNASKED,
    ),
    (
        (
            &rule::BYTERANGES_WITHOUT_PARTS,
            "in-response-another",
            "HTTP/1.1 206 Partial Content\nDate: {date}\nContent-Type: multipart/byteranges; boundary=y\n\
             Content-Length: {length}\n\n--x\nContent-Range: bytes 0-1/4\n\nok\n--x--\n",
        ),
        UNASKED,
    ),
    (
        (
            &rule::BYTERANGES_PART_UNPLACED,
            ONE,
            "HTTP/1.1 206 Partial Content\nDate: {date}\nContent-Type: multipart/byteranges; boundary=x\n\
             Content-Length: {length}\n\n--x\nContent-Type: text/plain\n\nok\n--x--\n",
        ),
        UNASKED,
    ),
    (
        (
            &rule::MULTIPART_LINE_BREAK,
            ONE,
            "HTTP/1.1 206 Partial Content\nDate: {date}\nContent-Type: multipart/byteranges; boundary=x\n\
             Content-Length: {length}\n\n--x\nContent-Range: bytes 0-1/4{lf}{lf}ok\n--x--\n",
        ),
        UNASKED,
    ),
    (
        (
            &rule::MULTIPART_LINE_BREAK,
            "in-response-boundary",
            "HTTP/1.1 206 Partial Content\nDate: {date}\nContent-Type: multipart/byteranges; boundary=x\n\
             Content-Length: {length}\n\n--x\nContent-Range: bytes 0-1/4\n\nok{lf}--x--\n",
        ),
        UNASKED,
    ),
];

/// What CONNECT is answered with.
static TO_CONNECT: &[Row] = &[
    (
        &rule::CONTENT_LENGTH_FORBIDDEN,
        "in-response-to-connect",
        "HTTP/1.1 200 Connected\nDate: {date}\nContent-Length: 0\n\n",
    ),
    (
        &rule::TRANSFER_ENCODING_FORBIDDEN,
        "in-response-to-connect",
        "HTTP/1.1 200 Connected\nDate: {date}\nTransfer-Encoding: chunked\n\n",
    ),
];

/// What `OPTIONS *` is answered with.
static TABLE: &[Row] = &[
    // Dates.
    (&rule::DATE_PRESENT, ONE, "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
    (&rule::DATE_PRESENT, "in-response-304", "HTTP/1.1 304 Not Modified\nETag: \"a\"\n\n"),
    (&rule::DATE_FORMAT, "in-response-rfc850", "HTTP/1.1 204 No Content\nDate: Sunday, 06-Nov-94 08:49:37 GMT\n\n"),
    (&rule::DATE_FORMAT, "in-response-zone", "HTTP/1.1 204 No Content\nDate: Sun, 06 Nov 1994 08:49:37 +0000\n\n"),
    (&rule::DATE_FORMAT, "in-response-whitespace", "HTTP/1.1 204 No Content\nDate: Sun, 06 Nov 1994  08:49:37 GMT\n\n"),
    (
        &rule::DATE_FORMAT,
        "in-response-last-modified",
        "HTTP/1.1 204 No Content\nDate: {date}\nLast-Modified: Sun Nov  6 08:49:37 1994\n\n",
    ),
    (
        &rule::DATE_FORMAT,
        "in-response-retry-after",
        "HTTP/1.1 503 Busy\n{usual}\nRetry-After: Sunday, 06-Nov-94 08:49:37 GMT\n\nlater\n",
    ),
    (
        &rule::LAST_MODIFIED_IN_FUTURE,
        ONE,
        "HTTP/1.1 204 No Content\nDate: {date}\nLast-Modified: Fri, 31 Dec 2100 23:59:59 GMT\n\n",
    ),
    (&rule::DATE_CURRENT, ONE, "HTTP/1.1 204 No Content\nDate: Sun, 06 Nov 1994 08:49:37 GMT\n\n"),
    (&rule::DATE_CURRENT, "in-response-future", "HTTP/1.1 204 No Content\nDate: Fri, 31 Dec 2100 23:59:59 GMT\n\n"),
    // Version and framing.
    (&rule::RESPONSE_VERSION_UNKNOWN, ONE, "HTTP/1.2 200 OK\n{usual}\n\nfine\n"),
    (&rule::RESPONSE_VERSION_UNKNOWN, "in-response-09", "HTTP/0.9 200 OK\n{usual}\n\nfine\n"),
    (&rule::RESPONSE_VERSION_UNKNOWN, "in-response-20", "HTTP/2.0 200 OK\n{usual}\n\nfine\n"),
    (&rule::STATUS_CODE_OUT_OF_RANGE, ONE, "HTTP/1.1 600 Beyond\n{usual}\n\nfine\n"),
    (&rule::CONTENT_LENGTH_FORBIDDEN, ONE, "HTTP/1.1 204 No Content\nDate: {date}\nContent-Length: 0\n\n"),
    (
        &rule::CONTENT_LENGTH_FORBIDDEN,
        "in-response-interim",
        "HTTP/1.1 103 Early Hints\nContent-Length: 0\n\nHTTP/1.1 204 No Content\nDate: {date}\n\n",
    ),
    (&rule::TRANSFER_ENCODING_FORBIDDEN, ONE, "HTTP/1.1 204 No Content\nDate: {date}\nTransfer-Encoding: chunked\n\n"),
    (
        &rule::TRANSFER_ENCODING_FORBIDDEN,
        "in-response-interim",
        "HTTP/1.1 103 Early Hints\nTransfer-Encoding: chunked\n\nHTTP/1.1 204 No Content\nDate: {date}\n\n",
    ),
    (
        &rule::RESPONSE_UNTIL_CLOSE,
        ONE,
        "HTTP/1.1 200 OK\nDate: {date}\nContent-Type: text/plain\nConnection: close\n\nfine\n",
    ),
    (
        &rule::CODING_WITHOUT_END,
        ONE,
        "HTTP/1.1 200 OK\nDate: {date}\nContent-Type: text/plain\nTransfer-Encoding: gzip\n\nfine\n",
    ),
    (
        &status_line::STATUS_LINE_MISSING,
        "in-response-after-204",
        "HTTP/1.1 204 No Content\nDate: {date}\nConnection: close\n\nfine\n",
    ),
    (
        &status_line::STATUS_LINE_MISSING,
        "in-response-after-304",
        "HTTP/1.1 304 Not Modified\nDate: {date}\nConnection: close\n\nfine\n",
    ),
    (&rule::RESET_CONTENT_WITH_CONTENT, ONE, "HTTP/1.1 205 Reset Content\n{usual}\n\nfine\n"),
    (
        &rule::RESET_CONTENT_WITH_CONTENT,
        "in-response-chunked",
        "HTTP/1.1 205 Reset Content\nDate: {date}\nTransfer-Encoding: chunked\n\n2\nok\n0\n\n",
    ),
    (
        &rule::TRAILER_FIELD_FORBIDDEN,
        ONE,
        "HTTP/1.1 200 OK\nDate: {date}\nTransfer-Encoding: chunked\nTrailer: Content-Length\n\n2\nok\n0\nContent-Length: 2\n\n",
    ),
    (
        &rule::TRAILER_FIELD_FORBIDDEN,
        "in-response-type",
        "HTTP/1.1 200 OK\nDate: {date}\nTransfer-Encoding: chunked\nTrailer: content-type\n\n2\nok\n0\nContent-Type: text/html\n\n",
    ),
    (
        &rule::TRAILER_UNANNOUNCED,
        ONE,
        "HTTP/1.1 200 OK\nDate: {date}\nTransfer-Encoding: chunked\n\n2\nok\n0\nX-Sum: 2\n\n",
    ),
    (
        &rule::TRAILER_UNANNOUNCED,
        "in-response-another",
        "HTTP/1.1 200 OK\nDate: {date}\nTransfer-Encoding: chunked\nTrailer: X-Sum\n\n2\nok\n0\nX-Sum: 2\nX-Time: 3\n\n",
    ),
    // The connection.
    (&rule::CONNECTION_FIELD_UNLISTED, ONE, "HTTP/1.1 200 OK\n{usual}\nKeep-Alive: timeout=5\n\nfine\n"),
    (
        &rule::CONNECTION_OPTION_END_TO_END,
        ONE,
        "HTTP/1.1 200 OK\n{usual}\nCache-Control: no-store\nConnection: Cache-Control\n\nfine\n",
    ),
    (&rule::UPGRADE_OPTION_MISSING, ONE, "HTTP/1.1 200 OK\n{usual}\nUpgrade: h2c\n\nfine\n"),
    (
        &rule::SWITCHED_UNASKED,
        ONE,
        "HTTP/1.1 101 Switching Protocols\nDate: {date}\nUpgrade: websocket\nConnection: upgrade\n\n",
    ),
    // What statuses ask for.
    (&rule::CHALLENGE_MISSING, ONE, "HTTP/1.1 401 Unauthorized\n{usual}\n\nwho?\n"),
    (&rule::CHALLENGE_MISSING, "in-response-empty", "HTTP/1.1 401 Unauthorized\n{usual}\nWWW-Authenticate:\n\nwho?\n"),
    (&rule::PROXY_CHALLENGE_MISSING, ONE, "HTTP/1.1 407 Proxy Authentication Required\n{usual}\n\nwho?\n"),
    (&rule::ALLOW_MISSING, ONE, "HTTP/1.1 405 Method Not Allowed\n{usual}\n\nno\n"),
    (&rule::UPGRADE_MISSING, ONE, "HTTP/1.1 426 Upgrade Required\n{usual}\n\nno\n"),
    (
        &rule::ACCEPT_ENCODING_BESIDE_THE_POINT,
        ONE,
        "HTTP/1.1 415 Unsupported Media Type\n{usual}\nAccept-Encoding: gzip\n\nno\n",
    ),
    (&rule::CHOICES_UNLISTED, ONE, "HTTP/1.1 300 Multiple Choices\nDate: {date}\nContent-Length: 0\n\n"),
    (&rule::LOCATION_MISSING, ONE, "HTTP/1.1 301 Moved Permanently\n{usual}\n\naway\n"),
    (&rule::LOCATION_MISSING, "in-response-302", "HTTP/1.1 302 Found\n{usual}\n\naway\n"),
    (&rule::LOCATION_MISSING, "in-response-307", "HTTP/1.1 307 Temporary Redirect\n{usual}\n\naway\n"),
    (&rule::LOCATION_MISSING, "in-response-308", "HTTP/1.1 308 Permanent Redirect\n{usual}\nLocation:\n\naway\n"),
    (&rule::ERROR_UNEXPLAINED, ONE, "HTTP/1.1 404 Not Found\nDate: {date}\nContent-Length: 0\n\n"),
    (&rule::ERROR_UNEXPLAINED, "in-response-500", "HTTP/1.1 500 Oh\nDate: {date}\nContent-Length: 0\n\n"),
    (&rule::CONTENT_TYPE_MISSING, ONE, "HTTP/1.1 404 Not Found\nDate: {date}\nContent-Length: {length}\n\n<b>no</b>\n"),
    (&rule::NOT_MODIFIED_METADATA, ONE, "HTTP/1.1 304 Not Modified\nDate: {date}\nContent-Type: text/html\n\n"),
    (
        &rule::NOT_MODIFIED_METADATA,
        "in-response-coding",
        "HTTP/1.1 304 Not Modified\nDate: {date}\nContent-Encoding: gzip\n\n",
    ),
    // Partial content.
    (&rule::UNSATISFIED_RANGE_MISSING, ONE, "HTTP/1.1 416 Range Not Satisfiable\n{usual}\n\nno\n"),
    (&rule::CONTENT_RANGE_MISSING, ONE, "HTTP/1.1 206 Partial Content\n{usual}\n\nok\n"),
    (&rule::CONTENT_RANGE_LENGTH, ONE, "HTTP/1.1 206 Partial Content\n{usual}\nContent-Range: bytes 0-1/9\n\nok\n"),
    (&rule::CONTENT_RANGE_MEANINGLESS, ONE, "HTTP/1.1 200 OK\n{usual}\nContent-Range: bytes 0-3/4\n\nok\n"),
    (&rule::CONTENT_RANGE_INVALID, ONE, "HTTP/1.1 206 Partial Content\n{usual}\nContent-Range: bytes=0-3/4\n\nok\n"),
    (
        &rule::CONTENT_RANGE_INVALID,
        "in-response-beyond",
        "HTTP/1.1 206 Partial Content\n{usual}\nContent-Range: bytes 0-3/3\n\nok\n",
    ),
    (
        &rule::CONTENT_RANGE_INVALID,
        "in-response-backward",
        "HTTP/1.1 206 Partial Content\n{usual}\nContent-Range: bytes 3-0/4\n\nok\n",
    ),
    (
        &rule::BYTERANGES_UNASKED,
        ONE,
        "HTTP/1.1 206 Partial Content\nDate: {date}\nContent-Type: multipart/byteranges; boundary=x\n\
         Content-Length: {length}\n\n--x\nContent-Range: bytes 0-1/4\n\nok\n--x--\n",
    ),
    // Fields that do not belong there, or stand there twice; lists, style.
    (&rule::FIELD_OF_REQUESTS, ONE, "HTTP/1.1 200 OK\n{usual}\nHost: a\n\nfine\n"),
    (&rule::FIELD_OF_REQUESTS, "in-response-condition", "HTTP/1.1 200 OK\n{usual}\nIf-None-Match: \"a\"\n\nfine\n"),
    (
        &rule::RESPONSE_URI_HOST_EMPTY,
        ONE,
        "HTTP/1.1 301 Moved Permanently\n{usual}\nLocation: http:///elsewhere\n\naway\n",
    ),
    (
        &rule::RESPONSE_URI_USERINFO,
        ONE,
        "HTTP/1.1 301 Moved Permanently\n{usual}\nLocation: http://u:p@startline.invalid/\n\naway\n",
    ),
    (&rule::WHITESPACE_OPTIONAL, ONE, "HTTP/1.1 200 OK\n{usual}\nX-Note:  a\n\nfine\n"),
    (&rule::WHITESPACE_OPTIONAL, "in-response-behind", "HTTP/1.1 200 OK\n{usual}\nX-Note: a \n\nfine\n"),
    (
        &rule::CHALLENGE_PARAMETER_REPEATED,
        ONE,
        "HTTP/1.1 401 Unauthorized\n{usual}\nWWW-Authenticate: Basic realm=\"a\", Realm=\"b\"\n\nwho?\n",
    ),
    (&rule::FIELD_REPEATED, ONE, "HTTP/1.1 200 OK\n{usual}\nContent-Type: text/html\n\nfine\n"),
    (&rule::FIELD_REPEATED, "in-response-date", "HTTP/1.1 200 OK\n{usual}\nDate: {date}\n\nfine\n"),
    (&rule::FIELD_REPEATED, "in-response-server", "HTTP/1.1 200 OK\n{usual}\nServer: a\nServer: b\n\nfine\n"),
    (&rule::LIST_ELEMENT_EMPTY, ONE, "HTTP/1.1 200 OK\n{usual}\nVary: Accept,, Accept-Language\n\nfine\n"),
    (&rule::LIST_ELEMENT_EMPTY, "in-response-first", "HTTP/1.1 200 OK\n{usual}\nAllow: , GET\n\nfine\n"),
    (&rule::LIST_ELEMENT_EMPTY, "in-response-last", "HTTP/1.1 200 OK\n{usual}\nCache-Control: no-store,\n\nfine\n"),
    (&rule::WHITESPACE_BAD, ONE, "HTTP/1.1 401 Unauthorized\n{usual}\nWWW-Authenticate: Basic realm = \"a\"\n\nwho?\n"),
    (&rule::WHITESPACE_WIDE, ONE, "HTTP/1.1 200 OK\n{usual}\nServer: a/1  (b)\n\nfine\n"),
    (&rule::WHITESPACE_WIDE, "in-response-tab", "HTTP/1.1 200 OK\n{usual}\nServer: a/1\tb\n\nfine\n"),
    (
        &rule::QUOTED_PAIR_NEEDLESS,
        ONE,
        "HTTP/1.1 401 Unauthorized\n{usual}\nWWW-Authenticate: Basic realm=\"\\a\"\n\nwho?\n",
    ),
    (&rule::QUOTED_PAIR_NEEDLESS, "in-response-comment", "HTTP/1.1 200 OK\n{usual}\nServer: a (\\b)\n\nfine\n"),
    (
        &rule::REALM_UNQUOTED,
        ONE,
        "HTTP/1.1 401 Unauthorized\n{usual}\nWWW-Authenticate: Basic realm=startline\n\nwho?\n",
    ),
    (&rule::CONTENT_CODING_IDENTITY, ONE, "HTTP/1.1 200 OK\n{usual}\nContent-Encoding: identity\n\nfine\n"),
    // Values.
    (&rule::TRAILER_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nTrailer: X Sum\n\nfine\n"),
    (&rule::CONNECTION_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nConnection: keep-alive; timeout=5\n\nfine\n"),
    (&rule::VIA_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nVia: proxy\n\nfine\n"),
    (&rule::UPGRADE_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nConnection: upgrade\nUpgrade: a b\n\nfine\n"),
    (
        &rule::CONTENT_TYPE_INVALID,
        ONE,
        "HTTP/1.1 200 OK\nDate: {date}\nContent-Length: {length}\nContent-Type: text\n\nfine\n",
    ),
    (
        &rule::CONTENT_TYPE_INVALID,
        "in-response-whitespace",
        "HTTP/1.1 200 OK\nDate: {date}\nContent-Length: {length}\nContent-Type: text/html; charset = utf-8\n\nfine\n",
    ),
    (
        &rule::CONTENT_TYPE_INVALID,
        "in-response-two",
        "HTTP/1.1 200 OK\nDate: {date}\nContent-Length: {length}\nContent-Type: text/html, text/plain\n\nfine\n",
    ),
    (&rule::CONTENT_ENCODING_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nContent-Encoding: gzip;q=1\n\nfine\n"),
    (&rule::CONTENT_LANGUAGE_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nContent-Language: en_US\n\nfine\n"),
    (&rule::CONTENT_LOCATION_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nContent-Location: /a#b\n\nfine\n"),
    (&rule::ETAG_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nETag: abc\n\nfine\n"),
    (&rule::ETAG_INVALID, "in-response-small-w", "HTTP/1.1 200 OK\n{usual}\nETag: w/\"abc\"\n\nfine\n"),
    (&rule::ETAG_INVALID, "in-response-blank", "HTTP/1.1 200 OK\n{usual}\nETag: \"a b\"\n\nfine\n"),
    (&rule::ALLOW_INVALID, ONE, "HTTP/1.1 405 Method Not Allowed\n{usual}\nAllow: GET POST\n\nno\n"),
    (&rule::LOCATION_INVALID, ONE, "HTTP/1.1 301 Moved Permanently\n{usual}\nLocation: /a b\n\naway\n"),
    (
        &rule::LOCATION_INVALID,
        "in-response-raw",
        "HTTP/1.1 301 Moved Permanently\n{usual}\nLocation: /\u{e4}\n\naway\n",
    ),
    (&rule::RETRY_AFTER_INVALID, ONE, "HTTP/1.1 503 Busy\n{usual}\nRetry-After: 1.5\n\nlater\n"),
    (&rule::RETRY_AFTER_INVALID, "in-response-negative", "HTTP/1.1 503 Busy\n{usual}\nRetry-After: -1\n\nlater\n"),
    (&rule::SERVER_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nServer: a(1.2)\n\nfine\n"),
    (&rule::SERVER_INVALID, "in-response-slashes", "HTTP/1.1 200 OK\n{usual}\nServer: a/1/2\n\nfine\n"),
    (
        &rule::WWW_AUTHENTICATE_INVALID,
        ONE,
        "HTTP/1.1 401 Unauthorized\n{usual}\nWWW-Authenticate: realm=\"a\"\n\nwho?\n",
    ),
    (
        &rule::WWW_AUTHENTICATE_INVALID,
        "in-response-unclosed",
        "HTTP/1.1 401 Unauthorized\n{usual}\nWWW-Authenticate: Basic realm=\"a\n\nwho?\n",
    ),
    (
        &rule::AUTHENTICATION_INFO_INVALID,
        ONE,
        "HTTP/1.1 200 OK\n{usual}\nAuthentication-Info: Digest qop=auth\n\nfine\n",
    ),
    (
        &rule::PROXY_AUTHENTICATE_INVALID,
        ONE,
        "HTTP/1.1 407 Proxy Authentication Required\n{usual}\nProxy-Authenticate: realm=\"a\"\n\nwho?\n",
    ),
    (
        &rule::PROXY_AUTHENTICATION_INFO_INVALID,
        ONE,
        "HTTP/1.1 200 OK\n{usual}\nProxy-Authentication-Info: Digest qop=auth\n\nfine\n",
    ),
    (&rule::VARY_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nVary: Accept Accept-Language\n\nfine\n"),
    (&rule::ACCEPT_RANGES_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nAccept-Ranges: bytes=0-\n\nfine\n"),
    (&rule::ACCEPT_RANGES_INVALID, "in-response-empty", "HTTP/1.1 200 OK\n{usual}\nAccept-Ranges:\n\nfine\n"),
    (&rule::AGE_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nAge: 1.5\n\nfine\n"),
    (&rule::CACHE_CONTROL_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nCache-Control: no-store; private\n\nfine\n"),
    (
        &rule::CACHE_CONTROL_INVALID,
        "in-response-blank",
        "HTTP/1.1 200 OK\n{usual}\nCache-Control: max-age = 5\n\nfine\n",
    ),
    (&rule::EXPIRES_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nExpires: 0\n\nfine\n"),
    (&rule::EXPIRES_INVALID, "in-response-negative", "HTTP/1.1 200 OK\n{usual}\nExpires: -1\n\nfine\n"),
    // Cookies.
    (&rule::SET_COOKIE_INVALID, ONE, "HTTP/1.1 200 OK\n{usual}\nSet-Cookie: a b=c\n\nfine\n"),
    (&rule::SET_COOKIE_INVALID, "in-response-value", "HTTP/1.1 200 OK\n{usual}\nSet-Cookie: a=b c\n\nfine\n"),
    (&rule::SET_COOKIE_INVALID, "in-response-blank", "HTTP/1.1 200 OK\n{usual}\nSet-Cookie: a=b;Path=/\n\nfine\n"),
    (&rule::SET_COOKIE_ATTRIBUTE_REPEATED, ONE, "HTTP/1.1 200 OK\n{usual}\nSet-Cookie: a=b; Path=/; path=/c\n\nfine\n"),
    (&rule::SET_COOKIE_REPEATED, ONE, "HTTP/1.1 200 OK\n{usual}\nSet-Cookie: a=b\nSet-Cookie: a=c\n\nfine\n"),
    (
        &rule::SET_COOKIE_EXPIRES,
        ONE,
        "HTTP/1.1 200 OK\n{usual}\nSet-Cookie: a=b; Expires=Sunday, 06-Nov-94 08:49:37 GMT\n\nfine\n",
    ),
];
