//! Opening a connection.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aludel::dbapi::Call;
use aludel::dialect::ConnectArgs;
use aludel::error::{Error, Result};
use rusqlite::{LoadExtensionGuard, OpenFlags, ffi};

use crate::busy::install_busy_handler;
use crate::connection::SqliteConnection;
use crate::error::Failure;
use crate::handle::Handle;
use crate::location::Location;
use crate::open_failure::explain;
use crate::run::run;
use crate::settings::Settings;
use crate::shared::Shared;

/// Opens the database of a URL and proves that it is one.
pub(crate) fn open(args: &ConnectArgs<'_>, call: &Call<'_>) -> Result<SqliteConnection> {
    let settings = Settings::new(args)?;
    let location = Location::new(args)?;
    call.check()?;
    tracing::debug!(database = location.filename, "opening a SQLite database");
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if location.filename.starts_with("file:") {
        flags |= OpenFlags::SQLITE_OPEN_URI;
    }
    let owner = rusqlite::Connection::open_with_flags(&location.filename, flags)
        .map_err(|error| explain(&location, from_rusqlite(error)))?;
    for path in &settings.extensions {
        load_extension(&owner, path)?;
    }
    let mut connection = adopt(owner, &settings);
    connection.set_memory(location.memory);
    connection.start(call)?;
    prove(&connection, &location)?;
    connection.apply_session()?;
    set_journal(&mut connection, &location, &settings, call)?;
    Ok(connection)
}

fn adopt(owner: rusqlite::Connection, settings: &Settings) -> SqliteConnection {
    // SAFETY: the handle lives as long as the owner, which moves into the connection with it.
    let db = unsafe { Handle::new(owner.handle()) };
    let shared = Arc::new(Shared::default());
    // SAFETY: connection and statements keep `shared` alive, and with it the control.
    unsafe { install_busy_handler(db, &shared.control) };
    // SAFETY: handle and owner belong together.
    unsafe { SqliteConnection::new(owner, db, shared, settings.session.clone()) }
}

/// Sets the journal mode and gives the one in use. SQLite does not call the busy handler when
/// another connection switches at the same moment, so waiting for that one is ours.
fn switch_journal(
    connection: &mut SqliteConnection,
    mode: &str,
    busy_timeout: Duration,
    call: &Call<'_>,
) -> Result<Option<String>> {
    const PAUSE: Duration = Duration::from_millis(2);
    let begun = Instant::now();
    loop {
        match run(connection.db, &format!("PRAGMA journal_mode={mode}")) {
            Err(failure)
                if failure.code & 0xff == ffi::SQLITE_BUSY && begun.elapsed() < busy_timeout =>
            {
                call.check()?;
                std::thread::sleep(PAUSE);
            }
            outcome => return outcome.map_err(|failure| connection.error(failure)),
        }
    }
}

/// Reads the header of the file, which opening does not do. A file that another connection has
/// locked is taken to be a database: the first statement waits for the lock or says so.
fn prove(connection: &SqliteConnection, location: &Location) -> Result<()> {
    connection.shared.control.set_busy_timeout(Duration::ZERO);
    match run(connection.db, "PRAGMA schema_version") {
        Err(failure) if !matches!(failure.code & 0xff, ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED) => {
            Err(explain(location, failure))
        }
        _ => Ok(()),
    }
}

fn set_journal(
    connection: &mut SqliteConnection,
    location: &Location,
    settings: &Settings,
    call: &Call<'_>,
) -> Result<()> {
    if let Some(mode) = settings.journal_mode {
        let now = switch_journal(connection, mode, settings.session.busy_timeout, call)?;
        // SQLite answers with the mode that it uses; a database in memory has modes of its own.
        if location.path.is_some() && now.as_deref() != Some(mode) {
            return Err(Error::operational(format!(
                "journal_mode={mode} is not possible here: the database stays in mode {}",
                now.unwrap_or_default()
            )));
        }
    }
    if let Some(synchronous) = settings.synchronous {
        run(connection.db, &format!("PRAGMA synchronous={synchronous}"))
            .map_err(|failure| connection.error(failure))?;
    }
    Ok(())
}

fn load_extension(owner: &rusqlite::Connection, path: &str) -> Result<()> {
    tracing::debug!(path, "loading a SQLite extension");
    // SAFETY: the program allowed this option, whose class says that it runs code; only the
    // extension's entry point runs while loading is enabled.
    let loaded = unsafe {
        LoadExtensionGuard::new(owner).and_then(|_guard| owner.load_extension(path, None::<&str>))
    };
    loaded.map_err(|error| {
        let failure = from_rusqlite(error);
        Error::operational(format!(
            "cannot load the SQLite extension `{path}`: {}",
            failure.message
        ))
        .with_native_code(i64::from(failure.code))
    })
}

fn from_rusqlite(error: rusqlite::Error) -> Failure {
    match error {
        rusqlite::Error::SqliteFailure(error, message) => Failure {
            code: error.extended_code,
            message: message.unwrap_or_else(|| error.to_string()),
            offset: None,
        },
        other => Failure { code: ffi::SQLITE_MISUSE, message: other.to_string(), offset: None },
    }
}
