//! Heads of the table that arrive in pieces.

use crate::heads::HeadReader;
use crate::inputs::{self, Input};

/// The inputs that are handed over in pieces: requests that are larger than a piece.
#[must_use]
pub fn inputs() -> Vec<Input> {
    inputs::all().into_iter().filter(|input| matches!(&input.id[..1], "b" | "c" | "e" | "f")).collect()
}

/// Who reads them: startline octet by octet, by what a very slow sender sends, by what fits into a packet, and whole;
/// httparse, which reads everything again with each piece, only in two of these ways.
#[must_use]
pub fn readers() -> Vec<HeadReader> {
    vec![
        HeadReader::startline(),
        HeadReader::startline().in_pieces(1_460),
        HeadReader::startline().in_pieces(16),
        HeadReader::startline().in_pieces(1),
        HeadReader::httparse(),
        HeadReader::httparse().in_pieces(16),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reader_reads_every_input_to_its_end() {
        assert_eq!(inputs().len(), 4);
        for input in inputs() {
            for mut reader in readers() {
                let message = &input.messages[0];
                let seen = reader.read(message);
                assert_eq!((seen.octets, seen.fields), (message.octets.len(), message.fields), "{}", reader.name());
            }
        }
    }
}
