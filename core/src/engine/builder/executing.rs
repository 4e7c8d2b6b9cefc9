//! How statements are executed, and what is kept of them.

use std::num::NonZeroUsize;

use super::EngineBuilder;
use crate::dialect::ParamStyle;
use crate::text::ExecutionOptions;

impl EngineBuilder {
    /// Options that every connection of the engine begins with; none unless set. What is set here
    /// goes before what an earlier call has set.
    #[must_use]
    pub fn execution_options(mut self, options: &ExecutionOptions) -> Self {
        self.execution_options = options.or(&self.execution_options);
        self
    }

    /// How many texts the engine keeps compiled, that is with their binds found; 500 unless set, 0
    /// for none. Texts of more than 64 KiB are not kept.
    #[must_use]
    pub fn query_cache_size(mut self, texts: usize) -> Self {
        self.query_cache_size = texts;
        self
    }

    /// How many statements each connection keeps prepared; 100 unless set, 0 for none. Texts
    /// of more than 64 KiB are prepared each time. A dialect may keep some of its own beside them.
    #[must_use]
    pub fn statement_cache_size(mut self, statements: usize) -> Self {
        self.statement_cache_size = statements;
        self
    }

    /// Whether [`INSERT … RETURNING` with many sets of parameters](crate::result::InsertManyValues)
    /// is made into few inserts of many rows, which is so unless set. With `false` each set is
    /// executed by itself.
    #[must_use]
    pub fn use_insertmanyvalues(mut self, uses: bool) -> Self {
        self.insertmanyvalues.is_used = uses;
        self
    }

    /// Most rows of one of those inserts; 1000 unless set, and 0 is taken as 1. An execution may
    /// [say otherwise](crate::ExecutionOptions::insertmanyvalues_page_size).
    #[must_use]
    pub fn insertmanyvalues_page_size(mut self, rows: usize) -> Self {
        self.insertmanyvalues.page_size = NonZeroUsize::new(rows).unwrap_or(NonZeroUsize::MIN);
        self
    }

    /// The placeholders of the driver. A dialect has one style, and every text is brought into it:
    /// this makes sure that it is the one that a program expects, which writes the driver's own
    /// text. [`build`](EngineBuilder::build) refuses any other.
    #[must_use]
    pub fn paramstyle(mut self, style: ParamStyle) -> Self {
        self.paramstyle = Some(style);
        self
    }
}
