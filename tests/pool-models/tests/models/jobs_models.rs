//! Models of workers: jobs that come while one ends for want of work, and jobs that wait for others.

macro_rules! jobs_models {
    () => {
        #[allow(dead_code)]
        pub(crate) mod jobs_model {
            use std::sync::Arc;
            use std::time::Duration;

            use loom::sync::{Condvar, Mutex};
            use loom::thread::{self, JoinHandle};

            use super::jobs::{Jobs, State};
            use crate::explore::explore;

            #[derive(Clone, Copy, PartialEq)]
            enum Job {
                Count,
                /// Lasts until this many were counted.
                WaitFor(u32),
                End,
            }

            struct Crew {
                jobs: Jobs<Job>,
                most: usize,
                patience: Duration,
                counted: Mutex<u32>,
                more: Condvar,
            }

            impl Crew {
                fn new(most: usize, patience: Duration) -> Arc<Self> {
                    let jobs = Jobs::of(Mutex::new(State::new()), Condvar::new());
                    let (counted, more) = (Mutex::new(0), Condvar::new());
                    Arc::new(Crew { jobs, most, patience, counted, more })
                }

                fn count(&self) {
                    *self.counted.lock().unwrap() += 1;
                    self.more.notify_all();
                }

                fn work(self: Arc<Self>) {
                    while let Some(job) = self.jobs.next(self.patience) {
                        match job {
                            Job::Count => self.count(),
                            Job::WaitFor(number) => self.wait_for(number),
                            Job::End => return,
                        }
                    }
                }

                fn wait_for(&self, number: u32) {
                    let mut counted = self.counted.lock().unwrap();
                    while *counted < number {
                        counted = self.more.wait(counted).unwrap();
                    }
                }

                /// Leaves a job, and starts a worker where one has to be.
                fn run(self: &Arc<Self>, job: Job) -> Option<JoinHandle<()>> {
                    let crew = Arc::clone(self);
                    let starts = self.jobs.push(job, self.most);
                    starts.then(|| thread::spawn(move || crew.work()))
                }
            }

            impl Crew {
                /// Leaves a job where no thread can be started.
                fn run_without_thread(&self) {
                    if self.jobs.push(Job::Count, self.most) {
                        self.jobs.without_worker(|_| self.count());
                    }
                }
            }

            /// A worker that has nothing to do ends at once, while jobs come: each is done.
            pub(crate) fn end() {
                explore(|| {
                    let crew = Crew::new(2, Duration::ZERO);
                    let other = {
                        let crew = Arc::clone(&crew);
                        thread::spawn(move || {
                            crew.run(Job::Count).map(|worker| worker.join().unwrap())
                        })
                    };
                    let worker = crew.run(Job::Count);
                    other.join().unwrap();
                    worker.into_iter().for_each(|worker| worker.join().unwrap());
                    assert_eq!(*crew.counted.lock().unwrap(), 2, "a job is lost");
                });
            }

            /// A worker waits for jobs, of which the first lasts until the second is done.
            pub(crate) fn wait() {
                explore(|| {
                    let crew = Crew::new(2, Duration::MAX);
                    let mut workers = vec![crew.run(Job::Count)];
                    workers.push(crew.run(Job::WaitFor(2)));
                    workers.push(crew.run(Job::Count));
                    crew.wait_for(2);
                    let workers: Vec<_> = workers.into_iter().flatten().collect();
                    for _ in &workers {
                        assert!(crew.run(Job::End).is_none() || workers.len() < crew.most);
                    }
                    for worker in workers {
                        worker.join().unwrap();
                    }
                });
            }

            /// No thread can be had for a worker, while another may just end: the job is done.
            pub(crate) fn no_thread() {
                explore(|| {
                    let crew = Crew::new(2, Duration::ZERO);
                    let worker = crew.run(Job::Count);
                    crew.run_without_thread();
                    worker.into_iter().for_each(|worker| worker.join().unwrap());
                    assert_eq!(*crew.counted.lock().unwrap(), 2, "a job is lost");
                });
            }

            /// No thread can be had for two at the same time: both jobs are done.
            pub(crate) fn no_threads() {
                explore(|| {
                    let crew = Crew::new(2, Duration::ZERO);
                    let other = {
                        let crew = Arc::clone(&crew);
                        thread::spawn(move || crew.run_without_thread())
                    };
                    crew.run_without_thread();
                    other.join().unwrap();
                    assert_eq!(*crew.counted.lock().unwrap(), 2, "a job is lost");
                });
            }
        }
    };
}
