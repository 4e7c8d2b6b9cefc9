//! Commands by chance, given to the pool and to its model.

use proptest::prelude::*;

use super::both::Both;
use super::command::command;
use super::sequential::Model;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, max_shrink_time: 60_000, ..ProptestConfig::default() })]

    #[test]
    fn the_pool_does_what_a_sequential_model_does(
        size in 1..6_u32,
        overflow in 0..4_u32,
        lifo in any::<bool>(),
        background in any::<bool>(),
        commands in proptest::collection::vec(command(), 1..80),
    ) {
        let mut both = Both::new(Model::new(size, overflow, lifo, background));
        for command in commands {
            both.run(command);
            both.compare();
        }
        both.end();
    }
}
