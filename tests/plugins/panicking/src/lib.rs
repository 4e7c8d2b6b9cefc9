//! A plugin whose first initialisations panic.

mod panicking;

aludel::export_dialect!(panicking::Panicking);
