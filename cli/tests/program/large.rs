//! Results that are larger than memory should be.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::run::{MEMORY, program};

/// More rows than fit into the pipe and the program's buffers, so that it is still running when
/// they have not been read.
const UNREAD: usize = 10_000;
/// A program that kept 300,000 rows of more than 100 bytes would need more.
const LIMIT_KIB: usize = 24 * 1024;

/// The most memory that the running program has had resident.
fn peak_kib(child: &Child) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it is running");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells");
    line.trim().trim_end_matches(" kB").parse().expect("a number of KiB")
}

#[test]
#[cfg(target_os = "linux")]
fn rows_stream_in_bounded_memory_in_every_format() {
    for (format, rows, others) in [
        ("table", 1_000_000, 2),
        ("csv", 300_000, 1),
        ("json", 300_000, 2),
        ("jsonl", 300_000, 0),
        ("markdown", 300_000, 2),
    ] {
        let sql = format!(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < {rows}) \
             select i, printf('%0100d', i) as text from n"
        );
        let mut child = program(&["-f", format, MEMORY, &sql])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut printed = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        for _ in 0..rows - UNREAD {
            printed.next().expect("there are more rows").expect("UTF-8");
        }
        let peak = peak_kib(&child);
        assert!(peak < LIMIT_KIB, "{format}: {peak} KiB");
        assert_eq!(printed.count(), UNREAD + others, "{format}");
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("{rows} rows\n"));
    }
}
