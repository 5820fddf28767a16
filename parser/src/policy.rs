//! The points at which recipients of HTTP/1.x are seen to differ, and one choice for each.
//!
//! The [reader](crate::reader) reads under a [`Policy`]. The strict one, the default, refuses whatever is not right. Any
//! other choice says what a recipient makes of the octets instead, and whether a sentence of the RFCs gives it leave to.
//! A server's behaviour can so be described as the choices under which the reader predicts it.

use core::fmt;

macro_rules! points {
    ($(
        $(#[doc = $doc:literal])+
        $point:ident / $field:ident = $id:literal {
            $( $(#[doc = $choice_doc:literal])+ $choice:ident = $choice_id:literal $(by $permit:literal)? ),+ $(,)?
        }
    )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
            #[non_exhaustive]
            pub enum $point {
                #[default]
                $( $(#[doc = $choice_doc])+ $choice ),+
            }

            impl $point {
                /// Every choice; the first is the strict one.
                pub const ALL: &[Self] = &[$(Self::$choice),+];

                /// Kebab-case name.
                #[must_use]
                pub const fn id(self) -> &'static str {
                    match self { $(Self::$choice => $choice_id),+ }
                }

                /// The section that gives a recipient leave for this choice; none if no sentence does. The strict
                /// choice needs no leave.
                #[must_use]
                pub const fn permitted_by(self) -> Option<&'static str> {
                    match self { $(Self::$choice => points!(@permit $($permit)?)),+ }
                }
            }
        )+

        /// One choice for each point.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        #[non_exhaustive]
        pub struct Policy {
            $( $(#[doc = $doc])+ pub $field: $point ),+
        }

        /// The points, for going over all of them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Point {
            $( $(#[doc = $doc])+ $point ),+
        }

        impl Point {
            /// Every point, in the order of the text.
            pub const ALL: &[Self] = &[$(Self::$point),+];

            /// Kebab-case name.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$point => $id),+ }
            }

            /// The choices at this point: name, and the section that permits it. The first is the strict one.
            pub fn choices(self) -> &'static [(&'static str, Option<&'static str>)] {
                match self { $(Self::$point => &[$(($choice_id, points!(@permit $($permit)?))),+]),+ }
            }

            /// What the point is about, as a sentence.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$point => concat!($($doc),+)),+ }.trim()
            }

            /// What the choice with this index into [`Point::choices`] comes to, as a sentence; none if there is no
            /// such choice.
            #[must_use]
            pub fn choice_summary(self, choice: usize) -> Option<&'static str> {
                let all: &[&'static str] = match self { $(Self::$point => &[$(concat!($($choice_doc),+)),+]),+ };
                all.get(choice).map(|text| text.trim())
            }

            /// The point with this name.
            #[must_use]
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|point| point.id() == id)
            }
        }

        impl Policy {
            /// Refuses whatever is not right.
            pub const STRICT: Self = Self { $($field: $point::ALL[0]),+ };

            /// The index into [`Point::choices`] of the choice made at `point`.
            #[must_use]
            pub const fn choice(&self, point: Point) -> usize {
                match point { $(Point::$point => self.$field as usize),+ }
            }

            /// The same policy with another choice at `point`, by its index into [`Point::choices`]; none if there is
            /// no such choice.
            #[must_use]
            pub fn with(mut self, point: Point, choice: usize) -> Option<Self> {
                match point { $(Point::$point => self.$field = *$point::ALL.get(choice)?),+ }
                Some(self)
            }
        }
    };
    (@permit) => { None };
    (@permit $permit:literal) => { Some($permit) };
}

points! {
    /// What ends a line of the head or of the trailer section.
    LineEnd / line_end = "line-end" {
        /// CRLF alone.
        Crlf = "crlf",
        /// LF as well.
        LfToo = "lf-too" by "RFC 9112 section 2.2",
        /// CRLF alone; an LF inside a field line is read as SP.
        Space = "space" by "RFC 9110 section 5.5",
    }

    /// A CR that no LF follows.
    BareCr / bare_cr = "bare-cr" {
        /// The message is refused.
        Reject = "reject",
        /// It is read as SP.
        Space = "space" by "RFC 9112 section 2.2",
        /// It is kept like any other octet.
        Keep = "keep",
        /// It ends the line.
        LineEnd = "line-end",
        /// It ends the line, together with the octet behind it, whatever that is.
        LineEndAny = "line-end-any",
    }

    /// Empty lines before the request-line.
    EmptyLines / empty_lines = "empty-lines" {
        /// One is skipped.
        One = "one",
        /// Any number is skipped.
        Many = "many" by "RFC 9112 section 2.2",
        /// None is.
        None = "none",
    }

    /// Superfluous or other whitespace around the elements of the request-line.
    LineWhitespace / line_whitespace = "line-whitespace" {
        /// The message is refused.
        Reject = "reject",
        /// Elements are split at any run of whitespace.
        Split = "split" by "RFC 9112 section 3",
    }

    /// Octets of the method that are not of a token.
    MethodOctets / method_octets = "method-octets" {
        /// The message is refused.
        Reject = "reject",
        /// They are kept.
        Keep = "keep",
    }

    /// Whitespace inside the request-target.
    TargetWhitespace / target_whitespace = "target-whitespace" {
        /// The message is refused.
        Reject = "reject",
        /// It is part of the target.
        Keep = "keep",
    }

    /// Octets of the request-target that no URI may hold.
    TargetOctets / target_octets = "target-octets" {
        /// The message is refused.
        Reject = "reject",
        /// They are kept.
        Keep = "keep",
    }

    /// A percent sign without two hexadecimal digits.
    TargetPercent / target_percent = "target-percent" {
        /// The message is refused.
        Reject = "reject",
        /// It is kept.
        Keep = "keep",
    }

    /// A fragment in the request-target.
    TargetFragment / target_fragment = "target-fragment" {
        /// The message is refused.
        Reject = "reject",
        /// It is kept.
        Keep = "keep",
    }

    /// A request-target of no form, or of one that the method does not go with.
    TargetFormPoint / target_form = "target-form" {
        /// The message is refused.
        Reject = "reject",
        /// It is kept.
        Keep = "keep",
    }

    /// An `http` URI with an empty host.
    UriHost / uri_host = "uri-host" {
        /// The message is refused.
        Reject = "reject",
        /// It is accepted.
        Accept = "accept",
    }

    /// An `http` URI with userinfo.
    UriUserinfo / uri_userinfo = "uri-userinfo" {
        /// The message is refused.
        Reject = "reject",
        /// It is accepted.
        Accept = "accept",
    }

    /// The port of a CONNECT target.
    ConnectPort / connect_port = "connect-port" {
        /// An empty or invalid one is refused.
        Reject = "reject",
        /// It is accepted.
        Accept = "accept",
    }

    /// A version that does not match its grammar.
    VersionText / version_text = "version-text" {
        /// The message is refused.
        Reject = "reject",
        /// Anything is taken for HTTP/1.1.
        Accept = "accept",
    }

    /// A request-line without a version.
    VersionMissing / version_missing = "version-missing" {
        /// The message is refused.
        Reject = "reject",
        /// It is a request of HTTP/0.9, which ends with the line.
        Http09 = "http-09",
    }

    /// A major version other than 1.
    VersionMajor / version_major = "version-major" {
        /// The message is refused.
        Reject = "reject",
        /// It is taken for HTTP/1.1.
        Accept = "accept",
    }

    /// A minor version above 1.
    VersionMinor / version_minor = "version-minor" {
        /// It is read as HTTP/1.1.
        Accept = "accept",
        /// The message is refused.
        Reject = "reject",
    }

    /// An origin server's answer to a request-target in absolute-form.
    AbsoluteForm / absolute_form = "absolute-form" {
        /// It is accepted.
        Accept = "accept",
        /// The message is refused.
        Reject = "reject",
    }

    /// Whitespace between the start-line and the first field line.
    LeadingWhitespace / leading_whitespace = "leading-whitespace" {
        /// The message is refused.
        Reject = "reject",
        /// The line is passed over.
        Skip = "skip" by "RFC 9112 section 2.2",
        /// The line is read as a field line.
        FieldLine = "field-line",
    }

    /// A field line without a colon.
    ColonMissing / colon_missing = "colon-missing" {
        /// The message is refused.
        Reject = "reject",
        /// The line is passed over.
        Skip = "skip",
    }

    /// Octets of a field name that are not of a token, or an empty name.
    NameOctets / name_octets = "name-octets" {
        /// The message is refused.
        Reject = "reject",
        /// They are kept.
        Keep = "keep",
        /// The line is passed over.
        Skip = "skip",
    }

    /// Whitespace before the colon.
    ColonWhitespace / colon_whitespace = "colon-whitespace" {
        /// The message is refused.
        Reject = "reject",
        /// It is taken off.
        Strip = "strip",
        /// It is part of the name.
        Keep = "keep",
    }

    /// An underscore in a field name.
    NameUnderscore / name_underscore = "name-underscore" {
        /// It is another octet than a hyphen.
        Distinct = "distinct",
        /// It is read as a hyphen.
        Hyphen = "hyphen",
    }

    /// A field value that goes on in the next line.
    ObsFold / obs_fold = "obs-fold" {
        /// The message is refused.
        Reject = "reject",
        /// The fold is read as SP.
        Space = "space" by "RFC 9112 section 5.2",
        /// The line is passed over.
        Skip = "skip",
        /// The line is read as a field line of its own.
        FieldLine = "field-line",
    }

    /// NUL in a field value.
    ValueNul / value_nul = "value-nul" {
        /// The message is refused.
        Reject = "reject",
        /// It is read as SP.
        Space = "space" by "RFC 9110 section 5.5",
        /// It is kept.
        Keep = "keep",
        /// The value ends at it.
        End = "end",
    }

    /// Control octets in a field value.
    ValueControl / value_control = "value-control" {
        /// The message is refused.
        Reject = "reject",
        /// They are kept.
        Keep = "keep" by "RFC 9110 section 5.5",
    }

    /// Octets above 127 in a field value.
    ValueObsText / value_obs_text = "value-obs-text" {
        /// They are kept.
        Accept = "accept",
        /// The message is refused.
        Reject = "reject",
    }

    /// HTTP/1.1 without `Host`.
    HostMissing / host_missing = "host-missing" {
        /// The message is refused.
        Reject = "reject",
        /// It is accepted.
        Accept = "accept",
    }

    /// Several `Host` lines.
    HostDuplicate / host_duplicate = "host-duplicate" {
        /// The message is refused.
        Reject = "reject",
        /// They are accepted.
        Accept = "accept",
    }

    /// A `Host` value that is none.
    HostInvalid / host_invalid = "host-invalid" {
        /// The message is refused.
        Reject = "reject",
        /// It is accepted.
        Accept = "accept",
    }

    /// A `Content-Length` that is not a number.
    LengthNumber / length_number = "length-number" {
        /// The message is refused.
        Reject = "reject",
        /// A plus sign may stand before the digits.
        Plus = "plus",
        /// A minus sign may; the number is then taken for zero.
        Minus = "minus",
        /// `0x` makes it hexadecimal.
        Hex = "hex",
        /// Underscores may stand between the digits.
        Underscore = "underscore",
        /// The digits at the start count, and the rest does not.
        Prefix = "prefix",
        /// The field is passed over.
        Ignore = "ignore",
        /// Two's complement: a minus sign before the digits makes it a number near the largest of 64 bits.
        MinusWraps = "minus-wraps",
        /// `0o` makes it octal, `0b` binary.
        Radix = "radix",
        /// It is a number with a point or an exponent, and what is behind the point does not count.
        Float = "float",
        /// Whatever is no digit is left out.
        Digits = "digits",
        /// White space of any sort may stand around the digits: control octets, and what Unicode counts as space.
        Whitespace = "whitespace",
        /// The digits of other scripts, in UTF-8, count as digits.
        UnicodeDigits = "unicode-digits",
        /// Quotation marks or brackets may stand around the digits.
        Quoted = "quoted",
        /// In a list the last element that is a number counts.
        LastNumber = "last-number",
    }

    /// A `Content-Length` with one value repeated.
    LengthRepeated / length_repeated = "length-repeated" {
        /// The message is refused.
        Reject = "reject",
        /// The value counts once.
        Collapse = "collapse" by "RFC 9112 section 6.3",
    }

    /// Different values of `Content-Length`.
    LengthConflict / length_conflict = "length-conflict" {
        /// The message is refused.
        Reject = "reject",
        /// The first counts.
        First = "first",
        /// The last counts.
        Last = "last",
    }

    /// A `Content-Length` that 64 bits do not hold.
    LengthOverflow / length_overflow = "length-overflow" {
        /// The message is refused.
        Reject = "reject",
        /// It wraps around.
        Wrap = "wrap",
    }

    /// A `Content-Length` that is a number like any other, and not a small one or written with leading zeros.
    LengthValue / length_value = "length-value" {
        /// It is the number that its digits say.
        Decimal = "decimal",
        /// A leading zero makes it octal.
        Octal = "octal",
        /// Only its last 32 bits count.
        Wrap32 = "wrap-32",
        /// A number that a signed integer of 32 bits cannot hold counts as none.
        Signed32 = "signed-32",
        /// A number that a signed integer of 64 bits cannot hold counts as none.
        Signed64 = "signed-64",
    }

    /// `Transfer-Encoding` beside `Content-Length`.
    LengthAndCoding / length_and_coding = "length-and-coding" {
        /// The message is refused.
        Reject = "reject",
        /// The coding counts, and the connection is closed.
        Coding = "coding" by "RFC 9112 section 6.1",
        /// The coding counts, and the connection goes on.
        CodingPersist = "coding-persist",
        /// The length counts.
        Length = "length",
    }

    /// A transfer coding that nobody has registered.
    CodingUnknown / coding_unknown = "coding-unknown" {
        /// The message is refused.
        Reject = "reject",
        /// It is passed over.
        Ignore = "ignore",
    }

    /// A `Transfer-Encoding` that is not a list of codings.
    CodingSyntax / coding_syntax = "coding-syntax" {
        /// The message is refused.
        Reject = "reject",
        /// It is chunked if it has the word in it.
        Contains = "contains",
        /// It is chunked if that is what is left without quotation marks, control octets and octets above 127 around it.
        Trim = "trim",
        /// It is chunked if one of the words between blanks, commas, semicolons and the like is.
        Words = "words",
        /// The field is passed over.
        Ignore = "ignore",
    }

    /// A `Transfer-Encoding` whose final coding is not chunked.
    CodingFinal / coding_final = "coding-final" {
        /// The message is refused.
        Reject = "reject",
        /// The field is passed over.
        Ignore = "ignore",
        /// It is chunked if chunked is somewhere in it.
        Anywhere = "anywhere",
        /// It is chunked if the word is part of the name of one of its codings.
        Contains = "contains",
        /// It is chunked if the first of its field lines says so.
        FirstLine = "first-line",
    }

    /// The chunked coding given twice.
    CodingRepeated / coding_repeated = "coding-repeated" {
        /// The message is refused.
        Reject = "reject",
        /// It counts once.
        Once = "once" by "no sentence on recipients",
    }

    /// The chunked coding with parameters.
    CodingParameters / coding_parameters = "coding-parameters" {
        /// The message is refused.
        Reject = "reject",
        /// They are passed over.
        Ignore = "ignore",
    }

    /// `Transfer-Encoding` in HTTP/1.0.
    CodingIn10 / coding_in_10 = "coding-in-10" {
        /// The message is refused.
        Reject = "reject",
        /// The coding counts, and the connection is closed.
        Close = "close" by "RFC 9112 section 6.1",
        /// The coding counts, and the connection goes on if the client asks for it.
        Persist = "persist",
        /// The field is passed over.
        Ignore = "ignore",
    }

    /// A chunk-size that is not hexadecimal digits alone.
    ChunkSize / chunk_size = "chunk-size" {
        /// The message is refused.
        Reject = "reject",
        /// A plus sign may stand before the digits.
        Plus = "plus",
        /// A minus sign may; it is passed over.
        Minus = "minus",
        /// `0x` may stand before the digits.
        Hex = "hex",
        /// Underscores may stand between the digits.
        Underscore = "underscore",
        /// Blanks may stand around the digits.
        Blanks = "blanks",
        /// The digits at the start count, and the rest does not.
        Prefix = "prefix",
        /// The digits at the start count, and where there are none the size is zero.
        Zero = "zero",
        /// Whatever is no digit is left out.
        Digits = "digits",
        /// White space of any sort may stand around the digits: control octets, and what Unicode counts as space.
        Whitespace = "whitespace",
        /// The digits of other scripts, in UTF-8, count as digits.
        UnicodeDigits = "unicode-digits",
        /// Quotation marks may stand around the digits.
        Quoted = "quoted",
        /// An empty line before the size is passed over.
        EmptyLine = "empty-line",
    }

    /// A chunk-size that 64 bits do not hold.
    ChunkOverflow / chunk_overflow = "chunk-overflow" {
        /// The message is refused.
        Reject = "reject",
        /// It wraps around.
        Wrap = "wrap",
    }

    /// A chunk-size that is hexadecimal digits alone.
    ChunkValue / chunk_value = "chunk-value" {
        /// It is the number that its digits say.
        Hexadecimal = "hexadecimal",
        /// Digits that could be decimal are taken for decimal.
        Decimal = "decimal",
        /// Only its last 32 bits count.
        Wrap32 = "wrap-32",
        /// A number that a signed integer of 32 bits cannot hold counts as zero.
        Signed32 = "signed-32",
        /// A number that a signed integer of 64 bits cannot hold counts as zero.
        Signed64 = "signed-64",
    }

    /// What ends the line of a chunk-size.
    ChunkLineEnd / chunk_line_end = "chunk-line-end" {
        /// CRLF alone.
        Crlf = "crlf",
        /// LF as well.
        LfToo = "lf-too",
        /// LF as well, except that inside a chunk extension it is part of the extension.
        InExtension = "lf-in-extension",
    }

    /// What follows the data of a chunk.
    ChunkDataEnd / chunk_data_end = "chunk-data-end" {
        /// CRLF alone.
        Crlf = "crlf",
        /// LF as well.
        LfToo = "lf-too",
        /// Any two octets.
        Any = "any",
        /// CRLF, or nothing.
        Missing = "missing",
        /// CR alone as well.
        CrToo = "cr-too",
        /// Any one octet.
        One = "one",
        /// Whatever stands before the next CRLF, and that.
        ToLineEnd = "to-line-end",
    }

    /// A chunk extension that does not match its grammar.
    ChunkExtension / chunk_extension = "chunk-extension" {
        /// The message is refused.
        Reject = "reject",
        /// Everything up to the line end is passed over.
        Skip = "skip",
    }

    /// Chunk extensions that are right.
    ChunkExtensionKnown / chunk_extension_known = "chunk-extension-known" {
        /// They are passed over.
        Accept = "accept",
        /// The message is refused.
        Reject = "reject",
    }

    /// Whitespace around the semicolon or the equals sign of a chunk extension.
    ChunkExtensionBlank / chunk_extension_blank = "chunk-extension-blank" {
        /// It is passed over.
        Accept = "accept",
        /// The message is refused.
        Reject = "reject",
    }

    /// A trailer section.
    Trailers / trailers = "trailers" {
        /// It is read.
        Accept = "accept",
        /// The message is refused.
        Reject = "reject",
        /// It is taken for the next request.
        NextMessage = "next-message",
    }
}

impl fmt::Display for Policy {
    /// The choices that are not the strict ones, `point=choice`, separated by blanks; `strict` if there is none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut any = false;
        for &point in Point::ALL {
            let choice = self.choice(point);
            if choice != 0 {
                let (id, _) = point.choices()[choice];
                write!(f, "{}{}={id}", if any { " " } else { "" }, point.id())?;
                any = true;
            }
        }
        if any { Ok(()) } else { f.write_str("strict") }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn every_choice_can_be_made_and_read_back() {
        for &point in Point::ALL {
            for (index, (id, _)) in point.choices().iter().enumerate() {
                let policy = Policy::STRICT.with(point, index).unwrap();
                assert_eq!(policy.choice(point), index);
                if index > 0 {
                    assert_eq!(policy.to_string(), std::format!("{}={id}", point.id()));
                }
            }
            assert!(Policy::STRICT.with(point, point.choices().len()).is_none());
        }
        assert_eq!(Policy::STRICT.to_string(), "strict");
    }

    #[test]
    fn every_point_and_every_choice_says_what_it_is() {
        for &point in Point::ALL {
            assert_eq!(Point::from_id(point.id()), Some(point));
            assert!(point.summary().ends_with('.'), "{}", point.id());
            for choice in 0..point.choices().len() {
                assert!(point.choice_summary(choice).is_some_and(|text| text.ends_with('.')), "{}", point.id());
            }
            assert_eq!(point.choice_summary(point.choices().len()), None);
        }
    }
}
