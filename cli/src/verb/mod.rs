//! The verbs about plugins, one file each; none of them runs code of a plugin.

mod answering;
mod doctor;
mod info;
mod install;
mod listing;
mod plugins;
mod subject;
mod verify;
mod which;

pub(crate) use answering::run;
