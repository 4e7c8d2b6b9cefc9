//! serde's view of rows and values.

mod failure;
mod methods;
mod row;
mod value;
