//! A server of ours that runs: a thread, a listener, and a log of what each connection brought.
//!
//! Each server has a thread and a runtime of its own, so that it can be started from anywhere, asynchronous or not, and
//! is gone with all its connections when it is stopped. The log is bounded: the last [`CONNECTIONS_MOST`] connections,
//! [`READS_MOST`] reads and [`LOGGED_MOST`] octets of each; of octets beyond that only the count is kept.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::stream::Stream;

/// More connections than this are not remembered; the oldest are forgotten first.
pub const CONNECTIONS_MOST: usize = 256;

/// More octets than this are not kept of one connection.
pub const LOGGED_MOST: usize = 256 * 1024;

/// More reads than this are not remembered of one connection.
pub const READS_MOST: usize = 16 * 1024;

/// A server that listens. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    scheme: &'static str,
    log: Log,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What one connection brought.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadLog {
    /// Every read that brought something, in order.
    pub reads: Vec<Read>,
    /// Whether the peer has closed its side.
    pub fin: bool,
}

/// What one read call brought.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Read {
    /// Time since the connection was accepted.
    pub at: Duration,
    /// How many octets.
    pub len: usize,
    /// The octets; empty once [`LOGGED_MOST`] are kept of the connection.
    pub octets: Vec<u8>,
}

/// How many connections are served at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workers {
    One,
    Many,
}

impl Running {
    /// Binds, and serves each connection with `handler` on a thread of its own.
    pub(crate) fn start<H, F>(listen: impl ToSocketAddrs, workers: Workers, handler: H) -> io::Result<Self>
    where
        H: Fn(Peer) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let log = Log::default();
        let connections = log.clone();
        let thread = std::thread::Builder::new().name("startline-server".to_owned()).spawn(move || {
            runtime.block_on(async move {
                tokio::select! {
                    () = accept(listener, workers, handler, connections) => {}
                    // An error means that the handle is gone, which ends the server as well.
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { address, scheme: "http", log, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of its root.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}/", self.scheme, self.address)
    }

    /// The same, known to speak TLS.
    pub(crate) fn with_tls(mut self) -> Self {
        self.scheme = "https";
        self
    }

    /// What the connections brought so far, in the order in which they were accepted.
    #[must_use]
    pub fn read_log(&self) -> Vec<ReadLog> {
        self.log.lock().connections.iter().map(|entry| entry.log.clone()).collect()
    }

    /// Stops listening and drops every connection.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            // A panic in there was printed; there is nobody to hand it to.
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

async fn accept<H, F>(listener: TcpListener, workers: Workers, handler: H, log: Log)
where
    H: Fn(Peer) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Without the option the answers come later, and are as good.
                let _ = stream.set_nodelay(true);
                let serving = handler(Peer::new(stream, log.clone()));
                match workers {
                    Workers::One => serving.await,
                    Workers::Many => drop(tokio::spawn(serving)),
                }
            }
            // Out of descriptors, or a peer that is gone again: neither lasts.
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}

/// An accepted connection, whose reads are logged.
pub(crate) struct Peer {
    pub(crate) stream: Stream,
    id: u64,
    log: Log,
    opened: Instant,
}

impl Peer {
    fn new(stream: TcpStream, log: Log) -> Self {
        let id = log.open();
        Self { stream: Stream::Tcp(stream), id, log, opened: Instant::now() }
    }

    /// The same connection under TLS, once the peer has shaken hands.
    pub(crate) async fn secured(self) -> io::Result<Self> {
        Ok(Self { stream: self.stream.secured().await?, ..self })
    }

    /// Appends what there is to `buffer`, or waits for it; zero means that the peer has closed its side.
    pub(crate) async fn read(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        let before = buffer.len();
        buffer.reserve(64 * 1024);
        let len = self.stream.read_buf(buffer).await?;
        self.log.add(self.id, self.opened.elapsed(), &buffer[before..]);
        Ok(len)
    }

    /// Closes this side, reads on for a short time so that what was sent last survives, and closes.
    pub(crate) async fn close(mut self, drain: Duration) {
        if self.stream.shutdown().await.is_err() {
            return;
        }
        self.hang(drain).await;
    }

    /// The same without a word of TLS about it.
    pub(crate) async fn cut(mut self, drain: Duration) {
        if self.stream.tcp_mut().shutdown().await.is_err() {
            return;
        }
        self.hang(drain).await;
    }

    /// Reads and forgets until the peer closes or the time is over.
    pub(crate) async fn hang(mut self, longest: Duration) {
        let waiting = async {
            let mut sink = Vec::new();
            while matches!(self.read(&mut sink).await, Ok(1..)) {
                sink.clear();
            }
        };
        // Whether the peer closes in time or not, the connection ends here.
        let _ = tokio::time::timeout(longest, waiting).await;
    }

    /// Sends back what has come and what comes, until the peer closes or nothing has come for so long.
    pub(crate) async fn echo(mut self, mut buffer: Vec<u8>, longest: Duration) {
        loop {
            if self.stream.write_all(&buffer).await.is_err() {
                return;
            }
            buffer.clear();
            if !matches!(tokio::time::timeout(longest, self.read(&mut buffer)).await, Ok(Ok(1..))) {
                return;
            }
        }
    }

    /// Resets the connection.
    pub(crate) fn reset(self) {
        // Without the option the peer sees a FIN, if nothing is left unread.
        let _ = socket2::SockRef::from(self.stream.tcp()).set_linger(Some(Duration::ZERO));
    }
}

#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Connections>>);

#[derive(Debug, Default)]
struct Connections {
    next: u64,
    connections: VecDeque<Entry>,
}

#[derive(Debug)]
struct Entry {
    id: u64,
    /// Octets kept so far.
    kept: usize,
    log: ReadLog,
}

impl Log {
    fn lock(&self) -> std::sync::MutexGuard<'_, Connections> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> u64 {
        let mut log = self.lock();
        let id = log.next;
        log.next += 1;
        if log.connections.len() == CONNECTIONS_MOST {
            log.connections.pop_front();
        }
        log.connections.push_back(Entry { id, kept: 0, log: ReadLog { reads: Vec::new(), fin: false } });
        id
    }

    fn add(&self, id: u64, at: Duration, octets: &[u8]) {
        let mut log = self.lock();
        let Some(entry) = log.connections.iter_mut().find(|entry| entry.id == id) else { return };
        if octets.is_empty() {
            entry.log.fin = true;
        } else if entry.log.reads.len() < READS_MOST {
            let keep = if entry.kept + octets.len() <= LOGGED_MOST { octets.to_vec() } else { Vec::new() };
            entry.kept += keep.len();
            entry.log.reads.push(Read { at, len: octets.len(), octets: keep });
        }
    }
}
