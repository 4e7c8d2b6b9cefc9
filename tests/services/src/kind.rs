//! What can be started, and how careful a server is with its disk.

/// A server, or a group of servers that are of use only together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// PostgreSQL.
    Pg,
    /// PostgreSQL and a hot standby to which every commit goes first.
    PgHa,
    /// PgBouncer in transaction mode before [`Kind::Pg`].
    PgBouncer,
    /// MariaDB.
    MariaDb,
    /// Oracle's MySQL.
    MySql,
    /// unixODBC with a driver for each server that has one, and Virtuoso.
    Odbc,
}

impl Kind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::Pg, Self::PgHa, Self::PgBouncer, Self::MariaDb, Self::MySql, Self::Odbc];

    /// The word on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pg => "pg",
            Self::PgHa => "pg-ha",
            Self::PgBouncer => "pgbouncer",
            Self::MariaDb => "mariadb",
            Self::MySql => "mysql",
            Self::Odbc => "odbc",
        }
    }

    /// The server's name in reports, and in the table at the end of `cargo xtask test`.
    pub fn server(self) -> &'static str {
        if self == Self::Odbc { "virtuoso" } else { self.name() }
    }

    /// The kind that `word` names.
    pub fn parse(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.name() == word).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|kind| kind.name()).collect();
            format!("there is no service {word:?}; there are {}", known.join(", "))
        })
    }

    /// Whether `name`, of words between underscores, has this kind's name among them. PostgreSQL's
    /// whole name is that of `pg`.
    pub fn is_named_in(self, name: &str) -> bool {
        let own = self.name().replace('-', "_");
        let mut rest = format!("_{name}_").replace("_postgresql_", "_pg_");
        if self == Self::Pg {
            rest = rest.replace("_pg_ha_", "_");
        }
        rest.contains(&format!("_{own}_"))
    }

    /// `kinds` in order, once each, with those that they stand on.
    pub fn closure(kinds: &[Self]) -> Vec<Self> {
        let wanted = |kind: Self| {
            kinds.contains(&kind) || kind == Self::Pg && kinds.contains(&Self::PgBouncer)
        };
        Self::ALL.into_iter().filter(|kind| wanted(*kind)).collect()
    }
}

/// What a commit means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Nothing is synchronised: for tests and benches that never kill a server.
    #[default]
    Fast,
    /// An acknowledged commit survives the death of the server's process (not of the machine).
    Durable,
}

impl Profile {
    /// The word by which the keeper is told.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Durable => "durable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_its_name_and_others_are_listed() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.name()), Ok(kind));
        }
        let message = Kind::parse("oracle").unwrap_err();
        assert!(message.contains("pg-ha, pgbouncer"), "{message}");
    }

    #[test]
    fn a_bench_names_the_servers_that_it_needs() {
        let named = |bench: &str| -> Vec<Kind> {
            Kind::ALL.into_iter().filter(|kind| kind.is_named_in(bench)).collect()
        };
        for bench in ["rows_pg", "rows_postgresql", "pg", "postgresql_rows"] {
            assert_eq!(named(bench), [Kind::Pg], "{bench}");
        }
        assert_eq!(named("failover_pg_ha"), [Kind::PgHa]);
        assert_eq!(named("failover_postgresql_ha"), [Kind::PgHa]);
        assert_eq!(named("rows_pgbouncer"), [Kind::PgBouncer]);
        assert_eq!(named("rows_mariadb_mysql"), [Kind::MariaDb, Kind::MySql]);
        assert_eq!(named("rows_odbc"), [Kind::Odbc]);
        assert_eq!(named("pg_and_pg_ha"), [Kind::Pg, Kind::PgHa]);
        for bench in ["rows_sqlite", "rows_pgx", "load", "upgrade"] {
            assert_eq!(named(bench), [], "{bench}");
        }
    }

    #[test]
    fn pgbouncer_brings_the_server_behind_it() {
        assert_eq!(Kind::closure(&[Kind::PgBouncer, Kind::PgBouncer]), [Kind::Pg, Kind::PgBouncer]);
        assert_eq!(Kind::closure(&[Kind::MySql, Kind::Pg]), [Kind::Pg, Kind::MySql]);
    }
}
