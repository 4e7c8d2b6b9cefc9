//! The queue of idle seats in one atomic word: one compare-and-swap out, one in, in exact order.
//!
//! The word is the whole state: up to 14 numbers of cells of four bits each, oldest lowest, above
//! the length. A value that comes back therefore means the same queue, and the bits that send
//! callers to the lock change in the same step as the queue. What lies in a cell belongs to whoever
//! took its number out of the word, or holds the claim on it.

use std::mem::MaybeUninit;

use super::super::sync::{AtomicU64, Cell, Ordering};

const LENGTH: u64 = 0xF;
const NUMBERS: u64 = 0x0FFF_FFFF_FFFF_FFF0;
/// Somebody waits.
const WAIT: u64 = 1 << 60;
/// Nothing is kept any longer.
const CLOSED: u64 = 1 << 61;
/// The queue has moved behind the lock.
const MOVED: u64 = 1 << 62;
const BITS: u64 = WAIT | CLOSED | MOVED;

/// Cells, and so seats that can be open at the same time.
pub(super) const CELLS: u32 = 16;
/// Seats that can be idle at the same time.
pub(super) const PLACES: u32 = 14;

/// The right to one cell, of which there is one; or to none.
pub(super) struct Claim(u8);

impl Claim {
    /// The claim of a seat that never enters a packed queue.
    pub(super) const NONE: Claim = Claim(u8::MAX);

    pub(super) fn is_some(&self) -> bool {
        u32::from(self.0) < CELLS
    }
}

/// What can lie in a packed queue: it carries its claim, and knows the queue that the claim is on.
///
/// # Safety
/// The queue must live for as long as the value, wherever the value is moved.
pub(super) unsafe trait Claimed: Sized {
    fn claim(&self) -> &Claim;
    fn queue(&self) -> &Packed<Self>;
}

#[repr(align(128))]
struct Padded<T>(T);

pub(super) struct Packed<T> {
    word: Padded<AtomicU64>,
    cells: [Padded<Place<T>>; CELLS as usize],
}

/// Holds a value while its number is in the word, and nothing otherwise.
type Place<T> = Cell<MaybeUninit<Box<T>>>;

// SAFETY: a cell is touched by one thread at a time, as `cell` demands; values move between threads
// through it, so they have to be `Send`.
unsafe impl<T: Send> Sync for Packed<T> {}

/// Takes the next number out of a word that holds at least one.
#[inline(always)]
fn unlink(word: u64, lifo: bool) -> (u8, u64) {
    let length = word & LENGTH;
    if lifo {
        let shift = 4 * length;
        (((word >> shift) & 0xF) as u8, (word & !(0xF << shift)) - 1)
    } else {
        let rest = ((word & NUMBERS) >> 4) & NUMBERS;
        (((word >> 4) & 0xF) as u8, (word & BITS) | rest | (length - 1))
    }
}

/// Puts a number behind the others.
#[inline(always)]
fn link(word: u64, number: u8) -> u64 {
    (word | (u64::from(number) << (4 * ((word & LENGTH) + 1)))) + 1
}

impl<T> Packed<T> {
    /// An empty queue and the claims on its cells.
    pub(super) fn new() -> (Self, Vec<Claim>) {
        let cells = std::array::from_fn(|_| Padded(Cell::new(MaybeUninit::uninit())));
        let claims = (0..CELLS as u8).rev().map(Claim).collect();
        (Packed { word: Padded(AtomicU64::new(0)), cells }, claims)
    }

    /// Moves a value into a cell.
    ///
    /// # Safety
    /// The caller must hold the claim on the cell, with its number not in the word.
    #[inline(always)]
    unsafe fn store(&self, number: u8, seat: Box<T>) {
        self.cells[usize::from(number & 0xF)].0.with_mut(|cell| {
            // SAFETY: the caller is the only one who may touch the cell.
            unsafe { (*cell).write(seat) };
        });
    }

    /// Moves the value out of a cell.
    ///
    /// # Safety
    /// The caller must have taken the number out of the word, or have stored the value and not put
    /// the number into the word.
    #[inline(always)]
    unsafe fn load(&self, number: u8) -> Box<T> {
        self.cells[usize::from(number & 0xF)].0.with_mut(|cell| {
            // SAFETY: the caller is the only one who may touch the cell, and there is a value in it.
            unsafe { (*cell).assume_init_read() }
        })
    }

    /// The next seat, unless there is none or callers have to ask behind the lock.
    #[inline(always)]
    pub(super) fn pop(&self, lifo: bool) -> Option<Box<T>> {
        let mut word = self.word.0.load(Ordering::Relaxed);
        loop {
            if word & BITS != 0 || word & LENGTH == 0 {
                return None;
            }
            let (number, rest) = unlink(word, lifo);
            let swap = (Ordering::Acquire, Ordering::Relaxed);
            match self.word.0.compare_exchange_weak(word, rest, swap.0, swap.1) {
                // SAFETY: this thread has just taken the number out of the word.
                Ok(_) => return Some(unsafe { self.load(number) }),
                Err(now) => word = now,
            }
        }
    }

    /// As [`pop`](Self::pop), for whoever holds the lock and may overtake.
    pub(super) fn pop_locked(&self, lifo: bool) -> Option<Box<T>> {
        let mut word = self.word.0.load(Ordering::Acquire);
        while word & LENGTH != 0 {
            let (number, rest) = unlink(word, lifo);
            match self.word.0.compare_exchange(word, rest, Ordering::AcqRel, Ordering::Acquire) {
                // SAFETY: this thread has just taken the number out of the word.
                Ok(_) => return Some(unsafe { self.load(number) }),
                Err(now) => word = now,
            }
        }
        None
    }

    /// Callers go to the lock from now on. Unless `anyhow`, only while the queue is empty: a seat
    /// that came back in between must be seen.
    pub(super) fn bar(&self, anyhow: bool) -> bool {
        let mut word = self.word.0.load(Ordering::Acquire);
        loop {
            if word & LENGTH != 0 && !anyhow {
                return false;
            }
            let barred = word | WAIT;
            match self.word.0.compare_exchange(word, barred, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return true,
                Err(now) => word = now,
            }
        }
    }

    pub(super) fn unbar(&self) {
        self.word.0.fetch_and(!WAIT, Ordering::AcqRel);
    }

    pub(super) fn close(&self) {
        self.word.0.fetch_or(CLOSED, Ordering::AcqRel);
    }

    pub(super) fn moved(&self) {
        self.word.0.fetch_or(MOVED, Ordering::AcqRel);
    }

    pub(super) fn has_moved(&self) -> bool {
        self.word.0.load(Ordering::Relaxed) & MOVED != 0
    }

    pub(super) fn len(&self) -> u32 {
        (self.word.0.load(Ordering::Acquire) & LENGTH) as u32
    }
}

impl<T> Drop for Packed<T> {
    fn drop(&mut self) {
        while self.pop_locked(false).is_some() {}
    }
}

impl<T: Claimed> Packed<T> {
    /// Puts a seat behind the others, unless `keep` are there or one of the bits of `refused` is set;
    /// then it comes back.
    #[inline(always)]
    fn push_unless(seat: Box<T>, keep: u32, refused: u64) -> Result<(), Box<T>> {
        let queue: *const Self = seat.queue();
        let number = seat.claim().0;
        if !seat.claim().is_some() {
            return Err(seat);
        }
        // SAFETY: the seat keeps the queue alive, and is given away only by the successful swap
        // below, after which the queue is not touched again.
        let word = unsafe { &(*queue).word.0 };
        let mut now = word.load(Ordering::Relaxed);
        if now & refused != 0 || (now & LENGTH) as u32 >= keep {
            return Err(seat);
        }
        // SAFETY: the queue is alive as above, and the seat holds the claim on this cell.
        unsafe { (*queue).store(number, seat) };
        loop {
            let swap = (Ordering::Release, Ordering::Relaxed);
            match word.compare_exchange_weak(now, link(now, number), swap.0, swap.1) {
                Ok(_) => return Ok(()),
                Err(changed) => now = changed,
            }
            if now & refused != 0 || (now & LENGTH) as u32 >= keep {
                // SAFETY: the number is not in the word, so that the cell and what is in it, which
                // keeps the queue alive, are still this thread's.
                return Err(unsafe { (*queue).load(number) });
            }
        }
    }

    /// Gives a seat back, unless it has to go to the lock.
    #[inline(always)]
    pub(super) fn push(seat: Box<T>, keep: u32) -> Result<(), Box<T>> {
        Self::push_unless(seat, keep, WAIT | CLOSED | MOVED)
    }

    /// As [`push`](Self::push), for whoever holds the lock.
    pub(super) fn push_locked(seat: Box<T>, keep: u32) -> Result<(), Box<T>> {
        Self::push_unless(seat, keep, CLOSED | MOVED)
    }
}
