//! What goes into the database, in CopyData messages of bounded size.

use std::ops::Range;

use bytes::{BufMut, BytesMut};

/// Tag and length of a message.
const HEADER: usize = 5;

/// Most bytes of data in a message, so that it is 64 KiB with its header.
pub(super) const PAYLOAD: usize = (64 << 10) - HEADER;

/// Data that waits to be framed, and the bytes of a frame that wait to be written.
///
/// A frame is made in place: its header stands before its data, over data that has been written.
#[derive(Debug)]
pub(super) struct Frames {
    buffer: BytesMut,
    /// Where the header of the next frame goes.
    next: usize,
    unsent: Range<usize>,
}

impl Frames {
    pub(super) fn new() -> Self {
        let mut frames = Frames { buffer: BytesMut::new(), next: 0, unsent: 0..0 };
        frames.clear();
        frames
    }

    /// Bytes of data that wait to be framed.
    pub(super) fn waiting(&self) -> usize {
        self.buffer.len() - self.next - HEADER
    }

    /// True when a frame can be filled.
    pub(super) fn is_full(&self) -> bool {
        self.waiting() >= PAYLOAD
    }

    /// Takes as much as fits into a frame, and tells how much that was.
    pub(super) fn fill(&mut self, bytes: &[u8]) -> usize {
        let room = PAYLOAD.saturating_sub(self.waiting()).min(bytes.len());
        self.buffer.put_slice(&bytes[..room]);
        room
    }

    /// Where data is appended.
    pub(super) fn data(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// Makes a frame of what waits, or of as much as fits; false when nothing waits.
    pub(super) fn frame(&mut self) -> bool {
        let len = self.waiting().min(PAYLOAD);
        if len == 0 {
            return false;
        }
        let start = self.next;
        self.buffer[start] = b'd';
        let length = (len + HEADER - 1) as u32;
        self.buffer[start + 1..start + HEADER].copy_from_slice(&length.to_be_bytes());
        self.unsent = start..start + HEADER + len;
        self.next = start + len;
        true
    }

    /// Puts messages that end the operation behind what is being written, instead of data that
    /// waits.
    pub(super) fn end_with(&mut self, messages: &[u8]) {
        let unsent = self.unsent.clone();
        self.buffer.truncate(unsent.end.max(unsent.start));
        self.buffer.put_slice(messages);
        self.unsent.end = self.buffer.len();
    }

    /// Bytes that wait to be written.
    pub(super) fn unsent(&self) -> &[u8] {
        &self.buffer[self.unsent.clone()]
    }

    /// Notes that so many of them were written.
    pub(super) fn written(&mut self, count: usize) {
        self.unsent.start += count;
    }

    /// Moves data that still waits to the front, once every frame was written.
    pub(super) fn compact(&mut self) {
        let waiting = self.waiting();
        if self.buffer.capacity() > PAYLOAD * 4 && waiting < PAYLOAD {
            // A value that was large does not keep its room.
            let mut smaller = BytesMut::with_capacity(PAYLOAD * 2);
            smaller.put_slice(&self.buffer[self.next..]);
            self.buffer = smaller;
        } else {
            self.buffer.copy_within(self.next.., 0);
            self.buffer.truncate(HEADER + waiting);
        }
        self.next = 0;
        self.unsent = 0..0;
    }

    fn clear(&mut self) {
        self.buffer.clear();
        self.buffer.reserve(PAYLOAD * 2);
        self.buffer.put_slice(&[0; HEADER]);
        self.next = 0;
        self.unsent = 0..0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes all frames in pieces of this size, and gives the data that they hold.
    fn written(frames: &mut Frames, piece: usize) -> Vec<u8> {
        let mut wire = Vec::new();
        while frames.frame() {
            while !frames.unsent().is_empty() {
                let count = frames.unsent().len().min(piece);
                wire.extend_from_slice(&frames.unsent()[..count]);
                frames.written(count);
            }
        }
        frames.compact();
        assert_eq!(frames.waiting(), 0);
        let mut data = Vec::new();
        let mut rest = wire.as_slice();
        while let Some((header, behind)) = rest.split_first_chunk::<HEADER>() {
            let length = u32::from_be_bytes(header[1..].try_into().unwrap()) as usize;
            assert!(header[0] == b'd' && length <= PAYLOAD + 4);
            let (body, behind) = behind.split_at(length - 4);
            data.extend_from_slice(body);
            rest = behind;
        }
        data
    }

    #[test]
    fn data_of_every_size_arrives_in_frames_of_bounded_size() {
        let mut frames = Frames::new();
        let data: Vec<u8> = (0..3 * PAYLOAD + 17).map(|n| n as u8).collect();
        for size in [1, 17, PAYLOAD - 1, PAYLOAD, PAYLOAD + 1, 2 * PAYLOAD, data.len()] {
            frames.data().put_slice(&data[..size]);
            assert_eq!(written(&mut frames, 1000), data[..size], "{size} bytes");
        }
        assert!(frames.buffer.capacity() <= PAYLOAD * 4);
    }

    #[test]
    fn a_frame_takes_what_fits() {
        let mut frames = Frames::new();
        let data = vec![7; PAYLOAD];
        assert_eq!(frames.fill(&data[..10]), 10);
        assert_eq!(frames.fill(&data), PAYLOAD - 10);
        assert!(frames.is_full());
        assert_eq!(frames.fill(&data), 0);
    }

    #[test]
    fn the_end_follows_what_is_being_written() {
        let mut frames = Frames::new();
        frames.data().put_slice(b"abcdef");
        frames.frame();
        frames.written(3);
        frames.data().put_slice(b"not wanted any more");
        frames.end_with(b"END");
        assert_eq!(frames.unsent(), b"\0\x0aabcdefEND");
        let mut idle = Frames::new();
        idle.data().put_slice(b"not wanted");
        idle.end_with(b"END");
        assert_eq!(idle.unsent(), b"END");
    }
}
