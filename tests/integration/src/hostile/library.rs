//! The library of `tests/c/hostile.c`, compiled once, and written with any name, note and damage.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use aludel::abi::tables::MAGIC;
use serde_json::{Map, Value};

use crate::c::{Language, root};

/// What stands in the source where the path of the trace will stand.
const TRACE: &[u8] = b"path of the trace\0";
/// Room for that path.
const TRACE_ROOM: usize = 512;

/// A library that leaves a trace, before it is written to a file.
#[derive(Debug, Clone)]
pub struct Library {
    bytes: Vec<u8>,
    /// The text that stands in the bytes.
    written: Vec<u8>,
    note: Map<String, Value>,
}

impl Library {
    /// A good plugin of this name.
    pub fn new(name: &str) -> Library {
        Library::compiled(name, &[])
    }

    /// A plugin of this name that misbehaves as these flags of the compiler say.
    ///
    /// # Panics
    /// When it does not compile.
    pub fn compiled(name: &str, flags: &[&str]) -> Library {
        let bytes = compiled(flags);
        let start = find(&bytes, b"{\"aludel\":1").expect("the source has a note");
        let len = find(&bytes[start..], b"  }\0").expect("blanks and a brace end it") + 3;
        let written = bytes[start..start + len].to_vec();
        let note = serde_json::from_slice(&written).expect("the header's note is JSON");
        Library { bytes, written, note }.set("name", name)
    }

    /// Says something else in the note.
    #[must_use]
    pub fn set(mut self, member: &str, value: impl Into<Value>) -> Library {
        self.note.insert(member.to_owned(), value.into());
        self
    }

    /// Leaves something out of the note.
    #[must_use]
    pub fn without(mut self, member: &str) -> Library {
        self.note.remove(member);
        self
    }

    /// What the note says.
    ///
    /// # Panics
    /// When it says nothing of it.
    pub fn says(&self, member: &str) -> &str {
        self.note[member].as_str().expect("a text")
    }

    /// Bytes of the file.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes at this place of the file.
    pub fn bytes_at(&self, place: Range<usize>) -> &[u8] {
        &self.bytes[place]
    }

    /// Writes other bytes at this place of the file.
    #[must_use]
    pub fn edit(mut self, at: usize, bytes: &[u8]) -> Library {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// Writes other bytes at this place of the descriptor.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn edit_descriptor(self, at: usize, bytes: &[u8]) -> Library {
        let descriptor = find(&self.bytes, &MAGIC).expect("a descriptor begins with its magic");
        self.edit(descriptor + at, bytes)
    }

    /// Writes other bytes of the same length wherever these stand.
    ///
    /// # Panics
    /// When they stand nowhere.
    #[must_use]
    pub fn replace(mut self, old: &[u8], new: &[u8]) -> Library {
        assert_eq!(old.len(), new.len());
        let mut from = 0;
        while let Some(at) = find(&self.bytes[from..], old) {
            self.bytes[from + at..from + at + new.len()].copy_from_slice(new);
            from += at + new.len();
        }
        assert!(from > 0, "{:?} is nowhere", String::from_utf8_lossy(old));
        self
    }

    /// Where the text of the note begins in the file.
    ///
    /// # Panics
    /// When another one was written over it.
    pub fn note_at(&self) -> usize {
        find(&self.bytes, &self.written).expect("the source has a note")
    }

    /// The length of the note's text, with the blanks after it.
    pub fn note_room(&self) -> usize {
        self.written.len()
    }

    /// Writes a text over the note that hosts read, whatever it is, and leaves the descriptor's.
    #[must_use]
    pub fn write_note(self, text: &[u8]) -> Library {
        let (at, text) = (self.note_at(), padded(text, self.written.len()));
        self.edit(at, &text)
    }

    /// The note's text, without the blanks after it.
    pub fn note_text(&self) -> String {
        Value::Object(self.note.clone()).to_string()
    }

    /// The name in the note.
    pub(super) fn name(&self) -> &str {
        self.says("name")
    }

    /// The bytes of a plugin that leaves its trace in this file.
    pub(super) fn bytes(&self, trace: &Path) -> Vec<u8> {
        let note = padded(self.note_text().as_bytes(), self.written.len());
        let mut place = trace.as_os_str().as_encoded_bytes().to_vec();
        assert!(place.len() < TRACE_ROOM, "{} is too long", trace.display());
        place.resize(TRACE_ROOM, 0);
        let mut old_place = TRACE.to_vec();
        old_place.resize(TRACE_ROOM, 0);
        let told = self.clone().replace(&old_place, &place);
        match find(&told.bytes, &self.written) {
            Some(_) => told.replace(&self.written, &note).bytes,
            None => told.bytes,
        }
    }
}

/// Fills up with blanks, which JSON passes over.
fn padded(text: &[u8], len: usize) -> Vec<u8> {
    assert!(text.len() <= len, "{} has more than {len} bytes", String::from_utf8_lossy(text));
    let mut padded = text.to_vec();
    padded.resize(len, b' ');
    padded
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    let first = *part.first()?;
    let mut from = 0;
    loop {
        from += bytes[from..].iter().position(|byte| *byte == first)?;
        if bytes[from..].starts_with(part) {
            return Some(from);
        }
        from += 1;
    }
}

/// The built file; each set of flags is compiled once in a process.
fn compiled(flags: &[&str]) -> Vec<u8> {
    static BUILT: Mutex<Option<HashMap<String, Vec<u8>>>> = Mutex::new(None);
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let built = built.get_or_insert_default();
    built.entry(flags.join(" ")).or_insert_with(|| compile(flags)).clone()
}

fn compile(flags: &[&str]) -> Vec<u8> {
    let directory = tempfile::tempdir().expect("there is a place for temporary files");
    let out = directory.path().join("hostile.so");
    let source = root().join("tests/c/hostile.c");
    let mut arguments = vec!["-shared", "-fPIC", "-fvisibility=hidden"];
    let (out_text, source) = (out.to_string_lossy(), source.to_string_lossy());
    arguments.extend(["-o", &out_text, &source]);
    arguments.extend(flags);
    Language::C.compile(&arguments);
    std::fs::read(&out).expect("the compiler has written it")
}
