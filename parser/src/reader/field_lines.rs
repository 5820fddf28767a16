//! Field lines of a head or of a trailer section.

use alloc::vec::Vec;

use super::lines::{Line, Lines};
use super::{FieldLine, Sink, abnf};
use crate::error::{Error, Limit};
use crate::policy::{
    ColonWhitespace, LeadingWhitespace, NameOctets, NameUnderscore, ObsFold, Point, ValueNul, ValueObsText,
};
use crate::rule::{field, message};
use crate::span::Span;

/// Reads field lines up to the empty line; the offset after it, or none if it is not there.
pub(super) fn read(lines: &mut Lines<'_>, fields: &mut Vec<FieldLine>, sink: &mut Sink<'_>) -> Option<usize> {
    // Whether only the start-line, or lines to be passed over for their leading whitespace, came before.
    let mut first = true;
    let mut accepted = 0;
    loop {
        let line = lines.next()?;
        if line.text.is_empty() {
            line.check_end(sink);
            return Some(line.next);
        }
        let faults = sink.faults.len();
        let folded = line.text[0] == b' ' || line.text[0] == b'\t';
        if folded && first {
            leading_whitespace(&line, fields, sink);
        } else if folded {
            fold(&line, fields, sink);
        } else {
            first = false;
            field_line(&line, 0, fields, sink);
        }
        line.check_end(sink);
        if sink.faults.len() == faults {
            if accepted >= lines.limits.fields {
                lines.limit = Some(Error::limit(Limit::FieldCount, line.start));
                return None;
            }
            accepted += 1;
        }
    }
}

/// Whitespace between the start-line and the first field line (RFC 9112 section 2.2).
fn leading_whitespace(line: &Line, fields: &mut Vec<FieldLine>, sink: &mut Sink<'_>) {
    sink.fault(&message::WHITESPACE_BEFORE_FIRST_FIELD, line.start..line.end, Point::LeadingWhitespace);
    if sink.policy.leading_whitespace == LeadingWhitespace::FieldLine {
        field_line(line, abnf::blanks(&line.text), fields, sink);
    }
}

/// `obs-fold = OWS CRLF RWS` (RFC 9112 section 5.2).
fn fold(line: &Line, fields: &mut Vec<FieldLine>, sink: &mut Sink<'_>) {
    let blanks = abnf::blanks(&line.text);
    sink.fault(&field::OBS_FOLD, line.start..line.start + blanks, Point::ObsFold);
    match sink.policy.obs_fold {
        ObsFold::Skip => {}
        ObsFold::FieldLine => field_line(line, blanks, fields, sink),
        ObsFold::Reject | ObsFold::Space => {
            line.check_cr(sink);
            let more = value(&line.text[blanks..], line.start + blanks, sink);
            if let Some(last) = fields.last_mut() {
                if !last.value.is_empty() && !more.is_empty() {
                    last.value.push(b' ');
                }
                last.value.extend_from_slice(&more);
            }
        }
    }
}

/// `field-line = field-name ":" OWS field-value OWS`, from octet `from` of the line.
fn field_line(line: &Line, from: usize, fields: &mut Vec<FieldLine>, sink: &mut Sink<'_>) {
    let text = &line.text[from..];
    let at = line.start + from;
    let Some(colon) = text.iter().position(|&octet| octet == b':') else {
        sink.fault(&field::FIELD_LINE_COLON_MISSING, at..line.end, Point::ColonMissing);
        return;
    };
    line.check_cr(sink);
    let mut name = &text[..colon];
    let mut skip = false;
    let bare = name.len() - name.iter().rev().take_while(|&&octet| octet == b' ' || octet == b'\t').count();
    if !name.contains(&b'\r') {
        let good = abnf::token(&name[..bare]).unwrap_or(0);
        if bare == 0 {
            sink.fault(&field::FIELD_NAME_INVALID, at + colon..at + colon, Point::NameOctets);
            skip = sink.policy.name_octets == NameOctets::Skip;
        } else if good < bare {
            sink.fault(&field::FIELD_NAME_INVALID, at + good..at + good + 1, Point::NameOctets);
            skip = sink.policy.name_octets == NameOctets::Skip;
        }
    }
    if bare < name.len() {
        sink.fault(&field::WHITESPACE_BEFORE_COLON, at + bare..at + colon, Point::ColonWhitespace);
        if sink.policy.colon_whitespace != ColonWhitespace::Keep {
            name = &name[..bare];
        }
    }
    let value_at = at + colon + 1;
    let value = value(&text[colon + 1..], value_at, sink);
    let leading = abnf::blanks(&text[colon + 1..]);
    let trailing =
        text[colon + 1 + leading..].iter().rev().take_while(|&&octet| octet == b' ' || octet == b'\t').count();
    let hyphens = sink.policy.name_underscore == NameUnderscore::Hyphen;
    let letter = |&octet: &u8| if hyphens && octet == b'_' { b'-' } else { octet };
    if !skip {
        fields.push(FieldLine {
            name: name.iter().map(letter).collect(),
            value,
            name_span: Span::new(at..at + name.len()),
            value_span: Span::new(value_at + leading..at + text.len() - trailing),
        });
    }
}

/// A field value: checked octet by octet (RFC 9110 section 5.5), repaired as the policy says, trimmed. CRs were reported
/// with their line.
fn value(text: &[u8], at: usize, sink: &mut Sink<'_>) -> Vec<u8> {
    let mut value = Vec::with_capacity(text.len());
    let mut obs_text = false;
    for (offset, &octet) in text.iter().enumerate() {
        let here = at + offset..at + offset + 1;
        match octet {
            0 => {
                sink.fault(&field::FIELD_VALUE_NUL, here, Point::ValueNul);
                match sink.policy.value_nul {
                    ValueNul::End => break,
                    ValueNul::Reject | ValueNul::Keep => value.push(octet),
                    ValueNul::Space => value.push(b' '),
                }
                continue;
            }
            b'\t' | b'\r' | 0x20..=0x7E => {}
            0x01..=0x1F | 0x7F => sink.fault(&field::FIELD_VALUE_CONTROL, here, Point::ValueControl),
            0x80..=0xFF => {
                if !obs_text {
                    let refused = sink.policy.value_obs_text == ValueObsText::Reject;
                    sink.feature(&field::FIELD_VALUE_OBS_TEXT, here, Point::ValueObsText, refused);
                }
                obs_text = true;
            }
        }
        value.push(octet);
    }
    let leading = abnf::blanks(&value);
    let trailing = value[leading..].iter().rev().take_while(|&&octet| octet == b' ' || octet == b'\t').count();
    value[leading..value.len() - trailing].to_vec()
}
