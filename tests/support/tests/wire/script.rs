//! Scripted servers with clients that follow the script.

use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aludel_test_support::busy::quiet_and_busy;
use aludel_test_support::server::{Body, FakeServer, Framing, Gate, Script, Verdict};

use crate::link::{patient, read, read_once, sees_end, sees_reset, write};

fn client(server: &FakeServer) -> TcpStream {
    patient(TcpStream::connect(server.address()).unwrap())
}

#[test]
fn each_connection_gets_its_script_in_the_order_in_which_it_comes() {
    quiet_and_busy(|| {
        let talk = |word: &str| Script::new().expect(word).send(word.to_uppercase());
        let scripts = [talk("one").close(), talk("two").half_close(), talk("three").reset()];
        let server = FakeServer::play(scripts).unwrap();
        let clients = [client(&server), client(&server), client(&server)];
        server.wait_for_connections(3);
        // At once, and not in their order.
        for (index, word) in [(2, "three"), (0, "one"), (1, "two")] {
            write(&clients[index], word.as_bytes());
            assert_eq!(read(&clients[index], word.len()), word.to_uppercase().as_bytes());
        }
        assert!(sees_end(&clients[0]) && sees_end(&clients[1]) && sees_reset(&clients[2]));
        assert_eq!(server.heard(2), b"three");
        server.finish().unwrap();
    });
}

#[test]
fn a_script_sees_bytes_and_not_writes() {
    quiet_and_busy(|| {
        let script = Script::new().expect("abc").expect_count(2).expect("f").expect_end();
        let server = FakeServer::play([script]).unwrap();
        let client = client(&server);
        for byte in b"abcdef" {
            write(&client, &[*byte]);
        }
        client.shutdown(Shutdown::Write).unwrap();
        server.wait_until_played(1);
        server.finish().unwrap();
    });
}

#[test]
fn answers_are_made_of_what_the_client_said() {
    quiet_and_busy(|| {
        let line = |bytes: &[u8]| match bytes.iter().position(|byte| *byte == b'\n') {
            Some(end) => Verdict::Taken(end + 1),
            None => Verdict::More,
        };
        let script = Script::new()
            .expect_that("a line", line)
            .expect_that("a line", line)
            .answer(|heard| [b"<", heard.last, heard.all, b">"].concat());
        let server = FakeServer::play([script]).unwrap();
        let client = client(&server);
        write(&client, b"a\nbc\n");
        assert_eq!(read(&client, 10), b"<bc\na\nbc\n>");
        server.finish().unwrap();
    });
}

#[test]
fn both_framings_can_be_scripted() {
    quiet_and_busy(|| {
        let ready = Body::new().u8(b'I').postgres(b'Z');
        let postgres = Script::new()
            .expect_message(Framing::PostgresStartup, "a startup message", |message| {
                let version = message.body.starts_with(&196_608_i32.to_be_bytes());
                if version { Ok(()) } else { Err("it is not version 3.0".into()) }
            })
            .send(Body::new().be32(0).postgres(b'R'))
            .send(&ready)
            .expect_tags(Framing::Postgres, b"PBDES")
            .send(&ready);
        let mysql = Script::new()
            .send(Body::new().u8(10).cstr("9.7").mysql(0))
            .expect_tags(Framing::MySql, &[1])
            .send(Body::new().u8(0).lenenc(0).lenenc(0).le16(2).le16(0).mysql(2));
        let server = FakeServer::play([postgres.clone(), mysql, postgres]).unwrap();

        let startup = Body::new().be32(196_608).cstr("user").cstr("t").u8(0).postgres_startup();
        let flight: Vec<u8> =
            b"PBDES".iter().flat_map(|kind| Body::new().postgres(*kind)).collect();
        for index in 0..3 {
            let client = client(&server);
            if index == 1 {
                assert_eq!(read(&client, 9), b"\x05\0\0\0\x0a9.7\0");
                write(&client, &Body::new().cstr("t").mysql(1));
                assert_eq!(read(&client, 11), b"\x07\0\0\x02\0\0\0\x02\0\0\0");
                continue;
            }
            write(&client, &startup);
            assert_eq!(read(&client, 15), b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I");
            write(&client, &flight);
            assert_eq!(read(&client, 6), ready);
        }
        server.finish().unwrap();
    });
}

#[test]
fn slow_sends_pause_between_their_pieces() {
    quiet_and_busy(|| {
        let pause = Duration::from_millis(10);
        let server = FakeServer::play([Script::new().send_slowly("abcdef", 2, pause)]).unwrap();
        let start = Instant::now();
        let client = client(&server);
        assert_eq!(read(&client, 6), b"abcdef");
        assert!(start.elapsed() >= 2 * pause);
        server.finish().unwrap();
    });
}

#[test]
fn gates_hold_the_script_for_the_test_and_the_test_for_the_script() {
    quiet_and_busy(|| {
        let (reached, go) = (Gate::new().unwrap(), Gate::new().unwrap());
        let script = Script::new().expect("a").open(&reached).wait(&go).send("b");
        let server = FakeServer::play([script]).unwrap();
        let client = client(&server);
        write(&client, b"a");
        reached.wait();
        assert!(crate::link::sees_nothing(&client));
        go.open();
        assert_eq!(read_once(&client), b"b");
        server.finish().unwrap();
    });
}

#[test]
fn one_script_can_be_played_for_everybody() {
    quiet_and_busy(|| {
        let script = Script::new().expect("a").followed_by(&Script::new().send("b").close());
        let server = FakeServer::play_always(script).unwrap();
        thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| {
                    let client = client(&server);
                    write(&client, b"a");
                    assert_eq!(read(&client, 1), b"b");
                    assert!(sees_end(&client));
                });
            }
        });
        server.wait_until_played(20);
        server.finish().unwrap();
    });
}

#[test]
fn a_server_that_is_dropped_early_ends_at_once() {
    quiet_and_busy(|| {
        let scripts =
            [Script::new().expect("never"), Script::new().pause(Duration::from_secs(3600))];
        let server = FakeServer::play(scripts).unwrap();
        let clients = [client(&server), client(&server)];
        server.wait_for_connections(2);
        drop(server);
        assert!(clients.iter().all(sees_end));
    });
}

#[test]
fn dropping_a_server_waits_for_what_its_scripts_are_doing() {
    let (begun, ended) = (Gate::new().unwrap(), Arc::new(AtomicBool::new(false)));
    let script = Script::new().answer({
        let (begun, ended) = (begun.clone(), Arc::clone(&ended));
        move |_| {
            begun.open();
            thread::sleep(Duration::from_millis(100));
            ended.store(true, Ordering::SeqCst);
            Vec::new()
        }
    });
    let server = FakeServer::play([script]).unwrap();
    let _client = client(&server);
    begun.wait();
    drop(server);
    assert!(ended.load(Ordering::SeqCst));
}
