//! What surrounds the program: variables, home directory, user, directories of the system.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;

use aludel::{Error, Result};
use nix::unistd::{Uid, User};

/// libpq's variables, by the name of the setting. `PGREQUIRESSL` and `PGSYSCONFDIR` stand for no
/// setting; `PGCLIENTENCODING` is not read, because text is always UTF-8 here.
pub(super) const VARIABLES: &[(&str, &str)] = &[
    ("host", "PGHOST"),
    ("hostaddr", "PGHOSTADDR"),
    ("port", "PGPORT"),
    ("dbname", "PGDATABASE"),
    ("user", "PGUSER"),
    ("password", "PGPASSWORD"),
    ("passfile", "PGPASSFILE"),
    ("service", "PGSERVICE"),
    ("servicefile", "PGSERVICEFILE"),
    ("require_auth", "PGREQUIREAUTH"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("options", "PGOPTIONS"),
    ("application_name", "PGAPPNAME"),
    ("sslmode", "PGSSLMODE"),
    ("sslnegotiation", "PGSSLNEGOTIATION"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("sslcertmode", "PGSSLCERTMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("sslcrl", "PGSSLCRL"),
    ("sslcrldir", "PGSSLCRLDIR"),
    ("sslsni", "PGSSLSNI"),
    ("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
    ("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"),
    ("gssencmode", "PGGSSENCMODE"),
    ("requirepeer", "PGREQUIREPEER"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("load_balance_hosts", "PGLOADBALANCEHOSTS"),
    // Run-time parameters, not settings of the connection.
    ("datestyle", "PGDATESTYLE"),
    ("timezone", "PGTZ"),
    ("geqo", "PGGEQO"),
];

/// The user that the program runs as.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) home: PathBuf,
}

/// The surroundings, as a value, so that tests can make their own.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// Variables that begin with `PG`, and `HOME`.
    pub(crate) variables: HashMap<OsString, OsString>,
    /// Asked only when nothing else tells, because it may go over the network.
    pub(crate) account: fn() -> Option<Account>,
    /// Where servers have their sockets unless they are told otherwise, in order.
    pub(crate) socket_directories: Vec<PathBuf>,
    /// Where the service file of the system lies, as libpq was built, in order.
    pub(crate) system_directories: Vec<PathBuf>,
}

impl Environment {
    /// The surroundings of this process, now.
    pub(crate) fn of_process() -> Self {
        let is_read =
            |name: &OsString| name == "HOME" || name.as_encoded_bytes().starts_with(b"PG");
        Environment {
            variables: std::env::vars_os().filter(|(name, _)| is_read(name)).collect(),
            account,
            socket_directories: socket_directories(),
            system_directories: vec![
                "/etc/postgresql-common".into(),
                "/etc/sysconfig/pgsql".into(),
            ],
        }
    }

    /// The variable of a setting, and its value.
    ///
    /// # Errors
    /// `Argument` for a value that is not UTF-8.
    pub(super) fn setting(&self, name: &str) -> Result<Option<(&'static str, &str)>> {
        let Some((_, variable)) = VARIABLES.iter().find(|(setting, _)| *setting == name) else {
            return Ok(None);
        };
        Ok(self.variable(variable)?.map(|value| (*variable, value)))
    }

    /// The value of a variable.
    ///
    /// # Errors
    /// `Argument` when it is not UTF-8.
    pub(super) fn variable(&self, name: &str) -> Result<Option<&str>> {
        let Some(value) = self.variables.get(std::ffi::OsStr::new(name)) else { return Ok(None) };
        value.to_str().map(Some).ok_or_else(|| {
            Error::argument(format!("environment variable {name} is not UTF-8"))
                .with_help("give the value in the URL, percent-encoded UTF-8")
        })
    }

    /// A file below the home directory, where there is one.
    pub(super) fn in_home(&self, path: &str) -> Option<PathBuf> {
        let of_variable = self.variables.get(std::ffi::OsStr::new("HOME"));
        let home = of_variable.filter(|home| !home.is_empty()).map(PathBuf::from);
        let home = home.or_else(|| (self.account)().map(|account| account.home))?;
        Some(home.join(path))
    }
}

/// The directory of Debian's and Red Hat's packages; without it, the one that PostgreSQL is released
/// with. Not both: anybody can make a socket in `/tmp` while the packaged server is down.
fn socket_directories() -> Vec<PathBuf> {
    let packaged = PathBuf::from("/var/run/postgresql");
    vec![if packaged.is_dir() { packaged } else { "/tmp".into() }]
}

fn account() -> Option<Account> {
    let user = User::from_uid(Uid::effective()).ok().flatten()?;
    Some(Account { name: user.name, home: user.dir })
}

#[cfg(test)]
impl Environment {
    /// Nothing but these variables, and nobody.
    pub(crate) fn of(variables: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| (OsString::from(name), OsString::from(value));
        Environment {
            variables: variables.iter().map(owned).collect(),
            account: || None,
            socket_directories: Vec::new(),
            system_directories: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_has_a_user_with_a_name_and_a_home() {
        let account = (Environment::of_process().account)().unwrap();
        let expected = User::from_uid(Uid::effective()).unwrap().unwrap();
        assert_eq!((account.name, account.home), (expected.name, expected.dir));
    }

    #[test]
    fn the_home_of_the_variable_comes_before_that_of_the_account() {
        let mut environment = Environment::of(&[("HOME", "/home/of/variable")]);
        environment.account = || Some(Account { name: "a".into(), home: "/home/a".into() });
        assert_eq!(
            environment.in_home(".pgpass").unwrap(),
            PathBuf::from("/home/of/variable/.pgpass")
        );
        environment.variables.clear();
        assert_eq!(environment.in_home(".pgpass").unwrap(), PathBuf::from("/home/a/.pgpass"));
        environment.account = || None;
        assert_eq!(environment.in_home(".pgpass"), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_refused_when_it_is_needed() {
        use std::os::unix::ffi::OsStringExt;

        let mut environment = Environment::of(&[("PGUSER", "ann")]);
        environment.variables.insert("PGHOST".into(), OsString::from_vec(vec![0xff]));
        assert_eq!(environment.setting("user").unwrap(), Some(("PGUSER", "ann")));
        let error = environment.setting("host").unwrap_err();
        assert_eq!(error.message(), "environment variable PGHOST is not UTF-8");
    }
}
