//! How plugin errors are worded: a constructor for each, with code, help and notes.

use std::fmt::Display;
use std::path::Path;
use std::time::Duration;

use super::{Level, code};
use crate::abi::{ABI_MAJOR, ABI_MINOR};
use crate::error::Error;

/// What the program was compiled for.
pub(super) const TARGET: &str = env!("ALUDEL_TARGET");

pub(super) fn bad_scheme(message: impl Into<String>) -> Error {
    Error::plugin(message)
        .with_code(code::BAD_SCHEME)
        .with_help("a scheme is letters, digits and `_`, with `+driver` after it where needed")
}

pub(super) fn refused_scheme(scheme: &str, reason: &str) -> Error {
    Error::plugin(format!("scheme `{scheme}` is refused: {reason}"))
        .with_code(code::REFUSED_SCHEME)
        .with_help("install a dialect that declares this scheme")
}

pub(super) fn unknown_scheme(scheme: &str, url: String, help: String) -> Error {
    Error::plugin(format!("no dialect for scheme `{scheme}`"))
        .with_code(code::UNKNOWN_SCHEME)
        .with_help(help)
        .with_note("url", url)
}

pub(super) fn missing_dialect(scheme: &str, dialect: &str, url: String, file: &str) -> Error {
    let who = if scheme == dialect {
        format!("dialect `{dialect}` is not installed")
    } else {
        format!("scheme `{scheme}` needs dialect `{dialect}`, which is not installed")
    };
    Error::plugin(who)
        .with_code(code::UNKNOWN_SCHEME)
        .with_help(format!(
            "put {file} into one of the places below, or its directory into ALUDEL_PLUGIN_PATH"
        ))
        .with_note("url", url)
}

pub(super) fn ambiguous(scheme: &str, level: Level, first: &Path, second: &Path) -> Error {
    let (first, second) = (first.display(), second.display());
    Error::plugin(format!(
        "scheme `{scheme}` is claimed by two files at level {level}: {first} and {second}"
    ))
    .with_code(code::AMBIGUOUS)
    .with_help(
        "remove one of them, or put the one that you mean into a directory of an earlier level",
    )
}

/// Two files of a directory that no search looks at.
pub(super) fn ambiguous_in_directory(scheme: &str, first: &Path, second: &Path) -> Error {
    let (first, second) = (first.display(), second.display());
    Error::plugin(format!(
        "scheme `{scheme}` is claimed by two files of one directory: {first} and {second}"
    ))
    .with_code(code::AMBIGUOUS)
    .with_help("remove one of them, or install into another directory")
}

pub(super) fn bad_path(message: impl Into<String>, help: &str) -> Error {
    Error::plugin(message).with_code(code::BAD_PATH).with_help(help)
}

pub(super) fn unreadable(path: &Path, fault: impl Display) -> Error {
    bad_path(
        format!("{} cannot be read: {fault}", path.display()),
        "check that the file is there, that its links lead to one, and that its permissions allow it",
    )
}

pub(super) fn no_dynamic_loading(dialect: &str, path: &Path) -> Error {
    Error::plugin(format!(
        "dialect `{dialect}` is a plugin, and this program is linked statically and loads none"
    ))
    .with_code(code::NO_DYNAMIC_LOADING)
    .with_help(
        "link the dialect into the program and aludel::register it, or build the program for a \
         target with dynamic linking",
    )
    .with_note("file", path.display().to_string())
}

pub(super) fn untrusted(path: &Path, why: &str, help: String) -> Error {
    Error::plugin(format!("refusing {}: {why}", path.display()))
        .with_code(code::UNTRUSTED)
        .with_help(help)
}

pub(super) fn not_of_the_system(path: &Path, level: Level) -> Error {
    let path = path.display();
    Error::plugin(format!("refusing {path}: it is of level {level}, and the policy is system_only"))
        .with_code(code::UNTRUSTED)
        .with_help("install it at level system, or remove it so that the one there is found")
}

pub(super) fn not_pinned(path: &Path, sum: &str, source: &str) -> Error {
    Error::plugin(format!(
        "refusing {}: its SHA-256 sum is not among those of {source}",
        path.display()
    ))
    .with_code(code::HASH_MISMATCH)
    .with_help("install the file that is meant, or pin this one after you have examined it")
    .with_note("sha256", sum)
}

pub(super) fn bad_policy(message: impl Into<String>, help: &str) -> Error {
    Error::plugin(message).with_code(code::BAD_POLICY).with_help(help)
}

pub(super) fn not_a_plugin(path: &Path, reason: impl Display) -> Error {
    Error::plugin(format!("{} is not an aludel plugin ({reason})", path.display()))
        .with_code(code::NOT_A_PLUGIN)
        .with_help("a plugin is built with export_dialect! (Rust) or ALUDEL_NOTE (C)")
}

/// The fault of a file that nobody named: a search came upon it, so that it may be in the way.
pub(super) fn of_found_file(fault: Error) -> Error {
    match fault.code() {
        Some(code::NOT_A_PLUGIN) => {
            fault.with_help("remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)")
        }
        _ => fault,
    }
}

pub(super) fn truncated(path: &Path, what: impl Display, end: u64, len: u64) -> Error {
    let (path, end, len) = (path.display(), thousands(end), thousands(len));
    Error::plugin(format!("{path} is cut short ({what} ends at {end}, the file at {len})"))
        .with_code(code::TRUNCATED)
        .with_help("copy or build the file again")
}

pub(super) fn wrong_target(path: &Path, built_for: impl Display) -> Error {
    Error::plugin(format!("{} was built for {built_for}; this program is {TARGET}", path.display()))
        .with_code(code::WRONG_TARGET)
        .with_help("install the plugin that was built for this program's target")
}

pub(super) fn other_abi(path: &Path, dialect: &str, version: &str, abi: (u16, u16)) -> Error {
    let (major, minor) = abi;
    let message = format!(
        "dialect `{dialect}` {version} was built for aludel ABI {major}.{minor}, \
         this program speaks {ABI_MAJOR}.{ABI_MINOR}"
    );
    abi_mismatch(path, message)
}

pub(super) fn abi_mismatch(path: &Path, message: impl Into<String>) -> Error {
    Error::plugin(message)
        .with_code(code::ABI_MISMATCH)
        .with_help("build plugin and program from the same version of aludel")
        .with_note("file", path.display().to_string())
}

pub(super) fn mismatch(path: &Path, message: impl Into<String>) -> Error {
    Error::plugin(message)
        .with_code(code::MISMATCH)
        .with_help("install the plugin again under its own name")
        .with_note("file", path.display().to_string())
}

pub(super) fn thread_affine(path: &Path, dialect: &str) -> Error {
    Error::plugin(format!(
        "dialect `{dialect}` binds connections to the thread that opened them, \
         which this version of aludel does not offer"
    ))
    .with_code(code::THREAD_AFFINE)
    .with_help("ask its author for a version whose connections may change threads")
    .with_note("file", path.display().to_string())
}

pub(super) fn cannot_load(path: &Path, dialect: &str, reason: impl Display) -> Error {
    Error::plugin(format!("dialect `{dialect}` is here but cannot be loaded: {reason}"))
        .with_code(code::CANNOT_LOAD)
        .with_help("install what it needs, or a build of it that was made for this system")
        .with_note("file", format!("{} (exists, checks passed)", path.display()))
}

pub(super) fn glibc_too_old(
    path: &Path,
    dialect: &str,
    needed: impl Display,
    own: Option<impl Display>,
) -> Error {
    let (has, older) = match own {
        Some(own) => (format!("this system has {own}"), format!("glibc {own} or older")),
        None => ("this system has an older one".to_owned(), "an older glibc".to_owned()),
    };
    Error::plugin(format!("dialect `{dialect}` needs glibc {needed}, {has}"))
        .with_code(code::GLIBC_TOO_OLD)
        .with_help(format!("run it on a newer system, or build the plugin on one with {older}"))
        .with_note("file", path.display().to_string())
}

pub(super) fn changed(path: &Path) -> Error {
    Error::plugin(format!("{} changed while it was being loaded", path.display()))
        .with_code(code::CHANGED)
        .with_help("try again when its installation has finished")
}

/// Asked for by the plugin's own initialisation, or by a subscriber that heard of it.
pub(super) fn loads_itself(path: &Path, dialect: &str) -> Error {
    cannot_load(path, dialect, "it is asked for while it initialises itself")
        .with_help("make no engine for it from its `init` or from a subscriber of its events")
}

pub(super) fn registered_in_init(dialect: &str) -> Error {
    Error::plugin(format!("dialect `{dialect}` is asked for while it initialises itself"))
        .with_code(code::INIT_FAILED)
        .with_help("make no engine for it from its `init` or from a subscriber of its events")
}

pub(super) fn changed_since_loaded(path: &Path) -> Error {
    Error::plugin(format!("{} changed after a library was loaded from it", path.display()))
        .with_code(code::CHANGED)
        .with_help("restart the program to load what is there now")
}

/// `path` is that of a plugin; a dialect that is linked into the program has none.
pub(super) fn init_failed(path: Option<&Path>, dialect: &str, error: Error) -> Error {
    let why = if error.message().is_empty() { "it does not say why" } else { error.message() };
    let failed = Error::plugin(format!("dialect `{dialect}` failed to initialise: {why}"))
        .with_code(code::INIT_FAILED)
        .with_help("put right what it says; the next engine tries again");
    match path {
        Some(path) => failed.with_note("file", path.display().to_string()),
        None => failed,
    }
    .with_source(error)
}

pub(super) fn init_timeout(path: &Path, dialect: &str, timeout: Duration) -> Error {
    Error::plugin(format!("dialect `{dialect}` did not finish loading within {timeout:?}"))
        .with_code(code::INIT_TIMEOUT)
        .with_help("report this to its author; Policy::init_timeout gives it more time")
        .with_note("file", path.display().to_string())
}

pub(super) fn waits_for(dialect: &str, path: &Path, other: &str, other_path: &Path) -> Error {
    Error::plugin(format!(
        "dialect `{dialect}` cannot be loaded while the constructors of dialect `{other}` run"
    ))
    .with_code(code::INIT_TIMEOUT)
    .with_help(format!(
        "report to the author of `{other}` that they do not return: the system loads nothing else \
         until they do"
    ))
    .with_note("file", path.display().to_string())
    .with_note("waits for", other_path.display().to_string())
}

pub(super) fn already_static(dialect: &str, path: &Path) -> Error {
    Error::plugin(format!(
        "dialect `{dialect}` is linked into this program and is not loaded from {} as well",
        path.display()
    ))
    .with_code(code::ALREADY_STATIC)
    .with_help(
        "two copies of one native library in a process lose data: use the linked one's schemes",
    )
}

pub(super) fn already_loaded(dialect: &str, path: &Path) -> Error {
    Error::plugin(format!(
        "dialect `{dialect}` was loaded from {} and cannot be registered any more",
        path.display()
    ))
    .with_code(code::ALREADY_STATIC)
    .with_help("register it before the first engine is made")
}

pub(super) fn loaded_twice(dialect: &str, loaded: &Path, other: &Path) -> Error {
    Error::plugin(format!(
        "dialect `{dialect}` is loaded from {} and is not loaded from {} as well",
        loaded.display(),
        other.display()
    ))
    .with_code(code::ALREADY_STATIC)
    .with_help(
        "two copies of one native library in a process lose data: use one file, and restart the \
         program after an upgrade",
    )
}

pub(super) fn registered_twice(dialect: &str) -> Error {
    Error::plugin(format!("another dialect `{dialect}` is registered already"))
        .with_code(code::ALREADY_STATIC)
        .with_help("register one of them")
}

/// A copy of a plugin error with its texts changed.
pub(super) fn reworded(fault: &Error, change: impl Fn(&str) -> String) -> Error {
    let mut copy = Error::new(fault.kind(), change(fault.message()));
    if let Some(code) = fault.code() {
        copy = copy.with_code(code);
    }
    if let Some(help) = fault.help() {
        copy = copy.with_help(change(help));
    }
    fault.notes().fold(copy, |copy, (label, text)| copy.with_note(label, change(text)))
}

/// A number with commas between groups of three digits.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{thousands, truncated};

    #[test]
    fn a_truncated_file_is_told_with_both_lengths() {
        let error = truncated(Path::new("/p/libaludel_x.so"), "segment 3", 1_204_224, 200_000);
        assert_eq!(
            error.to_string(),
            "error[P07]: /p/libaludel_x.so is cut short (segment 3 ends at 1,204,224, \
             the file at 200,000)\n  help: copy or build the file again"
        );
    }

    #[test]
    fn digits_are_grouped_by_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), text);
        }
    }
}
