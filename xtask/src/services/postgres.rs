//! PostgreSQL: one server with TLS, password users and messages in a second language.

use super::home::Home;
use super::kind::Profile;
use super::launch::launch;
use super::locale;
use super::program::{self, Program};
use super::random;
use super::server::{Plan, Recipe, Server};
use super::tls::Tls;
use super::vars::Vars;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The user and the database of tests.
pub(crate) const USER: &str = "aludel";

/// The user whose messages are not English.
const TRANSLATED: &str = "aludel_translated";

/// The programs of one version.
#[derive(Clone, Debug)]
pub(crate) struct Postgres {
    server: Program,
}

/// A server that runs.
pub(crate) struct Instance {
    pub(crate) port: u16,
    pub(crate) data: PathBuf,
    /// Of the superuser `postgres`.
    pub(crate) admin: String,
    /// Of the user [`USER`].
    pub(crate) password: String,
}

impl Postgres {
    /// Finds the newest version that is installed or unpacked.
    pub(crate) fn find() -> Option<Self> {
        let installed = program::system().and_then(|root| newest(&root)).map(Program::installed);
        let unpacked = || {
            let tree = program::tree("postgresql").ok()?;
            Some(Program::unpacked(newest(&tree)?, &tree))
        };
        let server = installed.or_else(|| program::installed("postgres")).or_else(unpacked)?;
        let complete =
            server.sibling("initdb").path().is_file() && server.sibling("psql").path().is_file();
        complete.then_some(Self { server })
    }

    /// The version as the server says it.
    pub(crate) fn version(&self, home: &Home) -> Result<String, String> {
        let mut command = home.command(&self.server, "KILL");
        let text = home.finish(command.arg("--version"), "")?;
        Ok(text.split_whitespace().nth(2).unwrap_or("unknown").to_owned())
    }

    /// A command that runs the program `name` of this version.
    pub(crate) fn command(&self, home: &Home, name: &str) -> Command {
        // The server ends at once on this signal, and removes its shared memory.
        let mut command = home.command(&self.server.sibling(name), "QUIT");
        if let Some(path) = locale::search_path() {
            command.env("LOCPATH", path);
        }
        command.env("PGSYSCONFDIR", home.dir().join("home"));
        command
    }

    /// Makes a new cluster in the folder `name` and returns the password of its superuser.
    pub(crate) fn initialise(
        &self,
        home: &Home,
        name: &str,
        settings: &str,
    ) -> Result<(PathBuf, String), String> {
        let dir = home.folder(name, 0o700)?;
        let data = dir.join("data");
        let admin = random::password()?;
        let file = dir.join("password");
        home.write(&file, &admin, 0o600)?;
        let mut command = self.command(home, "initdb");
        command.arg("-D").arg(&data).arg(format!("--pwfile={}", file.display()));
        command.args(["-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8"]);
        command.args(["--locale=C.UTF-8", "--no-sync"]);
        home.finish(&mut command, "")?;
        home.write(&data.join("aludel.conf"), settings, 0o600)?;
        home.write(&data.join("postgresql.conf"), "include 'aludel.conf'\n", 0o600)?;
        Ok((data, admin))
    }

    /// Starts the cluster in `data` on a free port, as the server called `name`.
    pub(crate) fn start(
        &self,
        home: &Home,
        name: &'static str,
        data: &Path,
    ) -> Result<(Server, u16), String> {
        let log = data.with_file_name("log");
        // Fast shutdown: sessions are told and ended.
        let plan = Plan { name, log, at_once: "QUIT", orderly: "INT" };
        let recipe = |port: u16| {
            let mut command = self.command(home, "postgres");
            command.arg("-D").arg(data).args(["-p", &port.to_string()]);
            let mut ask = self.command(home, "pg_isready");
            ask.arg("-q").arg("-h").arg(home.run_dir()).args(["-p", &port.to_string()]);
            let ready = move || ask.status().is_ok_and(|status| status.success());
            Recipe { command, ready: Box::new(ready) }
        };
        let (server, port) = launch(home, &plan, recipe)?;
        Ok((server.sharing(data.join("postmaster.pid")), port))
    }

    /// Runs statements as the superuser.
    pub(crate) fn execute(
        &self,
        home: &Home,
        instance: &Instance,
        sql: &str,
    ) -> Result<String, String> {
        let mut command = self.command(home, "psql");
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres"]);
        command.arg("-h").arg(home.run_dir()).args(["-p", &instance.port.to_string()]);
        command.args(["-d", "postgres"]).env("PGPASSWORD", &instance.admin);
        // On standard input, because other users can see the words of a command.
        home.finish(&mut command, sql)
    }

    /// Makes a cluster, starts it, and makes its users.
    pub(crate) fn create(
        &self,
        home: &Home,
        name: &'static str,
        settings: &str,
    ) -> Result<(Server, Instance), String> {
        let (data, admin) = self.initialise(home, name, settings)?;
        let (server, port) = self.start(home, name, &data)?;
        let instance = Instance { port, data, admin, password: random::password()? };
        let Instance { password, .. } = &instance;
        let mut sql = format!(
            "create role {USER} login createdb password '{password}';\n\
             create database {USER} owner {USER};\n"
        );
        if locale::search_path().is_some() {
            let locale = locale::NAME;
            sql += &format!(
                "create role {TRANSLATED} login password '{password}';\n\
                 grant {USER} to {TRANSLATED};\n\
                 alter role {TRANSLATED} set lc_messages = '{locale}';\n"
            );
        }
        self.execute(home, &instance, &sql)?;
        home.client("psql", &self.server.sibling("psql"), "")?;
        Ok((server, instance))
    }
}

/// The settings of every cluster.
pub(crate) fn settings(home: &Home, tls: &Tls, profile: Profile) -> String {
    let commit = match profile {
        Profile::Fast => "off",
        Profile::Durable => "on",
    };
    format!(
        "listen_addresses = '127.0.0.1'\n\
         unix_socket_directories = '{run}'\n\
         ssl = on\nssl_cert_file = '{certificate}'\nssl_key_file = '{key}'\n\
         fsync = off\nfull_page_writes = off\nsynchronous_commit = {commit}\n\
         max_connections = 100\nmax_prepared_transactions = 20\n\
         shared_buffers = '64MB'\nmax_wal_size = '2GB'\nautovacuum = off\n\
         dynamic_shared_memory_type = mmap\n\
         logging_collector = off\nlog_destination = 'stderr'\n",
        run = home.run_dir().display(),
        certificate = tls.certificate.display(),
        key = tls.key.display(),
    )
}

/// Variables that tell how to reach `instance`, whose names begin with `prefix`.
pub(crate) fn variables(home: &Home, tls: &Tls, instance: &Instance, prefix: &str) -> Vars {
    let Instance { port, admin, password, data } = instance;
    let run = home.run_dir().display().to_string();
    let ca = tls.authority.display().to_string();
    let address = format!("127.0.0.1:{port}");
    let mut vars = Vars::default();
    let mut set = |name: &str, value: String| vars.set(format!("ALUDEL_{prefix}_{name}"), value);
    set("URL", format!("postgresql://{USER}:{password}@{address}/{USER}"));
    set(
        "TLS_URL",
        format!(
            "postgresql://{USER}:{password}@{address}/{USER}?sslmode=verify-full&sslrootcert={ca}"
        ),
    );
    set("SOCKET_URL", format!("postgresql://{USER}:{password}@/{USER}?host={run}&port={port}"));
    set("ADMIN_PASSWORD", admin.clone());
    set("ADMIN_URL", format!("postgresql://postgres:{admin}@{address}/postgres"));
    match locale::search_path() {
        Some(_) => {
            set("TRANSLATED_URL", format!("postgresql://{TRANSLATED}:{password}@{address}/{USER}"));
        }
        None => set("UNTRANSLATED", format!("the locale {} could not be compiled", locale::NAME)),
    }
    set("CA", ca);
    set("HOST", "127.0.0.1".into());
    set("PORT", port.to_string());
    set("SOCKET", format!("{run}/.s.PGSQL.{port}"));
    set("USER", USER.into());
    set("PASSWORD", password.clone());
    set("DATABASE", USER.into());
    set("DATA", data.display().to_string());
    vars.set("ALUDEL_STRANGER_CA", tls.stranger.display().to_string());
    vars
}

/// The server of the highest version below `root`.
fn newest(root: &Path) -> Option<PathBuf> {
    let versions = program::entries(&root.join("usr/lib/postgresql"));
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions.into_iter().filter(|path| number(path).is_some()).max_by_key(number)?;
    let server = newest.join("bin/postgres");
    server.is_file().then_some(server)
}
