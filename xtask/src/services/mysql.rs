//! Oracle's MySQL 8 or later: installed, or from Debian's newest suite under that suite's loader.

use super::fetch::missing;
use super::groups::{Context, Up};
use super::home::Home;
use super::launch::launch;
use super::mariadb::{answers, common_words, users, variables, version};
use super::program::{self, Program, entries};
use super::random;
use super::report::Why;
use super::server::{Plan, Recipe};
use super::vars::Vars;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The programs, and the prefix below which their files lie.
pub(crate) struct MySql {
    server: Program,
    client: Program,
    prefix: PathBuf,
}

impl MySql {
    /// Finds an installed MySQL, or the unpacked one.
    pub(crate) fn find() -> Option<Self> {
        Self::installed().or_else(Self::unpacked)
    }

    fn installed() -> Option<Self> {
        let (server, client) = (program::installed("mysqld")?, program::installed("mysql")?);
        // MariaDB's programs have these names too.
        let said =
            Command::new(server.path()).args(["--no-defaults", "--version"]).output().ok()?;
        let said = version(&String::from_utf8_lossy(&said.stdout));
        let major: u32 = said.split('.').next()?.parse().ok()?;
        let real = major >= 8 && !said.contains("MariaDB");
        real.then(|| Self { server, client, prefix: "/usr".into() })
    }

    fn unpacked() -> Option<Self> {
        let tree = program::tree("mysql").ok()?;
        let loader = loader(&tree)?;
        let foreign = |name: &str| {
            let path = tree.join(name);
            path.is_file().then(|| Program::foreign(path, &tree, loader.clone()))
        };
        let (server, client) = (foreign("usr/sbin/mysqld")?, foreign("usr/bin/mysql")?);
        Some(Self { server, client, prefix: tree.join("usr") })
    }

    /// A command with the words that both the preparation and the server need.
    fn command(&self, home: &Home) -> Command {
        let mut command = home.command(&self.server, "KILL");
        let prefix = self.prefix.display();
        command.arg("--no-defaults").arg(format!("--lc-messages-dir={prefix}/share/mysql"));
        command.arg(format!("--character-sets-dir={prefix}/share/mysql/charsets"));
        command.arg(format!("--plugin-dir={prefix}/lib/mysql/plugin"));
        command
    }
}

/// The dynamic loader of the release in `tree`.
fn loader(tree: &Path) -> Option<PathBuf> {
    let mut folders = vec![tree.join("usr/lib64"), tree.join("lib64"), tree.join("usr/lib")];
    folders.extend(program::libraries(tree));
    folders.iter().flat_map(|folder| entries(folder)).find(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("ld-linux"))
    })
}

/// Starts it.
pub(crate) fn start(context: &Context, _: &Vars) -> Result<Up, Why> {
    let home = &context.home;
    let mysql = MySql::find().ok_or_else(|| missing("mysql", "mysql"))?;
    let dir = home.folder("mysql", 0o700)?;
    home.folder("mysql/tmp", 0o700)?;
    let (socket, log) = (home.run_dir().join("mysql.sock"), dir.join("log"));
    let words = common_words(context, &dir, &socket);
    let mut prepare = mysql.command(home);
    home.finish(prepare.arg("--initialize-insecure").args(&words), "")?;
    let password = random::password()?;
    let init = dir.join("users.sql");
    home.write(&init, &users(&password), 0o600)?;
    let recipe = |port: u16| {
        let mut command = mysql.command(home);
        command.args(&words).arg(format!("--port={port}"));
        command.arg(format!("--init-file={}", init.display()));
        command.args(["--mysqlx=OFF", "--secure-file-priv="]);
        Recipe { command, ready: answers(&log, &socket) }
    };
    let plan = Plan { name: "mysql", log: log.clone(), at_once: "KILL", orderly: "TERM" };
    let (server, port) = launch(home, &plan, recipe)?;
    home.client("mysql", &mysql.client, "--no-defaults")?;
    let mut vars = variables(context, ["MYSQL", "mysql"], &password, port, &socket);
    vars.set("ALUDEL_MYSQL_PID", server.pid().to_string());
    let text = home.finish(mysql.command(home).arg("--version"), "")?;
    Ok(Up { servers: vec![server], version: version(&text), vars })
}
