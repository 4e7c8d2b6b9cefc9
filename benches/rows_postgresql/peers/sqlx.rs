//! sqlx on a runtime of one thread; its connection keeps statements itself.

use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use tokio::runtime::{Builder, Runtime};

use crate::server::Server;
use crate::sql::{self, fold, key};
use crate::variants::Run;
use crate::workload::Size;

pub(crate) fn prepare(workload: &str, server: &Server, size: Size) -> Run {
    match workload {
        "scan" => scan(server, size),
        "point" => point(server, size),
        "connect" => connects(server, size),
        _ => panic!("no workload {workload} for sqlx"),
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn options(server: &Server) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .host(&server.host)
        .port(server.port)
        .database(&server.database)
        .username(&server.user)
        .password(&server.password)
        .ssl_mode(PgSslMode::Disable)
}

fn connect(runtime: &Runtime, server: &Server) -> PgConnection {
    runtime.block_on(options(server).connect()).expect("the server lets us in")
}

fn fold_row(sum: u64, row: &PgRow) -> u64 {
    let n: Option<i32> = row.get(3);
    fold(sum, row.get(0), row.get(1), row.get(2), n.map(i64::from))
}

fn scan(server: &Server, size: Size) -> Run {
    let runtime = runtime();
    let mut connection = connect(&runtime, server);
    let text = sql::scan(size.rows);
    Box::new(move || {
        runtime.block_on(async {
            let mut rows = sqlx::query(AssertSqlSafe(&*text)).fetch(&mut connection);
            let mut sum = 0;
            while let Some(row) = rows.try_next().await.unwrap() {
                sum = fold_row(sum, &row);
            }
            sum
        })
    })
}

fn point(server: &Server, size: Size) -> Run {
    let runtime = runtime();
    let mut connection = connect(&runtime, server);
    // Text that lives for ever is not copied for each query.
    let text: &'static str = sql::point(size.rows).leak();
    Box::new(move || {
        runtime.block_on(async {
            let mut sum = 0;
            for i in 0..size.times {
                let query = sqlx::query(text).bind(key(i, size.rows));
                let row = query.fetch_one(&mut connection).await.unwrap();
                sum = fold_row(sum, &row);
            }
            sum
        })
    })
}

fn connects(server: &Server, size: Size) -> Run {
    let runtime = runtime();
    let options = options(server);
    Box::new(move || {
        runtime.block_on(async {
            for _ in 0..size.times {
                options.connect().await.unwrap().close().await.unwrap();
            }
        });
        size.times
    })
}
