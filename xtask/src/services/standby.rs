//! PostgreSQL with a hot standby: a commit is acknowledged when the standby has it too.

use super::fetch::missing;
use super::groups::{Context, Up};
use super::home::Home;
use super::kind::Profile;
use super::postgres::{self, Instance, Postgres};
use super::report::Why;
use super::vars::Vars;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// How long the standby may take until the primary counts on it.
const ATTACH: Duration = Duration::from_secs(30);

/// The standby's name, and that of its folder.
const STANDBY: &str = "pg-ha-standby";

/// Starts a primary and its standby.
pub(crate) fn start(context: &Context, _: &Vars) -> Result<Up, Why> {
    let home = &context.home;
    let postgres = Postgres::find().ok_or_else(|| missing("postgresql", "postgresql"))?;
    // Commits are acknowledged late in both profiles: that is what the pair is for.
    let settings = postgres::settings(home, &context.tls, Profile::Durable)
        + "wal_level = replica\nhot_standby = on\nwal_keep_size = '128MB'\n";
    let (primary_server, primary) = postgres.create(home, "pg-ha-primary", &settings)?;
    let data = copy(&postgres, home, &primary)?;
    let (standby_server, port) = postgres.start(home, STANDBY, &data)?;
    let mut promotion = postgres.command(home, "pg_ctl");
    promotion.args(["promote", "-D"]).arg(&data);
    let standby_server = standby_server.promoted_by(promotion);
    attach(&postgres, home, &primary)?;
    let standby =
        Instance { port, data, admin: primary.admin.clone(), password: primary.password.clone() };
    let mut vars = postgres::variables(home, &context.tls, &primary, "PG_HA_PRIMARY");
    vars.extend(postgres::variables(home, &context.tls, &standby, "PG_HA_STANDBY"));
    vars.set("ALUDEL_PG_HA_PRIMARY_PID", primary_server.pid().to_string());
    vars.set("ALUDEL_PG_HA_STANDBY_PID", standby_server.pid().to_string());
    let user = postgres::USER;
    let both = format!(
        "postgresql://{user}:{}@/{user}?host=127.0.0.1:{}&host=127.0.0.1:{port}",
        primary.password, primary.port
    );
    vars.set("ALUDEL_PG_HA_URL", both);
    let version = postgres.version(home)?;
    Ok(Up { servers: vec![primary_server, standby_server], version, vars })
}

/// Copies the primary's cluster into one that follows it.
fn copy(postgres: &Postgres, home: &Home, primary: &Instance) -> Result<PathBuf, String> {
    let data = home.folder(STANDBY, 0o700)?.join("data");
    let mut command = postgres.command(home, "pg_basebackup");
    command.arg("-D").arg(&data).arg("-h").arg(home.run_dir());
    command.args(["-p", &primary.port.to_string(), "-U", "postgres"]);
    command.args(["-R", "-X", "stream", "-c", "fast", "--no-sync"]);
    command.env("PGPASSWORD", &primary.admin);
    home.finish(&mut command, "")?;
    Ok(data)
}

/// Lets commits wait for the standby. Not earlier, since without one they would wait for ever.
fn attach(postgres: &Postgres, home: &Home, primary: &Instance) -> Result<(), String> {
    let sql = "alter system set synchronous_standby_names = '*';\nselect pg_reload_conf();\n";
    postgres.execute(home, primary, sql)?;
    let begin = Instant::now();
    loop {
        let state = "select count(*) from pg_stat_replication where sync_state = 'sync';\n";
        if postgres.execute(home, primary, state)?.trim() == "1" {
            return Ok(());
        }
        if begin.elapsed() > ATTACH || home.stopping() {
            return Err("the standby does not follow the primary".into());
        }
        thread::sleep(Duration::from_millis(50));
    }
}
