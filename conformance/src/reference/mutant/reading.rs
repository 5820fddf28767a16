//! Mutants that read octets otherwise: each choice at each point of the reader's policy.
//!
//! A choice that a sentence permits, or about which no sentence says anything, is a lenient variant.

use startline_parser::policy::{CodingFinal, CodingUnknown, ObsFold, Point, Policy};
use startline_parser::rule::{chunked, field, framing, host, message, request_line};

use super::Mutant;
use crate::reference::behaviour::{Behaviour, Deed};
use crate::rule::{self, Action, On, Role, Rule};

pub(super) fn all() -> Vec<Mutant> {
    Point::ALL.iter().flat_map(|&point| at(point)).chain([last_line()]).collect()
}

/// Each line of a folded value takes the place of the one before, which is no choice of the reader's.
fn last_line() -> Mutant {
    let mut policy = Policy::STRICT;
    policy.obs_fold = ObsFold::Space;
    let behaviour = Behaviour::default().with_policy(policy).with(Deed::FoldReplacesValue);
    Mutant::new(&field::OBS_FOLD, "last-line", behaviour)
}

fn at(point: Point) -> impl Iterator<Item = Mutant> {
    point.choices().iter().enumerate().skip(1).filter_map(move |(index, &(variant, permit))| {
        let rule = rule_of(point, variant);
        let mut behaviour = Behaviour::default().with_policy(Policy::STRICT.with(point, index)?);
        let is_unstated =
            rule.reaction(Role::OriginServer, On::Request).is_some_and(|reaction| reaction.action == Action::Unstated);
        if permit.is_some() || is_unstated {
            return Some(Mutant::lenient(rule, variant, behaviour));
        }
        match point {
            // Whoever keeps the octets has a method that nobody knows, and refuses it after all.
            Point::MethodOctets => behaviour = behaviour.with(Deed::InvalidMethodAsGet),
            // CONNECT is refused by the application whatever the port.
            Point::ConnectPort => behaviour = behaviour.with(Deed::ConnectTunnels),
            // Whoever does not see the coding, or sees it where it is not, does not ask whether it is the last.
            Point::CodingUnknown => behaviour.policy.coding_final = CodingFinal::Ignore,
            Point::CodingSyntax if variant != "ignore" => behaviour.policy.coding_final = CodingFinal::Anywhere,
            Point::CodingSyntax => behaviour.policy.coding_final = CodingFinal::Ignore,
            Point::CodingFinal if matches!(variant, "contains" | "first-line") => {
                behaviour.policy.coding_unknown = CodingUnknown::Ignore;
            }
            _ => {}
        }
        Some(Mutant::new(rule, variant, behaviour).declaring(declared(point, variant)))
    })
}

/// The rule that is broken by a choice at the point.
fn rule_of(point: Point, variant: &str) -> &'static Rule {
    match point {
        Point::LineEnd => &message::BARE_LF,
        Point::BareCr => &message::BARE_CR,
        Point::EmptyLines if variant == "none" => &message::EMPTY_LINE_BEFORE_REQUEST,
        Point::EmptyLines => &message::EMPTY_LINES_BEFORE_REQUEST,
        Point::LineWhitespace => &request_line::REQUEST_LINE_WHITESPACE,
        Point::MethodOctets => &request_line::METHOD_INVALID,
        Point::TargetWhitespace => &request_line::REQUEST_TARGET_WHITESPACE,
        Point::TargetOctets => &request_line::REQUEST_TARGET_INVALID,
        Point::TargetPercent => &request_line::REQUEST_TARGET_PERCENT,
        Point::TargetFragment => &request_line::REQUEST_TARGET_FRAGMENT,
        Point::TargetFormPoint => &request_line::REQUEST_TARGET_FORM,
        Point::UriHost => &request_line::URI_HOST_EMPTY,
        Point::UriUserinfo => &request_line::URI_USERINFO,
        Point::ConnectPort => &request_line::CONNECT_PORT_INVALID,
        Point::VersionText => &message::VERSION_INVALID,
        Point::VersionMissing => &request_line::VERSION_MISSING,
        Point::VersionMajor => &request_line::VERSION_MAJOR_UNSUPPORTED,
        Point::VersionMinor => &request_line::VERSION_MINOR_HIGHER,
        Point::AbsoluteForm => &request_line::ABSOLUTE_FORM,
        Point::LeadingWhitespace => &message::WHITESPACE_BEFORE_FIRST_FIELD,
        Point::ColonMissing => &field::FIELD_LINE_COLON_MISSING,
        Point::NameOctets => &field::FIELD_NAME_INVALID,
        Point::ColonWhitespace => &field::WHITESPACE_BEFORE_COLON,
        Point::ObsFold => &field::OBS_FOLD,
        Point::ValueNul => &field::FIELD_VALUE_NUL,
        Point::ValueControl => &field::FIELD_VALUE_CONTROL,
        Point::ValueObsText => &field::FIELD_VALUE_OBS_TEXT,
        Point::HostMissing => &host::HOST_MISSING,
        Point::HostDuplicate => &host::HOST_DUPLICATE,
        Point::HostInvalid => &host::HOST_INVALID,
        Point::LengthNumber => &framing::CONTENT_LENGTH_INVALID,
        Point::LengthRepeated => &framing::CONTENT_LENGTH_REPEATED,
        Point::LengthConflict => &framing::CONTENT_LENGTH_CONFLICT,
        Point::LengthOverflow => &framing::CONTENT_LENGTH_OVERFLOW,
        Point::LengthValue if variant == "octal" => &rule::BODY_READ,
        Point::LengthValue => &rule::CONTENT_LENGTH_LARGE,
        Point::NameUnderscore => &rule::BODY_READ,
        Point::LengthAndCoding => &framing::LENGTH_AND_TRANSFER_ENCODING,
        Point::CodingUnknown => &framing::TRANSFER_CODING_UNKNOWN,
        Point::CodingSyntax => &framing::TRANSFER_ENCODING_INVALID,
        Point::CodingFinal => &framing::CHUNKED_NOT_FINAL,
        Point::CodingRepeated => &framing::CHUNKED_REPEATED,
        Point::CodingParameters => &chunked::CHUNKED_PARAMETERS,
        Point::CodingIn10 => &framing::TRANSFER_ENCODING_IN_HTTP10,
        Point::ChunkSize => &chunked::CHUNK_SIZE_INVALID,
        Point::ChunkOverflow => &chunked::CHUNK_SIZE_OVERFLOW,
        Point::ChunkValue if variant == "decimal" => &rule::CHUNKED_DECODED,
        Point::ChunkValue => &rule::CHUNK_SIZE_LARGE,
        Point::ChunkLineEnd => &chunked::CHUNK_LINE_BARE_LF,
        Point::ChunkDataEnd => &chunked::CHUNK_DATA_UNTERMINATED,
        Point::ChunkExtension => &chunked::CHUNK_EXTENSION_INVALID,
        Point::ChunkExtensionKnown => &chunked::CHUNK_EXTENSION,
        Point::ChunkExtensionBlank => &chunked::CHUNK_EXTENSION_WHITESPACE,
        Point::Trailers => &chunked::TRAILER_SECTION,
        // Choices at a point that is newer than this table change nothing about a bare LF, which a test finds.
        _ => &message::BARE_LF,
    }
}

/// What else such a server gets wrong.
fn declared(point: Point, variant: &str) -> &'static [&'static str] {
    match point {
        // What is wrong in a trailer section is not seen there, but in the next request.
        Point::Trailers if variant == "next-message" => &["bare-lf", "field-line-colon-missing", "field-name-invalid"],
        // Chunk extensions with blanks are chunk extensions.
        Point::ChunkExtensionKnown => &["chunk-extension-whitespace"],
        Point::CodingUnknown | Point::CodingSyntax => &["chunked-not-final"],
        Point::CodingFinal if matches!(variant, "contains" | "first-line") => &["transfer-coding-unknown"],
        // Whoever refuses the form never asks which host counts.
        Point::AbsoluteForm => &["absolute-form-host"],
        _ => &[],
    }
}
