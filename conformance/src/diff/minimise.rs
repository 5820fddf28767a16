//! Making a stream smaller while the targets still part over it in the same way.

use std::sync::Arc;

use super::behaviour::{Behaviour, own_messages};
use super::source::Stream;
use super::subject::Subject;
use crate::fuzz::minimise::{Minimiser, TRIALS_MOST};
use crate::fuzz::play::{Player, sent_of};
use crate::judge::stream::Sent;
use crate::target::token;

/// The smallest stream that was found of which each target makes what is wanted, in the words of a grid: token by token,
/// then octet by octet. A check is left as it is. Trials are quick ones: whoever asks confirms what comes of it.
pub(super) async fn minimise(
    subjects: &[Subject],
    players: &mut [Player<'_>],
    stream: &Stream,
    wanted: &[Option<String>],
) -> Stream {
    let Stream::Tokens(input, site) = stream else { return stream.clone() };
    // A stream that leaves the canary alone is easier to read than one that takes it for content.
    let is_whole = leaves_canary(subjects, stream);
    let mut minimiser = Minimiser::new((**input).clone(), TRIALS_MOST);
    while let Some(smaller) = minimiser.candidate() {
        let trial = Stream::Tokens(Arc::new(smaller.clone()), site.clone());
        let is_fit = !is_whole || leaves_canary(subjects, &trial);
        let shows = is_fit && same(subjects, players, &trial, wanted).await;
        minimiser.tell(smaller, shows);
    }
    Stream::Tokens(Arc::new(minimiser.into_smallest()), site.clone())
}

/// Whether each target makes of the stream what is wanted of it.
async fn same(subjects: &[Subject], players: &mut [Player<'_>], stream: &Stream, wanted: &[Option<String>]) -> bool {
    let word = token();
    for ((subject, player), wanted) in subjects.iter().zip(players).zip(wanted) {
        let found = subject.quickly(player, stream, &word).await;
        if found.as_ref().map(Behaviour::words) != *wanted {
            return false;
        }
    }
    true
}

/// The number of messages before the canary, as the first target gets them.
pub(super) fn own(subjects: &[Subject], stream: &Stream) -> usize {
    first(subjects, stream).map_or(0, |sent| own_messages(&sent))
}

/// Whether a strict reader takes the canary for a message.
fn leaves_canary(subjects: &[Subject], stream: &Stream) -> bool {
    first(subjects, stream)
        .is_some_and(|sent| sent.strict().messages.iter().any(|message| message.start == sent.canary_from))
}

/// What the first target gets.
fn first(subjects: &[Subject], stream: &Stream) -> Option<Sent> {
    let target = &subjects.first()?.target;
    Some(sent_of(target, &stream.octets(target, "t0k3n"), "t0k3n"))
}
