//! Plays a script on one connection.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::poll::PollFlags;
use std::os::fd::AsFd;

use super::deviation::{Deviation, difference, dump};
use super::report::Report;
use super::script::Script;
use super::step::{Heard, Step, Verdict};
use crate::net::{Signal, Stream};

/// How the playing of a script ends before its last step.
enum Stop {
    /// The client did something else.
    Wrong(String),
    /// The connection is closed or reset as the script says.
    Played,
    /// The test has ended.
    Abandoned,
}

pub(super) struct Player {
    pub(super) report: Arc<Report>,
    /// Raised when the server is dropped: everything ends at once.
    pub(super) stop: Arc<Signal>,
    /// Raised when the test asks for the result: connections that have been played end.
    pub(super) finish: Arc<Signal>,
    pub(super) patience: Duration,
    pub(super) connection: usize,
    pub(super) stream: Option<Stream>,
    /// What steps took, what the last of them took, and what waits for the next.
    pub(super) taken: Vec<u8>,
    pub(super) last: usize,
    pub(super) ahead: Vec<u8>,
}

impl Player {
    /// Plays all steps and reports what came of them.
    pub(super) fn run(mut self, script: &Script) {
        for (index, step) in script.steps.iter().enumerate() {
            match self.play(step) {
                Ok(()) => {}
                Err(Stop::Played) => return self.played(),
                Err(Stop::Abandoned) => return,
                Err(Stop::Wrong(what)) => {
                    return self.deviated(Some((index + 1, step.to_string())), what);
                }
            }
        }
        match self.rest() {
            Err(Stop::Wrong(what)) => self.deviated(None, what),
            _ => self.played(),
        }
    }

    fn played(&self) {
        self.report.change(|inner| inner.played += 1);
    }

    /// A client that left the script is reset, so that it does not wait for an answer.
    fn deviated(mut self, step: Option<(usize, String)>, what: String) {
        let (connection, taken) = (self.connection, self.taken.len());
        let deviation = Deviation { connection, step, taken, what };
        self.report.change(|inner| inner.deviations.push(deviation));
        if let Some(stream) = self.stream.take() {
            stream.reset();
        }
    }

    fn play(&mut self, step: &Step) -> Result<(), Stop> {
        match step {
            Step::Expect(bytes) => self.expect(|ahead| exactly(bytes, ahead)),
            Step::ExpectCount(count) => self.expect(|ahead| match ahead.len() >= *count {
                true => Verdict::Taken(*count),
                false => Verdict::More,
            }),
            Step::ExpectThat(_, judge) => self.expect(|ahead| judge(ahead)),
            Step::ExpectEnd => self.expect_end(),
            Step::Send(bytes) => self.send(bytes),
            Step::SendSlowly { bytes, piece, pause } => {
                for (index, part) in bytes.chunks(*piece).enumerate() {
                    if index > 0 {
                        self.pause(*pause)?;
                    }
                    self.send(part)?;
                }
                Ok(())
            }
            Step::Answer(reply) => {
                let last = &self.taken[self.taken.len() - self.last..];
                let bytes = reply(Heard { all: &self.taken, last });
                self.send(&bytes)
            }
            Step::Pause(time) => self.pause(*time),
            Step::Wait(gate) => self.pass(&gate.0),
            Step::Open(gate) => {
                gate.open();
                Ok(())
            }
            Step::EndWriting => {
                self.stream()?.end_writing();
                Ok(())
            }
            Step::Close => self.end(Stream::close),
            Step::Reset => self.end(Stream::reset),
        }
    }

    fn stream(&self) -> Result<&Stream, Stop> {
        self.stream.as_ref().ok_or(Stop::Played)
    }

    fn end(&mut self, end: impl FnOnce(Stream)) -> Result<(), Stop> {
        if let Some(stream) = self.stream.take() {
            end(stream);
        }
        Err(Stop::Played)
    }

    fn expect(&mut self, judge: impl Fn(&[u8]) -> Verdict) -> Result<(), Stop> {
        let until = Instant::now() + self.patience;
        loop {
            match judge(&self.ahead) {
                Verdict::Taken(count) if count <= self.ahead.len() => {
                    self.taken.extend(self.ahead.drain(..count));
                    self.last = count;
                    return Ok(());
                }
                Verdict::Taken(count) => {
                    let length = self.ahead.len();
                    let what = format!("the predicate takes {count} bytes where {length} are");
                    return Err(Stop::Wrong(what));
                }
                Verdict::Wrong(why) => return Err(Stop::Wrong(why)),
                Verdict::More => {}
            }
            if self.hear(until)? == 0 {
                return Err(self.wrong("the client ended"));
            }
        }
    }

    fn expect_end(&mut self) -> Result<(), Stop> {
        let until = Instant::now() + self.patience;
        if self.ahead.is_empty() && self.hear(until)? == 0 {
            return Ok(());
        }
        Err(Stop::Wrong(format!("the client said more: {}", dump(&self.ahead))))
    }

    /// Reads what the client says next; 0 at its end.
    fn hear(&mut self, until: Instant) -> Result<usize, Stop> {
        let mut buffer = [0; 16 << 10];
        let heard = self.stop.read(self.stream()?, &mut buffer, until);
        let count = heard.map_err(|error| self.failed(&error))?;
        let bytes = &buffer[..count];
        self.ahead.extend_from_slice(bytes);
        self.report.change(|inner| inner.heard[self.connection].extend_from_slice(bytes));
        Ok(count)
    }

    fn send(&self, bytes: &[u8]) -> Result<(), Stop> {
        let until = Instant::now() + self.patience;
        self.stop.write(self.stream()?, bytes, until).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> Stop {
        match error.kind() {
            ErrorKind::Interrupted => Stop::Abandoned,
            ErrorKind::TimedOut => self.wrong(&format!("nothing moved for {:?}", self.patience)),
            _ => self.wrong(&error.to_string()),
        }
    }

    /// What went wrong, and what had come of the step till then.
    fn wrong(&self, why: &str) -> Stop {
        match self.ahead.len() {
            0 => Stop::Wrong(format!("{why} before any byte")),
            count => Stop::Wrong(format!("{why} after {count} bytes: {}", dump(&self.ahead))),
        }
    }

    fn pause(&self, time: Duration) -> Result<(), Stop> {
        match self.stop.wait(&[], Some(Instant::now() + time)) {
            true => Err(Stop::Abandoned),
            false => Ok(()),
        }
    }

    fn pass(&self, gate: &Signal) -> Result<(), Stop> {
        let until = Instant::now() + self.patience;
        if self.stop.wait(&[(gate.as_fd(), PollFlags::POLLIN)], Some(until)) {
            return Err(Stop::Abandoned);
        }
        match gate.is_raised() {
            true => Ok(()),
            false => Err(Stop::Wrong(format!("the gate stayed closed for {:?}", self.patience))),
        }
    }

    /// After the last step: until the client ends, or the test asks for the result.
    fn rest(&mut self) -> Result<(), Stop> {
        loop {
            let stream = self.stream()?;
            let ends =
                [(self.finish.as_fd(), PollFlags::POLLIN), (stream.as_fd(), PollFlags::POLLIN)];
            if self.stop.wait(&ends, None) {
                return Err(Stop::Abandoned);
            }
            // Asked before the last look at the stream, so that nothing sent earlier is missed.
            let finished = self.finish.is_raised();
            let heard = self.hear(Instant::now());
            if !self.ahead.is_empty() {
                let more = dump(&self.ahead);
                return Err(Stop::Wrong(format!("the client said more than the script: {more}")));
            }
            if finished || !matches!(heard, Err(Stop::Wrong(_))) {
                return Ok(());
            }
        }
    }
}

fn exactly(expected: &[u8], got: &[u8]) -> Verdict {
    match expected.iter().zip(got).position(|(one, other)| one != other) {
        Some(at) => Verdict::Wrong(difference(expected, got, at)),
        None if got.len() >= expected.len() => Verdict::Taken(expected.len()),
        None => Verdict::More,
    }
}
