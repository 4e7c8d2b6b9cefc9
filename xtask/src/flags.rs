//! What may stand on the command line after `cargo xtask`.

/// Shown by `cargo xtask help` and below every usage error.
pub(crate) const HELP: &str = "\
usage: cargo xtask <verb>

  test                    everything that must hold before a change lands
  tidy                    the invariants of docs/architecture.md that a reader of files can check
  header                  writes core/include/aludel.h from the ABI's structs
  deny                    licences, bans, sources and advisories of the dependencies (cargo-deny)
  asan                    the tests of aludel and aludel-tests under AddressSanitizer (nightly)
  bench [name] [-- args]  one bench, or all; args go to the bench
  services <up|env|down|run> …
                          private database servers (docs/services.md)
  help                    this text

Exit codes: 0 every step passed, 1 a step failed, 2 the command line is wrong.";

/// One command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Test,
    Tidy,
    Header,
    Deny,
    Asan,
    Bench { name: Option<String>, args: Vec<String> },
    Services(Vec<String>),
    Help,
}

/// Reads the arguments that follow the program's name.
pub(crate) fn parse(args: impl IntoIterator<Item = String>) -> Result<Verb, String> {
    let mut args = args.into_iter();
    let Some(word) = args.next() else {
        return Err("a verb is missing".into());
    };
    let verb = match word.as_str() {
        "test" => Verb::Test,
        "tidy" => Verb::Tidy,
        "header" => Verb::Header,
        "deny" => Verb::Deny,
        "asan" => Verb::Asan,
        "bench" => return parse_bench(args),
        "services" => return Ok(Verb::Services(args.collect())),
        "help" | "--help" | "-h" => return Ok(Verb::Help),
        other => return Err(format!("there is no verb {other:?}")),
    };
    match args.next() {
        None => Ok(verb),
        Some(extra) => Err(format!("{word} takes no arguments, found {extra:?}")),
    }
}

fn parse_bench(args: impl Iterator<Item = String>) -> Result<Verb, String> {
    let mut name = None;
    let mut args = args;
    while let Some(arg) = args.next() {
        if arg == "--" {
            return Ok(Verb::Bench { name, args: args.collect() });
        }
        if arg.starts_with('-') {
            return Err(format!("arguments for the bench stand after `--`, found {arg:?}"));
        }
        if name.is_some() {
            return Err(format!("bench takes one name, found also {arg:?}"));
        }
        name = Some(arg);
    }
    Ok(Verb::Bench { name, args: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Verb, String> {
        parse(line.split_whitespace().map(String::from))
    }

    #[test]
    fn a_verb_is_required_and_must_be_known() {
        assert_eq!(parse_line("").unwrap_err(), "a verb is missing");
        assert_eq!(parse_line("tost").unwrap_err(), "there is no verb \"tost\"");
    }

    #[test]
    fn a_verb_without_arguments_refuses_them() {
        assert_eq!(parse_line("tidy"), Ok(Verb::Tidy));
        assert_eq!(parse_line("tidy now").unwrap_err(), "tidy takes no arguments, found \"now\"");
    }

    #[test]
    fn bench_takes_a_name_and_passes_on_what_follows_two_dashes() {
        let verb = Verb::Bench {
            name: Some("rows_sqlite".into()),
            args: vec!["--instructions".into(), "x".into()],
        };
        assert_eq!(parse_line("bench rows_sqlite -- --instructions x"), Ok(verb));
        assert_eq!(parse_line("bench"), Ok(Verb::Bench { name: None, args: vec![] }));
        assert!(parse_line("bench a b").unwrap_err().contains("one name"));
        assert!(parse_line("bench --x").unwrap_err().contains("after `--`"));
    }
}
