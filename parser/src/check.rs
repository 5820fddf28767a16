//! The second entry point: what the field lines of a head come to (RFC 9112 sections 3.2 and 6, RFC 9110 section 8.6).
//!
//! Strict: what a recipient is allowed to repair is an error here. Of several faults the one with the smallest offset is
//! reported. [`Request::framing`] and [`Response::framing`] give the reading of section 6.3 whatever the faults.
//!
//! One pass finds the field lines that matter ([`found`]). In nearly every message they are of the [`usual`] kind, which
//! is read at once; all else is read, and its faults are found, by the general code ([`transfer_encoding`],
//! [`content_length`]).

mod content_length;
mod found;
#[cfg(test)]
mod tests;
mod transfer_encoding;
mod usual;

use crate::error::{Error, First};
use crate::framing::{self, ContentLength, Framing, TransferEncoding};
use crate::message::{Request, Response};
use crate::rule::host;
use crate::target::is_valid_host;
use found::{Found, Name};

impl Request<'_, '_> {
    /// Holds `Host`, `Content-Length` and `Transfer-Encoding` against their rules and says where the body ends.
    ///
    /// # Errors
    /// The first fault by offset: of `Host` (exactly one in HTTP/1.1, at most one in any version, a host with an
    /// optional port or empty; RFC 9112 section 3.2), of `Transfer-Encoding` (section 6.1), or of `Content-Length`
    /// (section 6.3), which is not looked at beside a `Transfer-Encoding`.
    pub fn check(&self) -> Result<Framing, Error> {
        let found = Found::among(self.fields());
        let is_11 = self.version().is_11();
        match usual::read(&found, is_11) {
            Some((coding, length)) if self.host_fault(&found).is_none() => {
                Ok(framing::of_request(is_11, coding, length))
            }
            _ => self.explain(found),
        }
    }

    /// Where the body ends by RFC 9112 section 6.3 (arms 3 to 7), whatever faults the head has.
    #[must_use]
    pub fn framing(&self) -> Framing {
        let is_11 = self.version().is_11();
        let (coding, length) = read(Found::among(self.fields()), is_11, true);
        framing::of_request(is_11, coding, length)
    }

    #[inline(always)]
    fn host_fault(&self, found: &Found<'_, '_>) -> Option<Error> {
        match found.count(Name::Host) {
            0 if self.version().is_11() => Some(Error::rule(&host::HOST_MISSING, self.head_len() - 2)),
            0 => None,
            1 => {
                let only = found.first(Name::Host).filter(|only| !is_valid_host(only.value))?;
                Some(Error::rule(&host::HOST_INVALID, only.span.value.start as usize))
            }
            _ => {
                let second = found.lines(Name::Host).nth(1)?;
                Some(Error::rule(&host::HOST_DUPLICATE, second.span.name.start as usize))
            }
        }
    }

    /// As [`check`](Self::check), in every case.
    #[cold]
    #[inline(never)]
    fn explain(&self, found: Found<'_, '_>) -> Result<Framing, Error> {
        let is_11 = self.version().is_11();
        let mut first = First::default();
        first.offer_error(self.host_fault(&found));
        let (coding, length) = general(&found, is_11, true, &mut first);
        first.found().map_or_else(|| Ok(framing::of_request(is_11, coding, length)), Err)
    }
}

impl Response<'_, '_> {
    /// Holds `Content-Length` and `Transfer-Encoding` against their rules and says where the body ends. `method` is
    /// that of the request which this response answers.
    ///
    /// # Errors
    /// The first fault by offset. Where arm 1 or 2 of RFC 9112 section 6.3 decides, the fields are not looked at.
    pub fn check(&self, method: &[u8]) -> Result<Framing, Error> {
        let found = Found::among(self.fields());
        let is_11 = self.version().is_11();
        match usual::read(&found, is_11) {
            Some((coding, length)) => Ok(framing::of_response(method, self.status(), is_11, coding, length)),
            None => self.explain(method, found),
        }
    }

    /// Where the body ends by RFC 9112 section 6.3 (arms 1 to 6 and 8), whatever faults the head has.
    #[must_use]
    pub fn framing(&self, method: &[u8]) -> Framing {
        let is_11 = self.version().is_11();
        let (coding, length) = read(Found::among(self.fields()), is_11, false);
        framing::of_response(method, self.status(), is_11, coding, length)
    }

    /// As [`check`](Self::check), in every case.
    #[cold]
    #[inline(never)]
    fn explain(&self, method: &[u8], found: Found<'_, '_>) -> Result<Framing, Error> {
        let is_11 = self.version().is_11();
        let mut first = First::default();
        let (coding, length) = general(&found, is_11, false, &mut first);
        let framing = framing::of_response(method, self.status(), is_11, coding, length);
        match first.found() {
            Some(fault) if framing.arm > 2 => Err(fault),
            _ => Ok(framing),
        }
    }
}

/// What `Transfer-Encoding` and `Content-Length` come to, whatever their faults.
#[inline(always)]
fn read(found: Found<'_, '_>, is_11: bool, is_request: bool) -> (TransferEncoding, ContentLength) {
    match usual::read(&found, is_11) {
        Some(both) => both,
        // A copy, made here: a reference to `found` itself would have the pass keep what it finds in memory.
        None => general(&{ found }, is_11, is_request, &mut First::default()),
    }
}

/// As [`usual::read`], in every case, with the faults.
#[cold]
#[inline(never)]
fn general(
    found: &Found<'_, '_>,
    is_11: bool,
    is_request: bool,
    first: &mut First,
) -> (TransferEncoding, ContentLength) {
    let coding = transfer_encoding::check(found, is_11, is_request, first);
    (coding, content_length::check(found, coding, first))
}
