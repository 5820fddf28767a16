//! Mutants that fail in a duty of conversation, one entry each.

use startline_parser::Limits;
use startline_parser::rule::framing::BODY_INCOMPLETE;

use super::Mutant;
use crate::reference::behaviour::{Behaviour, Deed, Manner};
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
        let mutant = Mutant::lenient(rule, variant, behaviour);
        // Without dates their format cannot be judged.
        if *variant == "no-clock" { mutant.declaring(&["date-format"]) } else { mutant }
    });
    let short = Behaviour::default().with_limits(Limits::DEFAULT.with_start_line(SHORT_START_LINE));
    let short = Mutant::new(&rule::REQUEST_LINE_8000, "refused", short);
    entries.chain(lenients).chain([short]).collect()
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

static TABLE: &[Entry] = &[
    entry(&rule::METHODS_SUPPORTED, "head", Deed::HeadUnsupported).declaring(&["head-without-content"]),
    entry(&rule::METHODS_SUPPORTED, "get", Deed::GetUnsupported),
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
    entry(&rule::EXPECT_IN_HTTP10, "continue", Deed::ContinueToHttp10).declaring(&["interim-to-http10"]),
    entry(&rule::INTERIM_TO_HTTP10, "in-response-continue", Deed::ContinueToHttp10).declaring(&["expect-in-http10"]),
    entry(&rule::DATE_PRESENT, "not-in-refusals", Deed::DateMissing(false)),
    entry(&rule::DATE_PRESENT, "not-in-contents", Deed::DateMissing(true)),
    entry(&rule::DATE_FORMAT, "rfc850", Deed::DateWritten(DateFormat::Rfc850)),
    entry(&rule::DATE_FORMAT, "asctime", Deed::DateWritten(DateFormat::Asctime)),
    entry(&rule::DATE_FORMAT, "offset", Deed::DateWritten(DateFormat::Offset)),
];

/// What breaks no sentence.
static LENIENT: &[(&Rule, &str, &[Deed])] = &[
    (&rule::HTTP10_CLOSES, "stays-open", &[Deed::Http10StaysOpen]),
    (&rule::EXPECT_UNKNOWN, "ignored", &[Deed::UnknownExpectationIgnored]),
    // Only a server with a clock has to send a date.
    (&rule::DATE_PRESENT, "no-clock", &[Deed::DateMissing(true), Deed::DateMissing(false)]),
];
