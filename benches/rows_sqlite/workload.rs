//! The workloads and their variants.

use crate::{aludel_rows, c_api, direct};

/// How much work.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// Rows in the table, or bytes of the blob.
    pub(crate) rows: u64,
    /// How often the work is done in one run.
    pub(crate) times: u64,
}

impl Size {
    /// Enough to compare results.
    pub(crate) const SMALL: Size = Size { rows: 500, times: 20 };
}

/// One kind of work.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) size: Size,
    /// Less, because callgrind is slow and exact.
    pub(crate) counted_size: Size,
    pub(crate) budget: f64,
    pub(crate) own_processes: bool,
}

/// The variants; the first is the baseline. `shared` is `static` on the database in memory that the
/// connections of an engine share; all others have a private one.
pub(crate) const VARIANTS: &[&str] = &["rusqlite", "C API", "static", "loaded", "shared"];

/// The workloads.
pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "scan",
        what: "300,000 rows of int, real, text, nullable int",
        size: Size { rows: 300_000, times: 1 },
        counted_size: Size { rows: 20_000, times: 1 },
        budget: 0.80,
        own_processes: false,
    },
    Workload {
        name: "point",
        what: "100,000 selects by key on 10,000 rows; rusqlite by prepare_cached, ours held",
        size: Size { rows: 10_000, times: 100_000 },
        counted_size: Size { rows: 10_000, times: 10_000 },
        budget: 0.90,
        own_processes: false,
    },
    Workload {
        name: "executemany",
        what: "300,000 rows of int, text in one transaction",
        size: Size { rows: 300_000, times: 1 },
        counted_size: Size { rows: 20_000, times: 1 },
        budget: 0.97,
        own_processes: false,
    },
    Workload {
        name: "blob",
        what: "one blob of 10 MB, borrowed, 200 times",
        size: Size { rows: 10_000_000, times: 200 },
        counted_size: Size { rows: 10_000_000, times: 200 },
        budget: 1.05,
        own_processes: true,
    },
];

/// Makes the table that scans and point selects read.
pub(crate) const CREATE: &str =
    "create table t (id integer primary key, x real not null, name text not null, n integer)";
/// Fills it; `?1` rows.
pub(crate) const FILL: &str = "insert into t with recursive c(i) as (select 1 union all select i + 1 \
     from c where i < ?1) select i, i * 0.5, printf('customer %08d', i), nullif(i % 3, 0) from c";
pub(crate) const SCAN: &str = "select id, x, name, n from t";
pub(crate) const POINT: &str = "select id, x, name, n from t where id = ?1";
pub(crate) const CREATE_MANY: &str = "create table m (id integer primary key, name text not null)";
pub(crate) const INSERT: &str = "insert into m values (?1, ?2)";
pub(crate) const EMPTY: &str = "delete from m";
pub(crate) const CREATE_BLOB: &str = "create table b (data blob)";
pub(crate) const FILL_BLOB: &str = "insert into b values (randomblob(?1))";
pub(crate) const BLOB: &str = "select data from b";

impl Workload {
    /// A closure that does the work once and returns a checksum.
    pub(crate) fn prepare(&self, variant: &str, size: Size) -> Box<dyn FnMut() -> u64> {
        match (self.name, variant) {
            ("scan", "rusqlite") => direct::scan(size),
            ("scan", "C API") => c_api::scan(size),
            ("scan", other) => aludel_rows::scan(other, size),
            ("point", "rusqlite") => direct::point(size),
            ("point", "C API") => c_api::point(size),
            ("point", other) => aludel_rows::point(other, size),
            ("executemany", "rusqlite") => direct::executemany(size),
            ("executemany", "C API") => c_api::executemany(size),
            ("executemany", other) => aludel_rows::executemany(other, size),
            ("blob", "rusqlite") => direct::blob(size),
            ("blob", "C API") => c_api::blob(size),
            ("blob", other) => aludel_rows::blob(other, size),
            (workload, variant) => panic!("no workload {workload} for {variant}"),
        }
    }

    /// Rows or selects of a counted run.
    pub(crate) fn counted_items(&self) -> u64 {
        match self.name {
            "point" | "blob" => self.counted_size.times,
            _ => self.counted_size.rows,
        }
    }
}

/// Folds a row into a checksum.
#[inline(always)]
pub(crate) fn fold(sum: u64, id: i64, x: f64, name: &str, n: Option<i64>) -> u64 {
    sum.wrapping_add(id as u64)
        .wrapping_add(x as u64)
        .wrapping_add(name.len() as u64)
        .wrapping_add(n.unwrap_or(7) as u64)
}

/// Folds a blob into a checksum, without reading all of it.
#[inline(always)]
pub(crate) fn fold_blob(sum: u64, data: &[u8]) -> u64 {
    std::hint::black_box(data.first().copied());
    sum.wrapping_add(data.len() as u64)
}

/// The key of the `i`-th point select: spread over the table, the same for all variants.
#[inline(always)]
pub(crate) fn key(i: u64, rows: u64) -> i64 {
    (i.wrapping_mul(7919) % rows + 1) as i64
}

/// The rows of the executemany.
pub(crate) fn many_rows(size: Size) -> Vec<(i64, String)> {
    (1..=size.rows as i64).map(|id| (id, format!("customer {id:08}"))).collect()
}
