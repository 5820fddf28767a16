//! From a folder of TOML files to entries, or to an error with file, line and column.
//!
//! Refused: unknown keys, PyPI and npm packages without an exact version, unknown placeholders in commands, files outside
//! the run's folder, applications that do not exist, two deviations for one check.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Component, Path};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::advisory::{AdvisoryTable, advisories};
use super::deviation::{Deviation, Known};
use super::entry::{Catalogue, Entry, Package, Registry, Role, Run};
use super::error::Error;
use super::placeholder::{self, WORDS};
use crate::credentials::Credentials;

impl Catalogue {
    /// Loads every `*.toml` of a folder (not of folders in it).
    ///
    /// # Errors
    /// The folder or a file cannot be read, there is no entry, or an entry is wrong: the first wrong one by name.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        Self::load_beside(folder, folder)
    }

    /// Loads the old releases in `old/` of the folder of the entries; applications are those of the others.
    ///
    /// # Errors
    /// As for [`load`](Self::load).
    pub fn load_old(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        Self::load_beside(&folder.join("old"), folder)
    }

    fn load_beside(folder: &Path, apps: &Path) -> Result<Self, Error> {
        let mut paths = Vec::new();
        for item in fs::read_dir(folder).map_err(Error::file(folder))? {
            let path = item.map_err(Error::file(folder))?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                paths.push(path);
            }
        }
        if paths.is_empty() {
            return Err(Error::Empty { path: folder.to_path_buf() });
        }
        paths.sort();
        let entries = paths.iter().map(|path| Entry::load_beside(path, apps)).collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }
}

impl Entry {
    /// Loads the entry of one file; applications are looked for beside it.
    ///
    /// # Errors
    /// The file cannot be read, or the entry is wrong.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::load_beside(path, path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))
    }

    fn load_beside(path: &Path, folder: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(Error::file(path))?;
        let folder = folder.canonicalize().map_err(Error::file(folder))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        read(&text, &stem, &folder).map_err(|wrong| {
            let (line, column) = position(&text, wrong.at);
            Error::Entry { path: path.to_path_buf(), line, column, message: wrong.message }
        })
    }
}

/// Something wrong at an octet of the text.
pub(super) struct Wrong {
    at: usize,
    message: String,
}

impl Wrong {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { at: span.start, message: message.into() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: Spanned<String>,
    title: String,
    role: Role,
    package: PackageTable,
    version: VersionTable,
    run: RunTable,
    #[serde(default)]
    deviation: Vec<DeviationTable>,
    #[serde(default)]
    advisory: Vec<AdvisoryTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackageTable {
    registry: Spanned<Registry>,
    #[serde(default)]
    install: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionTable {
    command: Spanned<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RunTable {
    #[serde(default)]
    files: BTreeMap<Spanned<String>, String>,
    #[serde(default)]
    app: Vec<Spanned<String>>,
    #[serde(default)]
    prepare: Vec<Spanned<Vec<Spanned<String>>>>,
    command: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    env: BTreeMap<String, Spanned<String>>,
    path: Option<Spanned<String>>,
    #[serde(default)]
    paths: Vec<Spanned<String>>,
    credentials: Option<Spanned<String>>,
    ready_seconds: Option<Spanned<u64>>,
    #[serde(default)]
    echo: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviationTable {
    /// Ids of the checks that one reason is for.
    checks: Vec<Spanned<String>>,
    verdict: Known,
    version: String,
    reason: Spanned<String>,
}

/// Reads and checks the text of an entry.
fn read(text: &str, stem: &str, folder: &Path) -> Result<Entry, Wrong> {
    let document: Document =
        toml::from_str(text).map_err(|error| Wrong::new(error.span().unwrap_or(0..0), error.message().trim_end()))?;
    let registry = *document.package.registry.get_ref();
    if document.name.get_ref() != stem {
        return Err(Wrong::new(document.name.span(), format!("the name must be that of the file, {stem:?}")));
    }
    if !is_kebab(document.name.get_ref()) {
        return Err(Wrong::new(document.name.span(), "a name is lower-case words and digits joined by hyphens"));
    }
    let package = package(document.package)?;
    let version_command = command(document.version.command, registry, &["venv", "node_modules", "servers"])?;
    let run = run(document.run, registry, folder)?;
    let deviations = deviations(document.deviation)?;
    let advisories = advisories(document.advisory)?;
    Ok(Entry {
        name: document.name.into_inner(),
        title: document.title,
        role: document.role,
        package,
        version_command,
        run,
        deviations,
        advisories,
        folder: folder.to_path_buf(),
    })
}

fn package(table: PackageTable) -> Result<Package, Wrong> {
    let span = table.registry.span();
    let registry = table.registry.into_inner();
    if (registry == Registry::Preinstalled) != table.install.is_empty() {
        let message = match registry {
            Registry::Preinstalled => "a program that is there already has nothing to install",
            _ => "`install` must name packages",
        };
        return Err(Wrong::new(span, message));
    }
    let mut install = Vec::with_capacity(table.install.len());
    for requirement in table.install {
        let text = requirement.get_ref().as_str();
        let (right, form) = match registry {
            Registry::Debian => (is_package_name(text), "a Debian package is given by its name"),
            Registry::Pypi => (is_pinned(text, "=="), "a PyPI package is given with its exact version, name==version"),
            Registry::Npm => (is_pinned(text, "@"), "an npm package is given with its exact version, name@version"),
            Registry::Preinstalled => (false, "nothing can be installed"),
        };
        if !right {
            return Err(Wrong::new(requirement.span(), form));
        }
        install.push(requirement.into_inner());
    }
    Ok(Package { registry, install })
}

fn run(table: RunTable, registry: Registry, folder: &Path) -> Result<Run, Wrong> {
    let mut files = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (name, content) in table.files {
        if !stays_inside(name.get_ref()) {
            return Err(Wrong::new(name.span(), "a file's path is relative and has no `..`"));
        }
        taken.insert(name.get_ref().clone());
        files.insert(name.into_inner(), content);
    }
    let mut app = Vec::new();
    for path in table.app {
        if !stays_inside(path.get_ref()) {
            return Err(Wrong::new(path.span(), "an application's path is relative and has no `..`"));
        }
        if !folder.join(path.get_ref()).is_file() {
            return Err(Wrong::new(path.span(), "there is no such file beside the entry"));
        }
        let last = Path::new(path.get_ref()).file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !taken.insert(last) {
            return Err(Wrong::new(path.span(), "the run's folder already has a file of this name"));
        }
        app.push(path.into_inner());
    }
    let prepare =
        table.prepare.into_iter().map(|argv| command(argv, registry, &WORDS)).collect::<Result<Vec<_>, _>>()?;
    let mut env = BTreeMap::new();
    for (name, value) in table.env {
        known_words(&value, registry, &WORDS)?;
        env.insert(name, value.into_inner());
    }
    let path = match table.path {
        Some(path) if !path.get_ref().starts_with('/') => {
            return Err(Wrong::new(path.span(), "a path begins with a slash"));
        }
        Some(path) => path.into_inner(),
        None => "/".to_owned(),
    };
    let mut paths = Vec::with_capacity(table.paths.len());
    for path in table.paths {
        if !path.get_ref().starts_with('/') {
            return Err(Wrong::new(path.span(), "a path begins with a slash"));
        }
        paths.push(path.into_inner());
    }
    let credentials = match table.credentials {
        Some(pair) if Credentials::parse(pair.get_ref()).is_none() => {
            return Err(Wrong::new(pair.span(), "credentials are USER:PASSWORD"));
        }
        pair => pair.map(Spanned::into_inner),
    };
    let ready = match table.ready_seconds {
        Some(seconds) if !(1..=600).contains(seconds.get_ref()) => {
            return Err(Wrong::new(seconds.span(), "`ready_seconds` is a number from 1 to 600"));
        }
        Some(seconds) => *seconds.get_ref(),
        None => 60,
    };
    Ok(Run {
        files,
        app,
        prepare,
        command: command(table.command, registry, &WORDS)?,
        env,
        path,
        paths,
        credentials,
        ready: Duration::from_secs(ready),
        echo: table.echo,
    })
}

fn deviations(tables: Vec<DeviationTable>) -> Result<Vec<Deviation>, Wrong> {
    let mut seen = BTreeSet::new();
    let mut deviations = Vec::with_capacity(tables.len());
    for table in tables {
        if table.reason.get_ref().trim().is_empty() {
            return Err(Wrong::new(table.reason.span(), "a deviation needs a reason"));
        }
        for check in table.checks {
            if !is_kebab(check.get_ref()) {
                return Err(Wrong::new(check.span(), "a check's id is lower-case words and digits joined by hyphens"));
            }
            if !seen.insert(check.get_ref().clone()) {
                let message = format!("a second deviation for {:?}; one check has one", check.get_ref());
                return Err(Wrong::new(check.span(), message));
            }
            deviations.push(Deviation {
                check: check.into_inner(),
                verdict: table.verdict,
                version: table.version.clone(),
                reason: table.reason.get_ref().clone(),
            });
        }
    }
    Ok(deviations)
}

/// A command line: not empty, its placeholders among these words.
fn command(argv: Spanned<Vec<Spanned<String>>>, registry: Registry, words: &[&str]) -> Result<Vec<String>, Wrong> {
    if argv.get_ref().is_empty() {
        return Err(Wrong::new(argv.span(), "a command needs a program"));
    }
    let arguments = argv.into_inner();
    arguments.iter().try_for_each(|argument| known_words(argument, registry, words))?;
    Ok(arguments.into_iter().map(Spanned::into_inner).collect())
}

fn known_words(text: &Spanned<String>, registry: Registry, words: &[&str]) -> Result<(), Wrong> {
    for word in placeholder::words(text.get_ref()) {
        let message = match word {
            "venv" if registry != Registry::Pypi => "`{venv}` is for PyPI packages".to_owned(),
            "node_modules" if registry != Registry::Npm => "`{node_modules}` is for npm packages".to_owned(),
            _ if words.contains(&word) => continue,
            _ => {
                let known: Vec<String> = words.iter().map(|word| format!("{{{word}}}")).collect();
                format!("no placeholder is called {{{word}}} here; there are: {}", known.join(" "))
            }
        };
        return Err(Wrong::new(text.span(), message));
    }
    Ok(())
}

fn is_kebab(text: &str) -> bool {
    text.split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.'))
}

/// A name that no package manager takes for an option, a path or an address.
fn is_package_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-._".contains(&b))
}

/// A name, possibly in an npm scope, the separator, and a version that begins with a digit and matches only itself.
fn is_pinned(text: &str, separator: &str) -> bool {
    let Some((name, version)) = text.rsplit_once(separator) else { return false };
    let name_is_right = match name.strip_prefix('@').and_then(|scoped| scoped.split_once('/')) {
        Some((scope, name)) => separator == "@" && is_package_name(scope) && is_package_name(name),
        None => is_package_name(name),
    };
    name_is_right
        && version.contains('.')
        && version.starts_with(|c: char| c.is_ascii_digit())
        && version.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        && !version.split('.').any(|part| part.eq_ignore_ascii_case("x"))
}

fn stays_inside(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|component| matches!(component, Component::Normal(_)))
}

/// Line and column, from 1, of an octet of the text.
fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
#[path = "load_tests.rs"]
pub(super) mod tests;
