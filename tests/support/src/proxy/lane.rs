//! One direction of a connection: what was read, what waits, what was handed on.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::time::Instant;

use super::counts::LaneCounts;
use super::fault::{Cut, Faults};
use crate::net::Stream;

/// Bytes that wait at most; then the sender is not read, and has to wait itself.
const WINDOW: usize = 64 << 10;

/// What one direction does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing, until the sender speaks or the faults change.
    Rest,
    /// Goes on when the receiver's socket has room.
    Room,
    /// Goes on when the receiver has read what it was sent.
    Reader,
    /// Goes on at this time.
    At(Instant),
    /// The whole connection ends.
    End(Cut),
}

#[derive(Debug, Default)]
pub(super) struct Lane {
    pub(super) faults: Faults,
    pub(super) counts: LaneCounts,
    pub(super) record: Vec<u8>,
    waiting: VecDeque<(Instant, Vec<u8>)>,
    length: usize,
    /// How the sender ended, once it has.
    end: Option<Cut>,
    /// The receiver has been told of the end, or is gone: what still comes is thrown away.
    over: bool,
    piece_on_its_way: bool,
    pub(super) receiver_is_gone: bool,
    /// A write met the reset that this direction would have read: the end is no end of file.
    pub(super) sender_is_gone: bool,
}

impl Lane {
    pub(super) fn new(faults: Faults) -> Self {
        Self { faults, ..Self::default() }
    }

    /// Whether the sender has ended and the receiver knows.
    pub(super) fn is_done(&self) -> bool {
        self.over && self.end.is_some()
    }

    /// Whether the sender is to be read.
    pub(super) fn wants_bytes(&self) -> bool {
        self.end.is_none() && (self.over || self.length < WINDOW)
    }

    /// Reads what the sender has said; returns how many bytes.
    pub(super) fn read(&mut self, mut sender: &Stream, record_limit: usize) -> usize {
        if !self.wants_bytes() {
            return 0;
        }
        let mut buffer = [0; 16 << 10];
        match sender.read(&mut buffer) {
            Ok(0) if self.sender_is_gone => self.end = Some(Cut::Reset),
            Ok(0) => self.end = Some(Cut::HalfClose),
            Ok(count) => {
                self.take(&buffer[..count], record_limit);
                let segments = sender.segments_in();
                self.counts.segments = segments.unwrap_or(self.counts.segments + 1);
                return count;
            }
            Err(error) if is_temporary(error.kind()) => {}
            Err(_) => self.end = Some(Cut::Reset),
        }
        0
    }

    fn take(&mut self, bytes: &[u8], record_limit: usize) {
        self.counts.bytes += bytes.len() as u64;
        let room = record_limit.saturating_sub(self.record.len());
        self.record.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if !self.over {
            self.length += bytes.len();
            self.waiting.push_back((Instant::now() + self.faults.delay, bytes.into()));
        }
    }

    /// Hands on what may pass.
    pub(super) fn write(&mut self, receiver: &Stream) -> Next {
        loop {
            if let Some(cut) = self.faults.cut_at(self.counts.passed)
                && !self.over
            {
                if cut != Cut::HalfClose {
                    return self.end_when_sent(receiver, cut);
                }
                self.finish(receiver);
            }
            if self.over && self.end == Some(Cut::Reset) {
                return Next::End(Cut::Reset);
            }
            if self.over || self.is_stalled() {
                return Next::Rest;
            }
            let Some((due, bytes)) = self.waiting.front_mut() else {
                return self.pass_the_end(receiver);
            };
            if *due > Instant::now() {
                return Next::At(*due);
            }
            if self.piece_on_its_way && !receiver.is_read() {
                return Next::Reader;
            }
            let room = self.faults.room(self.counts.passed, bytes.len());
            let mut piece = bytes[..room].to_vec();
            self.faults.corrupt(self.counts.passed, &mut piece);
            match (&mut &*receiver).write(&piece) {
                Ok(count) => self.passed(count),
                Err(error) if is_temporary(error.kind()) => return Next::Room,
                Err(_) => {
                    self.receiver_is_gone = true;
                    self.forget();
                }
            }
        }
    }

    pub(super) fn is_stalled(&self) -> bool {
        !self.over && self.faults.stalls_at(self.counts.passed)
    }

    fn passed(&mut self, count: usize) {
        self.counts.passed += count as u64;
        self.counts.pieces += 1;
        self.length -= count;
        self.piece_on_its_way = self.faults.piece.is_some();
        if let Some((_, bytes)) = self.waiting.front_mut() {
            bytes.drain(..count);
            if bytes.is_empty() {
                self.waiting.pop_front();
            }
        }
    }

    /// The sender's end follows the last of its bytes, a reset as a reset.
    fn pass_the_end(&mut self, receiver: &Stream) -> Next {
        match self.end {
            Some(Cut::HalfClose) => {
                self.finish(receiver);
                Next::Rest
            }
            Some(cut) => self.end_when_sent(receiver, cut),
            None => Next::Rest,
        }
    }

    /// A reset throws away what the kernel has not sent yet, and those bytes have to pass.
    fn end_when_sent(&self, receiver: &Stream, cut: Cut) -> Next {
        if receiver.is_sent() { Next::End(cut) } else { Next::Reader }
    }

    fn finish(&mut self, receiver: &Stream) {
        receiver.end_writing();
        self.forget();
    }

    fn forget(&mut self) {
        self.over = true;
        self.waiting.clear();
        self.length = 0;
    }
}

fn is_temporary(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
