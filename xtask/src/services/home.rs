//! The directory of one start: who owns what in it, and how programs run there.

use super::lock;
use super::place::{self, Owner};
use super::program::Program;
use super::vars::quoted;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

/// The variable that every server carries, by which its processes are told from all others. It is
/// not among the exported ones, so no program of the user ever carries it.
pub(crate) const MARKER: &str = "ALUDEL_SERVICES_HOME";

/// The file that is locked as long as the one who made the directory lives.
pub(crate) const LOCK: &str = "keeper.lock";

/// The folder of scripts that run the servers' own clients.
pub(crate) const CLIENTS: &str = "bin";

/// One start's directory.
pub(crate) struct Home {
    dir: PathBuf,
    owner: Option<Owner>,
    stopping: AtomicBool,
    /// Held until this process ends, however it ends.
    _lock: File,
}

impl Home {
    /// Makes a new directory with the folders that all servers share.
    pub(crate) fn make() -> Result<Self, String> {
        let owner = place::owner()?;
        let dir = place::directory()?;
        // Before anything else: a directory with something in it and no lock is none of ours.
        let lock = lock::acquire(&dir.join(LOCK), false)
            .map_err(|error| format!("cannot lock {}: {error}", dir.display()))?
            .ok_or_else(|| format!("{} was taken for abandoned", dir.display()))?;
        let home = Self { dir, owner, stopping: AtomicBool::new(false), _lock: lock };
        home.folder("run", 0o755)?;
        home.folder("home", 0o700)?;
        home.folder("tmp", 0o700)?;
        Ok(home)
    }

    /// The directory.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the sockets are.
    pub(crate) fn run_dir(&self) -> PathBuf {
        self.dir.join("run")
    }

    /// Makes a folder that belongs to the servers' user.
    pub(crate) fn folder(&self, name: &str, mode: u32) -> Result<PathBuf, String> {
        let path = self.dir.join(name);
        DirBuilder::new()
            .recursive(true)
            .mode(mode)
            .create(&path)
            .map_err(|error| format!("cannot make {}: {error}", path.display()))?;
        self.give(&path)?;
        Ok(path)
    }

    /// Writes a file that belongs to the servers' user.
    pub(crate) fn write(&self, path: &Path, text: &str, mode: u32) -> Result<(), String> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        self.give(path)
    }

    /// Adds a script to the folder of clients that runs `program` with its libraries, with `words`
    /// before those of the caller and with nothing else changed.
    pub(crate) fn client(&self, name: &str, program: &Program, words: &str) -> Result<(), String> {
        let folder = self.dir.join(CLIENTS);
        let mut script = "#!/bin/sh\n".to_owned();
        if let Some(path) = program.library_path() {
            script += &format!("export LD_LIBRARY_PATH={}\n", quoted(&path.to_string_lossy()));
        }
        let command = program.words().into_iter().map(|word| quoted(&word.to_string_lossy()) + " ");
        script += &format!("exec {}{words} \"$@\"\n", command.collect::<String>());
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(folder.join(name), script))
            .and_then(|()| fs::set_permissions(folder.join(name), Permissions::from_mode(0o755)))
            .map_err(|error| format!("cannot write the client {name}: {error}"))
    }

    fn give(&self, path: &Path) -> Result<(), String> {
        let Some(owner) = self.owner else {
            return Ok(());
        };
        chown(path, Some(owner.uid), Some(owner.gid))
            .map_err(|error| format!("cannot give {} to nobody: {error}", path.display()))
    }

    /// A command that runs `program` as the servers' user with nothing of the host's environment,
    /// and that gets `signal` when the thread that starts it ends.
    pub(crate) fn command(&self, program: &Program, signal: &str) -> Command {
        let mut command = Command::new("setpriv");
        if let Some(Owner { uid, gid }) = self.owner {
            command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}"));
            command.args(["--clear-groups", "--inh-caps=-all"]);
        }
        command.arg(format!("--pdeathsig={signal}")).arg("--").args(program.words());
        let home = self.dir.join("home");
        command
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", &home)
            .env("TMPDIR", self.dir.join("tmp"))
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            // The host's settings of OpenSSL could forbid what a test asks for.
            .env("OPENSSL_CONF", "/dev/null")
            .env(MARKER, &self.dir)
            .current_dir(home)
            .stdin(Stdio::null());
        if let Some(path) = program.library_path() {
            command.env("LD_LIBRARY_PATH", path);
        }
        command
    }

    /// Runs a command to its end with `input`, and returns what it printed.
    pub(crate) fn finish(&self, command: &mut Command, input: &str) -> Result<String, String> {
        let name = command.get_args().find(|word| !word.to_string_lossy().starts_with("--"));
        let name = name.map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
        let failed = |error: std::io::Error| format!("cannot run {name}: {error}");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ends early says why on its own streams.
            let _ = stdin.write_all(input.as_bytes());
        }
        let output = child.wait_with_output().map_err(failed)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let text = [output.stdout, output.stderr].concat();
        Err(format!(
            "{name} ended with {}: {}",
            output.status,
            tail(&String::from_utf8_lossy(&text))
        ))
    }

    /// Tells every thread that waits for a server to give up.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    /// Whether [`Home::stop`] was called.
    pub(crate) fn stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }
}

/// The last lines of a log, which say why a server gave up.
pub(crate) fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(8)..].join(" | ")
}

/// The last lines of the log at `path`.
pub(crate) fn tail_of(path: &Path) -> String {
    tail(&String::from_utf8_lossy(&fs::read(path).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_sees_nothing_of_the_hosts_environment() {
        let home = Home::make().unwrap();
        let mut command = home.command(&Program::installed("/usr/bin/env"), "KILL");
        let text = home.finish(&mut command, "").unwrap();
        assert!(text.contains(&format!("{MARKER}={}", home.dir().display())), "{text}");
        assert!(!text.contains("CARGO"), "{text}");
        fs::remove_dir_all(home.dir()).unwrap();
    }

    #[test]
    fn a_failure_names_the_program_and_what_it_said_last() {
        let home = Home::make().unwrap();
        let mut command = home.command(&Program::installed("/bin/sh"), "KILL");
        command.args(["-c", "echo one; echo two >&2; exit 3"]);
        let message = home.finish(&mut command, "").unwrap_err();
        assert_eq!(message, "/bin/sh ended with exit status: 3: one | two");
        fs::remove_dir_all(home.dir()).unwrap();
    }
}
