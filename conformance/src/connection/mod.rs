//! Raw connections: octets out, octets in, and how it ended, each with its time.
//!
//! Nothing is parsed here. Segments go out as they are handed over: Nagle's algorithm is off, and between two segments
//! the kernel's send queue has to be empty.

mod send_queue;
pub mod tls;

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::{Instant, timeout};

use crate::target::{AddressClass, Endpoint, Target};

/// An open connection to a target.
pub struct Connection {
    stream: Stream,
    opened: Instant,
    buffer: Box<[u8]>,
    without_alert: bool,
}

enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
    Tls(Box<tokio_rustls::client::TlsStream<TcpStream>>),
}

/// What one read brings.
#[derive(Debug)]
pub enum Received {
    /// Octets.
    Octets(Vec<u8>),
    /// The peer closed.
    Fin,
    /// The peer reset the connection.
    Reset,
    /// Nothing within the time given.
    Nothing,
}

/// What writing and reading at once comes to.
#[derive(Debug)]
pub enum SentOrReceived {
    /// So many octets were taken.
    Sent(usize),
    /// Something was read.
    Received(Received),
    /// Nothing can be written any more.
    Refused,
}

/// Between two segments the peer gets this long to read the first.
const TICK: Duration = Duration::from_millis(3);

/// Octets of one read, at most.
const READ_MOST: usize = 16 * 1024;

impl Connection {
    /// Connects within `patience`, with TLS where the target has it.
    ///
    /// # Errors
    /// What the system or the TLS library says, or that the time is over.
    pub async fn open(target: &Target, patience: Duration) -> io::Result<Self> {
        timeout(patience, Self::connect(target))
            .await
            .unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, "no connection within the time given")))
    }

    async fn connect(target: &Target) -> io::Result<Self> {
        let stream = match &target.endpoint {
            Endpoint::Unix(path) => Stream::Unix(UnixStream::connect(path).await?),
            Endpoint::Tcp(address) => {
                let tcp = TcpStream::connect(address).await?;
                tcp.set_nodelay(true)?;
                match &target.tls {
                    None => Stream::Tcp(tcp),
                    Some(tls) => {
                        let connector = tokio_rustls::TlsConnector::from(tls.config.clone());
                        Stream::Tls(Box::new(connector.connect(tls.name.clone(), tcp).await?))
                    }
                }
            }
        };
        Ok(Self { stream, opened: Instant::now(), buffer: Box::default(), without_alert: false })
    }

    /// Time since the connection was opened.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.opened.elapsed()
    }

    /// Sends octets as one segment (as far as they fit one).
    ///
    /// # Errors
    /// What the system says; most often that the peer is gone.
    pub async fn send(&mut self, octets: &[u8]) -> io::Result<()> {
        let writer = self.stream.writer();
        writer.write_all(octets).await?;
        writer.flush().await
    }

    /// Waits until what was sent has left this machine's send queue, and a tick longer.
    pub async fn settle(&self) {
        if let Some(tcp) = self.stream.tcp() {
            send_queue::drained(tcp).await;
        }
        tokio::time::sleep(TICK).await;
    }

    /// Waits for a tick, and elsewhere than on this machine until what was sent has left the send queue.
    ///
    /// For small segments in a row. On this machine a segment is in the peer's receive queue when it has been written;
    /// what the send queue still shows are acknowledgements that the peer's kernel puts off.
    pub async fn tick(&self) {
        let is_here = self.stream.tcp().is_none_or(|tcp| tcp.peer_addr().is_ok_and(|peer| is_loopback(peer.ip())));
        if is_here { tokio::time::sleep(TICK).await } else { self.settle().await }
    }

    /// Sends octets while reading what comes: whichever is possible first is done. Octets may be left over.
    pub async fn send_or_receive(&mut self, octets: &[u8], patience: Duration) -> SentOrReceived {
        if self.buffer.is_empty() {
            self.buffer = vec![0; READ_MOST].into();
        }
        let (stream, buffer) = (&mut self.stream, &mut self.buffer);
        let mut cut = false;
        let step = std::future::poll_fn(|context| {
            let mut space = ReadBuf::new(buffer);
            // Answers go first: whoever writes on has an answer erased by a reset.
            if let Poll::Ready(read) = Pin::new(stream.reader()).poll_read(context, &mut space) {
                let (received, without_alert) = received(read.map(|()| space.filled()));
                cut = without_alert;
                return Poll::Ready(SentOrReceived::Received(received));
            }
            Pin::new(stream.writer()).poll_write(context, octets).map(|written| match written {
                Ok(len) => SentOrReceived::Sent(len),
                // The peer is gone, which shows in what is read.
                Err(_) => SentOrReceived::Refused,
            })
        });
        let done = timeout(patience, step).await.unwrap_or(SentOrReceived::Received(Received::Nothing));
        self.without_alert |= cut;
        done
    }

    /// Closes the sending side.
    ///
    /// # Errors
    /// What the system says.
    pub async fn shutdown(&mut self) -> io::Result<()> {
        self.stream.writer().shutdown().await
    }

    /// Makes the connection end with a reset when it is dropped.
    pub fn reset(self) {
        if let Some(tcp) = self.stream.tcp() {
            // Without the option the connection ends with a FIN, which is as good for whoever only wants to leave.
            let _ = SockRef::from(tcp).set_linger(Some(Duration::ZERO));
        }
    }

    /// Closes the TCP connection, and says nothing of it in TLS.
    pub fn cut(mut self) {
        if let Stream::Tls(_) = &self.stream {
            self.without_alert = true;
        }
    }

    /// Whether the peer closed a TLS connection without its closure alert (RFC 9112 section 9.8).
    #[must_use]
    pub const fn ended_without_alert(&self) -> bool {
        self.without_alert
    }

    /// Reads what is there, or waits for it at most `patience`.
    pub async fn receive(&mut self, patience: Duration) -> Received {
        if self.buffer.is_empty() {
            self.buffer = vec![0; READ_MOST].into();
        }
        match timeout(patience, self.stream.reader().read(&mut self.buffer)).await {
            Err(_) => Received::Nothing,
            Ok(read) => {
                let (received, without_alert) = received(read.map(|len| &self.buffer[..len]));
                self.without_alert |= without_alert;
                received
            }
        }
    }
}

/// What a read brought, and whether a TLS connection was closed without its alert.
fn received(read: io::Result<&[u8]>) -> (Received, bool) {
    match read {
        Ok([]) => (Received::Fin, false),
        Ok(octets) => (Received::Octets(octets.to_vec()), false),
        // A TLS peer that leaves without its closure alert has closed all the same.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => (Received::Fin, true),
        Err(_) => (Received::Reset, false),
    }
}

fn is_loopback(address: IpAddr) -> bool {
    AddressClass::of(address) == AddressClass::Loopback
}

impl Drop for Connection {
    /// A client sends its closure alert before it closes (RFC 9112 section 9.8), as far as the socket takes it at once.
    fn drop(&mut self) {
        if let Stream::Tls(stream) = &mut self.stream
            && !self.without_alert
        {
            let (tcp, session) = stream.get_mut();
            session.send_close_notify();
            // A peer that is gone, or takes nothing, misses nothing.
            let _ = session.write_tls(&mut AtOnce(tcp));
        }
    }
}

/// Writes what can be written without waiting.
struct AtOnce<'s>(&'s TcpStream);

impl io::Write for AtOnce<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.try_write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stream {
    fn reader(&mut self) -> &mut (dyn AsyncRead + Unpin + Send) {
        match self {
            Self::Tcp(stream) => stream,
            Self::Unix(stream) => stream,
            Self::Tls(stream) => stream,
        }
    }

    fn writer(&mut self) -> &mut (dyn AsyncWrite + Unpin + Send) {
        match self {
            Self::Tcp(stream) => stream,
            Self::Unix(stream) => stream,
            Self::Tls(stream) => stream,
        }
    }

    fn tcp(&self) -> Option<&TcpStream> {
        match self {
            Self::Tcp(stream) => Some(stream),
            Self::Tls(stream) => Some(stream.get_ref().0),
            Self::Unix(_) => None,
        }
    }
}
