//! The proxy's thread: the one owner of its sockets.
//!
//! Invariant: no other thread holds a descriptor of a connection. A reset is sent by the last one
//! to close, so a second holder would turn it into silence.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use nix::poll::PollFlags;

use super::fault::Cut;
use super::lane::{Lane, Next};
use super::link::Link;
use super::state::{Shared, State};
use super::way::Way;
use crate::net::{Endpoint, Port, Stream};

/// How often a reader is looked at again before the thread sleeps for a millisecond.
const LOOKS: u32 = 64;
/// Connections that may wait to be accepted.
const BACKLOG: i32 = 128;

/// The sockets of a connection; the server's is missing in a hole.
struct Sockets {
    client: Stream,
    server: Option<Stream>,
    next: [Next; 2],
}

pub(super) struct Pump {
    shared: Arc<Shared>,
    port: Port,
    upstream: Endpoint,
    listener: Option<TcpListener>,
    open: BTreeMap<usize, Sockets>,
    looks: u32,
}

impl Pump {
    pub(super) fn new(shared: Arc<Shared>, port: Port, upstream: Endpoint) -> Self {
        Self { shared, port, upstream, listener: None, open: BTreeMap::new(), looks: 0 }
    }

    /// Runs until the state says stop.
    pub(super) fn run(mut self) {
        let shared = Arc::clone(&self.shared);
        loop {
            shared.signal.lower();
            let mut state = shared.lock();
            if state.stop {
                return;
            }
            self.listen(&mut state);
            self.accept(&mut state);
            let limit = state.record_limit;
            let mut moved = false;
            // Those that ended stay in the state, maybe by the thousand.
            for (index, sockets) in std::mem::take(&mut self.open) {
                moved |= self.serve(index, sockets, &mut state.links[index], limit);
            }
            state.acknowledge();
            drop(state);
            shared.tell();
            self.looks = if moved { 0 } else { self.looks.saturating_add(1) };
            self.wait(&shared);
        }
    }

    /// Opens or closes the port as the test asks.
    fn listen(&mut self, state: &mut State) {
        if state.listening && self.listener.is_none() {
            self.listener = self.port.listen(BACKLOG).ok();
            // Whoever asked for it looks whether it came true.
            state.listening = self.listener.is_some();
        } else if !state.listening {
            self.listener = None;
        }
    }

    fn accept(&mut self, state: &mut State) {
        while let Some(listener) = &self.listener
            && let Ok((tcp, _)) = listener.accept()
        {
            let Ok(client) = Stream::accepted(tcp) else {
                continue;
            };
            let index = state.links.len();
            let plan = state.planned.remove(&index).unwrap_or_else(|| state.default.clone());
            state.links.push(Link::new(plan));
            self.open.insert(index, Sockets { client, server: None, next: [Next::Rest; 2] });
        }
    }

    /// Moves what can be moved on one connection; returns whether anything was.
    fn serve(
        &mut self,
        index: usize,
        mut sockets: Sockets,
        link: &mut Link,
        record_limit: usize,
    ) -> bool {
        if sockets.server.is_none() && !link.hole {
            match self.upstream.connect() {
                Ok(server) => sockets.server = Some(server),
                Err(_) => link.command = Some(Cut::Reset),
            }
        }
        let before = link.lanes.each_ref().map(|lane| (lane.counts.bytes, lane.counts.passed));
        for way in Way::BOTH {
            sockets.read(way, link, record_limit);
        }
        for way in Way::BOTH {
            let next = sockets.write(way, link);
            sockets.next[way.index()] = next;
            if let Next::End(cut) = next {
                link.command.get_or_insert(cut);
            }
            link.learn(way);
        }
        if link.lanes.iter().all(Lane::is_done) {
            link.command.get_or_insert(Cut::Close);
        }
        match link.command {
            Some(cut) => {
                sockets.end(cut);
                link.ended = true;
            }
            None => {
                self.open.insert(index, sockets);
            }
        }
        let after = link.lanes.each_ref().map(|lane| (lane.counts.bytes, lane.counts.passed));
        link.ended || before != after
    }

    /// Sleeps until a socket is ready, a delay is over, or the test changes something.
    fn wait(&self, shared: &Shared) {
        let mut fds: Vec<(BorrowedFd<'_>, PollFlags)> = Vec::new();
        fds.extend(self.listener.iter().map(|listener| (listener.as_fd(), PollFlags::POLLIN)));
        let state = shared.lock();
        let mut until: Option<Instant> = None;
        let mut looking = false;
        for (index, sockets) in &self.open {
            sockets.interests(&state.links[*index], &mut fds);
            for next in sockets.next {
                looking |= next == Next::Reader;
                if let Next::At(due) = next {
                    until = Some(until.map_or(due, |until| until.min(due)));
                }
            }
        }
        drop(state);
        if looking {
            // Nobody tells when a reader has read, so it is looked at again and again.
            let pause = if self.looks < LOOKS { 0 } else { 1 };
            thread::yield_now();
            let again = Instant::now() + Duration::from_millis(pause);
            until = Some(until.map_or(again, |until| until.min(again)));
        }
        shared.signal.wait(&fds, until);
    }
}

impl Sockets {
    fn read(&self, way: Way, link: &mut Link, record_limit: usize) {
        let sender = match way {
            Way::ToServer => Some(&self.client),
            Way::ToClient => self.server.as_ref(),
        };
        if let Some(sender) = sender
            && link.lanes[way.index()].read(sender, record_limit) > 0
        {
            link.spoke(way);
        }
    }

    fn write(&self, way: Way, link: &mut Link) -> Next {
        let receiver = match way {
            Way::ToServer => self.server.as_ref(),
            Way::ToClient => Some(&self.client),
        };
        receiver.map_or(Next::Rest, |receiver| link.lanes[way.index()].write(receiver))
    }

    fn end(self, cut: Cut) {
        for stream in [Some(self.client), self.server].into_iter().flatten() {
            match cut {
                Cut::Reset => stream.reset(),
                Cut::Close | Cut::HalfClose => stream.close(),
            }
        }
    }

    fn interests<'s>(&'s self, link: &Link, fds: &mut Vec<(BorrowedFd<'s>, PollFlags)>) {
        let wants = |way: Way| link.lanes[way.index()].wants_bytes();
        let writes = |way: Way| self.next[way.index()] == Next::Room;
        let flags = |read, write| {
            let mut flags = PollFlags::empty();
            flags.set(PollFlags::POLLIN, read);
            flags.set(PollFlags::POLLOUT, write);
            flags
        };
        let client = flags(wants(Way::ToServer), writes(Way::ToClient));
        let server = flags(wants(Way::ToClient), writes(Way::ToServer));
        let server = self.server.as_ref().map(|stream| (stream.as_fd(), server));
        // A socket without flags would still wake for a hang-up, again and again.
        let both = [Some((self.client.as_fd(), client)), server];
        fds.extend(both.into_iter().flatten().filter(|(_, flags)| !flags.is_empty()));
    }
}
