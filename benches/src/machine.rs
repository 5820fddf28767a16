//! What figures were taken with: processor, compilers, versions and day.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// Release and commit of the compiler that has built this.
pub const RUSTC: &str = env!("STARTLINE_RUSTC");

/// Model of the processor with its family, as far as the system says; otherwise the architecture.
#[must_use]
pub fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let value = |key: &str| {
        let (_, value) = text.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| name.trim() == key)?;
        Some(value.trim().to_owned())
    };
    match (value("model name"), value("cpu family"), value("model")) {
        (Some(name), Some(family), Some(model)) => format!("{name} (family {family}, model {model})"),
        (Some(name), ..) => name,
        _ => env::consts::ARCH.to_owned(),
    }
}

/// How many processors this program may use.
#[must_use]
pub fn cpus() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The extensions of the instruction set that parsers look for.
#[must_use]
pub fn features() -> Vec<&'static str> {
    #[cfg(target_arch = "x86_64")]
    let seen = [
        ("SSE4.2", is_x86_feature_detected!("sse4.2")),
        ("AVX2", is_x86_feature_detected!("avx2")),
        ("BMI1", is_x86_feature_detected!("bmi1")),
        ("BMI2", is_x86_feature_detected!("bmi2")),
        ("LZCNT", is_x86_feature_detected!("lzcnt")),
        ("POPCNT", is_x86_feature_detected!("popcnt")),
        ("AVX-512BW", is_x86_feature_detected!("avx512bw")),
    ];
    #[cfg(not(target_arch = "x86_64"))]
    let seen: [(&str, bool); 0] = [];
    seen.into_iter().filter(|&(_, there)| there).map(|(name, _)| name).collect()
}

/// Which C compiler there is, as in `gcc version 12.2.0`.
#[must_use]
pub fn cc() -> String {
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let said = Command::new(compiler).arg("-v").output().map(|output| output.stderr).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    said.lines().find(|line| line.contains(" version ")).map_or("an unknown C compiler", str::trim).to_owned()
}

/// The first line that a command prints; none if it cannot be run.
#[must_use]
pub fn first_line(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8_lossy(&output.stdout).lines().next().map(String::from)
}

/// Today in UTC, as in 2026-11-22.
#[must_use]
pub fn today() -> String {
    let day = time::OffsetDateTime::now_utc().date();
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

/// The versions of crates in the lock file of the workspace that is run.
///
/// # Errors
/// No lock file, or one that cannot be read.
pub fn versions(crates: &[&str]) -> Result<BTreeMap<String, String>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
    }
    let file = lock_file().context("there is no Cargo.lock: run with `cargo run`")?;
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let lock: Lock = toml::from_str(&text).with_context(|| format!("{} is not a lock file", file.display()))?;
    let packages = lock.package.into_iter().filter(|package| crates.contains(&package.name.as_str()));
    Ok(packages.map(|package| (package.name, package.version)).collect())
}

/// Cargo says in the environment whose program it runs.
fn lock_file() -> Option<PathBuf> {
    let of = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&of).ancestors().map(|folder| folder.join("Cargo.lock")).find(|file| file.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found() {
        let versions = versions(&["httparse", "milo-parser"]).unwrap();
        assert_eq!(versions.len(), 2);
        assert!(versions["httparse"].starts_with("1."), "{versions:?}");
    }

    #[test]
    fn the_compiler_has_a_release_and_a_commit() {
        assert!(RUSTC.split_once(' ').is_some_and(|(release, hash)| release.contains('.') && hash.starts_with('(')));
        assert_eq!(today().len(), 10);
    }
}
