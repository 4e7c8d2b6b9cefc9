//! What the server does on one connection, step by step.

use std::sync::Arc;
use std::time::Duration;

use super::step::{Heard, Step, Verdict};
use super::{Framing, Gate, Message};

/// The steps of one connection.
///
/// After the last one the connection stays open until the client or the test ends it, and a client
/// that says more has left the script. Clones share predicates.
#[derive(Clone, Default)]
#[must_use]
pub struct Script {
    pub(super) steps: Vec<Step>,
}

impl Script {
    /// No steps: a client that says anything has left the script.
    pub fn new() -> Self {
        Self::default()
    }

    fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Appends the steps of another script.
    pub fn followed_by(mut self, other: &Self) -> Self {
        self.steps.extend_from_slice(&other.steps);
        self
    }

    /// Expects exactly these bytes; the first other one is the deviation.
    pub fn expect(self, bytes: impl AsRef<[u8]>) -> Self {
        self.then(Step::Expect(bytes.as_ref().into()))
    }

    /// Expects so many bytes, whatever they are.
    pub fn expect_count(self, count: usize) -> Self {
        self.then(Step::ExpectCount(count))
    }

    /// Expects what the predicate takes; it is asked anew whenever bytes come.
    pub fn expect_that(
        self,
        what: &str,
        judge: impl Fn(&[u8]) -> Verdict + Send + Sync + 'static,
    ) -> Self {
        self.then(Step::ExpectThat(what.into(), Arc::new(judge)))
    }

    /// Expects a whole message that `check` accepts; its error says what is wrong with it.
    pub fn expect_message(
        self,
        framing: Framing,
        what: &str,
        check: impl Fn(Message<'_>) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.expect_that(what, move |bytes| framing.judge(bytes, &check))
    }

    /// Expects whole messages with these tags: PostgreSQL's types, or MySQL's numbers.
    pub fn expect_tags(mut self, framing: Framing, tags: &[u8]) -> Self {
        for &tag in tags {
            let what = format!("a message with the tag {tag:#04x} {:?}", char::from(tag));
            self = self.expect_message(framing, &what, move |message| {
                let wrong = || Err(format!("its tag is {:#04x}", message.tag));
                if message.tag == tag { Ok(()) } else { wrong() }
            });
        }
        self
    }

    /// Expects the end of file.
    pub fn expect_end(self) -> Self {
        self.then(Step::ExpectEnd)
    }

    /// Sends these bytes at once.
    pub fn send(self, bytes: impl AsRef<[u8]>) -> Self {
        self.then(Step::Send(bytes.as_ref().into()))
    }

    /// Sends these bytes, at most `piece` at a time, and pauses between them.
    ///
    /// # Panics
    /// When `piece` is 0.
    pub fn send_slowly(self, bytes: impl AsRef<[u8]>, piece: usize, pause: Duration) -> Self {
        assert!(piece > 0, "a piece has at least one byte");
        self.then(Step::SendSlowly { bytes: bytes.as_ref().into(), piece, pause })
    }

    /// Sends what the function makes of what the client said, such as a proof of a challenge.
    pub fn answer(self, reply: impl Fn(Heard<'_>) -> Vec<u8> + Send + Sync + 'static) -> Self {
        self.then(Step::Answer(Arc::new(reply)))
    }

    /// Does nothing for some time.
    pub fn pause(self, time: Duration) -> Self {
        self.then(Step::Pause(time))
    }

    /// Waits until the test opens the gate.
    pub fn wait(self, gate: &Gate) -> Self {
        self.then(Step::Wait(gate.clone()))
    }

    /// Opens the gate, for a test that waits until the script has come so far.
    pub fn open(self, gate: &Gate) -> Self {
        self.then(Step::Open(gate.clone()))
    }

    /// Sends the end of file, and goes on expecting.
    pub fn half_close(self) -> Self {
        self.then(Step::EndWriting)
    }

    /// Closes; later steps are not played. What the client says then is answered by a reset.
    pub fn close(self) -> Self {
        self.then(Step::Close)
    }

    /// Resets; later steps are not played.
    pub fn reset(self) -> Self {
        self.then(Step::Reset)
    }
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.steps.iter().map(ToString::to_string)).finish()
    }
}
