//! A client that stays connected, and one that asks once.

use aludel_test_services::Vars;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

/// The server whose variables begin with `ALUDEL_` and the prefix.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) vars: &'a Vars,
    pub(crate) prefix: &'static str,
}

impl Target<'_> {
    fn value(&self, name: &str) -> &str {
        &self.vars[&format!("ALUDEL_{}_{name}", self.prefix)]
    }

    /// Its own client, connected over TCP, which prints bare values and ends at the first error.
    /// The password is not among the words, which other users see.
    fn client(&self) -> Command {
        let program = match self.prefix {
            "MARIADB" => "mariadb",
            "MYSQL" => "mysql",
            _ => "psql",
        };
        let mut command = Command::new(format!("{}/{program}", &self.vars["ALUDEL_SERVICES_BIN"]));
        command.args(["-h", self.value("HOST"), program_port(program), self.value("PORT")]);
        if program == "psql" {
            command.env("PGPASSWORD", self.value("PASSWORD")).env("PGCONNECT_TIMEOUT", "20");
            command.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-U", self.value("USER")]);
            command.args(["-d", self.value("DATABASE")]);
        } else {
            command.env("MYSQL_PWD", self.value("PASSWORD"));
            command.args(["-BNn", "-u", self.value("USER"), "-D", self.value("DATABASE")]);
        }
        command
    }

    /// What the client says of `sql`.
    pub(crate) fn answer(&self, sql: &str) -> Output {
        let word = if self.client().get_args().any(|word| word == "-XqAt") { "-c" } else { "-e" };
        self.client().args([word, sql]).stdin(Stdio::null()).output().unwrap()
    }

    /// What `sql` yields.
    ///
    /// # Panics
    ///
    /// When it fails.
    pub(crate) fn ask(&self, sql: &str) -> String {
        let output = self.answer(sql);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A session that lasts.
    pub(crate) fn connect(&self) -> Session {
        let mut child = self
            .client()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What it says of a server that goes is not what is tested.
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Session { child, input, output }
    }
}

fn program_port(program: &str) -> &'static str {
    if program == "psql" { "-p" } else { "-P" }
}

/// A client that gets one statement after the other.
pub(crate) struct Session {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Session {
    /// Runs a statement and then one that yields `tag`; whether the tag came, which it does only
    /// when the statement has succeeded.
    pub(crate) fn run(&mut self, sql: &str, tag: &str) -> bool {
        self.line(&format!("{sql}; select '{tag}';")).is_some_and(|line| line == tag)
    }

    /// The one line that `sql` yields; nothing when the session has ended.
    pub(crate) fn line(&mut self, sql: &str) -> Option<String> {
        writeln!(self.input, "{sql}").ok()?;
        let mut line = String::new();
        let read = self.output.read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim_end().to_owned())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended with its server.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
