//! Many right lines at a time: the ends of all lines first, then one line after the other with hardly a loop.

use crate::fields::{self, FieldSpan};
use crate::limits::Limits;
use crate::scan::lines::{Ends, Room};
use crate::scan::{Lanes, View};

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
    /// Whether it is worth going on from there.
    pub(super) is_cut: bool,
}

/// Reads the complete lines of `view` from `at` on, up to the first that is not right, field lines into `places`. There
/// may be more lines than are read at once.
///
/// The view is the buffer up to the limit of a head.
#[inline(always)]
pub(super) fn skim<L: Lanes, S: StartLine>(
    lanes: L,
    view: View<'_>,
    at: usize,
    has_start_line: bool,
    places: &mut [FieldSpan],
    limits: &Limits,
) -> Skimmed<S> {
    let mut room = Room::new();
    let Ends { mut offsets, is_cut } = room.find(lanes, view, at);
    let mut came_to = Skimmed { start_line: None, fields: 0, at, is_complete: false, is_cut: false };
    if !has_start_line {
        let [first, rest @ ..] = offsets else { return came_to };
        let end = *first as usize;
        if !ends_well(view, at, end, limits.start_line) {
            return came_to;
        }
        came_to.start_line = S::skim(lanes, view, at, end);
        if came_to.start_line.is_none() {
            return came_to;
        }
        came_to.at = end + 2;
        offsets = rest;
    }
    for (&end, place) in offsets.iter().zip(places) {
        if !fields::skim(lanes, view, came_to.at, end as usize, limits.field_line, place) {
            return came_to;
        }
        came_to.fields += 1;
        came_to.at = end as usize + 2;
    }
    if came_to.fields < offsets.len() {
        // No place is left for the next one.
        return came_to;
    }
    came_to.is_cut = is_cut;
    if !is_cut && ends_well(view, came_to.at, came_to.at, limits.field_line) {
        came_to.at += 2;
        came_to.is_complete = true;
    }
    came_to
}

/// Whether the line is followed by CRLF, and no longer than the limit with it.
#[inline(always)]
fn ends_well(view: View<'_>, start: usize, end: usize, limit: usize) -> bool {
    view.get(end..end + 2).is_some_and(|line_end| line_end == b"\r\n") && end + 2 - start <= limit
}
