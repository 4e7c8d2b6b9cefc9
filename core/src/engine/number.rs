//! Numbers that tell engines apart.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::pool::settings::PoolClass;

/// Where counting begins: somewhere, because two copies of this crate may be in one process and
/// share a plugin, which knows their engines by these numbers alone.
static NEXT: LazyLock<AtomicU64> =
    LazyLock::new(|| AtomicU64::new(RandomState::new().hash_one("engine")));

/// The number of a new engine with this pool, as a dialect gets it: 0 when every connection is to
/// have a database of its own.
pub(super) fn number(poolclass: Option<PoolClass>) -> u64 {
    match poolclass {
        // What SQLAlchemy's programs choose to have one connection, or one for each thread.
        Some(PoolClass::SingletonThreadPool | PoolClass::StaticPool) => 0,
        _ => NEXT.fetch_add(1, Relaxed).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_engine_has_its_number_unless_its_connections_are_to_be_apart() {
        let (one, other) = (number(None), number(Some(PoolClass::NullPool)));
        assert!(one != other && one != 0 && other != 0);
        assert_eq!(number(Some(PoolClass::SingletonThreadPool)), 0);
        assert_eq!(number(Some(PoolClass::StaticPool)), 0);
    }
}
