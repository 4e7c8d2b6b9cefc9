//! Verbs and URLs are never taken for each other.

use super::home::Home;

#[test]
fn a_mistyped_verb_is_suggested_whatever_stands_behind_it() {
    let home = Home::new();
    for (arguments, verb) in [
        (&["plugin"][..], "plugins"),
        (&["wich", "sqlite:///x"], "which"),
        (&["verfy", "libaludel_toy.so"], "verify"),
        (&["--dev", "docter"], "doctor"),
        (&["inof"], "info"),
        (&["plugins", "instal"], "install"),
    ] {
        let ran = home.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
        let tip = format!("  tip: a similar subcommand exists: '{verb}'\n");
        assert!(ran.err.contains(&tip), "{}", ran.err);
    }
}

#[test]
fn what_is_neither_verb_nor_url_is_told_to_be_no_url() {
    let home = Home::new();
    for argument in ["shop.db", "select 1", "postgresql", ""] {
        let ran = home.run(&[argument, "select 1"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{argument}");
        assert!(ran.err.starts_with("UrlError: the URL "), "{}", ran.err);
    }
}

#[test]
fn a_url_that_begins_like_a_verb_is_a_url() {
    let home = Home::new();
    for url in ["plugins://", "which://host/x", "plugin://", "doctor+verify://"] {
        let ran = home.run(&[url, "select 1"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(3), ""), "{url}");
        assert!(ran.err.starts_with("error[P01]: no dialect for scheme "), "{}", ran.err);
    }
    // An option's value or what follows `--` is no verb either.
    let ran = home.run(&["--null", "plugins", "x://", "select 1"]);
    assert_eq!(ran.code, Some(3));
    let ran = home.run(&["--", "plugins"]);
    assert!(ran.err.starts_with("UrlError: "), "{}", ran.err);
}

#[test]
fn sql_and_a_verb_do_not_go_together() {
    let home = Home::new();
    home.plugin("lib/aludel", "sqlite");
    for arguments in [
        &["sqlite://", "plugins"][..],
        &["-f", "csv", "plugins"],
        &["-q", "doctor"],
        &["sqlite://", "select 1", "which", "x://"],
    ] {
        let ran = home.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
    }
    let ran = home.run(&["sqlite://", "plugins"]);
    assert!(ran.err.contains("tip: SQL that reads as a verb stands after '--'"), "{}", ran.err);
    // It is SQL then, and wrong.
    let ran = home.run(&["sqlite://", "--", "plugins"]);
    assert!(ran.err.contains("near \"plugins\": syntax error"), "{}", ran.err);
}

#[test]
fn every_verb_describes_itself() {
    let home = Home::new();
    let all = home.run(&["--help"]).ok();
    for verb in ["plugins", "info", "which", "verify", "doctor"] {
        assert!(all.contains(&format!("\n  {verb} ")), "{all}");
        let help = home.run(&["help", verb]).ok();
        assert!(help.contains("--json") && help.contains("--dev"), "{help}");
        assert_eq!(help, home.run(&[verb, "--help"]).ok());
    }
    for verb in ["info", "verify"] {
        let help = home.run(&["help", verb]).ok();
        assert!(help.contains("<NAME|FILE|URL>"), "{help}");
    }
    let help = home.run(&["plugins", "install", "--help"]).ok();
    assert!(help.contains("--system") && help.contains("--to <DIRECTORY>"), "{help}");
}
