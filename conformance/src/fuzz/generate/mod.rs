//! Inputs from the grammar, damaged.
//!
//! A message is drawn from the grammar, right in all its parts, or with framing that is wrong and content that fits one
//! way to misread it; damage is mostly one thing at a time, since a recipient that refuses the first hides what
//! it would make of the second. Inputs that there are already can be recombined. What is drawn how often is
//! said by a [`Mix`].
//!
//! Nothing here knows whether what it makes breaks a rule; the reader says so.

mod chunked;
mod dictionary;
mod draw;
mod fields;
mod framing;
mod grammar;
mod mix;
mod mutate;
mod number;
mod outline;
mod splice;
mod target;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use fastrand::Rng;

use self::draw::one_in;
use self::grammar::Grammar;
use self::mix::Family;
use super::input::Input;
use super::site::Site;

pub use mix::Mix;
pub use splice::of_checks;

/// No stream is longer.
const STREAM_MOST: usize = 16 * 1024;

/// Makes inputs.
#[derive(Debug)]
pub struct Generator {
    seed: u64,
    site: Site,
    mix: &'static Mix,
    checks: Vec<Input>,
}

impl Generator {
    /// A generator. `checks` are inputs that are recombined with what the grammar gives; none for the grammar and the
    /// dictionary alone.
    #[must_use]
    pub fn new(seed: u64, site: Site, mix: &'static Mix, checks: Vec<Input>) -> Self {
        Self { seed, site, mix, checks }
    }

    /// Input number `index`: the same for the same seed, index and `kept`, whatever was made before. `kept` are inputs
    /// that have taught something, the oldest first.
    #[must_use]
    pub fn input(&self, index: u64, kept: &[Arc<Input>]) -> Input {
        let mut rng = draw::rng(self.seed, index);
        let mut stream = Input::new();
        if self.mix.recombines(&mut rng)
            && let Some(parent) = splice::parent(&mut rng, &self.checks, kept)
        {
            self.recombine(&mut rng, parent, kept, &mut stream);
        } else {
            for _ in 0..self.mix.messages(&mut rng) {
                let family = self.mix.damage(&mut rng);
                self.message(&mut rng, family, &mut stream);
            }
        }
        if !self.mix.is_kept && one_in(&mut rng, 100) {
            mutate::truncate(&mut rng, &mut stream);
        }
        if stream.octets().len() > STREAM_MOST {
            let over = (0..stream.len()).find(|&at| stream.span(at).end > STREAM_MOST).unwrap_or(stream.len());
            stream.splice(over..stream.len(), &[]);
        }
        stream
    }

    fn grammar(&self) -> Grammar<'_> {
        Grammar { site: &self.site, is_kept: self.mix.is_kept }
    }

    /// Appends a message, damaged if a family of damage is given.
    fn message(&self, rng: &mut Rng, family: Option<Family>, stream: &mut Input) {
        let Some(family) = family else { return self.grammar().right(rng, stream) };
        let mut message = Input::new();
        let framing = match family {
            Family::Length => Some(framing::odd_length(rng)),
            Family::Coding => Some(framing::odd_coding(rng)),
            Family::Chunk => Some(framing::odd_chunked(rng)),
            _ => None,
        };
        match &framing {
            Some(framing) => self.grammar().with(rng, &mut message, framing),
            None => {
                self.grammar().right(rng, &mut message);
                mutate::mutate(rng, family, &self.site, &mut message);
            }
        }
        if one_in(rng, 10) {
            for _ in 0..rng.usize(1..=3) {
                let another = self.mix.family(rng);
                mutate::mutate(rng, another, &self.site, &mut message);
            }
        }
        stream.append(&message);
    }

    /// Makes a stream of one that there is, with parts of others, and damages it further.
    fn recombine(&self, rng: &mut Rng, parent: &Input, kept: &[Arc<Input>], stream: &mut Input) {
        *stream = parent.clone();
        match rng.u8(..4) {
            0 => {}
            1 => {
                if let Some(other) = splice::parent(rng, &self.checks, kept) {
                    splice::cross(rng, stream, other);
                }
            }
            _ => {
                // Into a message that is right otherwise, or behind one.
                let mut fresh = Input::new();
                self.grammar().right(rng, &mut fresh);
                splice::cross(rng, &mut fresh, parent);
                *stream = fresh;
            }
        }
        for _ in 0..[0, 1, 1, 1, 1, 2][rng.usize(..6)] {
            let family = self.mix.family(rng);
            mutate::mutate(rng, family, &self.site, stream);
        }
    }
}
