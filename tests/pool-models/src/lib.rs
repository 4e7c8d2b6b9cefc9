//! Models of the pool's waiting room for loom; everything is in the tests.

#![forbid(unsafe_code)]
