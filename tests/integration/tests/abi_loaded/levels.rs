//! Events of real dialects across the boundary, and that none crosses which nobody wants.
//!
//! Each is loaded from a copy of its file, by a host that counts how often it is called.

use std::ffi::c_void;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use aludel::Url;
use aludel::abi::constants::status;
use aludel::abi::data::LogRecord;
use aludel::abi::host::{DriverConnection, DriverDialect, ExecuteOptions, Limits};
use aludel::abi::tables::HostVt;
use aludel::dialect::{ConnectArgs, Dialect, DialectInfo};
use aludel_test_services::provided;
use aludel_test_toy::Toy;
use aludel_tests::open::{Opened, copied};
use aludel_tests::subject::{query, query_with};

const OFF: u32 = 0;
const WARN: u32 = 2;
const INFO: u32 = 3;
const DEBUG: u32 = 4;

/// A host that hears up to a level.
#[derive(Default)]
struct Host {
    level: AtomicU32,
    asked: AtomicUsize,
    events: Mutex<Vec<Crossed>>,
}

/// An event that has crossed.
#[derive(Debug, Clone, PartialEq)]
struct Crossed {
    level: u32,
    target: String,
    message: String,
    /// `name=value;` of each.
    fields: String,
}

unsafe extern "C" fn log(context: *mut c_void, record: *const LogRecord) {
    // SAFETY: the context is a host that is kept for ever; the record and its fields live for the
    // call.
    let (host, record, fields) = unsafe {
        let fields = match (*record).n_fields {
            0 => &[],
            len => std::slice::from_raw_parts((*record).fields, len),
        };
        (&*context.cast::<Host>(), &*record, fields)
    };
    // SAFETY: texts live for the call.
    let event = unsafe {
        let field = |pair: &aludel::abi::data::KeyValue| {
            format!("{}={};", pair.key.text(), pair.value.text())
        };
        Crossed {
            level: record.level,
            target: record.target.text().into_owned(),
            message: record.message.text().into_owned(),
            fields: fields.iter().map(field).collect(),
        }
    };
    host.events.lock().unwrap().push(event);
}

unsafe extern "C" fn max_level(context: *mut c_void) -> u32 {
    // SAFETY: as above.
    let host = unsafe { &*context.cast::<Host>() };
    host.asked.fetch_add(1, Relaxed);
    host.level.load(Relaxed)
}

/// A plugin that no other test has loaded, and its host.
struct Plugin {
    dialect: DriverDialect,
    host: &'static Host,
}

impl Plugin {
    fn load(library: &str, info: &'static DialectInfo) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let plugin = Opened::file(&copied(library, directory.path()));
        let host: &'static Host = Box::leak(Box::default());
        let table = Box::leak(Box::new(HostVt {
            size: size_of::<HostVt>(),
            context: (&raw const *host).cast_mut().cast(),
            log: Some(log),
            max_level: Some(max_level),
        }));
        assert_eq!(plugin.init(table), status::OK);
        Plugin { dialect: plugin.table(info), host }
    }

    /// What crosses up to this level while something is done, and how often the host was asked.
    fn crossing(&self, level: u32, work: impl FnOnce(&DriverDialect)) -> (Vec<Crossed>, usize) {
        self.host.level.store(level, Relaxed);
        self.host.asked.store(0, Relaxed);
        work(&self.dialect);
        let events = std::mem::take(&mut *self.host.events.lock().unwrap());
        (events, self.host.asked.load(Relaxed))
    }

    /// Shows that up to each of these levels so many of the events cross, whoever is asked, and
    /// gives those up to DEBUG.
    fn counts(&self, expected: [(u32, usize); 4], work: impl Fn(&DriverDialect)) -> Vec<Crossed> {
        let (all, _) = self.crossing(DEBUG, &work);
        for (level, count) in expected {
            let (events, asked) = self.crossing(level, &work);
            assert_eq!(events.len(), count, "up to {level}: {events:?}");
            // Where nobody listens, an event is the question for the level, and nothing else.
            assert_eq!(asked, all.len(), "up to {level}");
            assert!(events.iter().all(|event| event.level <= level), "{events:?}");
        }
        all
    }
}

pub(crate) fn connect(dialect: &DriverDialect, url: &str) -> DriverConnection {
    let url = Url::parse(url).unwrap();
    let options = url.normalized_query().flat_map(|(name, values)| {
        values.iter().map(move |value| (name.into(), value.as_str().into()))
    });
    let args = ConnectArgs {
        scheme: url.drivername(),
        hosts: url.hosts().to_vec(),
        username: url.username(),
        password: url.password(),
        database: url.database(),
        options: options.collect(),
        is_untrusted: false,
        engine: 0,
    };
    dialect.connect(&args, Limits::NONE).unwrap()
}

fn crossed(level: u32, target: &str, message: &str, fields: &str) -> Crossed {
    let [target, message, fields] = [target, message, fields].map(str::to_owned);
    Crossed { level, target, message, fields }
}

#[test]
fn an_event_of_the_toy_crosses_when_somebody_wants_it() {
    let plugin = Plugin::load("aludel_toy", &Toy::INFO);
    let all = plugin.counts([(OFF, 0), (WARN, 0), (INFO, 0), (DEBUG, 1)], |dialect| {
        query(&mut connect(dialect, "toy://"), "select 3").unwrap();
    });
    assert_eq!(all, [crossed(DEBUG, "aludel_test_toy", "prepared", "rows=3;")]);
}

#[test]
fn events_of_sqlite_cross_when_somebody_wants_them() {
    let plugin =
        Plugin::load("aludel_sqlite", DriverDialect::from(aludel_dialect_sqlite::dialect()).info());
    let folder = tempfile::tempdir().unwrap();
    let all = plugin.counts([(OFF, 0), (WARN, 0), (INFO, 0), (DEBUG, 3)], |dialect| {
        meet_a_lock(dialect, &folder.path().join("shop.db"));
    });
    assert_eq!(all.len(), 3);
    for event in &all[..2] {
        let opening = "opening a SQLite database";
        assert_eq!(*event, crossed(DEBUG, "aludel_dialect_sqlite::open", opening, &event.fields));
        assert!(event.fields.ends_with("shop.db;"), "{event:?}");
    }
    let waiting = "waiting for a lock of another connection";
    assert_eq!(all[2], crossed(DEBUG, "aludel_dialect_sqlite::busy", waiting, ""));
}

/// Two connections, of which the second waits in vain.
fn meet_a_lock(dialect: &DriverDialect, file: &Path) {
    let mut holder = connect(dialect, &format!("sqlite:///{}", file.display()));
    query(&mut holder, "begin immediate").unwrap();
    let url = format!("sqlite:///{}?busy_timeout=20", file.display());
    let error = query(&mut connect(dialect, &url), "begin immediate").unwrap_err();
    assert!(error.message().contains("locked"), "{error}");
    query(&mut holder, "rollback").unwrap();
}

#[test]
fn events_of_postgresql_cross_when_somebody_wants_them() {
    let Some(vars) = provided("pg", "events_of_postgresql_cross_when_somebody_wants_them") else {
        return;
    };
    let url = &vars["ALUDEL_PG_TLS_URL"];
    let plugin = Plugin::load(
        "aludel_postgresql",
        DriverDialect::from(aludel_dialect_postgresql::dialect()).info(),
    );
    let all = plugin.counts([(OFF, 0), (WARN, 1), (INFO, 2), (DEBUG, 5)], |dialect| {
        let mut connection = connect(dialect, url);
        let sql = "do $$ begin raise warning 'careful'; raise notice 'by the way'; \
                   raise debug 'in detail'; end $$";
        query(&mut connection, "set client_min_messages to debug1").unwrap();
        query(&mut connection, sql).unwrap();
        query(&mut connection, "set client_min_messages to notice").unwrap();
        let mut options = ExecuteOptions::default();
        options.limits = Limits::within(Duration::from_millis(50));
        let stopped = query_with(&mut connection, "select pg_sleep(60)", &[], options);
        assert_eq!(stopped.unwrap_err().sqlstate(), Some("HYT00"));
    });
    let unasked = "aludel_dialect_postgresql::connection::unasked";
    let [connected, warning, notice, detail, cancel] = &all[..] else { panic!("{all:?}") };
    assert_eq!(
        *connected,
        crossed(
            DEBUG,
            "aludel_dialect_postgresql::startup::connect",
            "connected",
            &connected.fields
        )
    );
    assert!(connected.fields.contains("tls=true;"), "{connected:?}");
    assert!(!connected.fields.contains(&vars["ALUDEL_PG_PASSWORD"]));
    assert_eq!(*warning, crossed(WARN, unasked, "careful", "severity=WARNING;code=01000;"));
    assert_eq!(*notice, crossed(INFO, unasked, "by the way", "severity=NOTICE;code=00000;"));
    assert_eq!(*detail, crossed(DEBUG, unasked, "in detail", "severity=DEBUG;code=00000;"));
    assert_eq!((cancel.level, &*cancel.message), (DEBUG, "cancel sent"));
}
