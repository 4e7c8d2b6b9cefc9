//! PostgreSQL's protocol: whatever a server sends once a session has begun.

use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use aludel::{Connection, Engine};

/// A session without a password, of a server that says it is PostgreSQL 15.
const GREETING: &[u8] = b"R\0\0\0\x08\0\0\0\0S\0\0\0\x18server_version\x0015.0\0\
    K\0\0\0\x0c\0\0\0\x01\0\0\0\x02Z\0\0\0\x05I";

/// What an engine asks its first connection: prepared transactions, isolation level and schema.
const FIRST_ANSWERS: [&str; 3] = ["0", "read committed", "public"];

/// Checks bytes as what a server sends after its first answers: every call ends, and nothing panics.
///
/// # Panics
/// When what must hold does not.
pub fn postgresql(data: &[u8]) {
    values_of_postgresql(data);
}

/// How many values a program reads from a server that sends these bytes after its first answers.
///
/// # Panics
/// As [`postgresql`].
pub fn values_of_postgresql(data: &[u8]) -> usize {
    let server = Server::new();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| server.speak(data, &is_over));
        let url = format!("postgresql://fuzz@/fuzz?host={}", server.directory.display());
        let dialect = aludel_dialect_postgresql::dialect();
        let engine = Engine::builder(url.as_str()).dialect(dialect).build();
        let engine = engine.expect("the URL is one of PostgreSQL");
        let values = engine.connect().map_or(0, |mut connection| work(&mut connection));
        is_over.store(true, Ordering::Release);
        // Wakes the server, which waits for another connection.
        drop(UnixStream::connect(server.socket()));
        values
    })
}

/// A few statements of different kinds, each of which may find the session broken; tells how many
/// values could be read.
fn work(connection: &mut Connection) -> usize {
    let mut values = 0;
    for sql in ["select 1", "insert into t values (1)", "select 2"] {
        if let Ok(mut result) = connection.execute(sql, ()) {
            while let Ok(Some(row)) = result.next() {
                for index in 0..row.len() {
                    // A value that does not hold together is an error, and no more than that.
                    values += usize::from(row.owned_value(index).is_ok());
                }
            }
        }
        let _ = connection.commit();
    }
    let _ = connection.rollback();
    values
}

/// A server on a Unix socket of its own.
struct Server {
    directory: PathBuf,
    listener: UnixListener,
}

impl Server {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("aludel-fuzz-{}-{number}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir(&directory).expect("the temporary directory takes a new one");
        let listener = UnixListener::bind(socket(&directory)).expect("a socket can be made there");
        Server { directory, listener }
    }

    fn socket(&self) -> PathBuf {
        socket(&self.directory)
    }

    /// Says everything to the first who comes, and hangs up on all others (requests to cancel). Ends
    /// when the first has hung up: a thread that outlived its input would be taken for a leak.
    fn speak(&self, data: &[u8], is_over: &AtomicBool) {
        thread::scope(|scope| {
            let mut first = true;
            for stream in self.listener.incoming() {
                if is_over.load(Ordering::Acquire) {
                    return;
                }
                let Ok(stream) = stream else { return };
                if std::mem::take(&mut first) {
                    // The client may hang up at any time.
                    scope.spawn(move || answer(stream, data).ok());
                }
            }
        });
    }
}

/// A query's answer of one text.
fn answer_of(value: &str) -> Vec<u8> {
    let len = u8::try_from(value.len()).expect("invariant: the first answers are short");
    let row = [b"D\0\0\0", &[len + 10][..], b"\0\x01\0\0\0", &[len], value.as_bytes()].concat();
    [b"1\0\0\0\x042\0\0\0\x04", &row[..], b"C\0\0\0\x0dSELECT 1\0Z\0\0\0\x05I"].concat()
}

/// Answers every flight with the bytes up to the next ReadyForQuery, and hangs up when none are left.
fn answer(mut stream: UnixStream, data: &[u8]) -> std::io::Result<()> {
    let mut heard = [0; 4096];
    let mut left = data;
    let _startup = stream.read(&mut heard)?;
    stream.write_all(GREETING)?;
    for value in FIRST_ANSWERS {
        let _question = stream.read(&mut heard)?;
        stream.write_all(&answer_of(value))?;
    }
    // A client may send several flights in one piece, and wait for an answer to each.
    stream.set_read_timeout(Some(Duration::from_millis(20)))?;
    loop {
        match stream.read(&mut heard) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => return Err(error),
        }
        let (now, later) = left.split_at(answer_len(left));
        stream.write_all(now)?;
        left = later;
        if left.is_empty() {
            stream.shutdown(Shutdown::Write)?;
        }
    }
}

/// Length of the messages up to the first ReadyForQuery; all bytes where they are no messages. Never
/// a part of one: the client would wait for the rest, and the server for the client.
fn answer_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&[tag, a, b, c, d]) = bytes.get(at..).and_then(|rest| rest.first_chunk::<5>()) {
        let len = u32::from_be_bytes([a, b, c, d]) as usize;
        if len < 4 {
            break;
        }
        at = at.saturating_add(1).saturating_add(len).min(bytes.len());
        if tag == b'Z' {
            return at;
        }
    }
    bytes.len()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn socket(directory: &Path) -> PathBuf {
    directory.join(".s.PGSQL.5432")
}
