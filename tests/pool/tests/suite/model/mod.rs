//! The pool against a model of a few lines: the same commands, the same connections and counters.

mod both;
mod command;
mod sequential;
mod tape;
