//! Real third-party servers as test subjects: what to install, how to start each, what each is known to do wrong.
//!
//! An entry is a TOML file (`servers/NAME.toml`); [`Catalogue::load`] reads and checks a folder of them. [`Entry::install`]
//! fetches what is missing, [`Entry::start`] runs one in the foreground on a free loopback port and waits for its first 200,
//! and the [`Running`] that it returns stops the server again, also when it is merely dropped.
//!
//! ```no_run
//! use startline::servers::{Cache, Catalogue};
//! # fn main() -> Result<(), startline::servers::Error> {
//! let catalogue = Catalogue::load("servers")?;
//! let cache = Cache::at("target/servers");
//! let entry = catalogue.get("nginx")?;
//! entry.install(&cache)?;
//! let server = entry.start(&cache)?;
//! println!("{} {} at {}", entry.title, server.version(), server.url());
//! server.stop();
//! # Ok(())
//! # }
//! ```
//!
//! [`Catalogue::load_old`] has old releases that are kept for the published bugs that they have, each an [`Advisory`].
//!
//! Design: everything here blocks, with `std` threads and processes; a caller inside an async runtime uses its means for
//! blocking work. A server is signalled as a process group, by the id of the process that was started and never by name.
//!
//! Limits: Unix only. An entry is code: it names commands to run as the current user, so load only folders that you trust.
//! If this process is killed by a signal that it cannot handle, the servers that it started live on.

mod advisory;
mod command;
mod deviation;
mod echo;
mod entry;
mod error;
mod group;
mod install;
mod load;
#[cfg(test)]
mod old_proof;
mod placeholder;
mod process;
#[cfg(test)]
mod proof;
mod ready;
mod version;

pub use advisory::Advisory;
pub use deviation::{Deviation, Known};
pub use echo::Echo;
pub use entry::{Catalogue, Entry, Package, Registry, Role, Run};
pub use error::Error;
pub use install::Cache;
pub use process::Running;
