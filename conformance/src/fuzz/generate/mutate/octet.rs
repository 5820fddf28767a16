//! Single octets, wherever they stand.

use fastrand::Rng;

use super::super::dictionary::octet;
use super::super::draw::one_in;
use crate::fuzz::input::Input;

pub(super) fn mutate(rng: &mut Rng, input: &mut Input) {
    if input.is_empty() {
        return;
    }
    let at = rng.usize(..input.len());
    let (kind, octets) = input.token(at);
    let mut changed = octets.to_vec();
    let inside = rng.usize(..changed.len());
    match rng.u8(..4) {
        0 => changed[inside] ^= 1 << rng.u8(..8),
        1 => changed[inside] = octet(rng),
        2 => changed.insert(inside + usize::from(one_in(rng, 2)), octet(rng)),
        _ => {
            changed.remove(inside);
        }
    }
    input.splice(at..at + 1, &[(kind, &changed)]);
}
