//! Engines that differ only in their execution options.

use std::sync::Arc;

use super::handle::Engine;
use super::state::EngineState;
use crate::text::ExecutionOptions;

impl Engine {
    /// A sub-engine: an engine with these options before those of this one. Connections, dialect
    /// and the cache of compiled texts are shared with this engine; options are its own, and so are
    /// [listeners](Engine::events) beside those of this engine.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// use aludel::ExecutionOptions;
    ///
    /// let engine = aludel::create_engine("sqlite://")?;
    /// let reports = engine.execution_options(&ExecutionOptions::new().yield_per(100));
    /// engine.execute("create table t (x integer)", ())?;
    /// let count: i64 = reports.execute("select count(*) from t", ())?.scalar()?;
    /// assert_eq!(count, 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "this makes another engine; `update_execution_options` changes the present one"]
    pub fn execution_options(&self, options: &ExecutionOptions) -> Engine {
        let dispatch = self.dispatch().child();
        let options = self.tell_options(options).or(&self.state().options());
        Engine::new(EngineState::new(Arc::clone(self.source()), options, dispatch))
    }

    /// Sets these options for the connections to come of this engine and its clones. Those of
    /// sub-engines stay as they are.
    pub fn update_execution_options(&self, options: &ExecutionOptions) {
        self.state().update_options(&self.tell_options(options));
    }

    /// The options that connections of this engine begin with.
    pub fn get_execution_options(&self) -> ExecutionOptions {
        self.state().options()
    }
}
