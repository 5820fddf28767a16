//! Mutants that get preconditions wrong, the dates in them, or what is said of a representation.

use super::Mutant;
use crate::reference::behaviour::{Behaviour, Deed};
use crate::reference::lapse::{DateLapse as D, Lapse, RangeLapse as R, TagLapse as T};
use crate::rule::{self, Rule};

pub(super) fn all() -> Vec<Mutant> {
    let with = |lapse: Lapse| Behaviour::default().with(Deed::Lapse(lapse));
    let broken = TABLE
        .iter()
        .map(|&(rule, variant, lapse, declared)| Mutant::new(rule, variant, with(lapse)).declaring(declared));
    let lenient = LENIENT.iter().map(|&(rule, variant, lapse)| Mutant::lenient(rule, variant, with(lapse)));
    broken.chain(lenient).collect()
}

type Row = (&'static Rule, &'static str, Lapse, &'static [&'static str]);

const MATCH: &str = "if-match";
const NONE: &str = "if-none-match";
const SINCE: &str = "if-modified-since";
const UNTIL: &str = "if-unmodified-since";

const fn tags(field: &'static str, lapse: T) -> Lapse {
    Lapse::Tags(field, lapse)
}

const fn date(field: &'static str, lapse: D) -> Lapse {
    Lapse::Date(field, lapse)
}

static TABLE: &[Row] = &[
    (&rule::DATE_FORMS_ACCEPTED, "since-rfc850", date(SINCE, D::Rfc850Unknown), &[]),
    (&rule::DATE_FORMS_ACCEPTED, "since-asctime", date(SINCE, D::AsctimeUnknown), &[]),
    (&rule::DATE_FORMS_ACCEPTED, "until-rfc850", date(UNTIL, D::Rfc850Unknown), &[]),
    (&rule::DATE_FORMS_ACCEPTED, "until-asctime", date(UNTIL, D::AsctimeUnknown), &[]),
    (&rule::DATE_TWO_DIGIT_YEAR, "since", date(SINCE, D::CenturyFixed), &[]),
    // A date of 1994 is in the format that has to be accepted.
    (&rule::DATE_TWO_DIGIT_YEAR, "until", date(UNTIL, D::CenturyFixed), &["date-forms-accepted"]),
    (&rule::IF_MATCH, "any-unknown", tags(MATCH, T::AnyUnknown), &[]),
    (&rule::IF_MATCH, "first-element", tags(MATCH, T::FirstElement), &[]),
    (&rule::IF_MATCH, "first-line", tags(MATCH, T::FirstLine), &[]),
    (&rule::IF_MATCH, "empty-element", tags(MATCH, T::EmptyElementEnds), &[]),
    (&rule::IF_MATCH, "quoted-comma", tags(MATCH, T::QuotedCommaEnds), &[]),
    (&rule::IF_MATCH, "never", tags(MATCH, T::Never), &["if-unmodified-since-beside", "precondition-order"]),
    (&rule::IF_MATCH_WEAK, "weakly", tags(MATCH, T::Weakly), &[]),
    (&rule::IF_MATCH_FALSE, "unseen", tags(MATCH, T::Unseen), &["if-match-weak", "if-unmodified-since-beside"]),
    (&rule::IF_MATCH_FALSE, "unseen-in-head", tags(MATCH, T::UnseenInHead), &[]),
    (&rule::IF_MATCH_FALSE, "unseen-in-writes", tags(MATCH, T::UnseenInWrites), &["if-match-weak"]),
    (&rule::IF_MATCH_FALSE, "always", tags(MATCH, T::Always), &["if-match-weak"]),
    (&rule::IF_MATCH_FALSE, "prefix", tags(MATCH, T::Prefix), &["if-match-weak"]),
    (&rule::IF_MATCH_FALSE, "suffix", tags(MATCH, T::Suffix), &["if-match-weak"]),
    (&rule::IF_MATCH_FALSE, "quotes-dropped", tags(MATCH, T::QuotesDropped), &[]),
    (
        &rule::IF_MATCH_FALSE,
        "status-409",
        Lapse::FailedStatus(409),
        &["if-match-weak", "if-none-match-false", "if-unmodified-since-false"],
    ),
    (
        &rule::IF_MATCH_FALSE,
        "performed",
        Lapse::PerformsAndFails,
        &["if-match-weak", "if-none-match-false", "if-unmodified-since-false"],
    ),
    (&rule::IF_NONE_MATCH, "always", tags(NONE, T::Always), &["if-modified-since-beside"]),
    (&rule::IF_NONE_MATCH, "prefix", tags(NONE, T::Prefix), &[]),
    (&rule::IF_NONE_MATCH, "suffix", tags(NONE, T::Suffix), &[]),
    (
        &rule::IF_NONE_MATCH,
        "quotes-dropped",
        tags(NONE, T::QuotesDropped),
        &["if-none-match-weak", "if-none-match-false"],
    ),
    (&rule::IF_NONE_MATCH_WEAK, "strongly", tags(NONE, T::Strongly), &[]),
    (&rule::IF_NONE_MATCH_FALSE, "unseen", tags(NONE, T::Unseen), &["if-none-match-weak", "if-modified-since-beside"]),
    (&rule::IF_NONE_MATCH_FALSE, "never", tags(NONE, T::Never), &["if-none-match-weak"]),
    (&rule::IF_NONE_MATCH_FALSE, "unseen-in-head", tags(NONE, T::UnseenInHead), &[]),
    (&rule::IF_NONE_MATCH_FALSE, "unseen-in-writes", tags(NONE, T::UnseenInWrites), &[]),
    (&rule::IF_NONE_MATCH_FALSE, "any-unknown", tags(NONE, T::AnyUnknown), &[]),
    (&rule::IF_NONE_MATCH_FALSE, "first-element", tags(NONE, T::FirstElement), &["if-none-match-weak"]),
    (&rule::IF_NONE_MATCH_FALSE, "first-line", tags(NONE, T::FirstLine), &[]),
    (&rule::IF_NONE_MATCH_FALSE, "empty-element", tags(NONE, T::EmptyElementEnds), &[]),
    (&rule::IF_NONE_MATCH_FALSE, "quoted-comma", tags(NONE, T::QuotedCommaEnds), &[]),
    (
        &rule::IF_NONE_MATCH_FALSE,
        "statuses-swapped",
        Lapse::StatusesSwapped,
        &["if-none-match-weak", "if-modified-since", "if-modified-since-beside"],
    ),
    (&rule::IF_MODIFIED_SINCE, "unseen", date(SINCE, D::Unseen), &[]),
    (&rule::IF_MODIFIED_SINCE, "unseen-in-head", date(SINCE, D::UnseenInHead), &[]),
    (&rule::IF_MODIFIED_SINCE, "second-off", date(SINCE, D::SecondOff), &[]),
    (&rule::IF_MODIFIED_SINCE, "always", date(SINCE, D::Always), &["if-modified-since-invalid", "date-two-digit-year"]),
    (&rule::IF_MODIFIED_SINCE_BESIDE, "decides", date(SINCE, D::BesideDecides), &[]),
    (&rule::IF_MODIFIED_SINCE_BESIDE, "both", date(SINCE, D::BesideBoth), &[]),
    (&rule::IF_MODIFIED_SINCE_INVALID, "false", date(SINCE, D::InvalidIsFalse), &[]),
    (&rule::IF_MODIFIED_SINCE_INVALID, "first-element", date(SINCE, D::FirstElement), &[]),
    (&rule::IF_MODIFIED_SINCE_INVALID, "first-line", date(SINCE, D::FirstLine), &[]),
    (&rule::IF_MODIFIED_SINCE_INVALID, "writes", date(SINCE, D::SeenInWrites), &[]),
    (&rule::IF_MODIFIED_SINCE_UNDATED, "false", date(SINCE, D::UndatedIsFalse), &[]),
    (&rule::IF_UNMODIFIED_SINCE, "exact", date(UNTIL, D::Exact), &[]),
    (&rule::IF_UNMODIFIED_SINCE, "second-off", date(UNTIL, D::SecondOff), &["precondition-order"]),
    (
        &rule::IF_UNMODIFIED_SINCE,
        "always",
        date(UNTIL, D::Always),
        &["if-unmodified-since-invalid", "precondition-order"],
    ),
    (&rule::IF_UNMODIFIED_SINCE_FALSE, "unseen", date(UNTIL, D::Unseen), &[]),
    (&rule::IF_UNMODIFIED_SINCE_FALSE, "unseen-in-head", date(UNTIL, D::UnseenInHead), &[]),
    (&rule::IF_UNMODIFIED_SINCE_FALSE, "unseen-in-writes", date(UNTIL, D::UnseenInWrites), &[]),
    (&rule::IF_UNMODIFIED_SINCE_BESIDE, "counts", date(UNTIL, D::BesideAdds), &[]),
    (&rule::IF_UNMODIFIED_SINCE_INVALID, "false", date(UNTIL, D::InvalidIsFalse), &[]),
    (&rule::IF_UNMODIFIED_SINCE_INVALID, "first-element", date(UNTIL, D::FirstElement), &[]),
    (&rule::IF_UNMODIFIED_SINCE_INVALID, "first-line", date(UNTIL, D::FirstLine), &[]),
    (&rule::IF_UNMODIFIED_SINCE_UNDATED, "false", date(UNTIL, D::UndatedIsFalse), &[]),
    (&rule::IF_RANGE, "never-given", Lapse::IfRange(R::NeverGiven), &[]),
    (&rule::IF_RANGE_FALSE, "unseen", Lapse::IfRange(R::Unseen), &[]),
    (&rule::IF_RANGE_FALSE, "weakly", Lapse::IfRange(R::Weakly), &[]),
    (&rule::IF_RANGE_FALSE, "prefix", Lapse::IfRange(R::Prefix), &[]),
    (&rule::IF_RANGE_FALSE, "later-date", Lapse::IfRange(R::LaterDate), &[]),
    (&rule::IF_RANGE_FALSE, "earlier-date", Lapse::IfRange(R::EarlierDate), &[]),
    (&rule::IF_RANGE_WITHOUT_RANGE, "false", Lapse::IfRange(R::AloneIsFalse), &[]),
    (&rule::PRECONDITION_ON_REFUSAL, "missing", Lapse::OnMissing, &[]),
    (&rule::PRECONDITION_ON_REFUSAL, "challenge", Lapse::OnChallenge, &[]),
    (&rule::PRECONDITION_WITHOUT_SELECTION, "options", Lapse::OnOptions, &[]),
    (&rule::PRECONDITION_WITHOUT_SELECTION, "trace", Lapse::OnTrace, &[]),
    (&rule::PRECONDITION_ORDER, "caches-first", Lapse::CachesFirst, &[]),
    (&rule::PRECONDITION_ORDER, "range-first", Lapse::RangeFirst, &[]),
    (&rule::HEAD_CONTENT_LENGTH, "zero", Lapse::HeadLengthZero, &[]),
    (&rule::NOT_MODIFIED_CONTENT_LENGTH, "zero", Lapse::NotModifiedLength(false), &[]),
    (&rule::ETAG_NOT_STRONG, "of-resource", Lapse::TagOfResource, &[]),
    (&rule::ETAG_NOT_STRONG, "of-length", Lapse::TagOfLength, &[]),
    (&rule::HEAD_FIELDS, "content-type", Lapse::HeadLacks("Content-Type"), &[]),
    (&rule::HEAD_FIELDS, "last-modified", Lapse::HeadLacks("Last-Modified"), &[]),
    (&rule::HEAD_FIELDS, "cache-control", Lapse::HeadLacks("Cache-Control"), &[]),
    (&rule::OPTIONS_ALLOW, "silent", Lapse::OptionsWithoutAllow, &[]),
    (&rule::VALIDATORS_IN_200, "withheld", Lapse::ValidatorsWithheld, &[]),
    (&rule::NOT_MODIFIED_FIELDS, "etag", Lapse::NotModifiedLacks("ETag"), &[]),
    (&rule::NOT_MODIFIED_FIELDS, "cache-control", Lapse::NotModifiedLacks("Cache-Control"), &[]),
    (&rule::NOT_MODIFIED_FIELDS, "vary", Lapse::NotModifiedLacks("Vary"), &[]),
    (&rule::NOT_MODIFIED_FIELDS, "other-etag", Lapse::NotModifiedTag("\"another\""), &[]),
];

/// What breaks no sentence.
static LENIENT: &[(&Rule, &str, Lapse)] = &[
    (&rule::DATE_ROBUSTNESS, "parameters", date(SINCE, D::ParametersDropped)),
    (&rule::IF_MODIFIED_SINCE_LATER, "exact", date(SINCE, D::Exact)),
    (&rule::HEAD_CONTENT_LENGTH, "none", Lapse::HeadWithoutLength),
    (&rule::HEAD_FIELDS, "no-etag", Lapse::HeadLacks("ETag")),
    (&rule::NOT_MODIFIED_CONTENT_LENGTH, "right", Lapse::NotModifiedLength(true)),
    (&rule::IF_RANGE_DATE, "unknown", Lapse::IfRange(R::DateUnknown)),
];
