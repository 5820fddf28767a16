//! Variants with odd limits, and those that go by their reads.

use super::Mutant;
use crate::reference::behaviour::{Behaviour, Deed, LIMITS, Manner};
use crate::rule;

pub(super) fn all() -> Vec<Mutant> {
    let with = |deed| Behaviour::default().with(deed);
    let limited = |limits| Behaviour::default().with_limits(limits);
    let segments = &rule::SEGMENTATION_INDEPENDENT;
    let fields = &rule::FIELDS_TOO_LARGE;
    let large = |manner| with(Deed::LargeFields(manner));
    vec![
        Mutant::noted(segments, "head-in-one-read", with(Deed::HeadInOneRead)),
        Mutant::noted(segments, "split-line-end-twice", with(Deed::SplitLineEndTwice)),
        Mutant::lenient(fields, "line-of-5000", limited(LIMITS.with_field_line(5_002))),
        Mutant::lenient(fields, "section-of-20001", limited(LIMITS.with_head(20_001))),
        Mutant::lenient(fields, "at-most-77", limited(LIMITS.with_fields(77))),
        Mutant::lenient(fields, "status-400", large(Manner::Status(400))),
        Mutant::new(fields, "status-500", large(Manner::Status(500))),
        Mutant::new(fields, "reset", large(Manner::Reset)),
        Mutant::new(fields, "hang", large(Manner::Hang)),
        Mutant::new(fields, "ignored", with(Deed::LargeFieldsIgnored)),
        Mutant::lenient(&rule::TARGET_TOO_LONG, "line-of-12345", limited(LIMITS.with_start_line(12_347))),
    ]
}
