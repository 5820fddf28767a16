//! The second entry point: what the field lines of a head come to (RFC 9112 sections 3.2 and 6, RFC 9110 section 8.6).
//!
//! Strict: what a recipient is allowed to repair is an error here. Of several faults the one with the smallest offset is
//! reported. [`Request::framing`] and [`Response::framing`] give the reading of section 6.3 whatever the faults.

mod content_length;
mod transfer_encoding;

use crate::error::{Error, First};
use crate::framing::{self, ContentLength, Framing, TransferEncoding};
use crate::message::{Request, Response};
use crate::rule::host;
use crate::target::is_valid_host;

impl Request<'_, '_> {
    /// Holds `Host`, `Content-Length` and `Transfer-Encoding` against their rules and says where the body ends.
    ///
    /// # Errors
    /// The first fault by offset: of `Host` (exactly one in HTTP/1.1, at most one in any version, a host with an
    /// optional port or empty; RFC 9112 section 3.2), of `Transfer-Encoding` (section 6.1), or of `Content-Length`
    /// (section 6.3), which is not looked at beside a `Transfer-Encoding`.
    pub fn check(&self) -> Result<Framing, Error> {
        let mut first = First::default();
        self.check_host(&mut first);
        let framing = self.frame(&mut first);
        first.found().map_or(Ok(framing), Err)
    }

    /// Where the body ends by RFC 9112 section 6.3 (arms 3 to 7), whatever faults the head has.
    #[must_use]
    pub fn framing(&self) -> Framing {
        self.frame(&mut First::default())
    }

    fn check_host(&self, first: &mut First) {
        let fields = self.fields();
        let mut lines = fields.named("host");
        match (lines.next(), lines.next()) {
            (None, _) if self.version().is_11() => first.offer(&host::HOST_MISSING, self.head_len() - 2),
            (None, _) => {}
            (Some(_), Some(second)) => first.offer(&host::HOST_DUPLICATE, second.span.name.start as usize),
            (Some(only), None) if !is_valid_host(only.value) => {
                first.offer(&host::HOST_INVALID, only.span.value.start as usize);
            }
            (Some(_), None) => {}
        }
    }

    fn frame(&self, first: &mut First) -> Framing {
        let fields = self.fields();
        let is_11 = self.version().is_11();
        let coding = transfer_encoding::check(&fields, is_11, true, first);
        let length = content_length::check(&fields, coding, first);
        framing::of_request(is_11, coding, length)
    }
}

impl Response<'_, '_> {
    /// Holds `Content-Length` and `Transfer-Encoding` against their rules and says where the body ends. `method` is
    /// that of the request which this response answers.
    ///
    /// # Errors
    /// The first fault by offset. Where arm 1 or 2 of RFC 9112 section 6.3 decides, the fields are not looked at.
    pub fn check(&self, method: &[u8]) -> Result<Framing, Error> {
        let mut first = First::default();
        let framing = self.frame(method, &mut first);
        if framing.arm <= 2 {
            return Ok(framing);
        }
        first.found().map_or(Ok(framing), Err)
    }

    /// Where the body ends by RFC 9112 section 6.3 (arms 1 to 6 and 8), whatever faults the head has.
    #[must_use]
    pub fn framing(&self, method: &[u8]) -> Framing {
        self.frame(method, &mut First::default())
    }

    fn frame(&self, method: &[u8], first: &mut First) -> Framing {
        let fields = self.fields();
        let is_11 = self.version().is_11();
        let coding: TransferEncoding = transfer_encoding::check(&fields, is_11, false, first);
        let length: ContentLength = content_length::check(&fields, coding, first);
        framing::of_response(method, self.status(), is_11, coding, length)
    }
}
