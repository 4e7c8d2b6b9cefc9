//! The statements, and what is computed of their rows.

/// Everything lies in a schema of its own.
pub(crate) const CREATE_SCHEMA: &str = "create schema if not exists aludel_bench";
pub(crate) const DROP_SCHEMA: &str = "drop schema if exists aludel_bench cascade";

/// The table that scans and point selects read; one for each number of rows.
pub(crate) fn create(rows: u64) -> String {
    format!(
        "create table aludel_bench.rows_{rows} (id int8 primary key, x float8 not null, \
         name varchar(20) not null, n int4) with (autovacuum_enabled = off)"
    )
}

pub(crate) fn fill(rows: u64) -> String {
    format!(
        "insert into aludel_bench.rows_{rows} select i, i * 0.5, \
         'customer ' || lpad(i::text, 8, '0'), nullif(i % 3, 0) from generate_series(1, {rows}) i"
    )
}

/// Leaves nothing for the first reader to tidy up.
pub(crate) fn vacuum(rows: u64) -> String {
    format!("vacuum (analyze) aludel_bench.rows_{rows}")
}

pub(crate) fn scan(rows: u64) -> String {
    format!("select id, x, name, n from aludel_bench.rows_{rows}")
}

pub(crate) fn point(rows: u64) -> String {
    format!("select id, x, name, n from aludel_bench.rows_{rows} where id = $1")
}

/// The table for inserts.
pub(crate) const CREATE_MANY: &str = "create table if not exists aludel_bench.many (id int8 \
     primary key, x float8 not null, name varchar(20) not null, n int4) \
     with (autovacuum_enabled = off)";
pub(crate) const EMPTY: &str = "truncate aludel_bench.many";
pub(crate) const INSERT: &str =
    "insert into aludel_bench.many (id, x, name, n) values ($1, $2, $3, $4)";
#[cfg(feature = "peers")]
pub(crate) const COPY: &str = "copy aludel_bench.many (id, x, name, n) from stdin (format binary)";

/// Folds a row into a checksum.
#[inline(always)]
pub(crate) fn fold(sum: u64, id: i64, x: f64, name: &str, n: Option<i64>) -> u64 {
    sum.wrapping_add(id as u64)
        .wrapping_add(x as u64)
        .wrapping_add(name.len() as u64)
        .wrapping_add(n.unwrap_or(7) as u64)
}

/// The key of the `i`-th point select: spread over the table, the same for all variants.
#[inline(always)]
pub(crate) fn key(i: u64, rows: u64) -> i64 {
    (i.wrapping_mul(7919) % rows + 1) as i64
}

/// A row that is inserted.
pub(crate) type Many = (i64, f64, String, Option<i32>);

/// The rows that are inserted.
pub(crate) fn many_rows(rows: u64) -> Vec<Many> {
    let row = |id: i64| {
        let n = (id % 3 != 0).then_some((id % 1000) as i32);
        (id, id as f64 * 0.5, format!("customer {id:08}"), n)
    };
    (1..=rows as i64).map(row).collect()
}
