//! Which inputs have taught something: those after which the target behaved in a way not seen before.
//!
//! A behaviour is what an outsider can tell of it: the statuses in their order, whether the connection was kept, how long
//! the answers are and how long they took (in classes), which readings explain them; together with the rules that the
//! octets break, so that the same refusal for another reason is another behaviour.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use super::play::Played;
use crate::judge::stream::{Judged, Sent};

/// Answers beyond this many are not looked at.
const ANSWERS_MOST: usize = 6;

/// A number for the behaviour; the same for the same one.
#[must_use]
pub fn behaviour(sent: &Sent, judged: &Judged, played: &Played, slow: Duration) -> u64 {
    // The default hasher has fixed keys, so that a run can be repeated.
    let mut hash = DefaultHasher::new();
    judged.statuses.iter().take(ANSWERS_MOST).for_each(|status| status.hash(&mut hash));
    judged.statuses.len().min(ANSWERS_MOST).hash(&mut hash);
    std::mem::discriminant(&played.ended).hash(&mut hash);
    length_class(played.octets.len()).hash(&mut hash);
    (played.took > slow).hash(&mut hash);
    judged.what.hash(&mut hash);
    judged.explained_by.first().map(|at| sent.readings[*at].policy).hash(&mut hash);
    let mut rules: Vec<&str> = sent.faults().map(|rule| rule.id).collect();
    rules.sort_unstable();
    rules.dedup();
    rules.hash(&mut hash);
    hash.finish()
}

/// How long an answer is, to a factor of four.
fn length_class(octets: usize) -> u32 {
    octets.checked_ilog2().map_or(0, |log| log / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;

    fn behaviour_of(stream: &[u8], statuses: &[u16], ended: Ended, millis: u64) -> u64 {
        let sent = Sent::new(stream, b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n", "x");
        let judged = Judged {
            verdict: crate::judge::Verdict::Pass,
            what: crate::judge::stream::What::Nothing,
            blamed: Vec::new(),
            message: 0,
            statuses: statuses.iter().map(|status| Some(*status)).collect(),
            explained_by: vec![0],
        };
        let played = Played {
            octets: vec![b'a'; 100],
            ended,
            took: Duration::from_millis(millis),
            before: 0,
            used_again: false,
        };
        behaviour(&sent, &judged, &played, Duration::from_millis(50))
    }

    #[test]
    fn what_an_outsider_can_tell_makes_the_difference() {
        let plain = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        let one = behaviour_of(plain, &[200, 404], Ended::Answered, 1);
        assert_eq!(one, behaviour_of(b"GET /other HTTP/1.1\r\nHost: b\r\n\r\n", &[200, 404], Ended::Answered, 2));
        for other in [
            behaviour_of(plain, &[200], Ended::Answered, 1),
            behaviour_of(plain, &[200, 404], Ended::Fin, 1),
            behaviour_of(plain, &[200, 404], Ended::Answered, 60),
            behaviour_of(b"GET / HTTP/1.1\r\n\r\n", &[200, 404], Ended::Answered, 1),
        ] {
            assert_ne!(one, other);
        }
    }
}
