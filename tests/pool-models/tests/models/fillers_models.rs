//! Models of those who connect for a pool: as few as may be, and nobody who waits is forgotten.

macro_rules! fillers_models {
    () => {
        #[allow(dead_code)]
        pub(crate) mod fillers_model {
            use std::sync::Arc;

            use loom::sync::Mutex;
            use loom::thread;

            use super::fillers::Fillers;
            use crate::explore::explore;

            struct Pool {
                fillers: Fillers,
                waiting: Mutex<u32>,
                at_work: Mutex<u32>,
                limit: u32,
            }

            impl Pool {
                /// Comes to wait, and connects itself where it may be one of those who do.
                fn wait(&self) {
                    *self.waiting.lock().unwrap() += 1;
                    if self.fillers.begin(self.limit) {
                        let wanted = || *self.waiting.lock().unwrap() > 0;
                        self.fillers.serve(self.limit, wanted, || self.fill());
                    }
                }

                fn fill(&self) -> bool {
                    let now = {
                        let mut at_work = self.at_work.lock().unwrap();
                        *at_work += 1;
                        *at_work
                    };
                    assert!(now <= self.limit, "more at work than there may be");
                    let mut waiting = self.waiting.lock().unwrap();
                    let wanted = *waiting > 0;
                    *waiting -= u32::from(wanted);
                    drop(waiting);
                    *self.at_work.lock().unwrap() -= 1;
                    wanted
                }
            }

            pub(crate) fn serve(limit: u32) {
                explore(move || {
                    let pool = Arc::new(Pool {
                        fillers: Fillers::new(),
                        waiting: Mutex::new(0),
                        at_work: Mutex::new(0),
                        limit,
                    });
                    let other = {
                        let pool = Arc::clone(&pool);
                        thread::spawn(move || pool.wait())
                    };
                    pool.wait();
                    other.join().unwrap();
                    assert_eq!(*pool.waiting.lock().unwrap(), 0, "somebody is forgotten");
                    assert!(pool.fillers.begin(limit), "nobody is at work any longer");
                });
            }
        }
    };
}
