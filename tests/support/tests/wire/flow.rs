//! Delays, stalls, pieces and corruption, as the two ends see them.

use std::io::{ErrorKind, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use aludel_test_support::busy::quiet_and_busy;
use aludel_test_support::proxy::Way;

use crate::link::{
    connect, patient, pattern, proxied, read, read_once, sees_end, sees_nothing, sees_reset, write,
};

#[test]
fn a_delay_holds_bytes_back_in_one_direction_only() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        let delay = Duration::from_millis(60);
        proxy.to_client().delay(delay);
        let (client, server) = connect(&listener, &proxy);
        let start = Instant::now();
        write(&server, b"slow");
        assert_eq!(read(&client, 4), b"slow");
        assert!(start.elapsed() >= delay, "{:?}", start.elapsed());

        // The other way round: a delay of an hour on what is not asked cannot be waited for.
        proxy.to_client().delay(Duration::from_secs(3600));
        write(&client, b"fast");
        assert_eq!(read(&server, 4), b"fast");
        proxy.to_client().delay(Duration::ZERO);
        write(&server, b"again");
        assert_eq!(read(&client, 5), b"again");
    });
}

#[test]
fn a_stall_stops_after_n_bytes_until_it_is_released() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        proxy.to_client().stall_after(5);
        let (client, server) = connect(&listener, &proxy);
        write(&server, &pattern(12));
        drop(server);
        assert_eq!(read(&client, 5), pattern(5));
        let stalled = proxy.connection(0).wait_until("the rest", |counts| {
            counts.to_client.bytes == 12 && counts.to_client.stalled == 1
        });
        assert_eq!((stalled.to_client.passed, stalled.ended), (5, 0));
        assert!(sees_nothing(&client), "neither bytes nor the end of file pass");
        write(&client, b"other way");
        proxy.connection(0).wait_until("the other way", |counts| counts.to_server.passed == 9);

        proxy.to_client().stall_after(3);
        assert_eq!(read(&client, 3), pattern(12)[5..8]);
        assert!(sees_nothing(&client));
        proxy.to_client().release();
        assert_eq!(read(&client, 4), pattern(12)[8..]);
    });
}

#[test]
fn a_sender_meets_full_buffers_behind_a_stall() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        proxy.to_server().stall_after(0);
        let (client, server) = connect(&listener, &proxy);
        client.set_nonblocking(true).unwrap();
        let mut written = 0;
        let chunk = pattern(1 << 16);
        let taken = || proxy.counts().to_server.bytes;
        loop {
            match (&client).write(&chunk) {
                Ok(count) => written += count,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::WouldBlock);
                    if taken() >= 1 << 16 {
                        break;
                    }
                    thread::yield_now();
                }
            }
        }
        for _ in 0..20 {
            // Each call is a turn of the proxy, in which it could take more.
            proxy.accept();
        }
        assert!(taken() < 1 << 17, "the proxy takes without end: {}", taken());
        assert!(sees_nothing(&server));
        proxy.to_server().release();
        read(&server, written);
    });
}

#[test]
fn a_stall_holds_back_an_end_of_file_that_nothing_precedes() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        proxy.to_client().stall_after(0);
        let (client, server) = connect(&listener, &proxy);
        let counts = proxy.connection(0).wait_until_stalled(Way::ToClient);
        assert_eq!((counts.to_client.stalled, counts.to_server.stalled), (1, 0));
        drop(server);
        proxy.accept();
        assert!(sees_nothing(&client));
        proxy.to_client().release();
        assert!(sees_end(&client));
    });
}

#[test]
fn one_byte_at_a_time_is_one_byte_in_every_read() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        proxy.both_ways().one_byte_at_a_time();
        let (client, server) = connect(&listener, &proxy);
        for (sender, receiver) in [(&client, &server), (&server, &client)] {
            write(sender, &pattern(200));
            for byte in pattern(200) {
                assert_eq!(read_once(receiver), [byte]);
            }
        }
        let counts = proxy.connection(0).counts();
        assert_eq!((counts.to_client.pieces, counts.to_server.pieces), (200, 200));
        assert_eq!(counts.to_client.segments, 1, "it came in one");
    });
}

#[test]
fn pieces_of_any_size_wait_for_their_reader() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        proxy.to_client().in_pieces(7).half_close_after(24);
        let (client, server) = connect(&listener, &proxy);
        write(&server, &pattern(100));
        let sizes: Vec<usize> = (0..5).map(|_| read_once(&client).len()).collect();
        assert_eq!(sizes, [7, 7, 7, 3, 0]);
        proxy.to_client().heal();
    });
}

#[test]
fn a_flip_changes_one_byte_at_its_place() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        let (client, server) = connect(&listener, &proxy);
        write(&server, &pattern(10));
        assert_eq!(read(&client, 10), pattern(10));
        proxy.to_client().flip(4, 0x80).flip(9, 0x01);
        write(&server, &pattern(20));
        let mut expected = pattern(20);
        expected[4] ^= 0x80;
        expected[9] ^= 0x01;
        assert_eq!(read(&client, 20), expected);
        let record = proxy.connection(0).record(Way::ToClient);
        assert_eq!(record, [pattern(10), pattern(20)].concat(), "the record is what was sent");
    });
}

#[test]
fn a_hole_takes_connections_and_answers_nothing_until_it_is_closed() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        let (old, old_server) = connect(&listener, &proxy);
        proxy.swallow();
        write(&old_server, b"lost?");
        let new = patient(TcpStream::connect(proxy.address()).unwrap());
        write(&new, b"anybody?");
        proxy.wait_until("both", |counts| {
            (counts.to_server.bytes, counts.to_client.bytes) == (8, 5)
        });
        assert!(sees_nothing(&old) && sees_nothing(&new));
        listener.set_nonblocking(true).unwrap();
        assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
        listener.set_nonblocking(false).unwrap();

        proxy.stop_swallowing();
        assert_eq!(read(&old, 5), b"lost?");
        let (new_server, _) = listener.accept().unwrap();
        assert_eq!(read(&new_server, 8), b"anybody?");
        drop((new_server, old_server));
        assert!(sees_end(&new) && sees_end(&old));
    });
}

#[test]
fn a_message_can_be_cut_at_every_byte() {
    let (listener, proxy) = proxied();
    let message = pattern(64);
    for (index, cut) in (1..message.len()).enumerate() {
        proxy.connection(index).to_client().reset_after(cut as u64);
        let (client, server) = connect(&listener, &proxy);
        write(&server, &message);
        assert_eq!(read(&client, cut), message[..cut]);
        assert!(sees_reset(&client));
    }
}
