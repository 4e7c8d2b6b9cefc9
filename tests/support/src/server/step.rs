//! What a script is made of.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Gate;

/// What a predicate says about the bytes that have come and were not taken yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// They may become what is expected, with more of them.
    More,
    /// So many of them are what is expected; the rest is for the next step.
    Taken(usize),
    /// They never become what is expected, and why.
    Wrong(String),
}

/// What a client has said so far.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'h> {
    /// Everything that steps took.
    pub all: &'h [u8],
    /// What the last step that expected something took.
    pub last: &'h [u8],
}

pub(super) type Judge = Arc<dyn Fn(&[u8]) -> Verdict + Send + Sync>;
pub(super) type Reply = Arc<dyn Fn(Heard<'_>) -> Vec<u8> + Send + Sync>;

#[derive(Clone)]
pub(super) enum Step {
    Expect(Vec<u8>),
    ExpectCount(usize),
    ExpectThat(String, Judge),
    ExpectEnd,
    Send(Vec<u8>),
    SendSlowly { bytes: Vec<u8>, piece: usize, pause: Duration },
    Answer(Reply),
    Pause(Duration),
    Wait(Gate),
    Open(Gate),
    EndWriting,
    Close,
    Reset,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expect(bytes) => write!(f, "expect {} bytes", bytes.len()),
            Self::ExpectCount(count) => write!(f, "expect any {count} bytes"),
            Self::ExpectThat(what, _) => write!(f, "expect {what}"),
            Self::ExpectEnd => f.write_str("expect the end"),
            Self::Send(bytes) => write!(f, "send {} bytes", bytes.len()),
            Self::SendSlowly { bytes, piece, .. } => {
                write!(f, "send {} bytes, {piece} at a time", bytes.len())
            }
            Self::Answer(_) => f.write_str("answer"),
            Self::Pause(time) => write!(f, "pause for {time:?}"),
            Self::Wait(_) => f.write_str("wait for a gate"),
            Self::Open(_) => f.write_str("open a gate"),
            Self::EndWriting => f.write_str("half-close"),
            Self::Close => f.write_str("close"),
            Self::Reset => f.write_str("reset"),
        }
    }
}
