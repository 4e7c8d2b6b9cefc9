//! The toy dialect with an initialisation that panics, then panics with a backtrace, then succeeds.

mod dialect;

aludel::export_dialect!(dialect::Panicking);
