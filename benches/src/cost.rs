//! What a run cost its process: time on the clock, time on the processor, memory.

use std::fmt;
use std::str::FromStr;
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// The cost of one run, and the checksum of what it did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Seconds on the clock.
    pub wall: f64,
    /// Seconds that the processor worked for this process, its threads and the kernel on its behalf.
    pub cpu: f64,
    /// Bytes by which the process at its largest was larger than before the first run; the kernel
    /// counts to a few hundred kilobytes.
    pub memory: f64,
    /// What the work computed.
    pub checksum: u64,
}

impl Cost {
    /// Runs the work twice, first to warm up, and measures the second; memory counts for both.
    ///
    /// # Panics
    /// When the two compute different things.
    pub fn of(mut work: impl FnMut() -> u64) -> Self {
        let idle = status("VmRSS");
        let warm = work();
        let (start, used) = (Instant::now(), cpu());
        let checksum = work();
        let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu() - used);
        assert_eq!(warm, checksum, "the same work gives the same checksum");
        Cost { wall, cpu, memory: status("VmHWM") - idle, checksum }
    }

    /// The cost of the whole, when this is that of one of so many equal parts.
    #[must_use]
    pub fn of_parts(self, parts: u64) -> Self {
        let parts = parts as f64;
        Cost { wall: self.wall * parts, cpu: self.cpu * parts, ..self }
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.wall, self.cpu, self.memory, self.checksum)
    }
}

impl FromStr for Cost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [wall, cpu, memory, checksum] = words[..] else {
            return Err(format!("four numbers were expected, not {text:?}"));
        };
        let number = |word: &str| word.parse().map_err(|_| format!("{word:?} is no number"));
        let checksum = checksum.parse().map_err(|_| format!("{checksum:?} is no checksum"))?;
        Ok(Cost { wall: number(wall)?, cpu: number(cpu)?, memory: number(memory)?, checksum })
    }
}

fn cpu() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("a process may ask for its own usage");
    (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6
}

/// Bytes, by a line of the kernel's that has kibibytes.
fn status(name: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("Linux tells of each process");
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kibibytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.expect("the status has a line for memory") * 1024.0
}

#[cfg(test)]
mod tests {
    use super::Cost;

    #[test]
    fn a_cost_that_is_printed_is_read_again() {
        let cost = Cost { wall: 0.25, cpu: 0.125, memory: 4096.0, checksum: u64::MAX };
        assert_eq!(cost.to_string().parse(), Ok(cost));
        assert!("0.25 0.125 4096".parse::<Cost>().is_err());
    }

    #[test]
    fn memory_that_was_given_back_counts() {
        let cost = Cost::of(|| std::hint::black_box(vec![1_u8; 64 << 20]).len() as u64);
        assert!(cost.memory >= f64::from(63 << 20), "{cost}");
        assert!(cost.cpu > 0.0, "{cost}");
    }
}
