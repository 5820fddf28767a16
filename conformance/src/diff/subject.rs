//! A target among others, and playing streams at it.

use std::time::Duration;

use startline_parser::reader::End as MessageEnd;

use super::behaviour::{Behaviour, Controls, End};
use super::source::Stream;
use crate::calibrate::{Bounds, Calibration, ask, calibrate, plain, recover};
use crate::fuzz::control::control;
use crate::fuzz::play::{Played, Player, Pulse, Wait, sent_of};
use crate::fuzz::site::Site;
use crate::judge::Verdict;
use crate::judge::exchange::Known;
use crate::judge::stream::{Judged, Sent, What, judge};
use crate::observation::Ended;
use crate::runner::KEPT_MOST;
use crate::target::{Target, token};

/// A target that answers.
#[derive(Debug)]
pub struct Subject {
    /// The target.
    pub target: Target,
    /// What is known of it.
    pub calibration: Calibration,
    controls: Controls,
    pulse: Pulse,
}

/// What one target made of one stream.
#[derive(Debug, Clone)]
pub struct Cell {
    /// In comparable terms; none where it says nothing, or where repetitions disagree.
    pub behaviour: Option<Behaviour>,
    /// Whether repetitions disagree.
    pub is_unstable: bool,
    /// Whether the first message was refused for what stood behind it: what is told is what it got by itself.
    pub is_alone: bool,
    /// What the RFCs say of it.
    pub judged: Judged,
    /// What was sent, without the canary.
    pub sent: Vec<u8>,
    /// What came back, as far as it is kept.
    pub received: Vec<u8>,
    /// How it ended.
    pub ended: Ended,
}

/// How long an exchange that is repeated because of a silence waits at least: some servers take their time over refusals.
const AFTER_SILENCE: Duration = Duration::from_secs(2);
/// The shortest silence in a quick exchange.
const QUIET_LEAST: Duration = Duration::from_millis(25);

impl Subject {
    /// Gets to know a target.
    ///
    /// # Errors
    /// Why nothing can be said of it.
    pub async fn meet(target: Target, jobs: usize, bounds: Bounds, may_post: bool) -> Result<Self, String> {
        let calibration = calibrate(&target, jobs, bounds, may_post).await?;
        let patience = calibration.patience;
        let unknown = ask(&target, "GZT", &plain(&target, "GZT"), patience).await.and_then(|answer| answer.status);
        let by_method =
            calibration.methods.iter().map(|(method, status)| (method.as_bytes().to_vec(), *status)).collect();
        let pulse = Pulse::new(calibration.latency_worst, QUIET_LEAST, patience.quiet);
        Ok(Self { target, calibration, controls: Controls { by_method, unknown }, pulse })
    }

    /// How it is known to behave.
    #[must_use]
    pub const fn known(&self) -> Known {
        Known { sign: self.calibration.canary, echoes: self.calibration.echoes }
    }

    /// A player for it.
    #[must_use]
    pub const fn player(&self) -> Player<'_> {
        Player::new(&self.target, self.known(), self.calibration.patience.connect)
    }

    /// Whether it still answers.
    pub async fn is_there(&self) -> bool {
        recover(&self.target, self.calibration.patience).await
    }

    /// Plays a stream without much patience, on whatever connection is open.
    pub(super) async fn quickly(&self, player: &mut Player<'_>, stream: &Stream, word: &str) -> Option<Behaviour> {
        let sent = sent_of(&self.target, &stream.octets(&self.target, word), &token());
        let quiet = self.pulse.quiet();
        let wait = Wait { quiet, exchange: self.calibration.patience.exchange, linger: quiet.min(QUIET_LEAST) };
        let played = player.play(&sent, wait, Some(&self.pulse)).await;
        self.behaviour(&sent, &played)
    }

    /// Plays a stream on connections of its own until two exchanges agree; a third decides where silence was in doubt.
    pub(super) async fn patiently(&self, player: &mut Player<'_>, stream: &Stream, word: &str) -> Cell {
        let octets = stream.octets(&self.target, word);
        let mut sent = sent_of(&self.target, &octets, &token());
        let mut cell = self.repeatedly(player, &sent).await;
        if cell.behaviour.as_ref().is_some_and(Behaviour::refuses) {
            // Some refuse everything for what they find behind the first message: what do they say of that by itself?
            sent = Sent::new(&sent.octets[..first_end(&sent)], &[], &sent.token);
            let mut alone = self.repeatedly(player, &sent).await;
            if let Some(behaviour) = &mut alone.behaviour
                && !behaviour.refuses()
                && !behaviour.answers.is_empty()
            {
                behaviour.end = End::Closed;
                cell = Cell { sent: cell.sent, is_alone: true, ..alone };
            }
        }
        if cell.judged.verdict.is_finding()
            && cell.judged.what.needs_control()
            && !self.is_controlled(player, &sent, &cell.judged).await
        {
            cell.judged.verdict = Verdict::NotJudged;
        }
        cell
    }

    /// Whether the same stream without what is wrong with it is answered otherwise; without that a refusal proves nothing.
    async fn is_controlled(&self, player: &mut Player<'_>, sent: &Sent, judged: &Judged) -> bool {
        let own = &sent.octets[..sent.canary_from];
        let Some(plain) = control(own, judged.message, &Site::of(&self.target)) else { return false };
        let plain = Sent::new(&plain, &sent.octets[sent.canary_from..], &sent.token);
        let played = self.alone(player, &plain, Duration::ZERO).await;
        let status = |judged: &Judged| judged.statuses.get(judged.message).copied().flatten();
        let found = judge(&plain, played.seen(), self.known()).statuses.get(judged.message).copied().flatten();
        found.is_some_and(|found| status(judged) != Some(found) && (judged.what != What::Refused || found < 400))
    }

    async fn repeatedly(&self, player: &mut Player<'_>, sent: &Sent) -> Cell {
        let mut last = self.alone(player, sent, Duration::ZERO).await;
        let is_silent = last.ended == Ended::Quiet;
        let least = if is_silent { AFTER_SILENCE } else { Duration::ZERO };
        let mut before = self.behaviour(sent, &last);
        let mut is_unstable = true;
        // The first silence may have been nothing but impatience.
        for _ in 0..if is_silent { 2 } else { 1 } {
            last = self.alone(player, sent, least).await;
            let now = self.behaviour(sent, &last);
            is_unstable = now != before;
            before = now;
            if !is_unstable {
                break;
            }
        }
        let mut judged = judge(sent, last.seen(), self.known());
        let is_taken =
            |behaviour: &Behaviour| behaviour.answers.get(judged.message).is_some_and(|answer| answer.is_taken);
        if matches!(judged.what, What::Refused | What::RefusedOddly) && before.as_ref().is_some_and(is_taken) {
            // What is said of the resource or the method is said of every message to it.
            judged.verdict = Verdict::Note;
        }
        let mut received = last.octets;
        received.truncate(KEPT_MOST);
        Cell {
            behaviour: before.filter(|_| !is_unstable),
            is_unstable,
            is_alone: false,
            judged,
            sent: sent.octets[..sent.canary_from].to_vec(),
            received,
            ended: last.ended,
        }
    }

    /// One patient exchange on a connection of its own.
    async fn alone(&self, player: &mut Player<'_>, sent: &Sent, least: Duration) -> Played {
        player.fresh();
        let patience = self.calibration.patience;
        let quiet = patience.quiet.max(least);
        let wait = Wait { quiet, exchange: patience.exchange.max(quiet), linger: patience.quiet };
        let played = player.play(sent, wait, None).await;
        player.fresh();
        if self.calibration.capacity == 1 && played.ended == Ended::Quiet {
            recover(&self.target, patience).await;
        }
        played
    }

    fn behaviour(&self, sent: &Sent, played: &Played) -> Option<Behaviour> {
        Behaviour::of(sent, played, self.known(), &self.controls, &self.target.host)
    }
}

/// Where the first message ends for a strict reader; the whole stream if that cannot be told.
fn first_end(sent: &Sent) -> usize {
    match sent.strict().messages.first().map(|message| message.end) {
        Some(MessageEnd::Complete(end)) => end.min(sent.canary_from),
        _ => sent.canary_from,
    }
}
