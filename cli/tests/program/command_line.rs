//! Help, version, and command lines that are wrong.

use crate::run::{MEMORY, run};

#[test]
fn the_version_tells_what_matters_to_plugins() {
    let version = run(&["--version"]).ok();
    let lines: Vec<&str> = version.lines().collect();
    let [name, abi, target, linked] = lines[..] else { panic!("{version}") };
    assert_eq!(name, format!("aludel {}", aludel::VERSION));
    assert_eq!(abi, format!("ABI: {}.{}", aludel::abi::ABI_MAJOR, aludel::abi::ABI_MINOR));
    assert!(target.starts_with("target: ") && target.contains(std::env::consts::ARCH), "{target}");
    assert_eq!(linked, "linked dialects: none");
}

#[test]
fn the_help_has_examples_that_name_every_format() {
    let help = run(&["--help"]).ok();
    assert!(help.contains("\nExamples:\n  aludel sqlite:///:memory: \"select 1\"\n"), "{help}");
    for format in ["table", "csv", "json", "jsonl", "markdown"] {
        assert!(help.contains(&format!("\n  {format} ")), "{format}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 130), "{help}");
}

#[test]
fn wrong_usage_ends_with_2() {
    for (arguments, message) in [
        (&[][..], "the following required arguments were not provided:\n  <URL>"),
        (&[MEMORY, "select 1", "more"], "unexpected argument 'more' found"),
        (&[MEMORY, "--format", "xml", "select 1"], "invalid value 'xml' for '--format <FORMAT>'"),
        (&[MEMORY, "--width", "-1", "select 1"], "unexpected argument '-1' found"),
        (&[MEMORY, "--quite", "select 1"], "unexpected argument '--quite' found"),
        (&["no url", "select 1"], "UrlError: the URL has no `://`"),
        (&["sqlite://?no_such=1", "select 1"], "has no option `no_such`"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ran.err.contains(message), "{}", ran.err);
    }
}

#[test]
fn a_password_is_never_printed() {
    let url = "postgresql://app:secret@db/orders";
    for arguments in [
        &[url, "select 1"][..],
        &[MEMORY, "select 1", url],
        &["--format", url, MEMORY],
        &["--colour=postgresql://app:secret@db/orders", MEMORY],
        &["postgresql://app:secret@db:port/orders", "select 1"],
        &["postgresql://app:sec@ret@db/orders?x=secret", "select 1"],
    ] {
        let ran = run(arguments);
        assert_ne!(ran.code, Some(0));
        assert!(!ran.err.contains("secret") && !ran.out.contains("secret"), "{ran:?}");
    }
}
