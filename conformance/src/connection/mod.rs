//! Raw connections: octets out, octets in, and how it ended, each with its time.
//!
//! Nothing is parsed here. Segments go out as they are handed over: Nagle's algorithm is off, and between two segments
//! the kernel's send queue has to be empty.

mod send_queue;
pub mod tls;

use std::io;
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::{Instant, timeout};

use crate::target::{Endpoint, Target};

/// An open connection to a target.
pub struct Connection {
    stream: Stream,
    opened: Instant,
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

/// Between two segments the peer gets this long to read the first.
const TICK: Duration = Duration::from_millis(3);

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
        Ok(Self { stream, opened: Instant::now(), without_alert: false })
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
        let mut buffer = vec![0; 64 * 1024];
        match timeout(patience, self.stream.reader().read(&mut buffer)).await {
            Err(_) => Received::Nothing,
            Ok(Ok(0)) => Received::Fin,
            Ok(Ok(len)) => {
                buffer.truncate(len);
                Received::Octets(buffer)
            }
            // A TLS peer that leaves without its closure alert has closed all the same.
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                self.without_alert = true;
                Received::Fin
            }
            Ok(Err(_)) => Received::Reset,
        }
    }
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
