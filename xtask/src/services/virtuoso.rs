//! Virtuoso: a server and an ODBC driver that share nothing with the other databases.

use super::fetch::missing;
use super::groups::{Context, Up};
use super::home::Home;
use super::launch::launch;
use super::postgres::USER;
use super::program::{self, Program};
use super::random;
use super::report::Why;
use super::server::{Plan, Recipe};
use super::vars::Vars;
use std::fs;
use std::path::Path;

/// The password of a new database's administrator, until it gets its own.
const FIRST: &str = "dba";

/// The installed or unpacked server.
pub(crate) fn find() -> Option<Program> {
    program::find("virtuoso-t", "virtuoso")
}

/// Starts it.
pub(crate) fn start(context: &Context, _: &Vars) -> Result<Up, Why> {
    let home = &context.home;
    let program = find().ok_or_else(|| missing("virtuoso", "virtuoso"))?;
    let dir = home.folder("virtuoso", 0o700)?;
    let log = dir.join("server.log");
    let recipe = |port: u16| {
        let file = dir.join("virtuoso.ini");
        // Without its file the program ends, and the log says so.
        let _ = home.write(&file, &configuration(&dir, port), 0o600);
        let mut command = home.command(&program, "KILL");
        command.arg("+foreground").arg("+configfile").arg(file);
        let log = log.clone();
        let online =
            move || fs::read_to_string(&log).is_ok_and(|text| text.contains("Server online"));
        Recipe { command, ready: Box::new(online) }
    };
    let plan = Plan { name: "virtuoso", log: log.clone(), at_once: "KILL", orderly: "TERM" };
    let (server, port) = launch(home, &plan, recipe)?;
    let (admin, password) = (random::password()?, random::password()?);
    let sql = format!(
        "set password {FIRST} \"{admin}\";\n\
         DB.DBA.USER_CREATE('{USER}', '{password}');\n\
         DB.DBA.USER_SET_QUALIFIER('{USER}', '{USER}');\n\
         grant \"dba\" to \"{USER}\";\n"
    );
    isql(home, &program, port, &sql)?;
    home.client("isql-vt", &program.sibling("isql-vt"), "")?;
    let mut vars = Vars::default();
    let mut set = |name: &str, value: String| vars.set(format!("ALUDEL_VIRTUOSO_{name}"), value);
    set("HOST", "127.0.0.1".into());
    set("PORT", port.to_string());
    set("USER", USER.into());
    set("PASSWORD", password);
    set("ADMIN_PASSWORD", admin);
    set("PID", server.pid().to_string());
    let text = fs::read_to_string(&log).unwrap_or_default();
    let version = text.split("Version ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let version = version.unwrap_or("unknown").to_owned();
    Ok(Up { servers: vec![server], version, vars })
}

/// Runs statements as the administrator of a new database.
fn isql(home: &Home, server: &Program, port: u16, sql: &str) -> Result<(), String> {
    let mut command = home.command(&server.sibling("isql-vt"), "KILL");
    command.arg(format!("127.0.0.1:{port}")).args(["dba", FIRST]);
    let said = home.finish(&mut command, sql)?;
    // It succeeds whatever the server said.
    match said.lines().find(|line| line.starts_with("*** Error")) {
        Some(error) => Err(error.to_owned()),
        None => Ok(()),
    }
}

fn configuration(dir: &Path, port: u16) -> String {
    let dir = dir.display();
    format!(
        "[Database]\n\
         DatabaseFile = {dir}/virtuoso.db\nErrorLogFile = {dir}/virtuoso.log\n\
         LockFile = {dir}/virtuoso.lck\nTransactionFile = {dir}/virtuoso.trx\n\
         xa_persistent_file = {dir}/virtuoso.pxa\nErrorLogLevel = 7\nFileExtend = 200\n\
         MaxCheckpointRemap = 2000\nStriping = 0\nTempStorage = TempDatabase\n\
         [TempDatabase]\n\
         DatabaseFile = {dir}/temporary.db\nTransactionFile = {dir}/temporary.trx\n\
         MaxCheckpointRemap = 2000\nStriping = 0\n\
         [Parameters]\n\
         ServerPort = 127.0.0.1:{port}\nServerThreads = 20\nCheckpointInterval = 60\n\
         NumberOfBuffers = 4000\nMaxDirtyBuffers = 3000\nCaseMode = 2\nMaxMemPoolSize = 0\n\
         DisableUnixSocket = 1\nSchedulerInterval = 10\nDirsAllowed = {dir}\n"
    )
}
