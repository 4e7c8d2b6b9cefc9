//! What is recorded is described, and what is described stands in the guide.

use std::path::Path;

use aludel::metrics::record_pools;
use metrics::Unit;

use crate::shop::Shop;

#[test]
fn every_metric_is_described_before_it_is_recorded_and_stands_in_the_guide() {
    let shop = Shop::new();
    shop.engine.connect().unwrap();
    record_pools();
    let described = shop.kept.described();
    for key in shop.kept.keys_with("") {
        let name = key.split('{').next().unwrap();
        assert!(described.contains_key(name), "`{name}` is recorded and was not described");
    }
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    for (name, (kind, unit)) in &described {
        let unit = if *unit == Some(Unit::Seconds) { "s" } else { "" };
        let row = format!("| `{name}` | {kind} | {unit}");
        assert!(guide.contains(row.trim_end()), "docs/metrics.md has no row `{row}`");
    }
    let rows = guide.lines().filter(|line| {
        ["| counter |", "| gauge |", "| histogram |"].iter().any(|kind| line.contains(kind))
    });
    assert_eq!(rows.count(), described.len(), "each row of docs/metrics.md is a metric");
}
