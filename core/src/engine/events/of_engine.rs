//! How an engine tells listeners of its options and its end.

use super::handler::Interest;
use super::{EngineDisposed, EngineOptions};
use crate::engine::Engine;
use crate::text::ExecutionOptions;

impl Engine {
    /// Options are about to be set: gives them as listeners leave them.
    pub(in crate::engine) fn tell_options(&self, options: &ExecutionOptions) -> ExecutionOptions {
        let mut options = options.clone();
        if self.dispatch().listens(Interest::SET_ENGINE_EXECUTION_OPTIONS) {
            let context = &mut EngineOptions::new(self, &mut options);
            if let Err(error) = self.dispatch().set_engine_execution_options(context) {
                tracing::error!(%error, "a listener to set_engine_execution_options failed");
            }
        }
        options
    }

    /// The engine has been disposed of.
    pub(in crate::engine) fn tell_disposed(&self) {
        if self.dispatch().listens(Interest::ENGINE_DISPOSED)
            && let Err(error) = self.dispatch().engine_disposed(&mut EngineDisposed::new(self))
        {
            tracing::error!(%error, "a listener to engine_disposed failed");
        }
    }
}
