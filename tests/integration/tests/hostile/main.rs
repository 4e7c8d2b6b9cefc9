//! Plugins that are broken, misplaced or ill-meant: each is refused with its code and whole message.
//!
//! Every plugin here leaves a trace when its constructor runs. `control` shows that it does; a
//! refusal that the stage reports proves that it did not.

#![cfg(target_os = "linux")]

mod after_loading;
mod changes;
mod claims;
mod control;
mod crowd;
mod environment;
mod images;
mod initialising;
mod kinds;
mod libraries;
mod links;
mod loaded_name;
mod lock_files;
mod names;
mod notes;
mod options;
mod owners;
mod pinned;
mod policies;
mod program;
mod texts;
mod truncated;
