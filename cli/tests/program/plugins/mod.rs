//! The verbs about plugins.

mod doctor;
mod documented;
mod home;
mod info;
mod install;
mod list;
mod nothing_runs;
mod pinned;
mod verbs;
mod verify;
mod which;
