//! A conversation with the reference server without sockets: what it would answer, by the same pure function.
//!
//! For documents, which have to come out the same each time. Time does not pass here: a server that would wait for more
//! is found waiting, and its [`clock`](Behaviour::clock) stands still if it is set.

use super::behaviour::Behaviour;
use super::conversation::{Arrival, Then, pass};

/// One connection to a server that is not there.
#[derive(Debug)]
pub struct Rehearsal<'b> {
    behaviour: &'b Behaviour,
    buffer: Vec<u8>,
    continued: bool,
    state: State,
}

/// What the connection looks like to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a connection is open, or it was ended in one of these ways")]
pub enum State {
    /// Open, and the server reads.
    Open,
    /// Open, and nothing comes any more, whatever is sent.
    Mute,
    /// Closed by the server.
    Closed,
    /// Reset by the server.
    Reset,
}

impl<'b> Rehearsal<'b> {
    /// A new connection.
    #[must_use]
    pub const fn new(behaviour: &'b Behaviour) -> Self {
        Self { behaviour, buffer: Vec::new(), continued: false, state: State::Open }
    }

    /// What the connection looks like by now.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// Sends octets in one segment; returns what comes back.
    pub fn send(&mut self, octets: &[u8]) -> Vec<u8> {
        self.buffer.extend_from_slice(octets);
        self.arrived(Arrival::More)
    }

    /// Closes the sending side; returns what comes back.
    pub fn shutdown(&mut self) -> Vec<u8> {
        self.arrived(Arrival::Fin)
    }

    fn arrived(&mut self, arrival: Arrival) -> Vec<u8> {
        if self.state != State::Open {
            return Vec::new();
        }
        let pass = pass(&self.buffer, self.behaviour, self.continued, arrival);
        self.buffer.drain(..pass.consumed);
        self.continued = pass.continued;
        self.state = match pass.then {
            Then::Read => State::Open,
            Then::Hang => State::Mute,
            Then::Close => State::Closed,
            Then::Reset => State::Reset,
        };
        pass.answers.concat()
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    #[test]
    fn an_answer_is_the_same_each_time() {
        let behaviour = Behaviour { clock: Some(UNIX_EPOCH), ..Behaviour::default() };
        let answer = Rehearsal::new(&behaviour).send(GET);
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"));
        let mut conversation = Rehearsal::new(&behaviour);
        assert_eq!(conversation.send(&GET[..9]), b"");
        assert_eq!(conversation.send(&GET[9..]), answer);
        assert_eq!(conversation.state(), State::Open);
        assert_eq!((conversation.shutdown(), conversation.state()), (Vec::new(), State::Closed));
    }

    #[test]
    fn nothing_comes_after_a_close() {
        let behaviour = Behaviour::default();
        let mut conversation = Rehearsal::new(&behaviour);
        assert!(conversation.send(b"GET / HTTP/1.1\r\n\r\n").starts_with(b"HTTP/1.1 400 "));
        assert_eq!((conversation.send(GET), conversation.state()), (Vec::new(), State::Closed));
    }
}
