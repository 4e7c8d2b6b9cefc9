//! The receive buffer, and the messages in it.

use std::io;
use std::ops::Range;

use crate::net::{Deadline, Stream};

/// Bytes received and not yet taken.
#[derive(Debug)]
pub(crate) struct Inbox {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

/// Longest message that is waited for.
const MAX_MESSAGE: usize = 1 << 30;

impl Inbox {
    pub(crate) fn new() -> Self {
        Inbox { buffer: vec![0; 256 << 10], start: 0, end: 0 }
    }

    /// The next message: its tag, and where its body lies until the next call.
    pub(crate) fn next(
        &mut self,
        stream: &mut Stream,
        deadline: Deadline,
    ) -> io::Result<(u8, Range<usize>)> {
        loop {
            let mut need = 5;
            if let Some(&[tag, a, b, c, d]) = self.buffer[self.start..self.end].first_chunk() {
                let length = u32::from_be_bytes([a, b, c, d]) as usize;
                if !(4..=MAX_MESSAGE).contains(&length) {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                need = length + 1;
                if self.end - self.start >= need {
                    let body = self.start + 5..self.start + need;
                    self.start += need;
                    return Ok((tag, body));
                }
            }
            self.fill(need, stream, deadline)?;
        }
    }

    pub(crate) fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.buffer[range]
    }

    fn fill(&mut self, need: usize, stream: &mut Stream, deadline: Deadline) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < need {
            self.buffer.resize(need, 0);
        }
        match stream.read(&mut self.buffer[self.end..], deadline)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                self.end += count;
                Ok(())
            }
        }
    }
}
