//! Who may write a plugin file, and so could change what a program does.
//!
//! The file and every directory above it belong to somebody who could change the program anyway:
//!
//! | what | rule |
//! |---|---|
//! | owner | root or the effective user of the program; at level system root alone |
//! | write for others | nowhere, except a directory of root's with the sticky bit, such as `/tmp` |
//! | write for a group | root's group, or the owner's private one: of the owner's name, without other members |
//!
//! At level app a file is trusted as far as the program itself, because who can replace the one can
//! replace the other: directories above the program pass, and so does what has an owner of the
//! program or of its directory and is no more writable than they are.
//!
//! Access control lists show in the bits of the group, which are their mask.

mod walk;

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use self::walk::walk;
use crate::error::Result;
use crate::plugin::{Level, error};

const ROOT: u32 = 0;
/// The group whose members may become root.
const ROOT_GROUPS: &[u32] = if cfg!(target_vendor = "apple") { &[0, 80] } else { &[0] };
const STICKY: u32 = 0o1000;
const GROUP_WRITE: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Directory,
    Link,
}

impl Kind {
    /// The command that changes the owner of such a thing, and not of what it leads to.
    fn chown(self) -> &'static str {
        if self == Kind::Link { "chown -h" } else { "chown" }
    }
}

/// A file, directory or link with what decides who may write it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    path: PathBuf,
    kind: Kind,
    uid: u32,
    gid: u32,
    mode: u32,
}

impl Entry {
    fn new(path: &Path, metadata: &Metadata) -> Entry {
        let (kind, mode) = match metadata.file_type() {
            kind if kind.is_dir() => (Kind::Directory, metadata.mode() & 0o7777),
            // The mode of a link says nothing: its owner and its directory decide.
            kind if kind.is_symlink() => (Kind::Link, 0),
            _ => (Kind::File, metadata.mode() & 0o7777),
        };
        Entry { path: path.to_owned(), kind, uid: metadata.uid(), gid: metadata.gid(), mode }
    }

    /// Only who owns a file here, and root, may rename or remove it, although all may add some.
    fn is_common_ground(&self) -> bool {
        self.kind == Kind::Directory && self.uid == ROOT && self.mode & STICKY != 0
    }

    fn what(&self) -> String {
        let kind = match self.kind {
            Kind::File => "file",
            Kind::Directory => "directory",
            Kind::Link => "link",
        };
        format!("{kind} {}", self.path.display())
    }
}

/// Why an entry is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Owner,
    WritableByOthers,
    WritableByGroup,
}

/// The program that is about to load a file.
struct Host<'a> {
    /// Whom the program works for.
    user: u32,
    level: Level,
    /// The program's file and its directory, at the level that is trusted as far as they are.
    program: Option<(Entry, Entry)>,
    is_private_group: &'a dyn Fn(u32, u32) -> bool,
}

/// Why what was checked is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plugin) enum Trust {
    /// Nobody but root and the program's user may write it.
    Owned,
    /// Others may write it, who may write the program as well.
    AsProgram,
}

/// Checks who may write the file, whose metadata come from its open descriptor, and everything that
/// the path leads through by which it was found: directories and links.
///
/// # Errors
/// `UNTRUSTED`, with the first entry that others may write.
pub(in crate::plugin) fn check(
    real: &Path,
    metadata: &Metadata,
    found: &Path,
    level: Level,
    program: Option<&Path>,
) -> Result<Trust> {
    let host = Host::new(level, program);
    let mut trust = host.check(real, &Entry::new(real, metadata))?;
    let passed = walk(found)?;
    let above = walk(real)?;
    for entry in passed.iter().chain(&above).filter(|entry| entry.path != real) {
        trust = trust.and(host.check(real, entry)?);
    }
    Ok(trust)
}

/// Checks who may write what a library is looked for in: a file, or a directory that may be missing,
/// so that whoever may make it counts.
///
/// # Errors
/// `UNTRUSTED`, with the first entry that others may write.
pub(in crate::plugin) fn check_needed(
    real: &Path,
    place: &Path,
    level: Level,
    program: Option<&Path>,
) -> Result<()> {
    let host = Host::new(level, program);
    walk(place)?.iter().try_for_each(|entry| host.check(real, entry).map(drop))
}

/// The effective user, unless the program may become root again: then root alone.
fn trusted_user() -> u32 {
    let effective = nix::unistd::geteuid().as_raw();
    #[cfg(any(target_os = "linux", target_os = "freebsd"))]
    if nix::unistd::getresuid().is_ok_and(|ids| ids.real.is_root() || ids.saved.is_root()) {
        return ROOT;
    }
    effective
}

fn program_entries(program: &Path) -> Option<(Entry, Entry)> {
    let program = program.canonicalize().ok()?;
    let dir = program.parent()?;
    let read = |path: &Path| Some(Entry::new(path, &std::fs::metadata(path).ok()?));
    Some((read(&program)?, read(dir)?))
}

impl Trust {
    fn and(self, other: Trust) -> Trust {
        if self == Trust::Owned { other } else { self }
    }
}

impl Host<'static> {
    fn new(level: Level, program: Option<&Path>) -> Self {
        Host {
            user: trusted_user(),
            level,
            program: program.filter(|_| level == Level::App).and_then(program_entries),
            is_private_group: &is_private_group,
        }
    }
}

impl Host<'_> {
    fn check(&self, file: &Path, entry: &Entry) -> Result<Trust> {
        match self.fault(entry) {
            None => Ok(Trust::Owned),
            Some(_) if self.is_as_trusted_as_program(entry) => Ok(Trust::AsProgram),
            Some(fault) => Err(self.refusal(file, entry, fault)),
        }
    }

    fn fault(&self, entry: &Entry) -> Option<Fault> {
        let is_owner = entry.uid == ROOT || entry.uid == self.user && self.level != Level::System;
        if !is_owner {
            return Some(Fault::Owner);
        }
        if entry.is_common_ground() {
            return None;
        }
        if entry.mode & OTHERS_WRITE != 0 {
            return Some(Fault::WritableByOthers);
        }
        let is_group_writable = entry.mode & GROUP_WRITE != 0 && !self.is_trusted_group(entry);
        is_group_writable.then_some(Fault::WritableByGroup)
    }

    fn is_trusted_group(&self, entry: &Entry) -> bool {
        ROOT_GROUPS.contains(&entry.gid)
            || self.level != Level::System && (self.is_private_group)(entry.gid, entry.uid)
    }

    fn is_as_trusted_as_program(&self, entry: &Entry) -> bool {
        let Some((program, dir)) = &self.program else { return false };
        if entry.kind == Kind::Directory && program.path.starts_with(&entry.path) {
            return true;
        }
        let owners = [ROOT, self.user, program.uid, dir.uid];
        let gives = |bit: u32| {
            let own = [program, dir].into_iter().filter(|own| !own.is_common_ground());
            own.filter(move |own| own.mode & bit != 0)
        };
        let is_for_others = entry.mode & OTHERS_WRITE != 0 && !entry.is_common_ground();
        let is_for_group = entry.mode & GROUP_WRITE != 0 && !self.is_trusted_group(entry);
        owners.contains(&entry.uid)
            && (!is_for_others || gives(OTHERS_WRITE).next().is_some())
            && (!is_for_group || gives(GROUP_WRITE).any(|own| own.gid == entry.gid))
    }

    /// What to do about an owner, by somebody who can do it: users cannot give files away, and a
    /// user's directories are not to become root's.
    fn advice_on_owner(&self, entry: &Entry) -> String {
        let uid = entry.uid;
        match (self.user, entry.kind) {
            (ROOT, Kind::Directory) => format!(
                "run the program as uid {uid}, or install the plugin for all users: aludel \
                 plugins install --system <file>"
            ),
            (ROOT, kind) => format!("{} {ROOT} {}", kind.chown(), quoted(&entry.path)),
            _ => "use a copy of your own; of a plugin: aludel plugins install <file>".to_owned(),
        }
    }

    fn refusal(&self, file: &Path, entry: &Entry, fault: Fault) -> crate::Error {
        let what = if entry.path == file { "it".to_owned() } else { entry.what() };
        let Entry { uid, gid, mode, .. } = entry;
        let path = quoted(&entry.path);
        let (why, help) = match fault {
            Fault::Owner if self.level == Level::System => (
                format!("{what} belongs to uid {uid}, and level system is root's"),
                format!("{} root {path}", entry.kind.chown()),
            ),
            Fault::Owner => (
                format!(
                    "{what} belongs to uid {uid}, who is neither root nor the user of this \
                     program (uid {})",
                    self.user
                ),
                self.advice_on_owner(entry),
            ),
            Fault::WritableByOthers => (
                format!("{what} is writable by others (mode {mode:04o}, owner uid {uid})"),
                format!("chmod go-w {path}"),
            ),
            Fault::WritableByGroup => (
                format!(
                    "{what} is writable by group {} (mode {mode:04o}, owner uid {uid})",
                    group_name(*gid)
                ),
                format!("chmod g-w {path}"),
            ),
        };
        error::untrusted(file, &why, help)
    }
}

/// True for the group that a system made for one user: of the user's name, with no other member.
fn is_private_group(gid: u32, uid: u32) -> bool {
    use nix::unistd::{Gid, Group, Uid, User};
    let group = Group::from_gid(Gid::from_raw(gid)).ok().flatten();
    let user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
    let (Some(group), Some(user)) = (group, user) else { return false };
    group.name == user.name && group.mem.iter().all(|member| *member == user.name)
}

fn group_name(gid: u32) -> String {
    let group = nix::unistd::Group::from_gid(nix::unistd::Gid::from_raw(gid)).ok().flatten();
    group.map_or_else(|| format!("gid {gid}"), |group| format!("{} (gid {gid})", group.name))
}

/// A path as a word of a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@:".contains(c);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests;
