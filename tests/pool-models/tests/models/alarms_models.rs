//! Models of the alarms of tasks: set, taken back and changed while the keeper of time rings them.

macro_rules! alarms_models {
    () => {
        #[allow(dead_code)]
        pub(crate) mod alarms_model {
            use std::sync::Arc;
            use std::sync::atomic::{AtomicBool, Ordering};
            use std::time::{Duration, Instant};

            use loom::sync::{Condvar, Mutex};
            use loom::thread::{self, JoinHandle};

            use super::alarms::{Alarms, State};
            use crate::explore::explore;

            #[derive(Clone, Copy, PartialEq, Debug)]
            enum Alarm {
                First,
                Second,
                Far,
                End,
            }

            struct Clock {
                alarms: Alarms<Alarm>,
                rung: Mutex<Vec<Alarm>>,
                /// All of what is due was due before the model began.
                now: Instant,
            }

            const HOUR: Duration = Duration::from_secs(3600);

            impl Clock {
                fn new() -> Arc<Self> {
                    let alarms = Alarms::of(Mutex::new(State::new()), Condvar::new());
                    let now = Instant::now() - Duration::from_secs(1);
                    Arc::new(Clock { alarms, rung: Mutex::new(Vec::new()), now })
                }

                fn keep(self: Arc<Self>) {
                    loop {
                        match self.alarms.next() {
                            Alarm::End => return,
                            alarm => self.rung.lock().unwrap().push(alarm),
                        }
                    }
                }

                /// Sets an alarm, and starts the keeper where there is none.
                fn set(
                    self: &Arc<Self>,
                    when: Instant,
                    alarm: Alarm,
                ) -> ((Instant, u64), Option<JoinHandle<()>>) {
                    let (key, starts) = self.alarms.set(when, alarm);
                    let clock = Arc::clone(self);
                    (key, starts.then(|| thread::spawn(move || clock.keep())))
                }

                fn end(self: &Arc<Self>, keeper: Option<JoinHandle<()>>) -> Vec<Alarm> {
                    let (_, another) = self.set(self.now + Duration::from_nanos(1), Alarm::End);
                    assert!(another.is_none(), "there is a keeper");
                    keeper.expect("somebody has started it").join().unwrap();
                    std::mem::take(&mut *self.rung.lock().unwrap())
                }
            }

            /// An alarm is set while the keeper waits for a later one, and another by somebody else.
            pub(crate) fn set() {
                explore(|| {
                    let clock = Clock::new();
                    let (_, keeper) = clock.set(clock.now + HOUR, Alarm::Far);
                    let other = {
                        let clock = Arc::clone(&clock);
                        thread::spawn(move || clock.set(clock.now, Alarm::Second).1.is_none())
                    };
                    assert!(clock.set(clock.now, Alarm::First).1.is_none());
                    assert!(other.join().unwrap(), "one keeper is enough");
                    let rung = clock.end(keeper);
                    assert_eq!(rung.len(), 2, "{rung:?}");
                });
            }

            /// An alarm is taken back while it goes off: it does one of both.
            pub(crate) fn cancel() {
                explore(|| {
                    let clock = Clock::new();
                    let (key, keeper) = clock.set(clock.now, Alarm::First);
                    let back = clock.alarms.cancel(key);
                    let rung = clock.end(keeper);
                    assert_eq!(rung.len() + usize::from(back.is_some()), 1, "{rung:?} {back:?}");
                });
            }

            static SECOND_RANG: AtomicBool = AtomicBool::new(false);

            /// An alarm is changed while it goes off: it rings once, and as the second where it can.
            pub(crate) fn change() {
                explore(|| {
                    let clock = Clock::new();
                    let (key, keeper) = clock.set(clock.now, Alarm::First);
                    clock.alarms.exchange(key, |set| *set == Alarm::Second, || Alarm::Second);
                    let rung = clock.end(keeper);
                    assert_eq!(rung.len(), 1, "{rung:?}");
                    SECOND_RANG.fetch_or(rung[0] == Alarm::Second, Ordering::Relaxed);
                });
                assert!(SECOND_RANG.load(Ordering::Relaxed), "the change is lost");
            }
        }
    };
}
