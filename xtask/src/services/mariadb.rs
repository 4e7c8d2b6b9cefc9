//! MariaDB with TLS, password users, and authentication by ed25519.

use super::fetch::missing;
use super::groups::{Context, Up};
use super::home::Home;
use super::kind::Profile;
use super::launch::launch;
use super::postgres::USER;
use super::program::{self, Program};
use super::random;
use super::report::Why;
use super::server::{Plan, Recipe};
use super::vars::{Vars, quoted};
use std::fs;
use std::path::{Path, PathBuf};

/// The user who signs instead of hashing.
const SIGNING: &str = "aludel_ed25519";

/// The plugin behind [`SIGNING`].
const PLUGIN: &str = "auth_ed25519.so";

/// Statements that leave root one account and the anonymous none: the preparation makes several of
/// both, and [`users`] gives a password to one.
const CLOSING: &str = "\
delete from mysql.global_priv where User = '' or (User = 'root' and Host <> 'localhost');
flush privileges;
";

/// The programs, and the prefix below which their files lie.
pub(crate) struct MariaDb {
    server: Program,
    install: Program,
    client: Program,
    prefix: PathBuf,
}

impl MariaDb {
    /// Finds the programs, all installed or all unpacked.
    pub(crate) fn find() -> Option<Self> {
        let tree = program::tree("mariadb").ok()?;
        Self::from(program::installed, "/usr".into())
            .or_else(|| Self::from(|name| program::unpacked(name, &tree), tree.join("usr")))
    }

    fn from(find: impl Fn(&str) -> Option<Program>, prefix: PathBuf) -> Option<Self> {
        Some(Self {
            server: find("mariadbd")?,
            install: find("mariadb-install-db")?,
            client: find("mariadb")?,
            prefix,
        })
    }

    /// The folder that has [`PLUGIN`].
    pub(crate) fn plugins() -> Option<PathBuf> {
        program::roots("mariadb-plugins")
            .map(|root| root.join("usr/lib/mysql/plugin"))
            .find(|folder| folder.join(PLUGIN).is_file())
    }

    /// What its client needs: nothing of the host's files, and the plugins of an unpacked tree.
    fn client_words(&self) -> String {
        let folder = program::libraries(self.prefix.parent().unwrap_or(&self.prefix))
            .into_iter()
            .map(|folder| folder.join("libmariadb3/plugin"))
            .find(|folder| folder.is_dir());
        let folder = folder.map(|path| quoted(&format!("--plugin-dir={}", path.display())));
        format!("--no-defaults {}", folder.unwrap_or_default())
    }

    fn install(&self, home: &Home, dir: &Path) -> Result<(), String> {
        let mut command = home.command(&self.install, "KILL");
        command.arg("--no-defaults").arg(format!("--datadir={}", dir.join("data").display()));
        command.arg(format!("--basedir={}", self.prefix.display()));
        command.arg(format!("--tmpdir={}", dir.join("tmp").display()));
        command.args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
        // Forced, because it would look the machine's name up although no account uses it.
        command.args(["--skip-name-resolve", "--force", "--innodb-flush-method=nosync"]);
        home.finish(&mut command, "").map(drop)
    }
}

/// The words that MariaDB and MySQL have in common.
pub(crate) fn common_words(context: &Context, dir: &Path, socket: &Path) -> Vec<String> {
    let flush = match context.profile {
        Profile::Fast => "0",
        // Written at each commit, and left to the kernel to bring to the disk.
        Profile::Durable => "2",
    };
    let tls = &context.tls;
    let mut words = vec![
        format!("--datadir={}", dir.join("data").display()),
        format!("--tmpdir={}", dir.join("tmp").display()),
        format!("--pid-file={}", dir.join("pid").display()),
        format!("--socket={}", socket.display()),
        format!("--ssl-ca={}", tls.authority.display()),
        format!("--ssl-cert={}", tls.certificate.display()),
        format!("--ssl-key={}", tls.key.display()),
        format!("--innodb-flush-log-at-trx-commit={flush}"),
    ];
    let fixed = [
        "--bind-address=127.0.0.1",
        "--skip-name-resolve",
        "--skip-log-bin",
        "--innodb-flush-method=nosync",
        // The kernel limits asynchronous requests for all servers of a machine together.
        "--innodb-use-native-aio=0",
        "--innodb-buffer-pool-size=128M",
        "--max-allowed-packet=256M",
        "--local-infile=1",
        "--character-set-server=utf8mb4",
    ];
    words.extend(fixed.map(String::from));
    words
}

/// Tells whether the server that writes `log` and makes `socket` takes connections.
pub(crate) fn answers(log: &Path, socket: &Path) -> Box<dyn FnMut() -> bool + Send> {
    let (log, socket) = (log.to_owned(), socket.to_owned());
    Box::new(move || {
        let said = fs::read_to_string(&log).unwrap_or_default();
        socket.exists() && said.contains("ready for connections")
    })
}

/// Starts it.
pub(crate) fn start(context: &Context, _: &Vars) -> Result<Up, Why> {
    let home = &context.home;
    let mariadb = MariaDb::find().ok_or_else(|| missing("mariadb", "mariadb"))?;
    let dir = home.folder("mariadb", 0o700)?;
    home.folder("mariadb/tmp", 0o700)?;
    mariadb.install(home, &dir)?;
    let (socket, log) = (home.run_dir().join("mariadb.sock"), dir.join("log"));
    let plugins = MariaDb::plugins();
    let password = random::password()?;
    let signing = if plugins.is_some() { signing(&password) } else { String::new() };
    let init = dir.join("users.sql");
    home.write(&init, &(users(&password) + CLOSING + &signing), 0o600)?;
    let recipe = |port: u16| {
        let mut command = home.command(&mariadb.server, "KILL");
        command.arg("--no-defaults").arg(format!("--basedir={}", mariadb.prefix.display()));
        command.arg(format!("--port={port}")).args(common_words(context, &dir, &socket));
        // Executed before the first connection is taken.
        command.arg(format!("--init-file={}", init.display()));
        if let Some(folder) = &plugins {
            command.arg(format!("--plugin-dir={}", folder.display()));
            command.arg("--plugin-load-add=auth_ed25519");
        }
        Recipe { command, ready: answers(&log, &socket) }
    };
    let plan = Plan { name: "mariadb", log: log.clone(), at_once: "KILL", orderly: "TERM" };
    let (server, port) = launch(home, &plan, recipe)?;
    home.client("mariadb", &mariadb.client, &mariadb.client_words())?;
    let mut vars = variables(context, ["MARIADB", "mariadb"], &password, port, &socket);
    if plugins.is_some() {
        let url = format!("mariadb://{SIGNING}:{password}@127.0.0.1:{port}/{USER}");
        vars.set("ALUDEL_MARIADB_ED25519_URL", url);
    }
    vars.set("ALUDEL_MARIADB_PID", server.pid().to_string());
    let text = home.finish(home.command(&mariadb.server, "KILL").arg("--version"), "")?;
    let note = if plugins.is_some() { "" } else { " (without ed25519)" };
    Ok(Up { servers: vec![server], version: version(&text) + note, vars })
}

/// Statements that make the user who signs.
fn signing(password: &str) -> String {
    format!(
        "create user if not exists {SIGNING}@'%' identified via ed25519 using password('{password}');\n\
         grant all on *.* to {SIGNING}@'%';\n"
    )
}

/// Statements that make the user and the database of tests, and give root a password. They are
/// executed at each start.
pub(crate) fn users(password: &str) -> String {
    format!(
        "create database if not exists {USER};\n\
         create user if not exists {USER}@'%' identified by '{password}';\n\
         grant all on *.* to {USER}@'%' with grant option;\n\
         alter user root@localhost identified by '{password}';\n"
    )
}

/// The version in what `mariadbd --version` or `mysqld --version` prints.
pub(crate) fn version(text: &str) -> String {
    let mut words = text.split_whitespace().skip_while(|word| *word != "Ver");
    words.nth(1).unwrap_or("unknown").to_owned()
}

/// Variables that tell how to reach the server, whose names have `prefix` and URLs `scheme`.
pub(crate) fn variables(
    context: &Context,
    [prefix, scheme]: [&str; 2],
    password: &str,
    port: u16,
    socket: &Path,
) -> Vars {
    let ca = context.tls.authority.display();
    let socket = socket.display();
    let url = format!("{scheme}://{USER}:{password}@127.0.0.1:{port}/{USER}");
    let mut vars = Vars::default();
    let mut set = |name: &str, value: String| vars.set(format!("ALUDEL_{prefix}_{name}"), value);
    set("TLS_URL", format!("{url}?ssl_ca={ca}"));
    set("URL", url);
    set(
        "SOCKET_URL",
        format!("{scheme}://{USER}:{password}@localhost/{USER}?unix_socket={socket}"),
    );
    set("CA", ca.to_string());
    set("HOST", "127.0.0.1".into());
    set("PORT", port.to_string());
    set("SOCKET", socket.to_string());
    set("USER", USER.into());
    set("PASSWORD", password.into());
    set("DATABASE", USER.into());
    vars.set("ALUDEL_STRANGER_CA", context.tls.stranger.display().to_string());
    vars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_servers_say_their_version_after_the_same_word() {
        let maria = "mariadbd  Ver 10.11.18-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64";
        assert_eq!(version(maria), "10.11.18-MariaDB-0+deb12u1");
        assert_eq!(version("/t/mysqld  Ver 9.7.4-2 for Linux on x86_64"), "9.7.4-2");
    }
}
