//! What the reference server can get wrong about preconditions and representations.

/// One fault in the treatment of preconditions or representations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lapse {
    /// In `If-Match` or `If-None-Match`, by name in small letters.
    Tags(&'static str, TagLapse),
    /// In `If-Modified-Since` or `If-Unmodified-Since`, by name in small letters.
    Date(&'static str, DateLapse),
    /// In `If-Range`.
    IfRange(RangeLapse),
    /// A false precondition is answered with this status in place of 412.
    FailedStatus(u16),
    /// The preconditions of caches are evaluated before those against lost updates.
    CachesFirst,
    /// A range is given before preconditions are looked at.
    RangeFirst,
    /// A method that writes is performed, and then said to have failed.
    PerformsAndFails,
    /// A false `If-None-Match` is answered with 304 whatever the method, and with 412 for GET and HEAD.
    StatusesSwapped,
    /// Preconditions are evaluated for paths that are missing.
    OnMissing,
    /// Preconditions are evaluated before credentials are asked for.
    OnChallenge,
    /// Preconditions are evaluated for OPTIONS.
    OnOptions,
    /// Preconditions are evaluated for TRACE.
    OnTrace,
    /// A 304 lacks this field.
    NotModifiedLacks(&'static str),
    /// A 304 has this ETag.
    NotModifiedTag(&'static str),
    /// A 304 has a Content-Length of zero (false), or that of the 200 (true).
    NotModifiedLength(bool),
    /// The answer to HEAD lacks this field; `Content-Type` is one.
    HeadLacks(&'static str),
    /// The answer to HEAD says that there is no content.
    HeadLengthZero,
    /// The answer to HEAD has no Content-Length.
    HeadWithoutLength,
    /// The variants of one resource have one strong ETag.
    TagOfResource,
    /// What is put gets a strong ETag that is made of its length.
    TagOfLength,
    /// The answer to OPTIONS does not tell what can be done.
    OptionsWithoutAllow,
    /// A 200 to GET has no validators, although other answers have.
    ValidatorsWithheld,
}

/// What goes wrong with a list of entity-tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TagLapse {
    /// The field is not seen.
    Unseen,
    /// It is not seen in HEAD.
    UnseenInHead,
    /// It is not seen in PUT and DELETE.
    UnseenInWrites,
    /// `*` is a tag like any other.
    AnyUnknown,
    /// Of a list only the first element counts.
    FirstElement,
    /// Of several lines only the first counts.
    FirstLine,
    /// Quotes are dropped and the rest is split at each comma.
    QuotesDropped,
    /// The list ends at an empty element.
    EmptyElementEnds,
    /// Nothing is found behind a tag with a comma in it.
    QuotedCommaEnds,
    /// A tag matches those that begin like it.
    Prefix,
    /// A tag matches those that end like it.
    Suffix,
    /// The comparison is the weak one.
    Weakly,
    /// The comparison is the strong one.
    Strongly,
    /// Everything matches.
    Always,
    /// Nothing matches.
    Never,
}

/// What goes wrong with a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateLapse {
    /// The field is not seen.
    Unseen,
    /// It is not seen in HEAD.
    UnseenInHead,
    /// It is not seen in PUT and DELETE.
    UnseenInWrites,
    /// It is evaluated for PUT and DELETE as well, where it ought not to be.
    SeenInWrites,
    /// The format of RFC 850 is not read.
    Rfc850Unknown,
    /// The format of asctime is not read.
    AsctimeUnknown,
    /// Two digits are always a year of the century that began in 2000.
    CenturyFixed,
    /// Of a list the first date counts.
    FirstElement,
    /// Of several lines the first counts.
    FirstLine,
    /// What cannot be read makes the condition false.
    InvalidIsFalse,
    /// Without a modification date the condition is false.
    UndatedIsFalse,
    /// Only the very date of the modification counts.
    Exact,
    /// The second that is asked about is counted to the wrong side.
    SecondOff,
    /// It counts beside the entity-tags too, and one false condition is enough.
    BesideAdds,
    /// It counts beside the entity-tags, and they do not.
    BesideDecides,
    /// Both have to be false, where the tags alone ought to count.
    BesideBoth,
    /// The condition is always false.
    Always,
    /// Parameters behind the date are dropped.
    ParametersDropped,
}

/// What goes wrong with `If-Range`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RangeLapse {
    /// It is not seen, and the range is given.
    Unseen,
    /// The range is never given where it stands.
    NeverGiven,
    /// Tags are compared weakly.
    Weakly,
    /// A tag matches those that begin like it.
    Prefix,
    /// A later date will do.
    LaterDate,
    /// An earlier date will do.
    EarlierDate,
    /// Dates are not known there.
    DateUnknown,
    /// Without `Range` it is a precondition that is false.
    AloneIsFalse,
}
