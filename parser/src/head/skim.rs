//! Many right lines at a time: the ends of all lines first, then one line after the other with hardly a loop.

use crate::fields::{self, FieldSpan};
use crate::limits::Limits;
use crate::scan::ends::{Ends, Room};
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
/// The view is the buffer up to the limit of a head, or a copy of a short one with octets behind it that end no line.
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
        let [end, rest @ ..] = offsets else { return came_to };
        let after = *end as usize + 2;
        let Some(line) = view.get(at..after).filter(|line| line.len() <= limits.start_line) else { return came_to };
        came_to.start_line = S::skim(lanes, view, at, line);
        if came_to.start_line.is_none() {
            return came_to;
        }
        came_to.at = after;
        offsets = rest;
    }
    // No line is longer than all of them.
    let all = || offsets.last().map_or(0, |&end| (end as usize + 2).saturating_sub(came_to.at));
    if view.len() <= limits.field_line || all() <= limits.field_line {
        skim_fields(lanes, view, offsets, places, usize::MAX, &mut came_to);
    } else {
        skim_fields(lanes, view, offsets, places, limits.field_line, &mut came_to);
    }
    if came_to.fields == offsets.len() {
        came_to.is_cut = is_cut;
        if view.get(came_to.at..came_to.at + 2).is_some_and(|line_end| line_end == b"\r\n") && limits.field_line >= 2 {
            came_to.at += 2;
            came_to.is_complete = true;
            came_to.is_cut = false;
        }
    }
    came_to
}

/// Reads the field lines that end at those offsets, each no longer than the limit with its line end. Where `usize::MAX` is
/// the limit, there is a version without the comparison.
#[inline(always)]
fn skim_fields<L: Lanes, S>(
    lanes: L,
    view: View<'_>,
    offsets: &[u32],
    places: &mut [FieldSpan],
    limit: usize,
    came_to: &mut Skimmed<S>,
) {
    let mut start = came_to.at as u32;
    for (&end, place) in offsets.iter().zip(places) {
        let is_short = limit == usize::MAX || end as usize + 2 - start as usize <= limit;
        if !is_short || !fields::skim(lanes, view, start, end, place) {
            break;
        }
        came_to.fields += 1;
        start = end + 2;
    }
    came_to.at = start as usize;
}
