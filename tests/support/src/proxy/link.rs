//! A connection as the test sees it: two directions and what is to become of them.

use super::Way;
use super::counts::Counts;
use super::fault::{Cut, Faults};
use super::lane::Lane;

/// What is set for a connection before it comes.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    pub(super) faults: [Faults; 2],
    /// Accepted, but never led to the server.
    pub(super) hole: bool,
}

/// A connection that came.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) lanes: [Lane; 2],
    pub(super) hole: bool,
    /// To be done at once.
    pub(super) command: Option<Cut>,
    pub(super) ended: bool,
    speaker: Option<Way>,
    flights: [u64; 2],
    round_trips: u64,
}

impl Link {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            lanes: plan.faults.map(Lane::new),
            hole: plan.hole,
            command: None,
            ended: false,
            speaker: None,
            flights: [0; 2],
            round_trips: 0,
        }
    }

    /// Notes that bytes came in this direction.
    pub(super) fn spoke(&mut self, way: Way) {
        if self.speaker == Some(way) {
            return;
        }
        self.flights[way.index()] += 1;
        self.round_trips += u64::from(self.speaker == Some(Way::ToServer));
        self.speaker = Some(way);
    }

    /// Lets the other direction know when the receiver of this one turned out to be gone.
    pub(super) fn learn(&mut self, way: Way) {
        if self.lanes[way.index()].receiver_is_gone {
            self.lanes[way.other().index()].sender_is_gone = true;
        }
    }

    pub(super) fn counts(&self) -> Counts {
        let [to_server, to_client] = Way::BOTH.map(|way| {
            let lane = &self.lanes[way.index()];
            let mut counts = lane.counts;
            counts.flights = self.flights[way.index()];
            counts.stalled = usize::from(!self.ended && lane.is_stalled());
            counts
        });
        let ended = usize::from(self.ended);
        Counts { connections: 1, ended, round_trips: self.round_trips, to_server, to_client }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_trip_is_an_answer_after_the_client_spoke() {
        let mut link = Link::new(Plan::default());
        // A greeting, two requests in one flight each, an answer in two parts each.
        for way in [Way::ToClient, Way::ToServer, Way::ToServer, Way::ToClient, Way::ToClient] {
            link.spoke(way);
        }
        link.spoke(Way::ToServer);
        assert_eq!(link.counts().round_trips, 1);
        link.spoke(Way::ToClient);
        let counts = link.counts();
        assert_eq!(counts.round_trips, 2);
        assert_eq!((counts.to_server.flights, counts.to_client.flights), (2, 3));
    }
}
