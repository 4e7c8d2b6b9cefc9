//! An engine of a database that no other test has, so that its metrics are its own.

use aludel::{Engine, EngineBuilder};
use aludel_tests_metrics::{Kept, Recorded};
use tempfile::TempDir;

pub(crate) struct Shop {
    pub(crate) kept: Kept,
    pub(crate) engine: Engine,
    /// As the label has it.
    pub(crate) namespace: String,
    _dir: TempDir,
}

pub(crate) fn builder() -> (Kept, EngineBuilder, String, TempDir) {
    let kept = Kept::installed();
    aludel::metrics::start();
    // Where it is linked already, it is.
    let _linked = aludel::register(aludel_dialect_sqlite::dialect());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shop.db").display().to_string();
    (kept, Engine::builder(format!("sqlite:///{path}")), path, dir)
}

impl Shop {
    pub(crate) fn new() -> Self {
        let (kept, builder, namespace, _dir) = builder();
        let engine = builder.build().unwrap();
        engine.execute("create table item (name text)", ()).unwrap();
        Shop { kept, engine, namespace, _dir }
    }

    /// The key of a metric with these labels and those of the database.
    fn key(&self, name: &str, labels: &[&str]) -> String {
        let namespace = format!("db.namespace={}", self.namespace);
        let mut labels = [labels, &[&namespace, "db.system.name=sqlite"]].concat();
        labels.sort_unstable();
        format!("{name}{{{}}}", labels.join(","))
    }

    /// The values of a histogram.
    pub(crate) fn values(&self, name: &str, labels: &[&str]) -> Vec<f64> {
        self.kept.values(&self.key(name, labels))
    }

    /// A counter.
    pub(crate) fn count(&self, name: &str, label: &str) -> u64 {
        let key = self.key(name, &[label]);
        match self.kept.get(&key) {
            Some(Recorded::Counter(count)) => count,
            None => 0,
            other => panic!("`{key}` is {other:?}"),
        }
    }
}
