//! What a test can have done to a server of its own, each as its session sees it.

use crate::session::Target;
use aludel_test_services::{Kind, Profile, Services};
use std::fs;
use std::time::Duration;

fn state(pid: u32) -> char {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    text.rsplit_once(") ").unwrap().1.chars().next().unwrap()
}
