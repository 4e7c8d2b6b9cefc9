//! Links that stop in the middle of a startup.

use std::time::{Duration, Instant};

use aludel_test_support::proxy::{Proxy, Way};

use super::servers::provided;
use crate::config::tests::config;
use crate::net::Deadline;
use crate::startup::connect;

#[test]
fn a_stall_after_any_part_of_the_startup_ends_with_the_deadline() {
    let Some(vars) = provided("pg") else { return };
    let address: std::net::SocketAddr =
        format!("{}:{}", vars.get("ALUDEL_PG_HOST").unwrap(), vars.get("ALUDEL_PG_PORT").unwrap())
            .parse()
            .unwrap();
    let original = address.to_string();
    for (options, bytes) in [
        // The answer about TLS, the server's part of its handshake, of SCRAM, of the reports.
        ("sslmode=require", [0, 1, 200, 1500]),
        ("sslmode=disable", [0, 20, 120, 300]),
    ] {
        for count in bytes {
            let proxy = Proxy::to(address).unwrap();
            proxy.to_client().stall_after(count);
            let url = vars.get("ALUDEL_PG_URL").unwrap();
            let url = url.replace(&original, &proxy.address().to_string());
            let started = Instant::now();
            let deadline = Deadline::after(Duration::from_millis(200));
            let error = connect(&config(&format!("{url}?{options}")), deadline).unwrap_err();
            assert!(started.elapsed() >= Duration::from_millis(200));
            assert!(error.message().contains("timed out"), "{options} {count}: {error}");
            proxy.connection(0).wait_until_stalled(Way::ToClient);
        }
    }
}

#[test]
fn messages_may_come_byte_by_byte_and_in_odd_pieces() {
    let Some(vars) = provided("pg") else { return };
    let original =
        format!("{}:{}", vars.get("ALUDEL_PG_HOST").unwrap(), vars.get("ALUDEL_PG_PORT").unwrap());
    let address: std::net::SocketAddr = original.parse().unwrap();
    for options in ["sslmode=require", "sslmode=disable"] {
        let proxy = Proxy::to(address).unwrap();
        proxy.both_ways().in_pieces(7);
        let url = vars.get("ALUDEL_PG_URL").unwrap();
        let url = url.replace(&original, &proxy.address().to_string());
        let config = config(&format!("{url}?{options}"));
        let session = connect(&config, Deadline::after(Duration::from_secs(30))).unwrap();
        assert_eq!(session.stream.is_encrypted(), options.contains("require"));
        session.close();
    }
}

#[test]
fn a_startup_costs_three_round_trips_and_each_flight_one_segment() {
    let Some(vars) = provided("pg") else { return };
    let original =
        format!("{}:{}", vars.get("ALUDEL_PG_HOST").unwrap(), vars.get("ALUDEL_PG_PORT").unwrap());
    let address: std::net::SocketAddr = original.parse().unwrap();
    let proxy = Proxy::to(address).unwrap();
    let url = vars.get("ALUDEL_PG_URL").unwrap();
    let url = url.replace(&original, &proxy.address().to_string());
    let session = connect(&config(&format!("{url}?sslmode=disable")), Deadline::NEVER).unwrap();
    let counts = proxy.connection(0).counts();
    assert_eq!(counts.round_trips, 3, "startup, and SCRAM twice");
    assert_eq!(counts.to_server.segments, counts.to_server.flights);
    session.close();
}
