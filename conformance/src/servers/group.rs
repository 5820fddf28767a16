//! A child process that leads a process group of its own, and the end of that group.
//!
//! Signals go to the group, whose id is that of the child. The child is only reaped after the last signal: until then it
//! stays at least as a zombie, so that its id cannot come to name somebody else's group.
//!
//! Limit: a process that leaves the group (a daemon) is out of reach; entries run their servers in the foreground.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// How often an end is looked for.
const TICK: Duration = Duration::from_millis(10);

/// The group of a child that was started here; dropping it kills it.
#[derive(Debug)]
pub(super) struct Group {
    child: Child,
    reaped: Option<ExitStatus>,
}

impl Group {
    /// Starts a command as the leader of a new group.
    pub(super) fn spawn(command: &mut Command) -> io::Result<Self> {
        let child = command.process_group(0).spawn()?;
        Ok(Self { child, reaped: None })
    }

    /// The id of the child and of its group.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether the child has ended; it is not reaped.
    pub(super) fn ended(&self) -> bool {
        if self.reaped.is_some() {
            return true;
        }
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        match waitid(WaitId::Pid(self.pid()), options) {
            Ok(status) => status.is_some(),
            Err(Errno::INTR) => false,
            Err(_) => true,
        }
    }

    /// Waits until the child has ended or the time is over; says whether it has ended.
    pub(super) fn wait(&self, limit: Duration) -> bool {
        let start = Instant::now();
        loop {
            if self.ended() {
                return true;
            }
            if start.elapsed() >= limit {
                return false;
            }
            thread::sleep(TICK);
        }
    }

    /// SIGTERM to the group, SIGKILL to what is left of it when the child has ended or the grace is over.
    ///
    /// Returns how the child ended. A second call does nothing more.
    pub(super) fn stop(&mut self, grace: Duration) -> io::Result<ExitStatus> {
        if let Some(status) = self.reaped {
            return Ok(status);
        }
        if !self.ended() {
            self.signal(Signal::TERM);
            self.wait(grace);
        }
        self.signal(Signal::KILL);
        let status = self.child.wait()?;
        self.reaped = Some(status);
        Ok(status)
    }

    /// Signals every member; that none is left is fine.
    fn signal(&self, signal: Signal) {
        let _ = kill_process_group(self.pid(), signal);
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = self.stop(Duration::ZERO);
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use super::Group;

    fn shell(script: &str) -> Group {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Group::spawn(&mut command).expect("sh starts")
    }

    #[test]
    fn an_end_is_seen_and_its_status_kept() {
        let mut group = shell("exit 3");
        assert!(group.wait(Duration::from_secs(20)));
        assert_eq!(group.stop(Duration::ZERO).expect("reaped").code(), Some(3));
        assert_eq!(group.stop(Duration::ZERO).expect("again").code(), Some(3));
        assert!(group.ended());
    }

    #[test]
    fn a_polite_child_has_its_grace() {
        let mut group = shell("trap 'exit 7' TERM; while :; do sleep 0.05; done");
        assert!(!group.wait(Duration::from_millis(300)));
        assert_eq!(group.stop(Duration::from_secs(20)).expect("reaped").code(), Some(7));
    }

    #[test]
    fn a_stubborn_child_is_killed() {
        let mut group = shell("trap '' TERM; while :; do sleep 0.05; done");
        group.wait(Duration::from_millis(300));
        let start = Instant::now();
        assert_eq!(group.stop(Duration::from_millis(200)).expect("reaped").code(), None);
        assert!(start.elapsed() >= Duration::from_millis(200));
    }

    #[test]
    fn grandchildren_end_with_the_group() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("pid");
        let group = shell(&format!("sleep 600 & echo $! > {}; exit 0", file.display()));
        assert!(group.wait(Duration::from_secs(20)));
        let pid: i32 = std::fs::read_to_string(&file).expect("a pid").trim().parse().expect("a number");
        let pid = rustix::process::Pid::from_raw(pid).expect("positive");
        drop(group);
        let start = Instant::now();
        // An orphan killed is a zombie until whoever inherited it reaps it: gone, or not running, is what matters.
        while rustix::process::test_kill_process(pid).is_ok() && !is_zombie(pid) {
            assert!(start.elapsed() < Duration::from_secs(20), "the grandchild still runs");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn is_zombie(pid: rustix::process::Pid) -> bool {
        std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()))
            .is_ok_and(|stat| stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')))
    }
}
