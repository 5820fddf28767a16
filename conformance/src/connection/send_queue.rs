//! Whether the kernel still holds octets that were sent on a connection.
//!
//! Linux tells in `/proc/net/tcp`; asking the socket itself would need `unsafe`. Elsewhere nobody is asked, and the tick
//! after each segment has to do.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpStream;

/// Looks at most this often, a millisecond apart.
const LOOKS: usize = 200;

/// Returns when the send queue of the connection is empty, or cannot be seen, or does not empty for a while.
pub(super) async fn drained(stream: &TcpStream) {
    let (Ok(local), Ok(peer)) = (stream.local_addr(), stream.peer_addr()) else { return };
    let mut unseen = 0;
    for _ in 0..LOOKS {
        match queued(local, peer) {
            Some(0) => return,
            // The table can miss a line while other sockets come and go.
            None if unseen == 2 => return,
            None => unseen += 1,
            Some(_) => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    }
}

/// Octets in the send queue of the connection between these addresses; none if that cannot be seen. One address is not
/// enough: a port is used again while old connections of it still stand in the table.
fn queued(local: SocketAddr, peer: SocketAddr) -> Option<u64> {
    let table = if local.is_ipv4() { "/proc/net/tcp" } else { "/proc/net/tcp6" };
    let table = std::fs::read_to_string(table).ok()?;
    let wanted = [format_address(local), format_address(peer)];
    let is_ours = |line: &&str| line.split_whitespace().skip(1).take(2).eq(wanted.iter().map(String::as_str));
    parse_queue(table.lines().skip(1).find(is_ours)?)
}

/// The fifth column is `tx_queue:rx_queue`, both hexadecimal.
fn parse_queue(line: &str) -> Option<u64> {
    let (sending, _) = line.split_whitespace().nth(4)?.split_once(':')?;
    u64::from_str_radix(sending, 16).ok()
}

/// Addresses stand in the table as 32-bit words in the machine's own byte order.
fn format_address(address: SocketAddr) -> String {
    let words: Vec<String> = match address.ip() {
        IpAddr::V4(ip) => vec![format!("{:08X}", u32::from_ne_bytes(ip.octets()))],
        IpAddr::V6(ip) => ip
            .octets()
            .chunks_exact(4)
            .map(|word| format!("{:08X}", u32::from_ne_bytes([word[0], word[1], word[2], word[3]])))
            .collect(),
    };
    format!("{}:{:04X}", words.concat(), address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_line_of_a_table() {
        let line = "   1: 0100007F:1F90 0100007F:A1B2 01 0000002A:00000000 00:00000000 00000000     0        0 1 1";
        assert_eq!(parse_queue(line), Some(42));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn sees_octets_that_a_full_peer_does_not_take() {
        use tokio::io::AsyncWriteExt;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (peer, _) = listener.accept().await.unwrap();
        let (local, far) = (stream.local_addr().unwrap(), stream.peer_addr().unwrap());
        assert_eq!(queued(local, far), Some(0));
        // Writes until the peer's window and the queue are full; the peer reads nothing.
        let _ = tokio::time::timeout(Duration::from_millis(300), stream.write_all(&vec![0; 64 << 20])).await;
        // The kernel's table can miss a line while other sockets come and go.
        assert!((0..20).any(|_| queued(local, far).is_some_and(|octets| octets > 0)));
        drop(peer);
    }
}
