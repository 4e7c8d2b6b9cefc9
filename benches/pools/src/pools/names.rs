//! The names of contenders that claims speak of.

pub(crate) const OURS: &str = "aludel";
pub(crate) const OURS_IN_BACKGROUND: &str = "aludel background";
pub(crate) const OURS_WITH_BREAKER: &str = "aludel breaker";
pub(crate) const FLOOR: &str = "two exchanges";
pub(crate) const R2D2: &str = "r2d2";
pub(crate) const BB8: &str = "bb8";
pub(crate) const DEADPOOL: &str = "deadpool";
