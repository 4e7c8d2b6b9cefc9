//! Tasks that share one tokio-postgres client, which sends their queries without waiting.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Barrier;
use tokio_postgres::{Client, NoTls, Statement};

use crate::crowd::{Times, keys, noted};
use crate::server::{SELECT, Server};

/// Threads of the runtime.
const WORKERS: usize = 2;

/// A client on a runtime, with the statement prepared.
pub(crate) struct Pipelined {
    runtime: Runtime,
    client: Arc<Client>,
    statement: Statement,
}

impl Pipelined {
    pub(crate) fn new(server: &Server) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let (client, statement) = runtime.block_on(async {
            let connected = server.config.connect(NoTls).await;
            let (client, connection) = connected.expect("the server lets us in");
            tokio::spawn(connection);
            let statement = client.prepare(SELECT).await.expect("the SQL is good");
            (client, statement)
        });
        Pipelined { runtime, client: Arc::new(client), statement }
    }

    /// Has so many tasks ask for as long as `time`.
    pub(crate) fn measure(&self, callers: usize, time: Duration) -> Vec<Times> {
        let together = Arc::new(Barrier::new(callers));
        let start = |caller: usize| {
            let (client, statement) = (Arc::clone(&self.client), self.statement.clone());
            let together = Arc::clone(&together);
            self.runtime.spawn(async move {
                together.wait().await;
                ask(&client, &statement, caller, time).await
            })
        };
        let all: Vec<_> = (0..callers).map(start).collect();
        self.runtime.block_on(async {
            let mut crowd = Vec::new();
            for task in all {
                crowd.push(task.await.expect("no task panics"));
            }
            crowd
        })
    }
}

async fn ask(client: &Client, statement: &Statement, caller: usize, time: Duration) -> Times {
    let mut times = Times::new();
    let end = Instant::now() + time;
    for key in keys(caller) {
        let begun = Instant::now();
        let row = client.query_one(statement, &[&key]).await.expect("the server answers");
        let (id, name): (i64, &str) = (row.get(0), row.get(1));
        assert!((id, name.len()) == (key, 17), "{key} is asked for, {id} comes");
        if !noted(&mut times, begun, end) {
            break;
        }
    }
    times
}
