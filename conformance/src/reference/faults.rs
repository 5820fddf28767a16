//! What a faulty server makes of the answers of its application: wrong statuses, codings nobody asked for, and secrets
//! that come back.

use super::answer::Answer;
use super::application::{Reply, Request};
use super::behaviour::{Behaviour, Deed, ResourceFault};

/// The reply with the faults of the server in it.
pub(super) fn spoil(request: &Request<'_>, method: &[u8], reply: Reply, behaviour: &Behaviour) -> Reply {
    let Reply::Answer(mut answer) = reply else { return reply };
    for deed in &behaviour.deeds {
        if let Deed::Resources(fault) = deed {
            answer = spoilt(request, method, answer, *fault);
        }
    }
    Reply::Answer(answer)
}

fn spoilt(request: &Request<'_>, method: &[u8], mut answer: Answer, fault: ResourceFault) -> Answer {
    use ResourceFault as F;
    let value = |name: &str| request.message.values(name).next();
    let is_read = matches!(method, b"GET" | b"HEAD");
    let accepted = value("accept-encoding").filter(|_| is_read && answer.status == 200);
    let remove = |answer: &mut Answer, name: &str| answer.fields.retain(|(field, _)| *field != name);
    match (fault, method, answer.status) {
        (F::PutCreatedIs200, b"PUT", 201) => answer.status = 200,
        (F::PutModifiedIs201, b"PUT", 204) => {
            return Answer { fields: answer.fields, ..Answer::new(201, "it is kept\n") };
        }
        (F::PutTagStale, b"PUT", 201 | 204) => {
            remove(&mut answer, "ETag");
            answer = answer.with_field("ETag", "\"put-0\"");
        }
        (F::PutPartNotImplemented, b"PUT", 400) if value("content-range").is_some() => {
            return Answer::new(501, "parts are not implemented\n");
        }
        (F::DeletedIs201, b"DELETE", 204) => return Answer::new(201, "it is gone\n"),
        (F::NotAllowedIs501, _, 405) => return Answer::new(501, "this method is not implemented here\n"),
        (F::TraceServed, b"TRACE", 405) => return trace(request, false),
        (F::TraceUnreflected, b"TRACE", 405) => return Answer::new(200, "hello\n"),
        (F::TraceWithSecrets, b"TRACE", 405) => return trace(request, true),
        (F::CredentialsBreak, _, 401) if value("authorization").is_some_and(|value| value.contains(&b'~')) => {
            return Answer::new(500, "something went wrong\n");
        }
        (F::CredentialsForbidden, _, 401) if value("authorization").is_some() => return Answer::new(403, "not you\n"),
        (F::ContentRangeTaken, b"GET" | b"HEAD", 200) if value("content-range").is_some() => {
            return Answer::new(400, "that is no part\n");
        }
        (F::AliasUnknown, b"POST", 200) if value("content-encoding").is_some_and(|value| value.starts_with(b"x-")) => {
            return Answer::new(415, "there is no such coding\n");
        }
        (F::LengthUntold, _, 206) => {
            for (_, value) in answer.fields.iter_mut().filter(|(name, _)| *name == "Content-Range") {
                value.truncate(value.find('/').map_or(value.len(), |at| at + 1));
                value.push('*');
            }
        }
        (F::VaryMissing, _, _) => remove(&mut answer, "Vary"),
        (F::CodingUnacceptableRefused, ..) if accepted.is_some_and(|value| !value.starts_with(b"identity")) => {
            return Answer::new(406, "there is no such coding\n");
        }
        (F::CodedAnyway, ..) if accepted.is_some_and(|value| value != b"identity") => {
            answer.content = gzip(&answer.content);
            return answer.with_field("Content-Encoding", "gzip").with_field("Vary", "Accept-Encoding");
        }
        (F::CodedInSilence, ..) if accepted == Some(b"gzip") => {
            answer.content = gzip(&answer.content);
            return answer.with_field("Vary", "Accept-Encoding");
        }
        _ => {}
    }
    answer
}

/// The request as content.
fn trace(request: &Request<'_>, with_secrets: bool) -> Answer {
    let mut text = [b"TRACE ", request.path(), b" HTTP/1.1\r\n"].concat();
    for field in &request.message.fields {
        let is_secret = [&b"authorization"[..], b"cookie"].iter().any(|name| field.name.eq_ignore_ascii_case(name));
        if with_secrets || !is_secret {
            text.extend_from_slice(&[&field.name[..], b": ", &field.value, b"\r\n"].concat());
        }
    }
    text.extend_from_slice(b"\r\n");
    Answer::new(200, text).with_type(Some("message/http"))
}

/// Content in one stored block (RFC 1951 section 3.2.4, RFC 1952).
fn gzip(content: &[u8]) -> Vec<u8> {
    let content = &content[..content.len().min(usize::from(u16::MAX))];
    let len = content.len() as u16;
    let mut octets = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01".to_vec();
    octets.extend_from_slice(&len.to_le_bytes());
    octets.extend_from_slice(&(!len).to_le_bytes());
    octets.extend_from_slice(content);
    octets.extend_from_slice(&checksum(content).to_le_bytes());
    octets.extend_from_slice(&u32::from(len).to_le_bytes());
    octets
}

/// The checksum of RFC 1952.
fn checksum(content: &[u8]) -> u32 {
    let shift = |sum: u32, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
    !content.iter().fold(u32::MAX, |sum, octet| (0..8).fold(sum ^ u32::from(*octet), shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_in_gzip() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        let octets = gzip(b"abc");
        assert!(octets.starts_with(b"\x1f\x8b\x08") && octets.windows(3).any(|window| window == b"abc"));
        assert_eq!(octets.len(), 10 + 5 + 3 + 8);
    }
}
