//! What a pool does, with no thread in it: places, those who wait, and counters.

use std::collections::VecDeque;

use super::command::Fault;

/// A place: its connection if it has one, and whether that is to be replaced.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) id: Option<u64>,
    pub(super) stale: bool,
    /// Of before a dispose, so that it no longer counts.
    pub(super) drained: bool,
    /// It never had a connection, and is given up when it gets none.
    slot: bool,
}

/// A task that asked for a connection.
#[derive(Clone, Debug)]
pub(super) enum Task {
    Waiting,
    /// It has a place and does not know it.
    Granted(Place),
    /// A worker has connected for it, or failed to.
    Served(Option<Place>),
}

/// What a poll of a task shows.
pub(super) enum Polled {
    Pending,
    /// A worker has begun; what it will leave is known to the model.
    Served,
    /// Somebody connects in the background, and the poll comes before the end of that or after it.
    Soon,
    Ready(Option<u64>),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counters {
    pub(super) connects: u64,
    pub(super) failed: u64,
    pub(super) panicked: u64,
    pub(super) timeouts: u64,
}

#[derive(Clone, Default)]
pub(super) struct Model {
    pub(super) lifo: bool,
    pub(super) background: bool,
    pub(super) keep: usize,
    pub(super) max: usize,
    open: usize,
    pub(super) closed: bool,
    pub(super) fault: Option<Fault>,
    pub(super) idle: VecDeque<Place>,
    pub(super) out: Vec<Place>,
    pub(super) tasks: Vec<Task>,
    pub(super) counters: Counters,
}

impl Model {
    pub(super) fn new(size: u32, overflow: u32, lifo: bool, background: bool) -> Self {
        let (keep, max) = (size as usize, (size + overflow) as usize);
        Model { lifo, background, keep, max, ..Model::default() }
    }

    fn pop_idle(&mut self) -> Option<Place> {
        if self.lifo { self.idle.pop_back() } else { self.idle.pop_front() }
    }

    fn free_slot(&mut self) -> Option<Place> {
        if self.closed || self.open >= self.max {
            return None;
        }
        self.open += 1;
        Some(Place { slot: true, ..Place::default() })
    }

    fn leave(&mut self, place: &Place) {
        self.open -= usize::from(!place.drained);
    }

    fn first(&mut self) -> Option<&mut Task> {
        self.tasks.iter_mut().find(|task| matches!(task, Task::Waiting))
    }

    /// Hands on what is free to those who wait.
    fn serve(&mut self) {
        while self.first().is_some() {
            let place = match self.pop_idle() {
                Some(place) => place,
                None => match self.free_slot() {
                    Some(slot) if self.background => match self.attempt(&slot) {
                        Some(place) => place,
                        None => {
                            // Who waited is told, by whoever connected for him.
                            self.leave(&slot);
                            *self.first().expect("somebody waits") = Task::Served(None);
                            continue;
                        }
                    },
                    Some(slot) => slot,
                    None => return,
                },
            };
            *self.first().expect("somebody waits") = Task::Granted(place);
        }
    }

    /// Opens a connection, if that works.
    fn attempt(&mut self, place: &Place) -> Option<Place> {
        match self.fault.take() {
            Some(Fault::Fails) => self.counters.failed += 1,
            Some(Fault::Panics) => self.counters.panicked += 1,
            None => {
                self.counters.connects += 1;
                let id = Some(self.counters.connects);
                return Some(Place { id, drained: place.drained, ..Place::default() });
            }
        }
        None
    }

    /// Makes a place fit for use; it may be lost on the way.
    fn connect(&mut self, place: Place) -> Option<Place> {
        if place.id.is_some() && !place.stale {
            return Some(place);
        }
        let panics = self.fault == Some(Fault::Panics) && !self.closed;
        let connected = if self.closed { None } else { self.attempt(&place) };
        if connected.is_none() {
            if place.slot || panics {
                self.leave(&place);
                self.serve();
            } else {
                self.put(Place { id: None, ..place });
            }
        }
        connected
    }

    /// A place comes back.
    fn put(&mut self, place: Place) {
        let waits = self.first().is_some();
        let kept = !self.closed && self.open <= self.max && (waits || self.idle.len() < self.keep);
        if !place.drained && kept {
            self.idle.push_back(place);
        } else {
            self.leave(&place);
        }
        self.serve();
    }

    pub(super) fn checkout(&mut self) -> Option<u64> {
        if self.closed {
            return None;
        }
        let place = match self.first().is_some() {
            true => None,
            false => self.pop_idle(),
        };
        let inline = !self.background && self.first().is_none();
        let place = place.or_else(|| if inline { self.free_slot() } else { None });
        let Some(place) = place else {
            self.counters.timeouts += 1;
            return None;
        };
        let place = self.connect(place)?;
        let id = place.id;
        self.out.push(place);
        id
    }

    /// True when a thread that asks now has nothing to do but wait.
    pub(super) fn would_wait(&self) -> bool {
        let mut later = self.clone();
        later.checkout();
        later.counters.timeouts > self.counters.timeouts
    }

    /// A task asks for a connection, which its first poll may show.
    pub(super) fn begin(&mut self) -> Polled {
        if self.closed {
            return Polled::Ready(None);
        }
        let connects = self.counters.connects + self.counters.failed + self.counters.panicked;
        self.tasks.push(Task::Waiting);
        self.serve();
        let after = self.counters.connects + self.counters.failed + self.counters.panicked;
        if connects != after { Polled::Soon } else { self.poll(self.tasks.len() - 1) }
    }

    pub(super) fn poll(&mut self, index: usize) -> Polled {
        match self.tasks[index].clone() {
            Task::Waiting => Polled::Pending,
            Task::Granted(place) if place.id.is_some() && !place.stale => {
                self.tasks.remove(index);
                self.take(Some(place))
            }
            Task::Granted(place) => {
                // Nobody else is served in its place.
                self.tasks[index] = Task::Served(None);
                self.tasks[index] = Task::Served(self.connect(place));
                Polled::Served
            }
            Task::Served(place) => {
                self.tasks.remove(index);
                self.take(place)
            }
        }
    }

    fn take(&mut self, place: Option<Place>) -> Polled {
        let id = place.as_ref().and_then(|place| place.id);
        self.out.extend(place);
        Polled::Ready(id)
    }

    pub(super) fn cancel(&mut self, index: usize) {
        match self.tasks.remove(index) {
            Task::Granted(place) if place.slot => {
                self.leave(&place);
                self.serve();
            }
            Task::Granted(place) | Task::Served(Some(place)) => self.put(place),
            Task::Waiting | Task::Served(None) => {}
        }
    }

    pub(super) fn checkin(&mut self, index: usize, keeps_connection: bool) {
        let mut place = self.out.remove(index);
        if !keeps_connection {
            place.id = None;
        }
        self.put(place);
    }

    /// All places that are open.
    fn places(&mut self) -> impl Iterator<Item = &mut Place> {
        let of_tasks = self.tasks.iter_mut().filter_map(|task| match task {
            Task::Granted(place) | Task::Served(Some(place)) => Some(place),
            Task::Waiting | Task::Served(None) => None,
        });
        self.idle.iter_mut().chain(&mut self.out).chain(of_tasks)
    }

    pub(super) fn invalidate_all(&mut self) {
        self.places().for_each(|place| place.stale = true);
    }

    pub(super) fn dispose(&mut self) {
        self.idle.clear();
        self.open = 0;
        self.places().for_each(|place| place.drained = true);
        self.serve();
    }

    pub(super) fn resize(&mut self, size: u32, overflow: u32) {
        self.keep = size as usize;
        self.max = (size + overflow) as usize;
        while self.idle.len() > self.keep || (!self.idle.is_empty() && self.open > self.max) {
            self.idle.pop_front();
            self.open -= 1;
        }
        self.serve();
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
        self.open -= self.idle.len();
        self.idle.clear();
        while let Some(task) = self.first() {
            *task = Task::Served(None);
        }
    }

    pub(super) fn live(&mut self) -> u64 {
        self.places().filter(|place| place.id.is_some()).count() as u64
    }

    pub(super) fn waiting(&self) -> u32 {
        self.tasks.iter().filter(|task| matches!(task, Task::Waiting)).count() as u32
    }

    pub(super) fn status(&self) -> String {
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
