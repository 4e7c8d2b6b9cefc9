//! Misuse of the engine on PostgreSQL, and what only a server has.
#![forbid(unsafe_code)]

#[path = "../misuse/mod.rs"]
mod misuse;

mod echo;
mod lost_server;
mod serializable;
mod two_phase;

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use aludel::dbapi::IsolationLevel;
use aludel::pool::settings::PoolClass;
use aludel::{Engine, EngineBuilder, ExecutionOptions, params};
use aludel_test_services::{Vars, provided};

use misuse::misuse_suite;
use misuse::site::Site;

const ENDLESS: &str = "select pg_sleep(1000)";
const SHORT: &str = "select min(i) from generate_series(1, 1000) as s (i)";

fn server() -> Option<Vars> {
    provided("pg", thread::current().name().unwrap_or("a test without a name"))
}

fn builder(url: &str) -> EngineBuilder {
    Engine::builder(url).dialect(aludel_dialect_postgresql::dialect())
}

fn engine(url: &str) -> Engine {
    builder(url).build().expect("a good URL")
}

/// Drops the schema of a site.
struct Schema {
    admin: Engine,
    name: String,
}

impl Drop for Schema {
    fn drop(&mut self) {
        let sql = format!("drop schema if exists {} cascade", self.name);
        self.admin.execute(sql, ()).expect("the schema is dropped");
    }
}

/// A schema of its own on the server around this test.
fn site() -> Option<Site> {
    site_at("ALUDEL_PG_URL")
}

fn site_at(variable: &str) -> Option<Site> {
    site_with(variable, PoolClass::QueuePool, 8, 5)
}

/// The same with a pool of this class, of which a thread may use so many connections, and so many may
/// be kept.
fn site_of(class: PoolClass, connections: usize, idle: usize) -> Option<Site> {
    site_with("ALUDEL_PG_URL", class, connections, idle)
}

fn site_with(variable: &str, class: PoolClass, connections: usize, idle: usize) -> Option<Site> {
    static SITES: AtomicU32 = AtomicU32::new(0);
    let vars = server()?;
    let name = format!("misuse_{}_{}", std::process::id(), SITES.fetch_add(1, Relaxed));
    let admin = engine(&vars[variable]);
    admin.execute(format!("create schema {name}"), ()).expect("a schema");
    let separator = if vars[variable].contains('?') { '&' } else { '?' };
    let url = format!(
        "{}{separator}application_name={name}&options=-c%20search_path%3D{name}",
        &vars[variable]
    );
    let autocommit = ExecutionOptions::new().isolation_level(IsolationLevel::Autocommit);
    let asking = admin.execution_options(&autocommit);
    let who = name.clone();
    let sessions = move || {
        let sql = "select count(*) from pg_stat_activity where application_name = :name";
        let count: i64 = asking
            .execute(sql, params! { name: &who })
            .and_then(|mut count| count.scalar())
            .expect("the server tells");
        count as usize
    };
    let site = Site {
        engine: builder(&url).poolclass(class).build().expect("a good URL"),
        connections,
        survives: true,
        endless: ENDLESS,
        short: SHORT,
        sessions: Box::new(sessions),
        idle,
        _keeps: Box::new(Schema { admin, name }),
    };
    site.prepare();
    Some(site)
}

mod suite {
    crate::misuse_suite!(crate::site());
}

mod null_pool {
    crate::misuse_suite!(crate::site_of(crate::PoolClass::NullPool, 8, 0));
}

mod static_pool {
    crate::misuse_suite!(crate::site_of(crate::PoolClass::StaticPool, 1, 1));
}

mod singleton_thread_pool {
    crate::misuse_suite!(crate::site_of(crate::PoolClass::SingletonThreadPool, 1, 5));
}

mod assertion_pool {
    crate::misuse_suite!(crate::site_of(crate::PoolClass::AssertionPool, 1, 1));
}

#[test]
fn no_cancel_hits_a_neighbour() {
    // Each cancel is a connection of its own: over the socket it costs the least.
    let Some(site) = site_at("ALUDEL_PG_SOCKET_URL") else { return };
    misuse::rounds::cancels_hit_no_neighbour(&site);
    site.is_clean();
}

#[test]
fn no_timeout_hits_a_neighbour() {
    let Some(site) = site_at("ALUDEL_PG_SOCKET_URL") else { return };
    misuse::rounds::timeouts_hit_no_neighbour(&site);
    site.is_clean();
}
