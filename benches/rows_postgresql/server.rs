//! The server that is measured against, and the tables on it.

use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};

use crate::{ours, sql};

/// How the server is reached, by the variables of `cargo xtask services`.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) database: String,
    /// The file with the authority of its certificate.
    pub(crate) authority: String,
}

impl Server {
    /// The server that the environment names, if it names one.
    pub(crate) fn from_environment() -> Option<Self> {
        let part = |name: &str| std::env::var(format!("ALUDEL_PG_{name}")).ok();
        Some(Server {
            host: part("HOST")?,
            port: part("PORT")?.parse().ok()?,
            user: part("USER")?,
            password: part("PASSWORD")?,
            database: part("DATABASE")?,
            authority: part("CA")?,
        })
    }

    /// Makes the tables, the one to read with this many rows.
    pub(crate) fn fill(&self, rows: u64) {
        let mut connection = ours::connect("static", self, false);
        ours::execute(&mut connection, sql::CREATE_SCHEMA);
        ours::execute(&mut connection, sql::CREATE_MANY);
        if self.lacks(&mut connection, rows) {
            ours::execute(&mut connection, &sql::create(rows));
            ours::execute(&mut connection, &sql::fill(rows));
            ours::execute(&mut connection, &sql::vacuum(rows));
        }
    }

    fn lacks(&self, connection: &mut DriverConnection, rows: u64) -> bool {
        let name = format!("aludel_bench.rows_{rows}");
        let statement = ours::prepare(connection, "select to_regclass($1) is null");
        let options = ExecuteOptions::default();
        let mut found = connection.execute(&statement, &(name,), options).expect("it is executed");
        let row = found.next().expect("the server answers").expect("one row");
        row.get_at(0).expect("a truth value")
    }

    /// Removes the tables.
    pub(crate) fn clean(&self) {
        let mut connection = ours::connect("static", self, false);
        ours::execute(&mut connection, sql::DROP_SCHEMA);
        connection.close(Limits::NONE).expect("a connection can be closed");
    }
}
