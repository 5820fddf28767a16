//! `Transfer-Encoding = #transfer-coding` (RFC 9112 section 6.1, RFC 9110 section 10.1.4).

use super::found::{Found, Name};
use crate::bytes::{is_ows, is_tchar, is_text};
use crate::error::First;
use crate::framing::TransferEncoding;
use crate::rule::chunked::CHUNKED_PARAMETERS;
use crate::rule::framing::{
    CHUNKED_NOT_FINAL, CHUNKED_REPEATED, LENGTH_AND_TRANSFER_ENCODING, TRANSFER_CODING_UNKNOWN,
    TRANSFER_ENCODING_IN_HTTP10, TRANSFER_ENCODING_INVALID,
};

/// The registered codings beside chunked, in lower case (RFC 9112 section 7.2).
const REGISTERED: [&[u8]; 5] = [b"compress", b"x-compress", b"deflate", b"gzip", b"x-gzip"];

/// Reads all `Transfer-Encoding` lines as one list.
pub(super) fn check(found: &Found<'_, '_>, is_11: bool, is_request: bool, first: &mut First) -> TransferEncoding {
    let Some(first_line) = found.first(Name::TransferEncoding) else { return TransferEncoding::Absent };
    let first_at = first_line.span.value.start as usize;
    if !is_11 {
        first.offer(&TRANSFER_ENCODING_IN_HTTP10, first_at);
    }
    let mut chunked_seen = false;
    let mut chunked_final = false;
    let mut last_at = first_at;
    for line in found.lines(Name::TransferEncoding) {
        last_at = line.span.value.start as usize;
        let mut faults = LineFaults::default();
        for coding in Codings(line.value) {
            match coding {
                None => {
                    faults.invalid = true;
                    chunked_final = false;
                }
                Some(Coding { name, has_parameters }) if name.eq_ignore_ascii_case(b"chunked") => {
                    faults.parameters |= has_parameters;
                    faults.repeated |= chunked_seen;
                    chunked_seen = true;
                    chunked_final = true;
                }
                Some(Coding { name, .. }) => {
                    faults.unknown |= !REGISTERED.iter().any(|known| known.eq_ignore_ascii_case(name));
                    chunked_final = false;
                }
            }
        }
        if faults.invalid {
            first.offer(&TRANSFER_ENCODING_INVALID, last_at);
        }
        if faults.unknown && is_request {
            first.offer(&TRANSFER_CODING_UNKNOWN, last_at);
        }
        if faults.parameters {
            first.offer(&CHUNKED_PARAMETERS, last_at);
        }
        if faults.repeated {
            first.offer(&CHUNKED_REPEATED, last_at);
        }
    }
    if is_request && !chunked_final {
        first.offer(&CHUNKED_NOT_FINAL, last_at);
    }
    if found.count(Name::ContentLength) > 0 {
        first.offer(&LENGTH_AND_TRANSFER_ENCODING, first_at);
    }
    if chunked_final { TransferEncoding::ChunkedFinal } else { TransferEncoding::OtherFinal }
}

#[derive(Default)]
struct LineFaults {
    invalid: bool,
    unknown: bool,
    parameters: bool,
    repeated: bool,
}

struct Coding<'v> {
    name: &'v [u8],
    has_parameters: bool,
}

/// The elements of one field value. An element that does not match the grammar is none, and reading goes on after the
/// next comma.
struct Codings<'v>(&'v [u8]);

impl<'v> Iterator for Codings<'v> {
    type Item = Option<Coding<'v>>;

    fn next(&mut self) -> Option<Self::Item> {
        while let [b' ' | b'\t' | b',', rest @ ..] = self.0 {
            self.0 = rest;
        }
        if self.0.is_empty() {
            return None;
        }
        let coding = self.coding();
        if coding.is_none() {
            let comma = self.0.iter().position(|&b| b == b',').unwrap_or(self.0.len());
            self.0 = &self.0[comma..];
        }
        Some(coding)
    }
}

impl<'v> Codings<'v> {
    /// `transfer-coding = token *( OWS ";" OWS token BWS "=" BWS ( token / quoted-string ) )`, then a comma or the end.
    fn coding(&mut self) -> Option<Coding<'v>> {
        let name = self.token()?;
        let mut has_parameters = false;
        loop {
            self.blanks();
            match self.0 {
                [] | [b',', ..] => return Some(Coding { name, has_parameters }),
                [b';', rest @ ..] => self.0 = rest,
                _ => return None,
            }
            has_parameters = true;
            self.blanks();
            self.token()?;
            self.blanks();
            self.0 = self.0.strip_prefix(b"=")?;
            self.blanks();
            if self.0.first() == Some(&b'"') {
                self.quoted_string()?;
            } else {
                self.token()?;
            }
        }
    }

    fn blanks(&mut self) {
        while let [first, rest @ ..] = self.0
            && is_ows(*first)
        {
            self.0 = rest;
        }
    }

    fn token(&mut self) -> Option<&'v [u8]> {
        let len = self.0.iter().take_while(|&&b| is_tchar(b)).count();
        let (token, rest) = self.0.split_at(len);
        self.0 = rest;
        (len > 0).then_some(token)
    }

    /// `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE` (RFC 9110 section 5.6.4).
    fn quoted_string(&mut self) -> Option<()> {
        self.0 = self.0.strip_prefix(b"\"")?;
        loop {
            match self.0 {
                [b'"', rest @ ..] => {
                    self.0 = rest;
                    return Some(());
                }
                [b'\\', octet, rest @ ..] if is_text(*octet) => self.0 = rest,
                [octet, rest @ ..] if is_text(*octet) && *octet != b'\\' => self.0 = rest,
                _ => return None,
            }
        }
    }
}
