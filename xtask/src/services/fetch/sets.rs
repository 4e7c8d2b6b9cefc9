//! Which packages belong together, and when they are needed.

use crate::services::kind::Kind;
use crate::services::mariadb::MariaDb;
use crate::services::mysql::MySql;
use crate::services::odbc;
use crate::services::postgres::Postgres;
use crate::services::{locale, pgbouncer, program, virtuoso};

/// Packages that are fetched together.
pub(super) struct Set {
    /// The name of its folder in the cache.
    pub(super) name: &'static str,
    /// Packages that come with the libraries that they need. `*` stands for the highest number.
    pub(super) wanted: &'static [&'static str],
    /// Packages of which only files are taken, without what they depend on.
    pub(super) alone: &'static [&'static str],
    /// Whether they come from Debian's newest suite.
    pub(super) newer: bool,
    /// Whether root installs them: they start no service of the system's.
    pub(super) installable: bool,
    /// Which kinds need it.
    kinds: &'static [Kind],
    present: fn() -> bool,
}

const PRIVATE: Set = Set {
    name: "",
    wanted: &[],
    alone: &[],
    newer: false,
    installable: false,
    kinds: &[],
    present: || true,
};

const SETS: &[Set] = &[
    Set {
        name: "openssl",
        wanted: &["openssl"],
        installable: true,
        kinds: &Kind::ALL,
        present: || program::find("openssl", "openssl").is_some(),
        ..PRIVATE
    },
    Set {
        name: "locale",
        alone: &["locales"],
        kinds: &[Kind::Pg, Kind::PgHa],
        present: || locale::search_path().is_some() || locale::sources().is_some(),
        ..PRIVATE
    },
    Set {
        name: "postgresql",
        wanted: &["postgresql-*", "postgresql-client-*"],
        kinds: &[Kind::Pg, Kind::PgHa],
        present: || Postgres::find().is_some(),
        ..PRIVATE
    },
    Set {
        name: "pgbouncer",
        wanted: &["pgbouncer"],
        kinds: &[Kind::PgBouncer],
        present: || pgbouncer::find().is_some(),
        ..PRIVATE
    },
    Set {
        name: "mariadb",
        wanted: &["mariadb-server-core", "mariadb-client-core", "libmariadb3"],
        installable: true,
        kinds: &[Kind::MariaDb],
        present: || MariaDb::find().is_some(),
        ..PRIVATE
    },
    Set {
        // auth_ed25519.so is not in the core package.
        name: "mariadb-plugins",
        alone: &["mariadb-server"],
        kinds: &[Kind::MariaDb],
        present: || MariaDb::plugins().is_some(),
        ..PRIVATE
    },
    Set {
        name: "mysql",
        wanted: &["mysql-server-core", "mysql-client-core"],
        newer: true,
        kinds: &[Kind::MySql],
        present: || MySql::find().is_some(),
        ..PRIVATE
    },
    Set {
        name: "odbc",
        wanted: &["unixodbc", "libsqliteodbc", "odbc-postgresql", "odbc-mariadb", "tdsodbc"],
        installable: true,
        kinds: &[Kind::Odbc],
        present: odbc::complete,
        ..PRIVATE
    },
    Set {
        name: "virtuoso",
        wanted: &["virtuoso-opensource-7-bin", "libvirtodbc0"],
        installable: true,
        kinds: &[Kind::Odbc],
        present: || virtuoso::find().is_some(),
        ..PRIVATE
    },
];

/// The sets that `kinds` need and that are not at hand.
pub(super) fn lacking(kinds: &[Kind]) -> Vec<&'static Set> {
    SETS.iter()
        .filter(|set| set.kinds.iter().any(|kind| kinds.contains(kind)))
        .filter(|set| !(set.present)())
        .collect()
}
