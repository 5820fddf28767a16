//! What is written can be read, and comes out as it went in.

use startline_parser::Limits;
use startline_parser::notation::encode;

use crate::generate::{Content, Message};
use crate::outcome::{self, Verdict};
use crate::split;

/// Writes a valid message and has the parser read it.
///
/// # Errors
/// What came out otherwise.
pub fn message(message: &Message) -> Result<(), String> {
    let octets = message.octets();
    let got = outcome::by_parser(&octets, message.on(), b"GET", &Limits::DEFAULT);
    let differ = |what: &str| Err(format!("{what} of {} came out otherwise: {got:?}", encode(&octets)));
    if got.verdict != Verdict::Accept {
        return differ("the verdict");
    }
    let Some(head) = &got.head else { return differ("the head") };
    let request = head.request.as_ref().map(|(method, target, _)| (method.clone(), target.clone()));
    if (request, &head.response) != (message.request(), &message.response()) {
        return differ("the start-line");
    }
    if head.minor != message.minor {
        return differ("the version");
    }
    let fields = head.fields.iter().map(|(name, value, ..)| (&name[..], &value[..]));
    if !fields.eq(message.fields.iter().map(|(name, value)| (&name[..], &value[..]))) {
        return differ("a field");
    }
    if got.content.as_deref() != Some(&message.content.octets()[..]) {
        return differ("the content");
    }
    if got.trailers != message.content.trailers() {
        return differ("a trailer");
    }
    if got.end != Some(octets.len()) {
        return differ("the end");
    }
    Ok(())
}

/// Encodes content in the chunked coding and decodes it again, cut at every place.
///
/// # Errors
/// The cut, and what came out.
pub fn chunked(content: &Content) -> Result<(), String> {
    let octets = content.encoded();
    let wanted = content.octets();
    for cut in 0..=octets.len() {
        for call in [split::decoded, split::decoded_content] {
            let decoded = call(&octets, &[cut], &Limits::DEFAULT);
            if decoded.content != wanted || decoded.trailers != content.trailers() || decoded.end != Some(octets.len())
            {
                return Err(format!("{}, cut at {cut}: {decoded:?}", encode(&octets)));
            }
        }
    }
    Ok(())
}
