//! Models of who waits for a turn to fill a seat again, and for what is on its way back.

macro_rules! turns_models {
    () => {
        #[allow(dead_code)]
        pub(crate) mod turns_model {
            use std::sync::Arc;
            use std::time::Duration;

            use loom::sync::{Condvar, Mutex};
            use loom::thread;

            use super::gate::{Entry, Gate, GateLimits, Grant, Seat, Turned, Wake};
            use crate::explore::explore;

            type Room = Arc<Gate<u32, ()>>;

            fn room(open: u32, connecting: Option<u32>) -> Room {
                Gate::new(GateLimits {
                    keep: Some(open),
                    max_open: Some(open),
                    lifo: false,
                    bypass: Duration::ZERO,
                    max_waiters: None,
                    max_connecting: connecting,
                    background: false,
                })
            }

            fn accept(grant: Grant<u32, ()>) -> Option<Box<Seat<u32, ()>>> {
                match grant {
                    Grant::Seat(seat) => Some(seat),
                    Grant::Slot(slot) => Some(slot.occupy(0)),
                    Grant::Failed(()) | Grant::Closed | Grant::Full => None,
                }
            }

            fn get(room: &Room, may_wait: bool) -> Option<Box<Seat<u32, ()>>> {
                if let Some(seat) = room.pop() {
                    return Some(seat);
                }
                match Gate::enter(room, may_wait, Wake::Thread(thread::current())) {
                    Entry::Now(grant) => accept(grant),
                    Entry::Wait(ticket) => {
                        accept(Gate::wait(room, &ticket, None).expect("no time was set"))
                    }
                    Entry::Full => None,
                }
            }

            fn put(seat: Box<Seat<u32, ()>>) {
                if let Err(seat) = seat.put() {
                    drop(seat.release());
                }
            }

            fn end(room: &Room) {
                let counts = room.counts();
                assert_eq!((counts.waiting, counts.connecting), (0, 0));
                assert_eq!(counts.idle, counts.open);
                drop(Gate::close(room));
                assert_eq!(room.counts().open, 0);
            }

            /// Fills a seat again when its turn comes.
            fn refill(room: &Room, at_work: &Mutex<u32>, may_wait: bool) -> bool {
                match Gate::turn(room, may_wait, None) {
                    Turned::Now(turn) => {
                        *at_work.lock().unwrap() += 1;
                        assert_eq!(*at_work.lock().unwrap(), 1, "two fill at the same time");
                        *at_work.lock().unwrap() -= 1;
                        drop(turn);
                        true
                    }
                    Turned::Late | Turned::Closed => false,
                }
            }

            /// Two fill their seats again where one may at a time, and one may be in a hurry.
            pub(crate) fn turns(second_may_wait: bool) {
                explore(move || {
                    let room = room(2, Some(1));
                    let held = (get(&room, true), get(&room, true));
                    let at_work = Arc::new(Mutex::new(0));
                    let other = {
                        let (room, at_work) = (Arc::clone(&room), Arc::clone(&at_work));
                        thread::spawn(move || {
                            let filled = refill(&room, &at_work, second_may_wait);
                            held.1.map(put);
                            filled
                        })
                    };
                    assert!(refill(&room, &at_work, true));
                    held.0.map(put);
                    assert!(other.join().unwrap() || !second_may_wait);
                    end(&room);
                });
            }

            /// The room is closed while somebody waits for a turn.
            pub(crate) fn close() {
                explore(|| {
                    let room = room(2, Some(1));
                    let held = (get(&room, true), get(&room, true));
                    let Turned::Now(first) = Gate::turn(&room, true, None) else {
                        panic!("nobody is before it");
                    };
                    let second = {
                        let room = Arc::clone(&room);
                        thread::spawn(move || {
                            let at_work = Mutex::new(0);
                            let filled = refill(&room, &at_work, true);
                            held.1.map(put);
                            filled
                        })
                    };
                    drop(Gate::close(&room));
                    assert!(!second.join().unwrap());
                    drop(first);
                    held.0.map(put);
                    assert_eq!(room.counts().open, 0);
                });
            }

            /// What comes back is taken by somebody who keeps it until he knows what became of who may
            /// not wait.
            pub(crate) fn overtaken() {
                explore(|| {
                    let room = room(1, None);
                    let held = get(&room, true).expect("the slot is free");
                    let announced = Gate::announce_return(&room);
                    let worker = thread::spawn(move || {
                        put(held);
                        drop(announced);
                    });
                    let hurried_done = Arc::new((Mutex::new(false), Condvar::new()));
                    let taker = {
                        let (room, done) = (Arc::clone(&room), Arc::clone(&hurried_done));
                        thread::spawn(move || {
                            let taken = get(&room, true).expect("whoever has it returns it");
                            let mut is_done = done.0.lock().unwrap();
                            while !*is_done {
                                is_done = done.1.wait(is_done).unwrap();
                            }
                            drop(is_done);
                            put(taken);
                        })
                    };
                    get(&room, false).map(put);
                    *hurried_done.0.lock().unwrap() = true;
                    hurried_done.1.notify_all();
                    worker.join().unwrap();
                    taker.join().unwrap();
                    end(&room);
                });
            }

            /// A worker gives a place back, filled or empty, for whoever may not wait for others; and
            /// perhaps somebody patient comes before him.
            pub(crate) fn come_back(filled: bool, patient: bool) {
                explore(move || {
                    let room = room(1, None);
                    let held = get(&room, true).expect("the slot is free");
                    let announced = Gate::announce_return(&room);
                    let worker = thread::spawn(move || {
                        if filled {
                            put(held);
                        } else {
                            drop(held);
                        }
                        drop(announced);
                    });
                    let other = patient.then(|| {
                        let room = Arc::clone(&room);
                        thread::spawn(move || get(&room, true).map(put))
                    });
                    let got = get(&room, false);
                    assert!(got.is_some() || patient, "it is coming back");
                    got.map(put);
                    worker.join().unwrap();
                    if let Some(other) = other {
                        assert!(other.join().unwrap().is_some());
                    }
                    end(&room);
                });
            }
        }
    };
}
