//! Accepts connections and gives each its script and its thread.

use std::net::TcpListener;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use nix::poll::PollFlags;

use super::deviation::Deviation;
use super::play::Player;
use super::report::Report;
use super::script::Script;
use crate::net::{Signal, Stream};

/// Which script a connection gets.
pub(super) enum Scripts {
    Each(Vec<Script>),
    Always(Script),
}

impl Scripts {
    fn of(&self, connection: usize) -> Option<&Script> {
        match self {
            Self::Each(scripts) => scripts.get(connection),
            Self::Always(script) => Some(script),
        }
    }

    /// Connections that have to come.
    fn needed(&self) -> usize {
        match self {
            Self::Each(scripts) => scripts.len(),
            Self::Always(_) => 0,
        }
    }
}

pub(super) struct Listening {
    pub(super) listener: TcpListener,
    pub(super) scripts: Scripts,
    pub(super) report: Arc<Report>,
    pub(super) stop: Arc<Signal>,
    pub(super) finish: Arc<Signal>,
    pub(super) patience: Duration,
}

impl Listening {
    /// Accepts until the test ends or asks for the result, then waits for all connections.
    pub(super) fn run(self) {
        let mut players: Vec<JoinHandle<()>> = Vec::new();
        loop {
            let ends = [
                (self.finish.as_fd(), PollFlags::POLLIN),
                (self.listener.as_fd(), PollFlags::POLLIN),
            ];
            let stopped = self.stop.wait(&ends, None);
            // Asked before the last look, so that who connected before it is accepted.
            let finished = self.finish.is_raised();
            while let Ok((tcp, _)) = self.listener.accept() {
                players.extend(Stream::accepted(tcp).ok().and_then(|stream| self.play(stream)));
            }
            if stopped || finished {
                break;
            }
        }
        self.miss();
        for player in players {
            if let Err(panic) = player.join() {
                std::panic::resume_unwind(panic);
            }
        }
    }

    fn play(&self, stream: Stream) -> Option<JoinHandle<()>> {
        let connection = self.report.came();
        let Some(script) = self.scripts.of(connection).cloned() else {
            let what = format!("there are scripts for {connection} connections only");
            let deviation = Deviation::of_connection(connection, what);
            self.report.change(|inner| inner.deviations.push(deviation));
            stream.reset();
            return None;
        };
        let player = Player {
            report: Arc::clone(&self.report),
            stop: Arc::clone(&self.stop),
            finish: Arc::clone(&self.finish),
            patience: self.patience,
            connection,
            stream: Some(stream),
            taken: Vec::new(),
            last: 0,
            ahead: Vec::new(),
        };
        let name = "aludel-script".to_owned();
        Builder::new().name(name).spawn(move || player.run(&script)).ok()
    }

    /// Reports connections that never came.
    fn miss(&self) {
        self.report.change(|inner| {
            let missing = inner.came..self.scripts.needed();
            let never = |connection| Deviation::of_connection(connection, "it never came");
            inner.deviations.extend(missing.map(never));
        });
    }
}
