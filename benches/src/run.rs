//! One run: every peer on every input, heads in pieces, and the curves, each interleaved.

use std::cell::RefCell;
use std::hint::black_box;

use anyhow::Result;

use crate::figures::{Figures, Growth, Line, Row, Table, rounded};
use crate::heads::HeadReader;
use crate::inputs::{Input, Message};
use crate::measure::{Contestant, interleaved};
use crate::peers::Peer;
use crate::{curves, inputs, machine, peers, pieces};

/// All that is kept.
///
/// # Errors
/// Versions that cannot be found out.
pub fn all() -> Result<Figures> {
    Ok(Figures {
        date: machine::today(),
        cpu: machine::cpu(),
        features: machine::features().into_iter().map(String::from).collect(),
        cpus: machine::cpus(),
        rustc: machine::RUSTC.to_owned(),
        cc: machine::cc(),
        versions: machine::versions(&[
            "startline-parser",
            "httparse",
            "ntex-httparse",
            "milo-parser",
            "picohttpparser-sys",
        ])?,
        peers: peers_table(),
        pieces: pieces_table(),
        curves: growth(),
    })
}

/// Every peer on every input.
#[must_use]
pub fn peers_table() -> Table {
    let inputs = inputs::all();
    let mut peers: Vec<_> = inputs.iter().map(|_| peers::all()).collect();
    let columns = peers[0].iter().map(|peer| peer.name().to_owned()).collect();
    let mut cells: Vec<Vec<Option<Contestant<'_>>>> = Vec::new();
    for (input, peers) in inputs.iter().zip(&mut peers) {
        cells.push(peers.iter_mut().map(|peer| peer_on(peer.as_mut(), input)).collect());
    }
    table(columns, inputs.iter().map(|input| input.id), cells)
}

/// None if the peer is not given that input.
fn peer_on<'a>(peer: &'a mut dyn Peer, input: &'a Input) -> Option<Contestant<'a>> {
    if peer.skips(input.kind).is_some() {
        return None;
    }
    // Each goes on in the rotation where it stopped.
    let mut messages = input.messages.iter().cycle();
    Some(Box::new(move |batch| {
        for message in messages.by_ref().take(batch as usize) {
            black_box(peer.read(input.kind, black_box(&message.octets)));
        }
    }))
}

/// The inputs that are handed over in pieces.
#[must_use]
pub fn pieces_table() -> Table {
    let inputs = pieces::inputs();
    let mut readers: Vec<_> = inputs.iter().map(|_| pieces::readers()).collect();
    let columns = readers[0].iter().map(|reader| reader.name().to_owned()).collect();
    let mut cells: Vec<Vec<Option<Contestant<'_>>>> = Vec::new();
    for (input, readers) in inputs.iter().zip(&mut readers) {
        let message = &input.messages[0];
        cells.push(readers.iter_mut().map(|reader| Some(reading(reader, message))).collect());
    }
    table(columns, inputs.iter().map(|input| input.id), cells)
}

fn reading<'a>(reader: &'a mut HeadReader, message: &'a Message) -> Contestant<'a> {
    Box::new(move |batch| {
        for _ in 0..batch {
            black_box(reader.read(black_box(message)));
        }
    })
}

/// Measures the cells of a table.
fn table<'i>(
    columns: Vec<String>,
    ids: impl Iterator<Item = &'i str>,
    cells: Vec<Vec<Option<Contestant<'_>>>>,
) -> Table {
    let there: Vec<Vec<bool>> = cells.iter().map(|row| row.iter().map(Option::is_some).collect()).collect();
    let mut groups: Vec<Vec<Contestant<'_>>> =
        cells.into_iter().map(|row| row.into_iter().flatten().collect()).collect();
    let mut rows = Vec::new();
    for ((id, there), figures) in ids.zip(there).zip(interleaved(&mut groups)) {
        let mut figures = figures.into_iter().map(rounded);
        let ns = there.into_iter().map(|there| if there { figures.next() } else { None }).collect();
        rows.push(Row { input: id.to_owned(), ns });
    }
    Table { columns, rows }
}

/// Every curve, its points interleaved.
#[must_use]
pub fn growth() -> Vec<Growth> {
    let mut growth = Vec::new();
    for mut curve in curves::all() {
        let readers: Vec<_> = curve.readers.iter_mut().map(RefCell::new).collect();
        let line = |reader: &RefCell<&mut HeadReader>| Line { name: reader.borrow().name().to_owned(), points: vec![] };
        let mut lines: Vec<Line> = readers.iter().map(line).collect();
        let (mut groups, mut places) = (Vec::new(), Vec::new());
        for point in &curve.points {
            let message = &point.message;
            let takes = |at: &usize| readers[*at].borrow().takes(message.octets.len());
            let those: Vec<usize> = (0..readers.len()).filter(takes).collect();
            groups.push(those.iter().map(|&at| shared(&readers[at], message)).collect());
            places.push((point.n, those));
        }
        for ((n, those), figures) in places.into_iter().zip(interleaved(&mut groups)) {
            for (at, figure) in those.into_iter().zip(figures) {
                lines[at].points.push((n, rounded(figure)));
            }
        }
        growth.push(Growth { id: curve.id.to_owned(), unit: curve.unit.to_owned(), lines });
    }
    growth
}

/// As [`reading`], by a reader that reads other points too.
fn shared<'a>(reader: &'a RefCell<&mut HeadReader>, message: &'a Message) -> Contestant<'a> {
    Box::new(move |batch| {
        let mut reader = reader.borrow_mut();
        for _ in 0..batch {
            black_box(reader.read(black_box(message)));
        }
    })
}
