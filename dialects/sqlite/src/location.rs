//! Where a URL says that the database is, in the form that SQLite opens.

use std::path::Path;

use aludel::dialect::{ConnectArgs, ConnectPlan};
use aludel::error::{Error, Result};

use crate::options::OF_THE_URI;

const FORMS: &str = "valid forms are sqlite:///:memory: (or sqlite://), \
     sqlite:///relative/path/to/file.db and sqlite:////absolute/path/to/file.db";
const MEMORY: &str = ":memory:";

/// A database that SQLite can open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location {
    /// What SQLite gets: `:memory:`, an absolute path, or a URI.
    pub(crate) filename: String,
    /// The file, where there is one.
    pub(crate) path: Option<String>,
    /// Whose the database is when it is in memory.
    pub(crate) memory: Option<Memory>,
}

/// Whose a database in memory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Memory {
    /// The connection's: every other has a database of its own. So is taken what `mode=memory`
    /// names, shared cache or not, as SQLAlchemy does.
    Connection,
    /// The engine's: its connections share it, and nobody else reaches it.
    Engine,
    /// Everybody's in this process who names it.
    Process,
}

impl Location {
    pub(crate) fn new(args: &ConnectArgs<'_>) -> Result<Self> {
        refuse_server_parts(args)?;
        let database = args.database.unwrap_or("");
        if database.contains('\0') {
            return Err(Error::argument("the path of a SQLite database cannot hold a NUL byte"));
        }
        let is_uri = args.bool_option("uri")?.unwrap_or(false) && database.starts_with("file:");
        let parameters = uri_parameters(args)?;
        if is_uri {
            return Ok(Location::from_uri(database, &parameters));
        }
        let in_memory = matches!(database, "" | MEMORY);
        let path = if in_memory { MEMORY.to_owned() } else { absolute(database)? };
        if parameters.is_empty() {
            return Ok(match in_memory {
                true => Location::in_memory_of(args.engine),
                false => Location { filename: path.clone(), path: Some(path), memory: None },
            });
        }
        let start = if in_memory { "file:" } else { "file://" };
        Ok(Location::from_uri(&format!("{start}{}", escape(&path)), &parameters))
    }

    /// SQLite's VFS `memdb` keeps files in memory: those with an absolute path are one for the whole
    /// process, until the last connection closes.
    fn in_memory_of(engine: u64) -> Self {
        let (filename, memory) = match engine {
            0 => (MEMORY.to_owned(), Memory::Connection),
            _ => (format!("file:/aludel-{engine}?vfs=memdb"), Memory::Engine),
        };
        Location { filename, path: None, memory: Some(memory) }
    }

    fn from_uri(uri: &str, parameters: &str) -> Self {
        let mut filename = uri.to_owned();
        if !parameters.is_empty() {
            filename.push(if uri.contains('?') { '&' } else { '?' });
            filename.push_str(parameters);
        }
        let (path, query) =
            filename["file:".len()..].split_once('?').unwrap_or((&filename["file:".len()..], ""));
        let has = |parameter| query.split('&').any(|given| given == parameter);
        let in_memory = matches!(path, "" | MEMORY);
        let is_private = has("mode=memory") || in_memory && !has("cache=shared");
        Location {
            memory: match is_private {
                true => Some(Memory::Connection),
                false => in_memory.then_some(Memory::Process),
            },
            path: (!in_memory && !has("mode=memory"))
                .then(|| unescape(path.strip_prefix("//").unwrap_or(path))),
            filename,
        }
    }

    /// Whether SQLite creates the file when it is missing.
    pub(crate) fn may_create(&self) -> bool {
        !["mode=ro", "mode=rw"].iter().any(|mode| self.parameters().any(|given| given == *mode))
    }

    fn parameters(&self) -> impl Iterator<Item = &str> {
        let uri = self.filename.strip_prefix("file:");
        uri.and_then(|uri| uri.split_once('?')).map_or("", |(_, query)| query).split('&')
    }

    /// What the driver gets of the URL, and the pool that suits.
    pub(crate) fn plan(&self, args: &ConnectArgs<'_>) -> ConnectPlan {
        let is_of_engine = self.memory == Some(Memory::Engine);
        // By the name that the URL may have for it: the engine's number means nothing to a reader.
        let database = if is_of_engine { MEMORY } else { &self.filename };
        let mut plan = ConnectPlan::default().argument("database", database);
        for (name, value) in &args.options {
            if !OF_THE_URI.contains(&name.as_ref()) {
                plan = plan.argument(name.as_ref(), value.as_ref());
            }
        }
        // One connection per thread: another one would see another, empty database.
        let is_private = self.memory == Some(Memory::Connection);
        let pool = if is_private { "SingletonThreadPool" } else { "QueuePool" };
        plan.pool = Some(pool.to_owned());
        plan.keep_connected = is_of_engine;
        // The connection that was used last has the pages of the file in its cache.
        plan.pool_use_lifo = self.path.is_some();
        plan
    }
}

fn refuse_server_parts(args: &ConnectArgs<'_>) -> Result<()> {
    let host = args.hosts.first().map(|host| host.host()).filter(|host| !host.is_empty());
    let parts: Vec<&str> = [
        (args.username.is_some(), "a user name"),
        (args.password.is_some(), "a password"),
        (host.is_some(), "a host"),
        (args.hosts.iter().any(|host| host.port().is_some()), "a port"),
    ]
    .into_iter()
    .filter_map(|(there, name)| there.then_some(name))
    .collect();
    if parts.is_empty() {
        return Ok(());
    }
    let slash = host.map_or(String::new(), |host| {
        format!("; for a file `{host}` in the working directory write sqlite:///{host}")
    });
    Err(Error::argument(format!("invalid SQLite URL: it has {}", parts.join(" and ")))
        .with_help(format!("{FORMS}{slash}")))
}

fn uri_parameters(args: &ConnectArgs<'_>) -> Result<String> {
    let mut parameters = Vec::new();
    for name in OF_THE_URI {
        let Some(value) = args.option(name) else { continue };
        let value = match *name {
            "immutable" | "nolock" => match args.bool_option(name)? {
                Some(true) => "1".to_owned(),
                _ => continue,
            },
            "vfs" => escape(value),
            _ => value.to_ascii_lowercase(),
        };
        parameters.push(format!("{name}={value}"));
    }
    Ok(parameters.join("&"))
}

/// The path from the root, so that a later change of the working directory does not change what
/// the URL means.
fn absolute(path: &str) -> Result<String> {
    let absolute = std::path::absolute(Path::new(path)).map_err(|error| {
        Error::argument(format!("the working directory of `{path}` cannot be found: {error}"))
    })?;
    absolute.into_os_string().into_string().map_err(|path| {
        Error::argument(format!("the path {} is not UTF-8", path.display()))
            .with_help("change to a directory whose name is UTF-8")
    })
}

/// Text that stands for itself in a URI: what would end the path or escape is percent-encoded.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '%' => escaped.push_str("%25"),
            '?' => escaped.push_str("%3f"),
            '#' => escaped.push_str("%23"),
            '&' => escaped.push_str("%26"),
            '\\' if cfg!(windows) => escaped.push('/'),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// The path in a URI, for messages.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = (first == b'%').then(|| after.get(..2)).flatten();
        let byte =
            code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
