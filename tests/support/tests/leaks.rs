//! No thread and no descriptor outlives a proxy or a scripted server.
//!
//! One test, in a program of its own: descriptors belong to the whole process.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use aludel_test_support::busy::quiet_and_busy;
use aludel_test_support::proxy::{Lanes, Proxy, Unanswered};
use aludel_test_support::server::{FakeServer, Gate, Script};

/// Open descriptors and running threads.
fn held() -> (usize, usize) {
    let entries = |folder: &str| fs::read_dir(folder).unwrap().count();
    (entries("/proc/self/fd"), entries("/proc/self/task"))
}

fn with_proxy(fault: impl Fn(Lanes<'_>), act: impl Fn(&Proxy)) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = Proxy::to(listener.local_addr().unwrap()).unwrap();
    fault(proxy.both_ways());
    let clients = [(); 3].map(|()| TcpStream::connect(proxy.address()).unwrap());
    for client in &clients {
        // Torn already by some of the faults.
        let _ = (&*client).write_all(&[7; 1000]);
    }
    act(&proxy);
    drop(proxy);
    for mut client in clients {
        // Whatever it was: an end of file or a reset, never a wait.
        let _ = client.read_to_end(&mut Vec::new());
    }
}

fn with_server(script: Script) {
    let server = FakeServer::play_always(script).unwrap();
    let clients = [(); 3].map(|()| TcpStream::connect(server.address()).unwrap());
    server.wait_for_connections(3);
    drop(server);
    for mut client in clients {
        let _ = client.read_to_end(&mut Vec::new());
    }
}

fn everything() {
    let hour = Duration::from_secs(3600);
    with_proxy(|_| {}, |_| {});
    with_proxy(
        |lanes| {
            lanes.delay(hour);
        },
        |_| {},
    );
    with_proxy(
        |lanes| {
            lanes.stall_after(10);
        },
        |_| {},
    );
    with_proxy(
        |lanes| {
            lanes.reset_after(10);
        },
        |_| {},
    );
    with_proxy(
        |lanes| {
            lanes.close_after(10);
        },
        |_| {},
    );
    with_proxy(
        |lanes| {
            lanes.half_close_after(10);
        },
        |_| {},
    );
    with_proxy(
        |lanes| {
            lanes.one_byte_at_a_time();
        },
        |_| {},
    );
    with_proxy(|_| {}, Proxy::swallow);
    with_proxy(|_| {}, Proxy::refuse);
    with_proxy(|_| {}, Proxy::reset);
    with_proxy(|_| {}, Proxy::close);

    let gate = Gate::new().unwrap();
    with_server(Script::new());
    with_server(Script::new().expect("never"));
    with_server(Script::new().pause(hour));
    with_server(Script::new().wait(&gate));
    with_server(Script::new().send(vec![0; 64 << 20]));
    with_server(Script::new().close());
    with_server(Script::new().reset());
    drop(Unanswered::new().unwrap());
}

#[test]
fn nothing_outlives_the_proxy_and_the_server_whatever_fault_is_on() {
    // What the first run opens for good, such as the table of connections, is not a leak.
    everything();
    let before = held();
    quiet_and_busy(everything);
    assert_eq!(held(), before, "descriptors and threads");
}
