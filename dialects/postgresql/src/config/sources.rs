//! Where a setting may come from, in libpq's order: URL and program, service file, environment.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use aludel::dialect::ConnectArgs;
use aludel::{Error, Result};

use super::environment::Environment;
use super::service_file::{self, Service};

/// The places that are asked, one after the other. An empty value of an earlier place hides those
/// of later ones, and is then as good as none.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    args: &'a ConnectArgs<'a>,
    service: Option<Service>,
    /// `None` for a stranger's URL, which is completed with nothing of the user's.
    environment: Option<&'a Environment>,
}

/// A value, and where it was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'s> {
    name: &'static str,
    pub(super) value: &'s str,
    origin: Origin<'s>,
}

#[derive(Debug, Clone, Copy)]
enum Origin<'s> {
    Url,
    Service(&'s str),
    Variable(&'static str),
}

impl<'a> Sources<'a> {
    /// The sources of this URL; reads the service file when a service is named.
    ///
    /// # Errors
    /// `Argument` for a service that is not there, or a file that cannot be understood.
    pub(super) fn new(args: &'a ConnectArgs<'a>, environment: &'a Environment) -> Result<Self> {
        let environment = (!args.is_untrusted).then_some(environment);
        let mut sources = Sources { args, service: None, environment };
        let Some(name) = sources.get("service")?.map(|setting| setting.value.to_owned()) else {
            return Ok(sources);
        };
        let file = sources.get("servicefile")?.map(|setting| PathBuf::from(setting.value));
        // A program may name a service beside a stranger's URL; then it names the file as well.
        let service = match (environment, &file) {
            (Some(environment), _) => service_file::find(&name, file.as_deref(), environment)?,
            (None, Some(file)) => service_file::find_in(&name, file)?,
            (None, None) => return Err(no_file_for_stranger()),
        };
        sources.service = Some(service);
        Ok(sources)
    }

    pub(super) fn args(&self) -> &'a ConnectArgs<'a> {
        self.args
    }

    /// The surroundings, unless the URL is a stranger's.
    pub(super) fn environment(&self) -> Option<&'a Environment> {
        self.environment
    }

    /// A setting, unless it is empty or nobody says it.
    ///
    /// # Errors
    /// `Argument` for a value that holds a NUL byte, which the protocol cannot carry, or a variable
    /// that is not UTF-8.
    pub(super) fn get(&self, name: &'static str) -> Result<Option<Setting<'_>>> {
        let found = match self.of_url(name) {
            Some(value) => Some(Setting { name, value, origin: Origin::Url }),
            None => self.not_of_url(name)?,
        };
        let Some(setting) = found.filter(|setting| !setting.value.is_empty()) else {
            return Ok(None);
        };
        if setting.value.contains('\0') {
            return Err(Error::argument(format!("{setting} holds a NUL byte"))
                .with_help("PostgreSQL takes no NUL bytes in names and settings"));
        }
        Ok(Some(setting))
    }

    /// The value of the URL or of the program; empty parts of the URL say nothing.
    pub(super) fn of_url(&self, name: &str) -> Option<&'a str> {
        let of_part = |part: Option<&'a str>| part.filter(|text| !text.is_empty());
        // `ssl` is how JDBC and asyncpg call it.
        let (other, part) = match name {
            "user" => (None, of_part(self.args.username)),
            "password" => (None, of_part(self.args.password)),
            "dbname" => (None, of_part(self.args.database)),
            "sslmode" => (self.args.option("ssl").map(ssl_mode), None),
            "statement_cache_size" => (self.args.option("prepared_statement_cache_size"), None),
            _ => (None, None),
        };
        self.args.option(name).or(other).or(part)
    }

    fn not_of_url(&self, name: &'static str) -> Result<Option<Setting<'_>>> {
        if let Some(service) = &self.service
            && let Some(value) = service.values.get(name)
        {
            return Ok(Some(Setting { name, value, origin: Origin::Service(&service.place) }));
        }
        let Some(environment) = self.environment else { return Ok(None) };
        let found = environment.setting(name)?;
        Ok(found.map(|(variable, value)| {
            let origin = Origin::Variable(variable);
            Setting { name, value, origin }
        }))
    }

    /// A setting as text of its own.
    ///
    /// # Errors
    /// As [`Sources::get`].
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>> {
        Ok(self.get(name)?.map(|setting| setting.value.to_owned()))
    }

    /// A setting as another type.
    ///
    /// # Errors
    /// As [`Sources::get`], and what reading the value reports.
    pub(super) fn read<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(Setting<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.get(name)?.map(read).transpose()
    }

    /// A setting that is one of a few words, see [`Setting::word`].
    ///
    /// # Errors
    /// As [`Sources::read`], for every method here.
    pub(super) fn word<T>(
        &self,
        name: &'static str,
        names: &[&str],
        from: fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        self.read(name, |setting| setting.word(names, from))
    }

    pub(super) fn truth(&self, name: &'static str) -> Result<Option<bool>> {
        self.read(name, |setting| setting.truth())
    }

    pub(super) fn natural(&self, name: &'static str) -> Result<Option<u64>> {
        self.read(name, |setting| setting.number("a whole number from 0"))
    }

    /// A time; `None` also for no limit.
    pub(super) fn seconds(&self, name: &'static str) -> Result<Option<Duration>> {
        Ok(self.read(name, |setting| setting.seconds())?.flatten())
    }
}

impl Setting<'_> {
    /// One of the words of a list.
    ///
    /// # Errors
    /// `Argument` for any other word, as for every method here.
    pub(super) fn word<T>(self, names: &[&str], from: fn(&str) -> Option<T>) -> Result<T> {
        from(self.value).ok_or_else(|| self.wrong(&format!("one of {}", names.join(", "))))
    }

    pub(super) fn truth(self) -> Result<bool> {
        match self.value.to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Ok(true),
            "0" | "false" | "no" | "off" => Ok(false),
            _ => Err(self.wrong("true or false")),
        }
    }

    pub(super) fn number<T: FromStr>(self, wanted: &str) -> Result<T> {
        self.value.trim().parse().map_err(|_| self.wrong(wanted))
    }

    /// Seconds; `None` for 0 and less, which libpq reads as no limit.
    pub(super) fn seconds(self) -> Result<Option<Duration>> {
        let seconds: f64 = self.number("a number of seconds")?;
        if seconds <= 0.0 {
            return Ok(None);
        }
        let time = Duration::try_from_secs_f64(seconds);
        time.map(Some).map_err(|_| self.wrong("a number of seconds"))
    }

    /// The error for a value that is none of those wanted.
    #[cold]
    pub(super) fn wrong(self, wanted: &str) -> Error {
        Error::argument(format!("{self} must be {wanted}, not {:?}", self.value))
    }
}

impl fmt::Display for Setting<'_> {
    /// Where the value stands, without the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.origin {
            Origin::Url => write!(f, "option `{}`", self.name),
            Origin::Service(place) => write!(f, "`{}` in {place}", self.name),
            Origin::Variable(variable) => write!(f, "environment variable {variable}"),
        }
    }
}

/// `ssl=true` of JDBC, which libpq takes as well; asyncpg's words are those of `sslmode`.
fn ssl_mode(value: &str) -> &str {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => "require",
        "false" | "0" | "no" | "off" => "disable",
        _ => value,
    }
}

#[cold]
fn no_file_for_stranger() -> Error {
    Error::argument("a service beside an untrusted URL needs its file")
        .with_help("give the program's own file: .connect_arg(\"servicefile\", …)")
}
