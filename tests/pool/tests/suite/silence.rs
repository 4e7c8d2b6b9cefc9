//! A server that says nothing any longer: packets are dropped, and no socket is closed.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aludel::pool::{Manager, Pool, PoolBuilder, ResetOnReturn};
use aludel::{Error, Result};
use aludel_tests_pool::block_on;

/// Answers each byte, until it falls silent.
#[derive(Clone)]
struct Server {
    address: SocketAddr,
    silent: Arc<AtomicBool>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let silent = Arc::new(AtomicBool::new(false));
        let server = Server { address, silent };
        let answers = server.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, answers) = (client.unwrap(), answers.clone());
                thread::spawn(move || answers.answer(client));
            }
        });
        server
    }

    fn answer(&self, mut client: TcpStream) {
        let mut byte = [0];
        while client.read_exact(&mut byte).is_ok() {
            if !self.silent.load(Ordering::SeqCst) && client.write_all(&byte).is_err() {
                return;
            }
        }
    }

    fn fall_silent(&self, silent: bool) {
        self.silent.store(silent, Ordering::SeqCst);
    }
}

fn ask(stream: &mut TcpStream, within: Option<Duration>) -> Result<()> {
    let failed = |error| Error::operational("no answer").with_source(error).disconnected();
    // Zero would mean no limit.
    let within = within.map(|within| within.max(Duration::from_millis(1)));
    stream.set_read_timeout(within).map_err(failed)?;
    stream.write_all(&[1]).map_err(failed)?;
    stream.read_exact(&mut [0]).map_err(failed)
}

impl Manager for Server {
    type Connection = TcpStream;

    fn connect(&self, within: Option<Duration>) -> Result<TcpStream> {
        let refused = |error| Error::operational("refused").with_source(error);
        let mut stream = TcpStream::connect(self.address).map_err(refused)?;
        ask(&mut stream, within)?;
        Ok(stream)
    }

    fn ping(&self, stream: &mut TcpStream, within: Duration) -> Result<()> {
        ask(stream, Some(within))
    }

    fn reset(&self, stream: &mut TcpStream, _: ResetOnReturn, within: Duration) -> Result<()> {
        ask(stream, Some(within))
    }
}

const TIMEOUT: Duration = Duration::from_secs(2);

fn pool(server: &Server) -> PoolBuilder<Server> {
    Pool::builder(server.clone())
        .pool_size(1)
        .max_overflow(1)
        .pool_pre_ping(true)
        .pool_timeout(TIMEOUT)
}

/// Asks with the clock in hand: an error within the timeout and a tenth of it.
fn fails_in_time(get: impl FnOnce() -> Result<()>) {
    let since = Instant::now();
    get().unwrap_err();
    let took = since.elapsed();
    assert!(took <= TIMEOUT + TIMEOUT / 10, "{took:?}");
}

/// HikariCP #159: where packets are dropped, a checkout takes the sum of all limits.
#[test]
fn hikaricp_159_a_checkout_from_a_silent_server_fails_within_its_timeout_and_a_tenth() {
    let server = Server::start();
    let pool = pool(&server).build().unwrap();
    drop(pool.connect().unwrap());
    server.fall_silent(true);
    thread::scope(|scope| {
        // One tests what is idle, one connects, and two wait for them.
        for _ in 0..3 {
            scope.spawn(|| fails_in_time(|| pool.connect().map(drop)));
        }
        scope.spawn(|| fails_in_time(|| block_on(pool.connect_async()).map(drop)));
    });
    server.fall_silent(false);
    drop(pool.connect().unwrap());
    pool.close(TIMEOUT).unwrap();
}

/// sqlx #4349: whoever returns a connection of a server that fell silent never gets away, nor his slot.
#[test]
fn sqlx_4349_a_reset_without_answer_ends_within_its_limit_and_gives_the_slot_back() {
    let server = Server::start();
    let limit = Duration::from_millis(200);
    let pool = pool(&server).max_overflow(0).pool_reset_timeout(limit).build().unwrap();
    let held = pool.connect().unwrap();
    server.fall_silent(true);
    let since = Instant::now();
    drop(held);
    assert!((limit..TIMEOUT).contains(&since.elapsed()), "{:?}", since.elapsed());
    server.fall_silent(false);
    drop(pool.connect().unwrap());
    let counters = pool.snapshot().counters;
    assert_eq!((counters.resets_failed, counters.connects, counters.timeouts), (1, 2, 0));
    drop(pool.connect_within(Duration::ZERO).unwrap());
}
