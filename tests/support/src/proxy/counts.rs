//! What passed through the proxy.

use super::Way;

/// What has happened on a connection, or on all of them together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections that came; 1 for a single one.
    pub connections: usize,
    /// Those of them that have ended, in whatever way.
    pub ended: usize,
    /// How often the server answered after the client had spoken.
    pub round_trips: u64,
    /// What the client said.
    pub to_server: LaneCounts,
    /// What the server said.
    pub to_client: LaneCounts,
}

/// What has happened in one direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LaneCounts {
    /// Bytes that came from the sender.
    pub bytes: u64,
    /// Bytes that were handed on.
    pub passed: u64,
    /// How often the sender took the word: runs of bytes without any of the other direction.
    pub flights: u64,
    /// Segments in which the bytes came, as the kernel counts them: one for each write of up to
    /// 64 KiB. Reads of the proxy where the sender is behind a Unix socket.
    pub segments: u64,
    /// Pieces in which the bytes were handed on.
    pub pieces: u64,
    /// Directions that have come to the place where they stall.
    pub stalled: usize,
}

impl Counts {
    /// The counts of one direction.
    pub fn lane(&self, way: Way) -> &LaneCounts {
        match way {
            Way::ToServer => &self.to_server,
            Way::ToClient => &self.to_client,
        }
    }

    pub(super) fn add(mut self, other: Self) -> Self {
        self.connections += other.connections;
        self.ended += other.ended;
        self.round_trips += other.round_trips;
        self.to_server = self.to_server.add(other.to_server);
        self.to_client = self.to_client.add(other.to_client);
        self
    }
}

impl LaneCounts {
    fn add(self, other: Self) -> Self {
        Self {
            bytes: self.bytes + other.bytes,
            passed: self.passed + other.passed,
            flights: self.flights + other.flights,
            segments: self.segments + other.segments,
            pieces: self.pieces + other.pieces,
            stalled: self.stalled + other.stalled,
        }
    }
}
