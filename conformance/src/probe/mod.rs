//! Named behaviours that need logic: conversations whose next step hangs on the answer before.
//!
//! A check file names a probe like any other check; the rule, the title and the tags stand there. The probe brings the
//! conversation and the judgement of it.

mod absolute_form_host;
mod authentication;
mod body_incomplete;
mod body_read;
mod body_read_large;
mod body_read_otherwise;
mod close_request;
mod close_sent;
mod closure_alert;
mod coding_alias;
mod complete_length;
mod content_range;
mod context;
mod date;
mod date_century;
mod etag_strong;
mod expect;
mod expect_ignored;
mod expect_more;
mod head_content;
mod head_incomplete;
mod head_like_get;
mod http10;
mod limits;
mod method_case;
mod method_not_allowed;
mod method_unknown;
mod methods_supported;
mod misdirected;
mod negotiation;
mod no_downgrade;
mod not_modified;
mod nothing_after_close;
mod options_allow;
mod options_asterisk;
mod own_lengths;
mod paths;
mod persistence;
mod pipeline_mixed;
mod pipeline_order;
mod precondition_undated;
mod precondition_writes;
mod ranges;
#[cfg(test)]
mod recorded;
mod request_line_length;
mod response_version;
mod segmentation;
mod slow;
mod stored;
mod talk;
mod trace;
mod trailer_merged;
mod upgrade;
mod uri_equivalence;
mod uri_length;
mod validators_sent;

use std::future::Future;
use std::pin::Pin;

use crate::check::Check;
use crate::judge::Judgement;
use crate::observation::Observation;

pub use context::Context;
pub use limits::is_limit;

/// A probe: a name that check files use, and the conversation behind it.
pub struct Probe {
    /// Kebab-case.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    run: for<'a> fn(&'a Check, &'a Context) -> Running<'a>,
}

/// A probe at work: the judgement and the exchanges that show it.
pub type Running<'a> = Pin<Box<dyn Future<Output = (Judgement, Vec<Observation>)> + Send + 'a>>;

impl Probe {
    /// Has the conversation.
    pub async fn run(&self, check: &Check, context: &Context) -> (Judgement, Vec<Observation>) {
        (self.run)(check, context).await
    }
}

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Probe").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Every probe, in the order of the sections that it is about.
pub static ALL: &[&Probe] = &[
    &segmentation::SEGMENTATION_PLAIN,
    &segmentation::SEGMENTATION_CONTENT,
    &segmentation::SEGMENTATION_CHUNKED,
    &methods_supported::METHODS_SUPPORTED,
    &method_unknown::METHOD_UNKNOWN,
    &method_case::METHOD_CASE,
    &head_content::HEAD_WITHOUT_CONTENT,
    &head_content::HEAD_WITHOUT_CONTENT_MISSING,
    &options_asterisk::OPTIONS_ASTERISK,
    &date::DATE_PRESENT,
    &date::DATE_PRESENT_REFUSAL,
    &date::DATE_FORMAT,
    &expect::EXPECT_ANSWERED,
    &expect::EXPECT_ANSWERED_CASE,
    &expect::EXPECT_FINAL,
    &expect_ignored::EXPECT_IN_HTTP10,
    &expect_ignored::EXPECT_UNKNOWN,
    &head_like_get::HEAD_LENGTH,
    &head_like_get::HEAD_LENGTH_MISSING,
    &head_like_get::HEAD_FIELDS,
    &head_like_get::HEAD_FIELDS_MISSING,
    &not_modified::NOT_MODIFIED_FIELDS,
    &not_modified::NOT_MODIFIED_LENGTH,
    &etag_strong::ETAG_NEGOTIATED,
    &etag_strong::ETAG_CHANGES,
    &options_allow::OPTIONS_ALLOW,
    &validators_sent::VALIDATORS_SENT,
    &precondition_writes::PUT_IF_MATCH_SAME,
    &precondition_writes::PUT_IF_MATCH_ANY,
    &precondition_writes::PUT_IF_MATCH_OTHER,
    &precondition_writes::PUT_IF_MATCH_WEAK,
    &precondition_writes::PUT_IF_MATCH_ANY_NEW,
    &precondition_writes::PUT_IF_NONE_MATCH_ANY,
    &precondition_writes::PUT_IF_NONE_MATCH_SAME,
    &precondition_writes::PUT_IF_NONE_MATCH_OTHER,
    &precondition_writes::PUT_IF_NONE_MATCH_ANY_NEW,
    &precondition_writes::PUT_IF_MODIFIED_SINCE,
    &precondition_writes::PUT_IF_UNMODIFIED_SINCE_SAME,
    &precondition_writes::PUT_IF_UNMODIFIED_SINCE_EARLIER,
    &precondition_writes::DELETE_IF_MATCH_SAME,
    &precondition_writes::DELETE_IF_MATCH_OTHER,
    &precondition_writes::DELETE_IF_NONE_MATCH_ANY,
    &precondition_writes::DELETE_IF_UNMODIFIED_SINCE_EARLIER,
    &precondition_undated::UNDATED_MODIFIED_SINCE,
    &precondition_undated::UNDATED_UNMODIFIED_SINCE,
    &date_century::DATE_CENTURY_MODIFIED,
    &date_century::DATE_CENTURY_UNMODIFIED,
    &no_downgrade::NO_DOWNGRADE,
    &own_lengths::OWN_LENGTHS,
    &uri_length::URI_8000,
    &uri_length::URI_8000_ABSOLUTE,
    &uri_equivalence::URI_EQUIVALENCE,
    &coding_alias::CODING_ALIAS_GZIP,
    &coding_alias::CODING_ALIAS_COMPRESS,
    &complete_length::COMPLETE_LENGTH,
    &method_unknown::METHOD_TOO_LONG,
    &limits::TARGET_TOO_LONG,
    &limits::FIELD_LINE_TOO_LARGE,
    &limits::FIELD_SECTION_TOO_LARGE,
    &limits::FIELDS_TOO_MANY,
    &request_line_length::REQUEST_LINE_8000,
    &absolute_form_host::ABSOLUTE_FORM_HOST,
    &http10::NO_CODING_TO_HTTP10,
    &persistence::PERSISTENCE,
    &persistence::CLOSE_ANNOUNCED,
    &http10::HTTP10_CLOSES,
    &http10::HTTP10_KEEP_ALIVE,
    &body_read::BODY_READ_MISSING,
    &body_read::BODY_READ_CHUNKED,
    &body_read::BODY_READ_GET,
    &body_read::BODY_READ_UNKNOWN,
    &body_read_otherwise::BODY_READ_POST,
    &body_read_otherwise::BODY_READ_HEAD,
    &body_read_otherwise::BODY_READ_HEAD_CHUNKED,
    &body_read_otherwise::BODY_READ_OPTIONS,
    &body_read_otherwise::BODY_READ_OPTIONS_ASTERISK,
    &body_read_otherwise::BODY_READ_DELETE,
    &body_read_otherwise::BODY_READ_PUT,
    &body_read_otherwise::BODY_READ_EXPECT,
    &body_read_otherwise::BODY_READ_EXPECT_CHUNKED,
    &body_read_otherwise::BODY_READ_EXPECT_GET,
    &body_read_otherwise::BODY_READ_EXPECT_ODD,
    &body_read_otherwise::BODY_READ_UPGRADE,
    &body_read_otherwise::BODY_READ_UPGRADE_GET,
    &body_incomplete::BODY_INCOMPLETE,
    &body_incomplete::BODY_INCOMPLETE_CHUNKED,
    &pipeline_order::PIPELINE_ORDER,
    &close_request::CLOSE_HONOURED,
    &close_request::CLOSE_HONOURED_CASE,
    &close_request::CLOSE_HONOURED_LIST,
    &close_request::CLOSE_HONOURED_EMPTY,
    &close_request::CLOSE_ECHOED,
    &nothing_after_close::NOTHING_AFTER_CLOSE,
    &stored::PUT_CREATES,
    &stored::PUT_MODIFIES,
    &stored::PUT_VALIDATORS,
    &stored::PUT_VALIDATORS_AGAIN,
    &stored::PUT_UNKNOWN_FIELD,
    &stored::PUT_CONTENT_LOCATION,
    &stored::PUT_PART,
    &stored::DELETES,
    &trace::TRACE_REFLECTED,
    &trace::TRACE_SENSITIVE,
    &method_not_allowed::METHOD_NOT_ALLOWED,
    &authentication::CREDENTIALS_NONE,
    &authentication::CREDENTIALS_EMPTY,
    &authentication::CREDENTIALS_SCHEME_ALONE,
    &authentication::CREDENTIALS_SCHEME_UNKNOWN,
    &authentication::CREDENTIALS_WITHOUT_COLON,
    &authentication::CREDENTIALS_NOT_BASE64,
    &authentication::CREDENTIALS_WRONG,
    &authentication::CREDENTIALS_CONTROLS,
    &authentication::CREDENTIALS_LONG,
    &authentication::CREDENTIALS_PARAMETERS,
    &authentication::CREDENTIALS_DIGEST,
    &authentication::AUTH_SCHEME_UPPER,
    &authentication::AUTH_SCHEME_LOWER,
    &authentication::CONNECTION_NOT_IDENTITY,
    &content_range::CONTENT_RANGE_GET,
    &content_range::CONTENT_RANGE_HEAD,
    &content_range::CONTENT_RANGE_INVALID,
    &negotiation::CODING_UNKNOWN,
    &negotiation::CODINGS_REFUSED,
    &negotiation::CODINGS_REFUSED_BY_STAR,
    &negotiation::CODINGS_ZEROS,
    &negotiation::ACCEPT_WEIGHT_ORDER,
    &negotiation::CODING_NAMED,
    &negotiation::VARY_NEGOTIATED,
    &ranges::RANGE_FIRST,
    &ranges::RANGE_LAST,
    &ranges::RANGE_OPEN,
    &ranges::RANGE_SUFFIX,
    &ranges::RANGE_SUFFIX_LONG,
    &ranges::RANGE_BEYOND,
    &ranges::RANGE_UNIT_CASE,
    &ranges::RANGE_ZEROS,
    &ranges::RANGE_EMPTY_ELEMENTS,
    &ranges::RANGE_LAST_32,
    &ranges::RANGE_LAST_63,
    &ranges::RANGE_LAST_64,
    &ranges::RANGE_LAST_HUGE,
    &ranges::RANGE_SUFFIX_64,
    &ranges::RANGE_FIRST_32,
    &ranges::RANGE_FIRST_64,
    &ranges::RANGE_BEHIND,
    &ranges::RANGE_SUFFIX_ZERO,
    &ranges::RANGE_UNIT_UNKNOWN,
    &ranges::RANGE_REVERSED,
    &ranges::RANGE_WITHOUT_NUMBERS,
    &ranges::RANGE_SIGNED,
    &ranges::RANGE_HEX,
    &ranges::RANGE_WITHOUT_UNIT,
    &ranges::RANGE_TWO,
    &ranges::RANGE_ONE_OF_TWO,
    &ranges::RANGE_HEAD,
    &ranges::RANGE_FIELDS,
    &ranges::RANGE_FIELDS_IF_RANGE,
    &head_incomplete::HEAD_INCOMPLETE,
    &head_incomplete::HEAD_INCOMPLETE_IN_LINE,
    &head_incomplete::HEAD_INCOMPLETE_HTTP10,
    &head_incomplete::HALF_CLOSE_ANSWERED,
    &response_version::RESPONSE_VERSION,
    &response_version::RESPONSE_VERSION_MISSING,
    &trailer_merged::TRAILER_MERGED_UNKNOWN,
    &trailer_merged::TRAILER_MERGED_HOST,
    &trailer_merged::TRAILER_MERGED_AUTHORIZATION,
    &trailer_merged::TRAILER_MERGED_LENGTH,
    &trailer_merged::TRAILER_MERGED_CODING,
    &trailer_merged::TRAILER_MERGED_COOKIE,
    &misdirected::HTTPS_IN_CLEARTEXT,
    &misdirected::HTTPS_OTHER_HOST,
    &misdirected::HOST_NOT_CONFIGURED,
    &expect_more::EXPECT_ANSWERED_CHUNKED,
    &expect_more::EXPECT_ANSWERED_EMPTY,
    &expect_more::EXPECT_ANSWERED_LINES,
    &expect_more::EXPECT_EARLY_ANNOUNCED,
    &pipeline_mixed::PIPELINE_MIXED,
    &pipeline_mixed::PIPELINE_ERROR,
    &body_incomplete::BODY_INCOMPLETE_IN_CHUNK,
    &body_incomplete::BODY_INCOMPLETE_IN_SIZE,
    &body_read_large::BODY_READ_LARGE,
    &body_read_large::ANSWER_SURVIVES,
    &close_sent::CLOSE_SENT_HONOURED,
    &closure_alert::CLOSURE_ALERT,
    &closure_alert::CLOSURE_ALERT_REFUSAL,
    &closure_alert::INCOMPLETE_CLOSE,
    &slow::SLOW_HEAD,
    &slow::SLOW_CONTENT,
    &slow::IDLE,
    &slow::TIMEOUT_GRACEFUL,
    &slow::UNREAD_ANSWERS,
    &head_incomplete::CLOSURE_NOTICED,
    &close_sent::CLOSE_UNANNOUNCED,
    &close_sent::NOTHING_AFTER_CLOSE_SENT,
    &upgrade::UPGRADE_OFFERED,
    &upgrade::UPGRADE_CASE,
    &upgrade::UPGRADE_IN_HTTP10,
    &upgrade::UPGRADE_CONTINUE_FIRST,
    &upgrade::UPGRADE_IGNORED,
    &upgrade::UPGRADE_IGNORED_H2C,
    &upgrade::UPGRADE_NOT_NAMED,
];

/// The probe with this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Probe> {
    ALL.iter().copied().find(|probe| probe.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_kebab_case() {
        let mut names = HashSet::new();
        for probe in ALL {
            assert!(names.insert(probe.name), "{} stands twice", probe.name);
            assert!(
                probe.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{}",
                probe.name
            );
            assert!(!probe.about.is_empty());
        }
    }

    #[test]
    fn every_probe_is_used_by_a_check() {
        for probe in ALL {
            let is_used =
                |check: &Check| matches!(check.plan, crate::check::Plan::Probe(used) if used.name == probe.name);
            assert!(crate::check::builtin().iter().any(is_used), "{}", probe.name);
        }
    }
}
