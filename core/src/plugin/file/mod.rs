//! What can be known of a plugin file without running any of it.

pub(super) mod described;
mod fields;
pub(super) mod identity;
pub(super) mod image;
pub(super) mod inspect;
pub(super) mod kept;
pub(super) mod note;
pub(super) mod note_json;
