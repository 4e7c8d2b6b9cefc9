//! The server that is measured against, and the table on it.

use aludel::dbapi::IsolationLevel;
use aludel::{Engine, ExecutionOptions};

/// Rows of the table.
pub(crate) const ROWS: u64 = 10_000;

/// The point select, of which both sides read both columns.
pub(crate) const SELECT: &str = "select id, name from aludel_bench_point.customers where id = $1";

const FILL: [&str; 4] = [
    "drop schema if exists aludel_bench_point cascade",
    "create schema aludel_bench_point",
    "create table aludel_bench_point.customers (id int8 primary key, name varchar(20) not null)",
    "insert into aludel_bench_point.customers \
     select i, 'customer ' || lpad(i::text, 8, '0') from generate_series(1, 10000) i",
];
const VACUUM: &str = "vacuum (analyze) aludel_bench_point.customers";
const DROP: &str = "drop schema aludel_bench_point cascade";

/// How the server is reached, by the variables of `cargo xtask services`.
pub(crate) struct Server {
    /// Without TLS, which both sides do without.
    pub(crate) url: String,
    #[cfg(feature = "peers")]
    pub(crate) config: tokio_postgres::Config,
}

impl Server {
    /// The server that the environment names, if it names one.
    pub(crate) fn from_environment() -> Option<Self> {
        let part = |name: &str| std::env::var(format!("ALUDEL_PG_{name}")).ok();
        let url = part("URL")?;
        let separator = if url.contains('?') { '&' } else { '?' };
        #[cfg(feature = "peers")]
        let config = {
            let mut config = tokio_postgres::Config::new();
            config.host(part("HOST")?).port(part("PORT")?.parse().ok()?);
            config.user(part("USER")?).password(part("PASSWORD")?).dbname(part("DATABASE")?);
            config
        };
        Some(Server {
            url: format!("{url}{separator}sslmode=disable"),
            #[cfg(feature = "peers")]
            config,
        })
    }

    /// Makes the table.
    pub(crate) fn fill(&self) {
        FILL.iter().chain([&VACUUM]).for_each(|sql| self.execute(sql));
    }

    /// Removes it.
    pub(crate) fn clean(&self) {
        self.execute(DROP);
    }

    fn execute(&self, sql: &str) {
        let engine = Engine::builder(self.url.as_str()).build().expect("cargo built the plugin");
        let alone = ExecutionOptions::new().isolation_level(IsolationLevel::Autocommit);
        let done = engine.execution_options(&alone).execute(sql, ()).map(drop);
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}
