//! Which field lines `Host`, `Content-Length` and `Transfer-Encoding` are: one pass over all names, before any value is
//! looked at.
//!
//! Most field lines have other names, and the pass is for passing over those: without a branch that depends on which
//! names and lengths they have.

use crate::fields::{Field, Fields};

/// A field name that decides about the framing or the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Host,
    ContentLength,
    TransferEncoding,
}

const HOST: &[u8; 4] = b"host";
const CONTENT_LENGTH: &[u8; 14] = b"content-length";
const TRANSFER_ENCODING: &[u8; 17] = b"transfer-encoding";

/// More than the length of any of the names.
const LENGTHS: usize = 32;

/// At its length, the first octet of each name; elsewhere 0. The names differ in length.
static FIRST_OCTETS: [u8; LENGTHS] = {
    let mut octets = [0; LENGTHS];
    octets[HOST.len()] = HOST[0];
    octets[CONTENT_LENGTH.len()] = CONTENT_LENGTH[0];
    octets[TRANSFER_ENCODING.len()] = TRANSFER_ENCODING[0];
    octets
};

impl Name {
    /// The name that `name` is without regard to case.
    #[inline(always)]
    fn of(name: &[u8]) -> Option<Self> {
        // Length and first octet in one comparison that hardly any other name passes. It may let through what
        // `of_whole` refuses (length modulo 32, first octet folded too much), and holds back nothing that it takes.
        let first = *name.first()?;
        if FIRST_OCTETS[name.len() % LENGTHS] == first | 0x20 { Self::of_whole(name) } else { None }
    }

    #[inline(always)]
    fn of_whole(name: &[u8]) -> Option<Self> {
        if is(name, HOST) {
            Some(Self::Host)
        } else if is(name, CONTENT_LENGTH) {
            Some(Self::ContentLength)
        } else if is(name, TRANSFER_ENCODING) {
            Some(Self::TransferEncoding)
        } else {
            None
        }
    }
}

/// Whether `name` is `wanted`, which is in lower case, without regard to case.
///
/// As `eq_ignore_ascii_case`, but for the length known beforehand, and so without a loop. Exact for all octets: 0x20 is
/// or-ed to what has to be a letter only, and no more than both cases of a letter become that letter.
#[inline(always)]
pub(super) fn is<const LEN: usize>(name: &[u8], wanted: &[u8; LEN]) -> bool {
    let Some(name) = name.as_array::<LEN>() else { return false };
    let mut difference = 0;
    for (&octet, &letter) in name.iter().zip(wanted) {
        let case = if letter.is_ascii_lowercase() { 0x20 } else { 0 };
        difference |= (octet | case) ^ letter;
    }
    difference == 0
}

/// Where the field lines of one name are.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// Index of the first of them; 0 if there is none.
    first: usize,
    count: usize,
}

impl Place {
    #[inline(always)]
    const fn note(&mut self, index: usize) {
        if self.count == 0 {
            self.first = index;
        }
        self.count += 1;
    }
}

/// The field lines of a message, with the places of those that [`Name`] knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'b, 's> {
    fields: Fields<'b, 's>,
    host: Place,
    content_length: Place,
    transfer_encoding: Place,
}

impl<'b, 's> Found<'b, 's> {
    #[inline(always)]
    pub(super) fn among(fields: Fields<'b, 's>) -> Self {
        let [mut host, mut content_length, mut transfer_encoding] = [Place::default(); 3];
        for (index, field) in fields.iter().enumerate() {
            match Name::of(field.name) {
                None => {}
                Some(Name::Host) => host.note(index),
                Some(Name::ContentLength) => content_length.note(index),
                Some(Name::TransferEncoding) => transfer_encoding.note(index),
            }
        }
        Self { fields, host, content_length, transfer_encoding }
    }

    #[inline(always)]
    const fn place(&self, name: Name) -> Place {
        match name {
            Name::Host => self.host,
            Name::ContentLength => self.content_length,
            Name::TransferEncoding => self.transfer_encoding,
        }
    }

    /// How many field lines of that name there are.
    #[inline(always)]
    pub(super) const fn count(&self, name: Name) -> usize {
        self.place(name).count
    }

    /// The first field line of that name.
    #[inline(always)]
    pub(super) fn first(&self, name: Name) -> Option<Field<'b>> {
        let Place { first, count } = self.place(name);
        if count == 0 { None } else { self.fields.since(first).iter().next() }
    }

    /// The field lines of that name in the order sent.
    pub(super) fn lines(&self, name: Name) -> impl Iterator<Item = Field<'b>> + use<'b, 's> {
        let Place { first, count } = self.place(name);
        self.fields.since(first).iter().filter(move |field| Name::of(field.name) == Some(name)).take(count)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::super::tests::config;
    use super::*;
    use crate::fields::FieldSpan;
    use crate::span::Span;

    /// Names sought and names like them: one octet more, less or another, or longer by a multiple of [`LENGTHS`].
    const NAMES: [&str; 14] = [
        "host",
        "content-length",
        "transfer-encoding",
        "hos",
        "hosts",
        "hast",
        "hott",
        "cOntent-lengti",
        "content_length",
        "content-lengthh",
        "transfer-encodinh",
        "transfer-encod-ng",
        "hosthosthosthosthosthosthosthosthost",
        "",
    ];

    /// One of the names with the bit for the case changed in some octets; that of no letter makes another octet of it.
    fn name() -> impl Strategy<Value = Vec<u8>> {
        (prop::sample::select(&NAMES[..]), any::<u64>(), any::<u64>()).prop_map(|(name, some, fewer)| {
            let changed = |at: usize, octet: u8| match (some & fewer) >> at & 1 {
                1 if octet.is_ascii_alphabetic() || fewer >> 60 == 0 => octet ^ 0x20,
                _ => octet,
            };
            name.bytes().enumerate().map(|(at, octet)| changed(at, octet)).collect()
        })
    }

    proptest! {
        #![proptest_config(config(4000))]

        #[test]
        fn what_is_found_is_what_has_that_name(names in prop::collection::vec(name(), 0..12)) {
            let mut spans = Vec::new();
            let mut end = 0;
            for name in &names {
                let start = end;
                end += name.len();
                // The value is of no matter, but tells the fields apart.
                spans.push(FieldSpan { name: Span::new(start..end), value: Span::new(start..start) });
            }
            let buffer = names.concat();
            let fields = Fields::new(&buffer, &spans);
            let found = Found::among(fields);
            for (name, text) in
                [(Name::Host, "host"), (Name::ContentLength, "content-length"), (Name::TransferEncoding, "transfer-encoding")]
            {
                let named: Vec<_> = fields.named(text).collect();
                prop_assert_eq!(found.count(name), named.len());
                prop_assert_eq!(found.first(name), named.first().copied());
                prop_assert_eq!(found.lines(name).collect::<Vec<_>>(), named);
            }
        }
    }
}
