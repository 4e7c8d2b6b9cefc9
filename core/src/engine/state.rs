//! What one engine has of its own, beside what it shares with its sub-engines.

use std::sync::{Arc, PoisonError, RwLock};

use super::events::Dispatch;
use super::source::Source;
use crate::text::ExecutionOptions;

/// An engine: the source that it shares with its sub-engines, and options and listeners of its own.
pub(crate) struct EngineState {
    pub(super) source: Arc<Source>,
    options: RwLock<ExecutionOptions>,
    /// Who listens to it.
    pub(super) dispatch: Arc<Dispatch>,
}

impl EngineState {
    pub(super) fn new(
        source: Arc<Source>,
        options: ExecutionOptions,
        dispatch: Arc<Dispatch>,
    ) -> Self {
        EngineState { source, options: RwLock::new(options), dispatch }
    }

    /// The options of the connections to come.
    pub(super) fn options(&self) -> ExecutionOptions {
        self.options.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets what is set in `options`; the rest stays as it is.
    pub(super) fn update_options(&self, options: &ExecutionOptions) {
        let mut present = self.options.write().unwrap_or_else(PoisonError::into_inner);
        *present = options.or(&present);
    }
}
