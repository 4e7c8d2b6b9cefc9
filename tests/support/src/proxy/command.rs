//! Ends that come at once, for the connections that are open.

use super::fault::Cut;
use super::state::{Shared, Whom};

pub(super) fn end(shared: &Shared, whom: Whom, cut: Cut) {
    shared.change("an end at once", |state| {
        for link in state.links_of(whom).filter(|link| !link.ended) {
            link.command = Some(cut);
        }
    });
}
