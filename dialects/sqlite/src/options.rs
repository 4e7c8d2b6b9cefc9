//! The options of SQLite's URLs.

use aludel::dialect::{OptionClass, OptionInfo, OptionType};

use crate::begin_mode::BeginMode;

pub(crate) const MODES: &[&str] = &["ro", "rw", "rwc", "memory"];
pub(crate) const CACHES: &[&str] = &["private", "shared"];
pub(crate) const JOURNAL_MODES: &[&str] =
    &["delete", "truncate", "persist", "memory", "wal", "off"];
pub(crate) const SYNCHRONOUS: &[&str] = &["off", "normal", "full", "extra"];

/// Options that become parameters of a [URI](https://www.sqlite.org/uri.html).
pub(crate) const OF_THE_URI: &[&str] = &["mode", "cache", "immutable", "nolock", "vfs"];

pub(crate) const OPTIONS: &[OptionInfo] = &[
    OptionInfo::new(
        "mode",
        OptionType::OneOf(MODES),
        "rwc",
        "How the database is opened: read only, read and write, also create, or in memory.",
    ),
    OptionInfo::new(
        "cache",
        OptionType::OneOf(CACHES),
        "private",
        "Whether connections of this process share one page cache; an in-memory database is seen by several connections only if they do.",
    ),
    OptionInfo::new(
        "immutable",
        OptionType::Bool,
        "false",
        "Promises that nobody changes the file: it is read without locks.",
    ),
    OptionInfo::new(
        "nolock",
        OptionType::Bool,
        "false",
        "Takes no file locks; safe only when no other connection writes.",
    ),
    OptionInfo::new(
        "vfs",
        OptionType::Text,
        "",
        "Name of the SQLite VFS that reads and writes the file.",
    ),
    OptionInfo::new(
        "uri",
        OptionType::Bool,
        "false",
        "Reads a database that begins with `file:` as a SQLite URI.",
    ),
    OptionInfo::new(
        "busy_timeout",
        OptionType::Integer,
        "5000",
        "Milliseconds to wait for a lock of another connection; 0 fails at once.",
    ),
    OptionInfo::new(
        "timeout",
        OptionType::Seconds,
        "5",
        "The same as busy_timeout, in seconds, as pysqlite calls it.",
    ),
    OptionInfo::new(
        "foreign_keys",
        OptionType::Bool,
        "false",
        "Enforces foreign keys, which SQLite leaves off unless it is told.",
    ),
    OptionInfo::new(
        "journal_mode",
        OptionType::OneOf(JOURNAL_MODES),
        "",
        "Journal mode, set when connecting; `wal` lets readers and a writer work at once and stays in the file.",
    ),
    OptionInfo::new(
        "synchronous",
        OptionType::OneOf(SYNCHRONOUS),
        "",
        "How often SQLite waits for the disk; `normal` is enough in WAL mode.",
    ),
    OptionInfo::new(
        "begin",
        OptionType::OneOf(BeginMode::NAMES),
        "deferred",
        "How transactions begin; `immediate` takes the write lock at once and so avoids transactions that cannot be upgraded.",
    ),
    OptionInfo::new(
        "isolation_level",
        OptionType::OneOf(BeginMode::NAMES),
        "",
        "The same as begin, as pysqlite calls it.",
    ),
    OptionInfo::new(
        "read_only",
        OptionType::Bool,
        "false",
        "Refuses changes (PRAGMA query_only); the file itself is opened as mode says.",
    ),
    OptionInfo::new(
        "load_extension",
        OptionType::Text,
        "",
        "Path of a SQLite extension to load into the connection; may be repeated.",
    )
    .repeatable()
    .class(OptionClass::Code),
    OptionInfo::new(
        "check_same_thread",
        OptionType::Bool,
        "false",
        "Accepted for SQLAlchemy's URLs; without effect, because the compiler keeps a connection from being used by two threads at once.",
    ),
    OptionInfo::new(
        "cached_statements",
        OptionType::Integer,
        "",
        "Accepted for SQLAlchemy's URLs; without effect, because prepared statements are kept by aludel.",
    ),
    OptionInfo::new(
        "detect_types",
        OptionType::Integer,
        "0",
        "Accepted for SQLAlchemy's URLs; without effect, because values are converted to the type that the program asks for.",
    ),
];
