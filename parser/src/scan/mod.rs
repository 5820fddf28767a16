//! Finding the end of a line: the one loop that touches every octet of a head.
//!
//! The portable path alone for now, in safe Rust.

/// Offset of the first LF in `buffer`, if there is one.
#[inline]
pub(crate) fn line_feed(buffer: &[u8]) -> Option<usize> {
    const LANES: usize = 16;
    let mut chunks = buffer.chunks_exact(LANES);
    let mut at = 0;
    for chunk in &mut chunks {
        // Whole lanes are tested at once; the compiler makes vector code of it.
        if chunk.iter().fold(false, |found, &octet| found | (octet == b'\n')) {
            break;
        }
        at += LANES;
    }
    buffer[at..].iter().position(|&octet| octet == b'\n').map(|found| at + found)
}

#[cfg(test)]
mod tests {
    use super::line_feed;

    #[test]
    fn finds_the_first_line_feed_at_every_place() {
        for len in 0..70 {
            let mut buffer = [b'a'; 70];
            assert_eq!(line_feed(&buffer[..len]), None);
            for at in 0..len {
                buffer.fill(b'a');
                buffer[at] = b'\n';
                buffer[len - 1] = b'\n';
                assert_eq!(line_feed(&buffer[..len]), Some(at));
            }
        }
    }
}
