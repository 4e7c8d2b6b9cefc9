//! postgres, the blocking driver on tokio-postgres.

use postgres::fallible_iterator::FallibleIterator;
use postgres::types::ToSql;
use postgres::{Client, Config, NoTls, Row};

use crate::server::Server;
use crate::sql::{self, fold, key};
use crate::variants::Run;
use crate::workload::Size;

pub(crate) fn prepare(workload: &str, server: &Server, size: Size) -> Run {
    match workload {
        "scan" => scan(server, size),
        "point" => point(server, size),
        _ => panic!("no workload {workload} for postgres"),
    }
}

fn connect(server: &Server) -> Client {
    let mut config = Config::new();
    config.host(&server.host).port(server.port).dbname(&server.database);
    config.user(&server.user).password(&server.password);
    config.connect(NoTls).expect("the server lets us in")
}

fn fold_row(sum: u64, row: &Row) -> u64 {
    let n: Option<i32> = row.get(3);
    fold(sum, row.get(0), row.get(1), row.get(2), n.map(i64::from))
}

fn scan(server: &Server, size: Size) -> Run {
    let mut client = connect(server);
    let statement = client.prepare(&sql::scan(size.rows)).unwrap();
    Box::new(move || {
        let none: [&(dyn ToSql + Sync); 0] = [];
        let mut rows = client.query_raw(&statement, none).unwrap();
        let mut sum = 0;
        while let Some(row) = rows.next().unwrap() {
            sum = fold_row(sum, &row);
        }
        sum
    })
}

fn point(server: &Server, size: Size) -> Run {
    let mut client = connect(server);
    let statement = client.prepare(&sql::point(size.rows)).unwrap();
    Box::new(move || {
        let mut sum = 0;
        for i in 0..size.times {
            let row = client.query_one(&statement, &[&key(i, size.rows)]).unwrap();
            sum = fold_row(sum, &row);
        }
        sum
    })
}
