//! Misuse of the engine on SQLite: on a file, on a shared database in memory, and on a private one.
#![forbid(unsafe_code)]

#[path = "../misuse/mod.rs"]
mod misuse;

mod snapshots;

use std::fs;

use aludel::pool::settings::PoolClass;
use aludel::{Engine, EngineBuilder};

use misuse::misuse_suite;
use misuse::site::Site;

const ENDLESS: &str = "with recursive c(i) as (select 1 union all select i + 1 from c) \
                       select count(*) from c";
/// Long enough for the progress handler to be asked.
const SHORT: &str = "with recursive c(i) as (select 1 union all select i + 1 from c where i < 3000) \
                     select min(i) from c";

fn builder(url: &str) -> EngineBuilder {
    aludel_test_services::this_ran("sqlite-static");
    Engine::builder(url).dialect(aludel_dialect_sqlite::dialect())
}

fn engine(url: &str) -> Engine {
    builder(url).build().expect("a good URL")
}

/// A database in a file of its own.
fn on_a_file() -> Option<Site> {
    on_a_file_with(PoolClass::QueuePool, 8, 5)
}

/// The same with a pool of this class, of which so many connections may be in use, and may be kept.
fn on_a_file_with(class: PoolClass, connections: usize, idle: usize) -> Option<Site> {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("misuse.db");
    let url = format!("sqlite:///{}?foreign_keys=true&busy_timeout=30000", path.display());
    let open = move || {
        // Descriptors of this process, where the system shows them.
        let Ok(descriptors) = fs::read_dir("/proc/self/fd") else { return 0 };
        let is_it = |target: std::path::PathBuf| target == path;
        let target = |entry: fs::DirEntry| fs::read_link(entry.path()).ok();
        descriptors.flatten().filter_map(target).filter(|target| is_it(target.clone())).count()
    };
    let site = Site {
        engine: builder(&url).poolclass(class).build().expect("a good URL"),
        connections,
        survives: true,
        endless: ENDLESS,
        short: SHORT,
        sessions: Box::new(open),
        idle,
        _keeps: Box::new(directory),
    };
    site.prepare();
    Some(site)
}

/// A database in memory that connections share.
fn in_memory() -> Option<Site> {
    on(engine("sqlite://?foreign_keys=true&busy_timeout=30000"), 8, true)
}

/// A database in memory that has one connection.
fn in_one_connection() -> Option<Site> {
    let builder = builder("sqlite://?foreign_keys=true").poolclass(PoolClass::StaticPool);
    on(builder.build().expect("a good URL"), 1, false)
}

fn on(engine: Engine, connections: usize, survives: bool) -> Option<Site> {
    let site = Site {
        engine,
        connections,
        survives,
        endless: ENDLESS,
        short: SHORT,
        sessions: Box::new(|| 0),
        idle: 5,
        _keeps: Box::new(()),
    };
    site.prepare();
    Some(site)
}

mod file {
    crate::misuse_suite!(crate::on_a_file());
}

mod memory {
    crate::misuse_suite!(crate::in_memory());
}

mod null_pool {
    crate::misuse_suite!(crate::on_a_file_with(crate::PoolClass::NullPool, 8, 0));
}

mod static_pool {
    crate::misuse_suite!(crate::on_a_file_with(crate::PoolClass::StaticPool, 1, 1));
}

mod singleton_thread_pool {
    crate::misuse_suite!(crate::on_a_file_with(crate::PoolClass::SingletonThreadPool, 1, 5));
}

mod assertion_pool {
    crate::misuse_suite!(crate::on_a_file_with(crate::PoolClass::AssertionPool, 1, 1));
}

mod one_connection {
    crate::misuse_suite!(crate::in_one_connection());
}

#[test]
fn no_cancel_hits_a_neighbour() {
    let site = on_a_file().expect("a file");
    misuse::rounds::cancels_hit_no_neighbour(&site);
    site.is_clean();
}

#[test]
fn no_timeout_hits_a_neighbour() {
    let site = on_a_file().expect("a file");
    misuse::rounds::timeouts_hit_no_neighbour(&site);
    site.is_clean();
}
