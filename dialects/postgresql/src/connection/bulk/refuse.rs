//! COPY FROM STDIN that was executed as a statement.

use aludel::error::Result;
use bytes::BytesMut;
use postgres_protocol::message::frontend;

use super::super::link::Link;

impl Link {
    /// Refuses the rows that the server waits for after COPY FROM STDIN.
    ///
    /// It has skipped the Sync of the flight, unless it fails before it reads on; so how often it
    /// becomes ready is not known. A Close, which it always answers, tells where that ends.
    ///
    /// # Errors
    /// When the connection breaks.
    #[cold]
    pub(in crate::connection) fn refuse_copy(&mut self) -> Result<()> {
        let mut refusal = BytesMut::new();
        frontend::copy_fail("the client sends no rows", &mut refusal)
            .expect("invariant: the message is short and holds no NUL byte");
        frontend::sync(&mut refusal);
        frontend::close(b'P', "", &mut refusal).expect("invariant: the name holds no NUL byte");
        frontend::sync(&mut refusal);
        self.talk.is_until_closed = true;
        let written = self.stream.write_all(&[&refusal], self.deadline);
        written.map_err(|error| self.broken(error.into()))
    }
}
