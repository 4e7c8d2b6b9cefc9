//! Reflection: one query over the server's catalogs for each kind of question.
//!
//! The catalogs are asked, not `information_schema`: it hides what the user does not own, and takes
//! hundreds of times as long for a large schema. Names of the server's own functions and tables are
//! qualified, so that no `search_path` leads elsewhere.

mod constraints;
mod indexes;
mod objects;
mod query;
mod relations;
