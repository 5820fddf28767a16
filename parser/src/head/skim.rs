//! Many right lines at a time: the ends of all lines first, then one line after the other with hardly a loop.

use core::cell::Cell;

use crate::fields::{self, FieldSpan};
use crate::limits::Limits;
use crate::scan::{Lanes, WINDOW, lines};

use super::StartLine;

/// How far skimming has come.
#[derive(Debug)]
pub(super) struct Skimmed<S> {
    /// The start-line, if it was still to be read and is right.
    pub(super) start_line: Option<S>,
    /// How many field lines were read.
    pub(super) fields: usize,
    /// Where the first line starts that has not been read; after the end, the length of the head.
    pub(super) at: usize,
    pub(super) is_complete: bool,
}

/// Reads the complete lines of `view` from `at` on, up to the first that is not right, field lines into `slots`.
///
/// The view is the buffer up to the limit of a head, and offsets in it have no more than 32 bits.
#[inline(always)]
pub(super) fn skim<L: Lanes, S: StartLine>(
    lanes: L,
    view: &[u8],
    at: usize,
    has_start_line: bool,
    slots: &mut [FieldSpan],
    limits: &Limits,
) -> Skimmed<S> {
    let mut came_to = Skimmed { start_line: None, fields: 0, at, is_complete: false };
    if view.len() < WINDOW {
        return came_to;
    }
    let ends = lines::ends(lanes, view, at, slots);
    // The place of a field line is the slot that its end was left in, or the one before: it has been read by then.
    let slots = Cell::from_mut(slots).as_slice_of_cells();
    let mut left = &slots[..ends.count];
    if !has_start_line {
        let [first, rest @ ..] = left else { return came_to };
        let end = first.get().value.end as usize;
        if !ends_well(view, at, end, limits.start_line) {
            return came_to;
        }
        came_to.start_line = S::skim(lanes, view, at, end);
        if came_to.start_line.is_none() {
            return came_to;
        }
        came_to.at = end + 2;
        left = rest;
    }
    for (slot, place) in left.iter().zip(slots) {
        let end = slot.get().value.end as usize;
        if !fields::skim(lanes, view, came_to.at, end, limits.field_line, place) {
            return came_to;
        }
        came_to.fields += 1;
        came_to.at = end + 2;
    }
    if ends.empty_line == Some(came_to.at) && ends_well(view, came_to.at, came_to.at, limits.field_line) {
        came_to.at += 2;
        came_to.is_complete = true;
    }
    came_to
}

/// Whether the line is followed by CRLF, and no longer than the limit with it.
#[inline(always)]
fn ends_well(view: &[u8], start: usize, end: usize, limit: usize) -> bool {
    view.get(end..end + 2).is_some_and(|line_end| line_end == b"\r\n") && end + 2 - start <= limit
}
