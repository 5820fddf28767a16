//! One input and a canary in one flight, on a connection that may have carried others before.
//!
//! Made for thousands of exchanges a second: it stops as soon as the canary's answer is there, waits for silence only
//! as long as the target's own pace suggests, and keeps a connection whose canary was answered in its turn, since that
//! shows that nothing is left unread on either side. What looks odd here is played again with patience before anybody
//! believes it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::answers::{Answer, answers};
use crate::calibrate::{CanarySign, canary, plain};
use crate::connection::{Connection, Received};
use crate::exchange::RECEIVED_MOST;
use crate::judge::exchange::Known;
use crate::judge::flight::is_canary;
use crate::judge::stream::{Seen, Sent};
use crate::observation::Ended;
use crate::rule::{On, Role};
use crate::target::Target;
use crate::wire::with_fields;

/// What came back of one input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// The octets.
    pub octets: Vec<u8>,
    /// How it ended.
    pub ended: Ended,
    /// Time to the end.
    pub took: Duration,
    /// How many inputs the connection had carried before.
    pub before: usize,
    /// Whether a further request was answered, where a close is due and the connection had stayed open.
    pub used_again: bool,
}

impl Played {
    /// For the judge.
    #[must_use]
    pub fn seen(&self) -> Seen<'_> {
        Seen { octets: &self.octets, ended: &self.ended, used_again: self.used_again }
    }
}

/// How fast the target answers, learnt on the way; shared by all who play.
#[derive(Debug)]
pub struct Pulse {
    /// A moving average of the time to the first octet, in microseconds.
    micros: AtomicU64,
    least: Duration,
    most: Duration,
}

impl Pulse {
    /// Begins with a latency that was measured; silence is waited for between `least` and `most`.
    #[must_use]
    pub fn new(latency: Duration, least: Duration, most: Duration) -> Self {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        Self { micros: AtomicU64::new(micros), least, most: most.max(least) }
    }

    fn beat(&self, time: Duration) {
        let new = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let old = self.micros.load(Ordering::Relaxed);
        // A lost update changes an average by little.
        self.micros.store(old - old / 16 + new / 16, Ordering::Relaxed);
    }

    /// How long nothing may come before it is taken for silence.
    #[must_use]
    pub fn quiet(&self) -> Duration {
        (Duration::from_micros(self.micros.load(Ordering::Relaxed)) * 8).clamp(self.least, self.most)
    }
}

/// What is sent for an input: its octets with the user's fields, and a canary.
#[must_use]
pub fn sent_of(target: &Target, octets: &[u8], token: &str) -> Sent {
    let stream = with_fields(octets, &target.host, &target.fields);
    Sent::new(&stream, &canary(target, token), token)
}

/// Plays inputs one after the other.
pub struct Player<'t> {
    target: &'t Target,
    known: Known,
    connect: Duration,
    open: Option<(Connection, usize)>,
}

/// How long to wait in one exchange.
#[derive(Debug, Clone, Copy)]
pub struct Wait {
    /// After the last octet in either direction.
    pub quiet: Duration,
    /// Altogether.
    pub exchange: Duration,
    /// For one answer too many, where the canary's answer cannot be told from others.
    pub linger: Duration,
}

impl<'t> Player<'t> {
    /// A player without a connection yet.
    #[must_use]
    pub const fn new(target: &'t Target, known: Known, connect: Duration) -> Self {
        Self { target, known, connect, open: None }
    }

    /// Forgets the connection, so that the next input has one of its own.
    pub fn fresh(&mut self) {
        if let Some((connection, _)) = self.open.take() {
            // Without a reset every connection would keep a port for a minute.
            connection.reset();
        }
    }

    /// Plays an input, on the open connection if there is one.
    pub async fn play(&mut self, sent: &Sent, wait: Wait, pulse: Option<&Pulse>) -> Played {
        let reused = self.open.take();
        let was_reused = reused.is_some();
        let played = self.once(sent, wait, pulse, reused).await;
        if was_reused && played.octets.is_empty() && played.ended != Ended::Quiet {
            // The target had had enough of that connection, as it may at any time.
            return self.once(sent, wait, pulse, None).await;
        }
        played
    }

    async fn once(
        &mut self,
        sent: &Sent,
        wait: Wait,
        pulse: Option<&Pulse>,
        open: Option<(Connection, usize)>,
    ) -> Played {
        let started = Instant::now();
        let (mut connection, before) = match open {
            Some(open) => open,
            None => {
                if let Some(pace) = &self.target.pace {
                    pace.turn().await;
                }
                match Connection::open(self.target, self.connect).await {
                    Ok(connection) => (connection, 0),
                    Err(error) => {
                        let ended = Ended::NotConnected(error.to_string());
                        return Played {
                            octets: Vec::new(),
                            ended,
                            took: started.elapsed(),
                            before: 0,
                            used_again: false,
                        };
                    }
                }
            }
        };
        let began = Instant::now();
        let is_sent = tokio::time::timeout(wait.exchange, connection.send(&sent.octets)).await;
        let mut octets = Vec::new();
        let mut progress = Progress::new(sent, self.known);
        let mut quiet = if is_sent.is_err() { Duration::ZERO } else { wait.quiet };
        let ended = loop {
            match connection.receive(quiet).await {
                Received::Octets(more) => {
                    if octets.is_empty()
                        && let Some(pulse) = pulse
                    {
                        pulse.beat(began.elapsed());
                    }
                    octets.extend_from_slice(&more);
                    if octets.len() > RECEIVED_MOST {
                        break Ended::Flood;
                    }
                    match progress.of(&octets) {
                        State::Done => break Ended::Answered,
                        State::Enough => quiet = wait.linger,
                        State::More => quiet = wait.quiet,
                    }
                    if began.elapsed() > wait.exchange {
                        break Ended::Deadline;
                    }
                }
                Received::Fin => break Ended::Fin,
                Received::Reset => break Ended::Reset,
                Received::Nothing if progress.is_enough => break Ended::Answered,
                Received::Nothing => break Ended::Quiet,
            }
        };
        let is_open = matches!(ended, Ended::Quiet | Ended::Answered) && !progress.is_done;
        let is_due = is_open && !octets.is_empty() && closes(sent);
        let used_again = is_due && self.is_used_again(&mut connection, wait).await;
        if ended == Ended::Answered && progress.is_done {
            self.open = Some((connection, before + 1));
        } else if matches!(ended, Ended::Quiet | Ended::Answered | Ended::Flood | Ended::Deadline) {
            connection.reset();
        }
        Played { octets, ended, took: started.elapsed(), before, used_again }
    }

    /// Whether a plain request is answered on a connection that should have been closed.
    async fn is_used_again(&self, connection: &mut Connection, wait: Wait) -> bool {
        if connection.send(&plain(self.target, "GET")).await.is_err() {
            return false;
        }
        match connection.receive(wait.quiet).await {
            Received::Octets(octets) => {
                let found = answers(&octets, &[b"GET".to_vec()], false);
                // A 408 says that nothing came in time.
                found.first().and_then(|answer| answer.status).is_some_and(|status| status != 408)
            }
            _ => false,
        }
    }
}

impl Drop for Player<'_> {
    fn drop(&mut self) {
        self.fresh();
    }
}

/// Whether a refusal of the first message has to be followed by a close.
fn closes(sent: &Sent) -> bool {
    sent.strict().messages.first().is_some_and(|message| {
        let refused = message.faults.iter().filter(|fault| fault.refused);
        let mut reactions = refused.filter_map(|fault| fault.rule.reaction(Role::OriginServer, On::Request)).peekable();
        reactions.peek().is_some() && reactions.all(|reaction| reaction.action.closes())
    })
}

enum State {
    /// The canary was answered in its turn.
    Done,
    /// As many answers as any reading has are there.
    Enough,
    More,
}

/// Tells when enough has come.
struct Progress<'s> {
    sent: &'s Sent,
    known: Known,
    methods: Vec<Vec<u8>>,
    least: usize,
    most: usize,
    is_done: bool,
    is_enough: bool,
}

impl<'s> Progress<'s> {
    fn new(sent: &'s Sent, known: Known) -> Self {
        let strict = sent.strict();
        let method =
            |message: &startline_parser::reader::Message| message.method(&sent.octets).unwrap_or(b"GET").to_vec();
        let mut counts = sent.readings.iter().map(|permitted| permitted.reading.messages.len());
        let least = counts.next().unwrap_or(1);
        Self {
            sent,
            known,
            methods: strict.messages.iter().map(method).collect(),
            least,
            most: counts.fold(least, usize::max),
            is_done: false,
            is_enough: false,
        }
    }

    fn of(&mut self, octets: &[u8]) -> State {
        let found = answers(octets, &self.methods, false);
        let finals: Vec<&Answer> = found.iter().filter(|answer| !answer.is_interim()).collect();
        let complete = finals.iter().filter(|answer| answer.is_complete).count();
        let shows = |answer: &&&Answer| is_canary(answer, self.known.sign, &self.sent.token);
        self.is_enough = complete >= self.most;
        let Some(last) = finals.last().filter(|last| last.is_complete && !last.says_close) else {
            return if self.is_enough { State::Enough } else { State::More };
        };
        // Where only a status tells the canary's answer, another answer may look like it.
        let is_sure = match self.known.sign {
            CanarySign::Echo => shows(&last),
            CanarySign::Status(_) => shows(&last) && finals.iter().filter(shows).count() == 1,
            CanarySign::CountOnly => false,
        };
        self.is_done =
            is_sure && complete == finals.len() && (complete >= self.least || self.known.sign == CanarySign::Echo);
        match (self.is_done, self.is_enough) {
            (true, _) => State::Done,
            (false, true) => State::Enough,
            (false, false) => State::More,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Verdict;
    use crate::judge::stream::{What, judge};
    use crate::reference::{Behaviour, Reference, mutant};
    use crate::target::TargetOptions;

    const WAIT: Wait =
        Wait { quiet: Duration::from_millis(150), exchange: Duration::from_secs(2), linger: Duration::from_millis(5) };
    const KNOWN: Known = Known { sign: CanarySign::Status(404), echoes: true };

    async fn played(behaviour: Behaviour, stream: &[u8]) -> (crate::judge::stream::Judged, Played) {
        let running = Reference::start("127.0.0.1:0", behaviour).unwrap();
        let target = Target::resolve(&running.url(), &TargetOptions::default()).await.unwrap();
        let sent = sent_of(&target, stream, "t0k3nt0k3n");
        let mut player = Player::new(&target, KNOWN, Duration::from_secs(2));
        let played = player.play(&sent, WAIT, None).await;
        let judged = judge(&sent, played.seen(), KNOWN);
        let again = player.play(&sent, WAIT, None).await;
        let twice = judge(&sent, again.seen(), KNOWN);
        assert_eq!((twice.verdict, twice.what), (judged.verdict, judged.what));
        (judged, again)
    }

    #[tokio::test]
    async fn a_valid_stream_is_answered_on_a_connection_that_is_kept() {
        let stream = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
        let (judged, again) = played(Behaviour::default(), stream).await;
        assert_eq!((judged.verdict, again.before), (Verdict::Pass, 1));
        assert_eq!(judged.statuses, [Some(200), Some(200), Some(404)]);
    }

    #[tokio::test]
    async fn mutants_are_told_by_one_message_each() {
        for (fault, stream, what) in [
            (
                "content-length-invalid:plus",
                &b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc"[..],
                What::Served,
            ),
            ("host-missing:accept", b"GET / HTTP/1.1\r\n\r\n", What::Served),
            (
                "length-and-transfer-encoding:coding-persist",
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                What::LeftOpen,
            ),
            ("host-missing:hang", b"GET / HTTP/1.1\r\n\r\n", What::NoAnswer),
            ("host-missing:status-403", b"GET / HTTP/1.1\r\n\r\n", What::RefusedOddly),
            (
                "chunk-extension:reject",
                b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\nx\r\n0\r\n\r\n",
                What::Refused,
            ),
            (
                "body-read:octal",
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 010\r\n\r\n0123456789",
                What::ReadOtherwise,
            ),
        ] {
            let behaviour = mutant::by_name(fault).unwrap().behaviour.clone();
            let (judged, _) = played(behaviour, stream).await;
            assert!(judged.verdict.is_finding(), "{fault}: {judged:?}");
            assert_eq!(judged.what, what, "{fault}: {judged:?}");
            let rule = fault.split(':').next().unwrap();
            assert!(judged.blamed.iter().any(|blamed| blamed.id == rule), "{fault}: {judged:?}");
            let (judged, _) = played(Behaviour::default(), stream).await;
            assert!(!judged.verdict.is_finding(), "{fault} on a server without it: {judged:?}");
        }
    }
}
