//! A writer that keeps each line as it was written.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// Keeps what is written into it; clones keep it in one place.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<String>>>);

impl Recorder {
    /// The lines without their time: `INFO aludel::engine …`.
    pub(crate) fn lines(&self) -> Vec<String> {
        let lines = self.0.lock().expect("nobody panics while writing");
        lines.iter().map(|line| without_time(line).to_owned()).collect()
    }
}

fn without_time(line: &str) -> &str {
    let (time, text) = line.split_at("2026-11-20 15:29:13,782 ".len());
    assert!(time.starts_with("20") && time.ends_with(' '), "{line}");
    text.strip_suffix('\n').expect("a line ends")
}

impl Write for Recorder {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(line).expect("lines are text");
        self.0.lock().expect("nobody panics while writing").push(text.to_owned());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
