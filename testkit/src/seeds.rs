//! The seeds and the dictionary of the fuzz targets, generated from the vectors, the rule book and the byte classes.
//!
//! Targets over messages share one folder of seeds (`fuzz/seeds/messages`), the target over bodies has another
//! (`fuzz/seeds/chunked`); `fuzz/corpus` points each target at its folder. A seed is a whole stream that anybody can read:
//! the first vector of each kind, a kind being a section with what it leads to. A few seeds are choices for the generator
//! instead. What a fuzzer finds goes into the same folders under names that are not kept (see `.gitignore`); only files
//! that end in `.seed` belong to us.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use startline_parser::bytes;

use crate::generate::PIECES;
use crate::outcome;
use crate::vectors::{self, Expect, FramingWord, Vector};

/// The command that writes what [`check`] asks for.
pub const COMMAND: &str = "cargo run -p startline-testkit --bin seeds";

const HEAD: &str =
    "# Written by `cargo run -p startline-testkit --bin seeds`, from the testkit's pieces and the byte classes.\n";

/// Content by path below `fuzz/`.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The folder of the fuzz targets in the source tree.
#[must_use]
pub fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "fuzz"].iter().collect()
}

/// Writes every seed and the dictionary, and removes seeds that are no more.
///
/// # Errors
/// Vectors or files that cannot be read or written.
pub fn write() -> Result<()> {
    let wanted = wanted()?;
    for path in present()?.into_keys().filter(|path| !wanted.contains_key(path)) {
        fs::remove_file(folder().join(path))?;
    }
    for (path, octets) in wanted {
        let path = folder().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        fs::write(&path, octets).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Whether every seed and the dictionary are there as they would be written, and no other seed.
///
/// # Errors
/// Which are not, with the command that mends it.
pub fn check() -> Result<()> {
    let (wanted, present) = (wanted()?, present()?);
    let paths: BTreeSet<_> = wanted.keys().chain(present.keys()).collect();
    let stale: Vec<_> = paths.into_iter().filter(|path| wanted.get(*path) != present.get(*path)).collect();
    if let [first, ..] = stale[..] {
        bail!(
            "{} of the seeds are not as they would be written, first {}; run `{COMMAND}`",
            stale.len(),
            first.display()
        );
    }
    Ok(())
}

fn present() -> Result<Files> {
    let mut files = Files::new();
    for name in ["messages", "chunked"] {
        let below = Path::new("seeds").join(name);
        let Ok(entries) = fs::read_dir(folder().join(&below)) else { continue };
        for entry in entries {
            let path = below.join(entry?.file_name());
            if path.extension().is_some_and(|extension| extension == "seed") {
                files.insert(path.clone(), fs::read(folder().join(&path))?);
            }
        }
    }
    if let Ok(dictionary) = fs::read(folder().join("startline.dict")) {
        files.insert("startline.dict".into(), dictionary);
    }
    Ok(files)
}

fn wanted() -> Result<Files> {
    let mut files = Files::new();
    let mut kinds = BTreeSet::new();
    for (file, vector) in vectors::all()? {
        let stream = &vector.octets.0;
        // Longer ones are about numbers of octets, which a fuzzer does not find out about.
        if stream.is_empty() || stream.len() > 2_000 || !kinds.insert(kind(&file, &vector)) {
            continue;
        }
        files.insert(format!("seeds/messages/{}.seed", vector.id).into(), stream.clone());
        if let Some(body) = chunked_body(&vector) {
            files.insert(format!("seeds/chunked/{}.seed", vector.id).into(), body);
        }
    }
    for number in 0..24_u8 {
        // Bodies are never long.
        for name in if number < 16 { &["messages", "chunked"][..] } else { &["messages"] } {
            files.insert(format!("seeds/{name}/choices-{number:02}.seed").into(), choices(number));
        }
    }
    files.insert("startline.dict".into(), dictionary().into_bytes());
    Ok(files)
}

/// Vectors of one kind lead a parser along much the same way.
fn kind(file: &str, vector: &Vector) -> String {
    let Vector { section, message, expect, fault, framing, features, form, .. } = vector;
    format!("{file} {section} {message:?} {expect:?} {fault:?} {framing:?} {features:?} {form:?}")
}

/// The octets after the head of a vector whose body is chunked, or breaks off as such.
fn chunked_body(vector: &Vector) -> Option<Vec<u8>> {
    let is_about_chunks = vector.framing == Some(FramingWord::Chunked)
        || (vector.expect != Expect::Accept && vector.section.starts_with("9112 7.1"));
    let method = vector.methods.first().map_or(&b"GET"[..], |method| method.as_bytes());
    let outcome = outcome::by_parser(&vector.octets.0, vector.message.on(), method, &startline_parser::Limits::DEFAULT);
    let body = outcome.head.filter(|_| is_about_chunks).map(|head| vector.octets.0[head.end..].to_vec());
    body.filter(|body| !body.is_empty() && body[0] < 0x80)
}

/// Choices for the generator: a first octet above 127, then a fixed pseudo-random sequence.
fn choices(number: u8) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64 ^ u64::from(number);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[5]
    };
    // The first sixteen are for short messages, the others for long ones.
    let first = if number < 16 { 0x80 | number } else { 0xF0 | number };
    (0..160 + usize::from(number) * 8).map(|at| if at == 0 { first } else { next() }).collect()
}

/// A dictionary in libFuzzer's format: the pieces of the generator, the names of methods and fields that the vectors use,
/// and one octet on each side of every byte class.
fn dictionary() -> String {
    let mut entries: BTreeSet<Vec<u8>> = PIECES.iter().map(|piece| piece.to_vec()).collect();
    let classes: [fn(u8) -> bool; 7] = [
        bytes::is_tchar,
        bytes::is_pchar,
        bytes::is_query,
        bytes::is_reg_name,
        bytes::is_scheme,
        bytes::is_text,
        bytes::is_ows,
    ];
    for class in classes {
        for octet in 0..255_u8 {
            if class(octet) != class(octet + 1) {
                entries.extend([vec![octet], vec![octet + 1]]);
            }
        }
    }
    entries.extend(
        ["HEAD", "PUT", "Expect", "Upgrade", "compress", "deflate", "x-gzip"].map(|word| word.as_bytes().to_vec()),
    );
    let mut text = HEAD.to_owned();
    for entry in entries {
        text.push('"');
        for octet in entry {
            match octet {
                b'"' | b'\\' => text.extend(['\\', char::from(octet)]),
                b' '..=b'~' => text.push(char::from(octet)),
                _ => text += &format!("\\x{octet:02X}"),
            }
        }
        text.push_str("\"\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_in_the_format() {
        let text = dictionary();
        for line in text.lines().skip(1) {
            assert!(line.len() > 2 && line.starts_with('"') && line.ends_with('"') && line.is_ascii(), "{line}");
        }
        assert!(text.contains("\"Transfer-Encoding: chunked\\x0D\\x0A\"\n"));
    }

    #[test]
    fn choices_are_choices() {
        assert!((0..24).all(|number| choices(number)[0] >= 0x80));
    }
}
