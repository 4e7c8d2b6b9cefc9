//! The everything dialect of the tests as a plugin.

aludel::export_dialect!(aludel_test_everything::Everything);
