//! A conversation with the reference server without sockets: what it would answer, by the same pure function.
//!
//! For documents, which have to come out the same each time. Time does not pass here: a server that would wait for more
//! is found waiting, and its [`clock`](Behaviour::clock) stands still if it is set.

use super::behaviour::Behaviour;
use super::conversation::{Arrival, Then, pass};
use super::resources::Store;

/// One connection to a server that is not there.
#[derive(Debug)]
pub struct Rehearsal<'b> {
    behaviour: &'b Behaviour,
    buffer: Vec<u8>,
    continued: bool,
    store: Store,
    echoes: bool,
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
    pub fn new(behaviour: &'b Behaviour) -> Self {
        let store = Store::default();
        Self { behaviour, buffer: Vec::new(), continued: false, store, echoes: false, state: State::Open }
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
        if self.echoes {
            // After a change of protocol everything is sent back.
            return std::mem::take(&mut self.buffer);
        }
        let pass = pass(&self.buffer, self.behaviour, &self.store, self.continued, arrival);
        self.buffer.drain(..pass.consumed);
        self.continued = pass.continued;
        self.echoes = pass.then == Then::Echo;
        self.state = match pass.then {
            Then::Read | Then::Echo => State::Open,
            Then::Hang => State::Mute,
            Then::Close => State::Closed,
            Then::Reset => State::Reset,
        };
        let mut came = pass.answers.concat();
        if self.echoes {
            came.append(&mut self.buffer);
        }
        came
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
