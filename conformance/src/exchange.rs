//! Playing the steps of a check on a connection and keeping what comes back.
//!
//! Bounded in memory ([`RECEIVED_MOST`] octets a connection) and in time (the [`Patience`]), whatever the peer does.

use std::time::Duration;

use tokio::time::Instant;

use crate::answers::AnswerCounter;
use crate::check::{Awaited, Step};
use crate::connection::{Connection, Received, SentOrReceived};
use crate::meter;
use crate::observation::{Ended, Observation, Piece, Purpose, Sent};
use crate::segment::Segmentation;
use crate::target::Target;
use crate::wire::{self, Values};

/// More octets than this are not kept of one connection.
pub const RECEIVED_MOST: usize = 1 << 20;

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// After the last octet in either direction.
    pub quiet: Duration,
    /// For one exchange altogether.
    pub exchange: Duration,
    /// For a close that is due after an answer, before a further request asks for it. In every attempt the same, and far
    /// shorter than servers bear an idle connection: a server that closes because nothing came has not done its duty.
    pub close: Duration,
}

impl Patience {
    /// The longest wait for a close that is due; servers give idle connections five seconds, few of them two.
    pub const CLOSE_MOST: Duration = Duration::from_secs(1);

    /// The same, with every wait so many times as long, except that for a close.
    #[must_use]
    pub fn times(self, factor: u32) -> Self {
        Self { quiet: self.quiet * factor, exchange: self.exchange * factor, ..self }
    }
}

/// An exchange under way on one connection.
pub struct Exchange<'t> {
    target: &'t Target,
    patience: Patience,
    connection: Option<Connection>,
    started: Instant,
    counter: AnswerCounter,
    total: usize,
    segmentation: Segmentation,
    observation: Observation,
}

impl<'t> Exchange<'t> {
    /// Opens a connection. That there is none is an observation like any other. `methods` are those of the requests that
    /// will be sent, in order.
    pub async fn open(target: &'t Target, purpose: Purpose, methods: Vec<Vec<u8>>, patience: Patience) -> Self {
        if let Some(pace) = &target.pace {
            pace.turn().await;
        }
        let started = Instant::now();
        let opened = Connection::open(target, patience.connect).await;
        let (connection, ended) = match opened {
            Ok(connection) => (Some(connection), Ended::Answered),
            Err(error) => (None, Ended::NotConnected(error.to_string())),
        };
        Self {
            target,
            patience,
            connection,
            started,
            counter: AnswerCounter::new(methods),
            total: 0,
            segmentation: Segmentation::Whole,
            observation: Observation {
                purpose,
                sent: Vec::new(),
                received: Vec::new(),
                ended,
                ended_at: started.elapsed(),
                before_canary: None,
                omitted: 0,
            },
        }
    }

    /// The same, with what steps send cut so.
    #[must_use]
    pub const fn segmented(mut self, segmentation: Segmentation) -> Self {
        self.segmentation = segmentation;
        self
    }

    /// Whether the connection is open, as far as is known.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.connection.is_some()
    }

    /// Number of complete final answers so far.
    #[must_use]
    pub const fn finals(&self) -> usize {
        self.counter.finals()
    }

    /// Plays steps up to the last one that sends; receives only where a step waits.
    pub async fn play(&mut self, steps: &[Step], values: &Values) {
        let filled = |step: &Step| match step {
            Step::Send(template) => wire::with_fields(&template.fill(values), &values.host, &self.target.fields),
            _ => Vec::new(),
        };
        let octets: Vec<Vec<u8>> = steps.iter().map(filled).collect();
        let cuts = self.segmentation.cuts(&octets.concat());
        let mut from = 0;
        for (at, step) in steps.iter().enumerate() {
            match step {
                Step::Send(_) => {
                    let to = from + octets[at].len();
                    let within = cuts.iter().filter(|cut| from < **cut && **cut < to).map(|cut| cut - from);
                    self.send_cut(&octets[at], within).await;
                    from = to;
                    if at + 1 < steps.len()
                        && let Some(connection) = &self.connection
                    {
                        connection.settle().await;
                    }
                }
                Step::Pause(time) => {
                    tokio::time::sleep(*time).await;
                    meter::waited(*time);
                }
                Step::Await(Awaited::Final) => {
                    let wanted = self.finals() + 1;
                    self.receive(|counter| counter.finals() >= wanted).await;
                }
                Step::Await(Awaited::Response) => {
                    let wanted = self.counter.responses() + 1;
                    self.receive(|counter| counter.responses() >= wanted).await;
                }
                Step::Shutdown => {
                    if let Some(connection) = &mut self.connection {
                        // A peer that is gone already shows when it is read from.
                        let _ = connection.shutdown().await;
                    }
                }
                Step::Reset => {
                    if let Some(connection) = self.connection.take() {
                        connection.reset();
                    }
                }
            }
        }
    }

    /// Sends octets in the segments of this exchange.
    pub async fn send_segmented(&mut self, octets: &[u8]) {
        let cuts = self.segmentation.cuts(octets);
        self.send_cut(octets, cuts.into_iter()).await;
    }

    /// Sends octets in segments that begin at the cuts. A peer that closes in between is sent nothing more, and what it
    /// answers in between is read at once.
    async fn send_cut(&mut self, octets: &[u8], cuts: impl Iterator<Item = usize>) {
        let mut from = 0;
        for cut in cuts {
            self.send(&octets[from..cut], false).await;
            from = cut;
            self.between_segments().await;
            if self.connection.is_none() {
                return;
            }
        }
        self.send(&octets[from..], false).await;
    }

    async fn between_segments(&mut self) {
        if let Some(connection) = &self.connection {
            connection.tick().await;
        }
        if let Some(pause) = self.segmentation.pause(self.patience.quiet) {
            tokio::time::sleep(pause).await;
        }
        self.receive_what_is_there().await;
    }

    /// Sends octets until all are gone, or a final answer is complete, or the peer ends the connection.
    pub async fn send_until_answered(&mut self, octets: &[u8]) {
        let at = self.started.elapsed();
        let wanted = self.finals() + 1;
        let mut gone = 0;
        while gone < octets.len()
            && self.finals() < wanted
            && !self.counter.has_begun()
            && let Some(connection) = &mut self.connection
        {
            match connection.send_or_receive(&octets[gone..], self.patience.quiet).await {
                SentOrReceived::Sent(len) => gone += len,
                SentOrReceived::Received(Received::Nothing) | SentOrReceived::Refused => break,
                SentOrReceived::Received(received) => self.take(received),
            }
        }
        if let Some(connection) = &mut self.connection {
            // What TLS has taken may not have left it yet; a peer that is gone shows when it is read from.
            let _ = tokio::time::timeout(self.patience.quiet, connection.send(b"")).await;
        }
        let piece = Piece { at, octets: octets[..gone].to_vec() };
        self.observation.sent.push(Sent { piece, is_canary: false });
    }

    /// Sends octets as they are.
    pub async fn send(&mut self, octets: &[u8], is_canary: bool) {
        if is_canary {
            self.observation.before_canary.get_or_insert(self.total);
        }
        let at = self.started.elapsed();
        let Some(connection) = &mut self.connection else { return };
        self.observation.sent.push(Sent { piece: Piece { at, octets: octets.to_vec() }, is_canary });
        // A peer that does not read is given up on like one that does not answer; what it has sent is read below.
        let _ = tokio::time::timeout(self.patience.exchange, connection.send(octets)).await;
    }

    /// Sends a message and a canary behind it in one segment, or with the canary in the last segment of the message.
    pub async fn send_flight(&mut self, message: &[u8], canary: &[u8]) {
        let at = self.started.elapsed();
        if self.connection.is_none() {
            return;
        }
        for (octets, is_canary) in [(message, false), (canary, true)] {
            self.observation.sent.push(Sent { piece: Piece { at, octets: octets.to_vec() }, is_canary });
        }
        let together = [message, canary].concat();
        let mut from = 0;
        for cut in self.segmentation.cuts(message) {
            let Some(connection) = &mut self.connection else { return };
            // As in `send`.
            let _ = tokio::time::timeout(self.patience.exchange, connection.send(&together[from..cut])).await;
            from = cut;
            self.between_segments().await;
        }
        let Some(connection) = &mut self.connection else { return };
        // As in `send`.
        let _ = tokio::time::timeout(self.patience.exchange, connection.send(&together[from..])).await;
    }

    /// Receives until `finals` final answers are complete, in total, or something ends it.
    pub async fn answers(&mut self, finals: usize) {
        self.receive(|counter| counter.finals() >= finals).await;
    }

    /// Receives until the head of a final answer is there, or something ends it.
    pub async fn answer_begun(&mut self) {
        self.receive(AnswerCounter::has_begun).await;
    }

    /// Waits for the peer to close.
    pub async fn close(&mut self) {
        self.receive(|_| false).await;
    }

    /// Waits for a close that is due, no longer than [`Patience::close`] says.
    pub async fn close_due(&mut self) {
        let patience = std::mem::replace(&mut self.patience.quiet, self.patience.close);
        self.receive(|_| false).await;
        self.patience.quiet = patience;
    }

    /// Receives whatever else comes before nothing has for so long; that nothing comes changes nothing.
    pub async fn linger(&mut self, quiet: Duration) {
        let ended = self.observation.ended.clone();
        let patience = std::mem::replace(&mut self.patience.quiet, quiet);
        self.receive(|_| false).await;
        self.patience.quiet = patience;
        if self.observation.ended == Ended::Quiet {
            self.observation.ended = ended;
        }
    }

    /// Receives what has arrived already, and does not wait.
    async fn receive_what_is_there(&mut self) {
        while let Some(connection) = &mut self.connection {
            match connection.receive(Duration::ZERO).await {
                Received::Nothing => break,
                received => self.take(received),
            }
        }
        self.observation.ended_at = self.started.elapsed();
    }

    fn take(&mut self, received: Received) {
        match received {
            Received::Octets(octets) => {
                self.counter.push(&octets);
                self.total += octets.len();
                self.observation.received.push(Piece { at: self.started.elapsed(), octets });
                if self.total > RECEIVED_MOST {
                    self.end(Ended::Flood);
                }
            }
            Received::Fin => self.end(Ended::Fin),
            Received::Reset => self.end(Ended::Reset),
            Received::Nothing => {}
        }
    }

    async fn receive(&mut self, enough: impl Fn(&AnswerCounter) -> bool) {
        let deadline = Instant::now() + self.patience.exchange;
        // How the peer ended the connection stands, whatever had been awaited.
        while let Some(connection) = &mut self.connection {
            if enough(&self.counter) {
                self.observation.ended = Ended::Answered;
                break;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                self.observation.ended = Ended::Deadline;
                break;
            }
            match connection.receive(self.patience.quiet.min(left)).await {
                Received::Nothing => {
                    self.observation.ended = Ended::Quiet;
                    meter::waited(self.patience.quiet.min(left));
                    break;
                }
                received => self.take(received),
            }
        }
        self.observation.ended_at = self.started.elapsed();
    }

    fn end(&mut self, ended: Ended) {
        if ended == Ended::Fin {
            self.counter.close();
        }
        self.observation.ended = ended;
        self.connection = None;
    }

    /// Ends the exchange from this side and hands out what was observed.
    #[must_use]
    pub fn finish(self) -> Observation {
        self.observation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::answers;
    use crate::target::TargetOptions;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const PATIENCE: Patience = Patience {
        connect: Duration::from_secs(2),
        quiet: Duration::from_millis(100),
        exchange: Duration::from_secs(2),
        close: Duration::from_millis(100),
    };

    /// What an exchange of one request comes to with a peer that answers so, and then closes or does not.
    async fn with_peer(answer: &'static [u8], closes: bool) -> Observation {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
            stream.write_all(answer).await.unwrap();
            if !closes {
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
        });
        let target = Target::resolve(&url, &TargetOptions::default()).await.unwrap();
        let mut exchange = Exchange::open(&target, Purpose::Check, vec![b"GET".to_vec()], PATIENCE).await;
        exchange.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", false).await;
        exchange.answers(1).await;
        exchange.finish()
    }

    #[tokio::test]
    async fn an_answer_that_lasts_until_the_close_leaves_the_close_on_record() {
        let observation = with_peer(b"HTTP/1.1 200 OK\r\n\r\nuntil the end", true).await;
        assert_eq!(observation.ended, Ended::Fin);
        assert!(answers(&observation.octets(), &[], observation.is_closed())[0].is_complete);
    }

    #[tokio::test]
    async fn a_complete_answer_ends_the_waiting() {
        let observation = with_peer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false).await;
        assert_eq!(observation.ended, Ended::Answered);
        assert!(observation.ended_at < Duration::from_millis(90), "{:?}", observation.ended_at);
    }

    /// A peer that leaves the connection open, and closes it when nothing has come for a while.
    #[tokio::test]
    async fn a_close_that_is_due_is_not_waited_for_until_the_connection_has_been_idle() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            let idle = Duration::from_secs(2);
            while let Ok(Ok(1..)) = tokio::time::timeout(idle, stream.read(&mut [0; 1024])).await {
                stream.write_all(answer).await.unwrap();
            }
        });
        let target = Target::resolve(&url, &TargetOptions::default()).await.unwrap();
        let patience = Patience { quiet: Duration::from_secs(1), exchange: Duration::from_secs(30), ..PATIENCE };
        let patience = patience.times(4);
        let mut exchange = Exchange::open(&target, Purpose::Check, vec![b"GET".to_vec(); 2], patience).await;
        exchange.send(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false).await;
        exchange.answers(1).await;
        exchange.close_due().await;
        assert!(exchange.is_open(), "the wait is shorter than the idle time of the peer, however patient the attempt");
        exchange.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true).await;
        exchange.answers(2).await;
        assert_eq!((exchange.finals(), exchange.finish().ended), (2, Ended::Answered));
    }

    #[tokio::test]
    async fn silence_is_silence() {
        let observation = with_peer(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf", false).await;
        assert_eq!(observation.ended, Ended::Quiet);
    }
}
