//! Plugins that are broken, misplaced or ill-meant: each is refused with its code and whole message.
//!
//! Every plugin here leaves a trace when its constructor runs. `control` shows that it does; a
//! refusal that the stage reports proves that it did not.

#![cfg(target_os = "linux")]

mod after_loading;
mod control;
mod initialising;
mod program;
mod texts;
