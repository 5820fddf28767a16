//! Counts the instructions that `parse_head` executes per message, with valgrind's callgrind, and writes
//! `instructions.toml`; with `--check` compares with it instead.
//!
//! It calls itself under valgrind, as `instructions count INPUT ROUNDS`, with N rounds and with 2N: the difference is what
//! N rounds take, without the start of the program, the making of the input and the detection of CPU features.
//!
//! `--check` also counts heads that arrive octet by octet, of three sizes: the work for an octet is the same in a large
//! head as in a small one, whichever compiler and processor there is.

use std::collections::BTreeMap;
use std::env;
use std::hint::black_box;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use startline_benches::heads::HeadReader;
use startline_benches::instructions::{COMMAND, Counts, Verdict};
use startline_benches::table::grouped;
use startline_benches::{curves, inputs, machine};
use startline_parser::{FieldSpan, Parsed, Request};

/// What is counted: requests, of which the last has its branches mispredicted as in life (which callgrind does not count).
const INPUTS: [&str; 3] = ["b-nine-fields", "c-browser", "m-rotation"];

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            let counts = count_all()?;
            print(&counts);
            counts.save()
        }
        ["--check"] => check(),
        ["count", "pieces", size] => count_pieces(size.parse().context("SIZE is a number")?),
        ["count", id, rounds] => count(id, rounds.parse().context("ROUNDS is a number")?),
        _ => bail!("usage: instructions [--check]"),
    }
}

fn check() -> Result<()> {
    let kept = Counts::load()?;
    let now = count_all()?;
    print(&now);
    linear()?;
    match kept.compare(&now) {
        Verdict::Incomparable(why) => println!("cannot compare: {why}; `{COMMAND}` writes figures of this machine"),
        Verdict::Compared { remarks, failed } => {
            remarks.iter().for_each(|remark| println!("{remark}"));
            ensure!(!failed, "instructions.toml does not hold");
            println!("no count has grown by more than instructions.toml allows");
        }
    }
    Ok(())
}

fn print(counts: &Counts) {
    println!("rustc {}, {}, {}", counts.rustc, counts.valgrind, counts.features.join(", "));
    for (input, count) in &counts.per_message {
        println!("{input}: {} instructions per message", grouped(*count));
    }
}

fn count_all() -> Result<Counts> {
    ensure!(!cfg!(debug_assertions), "instructions of a debug build mean nothing: run with `cargo run --release`");
    ensure!(
        !cfg!(all(target_arch = "x86_64", target_feature = "sse3")),
        "this is built for one kind of processor: unset RUSTFLAGS, so that the path is chosen at run time"
    );
    let valgrind = machine::first_line(Command::new("valgrind").arg("--version"))
        .context("valgrind cannot be run: `apt-get install valgrind`")?;
    let mut counts =
        Counts { rustc: machine::RUSTC.to_owned(), valgrind, features: Vec::new(), per_message: BTreeMap::new() };
    for id in INPUTS {
        let messages = messages(id)?.len();
        // Some thousand messages, so that the digits shown are of parsing.
        let rounds = 2048_usize.div_ceil(messages);
        let (once, features) = callgrind(id, rounds)?;
        let (twice, _) = callgrind(id, 2 * rounds)?;
        let spent = twice.checked_sub(once).context("twice the work took fewer instructions")?;
        counts.per_message.insert(id.to_owned(), (spent as f64 / (rounds * messages) as f64 * 10.0).round() / 10.0);
        counts.features = features;
    }
    Ok(counts)
}

/// The work is in proportion to the octets, however small the pieces that they arrive in.
fn linear() -> Result<()> {
    let [small, middle, large] = [2, 8, 32].map(|size: u32| size << 10);
    let counted = |size: u32| Ok::<_, anyhow::Error>(callgrind("pieces", size as usize)?.0 as f64);
    let at = [counted(small)?, counted(middle)?, counted(large)?];
    // What all three have in common is gone from the differences.
    let each = [(at[1] - at[0]) / f64::from(middle - small), (at[2] - at[1]) / f64::from(large - middle)];
    println!(
        "octet by octet: {:.1} instructions per octet up to {middle} octets, {:.1} up to {large}",
        each[0], each[1]
    );
    ensure!(each[1] < each[0] * 1.05, "the work for an octet grows with the size of the head");
    Ok(())
}

/// All instructions of a run with so many rounds, and the CPU features that it saw.
fn callgrind(id: &str, rounds: usize) -> Result<(u64, Vec<String>)> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args(["count", id, &rounds.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "valgrind ended with {}:\n{said}", output.status);
    let collected = said.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim());
    let count = collected.and_then(|count| count.parse().ok()).with_context(|| format!("no count in:\n{said}"))?;
    let features = String::from_utf8_lossy(&output.stdout).split_whitespace().map(String::from).collect();
    Ok((count, features))
}

/// What is counted: hands a head of so many octets over octet by octet.
fn count_pieces(size: usize) -> Result<()> {
    let curve = curves::all().into_iter().find(|curve| curve.id == "pieces-value").context("there is that curve")?;
    let point =
        curve.points.iter().find(|point| point.n == size).with_context(|| format!("no head of {size} octets"))?;
    black_box(HeadReader::startline().in_pieces(1).read(&point.message));
    Ok(())
}

fn messages(id: &str) -> Result<Vec<Vec<u8>>> {
    let input = inputs::all().into_iter().find(|input| input.id == id).with_context(|| format!("no input {id:?}"))?;
    Ok(input.messages.into_iter().map(|message| message.octets).collect())
}

/// What is counted: parses every message of an input, round and round, and prints the CPU features.
fn count(id: &str, rounds: usize) -> Result<()> {
    println!("{}", machine::features().join(" "));
    let messages = messages(id)?;
    let mut storage = [FieldSpan::EMPTY; 112];
    for _ in 0..rounds {
        for message in &messages {
            let parsed = Request::parse_head(black_box(message), &mut storage);
            ensure!(matches!(black_box(parsed), Ok(Parsed::Complete(_))), "not a whole head");
        }
    }
    Ok(())
}
