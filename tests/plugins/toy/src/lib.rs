//! The toy dialect of the tests as a plugin.

aludel::export_dialect!(aludel_test_toy::Toy);
