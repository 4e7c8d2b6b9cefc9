//! System calls alone: what the kernel takes for a select by key, whoever makes it.
//!
//! The messages are composed beforehand, and of the answer only the row is read.

use std::io::{Read, Write};

use crate::libpq;
use crate::server::Server;
use crate::sql::{self, fold, key};
use crate::variants::Run;
use crate::workload::Size;

/// Bind (portal, statement `s`, one binary parameter, binary results), Execute and Sync.
const FLIGHT: &[u8] = b"B\0\0\0\x1d\0s\0\0\x01\0\x01\0\x01\0\0\0\x08KEYKEYKE\0\x01\0\x01\
    E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04";

/// Where the key lies in it.
const KEY: std::ops::Range<usize> = 18..26;

/// BindComplete.
const BEFORE_ROW: usize = 5;

/// ReadyForQuery.
const READY: usize = 6;

pub(crate) fn point(server: &Server, size: Size) -> Run {
    let mut socket = libpq::prepared(server, &sql::point(size.rows));
    let (mut flight, mut answer) = (FLIGHT.to_vec(), vec![0; 1 << 16]);
    Box::new(move || {
        let mut sum = 0;
        for i in 0..size.times {
            flight[KEY].copy_from_slice(&key(i, size.rows).to_be_bytes());
            socket.write_all(&flight).unwrap();
            let mut len = 0;
            while len < READY || answer[len - READY] != b'Z' {
                let read = socket.read(&mut answer[len..]).unwrap();
                assert_ne!(read, 0, "the server answers");
                len += read;
            }
            sum = fold_row(sum, &answer[BEFORE_ROW..len]);
        }
        sum
    })
}

fn fold_row(sum: u64, message: &[u8]) -> u64 {
    let (header, mut values) = message.split_at(7);
    assert_eq!(header[0], b'D', "a row was found");
    let mut next = || {
        let (len, rest) = values.split_first_chunk::<4>().expect("a length");
        let len = usize::try_from(i32::from_be_bytes(*len)).ok();
        let (value, rest) = rest.split_at(len.unwrap_or(0));
        values = rest;
        len.map(|_| value)
    };
    let mut eight = || next().expect("a value").try_into().expect("eight bytes");
    let (id, x) = (i64::from_be_bytes(eight()), f64::from_be_bytes(eight()));
    let name = std::str::from_utf8(next().expect("a value")).expect("UTF-8");
    let n = next().map(|n| i64::from(i32::from_be_bytes(n.try_into().expect("four bytes"))));
    fold(sum, id, x, name, n)
}
