//! The server's own client, and an engine on the same database.

use std::io::Write;
use std::process::{Command, Stdio};

use aludel::{Connection, Engine};
use aludel_test_services::{Vars, provided};

/// Between the columns and between the rows of what psql shows.
const FIELD: char = '\u{1}';
const RECORD: char = '\u{2}';

/// A schema of a test's own.
pub(crate) struct Server {
    vars: Vars,
    schema: String,
}

impl Server {
    /// The server around this test with an empty schema; `None`, and why on standard error, where
    /// there is none.
    pub(crate) fn provided(test: &str) -> Option<Self> {
        let vars = provided("pg", test)?;
        let schema = format!("types_{test}");
        let server = Server { vars, schema };
        let schema = &server.schema;
        server.run(&format!("drop schema if exists {schema} cascade; create schema {schema};"));
        Some(server)
    }

    /// Runs a script of psql. Gives the rows that it shows, each column as text, NULL as `<NULL>`.
    ///
    /// # Panics
    /// When a statement fails.
    pub(crate) fn run(&self, script: &str) -> Vec<Vec<String>> {
        let value = |name: &str| &self.vars[&format!("ALUDEL_PG_{name}")];
        let mut command = Command::new(format!("{}/psql", &self.vars["ALUDEL_SERVICES_BIN"]));
        command.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-P", "null=<NULL>"]);
        command.args(["-F", &FIELD.to_string(), "-R", &RECORD.to_string()]);
        command.args(["-h", value("HOST"), "-p", value("PORT"), "-U", value("USER")]);
        command.args(["-d", value("DATABASE")]).env("PGPASSWORD", value("PASSWORD"));
        command.env("PGCLIENTENCODING", "UTF8").env("PGTZ", "UTC");
        command.env("PGOPTIONS", format!("-c search_path={},public", self.schema));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("psql starts");
        let mut input = child.stdin.take().expect("a pipe");
        let script = script.to_owned();
        let writer = std::thread::spawn(move || input.write_all(script.as_bytes()));
        let output = child.wait_with_output().expect("psql ends");
        writer.join().expect("the writer ends").expect("psql reads its script");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let shown = String::from_utf8(output.stdout).expect("UTF-8");
        let rows = shown.split([RECORD, '\n']).filter(|row| !row.is_empty());
        rows.map(|row| row.split(FIELD).map(str::to_owned).collect()).collect()
    }

    /// A connection of ours that sees the schema, in a time zone that is not that of psql.
    pub(crate) fn connect(&self) -> Connection {
        let engine = Engine::builder(&self.vars["ALUDEL_PG_URL"])
            .dialect(aludel_dialect_postgresql::dialect())
            .build()
            .expect("the URL is good");
        let mut connection = engine.connect().expect("the server takes a connection");
        let path = format!("set search_path to {}, public", self.schema);
        for sql in [path.as_str(), "set time zone 'Asia/Kolkata'"] {
            connection.execute(sql, ()).expect("a setting");
        }
        connection.commit().expect("settings last");
        connection
    }
}

/// The text as a literal of SQL.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
