//! Records what the layout of the ABI and the note of a plugin depend on: compiler and target.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let version = Command::new(rustc)
        .arg("--version")
        .output()
        .ok()
        .and_then(|out| String::from_utf8(out.stdout).ok())
        .unwrap_or_default();
    println!("cargo:rustc-env=ALUDEL_RUSTC={}", version.trim());
    println!("cargo:rustc-env=ALUDEL_TARGET={}", env::var("TARGET").unwrap_or_default());
}
