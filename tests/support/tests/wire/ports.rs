//! Ports that refuse, ports that do not answer, and servers that are not there.

use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use aludel_test_support::busy::quiet_and_busy;
use aludel_test_support::proxy::{Proxy, Unanswered};

use crate::link::{connect, patient, proxied, read, sees_reset, write};

#[test]
fn a_proxy_that_refuses_keeps_what_is_open_and_accepts_again_on_the_same_port() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        let (client, server) = connect(&listener, &proxy);
        for _ in 0..3 {
            proxy.refuse();
            let refused = TcpStream::connect(proxy.address()).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
            write(&client, b"open");
            assert_eq!(read(&server, 4), b"open");
            proxy.accept();
            let (again, other) = connect(&listener, &proxy);
            write(&again, b"new");
            assert_eq!(read(&other, 3), b"new");
        }
    });
}

#[test]
fn a_server_that_is_not_there_is_a_reset_for_the_client() {
    quiet_and_busy(|| {
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let proxy = Proxy::to(nobody).unwrap();
        assert!(sees_reset(&patient(TcpStream::connect(proxy.address()).unwrap())));
        let no_file = std::env::temp_dir().join("aludel-no-such-socket");
        let proxy = Proxy::to(no_file).unwrap();
        assert!(sees_reset(&patient(TcpStream::connect(proxy.address()).unwrap())));
        assert_eq!(proxy.connection(0).wait_until_ended().connections, 1);
    });
}

#[test]
fn a_port_that_does_not_answer_lets_a_client_wait_for_its_whole_timeout() {
    quiet_and_busy(|| {
        let silent = Unanswered::new().unwrap();
        let timeout = Duration::from_millis(300);
        let start = Instant::now();
        let error = TcpStream::connect_timeout(&silent.address(), timeout).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert!(start.elapsed() >= timeout);
    });
}

#[test]
fn many_clients_come_and_go_at_once() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        let server = thread::spawn(move || {
            for _ in 0..64 {
                let (stream, _) = listener.accept().unwrap();
                thread::spawn(move || std::io::copy(&mut &stream, &mut &stream));
            }
        });
        thread::scope(|scope| {
            for number in 0..8_u8 {
                let address = proxy.address();
                scope.spawn(move || {
                    for _ in 0..8 {
                        let client = patient(TcpStream::connect(address).unwrap());
                        write(&client, &[number; 5000]);
                        assert_eq!(read(&client, 5000), [number; 5000]);
                    }
                });
            }
        });
        server.join().unwrap();
        let counts = proxy.wait_until("all ends", |counts| counts.ended == 64);
        assert_eq!((counts.to_client.passed, counts.to_server.passed), (320_000, 320_000));
    });
}
