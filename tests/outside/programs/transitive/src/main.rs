//! Knows nothing of aludel: what it depends on does.

fn main() {
    println!("{}", storage::total().expect("SQLite answers"));
}
