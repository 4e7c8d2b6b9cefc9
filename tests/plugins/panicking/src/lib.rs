//! A plugin whose first initialisations panic.

mod dialect;

aludel::export_dialect!(dialect::Panicking);
