//! For tests: plugin files that hold a note and no code, and a linked dialect that never connects.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::error::TARGET;
use super::find::scan::file_name;
use crate::abi::{ABI_MAJOR, ABI_MINOR, LAYOUT_HASH};
use crate::dbapi::{
    Call, Column, Connection, Params, PrepareOptions, Prepared, RowWriter, Statement,
};
use crate::dialect::{ConnectArgs, Dialect, DialectInfo};
use crate::error::{Error, Result};

const HEADER: usize = 64;
const SEGMENT: usize = 56;
const PT_LOAD: u32 = 1;
const PT_NOTE: u32 = 4;

/// The note of a dialect that this program accepts.
pub(super) fn note(name: &str, aliases: &[&str]) -> Value {
    json!({
        "aludel": 1, "name": name, "version": "0.1.0", "abi": [ABI_MAJOR, ABI_MINOR],
        "layout": format!("{LAYOUT_HASH:016x}"), "target": TARGET, "panic": "unwind",
        "aliases": aliases,
    })
}

/// Writes the file of a plugin with this note and returns its path.
pub(super) fn write(dir: &Path, name: &str, note: &Value) -> PathBuf {
    let path = dir.join(file_name(name));
    std::fs::create_dir_all(dir).unwrap();
    std::fs::write(&path, library(note.to_string().as_bytes())).unwrap();
    path
}

/// A shared library for this machine whose only content is a note.
fn library(text: &[u8]) -> Vec<u8> {
    // The start of the running program carries class, byte order and machine of this target.
    let mut program = [0; HEADER];
    File::open(std::env::current_exe().unwrap()).unwrap().read_exact(&mut program).unwrap();
    let note_at = HEADER + 2 * SEGMENT;
    let note_len = 20 + text.len();
    let mut bytes = program.to_vec();
    bytes[32..40].copy_from_slice(&(HEADER as u64).to_ne_bytes());
    bytes[40..48].fill(0);
    bytes[54..56].copy_from_slice(&(SEGMENT as u16).to_ne_bytes());
    bytes[56..58].copy_from_slice(&2_u16.to_ne_bytes());
    bytes[58..64].fill(0);
    bytes.extend(segment(PT_LOAD, 0, note_at + note_len));
    bytes.extend(segment(PT_NOTE, note_at, note_len));
    for word in [7, text.len() as u32, 1] {
        bytes.extend(word.to_ne_bytes());
    }
    bytes.extend(b"ALUDEL\0\0");
    bytes.extend(text);
    bytes
}

fn segment(kind: u32, offset: usize, len: usize) -> Vec<u8> {
    let mut bytes = [kind, 4].map(u32::to_ne_bytes).concat();
    for word in [offset, offset, offset, len, len, 4] {
        bytes.extend((word as u64).to_ne_bytes());
    }
    bytes
}

/// A dialect of the name `linked` that is not reachable.
pub(super) struct Linked;

impl Dialect for Linked {
    type Connection = Never;

    const INFO: DialectInfo =
        DialectInfo { aliases: &["linked_alias"], ..DialectInfo::new("linked", "0.1.0") };

    fn connect(_: &ConnectArgs<'_>, _: &Call<'_>) -> Result<Never> {
        Err(Error::operational("not reachable"))
    }
}

/// Another dialect of the same name.
pub(super) struct Other;

impl Dialect for Other {
    type Connection = Never;

    const INFO: DialectInfo = DialectInfo::new("linked", "0.2.0");

    fn connect(_: &ConnectArgs<'_>, _: &Call<'_>) -> Result<Never> {
        Err(Error::operational("not reachable"))
    }
}

/// A connection and statement that there is none of.
pub(super) enum Never {}

impl Connection for Never {
    type Statement = Never;

    fn prepare(&mut self, _: &str, _: PrepareOptions, _: &Call<'_>) -> Result<Prepared<Never>> {
        match *self {}
    }
}

impl Statement for Never {
    type Connection = Never;

    fn execute<'a>(
        &'a mut self,
        _: &'a mut Never,
        _: Params<'_>,
        _: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        match *self {}
    }

    fn fetch<'a>(
        &'a mut self,
        _: &'a mut Never,
        _: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        match *self {}
    }

    fn columns(&self, _: &Never) -> Result<Vec<Column>> {
        match *self {}
    }
}
