//! What may stand on the command line after `cargo xtask`.

use crate::dist;
use crate::fuzz::SECONDS;

/// Shown by `cargo xtask help` and below every usage error.
pub(crate) const HELP: &str = "\
usage: cargo xtask <verb>

  test                    everything that must hold before a change lands
  tidy                    the invariants of docs/architecture.md that a reader of files can check
  header                  writes core/include/aludel.h from the ABI's structs
  deny                    licences, bans, sources and advisories of the dependencies (cargo-deny)
  asan                    the tests of aludel and aludel-tests under AddressSanitizer (nightly)
  dist [--profile name]   a tarball with program, plugins and documentation; profile release
  fuzz [target] [--seconds N]
                          one fuzz target, or all, for 600 seconds each (nightly, cargo-fuzz)
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
    Dist { profile: String },
    Fuzz { target: Option<String>, seconds: u32 },
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
        "dist" => return parse_dist(args),
        "fuzz" => return parse_fuzz(args),
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

fn parse_dist(args: impl Iterator<Item = String>) -> Result<Verb, String> {
    let args: Vec<String> = args.collect();
    let profile = match args.as_slice() {
        [] => dist::PROFILE,
        [flag, profile] if flag == "--profile" && !profile.starts_with('-') => profile,
        other => return Err(format!("dist takes `--profile <name>`, found {:?}", other.join(" "))),
    };
    Ok(Verb::Dist { profile: profile.to_owned() })
}

fn parse_fuzz(mut args: impl Iterator<Item = String>) -> Result<Verb, String> {
    let (mut target, mut seconds) = (None, SECONDS);
    while let Some(arg) = args.next() {
        if arg == "--seconds" {
            let value = args.next().ok_or("--seconds needs a number")?;
            let number = value.parse().ok().filter(|seconds| *seconds > 0);
            seconds = number.ok_or_else(|| format!("--seconds needs a number, found {value:?}"))?;
        } else if arg.starts_with('-') {
            return Err(format!("fuzz knows --seconds, not {arg:?}"));
        } else if target.is_some() {
            return Err(format!("fuzz takes one target, found also {arg:?}"));
        } else {
            target = Some(arg);
        }
    }
    Ok(Verb::Fuzz { target, seconds })
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
    fn dist_takes_a_profile() {
        let dist = |profile: &str| Ok(Verb::Dist { profile: profile.into() });
        assert_eq!(parse_line("dist"), dist("release"));
        assert_eq!(parse_line("dist --profile dev"), dist("dev"));
        for line in ["dist dev", "dist --profile", "dist --profile --x", "dist --profile a b"] {
            assert!(parse_line(line).unwrap_err().starts_with("dist takes"), "{line}");
        }
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

    #[test]
    fn fuzz_takes_a_target_and_seconds_in_any_order() {
        let fuzz = |target: Option<&str>, seconds| {
            Ok(Verb::Fuzz { target: target.map(String::from), seconds })
        };
        assert_eq!(parse_line("fuzz"), fuzz(None, 600));
        assert_eq!(parse_line("fuzz elf"), fuzz(Some("elf"), 600));
        assert_eq!(parse_line("fuzz --seconds 7 elf"), fuzz(Some("elf"), 7));
        assert_eq!(parse_line("fuzz elf --seconds 7"), fuzz(Some("elf"), 7));
        assert!(parse_line("fuzz a b").unwrap_err().contains("one target"));
        assert!(parse_line("fuzz --seconds").unwrap_err().contains("needs a number"));
        assert!(parse_line("fuzz --seconds 0").unwrap_err().contains("found \"0\""));
        assert!(parse_line("fuzz --jobs 2").unwrap_err().contains("not \"--jobs\""));
    }
}
