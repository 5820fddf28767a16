//! Long messages: names, targets and values that fill vectors of every width many times over, and more lines than are
//! looked at together.
//!
//! A few choices are repeated to the length wanted, so that long input takes no more choices than short input. Lengths
//! are near those at which fast code changes its way, give or take a few octets.

use arbitrary::{Result, Unstructured};
use startline_parser::Limits;
use startline_parser::bytes::{is_text, trim_ows};

use super::{Message, Start, field, text, token};
use crate::outcome::FIELDS;

impl Message {
    /// Makes one to four things of the message long; it stays what it was otherwise.
    ///
    /// # Errors
    /// Never for want of octets.
    pub fn lengthen(&mut self, choices: &mut Unstructured<'_>) -> Result<()> {
        for _ in 0..=choices.int_in_range(0..=3)? {
            match choices.int_in_range(0..=5)? {
                0 => self.lengthen_start(choices)?,
                1 => {
                    let at = choices.int_in_range(0..=self.fields.len())?;
                    let name =
                        [b"X-".to_vec(), cycled(&token(choices, 8)?, near(choices, &[16, 32, 64, 128])?)].concat();
                    self.fields.insert(at, (name, field(choices)?.1));
                }
                2 => self.add_lines(choices)?,
                _ => {
                    let at = choices.int_in_range(0..=self.fields.len())?;
                    let value = long_text(choices)?;
                    self.fields.insert(at, (field(choices)?.0, value));
                }
            }
        }
        Ok(())
    }

    fn lengthen_start(&mut self, choices: &mut Unstructured<'_>) -> Result<()> {
        match &mut self.start {
            Start::Response(_, reason) => *reason = long_text(choices)?,
            Start::Request(method, target, _) if target.starts_with(b"/") || target.starts_with(b"http") => {
                let mut piece = Vec::new();
                for _ in 0..=choices.int_in_range(0..=5)? {
                    piece.extend_from_slice(choices.choose(&[
                        &b"a"[..],
                        b"%2F",
                        b"%c3%A4",
                        b"/path",
                        b"?q=",
                        b"~",
                        b":@!$'()*+,;",
                    ])?);
                }
                let wanted = target.len() + near(choices, &[32, 64, 96, 128, 160, 300])?;
                // An authority without a path may end in a port.
                let mut long = if target.starts_with(b"/") { target.clone() } else { [target, &b"/"[..]].concat() };
                // Whole pieces, so that no escape is cut; the rest shifts them against the octets that vectors begin at.
                long.resize(long.len() + choices.int_in_range(0..=40)?, b'x');
                while long.len() < wanted {
                    long.extend_from_slice(&piece);
                }
                *target = long;
                if choices.int_in_range(0..=7)? == 7 {
                    *method = cycled(&token(choices, 5)?, near(choices, &[16, 32, 64])?);
                }
            }
            Start::Request(..) => {}
        }
        Ok(())
    }

    /// So many field lines that they are not taken at one go.
    fn add_lines(&mut self, choices: &mut Unstructured<'_>) -> Result<()> {
        let wanted = near(choices, &[33, 64, 128, 160, 256])?;
        let kinds = [field(choices)?, (token(choices, 3)?, text(choices, 2)?), field(choices)?];
        let kinds = &kinds[..choices.int_in_range(1..=3)?];
        for (name, value) in kinds.iter().cycle() {
            if self.fields.len() >= wanted {
                break;
            }
            let trimmed = trim_ows(value);
            self.fields.push((name.clone(), value[trimmed].to_vec()));
        }
        Ok(())
    }

    /// Limits that this message, or the stream that it begins, is right at or a little beyond.
    pub(super) fn tight_limits(&self, choices: &mut Unstructured<'_>, limits: Limits, stream: &[u8]) -> Result<Limits> {
        let number = self.fields.len();
        Ok(match choices.int_in_range(0..=7)? {
            3 => limits.with_fields(number.saturating_sub(1)),
            4 => limits.with_fields(number.min(FIELDS)),
            5 => limits.with_fields(choices.int_in_range(0..=FIELDS)?),
            6 | 7 => {
                let lines: Vec<&[u8]> = stream.split_inclusive(|&octet| octet == b'\n').collect();
                let line = choices.int_in_range(0..=lines.len().saturating_sub(1))?;
                let len = lines.get(line).map_or(0, |line| line.len());
                let around = |octets: usize, by: usize| (octets + by).saturating_sub(1);
                let by = choices.int_in_range(0..=2)?;
                match choices.int_in_range(0..=3)? {
                    0 => limits.with_head(around(lines[..line].iter().map(|line| line.len()).sum(), by)),
                    1 => limits.with_start_line(around(lines.first().map_or(0, |line| line.len()), by)),
                    _ => limits.with_field_line(around(len, by)),
                }
            }
            _ => limits,
        })
    }
}

/// One of the lengths, give or take three.
fn near(choices: &mut Unstructured<'_>, lengths: &[usize]) -> Result<usize> {
    Ok(choices.choose(lengths)? + choices.int_in_range(0..=6)? - 3)
}

/// A value or a reason-phrase with blanks in it and not around it.
fn long_text(choices: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut piece = text(choices, 12)?;
    if choices.int_in_range(0..=3)? == 3 {
        piece.push(b'\t');
    }
    piece.push(b'v');
    debug_assert!(piece.iter().all(|&octet| is_text(octet)), "text of other octets");
    let mut value = cycled(&piece, near(choices, &[32, 64, 96, 128, 192, 256, 400, 1000])?);
    // Where the value has been cut there may be a blank.
    value.insert(0, b'v');
    value.push(b'v');
    Ok(value)
}

fn cycled(piece: &[u8], len: usize) -> Vec<u8> {
    piece.iter().copied().cycle().take(len).collect()
}

#[cfg(test)]
mod tests {
    use startline_parser::rule::On;

    use super::*;
    use crate::generate::{Case, Messages};
    use crate::roundtrip;

    /// Choices by chance, the same in every run.
    fn choices(seed: u64) -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        };
        (0..500).map(|_| next()).collect()
    }

    /// Everything that is promised at the top comes up, and what comes up is right.
    #[test]
    fn long_messages_are_messages_and_long() {
        let (mut name, mut value, mut target, mut reason, mut method, mut lines) = (0, 0, 0, 0, 0, 0);
        for seed in 0..400 {
            let octets = choices(seed);
            let choices = &mut Unstructured::new(&octets);
            let on = if seed % 2 == 0 { On::Request } else { On::Response };
            let mut message = Message::generate(choices, on).unwrap();
            message.lengthen(choices).unwrap();
            roundtrip::message(&message).unwrap();
            name = message.fields.iter().map(|(name, _)| name.len()).fold(name, usize::max);
            value = message.fields.iter().map(|(_, value)| value.len()).fold(value, usize::max);
            lines = lines.max(message.fields.len());
            match &message.start {
                Start::Request(of_request, of_target, _) => {
                    (method, target) = (method.max(of_request.len()), target.max(of_target.len()));
                }
                Start::Response(_, of_response) => reason = reason.max(of_response.len()),
            }
        }
        assert!(name > 64 && value > 900 && target > 256 && reason > 300 && method > 32, "{name} {value} {target}");
        assert!((256..FIELDS).contains(&lines), "{lines} field lines");
    }

    #[test]
    fn inputs_of_the_last_first_octets_are_long() {
        let longest = |first: u8| {
            let of_seed = |seed| {
                let octets = [vec![first], choices(seed)].concat();
                let Messages(case) = arbitrary::Arbitrary::arbitrary(&mut Unstructured::new(&octets)).unwrap();
                let case: Case = case;
                case.stream.len()
            };
            (0..40).map(of_seed).max().unwrap_or_default()
        };
        assert!(longest(0x80) < 1000 && longest(0xEF) < 1000);
        assert!(longest(0xF0) > 1000 && longest(0xFF) > 1000);
    }
}
