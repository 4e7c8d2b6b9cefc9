//! Where and how a client left the script.

use std::fmt::{self, Write};

/// Bytes that are shown before the first wrong one, and after it.
const CONTEXT: usize = 8;

/// A client that did not do what the script expects.
#[derive(Clone, PartialEq, Eq)]
pub struct Deviation {
    /// The connection, from 0.
    pub connection: usize,
    /// The step that was not fulfilled, from 1, and what it is; none outside of all steps.
    pub step: Option<(usize, String)>,
    /// How many bytes of the connection earlier steps took.
    pub taken: usize,
    /// What is wrong.
    pub what: String,
}

impl Deviation {
    pub(super) fn of_connection(connection: usize, what: impl Into<String>) -> Self {
        Self { connection, step: None, taken: 0, what: what.into() }
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connection {}", self.connection)?;
        if let Some((number, step)) = &self.step {
            write!(f, ", step {number}, {step}")?;
        }
        write!(f, ": {}", self.what)?;
        if self.taken > 0 {
            write!(f, "\n  (offset 0 is byte {} of the connection)", self.taken)?;
        }
        Ok(())
    }
}

/// As [`Display`](fmt::Display), so that `unwrap` shows it well.
impl fmt::Debug for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Deviation {}

/// The first byte that differs, with what stands around it.
pub(super) fn difference(expected: &[u8], got: &[u8], at: usize) -> String {
    let mut text = format!("byte {at} is {:02x}, expected {:02x}", got[at], expected[at]);
    let start = at.saturating_sub(CONTEXT);
    for (name, bytes) in [("expected", expected), ("got", got)] {
        let _ = write!(text, "\n  {name:8} at {start}: {}", around(bytes, start));
    }
    let _ = write!(text, "\n  {:width$}^^", "", width = 14 + digits(start) + 3 * (at - start));
    text
}

/// Bytes as hexadecimal numbers and as text, not too many of them.
pub(super) fn dump(bytes: &[u8]) -> String {
    around(bytes, 0)
}

fn around(bytes: &[u8], start: usize) -> String {
    let end = bytes.len().min(start + 2 * CONTEXT);
    let shown = bytes.get(start..end).unwrap_or_default();
    let mut text: String = shown.iter().map(|byte| format!("{byte:02x} ")).collect();
    let _ = write!(text, " \"{}\"", shown.escape_ascii());
    if end < bytes.len() {
        let _ = write!(text, " and {} more", bytes.len() - end);
    }
    text
}

fn digits(number: usize) -> usize {
    number.to_string().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_stand_under_the_byte_that_differs() {
        let expected = b"SELECT 1 FROM t WHERE a = 1";
        let got = b"SELECT 1 FROM u WHERE a = 1";
        let deviation = Deviation {
            connection: 2,
            step: Some((3, "expect 27 bytes".into())),
            taken: 9,
            what: difference(expected, got, 14),
        };
        let text = deviation.to_string();
        assert_eq!(
            text,
            "connection 2, step 3, expect 27 bytes: byte 14 is 75, expected 74
  expected at 6: 20 31 20 46 52 4f 4d 20 74 20 57 48 45 52 45 20  \" 1 FROM t WHERE \" and 5 more
  got      at 6: 20 31 20 46 52 4f 4d 20 75 20 57 48 45 52 45 20  \" 1 FROM u WHERE \" and 5 more
                                         ^^
  (offset 0 is byte 9 of the connection)"
        );
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[3].find("^^"), lines[2].find("75 20 57"));
    }
}
