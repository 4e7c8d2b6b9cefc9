//! Which servers start one after the other, and which side by side.

use super::home::Home;
use super::keeper::Event;
use super::kind::{Kind, Profile};
use super::launch::{Server, hold};
use super::postgres::{self, Postgres};
use super::report::Report;
use super::tls::Tls;
use super::vars::Vars;
use std::sync::Arc;
use std::sync::mpsc::Sender;
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

type Start = fn(&Context) -> Result<Up, String>;

/// Starts each group in a thread that ends when its servers have stopped.
pub(crate) fn start(
    home: &Arc<Home>,
    kinds: &[Kind],
    profile: Profile,
    events: &Sender<Event>,
) -> Result<Vec<JoinHandle<()>>, String> {
    let tls = Tls::make(home)?;
    let context = Arc::new(Context { home: Arc::clone(home), tls, profile });
    let mut threads = Vec::new();
    for kind in kinds {
        let (kind, context, events) = (*kind, Arc::clone(&context), events.clone());
        threads.push(thread::spawn(move || group(kind, &context, &events)));
    }
    Ok(threads)
}

/// Starts one group's servers, reports, and holds the servers until the end. The thread must live
/// as long as they do: they get their signal when it ends.
fn group(kind: Kind, context: &Context, events: &Sender<Event>) {
    let mut servers = Vec::new();
    let starts: &[(&str, Start)] = match kind {
        Kind::Pg => &[("pg", pg)],
        _ => &[],
    };
    for (name, start) in starts {
        let begin = Instant::now();
        let (result, vars) = match start(context) {
            Ok(up) => {
                servers.extend(up.servers);
                (Ok(up.version), up.vars)
            }
            Err(reason) => (Err(reason), Vars::default()),
        };
        let seconds = begin.elapsed().as_secs_f64();
        let report = Report { name: (*name).into(), result, seconds };
        // The keeper hears no more once it is ending.
        let _ = events.send(Event::Report(report, vars));
    }
    let _ = events.send(Event::GroupDone);
    hold(&context.home, servers);
}

fn pg(context: &Context) -> Result<Up, String> {
    let Context { home, tls, profile } = context;
    let postgres = Postgres::find().ok_or("postgresql is not installed")?;
    let settings = postgres::settings(home, tls, *profile);
    let (server, instance) = postgres.create(home, "pg", &settings)?;
    let mut vars = postgres::variables(home, tls, &instance, "PG");
    vars.set("ALUDEL_PG_PID", server.pid().to_string());
    Ok(Up { servers: vec![server], version: postgres.version(home)?, vars })
}
