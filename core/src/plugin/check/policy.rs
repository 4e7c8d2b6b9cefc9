//! What may be loaded: who has to own a file, and which files are expected at all.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::Result;
use crate::plugin::error;

/// What a plugin file has to fulfil beside being whole and fitting.
///
/// The environment variable `ALUDEL_PLUGIN_POLICY` (`system_only` or `pinned`) can only tighten it.
///
/// ```
/// use aludel::plugin::Policy;
///
/// let policy = Policy::new().system_only();
/// assert_eq!(policy.to_string(), "system_only");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(in crate::plugin) system_only: bool,
    pub(in crate::plugin) development: bool,
    pub(in crate::plugin) pins: Option<Pins>,
    pub(in crate::plugin) init_timeout: Duration,
}

/// Where the SHA-256 sums stand that files must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plugin) enum Pins {
    /// In the program: 64 hexadecimal digits each.
    Listed(Vec<String>),
    /// In a file as `sha256sum` writes it.
    Lock(PathBuf),
    /// In `aludel.lock` beside the program.
    BesideProgram,
}

/// Time that a plugin has for its constructors and its initialisation.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);

impl Policy {
    /// The standard policy: files and the directories above them belong to root or to the user who
    /// runs the program, and nobody else may write there.
    pub const fn new() -> Policy {
        Policy { system_only: false, development: false, pins: None, init_timeout: INIT_TIMEOUT }
    }

    /// Only dialects that are linked into the program, and plugins of the level
    /// [`System`](crate::plugin::Level::System).
    #[must_use]
    pub fn system_only(mut self) -> Policy {
        self.system_only = true;
        self
    }

    /// Only files with one of these SHA-256 sums, 64 hexadecimal digits each, in either case.
    #[must_use]
    pub fn pinned<S: AsRef<str>>(mut self, sums: impl IntoIterator<Item = S>) -> Policy {
        let sums = sums.into_iter().map(|sum| sum.as_ref().to_ascii_lowercase()).collect();
        self.pins = Some(Pins::Listed(sums));
        self
    }

    /// Only files whose SHA-256 sums stand in this file, which is written as `sha256sum` does: a
    /// sum, two spaces, a name. The path must be absolute, and the file as trustworthy as a plugin.
    #[must_use]
    pub fn pinned_by(mut self, lock: impl Into<PathBuf>) -> Policy {
        self.pins = Some(Pins::Lock(lock.into()));
        self
    }

    /// For development: owners and permissions are not enforced, and what is wrong with them is told
    /// as warnings. There is no way to choose this from the environment.
    #[must_use]
    pub fn development(mut self) -> Policy {
        self.development = true;
        self
    }

    /// Time that a plugin has for its constructors and its initialisation; 10 seconds unless set.
    ///
    /// A plugin that takes longer goes on, and is there once it is done. An initialisation that never
    /// returns costs a thread and no more. A constructor that never returns holds the lock of the
    /// system's loader: what was loaded before goes on, but nothing else can be loaded, new threads
    /// may not begin, and the process does not end by `exit` or by returning from `main`, only by a
    /// signal or an abort.
    #[must_use]
    pub fn init_timeout(mut self, timeout: Duration) -> Policy {
        self.init_timeout = timeout;
        self
    }
}

impl Policy {
    /// This policy, tightened by the value of `ALUDEL_PLUGIN_POLICY`: `system_only`, `pinned`, or
    /// both with a comma. Sums that the program gives stay those that count.
    ///
    /// # Errors
    /// Code [`BAD_POLICY`](crate::plugin::code::BAD_POLICY) for other words: what was meant to
    /// tighten must not do nothing.
    pub fn tightened_by(mut self, words: &OsStr) -> Result<Policy> {
        let text = words.to_string_lossy();
        for word in text.split(',').map(str::trim).filter(|_| !text.is_empty()) {
            match word {
                "system_only" => self.system_only = true,
                "pinned" if self.pins.is_none() => self.pins = Some(Pins::BesideProgram),
                "pinned" => {}
                _ => {
                    return Err(error::bad_policy(
                        format!("ALUDEL_PLUGIN_POLICY holds {word:?}, which is no policy"),
                        "write system_only or pinned, or both with a comma",
                    ));
                }
            }
            self.development = false;
        }
        Ok(self)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Policy::new()
    }
}

impl std::fmt::Display for Policy {
    /// `standard`, or what it is tightened or loosened to: `system_only`, `pinned`, `development`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [
            (self.system_only, "system_only"),
            (self.pins.is_some(), "pinned"),
            (self.development, "development"),
        ];
        let names: Vec<&str> =
            parts.into_iter().filter(|(is_set, _)| *is_set).map(|(_, name)| name).collect();
        f.write_str(if names.is_empty() { "standard" } else { "" })?;
        f.write_str(&names.join("+"))
    }
}

#[cfg(test)]
mod tests {
    use super::Policy;

    fn tightened(policy: Policy, words: &str) -> String {
        policy.tightened_by(words.as_ref()).map_or_else(|e| e.to_string(), |p| p.to_string())
    }

    #[test]
    fn the_environment_tightens_and_never_loosens() {
        assert_eq!(tightened(Policy::new(), ""), "standard");
        assert_eq!(tightened(Policy::new(), "pinned,system_only"), "system_only+pinned");
        assert_eq!(tightened(Policy::new().development(), "system_only"), "system_only");
        assert_eq!(tightened(Policy::new().system_only(), "pinned"), "system_only+pinned");
        let own = Policy::new().pinned(["ab".repeat(32)]);
        assert_eq!(own.clone().tightened_by("pinned".as_ref()).unwrap(), own);
    }

    #[test]
    fn a_word_that_is_no_policy_is_an_error() {
        for word in ["development", "none", "pinned,", "system only"] {
            let message = tightened(Policy::new(), word);
            assert!(message.starts_with("error[P23]: ALUDEL_PLUGIN_POLICY holds "), "{message}");
        }
    }
}
