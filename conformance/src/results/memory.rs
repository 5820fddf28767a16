//! How much memory this process has had resident, as Linux tells it; elsewhere nothing is told.

use std::fs;

/// Starts the reckoning anew, so that the next peak is that of what is done from now on.
pub fn forget_peak() {
    // Where it cannot be, the peak is that of the whole process, which is no less.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The peak in octets.
#[must_use]
pub fn peak() -> Option<u64> {
    read(&fs::read_to_string("/proc/self/status").ok()?)
}

fn read(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn reads_the_peak() {
        assert_eq!(read("VmPeak:\t  9 kB\nVmHWM:\t    2 kB\n"), Some(2048));
        assert_eq!(read("VmPeak:\t  9 kB\n"), None);
    }
}
