//! Damage to a message that is there: at the place where a rule holds, as befits what stands there.

mod field;
mod lenient;
mod line;
mod octet;
mod token;

use fastrand::Rng;

use super::mix::Family;
use super::outline::Outline;
use crate::fuzz::input::Input;
use crate::fuzz::site::Site;

/// Does one thing to some message of the stream. Families that make messages of their own do something to a token here.
pub(super) fn mutate(rng: &mut Rng, family: Family, site: &Site, input: &mut Input) {
    let Some(outline) = Outline::any(rng, input) else { return octet::mutate(rng, input) };
    match family {
        Family::Line => line::mutate(rng, &outline, input),
        Family::Target => line::mutate_target(rng, site, &outline, input),
        Family::Field => field::mutate(rng, site, &outline, input),
        Family::Lenient => lenient::mutate(rng, &outline, input),
        Family::Octet => octet::mutate(rng, input),
        Family::Token | Family::Length | Family::Coding | Family::Chunk => token::mutate(rng, &outline, input),
    }
}

/// Takes the end of the stream away.
pub(super) fn truncate(rng: &mut Rng, input: &mut Input) {
    if input.len() > 1 {
        let from = rng.usize(1..input.len());
        input.splice(from..input.len(), &[]);
    }
}
