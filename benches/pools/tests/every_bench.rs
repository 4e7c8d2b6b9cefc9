//! Every benchmark runs with every contender, and writes numbers that make sense.

use std::fs;
use std::sync::Mutex;

use aludel_bench_pools::{Args, Bench, BenchPool, Connection, Contender, Failure, Setup};
use serde_json::Value;

/// Runs quickly and gives the document that it writes.
fn quick(bench: Bench, contenders: Vec<Contender>, words: &[&str]) -> Value {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("result.json");
    let words = words.iter().copied().chain(["--quick", "--json", path.to_str().unwrap()]);
    let args = Args::from_words(words).unwrap();
    assert_eq!(bench.run_with(contenders, &args), Ok(true), "a quick run breaks no claim");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn names(list: &Value, key: &str) -> Vec<String> {
    let all = list.as_array().unwrap().iter();
    all.map(|one| one[key].as_str().unwrap().to_owned()).collect()
}

/// The number in a column of a pool's first round.
fn number(document: &Value, cell: &str, pool: &str, column: &str) -> f64 {
    let columns = names(&document["columns"], "name");
    let at = columns.iter().position(|name| name == column).unwrap();
    let cells = document["cells"].as_array().unwrap();
    let cell = cells.iter().find(|one| one["cell"] == cell).unwrap();
    let row = cell["rows"].as_array().unwrap().iter().find(|row| row["pool"] == pool).unwrap();
    row["rounds"][0][at].as_f64().unwrap_or_else(|| panic!("{column} of {pool} is no number"))
}

#[test]
fn each_contender_is_measured_in_each_cell_of_each_bench() {
    for bench in Bench::ALL {
        let document = quick(bench, bench.contenders(), &[]);
        assert_eq!(document["bench"], bench.name());
        let pools = names(&document["pools"], "name");
        assert!(pools.len() >= 2, "{pools:?}");
        let columns = document["columns"].as_array().unwrap().len();
        for cell in document["cells"].as_array().unwrap() {
            assert_eq!(names(&cell["rows"], "pool"), pools, "{}: {cell}", bench.name());
            for row in cell["rows"].as_array().unwrap() {
                assert_eq!(row["rounds"][0].as_array().unwrap().len(), columns);
            }
        }
    }
}

#[test]
fn an_outage_fails_queries_and_ends() {
    let document = quick(Bench::Outage, Bench::Outage.contenders(), &["--pools", "naive std"]);
    let of = |column| number(&document, "refusing", "naive std", column);
    assert!(of("queries failed") >= 1.0);
    assert!(of("checkouts failed") >= 1.0, "no connection is made while the server is down");
    assert!(of("connects, away") > 0.0);
    assert!(of("first success") > 0.0, "the pool recovers");
}

#[test]
fn ours_keeps_the_time_of_a_checkout_when_the_server_is_silent() {
    let document =
        quick(Bench::Outage, Bench::Outage.contenders(), &["--pools", "aludel", "silent"]);
    let of = |column| number(&document, "silent", "aludel", column);
    assert!(of("longest checkout") >= 300e6, "callers wait for as long as the server is away");
    assert!(of("first success") > 0.0, "the pool recovers");
}

#[test]
fn a_spike_opens_connections_for_those_who_find_none() {
    let document = quick(Bench::Spike, Bench::Spike.contenders(), &["--pools", "naive std"]);
    let begun = number(&document, "spike", "naive std", "connects begun");
    assert!((1.0..=10.0).contains(&begun), "five of fifteen were open: {begun}");
    assert!(number(&document, "spike", "naive std", "p99") >= 150e6, "a connect takes 150 ms");
}

/// Two connections, of which a caller takes the one that nobody has, spinning until there is one.
struct Mine(Vec<Mutex<Connection>>);

struct Held<'a>(std::sync::MutexGuard<'a, Connection>);

impl std::ops::Deref for Held<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl BenchPool for Mine {
    type Guard<'a> = Held<'a>;

    fn checkout(&self) -> Result<Held<'_>, Failure> {
        loop {
            if let Some(free) = self.0.iter().find_map(|one| one.try_lock().ok()) {
                return Ok(Held(free));
            }
            std::thread::yield_now();
        }
    }
}

#[test]
fn a_pool_of_ones_own_stands_beside_the_others() {
    let mine = Contender::new("mine", "spins", |setup: &Setup| {
        let open = |_| setup.server.connect(None).map(Mutex::new);
        Ok(Mine((0..setup.connections).map(open).collect::<Result<_, _>>()?))
    });
    let mut contenders = Bench::Fairness.contenders();
    contenders.push(mine);
    let words = ["--of", "mine", "--pools", "naive std,mine", "16x1xspin20us"];
    let document = quick(Bench::Fairness, contenders, &words);
    assert_eq!(names(&document["cells"], "cell"), ["16x1xspin20us"]);
    assert_eq!(names(&document["pools"], "name"), ["naive std", "mine"]);
    assert!(number(&document, "16x1xspin20us", "mine", "rate") > 0.0);
    let ratio = &document["ratios"][0];
    let [of, over, column] = ["of", "over", "column"].map(|key| ratio[key].as_str().unwrap());
    assert_eq!((of, over, column), ("mine", "naive std", "rate"));
    assert!(ratio["found"]["median"].as_f64().unwrap() > 0.0, "{ratio}");
}

#[test]
fn a_pool_that_fails_is_named() {
    let broken = Contender::new("broken", "fails", |_: &Setup| -> Result<Mine, Failure> {
        Err(Failure::new("no memory"))
    });
    let args = Args::from_words(["--quick"]).unwrap();
    let error = Bench::Spike.run_with(vec![broken], &args).unwrap_err();
    assert_eq!(error.to_string(), "broken, spike: no memory");
    let args = Args::from_words(["--pools", "absent"]).unwrap();
    let error = Bench::Spike.run_with(Bench::Spike.contenders(), &args).unwrap_err();
    assert!(error.to_string().starts_with("no contender"), "{error}");
}
