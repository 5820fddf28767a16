//! Request-targets: right ones of each form, and wrong ones.

use fastrand::Rng;

use super::draw::{one_in, pick};
use crate::fuzz::site::Site;

/// A path that nothing is expected to be at: for methods that could change something.
pub(super) const NOWHERE: &[u8] = b"/startline-none";

const QUERIES: &[&[u8]] = &[b"a=b", b"", b"a=b&c=d", b"%41=%c3%a9", b"/?:@-._~!$&'()*+,;=", b"q=%00", b"x=%0d%0a"];

const PATHS: &[&[u8]] = &[
    b"/",
    b"/a/b/c",
    b"/%41",
    b"/a;b=c",
    b"/~a:@!$&'()*+,=",
    b"//a",
    b"/.",
    b"/a/../b",
    b"/%2e%2e/",
    b"/%2F",
    b"/a//b/",
    b"/%ff%fe",
    b"/?",
    b"/%00",
];

const AUTHORITIES: &[&[u8]] = &[
    b"example.com",
    b"example.com:80",
    b"127.0.0.1",
    b"[::1]",
    b"[2001:db8::1]:8080",
    b"[::ffff:1.2.3.4]:",
    b"[v1.a:b]",
    b"a%41",
    b"x_y,z:",
    b"EXAMPLE.com:00080",
    b"a.b.",
];

/// Another path and query than the site's.
fn elsewhere(rng: &mut Rng, of: &Site) -> Vec<u8> {
    let path = of.path.as_bytes();
    if one_in(rng, 3) {
        return pick(rng, PATHS).to_vec();
    }
    if rng.u8(..) == 0 {
        return [path, if path.contains(&b'?') { b"&" } else { b"?" }, "a".repeat(rng.usize(200..3000)).as_bytes()]
            .concat();
    }
    [path, if path.contains(&b'?') { b"&" } else { b"?" }, pick(rng, QUERIES)].concat()
}

/// A request-target that is right for the method.
pub(super) fn right(rng: &mut Rng, method: &[u8], site: &Site) -> Vec<u8> {
    if method == b"CONNECT" {
        let host = pick::<&[u8]>(rng, &[b"example.com", b"127.0.0.1", b"[::1]", b"localhost"]);
        return [host, b":", pick(rng, &[&b"80"[..], b"443", b"1", b"65535", b"00080"])].concat();
    }
    if method == b"OPTIONS" && one_in(rng, 3) {
        return b"*".to_vec();
    }
    if ["PUT", "PATCH", "DELETE"].iter().any(|unsafe_one| unsafe_one.as_bytes() == method) {
        return NOWHERE.to_vec();
    }
    let path = if one_in(rng, 5) { elsewhere(rng, site) } else { site.path.as_bytes().to_vec() };
    if one_in(rng, 20) {
        let host = if one_in(rng, 4) { pick(rng, AUTHORITIES) } else { site.host.as_bytes() };
        let scheme = if one_in(rng, 6) { site.scheme.to_ascii_uppercase() } else { site.scheme.to_owned() };
        return [scheme.as_bytes(), b"://", host, &path].concat();
    }
    path
}

/// A value of `Host` that is right.
pub(super) fn host(rng: &mut Rng, site: &Site) -> Vec<u8> {
    if !one_in(rng, 40) {
        return site.host.as_bytes().to_vec();
    }
    if one_in(rng, 4) { Vec::new() } else { pick(rng, AUTHORITIES).to_vec() }
}

/// Values of `Host` that are none.
pub(super) const ODD_HOSTS: &[&[u8]] = &[
    b"a b",
    b"http://a",
    b"http://a/",
    b"a/",
    b"a/b",
    b"a@b",
    b"u:p@a",
    b"[::1",
    b"::1",
    b"[::1]x",
    b"[zz]",
    b"a:b",
    b"a:80x",
    b"a:80:80",
    b"a:-1",
    b"<a>",
    b"%zz",
    b"%",
    b"\x80",
    b"\xc3\xa9",
    b"a\tb",
    b"a?b",
    b"a#b",
    b"a\\b",
    b"\"a\"",
    b"{a}",
    b"a^b",
    b"a|b",
    b"a`b",
    b"a, b",
    b"[::1%25eth0]",
    b"[1:2:3]",
    b"[::1]:x",
    b"a:+80",
    b"*:*",
    b"/",
    b"?",
    b"#",
    b"@",
    b"a:80, b:80",
    b"\0",
    b"a\0b",
];

/// What no request-target may have in or behind it.
const SUFFIXES: &[&[u8]] = &[
    b"#f",
    b"#",
    b"%",
    b"%zz",
    b"%4",
    b"%0",
    b"%g0",
    b"%u0041",
    b"<",
    b">",
    b"\"",
    b"{",
    b"}",
    b"|",
    b"\\",
    b"^",
    b"`",
    b"\x7f",
    b"\x80",
    b"\xc3\xa9",
    b"\xff",
    b"\0",
    b"\x01",
    b"\x1f",
    b"[",
    b"]",
    b" x",
    b"\tx",
    b" HTTP/1.1",
    b"\x0bx",
    b"\x0cx",
    b"  x",
    b"?<",
    b"?%",
    b"?#",
    b"?[",
    b"?\\",
    b"?\x80",
    b"/%%",
    b" ",
    b"\\..\\",
    b"\xc0\xaf",
    b"\xe2\x80\xa8",
    b"#a b",
    b"%\x80",
    b"\r",
    b"?a b",
];

/// What has no form, or a form that does not go with GET.
const WHOLE: &[&[u8]] = &[
    b"*",
    b"foo",
    b"a/b",
    b"?a",
    b"?",
    b"#",
    b"\\",
    b".",
    b"..",
    b"%2F",
    b":80",
    b"@",
    b"a:80/",
    b"~",
    b"//",
    b"*/",
    b"**",
    b"*?a",
    b"127.0.0.1",
    b"localhost",
    b"[::1]",
    b";",
    b"-",
    b"_",
    b"a\\b",
    b"<a>",
    b"\"/\"",
    b"\x80",
    b"\0",
    b"1:2",
];

/// Authorities that no `http` URI may have.
const ODD_AUTHORITIES: &[&[u8]] = &[
    b"",
    b":",
    b":80",
    b"u@H",
    b"u:p@H",
    b"@H",
    b":@H",
    b"u@",
    b"H:abc",
    b"H:80:80",
    b"H:-1",
    b"[::1",
    b"[zz]",
    b"[::1]x",
    b"H\\",
    b"H%zz",
    b"H%",
    b"H<",
    b"H\x80",
    b"H H",
    b"u@u@H",
    b"H^",
    b"H\0",
    b"[::1%25lo]",
    b"{H}",
    b"[]",
    b"[:]",
    b"H:8\xc2\xb2",
];

/// Targets of CONNECT that are none.
const ODD_TUNNELS: &[&[u8]] = &[
    b"H:",
    b"H:0",
    b"H:65536",
    b"H:99999999999",
    b"H",
    b":80",
    b"/",
    b"*",
    b"H:80:80",
    b"H:80/",
    b"http://H:80/",
    b"H:x",
    b"H:+80",
    b"H:000",
    b"u@H:80",
    b"[::1]",
    b"[::1]:",
    b"[::1:80",
    b"",
    b"H:80#",
    b"H:-1",
    b"H:8_0",
];

fn for_host(text: &[u8], host: &[u8]) -> Vec<u8> {
    text.iter().flat_map(|octet| if *octet == b'H' { host } else { std::slice::from_ref(octet) }).copied().collect()
}

/// A request-target that is wrong, and whether it is for CONNECT.
pub(super) fn odd(rng: &mut Rng, site: &Site) -> (Vec<u8>, bool) {
    let path = site.path.as_bytes();
    let host = site.host.split(':').next().unwrap_or("a").as_bytes();
    match rng.u8(..16) {
        0..=6 => ([path, pick(rng, SUFFIXES)].concat(), false),
        7 => {
            let at = rng.usize(1..=path.len().max(1)).min(path.len());
            ([&path[..at], pick(rng, SUFFIXES), &path[at..]].concat(), false)
        }
        8..=10 => (pick(rng, WHOLE).to_vec(), false),
        11..=13 => {
            let authority = for_host(pick(rng, ODD_AUTHORITIES), host);
            let scheme = pick::<&[u8]>(rng, &[b"http", b"http", b"http", b"https", b"HTTP"]);
            ([scheme, b"://", &authority, path].concat(), false)
        }
        14 => {
            let text = pick::<&[u8]>(
                rng,
                &[
                    b"http:",
                    b"http:/",
                    b"http://",
                    b"http:///",
                    b"http:a",
                    b"ftp://H/",
                    b"http:\\\\H\\",
                    b"://H/",
                    b"http//H/",
                    b"1http://H/",
                    b"urn:a",
                    b"a:",
                    b"http://?",
                    b"http://#",
                    b"http:?a",
                    b"ht\0tp://H/",
                ],
            );
            (for_host(text, host), false)
        }
        _ => (for_host(pick(rng, ODD_TUNNELS), b"localhost"), true),
    }
}
