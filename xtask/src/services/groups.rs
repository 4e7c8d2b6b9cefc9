//! Which servers start one after the other, and which side by side.

use super::fetch::missing;
use super::home::Home;
use super::keeper::Event;
use super::kind::{Kind, Profile};
use super::launch::{Request, hold};
use super::postgres::{self, Postgres};
use super::report::{Report, Why};
use super::server::Server;
use super::tls::Tls;
use super::vars::Vars;
use super::{mariadb, mysql, pgbouncer, standby, virtuoso};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Instant;

/// What every group has at hand.
pub(crate) struct Context {
    pub(crate) home: Arc<Home>,
    pub(crate) tls: Tls,
    pub(crate) profile: Profile,
}

/// What a server that is up says of itself.
pub(crate) struct Up {
    pub(crate) servers: Vec<Server>,
    pub(crate) version: String,
    pub(crate) vars: Vars,
}

/// Starts a server beside those of its group that `Vars` describes.
type Start = fn(&Context, &Vars) -> Result<Up, Why>;

/// The servers of `kinds`, grouped: within a group one stands on the one before it.
fn plan(kinds: &[Kind]) -> Vec<Vec<(&'static str, Start)>> {
    let mut groups: Vec<Vec<(&'static str, Start)>> = Vec::new();
    for kind in kinds {
        match kind {
            Kind::Pg => groups.push(vec![("pg", pg)]),
            Kind::PgHa => groups.push(vec![("pg-ha", standby::start)]),
            Kind::PgBouncer => {
                let behind = groups.iter_mut().find(|group| group[0].0 == "pg");
                behind.expect("invariant: a closure has pg").push(("pgbouncer", pgbouncer::start));
            }
            Kind::MariaDb => groups.push(vec![("mariadb", mariadb::start)]),
            Kind::MySql => groups.push(vec![("mysql", mysql::start)]),
            Kind::Odbc => groups.push(vec![("virtuoso", virtuoso::start)]),
        }
    }
    groups
}

/// Servers that start one after the other, and what is asked of them.
pub(crate) struct Group {
    /// Ends when the servers have stopped.
    pub(crate) thread: JoinHandle<()>,
    pub(crate) requests: Sender<Request>,
}

/// Starts each group in a thread of its own.
pub(crate) fn start(
    home: &Arc<Home>,
    kinds: &[Kind],
    profile: Profile,
    events: &Sender<Event>,
) -> Result<Vec<Group>, String> {
    let tls = match Tls::make(home) {
        Ok(tls) => tls,
        Err(Why::Failed(reason)) => return Err(reason),
        Err(why) => {
            let (kinds, events) = (Kind::closure(kinds), events.clone());
            let thread = thread::spawn(move || skip(&kinds, &why, &events));
            return Ok(vec![Group { thread, requests: channel().0 }]);
        }
    };
    let context = Arc::new(Context { home: Arc::clone(home), tls, profile });
    let groups = plan(&Kind::closure(kinds)).into_iter().map(|group| {
        let (context, events) = (Arc::clone(&context), events.clone());
        let (requests, asked) = channel();
        let thread = thread::spawn(move || run(&group, &context, &events, &asked));
        Group { thread, requests }
    });
    Ok(groups.collect())
}

/// Reports that none of `kinds` can be had.
fn skip(kinds: &[Kind], why: &Why, events: &Sender<Event>) {
    for kind in kinds {
        let report = Report { name: kind.name().into(), result: Err(why.clone()), seconds: 0.0 };
        // The keeper hears no more once it is ending.
        let _ = events.send(Event::Report(report, Vars::default()));
    }
    let _ = events.send(Event::GroupDone);
}

/// Starts one group's servers, reports, and holds the servers until the end. The thread must live
/// as long as they do: they get their signal when it ends.
fn run(
    group: &[(&str, Start)],
    context: &Context,
    events: &Sender<Event>,
    requests: &Receiver<Request>,
) {
    let mut servers = Vec::new();
    let mut known = Vars::default();
    let mut lost = None;
    for (name, start) in group {
        let begin = Instant::now();
        let started = match lost {
            // Why that one is not up is in its own report.
            Some(before) => Err(Why::Missing(format!("it needs {before}, which is not up"))),
            None => start(context, &known),
        };
        let (result, vars) = match started {
            Ok(up) => {
                servers.extend(up.servers);
                (Ok(up.version), up.vars)
            }
            Err(why) => {
                lost = Some(*name);
                (Err(why), Vars::default())
            }
        };
        known.extend(vars.clone());
        let seconds = begin.elapsed().as_secs_f64();
        let report = Report { name: (*name).into(), result, seconds };
        // The keeper hears no more once it is ending.
        let _ = events.send(Event::Report(report, vars));
    }
    let _ = events.send(Event::GroupDone);
    hold(&context.home, servers, requests);
}

fn pg(context: &Context, _: &Vars) -> Result<Up, Why> {
    let Context { home, tls, profile } = context;
    let postgres = Postgres::find().ok_or_else(|| missing("postgresql", "postgresql"))?;
    let settings = postgres::settings(home, tls, *profile);
    let (server, instance) = postgres.create(home, "pg", &settings)?;
    let mut vars = postgres::variables(home, tls, &instance, "PG");
    vars.set("ALUDEL_PG_PID", server.pid().to_string());
    Ok(Up { servers: vec![server], version: postgres.version(home)?, vars })
}
