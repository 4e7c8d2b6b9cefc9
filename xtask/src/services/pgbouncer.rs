//! PgBouncer in transaction mode: consecutive transactions of a client meet different sessions.

use super::fetch::missing;
use super::groups::{Context, Up};
use super::launch::{Launch, launch};
use super::postgres::USER;
use super::program::{self, Program};
use super::vars::Vars;
use std::os::unix::net::UnixStream;

/// The installed or unpacked program.
pub(crate) fn find() -> Option<Program> {
    program::find("pgbouncer", "pgbouncer")
}

/// Starts it before the PostgreSQL that `behind` describes.
pub(crate) fn start(context: &Context, behind: &Vars) -> Result<Up, String> {
    let home = &context.home;
    let program = find().ok_or_else(|| missing("pgbouncer", "pgbouncer"))?;
    let value = |name: &str| behind.get(name).ok_or("the PostgreSQL behind it is not up");
    let server_port = value("ALUDEL_PG_PORT")?;
    let (password, admin) = (value("ALUDEL_PG_PASSWORD")?, value("ALUDEL_PG_ADMIN_PASSWORD")?);
    let dir = home.folder("pgbouncer", 0o700)?;
    let users = dir.join("users.txt");
    let list = format!("\"{USER}\" \"{password}\"\n\"postgres\" \"{admin}\"\n");
    home.write(&users, &list, 0o600)?;
    let run = home.run_dir();
    let common = format!(
        "[databases]\n* = host={run} port={server_port}\n\
         [pgbouncer]\nlisten_addr = 127.0.0.1\nunix_socket_dir = {run}\n\
         auth_type = scram-sha-256\nauth_file = {users}\nadmin_users = postgres\n\
         pool_mode = transaction\nmax_client_conn = 200\ndefault_pool_size = 10\n\
         ignore_startup_parameters = extra_float_digits\n\
         client_tls_sslmode = allow\nclient_tls_key_file = {key}\nclient_tls_cert_file = {cert}\n",
        run = run.display(),
        users = users.display(),
        key = context.tls.key.display(),
        cert = context.tls.certificate.display(),
    );
    let file = |port: u16| dir.join(format!("{port}.ini"));
    let command = |port: u16| {
        let mut command = home.command(&program, "KILL");
        let text = format!("{common}listen_port = {port}\n");
        // Without its file the program ends, and the log says so.
        let _ = home.write(&file(port), &text, 0o600);
        command.arg(file(port));
        command
    };
    let socket = |port: u16| run.join(format!(".s.PGSQL.{port}"));
    let about = Launch { home, log: dir.join("log"), signal: "KILL" };
    let (server, port) = launch(&about, command, |port| UnixStream::connect(socket(port)).is_ok())?;
    let text = home.finish(home.command(&program, "KILL").arg("--version"), "")?;
    let version = text.split_whitespace().nth(1).unwrap_or("unknown").to_owned();
    let mut vars = Vars::default();
    let mut set = |name: &str, value: String| vars.set(format!("ALUDEL_PGBOUNCER_{name}"), value);
    let ca = context.tls.authority.display().to_string();
    let url = format!("postgresql://{USER}:{password}@127.0.0.1:{port}/{USER}");
    set("TLS_URL", format!("{url}?sslmode=verify-full&sslrootcert={ca}"));
    set("URL", url);
    set(
        "SOCKET_URL",
        format!("postgresql://{USER}:{password}@/{USER}?host={}&port={port}", run.display()),
    );
    set("ADMIN_URL", format!("postgresql://postgres:{admin}@127.0.0.1:{port}/pgbouncer"));
    set("CA", ca);
    set("PORT", port.to_string());
    set("PID", server.pid().to_string());
    Ok(Up { servers: vec![server], version, vars })
}
