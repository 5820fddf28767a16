//! The reference server: an origin server that does what RFC 9110 and RFC 9112 say, or, with one fault switched on, a
//! mutant that does not.
//!
//! It reads with [`startline_parser::reader`] under a [`Policy`](startline_parser::policy::Policy); the strict one refuses
//! whatever is not right, with the status that the rule names, and closes. What it serves is an echo of what it
//! understood. It guards against regressions of the runner and measures its recall; it is no witness to what the RFCs
//! mean, since it shares the reader with the judge.
//!
//! ```
//! use std::io::{Read, Write};
//! use startline::reference::{Behaviour, Reference};
//!
//! let server = Reference::start("127.0.0.1:0", Behaviour::default())?;
//! let mut client = std::net::TcpStream::connect(server.address())?;
//! client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")?;
//! let mut answer = String::new();
//! client.read_to_string(&mut answer)?;
//! assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"));
//! server.stop();
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Limits: TCP, and TLS with a certificate of its own making. Slow by design: a message is read anew each time more of it arrives. It is for tests and never for
//! serving content.

mod answer;
mod application;
mod behaviour;
#[cfg(test)]
mod conduct_tests;
mod conversation;
pub mod date;
mod faults;
pub mod lapse;
pub mod mutant;
#[cfg(test)]
mod mutant_tests;
mod refusal;
mod rehearsal;
mod resources;
mod running;
mod script;
#[cfg(test)]
mod served_tests;
mod stream;

use std::io;
use std::net::ToSocketAddrs;
use std::sync::Arc;

pub use application::ECHOED_MOST;
pub use behaviour::{Application, Behaviour, Deed, LIMITS, Malformation, Manner, Screen, When};
pub use mutant::Mutant;
pub use rehearsal::{Rehearsal, State};
pub use resources::target_options;
pub use running::{CONNECTIONS_MOST, LOGGED_MOST, READS_MOST, Read, ReadLog, Running};
pub(crate) use running::{Peer, Workers};

/// The reference server.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reference;

impl Reference {
    /// Starts it, each connection on its own. Port 0 stands for any that is free.
    ///
    /// # Errors
    /// The address cannot be bound, or there is no thread to be had.
    pub fn start(listen: impl ToSocketAddrs, behaviour: Behaviour) -> io::Result<Running> {
        Self::start_with(listen, behaviour, Workers::Many)
    }

    pub(crate) fn start_with(
        listen: impl ToSocketAddrs,
        behaviour: Behaviour,
        workers: Workers,
    ) -> io::Result<Running> {
        let tls = behaviour.tls;
        let behaviour = Arc::new(behaviour);
        let store = resources::Store::default();
        let serve = move |peer| conversation::serve(peer, behaviour.clone(), store.of_connection());
        let running = Running::start(listen, workers, serve)?;
        Ok(if tls { running.with_tls() } else { running })
    }
}
