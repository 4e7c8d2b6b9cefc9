//! How a cache does.

/// How often a cache had what was wanted, and how full it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CacheStats {
    /// Times that it had it.
    pub hits: u64,
    /// Times that it had not.
    pub misses: u64,
    /// Statements in it.
    pub size: usize,
    /// Most statements in it; 0 when it is off.
    pub capacity: usize,
}
