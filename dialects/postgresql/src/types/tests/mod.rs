//! Values in both directions and forms, against bytes that a server sent.

mod catalog;
mod forms;
mod malformed;
mod parameters;
mod round_trips;
mod rows;
mod wire;
mod wire_table;
