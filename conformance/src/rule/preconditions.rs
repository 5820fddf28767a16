//! Preconditions: RFC 9110 section 13, and the dates that they are written in (section 5.6.7).

use startline_parser::rule::action::*;

startline_parser::rules! { pub static PRECONDITIONS; rfc 9110;
    /// All three formats of a date are accepted.
    ///
    /// Old clients write the old ones. A server that does not read them sends everything anew, or lets a precondition
    /// pass that is false.
    DATE_FORMS_ACCEPTED = "date-forms-accepted", section "5.6.7", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// A year of two digits that seems to lie more than 50 years ahead is one of the past.
    ///
    /// Read as a date to come, it makes every representation look old: stale copies stay in use, and lost updates
    /// go unnoticed.
    DATE_TWO_DIGIT_YEAR = "date-two-digit-year", section "5.6.7", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// A date that is nearly one is read, or ignored.
    ///
    /// Recipients are encouraged to be robust, and the fields of preconditions want what is no date ignored. Either is
    /// worth knowing of whoever compares dates.
    DATE_ROBUSTNESS = "date-robustness", section "5.6.7", Duty, Cosmetic {
        Recipient on Request: None duty(),
    }

    /// `If-Match` is evaluated, and what it matches is performed.
    ///
    /// Editors send it with each update. A server that refuses what matches keeps them from ever writing.
    IF_MATCH = "if-match", section "13.1.1", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }

    /// `If-Match` compares strongly: a weak entity-tag matches nothing.
    ///
    /// A weak tag stays the same over changes that somebody deems small. Whoever overwrites those has lost them.
    IF_MATCH_WEAK = "if-match-weak", section "13.1.1", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }

    /// Where `If-Match` is false, the method is not performed, and the answer is 412.
    ///
    /// It is what guards against lost updates: two people edit, and the second to save must not undo the first.
    IF_MATCH_FALSE = "if-match-false", section "13.1.1", Duty, Semantics {
        OriginServer on Request: MustNot duty(),
    }

    /// `If-None-Match` is evaluated, and where no tag matches the method is performed.
    ///
    /// A 304 for a tag that does not match leaves a cache with a stale copy for ever.
    IF_NONE_MATCH = "if-none-match", section "13.1.2", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }

    /// `If-None-Match` compares weakly.
    ///
    /// Caches send the tag as they got it, weak or not; a server that minds the difference never answers 304.
    IF_NONE_MATCH_WEAK = "if-none-match-weak", section "13.1.2", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// Where `If-None-Match` is false, GET and HEAD are answered with 304, and other methods with 412.
    ///
    /// With `*` it keeps PUT from overwriting what somebody else has just created.
    IF_NONE_MATCH_FALSE = "if-none-match-false", section "13.1.2", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }

    /// `If-Modified-Since` is evaluated: 304 if nothing has changed since, and the content otherwise.
    ///
    /// It saves most of the traffic of caches and crawlers; a wrong 304 costs them the new content.
    IF_MODIFIED_SINCE = "if-modified-since", section "13.1.3", Duty, Semantics {
        OriginServer on Request: Should duty(),
    }

    /// Any date since the modification counts in `If-Modified-Since`, and not only its own.
    ///
    /// The steps of the evaluation say so, and the text around them knows servers that want the very date. Such a
    /// server cannot help clients that ask what is new since a day.
    IF_MODIFIED_SINCE_LATER = "if-modified-since-later", section "13.1.3", Duty, Semantics {
        OriginServer on Request: None duty(),
    }

    /// `If-Modified-Since` is ignored beside `If-None-Match`.
    ///
    /// A date has a resolution of one second; what changed twice in one is told by its tag alone.
    IF_MODIFIED_SINCE_BESIDE = "if-modified-since-beside", section "13.1.3", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// `If-Modified-Since` is ignored if it is not one date, or comes with a method other than GET and HEAD.
    ///
    /// Whoever takes an unreadable date for the end of time answers 304 to clients that have nothing.
    IF_MODIFIED_SINCE_INVALID = "if-modified-since-invalid", section "13.1.3", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// `If-Modified-Since` is ignored where there is no modification date.
    ///
    /// Nothing says that the content is what the client has.
    IF_MODIFIED_SINCE_UNDATED = "if-modified-since-undated", section "13.1.3", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// `If-Unmodified-Since` is evaluated, and what has not changed since is performed.
    ///
    /// It is what is left to editors of resources without entity-tags.
    IF_UNMODIFIED_SINCE = "if-unmodified-since", section "13.1.4", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }

    /// Where `If-Unmodified-Since` is false, the method is not performed, and the answer is 412.
    ///
    /// Like `If-Match` it guards against lost updates.
    IF_UNMODIFIED_SINCE_FALSE = "if-unmodified-since-false", section "13.1.4", Duty, Semantics {
        OriginServer on Request: MustNot duty(),
    }

    /// `If-Unmodified-Since` is ignored beside `If-Match`.
    ///
    /// The tag is the more accurate of the two, and the date comes along for those who do not know it.
    IF_UNMODIFIED_SINCE_BESIDE = "if-unmodified-since-beside", section "13.1.4", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// `If-Unmodified-Since` is ignored if it is not one date.
    ///
    /// A server that takes what it cannot read for the beginning of time refuses everything.
    IF_UNMODIFIED_SINCE_INVALID = "if-unmodified-since-invalid", section "13.1.4", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// `If-Unmodified-Since` is ignored where there is no modification date.
    ///
    /// A refusal would be for ever: no date that a client could send would do.
    IF_UNMODIFIED_SINCE_UNDATED = "if-unmodified-since-undated", section "13.1.4", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// `If-Range` is evaluated, and where it names what there is, `Range` is processed.
    ///
    /// Downloads are resumed with it; without it they begin anew.
    IF_RANGE = "if-range", section "13.1.5", Duty, Semantics {
        Recipient on Request: Should duty(),
    }

    /// A date in `If-Range` that equals `Last-Modified` lets `Range` count.
    ///
    /// Whether the date is strong enough for that is the server's to know.
    IF_RANGE_DATE = "if-range-date", section "13.1.5", Duty, Semantics {
        Recipient on Request: None duty(),
    }

    /// Where `If-Range` is false, `Range` is ignored.
    ///
    /// Otherwise the client joins a part of the new representation to its part of the old one.
    IF_RANGE_FALSE = "if-range-false", section "13.1.5", Duty, Semantics {
        Recipient on Request: Must duty(),
    }

    /// `If-Range` is ignored without `Range`, and where there are no ranges.
    ///
    /// By itself it asks for nothing.
    IF_RANGE_WITHOUT_RANGE = "if-range-without-range", section "13.1.5", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// Preconditions are ignored where the answer would be neither 2xx nor 412 without them.
    ///
    /// Redirects, challenges and errors come first. A 412 or 304 in place of a 401 tells strangers of tags and dates.
    PRECONDITION_ON_REFUSAL = "precondition-on-refusal", section "13.2.1", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// Preconditions are ignored with methods that select no representation, such as OPTIONS and TRACE.
    ///
    /// There is nothing that they could be a condition of.
    PRECONDITION_WITHOUT_SELECTION = "precondition-without-selection", section "13.2.1", Duty, Semantics {
        Server on Request: Must duty(),
    }

    /// Preconditions are evaluated in their order: against lost updates, then for caches, then for ranges.
    ///
    /// A 304 where an editor wanted to hear of a conflict, or a part where a cache has the whole, are answers to
    /// another question.
    PRECONDITION_ORDER = "precondition-order", section "13.2.2", Duty, Semantics {
        OriginServer on Request: Must duty(),
    }
}
