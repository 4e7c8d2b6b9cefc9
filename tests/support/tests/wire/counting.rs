//! What the proxy counts and records.

use aludel_test_support::busy::quiet_and_busy;
use aludel_test_support::proxy::Way;

use crate::link::{connect, pattern, proxied, read, write};

#[test]
fn writes_are_counted_as_segments_even_when_they_come_together() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        let (client, server) = connect(&listener, &proxy);
        for _ in 0..5 {
            write(&client, b"two writes ");
            write(&client, b"for one flight");
            read(&server, 25);
            write(&server, b"one");
            read(&client, 3);
        }
        let counts = proxy.connection(0).counts();
        assert_eq!((counts.to_server.segments, counts.to_server.flights), (10, 5));
        assert_eq!((counts.to_client.segments, counts.to_client.flights), (5, 5));
        assert_eq!((counts.round_trips, counts.to_server.bytes), (5, 125));
    });
}

#[test]
fn a_greeting_is_a_flight_and_no_round_trip() {
    quiet_and_busy(|| {
        let (listener, proxy) = proxied();
        let (client, server) = connect(&listener, &proxy);
        write(&server, b"hello");
        read(&client, 5);
        assert_eq!(proxy.counts().round_trips, 0);
        write(&client, b"bye");
        read(&server, 3);
        let counts = proxy.counts();
        assert_eq!((counts.round_trips, counts.to_client.flights), (0, 1));
    });
}

#[test]
fn counts_of_all_connections_add_up() {
    let (listener, proxy) = proxied();
    let pairs: Vec<_> = (0..3).map(|_| connect(&listener, &proxy)).collect();
    for (client, server) in &pairs {
        write(client, b"ab");
        read(server, 2);
    }
    proxy.connection(1).reset();
    let counts = proxy.counts();
    assert_eq!((counts.connections, counts.ended, counts.to_server.bytes), (3, 1, 6));
    assert_eq!(proxy.connection(2).counts().connections, 1);
    assert_eq!(proxy.connection(3).counts().connections, 0);
}

#[test]
fn the_record_keeps_the_first_bytes_up_to_its_limit() {
    let (listener, proxy) = proxied();
    proxy.record_at_most(1000);
    let (client, server) = connect(&listener, &proxy);
    write(&client, &pattern(3000));
    read(&server, 3000);
    assert_eq!(proxy.connection(0).record(Way::ToServer), pattern(1000));
    assert_eq!(proxy.connection(0).record(Way::ToClient), b"");
    assert_eq!(proxy.connection(9).record(Way::ToClient), b"");
}
