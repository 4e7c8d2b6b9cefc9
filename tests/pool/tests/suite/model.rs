//! The pool against a model of a few lines: the same commands, the same connections and counters.

use std::collections::VecDeque;
use std::time::Duration;

use aludel::pool::settings::PoolOrder;
use aludel::pool::{Pool, PooledConnection};
use aludel_tests_pool::Recorder;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Command {
    Checkout,
    FailingCheckout,
    Checkin(usize),
    Broken(usize),
    Invalidate(usize),
    SoftInvalidate(usize),
    Detach(usize),
    InvalidateAll,
    Dispose,
    Resize(u32, u32),
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        8 => Just(Command::Checkout),
        1 => Just(Command::FailingCheckout),
        8 => any::<usize>().prop_map(Command::Checkin),
        1 => any::<usize>().prop_map(Command::Broken),
        1 => any::<usize>().prop_map(Command::Invalidate),
        1 => any::<usize>().prop_map(Command::SoftInvalidate),
        1 => any::<usize>().prop_map(Command::Detach),
        1 => Just(Command::InvalidateAll),
        1 => Just(Command::Dispose),
        1 => (1..5_u32, 0..4_u32).prop_map(|(size, overflow)| Command::Resize(size, overflow)),
    ]
}

/// A place: its connection if it has one, and whether that is to be replaced.
#[derive(Clone, Debug)]
struct Place {
    id: Option<u64>,
    stale: bool,
    drained: bool,
}

struct Model {
    lifo: bool,
    keep: usize,
    max: usize,
    open: usize,
    next: u64,
    idle: VecDeque<Place>,
    out: Vec<Place>,
}

impl Model {
    fn checkout(&mut self, works: bool) -> Option<u64> {
        let next = if self.lifo { self.idle.pop_back() } else { self.idle.pop_front() };
        let place = match next {
            Some(place) if place.id.is_some() && !place.stale => place,
            Some(_) if !works => {
                self.idle.push_back(Place { id: None, stale: true, drained: false });
                return None;
            }
            None if self.open >= self.max || !works => return None,
            taken => {
                self.open += usize::from(taken.is_none());
                self.next += 1;
                Place { id: Some(self.next), stale: false, drained: false }
            }
        };
        let id = place.id;
        self.out.push(place);
        id
    }

    fn checkin(&mut self, index: usize, keeps_connection: bool) {
        let mut place = self.out.remove(index);
        if place.drained {
            return;
        }
        if !keeps_connection {
            place.id = None;
        }
        if self.open > self.max || self.idle.len() >= self.keep {
            self.open -= 1;
        } else {
            self.idle.push_back(place);
        }
    }

    fn resize(&mut self, size: u32, overflow: u32) {
        self.keep = size as usize;
        self.max = (size + overflow) as usize;
        while self.idle.len() > self.keep || (!self.idle.is_empty() && self.open > self.max) {
            self.idle.pop_front();
            self.open -= 1;
        }
    }

    fn live(&self) -> usize {
        self.idle.iter().chain(&self.out).filter(|place| place.id.is_some()).count()
    }

    fn status(&self) -> String {
        format!(
            "Pool size: {}  Connections in pool: {} Current Overflow: {} Current Checked out \
             connections: {}",
            self.keep,
            self.idle.len(),
            self.open as i64 - self.keep as i64,
            self.open - self.idle.len()
        )
    }
}

struct Both {
    pool: Pool<Recorder>,
    recorder: Recorder,
    held: Vec<PooledConnection<Recorder>>,
    model: Model,
}

impl Both {
    fn run(&mut self, command: Command) {
        let index = |any: usize| (!self.held.is_empty()).then(|| any % self.held.len());
        match command {
            Command::Checkout => self.checkout(true),
            Command::FailingCheckout => self.checkout(false),
            Command::Checkin(any) => {
                if let Some(index) = index(any) {
                    drop(self.held.remove(index));
                    self.model.checkin(index, true);
                }
            }
            Command::Broken(any) => {
                if let Some(index) = index(any) {
                    self.held[index].broken = true;
                    drop(self.held.remove(index));
                    self.model.checkin(index, false);
                }
            }
            Command::Invalidate(any) => {
                if let Some(index) = index(any) {
                    PooledConnection::invalidate(self.held.remove(index), None);
                    self.model.checkin(index, false);
                }
            }
            Command::SoftInvalidate(any) => {
                if let Some(index) = index(any) {
                    PooledConnection::soft_invalidate(&mut self.held[index], None);
                    self.model.out[index].stale = true;
                }
            }
            Command::Detach(any) => {
                if let Some(index) = index(any) {
                    PooledConnection::detach(&mut self.held[index]);
                    drop(self.held.remove(index));
                    self.model.checkin(index, false);
                }
            }
            Command::InvalidateAll => {
                self.pool.invalidate_all();
                let model = &mut self.model;
                model.idle.iter_mut().chain(&mut model.out).for_each(|place| place.stale = true);
            }
            Command::Dispose => {
                self.pool.dispose();
                self.model.idle.clear();
                self.model.open = 0;
                self.model.out.iter_mut().for_each(|place| place.drained = true);
            }
            Command::Resize(size, overflow) => {
                self.pool.resize(size, overflow as i32).unwrap();
                self.model.resize(size, overflow);
            }
        }
    }

    fn checkout(&mut self, works: bool) {
        self.recorder.faults(|faults| faults.fail_connects = u64::from(!works));
        let got = self.pool.connect().ok();
        self.recorder.faults(|faults| faults.fail_connects = 0);
        let expected = self.model.checkout(works);
        assert_eq!(got.as_ref().map(|connection| connection.id), expected);
        self.held.extend(got);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_pool_does_what_a_sequential_model_does(
        size in 1..6_u32,
        overflow in prop_oneof![0..4_u32, 20..22_u32],
        lifo: bool,
        commands in proptest::collection::vec(command(), 1..80),
    ) {
        let recorder = Recorder::new();
        let order = if lifo { PoolOrder::Lifo } else { PoolOrder::Fifo };
        let pool = Pool::builder(recorder.clone())
            .pool_size(size)
            .max_overflow(overflow as i32)
            .pool_order(order)
            .pool_timeout(Duration::ZERO)
            .build()
            .unwrap();
        let model = Model {
            lifo,
            keep: size as usize,
            max: (size + overflow) as usize,
            open: 0,
            next: 0,
            idle: VecDeque::new(),
            out: Vec::new(),
        };
        let mut both = Both { pool, recorder, held: Vec::new(), model };
        for command in commands {
            both.run(command);
            prop_assert_eq!(both.pool.status(), both.model.status());
            prop_assert_eq!(both.recorder.live(), both.model.live() as u64);
        }
        both.held.clear();
        both.pool.close(Duration::ZERO).unwrap();
        prop_assert_eq!(both.recorder.live(), 0);
    }
}
