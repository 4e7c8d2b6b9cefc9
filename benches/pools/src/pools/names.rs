//! The names of contenders that claims speak of.

pub(crate) const OURS: &str = "aludel";
pub(crate) const OURS_IN_BACKGROUND: &str = "aludel background";
pub(crate) const OURS_WITH_BREAKER: &str = "aludel breaker";
pub(crate) const FLOOR: &str = "two exchanges";
pub(crate) const R2D2: &str = "r2d2";
pub(crate) const BB8: &str = "bb8";
pub(crate) const DEADPOOL: &str = "deadpool";
pub(crate) const NULL: &str = "NullPool";
pub(crate) const STATIC: &str = "StaticPool";
pub(crate) const SINGLETON_THREAD: &str = "SingletonThreadPool";
pub(crate) const ASSERTION: &str = "AssertionPool";
pub(crate) const PRE_PING: &str = "aludel pre_ping";
pub(crate) const RECYCLE: &str = "aludel recycle";
pub(crate) const IDLE_TIMEOUT: &str = "aludel idle_timeout";
pub(crate) const LEAK_THRESHOLD: &str = "aludel leak_threshold";
pub(crate) const HISTOGRAMS: &str = "aludel histograms";
