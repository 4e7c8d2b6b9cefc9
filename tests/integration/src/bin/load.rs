//! A program that loads dialects, for tests that need a process of their own.
//!
//! Each argument is done in turn, and each URL answered by a line on standard output, or by the
//! whole error:
//!
//! | argument | does |
//! |---|---|
//! | a URL | loads its dialect and asks it `select 1` |
//! | `until=<url>` | does that again and again for 10 s, until there is an answer |
//! | `timeout=<ms>` | gives plugins that time to initialise themselves |
//! | `development` | chooses that policy |
//! | `register` | registers the toy dialect |
//! | `write=<path>` | writes an empty file |

use std::io::Write;
use std::time::{Duration, Instant};

use aludel::plugin::{Policy, Search, loaded_dialect};
use aludel::{Result, Url, Value};
use aludel_tests::subject::{Subject, TOY, query};

const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> std::io::Result<()> {
    let mut policy = Policy::new();
    for argument in std::env::args().skip(1) {
        match argument.split_once('=').unwrap_or((&argument, "")) {
            ("timeout", ms) => {
                policy = policy.init_timeout(Duration::from_millis(ms.parse().unwrap_or(0)));
            }
            ("development", _) => policy = policy.development(),
            ("write", path) => std::fs::write(path, "")?,
            ("register", _) => {
                let registered =
                    aludel::register(aludel::abi::static_dialect::<aludel_test_toy::Toy>());
                say(&registered.map(|()| "registered".to_owned()))?;
            }
            ("until", url) => say(&ask_until(url, &policy))?,
            _ => say(&ask(&argument, &policy))?,
        }
    }
    Ok(())
}

fn say(outcome: &Result<String>) -> std::io::Result<()> {
    match outcome {
        Ok(answer) => writeln!(std::io::stdout(), "{answer}"),
        Err(error) => writeln!(std::io::stdout(), "{error}"),
    }
}

fn ask(url: &str, policy: &Policy) -> Result<String> {
    let found = loaded_dialect(&Url::parse(url)?, &Search::new(), policy)?;
    let subject = Subject { dialect: found.dialect, speech: TOY };
    let rows = query(&mut subject.connect_to(None)?, "select 1")?;
    let first = rows.first().and_then(|row| row.first()).unwrap_or(&Value::Null);
    Ok(format!("{} answers {first:?}", found.dialect.info().name))
}

fn ask_until(url: &str, policy: &Policy) -> Result<String> {
    let start = Instant::now();
    loop {
        match ask(url, policy) {
            Err(_) if start.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(5)),
            outcome => return outcome,
        }
    }
}
