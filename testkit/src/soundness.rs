//! What is true of every outcome of the strict parser, whatever the input.

use startline_parser::Body;
use startline_parser::bytes::{is_tchar, is_text, trim_ows};
use startline_parser::rule::On;

use crate::generate::Case;
use crate::outcome::{self, Verdict};

/// Holds the parser's outcome against itself: offsets lie in the stream, spans cover what they say, names and values are
/// of their classes, the octets after a message do not matter, and the framing is one of the direction's arms.
///
/// # Errors
/// What is not so.
pub fn holds(case: &Case) -> Result<(), String> {
    let ensure = |condition: bool, what: &str| if condition { Ok(()) } else { Err(what.to_owned()) };
    let methods = case.methods();
    let method = methods.first().copied().unwrap_or(b"GET");
    let stream = &case.stream[..];
    let outcome = outcome::by_parser(stream, case.on, method, &case.limits);
    if let Verdict::Error(error) = outcome.verdict {
        ensure(error.offset <= stream.len(), "an error lies after the stream")?;
        ensure(!error.to_string().is_empty(), "an error has no text")?;
    }
    let Some(head) = &outcome.head else { return Ok(()) };
    ensure(stream[..head.end].ends_with(b"\r\n"), "a head does not end with a line end")?;
    for (name, value, name_span, value_span) in &head.fields {
        ensure(name_span.of(stream) == name && value_span.of(stream) == value, "a span covers other octets")?;
        ensure(!name.is_empty() && name.iter().all(|&octet| is_tchar(octet)), "a field name is no token")?;
        ensure(value.iter().all(|&octet| is_text(octet)), "a field value has a control octet")?;
        ensure(trim_ows(value) == (0..value.len()), "a field value is not trimmed")?;
    }
    let framing = outcome.framing.ok_or("a head without a framing")?;
    let arms = if case.on == On::Request { 3..=7 } else { 1..=8 };
    ensure(arms.contains(&framing.arm), "an arm of the other direction")?;
    if case.on == On::Request {
        ensure(!matches!(framing.body, Body::UntilClose | Body::Tunnel), "a request with a response's end")?;
    }
    if let Some(end) = outcome.end {
        ensure((head.end..=stream.len()).contains(&end), "the end lies before the head's, or after the stream")?;
        if framing.body != Body::UntilClose {
            let alone = outcome::by_parser(&stream[..end], case.on, method, &case.limits);
            ensure(alone == outcome, "what follows the message changes it")?;
        }
    }
    if case.has_plain_limits() && outcome.verdict != Verdict::Partial {
        let with_more: Vec<u8> = [stream, b"\r\n\x00: x"].concat();
        let more = outcome::by_parser(&with_more, case.on, method, &case.limits);
        ensure(
            framing.body == Body::UntilClose || more.verdict == outcome.verdict,
            "octets that come later change a verdict",
        )?;
    }
    Ok(())
}
