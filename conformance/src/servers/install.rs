//! Fetching what an entry needs, once: a second call finds it there and is quick.
//!
//! PyPI and npm packages go to folders under the cache, named by a hash of the requirements, so that entries with equal
//! requirements share one. A marker file is written last; a folder without it is the rest of a broken installation and is
//! made anew. Files that are locked keep parallel runs apart.
//!
//! Debian packages go to the system, with `apt-get`, as root. They must not start a service: for that time a policy file
//! (`policy-rc.d`) forbids it, unless the system has one of its own, and packages are never removed to make room.

use std::fs::{self, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::command::{self, LONG, SHORT};
use super::entry::{Entry, Registry};
use super::error::Error;
use super::placeholder::Places;

/// Where packages that need no root are kept.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// A cache in this folder, which need not exist yet; `target/servers` is the usual place.
    pub fn at(root: impl AsRef<Path>) -> Self {
        let root = root.as_ref();
        Self { root: std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf()) }
    }

    /// The folder, absolute: scripts inside name it.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

/// What marks a finished installation.
const MARKER: &str = "installed-by-startline";

impl Entry {
    /// Whether everything is there already; what can be found out without a package registry.
    ///
    /// # Errors
    /// A query could not be run, for example because this is no Debian system.
    pub fn is_installed(&self, cache: &Cache) -> Result<bool, Error> {
        match self.package.registry {
            Registry::Debian => Ok(missing_debian(&self.package.install)?.is_empty()),
            Registry::Pypi => Ok(self.folder_in(cache).join(MARKER).exists() && self.python(cache).exists()),
            Registry::Npm => Ok(self.folder_in(cache).join(MARKER).exists()),
            Registry::Preinstalled => Ok(self.version(cache).is_ok()),
        }
    }

    /// Installs what is missing.
    ///
    /// # Errors
    /// A package manager is not there or failed (its last lines are in the error), Debian packages are missing and this
    /// is not root, or a program that should be there already is not.
    pub fn install(&self, cache: &Cache) -> Result<(), Error> {
        match self.package.registry {
            Registry::Debian => install_debian(&self.package.install),
            Registry::Pypi => self.install_in_folder(cache, |folder| {
                let python = self.python(cache).to_string_lossy().into_owned();
                run(["python3", "-m", "venv"], [folder.to_string_lossy().into_owned()], &[])?;
                run([&python, "-m", "pip", "install", "--quiet", "--no-input"], &self.package.install, &[])
            }),
            Registry::Npm => self.install_in_folder(cache, |folder| {
                let prefix = folder.to_string_lossy();
                // No scripts: a package's programs are run by its entry, never by its installation.
                let npm = [
                    "npm",
                    "install",
                    "--prefix",
                    &prefix,
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    "--loglevel=error",
                ];
                run(npm, &self.package.install, &[])
            }),
            Registry::Preinstalled => self.version(cache).map(drop),
        }
    }

    /// What the placeholders of the entry stand for, apart from those of one run.
    pub(super) fn places(&self, cache: &Cache) -> Places {
        let folder = self.folder_in(cache);
        Places {
            venv: (self.package.registry == Registry::Pypi).then(|| folder.clone()),
            node_modules: (self.package.registry == Registry::Npm).then(|| folder.join("node_modules")),
            servers: Some(self.folder.clone()),
            ..Places::default()
        }
    }

    /// The folder of the entry's packages; entries with equal requirements have the same.
    fn folder_in(&self, cache: &Cache) -> PathBuf {
        let mut requirements = self.package.install.clone();
        requirements.sort();
        let mut hasher = Fnv::new();
        requirements.hash(&mut hasher);
        // Environments hold absolute paths, so that one which was moved is another.
        cache.root.hash(&mut hasher);
        let kind = if self.package.registry == Registry::Npm { "npm" } else { "venv" };
        cache.root.join(format!("{kind}-{:016x}", hasher.finish()))
    }

    fn python(&self, cache: &Cache) -> PathBuf {
        self.folder_in(cache).join("bin/python")
    }

    /// Fills the entry's folder, alone, unless it is full already.
    fn install_in_folder(&self, cache: &Cache, fill: impl FnOnce(&Path) -> Result<(), Error>) -> Result<(), Error> {
        fs::create_dir_all(&cache.root).map_err(Error::file(&cache.root))?;
        let folder = self.folder_in(cache);
        let _lock = lock(&folder.with_extension("lock"))?;
        if self.is_installed(cache)? {
            return Ok(());
        }
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Error::file(&folder))?;
        }
        fs::create_dir(&folder).map_err(Error::file(&folder))?;
        fill(&folder)?;
        let marker = folder.join(MARKER);
        fs::write(&marker, self.package.install.join("\n") + "\n").map_err(Error::file(&marker))
    }
}

/// Installs the packages of these names that are missing; asks for fresh package lists when the first attempt fails.
fn install_debian(packages: &[String]) -> Result<(), Error> {
    let missing = missing_debian(packages)?;
    if missing.is_empty() {
        return Ok(());
    }
    if !rustix::process::geteuid().is_root() {
        return Err(Error::NotRoot { packages: missing.join(" ") });
    }
    let _lock = lock(Path::new("/run/lock/startline-apt.lock"))?;
    let _quiet = NoServices::enforce(Path::new("/usr/sbin/policy-rc.d"))?;
    let env = [("DEBIAN_FRONTEND", "noninteractive"), ("RUNLEVEL", "1")];
    let wait = "DPkg::Lock::Timeout=300";
    let install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "--no-remove", "-o", wait];
    run(install, &missing, &env).or_else(|_| {
        run(["apt-get", "update", "-q", "-o", wait], [""; 0], &env)?;
        run(install, &missing, &env)
    })
}

/// The packages of these names that `dpkg` does not know as installed.
fn missing_debian(packages: &[String]) -> Result<Vec<String>, Error> {
    let mut missing = Vec::new();
    for package in packages {
        let query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package].map(String::from);
        let answer = command::try_run(&query, &[], None, SHORT)?;
        if !(answer.success && answer.output == "installed") {
            missing.push(package.clone());
        }
    }
    Ok(missing)
}

/// Runs a package manager to its end.
fn run<A: AsRef<str>, B: AsRef<str>>(
    program: impl IntoIterator<Item = A>,
    arguments: impl IntoIterator<Item = B>,
    env: &[(&str, &str)],
) -> Result<(), Error> {
    let mut argv: Vec<String> = program.into_iter().map(|part| part.as_ref().to_owned()).collect();
    argv.extend(arguments.into_iter().map(|part| part.as_ref().to_owned()));
    let env: Vec<_> = env.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    command::run(&argv, &env, None, LONG).map(drop)
}

/// Waits for the lock of a file, which ends with the returned value.
fn lock(path: &Path) -> Result<File, Error> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(Error::file(path))?;
    file.lock().map_err(Error::file(path))?;
    Ok(file)
}

/// A policy file that keeps packages from starting services, removed on drop.
///
/// A file that somebody else put there stays: it is the system's own policy. One that a killed run of ours left behind is taken
/// over. The caller holds the lock, so no other run uses it.
struct NoServices {
    ours: Option<PathBuf>,
}

impl NoServices {
    const SCRIPT: &str = "#!/bin/sh\n# startline: no services while packages are installed\nexit 101\n";

    fn enforce(path: &Path) -> Result<Self, Error> {
        match OpenOptions::new().write(true).create_new(true).mode(0o755).open(path) {
            Ok(mut file) => {
                let policy = Self { ours: Some(path.to_path_buf()) };
                file.write_all(Self::SCRIPT.as_bytes()).map_err(Error::file(path))?;
                Ok(policy)
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let ours = fs::read(path).is_ok_and(|content| content == Self::SCRIPT.as_bytes());
                Ok(Self { ours: ours.then(|| path.to_path_buf()) })
            }
            Err(error) => Err(Error::file(path)(error)),
        }
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if let Some(path) = &self.ours {
            let _ = fs::remove_file(path);
        }
    }
}

/// FNV-1a: the same number in every build, which the hasher of `std` does not promise.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Cache, NoServices, missing_debian};
    use crate::servers::entry::{Entry, Package, Registry};
    use crate::servers::load::tests::entry;

    fn npm(requirements: &[&str]) -> Entry {
        let mut entry = entry();
        entry.package =
            Package { registry: Registry::Npm, install: requirements.iter().map(|&r| r.to_owned()).collect() };
        entry
    }

    #[test]
    fn equal_requirements_share_a_folder() {
        let cache = Cache::at("cache");
        assert!(cache.root().is_absolute());
        assert_eq!(npm(&["a@1.0", "b@2.0"]).folder_in(&cache), npm(&["b@2.0", "a@1.0"]).folder_in(&cache));
        assert_ne!(npm(&["a@1.0"]).folder_in(&cache), npm(&["a@1.1"]).folder_in(&cache));
        assert_ne!(npm(&["a@1.0", "b@2.0"]).folder_in(&cache), npm(&["a@1.0b@2.0"]).folder_in(&cache));
    }

    #[test]
    fn a_folder_is_filled_once_and_again_after_a_failure() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::at(folder.path().join("deep/er"));
        let entry = npm(&["a@1.0"]);
        let broken = entry.install_in_folder(&cache, |path| {
            fs::write(path.join("half"), "").expect("written");
            Err(crate::servers::Error::Empty { path: path.to_path_buf() })
        });
        assert!(broken.is_err() && !entry.is_installed(&cache).expect("known"));
        let mut fills = 0;
        for _ in 0..2 {
            let fill = |path: &std::path::Path| {
                fills += 1;
                assert!(!path.join("half").exists());
                Ok(())
            };
            entry.install_in_folder(&cache, fill).expect("filled");
        }
        assert_eq!(fills, 1);
        assert!(entry.is_installed(&cache).expect("known"));
    }

    #[test]
    fn a_policy_of_our_own_goes_and_a_foreign_one_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy-rc.d");
        drop(NoServices::enforce(&path).expect("written"));
        assert!(!path.exists());
        std::mem::forget(NoServices::enforce(&path).expect("written"));
        drop(NoServices::enforce(&path).expect("taken over"));
        assert!(!path.exists());
        fs::write(&path, "#!/bin/sh\nexit 0\n").expect("written");
        drop(NoServices::enforce(&path).expect("left alone"));
        assert!(path.exists());
    }

    #[test]
    fn a_package_that_does_not_exist_is_missing() {
        let packages = ["no-such-package-at-all".to_owned()];
        // Where there is no dpkg, the query says so instead.
        if let Ok(missing) = missing_debian(&packages) {
            assert_eq!(missing, packages);
        }
    }
}
