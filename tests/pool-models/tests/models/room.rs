//! The models, made once for the room as it is and once for each copy with a defect.

macro_rules! models {
    () => {
        #[allow(dead_code)]
        pub(crate) mod model {
            use std::sync::Arc;
            use std::task::{Context, Poll, Waker};
            use std::time::Duration;

            use loom::thread;

            use super::gate::{Entry, Gate, GateLimits, Grant, Seat, Slot, Wake};
            use crate::explore::explore;

            type Room = Arc<Gate<u32, ()>>;

            /// The word holds up to 14; a room that keeps 20 has its queue behind the lock.
            pub(crate) const PACKED: u32 = 1;
            pub(crate) const MOVED: u32 = 20;

            fn room(keep: u32, max_open: u32, background: bool, bypass: Duration) -> Room {
                Gate::new(GateLimits {
                    keep: Some(keep),
                    max_open: Some(max_open),
                    lifo: false,
                    bypass,
                    max_waiters: None,
                    max_connecting: None,
                    background,
                })
            }

            fn fill(slot: Slot<u32, ()>, works: bool) -> Option<Box<Seat<u32, ()>>> {
                works.then(|| slot.occupy(0))
            }

            fn use_grant(grant: Grant<u32, ()>, works: bool) -> Option<Box<Seat<u32, ()>>> {
                match grant {
                    Grant::Seat(seat) => Some(seat),
                    Grant::Slot(slot) => fill(slot, works),
                    Grant::Failed(()) | Grant::Closed | Grant::Full => None,
                }
            }

            fn get(room: &Room, works: bool) -> Option<Box<Seat<u32, ()>>> {
                if let Some(seat) = room.pop() {
                    return Some(seat);
                }
                let grant = match Gate::enter(room, true, Wake::Thread(thread::current())) {
                    Entry::Now(grant) => grant,
                    Entry::Wait(ticket) => {
                        Gate::wait(room, &ticket, None).expect("no time was set")
                    }
                    Entry::Full => unreachable!("everybody may wait"),
                };
                use_grant(grant, works)
            }

            fn put(mut seat: Box<Seat<u32, ()>>) {
                // Two users at the same time would lose an increment, which loom sees.
                seat.value += 1;
                if let Err(seat) = seat.put() {
                    drop(seat.release());
                }
            }

            /// Nothing is lost: nobody waits, all that is open is idle, and the room ends empty.
            fn end(room: &Room) {
                let counts = room.counts();
                assert_eq!((counts.waiting, counts.connecting), (0, 0));
                assert_eq!((counts.idle, counts.draining), (counts.open, 0));
                drop(Gate::close(room));
                assert_eq!(room.counts().open, 0);
            }

            /// Threads on slots, of which the first connect may fail.
            pub(crate) fn hand_off(threads: u32, keep: u32, slots: u32, first_fails: bool) {
                explore(move || {
                    let room = room(keep, slots, false, Duration::ZERO);
                    let threads: Vec<_> = (1..threads)
                        .map(|_| {
                            let room = room.clone();
                            thread::spawn(move || get(&room, true).map(put))
                        })
                        .collect();
                    get(&room, !first_fails).map(put);
                    for thread in threads {
                        thread.join().unwrap();
                    }
                    end(&room);
                });
            }

            /// One gives up at the moment at which the other returns: the seat is not lost.
            pub(crate) fn give_up() {
                explore(|| {
                    let room = room(PACKED, 1, false, Duration::ZERO);
                    let held = get(&room, true).expect("the slot is free");
                    let impatient = {
                        let room = room.clone();
                        thread::spawn(move || {
                            let wake = Wake::Thread(thread::current());
                            let left = match Gate::enter(&room, true, wake) {
                                Entry::Wait(ticket) => Gate::give_up(&room, &ticket),
                                Entry::Now(grant) => Some(grant),
                                Entry::Full => None,
                            };
                            left.and_then(|grant| use_grant(grant, true)).map(put)
                        })
                    };
                    let patient = {
                        let room = room.clone();
                        thread::spawn(move || get(&room, true).map(put))
                    };
                    put(held);
                    impatient.join().unwrap();
                    assert!(patient.join().unwrap().is_some());
                    assert_eq!(room.counts().idle, 1);
                    end(&room);
                });
            }

            /// A task is dropped at any moment of a hand-off; the thread behind it is served.
            pub(crate) fn cancel_task() {
                explore(|| {
                    let room = room(PACKED, 1, false, Duration::ZERO);
                    let held = get(&room, true).expect("the slot is free");
                    let task = {
                        let room = room.clone();
                        thread::spawn(move || {
                            let waker = Waker::noop();
                            let wake = Wake::Task(waker.clone());
                            if let Entry::Wait(ticket) = Gate::enter(&room, true, wake) {
                                let polled =
                                    Gate::poll(&room, &ticket, &Context::from_waker(waker));
                                let grant = match polled {
                                    Poll::Ready(grant) => Some(grant),
                                    Poll::Pending => Gate::give_up(&room, &ticket),
                                };
                                grant.and_then(|grant| use_grant(grant, true)).map(put);
                            }
                        })
                    };
                    put(held);
                    get(&room, true).map(put).expect("somebody returns it");
                    task.join().unwrap();
                    end(&room);
                });
            }

            /// The room is closed while one waits and one returns: nobody waits for ever.
            pub(crate) fn close() {
                explore(|| {
                    let room = room(PACKED, 1, false, Duration::ZERO);
                    let held = get(&room, true).expect("the slot is free");
                    let waiting = {
                        let room = room.clone();
                        thread::spawn(move || get(&room, true).map(put))
                    };
                    let closing = {
                        let room = room.clone();
                        thread::spawn(move || drop(Gate::close(&room)))
                    };
                    put(held);
                    waiting.join().unwrap();
                    closing.join().unwrap();
                    assert_eq!(room.counts().open, 0);
                });
            }

            /// One more slot is allowed while one waits: it gets that or what is returned.
            pub(crate) fn grow() {
                explore(|| {
                    let room = room(PACKED, 1, false, Duration::ZERO);
                    let held = get(&room, true).expect("the slot is free");
                    let waiting = {
                        let room = room.clone();
                        thread::spawn(move || get(&room, true).map(put))
                    };
                    drop(Gate::resize(&room, Some(2), Some(2)));
                    assert!(waiting.join().unwrap().is_some());
                    put(held);
                    end(&room);
                });
            }

            /// The room shrinks while seats are returned.
            pub(crate) fn shrink() {
                explore(|| {
                    let room = room(2, 2, false, Duration::ZERO);
                    let held = (get(&room, true), get(&room, true));
                    let other = thread::spawn(move || held.0.map(put));
                    drop(Gate::resize(&room, Some(1), Some(1)));
                    held.1.map(put);
                    other.join().unwrap();
                    assert!(room.counts().open <= 1);
                    end(&room);
                });
            }

            /// All is disposed of while one returns and one comes.
            pub(crate) fn dispose() {
                explore(|| {
                    let room = room(PACKED, 1, false, Duration::ZERO);
                    let held = get(&room, true).expect("the slot is free");
                    let coming = {
                        let room = room.clone();
                        thread::spawn(move || get(&room, true).map(put))
                    };
                    let disposing = {
                        let room = room.clone();
                        thread::spawn(move || drop(Gate::dispose(&room)))
                    };
                    put(held);
                    assert!(coming.join().unwrap().is_some());
                    disposing.join().unwrap();
                    end(&room);
                });
            }

            /// What a connector does when it is told that somebody waits.
            fn connect_for_others(room: &Room, works: bool) {
                while let Some(slot) = Gate::slot_to_fill(room, 0) {
                    if works {
                        put(slot.occupy(0));
                    } else {
                        // Who waited is told first; then the slot is free for the next attempt.
                        let _ = Gate::fail(room, ());
                        drop(slot);
                    }
                }
            }

            /// Others connect for those who wait, or fail to; or a seat comes back first.
            pub(crate) fn background(works: bool) {
                explore(move || {
                    let room = room(PACKED, 1, true, Duration::ZERO);
                    let filled = Arc::downgrade(&room);
                    room.fill_by(Box::new(move || {
                        // Here whoever sees the need connects at once, in its own thread.
                        if let Some(room) = filled.upgrade() {
                            connect_for_others(&room, works);
                        }
                    }));
                    let other = {
                        let room = room.clone();
                        thread::spawn(move || get(&room, true).map(drop))
                    };
                    let seat = get(&room, true);
                    assert!(seat.is_some() || !works);
                    // Its content is gone, and with it the slot is free.
                    drop(seat);
                    other.join().unwrap();
                    end(&room);
                });
            }

            /// Somebody may overtake for a while: who waits is told to look, and gets a seat.
            pub(crate) fn bypass() {
                explore(|| {
                    let room = room(PACKED, 1, false, Duration::from_secs(3600));
                    let held = get(&room, true).expect("the slot is free");
                    let threads: Vec<_> = (0..2)
                        .map(|_| {
                            let room = room.clone();
                            thread::spawn(move || get(&room, true).map(put))
                        })
                        .collect();
                    put(held);
                    for thread in threads {
                        assert!(thread.join().unwrap().is_some());
                    }
                    end(&room);
                });
            }
        }
    };
}
