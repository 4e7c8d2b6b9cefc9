//! Cancels that leave and that no server is seen to take.

use std::time::Duration;

use aludel::abi::host::ExecuteOptions;
use aludel_test_support::server::{Body, FakeServer, Framing, Script};

use crate::support::{error_of, prepare, try_connect};

/// A server whose query goes on for some time after its first row.
fn slow_query() -> Script {
    let ready = Body::new().u8(b'I').postgres(b'Z');
    let welcome = [
        Body::new().be32(0).postgres(b'R'),
        Body::new().be32(42).bytes(b"1234").postgres(b'K'),
        ready.clone(),
    ];
    let column = Body::new().be16(1).cstr("n").be32(0).be16(0).be32(23).be16(4).be32(-1).be16(0);
    let described = [
        Body::new().postgres(b'1'),
        Body::new().be16(0).postgres(b't'),
        column.postgres(b'T'),
        ready.clone(),
    ];
    let row = Body::new().be16(1).be32(4).be32(7).postgres(b'D');
    let begun = [Body::new().postgres(b'2'), row];
    let ended = [Body::new().cstr("SELECT 1").postgres(b'C'), ready];
    Script::new()
        .expect_message(Framing::PostgresStartup, "a startup packet", |_| Ok(()))
        .send(welcome.concat())
        .expect_tags(Framing::Postgres, b"PDS")
        .send(described.concat())
        .expect_tags(Framing::Postgres, b"BES")
        .send(begun.concat())
        .pause(Duration::from_millis(500))
        .send(ended.concat())
        .expect_end()
}

#[test]
fn a_connection_whose_cancel_may_still_come_is_given_up_before_it_runs_anything_else() {
    let swallowed = Script::new().expect_count(16).expect_end();
    let server = FakeServer::play([slow_query(), swallowed]).unwrap();
    let url = format!("postgresql://anna:secret@{}/shop?sslmode=disable", server.address());
    let mut connection = try_connect(&url).unwrap();
    let statement = prepare(&mut connection, "select n from slow");
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    assert!(cursor.next().unwrap().is_some());
    drop(cursor);
    let error = error_of(&mut connection, "select 1");
    assert!(error.is_disconnect(), "{error}");
    assert!(!connection.is_alive());
    drop(connection);
    server.finish().unwrap();
}
