//! What the kernel knows about a TCP connection.
//!
//! The one place outside the allocator with a call of C: no crate of ours reads `TCP_INFO`.
#![allow(unsafe_code)]

use std::mem::{MaybeUninit, size_of};
use std::net::TcpStream;
use std::os::fd::AsRawFd;

/// Two counters of `TCP_INFO`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    /// Segments with data that arrived. Reads would not tell: two segments may come with one.
    pub(crate) segments_in: u64,
    /// Bytes that were written and wait until the other side makes room.
    pub(crate) unsent: u64,
}

/// Reads the counters; zeros when the connection is gone.
pub(crate) fn counters(stream: &TcpStream) -> Counters {
    let mut info = MaybeUninit::<libc::tcp_info>::zeroed();
    let mut length = size_of::<libc::tcp_info>() as libc::socklen_t;
    // SAFETY: the descriptor is open while `stream` is borrowed, and the kernel writes at most
    // `length` bytes into `info`, which has so many.
    let status = unsafe {
        libc::getsockopt(
            stream.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_INFO,
            info.as_mut_ptr().cast(),
            &mut length,
        )
    };
    if status != 0 {
        return Counters::default();
    }
    // SAFETY: every bit pattern is a `tcp_info`, zeros included where an older kernel wrote less.
    let info = unsafe { info.assume_init() };
    Counters { segments_in: info.tcpi_data_segs_in.into(), unsent: info.tcpi_notsent_bytes.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    #[test]
    fn two_writes_are_two_segments_even_when_they_are_read_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        client.set_nodelay(true).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        assert_eq!(counters(&server), Counters::default());

        client.write_all(b"one").unwrap();
        client.write_all(b"two").unwrap();
        server.read_exact(&mut [0; 6]).unwrap();
        assert_eq!(counters(&server), Counters { segments_in: 2, unsent: 0 });
    }
}
