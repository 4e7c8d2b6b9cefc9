//! The names that users of SQLAlchemy and of the databases' own tools write, as data.
//!
//! The only file of core that knows dialects by name, and it only maps names to names: a plugin or
//! registered dialect that is called so, or declares the alias, comes first.

use super::scheme::Scheme;

/// What the table says of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plugin) enum Known {
    /// This dialect serves it.
    Served(&'static str),
    /// No dialect serves it, and this is why the nearest one must not.
    Refused(&'static str),
}

/// One dialect with the other names of it.
struct Family {
    dialect: &'static str,
    /// Names that stand for it.
    names: &'static [&'static str],
    /// Drivers that are written after a `+` of any of the names.
    drivers: &'static [&'static str],
}

const FAMILIES: &[Family] = &[
    Family {
        dialect: "sqlite",
        names: &["sqlite", "sqlite3"],
        drivers: &["pysqlite", "aiosqlite"],
    },
    Family {
        dialect: "postgresql",
        names: &["postgresql", "postgres", "pg", "pgsql"],
        drivers: &["psycopg2", "psycopg", "psycopg2cffi", "asyncpg", "pg8000"],
    },
    // Databases with the protocol of another: the dialect sees the scheme and adapts.
    Family {
        dialect: "postgresql",
        names: &["cockroachdb", "cockroach", "redshift"],
        drivers: &["psycopg2", "psycopg", "asyncpg", "redshift_connector"],
    },
    Family {
        dialect: "mysql",
        names: &["mysql"],
        drivers: &["pymysql", "mysqldb", "mysqlconnector", "aiomysql", "asyncmy"],
    },
    Family {
        dialect: "mysql",
        names: &["mariadb"],
        drivers: &[
            "pymysql",
            "mysqldb",
            "mysqlconnector",
            "aiomysql",
            "asyncmy",
            "mariadbconnector",
        ],
    },
    Family { dialect: "odbc", names: &["odbc"], drivers: &[] },
];

const REFUSED: &[(&str, &str)] = &[(
    "sqlite+pysqlcipher",
    "the database is encrypted, and `sqlite` would open it without encryption",
)];

/// The dialect that takes `odbc+<sub>` and `<sub>+pyodbc`, where `<sub>` is any database.
const BRIDGE: &str = "odbc";
const BRIDGE_DRIVER: &str = "pyodbc";

/// Databases that have no dialect of ours and an ODBC driver of their maker.
const BRIDGED: &[&str] = &["access", "db2", "duckdb", "mssql", "oracle", "snowflake"];

/// What the table says of this scheme.
pub(in crate::plugin) fn lookup(scheme: &Scheme) -> Option<Known> {
    if let Some((_, reason)) = REFUSED.iter().find(|(refused, _)| *refused == scheme.as_str()) {
        return Some(Known::Refused(reason));
    }
    let is_bridged = match scheme.driver() {
        Some(driver) => scheme.dialect() == BRIDGE || driver == BRIDGE_DRIVER,
        None => false,
    };
    if is_bridged {
        return Some(Known::Served(BRIDGE));
    }
    FAMILIES.iter().find(|family| family.claims(scheme)).map(|family| Known::Served(family.dialect))
}

/// The scheme that reaches this database through ODBC, for a help text.
pub(in crate::plugin) fn bridge(scheme: &Scheme) -> Option<String> {
    let dialect = scheme.dialect();
    BRIDGED.contains(&dialect).then(|| format!("{BRIDGE}+{dialect}"))
}

/// The other names of a dialect.
pub(in crate::plugin) fn names_of(dialect: &str) -> impl Iterator<Item = &'static str> + '_ {
    let family = FAMILIES.iter().find(|family| family.dialect == dialect);
    let names = family.into_iter().flat_map(|family| family.names).copied();
    names.filter(move |name| *name != dialect)
}

/// Every name of the table with the dialect that it stands for.
pub(in crate::plugin) fn all_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    FAMILIES.iter().flat_map(|family| family.names.iter().map(|name| (*name, family.dialect)))
}

impl Family {
    fn claims(&self, scheme: &Scheme) -> bool {
        self.names.contains(&scheme.dialect())
            && scheme.driver().is_none_or(|driver| self.drivers.contains(&driver))
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, all_names, bridge, lookup};
    use crate::plugin::Scheme;

    fn served(scheme: &str) -> Option<&'static str> {
        match lookup(&Scheme::parse(scheme).unwrap()) {
            Some(Known::Served(dialect)) => Some(dialect),
            _ => None,
        }
    }

    #[test]
    fn what_people_write_leads_to_its_dialect() {
        for (dialect, schemes) in [
            ("sqlite", "sqlite sqlite3 sqlite+pysqlite sqlite+aiosqlite"),
            (
                "postgresql",
                "postgresql postgres pg pgsql postgresql+psycopg2 postgresql+psycopg \
                 postgresql+psycopg2cffi postgresql+asyncpg postgresql+pg8000 cockroachdb \
                 cockroach redshift cockroachdb+psycopg2",
            ),
            (
                "mysql",
                "mysql mysql+pymysql mysql+mysqldb mysql+mysqlconnector mysql+aiomysql \
                 mysql+asyncmy mariadb mariadb+pymysql mariadb+mariadbconnector",
            ),
            ("odbc", "odbc odbc+mssql odbc+anything mssql+pyodbc mysql+pyodbc access+pyodbc"),
        ] {
            for scheme in schemes.split_whitespace() {
                assert_eq!(served(scheme), Some(dialect), "{scheme}");
            }
        }
    }

    #[test]
    fn encryption_is_never_dropped_silently() {
        let scheme = Scheme::parse("sqlite+pysqlcipher").unwrap();
        assert_eq!(
            lookup(&scheme),
            Some(Known::Refused(
                "the database is encrypted, and `sqlite` would open it without encryption"
            ))
        );
    }

    #[test]
    fn unknown_names_and_drivers_are_not_guessed() {
        for scheme in ["mssql", "oracle", "duckdb", "sqlite+foo", "postgress", "mysql+psycopg2"] {
            assert_eq!(served(scheme), None, "{scheme}");
        }
    }

    #[test]
    fn a_database_without_a_dialect_is_pointed_to_the_bridge() {
        let scheme = |text| Scheme::parse(text).unwrap();
        assert_eq!(bridge(&scheme("mssql")).as_deref(), Some("odbc+mssql"));
        assert_eq!(bridge(&scheme("toy")), None);
    }

    #[test]
    fn every_name_of_the_table_is_a_scheme_that_it_serves() {
        for (name, dialect) in all_names() {
            assert_eq!(served(name), Some(dialect), "{name}");
        }
    }
}
