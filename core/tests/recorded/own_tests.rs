//! A test for each case in which we differ, and one that sees to it that none is forgotten.

/// Makes a test of each name, which calls `deviates` with the case, and one of the whole list.
macro_rules! deviations {
    ($($name:ident: $id:literal;)*) => {
        $(
            #[test]
            fn $name() {
                deviates($id);
            }
        )*

        #[test]
        fn every_deviation_has_a_test_of_its_own() {
            let listed: Vec<&str> = DEVIATIONS.iter().map(|deviation| deviation.id).collect();
            assert_eq!(listed, [$($id),*]);
        }
    };
}
