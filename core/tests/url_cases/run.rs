//! Runs one recorded case: makes its URL and compares every recorded field.

use std::fmt::Debug;

use aludel::url::{ConnectArg, Query};
use aludel::{Error, ErrorKind, Url};
use serde_json::{Map, Value};

pub(crate) enum Outcome {
    Passed,
    Failed(String),
    /// The arguments have types that no call takes.
    Untyped,
}

/// An argument of a type that no call takes.
#[derive(Debug)]
pub(crate) struct WrongType;

type Made = Result<Result<Url, Error>, WrongType>;
type Pairs = Vec<(String, Vec<String>)>;

pub(crate) fn case(case: &Value) -> Outcome {
    let verdict = match case["kind"].as_str() {
        Some("equality") => equality(case),
        _ => match url(case) {
            Err(WrongType) => return Outcome::Untyped,
            Ok(made) => compare_result(case, &made),
        },
    };
    verdict.map_or_else(Outcome::Failed, |()| Outcome::Passed)
}

/// The URL that a case of kind parse, create or mutate makes.
pub(crate) fn url(case: &Value) -> Made {
    let input = case["input"].as_str();
    match (case["kind"].as_str(), input) {
        (Some("parse"), Some(input)) => Ok(Url::parse(input)),
        (Some("create"), None) if case.get("note").is_some() => {
            assert_eq!(case["note"], "query key is the integer 5");
            Err(WrongType)
        }
        (Some("create"), None) => {
            let args = object(&case["args"]);
            set(Url::create(string(&args["drivername"])?).expect("a recorded name is valid"), args)
        }
        (Some("mutate"), Some(input)) => {
            mutate(Url::parse(input).expect("a recorded input is valid"), case)
        }
        _ => panic!("unknown kind of case: {case}"),
    }
}

fn mutate(url: Url, case: &Value) -> Made {
    let args = object(&case["args"]);
    let append = args.get("append").is_some_and(|append| append == true);
    Ok(match case["method"].as_str() {
        Some("set") => return set(url, args),
        Some("update_query_dict") => {
            Ok(url.update_query_dict(pairs(&args["query_parameters"])?, append))
        }
        Some("update_query_pairs") => {
            let flat = pairs(&args["key_value_pairs"])?
                .into_iter()
                .flat_map(|(name, values)| values.into_iter().map(move |v| (name.clone(), v)));
            Ok(url.update_query_pairs(flat, append))
        }
        Some("update_query_string") => {
            url.update_query_string(&string(&args["query_string"])?, append)
        }
        Some("difference_update_query") => {
            Ok(url.difference_update_query(strings(&args["names"])?))
        }
        _ => panic!("unknown method: {case}"),
    })
}

/// Applies the arguments of `URL.create` or `URL.set`.
fn set(mut url: Url, args: &Map<String, Value>) -> Made {
    for (name, value) in args {
        let changed = match name.as_str() {
            "drivername" => url.with_drivername(string(value)?),
            "username" => Ok(url.with_username(string(value)?)),
            "password" => Ok(url.with_password(string(value)?)),
            "host" => url.with_host(string(value)?),
            "port" => {
                let port = value.as_u64().ok_or(WrongType)?;
                Ok(url.with_port(u16::try_from(port).map_err(|_| WrongType)?))
            }
            "database" => Ok(url.with_database(string(value)?)),
            "query" => Ok(url.with_query(pairs(value)?.into_iter().collect::<Query>())),
            _ => panic!("unknown argument {name}"),
        };
        match changed {
            Ok(changed) => url = changed,
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(url))
}

fn compare_result(case: &Value, made: &Result<Url, Error>) -> Result<(), String> {
    match (case["ok"] == true, made) {
        (true, Ok(url)) => compare(case, url),
        (true, Err(error)) => Err(error.to_string()),
        (false, Ok(url)) => Err(format!("{url} should be refused")),
        (false, Err(error)) if !matches!(error.kind(), ErrorKind::Url | ErrorKind::Argument) => {
            Err(format!("the error is of another kind: {error}"))
        }
        (false, Err(_)) => Ok(()),
    }
}

/// Compares all recorded fields with those of the URL.
pub(crate) fn compare(case: &Value, url: &Url) -> Result<(), String> {
    let parts = &case["parts"];
    for (name, found) in [
        ("drivername", Some(url.drivername())),
        ("username", url.username()),
        ("password", url.password()),
        ("host", url.host()),
        ("database", url.database()),
    ] {
        same(name, &parts[name].as_str(), &found)?;
    }
    same("port", &parts["port"].as_u64(), &url.port().map(u64::from))?;
    let found: Pairs = url.normalized_query().map(|(n, v)| (n.to_owned(), v.to_vec())).collect();
    let mut expected = pairs(&parts["query"]).unwrap_or_else(|_| panic!("query of {case}"));
    expected.sort();
    same("query", &expected, &found)?;
    same("masked", &case["masked"].as_str(), &Some(url.to_string().as_str()))?;
    let unmasked = url.render_as_string(false);
    same("unmasked", &case["unmasked"].as_str(), &Some(unmasked.as_str()))?;
    same("backend", &case["backend"].as_str(), &Some(url.backend_name()))?;
    same("driver", &case["driver"].as_str(), &url.driver_name())?;
    same("translate_connect_args", &case["translate_connect_args"], &connect_args(url))?;
    round_trip(url, case["roundtrip_equal"] == true)
}

pub(crate) fn round_trip(url: &Url, expected: bool) -> Result<(), String> {
    let parsed = Url::parse(&url.render_as_string(false)).map_err(|error| error.to_string())?;
    same("equal after rendering and parsing", &expected, &(parsed == *url))
}

pub(crate) fn same<T: PartialEq + Debug>(
    what: &str,
    expected: &T,
    found: &T,
) -> Result<(), String> {
    if expected == found {
        return Ok(());
    }
    Err(format!("{what}: expected {expected:?}, found {found:?}"))
}

fn connect_args(url: &Url) -> Value {
    let value = |arg| match arg {
        ConnectArg::Text(text) => Value::from(text.into_owned()),
        ConnectArg::Secret(text) => Value::from(text),
        ConnectArg::Port(port) => Value::from(port),
        other => panic!("unknown argument {other:?}"),
    };
    let args = url.translate_connect_args(&[]).into_iter();
    Value::Object(args.map(|(name, arg)| (name.to_owned(), value(arg))).collect())
}

fn equality(case: &Value) -> Result<(), String> {
    let side =
        |name: &str| Url::parse(case[name].as_str().expect("a URL")).map_err(|e| e.to_string());
    let (left, right) = (side("left")?, side("right")?);
    same("equal", &case["equal"].as_bool(), &Some(left == right))?;
    same("left", &case["left_masked"].as_str(), &Some(left.to_string().as_str()))?;
    same("right", &case["right_masked"].as_str(), &Some(right.to_string().as_str()))
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("{value} is an object"))
}

fn string(value: &Value) -> Result<String, WrongType> {
    value.as_str().map(str::to_owned).ok_or(WrongType)
}

/// One text, or a list of them.
fn strings(value: &Value) -> Result<Vec<String>, WrongType> {
    match value {
        Value::Array(values) => values.iter().map(string).collect(),
        value => Ok(vec![string(value)?]),
    }
}

/// Names with their values, from an object or from a list of pairs.
fn pairs(value: &Value) -> Result<Pairs, WrongType> {
    match value {
        Value::Array(pairs) => {
            pairs.iter().map(|pair| Ok((string(&pair[0])?, strings(&pair[1])?))).collect()
        }
        value => object(value).iter().map(|(n, v)| Ok((n.clone(), strings(v)?))).collect(),
    }
}
