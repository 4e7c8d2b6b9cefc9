//! Tries every interleaving of what the pool does with locks, and of copies with seeded defects.

#[macro_use]
mod alarms_models;
mod explore;
#[macro_use]
mod fillers_models;
mod found;
#[macro_use]
mod handover_models;
#[macro_use]
mod jobs_models;
#[macro_use]
mod room;
mod sound;
mod sync;
#[macro_use]
mod turns_models;

#[path = "../../../../core/src/pool/alarms.rs"]
#[allow(dead_code)]
mod alarms;
#[path = "../../../../core/src/pool/fillers.rs"]
mod fillers;
#[path = "../../../../core/src/pool/gate/mod.rs"]
#[allow(dead_code, unused_imports)]
mod gate;
#[path = "../../../../core/src/pool/handover.rs"]
mod handover;
#[path = "../../../../core/src/pool/jobs.rs"]
mod jobs;

// Copies with one defect each; a model has to find each.
#[allow(dead_code, unused_imports, unused_mut, clippy::all)]
mod defects {
    use crate::sync;
    include!(concat!(env!("OUT_DIR"), "/defects.rs"));
}

alarms_models!();
fillers_models!();
handover_models!();
jobs_models!();
models!();
turns_models!();
