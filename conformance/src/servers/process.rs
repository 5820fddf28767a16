//! Starting the server of an entry, waiting until it answers, stopping it.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::command;
use super::entry::Entry;
use super::error::Error;
use super::group::Group;
use super::install::Cache;
use super::placeholder::Places;
use super::ready;

/// How long one preparation may take; compiling a server's program is one.
const PREPARATION: Duration = Duration::from_secs(300);

/// How long a server has between SIGTERM and SIGKILL.
const GRACE: Duration = Duration::from_secs(3);

/// How long one attempt to get the first answer lasts at most.
const ATTEMPT: Duration = Duration::from_secs(10);

/// How many ports are tried when others take them first.
const PORTS: usize = 3;

/// The log's name in the run's folder.
const LOG: &str = "startline.log";

/// A server that answers. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub struct Running {
    // Dropped first, and before the folder.
    group: Group,
    dir: TempDir,
    name: String,
    version: String,
    address: SocketAddr,
    path: String,
    took: Duration,
}

impl Running {
    /// The URL of the known-good path.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.path)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The name of its entry.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version, as asked for just before it was started.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How long it took from its start to its first 200.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.took
    }

    /// The id of its process, and of its process group.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.group.id()
    }

    /// Whether its process still lives.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.group.ended()
    }

    /// The last lines that it wrote to its standard output and error, with control characters replaced.
    #[must_use]
    pub fn log_tail(&self, lines: usize) -> String {
        let text = log(self.dir.path());
        command::last_lines(&text, lines).collect::<Vec<_>>().join("\n")
    }

    /// Stops it: SIGTERM to its group, and SIGKILL to what is left after three seconds. Dropping does the same.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.group.stop(GRACE);
    }
}

impl Entry {
    /// Starts the server in a fresh folder on a free loopback port and waits for its first 200.
    ///
    /// # Errors
    /// Its version cannot be found out (is it installed?), a file cannot be written, a preparation fails, or the server
    /// ends or gives no 200 in time; the end of its log is in the error.
    pub fn start(&self, cache: &Cache) -> Result<Running, Error> {
        let version = self.version(cache)?;
        let mut attempt = 1;
        loop {
            match self.start_once(cache, &version) {
                Err(Error::Exited { log, .. }) if attempt < PORTS && is_port_taken(&log) => attempt += 1,
                result => return result,
            }
        }
    }

    fn start_once(&self, cache: &Cache, version: &str) -> Result<Running, Error> {
        let dir = tempfile::Builder::new()
            .prefix(&format!("startline-{}-", self.name))
            .tempdir()
            .map_err(Error::file(std::env::temp_dir()))?;
        let port = free_port().map_err(Error::file("127.0.0.1"))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let places = Places { port: Some(port), dir: Some(dir.path().to_path_buf()), ..self.places(cache) };
        self.write_files(&places, dir.path())?;
        let env: Vec<(String, String)> =
            self.run.env.iter().map(|(name, value)| (name.clone(), places.fill(value))).collect();
        for argv in &self.run.prepare {
            command::run(&fill(argv, &places), &env, Some(dir.path()), PREPARATION)?;
        }
        let start = Instant::now();
        let group = spawn(&fill(&self.run.command, &places), &env, dir.path())?;
        let mut running = Running {
            group,
            dir,
            name: self.name.clone(),
            version: version.to_owned(),
            address,
            path: self.run.path.clone(),
            took: Duration::ZERO,
        };
        self.wait_until_ready(&mut running, start)?;
        running.took = start.elapsed();
        Ok(running)
    }

    /// Writes the files and copies the applications; what begins with `#!` can be run.
    fn write_files(&self, places: &Places, dir: &Path) -> Result<(), Error> {
        for (name, content) in &self.run.files {
            let path = dir.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(Error::file(parent))?;
            }
            write(&path, places.fill(content).as_bytes())?;
        }
        for app in &self.run.app {
            let source = self.folder.join(app);
            let content = fs::read(&source).map_err(Error::file(&source))?;
            write(&dir.join(source.file_name().unwrap_or_default()), &content)?;
        }
        Ok(())
    }

    fn wait_until_ready(&self, running: &mut Running, start: Instant) -> Result<(), Error> {
        let mut last = "nothing was tried".to_owned();
        loop {
            if running.group.ended() {
                let status = running.group.stop(Duration::ZERO).map_or_else(|e| e.to_string(), |s| s.to_string());
                let log = command::tail(&log(running.dir.path()));
                return Err(Error::Exited { name: self.name.clone(), status, log });
            }
            let left = self.run.ready.saturating_sub(start.elapsed());
            if left.is_zero() {
                let log = command::tail(&log(running.dir.path()));
                return Err(Error::NotReady { name: self.name.clone(), seconds: self.run.ready.as_secs(), last, log });
            }
            match ready::ask(running.address, &self.run.path, self.run.echo, left.min(ATTEMPT)) {
                // An answer counts only if the process lives: somebody else may have taken the port.
                Ok(()) if !running.group.ended() => return Ok(()),
                Ok(()) => {}
                Err(seen) => last = seen,
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Starts the server's command in the run's folder, its output going to the log.
fn spawn(argv: &[String], env: &[(String, String)], dir: &Path) -> Result<Group, Error> {
    let path = dir.join(LOG);
    // Appending, so that programs which open /dev/stderr anew do not write over each other.
    let log = OpenOptions::new().create(true).append(true).open(&path).map_err(Error::file(&path))?;
    let program = argv.first().cloned().unwrap_or_default();
    let mut command = Command::new(&program);
    command
        .args(&argv[1.min(argv.len())..])
        .envs(env.iter().map(|(name, value)| (name, value)))
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(Error::file(&path))?)
        .stderr(log);
    Group::spawn(&mut command).map_err(|source| Error::Spawn { program, source })
}

fn fill(argv: &[String], places: &Places) -> Vec<String> {
    argv.iter().map(|argument| places.fill(argument)).collect()
}

fn write(path: &Path, content: &[u8]) -> Result<(), Error> {
    fs::write(path, content).map_err(Error::file(path))?;
    let mode = if content.starts_with(b"#!") { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(Error::file(path))
}

fn log(dir: &Path) -> String {
    File::open(dir.join(LOG)).and_then(|mut file| command::read_end(&mut file)).unwrap_or_default()
}

/// What the servers say when another process was quicker.
fn is_port_taken(log: &str) -> bool {
    let log = log.to_ascii_lowercase();
    ["address already in use", "eaddrinuse", "address in use"].iter().any(|words| log.contains(words))
}

/// A loopback port that was free a moment ago, and that this process has not given out before.
fn free_port() -> std::io::Result<u16> {
    static GIVEN: LazyLock<Mutex<HashSet<u16>>> = LazyLock::new(Mutex::default);
    let mut port = 0;
    for _ in 0..64 {
        port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        if GIVEN.lock().unwrap_or_else(PoisonError::into_inner).insert(port) {
            break;
        }
    }
    Ok(port)
}

#[cfg(test)]
#[path = "process_tests.rs"]
mod tests;
