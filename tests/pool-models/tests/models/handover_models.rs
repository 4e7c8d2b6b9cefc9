//! Models of what a worker hands over to a task that may be polled, moved and dropped meanwhile.

macro_rules! handover_models {
    () => {
        #[allow(dead_code)]
        pub(crate) mod handover_model {
            use std::sync::Arc;
            use std::task::Waker;

            use loom::thread;

            use super::handover::Handover;
            use crate::explore::{explore, waker};

            const DONE: u32 = 7;
            const KEPT: u32 = 8;

            /// The task was first polled elsewhere: who polls last is woken, and gets it.
            pub(crate) fn serve() {
                explore(|| {
                    let handover = Arc::new(Handover::<u32, u32>::new(Waker::noop().clone()));
                    let worker = {
                        let handover = Arc::clone(&handover);
                        thread::spawn(move || assert!(handover.deliver(DONE).is_none()))
                    };
                    let done = loop {
                        match handover.collect(&waker()) {
                            Some(done) => break done,
                            None => thread::park(),
                        }
                    };
                    assert_eq!(done, DONE);
                    worker.join().unwrap();
                    assert!(handover.collect(&waker()).is_none(), "it was handed over twice");
                });
            }

            /// The task is dropped at any moment: one of both has what was done, and what was kept.
            pub(crate) fn refuse(polls_first: bool) {
                explore(move || {
                    let handover = Arc::new(Handover::<u32, u32>::new(Waker::noop().clone()));
                    let worker = {
                        let handover = Arc::clone(&handover);
                        thread::spawn(move || handover.deliver(DONE))
                    };
                    let waker = waker();
                    if polls_first && let Some(done) = handover.collect(&waker) {
                        assert_eq!(done, DONE);
                        assert!(worker.join().unwrap().is_none());
                        return;
                    }
                    let refused = handover.refuse(KEPT);
                    let unwanted = worker.join().unwrap();
                    match (refused, unwanted) {
                        (Some(both), None) => assert_eq!(both, (DONE, KEPT)),
                        (None, Some(both)) => assert_eq!(both, (DONE, Some(KEPT))),
                        (None, None) => panic!("what was done is lost"),
                        (Some(_), Some(_)) => panic!("both have what was done"),
                    }
                });
            }
        }
    };
}
