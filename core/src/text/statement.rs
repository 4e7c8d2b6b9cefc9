//! A statement that declares what is special about its binds: SQLAlchemy's `text()` construct.

use std::borrow::Cow;

use super::bind::BindParam;
use super::compiled::Compiled;
use super::execution_options::ExecutionOptions;
use crate::dialect::SqlRules;
use crate::error::{Error, Result};

/// A statement with named binds, made by [`text`].
///
/// `&str` can be executed as it is; this says more: which binds expand to lists, which are written
/// as literals, of which types they are, and what values they have by default.
#[derive(Debug, Clone, PartialEq)]
pub struct TextClause<'s> {
    sql: Cow<'s, str>,
    declared: Vec<BindParam>,
    options: ExecutionOptions,
}

/// A statement with named binds (`:name`).
///
/// Binds are found where the database would read one: not in quotes, comments or dollar quotes,
/// and not in a cast (`x::int`, but `:a::int` is the bind `a`). `\:` stands for a colon.
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// use aludel::{params, text::text};
///
/// let statement = text("select :a || ':b'");
/// assert_eq!(statement.to_string(), "select :a || ':b'");
/// # Ok(())
/// # }
/// ```
pub fn text<'s>(sql: impl Into<Cow<'s, str>>) -> TextClause<'s> {
    TextClause { sql: sql.into(), declared: Vec::new(), options: ExecutionOptions::new() }
}

impl TextClause<'_> {
    /// Declares binds. A bind that is declared twice is what the last declaration says.
    ///
    /// # Errors
    /// `Argument` for a bind that the text does not have under any dialect's rules; `Conversion`
    /// for a value whose type refused.
    pub fn bindparams(mut self, binds: impl IntoIterator<Item = BindParam>) -> Result<Self> {
        for bind in binds {
            if !self.mentions(&bind.name) {
                return Err(Error::argument(format!(
                    "the text does not have a bind `{}`",
                    bind.name
                ))
                .with_statement(&*self.sql)
                .with_help("declare binds that stand in the text as `:name`"));
            }
            if let Some(error) = bind.refused {
                return Err(Error::conversion(format!("bind `{}`: {error}", bind.name))
                    .with_help(error.help())
                    .with_source(error));
            }
            match self.declared.iter_mut().find(|known| known.name == bind.name) {
                Some(known) => *known = bind,
                None => self.declared.push(bind),
            }
        }
        Ok(self)
    }

    fn mentions(&self, name: &str) -> bool {
        self.sql.match_indices(':').any(|(at, _)| self.sql[at + 1..].starts_with(name))
    }

    /// Sets how the statement is executed; what was set before and is not set now stays.
    #[must_use]
    pub fn execution_options(mut self, options: &ExecutionOptions) -> Self {
        self.options = options.or(&self.options);
        self
    }

    /// How the statement is executed.
    pub fn get_execution_options(&self) -> &ExecutionOptions {
        &self.options
    }

    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.sql
    }

    /// What was declared of its binds.
    pub fn declared(&self) -> &[BindParam] {
        &self.declared
    }

    /// Finds the binds by the rules of a dialect. Costs time in proportion to the length of the
    /// text; engines keep what they have compiled.
    ///
    /// ```
    /// use aludel::dialect::SqlRules;
    /// use aludel::text::text;
    ///
    /// let compiled = text("select :a, ':b' -- :c").compile(&SqlRules::STANDARD);
    /// assert_eq!(compiled.names().collect::<Vec<_>>(), ["a"]);
    /// assert_eq!(compiled.assemble(&[])?.sql, "select ?, ':b' -- :c");
    /// # Ok::<_, aludel::Error>(())
    /// ```
    pub fn compile(&self, rules: &SqlRules) -> Compiled {
        Compiled::new(&self.sql, &self.declared, rules)
    }
}

impl std::fmt::Display for TextClause<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sql)
    }
}
