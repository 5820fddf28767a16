//! A strict HTTP/1.x message parser whose errors name the rule of RFC 9110 or RFC 9112 and the octet.
//!
//! # What is guaranteed
//! - **Strict.** What the RFCs permit a recipient to repair is a named fault here. The exceptions are those that they ask
//!   a recipient for: one empty line before a request-line is skipped, and HTTP/1.2 to 1.9 are read as HTTP/1.1.
//! - **Zero-copy.** Heads and bodies borrow the buffer; field lines go into storage that the caller owns.
//! - **Resumable.** A head or a chunked body may arrive in any pieces: the result is the same, and the work stays in
//!   proportion to the octets, however small the pieces are.
//! - **Bounded.** Every size has a [limit](Limits), and each limit is an error of its own. No input panics.
//! - **Fast.** Heads are read with AVX2, SSE2 or NEON where the CPU has them ([`Instructions`]), and the result is the
//!   same with all of them and without. `unsafe` code is in one module, for that alone.
//! - `no_std`, no I/O, no dependencies.
//!
//! # What is not
//! The values of fields other than `Host`, `Content-Length` and `Transfer-Encoding` are octets to this crate. It does not
//! reconstruct target URIs, decode content codings, or keep connections.
//!
//! # Two entry points
//! [`Request::parse_head`] and [`Response::parse_head`] (or the parsers that are fed) read the syntax of a head;
//! [`Request::check`] and [`Response::check`] read what its fields come to and say where the body ends.
//!
//! ```
//! use startline_parser::{Body, FieldSpan, Parsed, Request};
//!
//! let mut storage = [FieldSpan::EMPTY; 32];
//! let buffer = b"POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\n\r\nhello";
//! let Parsed::Complete(request) = Request::parse_head(buffer, &mut storage)? else { panic!("the head is whole") };
//! assert_eq!(request.method(), b"POST");
//! assert_eq!(request.check()?.body, Body::Length(5));
//!
//! let broken = b"POST / HTTP/1.1\r\nContent-Length : 5\r\n";
//! let error = Request::parse_head(broken, &mut storage).unwrap_err();
//! assert_eq!(error.broken_rule().unwrap().id, "whitespace-before-colon");
//! assert_eq!(error.offset, 31);
//! # Ok::<(), startline_parser::Error>(())
//! ```
//!
//! With the feature `reader` there is also a slow and obvious [`reader`] that never stops at the first fault and explains
//! a whole stream of messages under a [`Policy`](policy::Policy).

#![no_std]

#[cfg(any(feature = "alloc", test))]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod bytes;
mod check;
mod chunked;
mod error;
mod fields;
mod framing;
mod head;
mod host;
mod limits;
mod message;
#[cfg(feature = "alloc")]
pub mod notation;
pub mod policy;
#[cfg(feature = "reader")]
pub mod reader;
mod request_line;
pub mod rule;
mod scan;
mod span;
mod status_line;
mod target;
mod version;

pub use chunked::{ChunkedDecoder, ChunkedEvent};
pub use error::{Error, ErrorKind, Limit};
pub use fields::{Field, FieldSpan, Fields};
pub use framing::{Body, ContentLength, Framing, TransferEncoding, of_request, of_response};
pub use head::{Parsed, Progress};
pub use limits::Limits;
pub use message::{Request, RequestParser, Response, ResponseParser};
pub use scan::Instructions;
pub use span::Span;
pub use target::{TargetForm, is_valid_host};
pub use version::Version;
