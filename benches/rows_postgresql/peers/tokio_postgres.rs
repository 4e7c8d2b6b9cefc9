//! tokio-postgres on a runtime of one thread, which is where it is fastest.

use std::pin::pin;

use futures_util::TryStreamExt;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, NoTls, Row};

use crate::server::Server;
use crate::sql::{self, fold, key, many_rows};
use crate::variants::Run;
use crate::workload::Size;

pub(crate) fn prepare(workload: &str, variant: &str, server: &Server, size: Size) -> Run {
    match (workload, variant) {
        ("scan", _) => scan(server, size),
        ("point", _) => point(server, size),
        ("many", "tokio-postgres, COPY") => copy(server, size),
        ("many", _) => single_inserts(server, size),
        ("connect", _) => connects(server, size),
        _ => panic!("no workload {workload} for {variant}"),
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn config(server: &Server) -> Config {
    let mut config = Config::new();
    config.host(&server.host).port(server.port).dbname(&server.database);
    config.user(&server.user).password(&server.password);
    config
}

async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.expect("the server lets us in");
    tokio::spawn(connection);
    client
}

fn fold_row(sum: u64, row: &Row) -> u64 {
    let n: Option<i32> = row.get(3);
    fold(sum, row.get(0), row.get(1), row.get(2), n.map(i64::from))
}

fn scan(server: &Server, size: Size) -> Run {
    let runtime = runtime();
    let client = runtime.block_on(connect(&config(server)));
    let statement = runtime.block_on(client.prepare(&sql::scan(size.rows))).unwrap();
    Box::new(move || {
        runtime.block_on(async {
            let none: [&(dyn ToSql + Sync); 0] = [];
            let mut rows = pin!(client.query_raw(&statement, none).await.unwrap());
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
    let client = runtime.block_on(connect(&config(server)));
    let statement = runtime.block_on(client.prepare(&sql::point(size.rows))).unwrap();
    Box::new(move || {
        runtime.block_on(async {
            let mut sum = 0;
            for i in 0..size.times {
                let row = client.query_one(&statement, &[&key(i, size.rows)]).await.unwrap();
                sum = fold_row(sum, &row);
            }
            sum
        })
    })
}

fn single_inserts(server: &Server, size: Size) -> Run {
    let runtime = runtime();
    let mut client = runtime.block_on(connect(&config(server)));
    let insert = runtime.block_on(client.prepare(sql::INSERT)).unwrap();
    let rows = many_rows(size.rows);
    Box::new(move || {
        runtime.block_on(async {
            let transaction = client.transaction().await.unwrap();
            transaction.batch_execute(sql::EMPTY).await.unwrap();
            for (id, x, name, n) in &rows {
                transaction.execute(&insert, &[id, x, name, n]).await.unwrap();
            }
            transaction.commit().await.unwrap();
        });
        1
    })
}

fn copy(server: &Server, size: Size) -> Run {
    let runtime = runtime();
    let mut client = runtime.block_on(connect(&config(server)));
    let rows = many_rows(size.rows);
    let types = [Type::INT8, Type::FLOAT8, Type::VARCHAR, Type::INT4];
    Box::new(move || {
        let copied = runtime.block_on(async {
            let transaction = client.transaction().await.unwrap();
            transaction.batch_execute(sql::EMPTY).await.unwrap();
            let sink = transaction.copy_in(sql::COPY).await.unwrap();
            let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
            for (id, x, name, n) in &rows {
                writer.as_mut().write(&[id, x, name, n]).await.unwrap();
            }
            let copied = writer.finish().await.unwrap();
            transaction.commit().await.unwrap();
            copied
        });
        u64::from(copied == size.rows)
    })
}

fn connects(server: &Server, size: Size) -> Run {
    let runtime = runtime();
    let config = config(server);
    Box::new(move || {
        runtime.block_on(async {
            for _ in 0..size.times {
                let (client, connection) = config.connect(NoTls).await.unwrap();
                let closing = tokio::spawn(connection);
                drop(client);
                closing.await.unwrap().unwrap();
            }
        });
        size.times
    })
}
