//! The pool against a model of a few lines: the same commands, the same connections and counters.

mod both;
mod command;
mod sequential;

use proptest::prelude::*;

use both::Both;
use command::command;
use sequential::Model;

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
