//! What is done to the pool and to its model.

use proptest::prelude::*;

/// What becomes of the next connect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    Fails,
    Panics,
}

#[derive(Clone, Debug)]
pub(super) enum Command {
    /// A thread asks, and does not wait.
    Checkout,
    /// A thread asks, and waits for a moment.
    ImpatientCheckout,
    /// A task asks: its first poll.
    Begin,
    Poll(usize),
    Cancel(usize),
    Fault(Option<Fault>),
    Checkin(usize),
    Broken(usize),
    Invalidate(usize),
    SoftInvalidate(usize),
    Detach(usize),
    InvalidateAll,
    Dispose,
    Resize(u32, u32),
    Close,
}

pub(super) fn command() -> impl Strategy<Value = Command> {
    let fault = prop_oneof![Just(None), Just(Some(Fault::Fails)), Just(Some(Fault::Panics))];
    let of_tasks = prop_oneof![
        6 => Just(Command::Begin),
        6 => any::<usize>().prop_map(Command::Poll),
        2 => any::<usize>().prop_map(Command::Cancel),
        2 => fault.prop_map(Command::Fault),
    ];
    let of_connections = prop_oneof![
        16 => any::<usize>().prop_map(Command::Checkin),
        2 => any::<usize>().prop_map(Command::Broken),
        2 => any::<usize>().prop_map(Command::Invalidate),
        2 => any::<usize>().prop_map(Command::SoftInvalidate),
        2 => any::<usize>().prop_map(Command::Detach),
    ];
    let of_pool = prop_oneof![
        16 => Just(Command::Checkout),
        1 => Just(Command::ImpatientCheckout),
        3 => Just(Command::InvalidateAll),
        3 => Just(Command::Dispose),
        3 => (1..5_u32, 0..4_u32).prop_map(|(size, overflow)| Command::Resize(size, overflow)),
        // For good, so that it comes late in most.
        1 => Just(Command::Close),
    ];
    prop_oneof![16 => of_tasks, 24 => of_connections, 28 => of_pool]
}
