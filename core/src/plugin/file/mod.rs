//! What can be known of a plugin file without running any of it.

pub(super) mod identity;
mod image;
pub(super) mod kept;
pub(super) mod note;
pub(super) mod note_json;
