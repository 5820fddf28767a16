//! Mutants whose answers are malformed, one for each rule that binds the sender of a response.

use startline_parser::rule::{chunked, field, framing, message, status_line};

use super::Mutant;
use crate::reference::behaviour::{Behaviour, Deed, Malformation as M};
use crate::rule::Rule;

pub(super) fn all() -> Vec<Mutant> {
    TABLE
        .iter()
        .map(|&(rule, variant, how, declared)| {
            Mutant::new(rule, variant, Behaviour::default().with(Deed::Malformed(how))).declaring(declared)
        })
        .collect()
}

type Row = (&'static Rule, &'static str, M, &'static [&'static str]);

const IN_RESPONSE: &str = "in-response";

static TABLE: &[Row] = &[
    (&message::BARE_LF, IN_RESPONSE, M::BareLf, &[]),
    (&message::BARE_CR, IN_RESPONSE, M::BareCr, &[]),
    (&message::WHITESPACE_BEFORE_FIRST_FIELD, IN_RESPONSE, M::LeadingWhitespace, &[]),
    (&message::VERSION_INVALID, IN_RESPONSE, M::VersionInvalid, &[]),
    (&status_line::STATUS_LINE_WHITESPACE, IN_RESPONSE, M::StatusLineWhitespace, &[]),
    (&status_line::STATUS_CODE_INVALID, IN_RESPONSE, M::StatusCodeInvalid, &[]),
    (&status_line::STATUS_LINE_SPACE_MISSING, IN_RESPONSE, M::StatusSpaceMissing, &[]),
    (&status_line::REASON_PHRASE_INVALID, IN_RESPONSE, M::ReasonInvalid, &[]),
    (&status_line::STATUS_LINE_MISSING, IN_RESPONSE, M::StatusLineMissing, &[]),
    (&status_line::STATUS_LINE_MISSING, "in-response-after-content", M::ContentLonger, &[]),
    (&field::FIELD_LINE_COLON_MISSING, IN_RESPONSE, M::ColonMissing, &[]),
    (&field::FIELD_NAME_INVALID, IN_RESPONSE, M::NameInvalid, &[]),
    (&field::WHITESPACE_BEFORE_COLON, IN_RESPONSE, M::ColonWhitespace, &[]),
    (&field::OBS_FOLD, IN_RESPONSE, M::ObsFold, &[]),
    (&field::FIELD_VALUE_NUL, IN_RESPONSE, M::ValueNul, &[]),
    (&field::FIELD_VALUE_CONTROL, IN_RESPONSE, M::ValueControl, &[]),
    (&framing::LENGTH_AND_TRANSFER_ENCODING, IN_RESPONSE, M::LengthAndCoding, &[]),
    // Its answer to an HTTP/1.1 request is of HTTP/1.0, and that to an HTTP/1.0 request has a coding.
    (&framing::TRANSFER_ENCODING_IN_HTTP10, IN_RESPONSE, M::CodingInHttp10, &["no-downgrade", "no-coding-to-http10"]),
    (&framing::CHUNKED_REPEATED, IN_RESPONSE, M::CodingRepeated, &[]),
    (&framing::TRANSFER_ENCODING_INVALID, IN_RESPONSE, M::CodingInvalid, &[]),
    (&framing::CONTENT_LENGTH_INVALID, IN_RESPONSE, M::LengthInvalid, &[]),
    (&framing::CONTENT_LENGTH_CONFLICT, IN_RESPONSE, M::LengthConflict, &[]),
    (&framing::CONTENT_LENGTH_REPEATED, IN_RESPONSE, M::LengthRepeated, &[]),
    (&framing::BODY_INCOMPLETE, IN_RESPONSE, M::ContentShorter, &[]),
    (&chunked::CHUNK_SIZE_INVALID, IN_RESPONSE, M::ChunkSizeInvalid, &[]),
    (&chunked::CHUNK_LINE_BARE_LF, IN_RESPONSE, M::ChunkLineBareLf, &[]),
    (&chunked::CHUNK_DATA_UNTERMINATED, IN_RESPONSE, M::ChunkDataUnterminated, &[]),
    (&chunked::CHUNK_EXTENSION_INVALID, IN_RESPONSE, M::ChunkExtensionInvalid, &[]),
    (&chunked::CHUNKED_PARAMETERS, IN_RESPONSE, M::CodingParameters, &[]),
    (&chunked::CHUNK_EXTENSION_WHITESPACE, IN_RESPONSE, M::ChunkExtensionWhitespace, &[]),
];
