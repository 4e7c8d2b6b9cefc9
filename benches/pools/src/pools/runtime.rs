//! The runtime of the peers that need one; its threads are those of the whole process.

use std::sync::LazyLock;

use tokio::runtime::{Builder, Handle, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread().enable_all().build().expect("invariant: threads can be started")
});

/// What plain threads enter the runtime by.
pub(super) fn handle() -> Handle {
    RUNTIME.handle().clone()
}
