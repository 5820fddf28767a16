//! Mutants that refuse what they should refuse, but not as they should: another status, no answer, a reset, no close.
//!
//! Only what the table of reactions flags is made a mutant of. Where the text asks for no particular status, for one,
//! another 4xx is as good, and where it permits a repair, a reset is.

use super::Mutant;
use crate::reference::behaviour::{Behaviour, Deed, Manner};
use crate::rule::{self, Action, Level, On, Role, Rule};

pub(super) fn all() -> Vec<Mutant> {
    rule::all().flat_map(of).collect()
}

fn of(rule: &'static Rule) -> Vec<Mutant> {
    let Some(reaction) = rule.reaction(Role::OriginServer, On::Request) else { return Vec::new() };
    let (another_status, server_error, hang, reset) = match reaction.action {
        Action::Reject { statuses, .. } => (reaction.level == Level::Must && !statuses.is_empty(), true, true, true),
        Action::RejectOrRepair { statuses, .. } => (!statuses.is_empty(), true, true, !statuses.is_empty()),
        Action::MayRepair { .. } => (false, false, true, false),
        // A request that gets no answer was not processed.
        Action::ProcessThenClose => (false, false, true, false),
        _ => (false, false, false, false),
    };
    [
        (reaction.action.closes(), "stay-open", Manner::StayOpen),
        (another_status, "status-403", Manner::Status(403)),
        (server_error, "status-500", Manner::Status(500)),
        (hang, "hang", Manner::Hang),
        (reset, "reset", Manner::Reset),
    ]
    .into_iter()
    .filter(|(is_flagged, _, _)| *is_flagged)
    .map(|(_, variant, manner)| {
        let behaviour = Behaviour::default().with(Deed::Refuse(rule, manner));
        Mutant::new(rule, variant, behaviour).declaring(companions(rule))
    })
    .collect()
}

/// Rules whose faults can hardly be had without this one in the same message, and come after it.
fn companions(rule: &Rule) -> &'static [&'static str] {
    match rule.id {
        "transfer-coding-unknown" | "transfer-encoding-invalid" => &["chunked-not-final"],
        "chunked-not-final" => &["transfer-coding-unknown", "transfer-encoding-invalid"],
        _ => &[],
    }
}
