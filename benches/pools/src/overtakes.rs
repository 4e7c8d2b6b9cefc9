//! Who was served before those who had come earlier, by tickets.

/// A caller that was served: the number drawn on arrival, and the number drawn when served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) ticket: u64,
    pub(crate) grant: u64,
}

/// How often callers were overtaken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Overtakes {
    /// Callers that were overtaken by as many as there are connections, or more. Those who are served
    /// at the same time draw their numbers in any order.
    pub(crate) overtaken: u64,
    /// Callers that overtook one and the same at most.
    pub(crate) worst: u64,
}

impl Overtakes {
    /// Counts them at a pool of so many connections; each ticket and each grant stands there once.
    pub(crate) fn of(mut served: Vec<Served>, connections: usize) -> Self {
        served.sort_unstable_by_key(|one| one.grant);
        let tickets = served.iter().map(|one| one.ticket).max().map_or(0, |most| most as usize + 1);
        // A Fenwick tree: for ticket t, how many of the tickets up to t have been served.
        let mut tree = vec![0_u64; tickets + 1];
        let mut found = Overtakes::default();
        for (before, one) in served.iter().enumerate() {
            let place = one.ticket as usize + 1;
            let overtakes = before as u64 - up_to(&tree, place);
            found.overtaken += u64::from(overtakes >= connections as u64);
            found.worst = found.worst.max(overtakes);
            add(&mut tree, place);
        }
        found
    }
}

fn up_to(tree: &[u64], mut place: usize) -> u64 {
    let mut sum = 0;
    while place > 0 {
        sum += tree[place];
        place &= place - 1;
    }
    sum
}

fn add(tree: &mut [u64], mut place: usize) {
    while place < tree.len() {
        tree[place] += 1;
        place += place & place.wrapping_neg();
    }
}

#[cfg(test)]
mod tests {
    use super::{Overtakes, Served};

    /// The tickets in the order in which they were served.
    fn of(tickets: &[u64], connections: usize) -> (u64, u64) {
        let served = tickets.iter().enumerate();
        let served = served.map(|(grant, ticket)| Served { ticket: *ticket, grant: grant as u64 });
        let found = Overtakes::of(served.collect(), connections);
        (found.overtaken, found.worst)
    }

    #[test]
    fn nobody_is_overtaken_in_the_order_of_arrival() {
        assert_eq!(of(&[0, 1, 2, 3], 1), (0, 0));
        assert_eq!(of(&[], 1), (0, 0));
    }

    #[test]
    fn one_who_is_served_last_was_overtaken_by_all_who_came_later() {
        assert_eq!(of(&[1, 2, 3, 0], 1), (1, 3));
        assert_eq!(of(&[0, 3, 1, 2], 1), (2, 1));
        assert_eq!(of(&[3, 2, 1, 0], 1), (3, 3));
    }

    #[test]
    fn those_who_are_served_at_the_same_time_overtake_nobody() {
        assert_eq!(of(&[2, 1, 0, 5, 4, 3], 3), (0, 2));
        assert_eq!(of(&[1, 2, 3, 0], 3), (1, 3));
    }
}
