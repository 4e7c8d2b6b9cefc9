//! PgBouncer in transaction mode: consecutive transactions of a client meet different sessions.

use super::fetch::missing;
use super::groups::{Context, Up};
use super::launch::launch;
use super::postgres::USER;
use super::program::{self, Program};
use super::report::Why;
use super::server::{Plan, Recipe};
use super::vars::Vars;
use std::os::unix::net::UnixStream;
use std::path::Path;

/// The installed or unpacked program.
pub(crate) fn find() -> Option<Program> {
    program::find("pgbouncer", "pgbouncer")
}

/// Starts it before the PostgreSQL that `behind` describes.
pub(crate) fn start(context: &Context, behind: &Vars) -> Result<Up, Why> {
    let home = &context.home;
    let program = find().ok_or_else(|| missing("pgbouncer", "pgbouncer"))?;
    let dir = home.folder("pgbouncer", 0o700)?;
    let common = configuration(context, behind, &dir)?;
    let run = home.run_dir();
    let recipe = |port: u16| {
        let file = dir.join(format!("{port}.ini"));
        // Without its file the program ends, and the log says so.
        let _ = home.write(&file, &format!("{common}listen_port = {port}\n"), 0o600);
        let mut command = home.command(&program, "KILL");
        command.arg(file);
        let socket = run.join(format!(".s.PGSQL.{port}"));
        Recipe { command, ready: Box::new(move || UnixStream::connect(&socket).is_ok()) }
    };
    let log = dir.join("log");
    let plan = Plan { name: "pgbouncer", log, at_once: "KILL", orderly: "INT" };
    let (server, port) = launch(home, &plan, recipe)?;
    let text = home.finish(home.command(&program, "KILL").arg("--version"), "")?;
    let version = text.split_whitespace().nth(1).unwrap_or("unknown").to_owned();
    let mut vars = variables(context, behind, port)?;
    vars.set("ALUDEL_PGBOUNCER_PID", server.pid().to_string());
    Ok(Up { servers: vec![server], version, vars })
}

/// A variable of the PostgreSQL behind it.
fn value<'a>(behind: &'a Vars, name: &str) -> Result<&'a str, String> {
    let found = behind.get(&format!("ALUDEL_PG_{name}"));
    found.ok_or_else(|| "the PostgreSQL behind it is not up".into())
}

/// The file of settings but for the port, and the list of users that it names.
fn configuration(context: &Context, behind: &Vars, dir: &Path) -> Result<String, String> {
    let users = dir.join("users.txt");
    let (password, admin) = (value(behind, "PASSWORD")?, value(behind, "ADMIN_PASSWORD")?);
    let list = format!("\"{USER}\" \"{password}\"\n\"postgres\" \"{admin}\"\n");
    context.home.write(&users, &list, 0o600)?;
    Ok(format!(
        "[databases]\n* = host={run} port={server_port}\n\
         [pgbouncer]\nlisten_addr = 127.0.0.1\nunix_socket_dir = {run}\n\
         auth_type = scram-sha-256\nauth_file = {users}\nadmin_users = postgres\n\
         pool_mode = transaction\nmax_client_conn = 200\ndefault_pool_size = 10\n\
         ignore_startup_parameters = extra_float_digits\n\
         client_tls_sslmode = allow\nclient_tls_key_file = {key}\nclient_tls_cert_file = {cert}\n\
         client_tls_ca_file = {authority}\n",
        authority = context.tls.authority.display(),
        run = context.home.run_dir().display(),
        server_port = value(behind, "PORT")?,
        users = users.display(),
        key = context.tls.key.display(),
        cert = context.tls.certificate.display(),
    ))
}

fn variables(context: &Context, behind: &Vars, port: u16) -> Result<Vars, String> {
    let (password, admin) = (value(behind, "PASSWORD")?, value(behind, "ADMIN_PASSWORD")?);
    let run = context.home.run_dir().display().to_string();
    let ca = context.tls.authority.display().to_string();
    let url = format!("postgresql://{USER}:{password}@127.0.0.1:{port}/{USER}");
    let mut vars = Vars::default();
    let mut set = |name: &str, value: String| vars.set(format!("ALUDEL_PGBOUNCER_{name}"), value);
    set("TLS_URL", format!("{url}?sslmode=verify-full&sslrootcert={ca}"));
    set("URL", url);
    set("SOCKET_URL", format!("postgresql://{USER}:{password}@/{USER}?host={run}&port={port}"));
    set("ADMIN_URL", format!("postgresql://postgres:{admin}@127.0.0.1:{port}/pgbouncer"));
    set("CA", ca);
    set("HOST", "127.0.0.1".into());
    set("PORT", port.to_string());
    set("SOCKET", format!("{run}/.s.PGSQL.{port}"));
    set("USER", USER.into());
    set("PASSWORD", password.into());
    set("DATABASE", USER.into());
    Ok(vars)
}
