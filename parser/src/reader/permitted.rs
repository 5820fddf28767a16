//! The readings that the RFCs permit a recipient.

use alloc::vec::Vec;

use super::{Fault, Reading, read};
use crate::limits::Limits;
use crate::policy::{Point, Policy};
use crate::rule::On;

/// A reading with the policy that leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permitted {
    /// The choices; each is the strict one or has a sentence that permits it.
    pub policy: Policy,
    /// What the stream comes to under them.
    pub reading: Reading,
}

/// More combinations than this are not tried; the faults of one check touch two or three points.
const MOST: usize = 64;

/// Every reading of `stream` that differs and that some combination of permitted choices leads to; the strict one comes
/// first. Only the points that the octets touch are varied.
#[must_use]
pub fn permitted(stream: &[u8], on: On, methods: &[&[u8]], limits: &Limits) -> Vec<Permitted> {
    let mut found: Vec<Permitted> = Vec::new();
    let mut todo: Vec<Policy> = alloc::vec![Policy::STRICT];
    let mut tried = 0;
    while let Some(policy) = todo.get(tried).copied() {
        tried += 1;
        let reading = read(stream, on, methods, &policy, limits);
        // A choice that repairs one fault can bring others to light, so points are collected from every reading.
        for point in touched(&reading) {
            for (choice, (_, permit)) in point.choices().iter().enumerate().skip(1) {
                let Some(next) = policy.with(point, choice).filter(|_| permit.is_some()) else { continue };
                if policy.choice(point) == 0 && todo.len() < MOST && !todo.contains(&next) {
                    todo.push(next);
                }
            }
        }
        if !found.iter().any(|other| other.reading == reading) {
            found.push(Permitted { policy, reading });
        }
    }
    found
}

fn touched(reading: &Reading) -> Vec<Point> {
    let mut points: Vec<Point> =
        reading.faults().chain(reading.features()).filter_map(|fault: &Fault| fault.point).collect();
    points.sort_unstable();
    points.dedup();
    points
}
