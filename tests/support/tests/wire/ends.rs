//! Resets, closes and half-closes, as the two ends see them.

use std::io::{ErrorKind, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixListener;
use std::thread;

use aludel_test_support::busy::quiet_and_busy;
use aludel_test_support::proxy::{Proxy, Way};

use crate::link::{
    connect, patient, pattern, proxied, read, read_once, sees_end, sees_nothing, sees_reset, write,
};

#[test]
fn without_faults_everything_passes_both_ways_and_ends_as_it_ended() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        let (client, server) = connect(&listener, &proxy);
        let sent = pattern(1_000_000);
        thread::scope(|scope| {
            scope.spawn(|| write(&client, &sent));
            assert_eq!(read(&server, sent.len()), sent);
            scope.spawn(|| write(&server, &sent));
            assert_eq!(read(&client, sent.len()), sent);
        });
        client.shutdown(std::net::Shutdown::Write).unwrap();
        assert!(sees_end(&server));
        write(&server, b"late");
        drop(server);
        assert_eq!(read(&client, 4), b"late");
        assert!(sees_end(&client));
        assert_eq!(proxy.connection(0).wait_until_ended().ended, 1);
    });
}

#[test]
fn a_reset_after_n_bytes_lets_exactly_those_pass() {
    quiet_and_busy(|| {
        for count in [1, 7, 99] {
            let (listener, proxy) = proxied();
            proxy.to_client().reset_after(count as u64);
            let (client, server) = connect(&listener, &proxy);
            write(&server, &pattern(100));
            assert_eq!(read(&client, count), pattern(count));
            assert!(sees_reset(&client));
            assert!(sees_reset(&server));
        }
    });
}

#[test]
fn a_reset_after_no_byte_comes_before_anything_is_said() {
    quiet_and_busy(|| {
        let (_listener, proxy) = proxied();
        proxy.to_client().reset_after(0);
        assert!(sees_reset(&patient(TcpStream::connect(proxy.address()).unwrap())));
        assert_eq!(proxy.connection(0).wait_until_ended().to_client.passed, 0);
    });
}

#[test]
fn a_reset_comes_after_the_bytes_also_when_the_reader_is_slow() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        // More than the buffers of a connection take.
        let count = 12 << 20;
        proxy.to_client().reset_after(count as u64);
        let (client, server) = connect(&listener, &proxy);
        thread::scope(|scope| {
            scope.spawn(|| (&server).write_all(&pattern(count + 1)));
            proxy.connection(0).wait_until("bytes", |counts| counts.to_client.passed > 1 << 16);
            assert_eq!(read(&client, count), pattern(count));
            assert!(sees_reset(&client));
        });
    });
}

#[test]
fn a_reset_now_reaches_ends_that_wait_and_counts_from_now() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        let (client, server) = connect(&listener, &proxy);
        thread::scope(|scope| {
            let waiting =
                [scope.spawn(|| sees_reset(&client)), scope.spawn(|| sees_reset(&server))];
            proxy.reset();
            assert!(waiting.into_iter().all(|thread| thread.join().unwrap()));
        });

        let (client, server) = connect(&listener, &proxy);
        write(&server, b"before");
        assert_eq!(read(&client, 6), b"before");
        proxy.to_client().reset_after(2);
        write(&server, b"after");
        assert_eq!(read(&client, 2), b"af");
        assert!(sees_reset(&client));
    });
}

#[test]
fn a_half_close_ends_one_direction_and_leaves_the_other() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        proxy.to_client().half_close_after(3);
        let (client, server) = connect(&listener, &proxy);
        write(&server, b"hello");
        assert_eq!(read(&client, 3), b"hel");
        assert!(sees_end(&client));
        for round in 0..3_u8 {
            write(&client, &[round; 100]);
            assert_eq!(read(&server, 100), [round; 100]);
            // Thrown away, and no reset comes back.
            write(&server, b"unheard");
        }
        drop(client);
        assert!(sees_end(&server));
        drop(server);
        assert_eq!(proxy.connection(0).wait_until_ended().to_client.passed, 3);
    });
}

#[test]
fn a_close_in_the_middle_of_a_message_is_an_end_of_file() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        proxy.to_client().close_after(10);
        let (client, server) = connect(&listener, &proxy);
        write(&server, &pattern(25));
        assert_eq!(read(&client, 10), pattern(10));
        assert!(sees_end(&client));
        assert!(sees_end(&server));
        // The proxy's socket is gone: the system answers with a reset.
        proxy.connection(0).wait_until_ended();
        write(&client, b"x");
        while !matches!((&client).write(b"x"), Err(e) if e.kind() == ErrorKind::BrokenPipe) {}
    });
}

#[test]
fn faults_differ_by_connection_and_can_be_set_before_it_comes() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        proxy.connection(1).to_client().reset_after(2);
        proxy.connection(2).to_server().half_close_after(0);
        let pairs: Vec<_> = (0..4).map(|_| connect(&listener, &proxy)).collect();
        for (_, server) in &pairs {
            write(server, b"abcd");
        }
        for index in [0, 2, 3] {
            assert_eq!(read(&pairs[index].0, 4), b"abcd");
        }
        assert_eq!(read(&pairs[1].0, 2), b"ab");
        assert!(sees_reset(&pairs[1].0));
        assert!(sees_end(&pairs[2].1));
        write(&pairs[3].0, b"still here");
        assert_eq!(read(&pairs[3].1, 10), b"still here");
        proxy.connection(3).close();
        assert!(sees_end(&pairs[3].0));
        assert!(sees_nothing(&pairs[0].0));
    });
}

#[test]
fn a_server_that_dies_is_seen_as_a_reset_after_its_last_words() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        let (client, server) = connect(&listener, &proxy);
        write(&client, b"never read");
        proxy.connection(0).wait_until("the question", |counts| counts.to_server.passed == 10);
        write(&server, b"FATAL");
        // What it has not read makes its end a reset, as when it is killed.
        drop(server);
        assert_eq!(read(&client, 5), b"FATAL");
        assert!(sees_reset(&client));
    });
}

#[test]
fn a_server_behind_a_unix_socket_is_reached() {
    quiet_and_busy(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = UnixListener::bind(&path).unwrap();
        let proxy = Proxy::to(path.as_path()).unwrap();
        proxy.to_client().reset_after(2);
        let client = patient(TcpStream::connect(proxy.address()).unwrap());
        let (mut server, _) = listener.accept().unwrap();
        write(&client, b"question");
        let mut heard = [0; 8];
        std::io::Read::read_exact(&mut server, &mut heard).unwrap();
        assert_eq!(&heard, b"question");
        server.write_all(b"answer").unwrap();
        assert_eq!(read_once(&client), b"an");
        assert!(sees_reset(&client));
        assert_eq!(proxy.connection(0).record(Way::ToClient), b"answer");
    });
}
