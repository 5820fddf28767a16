//! The result does not depend on how the octets arrive.
//!
//! A head or a chunked body is handed over in pieces, and the pieces must come to what the whole comes to: the same parts
//! or the same error at the same octet. Pieces are cut at given places, at every single place where the input is short,
//! and after every octet.

use startline_parser::rule::On;
use startline_parser::{
    ChunkedDecoder, ChunkedEvent, Error, FieldSpan, Limits, Parsed, Progress, Request, RequestParser, Response,
    ResponseParser,
};

use crate::generate::{BodyCase, Case};
use crate::outcome::{FIELDS, Head};

/// Inputs up to this length are cut at every place.
const EVERY_PLACE: usize = 128;

/// The head of the first message, however it arrives.
///
/// # Errors
/// The cuts, and what came of them.
pub fn head(case: &Case) -> Result<(), String> {
    let whole = fed_head(case, &[]);
    if case.has_plain_limits() {
        let at_once = parsed_head(case);
        if at_once != whole {
            return Err(format!("`parse_head` comes to {at_once:?}, the parser that is fed to {whole:?}"));
        }
    }
    for cuts in ways_to_cut(case.stream.len(), &case.cuts) {
        let pieces = fed_head(case, &cuts);
        if pieces != whole {
            return Err(format!("cut at {cuts:?} it comes to {pieces:?}, whole to {whole:?}"));
        }
    }
    Ok(())
}

/// The head of the first message in one call, if it is there.
pub(crate) fn whole_head(case: &Case) -> FedHead {
    fed_head(case, &[])
}

type FedHead = Result<Option<Head>, Error>;

fn parsed_head(case: &Case) -> FedHead {
    let mut storage = vec![FieldSpan::EMPTY; case.limits.fields.min(FIELDS)];
    let head = match case.on {
        On::Request => match Request::parse_head(&case.stream, &mut storage)? {
            Parsed::Complete(head) => Some(Head::of_request(&head)),
            Parsed::Partial => None,
        },
        On::Response => match Response::parse_head(&case.stream, &mut storage)? {
            Parsed::Complete(head) => Some(Head::of_response(&head)),
            Parsed::Partial => None,
        },
    };
    Ok(head)
}

/// Hands the stream over up to each cut, and then all of it.
fn fed_head(case: &Case, cuts: &[usize]) -> FedHead {
    let mut storage = vec![FieldSpan::EMPTY; case.limits.fields.min(FIELDS)];
    let ends = cuts.iter().copied().chain([case.stream.len()]);
    match case.on {
        On::Request => {
            let mut parser = RequestParser::with_limits(&mut storage, case.limits);
            for end in ends {
                // A copy of its own, so that reading past the end shows under a sanitizer.
                let buffer = case.stream[..end].to_vec();
                if let Progress::Complete(len) = parser.advance(&buffer)? {
                    let head = Head::of_request(&parser.head(&buffer).expect("the head is complete"));
                    assert_eq!(head.end, len, "`advance` and `head_len` differ");
                    assert_eq!(parser.advance(&case.stream), Ok(Progress::Complete(len)), "a second call differs");
                    return Ok(Some(head));
                }
            }
        }
        On::Response => {
            let mut parser = ResponseParser::with_limits(&mut storage, case.limits);
            for end in ends {
                let buffer = case.stream[..end].to_vec();
                if let Progress::Complete(len) = parser.advance(&buffer)? {
                    let head = Head::of_response(&parser.head(&buffer).expect("the head is complete"));
                    assert_eq!(head.end, len, "`advance` and `head_len` differ");
                    assert_eq!(parser.advance(&case.stream), Ok(Progress::Complete(len)), "a second call differs");
                    return Ok(Some(head));
                }
            }
        }
    }
    Ok(None)
}

/// A chunked body, however it arrives, and whether its chunks are told or only its content.
///
/// # Errors
/// The cuts, and what came of them.
pub fn chunked(case: &BodyCase) -> Result<(), String> {
    let whole = decoded(&case.octets, &[], &case.limits);
    let content = whole.without_chunks();
    for cuts in ways_to_cut(case.octets.len(), &case.cuts).chain([Vec::new()]) {
        let pieces = decoded(&case.octets, &cuts, &case.limits);
        if pieces != whole {
            return Err(format!("cut at {cuts:?} it comes to {pieces:?}, whole to {whole:?}"));
        }
        let pieces = decoded_content(&case.octets, &cuts, &case.limits);
        if pieces != content {
            return Err(format!("cut at {cuts:?} `decode_content` comes to {pieces:?}, `decode` to {content:?}"));
        }
    }
    Ok(())
}

/// What a decoder makes of a body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decoded {
    /// Size, and octets of extensions, of each chunk-size line.
    pub chunks: Vec<(u64, usize)>,
    /// The content.
    pub content: Vec<u8>,
    /// The field lines of the trailer section.
    pub trailers: Vec<(Vec<u8>, Vec<u8>)>,
    /// Octets up to the end of the body; none if it has not come.
    pub end: Option<usize>,
    /// What stopped it.
    pub error: Option<Error>,
}

impl Decoded {
    /// What is told of the same body to those who want its content alone.
    #[must_use]
    pub fn without_chunks(&self) -> Self {
        Self { chunks: Vec::new(), ..self.clone() }
    }
}

/// Decodes `octets` handed over in pieces that end at each of the `cuts`.
#[must_use]
pub fn decoded(octets: &[u8], cuts: &[usize], limits: &Limits) -> Decoded {
    decoded_by(ChunkedDecoder::decode, octets, cuts, limits)
}

/// As [`decoded`], with the call that passes over chunk-size lines.
#[must_use]
pub fn decoded_content(octets: &[u8], cuts: &[usize], limits: &Limits) -> Decoded {
    decoded_by(ChunkedDecoder::decode_content, octets, cuts, limits)
}

type Call = for<'b> fn(&mut ChunkedDecoder, &'b [u8]) -> Result<(ChunkedEvent<'b>, usize), Error>;

fn decoded_by(call: Call, octets: &[u8], cuts: &[usize], limits: &Limits) -> Decoded {
    let mut decoder = ChunkedDecoder::with_limits(*limits);
    let mut decoded = Decoded::default();
    for end in cuts.iter().copied().chain([octets.len()]) {
        loop {
            // What was not used up is handed over again, in a copy of its own.
            let input = octets[decoder.position()..end].to_vec();
            let before = decoder.position();
            let (event, used) = match call(&mut decoder, &input) {
                Ok(step) => step,
                Err(error) => {
                    decoded.error = Some(error);
                    return decoded;
                }
            };
            assert_eq!(decoder.position(), before + used, "the position is not the sum of what was used up");
            match event {
                ChunkedEvent::Chunk { size, extensions } => decoded.chunks.push((size, extensions)),
                ChunkedEvent::Data(data) => {
                    assert!(!data.is_empty(), "a step without data");
                    decoded.content.extend_from_slice(data);
                }
                ChunkedEvent::Trailer(field) => {
                    assert_eq!(field.span.name.of(&input), field.name, "a span covers other octets");
                    assert_eq!(field.span.value.of(&input), field.value, "a span covers other octets");
                    decoded.trailers.push((field.name.to_vec(), field.value.to_vec()));
                }
                ChunkedEvent::End => {
                    decoded.end = Some(decoder.position());
                    return decoded;
                }
                _ => break,
            }
        }
    }
    decoded
}

/// The given cuts, each single cut of a short input, and a cut after every octet.
fn ways_to_cut(len: usize, given: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let mut given: Vec<usize> = given.iter().map(|&cut| cut.min(len)).collect();
    given.sort_unstable();
    let single = if len <= EVERY_PLACE { len } else { 0 };
    [given, (0..len).collect()].into_iter().chain((0..single).map(|cut| vec![cut]))
}
