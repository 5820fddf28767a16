//! Mutants that fail in a duty of conversation, one entry each.

use std::time::Duration;

use startline_parser::rule::framing::BODY_INCOMPLETE;

use super::Mutant;
use crate::reference::behaviour::{Behaviour, Deed, LIMITS, Manner, RangeFault, ResourceFault};
use crate::reference::date::DateFormat;
use crate::rule::{self, Rule};

/// Shorter than the 8,000 octets that are recommended (RFC 9112 section 3).
const SHORT_START_LINE: usize = 4096;

pub(super) fn all() -> Vec<Mutant> {
    let entries = TABLE.iter().map(|entry| {
        let behaviour = Behaviour::default().with(entry.deed);
        Mutant::new(entry.rule, entry.variant, behaviour).declaring(entry.declared)
    });
    let lenients = LENIENT.iter().map(|(rule, variant, deeds)| {
        let behaviour = deeds.iter().fold(Behaviour::default(), |behaviour, &deed| behaviour.with(deed));
        // Of a server without dates nothing can be said about their format.
        let declared: &[&str] = if *rule == &rule::DATE_PRESENT { &["date-format"] } else { &[] };
        Mutant::lenient(rule, variant, behaviour).declaring(declared)
    });
    let secured = SECURED
        .iter()
        .map(|(rule, variant, deed)| Mutant::new(rule, variant, Behaviour::default().with_tls().with(*deed)));
    let short = Behaviour::default().with_limits(LIMITS.with_start_line(SHORT_START_LINE));
    let short = Mutant::new(&rule::REQUEST_LINE_8000, "refused", short);
    // Takes the request-line that is recommended, and not the URI.
    let shorter = Behaviour::default().with_limits(LIMITS.with_start_line(8_006));
    let shorter = Mutant::new(&rule::URI_8000, "refused", shorter);
    let sends = Behaviour::default().with_limits(LIMITS.with_field_line(4096)).with(Deed::LongFieldSent);
    let sends = Mutant::new(&rule::OWN_LENGTHS_ACCEPTED, "refused", sends);
    let hasty = Behaviour { idle: Duration::from_secs(3), ..Behaviour::default() }.with(Deed::ResetsWhenIdle);
    let hasty = Mutant::new(&rule::TIMEOUT_GRACEFUL, "reset", hasty);
    entries.chain(lenients).chain(secured).chain([short.declaring(&["uri-8000"]), shorter, sends, hasty]).collect()
}

struct Entry {
    rule: &'static Rule,
    variant: &'static str,
    deed: Deed,
    declared: &'static [&'static str],
}

const fn entry(rule: &'static Rule, variant: &'static str, deed: Deed) -> Entry {
    Entry { rule, variant, deed, declared: &[] }
}

impl Entry {
    const fn declaring(mut self, declared: &'static [&'static str]) -> Self {
        self.declared = declared;
        self
    }
}

/// What answers in reverse order break besides: a valid message and a request behind it.
const REVERSED: &[&str] = &[
    "status-line-missing",
    "bare-lf",
    "field-line-colon-missing",
    "body-read",
    "chunked-decoded",
    "head-without-content",
];

/// Octets after HEAD look like answers to nobody's request.
const AFTER_HEAD: &[&str] = &[
    "body-read",
    "no-coding-to-http10",
    "nothing-after-close",
    "status-line-missing",
    "bare-lf",
    "field-line-colon-missing",
];

/// Rules whose messages are chunked, for one reason or another.
const WITH_CHUNKS: &[&str] = &[
    "body-read",
    "chunk-extension",
    "chunk-extension-whitespace",
    "list-empty-elements",
    "trailer-section",
    "version-minor-higher",
];

/// Rules whose messages have whitespace around a value.
const WITH_BLANKS: &[&str] = &["field-unknown", "body-read", "close-honoured", "list-empty-elements"];

static TABLE: &[Entry] = &[
    entry(&rule::METHODS_SUPPORTED, "head", Deed::HeadUnsupported).declaring(&["head-without-content"]),
    entry(&rule::METHOD_UNKNOWN, "as-get", Deed::UnknownMethodAsGet).declaring(&["method-case", "method-too-long"]),
    entry(&rule::METHOD_UNKNOWN, "status-400", Deed::UnknownMethodStatus(400))
        .declaring(&["method-case", "method-too-long"]),
    entry(&rule::METHOD_CASE, "folded", Deed::MethodCaseFolded),
    entry(&rule::HEAD_WITHOUT_CONTENT, "content", Deed::HeadWithContent).declaring(AFTER_HEAD),
    entry(&rule::FIELD_UNKNOWN, "refused", Deed::UnknownFieldRefused),
    entry(&rule::LIST_EMPTY_ELEMENTS, "list-ends", Deed::EmptyElementEndsList),
    entry(&rule::LIST_EMPTY_ELEMENTS, "refused", Deed::EmptyElementRefused),
    entry(&rule::METHOD_TOO_LONG, "status-400", Deed::LongMethod(Manner::Status(400))),
    entry(&rule::METHOD_TOO_LONG, "reset", Deed::LongMethod(Manner::Reset)),
    entry(&rule::TARGET_TOO_LONG, "status-400", Deed::LongTarget(Manner::Status(400))),
    entry(&rule::TARGET_TOO_LONG, "reset", Deed::LongTarget(Manner::Reset)),
    entry(&rule::TARGET_TOO_LONG, "hang", Deed::LongTarget(Manner::Hang)),
    entry(&rule::ABSOLUTE_FORM_HOST, "host-field", Deed::HostFieldCounts),
    entry(&rule::FIELD_WHITESPACE_EXCLUDED, "refused", Deed::BlanksAroundValueRefused).declaring(WITH_BLANKS),
    entry(&rule::FIELD_WHITESPACE_EXCLUDED, "kept", Deed::BlanksKeptInOption).declaring(&["close-honoured"]),
    entry(&rule::URI_EQUIVALENCE, "as-octets", Deed::PathsCompared),
    entry(&rule::CODING_ALIAS, "unknown", Deed::Resources(ResourceFault::AliasUnknown)),
    entry(&rule::CONTENT_RANGE_COMPLETE_LENGTH, "asterisk", Deed::Resources(ResourceFault::LengthUntold)),
    entry(&rule::COMPRESSION_PARAMETERS, "taken", Deed::CompressionTaken),
    entry(&rule::BODY_READ, "post", Deed::ContentOfPostUnread).declaring(&["expect-answered", "nothing-after-close"]),
    entry(&rule::BODY_READ, "get", Deed::ContentOfGetUnread),
    entry(&rule::BODY_READ, "expect", Deed::ContentBesideUnread("expect")).declaring(&[
        "expect-answered",
        "expect-final",
        "expect-in-http10",
        "expect-unknown",
    ]),
    entry(&rule::BODY_READ, "upgrade", Deed::ContentBesideUnread("upgrade")),
    entry(&rule::BODY_READ, "missing", Deed::ContentOfMissingUnread),
    entry(&rule::CHUNKED_DECODED, "unseen", Deed::ChunkedUnseen).declaring(WITH_CHUNKS),
    entry(&rule::CHUNKED_DECODED, "raw", Deed::ChunkedUndecoded).declaring(WITH_CHUNKS),
    entry(&rule::CHUNKED_DECODED, "refused", Deed::ChunkedRefused).declaring(WITH_CHUNKS),
    entry(&BODY_INCOMPLETE, "served", Deed::IncompleteServed),
    entry(&rule::PERSISTENCE, "closes", Deed::ClosesAlways),
    entry(&rule::CLOSE_ANNOUNCED, "silent", Deed::ClosesUnannounced).declaring(&["persistence", "close-echoed"]),
    entry(&rule::PIPELINE_ORDER, "reversed", Deed::PipelineReversed).declaring(REVERSED),
    // A HEAD with `close` and what comes behind it then get one answer on a connection that stays open.
    entry(&rule::CLOSE_HONOURED, "stays-open", Deed::CloseNotDone).declaring(&["head-without-content"]),
    entry(&rule::CLOSE_HONOURED, "unseen", Deed::CloseUnseen).declaring(&[
        "close-echoed",
        "nothing-after-close",
        "list-empty-elements",
    ]),
    entry(&rule::CLOSE_ECHOED, "silent", Deed::CloseNotEchoed).declaring(&["close-announced"]),
    entry(&rule::NOTHING_AFTER_CLOSE, "processed", Deed::ProcessesAfterClose).declaring(&["close-honoured"]),
    entry(&rule::CREATED_UNNAMED, "in-response", Deed::PostCreates).declaring(&["body-read"]),
    entry(&rule::NO_CODING_TO_HTTP10, "in-response-chunked", Deed::ChunkedToHttp10),
    entry(&rule::NO_DOWNGRADE, "in-refusals", Deed::RefusesInHttp10),
    entry(&rule::NO_DOWNGRADE, "always", Deed::AnswersHttp10),
    entry(&rule::EXPECT_ANSWERED, "silent", Deed::NoContinue).declaring(&["expect-final"]),
    entry(&rule::EXPECT_FINAL, "never", Deed::NothingAfterContinue),
    entry(&rule::HEAD_INCOMPLETE, "served", Deed::IncompleteHeadServed),
    entry(&rule::RESPONSE_VERSION, "in-kind", Deed::AnswersInKind),
    entry(&rule::TRAILER_MERGED, "all", Deed::TrailersMerged(None)),
    entry(&rule::TRAILER_MERGED, "host", Deed::TrailersMerged(Some("host"))),
    entry(&rule::TRAILER_MERGED, "authorization", Deed::TrailersMerged(Some("authorization"))),
    entry(&rule::TRAILER_MERGED, "content-length", Deed::TrailersMerged(Some("content-length"))),
    entry(&rule::TRAILER_MERGED, "transfer-encoding", Deed::TrailersMerged(Some("transfer-encoding"))),
    entry(&rule::TRAILER_MERGED, "cookie", Deed::TrailersMerged(Some("cookie"))),
    entry(&rule::HTTPS_SECURED, "in-cleartext", Deed::AnyOrigin),
    entry(&rule::EXPECT_EARLY_ANNOUNCED, "silent", Deed::EarlyCloseUnannounced),
    entry(&rule::EXPECT_ANSWERED, "not-for-chunks", Deed::NoContinueForChunks),
    entry(&rule::EXPECT_ANSWERED, "first-line", Deed::FirstExpectCounts),
    entry(&rule::CLOSE_SENT_HONOURED, "stays-open", Deed::CloseSaidNotDone),
    entry(&rule::CLOSE_UNANNOUNCED, "refusals", Deed::RefusalUnannounced),
    entry(&rule::CLOSURE_NOTICED, "unnoticed", Deed::ClosureUnnoticed),
    entry(&rule::UPGRADE_OFFERED, "own-protocol", Deed::SwitchesToOwn).declaring(&["switched-unasked"]),
    entry(&rule::UPGRADE_CASE, "case-counts", Deed::ProtocolCaseCounts),
    entry(&rule::UPGRADE_IN_HTTP10, "switches", Deed::SwitchesHttp10).declaring(&["interim-to-http10"]),
    entry(&rule::UPGRADE_CONTINUE_FIRST, "switches-first", Deed::SwitchesBeforeContinue),
    entry(&rule::EXPECT_IN_HTTP10, "continue", Deed::ContinueToHttp10).declaring(&["interim-to-http10"]),
    entry(&rule::INTERIM_TO_HTTP10, "in-response-continue", Deed::ContinueToHttp10).declaring(&["expect-in-http10"]),
    entry(&rule::DATE_PRESENT, "not-in-refusals", Deed::DateMissing(false)),
    entry(&rule::DATE_PRESENT, "not-in-contents", Deed::DateMissing(true)),
    entry(&rule::DATE_FORMAT, "rfc850", Deed::DateWritten(DateFormat::Rfc850)),
    entry(&rule::DATE_FORMAT, "asctime", Deed::DateWritten(DateFormat::Asctime)),
    entry(&rule::DATE_FORMAT, "offset", Deed::DateWritten(DateFormat::Offset)),
    entry(&rule::CONNECTION_NOT_IDENTITY, "remembered", Deed::Resources(ResourceFault::IdentityOfConnection)),
    entry(&rule::CONTENT_ENCODING_MISSING, "gzip", Deed::Resources(ResourceFault::CodedInSilence)),
    entry(&rule::CONTENT_LOCATION_IN_REQUEST, "kept", Deed::Resources(ResourceFault::PutKeepsLocation)),
    entry(&rule::METHOD_NOT_ALLOWED, "not-implemented", Deed::Resources(ResourceFault::NotAllowedIs501)),
    entry(&rule::PUT_CREATED, "ok", Deed::Resources(ResourceFault::PutCreatedIs200)),
    entry(&rule::PUT_MODIFIED, "created", Deed::Resources(ResourceFault::PutModifiedIs201)),
    entry(&rule::PUT_VALIDATOR, "stale", Deed::Resources(ResourceFault::PutTagStale)),
    entry(&rule::PUT_VALIDATOR, "trimmed", Deed::Resources(ResourceFault::PutTrimmed)),
    entry(&rule::PUT_FIELD_UNKNOWN, "kept", Deed::Resources(ResourceFault::PutKeepsField)),
    entry(&rule::PUT_CONTENT_RANGE, "taken-for-whole", Deed::Resources(ResourceFault::PutPartIsWhole)),
    entry(&rule::PUT_CONTENT_RANGE, "not-implemented", Deed::Resources(ResourceFault::PutPartNotImplemented)),
    entry(&rule::DELETE_STATUS, "created", Deed::Resources(ResourceFault::DeletedIs201)),
    entry(&rule::TRACE_REFLECTED, "hello", Deed::Resources(ResourceFault::TraceUnreflected)),
    entry(&rule::TRACE_SENSITIVE, "all-fields", Deed::Resources(ResourceFault::TraceWithSecrets)),
    entry(&rule::CREDENTIALS_REQUIRED, "broken-by", Deed::Resources(ResourceFault::CredentialsBreak)),
    entry(&rule::CREDENTIALS_REQUIRED, "forbidden", Deed::Resources(ResourceFault::CredentialsForbidden)),
    entry(&rule::ACCEPT_WEIGHT_ORDER, "last-only", Deed::Resources(ResourceFault::WeightLast)),
    entry(&rule::CODING_UNACCEPTABLE, "refused", Deed::Resources(ResourceFault::CodingUnacceptableRefused)),
    entry(&rule::CODING_UNACCEPTABLE, "coded-anyway", Deed::Resources(ResourceFault::CodedAnyway)),
    entry(&rule::VARY_NEGOTIATED, "missing", Deed::Resources(ResourceFault::VaryMissing)),
    entry(&rule::CONTENT_RANGE_OTHER_METHOD, "refused", Deed::Resources(ResourceFault::ContentRangeTaken)),
    entry(&rule::RANGE_SERVED, "suffix-ignored", Deed::Ranges(RangeFault::SuffixIgnored)).declaring(&[
        "partial-single",
        "range-overflow",
        "range-unsatisfiable",
    ]),
    entry(&rule::RANGE_SERVED, "suffix-from-start", Deed::Ranges(RangeFault::SuffixFromStart)).declaring(&[
        "partial-single",
        "range-overflow",
        "range-unsatisfiable",
    ]),
    entry(&rule::RANGE_UNSATISFIABLE, "whole", Deed::Ranges(RangeFault::UnsatisfiableWhole))
        .declaring(&["range-overflow"]),
    entry(&rule::RANGE_UNIT_UNKNOWN, "taken-for-bytes", Deed::Ranges(RangeFault::AnyUnit)),
    entry(&rule::RANGE_OTHER_METHOD, "head", Deed::Ranges(RangeFault::OnHead)),
    entry(&rule::RANGE_OVERFLOW, "wraps-at-32-bits", Deed::Ranges(RangeFault::Wraps32)),
    entry(&rule::RANGE_OVERFLOW, "wraps-at-64-bits", Deed::Ranges(RangeFault::Wraps64)),
    entry(&rule::PARTIAL_SINGLE, "shifted", Deed::Ranges(RangeFault::Shifted)).declaring(&[
        "range-served",
        "range-overflow",
        "partial-multipart-order",
        "partial-multipart-type",
    ]),
    entry(&rule::PARTIAL_MULTIPART_ORDER, "sorted", Deed::Ranges(RangeFault::Sorted)),
    entry(&rule::PARTIAL_MULTIPART_TYPE, "untyped", Deed::Ranges(RangeFault::Untyped)),
    entry(&rule::PARTIAL_FIELDS, "without-etag", Deed::Ranges(RangeFault::WithoutEtag)),
    entry(&rule::PARTIAL_REPRESENTATION_FIELDS, "without-last-modified", Deed::Ranges(RangeFault::WithoutLastModified)),
    entry(&rule::PARTIAL_FIELDS_IF_RANGE, "all", Deed::Ranges(RangeFault::AllFields)),
];

/// What goes wrong under TLS alone.
static SECURED: &[(&Rule, &str, Deed)] =
    &[(&rule::CLOSURE_ALERT, "missing", Deed::NoClosureAlert), (&rule::HTTPS_SECURED, "any-host", Deed::AnyOrigin)];

/// What breaks no sentence.
static LENIENT: &[(&Rule, &str, &[Deed])] = &[
    (&rule::HTTP10_CLOSES, "stays-open", &[Deed::Http10StaysOpen]),
    (&rule::EXPECT_UNKNOWN, "ignored", &[Deed::UnknownExpectationIgnored]),
    (&rule::EXPECT_CONTENT_THERE, "sent", &[Deed::ContinueAnyway]),
    // Only a server with a clock has to send a date.
    (&rule::DATE_PRESENT, "no-clock", &[Deed::DateMissing(true), Deed::DateMissing(false)]),
    (&rule::TRACE_REFLECTED, "served", &[Deed::Resources(ResourceFault::TraceServed)]),
    (&rule::AUTH_SCHEME_CASE, "one-case", &[Deed::Resources(ResourceFault::SchemeCaseCounts)]),
    (&rule::RANGE_INVALID, "refused", &[Deed::Ranges(RangeFault::InvalidRefused)]),
];
