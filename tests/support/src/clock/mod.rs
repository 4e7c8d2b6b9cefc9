//! Time for tests that stands still until it is moved.
//!
//! ```
//! use std::sync::Arc;
//! use std::thread;
//! use std::time::Duration;
//! use aludel_test_support::clock::FakeClock;
//!
//! let clock = Arc::new(FakeClock::new());
//! let until = clock.now() + Duration::from_secs(30);
//! let sleeper = thread::spawn({
//!     let clock = Arc::clone(&clock);
//!     move || {
//!         while clock.now() < until {
//!             clock.park_until(Some(until));
//!         }
//!     }
//! });
//! clock.wait_for_sleepers(1);
//! assert_eq!(clock.next_wake(), Some(until), "it sleeps exactly as long as it should");
//! clock.advance(Duration::from_secs(30));
//! sleeper.join().unwrap();
//! ```

mod alarm;
mod fake;

pub use alarm::Alarm;
pub use fake::FakeClock;
