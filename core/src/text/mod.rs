//! Statements with named binds: where the binds are, and the text that a database gets for them.
//!
//! SQLAlchemy's [`text()`](text()) with a lexer that knows the dialect's quotes and comments, so
//! that a colon in a string, a comment or a cast is no bind.

mod assemble;
mod bind;
mod compiled;
mod execution_options;
mod keyword;
mod lexer;
mod literal;
mod many_values;
mod stamp;
mod statement;
mod tokens;

pub use assemble::{Assembled, Slot};
pub use bind::{BindParam, bindparam};
pub use compiled::Compiled;
pub use execution_options::ExecutionOptions;
pub(crate) use keyword::{LONGEST_KEPT, ends_transaction, first_word, is_worth_keeping};
pub(crate) use many_values::{ManyValues, Returning};
pub(crate) use stamp::{Age, Stamp};
pub use statement::{TextClause, text};
