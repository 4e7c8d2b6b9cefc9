//! Where things lie: the cache of fetched programs, the servers' directory, and who may read them.

use super::random;
use std::env;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// What the names of the servers' directories begin with.
const PREFIX: &str = "al-";

/// How many digits follow it.
const DIGITS: usize = 8;

/// The longest directory in which a server's socket still has a path of fewer than 108 bytes.
const LONGEST: usize = 60;

/// Who runs the servers when this program runs as root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// Who the servers' user is; `None` is whoever runs this program.
pub(crate) fn owner() -> Result<Option<Owner>, String> {
    if effective_uid()? != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")
        .map_err(|error| format!("cannot read /etc/passwd: {error}"))?;
    nobody(&users).map(Some).ok_or_else(|| "there is no user nobody to run servers as".into())
}

/// The number of the user that runs this program.
pub(crate) fn effective_uid() -> Result<u32, String> {
    fs::metadata("/proc/self")
        .map(|this| this.uid())
        .map_err(|error| format!("cannot read /proc/self (servers need Linux): {error}"))
}

fn nobody(users: &str) -> Option<Owner> {
    let line = users.lines().find(|line| line.starts_with("nobody:"))?;
    let mut fields = line.split(':').skip(2);
    let uid = fields.next()?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some(Owner { uid, gid })
}

/// Whether every user can reach `path`, which is what the servers' user needs when root starts it.
pub(crate) fn open_to_all(path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else {
        return false;
    };
    path.ancestors().all(|part| {
        let needed = if part == path { 0o004 } else { 0o001 };
        fs::metadata(part).is_ok_and(|found| found.permissions().mode() & needed != 0)
    })
}

/// The folder of what was fetched; it outlives clones and `cargo clean`.
pub(crate) fn cache() -> Result<PathBuf, String> {
    let uid = effective_uid()?;
    let named = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let own = named("ALUDEL_SERVICES_CACHE");
    let system = (uid == 0).then(|| PathBuf::from("/var/cache/aludel"));
    let user = named("XDG_CACHE_HOME").or_else(|| Some(named("HOME")?.join(".cache")));
    let last = PathBuf::from(format!("/var/tmp/aludel-{uid}"));
    let choices = [own, system, user.map(|path| path.join("aludel")), Some(last)];
    choices.into_iter().flatten().find(|path| make(path, uid).is_ok()).ok_or_else(|| {
        "there is no folder for fetched programs; name one in ALUDEL_SERVICES_CACHE".into()
    })
}

fn make(path: &Path, uid: u32) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    DirBuilder::new().recursive(true).mode(0o755).create(path).map_err(failed)?;
    let found = fs::symlink_metadata(path).map_err(failed)?;
    let mine = found.is_dir() && found.uid() == uid && found.permissions().mode() & 0o022 == 0;
    if !mine || uid == 0 && !open_to_all(path) {
        return Err("not ours alone".into());
    }
    // A folder that is there may still be on a disk that is read only.
    let probe = path.join(format!(".probe-{}", random::hex(8)?));
    fs::write(&probe, "").and_then(|()| fs::remove_file(&probe)).map_err(failed)
}

/// The folders in which the servers' directories lie: short paths that the servers' user can reach.
pub(crate) fn bases() -> Vec<PathBuf> {
    let choices = [env::temp_dir(), "/tmp".into(), "/var/tmp".into(), "/dev/shm".into()];
    let root = effective_uid() == Ok(0);
    let mut bases: Vec<PathBuf> = Vec::new();
    for path in choices {
        let short = path.as_os_str().len() + 1 + PREFIX.len() + DIGITS <= LONGEST;
        let usable = short && path.is_dir() && (!root || open_to_all(&path));
        if usable && !bases.contains(&path) {
            bases.push(path);
        }
    }
    bases
}

/// Makes a new directory for servers.
pub(crate) fn directory() -> Result<PathBuf, String> {
    let mut reason = "no folder for temporary files has a short path".to_owned();
    for base in bases() {
        let path = base.join(format!("{PREFIX}{}", random::hex(DIGITS)?));
        match DirBuilder::new().mode(0o755).create(&path) {
            Ok(()) => return Ok(path),
            Err(error) => reason = format!("cannot make {}: {error}", path.display()),
        }
    }
    Err(reason)
}

/// Whether `path` has a name that [`directory`] gives.
pub(crate) fn is_directory(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let digits = name.strip_prefix(PREFIX).unwrap_or_default();
    digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_read_from_the_list_of_users() {
        let users =
            "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:n:/nonexistent:/sbin/nologin\n";
        assert_eq!(nobody(users), Some(Owner { uid: 65534, gid: 65533 }));
        assert_eq!(nobody("root:x:0:0::/:/bin/sh\n"), None);
    }

    #[test]
    fn a_path_below_a_private_folder_is_not_open_to_all() {
        let outer = std::env::temp_dir().join(format!("aludel-open-{}", std::process::id()));
        let inner = outer.join("inner");
        DirBuilder::new().recursive(true).mode(0o755).create(&inner).unwrap();
        let before = open_to_all(&inner);
        fs::set_permissions(&outer, fs::Permissions::from_mode(0o700)).unwrap();
        assert!(!open_to_all(&inner));
        fs::set_permissions(&outer, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(open_to_all(&inner), before);
        fs::remove_dir_all(&outer).unwrap();
    }

    #[test]
    fn a_new_directory_leaves_room_for_the_longest_socket_path() {
        let path = directory().unwrap();
        assert!(is_directory(&path) && !is_directory(&path.with_file_name("al-other")));
        assert!(path.join("run/.s.PGSQL.31999").as_os_str().len() < 108);
        fs::remove_dir(path).unwrap();
    }
}
